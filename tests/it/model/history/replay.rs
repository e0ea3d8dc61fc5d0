//! What the trail says that there is: its events, one after another.

use super::giving;
use super::things::{Fields, Things, tidy};
use gatehouse::base::time::Timestamp;
use gatehouse::identity::organization::brand::Brand;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The kinds whose subject is the thing itself, and whose `after` is the whole of it; without `after` it went. Its noun is what stands before
/// the point. Roles, what deployments own, grants, memberships, invitations and secrets have other shapes. Every other kind tells of something
/// that is no part of the model (sessions, keys, letters, files), or tells once more, as a whole, what other events of the same work tell one
/// by one (`deployment.promoted`, `setup.claimed`): they are not needed here.
const WHOLE: &[&str] = &[
    "organization.changed",
    "brand.changed",
    "stage.changed",
    "stage.deleted",
    "app.changed",
    "app.deleted",
    "deployment.changed",
    "deployment.removed",
    "organization_permission.changed",
    "organization_permission.removed",
    "organization_role.removed",
    "end_user_role.removed",
    "client.changed",
    "client.suspended",
    "client.resumed",
    "client.removed",
    "group.changed",
    "group.deleted",
    "user.created",
    "user.changed",
    "user.email_proved",
    "user.deactivated",
    "user.activated",
    "user.deleted",
];

/// The nouns of these.
const NOUNS: &[&str] =
    &["organization", "brand", "stage", "app", "deployment", "organization_permission", "organization_role", "end_user_role", "client", "group", "user"];

/// An event as it is kept.
pub struct Event {
    pub kind: String,
    pub at: Timestamp,
    pub subject_kind: String,
    pub subject: String,
    pub before: Value,
    pub after: Value,
    /// Whether its details are there.
    pub whole: bool,
}

impl Event {
    /// The row of an event.
    pub fn read(kind: String, at: Timestamp, subject_kind: String, subject: Option<String>, payload: Option<&str>) -> Self {
        let details: Value = payload.map(|text| serde_json::from_str(text).expect("JSON")).unwrap_or_default();
        let (before, after) = (details["before"].clone(), details["after"].clone());
        Self { kind, at, subject_kind, subject: subject.unwrap_or_default(), before, after, whole: payload.is_some() }
    }

    /// What is there after it, or was before it when nothing is.
    fn row(&self) -> &Value {
        if self.after.is_null() { &self.before } else { &self.after }
    }
}

/// The trail, read so far.
pub struct Replay {
    told: Things,
    problems: Vec<String>,
    /// The ids of the built-in organization roles, with their keys.
    built_in: BTreeMap<String, String>,
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Whether a field has this id.
fn names(fields: &Fields, field: &str, id: &str) -> bool {
    fields.get(field).and_then(Value::as_str) == Some(id)
}

impl Replay {
    /// Nothing was told yet. The look is there from the first migration on.
    pub fn new(built_in: BTreeMap<String, String>) -> Self {
        let mut told = Things::default();
        told.put("brand", "1", &Brand::default());
        Self { told, problems: Vec::new(), built_in }
    }

    /// What there is in the end, and what did not fit on the way.
    pub fn end(self) -> (Things, Vec<String>) {
        (self.told, self.problems)
    }

    /// The next event.
    pub fn take(&mut self, event: &Event) {
        if !event.whole {
            // Nobody erases in this story (`Monkey::fill`): what is erased cannot be compared.
            self.problems.push(format!("{} of {} has no details", event.kind, event.subject));
            return;
        }
        match event.kind.as_str() {
            "grant.granted" | "grant.changed" | "grant.revoked" | "membership.added" | "membership.changed" | "membership.removed" => self.held(event),
            "organization_role.changed" => self.role("organization_role", event),
            "end_user_role.changed" => self.role("end_user_role", event),
            "app_permissions.changed" => self.owned(event),
            "client.secret_added" => self.secret(event),
            "invitation.sent" | "invitation.resent" => self.offered(event),
            "invitation.accepted" => self.closed(event, &event.after, "accepted"),
            "invitation.declined" => self.closed(event, &event.before, "declined"),
            "invitation.revoked" => self.closed(event, &event.before, "revoked"),
            "invitation.offer_fell_away" => {
                let offer = if event.before["offer"].is_null() { &event.before } else { &event.before["offer"] };
                self.met("offer", text(&offer["id"]), offer, event);
                self.told.remove("offer", text(&offer["id"]));
            }
            kind if WHOLE.contains(&kind) => self.whole(event),
            _ => {}
        }
    }

    /// An event found this before it: the same must have been told.
    fn met(&mut self, noun: &'static str, id: &str, before: &Value, event: &Event) {
        if before.is_null() {
            return;
        }
        let Some(has) = self.told.get(noun, id) else {
            self.problems.push(format!("{} is about {noun} {id}, of which no event says that it came", event.kind));
            return;
        };
        // Each knows fields that the other does not tell: what an event says beside the row, and what only a longer one says.
        let before = tidy(noun, before);
        for (field, value) in &before {
            if let Some(had) = has.get(field).filter(|had| *had != value) {
                self.problems.push(format!("{} of {noun} {id} found {field} {value} before it, and the trail said {had}", event.kind));
            }
        }
    }

    fn whole(&mut self, event: &Event) {
        let about = event.kind.split('.').next().unwrap_or_default();
        let noun = *NOUNS.iter().find(|noun| **noun == about).expect("the noun of a kind");
        let id = event.subject.as_str();
        self.met(noun, id, &event.before, event);
        if !event.after.is_null() {
            self.told.put(noun, id, &event.after);
            return;
        }
        self.told.remove(noun, id);
        // What the row takes along by itself: its event tells of these, or they are no more than a part of it.
        match noun {
            "deployment" => {
                self.told.remove_where("app_permission", |fields| names(fields, "deployment_id", id));
                self.told.remove("listed_roles", id);
            }
            "client" => self.told.remove("client_secrets", id),
            // Those that are open end with events of their own.
            "user" => self.told.remove_where("invitation", |fields| names(fields, "user_id", id) && fields.contains_key("ended")),
            _ => {}
        }
    }

    /// Grants and memberships. Their holder is the subject.
    fn held(&mut self, event: &Event) {
        let noun = match event.kind.as_str() {
            kind if kind.starts_with("membership.") => "membership",
            // Only organization roles are granted at an app, or at none.
            _ if event.row().get("app_id").is_some() => "organization_grant",
            _ => "end_user_grant",
        };
        let whole = |row: &Value| {
            let mut row = row.clone();
            if row.is_object() {
                row["holder"] = json!(format!("{}:{}", event.subject_kind, event.subject));
            }
            row
        };
        let id = text(&event.row()["id"]);
        self.met(noun, id, &whole(&event.before), event);
        if event.after.is_null() {
            self.told.remove(noun, id);
            return;
        }
        if event.before.is_null() {
            // Asked before it is put: nobody gives out of what they are being given.
            self.problems.extend(giving::objection(&self.told, &self.built_in, noun, event));
        }
        self.told.put(noun, id, &whole(&event.after));
    }

    /// Roles. What a form makes of one is told as a whole; what a file adds, or a new end-user role begins with, beside the row.
    fn role(&mut self, noun: &'static str, event: &Event) {
        let id = event.subject.as_str();
        self.met(noun, id, &event.before, event);
        let mut row = event.after.clone();
        if let Some([role, added]) = event.after.as_array().map(Vec::as_slice) {
            row = role.clone();
            let had = self.told.get(noun, id).and_then(|fields| fields.get("permissions")?.as_array());
            row["permissions"] = had.into_iter().flatten().chain(added.as_array().into_iter().flatten()).cloned().collect();
        } else if let Some(entries) = event.after["entries"].as_array() {
            row["permissions"] = entries.iter().map(|entry| entry["permission"].clone()).collect();
        }
        self.told.put(noun, id, &row);
    }

    /// What a deployment owns: its permissions as rows, or the shared roles that it lists as texts. An event tells one or the other, whole.
    fn owned(&mut self, event: &Event) {
        let id = event.subject.as_str();
        let is_claims = |list: &Value| list.as_array().is_some_and(|list| list.iter().any(Value::is_string));
        let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
        if is_claims(&event.before) || is_claims(&event.after) {
            let claims: Vec<Value> = if event.after.is_null() {
                // A role that is shared no more, or is gone, tells each app that listed it: only this one is taken out.
                let had = self.told.get("listed_roles", id).map(|fields| list(&fields["claims"])).unwrap_or_default();
                let goes = list(&event.before);
                had.into_iter().filter(|claim| !goes.contains(claim)).collect()
            } else {
                self.met("listed_roles", id, &claimed(&list(&event.before)), event);
                list(&event.after)
            };
            if claims.is_empty() {
                self.told.remove("listed_roles", id);
            } else {
                self.told.put("listed_roles", id, &json!({ "claims": claims }));
            }
            return;
        }
        for permission in list(&event.before) {
            self.met("app_permission", text(&permission["id"]), &permission, event);
        }
        self.told.remove_where("app_permission", |fields| names(fields, "deployment_id", id));
        for mut permission in list(&event.after) {
            permission["deployment_id"] = json!(id);
            let name = text(&permission["id"]).to_owned();
            self.told.put("app_permission", &name, &permission);
        }
    }

    /// A secret: events tell that it came, and nothing of it. One that ended keeps its row.
    fn secret(&mut self, event: &Event) {
        let id = event.subject.as_str();
        let had = self.told.get("client_secrets", id).and_then(|fields| fields["count"].as_i64()).unwrap_or(0);
        self.told.put("client_secrets", id, &json!({ "count": had + 1 }));
    }

    /// An invitation as it was sent, with everything that it offers then.
    fn offered(&mut self, event: &Event) {
        let id = event.subject.as_str();
        self.told.put("invitation", id, &event.after["invitation"]);
        self.told.remove_where("offer", |fields| names(fields, "invitation_id", id));
        for offer in event.after["offers"].as_array().into_iter().flatten() {
            self.told.put("offer", text(&offer["id"]), offer);
        }
    }

    /// An invitation that ended; its event has the row as it was before that.
    fn closed(&mut self, event: &Event, details: &Value, outcome: &str) {
        let id = event.subject.as_str();
        self.met("invitation", id, &details["invitation"], event);
        let mut row = self.told.get("invitation", id).cloned().unwrap_or_default();
        end(&mut row, outcome);
        self.told.put("invitation", id, &row);
        self.told.remove_where("offer", |fields| names(fields, "invitation_id", id));
    }
}

/// The row of an invitation that ended: when, and with which version, no event tells.
pub fn end(row: &mut Fields, outcome: &str) {
    row.retain(|field, _| !["closed_at", "version"].contains(&field.as_str()));
    row.insert("outcome".to_owned(), json!(outcome));
    row.insert("ended".to_owned(), json!(true));
}

/// What a deployment lists, as a thing; nothing at all when it lists nothing.
fn claimed(claims: &[Value]) -> Value {
    if claims.is_empty() { Value::Null } else { json!({ "claims": claims }) }
}
