//! `/invitations/code`: the code from the mail, for when its link is broken. Only together with the invited address.

use super::accept::{COOKIE, LIFE};
use super::invitation::{InvitationCodePage, NoticePage};
use crate::base::secret::random_token;
use crate::base::text::EmailAddress;
use crate::http::error::ErrorWords;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{Forms, render};
use crate::http::visit::Visit;
use crate::http::{cookies, guard, paths};
use crate::lifecycle::invitation::{self, ByCode};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Payload;

/// The cookie that guards the form, before any prefix.
const FORM: &str = "code-form";

/// `GET /invitations/code`.
pub async fn show(visit: Visit) -> HttpResponse {
    let cookie = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_else(random_token::<16>);
    form(&visit, &cookie, StatusCode::OK, String::new(), String::new(), None).await
}

async fn form(visit: &Visit, cookie: &str, status: StatusCode, email: String, code: String, error: Option<String>) -> HttpResponse {
    let page = InvitationCodePage { frame: visit.frame().await, email, code, error, csrf: guard::token(&visit.server, cookie) };
    with_cookie(render(status, &page, Forms::MayLeave), &cookies::set(&visit.server, FORM, cookie, LIFE))
}

/// `POST /invitations/code`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let field = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let cookie = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_default();
    if cookie.is_empty() || !guard::accepts(&visit.server, &visit.request, &cookie, Some(&field("csrf"))) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let (email, code) = (field("email"), field("code"));
    let tried = match EmailAddress::parse(&email) {
        Ok(address) => invitation::find_by_code(&visit.server.ground, &visit.origin, &address, &code).await,
        Err(_) => Ok(ByCode::Wrong),
    };
    let words = visit.words();
    match tried {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(ByCode::Right(ticket)) => {
            let answer = with_cookie(see_other(paths::INVITATION), &cookies::set(&visit.server, COOKIE, ticket.expose(), LIFE));
            with_cookie(answer, &cookies::clear(&visit.server, FORM))
        }
        Ok(ByCode::Expired) => render(StatusCode::GONE, &NoticePage::expired(visit.frame().await), Forms::Stay),
        Ok(ByCode::Wrong) => {
            let error = words.say("invitation-code-wrong");
            form(&visit, &cookie, StatusCode::UNPROCESSABLE_ENTITY, email, code, Some(error)).await
        }
        Ok(ByCode::Slow(slow)) => {
            let seconds = slow.seconds();
            let error = words.counted("sign-in-slow", "seconds", seconds);
            let mut answer = form(&visit, &cookie, StatusCode::TOO_MANY_REQUESTS, email, code, Some(error)).await;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
            answer
        }
    }
}
