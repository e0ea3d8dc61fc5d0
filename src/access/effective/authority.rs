//! The authority of an actor: every platform permission with where and until when, for the guards of rules.

use super::{Holdings, OrganizationGrantRow};
use crate::access::catalogue::graph::Closure;
use crate::access::catalogue::{Catalogue, OrganizationRole};
use crate::base::authority::{Authority, Coverage, Stages};
use crate::base::id::{AppId, StageId};
use crate::base::text::PermissionKey;
use crate::base::time::Timestamp;
use fixedbitset::FixedBitSet;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What `holdings` allow on the platform at `now`. A way that another one covers for as long or longer is left out.
///
/// The marker `all` granted at the organization is `Authority::all`. Granted at an app it is spelled out permission by
/// permission, because only some permissions have effect there, and it never makes a holder of `all`
/// (`Catalogue::gives_all` tells such a role apart).
pub fn authority(catalogue: &Catalogue, holdings: &Holdings, now: Timestamp) -> Authority {
    let mut authority = Authority::default();
    if !holdings.counts {
        return authority;
    }
    for grant in in_force(catalogue, holdings, now).filter(|grant| grant.app.is_none()) {
        if catalogue.compiled_role(grant.role).is_some_and(|role| role.all) {
            let longest = authority.all.iter().map(|way| End::of(way.ends_at)).fold(End::of(grant.period.ends_at), End::max);
            authority.all = vec![Coverage { app: None, stages: Stages::Every, ends_at: longest.instant() }];
        }
    }
    let stages: Vec<StageId> = catalogue.stages().iter().map(|stage| stage.id).collect();
    authority.permissions = ways(catalogue, holdings, now, &stages, gives);
    authority.foreseen = ways(catalogue, holdings, now, &catalogue.platform().foreseen, will_give);
    authority
}

/// What a role gives at the stages that there are.
fn gives(role: &OrganizationRole, at_app: bool) -> &Closure {
    if at_app { &role.at_app } else { &role.at_organization }
}

/// What it gives as if each purpose had one more stage.
fn will_give(role: &OrganizationRole, at_app: bool) -> &Closure {
    if at_app { &role.foreseen_at_app } else { &role.foreseen_at_organization }
}

/// The grants of organization roles that count. One at an app that is gone reaches nothing.
fn in_force<'a>(catalogue: &'a Catalogue, holdings: &'a Holdings, now: Timestamp) -> impl Iterator<Item = &'a OrganizationGrantRow> {
    let there = |app: Option<AppId>| app.is_none_or(|app| catalogue.app(app).is_some());
    holdings.organization_grants.iter().filter(move |grant| grant.period.contains(now) && there(grant.app))
}

/// The ways in which each permission is held, from what roles give at these stages and, behind them, at every stage. The marker `all` at the
/// organization is left out.
fn ways(
    catalogue: &Catalogue,
    holdings: &Holdings,
    now: Timestamp,
    spots: &[StageId],
    gives: fn(&OrganizationRole, bool) -> &Closure,
) -> BTreeMap<PermissionKey, Vec<Coverage>> {
    // What is held at one place until one moment is held together; first what is held longest, at the organization.
    let mut held: BTreeMap<(Reverse<End>, Option<AppId>), Closure> = BTreeMap::new();
    for grant in in_force(catalogue, holdings, now) {
        let Some(role) = catalogue.compiled_role(grant.role).filter(|role| !role.all || grant.app.is_some()) else { continue };
        let given = gives(role, grant.app.is_some());
        join(held.entry((Reverse(End::of(grant.period.ends_at)), grant.app)).or_insert_with(|| nothing(given.len())), given);
    }
    let mut ways: Vec<Vec<Coverage>> = vec![Vec::new(); catalogue.platform_permissions().len()];
    let mut known: BTreeMap<Option<AppId>, Closure> = BTreeMap::new();
    for ((Reverse(end), app), closure) in held {
        let wider: Vec<&Closure> = [None, app].iter().filter_map(|app| known.get(app)).collect();
        for permission in news(&closure, &wider).ones() {
            ways[permission].push(Coverage { app, stages: stages(spots, &closure, permission), ends_at: end.instant() });
        }
        join(known.entry(app).or_insert_with(|| nothing(closure.len())), &closure);
    }
    let named = catalogue.platform_permissions().iter().zip(ways).filter(|(_, ways)| !ways.is_empty());
    named.map(|(permission, ways)| (permission.key.clone(), ways)).collect()
}

/// When something ends, in the order of time: what has no end comes last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum End {
    At(Timestamp),
    Never,
}

impl End {
    fn of(ends_at: Option<Timestamp>) -> Self {
        ends_at.map_or(Self::Never, Self::At)
    }

    fn instant(self) -> Option<Timestamp> {
        match self {
            Self::At(instant) => Some(instant),
            Self::Never => None,
        }
    }
}

fn nothing(spots: usize) -> Closure {
    vec![FixedBitSet::new(); spots]
}

/// Adds what `more` gives, spot by spot.
fn join(closure: &mut Closure, more: &Closure) {
    for (held, more) in closure.iter_mut().zip(more) {
        held.union_with(more);
    }
}

/// The permissions that count at a spot where none of `known` gives them.
fn news(closure: &Closure, known: &[&Closure]) -> FixedBitSet {
    let mut news = FixedBitSet::new();
    for (spot, held) in closure.iter().enumerate() {
        let mut fresh = held.clone();
        for known in known {
            fresh.difference_with(&known[spot]);
        }
        news.union_with(&fresh);
    }
    news
}

/// Where a closure has a permission.
fn stages(spots: &[StageId], closure: &Closure, permission: usize) -> Stages {
    match closure.split_last() {
        Some((every, _)) if every.contains(permission) => Stages::Every,
        // One spot per stage, and the last one for every stage.
        _ => Stages::Only(spots.iter().zip(closure).filter(|(_, held)| held.contains(permission)).map(|(stage, _)| *stage).collect()),
    }
}
