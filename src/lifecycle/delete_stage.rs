//! Deleting a stage: organization roles lose what they hold there alone, whoever is signed in there is signed out, and the stage goes.

use crate::access::stage::{self, ChangeError, Stage};
use crate::base::id::StageId;
use crate::login::session;
use crate::work::{Changing, Work};

/// Deletes a stage where nothing is deployed and that has no group.
pub async fn delete_stage(work: &mut Work, changing: &Changing, id: StageId) -> Result<Stage, ChangeError> {
    let stage = stage::clear(work, changing, id).await?;
    session::end_at(work, id, "the stage was deleted").await?;
    stage::remove(work, changing, &stage).await?;
    Ok(stage)
}
