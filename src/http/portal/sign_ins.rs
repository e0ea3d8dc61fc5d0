//! Where somebody signed in, or tried to, as the audit trail tells it.

use crate::access::load::Snapshot;
use crate::audit::Recent;
use crate::login::session;
use crate::words::Words;

/// An app at a stage, a stage, our own pages, or a tool for many apps; empty where the trail does not say. What is gone since is called by
/// its key.
pub(super) fn place(words: Words, snapshot: &Snapshot, entry: &Recent) -> String {
    let told = |name: &str| entry.after.get(name).and_then(serde_json::Value::as_str);
    let app = told("app").map(|key| snapshot.apps.values().find(|app| app.key.as_str() == key).map_or(key, |app| app.name.as_str()));
    let context = told("context");
    let stage = told("stage").or_else(|| context?.strip_prefix("stage:"));
    let stage = stage.map(|key| snapshot.stages.iter().find(|stage| stage.key.as_str() == key).map_or(key, |stage| stage.name.as_str()));
    match (app, stage) {
        (Some(app), Some(stage)) => words.with("at-stage", &[("app", app), ("stage", stage)]),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if context == Some(session::PORTAL) => words.say("logout-own-pages"),
        (None, None) => told("client_id").unwrap_or_default().to_owned(),
    }
}
