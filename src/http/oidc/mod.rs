//! The endpoints of OAuth 2 and OpenID Connect, one file each.

pub mod authorize;
pub mod bearer;
pub mod claims;
pub mod discovery;
pub mod introspect;
pub mod keys;
pub mod logout;
pub mod revoke;
pub mod token;
pub mod userinfo;
