//! Who and what events are about: their names now or then, and their pages.

use super::{Party, words};
use crate::access::people::Sight;
use crate::access::stage::Stage;
use crate::audit::search::Entry;
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, GroupId, StageId, UserId};
use crate::base::reach::Reach;
use crate::db::Tx;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::identity::group;
use crate::identity::user::trail;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// What is there now of the people and groups that some events name. What the snapshot holds is asked there.
pub(super) struct Names {
    everybody: bool,
    users: HashMap<Uuid, String>,
    groups: HashMap<Uuid, (String, StageId)>,
}

impl Names {
    /// Reads the names: one query for the people and one for the groups.
    pub(super) async fn of(tx: &mut Tx, portal: &Portal, entries: &[Entry]) -> Result<Self, Fault> {
        let of = |kind: &'static str| {
            let about = entries.iter().filter(move |entry| entry.subject_kind == kind).filter_map(|entry| entry.subject_id.as_deref()?.parse::<Uuid>().ok());
            about.collect::<BTreeSet<Uuid>>()
        };
        let mut users = of("user");
        users.extend(entries.iter().filter(|entry| entry.actor_kind == "user").filter_map(|entry| entry.actor_id));
        let users = trail::labels(tx, users).await?;
        let groups = group::names(tx, of("group")).await?;
        let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
        Ok(Self {
            everybody: sight.everybody,
            users: users.into_iter().map(|(id, label)| (id.uuid(), label)).collect(),
            groups: groups.into_iter().map(|(id, name, stage)| (id.uuid(), (name.to_string(), stage))).collect(),
        })
    }

    /// Whoever did it.
    pub(super) fn actor(&self, portal: &Portal, entry: &Entry) -> Party {
        let words = portal.words;
        let told = entry.told.as_ref().map(|told| told.actor.clone());
        let person = entry.actor_id.filter(|_| entry.actor_kind == "user");
        Party {
            noun: match entry.actor_kind.as_str() {
                "system" => words.say("audit-operator"),
                "invitation" => words.say("audit-invitee"),
                "client" => words::noun(words, "client"),
                _ => String::new(),
            },
            link: person.filter(|id| self.everybody && self.users.contains_key(id)).map(|id| paths::user(UserId::from_uuid(id))),
            // A person whose details were erased here may still have a name; the trail says what it knows.
            erased: told.is_none() && entry.actor_kind != "anonymous",
            name: if entry.actor_kind == "anonymous" { words.say("audit-nobody") } else { told.unwrap_or_default() },
        }
    }

    /// Whom or what it is about.
    pub(super) fn subject(&self, portal: &Portal, entry: &Entry) -> Party {
        let noun = words::noun(portal.words, &entry.subject_kind);
        let now = entry.subject_id.as_deref().and_then(|id| self.now(portal, &entry.subject_kind, id));
        let (name, link) = now.unwrap_or_else(|| (then(entry).unwrap_or_default(), None));
        let name = if name.is_empty() { entry.subject_id.clone().unwrap_or_else(|| portal.words.say("audit-unknown-subject")) } else { name };
        Party { noun, name, link, erased: false }
    }

    /// The name of something that is there, with its page if the reader may see that.
    fn now(&self, portal: &Portal, kind: &str, id: &str) -> Option<(String, Option<String>)> {
        let id: Uuid = id.parse().ok()?;
        let person = &portal.person;
        let snapshot = &person.snapshot;
        let sees = |app: AppId, stage: StageId| person.may("app.view", Reach::AppAtStage(app, stage));
        match kind {
            "user" => Some((self.users.get(&id)?.clone(), self.everybody.then(|| paths::user(UserId::from_uuid(id))))),
            "group" => {
                let (name, stage) = self.groups.get(&id)?;
                let may = ["end_users.view", "end_user_groups.manage"].iter().any(|permission| person.may(permission, Reach::Stage(*stage)));
                Some((name.clone(), may.then(|| paths::group(GroupId::from_uuid(id)))))
            }
            "app" => {
                let app = snapshot.apps.get(&AppId::from_uuid(id))?;
                Some((app.name.to_string(), person.may("app.view", Reach::App(app.id)).then(|| paths::app(app))))
            }
            "deployment" => {
                let (_, app, stage) = snapshot.placed(DeploymentId::from_uuid(id))?;
                let name = portal.words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage.name.as_str())]);
                Some((name, sees(app.id, stage.id).then(|| paths::app_stage(app, stage))))
            }
            "stage" => {
                let stage: &Stage = snapshot.stages.iter().find(|stage| stage.id.uuid() == id)?;
                Some((stage.name.to_string(), person.may("stage.view", Reach::Stage(stage.id)).then(|| paths::stage(stage.id))))
            }
            _ => None,
        }
    }
}

/// The name that the event itself tells: of something that is gone, or has no page.
fn then(entry: &Entry) -> Option<String> {
    let told = entry.told.as_ref()?;
    let rows = told.after.iter().chain(&told.before);
    rows.map(|row| if let Value::Array(parts) = row { parts.first().unwrap_or(row) } else { row })
        .find_map(|row| ["name", "email", "client_id", "key", "to"].iter().find_map(|field| row.get(field)?.as_str()))
        .map(str::to_owned)
}
