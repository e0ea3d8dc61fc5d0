//! API clients, and tools for many apps: the list, the page of one, and `/portal/clients/{client_id}/access`: what one may do at a place, why,
//! and why not.

pub mod list;
pub mod one;
pub mod revoke;
pub mod secret;

use super::page::{self, Holder, Whose};
use super::{either, good, place_of, sees_organization};
use crate::access::effective::Place;
use crate::access::load::Who;
use crate::access::people::Sight;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Crumb;
use crate::http::portal::users::StatusBadge;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, Kind};
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{Path, ServiceConfig, get, post, resource};

/// Whoever may see any people at all, or manages API clients, comes in; whether they see clients, their sight says.
const NEEDS: &[&str] = &["members.view", "end_users.view", "users.manage", "api_clients.manage"];
/// What it takes to change an API client, or what it holds.
const MANAGES: &str = "api_clients.manage";

/// Every route of API clients.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::CLIENTS).route(get().to(list::show)))
        .service(resource(paths::CLIENT).route(get().to(one::show)))
        .service(resource(paths::CLIENT_ACCESS).route(get().to(show)))
        .service(resource(paths::CLIENT_STATUS).route(post().to(one::set_status)))
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

/// What a client is, in words.
fn kind(words: Words, client: &Client) -> String {
    if client.kind == Kind::Platform { words.say("api-client-tool") } else { words.say("preview-client") }
}

/// The way to the page of a client.
fn crumbs(words: Words) -> Vec<Crumb> {
    vec![Crumb { link: paths::CLIENTS.to_owned(), name: words.say("who-clients") }]
}

/// The way to a page below it.
fn crumbs_below(words: Words, client: &Client) -> Vec<Crumb> {
    let mut crumbs = crumbs(words);
    crumbs.push(Crumb { link: paths::client(&client.client_id), name: client.name.to_string() });
    crumbs
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
        let crumbs = crumbs_below(words, &client);
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
