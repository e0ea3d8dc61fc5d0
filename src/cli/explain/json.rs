//! The answer for programs.

use super::Found;
use crate::access::effective::{GrantRef, RoleRef};
use crate::access::explain::{Answer, Everything, Existence, Idle, Link, Standing, Subject, Thing, Way, What, removal};
use crate::access::load::Who;
use crate::access::people::Terms;
use crate::access::permission::ImpliedAt;
use crate::base::text::PermissionKey;
use crate::base::time::Timestamp;
use serde_json::{Value, json};
use std::collections::HashMap;

fn head(found: &Found, subject: &Subject) -> Value {
    let (kind, id) = match found.subject.who {
        Who::User(id) => ("user", id.to_string()),
        Who::Client(id) => ("client", id.to_string()),
    };
    let standing = match subject.standing {
        Standing::Counts => "counts",
        Standing::Invited => "invited",
        Standing::Registering => "pending_registration",
        Standing::Inactive => "inactive",
        Standing::NotProved => "address_not_proved",
        Standing::Suspended => "suspended",
    };
    json!({
        "subject": { "kind": kind, "id": id, "label": found.subject.label, "standing": standing },
        "place": found.place_label,
        "may_sign_in": subject.effective.may_sign_in(),
        "valid_until": subject.effective.valid_until().map(Timestamp::rfc3339),
    })
}

fn with(mut head: Value, more: Value) -> String {
    if let (Value::Object(head), Value::Object(more)) = (&mut head, more) {
        head.extend(more);
    }
    format!("{head:#}")
}

pub(super) fn everything(found: &Found, subject: &Subject, everything: &Everything) -> String {
    let things =
        |things: &[Thing]| things.iter().map(|thing| json!({ "key": thing.what.key(), "name": thing.name, "ways": ways(&thing.ways) })).collect::<Value>();
    let more = json!({
        "roles": things(&everything.roles),
        "organization_roles": things(&everything.organization_roles),
        "permissions": things(&everything.permissions),
        "not_counting": ways(&everything.idle),
    });
    with(head(found, subject), more)
}

pub(super) fn answer(found: &Found, subject: &Subject, what: &What, answer: &Answer, names: &HashMap<RoleRef, String>) -> String {
    let asked = match what {
        What::Permission(key) => json!({ "permission": key }),
        What::Role(key) => json!({ "role": key }),
        What::OrganizationRole(key) => json!({ "organization_role": key }),
    };
    let more = match answer {
        Answer::Held(held) => {
            let links: Value = removal(held).into_iter().map(|way| link(way.link())).collect();
            json!({ "asked": asked, "held": true, "ways": ways(held), "remove_all_of": links })
        }
        Answer::Missing(missing) => {
            let roles: Value = missing
                .roles
                .iter()
                .filter_map(|giver| {
                    let kind = if matches!(giver.role, RoleRef::EndUser(_)) { "end_user" } else { "organization" };
                    Some(json!({ "kind": kind, "key": giver.key, "name": names.get(&giver.role)?, "also_at_this_app": giver.at_app }))
                })
                .collect();
            json!({ "asked": asked, "held": false, "retired": missing.exists == Existence::Retired, "not_counting": ways(&missing.idle), "roles_that_would_give_it": roles })
        }
    };
    with(head(found, subject), more)
}

fn link(link: Link) -> Value {
    match link {
        Link::Organization(id) => json!({ "organization_grant": id }),
        Link::EndUser(id) => json!({ "end_user_grant": id }),
        Link::Membership(id) => json!({ "membership": id }),
    }
}

fn ways(ways: &[Way]) -> Value {
    ways.iter().map(way).collect()
}

fn terms(terms: Option<&Terms>) -> Value {
    terms.map_or(Value::Null, |terms| {
        json!({
            "by": terms.granted_by_label,
            "at": terms.granted_at.rfc3339(),
            "reason": terms.reason,
            "starts_at": terms.period().starts_at.map(Timestamp::rfc3339),
            "ends_at": terms.period().ends_at.map(Timestamp::rfc3339),
        })
    })
}

fn way(way: &Way) -> Value {
    let path = &way.path;
    let (kind, grant) = match path.grant {
        GrantRef::Organization(id) => ("organization", id.to_string()),
        GrantRef::EndUser(id) => ("end_user", id.to_string()),
    };
    let group = way.group.as_ref().map(|group| {
        let membership = path.membership.as_ref().map(|membership| membership.id);
        json!({ "id": group.id, "name": group.name, "membership": membership, "source": group.source, "given": terms(group.terms.as_ref()) })
    });
    let chain: Value = path.chain.iter().map(|step| json!({ "permission": step.permission, "implied_at": step.implied.map(ImpliedAt::as_str) })).collect();
    let mut value = json!({
        "kind": kind,
        "grant": grant,
        "role": { "key": path.role_key, "name": way.role },
        "app": way.app,
        "group": group,
        "given": terms(way.terms.as_ref()),
        "chain": chain,
        "starts_at": path.period.starts_at.map(Timestamp::rfc3339),
        "ends_at": path.period.ends_at.map(Timestamp::rfc3339),
    });
    if let (Some(idle), Value::Object(value)) = (&way.idle, &mut value) {
        value.insert("not_counting_because".to_owned(), because(idle));
    }
    value
}

fn because(idle: &Idle) -> Value {
    match idle {
        Idle::Standing => json!("standing"),
        Idle::NotStarted(_) => json!("not_started"),
        Idle::Ended(_) => json!("ended"),
        Idle::NotMemberYet(_) => json!("membership_not_started"),
        Idle::MemberNoMore(_) => json!("membership_ended"),
        Idle::OtherStages(stages) => json!({ "limited_to_stages": stages }),
        Idle::OtherApp(app) => json!({ "granted_at_app": app }),
        Idle::NotAtApps => json!("no_effect_at_an_app"),
        Idle::Retired(keys) => json!({ "retired": keys.iter().map(PermissionKey::as_str).collect::<Vec<_>>() }),
    }
}
