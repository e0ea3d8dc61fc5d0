//! Step three: mail, through a server or kept in the mailbox.

use super::{Owner, Step, page};
use crate::access::begin_change;
use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::mail_form::{Desk, MailForm};
use crate::http::page::Frame;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::mail::post::Way;
use crate::mail::settings::{self, ChangeError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The form.
#[derive(Template)]
#[template(path = "setup/mail.html")]
pub struct MailPage {
    /// The layout.
    pub frame: Frame,
    /// The four steps.
    pub steps: Vec<Step>,
    /// The token that guards the form.
    pub csrf: String,
    /// Where the mail server is set, if that is not here.
    pub set_in: Option<String>,
    /// The form.
    pub form: MailForm,
}

/// `GET /setup/mail`.
pub async fn show(visit: Visit) -> HttpResponse {
    let owner = match Owner::enter(&visit).await {
        Ok(owner) => owner,
        Err(answer) => return answer,
    };
    match Desk::open(&visit, &owner.person, owner.words).await {
        Ok(desk) => answer(&visit, &owner, StatusCode::OK, desk.form()).await,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn answer(visit: &Visit, owner: &Owner, status: StatusCode, form: MailForm) -> HttpResponse {
    let set_in = visit.server.config.smtp_origin().map(str::to_owned);
    let (steps, csrf) = (Step::seen_from(owner.words, 2), owner.person.csrf(&visit.server));
    page(status, &MailPage { frame: owner.frame(visit).await, steps, csrf, set_in, form })
}

/// `POST /setup/mail`: `action` is `test`, `use` or `keep`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (owner, fields) = match Owner::form(&visit, payload).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    let action = match fields.one("action").ok().flatten() {
        Some("keep") => return see_other(paths::SETUP_APP),
        Some("test") => false,
        Some("use") => true,
        _ => return visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await,
    };
    let desk = match Desk::open(&visit, &owner.person, owner.words).await {
        Ok(desk) => desk,
        Err(fault) => return visit.fault_page(&fault).await,
    };
    if matches!(desk.way, Way::Configured) {
        return match desk.test_configured(&visit).await {
            Ok(tested) => tried(&visit, &owner, desk.form(), tested).await,
            Err(fault) => visit.fault_page(&fault).await,
        };
    }
    let (server, transport, form) = match desk.read(&visit, &fields) {
        Ok(read) => read,
        Err(form) => return answer(&visit, &owner, StatusCode::UNPROCESSABLE_ENTITY, *form).await,
    };
    let tested = desk.test(&transport).await;
    if !action || tested.is_err() {
        return tried(&visit, &owner, form, tested).await;
    }
    let chosen = visit
        .server
        .ground
        .work(&owner.person.actor(), &visit.origin, async |work| {
            let changing = begin_change(work).await?;
            settings::choose(work, &changing, &server).await
        })
        .await;
    match chosen {
        Ok(()) => see_other(paths::SETUP_APP),
        Err(ChangeError::Denied(_)) => super::nothing(&visit).await,
        Err(ChangeError::Fault(fault)) => visit.fault_page(&fault).await,
    }
}

/// The form again, with how the test went.
async fn tried(visit: &Visit, owner: &Owner, form: MailForm, tested: Result<String, String>) -> HttpResponse {
    let (status, outcome) = match tested {
        Ok(good) => (StatusCode::OK, (true, good)),
        Err(bad) => (StatusCode::UNPROCESSABLE_ENTITY, (false, bad)),
    };
    answer(visit, owner, status, MailForm { outcome: Some(outcome), ..form }).await
}
