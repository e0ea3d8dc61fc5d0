use super::holders::{OF_GRANT, OF_MEMBERSHIP, in_force};
use super::{Access, Away, Cursor, Filter, From, PersonRow, Side, Sight, Sort};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, GroupId, StageId, UserId};
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::{Query, anywhere};
use crate::identity::user::Status;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Given so many times, what counts in an app is better asked of each person along the order of the list than gathered from all of them.
const MANY: i64 = 5_000;
/// The same for a count, which ends at 10,000: only where most people hold it does asking each of them end early.
const VERY_MANY: i64 = 20_000;

/// The place of a standing among the others, as `users_standing` has it.
macro_rules! standing {
    () => {
        "CASE u.status WHEN 'invited' THEN 0 WHEN 'pending_registration' THEN 1 WHEN 'active' THEN 2 ELSE 3 END"
    };
}

/// The same of a row at hand.
pub(super) const fn standing(status: Status) -> u8 {
    match status {
        Status::Invited => 0,
        Status::PendingRegistration => 1,
        Status::Active => 2,
        Status::Inactive => 3,
    }
}

/// The conditions of a filter and of what the reader may see, each beginning with `AND`. `each`: whether what counts in an app is asked of each.
fn conditions(sight: &Sight, filter: &Filter, each: bool) -> Query {
    let mut query = Query::new("");
    let now = Some(filter.now);
    if !filter.search.is_empty() {
        query.push(" AND s.search_text LIKE ").bind(anywhere(&filter.search)).push(" ESCAPE '\\'");
    }
    if let Some(status) = filter.status {
        query.push(" AND u.status = ").bind(status.as_str());
    }
    if filter.counts {
        query.push(" AND u.status = ").bind(Status::Active.as_str()).push(" AND u.email_verified_at IS NOT NULL");
    }
    match filter.access {
        None => {}
        // Whoever sees some people only must not learn by a filter what else those hold.
        Some(Access::Members) if !sight.everybody && !sight.members => {
            query.push(" AND 1 = 0");
        }
        // Few of many: their list is short, so it is made once.
        Some(Access::Members) => {
            query.push(" AND u.id IN (SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL");
            in_force(&mut query, now, OF_GRANT);
            query.push(")");
        }
        Some(Access::EndUsers) if !sight.everybody => {
            query.push(" AND ");
            holds_seen(&mut query, sight, None, now);
        }
        // Most of many: each is asked for by itself, and a page ends early.
        Some(Access::EndUsers) => {
            query.push(" AND (");
            holds_role(&mut query, now);
            query.push(" OR ");
            holds_by_group(&mut query, now);
            query.push(")");
        }
        Some(Access::Nothing) if !sight.everybody => {
            query.push(" AND 1 = 0");
        }
        Some(Access::Nothing) => {
            query.push(" AND NOT EXISTS (SELECT 1 FROM organization_grants g WHERE g.user_id = u.id");
            in_force(&mut query, now, OF_GRANT);
            query.push(") AND NOT ");
            holds_role(&mut query, now);
            query.push(" AND NOT ");
            holds_by_group(&mut query, now);
        }
    }
    match (filter.stage, &filter.there) {
        // What counts in an app at a stage is held at that stage.
        (_, Some(there)) if there.is_app() => there.holds(&mut query, filter.now, each),
        (None, _) => {}
        (Some(stage), _) if sight.everybody => at_stage(&mut query, stage, now),
        (Some(stage), _) => {
            query.push(" AND ");
            holds_seen(&mut query, sight, Some(stage), now);
        }
    }
    if let Some(away) = filter.away {
        is_away(&mut query, filter, away);
    }
    if let Some((side, domains)) = &filter.side {
        at_domains(&mut query, *side, domains);
    }
    if !sight.everybody {
        seen(&mut query, sight);
    }
    query
}

fn holds_role(query: &mut Query, now: Option<Timestamp>) {
    query.push("EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = u.id");
    in_force(query, now, OF_GRANT);
    query.push(")");
}

fn holds_by_group(query: &mut Query, now: Option<Timestamp>) {
    query.push("EXISTS (SELECT 1 FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE m.user_id = u.id");
    in_force(query, now, OF_GRANT);
    in_force(query, now, OF_MEMBERSHIP);
    query.push(")");
}

fn at_stage(query: &mut Query, stage: StageId, now: Option<Timestamp>) {
    query.push(" AND (EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = u.id AND g.stage_id = ").bind(stage.uuid());
    in_force(query, now, OF_GRANT);
    query.push(") OR EXISTS (SELECT 1 FROM memberships m JOIN groups t ON t.id = m.group_id WHERE m.user_id = u.id AND t.stage_id = ").bind(stage.uuid());
    in_force(query, now, OF_MEMBERSHIP);
    query.push("))");
}

/// Who did not sign in for so long, at the app or stage of the list if it has one. Without one a range of the indexed expression, also for
/// those who never did: asked for the one value, SQLite would gather and sort all of them where it can walk along the order of the list.
fn is_away(query: &mut Query, filter: &Filter, away: Away) {
    let days = match away {
        Away::Never => None,
        Away::Month => Some(30),
        Away::Quarter => Some(90),
    };
    let since = days.map(|days| filter.now.minus(Duration::from_hours(24 * days)));
    match &filter.there {
        Some(there) => there.is_away(query, since),
        None => {
            query.push(" AND COALESCE(u.last_login_at, 0) < ").bind(since.map_or(1, Timestamp::micros));
        }
    }
    // Whoever came yesterday and has not signed in yet is not missing.
    if let Some(since) = since {
        query.push(" AND u.created_at < ").bind(since);
    }
}

/// Whose addresses are at one of these domains, or at none. A domain is made of letters, digits, dots and hyphens: no wildcard is among them.
fn at_domains(query: &mut Query, side: Side, domains: &[String]) {
    query.push(match side {
        Side::Internal => " AND (1 = 0",
        Side::External => " AND NOT (1 = 0",
    });
    for domain in domains {
        query.push(" OR u.email_key LIKE ").bind(format!("%@{domain}"));
    }
    query.push(")");
}

/// Whether the reader may see somebody, also for what has ended or not begun: it stands on their page.
fn seen(query: &mut Query, sight: &Sight) {
    query.push(" AND (");
    if sight.members {
        query.push("u.id IN (SELECT user_id FROM organization_grants WHERE user_id IS NOT NULL) OR ");
    }
    holds_seen(query, sight, None, None);
    query.push(")");
}

/// Whether somebody holds an end-user role that the reader may see, directly or through a group; at a stage, if one is given; at an instant,
/// if one is given.
fn holds_seen(query: &mut Query, sight: &Sight, stage: Option<StageId>, now: Option<Timestamp>) {
    let here = || sight.end_users.iter().copied().map(DeploymentId::uuid);
    let at = |query: &mut Query| {
        if let Some(stage) = stage {
            query.push(" AND r.stage_id = ").bind(stage.uuid());
        }
        in_force(query, now, OF_GRANT);
    };
    query
        .push("(EXISTS (SELECT 1 FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id WHERE g.user_id = u.id AND r.deployment_id IN ")
        .list(here());
    at(query);
    query.push(") OR EXISTS (SELECT 1 FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id JOIN end_user_roles r ON r.id = g.role_id");
    query.push(" WHERE m.user_id = u.id AND r.deployment_id IN ").list(here());
    at(query);
    in_force(query, now, OF_MEMBERSHIP);
    query.push("))");
}

/// The tables. A search walks through the narrow one; CROSS JOIN: SQLite takes them in this order.
fn from_where(filter: &Filter) -> &'static str {
    if filter.search.is_empty() { "FROM users u WHERE u.id IS NOT NULL" } else { "FROM user_search s CROSS JOIN users u WHERE u.id = s.user_id" }
}

/// Which of these people the reader may see.
pub async fn seen_of(tx: &mut Tx, sight: &Sight, users: &[UserId]) -> Result<HashSet<UserId>, Fault> {
    if sight.everybody || users.is_empty() {
        return Ok(users.iter().copied().collect());
    }
    let mut query = Query::new("SELECT u.id FROM users u WHERE u.id IN ");
    query.list(users.iter().copied().map(UserId::uuid));
    seen(&mut query, sight);
    Ok(query.all::<(UserId,)>(tx).await?.into_iter().map(|(user,)| user).collect())
}

/// How many there are, up to `most`.
pub async fn count(tx: &mut Tx, sight: &Sight, filter: &Filter, most: i64) -> Result<i64, Fault> {
    let each = asks_each(tx, filter, VERY_MANY).await?;
    let mut query = Query::new("SELECT 1 AS one ");
    query.push(from_where(filter)).append(&conditions(sight, filter, each));
    query.count(tx, most).await
}

/// Whether what counts in the app of a filter is better asked of each person.
async fn asks_each(tx: &mut Tx, filter: &Filter, times: i64) -> Result<bool, Fault> {
    match &filter.there {
        Some(there) => there.is_given(tx, times).await,
        None => Ok(false),
    }
}

/// Up to `limit` rows from a place on, in the order of the list.
pub async fn list(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, from: &From, limit: usize) -> Result<Vec<PersonRow>, Fault> {
    let each = asks_each(tx, filter, MANY).await?;
    let mut rows = page(sight, filter, sort, from, limit, each).all::<PersonRow>(tx).await?;
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    Ok(rows)
}

/// What is asked for a page. Backwards its rows come in the other order.
fn page(sight: &Sight, filter: &Filter, sort: Sort, from: &From, limit: usize, each: bool) -> Query {
    let mut query = Query::new("SELECT u.id, u.email, u.name, u.status, u.last_login_at, u.created_at, u.sort_key ");
    query.push(from_where(filter)).append(&conditions(sight, filter, each));
    let backwards = matches!(from, From::Before(_));
    if let From::After(cursor) | From::Before(cursor) = from {
        match sort {
            Sort::Name if !filter.search.is_empty() => after_name(&mut query, "(s.sort_key, s.user_id)", cursor, !backwards),
            _ => beyond(&mut query, sort, cursor, backwards),
        }
    }
    query.push(match (sort, backwards) {
        // The names in the narrow table: whatever matches, a page of it ends early.
        (Sort::Name, false) if !filter.search.is_empty() => " ORDER BY s.sort_key, s.user_id",
        (Sort::Name, true) if !filter.search.is_empty() => " ORDER BY s.sort_key DESC, s.user_id DESC",
        (Sort::Name, false) => " ORDER BY u.sort_key, u.id",
        (Sort::Name, true) => " ORDER BY u.sort_key DESC, u.id DESC",
        (Sort::LastSignIn, false) | (Sort::LongestAgo, true) => " ORDER BY COALESCE(u.last_login_at, 0) DESC, u.id DESC",
        (Sort::LastSignIn, true) | (Sort::LongestAgo, false) => " ORDER BY COALESCE(u.last_login_at, 0), u.id",
        (Sort::Newest, false) => " ORDER BY u.id DESC",
        (Sort::Newest, true) => " ORDER BY u.id",
        (Sort::Status, false) => concat!(" ORDER BY ", standing!(), ", u.sort_key, u.id"),
        (Sort::Status, true) => concat!(" ORDER BY ", standing!(), " DESC, u.sort_key DESC, u.id DESC"),
    });
    query.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    query
}

/// The usernames of these people; whoever has none is left out.
pub async fn usernames(tx: &mut Tx, people: &[UserId]) -> Result<HashMap<UserId, DisplayName>, Fault> {
    let mut query = Query::new("SELECT id, preferred_username FROM users WHERE preferred_username IS NOT NULL AND id IN ");
    query.list(people.iter().map(|id| id.uuid()));
    Ok(query.all::<(UserId, DisplayName)>(tx).await?.into_iter().collect())
}

/// What lies beyond a place: larger keys in a rising order read forwards, or in a falling one read backwards.
pub(super) fn beyond(query: &mut Query, sort: Sort, cursor: &Cursor, backwards: bool) {
    let larger = matches!(sort, Sort::Name | Sort::LongestAgo | Sort::Status) != backwards;
    match sort {
        Sort::Name => after_name(query, "(u.sort_key, u.id)", cursor, larger),
        Sort::LastSignIn | Sort::LongestAgo => {
            query.push(if larger { " AND (COALESCE(u.last_login_at, 0), u.id) > (" } else { " AND (COALESCE(u.last_login_at, 0), u.id) < (" });
            query.bind(cursor.number()).push(", ").bind(cursor.id).push(")");
        }
        Sort::Newest => {
            query.push(if larger { " AND u.id > " } else { " AND u.id < " }).bind(cursor.id);
        }
        Sort::Status => {
            let (standing, name) = cursor.key.split_first().map_or((0, &[][..]), |(standing, name)| (*standing, name));
            query.push(concat!(" AND (", standing!(), ", u.sort_key, u.id) ")).push(if larger { "> (" } else { "< (" });
            query.bind(i64::from(standing)).push(", ").bind(name.to_vec()).push(", ").bind(cursor.id).push(")");
        }
    }
}

/// What comes after a place in the order of names, or before it.
fn after_name(query: &mut Query, columns: &'static str, cursor: &Cursor, larger: bool) {
    query.push(" AND ").push(columns).push(if larger { " > (" } else { " < (" });
    query.bind(cursor.key.clone()).push(", ").bind(cursor.id).push(")");
}

/// Somebody whom the reader may know.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Known {
    /// Who.
    pub id: UserId,
    /// The key of their address.
    pub email_key: String,
}

/// Those with one of these addresses (by their keys) or ids whom the reader may know: those whom they see anyway, and the members of a
/// group whose page they read.
pub async fn known(tx: &mut Tx, sight: &Sight, group: GroupId, keys: &[&str], ids: &[UserId]) -> Result<Vec<Known>, Fault> {
    let mut query = Query::new("SELECT u.id, u.email_key FROM users u WHERE (u.email_key IN ");
    query.list(keys.iter().copied()).push(" OR u.id IN ").list(ids.iter().copied().map(UserId::uuid)).push(")");
    if !sight.everybody {
        query.push(" AND (EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_id = ").bind(group.uuid()).push(")");
        if sight.members {
            query.push(" OR EXISTS (SELECT 1 FROM organization_grants g WHERE g.user_id = u.id)");
        }
        query.push(" OR ");
        holds_seen(&mut query, sight, None, None);
        query.push(")");
    }
    query.all(tx).await
}

#[cfg(test)]
mod tests;
