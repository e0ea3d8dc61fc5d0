//! Changes of a stage by somebody who has seen it: what somebody else did meanwhile is not undone unseen.

use super::store::{self, InTheWay};
use super::{SessionPolicy, Spec, Stage, StageError};
use crate::access::change::configuration_changed;
use crate::access::guard::GuardError;
use crate::access::role::organization::{self, Goes, LeaveError, OrganizationRole, names};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, Slug};
use crate::work::{Changing, Work};

/// Why a stage could not be made, edited or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is a stage with this key.
    #[error("there is a stage with the key {0} already")]
    Taken(Slug),
    /// There is no such stage, or no more.
    #[error("there is no such stage")]
    Unknown,
    /// Somebody else changed it since the reader saw it.
    #[error("the stage was changed by somebody else meanwhile")]
    Overtaken(Box<Stage>),
    /// Apps are deployed there, or it has groups.
    #[error("the stage is in use: {} apps are deployed there, and it has {} groups", .0.deployments, .0.groups)]
    InUse(InTheWay),
    /// These organization roles hold nothing but permissions at this stage alone.
    #[error("these organization roles would have no permission left, change or remove them first: {}", names(.0))]
    Emptied(Vec<OrganizationRole>),
    /// Rule 3c: organization roles would lose something, and somebody who may do more holds one; or the actor proved too long ago who they are.
    #[error(transparent)]
    Guard(GuardError),
    /// The name is too long.
    #[error("the name must have at most 50 characters")]
    Name,
    /// The policy is out of bounds.
    #[error("sessions must last 1 hour to 45 days in all and 5 minutes to 45 days idle, idle not longer than in all")]
    Policy,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<LeaveError> for ChangeError {
    fn from(error: LeaveError) -> Self {
        match error {
            LeaveError::Emptied(roles) => Self::Emptied(roles),
            LeaveError::Guard(GuardError::Fault(fault)) | LeaveError::Fault(fault) => Self::Fault(fault),
            LeaveError::Guard(refused) => Self::Guard(refused),
        }
    }
}

impl From<StageError> for ChangeError {
    fn from(error: StageError) -> Self {
        match error {
            StageError::Denied(denied) => Self::Denied(denied),
            StageError::Name(_) => Self::Name,
            StageError::Policy(_) => Self::Policy,
            StageError::Purpose(_) => Self::Fault(Fault::broken("an edit never changes the purpose of a stage")),
            StageError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Makes a stage whose key is free.
pub async fn create(work: &mut Work, changing: &Changing, spec: &Spec) -> Result<Stage, ChangeError> {
    work.require("stage.manage", Reach::Organization)?;
    if store::by_key(&mut work.tx, &spec.key).await?.is_some() {
        return Err(ChangeError::Taken(spec.key.clone()));
    }
    Ok(super::put(work, changing, spec).await?)
}

/// The stage as its reader saw it. `version` `None`: whatever it is by now.
async fn seen(work: &mut Work, id: StageId, version: Option<i64>) -> Result<Stage, ChangeError> {
    let stage = store::by_id(&mut work.tx, id).await?.ok_or(ChangeError::Unknown)?;
    work.require("stage.manage", Reach::Stage(stage.id))?;
    if version.is_none_or(|version| version == stage.version) { Ok(stage) } else { Err(ChangeError::Overtaken(Box::new(stage))) }
}

/// Changes name and session policy of a stage as its reader saw it. Key and purpose never change.
pub async fn edit(work: &mut Work, changing: &Changing, id: StageId, version: i64, name: &DisplayName, sessions: SessionPolicy) -> Result<Stage, ChangeError> {
    let stage = seen(work, id, Some(version)).await?;
    let spec = Spec { key: stage.key, name: name.clone(), purpose: stage.purpose, sessions };
    Ok(super::put(work, changing, &spec).await?)
}

/// The first half of deleting a stage: refuses unless nothing is deployed there and it has no group, and takes what organization roles hold
/// there alone out of them. `lifecycle::delete_stage` goes on.
pub(crate) async fn clear(work: &mut Work, changing: &Changing, id: StageId) -> Result<Stage, ChangeError> {
    let stage = seen(work, id, None).await?;
    let standing = store::in_the_way(&mut work.tx, id).await?;
    if !standing.is_free() {
        return Err(ChangeError::InUse(standing));
    }
    organization::leave(work, changing, Goes::Stage(id)).await?;
    Ok(stage)
}

/// The second half: the stage itself goes.
pub(crate) async fn remove(work: &mut Work, _: &Changing, stage: &Stage) -> Result<(), Fault> {
    if work.is_rehearsal {
        // Everybody's sessions there would go with it, and what hangs on them.
        work.touched.gone.stages.insert(stage.id);
    } else {
        store::delete(&mut work.tx, stage.id).await?;
    }
    configuration_changed(work).await?;
    work.record(Event::new(Kind::StageDeleted, Subject::new("stage", stage.id)).before(stage)?).await
}
