//! `/portal/clients/{client_id}`: one of them: what it holds, its secrets, and whether it goes on.

use super::super::{Answer, either, good, why_organization_role};
use super::{asked, enter, find, found, held_at, kind, may_manage, require_manage, sent, whereabouts};
use crate::access::begin_change;
use crate::access::load::Who;
use crate::access::people::{ClientHeld, held_by_client};
use crate::base::fault::Fault;
use crate::http::error::ErrorWords;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::any::{self, AnyClient};
use crate::http::portal::apps::form::Typed;
use crate::http::portal::apps::parts::{Action, Head, RemovePage};
use crate::http::portal::change::Changed;
use crate::http::portal::give;
use crate::http::portal::holds::{GrantRow, Rows};
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::terms::{by, ends};
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, ClientError, Kind};
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// One client that belongs to no app.
#[derive(Template)]
#[template(path = "portal/access/client.html")]
pub struct ClientPage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// What every client says.
    pub client: AnyClient,
    /// What it is.
    pub kind: String,
    /// Since when it is suspended, in words.
    pub suspended: Option<String>,
    /// The organization roles that it holds.
    pub organization: Rows,
    /// How many people would notice; `None`: nobody signs in with it.
    pub people: Option<String>,
    /// What was just given, and what came of it.
    pub given: Vec<(String, String)>,
    /// What went wrong with the last change.
    pub problem: Option<String>,
}

/// What the page tells of a client beside what the client itself says.
struct Told {
    held: Vec<ClientHeld>,
    secrets: Vec<client::StoredSecret>,
    people: u64,
}

async fn read(portal: &Portal, client: &Client) -> Result<Told, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    Ok(Told {
        held: held_by_client(&mut tx, client.id).await?,
        secrets: client::stored_secrets(&mut tx, client.id).await?,
        people: client::count_people(&mut tx, client.id).await?,
    })
}

/// `GET /portal/clients/{client_id}`.
pub async fn show(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, _) = enter(visit).await?;
        let client = found(&portal, &client_id).await?;
        answer(&portal, &client, StatusCode::OK, None).await
    })
    .await
}

/// The page of a client, with what went wrong.
async fn answer(portal: &Portal, client: &Client, status: StatusCode, problem: Option<String>) -> Answer {
    let told = good(portal, read(portal, client).await).await?;
    Ok(Portal::page(status, &page(portal, client, &told, problem).await))
}

async fn page(portal: &Portal, client: &Client, told: &Told, problem: Option<String>) -> ClientPage {
    let words = portal.words;
    let at = whereabouts(words, client);
    let action = |id, link, text| Action { id, link, text, primary: false };
    let trail = portal.trail_of("client", client.id).map(|link| action("trail", link, words.say("audit-trail-of")));
    let access = action("access", paths::client_access(&client.client_id), words.say("api-client-access"));
    let may = may_manage(portal, client);
    let give = may.then(|| Action { primary: true, ..action("give-access", format!("{}/give", at.link), words.say("give-access")) });
    ClientPage {
        shell: portal.shell(at.section).await,
        client: AnyClient::of(portal, client, at.link.clone(), &told.secrets, may),
        head: at.head(words, client, std::iter::once(access).chain(trail).chain(give).collect()),
        kind: kind(words, client),
        suspended: client.suspended_at.map(|at| words.with("api-client-suspended-since", &[("since", words.minute(at))])),
        organization: Rows { rows: told.held.iter().map(|held| row(portal, client, held)).collect(), all: None },
        people: (client.kind == Kind::Platform).then(|| words.counted("client-people", "count", told.people)),
        given: give::said(portal, Who::Client(client.id)),
        problem,
    }
}

fn row(portal: &Portal, client: &Client, held: &ClientHeld) -> GrantRow {
    let words = portal.words;
    let may = may_manage(portal, client);
    GrantRow {
        what: held.role_name.to_string(),
        place: held_at(words, held),
        through: None,
        by: by(words, &held.terms),
        reason: held.terms.reason.clone(),
        ends: ends(words, &held.terms, portal.person.now),
        why: why_organization_role(&portal.person.snapshot, &paths::client_access(&client.client_id), held.role_id, held.app_id),
        change: may.then(|| paths::client_period(&client.client_id, held.role_id, held.app_id)),
        revoke: may.then(|| paths::client_revoke(&client.client_id, held.role_id, held.app_id)),
    }
}

/// What a refusal means for the page: what is wrong stands on it, or there is another answer altogether.
pub(super) async fn refused(portal: &Portal, client: &Client, error: ClientError) -> Answer {
    let (status, problem) = any::problem(portal, client, error).await?;
    answer(portal, client, status, Some(problem)).await
}

/// `POST /portal/clients/{client_id}/status`: `action` is `suspend` or `resume`.
pub async fn set_status(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(status_set(visit, &client_id, payload))).await
}

async fn status_set(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, typed, client) = sent(visit, client_id, payload).await?;
    let suspend = match typed.raw("action").as_str() {
        "suspend" => true,
        "resume" => false,
        _ => return Err(portal.visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await),
    };
    let done = portal
        .change(Section::Clients, typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            if suspend { client::suspend(work, &changing, &client).await } else { client::resume(work, &changing, &client).await }
        })
        .await;
    match done {
        Ok(Changed::Made(_)) => Ok(Portal::done(&paths::client(&client.client_id), if suspend { "client-suspended" } else { "api-client-resumed" })),
        Ok(Changed::Shown(page)) => Ok(page),
        Err(error) => refused(&portal, &client, error).await,
    }
}

/// `GET /portal/clients/{client_id}/remove`: what would follow.
pub async fn ask(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, client) = asked(visit, &client_id).await?;
        let told = good(&portal, read(&portal, &client).await).await?;
        let words = portal.words;
        let people = (client.kind == Kind::Platform).then(|| words.marked_count::<&str>(word!("client-remove-people"), "count", told.people, &[]));
        let roles = words.marked_count::<&str>(word!("api-client-remove-roles"), "count", told.held.len() as u64, &[]);
        let id = words.marked::<&str>(word!("api-client-remove-id"), &[]);
        let link = paths::client(&client.client_id);
        let page = RemovePage {
            shell: portal.shell(Section::Clients).await,
            crumbs: whereabouts(words, &client).below(&client),
            title: words.say("client-remove"),
            what: words.marked("api-client-remove-what", &[("client", client.name.as_str())]),
            follows: people.into_iter().chain([roles, id]).collect(),
            action: format!("{link}/remove"),
            back: link,
            button: words.say("app-remove"),
            hidden: Vec::new(),
            problem: None,
            previews: true,
        };
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

/// `POST /portal/clients/{client_id}/remove`. What was gone already is gone: sending the form twice is no mistake.
pub async fn remove(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(removed(visit, &client_id, payload))).await
}

async fn removed(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, _) = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    if let Some(client) = good(&portal, find(&portal, client_id).await).await? {
        require_manage(&portal, &client).await?;
        let done = portal
            .change(Section::Clients, typed.fields(), async |work| {
                let changing = begin_change(work).await?;
                client::remove(work, &changing, &client).await
            })
            .await;
        match done {
            Ok(Changed::Made(_)) => {}
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => return refused(&portal, &client, error).await,
        }
    }
    Ok(Portal::done(paths::CLIENTS, "app-removed"))
}
