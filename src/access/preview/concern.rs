//! Whom a change can concern, and at which places: whatever lies outside is the same before and after.

use super::{Affected, ChangeSet, Differences, Sides, Spot};
use crate::access::app::SignIn;
use crate::access::catalogue::{Catalogue, Deployment};
use crate::access::effective::{EndUserGrantRow, Holdings, OrganizationGrantRow};
use crate::access::load::Who;
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserRoleId, GroupId, OrganizationRoleId, StageId, UserId};
use crate::db::Db;
use crate::db::query::Query;
use std::collections::BTreeSet;
use std::time::Instant;
use uuid::Uuid;

/// So many people are read together.
const PAGE: usize = 2_500;

/// Whom a change can concern, up to `most`, and as far as they are found in time: who was touched, the members of groups that were, and who
/// holds a role that differs, or one at an app that goes.
pub async fn affected(db: &Db, changes: &ChangeSet, differences: &Differences, most: usize, deadline: Instant) -> Result<Affected, Fault> {
    let mut who: Vec<Who> = changes.users.keys().copied().map(Who::User).chain(changes.clients.keys().copied().map(Who::Client)).collect();
    let limit = i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1);
    let (people, in_time) = people_of(db, changes, differences, most, deadline).await?;
    let clients = clients(changes, differences, limit).all::<(ClientId,)>(&mut db.read().await?).await?;
    who.extend(clients.into_iter().map(|(id,)| id).filter(|id| !changes.clients.contains_key(id)).map(Who::Client));
    who.extend(people.into_iter().filter(|id| !changes.users.contains_key(id)).map(Who::User));
    let more = who.len() > most || !in_time;
    who.truncate(most);
    Ok(Affected { who, more })
}

/// The people, in their order, one more than `most` at the most, and whether there was time for all of them. Page by page, each by a reader of
/// its own and with a rest after it: whoever reads a hundred thousand rows at once keeps everybody else waiting.
async fn people_of(db: &Db, changes: &ChangeSet, differences: &Differences, most: usize, deadline: Instant) -> Result<(Vec<UserId>, bool), Fault> {
    let mut people: Vec<UserId> = Vec::new();
    while people.len() <= most {
        let started = Instant::now();
        let after = people.last().map_or(Uuid::nil(), |id| id.uuid());
        let page = page_of(changes, differences, after).all::<(UserId,)>(&mut db.read().await?).await?;
        let is_last = page.len() < PAGE;
        people.extend(page.into_iter().map(|(id,)| id));
        if is_last {
            break;
        }
        if Instant::now() >= deadline {
            return Ok((people, false));
        }
        tokio::time::sleep(started.elapsed()).await;
    }
    people.truncate(most.saturating_add(1));
    Ok((people, true))
}

/// Each branch by itself stops at a page: the database walks its indexes from `after` on, and never gathers everybody for the sake of a few.
fn page_of(changes: &ChangeSet, differences: &Differences, after: Uuid) -> Query {
    let groups = || changes.groups.keys().copied().map(GroupId::uuid).collect::<Vec<_>>();
    let roles = || differences.end_user_roles.iter().copied().map(EndUserRoleId::uuid).collect::<Vec<_>>();
    let organization_roles = differences.organization_roles.iter().copied().map(OrganizationRoleId::uuid).collect::<Vec<_>>();
    let members_of_holders = "end_user_grants AS held JOIN memberships AS people ON people.group_id = held.group_id";
    let mut branches = vec![
        ("memberships AS people", "people.group_id", groups()),
        ("end_user_grants AS people", "people.role_id", roles()),
        (members_of_holders, "held.role_id", roles()),
        ("organization_grants AS people", "people.role_id", organization_roles),
    ];
    // No index leads from an app to who holds a role at it: it is asked for only where an app goes.
    if !changes.gone.apps.is_empty() {
        branches.push(("organization_grants AS people", "people.app_id", apps(changes)));
    }
    let page = i64::try_from(PAGE).unwrap_or(i64::MAX);
    let mut query = Query::new("");
    for (n, (from, column, ids)) in branches.into_iter().enumerate() {
        query.push(if n == 0 { "" } else { " UNION " });
        query.push("SELECT user_id FROM (SELECT DISTINCT people.user_id FROM ").push(from).push(" WHERE people.user_id > ").bind(after);
        query.push(" AND ").push(column).push(" IN ").list(ids).push(" ORDER BY people.user_id LIMIT ").bind(page);
        query.push(") AS branch");
    }
    query.push(" ORDER BY user_id LIMIT ").bind(page);
    query
}

fn apps(changes: &ChangeSet) -> Vec<Uuid> {
    changes.gone.apps.iter().copied().map(AppId::uuid).collect()
}

fn clients(changes: &ChangeSet, differences: &Differences, limit: i64) -> Query {
    let mut query = Query::new("SELECT DISTINCT client_id FROM organization_grants WHERE client_id IS NOT NULL AND (role_id IN ");
    query.list(differences.organization_roles.iter().copied().map(OrganizationRoleId::uuid));
    if !changes.gone.apps.is_empty() {
        query.push(" OR app_id IN ").list(apps(changes));
    }
    query.push(") ORDER BY client_id LIMIT ").bind(limit);
    query
}

/// The places where somebody who holds `before`, and would hold `after`, can have something else than now.
pub fn concerned(sides: &Sides, before: &Holdings, after: &Holdings) -> BTreeSet<Spot> {
    let mut spots = BTreeSet::new();
    if before.counts != after.counts {
        everywhere(sides, [before, after], &mut spots);
        return spots;
    }
    let differences = &sides.differences;
    for (one, other) in [(before, after), (after, before)] {
        for grant in &one.organization_grants {
            if differences.organization_roles.contains(&grant.role) || !other.organization_grants.contains(grant) {
                of_organization_grant(sides, grant, &mut spots);
            }
        }
        for grant in &one.end_user_grants {
            if differences.end_user_roles.contains(&grant.role) || !other.end_user_grants.contains(grant) {
                of_role(sides, grant, &mut spots);
            }
        }
        for membership in one.memberships.iter().filter(|membership| !other.memberships.contains(membership)) {
            if spots.insert(Spot::Stage(membership.stage)) {
                of_groups(sides, [before, after], membership.stage, &mut spots);
            }
            for grant in one.end_user_grants.iter().filter(|grant| grant.group == Some(membership.group)) {
                of_role(sides, grant, &mut spots);
            }
        }
    }
    spots
}

fn everywhere(sides: &Sides, holdings: [&Holdings; 2], spots: &mut BTreeSet<Spot>) {
    spots.insert(Spot::Organization);
    spots.extend([&sides.before, &sides.after].iter().flat_map(|catalogue| catalogue.deployments()).map(|row| Spot::Deployment(row.id)));
    spots.extend(holdings.iter().flat_map(|holdings| &holdings.memberships).map(|membership| Spot::Stage(membership.stage)));
}

/// Every token at a stage names the groups there, whether they give a role in its app or not: the apps that somebody can sign in to.
fn of_groups(sides: &Sides, holdings: [&Holdings; 2], stage: StageId, spots: &mut BTreeSet<Spot>) {
    for catalogue in [&sides.before, &sides.after] {
        let open = catalogue.deployments().filter(|row| row.stage == stage && row.sign_in == SignIn::Everyone);
        spots.extend(open.map(|row| Spot::Deployment(row.id)));
        let is_here = |spot: &Spot| matches!(spot, Spot::Deployment(id) if catalogue.deployment(*id).is_some_and(|row| row.stage == stage));
        for grant in holdings.iter().flat_map(|holdings| &holdings.end_user_grants) {
            spots.extend(places_of(catalogue, grant.role).into_iter().filter(is_here));
        }
    }
}

/// The organization is always among them: tools for many apps are told of roles at single apps there.
fn of_organization_grant(sides: &Sides, grant: &OrganizationGrantRow, spots: &mut BTreeSet<Spot>) {
    spots.insert(Spot::Organization);
    for catalogue in [&sides.before, &sides.after] {
        let here = catalogue.deployments().filter(|row| grant.app.is_none_or(|app| app == row.app));
        spots.extend(here.map(|row| Spot::Deployment(row.id)));
    }
}

fn of_role(sides: &Sides, grant: &EndUserGrantRow, spots: &mut BTreeSet<Spot>) {
    for catalogue in [&sides.before, &sides.after] {
        spots.extend(places_of(catalogue, grant.role));
    }
}

/// Where an end-user role counts: at home, and where it is listed.
fn places_of(catalogue: &Catalogue, role: EndUserRoleId) -> Vec<Spot> {
    let compiled = catalogue.deployments_compiled();
    let Some(&index) = compiled.role_by_id.get(&role) else { return Vec::new() };
    let home = &compiled.all[compiled.roles[index].deployment];
    let mut places = vec![Spot::Deployment(home.row.id)];
    if compiled.roles[index].row.shared {
        let lists = |lister: &&Deployment| lister.listed.iter().any(|(listed, _)| *listed == index);
        places.extend(compiled.all.iter().filter(lists).map(|lister| Spot::Deployment(lister.row.id)));
    }
    places
}
