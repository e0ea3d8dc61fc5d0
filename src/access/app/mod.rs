//! Apps and their deployments.

crate::choice! {
    /// Who may sign in to a deployment.
    pub enum SignIn {
        /// Whoever holds an end-user role here, directly, through a group, or as a shared role listed here.
        Assigned = "assigned",
        /// Every active user.
        Everyone = "everyone",
    }
}

mod circle;
pub mod deployment;
pub mod listed;
pub mod permission;
mod removal;
mod store;
pub mod template;

pub use circle::told as circle_told;
pub(crate) use removal::{delete, undeploy};
pub use store::{all, by_id, by_key};

use super::change::configuration_changed;
use super::guard::GuardError;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug, Verb};
use crate::work::{Changing, Work};
use serde::Serialize;

/// An app, across all stages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct App {
    /// The row.
    pub id: AppId,
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// The ETag.
    pub version: i64,
}

/// Why an app or one of its deployments could not be changed. Each names the app, so that a file's reader finds the line.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is one with this key.
    #[error("an app with the key {0} exists already")]
    Exists(Slug),
    /// The app is at this stage already.
    #[error("{app} is deployed to {stage} already")]
    Deployed {
        /// The app.
        app: Slug,
        /// The stage.
        stage: Slug,
    },
    /// The deployment has a permission of this name.
    #[error("the app has the permission {0} already")]
    PermissionExists(Verb),
    /// The deployment has a role with this key.
    #[error("the app has the role {0} already")]
    RoleExists(Slug),
    /// Somebody changed or removed it since it was read.
    #[error("somebody else changed this meanwhile")]
    Overtaken,
    /// The home page is no place on the web.
    #[error("the home page {0:?} must be an http or https address of 2,000 characters at most")]
    HomePage(String),
    /// The resource identifier is no absolute URI without fragment, or lies below our own issuer.
    #[error("the resource {0:?} must be an absolute URI without fragment, and not below this server's own address")]
    Resource(String),
    /// The resource identifier belongs to another app or stage, for ever.
    #[error("the resource {0:?} belongs to another app or stage")]
    ResourceTaken(String),
    /// A permission implies one that the deployment does not have.
    #[error("the permission \"{permission}\" of {app} implies \"{implied}\", which it does not have")]
    UnknownImplied {
        /// The app.
        app: Slug,
        /// The permission.
        permission: Verb,
        /// What it implies.
        implied: Verb,
    },
    /// New implications close a circle.
    #[error("the permissions of {app} imply each other in a circle: {}", circle::told(.way))]
    Circle {
        /// The app.
        app: Slug,
        /// The circle, from a verb back to itself.
        way: Vec<Verb>,
    },
    /// A role that would not be shared any more is listed by other apps.
    #[error("the role {role} is listed by other apps")]
    Listed {
        /// The role.
        role: Slug,
        /// Where.
        by: Vec<(DeploymentId, DisplayName)>,
    },
    /// Rule 3c: somebody who may do more than the actor would lose access.
    #[error(transparent)]
    Guard(GuardError),
    /// An app that is deployed cannot be deleted.
    #[error("the app {0} is still deployed")]
    StillDeployed(Slug),
    /// A role holds a permission that the deployment does not have.
    #[error("the role {role} of {app} holds \"{permission}\", which the app does not have")]
    UnknownPermission {
        /// The app.
        app: Slug,
        /// The role.
        role: Slug,
        /// What it holds.
        permission: Verb,
    },
    /// A listed role does not exist at that stage, or is not shared.
    #[error("{app} lists {role:?}, which is no shared role of another app at that stage")]
    UnknownShared {
        /// The app.
        app: Slug,
        /// What it lists, as `other-app:role`.
        role: String,
    },
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GuardError> for AppError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

/// Makes an app, or changes its name and description.
pub async fn put(work: &mut Work, _: &Changing, key: &Slug, name: &DisplayName, description: &Description) -> Result<App, AppError> {
    let before = store::by_key(&mut work.tx, key).await?;
    work.require("app.manage", before.as_ref().map_or(Reach::Organization, |app| Reach::App(app.id)))?;
    let after = match &before {
        None => App { id: AppId::fresh(), key: key.clone(), name: name.clone(), description: description.clone(), version: 1 },
        Some(app) if app.name == *name && app.description == *description => return Ok(app.clone()),
        Some(app) => App { name: name.clone(), description: description.clone(), version: app.version + 1, ..app.clone() },
    };
    store::put(&mut work.tx, &after, work.now).await?;
    configuration_changed(work).await?;
    let mut event = Event::new(Kind::AppChanged, Subject::new("app", after.id)).after(&after)?;
    if let Some(before) = &before {
        event = event.before(before)?;
    }
    work.record(event).await?;
    Ok(after)
}

/// Makes an app, and never changes one that is there.
pub async fn create(work: &mut Work, changing: &Changing, key: &Slug, name: &DisplayName, description: &Description) -> Result<App, AppError> {
    work.require("app.manage", Reach::Organization)?;
    if store::by_key(&mut work.tx, key).await?.is_some() {
        return Err(AppError::Exists(key.clone()));
    }
    put(work, changing, key, name, description).await
}

/// Changes name and description of an app as it was read: at this version.
pub async fn change(work: &mut Work, changing: &Changing, id: AppId, version: i64, name: &DisplayName, description: &Description) -> Result<App, AppError> {
    work.require("app.manage", Reach::App(id))?;
    let app = store::by_id(&mut work.tx, id).await?.filter(|app| app.version == version).ok_or(AppError::Overtaken)?;
    put(work, changing, &app.key, name, description).await
}
