//! What people do with a file: start, pause, go on, try again, end. Only whoever uploaded it lets it invite in their name; those who
//! manage users may stop it.

use super::{Batch, BatchState, Counts, by_id, counts, store};
use crate::access::begin_change;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::BulkInvitationId;
use crate::base::reach::Reach;
use crate::lifecycle::invitation::may_offer_anything;
use crate::work::Work;
use serde::Serialize;

/// Why nothing was done with a file.
#[derive(Debug, thiserror::Error)]
pub enum HandleError {
    /// There is none, or none that the actor may see.
    #[error("there is no such file")]
    Missing,
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It does not stand where this could be done: somebody was faster.
    #[error("this is not possible any more")]
    Late,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What the audit trail keeps of a file. No address stands in it.
#[derive(Serialize)]
pub(super) struct Written<'a> {
    pub(super) batch: &'a Batch,
    pub(super) counts: Counts,
}

/// Whether only its owner may do it.
#[derive(Clone, Copy, PartialEq)]
enum For {
    Owner,
    Seer,
}

/// The file, if the actor may do this with it. Their rights are read again.
async fn find(work: &mut Work, id: BulkInvitationId, whom: For) -> Result<Batch, HandleError> {
    begin_change(work).await?;
    let may_see_others = work.require("users.manage", Reach::Organization);
    if !may_offer_anything(&work.actor) {
        may_see_others?;
    }
    let batch = by_id(&mut work.tx, id).await?.filter(|batch| batch.is_seen_by(&work.actor)).ok_or(HandleError::Missing)?;
    if whom == For::Owner && !(batch.is_of(&work.actor) && may_offer_anything(&work.actor)) {
        return Err(Denied { permission: "end_user_access.manage", reach: Reach::Organization }.into());
    }
    Ok(batch)
}

pub(super) async fn record(work: &mut Work, before: &Batch, kind: Kind) -> Result<(), Fault> {
    let counts = counts(&mut work.tx, &[before.id]).await?.remove(&before.id).unwrap_or_default();
    let after = by_id(&mut work.tx, before.id).await?.ok_or_else(|| Fault::broken("a file of invitations is gone"))?;
    let event = Event::new(kind, Subject::new("bulk_invitation", before.id));
    work.record(event.before(&Written { batch: before, counts })?.after(&Written { batch: &after, counts })?).await
}

async fn change(work: &mut Work, batch: &Batch, from: &[BatchState], to: BatchState, kind: Kind) -> Result<(), HandleError> {
    let now = work.now;
    if !store::set_state(&mut work.tx, batch.id, from, to, now).await? {
        return Err(HandleError::Late);
    }
    if to == BatchState::Running {
        // What it does, somebody asked for in this request.
        store::keep_origin(&mut work.tx, batch.id, &work.origin).await?;
    }
    Ok(record(work, batch, kind).await?)
}

/// Lets a checked file be carried out.
pub async fn start(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Owner).await?;
    let waits = counts(&mut work.tx, &[id]).await?.get(&id).is_some_and(|counts| counts.waiting > 0);
    if !waits {
        return Err(HandleError::Late);
    }
    change(work, &batch, &[BatchState::Checked], BatchState::Running, Kind::BulkInvitationStarted).await
}

/// Stops a running file for now: the row in hand is finished, and no other begun.
pub async fn pause(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Seer).await?;
    change(work, &batch, &[BatchState::Running], BatchState::Paused, Kind::BulkInvitationPaused).await
}

/// Goes on with a paused file.
pub async fn proceed(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Owner).await?;
    change(work, &batch, &[BatchState::Paused], BatchState::Running, Kind::BulkInvitationStarted).await
}

/// Lets everything that failed be tried again.
pub async fn retry(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Owner).await?;
    if batch.state != BatchState::Ended || store::wait_again(&mut work.tx, id).await? == 0 {
        return Err(HandleError::Late);
    }
    change(work, &batch, &[BatchState::Ended], BatchState::Running, Kind::BulkInvitationStarted).await
}

/// Ends a file that runs or rests. Whom it invited stays invited; nobody else is.
pub async fn cancel(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Seer).await?;
    change(work, &batch, &[BatchState::Running, BatchState::Paused], BatchState::Cancelled, Kind::BulkInvitationCancelled).await
}

/// Throws away a file that was checked and not started. It never did anything, so nothing is kept of it.
pub async fn discard(work: &mut Work, id: BulkInvitationId) -> Result<(), HandleError> {
    let batch = find(work, id, For::Seer).await?;
    if store::delete(&mut work.tx, batch.id).await? { Ok(()) } else { Err(HandleError::Late) }
}
