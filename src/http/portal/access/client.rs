//! API clients, and tools for many apps: the list, the page of one, and `/portal/clients/{client_id}/access`: what one may do at a place, why,
//! and why not.

pub mod give;
pub mod list;
pub mod one;
pub mod period;
pub mod revoke;
pub mod secret;

use super::page::{self, Holder, Whose};
use super::{either, good, place_of, sees_organization};
use crate::access::effective::Place;
use crate::access::load::Who;
use crate::access::people::{ClientHeld, Sight, held_by_client};
use crate::base::fault::Fault;
use crate::base::id::{AppId, OrganizationRoleId};
use crate::base::reach::Reach;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::any::Whereabouts;
use crate::http::portal::apps::form::Typed;
use crate::http::portal::apps::parts::Crumb;
use crate::http::portal::shell::Section;
use crate::http::portal::users::StatusBadge;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, Kind};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{Path, Payload, ServiceConfig, get, post, resource};

/// Whoever may see any people at all, or manages API clients, comes in; whether they see clients, their sight says.
const NEEDS: &[&str] = &["members.view", "end_users.view", "users.manage", "api_clients.manage"];
/// What it takes to change an API client, or what it holds.
const MANAGES: &str = "api_clients.manage";

/// Every route of API clients.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::CLIENTS).route(get().to(list::show)))
        .service(resource(paths::CLIENTS_CSV).route(get().to(list::csv)))
        .service(resource(paths::CLIENT).route(get().to(one::show)))
        .service(resource(paths::CLIENT_ACCESS).route(get().to(show)))
        .service(resource(paths::CLIENT_STATUS).route(post().to(one::set_status)))
        .service(resource(paths::CLIENT_GIVE).route(get().to(give::ask)).route(post().to(give::give)))
        .service(resource(paths::CLIENT_PERIOD).route(get().to(period::ask)).route(post().to(period::set)))
        .service(resource(paths::CLIENT_REVOKE).route(get().to(revoke::ask)).route(post().to(revoke::revoke)))
        .service(resource(paths::CLIENT_NEW_SECRET).route(post().to(secret::add)))
        .service(resource(paths::CLIENT_END_SECRET).route(post().to(secret::end)))
        .service(resource(paths::CLIENT_REMOVE).route(get().to(one::ask)).route(post().to(one::remove)));
}

/// What the reader sees of a client: it holds organization roles, and nothing else. Whoever manages API clients sees those of each.
fn sight(portal: &Portal) -> Option<Sight> {
    let own = super::sight(portal);
    let members = own.members || portal.may(MANAGES, Reach::Organization);
    Some(Sight { members, ..own }).filter(sees_organization)
}

/// Lets in whoever sees clients.
async fn enter(visit: Visit) -> Result<(Portal, Sight), HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    match sight(&portal) {
        Some(sight) => Ok((portal, sight)),
        None => Err(portal.missing().await),
    }
}

/// A client that acts for itself. The face of an app holds nothing, and has a page there.
async fn find(portal: &Portal, client_id: &str) -> Result<Option<Client>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    Ok(client::by_client_id(&mut tx, client_id).await?.filter(|client| client.kind != Kind::App))
}

/// The same, for a page about it.
async fn found(portal: &Portal, client_id: &str) -> Result<Client, HttpResponse> {
    match good(portal, find(portal, client_id).await).await? {
        Some(client) => Ok(client),
        None => Err(portal.missing().await),
    }
}

/// Whether the reader may change this client (rule 3d: a tool for many apps changes only who holds everything).
fn may_manage(portal: &Portal, client: &Client) -> bool {
    if client.kind == Kind::Platform { portal.person.authority.holds_all() } else { portal.may(MANAGES, Reach::Organization) }
}

/// Refuses unless the reader may.
async fn require_manage(portal: &Portal, client: &Client) -> Result<(), HttpResponse> {
    if client.kind == Kind::Platform { portal.require_all().await } else { portal.require(MANAGES, Reach::Organization).await }
}

/// A form about a client, from somebody who may change it.
async fn sent(visit: Visit, client_id: &str, payload: Payload) -> Result<(Portal, Typed, Client), HttpResponse> {
    let (portal, _) = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
    Ok((portal, typed, client))
}

/// A client that the reader may change, for a page that asks what is to become of it.
async fn asked(visit: Visit, client_id: &str) -> Result<(Portal, Client), HttpResponse> {
    let (portal, _) = enter(visit).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
    Ok((portal, client))
}

/// A form about what a client holds, from somebody who may change that.
async fn posted(visit: Visit, client_id: &str, payload: Payload) -> Result<(Portal, Parameters, Client), HttpResponse> {
    let (portal, _) = enter(visit).await?;
    let fields = portal.form(payload).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
    Ok((portal, fields, client))
}

/// Every role that a client holds.
async fn holds(portal: &Portal, client: &Client) -> Result<Vec<ClientHeld>, HttpResponse> {
    let mut tx = portal.read().await?;
    let held = held_by_client(&mut tx, client.id).await;
    drop(tx);
    good(portal, held).await
}

/// The role that an address or a form names, and the app at which it was given.
fn named(fields: &Parameters) -> Option<(OrganizationRoleId, Option<AppId>)> {
    let field = |name| fields.one(name).ok().flatten();
    Some((field("of")?.parse().ok()?, field("app").map(str::parse).transpose().ok()?))
}

/// The same as the fields of a form.
fn naming(held: &ClientHeld) -> Vec<(&'static str, String)> {
    [("of", held.role_id.to_string())].into_iter().chain(held.app_id.map(|app| ("app", app.to_string()))).collect()
}

/// The role that an address or a form names, as the client holds it.
async fn held(portal: &Portal, client: &Client, asked: &Parameters) -> Result<ClientHeld, HttpResponse> {
    let all = holds(portal, client).await?;
    match named(asked).and_then(|(role, app)| all.into_iter().find(|held| held.role_id == role && held.app_id == app)) {
        Some(held) => Ok(held),
        None => Err(portal.missing().await),
    }
}

/// Where a role counts that a client holds.
fn held_at(words: Words, held: &ClientHeld) -> String {
    held.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string)
}

/// The words for what a client of this kind is.
const fn kind_word(kind: Kind) -> &'static str {
    if matches!(kind, Kind::Platform) { word!("api-client-tool") } else { word!("preview-client") }
}

/// What a client is, in words.
fn kind(words: Words, client: &Client) -> String {
    words.say(kind_word(client.kind))
}

/// Where its page stands.
fn whereabouts(words: Words, client: &Client) -> Whereabouts {
    let list = Crumb { link: paths::CLIENTS.to_owned(), name: words.say("who-clients") };
    Whereabouts { section: Section::Clients, crumbs: vec![list], link: paths::client(&client.client_id) }
}

/// `GET /portal/clients/{client_id}/access`.
pub async fn show(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, sight) = enter(visit).await?;
        let client = found(&portal, &client_id).await?;
        let list = Listing::of(&portal.visit);
        let at = Some(list.text("at")).filter(|at| !at.is_empty());
        let Some(place) = at.map_or(Some(Place::Organization), |at| place_of(&portal.person.snapshot, at)) else { return Err(portal.missing().await) };
        let words = portal.words;
        let crumbs = whereabouts(words, &client).below(&client);
        let holder = Holder {
            kind: Some(kind(words, &client)),
            label: client.name.to_string(),
            status: client.suspended_at.map(|_| StatusBadge { text: words.say("who-suspended"), class: "bad" }),
            name: client.client_id,
        };
        let whose = Whose { who: Who::Client(client.id), page: paths::client_access(&holder.name), sight: &sight, place };
        // On the heap, as everything that several handlers await: their futures stay small.
        Box::pin(page::answer(&portal, whose, crumbs, holder)).await
    })
    .await
}
