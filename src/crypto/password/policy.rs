//! Which new passwords are good enough: long enough and hard to guess, no rules about kinds of characters (NIST SP 800-63B section 3.1.1.2).

use super::normalise;
use zxcvbn::{Score, zxcvbn};

/// The shortest password, in characters.
pub const MIN_CHARACTERS: usize = 8;
/// The longest password, in characters.
const MAX_CHARACTERS: usize = 256;
/// How much of a password is judged. The cost of judging grows fast with the length (measured: a second for 100 hostile characters), and a text
/// whose first 32 characters are easy to guess is not worth defending.
const JUDGED_CHARACTERS: usize = 32;
/// How many words about the person are looked for.
const MAX_WORDS: usize = 40;

/// Why a new password is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordPolicyError {
    /// Fewer than 8 characters.
    #[error("must have at least 8 characters")]
    TooShort,
    /// More than 256 characters or 1,024 bytes.
    #[error("must have at most 256 characters")]
    TooLong,
    /// Characters that no keyboard gives everywhere (RFC 8264 section 4.3 forbids them).
    #[error("must not contain control characters")]
    Control,
    /// Hard to guess, if it were not for the name or address of the person in it.
    #[error("must not be built from your name or address")]
    Personal,
    /// Among the first that an attacker tries: common, repeated, a row of keys.
    #[error("is too easy to guess; use a few unrelated words or more characters")]
    Guessable,
}

/// Judges a new password. `about` holds what is known of the person: name, e-mail address, organization.
pub fn judge(password: &str, about: &[&str]) -> Result<(), PasswordPolicyError> {
    let password = normalise(password).ok_or(PasswordPolicyError::TooLong)?;
    let password = password.expose();
    match password.chars().count() {
        0..MIN_CHARACTERS => return Err(PasswordPolicyError::TooShort),
        MIN_CHARACTERS..=MAX_CHARACTERS => {}
        _ => return Err(PasswordPolicyError::TooLong),
    }
    if password.chars().any(char::is_control) {
        return Err(PasswordPolicyError::Control);
    }
    let end = password.char_indices().nth(JUDGED_CHARACTERS).map_or(password.len(), |(at, _)| at);
    let judged = &password[..end];
    let good = |words: &[&str]| zxcvbn(judged, words).score() >= Score::Two;
    if good(&words(about)) {
        Ok(())
    } else if good(&[]) {
        Err(PasswordPolicyError::Personal)
    } else {
        Err(PasswordPolicyError::Guessable)
    }
}

/// The texts themselves and the words in them: an address guards its parts too.
fn words<'a>(about: &[&'a str]) -> Vec<&'a str> {
    let parts = about.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    about.iter().copied().chain(parts).filter(|word| (3..=254).contains(&word.len())).take(MAX_WORDS).collect()
}
