//! `/setup`: the first minute of a new organization.

use actix_web::web::ServiceConfig;

/// Every route of this folder.
pub fn routes(_: &mut ServiceConfig) {}
