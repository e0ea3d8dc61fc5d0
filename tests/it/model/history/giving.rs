//! Rule 3, as far as the trail alone can decide it: whoever gave something had it to give at that moment.
//!
//! It is a net with wide meshes, and what it catches is wrong for certain: a giver who did not hold `all` in force, or not for as long, gave
//! `all`; who held a permission of a role nowhere gave that role; or who held the managing permission nowhere gave anything. At which stages
//! something counts, and whether the giver counted, is left to the tests of the guard; so are periods that were made longer and roles that
//! were made larger, of which the trail does not keep who would have gained what. What gives nothing needs nobody who holds it: at an app, a
//! permission that has no effect there.

use super::replay::Event;
use super::things::Things;
use gatehouse::access::permission::{BuiltInRole, built_in};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What an organization role has in it.
struct Role {
    /// The marker `all`.
    all: bool,
    permissions: BTreeSet<String>,
}

/// What is wrong with what was given; `None`: nothing that can be told. `told` is what there was before.
pub fn objection(told: &Things, roles: &BTreeMap<String, String>, noun: &str, event: &Event) -> Option<String> {
    let given = &event.after;
    let by = match given["granted_by_kind"].as_str() {
        // The operator at the server may give anything.
        Some("system") => return None,
        Some("user") => given["granted_by_id"].as_str().unwrap_or_default(),
        other => return Some(format!("{noun} {} was given by {other:?}, who gives nothing in this story", given["id"])),
    };
    let wrong = |why: &str| Some(format!("rule 3: {noun} {} was given to {} by {by}, {why}", given["id"], event.subject));

    let (mut direct, mut everywhere, mut somewhere) = (BTreeSet::new(), Vec::new(), false);
    for (_, grant) in told.of("organization_grant").filter(|(_, grant)| grant["holder"] == format!("user:{by}")) {
        let (starts, ends) = (instant(&grant["period"]["starts_at"]), instant(&grant["period"]["ends_at"]));
        if starts.is_some_and(|start| start > event.at.micros()) || ends.is_some_and(|end| end <= event.at.micros()) {
            continue;
        }
        let Some(role) = grant["role_id"].as_str().and_then(|id| role(told, roles, id)) else { continue };
        somewhere |= role.all;
        if role.all && grant["app_id"].is_null() {
            everywhere.push(ends);
        }
        direct.extend(role.permissions);
    }
    let held = closed(told, direct);

    let manages = match (noun, event.subject_kind.as_str()) {
        ("organization_grant", "client") => "api_clients.manage",
        ("organization_grant", _) => "member_access.manage",
        ("end_user_grant", "user") => "end_user_access.manage",
        _ => "end_user_groups.manage",
    };
    if !somewhere && !held.contains(manages) {
        return wrong(&format!("who held {manages} nowhere"));
    }
    if noun != "organization_grant" {
        return None;
    }
    let Some(role) = given["role_id"].as_str().and_then(|id| role(told, roles, id)) else { return wrong("and there was no such role") };
    let until = instant(&given["period"]["ends_at"]);
    let at_app = !given["app_id"].is_null();
    // At an app the marker stands for what has effect there, which may be held in other ways.
    if role.all && !at_app && !everywhere.iter().any(|own| own.is_none_or(|own| until.is_some_and(|until| until <= own))) {
        return wrong("who did not hold everything for so long");
    }
    if somewhere {
        return None;
    }
    let gives = if role.all { every_permission(told) } else { role.permissions };
    let beyond = gives.iter().find(|key| has_effect(told, key, at_app) && !held.contains(*key))?;
    wrong(&format!("who held {beyond} nowhere"))
}

fn instant(value: &Value) -> Option<i64> {
    value.as_i64()
}

/// A role by its id: as the binary says, or as was told.
fn role(told: &Things, roles: &BTreeMap<String, String>, id: &str) -> Option<Role> {
    if let Some(role) = roles.get(id).and_then(|key| built_in().role(key)) {
        let BuiltInRole { all, everywhere, development, non_production, production, .. } = role;
        let permissions = [everywhere, development, non_production, production].into_iter().flatten().map(|key| key.as_str().to_owned());
        return Some(Role { all: *all, permissions: permissions.collect() });
    }
    let permissions = told.get("organization_role", id)?.get("permissions")?.as_array()?;
    Some(Role { all: false, permissions: permissions.iter().filter_map(Value::as_str).map(str::to_owned).collect() })
}

/// Whether a permission gives anything: it must be known, and in a grant at an app it must reach apps.
fn has_effect(told: &Things, key: &str, at_app: bool) -> bool {
    if let Some(permission) = built_in().permission(key) {
        return !at_app || permission.reaches_app();
    }
    let own = told.get("organization_permission", key);
    own.is_some_and(|own| !at_app || own["reaches"].as_array().is_some_and(|reaches| reaches.iter().any(|kind| kind == "app")))
}

/// Every permission that there is.
fn every_permission(told: &Things) -> BTreeSet<String> {
    let own = told.of("organization_permission").map(|(key, _)| key.to_owned());
    built_in().permissions.iter().map(|permission| permission.key.as_str().to_owned()).chain(own).collect()
}

/// These permissions with everything that they bring, wherever that counts.
fn closed(told: &Things, direct: BTreeSet<String>) -> BTreeSet<String> {
    let mut open: Vec<String> = direct.into_iter().collect();
    let mut held = BTreeSet::new();
    while let Some(key) = open.pop() {
        if let Some(permission) = built_in().permission(&key) {
            open.extend(permission.implies.iter().map(|implied| implied.permission.as_str().to_owned()).filter(|implied| !held.contains(implied)));
        }
        if let Some(implies) = told.get("organization_permission", &key).and_then(|own| own.get("implies")?.as_array()) {
            open.extend(implies.iter().filter_map(|implied| implied["permission"].as_str()).filter(|implied| !held.contains(*implied)).map(str::to_owned));
        }
        held.insert(key);
    }
    held
}
