//! Floor 4, at its top: what crosses nouns. Somebody joins, somebody is shut out.

pub mod deactivate;
pub mod invitation;
pub mod password;
pub mod preview;
pub mod remove_role;
pub mod setup;
pub mod try_it;

#[cfg(test)]
pub(crate) mod tests;
