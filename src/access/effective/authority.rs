//! The authority of an actor: every platform permission with where and until when, for the guards of rules.

use super::Holdings;
use crate::access::catalogue::{Catalogue, OrganizationRole};
use crate::base::authority::{Authority, Coverage, Stages};
use crate::base::id::{AppId, OrganizationRoleId};
use crate::base::text::PermissionKey;
use crate::base::time::Timestamp;
use fixedbitset::FixedBitSet;
use std::collections::BTreeMap;

/// What `holdings` allow on the platform at `now`.
///
/// The marker `all` granted at the organization is `Authority::all`. Granted at an app it is spelled out permission by
/// permission, because only some permissions have effect there, and it never makes a holder of `all`
/// (`Catalogue::gives_all` tells such a role apart).
pub fn authority(catalogue: &Catalogue, holdings: &Holdings, now: Timestamp) -> Authority {
    let mut authority = Authority::default();
    if !holdings.counts {
        return authority;
    }
    // Many grants of one role at one place are one grant, with the latest end.
    let mut held: BTreeMap<(OrganizationRoleId, Option<AppId>), Option<Timestamp>> = BTreeMap::new();
    for grant in holdings.organization_grants.iter().filter(|grant| grant.period.contains(now)) {
        let end = grant.period.ends_at;
        held.entry((grant.role, grant.app)).and_modify(|known| *known = later(*known, end)).or_insert(end);
    }
    for ((role, app), ends_at) in held {
        // A grant at an app that is gone reaches nothing.
        if app.is_some_and(|app| catalogue.app(app).is_none()) {
            continue;
        }
        let Some(role) = catalogue.compiled_role(role) else { continue };
        if role.all && app.is_none() {
            join(&mut authority.all, Coverage { app, stages: Stages::Every, ends_at });
        } else {
            for (permission, stages) in coverages(catalogue, role, app) {
                join(authority.permissions.entry(permission).or_default(), Coverage { app, stages, ends_at });
            }
        }
    }
    authority
}

/// Every permission that a role gives in a grant at `app` (`None`: at the organization), and the stages.
fn coverages(catalogue: &Catalogue, role: &OrganizationRole, app: Option<AppId>) -> Vec<(PermissionKey, Stages)> {
    let closure = if app.is_none() { &role.at_organization } else { &role.at_app };
    let Some((every, by_stage)) = closure.split_last() else { return Vec::new() };
    let mut anywhere: FixedBitSet = every.clone();
    for permissions in by_stage {
        anywhere.union_with(permissions);
    }
    let stages_of = |permission: usize| {
        if every.contains(permission) {
            Stages::Every
        } else {
            Stages::Only(catalogue.stages().iter().zip(by_stage).filter(|(_, held)| held.contains(permission)).map(|(stage, _)| stage.id).collect())
        }
    };
    anywhere.ones().map(|index| (catalogue.platform_permissions()[index].key.clone(), stages_of(index))).collect()
}

/// Adds a coverage; of two that differ only in their end, the later end is kept.
fn join(coverages: &mut Vec<Coverage>, new: Coverage) {
    match coverages.iter_mut().find(|known| known.app == new.app && known.stages == new.stages) {
        Some(known) => known.ends_at = later(known.ends_at, new.ends_at),
        None => coverages.push(new),
    }
}

/// The later of two ends; `None` is without end.
fn later(a: Option<Timestamp>, b: Option<Timestamp>) -> Option<Timestamp> {
    a.zip(b).map(|(a, b)| a.max(b))
}
