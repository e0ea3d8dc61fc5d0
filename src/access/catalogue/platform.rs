//! The platform side of a catalogue: permissions and organization roles, compiled.

use super::graph::{Closure, Graph};
use super::rows::{Counts, OrganizationRoleRow, RoleEntryRow, StageRow};
use crate::access::permission::{PlatformPermission, built_in};
use crate::access::stage::Purpose;
use crate::base::id::{OrganizationRoleId, StageId};
use crate::base::text::PermissionKey;
use fixedbitset::FixedBitSet;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// An organization role and everything it gives, once and for all grants of it.
#[derive(Debug)]
pub(in crate::access) struct OrganizationRole {
    pub row: OrganizationRoleRow,
    /// The marker `all`.
    pub all: bool,
    /// Its own permissions, where they count and the spots this means; sorted.
    pub entries: Vec<Entry>,
    /// What it gives when granted at the organization.
    pub at_organization: Closure,
    /// What it gives when granted at an app.
    pub at_app: Closure,
    /// What it gives when granted at the organization, as if each purpose had one more stage (`Platform::foreseen`).
    pub foreseen_at_organization: Closure,
    /// The same when granted at an app.
    pub foreseen_at_app: Closure,
}

#[derive(Debug)]
pub(in crate::access) struct Entry {
    pub permission: usize,
    pub counts: Counts,
    pub spots: Vec<usize>,
}

#[derive(Debug)]
pub(in crate::access) struct Platform {
    /// Built-in and own permissions, sorted by key: the order of their indices.
    pub permissions: Vec<PlatformPermission>,
    /// Those that have effect in a grant at an app.
    pub reaching_apps: FixedBitSet,
    pub graph: Graph,
    /// The same as if each purpose had one more stage.
    pub foreseen_graph: Graph,
    /// The spots of `foreseen` closures: the stages, then a later one of each purpose, in the order of purposes. Behind them is every stage.
    pub foreseen: Vec<StageId>,
    /// Sorted by id.
    pub roles: Vec<OrganizationRole>,
    pub role_by_id: HashMap<OrganizationRoleId, usize>,
}

impl Platform {
    /// `stages` in the order of their spots.
    pub fn compile(stages: &[StageRow], own: Vec<PlatformPermission>, mut roles: Vec<OrganizationRoleRow>, entries: Vec<RoleEntryRow>) -> Self {
        // Only keys that no built-in permission can have are the organization's.
        let own = own.into_iter().filter(|permission| permission.key.is_own());
        let mut permissions: Vec<PlatformPermission> = built_in().permissions.iter().cloned().chain(own).collect();
        permissions.sort_unstable();
        permissions.dedup_by(|a, b| a.key == b.key);
        let index = |key: &PermissionKey| permissions.binary_search_by(|permission| permission.key.cmp(key)).ok();
        let implications = permissions
            .iter()
            .enumerate()
            .flat_map(|(from, permission)| permission.implies.iter().filter_map(move |implied| Some((from, index(&implied.permission)?, implied.at))));
        let implications: Vec<_> = implications.collect();
        let graph = Graph::new(permissions.len(), stages.iter().map(|stage| stage.purpose).collect(), implications.iter().copied());
        let with_later = stages.iter().map(|stage| stage.purpose).chain(Purpose::ALL.iter().copied()).collect();
        let foreseen_graph = Graph::new(permissions.len(), with_later, implications);
        let foreseen: Vec<StageId> = stages.iter().map(|stage| stage.id).chain((1..).take(Purpose::ALL.len()).map(later_stage)).collect();
        let reaching_apps = permissions.iter().enumerate().filter(|(_, permission)| permission.reaches_app()).map(|(index, _)| index).collect();

        let mut custom: BTreeMap<OrganizationRoleId, Vec<(PermissionKey, Counts)>> = BTreeMap::new();
        for entry in entries {
            custom.entry(entry.role).or_default().push((entry.permission, entry.counts));
        }
        roles.sort_unstable();
        roles.dedup_by_key(|role| role.id);
        let roles: Vec<OrganizationRole> = roles
            .into_iter()
            .map(|row| {
                let (all, listed) = if row.built_in { built_in_entries(row.key.as_str()) } else { (false, custom.remove(&row.id).unwrap_or_default()) };
                let mut known: Vec<(usize, Counts)> = if all {
                    (0..permissions.len()).map(|permission| (permission, Counts::EveryStage)).collect()
                } else {
                    listed.into_iter().filter_map(|(key, counts)| Some((index(&key)?, counts))).collect()
                };
                known.sort_unstable();
                known.dedup();
                let entries: Vec<Entry> =
                    known.into_iter().map(|(permission, counts)| Entry { permission, counts, spots: spots(&graph, stages, counts) }).collect();
                let own = || entries.iter().flat_map(|entry| entry.spots.iter().map(|spot| (entry.permission, *spot)));
                let (at_organization, at_app) = (graph.closure(own(), None), graph.closure(own(), Some(&reaching_apps)));
                let own = || entries.iter().flat_map(|entry| spots(&foreseen_graph, stages, entry.counts).into_iter().map(|spot| (entry.permission, spot)));
                let (foreseen_at_organization, foreseen_at_app) = (foreseen_graph.closure(own(), None), foreseen_graph.closure(own(), Some(&reaching_apps)));
                OrganizationRole { row, all, entries, at_organization, at_app, foreseen_at_organization, foreseen_at_app }
            })
            .collect();
        let role_by_id = roles.iter().enumerate().map(|(index, role)| (role.row.id, index)).collect();
        Self { permissions, reaching_apps, graph, foreseen_graph, foreseen, roles, role_by_id }
    }

    pub fn index(&self, key: &str) -> Option<usize> {
        self.permissions.binary_search_by(|permission| permission.key.as_str().cmp(key)).ok()
    }
}

/// Stands for a stage that is not there yet. Row ids carry their time: none is ever this small.
const fn later_stage(number: u128) -> StageId {
    StageId::from_uuid(Uuid::from_u128(number))
}

/// What the binary says a built-in role gives: the marker `all`, and entries. A built-in role of another binary gives nothing.
fn built_in_entries(key: &str) -> (bool, Vec<(PermissionKey, Counts)>) {
    let Some(role) = built_in().role(key) else { return (false, Vec::new()) };
    let everywhere = role.everywhere.iter().map(|key| (key.clone(), Counts::EveryStage));
    let by_purpose = Purpose::ALL.iter().flat_map(|purpose| role.at(*purpose).iter().map(|key| (key.clone(), Counts::Purpose(*purpose))));
    (role.all, everywhere.chain(by_purpose).collect())
}

fn spots(graph: &Graph, stages: &[StageRow], counts: Counts) -> Vec<usize> {
    match counts {
        Counts::EveryStage => vec![graph.every()],
        Counts::Purpose(purpose) => graph.spots_of(purpose).collect(),
        Counts::Stage(id) => stages.iter().position(|stage| stage.id == id).into_iter().collect(),
    }
}
