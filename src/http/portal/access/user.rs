//! `/portal/users/{id}/access`: what one person may do at a place, why, and why not.

use super::page::{self, Holder, Whose};
use super::{either, enter, good, is_open, place_of, sees_organization, sight};
use crate::access::effective::Place;
use crate::access::load::Who;
use crate::access::people::{self, Held, Sight};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Crumb;
use crate::http::portal::users::StatusBadge;
use crate::http::visit::Visit;
use crate::identity::user::{self, User};
use actix_web::HttpResponse;
use actix_web::web::Path;

/// `GET /portal/users/{id}/access`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let Ok(id) = id.parse::<UserId>() else { return Err(portal.missing().await) };
        let found = good(&portal, person(&portal, id).await).await?;
        let Some((user, held)) = found.filter(|(_, held)| sight.sees_person(held)) else { return Err(portal.missing().await) };
        let list = Listing::of(&portal.visit);
        let Some(place) = place(&portal, &sight, &held, list.text("at")) else { return Err(portal.missing().await) };
        let crumb = |link: String, name: String| Crumb { link, name };
        let crumbs = vec![crumb(paths::USERS.to_owned(), portal.words.say("portal-users")), crumb(paths::user(id), user.label().to_owned())];
        let holder =
            Holder { kind: None, label: user.label().to_owned(), name: user.email.to_string(), status: Some(StatusBadge::of(portal.words, user.status)) };
        let whose = Whose { who: Who::User(id), page: paths::user_access(id), sight: &sight, place };
        // On the heap, as everything that several handlers await: their futures stay small.
        Box::pin(page::answer(&portal, whose, crumbs, holder)).await
    })
    .await
}

async fn person(portal: &Portal, id: UserId) -> Result<Option<(User, Held)>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    let Some(user) = user::by_id(&mut tx, id).await? else { return Ok(None) };
    let held = people::held(&mut tx, &[id]).await?;
    Ok(Some((user, held)))
}

/// The place of the address, or the one where most is to be seen of this person.
fn place(portal: &Portal, sight: &Sight, held: &Held, value: &str) -> Option<Place> {
    let snapshot = &portal.person.snapshot;
    if !value.is_empty() {
        return place_of(snapshot, value).filter(|place| is_open(sight, *place));
    }
    let own = held.end_user.iter().chain(&held.of_groups).map(|grant| grant.deployment_id).find(|id| sight.sees(*id)).map(Place::Deployment);
    let organization = sees_organization(sight).then_some(Place::Organization);
    let any = || snapshot.catalogue.deployments().map(|row| row.id).find(|id| sight.sees(*id)).map(Place::Deployment);
    own.or(organization).or_else(any)
}
