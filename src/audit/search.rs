//! Searching the trail, for whoever holds `audit.view`.

use super::{Kind, Payload};
use crate::actor::{Actor, Denied};
use crate::base::fault::Fault;
use crate::base::id::EventId;
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::db::query::{Query, anywhere};
use crate::db::{Tx, optional};
use serde_json::Value;
use std::time::Duration;
use uuid::Uuid;

/// The permission to search, export and verify the trail.
pub const PERMISSION: &str = "audit.view";

/// Proof that somebody may search: the one way to the functions of this module.
#[derive(Clone, Copy, Debug)]
pub struct Reader(());

impl Reader {
    /// Refuses unless the actor may see the trail.
    pub fn of(actor: &Actor) -> Result<Self, Denied> {
        if actor.may(PERMISSION, Reach::Organization) { Ok(Self(())) } else { Err(Denied { permission: PERMISSION, reach: Reach::Organization }) }
    }
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// The one with this id, whatever they were called.
    Id(Uuid),
    /// Whoever was called exactly so: an address of somebody who is gone, a command.
    Label(String),
    /// Nobody who could be named, or the operator: a kind of actor.
    Kind(&'static str),
}

/// What is looked for. What is empty does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What happened: one of these.
    pub kinds: Vec<Kind>,
    /// Who did it.
    pub by: Option<By>,
    /// About which kind of thing.
    pub about_kind: Option<String>,
    /// About which.
    pub about_id: Option<String>,
    /// From this instant on.
    pub since: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// In which request.
    pub request_id: Option<String>,
    /// From which network address, exactly.
    pub address: Option<String>,
    /// Texts anywhere in what was written, all of them. No index helps: this looks at every event that nothing else leaves out.
    pub texts: Vec<String>,
}

/// The instant before which events are meant by an end that somebody typed: a day counts to its own end.
pub fn until(text: &str) -> Option<Timestamp> {
    let at = Timestamp::parse(text)?;
    Some(if text.len() == "2026-12-31".len() { at.plus(Duration::from_hours(24)) } else { at })
}

/// A place in the trail between two events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    at: Timestamp,
    id: EventId,
}

impl Cursor {
    /// The cursor as it stands in an address.
    pub fn write(self) -> String {
        format!("{}.{}", self.at.micros(), self.id)
    }

    /// Reads what `write` wrote; `None` for anything else.
    pub fn read(text: &str) -> Option<Self> {
        let (at, id) = text.split_once('.')?;
        Some(Self { at: Timestamp::from_micros(at.parse().ok()?), id: id.parse().ok()? })
    }
}

/// From where a page goes on.
#[derive(Clone, Copy, Debug)]
pub enum From {
    /// The newest, going back.
    Newest,
    /// What is older than this, going back.
    OlderThan(Cursor),
    /// The oldest, going on.
    Oldest,
    /// What is newer than this, going on.
    NewerThan(Cursor),
}

/// One event as it is read.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What happened, in its word: a later release may have written one that this one does not know.
    pub kind: String,
    /// The kind of actor.
    pub actor_kind: String,
    /// Which, where it has an id.
    pub actor_id: Option<Uuid>,
    /// What the subject is.
    pub subject_kind: String,
    /// Which, where it is known.
    pub subject_id: Option<String>,
    /// In which request.
    pub request_id: Option<String>,
    /// The position in the chain, once it is sealed.
    pub position: Option<i64>,
    /// What may be erased; `None`: it was.
    pub told: Option<Told>,
}

/// The part of an event that may hold personal data.
#[derive(Clone, Debug)]
pub struct Told {
    /// The actor's name then.
    pub actor: String,
    /// From which network address.
    pub address: Option<String>,
    /// With what software.
    pub user_agent: Option<String>,
    /// What was there before.
    pub before: Option<Value>,
    /// What was there afterwards.
    pub after: Option<Value>,
}

impl Entry {
    /// What happened, if this release knows the word.
    pub fn known(&self) -> Option<Kind> {
        Kind::parse(&self.kind)
    }

    /// The place just at this event.
    pub const fn cursor(&self) -> Cursor {
        Cursor { at: self.at, id: self.id }
    }
}

#[derive(sqlx::FromRow)]
struct Found {
    id: EventId,
    at: Timestamp,
    kind: String,
    actor_kind: String,
    actor_id: Option<Uuid>,
    subject_kind: String,
    subject_id: Option<String>,
    request_id: Option<String>,
    payload: Option<String>,
    position: Option<i64>,
}

impl std::convert::From<Found> for Entry {
    fn from(row: Found) -> Self {
        // A payload that somebody spoiled reads as nothing; `verify` names it.
        let payload = row.payload.map(|payload| serde_json::from_str::<Payload>(&payload));
        let (mut request_id, mut told) = (row.request_id, None);
        if let Some(payload) = payload {
            let unreadable = |_| Payload { actor: String::new(), request_id: None, address: None, user_agent: None, before: None, after: None };
            let payload = payload.unwrap_or_else(unreadable);
            request_id = request_id.or(payload.request_id);
            let Payload { actor, address, user_agent, before, after, .. } = payload;
            told = Some(Told { actor, address, user_agent, before, after });
        }
        Self {
            id: row.id,
            at: row.at,
            kind: row.kind,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            subject_kind: row.subject_kind,
            subject_id: row.subject_id,
            request_id,
            position: row.position,
            told,
        }
    }
}

/// At most `limit` events, in the direction of `from`. One index leads the way: that of the request, else of the subject, else of the
/// actor, else of each kind, else of the time.
pub async fn page(tx: &mut Tx, _: Reader, filter: &Filter, from: From, limit: usize) -> Result<Vec<Entry>, Fault> {
    Ok(statement(filter, from, limit).all::<Found>(tx).await?.into_iter().map(Entry::from).collect())
}

fn statement(filter: &Filter, from: From, limit: usize) -> Query {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let forward = matches!(from, From::Oldest | From::NewerThan(_));
    let order = if forward { " ORDER BY at, id LIMIT " } else { " ORDER BY at DESC, id DESC LIMIT " };
    let led = filter.request_id.is_some() || filter.about_id.is_some() || matches!(filter.by, Some(By::Id(_)));
    let mut inner = Query::default();
    if led || filter.kinds.len() < 2 {
        inner = some(filter, &filter.kinds, led, from);
        inner.push(order).bind(limit);
    } else {
        // The newest of each kind, then the newest of those: the rows of one index cannot be in order for several kinds.
        for (n, kind) in filter.kinds.iter().enumerate() {
            inner.push(if n == 0 { "SELECT * FROM (" } else { " UNION ALL SELECT * FROM (" });
            inner.append(some(filter, std::slice::from_ref(kind), false, from).push(order).bind(limit)).push(") AS of_kind");
        }
        inner.push(order).bind(limit);
    }
    let mut query = Query::new("SELECT e.id, e.at, e.kind, e.actor_kind, e.actor_id, e.subject_kind, e.subject_id, e.request_id, e.payload, s.position FROM (");
    query.append(&inner).push(") AS e LEFT JOIN audit_seals s ON s.event_id = e.id");
    query.push(if forward { " ORDER BY e.at, e.id" } else { " ORDER BY e.at DESC, e.id DESC" });
    query
}

fn some(filter: &Filter, kinds: &[Kind], led: bool, from: From) -> Query {
    let mut query = Query::new("SELECT id, at, kind, actor_kind, actor_id, subject_kind, subject_id, request_id, payload FROM audit_events WHERE 1 = 1");
    if let Some(request) = &filter.request_id {
        query.push(" AND request_id = ").bind(request.as_str());
    }
    if let Some(id) = &filter.about_id {
        query.push(" AND subject_id = ").bind(id.as_str());
    }
    if let Some(kind) = &filter.about_kind {
        query.push(" AND subject_kind = ").bind(kind.as_str());
    }
    match &filter.by {
        Some(By::Id(id)) => {
            query.push(" AND actor_id = ").bind(*id);
        }
        // The payload begins with the name of the actor.
        Some(By::Label(label)) => {
            let beginning = format!("{{\"actor\":{},", Value::String(label.clone()));
            let length = i64::try_from(beginning.chars().count()).unwrap_or(i64::MAX);
            query.push(" AND substr(payload, 1, CAST(").bind(length).push(" AS INTEGER)) = ").bind(beginning);
        }
        Some(By::Kind(kind)) => {
            query.push(" AND actor_kind = ").bind(*kind);
        }
        None => {}
    }
    // What is put together has no index: where another column leads, the kinds must not.
    match kinds {
        [] => {}
        [kind] if !led => {
            query.push(" AND kind = ").bind(kind.as_str());
        }
        kinds => {
            query.push(" AND (kind || '') IN ").list(kinds.iter().map(|kind| kind.as_str()));
        }
    }
    if let Some(since) = filter.since {
        query.push(" AND at >= ").bind(since);
    }
    if let Some(until) = filter.until {
        query.push(" AND at < ").bind(until);
    }
    if let Some(address) = &filter.address {
        let pattern = anywhere(&format!(",\"address\":{}", Value::String(address.clone())));
        query.push(" AND payload LIKE ").bind(pattern).push(" ESCAPE '\\'");
    }
    for text in &filter.texts {
        // As it stands in JSON, without its quotes.
        let written = Value::String(text.clone()).to_string();
        query.push(" AND lower(payload) LIKE lower(").bind(anywhere(&written[1..written.len() - 1])).push(") ESCAPE '\\'");
    }
    match from {
        From::OlderThan(Cursor { at, id }) => {
            query.push(" AND (at, id) < (").bind(at).push(", ").bind(id.uuid()).push(")");
        }
        From::NewerThan(Cursor { at, id }) => {
            query.push(" AND (at, id) > (").bind(at).push(", ").bind(id.uuid()).push(")");
        }
        From::Newest | From::Oldest => {}
    }
    query
}

/// One event.
pub async fn one(tx: &mut Tx, _: Reader, id: EventId) -> Result<Option<Entry>, Fault> {
    let row = optional!(
        tx,
        Found,
        "SELECT e.id, e.at, e.kind, e.actor_kind, e.actor_id, e.subject_kind, e.subject_id, e.request_id, e.payload, s.position
         FROM audit_events e LEFT JOIN audit_seals s ON s.event_id = e.id WHERE e.id = $1",
        id
    )?;
    Ok(row.map(Entry::from))
}

#[cfg(test)]
mod tests;
