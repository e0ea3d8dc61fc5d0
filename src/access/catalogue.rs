//! The catalogue: everything that access depends on, people apart, compiled once per change of the configuration.
//!
//! Roles are closed over implications here, so that `effective` only joins sets. Every order inside follows keys and
//! ids, never the order of rows.

mod deployment;
pub(super) mod graph;
mod platform;
mod rows;

pub use rows::{AppPermissionRow, AppRow, Counts, DeploymentRow, EndUserRoleRow, OrganizationRoleRow, RoleEntryRow, Rows, StageRow};

pub(super) use deployment::{Deployment, Deployments};
pub(super) use platform::{OrganizationRole, Platform};

use crate::access::permission::PlatformPermission;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, OrganizationRoleId, StageId};
use crate::base::text::{PermissionKey, Verb};
use std::collections::HashMap;
use std::sync::Arc;

/// Stages, apps, permissions and roles, ready to be asked. Copies are cheap and share everything.
#[derive(Clone, Debug)]
pub struct Catalogue(Arc<Compiled>);

#[derive(Debug)]
struct Compiled {
    /// In their order.
    stages: Vec<StageRow>,
    /// Sorted by key.
    apps: Vec<AppRow>,
    app_by_id: HashMap<AppId, usize>,
    platform: Platform,
    deployments: Deployments,
}

impl Catalogue {
    /// Compiles rows. Their order does not matter; a row that refers to something absent counts for nothing.
    pub fn compile(mut rows: Rows) -> Self {
        let mut stages = std::mem::take(&mut rows.stages);
        stages.sort_unstable_by(|a, b| (a.position, a).cmp(&(b.position, b)));
        let mut apps = std::mem::take(&mut rows.apps);
        apps.sort_unstable_by(|a, b| (&a.key, a).cmp(&(&b.key, b)));
        let app_by_id: HashMap<AppId, usize> = apps.iter().enumerate().map(|(index, app)| (app.id, index)).collect();
        let stage_by_id: HashMap<StageId, usize> = stages.iter().enumerate().map(|(index, stage)| (stage.id, index)).collect();

        let platform = Platform::compile(
            &stages,
            std::mem::take(&mut rows.own_permissions),
            std::mem::take(&mut rows.organization_roles),
            std::mem::take(&mut rows.organization_role_entries),
        );
        let mut places: Vec<(DeploymentRow, usize, usize)> = std::mem::take(&mut rows.deployments)
            .into_iter()
            .filter_map(|row| {
                let (app, stage) = (*app_by_id.get(&row.app)?, *stage_by_id.get(&row.stage)?);
                Some((row, app, stage))
            })
            .collect();
        places.sort_unstable_by(|(a, app_a, stage_a), (b, app_b, stage_b)| (stage_a, app_a, a).cmp(&(stage_b, app_b, b)));
        let app_keys: Vec<&str> = apps.iter().map(|app| app.key.as_str()).collect();
        let deployments = Deployments::compile(places, &app_keys, rows);
        Self(Arc::new(Compiled { stages, apps, app_by_id, platform, deployments }))
    }

    /// The stages, in their order.
    pub fn stages(&self) -> &[StageRow] {
        &self.0.stages
    }

    /// The stage with this id.
    pub fn stage(&self, id: StageId) -> Option<&StageRow> {
        self.0.stages.iter().find(|stage| stage.id == id)
    }

    /// The stage with this key.
    pub fn stage_by_key(&self, key: &str) -> Option<&StageRow> {
        self.0.stages.iter().find(|stage| stage.key.as_str() == key)
    }

    /// The apps, sorted by key.
    pub fn apps(&self) -> &[AppRow] {
        &self.0.apps
    }

    /// The app with this id.
    pub fn app(&self, id: AppId) -> Option<&AppRow> {
        self.0.app_by_id.get(&id).map(|index| &self.0.apps[*index])
    }

    /// The app with this key.
    pub fn app_by_key(&self, key: &str) -> Option<&AppRow> {
        self.0.apps.binary_search_by(|app| app.key.as_str().cmp(key)).ok().map(|index| &self.0.apps[index])
    }

    /// Every deployment, by stage and then by app key.
    pub fn deployments(&self) -> impl Iterator<Item = &DeploymentRow> {
        self.0.deployments.all.iter().map(|deployment| &deployment.row)
    }

    /// The deployment with this id.
    pub fn deployment(&self, id: DeploymentId) -> Option<&DeploymentRow> {
        Some(&self.compiled_deployment(self.deployment_index(id)?).row)
    }

    /// An app at a stage.
    pub fn deployment_at(&self, app: AppId, stage: StageId) -> Option<&DeploymentRow> {
        self.0.deployments.by_place.get(&(app, stage)).map(|index| &self.compiled_deployment(*index).row)
    }

    /// The deployments of an app, in the order of stages.
    pub fn deployments_of(&self, app: AppId) -> impl Iterator<Item = &DeploymentRow> {
        self.0.stages.iter().filter_map(move |stage| self.deployment_at(app, stage.id))
    }

    /// What a deployment lets people do, sorted.
    pub fn verbs_of(&self, id: DeploymentId) -> &[Verb] {
        self.deployment_index(id).map_or(&[], |index| &self.compiled_deployment(index).verbs)
    }

    /// The end-user role with this id.
    pub fn end_user_role(&self, id: EndUserRoleId) -> Option<&EndUserRoleRow> {
        self.0.deployments.role_by_id.get(&id).map(|index| &self.0.deployments.roles[*index].row)
    }

    /// The end-user role of a deployment with this key.
    pub fn end_user_role_by_key(&self, deployment: DeploymentId, key: &str) -> Option<&EndUserRoleRow> {
        self.end_user_roles_of(deployment).find(|role| role.key.as_str() == key)
    }

    /// A deployment's own end-user roles, sorted by key.
    pub fn end_user_roles_of(&self, deployment: DeploymentId) -> impl Iterator<Item = &EndUserRoleRow> {
        let own = self.deployment_index(deployment).map_or(&[][..], |index| &self.compiled_deployment(index).roles);
        own.iter().map(|role| &self.0.deployments.roles[*role].row)
    }

    /// The shared roles of other apps that count in a deployment, with their names in claims.
    pub fn listed_roles_of(&self, deployment: DeploymentId) -> impl Iterator<Item = (&str, &EndUserRoleRow)> {
        let listed = self.deployment_index(deployment).map_or(&[][..], |index| &self.compiled_deployment(index).listed);
        listed.iter().map(|(role, claim)| (claim.as_str(), &self.0.deployments.roles[*role].row))
    }

    /// The organization roles, sorted by id.
    pub fn organization_roles(&self) -> impl Iterator<Item = &OrganizationRoleRow> {
        self.0.platform.roles.iter().map(|role| &role.row)
    }

    /// The organization role with this id.
    pub fn organization_role(&self, id: OrganizationRoleId) -> Option<&OrganizationRoleRow> {
        self.compiled_role(id).map(|role| &role.row)
    }

    /// The organization role with this key.
    pub fn organization_role_by_key(&self, key: &str) -> Option<&OrganizationRoleRow> {
        self.organization_roles().find(|role| role.key.as_str() == key)
    }

    /// Whether an organization role is the marker `all`: everything, also what comes later.
    pub fn gives_all(&self, id: OrganizationRoleId) -> bool {
        self.compiled_role(id).is_some_and(|role| role.all)
    }

    /// The permissions of an organization role and where each counts, sorted; of one with the marker `all` none is spelled out.
    pub fn entries_of_role(&self, id: OrganizationRoleId) -> Vec<(PermissionKey, Counts)> {
        let Some(role) = self.compiled_role(id).filter(|role| !role.all) else { return Vec::new() };
        role.entries.iter().map(|entry| (self.platform().permissions[entry.permission].key.clone(), entry.counts)).collect()
    }

    /// The platform permissions, built-in and own, sorted by key.
    pub fn platform_permissions(&self) -> &[PlatformPermission] {
        &self.0.platform.permissions
    }

    /// The platform permission with this key; `None`: unknown or retired.
    pub fn platform_permission(&self, key: &str) -> Option<&PlatformPermission> {
        self.0.platform.index(key).map(|index| &self.0.platform.permissions[index])
    }

    /// What roles give here and did not give before, by permission and the stage where it counts (`None`: every stage, later ones too). One of
    /// these stages may be one that comes later (`Platform::foreseen`).
    pub(super) fn gained_by_roles(&self, before: &Self) -> Vec<(PermissionKey, Option<StageId>)> {
        let mut gained: Vec<_> = self.platform().roles.iter().flat_map(|role| self.gained_by(role, before)).collect();
        gained.sort();
        gained.dedup();
        gained
    }

    /// The roles that give less in another catalogue than here: what this one gains over it, they lose.
    pub(super) fn lessened_in(&self, after: &Self) -> Vec<OrganizationRoleId> {
        self.platform().roles.iter().filter(|role| !self.gained_by(role, after).is_empty()).map(|role| role.row.id).collect()
    }

    /// What a role gives here and did not give before.
    fn gained_by(&self, role: &OrganizationRole, before: &Self) -> Vec<(PermissionKey, Option<StageId>)> {
        // Whoever holds the marker `all` holds all that there is, without anybody giving or taking it.
        if role.all {
            return Vec::new();
        }
        let (now, then) = (self.platform(), before.platform());
        let spot_then = |spot: usize| match now.foreseen.get(spot) {
            Some(stage) => then.foreseen.iter().position(|other| other == stage),
            None => Some(then.foreseen.len()),
        };
        let mut gained = Vec::new();
        let had = then.role_by_id.get(&role.row.id).map(|index| &then.roles[*index]);
        // A grant at an app may gain what one at the organization has had for long: the permission counts at apps from now on.
        let both =
            [(&role.foreseen_at_organization, had.map(|had| &had.foreseen_at_organization)), (&role.foreseen_at_app, had.map(|had| &had.foreseen_at_app))];
        for (closure, had) in both {
            for (spot, gives) in closure.iter().enumerate() {
                let stage = now.foreseen.get(spot).copied();
                let had = had.and_then(|had| had.get(spot_then(spot)?));
                for permission in gives.ones() {
                    let key = &now.permissions[permission].key;
                    let known = had.zip(then.index(key.as_str())).is_some_and(|(had, index)| had.contains(index));
                    // What counts everywhere counts at each stage: said once.
                    let everywhere = stage.is_some() && closure.last().is_some_and(|every| every.contains(permission));
                    if !known && !everywhere {
                        gained.push((key.clone(), stage));
                    }
                }
            }
        }
        gained
    }

    pub(super) fn platform(&self) -> &Platform {
        &self.0.platform
    }

    pub(super) fn compiled_role(&self, id: OrganizationRoleId) -> Option<&OrganizationRole> {
        self.0.platform.role_by_id.get(&id).map(|index| &self.0.platform.roles[*index])
    }

    pub(super) fn deployment_index(&self, id: DeploymentId) -> Option<usize> {
        self.0.deployments.by_id.get(&id).copied()
    }

    pub(super) fn compiled_deployment(&self, index: usize) -> &Deployment {
        &self.0.deployments.all[index]
    }

    pub(super) fn deployments_compiled(&self) -> &Deployments {
        &self.0.deployments
    }
}
