//! The access model once more, slow and literal, to compare with: sets of facts that grow until nothing is added.

use super::world::World;
use super::{Holdings, Place};
use crate::access::app::SignIn;
use crate::access::catalogue::{Counts, RoleEntryRow, Rows};
use crate::access::permission::{ImpliedAt, PlatformPermission, built_in};
use crate::access::stage::Purpose;
use crate::base::id::{AppPermissionId, EndUserRoleId, OrganizationRoleId, StageId};
use crate::base::text::PermissionKey;
use crate::base::time::{Period, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    pub permissions: BTreeSet<String>,
    pub roles: BTreeSet<String>,
    pub org_roles: BTreeSet<String>,
    pub groups: BTreeSet<String>,
    pub may_sign_in: bool,
}

/// Where a fact holds: at a stage that there is, or at every stage that may ever be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Where {
    Always,
    At(StageId),
}

fn in_force(period: Period, now: Timestamp) -> bool {
    period.starts_at.is_none_or(|start| start <= now) && period.ends_at.is_none_or(|end| end > now)
}

pub fn declared<'a>(rows: &'a Rows, key: &PermissionKey) -> Option<&'a PlatformPermission> {
    built_in().permissions.iter().chain(&rows.own_permissions).find(|permission| permission.key == *key)
}

/// The entries of a role, wherever they come from; `None` for the marker `all`.
pub fn entries(rows: &Rows, role: OrganizationRoleId) -> Option<Vec<(PermissionKey, Counts)>> {
    let row = rows.organization_roles.iter().find(|row| row.id == role)?;
    if !row.built_in {
        let own = rows.organization_role_entries.iter().filter(|entry| entry.role == role);
        return Some(own.map(|RoleEntryRow { permission, counts, .. }| (permission.clone(), *counts)).collect());
    }
    let role = built_in().roles.iter().find(|r| r.key == row.key)?;
    if role.all {
        return None;
    }
    let mut entries: Vec<(PermissionKey, Counts)> = role.everywhere.iter().map(|key| (key.clone(), Counts::EveryStage)).collect();
    for (keys, purpose) in [(&role.development, Purpose::Development), (&role.non_production, Purpose::NonProduction), (&role.production, Purpose::Production)]
    {
        entries.extend(keys.iter().map(|key| (key.clone(), Counts::Purpose(purpose))));
    }
    Some(entries)
}

/// What one entry gives, and in how many implications.
pub fn facts(rows: &Rows, key: &PermissionKey, counts: Counts, at_app: bool) -> BTreeMap<(PermissionKey, Where), usize> {
    let stages: Vec<(StageId, Purpose)> = rows.stages.iter().map(|stage| (stage.id, stage.purpose)).collect();
    let everywhere = || stages.iter().map(|(id, _)| Where::At(*id)).chain([Where::Always]).collect::<Vec<_>>();
    let effective = |key: &PermissionKey| declared(rows, key).is_some_and(|permission| !at_app || permission.reaches_app());
    let start = match counts {
        Counts::EveryStage => everywhere(),
        Counts::Purpose(purpose) => stages.iter().filter(|(_, p)| *p == purpose).map(|(id, _)| Where::At(*id)).collect(),
        Counts::Stage(stage) => stages.iter().filter(|(id, _)| *id == stage).map(|(id, _)| Where::At(*id)).collect(),
    };
    let mut facts: BTreeMap<(PermissionKey, Where), usize> = BTreeMap::new();
    if effective(key) {
        facts.extend(start.into_iter().map(|place| ((key.clone(), place), 0)));
    }
    for length in 1.. {
        let mut more = facts.clone();
        for (key, place) in facts.keys() {
            for implied in &declared(rows, key).unwrap().implies {
                let places = match (implied.at, place) {
                    (ImpliedAt::EveryStage, _) | (ImpliedAt::SameStage, Where::Always) => everywhere(),
                    (ImpliedAt::SameStage, place) => vec![*place],
                    (ImpliedAt::Purpose(purpose), Where::At(stage)) if stages.contains(&(*stage, purpose)) => vec![*place],
                    (ImpliedAt::Purpose(_), _) => Vec::new(),
                };
                for place in places.into_iter().filter(|_| effective(&implied.permission)) {
                    more.entry((implied.permission.clone(), place)).or_insert(length);
                }
            }
        }
        if more.len() == facts.len() {
            break;
        }
        facts = more;
    }
    facts
}

fn verbs_of(rows: &Rows, role: EndUserRoleId) -> BTreeSet<AppPermissionId> {
    let home = |permission: AppPermissionId| rows.app_permissions.iter().find(|row| row.id == permission).map(|row| row.deployment);
    let deployment = rows.end_user_roles.iter().find(|row| row.id == role).map(|row| row.deployment);
    let mut held: BTreeSet<AppPermissionId> = rows
        .end_user_role_permissions
        .iter()
        .filter(|(r, permission)| *r == role && home(*permission) == deployment)
        .map(|(_, permission)| *permission)
        .collect();
    loop {
        let more: BTreeSet<AppPermissionId> =
            rows.app_implications.iter().filter(|(from, to)| held.contains(from) && home(*to) == deployment).map(|(_, to)| *to).collect();
        if more.is_subset(&held) {
            return held;
        }
        held.extend(more);
    }
}

pub fn answer(World { rows, holdings }: &World, place: Place, now: Timestamp) -> Answer {
    let mut answer = Answer::default();
    if !holdings.counts {
        return answer;
    }
    let here = match place {
        Place::Organization => None,
        Place::Deployment(id) => rows.deployments.iter().find(|row| row.id == id),
    };
    answer.may_sign_in = here.is_none_or(|here| here.sign_in == SignIn::Everyone);
    let spot = here.map_or(Where::Always, |here| Where::At(here.stage));
    for grant in holdings.organization_grants.iter().filter(|grant| in_force(grant.period, now)) {
        if grant.app.is_some() && grant.app != here.map(|here| here.app) {
            continue;
        }
        let given: BTreeSet<String> = match entries(rows, grant.role) {
            Some(entries) => entries
                .iter()
                .flat_map(|(key, counts)| facts(rows, key, *counts, grant.app.is_some()))
                .filter(|((_, place), _)| *place == spot)
                .map(|((key, _), _)| key.to_string())
                .collect(),
            None => built_in()
                .permissions
                .iter()
                .chain(&rows.own_permissions)
                .filter(|permission| grant.app.is_none() || permission.reaches_app())
                .map(|permission| permission.key.to_string())
                .collect(),
        };
        if !given.is_empty() {
            answer.org_roles.extend(rows.organization_roles.iter().find(|row| row.id == grant.role).map(|row| row.key.to_string()));
        }
        answer.permissions.extend(given);
    }
    let Some(here) = here else { return answer };
    let Holdings { end_user_grants, memberships, .. } = holdings;
    let mine: Vec<_> = memberships.iter().filter(|membership| membership.stage == here.stage && in_force(membership.period, now)).collect();
    answer.groups = mine.iter().map(|membership| membership.group_key.to_string()).collect();
    for grant in end_user_grants.iter().filter(|grant| in_force(grant.period, now)) {
        if grant.group.is_some_and(|group| !mine.iter().any(|membership| membership.group == group)) {
            continue;
        }
        let role = rows.end_user_roles.iter().find(|row| row.id == grant.role).unwrap();
        let home = rows.deployments.iter().find(|row| row.id == role.deployment).unwrap();
        if home.id == here.id {
            answer.roles.insert(role.key.to_string());
            let held = verbs_of(rows, role.id);
            answer.permissions.extend(rows.app_permissions.iter().filter(|row| held.contains(&row.id)).map(|row| row.verb.to_string()));
        } else if role.shared && home.stage == here.stage && rows.listed_roles.contains(&(here.id, role.id)) {
            let app = rows.apps.iter().find(|app| app.id == home.app).unwrap();
            answer.roles.insert(format!("{}:{}", app.key, role.key));
        }
    }
    answer.may_sign_in |= !answer.roles.is_empty();
    answer
}
