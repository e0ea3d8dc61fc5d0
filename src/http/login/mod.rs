//! Signing in, and what belongs to it: consent, invitations, signing out.

pub mod accept;
pub mod consent;
pub mod invitation;
pub mod invitation_code;
pub mod logout;
pub mod own;
pub mod sign_in;
