//! Time: microseconds UTC in the database, one clock for everything.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// An instant, in microseconds since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The instant this many microseconds after 1970-01-01 UTC.
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The instant this many seconds after 1970-01-01 UTC.
    pub const fn from_seconds(seconds: i64) -> Self {
        Self(seconds.saturating_mul(1_000_000))
    }

    /// Microseconds since 1970-01-01 UTC.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970-01-01 UTC, rounded down: a JWT's `NumericDate` (RFC 7519 section 2).
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The instant `life` later; far ends stick at the largest instant.
    #[must_use]
    pub fn plus(self, life: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(life.as_micros()).unwrap_or(i64::MAX)))
    }

    /// The instant `life` earlier.
    #[must_use]
    pub fn minus(self, life: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(life.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Parses a date (`2026-12-31`, midnight UTC) or an instant (RFC 3339). Answers `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        if let Ok(instant) = chrono::DateTime::parse_from_rfc3339(text) {
            return Some(Self(instant.timestamp_micros()));
        }
        let date = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(Self(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros()))
    }

    /// The instant as RFC 3339 text in UTC, to the second.
    pub fn rfc3339(self) -> String {
        self.chrono().to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    /// The same instant for libraries that speak chrono.
    pub fn chrono(self) -> chrono::DateTime<chrono::Utc> {
        chrono::DateTime::from_timestamp_micros(self.0).unwrap_or(chrono::DateTime::<chrono::Utc>::MAX_UTC)
    }
}

/// Where `now` comes from. The only caller of the system clock.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until it is moved: for tests. Clones share it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now` until `advance` moves it.
    pub fn fixed(now: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(now.micros())))
    }

    /// The present instant.
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Self::Fixed(micros) => Timestamp(micros.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; the machine's own clock is left alone.
    pub fn advance(&self, by: Duration) {
        if let Self::Fixed(micros) = self {
            micros.fetch_add(i64::try_from(by.as_micros()).unwrap_or(i64::MAX), Ordering::SeqCst);
        }
    }
}

/// Why something cannot be given for a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The end is not after the start.
    #[error("the end must come after the start: choose a later end, or an earlier start")]
    Order,
    /// The whole of it is over.
    #[error("the end lies in the past: choose an end in the future, or none")]
    Past,
}

/// When something is in force: from `starts_at` (or ever) until before `ends_at` (or for ever).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    /// The first instant at which it is in force; `None`: always was.
    pub starts_at: Option<Timestamp>,
    /// The first instant at which it no longer is; `None`: without end.
    pub ends_at: Option<Timestamp>,
}

impl Period {
    /// Always in force.
    pub const ALWAYS: Self = Self { starts_at: None, ends_at: None };

    /// A period without start that ends at `ends_at`.
    pub const fn until(ends_at: Option<Timestamp>) -> Self {
        Self { starts_at: None, ends_at }
    }

    /// Whether `now` lies in the period: the start belongs to it, the end does not.
    pub fn contains(self, now: Timestamp) -> bool {
        self.starts_at.is_none_or(|start| start <= now) && self.ends_at.is_none_or(|end| now < end)
    }

    /// The first boundary after `now`: when `contains` may change its answer by itself.
    pub fn next_change(self, now: Timestamp) -> Option<Timestamp> {
        [self.starts_at, self.ends_at].into_iter().flatten().filter(|at| *at > now).min()
    }

    /// Whether something may be given for this period at `now`.
    pub fn check(self, now: Timestamp) -> Result<(), PeriodError> {
        if !self.is_valid() {
            Err(PeriodError::Order)
        } else if self.ends_at.is_some_and(|end| end <= now) {
            Err(PeriodError::Past)
        } else {
            Ok(())
        }
    }

    /// Whether this period may take the place of another at `now`. One that ends at this very moment ends it.
    pub fn check_change(self, now: Timestamp) -> Result<(), PeriodError> {
        if self.is_valid() && self.ends_at == Some(now) { Ok(()) } else { self.check(now) }
    }

    /// Whether every instant of `other` is one of this period too.
    pub fn covers(self, other: Self) -> bool {
        let starts = self.starts_at.is_none_or(|start| other.starts_at.is_some_and(|at| start <= at));
        let ends = self.ends_at.is_none_or(|end| other.ends_at.is_some_and(|at| at <= end));
        starts && ends
    }

    /// Whether the end comes after the start.
    pub fn is_valid(self) -> bool {
        match (self.starts_at, self.ends_at) {
            (Some(start), Some(end)) => start < end,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_holds_its_start_and_not_its_end() {
        let at = Timestamp::from_seconds;
        let period = Period { starts_at: Some(at(10)), ends_at: Some(at(20)) };
        assert_eq!([9, 10, 19, 20].map(|s| period.contains(at(s))), [false, true, true, false]);
        assert_eq!(period.next_change(at(9)), Some(at(10)));
        assert_eq!(period.next_change(at(10)), Some(at(20)));
        assert_eq!(period.next_change(at(20)), None);
        assert!(!Period { starts_at: Some(at(2)), ends_at: Some(at(2)) }.is_valid());
    }

    #[test]
    fn a_period_is_given_in_order_and_not_when_it_is_over() {
        let at = |s| Some(Timestamp::from_seconds(s));
        let now = Timestamp::from_seconds(15);
        let period = |starts_at, ends_at| Period { starts_at, ends_at };
        for (period, given, changed) in [
            (Period::ALWAYS, Ok(()), Ok(())),
            (period(at(10), at(20)), Ok(()), Ok(())),
            (period(at(20), None), Ok(()), Ok(())),
            (period(at(10), at(14)), Err(PeriodError::Past), Err(PeriodError::Past)),
            (period(at(10), at(15)), Err(PeriodError::Past), Ok(())),
            (period(at(20), at(20)), Err(PeriodError::Order), Err(PeriodError::Order)),
            (period(at(15), at(15)), Err(PeriodError::Order), Err(PeriodError::Order)),
        ] {
            assert_eq!((period.check(now), period.check_change(now)), (given, changed), "{period:?}");
        }
        let limited = period(at(10), at(20));
        assert!(Period::ALWAYS.covers(limited) && limited.covers(limited) && limited.covers(period(at(11), at(15))));
        assert!(!limited.covers(Period::ALWAYS) && !limited.covers(period(at(9), at(15))) && !limited.covers(period(at(11), None)));
    }

    #[test]
    fn dates_and_instants_are_read_and_nonsense_is_not() {
        assert_eq!(Timestamp::parse("1970-01-02"), Some(Timestamp::from_seconds(86_400)));
        assert_eq!(Timestamp::parse("1970-01-01T00:00:01Z"), Some(Timestamp::from_seconds(1)));
        assert_eq!(Timestamp::parse("tomorrow"), None);
        assert_eq!(Timestamp::from_seconds(1).rfc3339(), "1970-01-01T00:00:01Z");
    }
}
