//! What many people hold, for whoever asks `effective` about all of them: pages, exports, previews. A constant number of queries,
//! however many people; ask for `STEP` of them at a time, so that memory stays small.

use super::effective::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow};
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId, UserId};
use crate::base::text::Slug;
use crate::base::time::{Period, Timestamp};
use crate::db::Tx;
use crate::db::query::Query;
use crate::identity::user::Status;
use std::collections::HashMap;

/// How many people are a good batch.
pub const STEP: usize = 500;

type Since = Option<Timestamp>;
type OrganizationRow<I> = (I, OrganizationGrantId, OrganizationRoleId, Option<AppId>, Since, Since);

/// What each of these people holds: five queries. Whoever does not exist holds nothing, and nothing of theirs counts.
pub async fn holdings(tx: &mut Tx, people: &[UserId]) -> Result<HashMap<UserId, Holdings>, Fault> {
    let mut held: HashMap<UserId, Holdings> = people.iter().map(|id| (*id, Holdings::default())).collect();
    if people.is_empty() {
        return Ok(held);
    }
    let asked = |text: &'static str, after: &'static str| {
        let mut query = Query::new(text);
        query.list(people.iter().map(|id| id.uuid())).push(after);
        query
    };
    for (id, status, proved) in asked("SELECT id, status, email_verified_at FROM users WHERE id IN ", "").all::<(UserId, Status, Since)>(tx).await? {
        if let Some(holdings) = held.get_mut(&id) {
            holdings.counts = status == Status::Active && proved.is_some();
        }
    }
    let organization = asked("SELECT user_id, id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE user_id IN ", "");
    for (user, id, role, app, starts_at, ends_at) in organization.all::<OrganizationRow<UserId>>(tx).await? {
        if let Some(holdings) = held.get_mut(&user) {
            holdings.organization_grants.push(OrganizationGrantRow { id, role, app, period: Period { starts_at, ends_at } });
        }
    }
    let direct = asked("SELECT user_id, id, role_id, starts_at, ends_at FROM end_user_grants WHERE user_id IN ", "");
    for (user, id, role, starts_at, ends_at) in direct.all::<(UserId, EndUserGrantId, EndUserRoleId, Since, Since)>(tx).await? {
        if let Some(holdings) = held.get_mut(&user) {
            holdings.end_user_grants.push(EndUserGrantRow { id, group: None, role, period: Period { starts_at, ends_at } });
        }
    }
    let of_groups = asked(
        "SELECT group_id, id, role_id, starts_at, ends_at FROM end_user_grants WHERE group_id IN (SELECT group_id FROM memberships WHERE user_id IN ",
        ")",
    );
    let mut by_group: HashMap<GroupId, Vec<EndUserGrantRow>> = HashMap::new();
    for (group, id, role, starts_at, ends_at) in of_groups.all::<(GroupId, EndUserGrantId, EndUserRoleId, Since, Since)>(tx).await? {
        by_group.entry(group).or_default().push(EndUserGrantRow { id, group: Some(group), role, period: Period { starts_at, ends_at } });
    }
    let memberships = asked(
        "SELECT m.user_id, m.id, g.id, g.key, g.stage_id, m.starts_at, m.ends_at FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id IN ",
        "",
    );
    for (user, id, group, group_key, stage, starts_at, ends_at) in memberships.all::<(UserId, MembershipId, GroupId, Slug, StageId, Since, Since)>(tx).await? {
        let Some(holdings) = held.get_mut(&user) else { continue };
        // Somebody may be in one group from several sources; what it holds comes once.
        if holdings.memberships.iter().all(|other| other.group != group) {
            holdings.end_user_grants.extend(by_group.get(&group).into_iter().flatten().cloned());
        }
        holdings.memberships.push(MembershipRow { id, group, group_key, stage, period: Period { starts_at, ends_at } });
    }
    Ok(held)
}

/// What each of these clients holds for itself: two queries.
pub async fn holdings_of_clients(tx: &mut Tx, clients: &[ClientId]) -> Result<HashMap<ClientId, Holdings>, Fault> {
    let mut held: HashMap<ClientId, Holdings> = clients.iter().map(|id| (*id, Holdings::default())).collect();
    if clients.is_empty() {
        return Ok(held);
    }
    let asked = |text: &'static str| {
        let mut query = Query::new(text);
        query.list(clients.iter().map(|id| id.uuid()));
        query
    };
    for (id, suspended) in asked("SELECT id, suspended_at FROM clients WHERE id IN ").all::<(ClientId, Since)>(tx).await? {
        if let Some(holdings) = held.get_mut(&id) {
            holdings.counts = suspended.is_none();
        }
    }
    let organization = asked("SELECT client_id, id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE client_id IN ");
    for (client, id, role, app, starts_at, ends_at) in organization.all::<OrganizationRow<ClientId>>(tx).await? {
        if let Some(holdings) = held.get_mut(&client) {
            holdings.organization_grants.push(OrganizationGrantRow { id, role, app, period: Period { starts_at, ends_at } });
        }
    }
    Ok(held)
}
