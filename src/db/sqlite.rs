//! SQLite: many query-only readers, and one writer that commits in groups.
//!
//! The disk flush of a commit costs far more than the statements of most works. So works that wait at the same moment
//! share one durable transaction: each runs in turn on the one writing connection, between its own savepoint and its
//! release, and hears "committed" only after the group's `COMMIT`. If that fails, everyone in the group hears so.

use crate::base::fault::Fault;
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, Sqlite, SqliteConnection, SqlitePool};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, Notify, mpsc, oneshot};
use tokio::task::JoinHandle;

/// The most works in one group, and how long a group may gather: a work that came first does not wait for ever.
const GROUP_SIZE: usize = 128;
const GROUP_TIME: Duration = Duration::from_millis(10);
/// Works that may wait for the writer; more than that is a fault at once instead of a queue without end.
const QUEUE: usize = 4_096;

/// The embedded database: readers and the way to the writer.
#[derive(Clone, Debug)]
pub struct Embedded {
    readers: SqlitePool,
    options: SqliteConnectOptions,
    path: PathBuf,
    turns: mpsc::Sender<Request>,
    closing: Arc<Notify>,
    writer: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// How much a work will write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Exactly one statement: needs no savepoint, for a statement is all or nothing by itself.
    Once,
    /// Any number.
    Many,
}

#[derive(Debug)]
struct Request {
    turn: Turn,
    reply: oneshot::Sender<Result<Lease, Fault>>,
}

#[derive(Debug)]
enum Outcome {
    Commit(oneshot::Sender<Result<(), Fault>>),
    Rollback,
}

/// The writing connection, lent to one work. Dropping it without `commit` undoes the work.
#[derive(Debug)]
pub struct Lease {
    conn: Option<SqliteConnection>,
    back: Option<oneshot::Sender<(SqliteConnection, Outcome)>>,
    turn: Turn,
    used: bool,
}

impl Embedded {
    pub(super) async fn open(path: &Path, readers: u32) -> Result<Self, Fault> {
        create(path)?;
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(false)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .statement_cache_capacity(200);
        let writing = options.clone().pragma("wal_autocheckpoint", "2000");
        let writer = connect_patiently(&writing).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(readers)
            .min_connections(0)
            .test_before_acquire(false)
            .acquire_timeout(Duration::from_secs(10))
            .idle_timeout(Duration::from_secs(30))
            .connect_lazy_with(options.clone().pragma("query_only", "1"));
        let (turns, requests) = mpsc::channel(QUEUE);
        let closing = Arc::new(Notify::new());
        let task = tokio::spawn(write(writer, writing, requests, closing.clone()));
        Ok(Self { readers, options, path: path.to_owned(), turns, closing, writer: Arc::new(Mutex::new(Some(task))) })
    }

    pub(super) async fn read(&self) -> Result<PoolConnection<Sqlite>, Fault> {
        Ok(self.readers.acquire().await?)
    }

    pub(super) async fn write(&self, turn: Turn) -> Result<Lease, Fault> {
        let gone = || Fault::broken("the database is closing");
        let (reply, lease) = oneshot::channel();
        self.turns.try_send(Request { turn, reply }).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Fault::broken("too many works wait for the database"),
            mpsc::error::TrySendError::Closed(_) => gone(),
        })?;
        lease.await.map_err(|_| gone())?
    }

    pub(super) async fn connect(&self) -> Result<SqliteConnection, Fault> {
        connect_patiently(&self.options).await
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Ends the writer after the works that wait already, then the readers.
    pub(super) async fn close(&self) {
        if let Some(task) = self.writer.lock().await.take() {
            self.closing.notify_one();
            let _ = task.await;
        }
        self.readers.close().await;
    }
}

impl Lease {
    pub(super) fn conn(&mut self) -> &mut SqliteConnection {
        assert!(self.turn == Turn::Many || !self.used, "a stretch for one statement was used for a second");
        self.used = true;
        self.conn.as_mut().expect("a lease holds its connection until it is given back")
    }

    pub(super) async fn commit(mut self) -> Result<(), Fault> {
        let (ack, committed) = oneshot::channel();
        self.give_back(Outcome::Commit(ack));
        committed.await.map_err(|_| Fault::broken("commit: the transaction that this work shared with others is lost"))?
    }

    fn give_back(&mut self, outcome: Outcome) {
        if let (Some(conn), Some(back)) = (self.conn.take(), self.back.take()) {
            // Fails only when the writer is gone, and the transaction with it.
            let _ = back.send((conn, outcome));
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        self.give_back(Outcome::Rollback);
    }
}

/// The writer: takes requests in order, one group after the other. A connection that is lost, or in a state that nobody
/// knows, is replaced; while there is no other (a full disk), each work hears so and the next one tries again.
async fn write(conn: SqliteConnection, options: SqliteConnectOptions, mut requests: mpsc::Receiver<Request>, closing: Arc<Notify>) {
    let mut conn = Some(conn);
    loop {
        let first = tokio::select! {
            biased;
            request = requests.recv() => request,
            () = closing.notified() => None,
        };
        let Some(first) = first else { break };
        let open = match conn.take() {
            Some(open) => Ok(open),
            None => options.connect().await,
        };
        match open {
            Ok(open) => conn = group(open, first, &mut requests).await.ok(),
            Err(error) => {
                tracing::error!(%error, "the database cannot be opened for writing");
                let _ = first.reply.send(Err(error.into()));
            }
        }
    }
    if let Some(conn) = conn {
        let _ = conn.close().await;
    }
}

/// One group: `BEGIN`, each work in turn, `COMMIT`, then the answers. `Err` means that the connection must not be used again.
async fn group(mut conn: SqliteConnection, first: Request, requests: &mut mpsc::Receiver<Request>) -> Result<SqliteConnection, ()> {
    if let Err(error) = conn.execute("BEGIN IMMEDIATE").await {
        let _ = first.reply.send(Err(error.into()));
        return Err(());
    }
    let began = Instant::now();
    let mut acks = Vec::new();
    let mut next = Some(first);
    let mut served = 0;
    while let Some(request) = next.take() {
        conn = serve(conn, request, &mut acks).await?;
        served += 1;
        if served < GROUP_SIZE && began.elapsed() < GROUP_TIME {
            next = requests.try_recv().ok();
        }
    }
    let outcome = conn.execute("COMMIT").await;
    let failed = outcome.as_ref().err().map(ToString::to_string);
    if failed.is_some() {
        // The transaction may still be open (a full disk): nothing of it may leak into the next group.
        let _ = conn.execute("ROLLBACK").await;
    }
    for ack in acks {
        let _ = ack.send(match &failed {
            None => Ok(()),
            Some(cause) => Err(Fault::new("commit", cause.clone())),
        });
    }
    if failed.is_some() { Err(()) } else { Ok(conn) }
}

async fn serve(mut conn: SqliteConnection, request: Request, acks: &mut Vec<oneshot::Sender<Result<(), Fault>>>) -> Result<SqliteConnection, ()> {
    let Request { turn, reply } = request;
    if reply.is_closed() {
        return Ok(conn);
    }
    if turn == Turn::Many
        && let Err(error) = conn.execute("SAVEPOINT work").await
    {
        let _ = reply.send(Err(error.into()));
        return Ok(conn);
    }
    let (back, returned) = oneshot::channel();
    // If nobody waits any more the lease comes straight back, as a rollback.
    drop(reply.send(Ok(Lease { conn: Some(conn), back: Some(back), turn, used: false })));
    let Ok((same, outcome)) = returned.await else { return Err(()) };
    conn = same;
    let end = match (turn, &outcome) {
        (Turn::Once, Outcome::Commit(_)) => Ok(()),
        // Dropped, perhaps because its statement failed in a way that ended the whole transaction. What comes after would
        // then be durable one by one, and hear at the end that it is not.
        (Turn::Once, Outcome::Rollback) => still_open(&mut conn).await,
        (Turn::Many, Outcome::Commit(_)) => conn.execute("RELEASE work").await.map(drop),
        (Turn::Many, Outcome::Rollback) => conn.execute("ROLLBACK TO work; RELEASE work").await.map(drop),
    };
    match (end, outcome) {
        (Ok(()), Outcome::Commit(ack)) => acks.push(ack),
        (Ok(()), Outcome::Rollback) => {}
        // The savepoint is gone: a full disk ends the whole transaction. Giving up the connection fails everyone in the group.
        (Err(error), _) => {
            tracing::error!(%error, "a work could not be ended; its group is given up");
            return Err(());
        }
    }
    Ok(conn)
}

/// Whether the group's transaction is still there. SQLite refuses a `BEGIN` within one and grants it outside; asking its
/// `sqlite3_get_autocommit` would need the raw handle.
async fn still_open(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    match conn.execute("BEGIN").await {
        Err(sqlx::Error::Database(_)) => Ok(()),
        Err(error) => Err(error),
        Ok(_) => Err(sqlx::Error::Protocol("a statement ended the transaction of its group".to_owned())),
    }
}

/// Connects also while another process makes the same file a WAL database, or closes it as the last one: SQLite answers "busy" to
/// that at once, whatever its busy timeout.
async fn connect_patiently(options: &SqliteConnectOptions) -> Result<SqliteConnection, Fault> {
    let mut tries = 0;
    loop {
        tries += 1;
        match options.connect().await {
            Err(sqlx::Error::Database(error)) if error.code().as_deref() == Some("5") && tries < 200 => tokio::time::sleep(Duration::from_millis(25)).await,
            answer => return Ok(answer?),
        }
    }
}

/// Holds an exclusive lock on a file beside the database until dropped.
pub(super) async fn lock_file(database: &Path) -> Result<std::fs::File, Fault> {
    let path = database.with_extension("migrating");
    tokio::task::spawn_blocking(move || {
        let file = std::fs::OpenOptions::new().create(true).truncate(false).write(true).open(&path)?;
        file.lock()?;
        Ok(file)
    })
    .await
    .map_err(|error| Fault::new("wait for the migration lock", error))?
    .map_err(|error: std::io::Error| Fault::new("lock the database for its migration", error))
}

/// Makes the file, with its folder, if it is not there. Nobody but the owner reads it, nor what SQLite puts beside it:
/// that gets the mode of the file. An existing file is not opened here: closing it again would release, by the rules of
/// POSIX, the locks of every other connection of this process.
fn create(path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|error| Fault::new("make the folder of the database", error))?;
    }
    match std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(Fault::new("make the database file", error)),
        _ => {}
    }
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).map_err(|error| Fault::new("protect the database file", error))
}
