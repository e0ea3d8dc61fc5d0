//! What a list asks of people's own rows: where they stand, where their addresses are, when they signed in.
//!
//! Few of many are found by an index of their own and sorted; where there are many, a page of them is full soon along the order of the list.

use super::{Away, Filter, Side};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;
use crate::identity::user::Status;
use std::collections::BTreeSet;
use std::time::Duration;

/// From so many on, a page is full sooner along the order of the list.
pub(super) const MANY: i64 = 2_000;

/// The place of a standing among the others, as `users_standing` has it.
macro_rules! standing {
    () => {
        "CASE u.status WHEN 'invited' THEN 0 WHEN 'pending_registration' THEN 1 WHEN 'active' THEN 2 ELSE 3 END"
    };
}
pub(super) use standing;

/// The same of a row at hand.
pub(super) const fn rank(status: Status) -> u8 {
    match status {
        Status::Invited => 0,
        Status::PendingRegistration => 1,
        Status::Active => 2,
        Status::Inactive => 3,
    }
}

/// What the rows are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// A page, in the order of the list.
    Page,
    /// A count, in any order.
    Count,
}

/// The conditions on the rows `u` of people, and `s` of those searched, each beginning with `AND`.
pub(super) async fn conditions(tx: &mut Tx, filter: &Filter, purpose: For) -> Result<Query, Fault> {
    let mut query = Query::new("");
    if !filter.search.is_empty() {
        query.push(" AND ").contains("s.search_text", &filter.search);
    }
    if let Some(status) = filter.status {
        let by_index = with(concat!(standing!(), " = "), i64::from(rank(status)));
        narrow(tx, &mut query, purpose, by_index, with("u.status = ", status.as_str())).await?;
    }
    if filter.counts {
        query.push(" AND u.status = ").bind(Status::Active.as_str()).push(" AND u.email_verified_at IS NOT NULL");
    }
    // Nobody's address is at none of no domains: then nobody is told apart.
    if let Some((side, domains)) = filter.side.as_ref().filter(|(_, domains)| !domains.is_empty()) {
        // COALESCE: where most are at one of them, SQLite is not to begin with the domain.
        let by_row = at_domains("COALESCE(u.email_domain, u.email_domain)", *side, domains);
        narrow(tx, &mut query, purpose, at_domains("u.email_domain", *side, domains), by_row).await?;
    }
    if let Some(away) = filter.away {
        is_away(tx, &mut query, filter, away, purpose).await?;
    }
    Ok(query)
}

fn with(text: &'static str, value: impl Into<crate::db::query::Value>) -> Query {
    let mut query = Query::new(text);
    query.bind(value);
    query
}

/// `AND` a condition on `u`: as an index answers it, or as each row does.
async fn narrow(tx: &mut Tx, query: &mut Query, purpose: For, by_index: Query, by_row: Query) -> Result<(), Fault> {
    if purpose == For::Count {
        query.push(" AND ").append(&by_index);
        return Ok(());
    }
    let mut few = Query::new("SELECT u.id FROM users u WHERE ");
    few.append(&by_index);
    match at_most(tx, few, MANY).await? {
        Some(ids) => query.push(" AND u.id IN ").list(ids.iter().map(|id| id.uuid())),
        None => query.push(" AND ").append(&by_row),
    };
    Ok(())
}

/// Whom a query finds, if its rows are fewer than `many`.
pub(super) async fn at_most(tx: &mut Tx, mut query: Query, many: i64) -> Result<Option<BTreeSet<UserId>>, Fault> {
    query.push(" LIMIT ").bind(many);
    let rows = query.all::<(UserId,)>(tx).await?;
    let few = i64::try_from(rows.len()).is_ok_and(|found| found < many);
    Ok(few.then(|| rows.into_iter().map(|(id,)| id).collect()))
}

/// Whom a query finds.
pub(super) async fn all(tx: &mut Tx, query: Query) -> Result<BTreeSet<UserId>, Fault> {
    Ok(query.all::<(UserId,)>(tx).await?.into_iter().map(|(id,)| id).collect())
}

/// Who did not sign in for so long, at the app or stage of the list if it has one.
async fn is_away(tx: &mut Tx, query: &mut Query, filter: &Filter, away: Away, purpose: For) -> Result<(), Fault> {
    let days = match away {
        Away::Never => None,
        Away::Month => Some(30),
        Away::Quarter => Some(90),
    };
    let since = days.map(|days| filter.now.minus(Duration::from_hours(24 * days)));
    if let Some(there) = &filter.there {
        there.is_away(query, "u.id", since);
    } else {
        // A range of the indexed expression, also for those who never did: asked for the one value, SQLite would gather and sort all of them
        // where it can walk along the order of the list.
        let last = with("COALESCE(u.last_login_at, 0) < ", since.map_or(1, Timestamp::micros));
        narrow(tx, query, purpose, last.clone(), last).await?;
    }
    // Whoever came yesterday and has not signed in yet is not missing.
    if let Some(since) = since {
        query.push(" AND u.created_at < ").bind(since);
    }
    Ok(())
}

/// Whether the domain of an address is one of these, or none of them.
fn at_domains(column: &'static str, side: Side, domains: &[String]) -> Query {
    let mut query = Query::new(column);
    query.push(match side {
        Side::Internal => " IN ",
        Side::External => " NOT IN ",
    });
    query.list(domains.iter().map(String::as_str));
    query
}
