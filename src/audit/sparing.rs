//! Events of which a storm may bring any number, such as sign-ins with invented addresses: the first few in a window are written, the
//! others are counted, and one event says how many there were. The trail keeps what matters and does not grow with the storm.

use super::{Event, Kind, Payload};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::db::{all, one};
use crate::work::{Ground, Origin, Work};
use aws_lc_rs::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Tallies written in one work.
const BATCH: i64 = 200;
/// Of so many places one can tell what each did; more are one storm, which is one event.
const APART: usize = 20;

/// How many events of one sort are written one by one in a window.
#[derive(Clone, Debug)]
pub struct Sparing {
    key: Vec<u8>,
    free: i64,
    window: Duration,
    everywhere: bool,
}

impl Sparing {
    /// `free` events about `what` and `subject` in each window.
    pub fn new(what: &'static str, subject: &str, free: i64, window: Duration) -> Self {
        let key = digest(&SHA256, format!("{what}\n{subject}").as_bytes()).as_ref().to_vec();
        Self { key, free, window, everywhere: false }
    }

    /// The same for events from anywhere: what is counted belongs to no one address.
    #[must_use]
    pub fn everywhere(what: &'static str, free: i64, window: Duration) -> Self {
        Self { everywhere: true, ..Self::new(what, "", free, window) }
    }
}

/// An event that stands for those that were counted.
#[derive(Debug, Serialize, Deserialize)]
struct Example {
    kind: Kind,
    subject_kind: String,
    subject_id: Option<String>,
    after: Option<Value>,
    address: Option<String>,
    user_agent: Option<String>,
    everywhere: bool,
}

impl Work {
    /// Writes an event, unless one of `by` has had enough of its sort: then it is counted there. Name the narrowest first.
    pub async fn record_sparingly(&mut self, event: Event, by: &[Sparing]) -> Result<(), Fault> {
        for sparing in by {
            let example = Example {
                kind: event.kind,
                subject_kind: event.subject.kind.to_owned(),
                subject_id: event.subject.id.clone(),
                after: event.after.clone(),
                address: self.origin.address.clone().filter(|_| !sparing.everywhere),
                user_agent: self.origin.user_agent.clone().filter(|_| !sparing.everywhere),
                everywhere: sparing.everywhere,
            };
            // Once something is held, everything is until the window is settled: nothing counted is lost.
            let (held,) = one!(
                self.tx,
                (i64,),
                "INSERT INTO audit_tallies (key, since, until, written, held, event) VALUES ($1, $2, $3, 1, 0, $4)
                 ON CONFLICT (key) DO UPDATE SET
                 written = CASE WHEN audit_tallies.held = 0 AND audit_tallies.until <= $2 THEN 1
                  WHEN audit_tallies.held = 0 AND audit_tallies.written < $5 THEN audit_tallies.written + 1 ELSE audit_tallies.written END,
                 held = CASE WHEN audit_tallies.held = 0 AND (audit_tallies.until <= $2 OR audit_tallies.written < $5) THEN 0 ELSE audit_tallies.held + 1 END,
                 since = CASE WHEN audit_tallies.held = 0 AND audit_tallies.until <= $2 THEN $2 ELSE audit_tallies.since END,
                 until = CASE WHEN audit_tallies.held = 0 AND audit_tallies.until <= $2 THEN $3 ELSE audit_tallies.until END,
                 event = $4
                 RETURNING held",
                sparing.key.clone(),
                self.now,
                self.now.plus(sparing.window),
                serde_json::to_string(&example)?,
                sparing.free
            )?;
            if held > 0 {
                return Ok(());
            }
        }
        self.record(event).await
    }
}

/// Windows that are over: what was counted in them becomes events. Answers how many were written.
pub async fn settle(ground: &Ground) -> Result<usize, Fault> {
    let now = ground.clock.now();
    let mut reader = ground.db.read().await?;
    let (over,) = one!(reader, (bool,), "SELECT EXISTS (SELECT 1 FROM audit_tallies WHERE until <= $1)", now)?;
    drop(reader);
    if !over {
        return Ok(0);
    }
    ground.work(&Actor::Anonymous, &Origin::default(), settle_some).await
}

async fn settle_some(work: &mut Work) -> Result<usize, Fault> {
    // Everything that is over, at once: of the many places of one storm no more become events than stand apart.
    let mut apart: BTreeMap<Kind, Vec<Counted>> = BTreeMap::new();
    loop {
        let rows = all!(
            work.tx,
            (Timestamp, i64, String),
            "DELETE FROM audit_tallies WHERE key IN (SELECT key FROM audit_tallies WHERE until <= $1 LIMIT $2) RETURNING since, held, event",
            work.now,
            BATCH
        )?;
        let last = rows.len() < usize::try_from(BATCH).unwrap_or(usize::MAX);
        for (since, held, example) in rows {
            // What no release knows any more was an example only.
            if let (true, Ok(example)) = (held > 0, serde_json::from_str::<Example>(&example)) {
                let all = apart.entry(example.kind).or_default();
                all.push(Counted { since, held, example });
                if all.len() > APART * 2 {
                    merge(all);
                }
            }
        }
        if last {
            break;
        }
    }
    let mut written = 0;
    for counted in apart.into_values().flat_map(|mut all| {
        if all.len() > APART {
            merge(&mut all);
        }
        all
    }) {
        written += 1;
        counted.write(work).await?;
    }
    Ok(written)
}

/// What was counted by one tally, or by many small ones together.
struct Counted {
    since: Timestamp,
    held: i64,
    example: Example,
}

/// Leaves the largest apart and makes one of the others.
fn merge(all: &mut Vec<Counted>) {
    all.sort_by_key(|counted| (!counted.example.everywhere, std::cmp::Reverse(counted.held)));
    let mut rest = all.split_off(APART.min(all.len())).into_iter();
    let Some(mut sum) = rest.next() else { return };
    for one in rest {
        sum.held = sum.held.saturating_add(one.held);
        sum.since = sum.since.min(one.since);
    }
    let Example { subject_id, address, user_agent, everywhere, .. } = &mut sum.example;
    (*subject_id, *address, *user_agent, *everywhere) = (None, None, None, true);
    all.push(sum);
}

impl Counted {
    async fn write(self, work: &mut Work) -> Result<(), Fault> {
        let Example { kind, subject_kind, subject_id, after, address, user_agent, everywhere } = self.example;
        let mut about = match after {
            Some(Value::Object(fields)) => fields,
            Some(other) => serde_json::Map::from_iter([("of".to_owned(), other)]),
            None => serde_json::Map::new(),
        };
        about.insert("count".to_owned(), json!(self.held));
        about.insert("since".to_owned(), json!(self.since));
        if everywhere {
            about.insert("from_many_places".to_owned(), json!(true));
        }
        let payload = Payload { actor: work.actor.label().to_owned(), request_id: None, address, user_agent, before: None, after: Some(Value::Object(about)) };
        work.write_event(kind, subject_kind, subject_id, payload).await
    }
}

#[cfg(test)]
mod tests;
