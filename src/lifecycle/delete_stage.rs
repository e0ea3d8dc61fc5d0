//! Deleting a stage: organization roles lose what they hold there alone, whoever is signed in there is signed out, and the stage goes.

use crate::access::stage::{self, ChangeError, Stage};
use crate::base::fault::Fault;
use crate::base::id::StageId;
use crate::base::time::Timestamp;
use crate::db::{Tx, one};
use crate::login::session;
use crate::work::{Changing, Work};

/// How many people are signed in at a stage: whom its deletion signs out. What has lapsed by its policy counts no more.
pub async fn signed_in(tx: &mut Tx, stage: &Stage, now: Timestamp) -> Result<i64, Fault> {
    let (people,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT user_id) FROM sessions WHERE stage_id = $1 AND ended_at IS NULL AND authenticated_at > $2 AND last_seen_at > $3",
        stage.id,
        now.minus(stage.sessions.maximum),
        now.minus(stage.sessions.idle)
    )?;
    Ok(people)
}

/// Deletes a stage where nothing is deployed and that has no group.
pub async fn delete_stage(work: &mut Work, changing: &Changing, id: StageId) -> Result<Stage, ChangeError> {
    let stage = stage::clear(work, changing, id).await?;
    session::end_at(work, id, "the stage was deleted").await?;
    stage::remove(work, changing, &stage).await?;
    Ok(stage)
}
