use super::{Purpose, SessionPolicy, Stage};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::text::{DisplayName, Slug};
use crate::base::time::Timestamp;
use crate::db::{Tx, execute};
use std::time::Duration;

type Row = (StageId, Slug, DisplayName, Purpose, i64, i64, i64, i64);

fn stage((id, key, name, purpose, position, maximum, idle, version): Row) -> Stage {
    let seconds = |count: i64| Duration::from_secs(count.unsigned_abs());
    Stage { id, key, name, purpose, position, sessions: SessionPolicy { maximum: seconds(maximum), idle: seconds(idle) }, version }
}

/// Every stage, in order.
pub async fn all(tx: &mut Tx) -> Result<Vec<Stage>, Fault> {
    let rows = crate::all!(tx, Row, "SELECT id, key, name, purpose, position, session_maximum, session_idle, version FROM stages ORDER BY position, key")?;
    Ok(rows.into_iter().map(stage).collect())
}

/// The stage with this key.
pub async fn by_key(tx: &mut Tx, key: &Slug) -> Result<Option<Stage>, Fault> {
    let row =
        crate::optional!(tx, Row, "SELECT id, key, name, purpose, position, session_maximum, session_idle, version FROM stages WHERE key = $1", key.as_str())?;
    Ok(row.map(stage))
}

/// The stage with this id.
pub async fn by_id(tx: &mut Tx, id: StageId) -> Result<Option<Stage>, Fault> {
    let row = crate::optional!(tx, Row, "SELECT id, key, name, purpose, position, session_maximum, session_idle, version FROM stages WHERE id = $1", id)?;
    Ok(row.map(stage))
}

/// What keeps a stage from being deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct InTheWay {
    /// Apps that are deployed there.
    pub deployments: i64,
    /// Its groups.
    pub groups: i64,
}

impl InTheWay {
    /// Whether nothing is.
    pub const fn is_free(self) -> bool {
        self.deployments == 0 && self.groups == 0
    }
}

/// What keeps a stage from being deleted.
pub async fn in_the_way(tx: &mut Tx, id: StageId) -> Result<InTheWay, Fault> {
    Ok(crate::one!(
        tx,
        InTheWay,
        "SELECT (SELECT COUNT(*) FROM deployments WHERE stage_id = $1) AS deployments, (SELECT COUNT(*) FROM groups WHERE stage_id = $1) AS groups",
        id
    )?)
}

/// Its sessions go with it: whoever deletes it has ended them. What roles held there is gone before.
pub(super) async fn delete(tx: &mut Tx, id: StageId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM stages WHERE id = $1", id)?;
    Ok(())
}

/// Gives a stage another place.
pub(super) async fn place(tx: &mut Tx, stage: &Stage) -> Result<(), Fault> {
    execute!(tx, "UPDATE stages SET position = $2, version = version + 1 WHERE id = $1", stage.id, stage.position)?;
    Ok(())
}

pub(super) async fn put(tx: &mut Tx, stage: &Stage, now: Timestamp) -> Result<(), Fault> {
    let seconds = |life: Duration| i64::try_from(life.as_secs()).unwrap_or(i64::MAX);
    execute!(
        tx,
        "INSERT INTO stages (id, key, name, purpose, position, session_maximum, session_idle, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, session_maximum = excluded.session_maximum, session_idle = excluded.session_idle,
         version = stages.version + 1",
        stage.id,
        stage.key.as_str(),
        stage.name.as_str(),
        stage.purpose,
        stage.position,
        seconds(stage.sessions.maximum),
        seconds(stage.sessions.idle),
        now
    )?;
    Ok(())
}
