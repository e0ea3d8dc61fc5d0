//! What organization roles hold of something goes with it: what they hold at a stage alone, or one of the organization's own permissions. Each
//! of them is changed by that as by an edit: a new version, an event with what it held before and afterwards, none is left empty, and nobody
//! takes it from somebody stronger.

use super::exact::{entries_of, whole};
use super::{OrganizationRole, write};
use crate::access::catalogue::Counts;
use crate::access::grant;
use crate::access::guard::GuardError;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::text::PermissionKey;
use crate::db::{Tx, all, execute};
use crate::work::{Changing, Work};

/// What goes.
#[derive(Clone, Copy, Debug)]
pub enum Goes<'a> {
    /// A stage, and with it what roles hold there alone.
    Stage(StageId),
    /// One of the organization's own permissions, wherever it counts.
    Permission(&'a PermissionKey),
}

impl<'a> Goes<'a> {
    /// What the entries that go along have in their columns `stage_id` and `permission`: one of the two.
    fn columns(self) -> (Option<StageId>, Option<&'a str>) {
        match self {
            Self::Stage(stage) => (Some(stage), None),
            Self::Permission(key) => (None, Some(key.as_str())),
        }
    }

    /// Whether an entry goes along.
    fn takes(self, permission: &PermissionKey, counts: Counts) -> bool {
        match self {
            Self::Stage(stage) => counts == Counts::Stage(stage),
            Self::Permission(key) => permission == key,
        }
    }
}

/// An organization role that holds something of what goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The role.
    pub role: OrganizationRole,
    /// What it holds.
    pub had: Vec<(PermissionKey, Counts)>,
    /// What of it stays.
    pub keeps: Vec<(PermissionKey, Counts)>,
}

impl Leaving {
    /// The permissions of the entries that go.
    pub fn goes(&self) -> impl Iterator<Item = &PermissionKey> {
        self.had.iter().filter(|entry| !self.keeps.contains(entry)).map(|(permission, _)| permission)
    }

    /// Whether nothing would be left. A role needs one permission at least.
    pub const fn is_emptied(&self) -> bool {
        self.keeps.is_empty()
    }
}

/// Why the roles keep what they hold.
#[derive(Debug, thiserror::Error)]
pub(in crate::access) enum LeaveError {
    /// These roles would hold nothing any more.
    #[error("organization roles would have no permission left")]
    Emptied(Vec<OrganizationRole>),
    /// Rule 3c.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Roles as a message names them.
pub(in crate::access) fn names(roles: &[OrganizationRole]) -> String {
    roles.iter().map(|role| role.name.as_str()).collect::<Vec<_>>().join(", ")
}

/// The roles that hold something of what goes, by name.
pub async fn leaving(tx: &mut Tx, goes: Goes<'_>) -> Result<Vec<Leaving>, Fault> {
    let (stage, permission) = goes.columns();
    let roles = all!(
        tx,
        OrganizationRole,
        "SELECT id, key, name, description, built_in, version FROM organization_roles
         WHERE id IN (SELECT role_id FROM organization_role_entries WHERE stage_id = $1 OR permission = $2) ORDER BY name, key",
        stage,
        permission
    )?;
    let mut found = Vec::with_capacity(roles.len());
    for role in roles {
        let had = entries_of(tx, role.id).await?;
        let keeps = had.iter().filter(|(permission, counts)| !goes.takes(permission, *counts)).cloned().collect();
        found.push(Leaving { role, had, keeps });
    }
    Ok(found)
}

/// Every role loses what it holds of what goes. The right to let that go is right enough; whoever calls this raises the counter of the
/// configuration.
pub(in crate::access) async fn leave(work: &mut Work, _: &Changing, goes: Goes<'_>) -> Result<(), LeaveError> {
    let leaving = leaving(&mut work.tx, goes).await?;
    let emptied: Vec<OrganizationRole> = leaving.iter().filter(|leaving| leaving.is_emptied()).map(|leaving| leaving.role.clone()).collect();
    if !emptied.is_empty() {
        return Err(LeaveError::Emptied(emptied));
    }
    // All are asked about before anything is written: afterwards their holders would hold less, and nobody would be stronger.
    for Leaving { role, .. } in &leaving {
        grant::may_lessen(work, role.id).await?;
    }
    let (stage, permission) = goes.columns();
    for Leaving { role: before, had, keeps } in leaving {
        let after = OrganizationRole { version: before.version + 1, ..before.clone() };
        write(&mut work.tx, &after).await?;
        execute!(work.tx, "DELETE FROM organization_role_entries WHERE role_id = $1 AND (stage_id = $2 OR permission = $3)", before.id, stage, permission)
            .map_err(Fault::from)?;
        let event = Event::new(Kind::OrganizationRoleChanged, Subject::new("organization_role", before.id));
        work.record(event.before(&whole(&before, &had))?.after(&whole(&after, &keeps))?).await?;
    }
    Ok(())
}
