//! What was counted instead of written becomes one audit event when its window is over.

use super::Pause;
use crate::audit;
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

const ROUND: Duration = Duration::from_secs(20);

/// Settles until the server stops. What is not settled then waits in the database for the next start.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    while pause.rest(ROUND).await {
        match audit::settle(&server.ground).await {
            Ok(0) => {}
            Ok(events) => tracing::debug!(events, "wrote what had been counted"),
            Err(fault) => tracing::error!(%fault, "what was counted for the audit trail could not be written"),
        }
    }
}
