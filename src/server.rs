//! Floor 5: the parts, built once. Whatever needs them (pages, workers, commands) opens its works here.

mod error;
mod seal_key;
mod setup_link;
#[cfg(test)]
mod tests;

pub use error::StartError;

use crate::access;
use crate::access::load::Known;
use crate::access::role::organization;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::time::Clock;
use crate::config::{Config, DatabaseUrl};
use crate::crypto;
use crate::crypto::password::Passwords;
use crate::db::{self, Db};
use crate::identity::user;
use crate::lifecycle::preview::Previews;
use crate::mail::post::PostOffice;
use crate::mail::transport::{self, Transport};
use crate::oauth::key::Keys;
use crate::oauth::provider::Provider;
use crate::work::{Ground, Origin};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::Semaphore;

/// So many exports run at the same time: each reads a lot.
const EXPORTS: usize = 4;

/// Everything that requests, workers and commands share.
pub struct Server {
    /// The settings.
    pub config: Config,
    /// What works stand on: database, clock, sealer, and the bells of the workers.
    pub ground: Ground,
    /// The OpenID Provider: its name, its lives, the configuration kept in memory, and the signing keys. These are made
    /// beside the listener, never before it.
    pub provider: Provider,
    /// Hashes and verifies passwords, as many at a time as there are cores.
    pub passwords: Passwords,
    /// Where letters go.
    pub post: PostOffice,
    /// A place for each export that may run at the same time.
    pub exports: Arc<Semaphore>,
    /// The seats of those who ask what a change would do.
    pub previews: Previews,
    clock_is_right: AtomicBool,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("issuer", &self.issuer()).finish_non_exhaustive()
    }
}

/// Why the server does not take requests at the moment.
#[derive(Debug, thiserror::Error)]
pub enum NotReady {
    /// The clock of this machine and that of the database differ by more than two seconds.
    #[error("the clocks of this machine and of the database are too far apart")]
    Clock,
    /// The database does not answer, or its schema is older than this program.
    #[error("the database does not answer or is not migrated")]
    Database,
}

impl Server {
    /// Builds the server as the settings say: database (migrated), sealing key, built-in roles, mail.
    pub async fn open(config: Config) -> Result<Arc<Self>, StartError> {
        // Before anything is made: TLS for mail needs the provider, and bad settings should leave no traces.
        crypto::install();
        let transport = Transport::open(&transport::Settings {
            smtp_url: config.mail.smtp_url.clone(),
            from: Some(config.mail.from.to_string()),
            ca_file: config.mail.ca_file.clone(),
            ..transport::Settings::default()
        })?;
        Self::open_with(config, Clock::System, transport).await
    }

    /// The same with another clock and another way for mail: for tests.
    pub async fn open_with(config: Config, clock: Clock, transport: Transport) -> Result<Arc<Self>, StartError> {
        crypto::install();
        let keys = seal_key::configured(&config)?;
        if matches!(config.database.url, DatabaseUrl::Sqlite(_)) {
            seal_key::make_private_directory(&config.server.data_dir)?;
        }
        let db = Self::database(&config).await?;
        match Self::assemble(config, clock, transport, db.clone(), keys).await {
            Ok(server) => Ok(Arc::new(server)),
            Err(error) => {
                db.close().await;
                Err(error)
            }
        }
    }

    /// The database that the settings name, as it is.
    pub async fn database(config: &Config) -> Result<Db, StartError> {
        let place = match &config.database.url {
            DatabaseUrl::Sqlite(path) => db::Place::Sqlite(path.clone()),
            DatabaseUrl::Postgres(url) => db::Place::Postgres(url.clone()),
        };
        Db::open(&db::Settings { place, connections: config.database.connections }).await.map_err(StartError::Database)
    }

    async fn assemble(config: Config, clock: Clock, transport: Transport, db: Db, keys: seal_key::Configured) -> Result<Self, StartError> {
        db.migrate().await.map_err(StartError::Migrate)?;
        let sealer = Arc::new(seal_key::sealer(&db, &config, keys).await?);
        let ground = Ground { db, clock, sealer, jobs: Arc::default(), events: Arc::default() };
        ensure_built_in_roles(&ground).await?;
        user::refold(&ground).await?;
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let passwords = Passwords::new(cores);
        let provider = Provider {
            issuer: config.server.public_url.issuer().to_owned(),
            access_life: config.tokens.access_life,
            refresh_grace: config.tokens.refresh_grace,
            code_life: config.tokens.code_life,
            known: Known::default(),
            keys: Keys::default(),
        };
        let post = PostOffice::new(transport, config.mail.ca_file.clone());
        let exports = Arc::new(Semaphore::new(EXPORTS));
        Ok(Self { config, ground, provider, passwords, post, exports, previews: Previews::default(), clock_is_right: AtomicBool::new(true) })
    }

    /// The issuer: our own address, without a slash at the end.
    pub fn issuer(&self) -> &str {
        self.config.server.public_url.issuer()
    }

    /// Whether requests can be answered now.
    pub async fn ready(&self) -> Result<(), NotReady> {
        if !self.clock_is_right.load(Ordering::Relaxed) {
            return Err(NotReady::Clock);
        }
        if self.ground.db.is_migrated().await { Ok(()) } else { Err(NotReady::Database) }
    }

    /// Notes whether this machine's clock agrees with that of the database. Answers what was noted before.
    pub fn note_clock(&self, right: bool) -> bool {
        self.clock_is_right.swap(right, Ordering::Relaxed)
    }

    /// Finishes what is being written and closes the database. Workers must have stopped before.
    pub async fn close(&self) {
        self.ground.db.close().await;
    }
}

/// Makes the rows of built-in roles that are missing. A start that finds them all writes nothing.
async fn ensure_built_in_roles(ground: &Ground) -> Result<(), Fault> {
    let mut tx = ground.db.read().await?;
    let complete = organization::are_built_in_complete(&mut tx).await?;
    drop(tx);
    if complete {
        return Ok(());
    }
    let actor = Actor::System { label: "start" };
    ground
        .work(&actor, &Origin::default(), async |work| {
            let changing = access::begin_change(work).await?;
            organization::ensure_built_in(work, &changing).await
        })
        .await
}
