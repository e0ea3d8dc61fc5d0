//! What is wrong with what people type about themselves, in the words of the catalogue, said at the field.

use crate::base::text::TextError;
use crate::crypto::password::{MIN_CHARACTERS, PasswordPolicyError};
use crate::words::Words;

/// What is wrong with a name.
pub fn name_error(words: Words, error: &TextError) -> String {
    match error {
        TextError::Empty => words.say("name-missing"),
        TextError::TooLong(most) => words.with("name-too-long", &[("most", most.to_string())]),
        _ => words.say("name-strange"),
    }
}

/// What is wrong with an address.
pub fn email_error(words: Words, error: &TextError) -> String {
    match error {
        TextError::Empty => words.say("field-email-missing"),
        _ => words.say("field-email-strange"),
    }
}

/// What is wrong with a new password.
pub fn password_error(words: Words, error: PasswordPolicyError) -> String {
    match error {
        PasswordPolicyError::TooShort => words.with("password-too-short", &[("min", MIN_CHARACTERS.to_string())]),
        PasswordPolicyError::TooLong => words.say("password-too-long"),
        PasswordPolicyError::Control => words.say("password-strange"),
        PasswordPolicyError::Personal => words.say("password-personal"),
        PasswordPolicyError::Guessable => words.say("password-guessable"),
    }
}
