//! The audit trail against the rows. The trail is read from its beginning and believed: what it says that there is must be what there is,
//! field by field, and nothing else; what went must have gone with an event, and each event must have met what the one before it left.
//!
//! Events are taken in the order of their ids: an id is later than each that was drawn before it on this node, and whatever changes the model
//! writes its events while it holds the access lock.

mod giving;
mod replay;
mod rows;
mod things;

use crate::support::house::House;
use gatehouse::all;
use gatehouse::base::time::Timestamp;
use replay::{Event, Replay};
use std::collections::BTreeMap;
use things::differences;

/// Compares. Panics with everything that does not fit.
pub async fn tells_everything(house: &House, seed: u64) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    // What the binary says of roles is in no event.
    let built_in = all!(tx, (uuid::Uuid, String), "SELECT id, key FROM organization_roles WHERE built_in").expect("roles");
    let built_in: BTreeMap<String, String> = built_in.into_iter().map(|(id, key)| (id.to_string(), key)).collect();
    let events = all!(
        tx,
        (String, Timestamp, String, Option<String>, Option<String>),
        "SELECT kind, at, subject_kind, subject_id, payload FROM audit_events ORDER BY id"
    )
    .expect("events");
    let there = rows::read(&mut tx).await;
    drop(tx);

    let mut replay = Replay::new(built_in);
    for (kind, at, subject_kind, subject, payload) in events {
        replay.take(&Event::read(kind, at, subject_kind, subject, payload.as_deref()));
    }
    let (told, mut found) = replay.end();
    assert!(told.of("user").next().is_some(), "seed {seed}: nothing is told");
    found.extend(differences(&told, &there));
    assert!(found.is_empty(), "seed {seed}: the trail and the rows differ:\n{}", found.join("\n"));
}

/// The comparison itself finds what it is there for.
mod itself {
    use super::things::Things;
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "019a0000-0000-7000-8000-000000000001";
    const ROLE: &str = "019a0000-0000-7000-8000-000000000002";

    fn event(kind: &str, subject: (&str, &str), payload: &Value) -> Event {
        Event::read(kind.to_owned(), Timestamp::from_micros(1_000), subject.0.to_owned(), Some(subject.1.to_owned()), Some(&payload.to_string()))
    }

    fn group(name: &str, version: i64) -> Value {
        json!({ "id": ID, "stage_id": "s", "key": "desk", "name": name, "description": "", "version": version })
    }

    fn replayed(events: &[Event]) -> (Things, Vec<String>) {
        let mut replay = Replay::new([(ROLE.to_owned(), "administrator".to_owned())].into());
        for event in events {
            replay.take(event);
        }
        replay.end()
    }

    /// What is found when these events were written and these groups are there.
    fn found(events: &[Event], groups: &[Value]) -> Vec<String> {
        let (told, mut found) = replayed(events);
        let mut there = Things::default();
        there.put("brand", "1", &json!({ "accent": null, "logo": null, "fingerprint": "", "version": 0 }));
        for group in groups {
            there.put("group", ID, group);
        }
        found.extend(differences(&told, &there));
        found
    }

    #[test]
    fn a_row_that_changed_came_or_went_without_an_event_is_found() {
        let made = || event("group.changed", ("group", ID), &json!({ "after": group("Desk", 1) }));
        let renamed = || event("group.changed", ("group", ID), &json!({ "before": group("Desk", 1), "after": group("Sales", 2) }));
        let deleted = |name: &str, version| event("group.deleted", ("group", ID), &json!({ "before": group(name, version) }));

        assert_eq!(found(&[made()], &[group("Desk", 1)]), Vec::<String>::new());
        assert_eq!(found(&[made(), renamed()], &[group("Sales", 2)]), Vec::<String>::new());
        assert_eq!(found(&[made(), renamed(), deleted("Sales", 2)], &[]), Vec::<String>::new());

        let one = |events: &[Event], groups: &[Value], says: &str| {
            let found = found(events, groups);
            assert!(found.len() == 1 && found[0].contains(says), "{says}: {found:?}");
        };
        one(&[made()], &[group("Sales", 1)], "name is \"Sales\", and the trail says \"Desk\"");
        one(&[], &[group("Desk", 1)], "no event says that it came");
        one(&[made()], &[], "no event says that it went");
        one(&[made(), deleted("Desk", 1)], &[group("Desk", 1)], "no event says that it came");
        // Something happened in between, and the next event only met it.
        one(&[made(), deleted("Sales", 1)], &[], "found name \"Sales\" before it");
        one(&[deleted("Desk", 1)], &[], "of which no event says that it came");
        // Details that were erased cannot be compared with anything.
        let erased = Event::read("group.changed".to_owned(), Timestamp::from_micros(1_000), "group".to_owned(), Some(ID.to_owned()), None);
        assert!(found(&[erased], &[]).iter().any(|line| line.contains("has no details")));
    }

    #[test]
    fn a_gift_of_somebody_who_had_nothing_to_give_is_found() {
        let grant = |id: &str, by: Option<&str>, ends_at: Option<i64>| {
            let kind = if by.is_some() { "user" } else { "system" };
            let period = json!({ "starts_at": null, "ends_at": ends_at });
            json!({ "after": { "id": id, "role_id": ROLE, "app_id": null, "period": period, "granted_by_kind": kind, "granted_by_id": by } })
        };
        let granted = |to: &str, payload: &Value| event("grant.granted", ("user", to), payload);
        let objections = |events: &[Event]| replayed(events).1.len();

        let first = || granted("ana", &grant("g1", None, None));
        let second = || granted("bo", &grant("g2", Some("ana"), None));
        assert_eq!(objections(&[first(), second()]), 0);
        assert_eq!(objections(&[second()]), 1, "Ana held nothing");
        assert_eq!(objections(&[granted("ana", &grant("g1", None, Some(999))), second()]), 1, "hers was over");
        assert_eq!(objections(&[granted("ana", &grant("g1", None, Some(2_000))), second()]), 1, "hers ends before");
        assert_eq!(objections(&[granted("ana", &grant("g1", None, Some(2_000))), granted("bo", &grant("g2", Some("ana"), Some(1_500)))]), 0);
        let membership = json!({ "after": { "id": "m1", "group_id": ID, "granted_by_kind": "user", "granted_by_id": "ana" } });
        assert_eq!(objections(&[event("membership.added", ("user", "bo"), &membership)]), 1);
        assert_eq!(objections(&[first(), event("membership.added", ("user", "bo"), &membership)]), 0);
    }

    #[test]
    fn at_an_app_only_what_has_effect_there_must_be_held() {
        let role =
            |id: &str, permissions: &[&str]| event("organization_role.changed", ("organization_role", id), &json!({ "after": { "permissions": permissions } }));
        let grant = |id: &str, role: &str, app: Option<&str>, by: Option<&str>| {
            let kind = if by.is_some() { "user" } else { "system" };
            let after = json!({ "id": id, "role_id": role, "app_id": app, "period": {}, "granted_by_kind": kind, "granted_by_id": by });
            event("grant.granted", ("user", "ana"), &json!({ "after": after }))
        };
        let objections = |given: &str, at: Option<&str>| {
            let events = [
                role("giver", &["member_access.manage", "app.view"]),
                role("people", &["users.manage", "app.view"]),
                role("deployers", &["asset.deploy"]),
                grant("g1", "giver", None, None),
                grant("g2", given, at, Some("ana")),
            ];
            replayed(&events).1
        };
        assert_eq!(objections("giver", None), Vec::<String>::new());
        assert!(objections("people", None)[0].ends_with("who held users.manage nowhere"));
        assert_eq!(objections("people", Some("shop")), Vec::<String>::new(), "users are managed at the organization");
        assert!(objections("deployers", Some("shop"))[0].ends_with("who held asset.deploy nowhere"));
        // The marker gives everything that has effect there.
        assert_eq!(objections(ROLE, Some("shop")).len(), 1);
        assert!(objections(ROLE, None)[0].ends_with("who did not hold everything for so long"));
    }
}
