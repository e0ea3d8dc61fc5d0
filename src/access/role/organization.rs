//! Organization roles: named sets of platform permissions, each counting at every stage, at stages of a purpose, or at one.

mod exact;
mod leaving;
mod matrix;
mod own;

pub(crate) use exact::seen;
pub use exact::{EditError, Edited, Holders, create, edit, entries_of, holders, remove};
pub use leaving::{Goes, Leaving, leaving};
pub(in crate::access) use leaving::{LeaveError, leave, names};
pub use matrix::{Cell, Matrix, Row, matrix};
pub use own::{
    OwnPermissionError, RemoveOwnError, change_own_permission, make_own_permission, own_permissions, own_version, put_own_permission, remove_own_permission,
};

use crate::access::catalogue::Counts;
use crate::access::change::configuration_changed;
use crate::access::guard::{self, GuardError};
use crate::access::load::write_counts;
use crate::access::permission;
use crate::access::stage;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{OrganizationRoleId, RoleEntryId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, PermissionKey, Slug, fold};
use crate::db::{Tx, all, execute, optional};
use crate::work::{Changing, Work};
use serde::Serialize;

/// An organization role.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OrganizationRole {
    /// The row.
    pub id: OrganizationRoleId,
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// Whether the binary says what it holds; then it cannot be changed.
    pub built_in: bool,
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
    /// The permissions and where each counts.
    pub entries: Vec<(PermissionKey, Counts)>,
}

/// Why a role could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum RoleError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The role is built in.
    #[error("the role {0} is built in: duplicate it under another key to change it")]
    BuiltIn(Slug),
    /// Another role has this name.
    #[error("there is another role with the name {0}: people could not tell them apart")]
    NameTaken(DisplayName),
    /// A role without permissions gives nothing.
    #[error("a role needs one permission at least")]
    Empty,
    /// No such permission.
    #[error("the role {role} holds {permission}, which is no permission")]
    Unknown {
        /// The role.
        role: Slug,
        /// The permission.
        permission: PermissionKey,
    },
    /// The permission has no stages.
    #[error("the role {role} limits {permission} to stages, but that permission is not by stage")]
    NotByStage {
        /// The role.
        role: Slug,
        /// The permission.
        permission: PermissionKey,
    },
    /// A stage was deleted since the form was opened.
    #[error("the role {0} limits a permission to a stage that does not exist any more")]
    StageGone(Slug),
    /// Rule 3a: somebody would gain what the actor does not hold.
    #[error(transparent)]
    Guard(GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GuardError> for RoleError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

/// The role with this key.
pub async fn by_key(tx: &mut Tx, key: &Slug) -> Result<Option<OrganizationRole>, Fault> {
    Ok(optional!(tx, OrganizationRole, "SELECT id, key, name, description, built_in, version FROM organization_roles WHERE key = $1", key.as_str())?)
}

/// The role with this id.
pub async fn by_id(tx: &mut Tx, id: OrganizationRoleId) -> Result<Option<OrganizationRole>, Fault> {
    Ok(optional!(tx, OrganizationRole, "SELECT id, key, name, description, built_in, version FROM organization_roles WHERE id = $1", id)?)
}

/// Whether every built-in role has its row.
pub async fn are_built_in_complete(tx: &mut Tx) -> Result<bool, Fault> {
    let rows = all!(tx, (Slug,), "SELECT key FROM organization_roles WHERE built_in")?;
    Ok(permission::built_in().roles.iter().all(|role| rows.iter().any(|(key,)| *key == role.key)))
}

/// Makes the rows of the built-in roles that are missing; what they hold stays in the binary.
pub async fn ensure_built_in(work: &mut Work, _: &Changing) -> Result<(), Fault> {
    for role in &permission::built_in().roles {
        let made = execute!(
            work.tx,
            "INSERT INTO organization_roles (id, key, name, description, built_in, version) VALUES ($1, $2, $3, '', TRUE, 1) ON CONFLICT (key) DO NOTHING",
            OrganizationRoleId::fresh(),
            role.key.as_str(),
            role.name.as_str()
        )?;
        if made == 1 {
            configuration_changed(work).await?;
        }
    }
    Ok(())
}

/// Every role that people may be given, by name. What API clients keep for themselves is left out.
pub async fn all_of_them(tx: &mut Tx) -> Result<Vec<OrganizationRole>, Fault> {
    Ok(all!(
        tx,
        OrganizationRole,
        "SELECT id, key, name, description, built_in, version FROM organization_roles WHERE owner_client_id IS NULL ORDER BY built_in DESC, name, key"
    )?)
}

/// Makes a custom role, or changes its name and description and adds entries. Entries that the list leaves out stay.
pub async fn put(work: &mut Work, _: &Changing, spec: &Spec) -> Result<OrganizationRole, RoleError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    let before = by_key(&mut work.tx, &spec.key).await?;
    if before.as_ref().is_some_and(|role| role.built_in) {
        return Err(RoleError::BuiltIn(spec.key.clone()));
    }
    check(&mut work.tx, &spec.key, &spec.entries).await?;
    refuse_taken(&mut work.tx, &spec.name, before.as_ref().map(|role| role.id)).await?;
    if before.is_none() && spec.entries.is_empty() {
        return Err(RoleError::Empty);
    }
    let held = guard::before_roles_change(work).await?;
    let Spec { key, name, description, .. } = spec.clone();
    let mut after = match &before {
        None => OrganizationRole { id: OrganizationRoleId::fresh(), key, name, description, built_in: false, version: 1 },
        Some(role) => OrganizationRole { name, description, ..role.clone() },
    };
    let mut changed = before.as_ref() != Some(&after);
    if changed {
        after.version = before.as_ref().map_or(1, |role| role.version + 1);
        write(&mut work.tx, &after).await?;
    }
    let mut added = Vec::new();
    for (permission, counts) in &spec.entries {
        if add_entry(&mut work.tx, after.id, permission, counts).await? {
            added.push(permission);
        }
    }
    changed |= !added.is_empty();
    if changed {
        configuration_changed(work).await?;
        let mut event = Event::new(Kind::OrganizationRoleChanged, Subject::new("organization_role", after.id)).after(&(&after, &added))?;
        if let Some(before) = &before {
            event = event.before(before)?;
        }
        work.record(event).await?;
        guard::roles_may_grow(work, held).await?;
    }
    Ok(after)
}

/// Refuses a name that another role has: they are told apart as people read them.
async fn refuse_taken(tx: &mut Tx, name: &DisplayName, but: Option<OrganizationRoleId>) -> Result<(), RoleError> {
    let folded = fold(name.as_str());
    let same = all_of_them(tx).await?.into_iter().any(|role| Some(role.id) != but && fold(role.name.as_str()) == folded);
    if same { Err(RoleError::NameTaken(name.clone())) } else { Ok(()) }
}

/// Refuses entries of permissions that do not exist, or that cannot be limited to stages, and entries of stages that do not exist.
async fn check(tx: &mut Tx, role: &Slug, entries: &[(PermissionKey, Counts)]) -> Result<(), RoleError> {
    let own = own_permissions(tx).await?;
    let stages = stage::all(tx).await?;
    for (key, counts) in entries {
        if let Counts::Stage(id) = counts
            && !stages.iter().any(|stage| stage.id == *id)
        {
            return Err(RoleError::StageGone(role.clone()));
        }
        match permission::built_in().permissions.iter().chain(&own).find(|permission| permission.key == *key) {
            None => return Err(RoleError::Unknown { role: role.clone(), permission: key.clone() }),
            Some(permission) if !permission.by_stage && *counts != Counts::EveryStage => {
                return Err(RoleError::NotByStage { role: role.clone(), permission: key.clone() });
            }
            Some(_) => {}
        }
    }
    Ok(())
}

async fn write(tx: &mut Tx, role: &OrganizationRole) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO organization_roles (id, key, name, description, built_in, version) VALUES ($1, $2, $3, $4, FALSE, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, version = organization_roles.version + 1",
        role.id,
        role.key.as_str(),
        role.name.as_str(),
        role.description.as_str()
    )?;
    Ok(())
}

async fn add_entry(tx: &mut Tx, role: OrganizationRoleId, permission: &PermissionKey, counts: &Counts) -> Result<bool, Fault> {
    let (word, stage) = write_counts(counts);
    let rows = execute!(
        tx,
        "INSERT INTO organization_role_entries (id, role_id, permission, counts, stage_id) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        RoleEntryId::fresh(),
        role,
        permission.as_str(),
        word,
        stage
    )?;
    Ok(rows == 1)
}
