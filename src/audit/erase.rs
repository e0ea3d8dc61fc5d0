//! Erasing what the trail holds about a person. The digest of a payload stays, so the chain still verifies; the payload goes whole, because
//! its digest covers it whole.

use super::{Event, Kind, Payload, Subject};
use crate::base::fault::Fault;
use crate::base::id::{EventId, UserId};
use crate::base::time::Timestamp;
use crate::db::query::{Query, anywhere};
use crate::db::{Tx, execute};
use crate::work::Work;
use std::collections::BTreeSet;

/// Why nothing was erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// It cannot be undone: only for those who hold everything.
    #[error("only an Administrator can erase what the audit trail holds about a person")]
    OnlyAdministrators,
    /// What somebody did stays until somebody else erases it.
    #[error("nobody erases what the audit trail holds about themselves: ask another Administrator")]
    Own,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Where the trail holds something about a person.
#[derive(Clone, Debug)]
pub struct Traces {
    user: UserId,
    /// What they are called in payloads: their id and every address they had, as JSON writes them.
    names: Vec<String>,
    /// The events of others that mention them.
    mentions: Vec<EventId>,
    /// When that was looked for.
    at: Timestamp,
}

impl Traces {
    /// Whether there is nothing to erase.
    pub async fn is_empty(&self, tx: &mut Tx) -> Result<bool, Fault> {
        if !self.mentions.is_empty() {
            return Ok(false);
        }
        let mut query = Query::new("SELECT id FROM audit_events WHERE payload IS NOT NULL AND (subject_kind = 'user' AND subject_id = ");
        query.bind(self.user.to_string()).push(" OR actor_kind = 'user' AND actor_id = ").bind(self.user.uuid()).push(") LIMIT 1");
        Ok(query.all::<(EventId,)>(tx).await?.is_empty())
    }
}

/// The events whose payload mentions one of these names, from an instant on.
async fn mentions(tx: &mut Tx, names: &[String], since: Timestamp) -> Result<Vec<EventId>, Fault> {
    let mut found = BTreeSet::new();
    for name in names {
        let mut query = Query::new("SELECT id FROM audit_events WHERE payload IS NOT NULL AND at >= ");
        query.bind(since).push(" AND LOWER(payload) LIKE LOWER(").bind(anywhere(name)).push(") ESCAPE '\\'");
        found.extend(query.all::<(EventId,)>(tx).await?.into_iter().map(|(id,)| id));
    }
    Ok(found.into_iter().collect())
}

/// Every address that somebody had, as far as the trail knows.
async fn addresses_of(tx: &mut Tx, user: UserId) -> Result<BTreeSet<String>, Fault> {
    let mut query = Query::new("SELECT payload FROM audit_events WHERE subject_kind = 'user' AND kind IN ");
    let kinds = [Kind::UserCreated, Kind::UserChanged, Kind::UserDeleted, Kind::EmailProved];
    query.list(kinds.map(Kind::as_str)).push(" AND payload IS NOT NULL AND subject_id = ").bind(user.to_string());
    let payloads = query.all::<(String,)>(tx).await?.into_iter().filter_map(|(payload,)| serde_json::from_str::<Payload>(&payload).ok());
    let rows = payloads.flat_map(|payload| [payload.before, payload.after]).flatten();
    Ok(rows.filter_map(|row| Some(row.get("email")?.as_str()?.to_owned())).collect())
}

/// Looks for a person in the whole trail, which takes a while in a long one: so it is done before the work that erases. `address` is the
/// one they have now.
pub async fn traces(tx: &mut Tx, user: UserId, address: Option<&str>, now: Timestamp) -> Result<Traces, Fault> {
    let mut addresses = addresses_of(tx, user).await?;
    addresses.extend(address.map(str::to_owned));
    let names = addresses.into_iter().chain([user.to_string()]);
    let names = names.map(|name| serde_json::to_string(&name)).collect::<Result<Vec<_>, _>>()?;
    let mentions = mentions(tx, &names, Timestamp::from_micros(0)).await?;
    Ok(Traces { user, names, mentions, at: now })
}

/// Everybody who had an address, also those who are gone.
pub async fn who_had(tx: &mut Tx, address: &str) -> Result<Vec<UserId>, Fault> {
    let mut query =
        Query::new("SELECT DISTINCT subject_id FROM audit_events WHERE subject_kind = 'user' AND kind LIKE 'user.%' AND LOWER(payload) LIKE LOWER(");
    query.bind(anywhere(&format!("\"email\":{}", serde_json::to_string(address)?))).push(") ESCAPE '\\'");
    let ids = query.all::<(Option<String>,)>(tx).await?;
    Ok(ids.into_iter().filter_map(|(id,)| id?.parse().ok()).collect())
}

/// Erases what the trail holds about a person: events about them, by them, and those that mention them. What stays is that something of
/// this kind happened, when, and by which id. Answers how many events lost their payload.
pub async fn erase(work: &mut Work, traces: &Traces) -> Result<u64, EraseError> {
    if !work.actor.holds_all() {
        return Err(EraseError::OnlyAdministrators);
    }
    if work.actor.id() == Some(traces.user.uuid()) {
        return Err(EraseError::Own);
    }
    let mut erased = execute!(
        work.tx,
        "UPDATE audit_events SET payload = NULL, salt = NULL
         WHERE payload IS NOT NULL AND ((subject_kind = 'user' AND subject_id = $1) OR (actor_kind = 'user' AND actor_id = $2))",
        traces.user.to_string(),
        traces.user
    )
    .map_err(Fault::from)?;
    // What was written since they were looked for, in this work also.
    let fresh = mentions(&mut work.tx, &traces.names, traces.at).await?;
    for id in traces.mentions.iter().chain(&fresh) {
        erased += execute!(work.tx, "UPDATE audit_events SET payload = NULL, salt = NULL WHERE payload IS NOT NULL AND id = $1", *id).map_err(Fault::from)?;
    }
    // What waits to be told as a count would bring the address back in a moment; so the count goes too.
    for name in &traces.names {
        let mut waiting = Query::new("SELECT key FROM audit_tallies WHERE LOWER(event) LIKE LOWER(");
        waiting.bind(anywhere(name)).push(") ESCAPE '\\'");
        for (key,) in waiting.all::<(Vec<u8>,)>(&mut work.tx).await? {
            execute!(work.tx, "DELETE FROM audit_tallies WHERE key = $1", key).map_err(Fault::from)?;
        }
    }
    work.record(Event::new(Kind::AuditErased, Subject::new("user", traces.user)).after(&serde_json::json!({ "events": erased }))?).await?;
    Ok(erased)
}
