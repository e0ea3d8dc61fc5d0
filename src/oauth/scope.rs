//! Scopes (RFC 6749 section 3.3): what an app asks to be told, never what a person may do.

use super::error::{Code, OAuthError};
use std::collections::BTreeSet;
use std::fmt;

/// The scopes that mean something here, with the claims they bring.
pub const KNOWN: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access", "roles", "permissions", "groups"];

/// A set of scope tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope(BTreeSet<String>);

impl Scope {
    /// Reads a scope parameter: tokens of printable ASCII separated by blanks, at most 50 of at most 100 characters.
    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let tokens: BTreeSet<String> = text.split(' ').filter(|token| !token.is_empty()).map(ToOwned::to_owned).collect();
        let ok = |token: &String| token.len() <= 100 && token.bytes().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
        if tokens.len() <= 50 && tokens.iter().all(ok) { Ok(Self(tokens)) } else { Err(OAuthError::new(Code::InvalidScope, "the scope is malformed")) }
    }

    /// The set of some of the scopes that we know.
    pub fn of(tokens: impl IntoIterator<Item = &'static str>) -> Self {
        Self(tokens.into_iter().map(ToOwned::to_owned).collect())
    }

    /// Whether a token is in it.
    pub fn has(&self, token: &str) -> bool {
        self.0.contains(token)
    }

    /// The tokens that are also in `other`.
    #[must_use]
    pub fn within(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0).cloned().collect())
    }

    /// Whether every token is in `other`.
    pub fn is_within(&self, other: &Self) -> bool {
        self.0.is_subset(&other.0)
    }

    /// Both together.
    #[must_use]
    pub fn with(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0).cloned().collect())
    }

    /// The tokens, sorted.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for token in &self.0 {
            if !first {
                f.write_str(" ")?;
            }
            first = false;
            f.write_str(token)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_sets() {
        let scope = Scope::parse("openid  profile openid").unwrap();
        assert_eq!(scope.to_string(), "openid profile");
        assert!(scope.is_within(&Scope::parse("profile openid email").unwrap()));
        assert!(Scope::parse("a\"b").is_err() && Scope::parse(&"x".repeat(101)).is_err());
    }
}
