//! Floor 3: the outbox. What a change sends out is a row of the same transaction; a worker delivers it at least once.
//!
//! A job is leased, done, and finished. Fails it, it runs again later, ever more slowly; after the last try it is dead: it
//! stays in the table with its last error, is counted by `dead`, and can be revived.

use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::JobId;
use crate::base::secret::random_bytes;
use crate::base::text::EmailAddress;
use crate::base::time::Timestamp;
use crate::crypto::seal::{Place, Sealer};
use crate::db::query::Query;
use crate::db::{Tx, all, execute, one, optional};
use crate::work::Work;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a worker may hold a job before another takes it.
pub const LEASE: Duration = Duration::from_mins(1);
/// Tries before a job is dead: with the waits below, about two days.
pub const TRIES: i64 = 14;

/// Whoever makes jobs of which there are many waits while so many of them have not left: what waits takes space, and its time runs.
pub const MOST_BULK: i64 = 500;

/// Something to do outside the database.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Send a letter, by SMTP or into the mailbox.
    Mail(Mail),
}

/// A letter to be: what the recipient will read. It holds links that let people in, so it is not printed.
#[derive(Serialize, Deserialize)]
pub struct Mail {
    /// Who gets it.
    pub to: EmailAddress,
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(mail)")
    }
}

impl Job {
    const fn kind(&self) -> &'static str {
        match self {
            Self::Mail(_) => "mail",
        }
    }
}

/// A job in the hands of a worker.
#[derive(Debug)]
pub struct Claimed {
    /// The row.
    pub id: JobId,
    /// What to do; `Err` when the payload cannot be read any more.
    pub job: Result<Job, String>,
    /// How often it was tried, this time included.
    pub attempts: i64,
    lease: Vec<u8>,
}

/// How a try ended.
#[derive(Debug)]
pub enum Ended {
    /// Done.
    Done,
    /// Did not work; may work later.
    Later(String),
    /// Will never work.
    Never(String),
}

/// A job that was given up.
#[derive(Debug, sqlx::FromRow)]
pub struct Dead {
    /// The row.
    pub id: JobId,
    /// What it was.
    pub kind: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was given up.
    pub dead_at: Timestamp,
    /// Why.
    pub last_error: Option<String>,
}

fn place(id: JobId) -> Place {
    Place::row("jobs", "payload_sealed", id.uuid())
}

impl Work {
    /// Adds a job to this change: it is done only if the change is committed, and then at least once.
    pub async fn enqueue(&mut self, job: &Job) -> Result<JobId, Fault> {
        let id = JobId::fresh();
        let sealed = self.sealer.seal(&place(id), &serde_json::to_vec(job)?);
        execute!(
            self.tx,
            "INSERT INTO jobs (id, kind, payload_sealed, created_at, run_at, attempts, bulk) VALUES ($1, $2, $3, $4, $4, 0, $5)",
            id,
            job.kind(),
            sealed,
            self.now,
            self.is_bulk
        )?;
        self.left_jobs = true;
        Ok(id)
    }
}

/// Whether a job is due: asked before `claim`, so that an idle outbox writes nothing.
pub async fn is_due(tx: &mut Tx, now: Timestamp) -> Result<bool, Fault> {
    let row = optional!(
        tx,
        (JobId,),
        "SELECT id FROM jobs WHERE finished_at IS NULL AND dead_at IS NULL AND run_at <= $1 AND (leased_until IS NULL OR leased_until <= $1) LIMIT 1",
        now
    )?;
    Ok(row.is_some())
}

/// Leases the job that waits longest, if one is due. What is one of many alike comes after everything else.
pub async fn claim(tx: &mut Tx, sealer: &Sealer, now: Timestamp) -> Result<Option<Claimed>, Fault> {
    let lease = random_bytes::<16>().to_vec();
    let row = optional!(
        tx,
        (JobId, Vec<u8>, i64),
        "UPDATE jobs SET lease = $1, leased_until = $2, attempts = attempts + 1
         WHERE id = (SELECT id FROM jobs WHERE finished_at IS NULL AND dead_at IS NULL AND run_at <= $3
                     AND (leased_until IS NULL OR leased_until <= $3) ORDER BY bulk, run_at LIMIT 1)
         AND finished_at IS NULL AND dead_at IS NULL AND (leased_until IS NULL OR leased_until <= $3)
         RETURNING id, payload_sealed, attempts",
        lease.clone(),
        now.plus(LEASE),
        now
    )?;
    let Some((id, sealed, attempts)) = row else { return Ok(None) };
    let job = match sealer.open(&place(id), &sealed) {
        Ok(plain) => serde_json::from_slice(plain.expose()).map_err(|error| error.to_string()),
        Err(error) => Err(error.to_string()),
    };
    Ok(Some(Claimed { id, job, attempts, lease }))
}

/// Frees the leases of a process that ended without a word: only where no other process may hold one.
pub async fn free_leases(tx: &mut Tx) -> Result<u64, Fault> {
    Ok(execute!(tx, "UPDATE jobs SET lease = NULL, leased_until = NULL WHERE leased_until IS NOT NULL")?)
}

/// Ends a try. Answers `false` when the lease was lost meanwhile: then the job belongs to another worker.
pub async fn end(tx: &mut Tx, claimed: &Claimed, ended: &Ended, now: Timestamp) -> Result<bool, Fault> {
    let lease = claimed.lease.clone();
    let rows = match ended {
        // The payload goes at once: a finished letter holds links that nobody needs any more.
        Ended::Done => execute!(
            tx,
            "UPDATE jobs SET finished_at = $1, payload_sealed = $2, lease = NULL, leased_until = NULL WHERE id = $3 AND lease = $4",
            now,
            Vec::<u8>::new(),
            claimed.id,
            lease
        )?,
        Ended::Later(error) if claimed.attempts < TRIES => execute!(
            tx,
            "UPDATE jobs SET run_at = $1, last_error = $2, lease = NULL, leased_until = NULL WHERE id = $3 AND lease = $4",
            now.plus(wait(claimed.attempts)),
            error.as_str(),
            claimed.id,
            lease
        )?,
        Ended::Later(error) | Ended::Never(error) => execute!(
            tx,
            "UPDATE jobs SET dead_at = $1, last_error = $2, lease = NULL, leased_until = NULL WHERE id = $3 AND lease = $4",
            now,
            error.as_str(),
            claimed.id,
            lease
        )?,
    };
    Ok(rows == 1)
}

/// The wait after the n-th try: 2 s, 4 s, 8 s ... at most 6 hours.
fn wait(attempts: i64) -> Duration {
    let doubling = u32::try_from(attempts).unwrap_or(u32::MAX).min(16);
    Duration::from_secs(2u64.pow(doubling)).min(Duration::from_hours(6))
}

/// The dead jobs, newest first, at most 100.
pub async fn dead(tx: &mut Tx) -> Result<Vec<Dead>, Fault> {
    Ok(all!(tx, Dead, "SELECT id, kind, attempts, dead_at, last_error FROM jobs WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT 100")?)
}

/// How many jobs wait and how many are dead.
pub async fn counts(tx: &mut Tx) -> Result<(i64, i64), Fault> {
    Ok(one!(
        tx,
        (i64, i64),
        "SELECT (SELECT COUNT(*) FROM jobs WHERE finished_at IS NULL AND dead_at IS NULL), (SELECT COUNT(*) FROM jobs WHERE dead_at IS NOT NULL)"
    )?)
}

/// How many jobs of which there are many have not left yet, up to `most`: whoever makes them waits for those before.
pub async fn bulk_waiting(tx: &mut Tx, most: i64) -> Result<i64, Fault> {
    let query = Query::new("SELECT 1 AS one FROM jobs WHERE bulk AND finished_at IS NULL AND dead_at IS NULL");
    query.count(tx, most).await
}

/// Gives every dead job its tries again; answers how many.
pub async fn revive(work: &mut Work) -> Result<u64, Fault> {
    let revived = execute!(work.tx, "UPDATE jobs SET dead_at = NULL, attempts = 0, run_at = $1 WHERE dead_at IS NOT NULL", work.now)?;
    work.left_jobs = true;
    if revived > 0 {
        work.record(Event::new(Kind::LettersRevived, Subject::unknown("outbox")).after(&serde_json::json!({ "letters": revived }))?).await?;
    }
    Ok(revived)
}

/// Removes jobs that were finished before `until`; answers how many.
pub async fn forget(tx: &mut Tx, until: Timestamp) -> Result<u64, Fault> {
    Ok(execute!(tx, "DELETE FROM jobs WHERE finished_at IS NOT NULL AND finished_at < $1", until)?)
}

#[cfg(test)]
mod tests {
    use super::wait;

    #[test]
    fn waits_grow_and_stay_below_a_day() {
        assert_eq!([1, 2, 3].map(|n| wait(n).as_secs()), [2, 4, 8]);
        assert_eq!(wait(1_000).as_secs(), 6 * 3600);
    }
}
