//! Somebody who can write the database tries to hide something.

use super::*;
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::time::Timestamp;
use crate::config::{Config, Sources};
use crate::db::execute;
use crate::work::Origin;
use std::sync::Arc;
use tempfile::TempDir;

struct Trail {
    _dir: TempDir,
    server: Arc<Server>,
}

impl Trail {
    /// Three sealed events.
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let trail = Self { _dir: dir, server: Server::open(config).await.unwrap() };
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
    let mut out = Vec::new();
    erase(&trail.server, "bo@ACME.example", &mut out).await.unwrap();
    assert!(String::from_utf8(out).unwrap().contains("the payloads of 2 events"));
    let (whole, text) = trail.verify(None).await;
    assert!(whole && text.contains("erased    2 payloads") && text.contains("unsealed  1 "), "{text}");
    // Nobody knows the address any more, but whoever has the id finds the erasure.
    assert!(erase(&trail.server, "bo@acme.example", &mut Vec::new()).await.is_err());
    assert!(erase(&trail.server, &id.to_string(), &mut Vec::new()).await.is_ok());
}
