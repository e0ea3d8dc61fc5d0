//! Floor 2: the database. SQLite (embedded, the default) and PostgreSQL (many nodes) behind two enums and one SQL text.
//!
//! `Db` is the pools, `Tx` a *stretch*: one held connection, for reading or for writing. Nothing is awaited during a
//! stretch but the database. Whatever must differ between the two databases stands in this folder, but for a few pieces of lists
//! (`query::Query::either`).

mod macros;
mod migrate;
pub mod query;
mod sqlite;
#[cfg(test)]
mod tests;

pub use crate::{all, execute, one, optional};
pub use sqlite::Lease;

use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::time::{Period, Timestamp};
use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Executor, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

/// What PostgreSQL is to know of these connections: they ask many small questions of tables that fit into memory. Compiling one (20 ms) or
/// starting processes for it takes longer than answering it, and walking along an index is not dear.
const SMALL_QUESTIONS: &str = "SET jit = off; SET max_parallel_workers_per_gather = 0; SET random_page_cost = 1.1";

/// Where the database is.
#[derive(Clone, Debug)]
pub enum Place {
    /// A file, made when it does not exist.
    Sqlite(PathBuf),
    /// A `postgres://` address; it may carry a password.
    Postgres(Secret<String>),
}

/// How to open the database.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where it is.
    pub place: Place,
    /// The most connections at once (readers, with SQLite).
    pub connections: u32,
}

/// The pools. Cheap to clone.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // there is one of it
pub enum Db {
    /// The embedded database.
    Sqlite(sqlite::Embedded),
    /// A server for many nodes.
    Postgres(PgPool),
}

/// A stretch of database work on one connection.
#[derive(Debug)]
pub enum Tx {
    /// Reading, query-only.
    SqliteRead(PoolConnection<Sqlite>),
    /// Writing: the one writer's connection, lent until commit or drop.
    SqliteWrite(Lease),
    /// Reading, or one statement of its own.
    PostgresRead(PoolConnection<Postgres>),
    /// Writing in a transaction.
    PostgresWrite(sqlx::Transaction<'static, Postgres>),
}

/// The connection of a stretch, for one statement.
#[derive(Debug)]
pub enum Conn<'a> {
    /// SQLite's.
    Sqlite(&'a mut SqliteConnection),
    /// PostgreSQL's.
    Postgres(&'a mut PgConnection),
}

impl Db {
    /// Opens the database. Nothing is migrated; see [`Db::migrate`].
    pub async fn open(settings: &Settings) -> Result<Self, Fault> {
        match &settings.place {
            Place::Sqlite(path) => Ok(Self::Sqlite(sqlite::Embedded::open(path, settings.connections).await?)),
            Place::Postgres(url) => {
                let options = PgConnectOptions::from_str(url.expose())?.application_name("gatehouse");
                let pool = PgPoolOptions::new()
                    .max_connections(settings.connections)
                    .test_before_acquire(false)
                    .acquire_timeout(Duration::from_secs(10))
                    .idle_timeout(Duration::from_mins(5))
                    .after_connect(|conn, _| Box::pin(async move { conn.execute(SMALL_QUESTIONS).await.map(|_| ()) }))
                    .connect_with(options)
                    .await?;
                Ok(Self::Postgres(pool))
            }
        }
    }

    /// Begins a stretch of reading.
    pub async fn read(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Self::Sqlite(embedded) => Tx::SqliteRead(embedded.read().await?),
            Self::Postgres(pool) => Tx::PostgresRead(pool.acquire().await?),
        })
    }

    /// Begins a transaction. On SQLite it waits for its turn at the one writer.
    pub async fn write(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Self::Sqlite(embedded) => Tx::SqliteWrite(embedded.write(sqlite::Turn::Many).await?),
            Self::Postgres(pool) => Tx::PostgresWrite(pool.begin().await?),
        })
    }

    /// Begins a stretch for exactly one writing statement, the cheapest durable write: no savepoint, no `BEGIN`.
    /// The statement counts even when the stretch is dropped afterwards.
    pub async fn write_once(&self) -> Result<Tx, Fault> {
        Ok(match self {
            Self::Sqlite(embedded) => Tx::SqliteWrite(embedded.write(sqlite::Turn::Once).await?),
            Self::Postgres(pool) => Tx::PostgresRead(pool.acquire().await?),
        })
    }

    /// Whether many nodes may share this database.
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The database's own clock in microseconds UTC; `None` when it is this machine's.
    pub async fn clock(&self) -> Result<Option<i64>, Fault> {
        match self {
            Self::Sqlite(_) => Ok(None),
            Self::Postgres(pool) => {
                let (micros,): (i64,) = sqlx::query_as("SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)").fetch_one(pool).await?;
                Ok(Some(micros))
            }
        }
    }

    /// Finishes what is being written and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite(embedded) => embedded.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

impl Tx {
    /// The connection, for the next statement.
    pub fn conn(&mut self) -> Conn<'_> {
        #[cfg(test)]
        STATEMENTS.set(STATEMENTS.get() + 1);
        match self {
            Self::SqliteRead(conn) => Conn::Sqlite(conn),
            Self::SqliteWrite(lease) => Conn::Sqlite(lease.conn()),
            Self::PostgresRead(conn) => Conn::Postgres(conn),
            Self::PostgresWrite(tx) => Conn::Postgres(tx),
        }
    }

    /// Makes everything durable. When this answers `Ok`, no crash loses it.
    pub async fn commit(self) -> Result<(), Fault> {
        match self {
            Self::SqliteRead(_) | Self::PostgresRead(_) => Ok(()),
            Self::SqliteWrite(lease) => lease.commit().await,
            Self::PostgresWrite(tx) => Ok(tx.commit().await?),
        }
    }

    /// Undoes everything. Dropping a stretch does the same.
    pub async fn rollback(self) -> Result<(), Fault> {
        match self {
            Self::SqliteRead(_) | Self::PostgresRead(_) | Self::SqliteWrite(_) => Ok(()),
            Self::PostgresWrite(tx) => Ok(tx.rollback().await?),
        }
    }
}

#[cfg(test)]
thread_local! {
    static STATEMENTS: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// How many statements were run on this thread so far: tests that run on one thread count with it.
#[cfg(test)]
pub(crate) fn statements() -> u64 {
    STATEMENTS.get()
}

/// The two columns of a period: flattened into rows that have one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, sqlx::FromRow)]
pub struct PeriodColumns {
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl PeriodColumns {
    /// The period.
    pub const fn period(self) -> Period {
        Period { starts_at: self.starts_at, ends_at: self.ends_at }
    }
}

impl From<Period> for PeriodColumns {
    fn from(period: Period) -> Self {
        Self { starts_at: period.starts_at, ends_at: period.ends_at }
    }
}
