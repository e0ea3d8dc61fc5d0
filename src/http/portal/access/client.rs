//! `/portal/clients/{client_id}/access`: what an API client, or a tool for many apps, may do at a place, why, and why not.

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
use crate::http::portal::users::{self, StatusBadge};
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, Kind};
use actix_web::HttpResponse;
use actix_web::web::Path;

/// Whoever may see any people at all, or manages API clients, comes in; whether they see clients, their sight says.
const NEEDS: &[&str] = &["members.view", "end_users.view", "users.manage", "api_clients.manage"];

/// What the reader sees of a client: it holds organization roles, and nothing else. Whoever manages API clients sees those of each.
fn sight(portal: &Portal) -> Option<Sight> {
    let own = super::sight(portal);
    let members = own.members || portal.may("api_clients.manage", Reach::Organization);
    Some(Sight { members, ..own }).filter(sees_organization)
}

/// A client that acts for itself. The face of an app holds nothing, and has a page there.
async fn find(portal: &Portal, client_id: &str) -> Result<Option<Client>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    Ok(client::by_client_id(&mut tx, client_id).await?.filter(|client| client.kind != Kind::App))
}

/// `GET /portal/clients/{client_id}/access`.
pub async fn show(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let portal = Portal::enter(visit, NEEDS).await?;
        let Some(sight) = sight(&portal) else { return Err(portal.missing().await) };
        let Some(client) = good(&portal, find(&portal, &client_id).await).await? else { return Err(portal.missing().await) };
        let list = Listing::of(&portal.visit);
        let at = Some(list.text("at")).filter(|at| !at.is_empty());
        let Some(place) = at.map_or(Some(Place::Organization), |at| place_of(&portal.person.snapshot, at)) else { return Err(portal.missing().await) };
        let words = portal.words;
        let sees_people = users::NEEDS.iter().any(|permission| portal.person.may_somewhere(permission));
        let crumbs = sees_people.then(|| Crumb { link: paths::USERS.to_owned(), name: words.say("portal-users") });
        let holder = Holder {
            kind: (client.kind == Kind::Api).then(|| words.say("preview-client")),
            label: client.name.to_string(),
            status: client.suspended_at.map(|_| StatusBadge { text: words.say("who-suspended"), class: "bad" }),
            name: client.client_id,
        };
        let whose = Whose { who: Who::Client(client.id), page: paths::client_access(&holder.name), sight: &sight, place };
        // On the heap, as everything that several handlers await: their futures stay small.
        Box::pin(page::answer(&portal, whose, crumbs.into_iter().collect(), holder)).await
    })
    .await
}
