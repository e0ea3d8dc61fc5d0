//! `/login`: e-mail and password.

use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::EmailAddress;
use crate::http::cookies;
use crate::http::error::ErrorWords;
use crate::http::journey::{Journey, nowhere, see_other, with_cookie};
use crate::http::page::{Forms, Frame, render};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::login::attempt::{self, State};
use crate::login::password::{self, Proved, SignIn};
use crate::login::session::{self, StartError};
use crate::oauth::authorization;
use crate::oauth::authorize::Decision;
use crate::oauth::error::{Code, OAuthError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Payload;
use askama::Template;

/// The sign-in form. It posts `username`, `password`, `csrf` and `action` (`sign-in` or `cancel`) to `/login`, or `to` with them to
/// `/sign-in` where no app asks.
#[derive(Template)]
#[template(path = "login/sign_in.html")]
pub struct SignInPage {
    /// The layout.
    pub frame: Frame,
    /// The app that asked for the sign-in; only then is there something to cancel.
    pub app: Option<String>,
    /// The stage of that app, when the reader should know.
    pub stage: Option<String>,
    /// The e-mail address typed before, or hinted at by the app.
    pub username: String,
    /// Where the form is posted to.
    pub action: &'static str,
    /// Where the person goes afterwards, when no app waits: a path of ours.
    pub to: Option<String>,
    /// Why the last try failed.
    pub error: Option<String>,
    /// The token of the attempt that guards the form.
    pub csrf: String,
}

/// `GET /login`: the form, if that is what comes next in this browser's attempt.
pub async fn show(visit: Visit) -> HttpResponse {
    let journey = match Journey::resume(&visit).await {
        Ok(journey) => journey,
        Err(why) => return nowhere(&visit, why).await,
    };
    match journey.decision() {
        Decision::Login => {
            let username = journey.request.login_hint.clone().unwrap_or_default();
            form(&visit, &journey, StatusCode::OK, username, None).await
        }
        _ => journey.proceed(&visit).await,
    }
}

async fn form(visit: &Visit, journey: &Journey, status: StatusCode, username: String, error: Option<String>) -> HttpResponse {
    let page = SignInPage {
        frame: visit.frame().await,
        app: Some(journey.request.asker()),
        stage: journey.shown_stage(),
        username,
        action: paths::LOGIN,
        to: None,
        error,
        csrf: journey.csrf(visit),
    };
    render(status, &page, Forms::MayLeave)
}

/// `POST /login`: e-mail and password, or the wish to go back.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (journey, fields) = match Journey::form(&visit, payload).await {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let field = |name| fields.one(name).ok().flatten();
    if field("action") == Some("cancel") {
        let refused = journey.refuse(&visit, &OAuthError::new(Code::AccessDenied, "the person went back")).await;
        return match refused {
            Ok(answer) => answer,
            Err(fault) => visit.fault_page(&fault).await,
        };
    }
    let (username, password) = (field("username").unwrap_or_default().to_owned(), Secret::new(field("password").unwrap_or_default().to_owned()));
    match check(&visit, &username, &password).await {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(SignIn::Proved(proved)) => match signed_in(&visit, &journey, &proved).await {
            Ok(answer) => answer,
            Err(StartError::ShutOut) => wrong(&visit, &journey, username).await,
            Err(StartError::Fault(fault)) => visit.fault_page(&fault).await,
        },
        Ok(SignIn::Wrong) => wrong(&visit, &journey, username).await,
        Ok(SignIn::Slow(slow)) => {
            let seconds = slow.seconds();
            let error = visit.words().counted("sign-in-slow", "seconds", seconds);
            let mut answer = form(&visit, &journey, StatusCode::TOO_MANY_REQUESTS, username, Some(error)).await;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            answer
        }
        Ok(SignIn::Busy) => visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
    }
}

async fn wrong(visit: &Visit, journey: &Journey, username: String) -> HttpResponse {
    let error = visit.words().say("sign-in-wrong");
    form(visit, journey, StatusCode::UNPROCESSABLE_ENTITY, username, Some(error)).await
}

/// Something that is no address belongs to nobody: one answer for all.
pub(super) async fn check(visit: &Visit, username: &str, password: &Secret<String>) -> Result<SignIn, Fault> {
    match EmailAddress::parse(username) {
        Ok(email) => password::check(&visit.server.ground, &visit.server.passwords, &visit.origin, &email, password).await,
        Err(_) => Ok(SignIn::Wrong),
    }
}

/// The session begins, or goes on with a new cookie; somebody else's ends first.
async fn signed_in(visit: &Visit, journey: &Journey, proved: &Proved) -> Result<HttpResponse, StartError> {
    let user = &proved.user;
    let Some((attempt, _)) = &journey.attempt else { return Err(Fault::broken("a sign-in without attempt").into()) };
    let context = &journey.request.context;
    let started = visit
        .server
        .ground
        .work(&Actor::Anonymous, &visit.origin, async |work| {
            if let Some(other) = journey.session.as_ref().filter(|session| session.user_id != user.id) {
                authorization::sign_out(work, other, "somebody else signed in").await?;
            }
            let started = session::start_proved(work, context, proved, journey.session.as_ref()).await?;
            let state = State { authenticated: true, ..State::default() };
            attempt::advance(work, attempt, user.id, &started.session.id, &state).await?;
            Ok::<_, StartError>(started)
        })
        .await?;
    let cookie = cookies::set(&visit.server, &context.cookie(), started.secret.expose(), context.policy().maximum);
    // The decision is made again by the next request, which brings the new cookie.
    Ok(with_cookie(see_other(paths::LOGIN), &cookie))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> SignInPage {
        SignInPage { frame: Frame::sample(), app: None, stage: None, username: String::new(), action: paths::LOGIN, to: None, error: None, csrf: "c5rf".into() }
    }

    #[test]
    fn cancel_is_there_only_when_an_app_waits() {
        let html = page().render().unwrap();
        assert!(html.contains("<title>Sign in · Acme</title>") && html.contains("<h1>Sign in</h1>") && html.contains("to <bdi>Acme</bdi>"));
        assert!(!html.contains("login-cancel") && !html.contains("role=\"alert\"") && !html.contains("aria-invalid"));
        let html = SignInPage { app: Some("Sales & Co".into()), stage: Some("QA".into()), ..page() }.render().unwrap();
        assert!(html.contains(r#"<button id="login-cancel" name="action" value="cancel" formnovalidate>"#));
        assert!(html.contains("to continue to <bdi>Sales &amp; Co</bdi>") && html.contains("<bdi>QA</bdi>"));
        // The Enter key takes the first button of a form.
        assert!(html.find("login-submit") < html.find("login-cancel"));
    }

    #[test]
    fn an_error_is_announced_and_tied_to_both_fields() {
        let html = SignInPage { username: "a\"b@acme.example".into(), error: Some("No <b>".into()), ..page() }.render().unwrap();
        assert!(html.contains(r#"id="login-error" role="alert">No &#60;b&#62;</p>"#));
        assert_eq!(html.matches(r#"aria-invalid="true" aria-describedby="login-error""#).count(), 2);
        assert!(html.contains(r#"value="a&#34;b@acme.example""#));
        assert!(html.contains(r#"autocomplete="username webauthn""#));
        // The address is there already, so the password comes next.
        assert_eq!(html.matches(" autofocus").count(), 1);
        assert!(html.find("autofocus") > html.find(r#"id="password""#));
    }
}
