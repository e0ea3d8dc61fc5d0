//! What a group is to people: its members, the roles it may hold, and who would lose what without it.

pub use super::held::of_groups;

use super::store::beyond;
use super::{Cursor, From, PersonRow, Sort, Terms};
use crate::base::fault::Fault;
use crate::base::id::{AppId, EndUserRoleId, GroupId, StageId, UserId};
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all, one, optional};
use crate::identity::group::ASSIGNED;

/// A member of a group.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Member {
    /// Who.
    #[sqlx(flatten)]
    pub person: PersonRow,
    /// Since when, until when, by whom and why.
    #[sqlx(flatten)]
    pub terms: Terms,
}

fn searched(query: &mut Query, search: &str) {
    if !search.is_empty() {
        query.push(" AND ").contains("u.search_text", search);
    }
}

/// From so many members on, a page of them is found faster by walking through people in the order of their names.
const MANY: i64 = 5_000;

/// Up to `limit` members by name, from a place on. `search` is folded.
pub async fn members(tx: &mut Tx, group: GroupId, search: &str, from: &From, limit: usize) -> Result<Vec<Member>, Fault> {
    let many = count_members(tx, group, "", MANY).await? == MANY;
    let mut query = Query::new(
        "SELECT u.id, u.email, u.name, u.status, u.last_login_at, u.created_at, u.sort_key, m.starts_at, m.ends_at, m.reason, m.granted_by_label, m.granted_at",
    );
    // CROSS JOIN: SQLite takes the tables in this order. A few members are all read and sorted, however many people there are.
    query.push(if many { " FROM users u CROSS JOIN memberships m" } else { " FROM memberships m CROSS JOIN users u" });
    query.push(" WHERE u.id = m.user_id AND m.group_id = ").bind(group.uuid());
    searched(&mut query, search);
    let backwards = matches!(from, From::Before(_));
    if let From::After(cursor) | From::Before(cursor) = from {
        beyond(&mut query, Sort::Name, cursor, backwards);
    }
    query
        .push(if backwards { " ORDER BY u.sort_key DESC, u.id DESC LIMIT " } else { " ORDER BY u.sort_key, u.id LIMIT " })
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = query.all::<Member>(tx).await?;
    if backwards {
        rows.reverse();
    }
    Ok(rows)
}

/// A member whom people made one; `None`: there is none, or an identity provider decides over them.
pub async fn member(tx: &mut Tx, group: GroupId, user: UserId) -> Result<Option<Member>, Fault> {
    Ok(optional!(
        tx,
        Member,
        "SELECT u.id, u.email, u.name, u.status, u.last_login_at, u.created_at, u.sort_key, m.starts_at, m.ends_at, m.reason, m.granted_by_label, m.granted_at
         FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = $1 AND m.user_id = $2 AND m.source = $3",
        group,
        user,
        ASSIGNED
    )?)
}

/// How many members there are, up to `most`.
pub async fn count_members(tx: &mut Tx, group: GroupId, search: &str, most: i64) -> Result<i64, Fault> {
    if search.is_empty() {
        let mut query = Query::new("SELECT 1 AS one FROM memberships WHERE group_id = ");
        query.bind(group.uuid());
        return query.count(tx, most).await;
    }
    let mut query = Query::new("SELECT 1 AS one FROM memberships m CROSS JOIN users u WHERE u.id = m.user_id AND m.group_id = ");
    query.bind(group.uuid());
    searched(&mut query, search);
    query.count(tx, most).await
}

impl Cursor {
    /// The place of a member in the list.
    pub fn at_member(member: &Member) -> Self {
        Self::at(&member.person, Sort::Name)
    }
}

/// A role that groups of a stage may hold.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct RoleChoice {
    /// The role.
    pub id: EndUserRoleId,
    /// Its name.
    pub name: DisplayName,
    /// Whose it is.
    pub app_id: AppId,
    /// The name of that.
    pub app_name: DisplayName,
}

/// The roles of a stage (rule 4: a group holds roles of its own stage only), by app and name.
pub async fn roles_at(tx: &mut Tx, stage: StageId) -> Result<Vec<RoleChoice>, Fault> {
    Ok(all!(
        tx,
        RoleChoice,
        "SELECT r.id, r.name, d.app_id, a.name AS app_name FROM end_user_roles r JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id
         WHERE r.stage_id = $1 ORDER BY a.name, a.id, r.name, r.key",
        stage
    )?)
}

/// How many people hold a role only because a group holds it: they would lose it with the group.
pub async fn only_through(tx: &mut Tx, group: GroupId, role: EndUserRoleId, now: Timestamp) -> Result<i64, Fault> {
    let (count,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT m.user_id) FROM memberships m WHERE m.group_id = $1 AND (m.ends_at IS NULL OR m.ends_at > $3)
         AND NOT EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = m.user_id AND g.role_id = $2
             AND (g.starts_at IS NULL OR g.starts_at <= $3) AND (g.ends_at IS NULL OR g.ends_at > $3))
         AND NOT EXISTS (SELECT 1 FROM memberships o JOIN end_user_grants g ON g.group_id = o.group_id
             WHERE o.user_id = m.user_id AND o.group_id <> $1 AND g.role_id = $2
             AND (o.starts_at IS NULL OR o.starts_at <= $3) AND (o.ends_at IS NULL OR o.ends_at > $3)
             AND (g.starts_at IS NULL OR g.starts_at <= $3) AND (g.ends_at IS NULL OR g.ends_at > $3))",
        group,
        role,
        now
    )?;
    Ok(count)
}

/// How many open invitations offer a membership.
pub async fn offered(tx: &mut Tx, group: GroupId, now: Timestamp) -> Result<i64, Fault> {
    let (count,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT i.id) FROM invitation_offers o JOIN invitations i ON i.id = o.invitation_id
         WHERE o.group_id = $1 AND i.closed_at IS NULL AND i.expires_at > $2",
        group,
        now
    )?;
    Ok(count)
}
