//! `/try`: the bundled demo app, a relying party that shows what apps are told.

use actix_web::web::ServiceConfig;

/// Every route of this folder.
pub fn routes(_: &mut ServiceConfig) {}
