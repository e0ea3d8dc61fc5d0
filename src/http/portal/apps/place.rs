//! What an address below `/portal/apps` is about, if its reader may see it; and what a refusal means there.

use super::Portal;
use super::parts::{Action, Crumb, Head, Tab};
use crate::access::app::deployment::Deployment;
use crate::access::app::{self, App, AppError};
use crate::access::guard::GuardError;
use crate::access::people::Sight;
use crate::access::stage::Stage;
use crate::base::id::{AppId, DeploymentId, StageId};
use crate::base::reach::Reach;
use crate::base::text::DisplayName;
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::person::Person;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// Whether somebody may see an app at a stage.
pub(super) fn sees(person: &Person, app: AppId, stage: StageId) -> bool {
    person.may("app.view", Reach::AppAtStage(app, stage))
}

/// Whether somebody may see an app at all: everywhere, or at a stage where it is or where they could put it.
pub(super) fn sees_app(person: &Person, app: AppId) -> bool {
    let somewhere = |stage: &Stage| {
        sees(person, app, stage.id)
            && (person.snapshot.catalogue.deployment_at(app, stage.id).is_some() || person.may("app.manage", Reach::AppAtStage(app, stage.id)))
    };
    person.may("app.view", Reach::App(app)) || person.snapshot.stages.iter().any(somewhere)
}

/// The deployment of an app at a stage, as the snapshot of this request has it.
pub(super) fn deployment_at(person: &Person, app: AppId, stage: StageId) -> Option<&Deployment> {
    let row = person.snapshot.catalogue.deployment_at(app, stage)?;
    person.snapshot.deployments.get(&row.id)
}

/// The names of other apps, as far as somebody may see them; the rest are a number.
pub(super) fn other_apps(portal: &Portal, apps: &[(DeploymentId, DisplayName)]) -> Vec<String> {
    let person = &portal.person;
    let seen = |id: DeploymentId| person.snapshot.catalogue.deployment(id).is_some_and(|row| sees(person, row.app, row.stage));
    let mut names: Vec<String> = apps.iter().filter(|(id, _)| seen(*id)).map(|(_, name)| name.to_string()).collect();
    let others = (apps.len() - names.len()) as u64;
    if others > 0 {
        names.push(portal.words.counted("app-others", "count", others));
    }
    names
}

/// The app of an address: by its key, or by its id.
pub(super) async fn app(portal: &Portal, key: &str) -> Result<App, HttpResponse> {
    let apps = &portal.person.snapshot.apps;
    let found = apps.values().find(|app| app.key.as_str() == key).or_else(|| apps.get(&key.parse().ok()?));
    match found.filter(|app| sees_app(&portal.person, app.id)) {
        Some(app) => Ok(app.clone()),
        None => Err(portal.missing().await),
    }
}

/// An app and a stage at which it may be deployed.
pub(super) async fn app_and_stage(portal: &Portal, key: &str, stage: &str) -> Result<(App, Stage), HttpResponse> {
    let app = app(portal, key).await?;
    let found = portal.person.snapshot.stages.iter().find(|found| found.key.as_str() == stage && sees(&portal.person, app.id, found.id));
    match found {
        Some(stage) => Ok((app, stage.clone())),
        None => Err(portal.missing().await),
    }
}

/// An app that is deployed to a stage.
pub(in crate::http::portal) struct Place {
    pub app: App,
    pub stage: Stage,
    pub deployment: Deployment,
}

/// The parts of an app at a stage, each with its own page.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::http::portal) enum Part {
    Settings,
    Permissions,
    Roles,
    SharedRoles,
    Clients,
    People,
}

impl Part {
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Settings, "", word!("app-tab-settings")),
        (Self::Permissions, "/permissions", word!("app-tab-permissions")),
        (Self::Roles, "/roles", word!("app-tab-roles")),
        (Self::SharedRoles, "/shared-roles", word!("app-tab-shared-roles")),
        (Self::Clients, "/clients", word!("app-tab-clients")),
        (Self::People, "/people", word!("app-tab-people")),
    ];
}

impl Place {
    /// The place of an address.
    pub async fn find(portal: &Portal, key: &str, stage: &str) -> Result<Self, HttpResponse> {
        let (app, stage) = app_and_stage(portal, key, stage).await?;
        match deployment_at(&portal.person, app.id, stage.id) {
            Some(deployment) => Ok(Self { deployment: deployment.clone(), app, stage }),
            None => Err(portal.missing().await),
        }
    }

    /// The place of an address, for somebody who may do this there.
    pub async fn find_for(portal: &Portal, key: &str, stage: &str, permission: &'static str) -> Result<Self, HttpResponse> {
        let place = Self::find(portal, key, stage).await?;
        portal.require(permission, place.reach()).await?;
        Ok(place)
    }

    pub const fn reach(&self) -> Reach {
        Reach::AppAtStage(self.app.id, self.stage.id)
    }

    /// The path of one part.
    pub fn path(&self, part: Part) -> String {
        let below = Part::ALL.iter().find(|(found, ..)| *found == part).map_or("", |(_, path, _)| path);
        format!("{}{below}", paths::app_stage(&self.app, &self.stage))
    }

    /// The way here, for pages below a part.
    pub fn crumbs(&self, portal: &Portal, part: Part) -> Vec<Crumb> {
        let mut crumbs = self.way(portal);
        let name = Part::ALL.iter().find(|(found, ..)| *found == part).map(|(.., name)| portal.words.say(name));
        crumbs.push(Crumb { link: paths::app_stage(&self.app, &self.stage), name: self.stage.name.to_string() });
        crumbs.push(Crumb { link: self.path(part), name: name.unwrap_or_default() });
        crumbs
    }

    /// Whether the reader may see who signs in here.
    pub fn shows_people(&self, portal: &Portal) -> bool {
        Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue).sees(self.deployment.id)
    }

    fn way(&self, portal: &Portal) -> Vec<Crumb> {
        vec![
            Crumb { link: paths::APPS.to_owned(), name: portal.words.say("portal-apps") },
            Crumb { link: paths::app(&self.app), name: self.app.name.to_string() },
        ]
    }

    /// The head of a part's page.
    pub fn head(&self, portal: &Portal, here: Part, actions: Vec<Action>) -> Head {
        let tab = |(part, _, name): &(Part, &str, &'static str)| Tab { link: self.path(*part), name: portal.words.say(name), here: *part == here };
        Head {
            crumbs: self.way(portal),
            title: self.app.name.to_string(),
            badge: Some(self.stage.name.to_string()),
            lead: None,
            actions,
            tabs: Part::ALL.iter().filter(|(part, ..)| *part != Part::People || self.shows_people(portal)).map(tab).collect(),
        }
    }
}

impl Portal {
    /// Somebody changed the same thing meanwhile.
    pub(super) async fn overtaken(&self) -> HttpResponse {
        self.visit.error_page(StatusCode::CONFLICT, ErrorWords::Overtaken).await
    }
}

/// What a refusal means for a form: something is wrong with one of its fields, or there is another answer altogether.
pub(super) async fn app_error(portal: &Portal, error: AppError) -> Result<FieldError, HttpResponse> {
    let words = portal.words;
    let at = |field, message| FieldError { field, message };
    match error {
        AppError::Denied(denied) => Err(portal.refused(&denied).await),
        AppError::Overtaken => Err(portal.overtaken().await),
        AppError::Fault(fault) => Err(portal.fault(&fault).await),
        AppError::Exists(key) => Ok(at("key", words.with("app-exists", &[("key", key.as_str())]))),
        AppError::Deployed { .. } => Ok(at("form", words.say("app-deployed-already"))),
        AppError::PermissionExists(verb) => Ok(at("verb", words.with("permission-exists", &[("verb", verb.as_str())]))),
        AppError::RoleExists(key) => Ok(at("key", words.with("role-exists", &[("key", key.as_str())]))),
        AppError::HomePage(_) => Ok(at("home_page", words.say("app-home-page-bad"))),
        AppError::Resource(resource) | AppError::ResourceTaken(resource) => {
            Ok(at("form", words.with("app-resource-taken", &[("resource", resource.as_str())])))
        }
        AppError::UnknownImplied { implied: verb, .. } => Ok(at("implies", words.with("permission-unknown", &[("verb", verb.as_str())]))),
        AppError::UnknownPermission { permission: verb, .. } => Ok(at("permissions", words.with("permission-unknown", &[("verb", verb.as_str())]))),
        AppError::UnknownShared { role, .. } => Ok(at("roles", words.with("permission-unknown", &[("verb", role.as_str())]))),
        AppError::Circle { way, .. } => Ok(at("implies", words.with("permission-circle", &[("circle", app::circle_told(&way))]))),
        AppError::Listed { by, .. } => Ok(at("unlist", words.with("role-listed", &[("names", other_apps(portal, &by).join(", "))]))),
        AppError::Guard(GuardError::Beyond) => Ok(at("form", words.say("app-delete-beyond"))),
        AppError::Guard(_) => Ok(at("form", words.say("app-delete-stronger"))),
        AppError::StillDeployed(_) => Ok(at("form", words.say("app-delete-deployed"))),
    }
}

/// The answer to a refusal where there is no field that it could be about.
pub(super) async fn refusal(portal: &Portal, error: AppError) -> HttpResponse {
    match app_error(portal, error).await {
        Err(answer) => answer,
        Ok(_) => portal.overtaken().await,
    }
}
