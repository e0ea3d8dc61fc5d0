//! `/portal/audit/{id}`: one event, with what was there before and afterwards side by side.

use super::subject::Names;
use super::{Party, enter, from, more, words};
use crate::audit::search::{self, Entry, Reader};
use crate::base::fault::Fault;
use crate::base::id::EventId;
use crate::base::time::Timestamp;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use serde_json::Value;
use std::collections::BTreeMap;

/// More fields are not shown: the export has them.
const MOST: usize = 200;
/// A longer value is cut.
const LONGEST: usize = 2_000;
/// Integers in this range are instants, written as microseconds: 2001 to 2128.
const INSTANTS: std::ops::Range<i64> = 1_000_000_000_000_000..5_000_000_000_000_000;

/// One event.
#[derive(Template)]
#[template(path = "portal/audit/one.html")]
pub struct EventPage {
    /// The layout.
    pub shell: Shell,
    /// What happened.
    pub what: String,
    /// Why, and for how many.
    pub more: String,
    /// When.
    pub when: String,
    /// When, exactly.
    pub exact: String,
    /// Who did it.
    pub who: Party,
    /// Everything by them.
    pub deeds: Option<String>,
    /// About whom or what.
    pub about: Party,
    /// Everything about this.
    pub history: Option<String>,
    /// From which network address.
    pub from: String,
    /// With what software.
    pub device: String,
    /// In which request.
    pub request: Option<String>,
    /// Everything in the same request.
    pub same_request: String,
    /// The event's id.
    pub id: String,
    /// The event's kind as programs read it.
    pub kind: String,
    /// The position in the chain; empty while it has none.
    pub position: Option<String>,
    /// Whether the details were erased.
    pub erased: bool,
    /// What was there before and afterwards.
    pub fields: Vec<Field>,
    /// Whether there are more fields than these.
    pub cut: bool,
}

/// One field of what was there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// What it was.
    pub before: Option<String>,
    /// What it is.
    pub after: Option<String>,
    /// Whether these differ, where there are both rows.
    pub changed: bool,
}

/// `GET /portal/audit/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, reader) = match enter(visit).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let Ok(id) = id.parse::<EventId>() else { return portal.missing().await };
    match Box::pin(page(&portal, reader, id)).await {
        Ok(Some(page)) => Portal::page(StatusCode::OK, &page),
        Ok(None) => portal.missing().await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, reader: Reader, id: EventId) -> Result<Option<EventPage>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    let Some(entry) = search::one(&mut tx, reader, id).await? else { return Ok(None) };
    let names = Names::of(&mut tx, portal, std::slice::from_ref(&entry)).await?;
    drop(tx);
    let words = portal.words;
    let mut fields = fields(words, &entry);
    let cut = fields.len() > MOST;
    fields.truncate(MOST);
    let told = entry.told.as_ref();
    Ok(Some(EventPage {
        shell: portal.shell(Section::Audit).await,
        what: words::kind(words, &entry.kind),
        more: more(portal, &entry),
        when: words.minute(entry.at),
        exact: crate::audit::exact(entry.at),
        who: names.actor(portal, &entry),
        deeds: entry.actor_id.map(paths::deeds),
        about: names.subject(portal, &entry),
        history: entry.subject_id.as_ref().map(|id| paths::history(&entry.subject_kind, id)),
        from: from(portal, &entry),
        device: told.and_then(|told| told.user_agent.clone()).unwrap_or_default(),
        same_request: entry.request_id.as_deref().map(paths::of_request).unwrap_or_default(),
        request: entry.request_id.clone(),
        id: entry.id.to_string(),
        position: entry.position.map(|position| words.with("audit-sealed", &[("position", position.to_string())])),
        erased: told.is_none(),
        kind: entry.kind,
        fields,
        cut,
    }))
}

/// What was there before and afterwards, by field: those that changed come first.
fn fields(words: Words, entry: &Entry) -> Vec<Field> {
    let Some(told) = &entry.told else { return Vec::new() };
    let flat = |row: Option<&Value>| {
        let mut found = BTreeMap::new();
        if let Some(row) = row {
            flatten(words, "", row, &mut found);
        }
        found
    };
    let (before, after) = (flat(told.before.as_ref()), flat(told.after.as_ref()));
    let both = told.before.is_some() && told.after.is_some();
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let field = |name: &String| {
        let (before, after) = (before.get(name).cloned(), after.get(name).cloned());
        Field { name: name.clone(), changed: both && before != after, before, after }
    };
    let mut fields: Vec<Field> = names.into_iter().map(field).collect();
    fields.sort_by_key(|field| !field.changed);
    fields
}

/// The leaves of a row by their path. What holds nothing is left out: absent and empty read alike.
fn flatten(words: Words, path: &str, value: &Value, found: &mut BTreeMap<String, String>) {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    // One more than is shown says that there is more.
    if found.len() > MOST {
        return;
    }
    match value {
        Value::Null => {}
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(words, &below(name), value, found)),
        Value::Array(parts) if parts.iter().any(|part| part.is_object() || part.is_array()) => {
            parts.iter().enumerate().for_each(|(at, value)| flatten(words, &below(&(at + 1).to_string()), value, found));
        }
        leaf => {
            let text: String = shown(words, leaf).chars().take(LONGEST).collect();
            if !text.is_empty() {
                found.insert(if path.is_empty() { "-".to_owned() } else { path.to_owned() }, text);
            }
        }
    }
}

fn shown(words: Words, leaf: &Value) -> String {
    match leaf {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_i64().filter(|number| INSTANTS.contains(number)) {
            Some(micros) => words.minute(Timestamp::from_micros(micros)),
            None => number.to_string(),
        },
        Value::Array(parts) => parts.iter().map(|part| shown(words, part)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::search::Told;
    use serde_json::json;

    fn entry(before: Option<Value>, after: Option<Value>) -> Entry {
        Entry {
            id: EventId::fresh(),
            at: Timestamp::from_seconds(0),
            kind: "group.changed".into(),
            actor_kind: "system".into(),
            actor_id: None,
            subject_kind: "group".into(),
            subject_id: None,
            request_id: None,
            position: None,
            told: Some(Told { actor: "apply".into(), address: None, user_agent: None, before, after }),
        }
    }

    #[test]
    fn what_changed_comes_first_and_is_marked() {
        let words = Words::of(&crate::base::text::Locale::english());
        let before = json!([{ "key": "emea", "name": "EMEA", "description": null, "at": 1_800_000_000_000_000_i64 }, { "roles": ["a", "b"] }]);
        let after = json!([{ "key": "emea", "name": "DACH", "description": "", "at": 1_800_000_000_000_000_i64 }, { "roles": ["a"] }]);
        let fields = fields(words, &entry(Some(before), Some(after)));
        let told: Vec<_> = fields.iter().map(|f| (f.name.as_str(), f.before.as_deref(), f.after.as_deref(), f.changed)).collect();
        let when = Some("15 Jan 2027, 08:00 UTC");
        assert_eq!(
            told,
            [
                ("1.name", Some("EMEA"), Some("DACH"), true),
                ("2.roles", Some("a, b"), Some("a"), true),
                ("1.at", when, when, false),
                ("1.key", Some("emea"), Some("emea"), false),
            ]
        );
    }

    #[test]
    fn one_row_alone_changes_nothing_and_a_huge_one_is_cut() {
        let words = Words::of(&crate::base::text::Locale::english());
        assert!(fields(words, &entry(None, Some(json!({ "a": 1 })))).iter().all(|field| !field.changed));
        let huge: serde_json::Map<String, Value> = (0..10_000).map(|n| (format!("f{n}"), json!("x".repeat(10)))).collect();
        let found = fields(words, &entry(None, Some(Value::Object(huge))));
        assert_eq!(found.len(), MOST + 1);
        let long = fields(words, &entry(Some(json!("x".repeat(10_000))), None));
        assert_eq!(long[0].before.as_ref().map(String::len), Some(LONGEST));
    }
}
