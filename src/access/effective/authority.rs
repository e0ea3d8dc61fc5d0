//! The authority of an actor: every platform permission with where and until when, for the guards of rules.

use super::Holdings;
use crate::access::catalogue::Catalogue;
use crate::access::catalogue::graph::Closure;
use crate::base::authority::{Authority, Coverage, Stages};
use crate::base::id::AppId;
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
    // What is held at one place until one moment is held together; first what is held longest, at the organization.
    let mut held: BTreeMap<(Reverse<End>, Option<AppId>), Closure> = BTreeMap::new();
    for grant in holdings.organization_grants.iter().filter(|grant| grant.period.contains(now)) {
        // A grant at an app that is gone reaches nothing.
        let gone = grant.app.is_some_and(|app| catalogue.app(app).is_none());
        let Some(role) = catalogue.compiled_role(grant.role).filter(|_| !gone) else { continue };
        let end = End::of(grant.period.ends_at);
        if role.all && grant.app.is_none() {
            let longest = authority.all.iter().map(|way| End::of(way.ends_at)).fold(end, End::max);
            authority.all = vec![Coverage { app: None, stages: Stages::Every, ends_at: longest.instant() }];
        } else {
            let gives = if grant.app.is_none() { &role.at_organization } else { &role.at_app };
            join(held.entry((Reverse(end), grant.app)).or_insert_with(|| nothing(gives.len())), gives);
        }
    }
    let mut ways: Vec<Vec<Coverage>> = vec![Vec::new(); catalogue.platform_permissions().len()];
    let mut known: BTreeMap<Option<AppId>, Closure> = BTreeMap::new();
    for ((Reverse(end), app), closure) in held {
        let wider: Vec<&Closure> = [None, app].iter().filter_map(|app| known.get(app)).collect();
        for permission in news(&closure, &wider).ones() {
            ways[permission].push(Coverage { app, stages: stages(catalogue, &closure, permission), ends_at: end.instant() });
        }
        join(known.entry(app).or_insert_with(|| nothing(closure.len())), &closure);
    }
    let named = catalogue.platform_permissions().iter().zip(ways).filter(|(_, ways)| !ways.is_empty());
    authority.permissions = named.map(|(permission, ways)| (permission.key.clone(), ways)).collect();
    authority
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
fn stages(catalogue: &Catalogue, closure: &Closure, permission: usize) -> Stages {
    match closure.split_last() {
        Some((every, _)) if every.contains(permission) => Stages::Every,
        // One spot per stage, in the order of stages, and the last one for every stage.
        _ => Stages::Only(catalogue.stages().iter().zip(closure).filter(|(_, held)| held.contains(permission)).map(|(stage, _)| stage.id).collect()),
    }
}
