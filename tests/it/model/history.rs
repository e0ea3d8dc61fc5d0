//! The audit trail against the rows: what is there was given, what was taken is gone, and nothing went without a trace. It does not depend on
//! the order of events: every grant and membership has an id of its own, which never comes back.

use crate::support::house::House;
use gatehouse::all;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that events say about things with ids.
#[derive(Default)]
struct Told {
    /// Grants and memberships that were given: the row, and the group or person that holds it.
    given: BTreeMap<String, (Value, String)>,
    taken: BTreeSet<String>,
    /// People, groups and roles by their ids: whether events speak of them, and whether they went.
    subjects: BTreeSet<String>,
    gone: BTreeSet<String>,
}

/// Compares. Panics with the first thing that does not fit.
pub async fn tells_everything(house: &House, seed: u64) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let events = all!(tx, (String, Option<String>, Option<String>), "SELECT kind, subject_id, payload FROM audit_events").expect("events");
    let mut there: BTreeSet<String> = BTreeSet::new();
    for (id,) in all!(tx, (uuid::Uuid,), "SELECT id FROM organization_grants UNION ALL SELECT id FROM end_user_grants UNION ALL SELECT id FROM memberships")
        .expect("rows")
    {
        there.insert(id.to_string());
    }
    let nouns =
        all!(tx, (uuid::Uuid,), "SELECT id FROM users UNION ALL SELECT id FROM groups UNION ALL SELECT id FROM end_user_roles UNION ALL SELECT id FROM apps")
            .expect("rows");
    drop(tx);

    let told = read(events);
    for id in &there {
        assert!(told.given.contains_key(id), "seed {seed}: {id} is there, and no event says that it was given");
        assert!(!told.taken.contains(id), "seed {seed}: {id} is there, and an event says that it was taken away");
    }
    // What a person, a group or a role takes along is told row by row.
    for (id, (row, holder)) in &told.given {
        assert!(told.taken.contains(id) || there.contains(id), "seed {seed}: {row} of {holder} went, and no event says so");
    }
    for (id,) in nouns {
        let id = id.to_string();
        assert!(told.subjects.contains(&id), "seed {seed}: no event speaks of {id}");
        assert!(!told.gone.contains(&id), "seed {seed}: {id} is there, and an event says that it went");
    }
}

fn read(events: Vec<(String, Option<String>, Option<String>)>) -> Told {
    let mut told = Told::default();
    for (kind, subject, payload) in events {
        let payload: Value = payload.map(|text| serde_json::from_str(&text).expect("JSON")).unwrap_or_default();
        let subject = subject.unwrap_or_default();
        let id = |row: &Value| row["id"].as_str().map(str::to_owned);
        match kind.as_str() {
            "grant.granted" | "membership.added" => {
                if let Some(id) = id(&payload["after"]) {
                    told.given.insert(id, (payload["after"].clone(), subject.clone()));
                }
            }
            "grant.revoked" | "membership.removed" => told.taken.extend(id(&payload["before"])),
            // A person whose invitation ended goes without having been anybody.
            "user.deleted" | "group.deleted" | "end_user_role.removed" | "app.deleted" | "organization_role.removed" => {
                told.gone.insert(subject.clone());
            }
            _ => {}
        }
        told.subjects.insert(subject);
    }
    told
}
