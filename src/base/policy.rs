//! How long sessions last.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long sessions last: those of a stage, or those of our own pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPolicy {
    /// The longest life, from sign-in.
    pub maximum: Duration,
    /// The longest rest between two uses.
    pub idle: Duration,
}

impl SessionPolicy {
    /// 12 hours both.
    pub const STANDARD: Self = Self { maximum: Duration::from_hours(12), idle: Duration::from_hours(12) };

    /// Whether it is within bounds: at most 45 days, at least an hour in all and five minutes of rest, rest within life.
    pub fn is_valid(self) -> bool {
        let longest = Duration::from_hours(1080);
        (Duration::from_hours(1)..=longest).contains(&self.maximum) && (Duration::from_mins(5)..=longest).contains(&self.idle) && self.idle <= self.maximum
    }
}

impl Default for SessionPolicy {
    fn default() -> Self {
        Self::STANDARD
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_has_bounds_and_is_kept_as_it_is() {
        let of = |maximum, idle| SessionPolicy { maximum: Duration::from_mins(maximum), idle: Duration::from_mins(idle) };
        for good in [SessionPolicy::default(), of(60, 5), of(60, 60), of(64_800, 64_800)] {
            assert!(good.is_valid(), "{good:?}");
            assert_eq!(serde_json::from_str::<SessionPolicy>(&serde_json::to_string(&good).unwrap()).unwrap(), good);
        }
        for bad in [of(59, 5), of(60, 4), of(60, 61), of(64_801, 60), of(0, 0)] {
            assert!(!bad.is_valid(), "{bad:?}");
        }
    }
}
