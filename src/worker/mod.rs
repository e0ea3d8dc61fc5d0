//! Floor 6: the clock-driven edge. One file per job; each runs until the server stops.

mod clean;
mod clock;
mod invitations;
mod outbox;
mod seal;
mod tally;
#[cfg(test)]
mod tests;

use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;

/// How long a worker rests after it broke.
const AFTER_A_BREAK: Duration = Duration::from_secs(1);

/// The running workers.
#[derive(Debug)]
#[must_use = "workers run until they are stopped"]
pub struct Workers {
    stop: watch::Sender<bool>,
    tasks: Vec<JoinHandle<()>>,
}

/// Starts every worker. Must be called within a tokio runtime.
pub fn start(server: &Arc<Server>) -> Workers {
    let (stop, stopped) = watch::channel(false);
    let mut tasks = vec![
        keep("outbox", server, &stopped, outbox::run),
        keep("seal", server, &stopped, seal::run),
        keep("clean", server, &stopped, clean::run),
        keep("tally", server, &stopped, tally::run),
        keep("invitations", server, &stopped, invitations::run),
    ];
    if server.ground.db.is_shared() {
        tasks.push(keep("clock", server, &stopped, clock::run));
    }
    Workers { stop, tasks }
}

impl Workers {
    /// Lets every worker finish the job in hand and ends them.
    pub async fn stop(self) {
        // Fails only when no worker is left.
        let _ = self.stop.send(true);
        for task in self.tasks {
            if let Err(error) = task.await {
                tracing::error!(%error, "a worker could not be ended");
            }
        }
    }
}

/// Runs a job until it is told to stop. One that panics is started again: mail must not stay away because of one letter.
fn keep<F>(name: &'static str, server: &Arc<Server>, stopped: &watch::Receiver<bool>, job: fn(Arc<Server>, Pause) -> F) -> JoinHandle<()>
where
    F: Future<Output = ()> + Send + 'static,
{
    let (server, stopped) = (Arc::clone(server), stopped.clone());
    tokio::spawn(async move {
        loop {
            let pause = Pause { stopped: stopped.clone() };
            match tokio::spawn(job(Arc::clone(&server), pause)).await {
                Ok(()) => return,
                Err(error) => tracing::error!(%error, worker = name, "a worker broke and starts again"),
            }
            if !(Pause { stopped: stopped.clone() }).rest(AFTER_A_BREAK).await {
                return;
            }
        }
    })
}

/// The time between two rounds of a job, which ends early when the server stops.
struct Pause {
    stopped: watch::Receiver<bool>,
}

impl Pause {
    /// Whether the server wants to stop.
    fn is_over(&self) -> bool {
        *self.stopped.borrow()
    }

    /// Rests so long. `false`: stop.
    async fn rest(&mut self, time: Duration) -> bool {
        tokio::select! {
            biased;
            // An error means that the workers' handle is gone, and nobody could stop this job any more.
            _ = self.stopped.wait_for(|stop| *stop) => false,
            () = tokio::time::sleep(time) => true,
        }
    }

    /// Rests until the bell rings, but not longer than so. `false`: stop.
    async fn rest_until(&mut self, bell: &Notify, at_most: Duration) -> bool {
        tokio::select! {
            biased;
            _ = self.stopped.wait_for(|stop| *stop) => false,
            () = bell.notified() => true,
            () = tokio::time::sleep(at_most) => true,
        }
    }
}
