//! `/portal/settings/mail`: where mail goes, a test of it, and the mails that did not arrive.

use super::Portal;
use super::shell::{Section, Shell};
use crate::access::begin_change;
use crate::base::fault::Fault;
use crate::http::error::ErrorWords;
use crate::http::mail_form::{Desk, MailForm};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::mail::post::Way;
use crate::mail::settings::{self, ChangeError};
use crate::outbox;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The settings.
#[derive(Template)]
#[template(path = "portal/mail.html")]
pub struct MailPage {
    /// The layout.
    pub shell: Shell,
    /// Where the mail server is set, if that is not here.
    pub set_in: Option<String>,
    /// The server in use that was chosen here.
    pub server: Option<String>,
    /// The form.
    pub form: MailForm,
    /// How many mails were given up, and those of them that are shown.
    pub failed: (u64, Vec<FailedRow>),
    /// How many wait.
    pub waiting: u64,
}

/// A mail that was given up.
pub struct FailedRow {
    /// When.
    pub when: String,
    /// After how many tries.
    pub tries: String,
    /// The last answer.
    pub why: String,
}

/// The Administrator who looks, with what is in use.
async fn enter(visit: Visit) -> Result<Portal, HttpResponse> {
    let portal = Portal::enter(visit, &[]).await?;
    portal.require_all().await?;
    Ok(portal)
}

/// `GET /portal/settings/mail`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match Desk::open(&portal.visit, &portal.person, portal.words).await {
        Ok(desk) => answer(&portal, &desk, StatusCode::OK, desk.form()).await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn answer(portal: &Portal, desk: &Desk, status: StatusCode, form: MailForm) -> HttpResponse {
    match page(portal, desk, form).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, desk: &Desk, form: MailForm) -> Result<MailPage, Fault> {
    let words = portal.words;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (waiting, count) = outbox::counts(&mut tx).await?;
    let dead = outbox::dead(&mut tx).await?;
    drop(tx);
    let row = |job: outbox::Dead| FailedRow {
        when: words.ago(job.dead_at, portal.person.now),
        tries: words.counted("mail-tries", "count", job.attempts.unsigned_abs()),
        why: job.last_error.unwrap_or_default(),
    };
    let server = match &desk.way {
        Way::Chosen(server) => Some(format!("{}:{}", server.host, server.port)),
        Way::Configured | Way::Mailbox => None,
    };
    Ok(MailPage {
        shell: portal.shell(Section::Settings).await,
        set_in: portal.visit.server.config.smtp_origin().map(str::to_owned),
        server,
        form,
        failed: (count.unsigned_abs(), dead.into_iter().take(20).map(row).collect()),
        waiting: waiting.unsigned_abs(),
    })
}

/// `POST /portal/settings/mail`: `action` is `test`, `use`, `mailbox` or `again`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let desk = match Desk::open(&portal.visit, &portal.person, portal.words).await {
        Ok(desk) => desk,
        Err(fault) => return portal.fault(&fault).await,
    };
    let configured = matches!(desk.way, Way::Configured);
    let test = match fields.one("action").ok().flatten() {
        Some("again") => {
            return change(&portal, "mail-again", async |work| {
                let changing = begin_change(work).await?;
                settings::send_again(work, &changing).await.map(drop)
            })
            .await;
        }
        Some("mailbox") if !configured => {
            return change(&portal, "mail-mailbox", async |work| {
                let changing = begin_change(work).await?;
                settings::choose_mailbox(work, &changing).await
            })
            .await;
        }
        Some("test") if configured => {
            return match desk.test_configured(&portal.visit).await {
                Ok(tested) => tried(&portal, &desk, desk.form(), tested).await,
                Err(fault) => portal.fault(&fault).await,
            };
        }
        Some("test") => true,
        Some("use") if !configured => false,
        _ => return portal.visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await,
    };
    let (server, transport, form) = match desk.read(&portal.visit, &fields) {
        Ok(read) => read,
        Err(form) => return answer(&portal, &desk, StatusCode::UNPROCESSABLE_ENTITY, *form).await,
    };
    let tested = desk.test(&transport).await;
    if test || tested.is_err() {
        return tried(&portal, &desk, form, tested).await;
    }
    change(&portal, "mail-server", async |work| {
        let changing = begin_change(work).await?;
        settings::choose(work, &changing, &server).await
    })
    .await
}

async fn change(portal: &Portal, done: &str, rule: impl AsyncFn(&mut Work) -> Result<(), ChangeError>) -> HttpResponse {
    match portal.work(rule).await {
        Ok(()) => Portal::done(paths::SETTINGS_MAIL, done),
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// The form again, with how the test went.
async fn tried(portal: &Portal, desk: &Desk, form: MailForm, tested: Result<String, String>) -> HttpResponse {
    let (status, outcome) = match tested {
        Ok(good) => (StatusCode::OK, (true, good)),
        Err(bad) => (StatusCode::UNPROCESSABLE_ENTITY, (false, bad)),
    };
    answer(portal, desk, status, MailForm { outcome: Some(outcome), ..form }).await
}
