//! `/account`: what belongs to whoever is signed in.

use actix_web::web::ServiceConfig;

/// Every route of this folder.
pub fn routes(_: &mut ServiceConfig) {}
