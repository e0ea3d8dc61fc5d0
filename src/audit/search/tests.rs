//! Each filter finds what it means, pages meet without gaps, and no usual search looks at everything.

use super::*;
use crate::audit::{Event, Subject};
use crate::base::authority::Authority;
use crate::base::id::{ClientId, UserId};
use crate::base::time::Clock;
use crate::crypto::seal::{SealKey, Sealer};
use crate::db::{Db, Place, Settings};
use crate::work::{Ground, Origin};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

struct Trail {
    _dir: TempDir,
    ground: Ground,
    clock: Clock,
}

fn user(label: &str) -> Actor {
    Actor::User { id: UserId::fresh(), label: label.into(), authority: Authority::default(), proved_at: Timestamp::from_seconds(0) }
}

impl Trail {
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let db = Db::open(&Settings { place: Place::Sqlite(dir.path().join("gatehouse.db")), connections: 4 }).await.unwrap();
        db.migrate().await.unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let sealer = Arc::new(Sealer::new(vec![SealKey::generate()]).unwrap());
        let ground = Ground { db, clock: clock.clone(), sealer, jobs: Arc::default(), events: Arc::default() };
        Self { _dir: dir, ground, clock }
    }

    async fn record(&self, actor: &Actor, origin: &Origin, kind: Kind, subject: Subject, after: Value) {
        let write = async |work: &mut crate::work::Work| work.record(Event::new(kind, subject.clone()).after(&after)?).await;
        self.ground.work(actor, origin, write).await.unwrap();
    }

    async fn page(&self, filter: &Filter, from: From, limit: usize) -> Vec<Entry> {
        let reader = Reader::of(&Actor::System { label: "test" }).unwrap();
        page(&mut self.ground.db.read().await.unwrap(), reader, filter, from, limit).await.unwrap()
    }

    async fn subjects(&self, filter: Filter) -> Vec<String> {
        self.page(&filter, From::Newest, 100).await.into_iter().filter_map(|entry| entry.subject_id).collect()
    }
}

#[test]
fn who_lacks_the_right_has_no_reader() {
    assert_eq!(Reader::of(&user("ana@acme.example")).unwrap_err().permission, "audit.view");
    assert!(Reader::of(&Actor::Anonymous).is_err());
}

#[test]
fn cursors_and_ends_are_read_as_they_were_written() {
    let cursor = Cursor { at: Timestamp::from_micros(-7), id: EventId::fresh() };
    assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
    for bad in ["", "1", "1.x", "x.1", "99999999999999999999.0198"] {
        assert_eq!(Cursor::read(bad), None, "{bad}");
    }
    assert_eq!(until("2026-12-31"), Timestamp::parse("2027-01-01"));
    assert_eq!(until("2026-12-31T10:00:00Z"), Timestamp::parse("2026-12-31T10:00:00Z"));
    assert_eq!(until("soon"), None);
}

#[tokio::test]
async fn each_filter_finds_what_it_means() {
    let trail = Trail::new().await;
    let (ana, bo) = (user("ana@acme.example"), user("bo@acme.example"));
    let robot = Actor::Client { id: ClientId::fresh(), label: "ro\"bot".into(), authority: Authority::default() };
    let from = |address: &str, request: &str| Origin { address: Some(address.into()), request_id: Some(request.into()), user_agent: Some("x".into()) };
    let start = trail.clock.now();
    trail.record(&ana, &from("192.0.2.1", "r1"), Kind::GroupChanged, Subject::new("group", "1"), json!({ "name": "50% \"Größe\"" })).await;
    trail.clock.advance(Duration::from_secs(10));
    trail.record(&bo, &from("192.0.2.10", "r2"), Kind::SignedIn, Subject::new("user", "1"), json!({ "name": "fifty" })).await;
    trail.clock.advance(Duration::from_secs(10));
    trail.record(&robot, &from("192.0.2.1", "r3"), Kind::Granted, Subject::new("user", "2"), json!(null)).await;
    trail.record(&Actor::System { label: "apply" }, &Origin::default(), Kind::StageChanged, Subject::new("stage", "3"), json!(null)).await;

    let all = Filter { since: Some(start), ..Filter::default() };
    assert_eq!(trail.subjects(all.clone()).await, ["3", "2", "1", "1"]);
    let find = async |filter: Filter| trail.subjects(Filter { since: filter.since.or(Some(start)), ..filter }).await;
    assert_eq!(find(Filter { kinds: vec![Kind::Granted], ..Filter::default() }).await, ["2"]);
    assert_eq!(find(Filter { kinds: vec![Kind::GroupChanged, Kind::StageChanged, Kind::UserDeleted], ..Filter::default() }).await, ["3", "1"]);
    assert_eq!(find(Filter { by: ana.id().map(By::Id), ..Filter::default() }).await, ["1"]);
    assert_eq!(find(Filter { by: ana.id().map(By::Id), kinds: vec![Kind::SignedIn, Kind::Granted], ..Filter::default() }).await, [""; 0]);
    for (label, found) in [("ro\"bot", vec!["2"]), ("apply", vec!["3"]), ("app", vec![]), ("bo@acme.example", vec!["1"])] {
        assert_eq!(find(Filter { by: Some(By::Label(label.into())), ..Filter::default() }).await, found, "{label}");
    }
    assert_eq!(find(Filter { by: Some(By::Kind("client")), ..Filter::default() }).await, ["2"]);
    assert_eq!(find(Filter { about_id: Some("1".into()), ..Filter::default() }).await, ["1", "1"]);
    assert_eq!(find(Filter { about_id: Some("1".into()), about_kind: Some("user".into()), ..Filter::default() }).await, ["1"]);
    assert_eq!(find(Filter { about_kind: Some("user".into()), ..Filter::default() }).await, ["2", "1"]);
    assert_eq!(find(Filter { request_id: Some("r2".into()), ..Filter::default() }).await, ["1"]);
    assert_eq!(find(Filter { address: Some("192.0.2.1".into()), ..Filter::default() }).await, ["2", "1"], "not 192.0.2.10");
    assert_eq!(find(Filter { since: Some(start.plus(Duration::from_secs(10))), ..Filter::default() }).await, ["3", "2", "1"]);
    assert_eq!(find(Filter { until: Some(start.plus(Duration::from_secs(10))), ..Filter::default() }).await, ["1"]);
    for (text, found) in [("FIFTY", 1), ("50%", 1), ("5_%", 0), ("\"Größe\"", 1), ("nothing", 0)] {
        assert_eq!(find(Filter { texts: vec![text.into()], ..Filter::default() }).await.len(), found, "{text}");
    }
    assert_eq!(find(Filter { texts: vec!["fifty".into(), "bo@".into()], ..Filter::default() }).await, ["1"]);
    assert_eq!(find(Filter { texts: vec!["fifty".into(), "ana@".into()], ..Filter::default() }).await, [""; 0]);
}

#[tokio::test]
async fn pages_meet_without_gaps_in_both_directions() {
    let trail = Trail::new().await;
    let start = trail.clock.now();
    for n in 0..25 {
        // Four at the same instant: the id decides.
        if n % 4 == 0 {
            trail.clock.advance(Duration::from_secs(1));
        }
        let kind = if n % 2 == 0 { Kind::SignedIn } else { Kind::Granted };
        trail.record(&Actor::Anonymous, &Origin::default(), kind, Subject::new("user", n), json!(n)).await;
    }
    for kinds in [vec![], vec![Kind::SignedIn, Kind::Granted]] {
        let filter = Filter { kinds, since: Some(start), ..Filter::default() };
        let walk = async |mut from: From, next: fn(Cursor) -> From| {
            let mut seen = Vec::new();
            loop {
                let entries = trail.page(&filter, from, 7).await;
                let Some(last) = entries.last() else { return seen };
                from = next(last.cursor());
                seen.extend(entries.iter().map(|entry| entry.subject_id.clone().unwrap().parse::<i32>().unwrap()));
            }
        };
        assert_eq!(walk(From::Oldest, From::NewerThan).await, (0..25).collect::<Vec<_>>());
        assert_eq!(walk(From::Newest, From::OlderThan).await, (0..25).rev().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn what_is_erased_or_spoiled_still_reads() {
    let trail = Trail::new().await;
    let origin = Origin { request_id: Some("r".into()), address: Some("192.0.2.1".into()), user_agent: None };
    for n in 1..=2 {
        trail.record(&user("ana@acme.example"), &origin, Kind::UserChanged, Subject::new("user", n), json!({ "name": "Ana" })).await;
    }
    let mut tx = trail.ground.db.write().await.unwrap();
    crate::execute!(tx, "UPDATE audit_events SET payload = NULL, salt = NULL WHERE subject_id = '1'").unwrap();
    crate::execute!(tx, "UPDATE audit_events SET payload = '{' WHERE subject_id = '2'").unwrap();
    tx.commit().await.unwrap();
    let found = trail.page(&Filter { request_id: Some("r".into()), ..Filter::default() }, From::Oldest, 10).await;
    assert_eq!(found.len(), 2, "the request stays");
    assert!(found[0].told.is_none() && found[1].told.as_ref().unwrap().actor.is_empty());
    let line: Value = serde_json::from_str(&crate::audit::Line::of(&found[0]).text().unwrap()).unwrap();
    assert_eq!((line["erased"].as_bool(), line["actor"]["label"].is_null(), line["after"].is_null()), (Some(true), true, true));
}

/// How SQLite means to find a page.
async fn plan(trail: &Trail, filter: &Filter) -> String {
    let mut query = Query::new("EXPLAIN QUERY PLAN ");
    query.append(&statement(filter, From::Newest, 51));
    let rows: Vec<(i64, i64, i64, String)> = query.all(&mut trail.ground.db.read().await.unwrap()).await.unwrap();
    rows.into_iter().map(|(.., detail)| detail).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn the_usual_searches_are_led_by_an_index() {
    let trail = Trail::new().await;
    let by = Some(By::Id(Uuid::nil()));
    let kinds = vec![Kind::SignedIn, Kind::SignInFailed];
    let about_id = Some("x".to_owned());
    for (filter, index) in [
        (Filter::default(), "audit_events_at"),
        (Filter { kinds: vec![Kind::SignedIn], ..Filter::default() }, "audit_events_by_kind"),
        (Filter { kinds: kinds.clone(), ..Filter::default() }, "audit_events_by_kind"),
        (Filter { by: by.clone(), ..Filter::default() }, "audit_events_by_actor"),
        (Filter { kinds: kinds.clone(), by, ..Filter::default() }, "audit_events_by_actor"),
        (Filter { about_id: about_id.clone(), ..Filter::default() }, "audit_events_by_subject"),
        (Filter { kinds, about_id, ..Filter::default() }, "audit_events_by_subject"),
        (Filter { request_id: Some("r".into()), ..Filter::default() }, "audit_events_by_request"),
        (Filter { since: Some(Timestamp::from_seconds(1)), ..Filter::default() }, "audit_events_at"),
    ] {
        let plan = plan(&trail, &filter).await;
        assert!(plan.contains(&format!("INDEX {index}")), "{filter:?}: {plan}");
    }
}
