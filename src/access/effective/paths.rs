//! The paths of an answer: grant, group, role, permission, implied permission. What *explain* prints.

use super::{Effective, Held, Index, MembershipRow, Source};
use crate::access::catalogue::Counts;
use crate::access::catalogue::graph::Ways;
use crate::access::permission::ImpliedAt;
use crate::base::id::{AppId, EndUserGrantId, EndUserRoleId, OrganizationGrantId, OrganizationRoleId};
use crate::base::time::Period;
use fixedbitset::FixedBitSet;

/// The grant at the start of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GrantRef {
    /// Of an organization role.
    Organization(OrganizationGrantId),
    /// Of an end-user role, to the user or to a group.
    EndUser(EndUserGrantId),
}

/// The role of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RoleRef {
    /// An organization role.
    Organization(OrganizationRoleId),
    /// An end-user role.
    EndUser(EndUserRoleId),
}

/// One permission on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// `category.verb` or a verb.
    pub permission: String,
    /// How the permission before brings it; `None`: it is the role's own.
    pub implied: Option<ImpliedAt>,
}

/// One way, in force now, in which a role or a permission is held here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The grant.
    pub grant: GrantRef,
    /// The app at which an organization role is granted; `None`: the organization, or an end-user role.
    pub app: Option<AppId>,
    /// The membership through which a group's grant comes.
    pub membership: Option<MembershipRow>,
    /// The role.
    pub role: RoleRef,
    /// The role's name in claims.
    pub role_key: String,
    /// Where the organization role has its own permission, the first of `chain`.
    pub counts: Option<Counts>,
    /// From the role's own permission to the one asked for; empty in the path of a role.
    pub chain: Vec<Step>,
    /// When grant and membership are both in force.
    pub period: Period,
}

impl Effective {
    /// Every path that gives a permission here: for each grant (and membership) and each entry of its role, one that
    /// is as short as any. Empty if and only if the permission is not held.
    pub fn paths_of(&self, permission: &str) -> Vec<Path> {
        match self.index(permission) {
            Some(Index::Platform(index)) => self.platform_paths(index),
            Some(Index::Verb(index)) => self.verb_paths(index),
            None => Vec::new(),
        }
    }

    /// Every path that gives an end-user role here, by its name in the claim `roles`.
    pub fn paths_of_role(&self, claim: &str) -> Vec<Path> {
        self.role_paths(|source| matches!(source.held, Held::EndUser { .. }) && self.claim(source) == claim)
    }

    /// Every path that gives an organization role that counts here, by its key.
    pub fn paths_of_org_role(&self, key: &str) -> Vec<Path> {
        self.role_paths(|source| matches!(source.held, Held::Organization { .. }) && self.claim(source) == key)
    }

    /// Every path that gives a role which counts here, each with the permissions that the role gives here: none, if it only counts as a role.
    pub fn roles(&self) -> Vec<(Path, Vec<&str>)> {
        self.ordered_sources().into_iter().map(|source| (self.path(source, None, Vec::new()), self.given_by(source))).collect()
    }

    fn given_by(&self, source: &Source) -> Vec<&str> {
        let (platform, verbs) = self.gives(source);
        let permissions = &self.catalogue.platform().permissions;
        let own = self.here().map_or(&[][..], |here| &here.verbs);
        let platform = platform.into_iter().flat_map(FixedBitSet::ones).map(|index| permissions[index].key.as_str());
        platform.chain(verbs.into_iter().flat_map(FixedBitSet::ones).map(|index| own[index].as_str())).collect()
    }

    fn role_paths(&self, wanted: impl Fn(&Source) -> bool) -> Vec<Path> {
        self.ordered_sources().into_iter().filter(|source| wanted(source)).map(|source| self.path(source, None, Vec::new())).collect()
    }

    fn platform_paths(&self, permission: usize) -> Vec<Path> {
        let platform = self.catalogue.platform();
        let ways_to = |app: bool| platform.graph.ways_to(permission, self.spot, app.then_some(&platform.reaching_apps));
        // Grants at the organization and at the app may lead different ways; each is searched once, when first needed.
        let mut ways: [Option<Ways>; 2] = [None, None];
        let mut paths = Vec::new();
        for source in self.ordered_sources() {
            let Held::Organization { app, .. } = source.held else { continue };
            let role = &platform.roles[source.role];
            let ways = ways[usize::from(app.is_some())].get_or_insert_with(|| ways_to(app.is_some()));
            // The marker `all` has every permission of its own; that one entry says it all.
            for entry in role.entries.iter().filter(|entry| !role.all || entry.permission == permission) {
                if let Some(way) = ways.from(entry.permission, entry.spots.iter().copied()) {
                    let chain = way.into_iter().map(|(index, implied)| Step { permission: platform.permissions[index].key.to_string(), implied }).collect();
                    paths.push(self.path(source, Some(entry.counts), chain));
                }
            }
        }
        paths
    }

    fn verb_paths(&self, verb: usize) -> Vec<Path> {
        let Some(here) = self.here() else { return Vec::new() };
        let ways = here.graph.ways_to(verb, here.graph.every(), None);
        let mut paths = Vec::new();
        for source in self.ordered_sources() {
            // A role listed here counts as a role and brings no permissions.
            if self.gives(source).1.is_none() {
                continue;
            }
            for own in &self.catalogue.deployments_compiled().roles[source.role].permissions {
                if let Some(way) = ways.from(*own, [here.graph.every()]) {
                    let chain = way.into_iter().map(|(index, implied)| Step { permission: here.verbs[index].to_string(), implied }).collect();
                    paths.push(self.path(source, None, chain));
                }
            }
        }
        paths
    }

    /// The sources by grant and membership, so that paths come in one order.
    fn ordered_sources(&self) -> Vec<&Source> {
        let mut sources: Vec<&Source> = self.sources.iter().collect();
        sources.sort_unstable_by_key(|source| match source.held {
            Held::Organization { grant, .. } => (GrantRef::Organization(grant), None),
            Held::EndUser { grant, membership } => (GrantRef::EndUser(grant), membership),
        });
        sources
    }

    fn path(&self, source: &Source, counts: Option<Counts>, chain: Vec<Step>) -> Path {
        let (grant, app, membership, role) = match source.held {
            Held::Organization { grant, app } => {
                (GrantRef::Organization(grant), app, None, RoleRef::Organization(self.catalogue.platform().roles[source.role].row.id))
            }
            Held::EndUser { grant, membership } => {
                let role = RoleRef::EndUser(self.catalogue.deployments_compiled().roles[source.role].row.id);
                (GrantRef::EndUser(grant), None, membership.map(|index| self.groups[index].clone()), role)
            }
        };
        Path { grant, app, membership, role, role_key: self.claim(source).to_owned(), counts, chain, period: source.period }
    }
}
