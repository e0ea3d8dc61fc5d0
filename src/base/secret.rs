//! Secrets: values that cannot be printed or stored by accident, random tokens, and hashes that stand for them.

use aws_lc_rs::{constant_time, digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Deserializer};
use std::fmt;
use zeroize::Zeroize;

/// A value that is never printed, serialized or compared; its memory is wiped when it goes.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

impl<T: Zeroize> Secret<T> {
    /// Takes a value into custody.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value itself: the caller answers for where it goes.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

/// `N` bytes from the operating system's generator.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The generator fails only when the process has no source of entropy at all; nothing safe can follow.
    rand::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random token of `N` bytes (16 or more) as base64url text without padding.
pub fn random_token<const N: usize>() -> String {
    const { assert!(N >= 16, "a token has 128 random bits or more") };
    URL_SAFE_NO_PAD.encode(random_bytes::<N>())
}

/// A number below `bound`, every one equally likely.
pub fn random_below(bound: u32) -> u32 {
    let zone = u32::MAX - u32::MAX % bound;
    loop {
        let draw = u32::from_le_bytes(random_bytes::<4>());
        if draw < zone {
            return draw % bound;
        }
    }
}

/// The SHA-256 of a random token: what the database keeps instead of the token.
#[derive(Clone, PartialEq, Eq, Hash, sqlx::Type)]
#[sqlx(transparent)]
pub struct TokenHash(Vec<u8>);

impl TokenHash {
    /// The hash of `token`. Only for tokens with 128 random bits or more: a password needs argon2.
    pub fn of(token: &str) -> Self {
        Self(digest::digest(&digest::SHA256, token.as_bytes()).as_ref().to_vec())
    }

    /// The hash with these 32 bytes, or `None` for any other length.
    pub fn from_bytes(bytes: Vec<u8>) -> Option<Self> {
        (bytes.len() == digest::SHA256_OUTPUT_LEN).then_some(Self(bytes))
    }

    /// The 32 bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Whether `token` has this hash; takes the same time wherever they differ.
    pub fn matches(&self, token: &str) -> bool {
        equal(&self.0, &Self::of(token).0)
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(token hash)")
    }
}

/// Equality that takes the same time wherever two texts of one length differ.
pub fn equal(a: &[u8], b: &[u8]) -> bool {
    constant_time::verify_slices_are_equal(a, b).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_does_not_print() {
        assert_eq!(format!("{:?}", Secret::new(String::from("hunter2"))), "(secret)");
        assert_eq!(format!("{:?}", TokenHash::of("token")), "(token hash)");
    }

    #[test]
    fn a_hash_knows_its_token_only() {
        let token = random_token::<32>();
        assert_eq!(token.len(), 43);
        assert!(TokenHash::of(&token).matches(&token));
        assert!(!TokenHash::of(&token).matches(&random_token::<32>()));
        assert!(TokenHash::from_bytes(vec![0; 31]).is_none());
    }

    #[test]
    fn draws_stay_below_their_bound() {
        assert!((0..1000).all(|_| random_below(7) < 7));
    }
}
