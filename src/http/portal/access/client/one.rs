//! `/portal/clients/{client_id}`: one of them: what it holds, its secrets, and whether it goes on.

use super::super::{Answer, either, good, why_organization_role};
use super::{crumbs, crumbs_below, enter, find, found, kind, may_manage, require_manage};
use crate::access::begin_change;
use crate::access::people::{ClientHeld, held_by_client};
use crate::base::fault::Fault;
use crate::http::error::ErrorWords;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::{SecretRow, client_error, secret_rows};
use crate::http::portal::apps::form::Typed;
use crate::http::portal::apps::parts::{Action, Head, RemovePage};
use crate::http::portal::change::Changed;
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
    /// The path of this page.
    pub link: String,
    /// Its public identifier.
    pub client_id: String,
    /// What it is.
    pub kind: String,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// The version, for forms.
    pub version: i64,
    /// Since when it is suspended.
    pub suspended: Option<String>,
    /// The organization roles that it holds.
    pub organization: Rows,
    /// Its secrets; `None`: it has none, being public.
    pub secrets: Option<Vec<SecretRow>>,
    /// Whether another secret may be made.
    pub may_add_secret: bool,
    /// Whether the reader may change it.
    pub may_manage: bool,
    /// How many people would notice; `None`: nobody signs in with it.
    pub people: Option<String>,
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
    let may_manage = may_manage(portal, client);
    let (rows, may_add_secret) = secret_rows(portal, &told.secrets, may_manage);
    let link = paths::client(&client.client_id);
    let action = |id, link, text| Action { id, link, text, primary: false };
    let trail = portal.trail_of("client", client.id).map(|link| action("trail", link, words.say("audit-trail-of")));
    let access = action("access", paths::client_access(&client.client_id), words.say("api-client-access"));
    ClientPage {
        shell: portal.shell(Section::Clients).await,
        head: Head {
            crumbs: crumbs(words),
            title: client.name.to_string(),
            badge: client.suspended_at.map(|_| words.say("who-suspended")),
            lead: None,
            actions: std::iter::once(access).chain(trail).collect(),
            tabs: Vec::new(),
        },
        link,
        client_id: client.client_id.clone(),
        kind: kind(words, client),
        scopes: client.metadata.scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        version: client.version,
        suspended: client.suspended_at.map(|at| words.minute(at)),
        organization: Rows { rows: told.held.iter().map(|held| row(portal, client, held)).collect(), all: None },
        secrets: (!client.is_public()).then_some(rows),
        may_add_secret,
        may_manage,
        people: (client.kind == Kind::Platform).then(|| words.counted("client-people", "count", told.people)),
        problem,
    }
}

fn row(portal: &Portal, client: &Client, held: &ClientHeld) -> GrantRow {
    let words = portal.words;
    GrantRow {
        what: held.role_name.to_string(),
        place: held.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string),
        through: None,
        by: by(words, &held.terms),
        reason: held.terms.reason.clone(),
        ends: ends(words, &held.terms, portal.person.now),
        why: why_organization_role(&portal.person.snapshot, &paths::client_access(&client.client_id), held.role_id, held.app_id),
        change: None,
        revoke: may_manage(portal, client).then(|| paths::client_revoke(&client.client_id, held.role_id, held.app_id)),
    }
}

/// What a refusal means for the page: what is wrong stands on it, or there is another answer altogether.
pub(super) async fn refused(portal: &Portal, client: &Client, error: ClientError) -> Answer {
    let status = if matches!(error, ClientError::Guard(_)) { StatusCode::FORBIDDEN } else { StatusCode::CONFLICT };
    let problem = client_error(portal, error, &client.metadata).await?.message;
    answer(portal, client, status, Some(problem)).await
}

/// `POST /portal/clients/{client_id}/status`: `action` is `suspend` or `resume`.
pub async fn set_status(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(status_set(visit, &client_id, payload))).await
}

async fn status_set(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, _) = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
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
        let (portal, _) = enter(visit).await?;
        let client = found(&portal, &client_id).await?;
        require_manage(&portal, &client).await?;
        let told = good(&portal, read(&portal, &client).await).await?;
        let words = portal.words;
        let people = (client.kind == Kind::Platform).then(|| words.marked_count::<&str>(word!("client-remove-people"), "count", told.people, &[]));
        let roles = words.marked_count::<&str>(word!("api-client-remove-roles"), "count", told.held.len() as u64, &[]);
        let id = words.marked::<&str>(word!("api-client-remove-id"), &[]);
        let link = paths::client(&client.client_id);
        let page = RemovePage {
            shell: portal.shell(Section::Clients).await,
            crumbs: crumbs_below(words, &client),
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
