//! End-user roles as people edit them: exactly what the form says. What it leaves out goes, and a role may go as a whole.

use super::{EndUserRole, Spec, by_key, hold, put, write};
use crate::access::app::deployment::{self, Deployment};
use crate::access::app::{App, AppError};
use crate::access::change::configuration_changed;
use crate::access::grant;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppPermissionId, DeploymentId, EndUserRoleId};
use crate::base::reach::Reach;
use crate::base::text::Verb;
use crate::db::{Tx, all, execute};
use crate::work::{Changing, Work};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// A role with everything it holds, for the audit trail.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    role: &'a EndUserRole,
    permissions: &'a [Verb],
}

/// The roles of a deployment, by key.
pub async fn of_deployment(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<EndUserRole>, Fault> {
    Ok(all!(
        tx,
        EndUserRole,
        "SELECT id, deployment_id, stage_id, key, name, description, shared, version FROM end_user_roles WHERE deployment_id = $1 ORDER BY key",
        deployment
    )?)
}

/// The permissions of each role of a deployment, in order.
pub async fn permissions_of(tx: &mut Tx, deployment: DeploymentId) -> Result<BTreeMap<EndUserRoleId, Vec<Verb>>, Fault> {
    let rows = all!(
        tx,
        (EndUserRoleId, Verb),
        "SELECT h.role_id, p.verb FROM end_user_role_permissions h JOIN app_permissions p ON p.id = h.permission_id
         WHERE h.deployment_id = $1 ORDER BY p.verb",
        deployment
    )?;
    let mut held: BTreeMap<EndUserRoleId, Vec<Verb>> = BTreeMap::new();
    for (role, verb) in rows {
        held.entry(role).or_default().push(verb);
    }
    Ok(held)
}

/// Makes a role, and never changes one that is there.
pub async fn create(work: &mut Work, changing: &Changing, app: &App, deployment: &Deployment, spec: &Spec) -> Result<EndUserRole, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    if by_key(&mut work.tx, deployment.id, &spec.key).await?.is_some() {
        return Err(AppError::RoleExists(spec.key.clone()));
    }
    put(work, changing, app, deployment, spec).await
}

/// Changes a role as it was read: at this version. It then holds the permissions of the list, and no others. A role that other apps list
/// stays shared, unless `unlist` says that these do without it from now on.
pub async fn change(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, version: i64, spec: &Spec, unlist: bool) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = by_key(&mut work.tx, deployment.id, &spec.key).await?.filter(|role| role.version == version).ok_or(AppError::Overtaken)?;
    let had = permissions_of(&mut work.tx, deployment.id).await?.remove(&before.id).unwrap_or_default();
    let known: BTreeMap<Verb, AppPermissionId> =
        deployment::permissions(&mut work.tx, deployment.id).await?.into_iter().map(|permission| (permission.verb, permission.id)).collect();
    let wished: BTreeSet<&Verb> = spec.permissions.iter().collect();
    if let Some(unknown) = wished.iter().find(|verb| !known.contains_key(**verb)) {
        return Err(AppError::UnknownPermission { app: app.key.clone(), role: spec.key.clone(), permission: (*unknown).clone() });
    }
    let Spec { name, description, shared, .. } = spec.clone();
    let same = EndUserRole { name, description, shared, ..before.clone() };
    if same == before && wished == had.iter().collect() {
        return Ok(());
    }
    if before.shared && !same.shared {
        let by = super::listing(&mut work.tx, before.id).await?;
        if !unlist && !by.is_empty() {
            return Err(AppError::Listed { role: spec.key.clone(), by });
        }
        unlisted(work, app, &before).await?;
    }
    let after = EndUserRole { version: before.version + 1, ..same };
    write(&mut work.tx, &after).await?;
    for verb in &wished {
        if let Some(id) = known.get(*verb) {
            hold(&mut work.tx, &after, *id).await?;
        }
    }
    for gone in had.iter().filter(|verb| !wished.contains(verb)) {
        if let Some(id) = known.get(gone) {
            let_go(&mut work.tx, after.id, *id).await?;
        }
    }
    configuration_changed(work).await?;
    let holds: Vec<Verb> = wished.into_iter().cloned().collect();
    let event = Event::new(Kind::EndUserRoleChanged, Subject::new("end_user_role", after.id));
    work.record(event.before(&Whole { role: &before, permissions: &had })?.after(&Whole { role: &after, permissions: &holds })?).await?;
    Ok(())
}

/// Every role of a deployment loses a permission that goes.
pub(in crate::access) async fn lose(work: &mut Work, deployment: DeploymentId, verb: &Verb) -> Result<(), Fault> {
    let held = permissions_of(&mut work.tx, deployment).await?;
    for before in of_deployment(&mut work.tx, deployment).await? {
        let had = held.get(&before.id).map(Vec::as_slice).unwrap_or_default();
        if !had.contains(verb) {
            continue;
        }
        let keeps: Vec<Verb> = had.iter().filter(|has| *has != verb).cloned().collect();
        let after = EndUserRole { version: before.version + 1, ..before.clone() };
        write(&mut work.tx, &after).await?;
        let event = Event::new(Kind::EndUserRoleChanged, Subject::new("end_user_role", after.id));
        work.record(event.before(&Whole { role: &before, permissions: had })?.after(&Whole { role: &after, permissions: &keeps })?).await?;
    }
    Ok(())
}

/// Removes a role, with its grants and wherever other apps list it. What invitations offer of it is for `lifecycle` to take back first.
/// Answers whether it was there.
pub(crate) async fn remove(work: &mut Work, changing: &Changing, app: &App, role: &EndUserRole) -> Result<bool, AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, role.stage_id))?;
    let Some(has) = by_key(&mut work.tx, role.deployment_id, &role.key).await?.filter(|has| has.id == role.id) else { return Ok(false) };
    let held = permissions_of(&mut work.tx, has.deployment_id).await?.remove(&has.id).unwrap_or_default();
    end(work, changing, app, &has, &held).await?;
    configuration_changed(work).await?;
    Ok(true)
}

/// Every role of a deployment goes, because the deployment does. The right to remove that is right enough.
pub(in crate::access) async fn end_of_deployment(work: &mut Work, changing: &Changing, app: &App, deployment: DeploymentId) -> Result<(), Fault> {
    let held = permissions_of(&mut work.tx, deployment).await?;
    for role in of_deployment(&mut work.tx, deployment).await? {
        end(work, changing, app, &role, held.get(&role.id).map(Vec::as_slice).unwrap_or_default()).await?;
    }
    Ok(())
}

async fn end(work: &mut Work, changing: &Changing, app: &App, role: &EndUserRole, held: &[Verb]) -> Result<(), Fault> {
    grant::end_of_role(work, changing, role).await?;
    unlisted(work, app, role).await?;
    work.record(Event::new(Kind::EndUserRoleRemoved, Subject::new("end_user_role", role.id)).before(&Whole { role, permissions: held })?).await?;
    if work.is_rehearsal {
        // All grants of it would go with it: that is known without doing it.
        work.touched.gone.end_user_roles.insert(role.id);
        return Ok(());
    }
    delete(&mut work.tx, role.id).await
}

/// No other app lists a role any more.
pub(super) async fn unlisted(work: &mut Work, app: &App, role: &EndUserRole) -> Result<(), Fault> {
    if !role.shared {
        return Ok(());
    }
    for (lister, ..) in super::listing(&mut work.tx, role.id).await? {
        let event = Event::new(Kind::AppPermissionsChanged, Subject::new("deployment", lister));
        work.record(event.before(&[format!("{}:{}", app.key, role.key)])?).await?;
    }
    execute!(work.tx, "DELETE FROM listed_shared_roles WHERE role_id = $1", role.id)?;
    Ok(())
}

async fn let_go(tx: &mut Tx, role: EndUserRoleId, permission: AppPermissionId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM end_user_role_permissions WHERE role_id = $1 AND permission_id = $2", role, permission)?;
    Ok(())
}

async fn delete(tx: &mut Tx, role: EndUserRoleId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM end_user_roles WHERE id = $1", role)?;
    Ok(())
}
