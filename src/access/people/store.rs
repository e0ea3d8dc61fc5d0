use super::holders::{OF_GRANT, in_force};
use super::rows::{self, For, standing};
use super::ways::{self, Roles, Ways};
use super::{Access, Away, Cursor, Filter, From, PersonRow, Sight, Sort};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, UserId};
use crate::base::text::DisplayName;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What so many hold is better asked of each person along the order of the list than gathered from all who hold it.
const MANY: i64 = 5_000;
/// The same for a count, which ends at 10,000: only where a good part of all people hold it does asking each of them end early.
const VERY_MANY: i64 = 20_000;

/// The conditions of a filter and of what the reader may see, each beginning with `AND`.
async fn conditions(tx: &mut Tx, sight: &Sight, filter: &Filter, purpose: For) -> Result<Query, Fault> {
    let mut query = rows::conditions(tx, filter, purpose).await?;
    match filter.access {
        // Whoever sees some people only must not learn by a filter what else those hold.
        Some(Access::Members) if !sight.everybody && !sight.members => {
            query.push(" AND 1 = 0");
        }
        Some(Access::Nothing) if !sight.everybody => {
            query.push(" AND 1 = 0");
        }
        // Few of many: their list is short, so it is made once.
        Some(Access::Members) => {
            query.push(" AND u.id IN (SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL");
            in_force(&mut query, Some(filter.now), OF_GRANT);
            query.push(")");
        }
        Some(Access::Nothing) => match rows::at_most(tx, ways::without(filter.now), rows::MANY).await? {
            Some(all) => are(&mut query, &all),
            None => ways::holds_nothing(query.push(" AND "), user(filter), filter.now),
        },
        Some(Access::EndUsers) | None => {}
    }
    for ways in ways(sight, filter) {
        let many = if purpose == For::Page { MANY } else { VERY_MANY };
        let times = ways.holders().count(tx, many).await?;
        match purpose {
            _ if times == many => ways.each(query.push(" AND "), user(filter)),
            // Told how few they are, PostgreSQL does not walk along everybody.
            For::Page => are(&mut query, &rows::all(tx, ways.holders()).await?),
            For::Count => ways.gathered(query.push(" AND "), user(filter)),
        }
    }
    Ok(query)
}

/// `AND` somebody is one of these.
fn are(query: &mut Query, people: &BTreeSet<UserId>) {
    query.push(" AND u.id IN ").list(people.iter().map(|id| id.uuid()));
}

/// The column that says who somebody is, in the table that is walked along.
const fn user(filter: &Filter) -> &'static str {
    if filter.search.is_empty() { "u.id" } else { "s.user_id" }
}

/// In which ways end-user roles must be held by those whom the filter leaves, and by those whom the reader may see.
fn ways<'a>(sight: &'a Sight, filter: &'a Filter) -> Vec<Ways<'a>> {
    let mut ways = Vec::new();
    if filter.access == Some(Access::EndUsers) {
        let roles = if sight.everybody { Roles::Any } else { Roles::Of(&sight.end_users) };
        ways.push(Ways::by(roles, Some(filter.now)));
    }
    ways.extend(filter.there.as_ref().map(|there| there.ways(filter.now)));
    if !sight.everybody {
        ways.push(seen(sight));
    }
    ways
}

/// By what the reader may see somebody: also by what has ended or not begun, as it stands on their page.
fn seen(sight: &Sight) -> Ways<'_> {
    Ways { members: sight.members, ..Ways::by(Roles::Of(&sight.end_users), None) }
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
    query.list(users.iter().copied().map(UserId::uuid)).push(" AND ");
    seen(sight).each(&mut query, "u.id");
    Ok(query.all::<(UserId,)>(tx).await?.into_iter().map(|(user,)| user).collect())
}

/// How many there are, up to `most`.
pub async fn count(tx: &mut Tx, sight: &Sight, filter: &Filter, most: i64) -> Result<i64, Fault> {
    if let Some(found) = count_holders(tx, sight, filter, most).await? {
        return Ok(found);
    }
    let mut query = Query::new("SELECT 1 AS one ");
    query.push(from_where(filter)).append(&conditions(tx, sight, filter, For::Count).await?);
    query.count(tx, most).await
}

/// How many there are where nothing is asked but what they hold, and whether they never used it: nobody's row is looked at. `None`: that does
/// not answer it.
async fn count_holders(tx: &mut Tx, sight: &Sight, filter: &Filter, most: i64) -> Result<Option<i64>, Fault> {
    let unused = filter.there.as_ref().filter(|_| filter.away == Some(Away::Never));
    if filter.asks_of_rows() || filter.away.is_some() && unused.is_none() {
        return Ok(None);
    }
    match (filter.access, ways(sight, filter).as_slice()) {
        (Some(Access::Nothing), []) => Ok(Some(ways::without(filter.now).count(tx, most).await?)),
        (Some(Access::EndUsers) | None, [ways]) => ways.count(tx, most, unused).await,
        _ => Ok(None),
    }
}

/// Up to `limit` rows from a place on, in the order of the list.
pub async fn list(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, from: &From, limit: usize) -> Result<Vec<PersonRow>, Fault> {
    let narrowed = conditions(tx, sight, filter, For::Page).await?;
    let mut rows = page(&narrowed, filter, sort, from, limit).all::<PersonRow>(tx).await?;
    if matches!(from, From::Before(_)) {
        rows.reverse();
    }
    Ok(rows)
}

const COLUMNS: &str = "SELECT u.id, u.email, u.name, u.status, u.last_login_at, u.created_at, u.sort_key ";

/// What is asked for a page. Backwards its rows come in the other order.
fn page(narrowed: &Query, filter: &Filter, sort: Sort, from: &From, limit: usize) -> Query {
    let mut query = Query::new(COLUMNS);
    query.push(from_where(filter)).append(narrowed);
    ordered(&mut query, filter, sort, from, limit);
    query
}

/// From a place on, in the order of the list, and so many.
fn ordered(query: &mut Query, filter: &Filter, sort: Sort, from: &From, limit: usize) {
    let backwards = matches!(from, From::Before(_));
    if let From::After(cursor) | From::Before(cursor) = from {
        match sort {
            Sort::Name if !filter.search.is_empty() => after_name(query, "(s.sort_key, s.user_id)", cursor, !backwards),
            _ => beyond(query, sort, cursor, backwards),
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
        query.push(" AND (EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id AND m.group_id = ").bind(group.uuid()).push(") OR ");
        seen(sight).each(&mut query, "u.id");
        query.push(")");
    }
    query.all(tx).await
}

#[cfg(test)]
mod tests;
