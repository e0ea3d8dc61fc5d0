//! Floor 3: the work. One change, one transaction: begun and committed only at the edge.
//!
//! While a work is open nothing is awaited but the database: hash, fetch and sign before or after it. `Err` rolls back; a
//! refusal that must leave a trace is an `Ok` variant of its rule.

mod touched;

pub use touched::{Gone, Touched};

use crate::actor::{Actor, Denied};
use crate::audit::Kind;
use crate::base::fault::{Fault, asks_again};
use crate::base::reach::Reach;
use crate::base::time::{Clock, Timestamp};
use crate::crypto::seal::Sealer;
use crate::db::{Db, Tx, execute};
use serde::Serialize;
use std::error::Error;
use std::sync::Arc;
use tokio::sync::Notify;
use uuid::Uuid;

/// What every work stands on; built once.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The database.
    pub db: Db,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Seals secrets at rest.
    pub sealer: Arc<Sealer>,
    /// Rung when a committed work left jobs in the outbox.
    pub jobs: Arc<Notify>,
    /// Rung when a committed work left audit events to seal.
    pub events: Arc<Notify>,
}

/// From where an act comes: what the audit trail keeps beside who.
#[derive(Clone, Debug, Default)]
pub struct Origin {
    /// The id of the request, as in the log and on error pages.
    pub request_id: Option<String>,
    /// The network address of the caller.
    pub address: Option<String>,
    /// The caller's software, as it names itself.
    pub user_agent: Option<String>,
}

/// One transaction with its actor and its one instant.
#[derive(Debug)]
pub struct Work {
    /// The transaction.
    pub tx: Tx,
    /// The instant at which everything in this work happens.
    pub now: Timestamp,
    /// Who acts.
    pub actor: Actor,
    /// From where.
    pub origin: Origin,
    /// Whose promise a grant keeps, when that is not the actor's: an invitee accepts what somebody else offered.
    pub(crate) granter: Option<Granter>,
    pub(crate) sealer: Arc<Sealer>,
    /// Whether what it sends is one of many alike: then everything else leaves before it.
    pub(crate) is_bulk: bool,
    /// Whether it is undone in any case. Then no fresh proof is asked for, and what would touch everybody in a group, or all who hold something,
    /// or write a trace for each of them, is left out: a rehearsal must hold the writer for milliseconds, and `touched` says what a preview has to
    /// know.
    pub(crate) is_rehearsal: bool,
    pub(crate) left_jobs: bool,
    pub(crate) recorded: Vec<Kind>,
    pub(crate) touched: Touched,
    jobs: Arc<Notify>,
    events: Arc<Notify>,
}

/// Who gives something, by kind, id and label as text, so that somebody who is gone stays named.
#[derive(Clone, Debug)]
pub struct Granter {
    /// The kind of actor.
    pub kind: String,
    /// Which.
    pub id: Option<Uuid>,
    /// The name that stays.
    pub label: String,
}

/// Who gave something, when and why: what every grant and membership keeps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Gift {
    pub(crate) reason: Option<String>,
    pub(crate) granted_by_kind: String,
    pub(crate) granted_by_id: Option<Uuid>,
    pub(crate) granted_by_label: String,
    pub(crate) granted_at: Timestamp,
}

/// Proof that this work holds the access lock: what the writers of the access model demand.
#[derive(Debug)]
pub struct Changing(());

impl Ground {
    /// Begins a work.
    pub async fn begin(&self, actor: Actor, origin: Origin) -> Result<Work, Fault> {
        let tx = self.db.write().await?;
        Ok(Work {
            tx,
            now: self.clock.now(),
            actor,
            origin,
            granter: None,
            sealer: self.sealer.clone(),
            is_bulk: false,
            is_rehearsal: false,
            left_jobs: false,
            recorded: Vec::new(),
            touched: Touched::default(),
            jobs: self.jobs.clone(),
            events: self.events.clone(),
        })
    }

    /// Runs one rule in one work: commits when it answers `Ok`, rolls back when it answers `Err`. When the database asks
    /// for it (a deadlock), the whole work runs again, up to three times.
    pub async fn work<T, E>(&self, actor: &Actor, origin: &Origin, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<T, E>
    where
        E: Error + From<Fault> + 'static,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut work = self.begin(actor.clone(), origin.clone()).await?;
            let outcome = match rule(&mut work).await {
                Ok(done) => work.commit().await.map(|()| done).map_err(E::from),
                Err(refused) => {
                    work.tx.rollback().await?;
                    Err(refused)
                }
            };
            match outcome {
                Err(error) if tries < 3 && is_transient(&error) => tracing::warn!(%error, tries, "the work runs again"),
                outcome => return outcome,
            }
        }
    }

    /// Rehearses one rule: runs it as `work` does, but for what `Work::is_rehearsal` leaves out, looks at what the data have become, and
    /// undoes everything. Nothing is recorded, no letter leaves, nobody is rung; what the rule refuses is refused as it would be.
    pub async fn rehearse<T, E, S>(
        &self,
        actor: &Actor,
        origin: &Origin,
        rule: impl AsyncFn(&mut Work) -> Result<T, E>,
        look: impl AsyncFn(&mut Work) -> Result<S, Fault>,
    ) -> Result<S, E>
    where
        E: Error + From<Fault> + 'static,
    {
        let mut tries = 0;
        loop {
            tries += 1;
            let mut work = self.begin(actor.clone(), origin.clone()).await?;
            work.is_rehearsal = true;
            let seen = match rule(&mut work).await {
                Ok(_) => look(&mut work).await.map_err(E::from),
                Err(refused) => Err(refused),
            };
            work.tx.rollback().await?;
            match seen {
                Err(error) if tries < 3 && is_transient(&error) => tracing::warn!(%error, tries, "the rehearsal runs again"),
                seen => return seen,
            }
        }
    }
}

impl Work {
    /// Refuses unless the actor may do this there. The first line of every writing rule.
    pub fn require(&self, permission: &'static str, reach: Reach) -> Result<(), Denied> {
        if self.actor.may(permission, reach) { Ok(()) } else { Err(Denied { permission, reach }) }
    }

    /// Refuses unless the actor holds everything (rule 3d).
    pub fn require_all(&self) -> Result<(), Denied> {
        if self.actor.holds_all() { Ok(()) } else { Err(Denied { permission: "organization.manage", reach: Reach::Organization }) }
    }

    /// What is kept of something that this work gives.
    pub(crate) fn gift(&self, reason: Option<&str>) -> Gift {
        let actor = || Granter { kind: self.actor.kind().to_owned(), id: self.actor.id(), label: self.actor.label().to_owned() };
        let Granter { kind, id, label } = self.granter.clone().unwrap_or_else(actor);
        Gift { reason: reason.map(str::to_owned), granted_by_kind: kind, granted_by_id: id, granted_by_label: label, granted_at: self.now }
    }

    /// The kinds of the events written so far: what this work changed.
    pub fn recorded(&self) -> &[Kind] {
        &self.recorded
    }

    /// Whose access was changed so far.
    pub fn touched(&self) -> &Touched {
        &self.touched
    }

    /// Takes the access lock. Must be the first statement of the work: on PostgreSQL everything read before it may be old.
    /// Rules call `access::begin_change`, which also reads the actor's rights again.
    pub(crate) async fn lock_access(&mut self) -> Result<Changing, Fault> {
        execute!(self.tx, "UPDATE access_lock SET changes = changes + 1 WHERE id = 1")?;
        Ok(Changing(()))
    }

    /// Makes the work durable, then rings for the workers.
    pub async fn commit(self) -> Result<(), Fault> {
        self.tx.commit().await?;
        if self.left_jobs {
            self.jobs.notify_one();
        }
        if !self.recorded.is_empty() {
            self.events.notify_one();
        }
        Ok(())
    }
}

/// Whether the database asked, somewhere below this error, to run the whole work again.
fn is_transient(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(fault) = error.downcast_ref::<Fault>() {
            return fault.is_transient();
        }
        // A transparent error hands on the cause of its fault, never the fault itself.
        if let Some(cause) = error.downcast_ref::<sqlx::Error>() {
            return asks_again(cause);
        }
        next = error.source();
    }
    false
}
