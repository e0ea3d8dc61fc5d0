//! Floor 4: OAuth 2.0 and OpenID Connect. One standard, one file; what the standards leave to us stands in the nouns.

pub mod authorization;
pub mod authorize;
pub mod bearer;
pub mod claims;
pub mod client;
pub mod client_auth;
pub mod discovery;
pub mod distributed_claims;
pub mod error;
pub mod introspection;
pub mod key;
pub mod logout;
pub mod parameters;
pub mod preview;
pub mod provider;
pub mod revocation;
pub mod scope;
pub mod token;
pub mod userinfo;
