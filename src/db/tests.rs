//! What the database promises, tried with works that fail, vanish, collide, and find no room.

use super::{Db, Place, Settings, Tx, all, execute, one, optional};
use crate::base::fault::Fault;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, SqliteConnection};
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Barrier;
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::{JoinHandle, yield_now};

async fn open(folder: &TempDir) -> Db {
    let place = Place::Sqlite(folder.path().join("data/test.db"));
    Db::open(&Settings { place, connections: 4 }).await.expect("a database")
}

async fn opened() -> (TempDir, Db) {
    let folder = tempfile::tempdir().expect("a folder");
    let db = open(&folder).await;
    let mut tx = db.write().await.expect("a turn");
    execute!(tx, "CREATE TABLE notes (name TEXT PRIMARY KEY, body BLOB)").expect("a table");
    tx.commit().await.expect("committed");
    (folder, db)
}

async fn note(tx: &mut Tx, name: &str) -> Result<u64, sqlx::Error> {
    execute!(tx, "INSERT INTO notes (name) VALUES ($1)", name)
}

/// A work of one statement.
async fn note_once(db: &Db, name: &str) -> Result<(), Fault> {
    let mut tx = db.write_once().await?;
    note(&mut tx, name).await?;
    tx.commit().await
}

/// A work of two statements.
async fn note_twice(db: &Db, name: &str) -> Result<(), Fault> {
    let mut tx = db.write().await?;
    note(&mut tx, &format!("{name} first")).await?;
    note(&mut tx, name).await?;
    tx.commit().await
}

/// The names that a stranger finds in the file: what was not committed, it cannot see.
async fn found(folder: &TempDir) -> BTreeSet<String> {
    let mut stranger: SqliteConnection = SqliteConnectOptions::new().filename(folder.path().join("data/test.db")).connect().await.expect("a connection");
    let rows: Vec<(String,)> = sqlx::query_as("SELECT name FROM notes").fetch_all(&mut stranger).await.expect("rows");
    rows.into_iter().map(|(name,)| name).collect()
}

fn names<const N: usize>(names: [&str; N]) -> BTreeSet<String> {
    names.map(str::to_owned).into()
}

/// Lets the tasks that were spawned reach the queue of the writer. (These tests run on one thread.)
async fn queued() {
    for _ in 0..20 {
        yield_now().await;
    }
}

async fn end<T>(task: JoinHandle<T>) -> T {
    task.await.expect("a task that ends")
}

#[tokio::test]
async fn a_work_that_is_rolled_back_leaves_the_others() {
    let (folder, db) = opened().await;
    let mut first = db.write().await.unwrap();
    note(&mut first, "first").await.unwrap();
    let undone = tokio::spawn({
        let db = db.clone();
        async move {
            let mut tx = db.write().await?;
            note(&mut tx, "undone").await?;
            tx.rollback().await
        }
    });
    let refused = tokio::spawn({
        let db = db.clone();
        async move {
            let mut tx = db.write().await?;
            note(&mut tx, "before the refusal").await?;
            note(&mut tx, "first").await?;
            tx.commit().await
        }
    });
    let refused_once = tokio::spawn({
        let db = db.clone();
        async move { note_once(&db, "first").await }
    });
    let second = tokio::spawn({
        let db = db.clone();
        async move { note_twice(&db, "second").await }
    });
    let third = tokio::spawn({
        let db = db.clone();
        async move { note_once(&db, "third").await }
    });
    queued().await;
    first.commit().await.unwrap();
    end(undone).await.unwrap();
    for refused in [end(refused).await, end(refused_once).await] {
        let error = refused.unwrap_err().to_string();
        assert!(error.contains("UNIQUE"), "{error}");
    }
    end(second).await.unwrap();
    end(third).await.unwrap();
    assert_eq!(found(&folder).await, names(["first", "second", "second first", "third"]));
}

#[tokio::test]
async fn a_work_that_vanishes_leaves_nothing() {
    let (folder, db) = opened().await;
    let mut tx = db.write().await.unwrap();
    note(&mut tx, "dropped").await.unwrap();
    drop(tx);
    note_once(&db, "after a drop").await.unwrap();

    // In the middle of a statement: long enough to be there still when nobody waits for it any more.
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) INSERT INTO notes (name) SELECT 'many ' || i FROM n";
    let mut tx = db.write().await.unwrap();
    note(&mut tx, "before the long statement").await.unwrap();
    let given_up = tokio::time::timeout(Duration::from_millis(1), async { execute!(tx, many) }).await;
    assert!(given_up.is_err(), "the statement was still running");
    drop(tx);
    note_twice(&db, "after a statement that nobody waits for").await.unwrap();

    let panicking = tokio::spawn({
        let db = db.clone();
        async move {
            let mut tx = db.write().await.unwrap();
            note(&mut tx, "before the panic").await.unwrap();
            assert!(found_nothing(&mut tx).await, "on purpose");
        }
    });
    assert!(panicking.await.unwrap_err().is_panic());
    note_once(&db, "after a panic").await.unwrap();

    // While waiting for the turn.
    let tx = db.write().await.unwrap();
    let waiting = tokio::spawn({
        let db = db.clone();
        async move { note_once(&db, "aborted").await }
    });
    queued().await;
    waiting.abort();
    assert!(waiting.await.unwrap_err().is_cancelled());
    drop(tx);
    note_once(&db, "after an abort").await.unwrap();

    let expected =
        ["after a drop", "after a statement that nobody waits for", "after a statement that nobody waits for first", "after a panic", "after an abort"];
    assert_eq!(found(&folder).await, names(expected));
}

async fn found_nothing(tx: &mut Tx) -> bool {
    optional!(tx, (String,), "SELECT name FROM notes WHERE name = 'before the panic'").unwrap().is_none()
}

#[tokio::test]
async fn committed_is_said_only_when_it_is() {
    let (folder, db) = opened().await;
    for round in 0..10 {
        let (early, late) = (format!("early {round}"), format!("late {round}"));
        let mut tx = db.write().await.unwrap();
        note(&mut tx, &early).await.unwrap();
        // Somebody who lingers in the same group.
        let lingering = tokio::spawn({
            let (db, late) = (db.clone(), late.clone());
            async move {
                let mut tx = db.write().await?;
                note(&mut tx, &late).await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
                tx.commit().await
            }
        });
        queued().await;
        tx.commit().await.unwrap();
        assert!(found(&folder).await.contains(&early), "round {round}");
        end(lingering).await.unwrap();
        assert!(found(&folder).await.contains(&late), "round {round}");
        note_once(&db, &format!("once {round}")).await.unwrap();
        assert!(found(&folder).await.contains(&format!("once {round}")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn everything_that_64_tasks_hear_committed_is_there() {
    let (folder, db) = opened().await;
    let mut tasks = Vec::new();
    for task in 0..64 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            let mut committed = Vec::new();
            for work in 0..20 {
                let name = format!("{task}/{work}");
                match work % 4 {
                    0 | 1 => {
                        note_once(&db, &name).await?;
                        committed.push(name);
                    }
                    2 => {
                        note_twice(&db, &name).await?;
                        committed.extend([format!("{name} first"), name]);
                    }
                    _ => {
                        let mut tx = db.write().await?;
                        note(&mut tx, &name).await?;
                    }
                }
            }
            Ok::<_, Fault>(committed)
        }));
    }
    let mut committed = BTreeSet::new();
    for task in tasks {
        committed.extend(end(task).await.unwrap());
    }
    assert_eq!(committed.len(), 64 * 20);
    assert_eq!(found(&folder).await, committed);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (folder, db) = opened().await;
    for _ in 0..2 {
        let mut tx = db.read().await.unwrap();
        let refused = note(&mut tx, "smuggled").await.unwrap_err().to_string();
        assert!(refused.contains("readonly"), "{refused}");
        tx.commit().await.unwrap();
    }
    assert!(found(&folder).await.is_empty());
}

#[tokio::test]
async fn one_statement_means_one() {
    let (folder, db) = opened().await;
    let greedy = tokio::spawn({
        let db = db.clone();
        async move {
            let mut tx = db.write_once().await.unwrap();
            note(&mut tx, "one").await.unwrap();
            note(&mut tx, "two").await.unwrap();
        }
    });
    let panic = greedy.await.unwrap_err().into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"a stretch for one statement was used for a second"));
    note_once(&db, "afterwards").await.unwrap();
    assert_eq!(found(&folder).await, names(["one", "afterwards"]), "the one statement counts, as its documentation says");
}

#[tokio::test]
async fn closing_finishes_what_waits() {
    let (folder, db) = opened().await;
    let mut first = db.write().await.unwrap();
    note(&mut first, "first").await.unwrap();
    // More than fit into one group: the writer looks at its bell between groups.
    let waiting: Vec<_> = (0..300)
        .map(|number| {
            let db = db.clone();
            tokio::spawn(async move { note_once(&db, &format!("waiting {number}")).await })
        })
        .collect();
    queued().await;
    let closing = tokio::spawn({
        let db = db.clone();
        async move { db.close().await }
    });
    queued().await;
    assert!(!closing.is_finished(), "a work is open");
    first.commit().await.unwrap();
    for work in waiting {
        end(work).await.unwrap();
    }
    end(closing).await;
    db.close().await;
    let refused = note_once(&db, "too late").await.unwrap_err().to_string();
    assert!(refused.contains("closing"), "{refused}");
    assert!(db.read().await.is_err());
    assert_eq!(found(&folder).await.len(), 301);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_processes_write_at_the_same_time() {
    let (folder, one) = opened().await;
    let two = open(&folder).await;
    let mut tasks = Vec::new();
    for task in 0..16 {
        let (db, who) = if task % 2 == 0 { (one.clone(), "one") } else { (two.clone(), "two") };
        tasks.push(tokio::spawn(async move {
            for work in 0..20 {
                let name = format!("{who} {task} {work}");
                if work % 2 == 0 { note_once(&db, &name).await? } else { note_twice(&db, &name).await? }
            }
            Ok::<_, Fault>(())
        }));
    }
    for task in tasks {
        end(task).await.unwrap();
    }
    one.close().await;
    two.close().await;
    assert_eq!(found(&folder).await.len(), 16 * (10 + 20));
}

#[test]
fn migrating_is_done_once_whoever_begins() {
    for _ in 0..8 {
        let folder = tempfile::tempdir().unwrap();
        let starting = Barrier::new(3);
        // A thread and a runtime each, as processes have them.
        let start = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            starting.wait();
            runtime.block_on(async {
                let db = open(&folder).await;
                let count = db.migrate().await.unwrap();
                assert!(db.is_migrated().await);
                assert_eq!(db.migrate().await.unwrap(), count, "again");
                let mut tx = db.read().await.unwrap();
                let (ran,): (i64,) = one!(tx, (i64,), "SELECT COUNT(*) FROM _sqlx_migrations WHERE success").unwrap();
                drop(tx);
                db.close().await;
                assert_eq!(usize::try_from(ran).unwrap(), count);
            });
        };
        std::thread::scope(|threads| {
            let all: Vec<_> = (0..3).map(|_| threads.spawn(start)).collect();
            for thread in all {
                thread.join().unwrap();
            }
        });
    }
}

/// One that shares its cached pages with all others loses them to whoever writes much, and reads each one from the file again.
#[tokio::test]
async fn each_connection_has_a_cache_of_its_own() {
    let (_folder, db) = opened().await;
    let options: Vec<(String,)> = all!(db.read().await.unwrap(), (String,), "PRAGMA compile_options").unwrap();
    assert!(options.iter().any(|(option,)| option.starts_with("THREADSAFE")), "{options:?}");
    assert!(!options.iter().any(|(option,)| option == "ENABLE_MEMORY_MANAGEMENT"), "built without .cargo/config.toml: {options:?}");
}

#[tokio::test]
async fn a_database_without_migrations_says_so() {
    let (_folder, db) = opened().await;
    assert!(!db.is_migrated().await);
}

/// A limit on the size of the file is a full disk as far as SQLite is concerned: both end the whole transaction.
#[tokio::test]
async fn on_a_full_disk_nobody_hears_a_lie() {
    for round in 0..10 {
        let (folder, db) = opened().await;
        let mut early = db.write().await.unwrap();
        execute!(early, "PRAGMA max_page_count = 1").unwrap();
        note(&mut early, "early").await.unwrap();
        let too_large = tokio::spawn({
            let db = db.clone();
            async move {
                // Alternately the two kinds of work.
                let mut tx = if round % 2 == 0 { db.write_once().await? } else { db.write().await? };
                execute!(tx, "INSERT INTO notes (name, body) VALUES ('too large', zeroblob(1000000))")?;
                tx.commit().await
            }
        });
        let late = tokio::spawn({
            let db = db.clone();
            async move { note_once(&db, "late").await }
        });
        let latest = tokio::spawn({
            let db = db.clone();
            async move { note_twice(&db, "latest").await }
        });
        queued().await;
        let early = early.commit().await;
        let full = end(too_large).await.unwrap_err().to_string();
        assert!(full.contains("full"), "{full}");
        let (late, latest) = (end(late).await, end(latest).await);
        let found = found(&folder).await;
        for (name, heard) in [("early", &early), ("late", &late), ("latest", &latest)] {
            assert_eq!(heard.is_ok(), found.contains(name), "round {round}, {name} heard {heard:?}");
        }
        // And it goes on.
        note_once(&db, "after").await.unwrap();
        assert!(super::tests::found(&folder).await.contains("after"));
    }
}

#[tokio::test]
async fn only_the_owner_reads_the_files() {
    let (folder, db) = opened().await;
    let files: Vec<_> = std::fs::read_dir(folder.path().join("data")).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(files.len() >= 3, "the database, its log and its shared memory: {files:?}");
    for file in files {
        assert_eq!(mode(&file) & 0o077, 0, "{}", file.display());
    }
    db.close().await;

    let path = folder.path().join("data/test.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let _again = open(&folder).await;
    assert_eq!(mode(&path) & 0o777, 0o600, "an existing file is protected, too");
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode()
}
