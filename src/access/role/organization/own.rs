//! The organization's own permissions (`x-...`): what its tools ask for.

use super::OrganizationRole;
use super::leaving::{Goes, LeaveError, leave, names};
use crate::access::catalogue::{Catalogue, Rows};
use crate::access::change::configuration_changed;
use crate::access::guard::{self, GuardError};
use crate::access::permission::{self, PlatformPermission};
use crate::access::{grant, load};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::text::PermissionKey;
use crate::db::{Tx, all, execute, optional};
use crate::work::{Changing, Work};
use std::collections::BTreeMap;

/// The organization's own permissions, by key.
pub async fn own_permissions(tx: &mut Tx) -> Result<Vec<PlatformPermission>, Fault> {
    let rows = all!(tx, (String,), "SELECT definition FROM organization_permissions ORDER BY key")?;
    rows.into_iter().map(|(definition,)| Ok(serde_json::from_str(&definition)?)).collect()
}

/// The version of one of the organization's own permissions; `None`: it is not there.
pub async fn own_version(tx: &mut Tx, key: &PermissionKey) -> Result<Option<i64>, Fault> {
    Ok(optional!(tx, (i64,), "SELECT version FROM organization_permissions WHERE key = $1", key.as_str())?.map(|(version,)| version))
}

/// Makes one of the organization's own permissions, and never changes one that is there.
pub async fn make_own_permission(work: &mut Work, changing: &Changing, definition: &PlatformPermission) -> Result<(), OwnPermissionError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    match own_version(&mut work.tx, &definition.key).await? {
        Some(_) => Err(OwnPermissionError::Taken(definition.key.clone())),
        None => put_own_permission(work, changing, definition).await,
    }
}

/// Changes one of the organization's own permissions as its reader saw it.
pub async fn change_own_permission(work: &mut Work, changing: &Changing, definition: &PlatformPermission, version: i64) -> Result<(), OwnPermissionError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    if own_version(&mut work.tx, &definition.key).await? != Some(version) {
        return Err(OwnPermissionError::Overtaken);
    }
    put_own_permission(work, changing, definition).await
}

/// Makes one of the organization's own permissions (`x-...`), or changes it.
pub async fn put_own_permission(work: &mut Work, _: &Changing, definition: &PlatformPermission) -> Result<(), OwnPermissionError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    if !definition.key.is_own() {
        return Err(OwnPermissionError::Key(definition.key.clone()));
    }
    let own = own_permissions(&mut work.tx).await?;
    for implied in &definition.implies {
        let mut known = permission::built_in().permissions.iter().chain(&own).map(|permission| &permission.key);
        if implied.permission != definition.key && !known.any(|key| *key == implied.permission) {
            return Err(OwnPermissionError::Unknown { permission: definition.key.clone(), implied: implied.permission.clone() });
        }
    }
    if let Some(circle) = circle(&own, definition) {
        return Err(OwnPermissionError::Circle(circle));
    }
    let before = own.iter().find(|permission| permission.key == definition.key).cloned();
    if before.as_ref() == Some(definition) {
        return Ok(());
    }
    let limited = optional!(
        work.tx,
        (i64,),
        "SELECT CAST(1 AS BIGINT) FROM organization_role_entries WHERE permission = $1 AND counts <> 'every_stage' LIMIT 1",
        definition.key.as_str()
    )
    .map_err(Fault::from)?;
    if !definition.by_stage && limited.is_some() {
        return Err(OwnPermissionError::Limited(definition.key.clone()));
    }
    if before.is_some() {
        let others = own.into_iter().filter(|permission| permission.key != definition.key);
        may_become(work, others.chain([definition.clone()]).collect()).await?;
    }
    let held = guard::before_roles_change(work).await?;
    execute!(
        work.tx,
        "INSERT INTO organization_permissions (key, definition, version) VALUES ($1, $2, 1)
         ON CONFLICT (key) DO UPDATE SET definition = excluded.definition, version = organization_permissions.version + 1",
        definition.key.as_str(),
        serde_json::to_string(definition).map_err(Fault::from)?
    )
    .map_err(Fault::from)?;
    configuration_changed(work).await?;
    let mut event = Event::new(Kind::OrganizationPermissionChanged, Subject::new("organization_permission", &definition.key)).after(definition)?;
    if let Some(before) = &before {
        event = event.before(before)?;
    }
    work.record(event).await?;
    Ok(guard::roles_may_grow(work, held).await?)
}

/// Refuses unless the actor may take from everybody what roles give no more once the organization's own permissions are these (rule 3c). It is
/// asked before anything is written: afterwards the others would hold less, and nobody would be stronger.
async fn may_become(work: &mut Work, own_permissions: Vec<PlatformPermission>) -> Result<(), GuardError> {
    let now = load::rows(&mut work.tx).await?;
    let then = Catalogue::compile(Rows { own_permissions, ..now.clone() });
    for role in Catalogue::compile(now).lessened_in(&then) {
        grant::may_lessen(work, role).await?;
    }
    Ok(())
}

/// The way from a permission back to itself over implications, with it at both ends; `None`: there is none.
fn circle(own: &[PlatformPermission], definition: &PlatformPermission) -> Option<String> {
    let of: BTreeMap<&PermissionKey, &PlatformPermission> = own.iter().map(|permission| (&permission.key, permission)).collect();
    let mut ways: Vec<Vec<&PermissionKey>> = definition.implies.iter().map(|implied| vec![&definition.key, &implied.permission]).collect();
    let mut seen: Vec<&PermissionKey> = Vec::new();
    while let Some(way) = ways.pop() {
        let Some(last) = way.last().copied() else { continue };
        if *last == definition.key {
            return Some(way.iter().map(|key| key.as_str()).collect::<Vec<_>>().join(" -> "));
        }
        if !seen.contains(&last) {
            seen.push(last);
            let further = of.get(last).map(|permission| permission.implies.as_slice()).unwrap_or_default();
            ways.extend(further.iter().map(|implied| way.iter().copied().chain([&implied.permission]).collect()));
        }
    }
    None
}

/// Removes one of the organization's own permissions from everywhere: roles lose it. What another permission brings stays until that one
/// says otherwise. A role that would be left without any permission keeps it. Answers whether it was there.
pub async fn remove_own_permission(work: &mut Work, changing: &Changing, key: &PermissionKey) -> Result<bool, RemoveOwnError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    let own = own_permissions(&mut work.tx).await?;
    let Some(before) = own.iter().find(|permission| permission.key == *key) else { return Ok(false) };
    if let Some(implying) = own.iter().find(|permission| permission.implies.iter().any(|implied| implied.permission == *key)) {
        return Err(RemoveOwnError::Implied { permission: key.clone(), by: implying.key.clone() });
    }
    // No other permission brings it, so whoever loses something holds a role that has it.
    leave(work, changing, Goes::Permission(key)).await?;
    execute!(work.tx, "DELETE FROM organization_permissions WHERE key = $1", key.as_str()).map_err(Fault::from)?;
    configuration_changed(work).await?;
    work.record(Event::new(Kind::OrganizationPermissionRemoved, Subject::new("organization_permission", key)).before(before)?).await?;
    Ok(true)
}

/// Why one of the organization's own permissions could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum OwnPermissionError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The key is not of the organization's own.
    #[error("the permission {0} must have a key that begins with x-, such as x-billing.run")]
    Key(PermissionKey),
    /// It implies what does not exist.
    #[error("the permission {permission} implies {implied}, which is no permission")]
    Unknown {
        /// The permission.
        permission: PermissionKey,
        /// What it implies.
        implied: PermissionKey,
    },
    /// There is one with this key.
    #[error("there is a permission {0} already")]
    Taken(PermissionKey),
    /// Somebody else changed it meanwhile.
    #[error("the permission was changed meanwhile")]
    Overtaken,
    /// Roles limit it to stages, so it must stay a permission that can be.
    #[error("roles limit {0} to stages: take that out of them first")]
    Limited(PermissionKey),
    /// It would bring itself.
    #[error("a permission cannot bring itself: {0}")]
    Circle(String),
    /// Rule 3a: somebody would gain what the actor does not hold.
    #[error(transparent)]
    Guard(GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GuardError> for OwnPermissionError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

/// Why one of the organization's own permissions could not be removed.
#[derive(Debug, thiserror::Error)]
pub enum RemoveOwnError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Another one brings it.
    #[error("{by} brings {permission}: take it out there first")]
    Implied {
        /// The permission.
        permission: PermissionKey,
        /// What brings it.
        by: PermissionKey,
    },
    /// These organization roles hold nothing else.
    #[error("these organization roles would have no permission left, change or remove them first: {}", names(.0))]
    Emptied(Vec<OrganizationRole>),
    /// Rule 3c: organization roles would lose something, and somebody who may do more holds one; or the actor proved too long ago who they are.
    #[error(transparent)]
    Guard(GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<LeaveError> for RemoveOwnError {
    fn from(error: LeaveError) -> Self {
        match error {
            LeaveError::Emptied(roles) => Self::Emptied(roles),
            LeaveError::Guard(GuardError::Fault(fault)) | LeaveError::Fault(fault) => Self::Fault(fault),
            LeaveError::Guard(refused) => Self::Guard(refused),
        }
    }
}
