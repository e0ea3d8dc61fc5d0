//! The key set (RFC 7517): what tokens are verified with.

use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};

/// `GET /.well-known/jwks.json`.
pub async fn get(visit: Visit) -> HttpResponse {
    match visit.server.provider.ready_keys(&visit.server.ground).await {
        Ok(Some(ring)) => {
            let set = serde_json::json!({ "keys": ring.published(visit.server.ground.clock.now()) });
            HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(set)
        }
        Ok(None) => HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, "1")).finish(),
        Err(fault) => visit.fault_json(&fault),
    }
}
