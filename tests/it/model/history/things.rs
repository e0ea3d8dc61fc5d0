//! What there is, or what the trail says that there is.

use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Fields that change without an event of their own, or of which events cannot know the value.
const UNTOLD: &[(&str, &[&str])] = &[
    // The counter of caches rises with everything that concerns somebody, and each sign-in leaves its time: neither is a change of the user.
    ("user", &["access_version", "last_login_at"]),
    // The counter again; and a secret that comes or goes, told by an event of its own, raises the version without telling the row.
    ("client", &["access_version", "version"]),
];

/// Lists that are sets.
const SETS: &[&str] = &["entries", "permissions", "claims"];

/// The fields of a thing.
pub type Fields = Map<String, Value>;

/// Each thing by its noun and id, with those of its fields that are compared.
#[derive(Default)]
pub struct Things(BTreeMap<(&'static str, String), Fields>);

impl Things {
    /// There is this, and no longer what it was before.
    pub fn put(&mut self, noun: &'static str, id: &str, row: &impl Serialize) {
        let row = serde_json::to_value(row).expect("JSON");
        self.0.insert((noun, id.to_owned()), tidy(noun, &row));
    }

    /// This is gone.
    pub fn remove(&mut self, noun: &'static str, id: &str) {
        self.0.remove(&(noun, id.to_owned()));
    }

    /// Everything of a noun for which this holds is gone.
    pub fn remove_where(&mut self, noun: &'static str, gone: impl Fn(&Fields) -> bool) {
        self.0.retain(|(other, _), fields| *other != noun || !gone(fields));
    }

    /// The fields of a thing.
    pub fn get(&self, noun: &'static str, id: &str) -> Option<&Fields> {
        self.0.get(&(noun, id.to_owned()))
    }

    /// Every thing of a noun.
    pub fn of(&self, noun: &'static str) -> impl Iterator<Item = (&str, &Fields)> {
        self.0.iter().filter(move |((other, _), _)| *other == noun).map(|((_, id), fields)| (id.as_str(), fields))
    }
}

/// The fields that are compared, each list that is a set in one order.
pub fn tidy(noun: &str, row: &Value) -> Fields {
    let untold = UNTOLD.iter().find(|(other, _)| *other == noun).map_or(&[] as &[&str], |(_, fields)| *fields);
    let mut fields: Fields = row.as_object().cloned().unwrap_or_default();
    fields.retain(|name, _| !untold.contains(&name.as_str()));
    for name in SETS {
        if let Some(list) = fields.get_mut(*name).and_then(Value::as_array_mut) {
            list.sort_by_key(Value::to_string);
            list.dedup();
        }
    }
    fields
}

/// Where the trail and the rows differ. Whatever is told of a thing must be so; what no event tells of it is not compared.
pub fn differences(told: &Things, there: &Things) -> Vec<String> {
    let mut found = Vec::new();
    for ((noun, id), row) in &there.0 {
        let Some(said) = told.get(noun, id) else {
            found.push(format!("{noun} {id} is there, and no event says that it came: {row:?}"));
            continue;
        };
        for (field, value) in said.iter().filter(|(field, value)| row.get(*field) != Some(*value)) {
            let is = row.get(field).unwrap_or(&Value::Null);
            found.push(format!("{noun} {id}: its {field} is {is}, and the trail says {value}"));
        }
    }
    let gone = told.0.iter().filter(|((noun, id), _)| there.get(noun, id).is_none());
    found.extend(gone.map(|((noun, id), said)| format!("{noun} {id} is not there, and no event says that it went: {said:?}")));
    found
}
