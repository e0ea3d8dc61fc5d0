//! `/account/sessions`: where the person is signed in, and ending that.

use super::Account;
use super::shell::{Section, Shell};
use crate::base::fault::Fault;
use crate::http::visit::Visit;
use crate::http::{device, paths, sign_out};
use crate::lifecycle::password;
use crate::login::session;
use crate::oauth::authorization;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The sessions.
#[derive(Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// The layout.
    pub shell: Shell,
    /// Every live session, the last used first.
    pub sessions: Vec<Row>,
    /// That these are only the newest; `None`: there are no others.
    pub newest: Option<String>,
}

/// One session.
pub struct Row {
    /// Which, for the form that ends it.
    pub id: String,
    /// Where it counts.
    pub place: String,
    /// The device.
    pub device: String,
    /// The network address.
    pub address: String,
    /// When it began.
    pub since: String,
    /// The last use.
    pub seen: String,
    /// Whether it is the one that shows this page.
    pub this: bool,
    /// Whether it is another one of this browser.
    pub here: bool,
}

impl SessionsPage {
    /// Whether there are others than this one.
    pub fn has_others(&self) -> bool {
        self.sessions.iter().any(|session| !session.this)
    }
}

/// `GET /account/sessions`.
pub async fn show(visit: Visit) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    match page(&account).await {
        Ok(page) => Account::page(StatusCode::OK, &page),
        Err(fault) => account.fault(&fault).await,
    }
}

async fn page(account: &Account) -> Result<SessionsPage, Fault> {
    let (words, person) = (account.words, &account.person);
    let here = sign_out::here(&account.visit, None).await?;
    let mut tx = account.visit.server.ground.db.read().await?;
    let (live, more) = session::live_of(&mut tx, person.user.id, &person.snapshot, person.now).await?;
    drop(tx);
    let row = |session: session::Listed| Row {
        this: session.id == person.session.id,
        here: session.id != person.session.id && here.iter().any(|other| other.session.id == session.id),
        place: session.stage.unwrap_or_else(|| words.say("logout-own-pages")),
        device: device::named(words, session.user_agent.as_deref()),
        address: session.address.unwrap_or_default(),
        since: words.minute(session.authenticated_at),
        seen: words.ago(session.last_seen_at, person.now),
        id: session.id,
    };
    let newest = more.then(|| words.counted("sessions-newest", "count", live.len() as u64));
    Ok(SessionsPage { sessions: live.into_iter().map(row).collect(), newest, shell: account.shell(Section::Sessions).await })
}

/// `POST /account/sessions`: ends the session `session`, or with `others` every one but this.
pub async fn end(visit: Visit, payload: Payload) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let fields = match account.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let person = &account.person;
    let one = fields.one("session").ok().flatten();
    let ended = account
        .visit
        .server
        .ground
        .work(&person.actor(), &account.visit.origin, async |work| match one {
            Some(sid) => authorization::end_own_session(work, sid).await,
            None => password::end_other_sessions(work, &person.user, &person.session).await,
        })
        .await;
    match ended {
        Ok(()) => Account::done(paths::SESSIONS, if one.is_some() { "signed-out" } else { "signed-out-others" }),
        Err(fault) => account.fault(&fault).await,
    }
}
