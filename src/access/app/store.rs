use super::App;
use super::deployment::{AppPermission, Deployment};
use crate::base::fault::Fault;
use crate::base::id::{AppId, AppPermissionId, DeploymentId, EndUserRoleId, StageId};
use crate::base::text::{Slug, Verb};
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use std::collections::BTreeMap;

/// Every app.
pub async fn all(tx: &mut Tx) -> Result<Vec<App>, Fault> {
    Ok(crate::all!(tx, App, "SELECT id, key, name, description, version FROM apps")?)
}

/// The app with this key.
pub async fn by_key(tx: &mut Tx, key: &Slug) -> Result<Option<App>, Fault> {
    Ok(optional!(tx, App, "SELECT id, key, name, description, version FROM apps WHERE key = $1", key.as_str())?)
}

/// The app with this id.
pub async fn by_id(tx: &mut Tx, id: AppId) -> Result<Option<App>, Fault> {
    Ok(optional!(tx, App, "SELECT id, key, name, description, version FROM apps WHERE id = $1", id)?)
}

pub(super) async fn put(tx: &mut Tx, app: &App, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO apps (id, key, name, description, created_at, version) VALUES ($1, $2, $3, $4, $5, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, version = apps.version + 1",
        app.id,
        app.key.as_str(),
        app.name.as_str(),
        app.description.as_str(),
        now
    )?;
    Ok(())
}

pub(super) async fn deployment(tx: &mut Tx, app: AppId, stage: StageId) -> Result<Option<Deployment>, Fault> {
    Ok(optional!(
        tx,
        Deployment,
        "SELECT id, app_id, stage_id, home_page, sign_in, resource, version FROM deployments WHERE app_id = $1 AND stage_id = $2",
        app,
        stage
    )?)
}

pub(super) async fn deployments(tx: &mut Tx) -> Result<Vec<Deployment>, Fault> {
    Ok(crate::all!(tx, Deployment, "SELECT id, app_id, stage_id, home_page, sign_in, resource, version FROM deployments")?)
}

pub(super) async fn deployment_by_id(tx: &mut Tx, id: DeploymentId) -> Result<Option<Deployment>, Fault> {
    Ok(optional!(tx, Deployment, "SELECT id, app_id, stage_id, home_page, sign_in, resource, version FROM deployments WHERE id = $1", id)?)
}

pub(super) async fn put_deployment(tx: &mut Tx, deployment: &Deployment, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO deployments (id, app_id, stage_id, home_page, sign_in, resource, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
         ON CONFLICT (id) DO UPDATE SET home_page = excluded.home_page, sign_in = excluded.sign_in, resource = excluded.resource,
         version = deployments.version + 1",
        deployment.id,
        deployment.app_id,
        deployment.stage_id,
        deployment.home_page.as_deref(),
        deployment.sign_in,
        deployment.resource.as_str(),
        now
    )?;
    Ok(())
}

/// Claims a resource identifier for ever. Answers whether it is this app's at this stage now.
pub(super) async fn claim_resource(tx: &mut Tx, identifier: &str, app: &Slug, stage: &Slug, now: Timestamp) -> Result<bool, Fault> {
    execute!(
        tx,
        "INSERT INTO resource_identifiers (identifier, app_key, stage_key, claimed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (identifier) DO NOTHING",
        identifier,
        app.as_str(),
        stage.as_str(),
        now
    )?;
    let owner = optional!(tx, (Slug, Slug), "SELECT app_key, stage_key FROM resource_identifiers WHERE identifier = $1", identifier)?;
    Ok(owner.is_some_and(|(a, s)| a == *app && s == *stage))
}

pub(super) async fn permissions(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<AppPermission>, Fault> {
    Ok(crate::all!(tx, AppPermission, "SELECT id, verb, description FROM app_permissions WHERE deployment_id = $1 ORDER BY verb", deployment)?)
}

pub(super) async fn put_permission(tx: &mut Tx, deployment: DeploymentId, permission: &AppPermission) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO app_permissions (id, deployment_id, verb, description, version) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (id) DO UPDATE SET description = excluded.description, version = app_permissions.version + 1",
        permission.id,
        deployment,
        permission.verb.as_str(),
        permission.description.as_str()
    )?;
    Ok(())
}

/// Adds an implication; answers whether it is new.
pub(super) async fn add_implication(tx: &mut Tx, deployment: DeploymentId, permission: AppPermissionId, implied: AppPermissionId) -> Result<bool, Fault> {
    Ok(execute!(
        tx,
        "INSERT INTO app_implications (permission_id, implied_id, deployment_id) VALUES ($1, $2, $3) ON CONFLICT (permission_id, implied_id) DO NOTHING",
        permission,
        implied,
        deployment
    )? == 1)
}

/// Lists a shared role; answers whether it is new.
pub(super) async fn list_role(tx: &mut Tx, deployment: &Deployment, role: EndUserRoleId) -> Result<bool, Fault> {
    Ok(execute!(
        tx,
        "INSERT INTO listed_shared_roles (deployment_id, role_id, stage_id) VALUES ($1, $2, $3) ON CONFLICT (deployment_id, role_id) DO NOTHING",
        deployment.id,
        role,
        deployment.stage_id
    )? == 1)
}

/// The id of a permission by its verb.
pub(super) fn find<'a>(permissions: &'a [AppPermission], verb: &Verb) -> Option<&'a AppPermission> {
    permissions.iter().find(|permission| permission.verb == *verb)
}

/// What each permission of a deployment brings by itself, as (permission, implied).
pub(super) async fn implications(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<(AppPermissionId, AppPermissionId)>, Fault> {
    Ok(crate::all!(
        tx,
        (AppPermissionId, AppPermissionId),
        "SELECT permission_id, implied_id FROM app_implications WHERE deployment_id = $1 ORDER BY permission_id, implied_id",
        deployment
    )?)
}

/// The versions of the permissions of a deployment.
pub(super) async fn permission_versions(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<(AppPermissionId, i64)>, Fault> {
    Ok(crate::all!(tx, (AppPermissionId, i64), "SELECT id, version FROM app_permissions WHERE deployment_id = $1", deployment)?)
}

pub(super) async fn touch_permission(tx: &mut Tx, id: AppPermissionId) -> Result<(), Fault> {
    execute!(tx, "UPDATE app_permissions SET version = version + 1 WHERE id = $1", id)?;
    Ok(())
}

pub(super) async fn delete_permission(tx: &mut Tx, id: AppPermissionId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM app_permissions WHERE id = $1", id)?;
    Ok(())
}

pub(super) async fn delete_implication(tx: &mut Tx, permission: AppPermissionId, implied: AppPermissionId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM app_implications WHERE permission_id = $1 AND implied_id = $2", permission, implied)?;
    Ok(())
}

/// Upwards from each permission over whatever brings it, to the roles that hold that, to those who hold the roles.
pub(super) async fn people_by_permission(tx: &mut Tx, deployment: DeploymentId) -> Result<BTreeMap<AppPermissionId, u64>, Fault> {
    let rows = crate::all!(
        tx,
        (AppPermissionId, i64),
        "WITH RECURSIVE brings (permission_id, brought_id) AS (
           SELECT id, id FROM app_permissions WHERE deployment_id = $1
           UNION SELECT i.permission_id, b.brought_id FROM app_implications i JOIN brings b ON b.permission_id = i.implied_id),
         own (role_id) AS (SELECT id FROM end_user_roles WHERE deployment_id = $1),
         held (role_id, user_id) AS (
           SELECT g.role_id, g.user_id FROM end_user_grants g JOIN own ON own.role_id = g.role_id WHERE g.user_id IS NOT NULL
           UNION SELECT g.role_id, m.user_id FROM end_user_grants g JOIN own ON own.role_id = g.role_id JOIN memberships m ON m.group_id = g.group_id)
         SELECT b.brought_id, COUNT(DISTINCT h.user_id) FROM brings b JOIN end_user_role_permissions p ON p.permission_id = b.permission_id
         JOIN held h ON h.role_id = p.role_id GROUP BY b.brought_id",
        deployment
    )?;
    Ok(rows.into_iter().map(|(id, count)| (id, count.unsigned_abs())).collect())
}

pub(super) async fn unlist_role(tx: &mut Tx, deployment: DeploymentId, role: EndUserRoleId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM listed_shared_roles WHERE deployment_id = $1 AND role_id = $2", deployment, role)?;
    Ok(())
}

/// Everything that a deployment owns goes with it; its resource identifier stays claimed.
pub(super) async fn delete_deployment(tx: &mut Tx, id: DeploymentId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM deployments WHERE id = $1", id)?;
    Ok(())
}

pub(super) async fn delete_app(tx: &mut Tx, id: AppId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM apps WHERE id = $1", id)?;
    Ok(())
}

/// How many stages an app is deployed to.
pub(super) async fn count_deployments(tx: &mut Tx, app: AppId) -> Result<u64, Fault> {
    Ok(crate::one!(tx, (i64,), "SELECT COUNT(*) FROM deployments WHERE app_id = $1", app)?.0.unsigned_abs())
}
