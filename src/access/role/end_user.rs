//! End-user roles: named sets of one deployment's permissions.

mod exact;
mod holders;

pub(crate) use exact::remove;
pub use exact::{change, create, of_deployment, permissions_of};
pub(in crate::access) use exact::{end_of_deployment, lose};
pub use holders::{Holders, holders, listing, listings, people};

use crate::access::app::deployment::{self, Deployment};
use crate::access::app::{App, AppError};
use crate::access::change::configuration_changed;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppPermissionId, DeploymentId, EndUserRoleId, StageId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug, Verb};
use crate::db::{Tx, execute, optional};
use crate::work::{Changing, Work};
use serde::Serialize;

/// An end-user role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct EndUserRole {
    /// The row.
    pub id: EndUserRoleId,
    /// Whose role it is.
    pub deployment_id: DeploymentId,
    /// At which stage.
    pub stage_id: StageId,
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// Whether other apps of the stage may list it.
    pub shared: bool,
    /// The ETag.
    pub version: i64,
}

/// What a file or form says of a role.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// Whether other apps of the stage may list it.
    pub shared: bool,
    /// The permissions it holds.
    pub permissions: Vec<Verb>,
}

/// The role of a deployment with this key.
pub async fn by_key(tx: &mut Tx, deployment: DeploymentId, key: &Slug) -> Result<Option<EndUserRole>, Fault> {
    Ok(optional!(
        tx,
        EndUserRole,
        "SELECT id, deployment_id, stage_id, key, name, description, shared, version FROM end_user_roles WHERE deployment_id = $1 AND key = $2",
        deployment,
        key.as_str()
    )?)
}

/// The role with this id.
pub async fn by_id(tx: &mut Tx, id: EndUserRoleId) -> Result<Option<EndUserRole>, Fault> {
    Ok(optional!(tx, EndUserRole, "SELECT id, deployment_id, stage_id, key, name, description, shared, version FROM end_user_roles WHERE id = $1", id)?)
}

/// Makes a role, or changes its texts and adds permissions. Permissions that the list leaves out stay.
pub async fn put(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, spec: &Spec) -> Result<EndUserRole, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = by_key(&mut work.tx, deployment.id, &spec.key).await?;
    let Spec { key, name, description, shared, .. } = spec.clone();
    let mut after = match &before {
        None => {
            EndUserRole { id: EndUserRoleId::fresh(), deployment_id: deployment.id, stage_id: deployment.stage_id, key, name, description, shared, version: 1 }
        }
        Some(role) => {
            let same = EndUserRole { name, description, shared, ..role.clone() };
            if same == *role { same } else { EndUserRole { version: role.version + 1, ..same } }
        }
    };
    let mut changed = before.as_ref() != Some(&after);
    let written = changed;
    if changed {
        if let Some(before) = before.as_ref().filter(|_| !after.shared) {
            exact::unlisted(work, app, before).await?;
        }
        write(&mut work.tx, &after).await?;
    }
    let known = deployment::permissions(&mut work.tx, deployment.id).await?;
    let mut added = Vec::new();
    for verb in &spec.permissions {
        let permission = known.iter().find(|permission| permission.verb == *verb);
        let permission = permission.ok_or_else(|| AppError::UnknownPermission { app: app.key.clone(), role: spec.key.clone(), permission: verb.clone() })?;
        if hold(&mut work.tx, &after, permission.id).await? {
            added.push(verb);
        }
    }
    if !added.is_empty() && !written {
        after.version += 1;
        write(&mut work.tx, &after).await?;
        changed = true;
    }
    if changed {
        configuration_changed(work).await?;
        let mut event = Event::new(Kind::EndUserRoleChanged, Subject::new("end_user_role", after.id)).after(&(&after, &added))?;
        if let Some(before) = &before {
            event = event.before(before)?;
        }
        work.record(event).await?;
    }
    Ok(after)
}

async fn write(tx: &mut Tx, role: &EndUserRole) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO end_user_roles (id, deployment_id, stage_id, key, name, description, shared, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, shared = excluded.shared,
         version = end_user_roles.version + 1",
        role.id,
        role.deployment_id,
        role.stage_id,
        role.key.as_str(),
        role.name.as_str(),
        role.description.as_str(),
        role.shared
    )?;
    Ok(())
}

async fn hold(tx: &mut Tx, role: &EndUserRole, permission: AppPermissionId) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "INSERT INTO end_user_role_permissions (role_id, permission_id, deployment_id) VALUES ($1, $2, $3) ON CONFLICT (role_id, permission_id) DO NOTHING",
        role.id,
        permission,
        role.deployment_id
    )?;
    Ok(rows == 1)
}
