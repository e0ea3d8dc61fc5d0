//! What organization roles hold at a stage alone goes with the stage. Each of them is changed by that as by an edit: a new version, an event
//! with what it held before and afterwards, and nobody takes it from somebody stronger.

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

/// An organization role that holds something at a stage alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// The role.
    pub role: OrganizationRole,
    /// What it holds.
    pub had: Vec<(PermissionKey, Counts)>,
    /// What of it counts elsewhere.
    pub keeps: Vec<(PermissionKey, Counts)>,
}

impl Leaving {
    /// The permissions that it holds at the stage alone.
    pub fn goes(&self) -> impl Iterator<Item = &PermissionKey> {
        self.had.iter().filter(|entry| !self.keeps.contains(entry)).map(|(permission, _)| permission)
    }

    /// Whether nothing would be left. A role needs one permission at least.
    pub const fn is_emptied(&self) -> bool {
        self.keeps.is_empty()
    }
}

/// Why the roles do not leave a stage.
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

/// The roles that hold something at this stage alone, by name.
pub async fn leaving(tx: &mut Tx, stage: StageId) -> Result<Vec<Leaving>, Fault> {
    let roles = all!(
        tx,
        OrganizationRole,
        "SELECT id, key, name, description, built_in, version FROM organization_roles
         WHERE id IN (SELECT role_id FROM organization_role_entries WHERE stage_id = $1) ORDER BY name, key",
        stage
    )?;
    let mut found = Vec::with_capacity(roles.len());
    for role in roles {
        let had = entries_of(tx, role.id).await?;
        let keeps = had.iter().filter(|(_, counts)| *counts != Counts::Stage(stage)).cloned().collect();
        found.push(Leaving { role, had, keeps });
    }
    Ok(found)
}

/// Every role loses what it holds at a stage alone, because the stage goes. The right to delete the stage is right enough; whoever calls this
/// raises the counter of the configuration.
pub(in crate::access) async fn leave_stage(work: &mut Work, _: &Changing, stage: StageId) -> Result<(), LeaveError> {
    let leaving = leaving(&mut work.tx, stage).await?;
    let emptied: Vec<OrganizationRole> = leaving.iter().filter(|leaving| leaving.is_emptied()).map(|leaving| leaving.role.clone()).collect();
    if !emptied.is_empty() {
        return Err(LeaveError::Emptied(emptied));
    }
    // All are asked about before anything is written: afterwards their holders would hold less, and nobody would be stronger.
    for Leaving { role, .. } in &leaving {
        grant::may_lessen(work, role.id).await?;
    }
    for Leaving { role: before, had, keeps } in leaving {
        let after = OrganizationRole { version: before.version + 1, ..before.clone() };
        write(&mut work.tx, &after).await?;
        execute!(work.tx, "DELETE FROM organization_role_entries WHERE role_id = $1 AND stage_id = $2", before.id, stage).map_err(Fault::from)?;
        let event = Event::new(Kind::OrganizationRoleChanged, Subject::new("organization_role", before.id));
        work.record(event.before(&whole(&before, &had))?.after(&whole(&after, &keeps))?).await?;
    }
    Ok(())
}
