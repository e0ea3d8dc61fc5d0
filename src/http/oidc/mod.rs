//! The endpoints of OAuth 2 and OpenID Connect, one file each.

pub mod authorize;
pub mod discovery;
pub mod keys;
pub mod logout;
pub mod token;
pub mod userinfo;
