//! The brake on guessing: counted in the database, so that every node counts alike and a restart forgets nothing.
//!
//! A try is *taken* before the secret is compared, in one guarded statement for each key; a thousand tries at the same
//! moment are counted as a thousand. Slowing down never destroys anything: the right secret works again after the wait.

use super::Reason;
use crate::audit::{Event, Kind, Sparing, Subject};
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, one};
use crate::work::{Origin, Work};
use aws_lc_rs::digest::{SHA256, digest};
use std::net::Ipv6Addr;
use std::time::Duration;

/// Failures are forgotten when nothing happened for so long.
const WINDOW: Duration = Duration::from_hours(1);

/// One thing that is counted: an account, an address, an invitation, everything together.
#[derive(Clone, Debug)]
pub struct Limit {
    key: Vec<u8>,
    free: i64,
    longest: Duration,
    forgiven: bool,
}

impl Limit {
    /// Counts tries on `subject` in the realm of `what` (`"password"`): `free` tries without a wait, then waits that
    /// double from one second up to `longest`. The database keeps a hash of the subject only.
    pub fn new(what: &str, subject: &str, free: i64, longest: Duration) -> Self {
        let key = digest(&SHA256, format!("{what}\n{subject}").as_bytes()).as_ref().to_vec();
        Self { key, free, longest, forgiven: true }
    }

    /// The same, but a success does not set it back: for what many share, such as a network address.
    #[must_use]
    pub fn shared(self) -> Self {
        Self { forgiven: false, ..self }
    }

    fn wait(&self, failures: i64) -> Option<Duration> {
        let over = u32::try_from(failures - self.free).ok().filter(|over| *over > 0)?;
        Some(Duration::from_secs(2u64.saturating_pow(over - 1)).min(self.longest))
    }
}

/// The place that a try comes from, as it is counted: one IPv4 address, or the /64 network of an IPv6 address, of which one
/// host has as many addresses as it likes (RFC 6177, RFC 8981).
pub fn place(origin: &Origin) -> String {
    let Some(address) = origin.address.as_deref() else { return "-".to_owned() };
    match address.parse::<Ipv6Addr>() {
        Ok(six) => Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)).to_string(),
        Err(_) => address.to_owned(),
    }
}

/// Too many tries: wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slow {
    /// How long.
    pub wait: Duration,
}

impl Slow {
    /// Whole seconds after which a try counts again: never too few.
    pub fn seconds(self) -> u64 {
        self.wait.as_secs() + u64::from(self.wait.subsec_nanos() > 0)
    }
}

/// Why no try was taken.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// Too many tries before.
    #[error("too many tries: wait {} seconds", .0.wait.as_secs())]
    Slow(Slow),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A try that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// How long the next one has to wait, if this is the first for which it does: the moment at which a brake begins.
    pub begins: Option<Duration>,
}

/// Takes one try from each limit. `Slow`: none was taken, and the secret must not be looked at.
pub async fn take(work: &mut Work, limits: &[Limit]) -> Result<Taken, TakeError> {
    // One order for all, so that two sign-ins never wait for each other.
    let mut sorted: Vec<&Limit> = limits.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    let now = work.now;
    let mut longest: Option<Duration> = None;
    let mut taken = Taken { begins: None };
    for limit in &sorted {
        let (failures, blocked_until) = one!(
            work.tx,
            (i64, Timestamp),
            "INSERT INTO throttles (key, failures, last_failure_at, blocked_until) VALUES ($1, 1, $2, 0)
             ON CONFLICT (key) DO UPDATE SET
             failures = CASE WHEN throttles.blocked_until > $2 THEN throttles.failures WHEN throttles.last_failure_at < $3 THEN 1 ELSE throttles.failures + 1 END,
             last_failure_at = $2
             RETURNING failures, blocked_until",
            limit.key.clone(),
            now,
            now.minus(WINDOW)
        )
        .map_err(Fault::from)?;
        if blocked_until > now {
            longest = longest.max(Some(blocked_until.since(now)));
        } else if longest.is_none()
            && let Some(wait) = limit.wait(failures)
        {
            execute!(work.tx, "UPDATE throttles SET blocked_until = $2 WHERE key = $1", limit.key.clone(), now.plus(wait)).map_err(Fault::from)?;
            if failures == limit.free + 1 {
                taken.begins = taken.begins.max(Some(wait));
            }
        }
    }
    longest.map_or(Ok(taken), |wait| Err(TakeError::Slow(Slow { wait })))
}

/// Writes down that a brake began, once: the tries that wait leave no trace. Call it when the secret was wrong.
pub async fn note(work: &mut Work, taken: Taken, what: &'static str, subject: Subject) -> Result<(), Fault> {
    let Some(wait) = taken.begins else { return Ok(()) };
    let about = serde_json::json!({ "reason": Reason::Throttled, "what": what, "wait_seconds": Slow { wait }.seconds() });
    let anywhere = Sparing::everywhere("throttled", 60, Duration::from_mins(1));
    work.record_sparingly(Event::new(Kind::Throttled, subject).after(&about)?, &[anywhere]).await
}

/// The secret was right: what belongs to this person alone is forgotten, what is shared gets its try back.
pub async fn forgive(work: &mut Work, limits: &[Limit]) -> Result<(), Fault> {
    let mut sorted: Vec<&Limit> = limits.iter().collect();
    sorted.sort_by(|a, b| a.key.cmp(&b.key));
    for limit in sorted {
        if limit.forgiven {
            execute!(work.tx, "DELETE FROM throttles WHERE key = $1", limit.key.clone())?;
        } else {
            execute!(work.tx, "UPDATE throttles SET failures = failures - 1 WHERE key = $1 AND failures > 0", limit.key.clone())?;
        }
    }
    Ok(())
}

/// Removes what nobody tried since `until`.
pub async fn forget(tx: &mut Tx, until: Timestamp) -> Result<u64, Fault> {
    Ok(execute!(tx, "DELETE FROM throttles WHERE last_failure_at < $1 AND blocked_until < $1", until)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_stands_for_its_network() {
        let place = |address: Option<&str>| place(&Origin { address: address.map(str::to_owned), ..Origin::default() });
        assert_eq!(place(Some("192.0.2.7")), "192.0.2.7");
        assert_eq!(place(Some("2001:db8:1:2:a:b:c:d")), "2001:db8:1:2::");
        assert_eq!(place(Some("2001:db8:1:2::1")), "2001:db8:1:2::");
        assert_ne!(place(Some("2001:db8:1:3::1")), "2001:db8:1:2::");
        assert_eq!(place(None), "-");
    }

    #[test]
    fn waits_double_after_the_free_tries_and_stop_growing() {
        let limit = Limit::new("password", "ana@acme.example", 3, Duration::from_mins(1));
        let waits: Vec<_> = (1..=12).map(|failures| limit.wait(failures).map(|wait| wait.as_secs())).collect();
        assert_eq!(waits[..6], [None, None, None, Some(1), Some(2), Some(4)]);
        assert_eq!(waits[11], Some(60));
    }

    #[test]
    fn whoever_waits_as_long_as_we_say_has_waited_enough() {
        let said = |millis| Slow { wait: Duration::from_millis(millis) }.seconds();
        assert_eq!((said(1), said(1_000), said(1_001)), (1, 1, 2));
    }
}
