//! Roles: named sets of permissions. Organization roles for those who build and run, end-user roles for those who use.

pub mod end_user;
pub mod organization;

/// The key of the built-in role that holds everything.
pub const ADMINISTRATOR: &str = "administrator";
