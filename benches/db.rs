//! How many works a second the database makes durable: through the grouped SQLite writer, beside one commit each, and on
//! PostgreSQL when `GATEHOUSE_BENCH_POSTGRES` holds the address of a database that may be written to.
//!
//! `cargo bench --bench db` takes about half a minute and prints a table. It asserts nothing: a busy machine is no defect.

use gatehouse::base::fault::Fault;
use gatehouse::base::secret::Secret;
use gatehouse::db::{Db, Place, Settings, Tx};
use gatehouse::execute;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

const TASKS: [usize; 3] = [1, 16, 64];
const ROW_TIME: Duration = Duration::from_secs(2);
const TABLE: &str = "CREATE TABLE IF NOT EXISTS gatehouse_bench (id BIGINT PRIMARY KEY, name TEXT NOT NULL, at BIGINT NOT NULL)";
const INSERT: &str = "INSERT INTO gatehouse_bench (id, name, at) VALUES ($1, $2, $3)";
const NAME: &str = "about as much text as a row has that is written often";

/// Numbers the rows of one table.
static NEXT: AtomicI64 = AtomicI64::new(1);

/// How a work reaches the database.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // there is one of it
enum Way {
    /// As the product does.
    Product(Db),
    /// A plain connection with the same pragmas, one transaction for each work.
    OneCommitEach(Arc<Mutex<SqliteConnection>>),
}

impl Way {
    async fn work(&self, statements: usize) -> Result<(), Fault> {
        match self {
            Self::Product(db) => {
                let mut tx = if statements == 1 { db.write_once().await? } else { db.write().await? };
                for _ in 0..statements {
                    insert(&mut tx).await?;
                }
                tx.commit().await
            }
            Self::OneCommitEach(conn) => {
                let mut conn = conn.lock().await;
                // A statement outside of a transaction is one by itself.
                if statements == 1 {
                    return Ok(insert_alone(&mut conn).await?);
                }
                let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
                for _ in 0..statements {
                    insert_alone(&mut tx).await?;
                }
                Ok(tx.commit().await?)
            }
        }
    }
}

async fn insert(tx: &mut Tx) -> Result<(), sqlx::Error> {
    execute!(tx, INSERT, NEXT.fetch_add(1, Ordering::Relaxed), NAME, 1_000_000_i64)?;
    Ok(())
}

async fn insert_alone(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query(INSERT).bind(NEXT.fetch_add(1, Ordering::Relaxed)).bind(NAME).bind(1_000_000_i64).execute(conn).await?;
    Ok(())
}

/// Lets tasks work for a while and prints how it went.
async fn row(name: &str, way: &Way, statements: usize, tasks: usize) -> Result<(), Box<dyn Error>> {
    for _ in 0..20 {
        way.work(statements).await?;
    }
    let began = Instant::now();
    let working: Vec<_> = (0..tasks)
        .map(|_| {
            let way = way.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                while began.elapsed() < ROW_TIME {
                    let start = Instant::now();
                    way.work(statements).await?;
                    times.push(start.elapsed());
                }
                Ok::<_, Fault>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in working {
        times.extend(task.await??);
    }
    let took = began.elapsed();
    times.sort_unstable();
    let per_second = times.len() as u128 * 1_000_000 / took.as_micros().max(1);
    let at = |percent: usize| times.get(times.len() * percent / 100).map_or(0.0, |time| time.as_secs_f64() * 1e3);
    println!("{name:<28}{statements:>12}{tasks:>8}{per_second:>14}{:>12.2}{:>12.2}", at(50), at(99));
    Ok(())
}

/// A plain connection to a file of its own, as the product opens its writer.
async fn plain(path: &Path) -> Result<Way, Box<dyn Error>> {
    let mut conn = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .pragma("wal_autocheckpoint", "2000")
        .connect()
        .await?;
    sqlx::query(TABLE).execute(&mut conn).await?;
    Ok(Way::OneCommitEach(Arc::new(Mutex::new(conn))))
}

async fn product(place: Place) -> Result<Db, Box<dyn Error>> {
    let db = Db::open(&Settings { place, connections: 16 }).await?;
    if !db.is_shared() {
        db.migrate().await?;
    }
    let mut tx = db.write().await?;
    execute!(tx, TABLE)?;
    tx.commit().await?;
    Ok(db)
}

async fn table() -> Result<(), Box<dyn Error>> {
    // Not in /tmp: where that is memory, a flush costs nothing.
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    println!("{:<28}{:>12}{:>8}{:>14}{:>12}{:>12}", "", "statements", "tasks", "works/s", "median ms", "99 % ms");
    let grouped = product(Place::Sqlite(folder.path().join("grouped.db"))).await?;
    let each = plain(&folder.path().join("each.db")).await?;
    for statements in [1, 5] {
        for tasks in TASKS {
            row("SQLite, in groups", &Way::Product(grouped.clone()), statements, tasks).await?;
            row("SQLite, one commit each", &each, statements, tasks).await?;
        }
    }
    grouped.close().await;
    let Ok(url) = std::env::var("GATEHOUSE_BENCH_POSTGRES") else {
        println!("PostgreSQL is left out: GATEHOUSE_BENCH_POSTGRES is not set");
        return Ok(());
    };
    let postgres = product(Place::Postgres(Secret::new(url))).await?;
    let mut tx = postgres.write().await?;
    execute!(tx, "DELETE FROM gatehouse_bench")?; // of a run that was ended early
    tx.commit().await?;
    for statements in [1, 5] {
        for tasks in TASKS {
            row("PostgreSQL", &Way::Product(postgres.clone()), statements, tasks).await?;
        }
    }
    let mut tx = postgres.write().await?;
    execute!(tx, "DROP TABLE gatehouse_bench")?;
    tx.commit().await?;
    postgres.close().await;
    Ok(())
}

fn main() -> Result<(), Box<dyn Error>> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(table())
}
