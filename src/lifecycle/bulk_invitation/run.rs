//! Carrying a file out, one person in one work. A worker holds a file by a lease, and each work renews it: who lost it does nothing more.

use super::handle::record;
use super::known::{Known, Sights};
use super::problem::refusal;
use super::{Batch, BatchState, Column, Did, Foresight, Problem, Row, Trouble, by_id, store};
use crate::access::begin_change;
use crate::access::grant::Given;
use crate::access::load::Snapshot;
use crate::actor::Actor;
use crate::audit::Kind;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::BulkInvitationId;
use crate::base::secret::random_bytes;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use crate::identity::user;
use crate::lifecycle::invitation::{self, InviteError, Letters, NewInvitation, Offered, Outcome};
use crate::work::{Changing, Ground, Origin, Work};
use std::time::Duration;
use uuid::Uuid;

/// How long a worker may hold a file without a sign of life before another takes it.
pub const LEASE: Duration = Duration::from_mins(1);

/// A file in the hands of a worker.
#[derive(Debug)]
pub struct Claimed {
    /// The file.
    pub batch: Batch,
    lease: Vec<u8>,
    /// From where it was started.
    origin: Origin,
}

/// What one step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A row was carried out, or failed: there may be more.
    Went,
    /// Nothing is left: the file has ended.
    Ended,
    /// The file was paused, cancelled or taken over.
    Lost,
}

/// Whether any file waits for a worker: asked before `claim`, so that nothing is written while there is none.
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool, Fault> {
    let row = optional!(
        tx,
        (BulkInvitationId,),
        "SELECT id FROM bulk_invitations WHERE state = 'running' AND (leased_until IS NULL OR leased_until <= $1) LIMIT 1",
        now
    )?;
    Ok(row.is_some())
}

/// Leases the file that rested longest, if one waits: several take turns.
pub async fn claim(tx: &mut Tx, now: Timestamp) -> Result<Option<Claimed>, Fault> {
    let lease = random_bytes::<16>().to_vec();
    let row = optional!(
        tx,
        (BulkInvitationId, Option<String>, Option<String>),
        "UPDATE bulk_invitations SET lease = $1, leased_until = $2, worked_at = $3
         WHERE id = (SELECT id FROM bulk_invitations WHERE state = 'running' AND (leased_until IS NULL OR leased_until <= $3) ORDER BY worked_at LIMIT 1)
         AND state = 'running' AND (leased_until IS NULL OR leased_until <= $3)
         RETURNING id, origin_address, origin_request_id",
        lease.clone(),
        now.plus(LEASE),
        now
    )?;
    let Some((id, address, request_id)) = row else { return Ok(None) };
    let origin = Origin { request_id, address, user_agent: None };
    Ok(by_id(tx, id).await?.map(|batch| Claimed { batch, lease, origin }))
}

/// Gives a file back, so that another may take its turn.
pub async fn release(tx: &mut Tx, claimed: &Claimed) -> Result<(), Fault> {
    execute!(tx, "UPDATE bulk_invitations SET lease = NULL, leased_until = NULL WHERE id = $1 AND lease = $2", claimed.batch.id, claimed.lease.clone())?;
    Ok(())
}

/// Frees the leases of a process that ended without a word: only where no other process may hold one.
pub async fn free_leases(tx: &mut Tx) -> Result<u64, Fault> {
    Ok(execute!(tx, "UPDATE bulk_invitations SET lease = NULL, leased_until = NULL WHERE leased_until IS NOT NULL")?)
}

/// Whether the file is still ours to carry out. It is until the work ends: nobody can pause, cancel or take it meanwhile.
async fn hold(work: &mut Work, claimed: &Claimed) -> Result<bool, Fault> {
    let rows = execute!(
        work.tx,
        "UPDATE bulk_invitations SET leased_until = $3 WHERE id = $1 AND lease = $2 AND state = 'running'",
        claimed.batch.id,
        claimed.lease.clone(),
        work.now.plus(LEASE)
    )?;
    Ok(rows == 1)
}

/// What works of a file need to know beside the database.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// What letters say of us.
    pub letters: Letters<'a>,
    /// How long invitations are good.
    pub life: Duration,
    /// The configuration: what the inviter may see of others.
    pub snapshot: &'a Snapshot,
}

/// Why a row was not carried out.
#[derive(Debug, thiserror::Error)]
enum RowError {
    /// It fails; the rest goes on.
    #[error("row {0} fails")]
    Failed(i64, Problem),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Carries out the next person of a file, as whoever uploaded it, from where they started it, and with the rights they have now. A
/// refusal fails the row, never the file. Where the database asks to run a work again, the fault is answered, and the row waits; any
/// other fault fails it.
pub async fn carry_out(ground: &Ground, claimed: &Claimed, terms: &Terms<'_>) -> Result<Step, Fault> {
    let batch = &claimed.batch;
    let actor = Actor::User { id: batch.user_id, label: batch.user_label.clone(), authority: Authority::default(), proved_at: batch.proved_at };
    let mut work = ground.begin(actor.clone(), claimed.origin.clone()).await?;
    let (number, problem) = match Box::pin(next(&mut work, claimed, terms)).await {
        Ok(step) => return work.commit().await.map(|()| step),
        Err(RowError::Fault(fault)) => {
            work.tx.rollback().await?;
            return Err(fault);
        }
        Err(RowError::Failed(number, problem)) => (number, problem),
    };
    // Nothing of the invitation stays.
    work.tx.rollback().await?;
    let mut work = ground.begin(actor, claimed.origin.clone()).await?;
    begin_change(&mut work).await?;
    if !hold(&mut work, claimed).await? {
        return Ok(Step::Lost);
    }
    let now = work.now;
    store::fail(&mut work.tx, batch.id, number, problem, now).await?;
    work.commit().await.map(|()| Step::Went)
}

async fn next(work: &mut Work, claimed: &Claimed, terms: &Terms<'_>) -> Result<Step, RowError> {
    let changing = begin_change(work).await?;
    if !hold(work, claimed).await? {
        return Ok(Step::Lost);
    }
    let (id, now) = (claimed.batch.id, work.now);
    if !invitation::may_offer_anything(&work.actor) {
        store::fail_rest(&mut work.tx, id, Trouble::Stopped, now).await?;
    }
    let Some(row) = store::next(&mut work.tx, id).await? else {
        let batch = by_id(&mut work.tx, id).await?.ok_or_else(|| Fault::broken("a file of invitations is gone"))?;
        store::set_state(&mut work.tx, id, &[BatchState::Running], BatchState::Ended, now).await?;
        record(work, &batch, Kind::BulkInvitationEnded).await?;
        return Ok(Step::Ended);
    };
    work.is_bulk = true;
    let (did, about) = match invite(work, &changing, &row, terms).await {
        Ok(done) => done,
        Err(InviteError::Fault(fault)) if fault.is_transient() => return Err(fault.into()),
        Err(error) => return Err(RowError::Failed(row.number, refused(&row, &error, id))),
    };
    if store::take(&mut work.tx, id, row.number, did, about, now).await? { Ok(Step::Went) } else { Ok(Step::Lost) }
}

fn refused(row: &Row, error: &InviteError, id: BulkInvitationId) -> Problem {
    let line = u64::try_from(row.number).unwrap_or_default();
    match error {
        // Nothing is left to offer because it is gone: at the beginning there was something.
        InviteError::Nothing => Problem { line, column: Column::Role, trouble: Trouble::Gone, value: String::new() },
        InviteError::Fault(fault) => {
            tracing::error!(%fault, file = %id, row = row.number, "a row of a file of invitations could not be carried out");
            refusal(line, error)
        }
        _ => refusal(line, error),
    }
}

/// Invites one person; answers what the inviter may know of it, and to what it leads.
async fn invite(work: &mut Work, changing: &Changing, row: &Row, terms: &Terms<'_>) -> Result<(Did, Option<Uuid>), InviteError> {
    let broken = || Fault::broken("a row that waits has no address or language");
    let email = row.content.email.clone().ok_or_else(broken)?;
    let locale = row.content.locale.clone().ok_or_else(broken)?;
    let mut offers = Vec::with_capacity(row.content.offers.len());
    for planned in &row.content.offers {
        match invitation::read_offer(&mut work.tx, planned.target).await? {
            Some(offer) => offers.push(Offered { offer, period: planned.period, reason: planned.reason.clone() }),
            // Somebody would get less than was said before.
            None => return Err(InviteError::Nothing),
        }
    }
    let authority = work.actor.authority().cloned().unwrap_or_default();
    let now = work.now;
    let known = Sights::of(&authority, &terms.snapshot.catalogue).look(&mut work.tx, &[&email], now).await?.remove(email.key());
    let new = NewInvitation { email, locale, offers, life: terms.life };
    let outcome = match invitation::create(work, changing, &new, &terms.letters).await {
        Ok(outcome) => outcome,
        // The inviter may not learn that there is such a person, or such an invitation: to them it is an address like any other.
        Err(InviteError::Inactive | InviteError::TooMany) if known.is_none() => return Ok((Did::Sent, None)),
        Err(error) => return Err(error),
    };
    if let (Outcome::Invited(_), Some(name)) = (&outcome, &row.content.name)
        && let Some(invited) = user::by_email(&mut work.tx, &new.email).await?
    {
        user::suggest_name(work, changing, invited.id, name).await?;
    }
    Ok(match (known, outcome) {
        (Some(Known::Will(Foresight::Add)), Outcome::Added(id)) => (Did::Added, Some(id.uuid())),
        (Some(Known::Will(Foresight::Give)), Outcome::Granted(id, given)) => {
            let did = if given.contains(&Given::Granted) { Did::Given } else { Did::Unchanged };
            (did, Some(id.uuid()))
        }
        _ => (Did::Sent, None),
    })
}
