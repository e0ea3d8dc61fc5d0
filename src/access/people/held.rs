//! What people hold, with the names that readers know and the terms of each grant: a constant number of queries, however many people.

use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, GroupId, OrganizationRoleId, StageId, UserId};
use crate::base::text::{DisplayName, Slug};
use crate::base::time::{Period, Timestamp};
use crate::db::query::Query;
use crate::db::{PeriodColumns, Tx};

macro_rules! end_user_columns {
    () => {
        ", g.role_id, r.name AS role_name, r.deployment_id, d.app_id, a.key AS app_key, a.name AS app_name, d.stage_id, s.key AS stage_key, s.name AS stage_name, \
         g.starts_at, g.ends_at, g.reason, g.granted_by_label, g.granted_at FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id \
         JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id JOIN stages s ON s.id = d.stage_id"
    };
}

/// The terms of a grant or membership.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Terms {
    #[sqlx(flatten)]
    period: PeriodColumns,
    /// Why it was given.
    pub reason: Option<String>,
    /// Who gave it, by the name they had.
    pub granted_by_label: String,
    /// When.
    pub granted_at: Timestamp,
}

impl Terms {
    /// When it is in force.
    pub fn period(&self) -> Period {
        self.period.period()
    }
}

/// An organization role that somebody holds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OrganizationHeld {
    /// Who.
    pub user_id: UserId,
    /// The role.
    pub role_id: OrganizationRoleId,
    /// Its name.
    pub role_name: DisplayName,
    /// The app to which it is limited.
    pub app_id: Option<AppId>,
    /// The name of that app.
    pub app_name: Option<DisplayName>,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// An end-user role that somebody, or a group, holds directly.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EndUserHeld {
    /// Who: a user, or a group whose members hold it.
    pub holder_id: uuid::Uuid,
    /// The role.
    pub role_id: EndUserRoleId,
    /// Its name.
    pub role_name: DisplayName,
    /// The deployment that owns it.
    pub deployment_id: DeploymentId,
    /// The app.
    pub app_id: AppId,
    /// Its key.
    pub app_key: Slug,
    /// Its name.
    pub app_name: DisplayName,
    /// The stage.
    pub stage_id: StageId,
    /// Its key.
    pub stage_key: Slug,
    /// Its name.
    pub stage_name: DisplayName,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// A group that somebody is in.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupHeld {
    /// Who.
    pub user_id: UserId,
    /// The group.
    pub group_id: GroupId,
    /// Its name.
    pub group_name: DisplayName,
    /// Its stage.
    pub stage_id: StageId,
    /// The name of that.
    pub stage_name: DisplayName,
    /// Where the membership comes from.
    pub source: String,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// Everything that some people hold.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Organization roles.
    pub organization: Vec<OrganizationHeld>,
    /// End-user roles, given directly.
    pub end_user: Vec<EndUserHeld>,
    /// Groups.
    pub groups: Vec<GroupHeld>,
    /// The end-user roles of those groups.
    pub of_groups: Vec<EndUserHeld>,
}

/// What these people hold, by name.
pub async fn held(tx: &mut Tx, people: &[UserId]) -> Result<Held, Fault> {
    if people.is_empty() {
        return Ok(Held::default());
    }
    let ids = || people.iter().copied().map(UserId::uuid);
    let mut organization = Query::new(
        "SELECT g.user_id, g.role_id, r.name AS role_name, g.app_id, a.name AS app_name, g.starts_at, g.ends_at, g.reason, g.granted_by_label, g.granted_at
         FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id LEFT JOIN apps a ON a.id = g.app_id WHERE g.user_id IN ",
    );
    organization.list(ids()).push(" ORDER BY r.name, a.name");
    let mut end_user = Query::new(concat!("SELECT g.user_id AS holder_id", end_user_columns!(), " WHERE g.user_id IN "));
    end_user.list(ids()).push(" ORDER BY s.position DESC, a.name, r.name");
    let mut groups = Query::new(
        "SELECT m.user_id, m.group_id, t.name AS group_name, t.stage_id, s.name AS stage_name, m.source, m.starts_at, m.ends_at, m.reason, m.granted_by_label,
         m.granted_at FROM memberships m JOIN groups t ON t.id = m.group_id JOIN stages s ON s.id = t.stage_id WHERE m.user_id IN ",
    );
    groups.list(ids()).push(" ORDER BY s.position DESC, t.name");
    let groups: Vec<GroupHeld> = groups.all(tx).await?;
    let of_groups = of_groups(tx, groups.iter().map(|group| group.group_id)).await?;
    Ok(Held { organization: organization.all(tx).await?, end_user: end_user.all(tx).await?, groups, of_groups })
}

/// The end-user roles that groups hold.
pub async fn of_groups(tx: &mut Tx, groups: impl IntoIterator<Item = GroupId>) -> Result<Vec<EndUserHeld>, Fault> {
    let ids: std::collections::BTreeSet<_> = groups.into_iter().map(GroupId::uuid).collect();
    let mut query = Query::new(concat!("SELECT g.group_id AS holder_id", end_user_columns!(), " WHERE g.group_id IN "));
    query.list(ids).push(" ORDER BY s.position DESC, a.name, r.name");
    query.all(tx).await
}
