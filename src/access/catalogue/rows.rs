//! The plain rows from which a catalogue is compiled. Rows that refer to something absent count for nothing.

use crate::access::app::SignIn;
use crate::access::permission::PlatformPermission;
use crate::access::stage::Purpose;
use crate::base::id::{AppId, AppPermissionId, DeploymentId, EndUserRoleId, OrganizationRoleId, StageId};
use crate::base::text::{PermissionKey, Slug, Verb};

/// Everything that access depends on, people and their grants apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// The stages.
    pub stages: Vec<StageRow>,
    /// The apps.
    pub apps: Vec<AppRow>,
    /// The apps at stages.
    pub deployments: Vec<DeploymentRow>,
    /// What each deployment lets people do.
    pub app_permissions: Vec<AppPermissionRow>,
    /// Which app permission brings which, inside one deployment.
    pub app_implications: Vec<(AppPermissionId, AppPermissionId)>,
    /// The end-user roles.
    pub end_user_roles: Vec<EndUserRoleRow>,
    /// Which permissions of its own deployment an end-user role has.
    pub end_user_role_permissions: Vec<(EndUserRoleId, AppPermissionId)>,
    /// Which shared roles of other apps a deployment lists.
    pub listed_roles: Vec<(DeploymentId, EndUserRoleId)>,
    /// The organization's own platform permissions (`x-...`).
    pub own_permissions: Vec<PlatformPermission>,
    /// The organization roles, built-in ones included.
    pub organization_roles: Vec<OrganizationRoleRow>,
    /// What custom organization roles give; rows of built-in roles are ignored.
    pub organization_role_entries: Vec<RoleEntryRow>,
}

/// A stage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StageRow {
    /// Its id.
    pub id: StageId,
    /// Its key.
    pub key: Slug,
    /// What it is for.
    pub purpose: Purpose,
    /// Its place among the stages, Development first.
    pub position: i64,
}

/// An app.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppRow {
    /// Its id.
    pub id: AppId,
    /// Its key.
    pub key: Slug,
}

/// An app at a stage.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeploymentRow {
    /// Its id.
    pub id: DeploymentId,
    /// The app.
    pub app: AppId,
    /// The stage.
    pub stage: StageId,
    /// Who may sign in.
    pub sign_in: SignIn,
}

/// A permission that a deployment owns.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AppPermissionRow {
    /// Its id.
    pub id: AppPermissionId,
    /// The owner.
    pub deployment: DeploymentId,
    /// Its name in claims.
    pub verb: Verb,
}

/// An end-user role of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndUserRoleRow {
    /// Its id.
    pub id: EndUserRoleId,
    /// The owner.
    pub deployment: DeploymentId,
    /// Its name in claims.
    pub key: Slug,
    /// Whether other apps of the stage may list it.
    pub shared: bool,
}

/// An organization role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrganizationRoleRow {
    /// Its id.
    pub id: OrganizationRoleId,
    /// Its name in claims.
    pub key: Slug,
    /// Whether its entries come from the binary.
    pub built_in: bool,
}

/// One permission of an organization role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RoleEntryRow {
    /// The role.
    pub role: OrganizationRoleId,
    /// The permission; an unknown key counts for nothing.
    pub permission: PermissionKey,
    /// Where it counts.
    pub counts: Counts,
}

/// The stages at which a role's permission counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Counts {
    /// Every stage, later ones too, and the organization itself.
    EveryStage,
    /// The stages of a purpose.
    Purpose(Purpose),
    /// One stage.
    Stage(StageId),
}
