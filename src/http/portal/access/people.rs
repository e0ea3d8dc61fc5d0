//! `/portal/apps/{app}/{stage}/people`: who may sign in to an app at a stage.

use super::holders::{Beside, HoldersPage, Show, View};
use super::{either, enter, good, sight};
use crate::access::app::SignIn;
use crate::access::explain::Roles;
use crate::access::people::Sight;
use crate::access::people::holders::Holding;
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Action;
use crate::http::portal::apps::place::{Part, Place};
use crate::http::portal::shell::Section;
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

type At = Path<(String, String)>;

/// The place of the address, for somebody who may see its people.
async fn find(portal: &Portal, at: &At, sight: &Sight) -> Result<Place, HttpResponse> {
    let place = Place::find(portal, &at.0, &at.1).await?;
    if !sight.sees(place.deployment.id) {
        portal.require("end_users.view", place.reach()).await?;
    }
    Ok(place)
}

/// The roles that count at a place and that the reader may see, each with its name in claims; and whether there are others.
fn roles(portal: &Portal, place: &Place, sight: &Sight) -> (Vec<(String, crate::base::id::EndUserRoleId)>, bool) {
    let catalogue = &portal.person.snapshot.catalogue;
    let own = catalogue.end_user_roles_of(place.deployment.id).map(|role| (role.key.to_string(), role));
    let every: Vec<_> = own.chain(catalogue.listed_roles_of(place.deployment.id).map(|(claim, role)| (claim.to_owned(), role))).collect();
    let seen: Vec<_> = every.iter().filter(|(_, role)| sight.sees(role.deployment)).map(|(claim, role)| (claim.clone(), role.id)).collect();
    let hidden = seen.len() < every.len();
    (seen, hidden)
}

fn view(portal: &Portal, place: &Place, sight: &Sight, list: &Listing) -> View {
    let (roles, _) = roles(portal, place, sight);
    let of = list.text("role");
    // A role that does not count here has no holders here.
    let wanted = roles.iter().filter(|(claim, _)| of.is_empty() || claim == of).map(|(_, id)| *id).collect();
    let holding = Holding { roles: Roles { end_user: wanted, ..Roles::default() }, now: Some(portal.person.now), search: list.search() };
    let everybody = place.deployment.sign_in == SignIn::Everyone && of.is_empty();
    View { everybody, ..View::new(portal, sight.clone(), holding, Show::Here(place.deployment.id)) }
}

/// `GET /portal/apps/{app}/{stage}/people`.
pub async fn show(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let place = find(&portal, &at, &sight).await?;
        let list = Listing::of(&portal.visit);
        let view = view(&portal, &place, &sight, &list);
        let read = async {
            let mut tx = portal.visit.server.ground.db.read().await?;
            view.page(&mut tx, &list).await
        };
        let (rows, pager, total) = good(&portal, read.await).await?;
        let words = portal.words;
        let (roles, hidden) = roles(&portal, &place, &sight);
        let everyone = place.deployment.sign_in == SignIn::Everyone;
        let open = if sight.everybody { word!("who-everyone") } else { word!("who-everyone-seen") };
        let others = if everyone { word!("who-hidden-ways") } else { word!("who-hidden-roles") };
        let notes = [everyone.then_some(open), hidden.then_some(others)];
        let no_way = roles.is_empty() && !everyone;
        let options = std::iter::once((String::new(), words.say("who-any-role"))).chain(roles.iter().map(|(claim, _)| (claim.clone(), claim.clone())));
        let path = place.path(Part::People);
        let export = Action { id: "export", link: list.at(&format!("{path}.csv")), text: words.say("export"), primary: false };
        let page = HoldersPage {
            shell: portal.shell(Section::Apps).await,
            head: place.head(&portal, Part::People, vec![export]),
            notes: notes.into_iter().flatten().map(|key| words.say(key)).collect(),
            hidden: Vec::new(),
            key: None,
            key_error: None,
            filters: vec![Choices::new(&list, "role", words.say("who-role"), options)],
            clear: path,
            narrowed: list.is_narrowed(),
            total: Some(total),
            rows,
            permissions: true,
            pager,
            groups: Beside::default(),
            clients: Beside::default(),
            listed: Vec::new(),
            empty: (words.say("who-nobody"), words.say(if no_way { word!("who-nobody-no-roles") } else { word!("who-nobody-hint") })),
            list,
        };
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

/// `GET /portal/apps/{app}/{stage}/people.csv`: the same list, whole.
pub async fn csv(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let place = find(&portal, &at, &sight).await?;
        let view = view(&portal, &place, &sight, &Listing::of(&portal.visit));
        Ok(Box::pin(view.export(&portal, &format!("{}-{}-people", place.app.key, place.stage.key))).await)
    })
    .await
}
