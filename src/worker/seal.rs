//! Sealing audit events into their chain, within a second of the event.

use super::Pause;
use crate::audit::{self, Head};
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

/// How often unsealed events are looked for when no bell rings: those of other nodes ring none here.
const ROUND: Duration = Duration::from_millis(500);
/// After the bell, events gather for a moment and are sealed together.
const GATHER: Duration = Duration::from_millis(100);
/// A transaction writes its time when it begins and may be committed later: so far back is looked each time,
const LATE: Duration = Duration::from_secs(30);
/// farther once a minute, for looking costs as much as there are events,
const VERY_LATE: Duration = Duration::from_mins(15);
const WIDE: Duration = Duration::from_mins(1);
/// and now and then everything is.
const FULL: Duration = Duration::from_hours(1);
/// The head goes to the log at most so often.
const LOGGED: Duration = Duration::from_mins(1);
/// On a shared database a round is lost whenever another node seals at the same moment; so many in a row are a fault.
const LOST: u32 = 20;

/// Where sealing stands.
#[derive(Default)]
pub(super) struct Sealing {
    /// The time of the youngest event sealed here; `None`: everything is looked at.
    newest: Option<Timestamp>,
    full_at: Option<Timestamp>,
    wide_at: Option<Timestamp>,
    head: Option<Head>,
    logged_at: Option<Timestamp>,
    failures: u32,
}

/// Seals until the server stops.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    let mut sealing = Sealing::default();
    loop {
        match sealing.round(&server).await {
            Ok(()) => sealing.failures = 0,
            Err(fault) => sealing.failed(&fault, server.ground.db.is_shared()),
        }
        sealing.log_head(server.ground.clock.now(), false);
        if !pause.rest_until(&server.ground.events, ROUND).await || !pause.rest(GATHER).await {
            break;
        }
    }
    // What was changed by the last requests is sealed before the server is gone.
    if let Err(fault) = sealing.round(&server).await {
        sealing.failed(&fault, server.ground.db.is_shared());
    }
    sealing.log_head(server.ground.clock.now(), true);
}

impl Sealing {
    /// Seals everything that waits.
    pub(super) async fn round(&mut self, server: &Server) -> Result<(), Fault> {
        let ground = &server.ground;
        let now = ground.clock.now();
        let full = self.full_at.is_none_or(|at| now.since(at) >= FULL);
        let wide = self.wide_at.is_none_or(|at| now.since(at) >= WIDE);
        let back = if wide { VERY_LATE } else { LATE };
        let since = self.newest.filter(|_| !full).map_or(Timestamp::from_micros(i64::MIN), |newest| newest.minus(back));
        while let Some(sealed) = audit::seal_pending(&ground.db, &ground.sealer, since, ground.clock.now()).await? {
            tracing::debug!(events = sealed.events, position = sealed.position, "sealed");
            self.newest = self.newest.max(Some(sealed.newest));
            self.head = Some(sealed.head());
        }
        if wide {
            self.wide_at = Some(now);
        }
        if full {
            // Without events there is no newest one; those to come are younger than this.
            self.newest = self.newest.or(Some(now));
            self.full_at = Some(now);
        }
        Ok(())
    }

    fn failed(&mut self, fault: &Fault, shared: bool) {
        self.failures = self.failures.saturating_add(1);
        if shared && !self.failures.is_multiple_of(LOST) {
            tracing::debug!(%fault, "another node may have sealed at the same moment");
        } else {
            tracing::error!(%fault, failures = self.failures, "audit events could not be sealed");
        }
    }

    /// The head belongs outside of the database, where whoever changes the database does not reach: `audit verify --head`.
    fn log_head(&mut self, now: Timestamp, last: bool) {
        if self.head.is_some() && (last || self.logged_at.is_none_or(|at| now.since(at) >= LOGGED)) {
            if let Some(head) = self.head.take() {
                tracing::info!(%head, "head of the audit chain");
            }
            self.logged_at = Some(now);
        }
    }
}
