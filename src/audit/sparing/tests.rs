//! A storm leaves a few events, and nothing of it is lost.

use super::*;
use crate::audit::Subject;
use crate::audit::search::{self, Filter, From, Reader};
use crate::base::time::Clock;
use crate::crypto::seal::{SealKey, Sealer};
use crate::db::{Db, Place, Settings};
use crate::work::Ground;
use std::sync::Arc;
use tempfile::TempDir;

const MINUTE: Duration = Duration::from_mins(1);

struct Storm {
    _dir: TempDir,
    ground: Ground,
    clock: Clock,
}

impl Storm {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Settings { place: Place::Sqlite(dir.path().join("gatehouse.db")), connections: 4 }).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let sealer = Arc::new(Sealer::new(vec![SealKey::generate()]).unwrap());
        let ground = Ground { db, clock: clock.clone(), sealer, jobs: Arc::default(), events: Arc::default() };
        Self { _dir: dir, ground, clock }
    }

    /// A try from a place: at most two a minute from each, and ten from everywhere.
    async fn blow(&self, place: &str) {
        let origin = Origin { address: Some(place.to_owned()), user_agent: Some("storm".into()), request_id: Some("r".into()) };
        let by = [Sparing::new("test", place, 2, MINUTE), Sparing::everywhere("test", 10, MINUTE)];
        let tried = async |work: &mut Work| {
            let event = Event::new(Kind::SignInFailed, Subject::unknown("user")).after(&json!({ "reason": "unknown_address" }))?;
            work.record_sparingly(event, &by).await
        };
        self.ground.work(&Actor::Anonymous, &origin, tried).await.unwrap();
    }

    /// What was written: how many events for themselves, what the others counted, and from where those came.
    async fn written(&self) -> (usize, Vec<(i64, Option<String>)>) {
        let reader = Reader::of(&Actor::System { label: "test" }).unwrap();
        let filter = Filter { kinds: vec![Kind::SignInFailed], ..Filter::default() };
        let entries = search::page(&mut self.ground.db.read().await.unwrap(), reader, &filter, From::Oldest, 10_000).await.unwrap();
        let told: Vec<_> = entries.into_iter().map(|entry| entry.told.unwrap()).collect();
        let count = |told: &search::Told| told.after.as_ref().unwrap().get("count").and_then(Value::as_i64);
        let mut counted: Vec<_> = told.iter().filter_map(|told| Some((count(told)?, told.address.clone()))).collect();
        counted.sort();
        (told.iter().filter(|told| count(told).is_none()).count(), counted)
    }
}

#[tokio::test]
async fn the_first_are_written_and_the_others_counted() {
    let storm = Storm::new().await;
    for _ in 0..7 {
        storm.blow("192.0.2.1").await;
    }
    assert_eq!(storm.written().await, (2, Vec::new()));
    assert_eq!(settle(&storm.ground).await.unwrap(), 0, "the window is open");
    storm.clock.advance(MINUTE);
    // Late, and before anybody settles: still counted, not lost.
    storm.blow("192.0.2.1").await;
    assert_eq!(settle(&storm.ground).await.unwrap(), 1);
    assert_eq!(storm.written().await, (2, vec![(6, Some("192.0.2.1".to_owned()))]));
    assert_eq!(settle(&storm.ground).await.unwrap(), 0);
    // A new window begins with events of their own.
    storm.blow("192.0.2.1").await;
    assert_eq!(storm.written().await.0, 3);
    // One that ended with nothing to count begins anew without settling.
    storm.clock.advance(MINUTE);
    storm.blow("192.0.2.1").await;
    storm.blow("192.0.2.1").await;
    assert_eq!(storm.written().await.0, 5);
}

#[tokio::test]
async fn a_storm_from_many_places_is_a_few_events_with_every_try_in_them() {
    let storm = Storm::new().await;
    for place in 0..100 {
        for _ in 0..4 {
            storm.blow(&format!("2001:db8:{place:x}::")).await;
        }
    }
    assert_eq!(storm.written().await, (10, Vec::new()));
    storm.clock.advance(MINUTE);
    let events = settle(&storm.ground).await.unwrap();
    assert!(events <= APART + 1, "{events}");
    let (alone, counted) = storm.written().await;
    assert_eq!(counted.len(), events);
    assert_eq!(i64::try_from(alone).unwrap() + counted.iter().map(|(count, _)| count).sum::<i64>(), 400);
    assert!(counted.iter().any(|(count, address)| *count > 100 && address.is_none()), "{counted:?}");
    let (left,) = one!(storm.ground.db.read().await.unwrap(), (i64,), "SELECT COUNT(*) FROM audit_tallies").unwrap();
    assert_eq!(left, 0);
}

#[tokio::test]
async fn a_work_that_fails_counts_nothing() {
    let storm = Storm::new().await;
    let mut work = storm.ground.begin(Actor::Anonymous, Origin::default()).await.unwrap();
    let event = Event::new(Kind::SignInFailed, Subject::unknown("user"));
    work.record_sparingly(event, &[Sparing::new("test", "x", 1, MINUTE)]).await.unwrap();
    work.tx.rollback().await.unwrap();
    assert_eq!(storm.written().await.0, 0);
    storm.clock.advance(MINUTE);
    assert_eq!(settle(&storm.ground).await.unwrap(), 0);
}
