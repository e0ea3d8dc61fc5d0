//! Floor 4, at its top: what crosses nouns. Somebody joins or is shut out, something goes with all that hangs on it, and what a change would do
//! is told before it is made.

pub mod bulk_invitation;
pub mod deactivate;
pub mod delete_group;
pub mod delete_stage;
pub mod delete_user;
pub mod give_access;
pub mod invitation;
pub mod password;
pub mod preview;
pub mod promote;
pub mod remove_role;
pub mod session_policy;
pub mod setup;
pub mod try_it;
pub mod undeploy;

#[cfg(test)]
pub(crate) mod tests;
