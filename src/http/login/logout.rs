//! `/logout`: the question, and what comes after it. The endpoint in `oidc` leads here when it must ask.

use crate::base::fault::Fault;
use crate::http::error::ErrorWords;
use crate::http::guard;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{Forms, Frame, render};
use crate::http::sign_out::{self, Pending, SignedIn};
use crate::http::visit::Visit;
use crate::http::{cookies, paths};
use crate::identity::user;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The question whether to sign out. It posts `csrf` to `/logout`.
#[derive(Template)]
#[template(path = "login/logout.html")]
pub struct LogoutPage {
    /// The layout.
    pub frame: Frame,
    /// What would end.
    pub sessions: Vec<SignedInAs>,
    /// The client that asked for it, if one did.
    pub client: Option<String>,
    /// The token that guards the form.
    pub csrf: String,
}

/// One session of this browser.
pub struct SignedInAs {
    /// The stage, or the portal.
    pub where_: String,
    /// The e-mail address of the person.
    pub who: String,
}

/// The page after a sign-out that leads nowhere else.
#[derive(Template)]
#[template(path = "login/signed_out.html")]
pub struct SignedOutPage {
    /// The layout.
    pub frame: Frame,
}

/// `GET /logout`: the question.
pub async fn show(visit: Visit) -> HttpResponse {
    let asked = async {
        if let Some((pending, cookie)) = Pending::read(&visit) {
            return Ok(render(StatusCode::OK, &question(&visit, pending, &cookie).await?, Forms::MayLeave));
        }
        let pending = Pending::new(None, None, None);
        let (value, cookie) = (pending.value(&visit)?, pending.keep(&visit)?);
        Ok::<_, Fault>(with_cookie(render(StatusCode::OK, &question(&visit, pending, &value).await?, Forms::MayLeave), &cookie))
    };
    match asked.await {
        Ok(page) => page,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn question(visit: &Visit, pending: Pending, cookie: &str) -> Result<LogoutPage, Fault> {
    let mut sessions = Vec::new();
    for SignedIn { stage, session, .. } in sign_out::here(visit, pending.context.as_deref()).await? {
        let where_ = stage.map_or_else(|| visit.words().say("logout-own-pages"), |stage| stage.name.to_string());
        let mut tx = visit.server.ground.db.read().await?;
        let who = user::by_id(&mut tx, session.user_id).await?.map(|user| user.email.to_string()).unwrap_or_default();
        sessions.push(SignedInAs { where_, who });
    }
    Ok(LogoutPage { frame: visit.frame().await, sessions, client: pending.client, csrf: guard::token(&visit.server, cookie) })
}

/// `POST /logout`: yes.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let Some((pending, cookie)) = Pending::read(&visit) else { return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await };
    if !guard::accepts(&visit.server, &visit.request, &cookie, fields.one("csrf").ok().flatten()) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let ended = async {
        let sessions = sign_out::here(&visit, pending.context.as_deref()).await?;
        sign_out::end(&visit, &sessions).await
    };
    match ended.await {
        Ok(gone) => {
            let answer = see_other(pending.target.as_deref().unwrap_or(paths::SIGNED_OUT));
            let answer = gone.iter().fold(answer, |answer, cookie| with_cookie(answer, cookie));
            with_cookie(answer, &cookies::clear(&visit.server, sign_out::COOKIE))
        }
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// `GET /signed-out`.
pub async fn signed_out(visit: Visit) -> HttpResponse {
    render(StatusCode::OK, &SignedOutPage { frame: visit.frame().await }, Forms::Stay)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_who_and_where_and_who_asks() {
        let session = || SignedInAs { where_: "Production".into(), who: "ana@acme.example".into() };
        let page = |sessions, client: Option<&str>| {
            LogoutPage { frame: Frame::sample(), sessions, client: client.map(str::to_owned), csrf: "c5rf".into() }.render().unwrap()
        };
        let html = page(vec![session()], Some("Sales <Desk>"));
        assert!(html.contains("<bdi>Production</bdi>") && html.contains("<bdi>ana@acme.example</bdi>"));
        assert!(html.contains("<bdi>Sales &lt;Desk&gt;</bdi> asks to sign you out") && html.contains("Stay signed in"));
        assert!(!page(vec![session()], None).contains("asks to sign you out"));
        let nobody = page(Vec::new(), Some("Sales"));
        assert!(nobody.contains("id=\"logout-confirm\"") && !nobody.contains("Stay signed in"));
    }
}
