//! Floor 6: the pages and endpoints. Parse, one rule, commit, render.

pub mod error;
pub mod home;
pub mod login;
pub mod page;
#[cfg(test)]
mod samples;
pub mod statics;
