//! Starting: once, again, at the same time, and with the wrong key.

use super::*;
use crate::base::secret::Secret;
use crate::config::Sources;
use crate::crypto::seal::SealKey;
use crate::db::{execute, one};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;

fn config(dir: &TempDir, flags: &[(&str, &str)]) -> Config {
    let flags = flags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Config::load(Sources { flags, working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap_or_else(|errors| panic!("{errors}"))
}

async fn open(dir: &TempDir) -> Result<Arc<Server>, StartError> {
    Server::open(config(dir, &[])).await
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Every row that a start could write.
async fn rows(server: &Server) -> (i64, i64, i64, i64) {
    let mut tx = server.ground.db.read().await.unwrap();
    one!(
        tx,
        (i64, i64, i64, i64),
        "SELECT (SELECT changes FROM access_lock), (SELECT counter FROM configuration), (SELECT COUNT(*) FROM organization_roles), (SELECT COUNT(*) FROM installation)"
    )
    .unwrap()
}

#[tokio::test]
async fn the_second_start_finds_what_the_first_made_and_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(&dir).await.unwrap();
    assert_eq!(first.issuer(), "http://localhost:8080");
    assert!(first.ready().await.is_ok());
    let (made, key) = (rows(&first).await, fs::read(dir.path().join("data/seal.key")).unwrap());
    assert_eq!((made.2, made.3), (2, 1), "Administrator and Developer, and the check value");
    first.close().await;

    let second = open(&dir).await.unwrap();
    assert_eq!(rows(&second).await, made);
    assert_eq!(fs::read(dir.path().join("data/seal.key")).unwrap(), key);
    second.close().await;
}

#[tokio::test]
async fn nobody_else_reads_key_and_database() {
    let dir = tempfile::tempdir().unwrap();
    open(&dir).await.unwrap().close().await;
    let data = dir.path().join("data");
    assert_eq!((mode(&data), mode(&data.join("seal.key")), mode(&data.join("gatehouse.db"))), (0o700, 0o600, 0o600));
    let drafts = fs::read_dir(&data).unwrap().filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().starts_with("seal.key.")).count();
    assert_eq!(drafts, 0, "no draft of the key stays behind");
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    open(&dir).await.unwrap().close().await;
    let file = dir.path().join("data/seal.key");
    let right = fs::read_to_string(&file).unwrap();

    fs::write(&file, SealKey::generate().to_text().expose()).unwrap();
    let refused = open(&dir).await.unwrap_err();
    assert!(matches!(refused, StartError::SealKeyWrong { .. }), "{refused:?}");
    assert!(refused.to_string().contains("data/seal.key is not the one of this database"), "{refused}");
    let other = SealKey::generate().to_text();
    let refused = Server::open(config(&dir, &[("secrets.seal_key", other.expose())])).await.unwrap_err();
    assert!(refused.to_string().starts_with("the sealing key in secrets.seal_key is not the one"), "{refused}");
    assert!(!refused.to_string().contains(other.expose().as_str()), "the key is not repeated");

    // A new key in front of the right one: the first seals, all open.
    let both = format!("{}, {right}", other.expose()).replace('\n', "");
    Server::open(config(&dir, &[("secrets.seal_key", &both)])).await.unwrap().close().await;
    fs::write(&file, right).unwrap();
    open(&dir).await.unwrap().close().await;
}

#[tokio::test]
async fn a_lost_key_is_missed_and_never_replaced() {
    let dir = tempfile::tempdir().unwrap();
    open(&dir).await.unwrap().close().await;
    let file = dir.path().join("data/seal.key");
    let away = dir.path().join("away");
    fs::rename(&file, &away).unwrap();
    for _ in 0..2 {
        let refused = open(&dir).await.unwrap_err();
        assert!(matches!(&refused, StartError::SealKeyMissing { path } if *path == file), "{refused:?}");
        assert!(refused.to_string().contains("Put that file back"), "{refused}");
        assert!(!file.exists(), "no new key was made");
    }
    fs::rename(&away, &file).unwrap();
    open(&dir).await.unwrap().close().await;
}

#[tokio::test]
async fn a_key_that_is_none_is_refused_with_its_reason() {
    let dir = tempfile::tempdir().unwrap();
    fs::create_dir(dir.path().join("data")).unwrap();
    let file = dir.path().join("data/seal.key");
    for (text, reason) in [("", "must have 32 bytes, this one has 0"), ("hunter2!", "must be base64"), (&"A".repeat(43), "placeholder")] {
        fs::write(&file, text).unwrap();
        let refused = open(&dir).await.unwrap_err().to_string();
        assert!(refused.contains(reason) && refused.contains("seal.key") && !refused.contains("hunter2"), "{refused}");
    }
    let refused = Server::open(config(&dir, &[("secrets.seal_key", "c2hvcnQ=")])).await.unwrap_err().to_string();
    assert!(refused.starts_with("secrets.seal_key: the sealing key must have 32 bytes"), "{refused}");
}

#[test]
fn starts_at_the_same_time_agree_on_one_key() {
    for _ in 0..5 {
        let dir = tempfile::tempdir().unwrap();
        let together = std::sync::Barrier::new(3);
        // Each in a runtime of its own, as processes are.
        let start = || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let config = config(&dir, &[]);
            together.wait();
            runtime.block_on(async {
                let server = Server::open(config).await.unwrap();
                let seen = (server.ground.sealer.key_id(), rows(&server).await.2);
                server.close().await;
                seen
            })
        };
        let seen = std::thread::scope(|scope| [0; 3].map(|_| scope.spawn(start)).map(|thread| thread.join().unwrap()));
        assert!(seen.iter().all(|one| *one == (seen[0].0, 2)), "one key, each built-in role once: {seen:?}");
    }
}

#[tokio::test]
async fn postgresql_without_a_key_is_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let mut config = config(&dir, &[]);
    config.database.url = DatabaseUrl::Postgres(Secret::new("postgres://nobody:hunter2@127.0.0.1:1/nothing".to_owned()));
    let refused = Server::open(config).await.unwrap_err();
    assert!(matches!(refused, StartError::SealKeyNeeded));
    assert!(refused.to_string().contains("openssl rand -base64 32") && !refused.to_string().contains("hunter2"), "{refused}");
    assert!(!dir.path().join("data").exists());
}

#[tokio::test]
async fn what_cannot_work_is_said_before_anything_is_made() {
    let dir = tempfile::tempdir().unwrap();
    let refused = Server::open(config(&dir, &[("mail.smtp_url", "smtp://mail.example.org"), ("mail.ca_file", "nowhere.pem")])).await.unwrap_err();
    assert!(refused.to_string().starts_with("mail.ca_file ") && refused.to_string().contains("nowhere.pem"), "{refused}");
    assert!(!dir.path().join("data").exists());

    fs::write(dir.path().join("data"), "a file").unwrap();
    let refused = open(&dir).await.unwrap_err();
    assert!(matches!(refused, StartError::DataDir { .. }), "{refused:?}");
    assert!(refused.to_string().contains("set server.data_dir"), "{refused}");
}

#[tokio::test]
async fn a_start_after_a_lost_role_row_makes_it_again() {
    let dir = tempfile::tempdir().unwrap();
    let first = open(&dir).await.unwrap();
    let mut tx = first.ground.db.write().await.unwrap();
    execute!(tx, "DELETE FROM organization_roles WHERE key = 'developer'").unwrap();
    tx.commit().await.unwrap();
    first.close().await;
    let second = open(&dir).await.unwrap();
    assert_eq!(rows(&second).await.2, 2);
    second.close().await;
}

#[tokio::test]
async fn a_wrong_clock_and_a_closed_database_are_not_ready() {
    let dir = tempfile::tempdir().unwrap();
    let server = open(&dir).await.unwrap();
    assert!(server.note_clock(false), "right until it was found wrong");
    assert!(matches!(server.ready().await, Err(NotReady::Clock)));
    assert!(!server.note_clock(true));
    assert!(server.ready().await.is_ok());
    server.close().await;
    assert!(matches!(server.ready().await, Err(NotReady::Database)));
}
