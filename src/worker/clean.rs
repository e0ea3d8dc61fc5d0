//! Removing what nobody can use any more. Nothing depends on it: everything that expires is refused by its own time.

use super::Pause;
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::lifecycle::{bulk_invitation, setup};
use crate::login::{attempt, session, throttle};
use crate::oauth::authorization;
use crate::outbox;
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

const ROUND: Duration = Duration::from_mins(10);
/// Failures are forgotten after an hour anyway.
const THROTTLES: Duration = Duration::from_hours(24);
/// Finished jobs show for so long that a letter left.
const JOBS: Duration = Duration::from_hours(7 * 24);

/// A file of invitations shows for so long what became of it; one that was never started goes sooner.
const FILES: Duration = Duration::from_hours(30 * 24);
const CHECKED: Duration = Duration::from_hours(24);

/// A claim link that has ended says why for so long.
const LINKS: Duration = Duration::from_hours(90 * 24);

/// Cleans until the server stops.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    while pause.rest(ROUND).await {
        match clean(&server).await {
            Ok(0) => {}
            Ok(rows) => tracing::debug!(rows, "removed what had expired"),
            Err(fault) => tracing::error!(%fault, "what has expired could not be removed"),
        }
    }
}

/// One round; answers how many rows went.
pub(super) async fn clean(server: &Server) -> Result<u64, Fault> {
    let db = &server.ground.db;
    let now: Timestamp = server.ground.clock.now();
    let mut rows = attempt::forget(&mut db.write_once().await?, now).await?;
    rows += throttle::forget(&mut db.write_once().await?, now.minus(THROTTLES)).await?;
    rows += outbox::forget(&mut db.write_once().await?, now.minus(JOBS)).await?;
    rows += setup::forget(&mut db.write_once().await?, now.minus(LINKS)).await?;
    // Each may have very many rows: one file in one statement.
    loop {
        let files = bulk_invitation::forget(&mut db.write_once().await?, now.minus(FILES), now.minus(CHECKED)).await?;
        rows += files;
        if files == 0 {
            break;
        }
    }
    server.forget_claim_link_once_set_up().await?;
    let mut tx = db.write().await?;
    rows += authorization::forget(&mut tx, now).await?;
    rows += session::forget(&mut tx, now).await?;
    tx.commit().await?;
    Ok(rows)
}
