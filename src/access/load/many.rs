//! What many subjects hold, read together: a constant number of queries, however many they are. Ask for `STEP` of them at a time, so that
//! memory stays small.

use super::{Since, organization_grant};
use crate::access::effective::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow};
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId, UserId};
use crate::base::text::Slug;
use crate::base::time::Period;
use crate::db::Tx;
use crate::db::query::Query;
use crate::identity::user::Status;
use std::collections::{BTreeMap, HashMap};

/// How many people are a good batch.
pub const STEP: usize = 500;

type OrganizationRow<Who> = (Who, OrganizationGrantId, OrganizationRoleId, Option<AppId>, Since, Since);
type GrantRow<Who> = (Who, EndUserGrantId, EndUserRoleId, Since, Since);

/// What these users hold: five queries. Who is not there holds nothing, and is left out.
pub async fn users(tx: &mut Tx, ids: &[UserId]) -> Result<HashMap<UserId, Holdings>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = || ids.iter().copied().map(UserId::uuid);
    let mut query = Query::new("SELECT id, status, email_verified_at FROM users WHERE id IN ");
    query.list(list());
    let standing: Vec<(UserId, Status, Since)> = query.all(tx).await?;
    let counts = |(id, status, proved): (UserId, Status, Since)| {
        let counts = status == Status::Active && proved.is_some();
        (id, Holdings { counts, ..Holdings::default() })
    };
    let mut held: HashMap<UserId, Holdings> = standing.into_iter().map(counts).collect();

    let mut query = Query::new("SELECT user_id, id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE user_id IN ");
    query.list(list());
    for (who, id, role, app, starts_at, ends_at) in query.all::<OrganizationRow<UserId>>(tx).await? {
        let grant: OrganizationGrantRow = organization_grant((id, role, app, starts_at, ends_at));
        held.entry(who).or_default().organization_grants.push(grant);
    }

    let mut query = Query::new("SELECT user_id, id, role_id, starts_at, ends_at FROM end_user_grants WHERE user_id IN ");
    query.list(list());
    for (who, id, role, starts_at, ends_at) in query.all::<GrantRow<UserId>>(tx).await? {
        held.entry(who).or_default().end_user_grants.push(EndUserGrantRow { id, group: None, role, period: Period { starts_at, ends_at } });
    }

    let mut query = Query::new(
        "SELECT m.user_id, m.id, g.id, g.key, g.stage_id, m.starts_at, m.ends_at FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id IN ",
    );
    query.list(list());
    let mut joined: BTreeMap<GroupId, Vec<UserId>> = BTreeMap::new();
    for (who, id, group, group_key, stage, starts_at, ends_at) in query.all::<(UserId, MembershipId, GroupId, Slug, StageId, Since, Since)>(tx).await? {
        held.entry(who).or_default().memberships.push(MembershipRow { id, group, group_key, stage, period: Period { starts_at, ends_at } });
        joined.entry(group).or_default().push(who);
    }
    let of_groups = grants_of(tx, joined.keys().copied()).await?;
    for (group, grants) in of_groups {
        let mut members = joined.remove(&group).unwrap_or_default();
        // Somebody may be a member by several sources; the group's grants are theirs once.
        members.sort_unstable();
        members.dedup();
        for member in members {
            held.entry(member).or_default().end_user_grants.extend(grants.iter().cloned());
        }
    }
    Ok(held)
}

/// What these clients hold for themselves: two queries. One that is not there is left out.
pub async fn clients(tx: &mut Tx, ids: &[ClientId]) -> Result<HashMap<ClientId, Holdings>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let list = || ids.iter().copied().map(ClientId::uuid);
    let mut query = Query::new("SELECT id, suspended_at FROM clients WHERE id IN ");
    query.list(list());
    let standing: Vec<(ClientId, Since)> = query.all(tx).await?;
    let mut held: HashMap<ClientId, Holdings> =
        standing.into_iter().map(|(id, suspended)| (id, Holdings { counts: suspended.is_none(), ..Holdings::default() })).collect();
    let mut query = Query::new("SELECT client_id, id, role_id, app_id, starts_at, ends_at FROM organization_grants WHERE client_id IN ");
    query.list(list());
    for (who, id, role, app, starts_at, ends_at) in query.all::<OrganizationRow<ClientId>>(tx).await? {
        held.entry(who).or_default().organization_grants.push(organization_grant((id, role, app, starts_at, ends_at)));
    }
    Ok(held)
}

/// What these groups hold. One that is not there is left out.
pub async fn groups(tx: &mut Tx, ids: &[GroupId]) -> Result<BTreeMap<GroupId, Vec<EndUserGrantRow>>, Fault> {
    let mut query = Query::new("SELECT id FROM groups WHERE id IN ");
    query.list(ids.iter().copied().map(GroupId::uuid));
    let there: Vec<(GroupId,)> = query.all(tx).await?;
    let mut held: BTreeMap<GroupId, Vec<EndUserGrantRow>> = there.into_iter().map(|(id,)| (id, Vec::new())).collect();
    for (group, grants) in grants_of(tx, ids.iter().copied()).await? {
        held.insert(group, grants);
    }
    Ok(held)
}

async fn grants_of(tx: &mut Tx, groups: impl Iterator<Item = GroupId>) -> Result<BTreeMap<GroupId, Vec<EndUserGrantRow>>, Fault> {
    let mut query = Query::new("SELECT group_id, id, role_id, starts_at, ends_at FROM end_user_grants WHERE group_id IN ");
    query.list(groups.map(GroupId::uuid));
    let mut held: BTreeMap<GroupId, Vec<EndUserGrantRow>> = BTreeMap::new();
    for (group, id, role, starts_at, ends_at) in query.all::<GrantRow<GroupId>>(tx).await? {
        held.entry(group).or_default().push(EndUserGrantRow { id, group: Some(group), role, period: Period { starts_at, ends_at } });
    }
    Ok(held)
}
