//! `/portal/access/permission`: who has a permission, and through what.

use super::holders::{Beside, HoldersPage, Show, View};
use super::{Answer, either, enter, good, sees_organization, sight};
use crate::access::effective::Place;
use crate::access::explain::{self, Roles, What};
use crate::access::people::Sight;
use crate::access::people::holders::Holding;
use crate::base::id::DeploymentId;
use crate::base::text::Verb;
use crate::http::listing::{Listing, Pager};
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::{Action, Crumb, Head};
use crate::http::portal::shell::Section;
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
use crate::http::{paths, permission_words};
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// What the address asks for.
enum Asked {
    /// Nothing yet.
    Nothing,
    /// This, at this place.
    This(Place, String),
    /// Something that there is not, or that needs an app and a stage: a sentence.
    Wrong(String),
}

/// Whether the reader sees an app at any stage.
fn seen_somewhere(portal: &Portal, sight: &Sight, app: &str) -> bool {
    let catalogue = &portal.person.snapshot.catalogue;
    let app = catalogue.app_by_key(app);
    app.is_some_and(|app| sees_organization(sight) || catalogue.deployments_of(app.id).any(|deployment| sight.sees(deployment.id)))
}

/// What is asked for, if the reader may see its holders.
async fn asked(portal: &Portal, sight: &Sight, list: &Listing) -> Result<Asked, HttpResponse> {
    let (words, catalogue) = (portal.words, &portal.person.snapshot.catalogue);
    let (key, app, stage) = (list.text("key"), list.text("app"), list.text("stage"));
    let place = match (app.is_empty(), stage.is_empty()) {
        (true, true) => Place::Organization,
        (false, false) => {
            let found = catalogue.app_by_key(app).zip(catalogue.stage_by_key(stage)).and_then(|(app, stage)| catalogue.deployment_at(app.id, stage.id));
            match found.filter(|found| sees_organization(sight) || sight.sees(found.id)) {
                Some(found) => Place::Deployment(found.id),
                // An app and a stage that do not go together may be chosen in the form, but only of apps that the reader sees somewhere.
                None if seen_somewhere(portal, sight, app) && catalogue.stage_by_key(stage).is_some() => return Ok(Asked::Wrong(words.say("who-not-there"))),
                None => return Err(portal.missing().await),
            }
        }
        _ => return Ok(Asked::Wrong(words.say("who-half-place"))),
    };
    if key.is_empty() {
        return Ok(Asked::Nothing);
    }
    let what = What::Permission(key.to_owned());
    match place {
        _ if what.is_of_organization() => {
            if !sees_organization(sight) {
                portal.require("members.view", crate::base::reach::Reach::Organization).await?;
            }
        }
        Place::Organization => return Ok(Asked::Wrong(words.say("who-verb-needs-place"))),
        Place::Deployment(here) if !sight.sees(here) => return Err(portal.missing().await),
        Place::Deployment(_) => {}
    }
    if explain::known(catalogue, place, &what).contains(&key) {
        return Ok(Asked::This(place, key.to_owned()));
    }
    let near = explain::near(key, explain::known_to(catalogue, sight, place, &what)).join(", ");
    Ok(Asked::Wrong(if near.is_empty() { words.say("who-no-permission") } else { words.with("who-no-permission-near", &[("near", near)]) }))
}

fn view(portal: &Portal, sight: &Sight, place: Place, key: &str, list: &Listing) -> View {
    let roles = Roles::that_give(&portal.person.snapshot.catalogue, place, &What::Permission(key.to_owned()));
    let holding = Holding { roles, now: Some(portal.person.now), search: list.search() };
    View::new(portal, sight.clone(), holding, Show::Permission(place, key.to_owned()))
}

/// `GET /portal/access/permission?key=&app=&stage=`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(shown(visit)).await
}

async fn shown(visit: Visit) -> Answer {
    let portal = enter(visit).await?;
    let sight = sight(&portal);
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let asked = asked(&portal, &sight, &list).await?;
    let (mut rows, mut pager, mut total, mut clients, mut key_error) = (Vec::new(), Pager::default(), None, Beside::default(), None);
    let mut actions = Vec::new();
    let mut status = StatusCode::OK;
    match &asked {
        Asked::Nothing => {}
        Asked::Wrong(sentence) => {
            status = StatusCode::UNPROCESSABLE_ENTITY;
            key_error = Some(sentence.clone());
        }
        Asked::This(place, key) => {
            let view = view(&portal, &sight, *place, key, &list);
            let read = async {
                let mut tx = portal.visit.server.ground.db.read().await?;
                let page = view.page(&mut tx, &list).await?;
                Ok((page, view.clients(&mut tx).await?))
            };
            let ((found, more, counted), holding) = good(&portal, read.await).await?;
            (rows, pager, total, clients) = (found, more, Some(counted), holding);
            actions.push(Action { id: "export", link: list.at(paths::ACCESS_PERMISSION_CSV), text: words.say("export"), primary: false });
        }
    }
    let lead = match &asked {
        Asked::This(place, key) => {
            let name = permission_words::name_of(words, &portal.person.snapshot.catalogue, key).map_or_else(|| key.clone(), |name| format!("{name} ({key})"));
            let place = super::place_name(words, &portal.person.snapshot, *place);
            Some(words.with("who-permission-lead", &[("permission", name), ("place", place)]))
        }
        _ => None,
    };
    let clear = list.changed("q", "");
    let page = HoldersPage {
        shell: portal.shell(Section::Users).await,
        head: Head {
            crumbs: vec![Crumb { link: paths::USERS.to_owned(), name: words.say("portal-users") }],
            title: words.say("who-permission-title"),
            badge: None,
            lead,
            actions,
            tabs: Vec::new(),
        },
        notes: Vec::new(),
        hidden: Vec::new(),
        key: Some((list.text("key").to_owned(), suggestions(&portal, &sight))),
        key_error,
        filters: filters(&portal, &sight, &list),
        narrowed: !list.text("q").is_empty(),
        clear,
        empty: match &asked {
            Asked::This(..) => (words.say("who-nobody-has"), words.say("who-nobody-has-hint")),
            _ => (words.say("who-permission-ask"), words.say("who-permission-ask-hint")),
        },
        total,
        rows,
        permissions: false,
        pager,
        groups: Beside::default(),
        clients,
        listed: Vec::new(),
        list,
    };
    Ok(Portal::page(status, &page))
}

/// Every permission that the reader may ask about somewhere.
fn suggestions(portal: &Portal, sight: &Sight) -> Vec<String> {
    let catalogue = &portal.person.snapshot.catalogue;
    let seen = catalogue.deployments().map(|row| row.id).filter(|id| sight.sees(*id));
    let mut verbs: Vec<String> = seen.flat_map(|id: DeploymentId| catalogue.verbs_of(id)).map(Verb::to_string).collect();
    verbs.sort_unstable();
    verbs.dedup();
    let platform = catalogue.platform_permissions().iter().filter(|_| sees_organization(sight)).map(|permission| permission.key.to_string());
    verbs.into_iter().chain(platform).collect()
}

fn filters(portal: &Portal, sight: &Sight, list: &Listing) -> Vec<Choices> {
    let (words, snapshot) = (portal.words, &portal.person.snapshot);
    let seen = |id: DeploymentId| sees_organization(sight) || sight.sees(id);
    let catalogue = &snapshot.catalogue;
    let mut apps: Vec<(String, String)> = snapshot
        .apps
        .values()
        .filter(|app| catalogue.deployments_of(app.id).any(|home| seen(home.id)))
        .map(|app| (app.key.to_string(), app.name.to_string()))
        .collect();
    apps.sort_by(|a, b| (&a.1, &a.0).cmp(&(&b.1, &b.0)));
    let here = snapshot.stages.iter().filter(|stage| catalogue.deployments().any(|row| row.stage == stage.id && seen(row.id)));
    let stages = here.map(|stage| (stage.key.to_string(), stage.name.to_string()));
    let none = |key: &str| std::iter::once((String::new(), words.say(key)));
    vec![
        Choices::new(list, "app", words.say("who-app"), none(word!("who-whole-organization")).chain(apps)),
        Choices::new(list, "stage", words.say("who-stage"), none(word!("who-every-stage")).chain(stages)),
    ]
}

/// `GET /portal/access/permission.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let list = Listing::of(&portal.visit);
        match asked(&portal, &sight, &list).await? {
            Asked::This(place, key) => Ok(Box::pin(view(&portal, &sight, place, &key, &list).export(&portal, "permission")).await),
            Asked::Nothing | Asked::Wrong(_) => Err(portal.missing().await),
        }
    })
    .await
}
