//! The app side of a catalogue: each deployment with its permissions and end-user roles, compiled.

use super::graph::{Closure, Graph};
use super::rows::{AppPermissionRow, DeploymentRow, EndUserRoleRow, Rows};
use crate::access::permission::ImpliedAt;
use crate::base::id::{AppId, AppPermissionId, DeploymentId, EndUserRoleId, StageId};
use crate::base::text::Verb;
use std::collections::HashMap;

/// A deployment and what it owns.
#[derive(Debug)]
pub(in crate::access) struct Deployment {
    pub row: DeploymentRow,
    /// The indices of its app and stage.
    pub app: usize,
    pub stage: usize,
    /// Its permissions, sorted: the order of their indices.
    pub verbs: Vec<Verb>,
    pub graph: Graph,
    /// Its own end-user roles, sorted by key.
    pub roles: Vec<usize>,
    /// The shared roles that it lists and their names in claims, sorted by role.
    pub listed: Vec<(usize, String)>,
}

/// An end-user role and everything it gives in its own deployment.
#[derive(Debug)]
pub(in crate::access) struct EndUserRole {
    pub row: EndUserRoleRow,
    pub deployment: usize,
    /// Its own permissions, sorted.
    pub permissions: Vec<usize>,
    /// One spot only: a deployment is at one stage.
    pub closure: Closure,
}

/// The deployment that owns each app permission, and its index there.
type PermissionPlaces = HashMap<AppPermissionId, (usize, usize)>;

#[derive(Debug)]
pub(in crate::access) struct Deployments {
    /// Sorted by stage position, then app key.
    pub all: Vec<Deployment>,
    pub by_id: HashMap<DeploymentId, usize>,
    pub by_place: HashMap<(AppId, StageId), usize>,
    /// Sorted by id.
    pub roles: Vec<EndUserRole>,
    pub role_by_id: HashMap<EndUserRoleId, usize>,
}

impl Deployments {
    /// `places`: the deployments whose app and stage exist, with the indices of these, sorted; `app_keys` by index.
    pub fn compile(places: Vec<(DeploymentRow, usize, usize)>, app_keys: &[&str], rows: Rows) -> Self {
        let by_id: HashMap<DeploymentId, usize> = places.iter().enumerate().map(|(index, (row, ..))| (row.id, index)).collect();
        let by_place = places.iter().enumerate().map(|(index, (row, ..))| ((row.app, row.stage), index)).collect();
        let (verbs, permission_by_id) = verbs(places.len(), &by_id, rows.app_permissions);

        // Both ends in one deployment: end-user access never crosses stages.
        let mut implications = vec![Vec::new(); places.len()];
        for (from, to) in rows.app_implications {
            if let (Some((home, from)), Some((other, to))) = (permission_by_id.get(&from), permission_by_id.get(&to))
                && home == other
            {
                implications[*home].push((*from, *to, ImpliedAt::SameStage));
            }
        }
        let mut all: Vec<Deployment> = places
            .into_iter()
            .zip(verbs)
            .zip(implications)
            .map(|(((row, app, stage), verbs), implications)| {
                let graph = Graph::new(verbs.len(), Vec::new(), implications);
                Deployment { row, app, stage, verbs, graph, roles: Vec::new(), listed: Vec::new() }
            })
            .collect();

        let mut of_role: HashMap<EndUserRoleId, Vec<(usize, usize)>> = HashMap::new();
        for (role, permission) in rows.end_user_role_permissions {
            of_role.entry(role).or_default().extend(permission_by_id.get(&permission));
        }
        let mut role_rows = rows.end_user_roles;
        role_rows.sort_unstable();
        role_rows.dedup_by_key(|row| row.id);
        let mut roles: Vec<EndUserRole> = Vec::with_capacity(role_rows.len());
        for row in role_rows {
            let Some(&deployment) = by_id.get(&row.deployment) else { continue };
            let mut permissions: Vec<usize> =
                of_role.remove(&row.id).unwrap_or_default().into_iter().filter(|(home, _)| *home == deployment).map(|(_, p)| p).collect();
            permissions.sort_unstable();
            permissions.dedup();
            let graph = &all[deployment].graph;
            let closure = graph.closure(permissions.iter().map(|permission| (*permission, graph.every())), None);
            all[deployment].roles.push(roles.len());
            roles.push(EndUserRole { row, deployment, permissions, closure });
        }
        let role_by_id: HashMap<EndUserRoleId, usize> = roles.iter().enumerate().map(|(index, role)| (role.row.id, index)).collect();

        for (deployment, role) in rows.listed_roles {
            if let (Some(&here), Some(&role)) = (by_id.get(&deployment), role_by_id.get(&role)) {
                let (home, shared) = (roles[role].deployment, &roles[role].row);
                if shared.shared && home != here && all[home].stage == all[here].stage {
                    let claim = format!("{}:{}", app_keys[all[home].app], shared.key);
                    all[here].listed.push((role, claim));
                }
            }
        }
        for deployment in &mut all {
            deployment.roles.sort_unstable_by(|a, b| roles[*a].row.key.cmp(&roles[*b].row.key));
            deployment.listed.sort_unstable();
            deployment.listed.dedup();
        }
        Self { all, by_id, by_place, roles, role_by_id }
    }
}

/// The sorted verbs of each deployment, and where each permission's id leads.
fn verbs(deployments: usize, by_id: &HashMap<DeploymentId, usize>, rows: Vec<AppPermissionRow>) -> (Vec<Vec<Verb>>, PermissionPlaces) {
    let mut verbs = vec![Vec::new(); deployments];
    let known: Vec<(AppPermissionId, usize, Verb)> = rows.into_iter().filter_map(|row| Some((row.id, *by_id.get(&row.deployment)?, row.verb))).collect();
    for (_, deployment, verb) in &known {
        verbs[*deployment].push(verb.clone());
    }
    for verbs in &mut verbs {
        verbs.sort_unstable();
        verbs.dedup();
    }
    let by_permission = known.into_iter().filter_map(|(id, deployment, verb)| Some((id, (deployment, verbs[deployment].binary_search(&verb).ok()?)))).collect();
    (verbs, by_permission)
}
