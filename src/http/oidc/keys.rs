//! The key set (RFC 7517): what tokens are verified with.

use crate::base::fault::Fault;
use crate::http::visit::Visit;
use crate::oauth::key::Keyring;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, RETRY_AFTER};
use std::sync::Arc;
use std::time::Duration;

/// `GET /.well-known/jwks.json`. Right after the very first start it waits for the keys, which are made beside the listener.
pub async fn get(visit: Visit) -> HttpResponse {
    for _ in 0..100 {
        let now = visit.server.ground.clock.now();
        match ring(&visit).await {
            Err(fault) => return visit.fault_json(&fault),
            Ok(ring) if ring.is_ready(now) => {
                let set = serde_json::json!({ "keys": ring.published(now) });
                return HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(set);
            }
            Ok(_) => actix_web::rt::time::sleep(Duration::from_millis(50)).await,
        }
    }
    HttpResponse::ServiceUnavailable().insert_header((RETRY_AFTER, "1")).finish()
}

async fn ring(visit: &Visit) -> Result<Arc<Keyring>, Fault> {
    let server = &visit.server;
    let mut tx = server.ground.db.read().await?;
    let snapshot = server.provider.known.snapshot(&mut tx).await?;
    server.provider.keys.ring(&mut tx, &server.ground.sealer, snapshot.counter).await
}
