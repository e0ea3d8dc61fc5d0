//! An event as it leaves: one JSON object in one line, as `docs/audit-event.schema.json` describes it.

use super::search::Entry;
use crate::base::time::Timestamp;
use chrono::SecondsFormat;
use serde::Serialize;
use serde_json::Value;

/// One line of an export. Every member is always there; what is not known is `null`.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    id: String,
    at: String,
    kind: &'a str,
    actor: Party<'a>,
    subject: Party<'a>,
    request_id: Option<&'a str>,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    before: Option<&'a Value>,
    after: Option<&'a Value>,
    erased: bool,
    position: Option<i64>,
}

/// Whoever did it, or whom or what it is about.
#[derive(Debug, Serialize)]
struct Party<'a> {
    kind: &'a str,
    id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[allow(clippy::option_option)] // absent once erased, null for somebody without a name
    label: Option<Option<&'a str>>,
}

impl<'a> Line<'a> {
    /// An event as a line.
    pub fn of(entry: &'a Entry) -> Self {
        let told = entry.told.as_ref();
        Self {
            id: entry.id.to_string(),
            at: exact(entry.at),
            kind: &entry.kind,
            actor: Party { kind: &entry.actor_kind, id: entry.actor_id.map(|id| id.to_string()), label: Some(told.map(|told| told.actor.as_str())) },
            subject: Party { kind: &entry.subject_kind, id: entry.subject_id.clone(), label: None },
            request_id: entry.request_id.as_deref(),
            address: told.and_then(|told| told.address.as_deref()),
            user_agent: told.and_then(|told| told.user_agent.as_deref()),
            before: told.and_then(|told| told.before.as_ref()),
            after: told.and_then(|told| told.after.as_ref()),
            erased: told.is_none(),
            position: entry.position,
        }
    }

    /// The line with its end.
    pub fn text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self).map(|line| line + "\n")
    }
}

/// The instant with its microseconds: two events of one second keep their order.
pub fn exact(at: Timestamp) -> String {
    at.chrono().to_rfc3339_opts(SecondsFormat::Micros, true)
}

#[cfg(test)]
mod tests {
    use crate::audit::Kind;
    use std::collections::BTreeSet;

    #[test]
    fn the_schema_lists_every_kind_and_no_other() {
        let schema: serde_json::Value = serde_json::from_str(include_str!("../../docs/audit-event.schema.json")).unwrap();
        let listed = schema["properties"]["kind"]["enum"].as_array().unwrap();
        let set: BTreeSet<&str> = listed.iter().map(|kind| kind.as_str().unwrap()).collect();
        assert_eq!(set.len(), listed.len());
        assert_eq!(set, Kind::ALL.iter().map(|kind| kind.as_str()).collect::<BTreeSet<_>>());
    }
}
