//! Comparing clocks: nodes that share a database must agree on the time, because expiry is judged by each of them.

use super::Pause;
use crate::base::time::Timestamp;
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

const ROUND: Duration = Duration::from_mins(1);
/// Beyond this a node is not ready: codes and tokens would live noticeably shorter or longer here than elsewhere.
const TOLERANCE: Duration = Duration::from_secs(2);

/// Compares until the server stops.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    loop {
        compare(&server).await;
        if !pause.rest(ROUND).await {
            return;
        }
    }
}

async fn compare(server: &Server) {
    let before = server.ground.clock.now();
    let database = match server.ground.db.clock().await {
        Ok(Some(micros)) => Timestamp::from_micros(micros),
        Ok(None) => return,
        Err(fault) => return tracing::warn!(%fault, "the clock of the database could not be read"),
    };
    let apart = apart(before, database, server.ground.clock.now());
    let right = apart <= TOLERANCE;
    let was_right = server.note_clock(right);
    match (was_right, right) {
        (true, false) => {
            tracing::error!(apart = apart.as_secs_f64(), "the clocks of this machine and of the database differ too much; not ready until they agree");
        }
        (false, true) => tracing::info!("the clocks agree again"),
        _ => {}
    }
}

/// How far the database's clock is apart at least, given our time before and after it was read. A slow answer excuses nothing
/// and accuses nobody: any instant between the two may have been the moment of reading.
fn apart(before: Timestamp, database: Timestamp, after: Timestamp) -> Duration {
    before.since(database).max(database.since(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_answer_is_not_a_wrong_clock() {
        let at = Timestamp::from_seconds;
        assert_eq!(apart(at(100), at(105), at(110)), Duration::ZERO);
        assert_eq!(apart(at(100), at(97), at(110)), Duration::from_secs(3));
        assert_eq!(apart(at(100), at(113), at(110)), Duration::from_secs(3));
        assert_eq!(apart(at(100), at(100), at(100)), Duration::ZERO);
    }
}
