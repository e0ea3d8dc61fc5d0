//! Stages: the ordered environments of an organization.

crate::choice! {
    /// What a stage is for.
    pub enum Purpose {
        /// Where apps are built.
        Development = "development",
        /// Where apps are tried.
        NonProduction = "non_production",
        /// Where apps are used.
        Production = "production",
    }
}

mod change;
mod first;
mod order;
mod store;

pub use change::{ChangeError, create, edit};
pub(crate) use change::{clear, remove};
pub use first::put_first;
pub use order::{Direction, MoveError, Seen, beside, shift};
pub use store::{InTheWay, all, by_id, by_key, in_the_way};

pub use crate::base::policy::SessionPolicy;

use super::change::configuration_changed;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, Slug};
use crate::work::{Changing, Work};
use serde::Serialize;

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Stage {
    /// The row.
    pub id: StageId,
    /// What claims carry.
    pub key: Slug,
    /// What people read, at most 50 characters.
    pub name: DisplayName,
    /// What it is for.
    pub purpose: Purpose,
    /// Its place in the order: Development first, Production last.
    pub position: i64,
    /// How long its sessions last.
    pub sessions: SessionPolicy,
    /// The ETag.
    pub version: i64,
}

/// What a file or form says of a stage.
#[derive(Clone, Debug)]
pub struct Spec {
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for; never changes once there are deployments.
    pub purpose: Purpose,
    /// How long its sessions last.
    pub sessions: SessionPolicy,
}

/// Why the stages could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The name is too long.
    #[error("the name of the stage {0} must have at most 50 characters")]
    Name(Slug),
    /// The policy is out of bounds.
    #[error("sessions of the stage {0} must last 1 hour to 45 days in all and 5 minutes to 45 days idle, idle not longer than in all")]
    Policy(Slug),
    /// The purpose cannot change.
    #[error("the purpose of the stage {0} cannot change")]
    Purpose(Slug),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The stages of a new organization: Development, QA, Production.
pub fn first_stages() -> Vec<Spec> {
    [("development", "Development", Purpose::Development), ("qa", "QA", Purpose::NonProduction), ("production", "Production", Purpose::Production)]
        .into_iter()
        .filter_map(|(key, name, purpose)| {
            Some(Spec { key: Slug::parse(key).ok()?, name: DisplayName::parse(name).ok()?, purpose, sessions: SessionPolicy::STANDARD })
        })
        .collect()
}

/// Makes a stage, or changes its name and session policy. Stages stand in the order of their purposes, then of their making, until somebody
/// moves them (`shift`).
pub async fn put(work: &mut Work, _: &Changing, spec: &Spec) -> Result<Stage, StageError> {
    let stages = store::all(&mut work.tx).await?;
    let before = stages.iter().find(|stage| stage.key == spec.key);
    work.require("stage.manage", before.map_or(Reach::Organization, |stage| Reach::Stage(stage.id)))?;
    if spec.name.as_str().chars().count() > 50 {
        return Err(StageError::Name(spec.key.clone()));
    }
    if !spec.sessions.is_valid() {
        return Err(StageError::Policy(spec.key.clone()));
    }
    let after = match before {
        None => {
            // After the last one of its purpose, also when one before it was deleted.
            let last = stages.iter().filter(|stage| stage.purpose == spec.purpose).map(|stage| stage.position + 1).max();
            let rank = last.unwrap_or(i64::from(spec.purpose as u8) * 1_000);
            let Spec { key, name, purpose, sessions } = spec.clone();
            Stage { id: StageId::fresh(), key, name, purpose, position: rank, sessions, version: 1 }
        }
        Some(stage) if stage.purpose != spec.purpose => return Err(StageError::Purpose(spec.key.clone())),
        Some(stage) if stage.name == spec.name && stage.sessions == spec.sessions => return Ok(stage.clone()),
        Some(stage) => Stage { name: spec.name.clone(), sessions: spec.sessions, version: stage.version + 1, ..stage.clone() },
    };
    store::put(&mut work.tx, &after, work.now).await?;
    configuration_changed(work).await?;
    let mut event = Event::new(Kind::StageChanged, Subject::new("stage", after.id)).after(&after)?;
    if let Some(before) = before {
        event = event.before(before)?;
    }
    work.record(event).await?;
    Ok(after)
}
