//! Somebody who can write the database tries to hide something.

use super::*;
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::id::UserId;
use crate::base::time::Timestamp;
use crate::config::{Config, Sources};
use crate::db::execute;
use crate::work::Origin;
use std::sync::Arc;
use tempfile::TempDir;

struct Trail {
    dir: TempDir,
    server: Arc<Server>,
}

impl Trail {
    /// Three sealed events.
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let trail = Self { dir, server: Server::open(config).await.unwrap() };
        trail.record().await;
        trail
    }

    async fn record(&self) {
        let ground = &self.server.ground;
        let mut work = ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
        for n in 1..=3 {
            work.record(Event::new(Kind::GroupChanged, Subject::new("group", n)).after(&n).unwrap()).await.unwrap();
        }
        work.commit().await.unwrap();
        audit::seal_pending(&ground.db, &ground.sealer, Timestamp::from_seconds(0), ground.clock.now()).await.unwrap();
    }

    async fn tamper(self, statements: &[&'static str]) -> Self {
        let mut tx = self.server.ground.db.write().await.unwrap();
        for sql in statements {
            assert!(execute!(tx, *sql).unwrap() > 0, "{sql} changes something");
        }
        tx.commit().await.unwrap();
        self
    }

    /// Whether the chain is whole, and what is printed.
    async fn verify(&self, head: Option<&str>) -> (bool, String) {
        let head = head.map(|head| head.parse().unwrap());
        let mut out = Vec::new();
        let outcome = verify(&self.server, head.as_ref(), &mut out).await;
        let text = String::from_utf8(out).unwrap();
        match outcome {
            Ok(()) => (true, text),
            Err(Failure::Audit(problems)) => {
                assert_eq!(text.matches("PROBLEM").count(), problems);
                (false, text)
            }
            Err(other) => panic!("{other}"),
        }
    }

    async fn head(&self) -> String {
        let (whole, text) = self.verify(None).await;
        assert!(whole, "{text}");
        text.lines().find_map(|line| line.strip_prefix("head      ")).unwrap().to_owned()
    }
}

#[tokio::test]
async fn an_untouched_chain_is_whole_and_its_head_is_recognised_later() {
    let trail = Trail::new().await;
    let head = trail.head().await;
    assert!(head.starts_with("3:"), "{head}");
    trail.record().await;
    let (whole, text) = trail.verify(Some(&head)).await;
    assert!(whole && text.contains("sealed    6 events\nunsealed  0 ") && text.contains("The chain is whole."), "{text}");
    assert_ne!(trail.head().await, head);
}

#[tokio::test]
async fn a_changed_payload_is_found() {
    let trail = Trail::new().await.tamper(&["UPDATE audit_events SET payload = '{\"actor\":\"eve\"}' WHERE subject_id = '2'"]).await;
    let (whole, text) = trail.verify(None).await;
    assert!(!whole && text.contains("PROBLEM   the event ") && text.contains(" was changed"), "{text}");
    assert_eq!(text.matches("PROBLEM").count(), 1, "only that one: {text}");
}

#[tokio::test]
async fn a_changed_event_is_found_beside_its_payload() {
    for column in ["kind = 'user.deleted'", "subject_id = '9'", "at = at + 1", "actor_kind = 'user'"] {
        let sql: &'static str = Box::leak(format!("UPDATE audit_events SET {column} WHERE subject_id = '2'").into_boxed_str());
        let trail = Trail::new().await.tamper(&[sql]).await;
        let (whole, text) = trail.verify(None).await;
        assert!(!whole && text.contains(" was changed"), "{column}: {text}");
    }
}

#[tokio::test]
async fn a_removed_event_is_found() {
    let trail = Trail::new().await.tamper(&["DELETE FROM audit_events WHERE subject_id = '2'"]).await;
    let (whole, text) = trail.verify(None).await;
    assert!(!whole && text.contains("PROBLEM   the event at position 2 was removed"), "{text}");
    // With its seal: the position is missing, and the next seal does not follow.
    let trail = Trail::new().await.tamper(&["DELETE FROM audit_events WHERE subject_id = '2'", "DELETE FROM audit_seals WHERE position = 2"]).await;
    let (whole, text) = trail.verify(None).await;
    assert!(!whole && text.contains("the seal at position 2 is missing") && text.contains("broken at position 3"), "{text}");
}

const CUT: [&str; 2] =
    ["DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_seals WHERE position = 3)", "DELETE FROM audit_seals WHERE position = 3"];

#[tokio::test]
async fn a_shortened_chain_is_found_by_its_signed_head() {
    let trail = Trail::new().await.tamper(&CUT).await;
    let (whole, text) = trail.verify(None).await;
    assert!(!whole && text.contains("the chain ends at position 2, but position 3 is known to have existed"), "{text}");
}

#[tokio::test]
async fn a_chain_shortened_with_its_heads_is_found_by_a_head_from_outside() {
    let trail = Trail::new().await;
    let first = trail.head().await;
    trail.record().await;
    let head = trail.head().await;
    // Back to a state that was once whole, signed head included: only who kept the later head can tell.
    let trail = trail
        .tamper(&[
            "DELETE FROM audit_events WHERE id IN (SELECT event_id FROM audit_seals WHERE position > 3)",
            "DELETE FROM audit_seals WHERE position > 3",
            "DELETE FROM audit_heads WHERE position > 3",
        ])
        .await;
    assert!(trail.verify(None).await.0, "nothing inside the database tells");
    let (whole, text) = trail.verify(Some(&head)).await;
    assert!(!whole && text.contains("the chain ends at position 3, but position 6 is known"), "{text}");
    let (whole, text) = trail.verify(Some(&format!("3:{}", "0".repeat(64)))).await;
    assert!(!whole && text.contains("the chain at position 3 is not the one that was signed or given"), "{text}");
    assert!(trail.verify(Some(&first)).await.0);
}

#[tokio::test]
async fn heads_cannot_be_forged_or_left_out() {
    let trail = Trail::new().await.tamper(&["UPDATE audit_heads SET signature = 'e30.e30.AAAA'"]).await;
    assert!(trail.verify(None).await.1.contains("the signature of the head at position 3 is wrong"));
    let trail = Trail::new().await.tamper(&["DELETE FROM audit_heads"]).await;
    assert!(trail.verify(None).await.1.contains("the signature of the head at position 3 is wrong"));
}

#[tokio::test]
async fn an_erased_payload_is_reported_and_the_chain_stays_whole() {
    let trail = Trail::new().await.tamper(&["UPDATE audit_events SET payload = NULL, salt = NULL WHERE subject_id = '2'"]).await;
    let (whole, text) = trail.verify(None).await;
    assert!(whole && text.contains("erased    1 payloads"), "{text}");
}

#[tokio::test]
async fn an_empty_trail_is_whole_and_what_is_not_sealed_is_counted() {
    let trail = Trail::new().await.tamper(&["DELETE FROM audit_seals", "DELETE FROM audit_heads"]).await;
    let (whole, text) = trail.verify(None).await;
    assert!(whole && text.contains("unsealed  3 ") && text.contains("head      none yet"), "{text}");
}

#[tokio::test]
async fn what_is_held_about_a_person_is_erased_by_address_or_id() {
    let trail = Trail::new().await;
    let id = UserId::fresh();
    let ground = &trail.server.ground;
    let mut work = ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
    let row = serde_json::json!({ "email": "Bo@acme.example" });
    work.record(Event::new(Kind::UserCreated, Subject::new("user", id)).after(&row).unwrap()).await.unwrap();
    work.record(Event::new(Kind::UserDeleted, Subject::new("user", id)).before(&row).unwrap()).await.unwrap();
    work.commit().await.unwrap();
    audit::seal_pending(&ground.db, &ground.sealer, Timestamp::from_seconds(0), ground.clock.now()).await.unwrap();
    for nobody in ["joe@acme.example", "nonsense", "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa"] {
        let refused = erase(&trail.server, nobody, &mut Vec::new()).await.unwrap_err();
        assert!(refused.to_string().contains("holds nothing about"), "{refused}");
    }
    // A count that is about to be written, and would bring the address back.
    let mut tx = ground.db.write().await.unwrap();
    execute!(
        tx,
        "INSERT INTO audit_tallies (key, since, until, written, held, event) VALUES ($1, 0, 0, 1, 3, $2)",
        vec![1_u8],
        serde_json::json!({ "after": { "email": "Bo@acme.example" } }).to_string()
    )
    .unwrap();
    tx.commit().await.unwrap();
    let mut out = Vec::new();
    erase(&trail.server, "bo@ACME.example", &mut out).await.unwrap();
    let mut tx = ground.db.read().await.unwrap();
    assert_eq!(crate::db::one!(tx, (i64,), "SELECT COUNT(*) FROM audit_tallies").unwrap(), (0,));
    drop(tx);
    assert!(String::from_utf8(out).unwrap().contains("the payloads of 2 events"));
    let (whole, text) = trail.verify(None).await;
    assert!(whole && text.contains("erased    2 payloads") && text.contains("unsealed  1 "), "{text}");
    // Nobody knows the address any more, but whoever has the id finds the erasure.
    assert!(erase(&trail.server, "bo@acme.example", &mut Vec::new()).await.is_err());
    assert!(erase(&trail.server, &id.to_string(), &mut Vec::new()).await.is_ok());
}

#[tokio::test]
async fn a_swapped_order_is_found() {
    let swap = [
        "UPDATE audit_seals SET position = -1 WHERE position = 1",
        "UPDATE audit_seals SET position = 1 WHERE position = 2",
        "UPDATE audit_seals SET position = 2 WHERE position = -1",
    ];
    let (whole, text) = Trail::new().await.tamper(&swap).await.verify(None).await;
    assert!(!whole && text.contains("broken at position 1") && text.contains("broken at position 2"), "{text}");
}

#[tokio::test]
async fn half_an_erasure_is_a_change() {
    for half in ["payload = NULL", "salt = NULL"] {
        let sql: &'static str = Box::leak(format!("UPDATE audit_events SET {half} WHERE subject_id = '2'").into_boxed_str());
        let (whole, text) = Trail::new().await.tamper(&[sql]).await.verify(None).await;
        assert!(!whole && text.contains(" was changed") && text.contains("erased    0 payloads"), "{half}: {text}");
    }
}

#[tokio::test]
async fn hiding_an_event_from_the_search_for_its_request_is_found() {
    let (whole, text) = Trail::new().await.tamper(&["UPDATE audit_events SET request_id = 'another' WHERE subject_id = '2'"]).await.verify(None).await;
    assert!(!whole && text.contains(" was changed"), "{text}");
}

#[tokio::test]
async fn removed_seals_and_heads_are_found_by_a_head_from_outside() {
    let trail = Trail::new().await;
    let head = trail.head().await;
    let trail = trail.tamper(&["DELETE FROM audit_seals", "DELETE FROM audit_heads"]).await;
    assert!(trail.verify(None).await.0, "nothing inside the database tells");
    let (whole, text) = trail.verify(Some(&head)).await;
    assert!(!whole && text.contains("the chain ends at position 0, but position 3 is known"), "{text}");
}

#[tokio::test]
async fn a_head_signed_by_another_key_is_forged() {
    use crate::crypto::jwt::{Algorithm, SigningKey};
    let trail = Trail::new().await;
    let (position, hash) = trail.head().await.split_once(':').map(|(at, hash)| (at.parse::<i64>().unwrap(), hash.to_owned())).unwrap();
    let claims = serde_json::json!({ "position": position, "hash": hash, "iat": 0 });
    let signature = SigningKey::generate(Algorithm::EdDsa).unwrap().sign("audit-head+jwt", &claims).unwrap();
    let mut tx = trail.server.ground.db.write().await.unwrap();
    assert_eq!(execute!(tx, "UPDATE audit_heads SET signature = $1", signature).unwrap(), 1);
    tx.commit().await.unwrap();
    let (whole, text) = trail.verify(None).await;
    assert!(!whole && text.contains("the signature of the head at position 3 is wrong"), "{text}");
}

/// What `export` with these arguments writes.
async fn exported(trail: &Trail, line: &str) -> Result<Vec<serde_json::Value>, Failure> {
    use clap::Parser;
    #[derive(Parser)]
    struct Line {
        #[command(subcommand)]
        command: AuditCommand,
    }
    let words = std::iter::once("audit").chain(std::iter::once("export")).chain(line.split(' ').filter(|word| !word.is_empty()));
    let Line { command } = Line::try_parse_from(words).map_err(std::io::Error::other)?;
    let mut out = Vec::new();
    run(&trail.server, &command, &mut out).await?;
    Ok(String::from_utf8(out).unwrap().lines().filter(|line| line.starts_with('{')).map(|line| serde_json::from_str(line).unwrap()).collect())
}

#[tokio::test]
async fn an_export_is_narrowed_complete_and_recorded() {
    let trail = Trail::new().await;
    let all = exported(&trail, "--kind group.changed").await.unwrap();
    let about: Vec<_> = all.iter().map(|line| (line["subject"]["id"].as_str().unwrap(), line["position"].as_i64())).collect();
    assert_eq!(about, [("1", Some(1)), ("2", Some(2)), ("3", Some(3))], "the oldest first");
    for (line, count) in [
        ("--kind group.changed --subject group:2", 1),
        ("--kind group.changed --subject stage:2", 0),
        ("--kind group.changed --actor test", 3),
        ("--kind group.changed --actor system", 3),
        ("--kind group.changed --actor nobody", 0),
        ("--kind group.changed --until 2020-01-01", 0),
        ("--kind group.changed --since 2020-01-01", 3),
        ("--kind group.changed --kind group.deleted", 3),
    ] {
        assert_eq!(exported(&trail, line).await.unwrap().len(), count, "{line}");
    }
    assert_eq!(exported(&trail, "--kind export.made").await.unwrap().len(), 9);
    for bad in ["--kind group.chanced", "--since soon", "--until 31.12.2026"] {
        assert!(exported(&trail, bad).await.is_err(), "{bad}");
    }
}

#[tokio::test]
async fn a_file_is_whole_or_not_there_and_nothing_is_overwritten() {
    let trail = Trail::new().await;
    let path = trail.dir.path().join("events.ndjson");
    let line = format!("--kind group.changed --out {}", path.display());
    exported(&trail, &line).await.unwrap();
    let written = std::fs::read_to_string(&path).unwrap();
    assert_eq!(written.lines().count(), 3);
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&path).unwrap().permissions()) & 0o777, 0o600);
    assert!(exported(&trail, &line).await.unwrap_err().to_string().contains("is there already"));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), written);
    assert!(!trail.dir.path().join("events.ndjson.part").exists());
}
