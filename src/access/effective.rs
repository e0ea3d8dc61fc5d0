//! Effective access: what somebody may do at one place at one moment, by which paths, and until when.
//!
//! `effective` is pure: rows in, answer out. It joins the sets that the catalogue has compiled; texts and paths are
//! looked up only when somebody asks for them.

mod authority;
mod holdings;
mod paths;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

pub use authority::authority;
pub(in crate::access) use holdings::meet;
pub use holdings::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow};
pub use paths::{GrantRef, Path, RoleRef, Step};

use crate::access::app::SignIn;
use crate::access::catalogue::{Catalogue, Deployment, OrganizationRole};
use crate::base::id::{AppId, DeploymentId, EndUserGrantId, OrganizationGrantId};
use crate::base::time::{Period, Timestamp};
use fixedbitset::FixedBitSet;
use std::cmp::Reverse;

/// Where access is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// The organization itself: what holds there at every stage.
    Organization,
    /// An app at a stage.
    Deployment(DeploymentId),
}

/// One way, in force now, in which somebody holds a role that counts here.
#[derive(Clone, Copy, Debug)]
struct Source {
    held: Held,
    /// The index of the role in the catalogue.
    role: usize,
    /// The grant's period within the membership's.
    period: Period,
}

#[derive(Clone, Copy, Debug)]
enum Held {
    Organization {
        grant: OrganizationGrantId,
        app: Option<AppId>,
    },
    /// `membership`: an index into `Effective::groups`.
    EndUser {
        grant: EndUserGrantId,
        membership: Option<usize>,
    },
}

/// What somebody may do at one place at one moment. It owns all it needs and may be kept until `valid_until`.
#[derive(Clone, Debug)]
pub struct Effective {
    catalogue: Catalogue,
    /// The index of the deployment; `None`: the organization, or a place that does not exist.
    deployment: Option<usize>,
    /// Where platform permissions are looked up in a closure.
    spot: usize,
    /// Platform permissions that count here.
    platform: FixedBitSet,
    /// The deployment's own permissions.
    verbs: FixedBitSet,
    sources: Vec<Source>,
    /// Memberships in force at this stage, sorted by group.
    groups: Vec<MembershipRow>,
    may_sign_in: bool,
    valid_until: Option<Timestamp>,
}

/// What `holdings` give at `place` at `now`. A place that the catalogue does not know gives nothing.
pub fn effective(catalogue: &Catalogue, holdings: &Holdings, place: Place, now: Timestamp) -> Effective {
    let mut effective = Effective {
        catalogue: catalogue.clone(),
        deployment: None,
        spot: catalogue.platform().graph.every(),
        platform: FixedBitSet::new(),
        verbs: FixedBitSet::new(),
        sources: Vec::new(),
        groups: Vec::new(),
        may_sign_in: false,
        valid_until: None,
    };
    if !holdings.counts {
        return effective;
    }
    match place {
        Place::Organization => effective.may_sign_in = true,
        Place::Deployment(id) => {
            let Some(index) = catalogue.deployment_index(id) else { return effective };
            let here = catalogue.compiled_deployment(index);
            effective.deployment = Some(index);
            effective.spot = here.stage;
            effective.verbs.grow(here.verbs.len());
            effective.join_end_user_grants(here, index, holdings, now);
            effective.may_sign_in = here.row.sign_in == SignIn::Everyone || !effective.sources.is_empty();
        }
    }
    effective.platform.grow(catalogue.platform().permissions.len());
    effective.join_organization_grants(holdings, now);
    effective
}

/// What a role gives through a grant at `app` (`None`: at the organization), seen from a place of `here` (`None`: the organization).
fn given(role: &OrganizationRole, app: Option<AppId>, here: Option<AppId>, spot: usize) -> Option<&FixedBitSet> {
    match app {
        None => role.at_organization.get(spot),
        Some(app) if here == Some(app) => role.at_app.get(spot),
        Some(_) => None,
    }
}

impl Effective {
    /// Notes when something that shows here changes by itself; answers whether it is in force.
    fn in_force(&mut self, period: Period, now: Timestamp) -> bool {
        if !period.is_valid() {
            return false;
        }
        self.valid_until = [self.valid_until, period.next_change(now)].into_iter().flatten().min();
        period.contains(now)
    }

    fn join_organization_grants(&mut self, holdings: &Holdings, now: Timestamp) {
        let catalogue = self.catalogue.clone();
        let platform = catalogue.platform();
        let here = self.here().map(|here| here.row.app);
        for grant in &holdings.organization_grants {
            let Some(&role) = platform.role_by_id.get(&grant.role) else { continue };
            // A role that gives nothing here does not show here.
            let Some(gives) = given(&platform.roles[role], grant.app, here, self.spot).filter(|gives| !gives.is_clear()) else { continue };
            if self.in_force(grant.period, now) {
                self.platform.union_with(gives);
                self.sources.push(Source { held: Held::Organization { grant: grant.id, app: grant.app }, role, period: grant.period });
            }
        }
    }

    fn join_end_user_grants(&mut self, here: &Deployment, index: usize, holdings: &Holdings, now: Timestamp) {
        let catalogue = self.catalogue.clone();
        let roles = catalogue.deployments_compiled();
        let mut memberships: Vec<&MembershipRow> = holdings.memberships.iter().filter(|membership| membership.stage == here.row.stage).collect();
        memberships.sort_unstable_by_key(|membership| (membership.group, membership.id));
        // Where each membership in force stands in `groups`.
        let mut joined = Vec::with_capacity(memberships.len());
        for membership in &memberships {
            let in_force = self.in_force(membership.period, now);
            joined.push(in_force.then_some(self.groups.len()));
            if in_force {
                self.groups.push((*membership).clone());
            }
        }
        for grant in &holdings.end_user_grants {
            let Some(&role) = roles.role_by_id.get(&grant.role) else { continue };
            let own = roles.roles[role].deployment == index;
            if !own && here.listed.binary_search_by_key(&role, |(listed, _)| *listed).is_err() {
                continue;
            }
            let hold = |effective: &mut Self, period: Period, membership: Option<usize>| {
                if effective.in_force(period, now) {
                    effective.sources.push(Source { held: Held::EndUser { grant: grant.id, membership }, role, period });
                    if own {
                        effective.verbs.union_with(&roles.roles[role].closure[0]);
                    }
                }
            };
            let Some(group) = grant.group else {
                hold(self, grant.period, None);
                continue;
            };
            let first = memberships.partition_point(|membership| membership.group < group);
            for (offset, membership) in memberships[first..].iter().enumerate().take_while(|(_, membership)| membership.group == group) {
                hold(self, holdings::meet(grant.period, membership.period), joined[first + offset]);
            }
        }
    }

    fn here(&self) -> Option<&Deployment> {
        self.deployment.map(|index| self.catalogue.compiled_deployment(index))
    }

    /// The platform permissions and the verbs that one source gives here.
    fn gives(&self, source: &Source) -> (Option<&FixedBitSet>, Option<&FixedBitSet>) {
        match source.held {
            Held::Organization { app, .. } => {
                let here = self.here().map(|here| here.row.app);
                (given(&self.catalogue.platform().roles[source.role], app, here, self.spot), None)
            }
            Held::EndUser { .. } => {
                let role = &self.catalogue.deployments_compiled().roles[source.role];
                (None, (Some(role.deployment) == self.deployment).then(|| &role.closure[0]))
            }
        }
    }

    /// The name of a source's role in claims.
    fn claim(&self, source: &Source) -> &str {
        match source.held {
            Held::Organization { .. } => self.catalogue.platform().roles[source.role].row.key.as_str(),
            Held::EndUser { .. } => {
                let listed = self.here().and_then(|here| here.listed.iter().find(|(role, _)| *role == source.role));
                listed.map_or_else(|| self.catalogue.deployments_compiled().roles[source.role].row.key.as_str(), |(_, claim)| claim)
            }
        }
    }

    fn claims_of(&self, wanted: impl Fn(&Held) -> bool) -> Vec<&str> {
        let mut claims: Vec<&str> = self.sources.iter().filter(|source| wanted(&source.held)).map(|source| self.claim(source)).collect();
        claims.sort_unstable();
        claims.dedup();
        claims
    }

    /// The claim `roles`: end-user roles held here, `other-app:role` for shared ones that are listed here. Sorted.
    pub fn role_keys(&self) -> Vec<&str> {
        self.claims_of(|held| matches!(held, Held::EndUser { .. }))
    }

    /// The claim `org_roles`: organization roles of which at least one permission counts here. Sorted.
    pub fn org_role_keys(&self) -> Vec<&str> {
        self.claims_of(|held| matches!(held, Held::Organization { .. }))
    }

    /// The claim `groups`: groups at this stage of which somebody is a member now. Sorted.
    pub fn group_keys(&self) -> Vec<&str> {
        let mut keys: Vec<&str> = self.groups.iter().map(|membership| membership.group_key.as_str()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The memberships in force at this stage.
    pub fn groups(&self) -> &[MembershipRow] {
        &self.groups
    }

    /// The platform permissions that count here, sorted.
    pub fn platform_keys(&self) -> impl Iterator<Item = &str> {
        let permissions = &self.catalogue.platform().permissions;
        self.platform.ones().map(|index| permissions[index].key.as_str())
    }

    /// The deployment's own permissions, sorted.
    pub fn verbs(&self) -> impl Iterator<Item = &str> {
        let verbs = self.here().map_or(&[][..], |here| &here.verbs);
        self.verbs.ones().map(|index| verbs[index].as_str())
    }

    /// The claim `permissions`: bare verbs and `category.verb` together, sorted.
    pub fn permission_keys(&self) -> impl Iterator<Item = &str> {
        let (mut platform, mut verbs) = (self.platform_keys().peekable(), self.verbs().peekable());
        std::iter::from_fn(move || match (platform.peek(), verbs.peek()) {
            (Some(key), Some(verb)) if key < verb => platform.next(),
            (Some(_), None) => platform.next(),
            (_, Some(_)) => verbs.next(),
            (None, None) => None,
        })
    }

    /// Whether a permission counts here: `category.verb`, or a verb of the deployment.
    pub fn has(&self, permission: &str) -> bool {
        self.index(permission).is_some()
    }

    /// The index of a permission that counts here, in the platform's or the deployment's list.
    fn index(&self, permission: &str) -> Option<Index> {
        if permission.contains('.') {
            self.catalogue.platform().index(permission).filter(|index| self.platform.contains(*index)).map(Index::Platform)
        } else {
            let verbs = &self.here()?.verbs;
            verbs.binary_search_by(|verb| verb.as_str().cmp(permission)).ok().filter(|index| self.verbs.contains(*index)).map(Index::Verb)
        }
    }

    /// Whether the person may sign in here. Organization roles open no door of a deployment; at the organization
    /// (portal, own account) everybody may sign in whose access counts at all.
    pub fn may_sign_in(&self) -> bool {
        self.may_sign_in
    }

    /// The first instant at which anything here changes by itself; `None`: never.
    pub fn valid_until(&self) -> Option<Timestamp> {
        self.valid_until
    }

    /// How long a token with all of this may live: for each role and permission the latest end over its paths, of
    /// these the earliest. `None`: without end.
    pub fn expires_at(&self) -> Option<Timestamp> {
        // Latest end first: whatever a source is the first to give, it gives for longest.
        let mut sources: Vec<&Source> = self.sources.iter().filter(|source| source.period.ends_at.is_some()).collect();
        if sources.is_empty() {
            return None;
        }
        sources.sort_unstable_by_key(|source| Reverse(source.period.ends_at));
        let (mut platform, mut verbs) = (FixedBitSet::with_capacity(self.platform.len()), FixedBitSet::with_capacity(self.verbs.len()));
        let roles = self.catalogue.platform().roles.len();
        let mut held = FixedBitSet::with_capacity(roles + self.catalogue.deployments_compiled().roles.len());
        let mut earliest = None;
        for source in self.sources.iter().filter(|source| source.period.ends_at.is_none()).chain(sources) {
            let (gives_platform, gives_verbs) = self.gives(source);
            let role = if matches!(source.held, Held::Organization { .. }) { source.role } else { roles + source.role };
            let news = !held.contains(role)
                || gives_platform.is_some_and(|gives| !gives.is_subset(&platform))
                || gives_verbs.is_some_and(|gives| !gives.is_subset(&verbs));
            if news {
                held.insert(role);
                for (seen, gives) in [(&mut platform, gives_platform), (&mut verbs, gives_verbs)] {
                    if let Some(gives) = gives {
                        seen.union_with(gives);
                    }
                }
                earliest = source.period.ends_at;
            }
        }
        earliest
    }
}

#[derive(Clone, Copy, Debug)]
enum Index {
    Platform(usize),
    Verb(usize),
}
