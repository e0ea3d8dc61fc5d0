//! The reverse view: who holds one of some roles, directly or through a group. Lists page from row to row, so an export of everybody
//! never holds more than one page.

use super::store::beyond;
use super::{From, PersonRow, Sort, Terms};
use crate::access::explain::Roles;
use crate::base::fault::Fault;
use crate::base::id::{ClientId, DeploymentId, EndUserRoleId, GroupId, OrganizationRoleId, UserId};
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::HashMap;

/// Who is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// By which roles.
    pub roles: Roles,
    /// Only whoever does so at this moment: the person counts, and grant and membership are in force. `None`: whoever has a grant.
    pub now: Option<Timestamp>,
    /// A folded text in name or address.
    pub search: String,
}

/// From so many holders on it is faster to walk through people in the order of their names and ask about each.
const MANY: i64 = 5_000;

/// `AND` the period of a row with this alias contains an instant.
pub(super) fn in_force(query: &mut Query, now: Option<Timestamp>, texts: [&'static str; 3]) {
    if let Some(now) = now {
        let [start, end, close] = texts;
        query.push(start).bind(now).push(end).bind(now).push(close);
    }
}

pub(super) const OF_GRANT: [&str; 3] = [" AND (g.starts_at IS NULL OR g.starts_at <= ", ") AND (g.ends_at IS NULL OR g.ends_at > ", ")"];
pub(super) const OF_MEMBERSHIP: [&str; 3] = [" AND (m.starts_at IS NULL OR m.starts_at <= ", ") AND (m.ends_at IS NULL OR m.ends_at > ", ")"];

/// One question for each way to hold a role, as a condition on the user `u`: each by itself (`EXISTS`) or as one list of users (`IN`).
fn holds(query: &mut Query, asked: &Holding, each: bool) {
    let roles = &asked.roles;
    query.push(if each { "(1 = 0" } else { "u.id IN (SELECT id FROM users WHERE 1 = 0" });
    let begin = |query: &mut Query, alone: &'static str, listed: &'static str| {
        query.push(if each { alone } else { listed });
    };
    if !roles.end_user.is_empty() {
        let ids = || roles.end_user.iter().map(|role| role.uuid());
        begin(
            query,
            " OR EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = u.id AND g.role_id IN ",
            " UNION SELECT g.user_id FROM end_user_grants g WHERE g.user_id IS NOT NULL AND g.role_id IN ",
        );
        query.list(ids());
        in_force(query, asked.now, OF_GRANT);
        begin(
            query,
            ") OR EXISTS (SELECT 1 FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE m.user_id = u.id AND g.role_id IN ",
            " UNION SELECT m.user_id FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE g.role_id IN ",
        );
        query.list(ids());
        in_force(query, asked.now, OF_GRANT);
        in_force(query, asked.now, OF_MEMBERSHIP);
        begin(query, ")", "");
    }
    let at_app = roles.at_app.as_ref();
    let organization: [(&[OrganizationRoleId], Option<Option<uuid::Uuid>>); 3] =
        [(&roles.at_organization, Some(None)), (at_app.map_or(&[][..], |(_, roles)| roles), at_app.map(|(app, _)| Some(app.uuid()))), (&roles.anywhere, None)];
    for (ids, app) in organization.into_iter().filter(|(ids, _)| !ids.is_empty()) {
        begin(
            query,
            " OR EXISTS (SELECT 1 FROM organization_grants g WHERE g.user_id = u.id AND g.role_id IN ",
            " UNION SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL AND g.role_id IN ",
        );
        query.list(ids.iter().map(|role| role.uuid()));
        at(query, app);
        in_force(query, asked.now, OF_GRANT);
        begin(query, ")", "");
    }
    query.push(")");
}

#[allow(clippy::option_option)] // any grant, one at the organization, one at an app
fn at(query: &mut Query, app: Option<Option<uuid::Uuid>>) {
    match app {
        None => {}
        Some(None) => {
            query.push(" AND g.app_id IS NULL");
        }
        Some(Some(app)) => {
            query.push(" AND g.app_id = ").bind(app);
        }
    }
}

fn conditions(asked: &Holding, each: bool) -> Query {
    let mut query = Query::new("");
    if asked.now.is_some() {
        query.push(" AND u.status = 'active' AND u.email_verified_at IS NOT NULL");
    }
    if !asked.search.is_empty() {
        query.push(" AND ").contains("u.search_text", &asked.search);
    }
    query.push(" AND ");
    holds(&mut query, asked, each);
    query
}

/// How many there are, up to `most`.
pub async fn count(tx: &mut Tx, asked: &Holding, most: i64) -> Result<i64, Fault> {
    let mut query = Query::new("SELECT 1 AS one FROM users u WHERE u.id IS NOT NULL");
    query.append(&conditions(asked, false));
    query.count(tx, most).await
}

/// Up to `limit` of them by name, from a place on; `many`: what `are_many` said.
pub async fn list(tx: &mut Tx, asked: &Holding, from: &From, limit: usize, many: bool) -> Result<Vec<PersonRow>, Fault> {
    let mut query = Query::new("SELECT u.id, u.email, u.name, u.status, u.last_login_at, u.created_at, u.sort_key FROM users u WHERE u.id IS NOT NULL");
    query.append(&conditions(asked, many));
    let backwards = matches!(from, From::Before(_));
    if let From::After(cursor) | From::Before(cursor) = from {
        beyond(&mut query, Sort::Name, cursor, backwards);
    }
    query
        .push(if backwards { " ORDER BY u.sort_key DESC, u.id DESC LIMIT " } else { " ORDER BY u.sort_key, u.id LIMIT " })
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = query.all::<PersonRow>(tx).await?;
    if backwards {
        rows.reverse();
    }
    Ok(rows)
}

/// Whether so many hold it that they are better asked one by one.
pub const fn are_many(count: i64) -> bool {
    count >= MANY
}

/// An API client that holds an organization role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClientRow {
    /// Which.
    pub id: ClientId,
    /// Its public name.
    pub client_id: String,
    /// Its name.
    pub name: DisplayName,
    /// Since when it is suspended.
    pub suspended_at: Option<Timestamp>,
}

/// `FROM clients c`: those that hold one of the roles.
fn holding_clients(query: &mut Query, asked: &Holding) {
    query.push(" FROM clients c WHERE c.id IN (SELECT id FROM clients WHERE 1 = 0");
    let roles = &asked.roles;
    let of = |query: &mut Query, ids: &[OrganizationRoleId], app: Option<Option<uuid::Uuid>>| {
        query.push(" UNION SELECT g.client_id FROM organization_grants g WHERE g.client_id IS NOT NULL AND g.role_id IN ");
        query.list(ids.iter().map(|role| role.uuid()));
        at(query, app);
        in_force(query, asked.now, OF_GRANT);
    };
    of(query, &roles.at_organization, Some(None));
    if let Some((app, roles)) = &roles.at_app {
        of(query, roles, Some(Some(app.uuid())));
    }
    of(query, &roles.anywhere, None);
    query.push(")");
    if asked.now.is_some() {
        query.push(" AND c.suspended_at IS NULL");
    }
}

/// Up to `limit` API clients that hold one of the roles, by name, after one of them.
pub async fn clients(tx: &mut Tx, asked: &Holding, after: Option<&ClientRow>, limit: usize) -> Result<Vec<ClientRow>, Fault> {
    let mut query = Query::new("SELECT c.id, c.client_id, c.name, c.suspended_at");
    holding_clients(&mut query, asked);
    if let Some(after) = after {
        query.push(" AND (c.name, c.client_id) > (").bind(after.name.as_str()).push(", ").bind(after.client_id.as_str()).push(")");
    }
    query.push(" ORDER BY c.name, c.client_id LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    query.all(tx).await
}

/// How many API clients hold one of the roles.
pub async fn count_clients(tx: &mut Tx, asked: &Holding) -> Result<i64, Fault> {
    let mut query = Query::new("SELECT 1 AS one");
    holding_clients(&mut query, asked);
    query.count(tx, i64::MAX).await
}

/// A group that holds a role.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct GroupRow {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: DisplayName,
    /// How many members it has.
    pub members: i64,
    /// The terms of its grant.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// Up to `limit` groups that hold a role, by name, after one of them, and how many members each has.
pub async fn groups(tx: &mut Tx, role: EndUserRoleId, after: Option<&GroupRow>, limit: usize) -> Result<Vec<GroupRow>, Fault> {
    let mut query = Query::new(
        "SELECT t.id, t.name, (SELECT COUNT(DISTINCT m.user_id) FROM memberships m WHERE m.group_id = t.id) AS members, g.starts_at, g.ends_at, g.reason,
         g.granted_by_label, g.granted_at FROM end_user_grants g JOIN groups t ON t.id = g.group_id WHERE g.role_id = ",
    );
    query.bind(role.uuid());
    if let Some(after) = after {
        query.push(" AND (t.name, t.id) > (").bind(after.name.as_str()).push(", ").bind(after.id.uuid()).push(")");
    }
    query.push(" ORDER BY t.name, t.id LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    query.all(tx).await
}

/// How many groups hold a role.
pub async fn count_groups(tx: &mut Tx, role: EndUserRoleId) -> Result<i64, Fault> {
    let mut query = Query::new("SELECT 1 AS one FROM end_user_grants WHERE group_id IS NOT NULL AND role_id = ");
    query.bind(role.uuid());
    query.count(tx, i64::MAX).await
}

/// When these people were last signed in to a deployment.
pub async fn last_sign_ins(tx: &mut Tx, deployment: DeploymentId, people: &[UserId]) -> Result<HashMap<UserId, Timestamp>, Fault> {
    let mut query = Query::new("SELECT user_id, last_at FROM sign_ins WHERE deployment_id = ");
    query.bind(deployment.uuid()).push(" AND user_id IN ").list(people.iter().map(|id| id.uuid()));
    Ok(query.all::<(UserId, Timestamp)>(tx).await?.into_iter().collect())
}
