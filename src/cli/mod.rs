//! Floor 6: the command line, one file for each command.

pub mod config;
pub mod invite;
