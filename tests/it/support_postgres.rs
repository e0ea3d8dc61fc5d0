//! The private PostgreSQL server keeps its promises.

use crate::support::PATIENCE;
use crate::support::postgres::{Durability, Postgres, database_name};
use sqlx::{Connection, PgConnection};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

async fn count(connection: &mut PgConnection) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM t").fetch_one(connection).await.expect("a count")
}

async fn setting(url: &str, name: &str) -> String {
    let mut connection = PgConnection::connect(url).await.expect("a connection");
    sqlx::query_scalar("SELECT current_setting($1)").bind(name).fetch_one(&mut connection).await.expect("a setting")
}

#[tokio::test]
async fn databases_are_apart_and_go_when_told() {
    let Some(postgres) = Postgres::shared() else { return };
    let (one, two) = (postgres.fresh_database().await, postgres.fresh_database().await);
    assert_ne!(one, two);
    let mut in_one = PgConnection::connect(&one).await.expect("a connection");
    sqlx::query("CREATE TABLE t (x INT)").execute(&mut in_one).await.expect("a table");
    sqlx::query("INSERT INTO t VALUES (1), (2)").execute(&mut in_one).await.expect("rows");
    let mut in_two = PgConnection::connect(&two).await.expect("a connection");
    sqlx::query("SELECT count(*) FROM t").execute(&mut in_two).await.expect_err("the other database has no such table");
    assert_eq!(setting(&one, "fsync").await, "off");
    assert_eq!(setting(&one, "synchronous_commit").await, "on");
    assert_eq!(setting(&one, "max_connections").await, "200");
    in_one.close().await.expect("closed");

    let copy = postgres.copy_database(database_name(&one)).await;
    let mut in_copy = PgConnection::connect(&copy).await.expect("a connection");
    assert_eq!(count(&mut in_copy).await, 2);

    // The connection into `copy` is still open: dropping ends it.
    for url in [&one, &two, &copy] {
        postgres.drop_database(url).await;
        PgConnection::connect(url).await.expect_err("the database is gone");
    }
}

/// The process of a running server.
fn process(folder: &Path) -> PathBuf {
    let status = std::fs::read_to_string(folder.join("data/postmaster.pid")).expect("the server runs");
    Path::new("/proc").join(status.lines().next().expect("its process id"))
}

fn gone_soon(folder: &Path) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while folder.exists() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(20));
    }
    !folder.exists()
}

#[tokio::test]
async fn a_dropped_server_leaves_nothing() {
    let Some(postgres) = Postgres::start(Durability::Durable) else { return };
    let url = postgres.fresh_database().await;
    assert_eq!(setting(&url, "fsync").await, "on");
    let folder = postgres.folder().to_owned();
    assert!(folder.exists());
    let process = process(&folder);
    assert!(process.exists());
    drop(postgres);
    assert!(gone_soon(&folder) && !process.exists(), "{} or {} is still there", folder.display(), process.display());
    PgConnection::connect(&url).await.expect_err("the server is gone");
}

/// Not a test of its own: the process that the next test kills.
#[test]
#[ignore = "started and killed by a_killed_test_run_leaves_nothing"]
fn hold_a_server() {
    let Some(postgres) = Postgres::shared() else { return };
    println!("\nfolder={}", postgres.folder().display());
    std::thread::sleep(Duration::from_mins(1));
}

#[test]
fn a_killed_test_run_leaves_nothing() {
    if Postgres::shared().is_none() {
        return;
    }
    let mut other = Command::new(std::env::current_exe().expect("this program"))
        .args(["--ignored", "--exact", "support_postgres::hold_a_server", "--nocapture"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("another test run");
    let output = BufReader::new(other.stdout.take().expect("its output"));
    let folder = output.lines().map_while(Result::ok).find_map(|line| line.strip_prefix("folder=").map(String::from)).expect("a server started");
    let process = process(Path::new(&folder));
    assert!(process.exists());
    other.kill().expect("SIGKILL");
    other.wait().expect("dead");
    assert!(gone_soon(Path::new(&folder)) && !process.exists(), "{folder} or {} is still there", process.display());
}
