//! How many bytes our claims may take in one token.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The budget of our claims in one token, in bytes of JSON. Tokens travel in headers, and servers refuse headers that are too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct ClaimsBudget(u32);

/// A number that is no budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the budget for claims must be {} to {} bytes", ClaimsBudget::LEAST, ClaimsBudget::MOST)]
pub struct BudgetError;

impl ClaimsBudget {
    /// With less there would be no room beside the roles.
    pub const LEAST: u32 = 512;
    /// With more hardly any server would read the header that carries the token, and we would not either.
    pub const MOST: u32 = 10_240;
    /// What holds when nobody says otherwise: with signature and encoding it stays below the 8 KB that every server takes.
    pub const STANDARD: Self = Self(4_096);

    /// A number of bytes within the bounds.
    pub fn new(bytes: u32) -> Result<Self, BudgetError> {
        if (Self::LEAST..=Self::MOST).contains(&bytes) { Ok(Self(bytes)) } else { Err(BudgetError) }
    }

    /// The number as people type it: digits, with blanks, dots or commas between thousands.
    pub fn parse(text: &str) -> Result<Self, BudgetError> {
        let digits: String = text.trim().chars().filter(|c| !matches!(c, ' ' | ',' | '.' | '\u{a0}' | '\u{202f}')).collect();
        digits.parse().map_err(|_| BudgetError).and_then(Self::new)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> usize {
        self.0 as usize
    }
}

impl Default for ClaimsBudget {
    fn default() -> Self {
        Self::STANDARD
    }
}

impl TryFrom<u32> for ClaimsBudget {
    type Error = BudgetError;

    fn try_from(bytes: u32) -> Result<Self, BudgetError> {
        Self::new(bytes)
    }
}

impl From<ClaimsBudget> for u32 {
    fn from(budget: ClaimsBudget) -> Self {
        budget.0
    }
}

impl fmt::Display for ClaimsBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_has_bounds_and_is_read_as_people_write_it() {
        for (good, bytes) in [("4096", 4_096), (" 4,096 ", 4_096), ("10.240", 10_240), ("512", 512), ("1 000", 1_000)] {
            assert_eq!(ClaimsBudget::parse(good).map(ClaimsBudget::bytes), Ok(bytes), "{good}");
        }
        for bad in ["", "0", "511", "10241", "-4096", "4096x", "99999999999999999999"] {
            assert_eq!(ClaimsBudget::parse(bad), Err(BudgetError), "{bad}");
        }
        assert_eq!(serde_json::from_str::<ClaimsBudget>("4096").unwrap(), ClaimsBudget::default());
        assert!(serde_json::from_str::<ClaimsBudget>("12").is_err() && serde_json::to_string(&ClaimsBudget::STANDARD).unwrap() == "4096");
    }
}
