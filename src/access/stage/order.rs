//! The order of the stages. One changes places with the one beside it; the purposes keep theirs, so that development stays first and production
//! last.

use super::{Stage, store};
use crate::access::change::configuration_changed;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::reach::Reach;
use crate::work::{Changing, Work};

crate::choice! {
    /// Where a stage moves.
    pub enum Direction {
        /// Towards the first one.
        Up = "up",
        /// Towards the last one.
        Down = "down",
    }
}

/// A stage as its reader saw it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Which.
    pub id: StageId,
    /// The ETag then.
    pub version: i64,
}

/// Why a stage was not moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such stage, or no more.
    #[error("there is no such stage")]
    Unknown,
    /// Somebody else changed one of the two since the reader saw them, or another one stands there now.
    #[error("the stages, or their order, were changed by somebody else meanwhile")]
    Overtaken,
    /// No stage of the same purpose stands there.
    #[error("stages keep the order of their purposes, development first and production last")]
    Fixed,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The stage with which one may change places: the next of the same purpose, in the order of `stages`.
pub fn beside(stages: &[Stage], id: StageId, to: Direction) -> Option<&Stage> {
    let at = stages.iter().position(|stage| stage.id == id)?;
    let there = match to {
        Direction::Up => at.checked_sub(1)?,
        Direction::Down => at + 1,
    };
    let moved = stages.get(at)?;
    stages.get(there).filter(|other| other.purpose == moved.purpose)
}

/// Moves a stage by one place: it and the one that its reader saw there change places.
///
/// The right is needed at both, because both move: whoever manages one alone would put somebody else's stage elsewhere. Nothing else in the
/// order changes, so no more is needed; who may manage every stage may move every stage.
pub async fn shift(work: &mut Work, _: &Changing, stage: Seen, to: Direction, there: Option<Seen>) -> Result<(), MoveError> {
    let stages = store::all(&mut work.tx).await?;
    let moved = stages.iter().find(|one| one.id == stage.id).ok_or(MoveError::Unknown)?;
    work.require("stage.manage", Reach::Stage(moved.id))?;
    if moved.version != stage.version {
        return Err(MoveError::Overtaken);
    }
    let Some(other) = beside(&stages, moved.id, to) else {
        // Whoever names one that went, or one of the same purpose that stands elsewhere now, saw another order.
        let named = there.map(|there| stages.iter().find(|one| one.id == there.id));
        let fixed = named.is_none_or(|named| named.is_some_and(|one| one.purpose != moved.purpose));
        return Err(if fixed { MoveError::Fixed } else { MoveError::Overtaken });
    };
    work.require("stage.manage", Reach::Stage(other.id))?;
    if there != Some(Seen { id: other.id, version: other.version }) {
        return Err(MoveError::Overtaken);
    }
    for (before, position) in [(moved, other.position), (other, moved.position)] {
        let after = Stage { position, version: before.version + 1, ..before.clone() };
        store::place(&mut work.tx, &after).await?;
        work.record(Event::new(Kind::StageChanged, Subject::new("stage", after.id)).before(before)?.after(&after)?).await?;
    }
    configuration_changed(work).await?;
    Ok(())
}
