//! Reading the rows that `effective` works on, a constant number of queries each, and keeping them while they are true.
//!
//! The configuration is kept under its counter, a subject's holdings under theirs. The counters rise in the transaction of
//! each change and are read before the data, so what is kept is never older than its counter says, on every node, with no
//! message between nodes. `effective` itself runs anew each time: periods need no clock-driven forgetting.

mod many;

pub use many::{STEP, clients, groups, users};

use super::app::SignIn;
use super::app::deployment::{self, Deployment};
use super::app::{self, App};
use super::catalogue::{AppPermissionRow, AppRow, Catalogue, Counts, DeploymentRow, EndUserRoleRow, OrganizationRoleRow, RoleEntryRow, Rows, StageRow};
use super::effective::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow};
use super::permission::PlatformPermission;
use super::stage::{self, Purpose, SessionPolicy, Stage};
use crate::base::fault::Fault;
use crate::base::id::{
    AppId, AppPermissionId, ClientId, DeploymentId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId,
    UserId,
};
use crate::base::text::{PermissionKey, Slug, Verb};
use crate::base::time::{Period, Timestamp};
use crate::db::{Tx, all, one, optional};
use crate::identity::organization::{self, Organization, brand};
use crate::identity::user::Status;
use moka::future::Cache;
use std::collections::HashMap;
use std::sync::{Arc, RwLock};
use std::time::Duration;

/// A user or an API client: whose access it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// A person.
    User(UserId),
    /// A client acting for itself.
    Client(ClientId),
}

/// The configuration at one value of its counter: everything that changes rarely and is asked for all the time.
#[derive(Debug)]
pub struct Snapshot {
    /// The counter.
    pub counter: i64,
    /// Stages, apps, permissions and roles, compiled for `effective`.
    pub catalogue: Catalogue,
    /// The organization, once it was made.
    pub organization: Option<Organization>,
    /// How our pages look.
    pub brand: brand::Brand,
    /// The stages in order, with their session policies.
    pub stages: Vec<Stage>,
    /// The apps with their names.
    pub apps: HashMap<AppId, App>,
    /// The deployments with their resources and home pages.
    pub deployments: HashMap<DeploymentId, Deployment>,
}

impl Snapshot {
    /// A deployment with its app and stage.
    pub fn placed(&self, id: DeploymentId) -> Option<(&Deployment, &App, &Stage)> {
        let deployment = self.deployments.get(&id)?;
        let app = self.apps.get(&deployment.app_id)?;
        let stage = self.stages.iter().find(|stage| stage.id == deployment.stage_id)?;
        Some((deployment, app, stage))
    }

    /// How long sessions of our own pages last, today.
    pub fn portal_sessions(&self) -> SessionPolicy {
        self.organization.as_ref().map(|organization| organization.settings.portal_sessions).unwrap_or_default()
    }

    /// The deployment whose access tokens name this resource in `aud`.
    pub fn by_resource(&self, resource: &str) -> Option<&Deployment> {
        self.deployments.values().find(|deployment| deployment.resource == resource)
    }
}

/// What is kept in memory. One for each process.
#[derive(Debug)]
pub struct Known {
    snapshot: RwLock<Option<Arc<Snapshot>>>,
    /// Held by whoever reads the configuration anew; the others wait for what they read.
    reading: tokio::sync::Mutex<()>,
    holdings: Cache<(Who, i64), Arc<Holdings>>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            snapshot: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            holdings: Cache::builder().max_capacity(5_000).time_to_idle(Duration::from_secs(45)).build(),
        }
    }
}

/// The configuration counter.
pub async fn configuration_counter(tx: &mut Tx) -> Result<i64, Fault> {
    Ok(one!(tx, (i64,), "SELECT counter FROM configuration WHERE id = 1")?.0)
}

impl Known {
    /// The configuration as it is now. After a change one caller reads and compiles it, for all who wait at that moment: each of them has read
    /// the counter itself, so nobody gets anything older than their own transaction sees.
    pub async fn snapshot(&self, tx: &mut Tx) -> Result<Arc<Snapshot>, Fault> {
        let counter = configuration_counter(tx).await?;
        let kept = || self.snapshot.read().ok().and_then(|kept| kept.clone()).filter(|kept| kept.counter == counter);
        if let Some(kept) = kept() {
            return Ok(kept);
        }
        let _reading = self.reading.lock().await;
        if let Some(kept) = kept() {
            return Ok(kept);
        }
        let fresh = Arc::new(snapshot(tx, counter).await?);
        if let Ok(mut kept) = self.snapshot.write() {
            *kept = Some(fresh.clone());
        }
        Ok(fresh)
    }

    /// What a subject holds, given the access version that was read before.
    pub async fn holdings(&self, tx: &mut Tx, who: Who, access_version: i64) -> Result<Arc<Holdings>, Fault> {
        if let Some(kept) = self.holdings.get(&(who, access_version)).await {
            return Ok(kept);
        }
        let fresh = Arc::new(match who {
            Who::User(id) => user(tx, id).await?,
            Who::Client(id) => client(tx, id).await?,
        });
        self.holdings.insert((who, access_version), fresh.clone()).await;
        Ok(fresh)
    }
}

async fn snapshot(tx: &mut Tx, counter: i64) -> Result<Snapshot, Fault> {
    Ok(Snapshot {
        counter,
        catalogue: catalogue(tx).await?,
        organization: organization::load(tx).await?,
        brand: brand::load(tx).await?,
        stages: stage::all(tx).await?,
        apps: app::all(tx).await?.into_iter().map(|app| (app.id, app)).collect(),
        deployments: deployment::all(tx).await?.into_iter().map(|deployment| (deployment.id, deployment)).collect(),
    })
}

/// The configuration, read and compiled.
pub async fn catalogue(tx: &mut Tx) -> Result<Catalogue, Fault> {
    Ok(Catalogue::compile(rows(tx).await?))
}

/// The rows of the configuration.
pub(in crate::access) async fn rows(tx: &mut Tx) -> Result<Rows, Fault> {
    let stages = all!(tx, (StageId, Slug, Purpose, i64), "SELECT id, key, purpose, position FROM stages ORDER BY position, key")?;
    let apps = all!(tx, (AppId, Slug), "SELECT id, key FROM apps")?;
    let deployments = all!(tx, (DeploymentId, AppId, StageId, SignIn), "SELECT id, app_id, stage_id, sign_in FROM deployments")?;
    let app_permissions = all!(tx, (AppPermissionId, DeploymentId, Verb), "SELECT id, deployment_id, verb FROM app_permissions")?;
    let app_implications = all!(tx, (_, _), "SELECT permission_id, implied_id FROM app_implications")?;
    let end_user_roles = all!(tx, (EndUserRoleId, DeploymentId, Slug, bool), "SELECT id, deployment_id, key, shared FROM end_user_roles")?;
    let end_user_role_permissions = all!(tx, (_, _), "SELECT role_id, permission_id FROM end_user_role_permissions")?;
    let listed_roles = all!(tx, (_, _), "SELECT deployment_id, role_id FROM listed_shared_roles")?;
    let own_permissions = all!(tx, (String,), "SELECT definition FROM organization_permissions ORDER BY key")?
        .into_iter()
        .map(|(definition,)| Ok(serde_json::from_str::<PlatformPermission>(&definition)?))
        .collect::<Result<_, Fault>>()?;
    let organization_roles = all!(tx, (OrganizationRoleId, Slug, bool), "SELECT id, key, built_in FROM organization_roles")?;
    let entries =
        all!(tx, (OrganizationRoleId, PermissionKey, String, Option<StageId>), "SELECT role_id, permission, counts, stage_id FROM organization_role_entries")?;
    let organization_role_entries = entries
        .into_iter()
        .map(|(role, permission, counts, stage)| Ok(RoleEntryRow { role, permission, counts: read_counts(&counts, stage)? }))
        .collect::<Result<_, Fault>>()?;
    Ok(Rows {
        stages: stages.into_iter().map(|(id, key, purpose, position)| StageRow { id, key, purpose, position }).collect(),
        apps: apps.into_iter().map(|(id, key)| AppRow { id, key }).collect(),
        deployments: deployments.into_iter().map(|(id, app, stage, sign_in)| DeploymentRow { id, app, stage, sign_in }).collect(),
        app_permissions: app_permissions.into_iter().map(|(id, deployment, verb)| AppPermissionRow { id, deployment, verb }).collect(),
        app_implications,
        end_user_roles: end_user_roles.into_iter().map(|(id, deployment, key, shared)| EndUserRoleRow { id, deployment, key, shared }).collect(),
        end_user_role_permissions,
        listed_roles,
        own_permissions,
        organization_roles: organization_roles.into_iter().map(|(id, key, built_in)| OrganizationRoleRow { id, key, built_in }).collect(),
        organization_role_entries,
    })
}

/// `Counts` as they are stored.
pub(super) fn read_counts(word: &str, stage: Option<StageId>) -> Result<Counts, Fault> {
    match (word, stage, Purpose::parse(word)) {
        ("every_stage", None, _) => Ok(Counts::EveryStage),
        ("stage", Some(stage), _) => Ok(Counts::Stage(stage)),
        (_, None, Some(purpose)) => Ok(Counts::Purpose(purpose)),
        _ => Err(Fault::broken("a stored role entry counts nowhere that we know")),
    }
}

/// How `Counts` is stored.
pub(super) fn write_counts(counts: &Counts) -> (&'static str, Option<StageId>) {
    match counts {
        Counts::EveryStage => ("every_stage", None),
        Counts::Purpose(purpose) => (purpose.as_str(), None),
        Counts::Stage(stage) => ("stage", Some(*stage)),
    }
}

type Since = Option<Timestamp>;

/// What a user holds: four queries, however much it is.
pub async fn user(tx: &mut Tx, id: UserId) -> Result<Holdings, Fault> {
    let standing = optional!(tx, (Status, Since), "SELECT status, email_verified_at FROM users WHERE id = $1", id)?;
    let organization = all!(
        tx,
        (OrganizationGrantId, OrganizationRoleId, Option<AppId>, Since, Since),
        "SELECT id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE user_id = $1",
        id
    )?;
    let memberships = all!(
        tx,
        (MembershipId, GroupId, Slug, StageId, Since, Since),
        "SELECT m.id, g.id, g.key, g.stage_id, m.starts_at, m.ends_at FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id = $1",
        id
    )?;
    let end_user = all!(
        tx,
        (EndUserGrantId, Option<GroupId>, EndUserRoleId, Since, Since),
        "SELECT id, group_id, role_id, starts_at, ends_at FROM end_user_grants
         WHERE user_id = $1 OR group_id IN (SELECT group_id FROM memberships WHERE user_id = $1)",
        id
    )?;
    Ok(Holdings {
        counts: standing.is_some_and(|(status, proved)| status == Status::Active && proved.is_some()),
        organization_grants: organization.into_iter().map(organization_grant).collect(),
        end_user_grants: end_user
            .into_iter()
            .map(|(id, group, role, starts_at, ends_at)| EndUserGrantRow { id, group, role, period: Period { starts_at, ends_at } })
            .collect(),
        memberships: memberships
            .into_iter()
            .map(|(id, group, group_key, stage, starts_at, ends_at)| MembershipRow { id, group, group_key, stage, period: Period { starts_at, ends_at } })
            .collect(),
    })
}

/// What a client holds for itself.
pub async fn client(tx: &mut Tx, id: ClientId) -> Result<Holdings, Fault> {
    let standing = optional!(tx, (Since,), "SELECT suspended_at FROM clients WHERE id = $1", id)?;
    let organization = all!(
        tx,
        (OrganizationGrantId, OrganizationRoleId, Option<AppId>, Since, Since),
        "SELECT id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE client_id = $1",
        id
    )?;
    Ok(Holdings {
        counts: standing.is_some_and(|(suspended,)| suspended.is_none()),
        organization_grants: organization.into_iter().map(organization_grant).collect(),
        end_user_grants: Vec::new(),
        memberships: Vec::new(),
    })
}

fn organization_grant((id, role, app, starts_at, ends_at): (OrganizationGrantId, OrganizationRoleId, Option<AppId>, Since, Since)) -> OrganizationGrantRow {
    OrganizationGrantRow { id, role, app, period: Period { starts_at, ends_at } }
}
