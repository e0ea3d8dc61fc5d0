//! The second phase, for one person at one place: what they have before and after a change, now and later.
//!
//! **Bytes.** At an app, and at the organization, they are those of the whole token there, groups included. At a stage they are those of the
//! claim `groups` alone, which is in each token for an app there: a part of the former, and never added to them. So a place can have a
//! stretch in which nothing is gained or lost and only the token changes: somebody joins a group that gives no role there, or gets a role
//! that only `scoped_permissions` of a tool for many apps show.

use super::{Sample, Scale, Sides, Weighed, Weight};
use crate::access::effective::{Effective, Holdings, Place, effective};
use crate::base::id::{DeploymentId, StageId};
use crate::base::time::Timestamp;
use std::collections::BTreeSet;

/// So many times something may change by itself at one place before the rest is left out.
const MOST: usize = 24;

/// A place as previews tell it. Groups belong to a stage, whatever apps there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// The organization itself: our own pages and tools.
    Organization,
    /// A stage: the groups there.
    Stage(StageId),
    /// An app at a stage.
    Deployment(DeploymentId),
}

/// What somebody has at a place, in the words of claims; or a part of it, as what is gained or lost.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct What {
    /// Whether they may sign in; of a client, at the organization: whether it gets tokens.
    pub sign_in: bool,
    /// End-user roles.
    pub roles: BTreeSet<String>,
    /// Organization roles.
    pub org_roles: BTreeSet<String>,
    /// Permissions of the app.
    pub verbs: BTreeSet<String>,
    /// Platform permissions.
    pub permissions: BTreeSet<String>,
    /// Groups.
    pub groups: BTreeSet<String>,
}

fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    texts.into_iter().map(str::to_owned).collect()
}

impl What {
    fn of(effective: &Effective) -> Self {
        Self {
            sign_in: effective.may_sign_in(),
            roles: texts(effective.role_keys()),
            org_roles: texts(effective.org_role_keys()),
            verbs: texts(effective.verbs()),
            permissions: texts(effective.platform_keys()),
            groups: BTreeSet::new(),
        }
    }

    /// What is here and not in `other`.
    #[must_use]
    pub fn without(&self, other: &Self) -> Self {
        let rest = |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect();
        Self {
            sign_in: self.sign_in && !other.sign_in,
            roles: rest(&self.roles, &other.roles),
            org_roles: rest(&self.org_roles, &other.org_roles),
            verbs: rest(&self.verbs, &other.verbs),
            permissions: rest(&self.permissions, &other.permissions),
            groups: rest(&self.groups, &other.groups),
        }
    }

    /// Whether it is nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What somebody has at a place at an instant, until it changes by itself.
#[derive(Clone, Debug, Default)]
struct Moment {
    what: What,
    weight: Weight,
    /// Whether there can be a token: where nobody may sign in, nothing grows.
    token: bool,
    until: Option<Timestamp>,
}

/// For how long which difference lasts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stretch {
    /// From when on; `None`: at once.
    pub from: Option<Timestamp>,
    /// Until when; `None`: without end.
    pub until: Option<Timestamp>,
    /// What is there that was not.
    pub gains: What,
    /// What was there and is no longer.
    pub loses: What,
    /// By how many bytes tokens grow; at most, where that changes while the difference lasts.
    pub bytes: i64,
    /// Whether they fitted before and do not any more.
    pub overflows: bool,
}

impl Stretch {
    /// Whether nothing is gained or lost: only tokens change.
    pub fn is_silent(&self) -> bool {
        self.gains.is_empty() && self.loses.is_empty()
    }
}

/// The differences at one place, in the order of time: one stretch for as long as the same difference lasts. Empty: none, ever.
pub fn stretches(sides: &Sides, before: &Holdings, after: &Holdings, spot: Spot, now: Timestamp, scale: Scale<'_>) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut next = Some(now);
    for _ in 0..MOST {
        let Some(at) = next else { break };
        let (one, other) = (moment(sides, before, spot, at, true, scale), moment(sides, after, spot, at, false, scale));
        next = [one.until, other.until].into_iter().flatten().min();
        let (gains, loses) = (other.what.without(&one.what), one.what.without(&other.what));
        let bytes = i64::try_from(other.weight.bytes).unwrap_or(i64::MAX).saturating_sub(i64::try_from(one.weight.bytes).unwrap_or(i64::MAX));
        let overflows = other.weight.over && !one.weight.over;
        let stretch = Stretch { from: (at > now).then_some(at), until: next, gains, loses, bytes, overflows };
        let in_tokens = overflows || bytes != 0 && (one.token || other.token);
        if stretch.is_silent() && !in_tokens {
            continue;
        }
        match stretches.last_mut() {
            // A comma more or less, or a group that comes later, is no other difference.
            Some(last) if last.until == Some(at) && (&last.gains, &last.loses) == (&stretch.gains, &stretch.loses) => {
                last.until = next;
                last.bytes = last.bytes.max(bytes);
                last.overflows |= overflows;
            }
            _ => stretches.push(stretch),
        }
    }
    stretches
}

fn moment(sides: &Sides, holdings: &Holdings, spot: Spot, at: Timestamp, is_before: bool, scale: Scale<'_>) -> Moment {
    let catalogue = if is_before { &sides.before } else { &sides.after };
    let place = match spot {
        Spot::Organization => Place::Organization,
        Spot::Deployment(id) => Place::Deployment(id),
        Spot::Stage(stage) => return groups(holdings, stage, at, scale),
    };
    let effective = effective(catalogue, holdings, place, at);
    let mut what = What::of(&effective);
    let mut weight = scale(Weighed::Access(Sample { catalogue, holdings, effective: &effective, place, at }));
    let mut token = effective.may_sign_in();
    // Who may come in is told of everybody in a sentence, and so are the tokens that come and go with it.
    if let Spot::Deployment(id) = spot
        && sides.differences.is_door(id)
    {
        (what.sign_in, token, weight.over) = (false, false, false);
    }
    let mut until = effective.valid_until();
    if place == Place::Organization {
        // Tools for many apps are told of roles at single apps and stages, too, which give nothing at the organization itself.
        let changes = holdings.organization_grants.iter().filter(|grant| grant.period.is_valid()).filter_map(|grant| grant.period.next_change(at));
        until = until.into_iter().chain(changes).min();
    }
    Moment { what, weight, token, until }
}

/// The groups of a stage, as the claim `groups` has them: whether apps are there or not.
fn groups(holdings: &Holdings, stage: StageId, at: Timestamp, scale: Scale<'_>) -> Moment {
    let mut moment = Moment::default();
    if holdings.counts {
        for membership in holdings.memberships.iter().filter(|membership| membership.stage == stage && membership.period.is_valid()) {
            moment.until = [moment.until, membership.period.next_change(at)].into_iter().flatten().min();
            if membership.period.contains(at) {
                moment.what.groups.insert(membership.group_key.to_string());
            }
        }
    }
    moment.weight = scale(Weighed::Groups(&moment.what.groups));
    moment
}
