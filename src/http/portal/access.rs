//! Who may do what, and why: the access page of a person or an API client, and the reverse view of places, permissions and roles.

pub mod client;
mod holders;
pub mod page;
pub mod people;
pub mod permission;
pub mod role;
pub mod user;
mod way;

pub use holders::{Beside, ClientLine, GroupLine, HoldersPage, PersonLine};
pub use way::{StepLine, WayLine};

use super::Portal;
use super::users::{Choice, NEEDS};
use crate::access::catalogue::{Catalogue, Counts, DeploymentRow};
use crate::access::effective::Place;
use crate::access::explain::What;
use crate::access::load::Snapshot;
use crate::access::people::Sight;
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, OrganizationRoleId};
use crate::http::paths;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{ServiceConfig, get, resource};

/// Every route of who may do what.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::USER_ACCESS).route(get().to(user::show)))
        .configure(client::routes)
        .service(resource(paths::ACCESS_PERMISSION).route(get().to(permission::show)))
        .service(resource(paths::ACCESS_PERMISSION_CSV).route(get().to(permission::csv)))
        .service(resource(paths::ACCESS_ROLE).route(get().to(role::show)))
        .service(resource(paths::ACCESS_ROLE_CSV).route(get().to(role::csv)))
        .service(resource(paths::APP_PEOPLE).route(get().to(people::show)))
        .service(resource(paths::APP_PEOPLE_CSV).route(get().to(people::csv)));
}

/// What a page answers: itself, or what stands in its way.
type Answer = Result<HttpResponse, HttpResponse>;

/// One or the other: both are answers.
async fn either(answer: impl Future<Output = Answer>) -> HttpResponse {
    answer.await.unwrap_or_else(|answer| answer)
}

/// Which people the reader sees.
fn sight(portal: &Portal) -> Sight {
    Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue)
}

/// Whether the reader sees what organization roles somebody holds.
const fn sees_organization(sight: &Sight) -> bool {
    sight.everybody || sight.members
}

/// Whether the reader sees anything of what people hold at a place.
fn is_open(sight: &Sight, place: Place) -> bool {
    match place {
        Place::Organization => sees_organization(sight),
        Place::Deployment(id) => sees_organization(sight) || sight.sees(id),
    }
}

/// The name of a deployment: app and stage.
fn deployment_name(words: Words, snapshot: &Snapshot, id: DeploymentId) -> String {
    snapshot.placed(id).map_or_else(String::new, |(_, app, stage)| words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage.name.as_str())]))
}

/// The name of a place.
fn place_name(words: Words, snapshot: &Snapshot, place: Place) -> String {
    match place {
        Place::Organization => words.say("at-organization"),
        Place::Deployment(id) => deployment_name(words, snapshot, id),
    }
}

/// A place as it stands in an address: `organization`, or app and stage by their keys.
fn place_value(snapshot: &Snapshot, place: Place) -> String {
    match place {
        Place::Organization => "organization".to_owned(),
        Place::Deployment(id) => snapshot.placed(id).map_or_else(String::new, |(_, app, stage)| format!("{}/{}", app.key, stage.key)),
    }
}

/// The deployments that match, by app and then by stage, as choices.
fn place_choices(words: Words, snapshot: &Snapshot, organization: bool, seen: impl Fn(DeploymentId) -> bool, chosen: Option<Place>) -> Vec<Choice> {
    let choice = |place: Place| Choice { value: place_value(snapshot, place), text: place_name(words, snapshot, place), chosen: Some(place) == chosen };
    let mut deployments: Vec<DeploymentId> = snapshot.catalogue.deployments().map(|row| row.id).filter(|id| seen(*id)).collect();
    // The catalogue has them by stage.
    deployments.sort_by_cached_key(|id| {
        let placed = snapshot.placed(*id);
        placed.map(|(_, app, stage)| (app.name.to_string(), app.id, snapshot.stages.iter().position(|other| other.id == stage.id)))
    });
    organization.then_some(Place::Organization).into_iter().chain(deployments.into_iter().map(Place::Deployment)).map(choice).collect()
}

/// The place of an address.
fn place_of(snapshot: &Snapshot, value: &str) -> Option<Place> {
    if value == "organization" {
        return Some(Place::Organization);
    }
    let (app, stage) = value.split_once('/')?;
    let catalogue = &snapshot.catalogue;
    let found = catalogue.deployment_at(catalogue.app_by_key(app)?.id, catalogue.stage_by_key(stage)?.id)?;
    Some(Place::Deployment(found.id))
}

/// Why somebody holds a role of an app; `page` tells what they may do.
pub(super) fn why_app_role(snapshot: &Snapshot, page: &str, role: EndUserRoleId) -> Option<String> {
    let role = snapshot.catalogue.end_user_role(role)?;
    let at = place_value(snapshot, Place::Deployment(role.deployment));
    Some(paths::why(page, &at, &What::Role(role.key.to_string())))
}

/// Why somebody holds an organization role that was granted for an app, or for the whole organization.
pub(super) fn why_organization_role(snapshot: &Snapshot, page: &str, role: OrganizationRoleId, app: Option<AppId>) -> Option<String> {
    let key = snapshot.catalogue.organization_role(role)?.key.to_string();
    let at = place_value(snapshot, explained_at(&snapshot.catalogue, role, app)?);
    Some(paths::why(page, &at, &What::OrganizationRole(key)))
}

/// Where a grant of an organization role is best explained: where it counts, if that is anywhere; `None`: its app is deployed nowhere.
fn explained_at(catalogue: &Catalogue, role: OrganizationRoleId, app: Option<AppId>) -> Option<Place> {
    let entries = catalogue.entries_of_role(role);
    let everywhere = entries.is_empty() || entries.iter().any(|(_, counts)| *counts == Counts::EveryStage);
    if everywhere && app.is_none() {
        return Some(Place::Organization);
    }
    let counts_at = |row: &&DeploymentRow| {
        let here = |counts: Counts| match counts {
            Counts::EveryStage => true,
            Counts::Purpose(purpose) => catalogue.stage(row.stage).is_some_and(|stage| stage.purpose == purpose),
            Counts::Stage(stage) => stage == row.stage,
        };
        everywhere || entries.iter().any(|(_, counts)| here(*counts))
    };
    let of_app = || catalogue.deployments().filter(move |row| app.is_none_or(|app| row.app == app));
    match of_app().find(counts_at) {
        Some(row) => Some(Place::Deployment(row.id)),
        None if app.is_none() => Some(Place::Organization),
        None => of_app().next().map(|row| Place::Deployment(row.id)),
    }
}

/// Lets in whoever may see any people at all; which ones, their sight says.
async fn enter(visit: crate::http::visit::Visit) -> Result<Portal, HttpResponse> {
    Portal::enter(visit, NEEDS).await
}

/// What was read, or the answer to a fault.
async fn good<T>(portal: &Portal, read: Result<T, Fault>) -> Result<T, HttpResponse> {
    match read {
        Ok(read) => Ok(read),
        Err(fault) => Err(portal.fault(&fault).await),
    }
}
