//! `/sign-in` and `/sign-out`: the way to our own pages, the portal and the account. No app asks for it, so there is no attempt to go on
//! with; where it leads is one of our own paths and nothing else.

use super::sign_in::{SignInPage, check};
use crate::actor::Actor;
use crate::base::secret::random_token;
use crate::http::error::ErrorWords;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{Forms, render};
use crate::http::person;
use crate::http::visit::Visit;
use crate::http::{cookies, guard, paths};
use crate::login::password::{Proved, SignIn};
use crate::login::session::{self, PORTAL, StartError};
use crate::oauth::authorization;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Payload;
use std::time::Duration;

/// The cookie that guards the form, before any prefix.
const FORM: &str = "sign-in-form";
const LIFE: Duration = Duration::from_hours(1);

/// What the form was opened for.
struct Wish {
    to: String,
    username: String,
    cookie: String,
}

impl Wish {
    fn new(visit: &Visit, to: Option<&str>, username: Option<&str>) -> Self {
        let to = to.and_then(paths::own_page).unwrap_or(paths::PORTAL).to_owned();
        let cookie = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_else(random_token::<16>);
        Self { to, username: username.unwrap_or_default().to_owned(), cookie }
    }

    async fn form(&self, visit: &Visit, status: StatusCode, error: Option<String>) -> HttpResponse {
        let page = SignInPage {
            frame: visit.frame().await,
            app: None,
            stage: None,
            username: self.username.clone(),
            action: paths::SIGN_IN,
            to: Some(self.to.clone()),
            error,
            csrf: guard::token(&visit.server, &self.cookie),
        };
        with_cookie(render(status, &page, Forms::Stay), &cookies::set(&visit.server, FORM, &self.cookie, LIFE))
    }
}

/// `GET /sign-in`: the form; whoever is signed in goes on.
pub async fn show(visit: Visit) -> HttpResponse {
    let query = visit.query();
    let wish = Wish::new(&visit, query.one("to").ok().flatten(), query.one("as").ok().flatten());
    // `again` asks somebody who is signed in to prove it once more.
    match person::find(&visit).await {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(Some(_)) if query.one("again").ok().flatten().is_none() => see_other(&wish.to),
        Ok(_) => wish.form(&visit, StatusCode::OK, None).await,
    }
}

/// `POST /sign-in`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let field = |name| fields.one(name).ok().flatten();
    let cookie = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_default();
    if cookie.is_empty() || !guard::accepts(&visit.server, &visit.request, &cookie, field("csrf")) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let wish = Wish::new(&visit, field("to"), field("username"));
    let password = crate::base::secret::Secret::new(field("password").unwrap_or_default().to_owned());
    let words = visit.words();
    match check(&visit, &wish.username, &password).await {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(SignIn::Proved(proved)) => match start(&visit, &wish, &proved).await {
            Ok(answer) => answer,
            Err(StartError::ShutOut) => wish.form(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(words.say("sign-in-wrong"))).await,
            Err(StartError::Fault(fault)) => visit.fault_page(&fault).await,
        },
        Ok(SignIn::Wrong) => wish.form(&visit, StatusCode::UNPROCESSABLE_ENTITY, Some(words.say("sign-in-wrong"))).await,
        Ok(SignIn::Slow(slow)) => {
            let seconds = slow.seconds();
            let mut answer = wish.form(&visit, StatusCode::TOO_MANY_REQUESTS, Some(words.counted("sign-in-slow", "seconds", seconds))).await;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            answer
        }
        Ok(SignIn::Busy) => visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
    }
}

/// The session begins, or goes on with a new cookie; somebody else's ends first.
async fn start(visit: &Visit, wish: &Wish, proved: &Proved) -> Result<HttpResponse, StartError> {
    let context = person::context(visit).await?;
    let earlier = person::session(visit, &context).await?;
    let started = visit
        .server
        .ground
        .work(&Actor::Anonymous, &visit.origin, async |work| {
            if let Some(other) = earlier.as_ref().filter(|session| session.user_id != proved.user.id) {
                authorization::sign_out(work, other, "somebody else signed in").await?;
            }
            session::start_proved(work, &context, proved, earlier.as_ref()).await
        })
        .await?;
    let answer = with_cookie(see_other(&wish.to), &cookies::clear(&visit.server, FORM));
    Ok(with_cookie(answer, &cookies::set(&visit.server, &context.cookie(), started.secret.expose(), context.policy().maximum)))
}

/// `POST /sign-out`: the button of the portal and the account.
pub async fn sign_out(visit: Visit, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let gone = |answer| with_cookie(answer, &cookies::clear(&visit.server, PORTAL));
    let person = match person::find(&visit).await {
        Ok(Some(person)) => person,
        // Signed out in another window already: that is what was wanted.
        Ok(None) => return gone(see_other(paths::SIGNED_OUT)),
        Err(fault) => return visit.fault_page(&fault).await,
    };
    if !person.guards(&visit, &fields) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let ended = visit.server.ground.work(&Actor::Anonymous, &visit.origin, async |work| authorization::sign_out(work, &person.session, "signed out").await);
    match ended.await {
        Ok(()) => gone(see_other(paths::SIGNED_OUT)),
        Err(fault) => visit.fault_page(&fault).await,
    }
}
