//! Above the floors: `gatehouse serve`. Opens the server, the listener and the workers, and ends them in the right order.
//! The binary and the tests run the same.

use crate::base::fault::Fault;
use crate::config::Config;
use crate::http;
use crate::lifecycle::setup::LinkError;
use crate::log;
use crate::oauth::key;
use crate::server::{Server, StartError};
use crate::worker::{self, Workers};
use actix_web::dev::ServerHandle;
use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

/// A server that answers requests.
#[derive(Debug)]
pub struct Running {
    /// The server.
    pub server: Arc<Server>,
    /// Where it listens.
    pub address: SocketAddr,
    handle: ServerHandle,
    workers: Workers,
    listening: tokio::task::JoinHandle<()>,
}

/// Why `gatehouse serve` did not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The parts could not be built.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The listener or the runtime failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Serves until told to stop, then ends gently. A second signal ends at once.
pub fn run(config: Config) -> Result<(), ServeError> {
    log::start(&config.log)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    actix_web::rt::System::new().block_on(async {
        // The port first: a second server on this machine fails before it touches anything.
        let listener = listen(config.server.listen)?;
        let server = Server::open(config).await?;
        let running = start_showing(server, listener, on_terminal)?;
        tracing::info!(address = %running.address, issuer = running.server.issuer(), "Gatehouse answers");
        told_to_stop().await?;
        tracing::info!("stopping: the requests in flight are finished first");
        tokio::select! {
            () = running.stop() => tracing::info!("stopped"),
            impatient = told_to_stop() => impatient?,
        }
        Ok(())
    })
}

/// Opens the listener of a configuration.
pub fn listen(address: SocketAddr) -> Result<TcpListener, Fault> {
    let fault = |error: std::io::Error| Fault::new("listen", format!("{address}: {error}"));
    let listener = TcpListener::bind(address).map_err(fault)?;
    listener.set_nonblocking(true).map_err(fault)?;
    Ok(listener)
}

/// Begins to answer. The first signing keys are made beside it: discovery does not wait for them.
pub fn start(server: Arc<Server>, listener: TcpListener) -> Result<Running, Fault> {
    start_showing(server, listener, |_| {})
}

/// The same, and shows the claim link of an organization that nobody administers yet.
fn start_showing(server: Arc<Server>, listener: TcpListener, show: fn(&str)) -> Result<Running, Fault> {
    let address = listener.local_addr().map_err(|error| Fault::new("listen", error))?;
    let running = http::serve(Arc::clone(&server), listener)?;
    let handle = running.handle();
    let listening = actix_web::rt::spawn(async move {
        if let Err(error) = running.await {
            tracing::error!(%error, "the listener ended");
        }
    });
    let workers = worker::start(&server);
    let ground = server.ground.clone();
    actix_web::rt::spawn(async move {
        while let Err(fault) = key::ensure_first(&ground).await {
            tracing::error!(%fault, "the signing keys could not be made; trying again");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    actix_web::rt::spawn(announce(Arc::clone(&server), show));
    Ok(Running { server, address, handle, workers, listening })
}

/// Writes on the terminal itself: a log is no place for secrets.
fn on_terminal(text: &str) {
    // Whoever closed the terminal finds the link in its file.
    let _ = std::io::stdout().lock().write_all(format!("\n{text}\n").as_bytes());
}

/// While nobody administers the organization, makes a claim link and shows it.
async fn announce(server: Arc<Server>, show: fn(&str)) {
    match server.make_claim_link("start").await {
        Ok(text) => show(&text),
        Err(LinkError::SetUp) => server.forget_claim_link(),
        Err(error) => tracing::error!(%error, "no claim link could be made; `gatehouse admin claim-link` makes one"),
    }
}

impl Running {
    /// Ends: no new requests, those in flight are finished, the workers finish the job in hand, the database is closed.
    pub async fn stop(self) {
        self.handle.stop(true).await;
        let _ = self.listening.await;
        self.workers.stop().await;
        self.server.close().await;
    }
}

/// Waits for the signal to stop (SIGTERM or Ctrl-C).
pub async fn told_to_stop() -> Result<(), Fault> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(|error| Fault::new("wait for a signal", error))?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted.map_err(|error| Fault::new("wait for a signal", error)),
    }
}
