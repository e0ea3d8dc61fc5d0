//! Organization roles as people edit them: exactly what the form says, against the version that its reader saw.

use super::{OrganizationRole, RoleError, add_entry, by_id, by_key, check, refuse_taken, write};
use crate::access::catalogue::Counts;
use crate::access::change::configuration_changed;
use crate::access::grant;
use crate::access::guard::{self, GuardError};
use crate::access::load::{read_counts, write_counts};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{OrganizationRoleId, StageId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, PermissionKey, Slug};
use crate::db::{Tx, all, execute, one, optional};
use crate::work::{Changing, Work};
use serde::Serialize;

/// Why a role was not edited.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such role.
    #[error("there is no such role")]
    Unknown,
    /// Somebody else changed it meanwhile: this is how it is now.
    #[error("the role was changed meanwhile")]
    Overtaken(Box<OrganizationRole>),
    /// Another role has this key.
    #[error("there is a role with the key {0}")]
    KeyTaken(Slug),
    /// What a role may not be.
    #[error(transparent)]
    Role(RoleError),
    /// People or clients hold it, and the form did not say that they lose it.
    #[error("{} people and clients hold this role", .0.people + .0.clients)]
    InUse(Holders),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<RoleError> for EditError {
    fn from(error: RoleError) -> Self {
        match error {
            RoleError::Denied(denied) => Self::Denied(denied),
            RoleError::Fault(fault) => Self::Fault(fault),
            refused => Self::Role(refused),
        }
    }
}

impl From<GuardError> for EditError {
    fn from(error: GuardError) -> Self {
        RoleError::from(error).into()
    }
}

impl From<grant::EndError> for EditError {
    fn from(error: grant::EndError) -> Self {
        match error {
            grant::EndError::Denied(denied) => Self::Denied(denied),
            grant::EndError::Guard(error) => error.into(),
            grant::EndError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// A role as a form has it.
#[derive(Clone, Debug)]
pub struct Edited {
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// Every permission and where it counts.
    pub entries: Vec<(PermissionKey, Counts)>,
}

/// How many hold a role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// Users.
    pub people: i64,
    /// API clients.
    pub clients: i64,
}

/// An entry as the audit trail keeps it.
#[derive(Serialize)]
struct Told<'a> {
    permission: &'a PermissionKey,
    counts: &'static str,
    stage_id: Option<StageId>,
}

/// A role with everything it holds, for the audit trail.
#[derive(Serialize)]
pub(super) struct Whole<'a> {
    #[serde(flatten)]
    role: &'a OrganizationRole,
    entries: Vec<Told<'a>>,
}

pub(super) fn whole<'a>(role: &'a OrganizationRole, entries: &'a [(PermissionKey, Counts)]) -> Whole<'a> {
    let told = |(permission, counts): &'a (PermissionKey, Counts)| {
        let (counts, stage_id) = write_counts(counts);
        Told { permission, counts, stage_id }
    };
    Whole { role, entries: entries.iter().map(told).collect() }
}

/// The permissions of a custom role and where each counts, in order; also those that no binary knows any more.
pub async fn entries_of(tx: &mut Tx, role: OrganizationRoleId) -> Result<Vec<(PermissionKey, Counts)>, Fault> {
    let rows =
        all!(tx, (PermissionKey, String, Option<StageId>), "SELECT permission, counts, stage_id FROM organization_role_entries WHERE role_id = $1", role)?;
    let mut entries: Vec<(PermissionKey, Counts)> =
        rows.into_iter().map(|(permission, counts, stage)| Ok((permission, read_counts(&counts, stage)?))).collect::<Result<_, Fault>>()?;
    entries.sort();
    Ok(entries)
}

/// How many hold each role, whenever it is in force.
pub async fn holders(tx: &mut Tx) -> Result<Vec<(OrganizationRoleId, Holders)>, Fault> {
    let rows = all!(
        tx,
        (OrganizationRoleId, i64, i64),
        "SELECT role_id, COUNT(DISTINCT user_id), COUNT(DISTINCT client_id) FROM organization_grants GROUP BY role_id"
    )?;
    Ok(rows.into_iter().map(|(role, people, clients)| (role, Holders { people, clients })).collect())
}

/// Makes a role; a copy of another one is made of that one's entries.
pub async fn create(work: &mut Work, _: &Changing, key: &Slug, edited: &Edited) -> Result<OrganizationRole, EditError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    if by_key(&mut work.tx, key).await?.is_some() {
        return Err(EditError::KeyTaken(key.clone()));
    }
    refuse_taken(&mut work.tx, &edited.name, None).await?;
    if edited.entries.is_empty() {
        return Err(RoleError::Empty.into());
    }
    check(&mut work.tx, key, &edited.entries).await?;
    let held = guard::before_roles_change(work).await?;
    let Edited { name, description, entries } = edited.clone();
    let role = OrganizationRole { id: OrganizationRoleId::fresh(), key: key.clone(), name, description, built_in: false, version: 1 };
    write(&mut work.tx, &role).await?;
    for (permission, counts) in &entries {
        add_entry(&mut work.tx, role.id, permission, counts).await?;
    }
    configuration_changed(work).await?;
    work.record(Event::new(Kind::OrganizationRoleChanged, Subject::new("organization_role", role.id)).after(&whole(&role, &entries))?).await?;
    guard::roles_may_grow(work, held).await?;
    Ok(role)
}

/// The custom role of a form, if it can be edited and is as its reader saw it.
pub(crate) async fn seen(work: &mut Work, id: OrganizationRoleId, version: i64) -> Result<OrganizationRole, EditError> {
    work.require("organization_roles.manage", Reach::Organization)?;
    // What an API client keeps for itself is edited with the client.
    let private =
        optional!(work.tx, (i64,), "SELECT version FROM organization_roles WHERE id = $1 AND owner_client_id IS NOT NULL", id).map_err(Fault::from)?;
    let role = by_id(&mut work.tx, id).await?.filter(|_| private.is_none()).ok_or(EditError::Unknown)?;
    if role.built_in {
        return Err(EditError::Role(RoleError::BuiltIn(role.key)));
    }
    if role.version == version { Ok(role) } else { Err(EditError::Overtaken(Box::new(role))) }
}

/// Changes a role to exactly this. What it held before and the form leaves out is gone for everybody who holds it.
pub async fn edit(work: &mut Work, _: &Changing, id: OrganizationRoleId, version: i64, edited: &Edited) -> Result<OrganizationRole, EditError> {
    let before = seen(work, id, version).await?;
    refuse_taken(&mut work.tx, &edited.name, Some(id)).await?;
    if edited.entries.is_empty() {
        return Err(RoleError::Empty.into());
    }
    let had = entries_of(&mut work.tx, id).await?;
    let mut entries = edited.entries.clone();
    entries.sort();
    entries.dedup();
    // What a retired permission left behind may stay; nothing like it may come.
    let new: Vec<(PermissionKey, Counts)> = entries.iter().filter(|entry| !had.contains(entry)).cloned().collect();
    check(&mut work.tx, &before.key, &new).await?;
    let mut after = OrganizationRole { name: edited.name.clone(), description: edited.description.clone(), ..before.clone() };
    if after == before && entries == had {
        return Ok(before);
    }
    if had.iter().any(|entry| !entries.contains(entry)) {
        grant::may_lessen(work, id).await?;
    }
    let held = guard::before_roles_change(work).await?;
    after.version += 1;
    write(&mut work.tx, &after).await?;
    execute!(work.tx, "DELETE FROM organization_role_entries WHERE role_id = $1", id).map_err(Fault::from)?;
    for (permission, counts) in &entries {
        add_entry(&mut work.tx, id, permission, counts).await?;
    }
    configuration_changed(work).await?;
    let event = Event::new(Kind::OrganizationRoleChanged, Subject::new("organization_role", id));
    work.record(event.before(&whole(&before, &had))?.after(&whole(&after, &entries))?).await?;
    guard::roles_may_grow(work, held).await?;
    Ok(after)
}

/// Removes a custom role. `with_grants`: whoever holds it loses it; without, a role that somebody holds stays.
pub async fn remove(work: &mut Work, changing: &Changing, id: OrganizationRoleId, version: i64, with_grants: bool) -> Result<OrganizationRole, EditError> {
    let role = seen(work, id, version).await?;
    let (people, clients) =
        one!(work.tx, (i64, i64), "SELECT COUNT(DISTINCT user_id), COUNT(DISTINCT client_id) FROM organization_grants WHERE role_id = $1", id)
            .map_err(Fault::from)?;
    if people + clients > 0 {
        if !with_grants {
            return Err(EditError::InUse(Holders { people, clients }));
        }
        grant::end_of_organization_role(work, changing, id).await?;
    }
    let had = entries_of(&mut work.tx, id).await?;
    execute!(work.tx, "DELETE FROM organization_role_entries WHERE role_id = $1", id).map_err(Fault::from)?;
    if work.is_rehearsal {
        // Its grants, which are left where they are, refer to it.
        work.touched.gone.organization_roles.insert(id);
    } else {
        execute!(work.tx, "DELETE FROM organization_roles WHERE id = $1", id).map_err(Fault::from)?;
    }
    configuration_changed(work).await?;
    work.record(Event::new(Kind::OrganizationRoleRemoved, Subject::new("organization_role", id)).before(&whole(&role, &had))?).await?;
    Ok(role)
}
