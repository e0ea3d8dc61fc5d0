//! Access that ends soon by itself.

use super::Sight;
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, GroupId, StageId, UserId};
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;

/// Something that a person or a group holds and that ends.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Ending {
    /// The person; `None`: a group holds it.
    pub user_id: Option<UserId>,
    /// Their address.
    pub email: Option<String>,
    /// Their name, if they gave one, or that of the group.
    pub name: Option<DisplayName>,
    /// The role or group.
    pub what: DisplayName,
    /// The app of the role.
    pub app: Option<DisplayName>,
    /// The stage of the role or group.
    pub stage: Option<DisplayName>,
    /// When.
    pub ends_at: Timestamp,
    /// The group; `None`: a person holds it.
    pub group_id: Option<GroupId>,
}

impl Ending {
    /// The name, or the address of somebody without one.
    pub fn label(&self) -> &str {
        self.name.as_ref().map(DisplayName::as_str).or(self.email.as_deref()).unwrap_or_default()
    }
}

/// What ends after `now` and by `until`, as far as the reader may see it: the nearest end first, up to `limit`. `groups_at`: the stages
/// whose groups the reader sees, with all that these hold. What somebody holds who is shut out counts for nothing anyway.
pub async fn endings(tx: &mut Tx, sight: &Sight, groups_at: &[StageId], now: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<Ending>, Fault> {
    let here = || sight.end_users.iter().copied().map(DeploymentId::uuid);
    let mut query = Query::new(
        "SELECT u.id AS user_id, u.email, u.name, r.name AS what, a.name AS app, CAST(NULL AS TEXT) AS stage, g.ends_at,
         CAST(NULL AS UUID) AS group_id FROM organization_grants g
         JOIN users u ON u.id = g.user_id JOIN organization_roles r ON r.id = g.role_id LEFT JOIN apps a ON a.id = g.app_id
         WHERE u.status <> 'inactive' AND g.ends_at > ",
    );
    query.bind(now).push(" AND g.ends_at <= ").bind(until);
    if !sight.everybody && !sight.members {
        query.push(" AND 1 = 0");
    }
    query.push(
        " UNION ALL SELECT u.id, u.email, u.name, r.name, a.name, s.name, g.ends_at, CAST(NULL AS UUID) FROM end_user_grants g JOIN users u ON u.id = g.user_id
         JOIN end_user_roles r ON r.id = g.role_id JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id
         JOIN stages s ON s.id = d.stage_id WHERE u.status <> 'inactive' AND g.ends_at > ",
    );
    query.bind(now).push(" AND g.ends_at <= ").bind(until);
    if !sight.everybody {
        query.push(" AND r.deployment_id IN ").list(here());
    }
    query.push(
        " UNION ALL SELECT u.id, u.email, u.name, t.name, CAST(NULL AS TEXT), s.name, m.ends_at, CAST(NULL AS UUID) FROM memberships m
         JOIN users u ON u.id = m.user_id JOIN groups t ON t.id = m.group_id JOIN stages s ON s.id = t.stage_id WHERE u.status <> 'inactive' AND m.ends_at > ",
    );
    query.bind(now).push(" AND m.ends_at <= ").bind(until);
    if !sight.everybody {
        query.push(" AND EXISTS (SELECT 1 FROM end_user_grants e JOIN end_user_roles r ON r.id = e.role_id WHERE e.group_id = t.id AND r.deployment_id IN ");
        query.list(here()).push(")");
    }
    // CROSS JOIN: SQLite takes the tables in this order. Groups are few beside the people who hold roles themselves.
    query.push(
        " UNION ALL SELECT CAST(NULL AS UUID), CAST(NULL AS TEXT), t.name, r.name, a.name, s.name, g.ends_at, t.id FROM groups t
         CROSS JOIN end_user_grants g JOIN end_user_roles r ON r.id = g.role_id JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id
         JOIN stages s ON s.id = t.stage_id WHERE g.group_id = t.id AND g.ends_at > ",
    );
    query.bind(now).push(" AND g.ends_at <= ").bind(until);
    query.push(" AND t.stage_id IN ").list(groups_at.iter().copied().map(StageId::uuid));
    query.push(" ORDER BY 7, 2, 3, 4 LIMIT ").bind(limit);
    query.all(tx).await
}
