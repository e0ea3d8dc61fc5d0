//! Whom a change of end-user roles touches: what people are told before they make it.

use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId};
use crate::base::text::DisplayName;
use crate::db::query::Query;
use crate::db::{Tx, all};
use std::collections::BTreeMap;

/// How many hold some roles, whenever their grants are in force.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Holders {
    /// People, by a grant of their own.
    pub direct: u64,
    /// Groups.
    pub groups: u64,
    /// People, through these groups.
    pub through_groups: u64,
    /// People, either way; each counts once.
    pub people: u64,
}

/// Who holds at least one of these roles.
pub async fn holders(tx: &mut Tx, roles: &[EndUserRoleId]) -> Result<Holders, Fault> {
    let ids = || roles.iter().map(|role| role.uuid());
    let mut direct = Query::new("SELECT COUNT(DISTINCT user_id) FROM end_user_grants WHERE user_id IS NOT NULL AND role_id IN ");
    direct.list(ids());
    let mut groups = Query::new("SELECT COUNT(DISTINCT group_id) FROM end_user_grants WHERE group_id IS NOT NULL AND role_id IN ");
    groups.list(ids());
    let mut through = Query::new("SELECT COUNT(DISTINCT m.user_id) FROM end_user_grants g JOIN memberships m ON m.group_id = g.group_id WHERE g.role_id IN ");
    through.list(ids());
    let mut people = Query::new("SELECT COUNT(*) FROM (SELECT user_id FROM end_user_grants WHERE user_id IS NOT NULL AND role_id IN ");
    people.list(ids()).push(" UNION SELECT m.user_id FROM end_user_grants g JOIN memberships m ON m.group_id = g.group_id WHERE g.role_id IN ");
    people.list(ids()).push(") AS people");
    Ok(Holders {
        direct: number(tx, direct).await?,
        groups: number(tx, groups).await?,
        through_groups: number(tx, through).await?,
        people: number(tx, people).await?,
    })
}

/// How many people hold each of these roles, directly or through a group. Roles that nobody holds are left out.
pub async fn people(tx: &mut Tx, roles: &[EndUserRoleId]) -> Result<BTreeMap<EndUserRoleId, u64>, Fault> {
    let ids = || roles.iter().map(|role| role.uuid());
    let mut query = Query::new("SELECT role_id, COUNT(*) FROM (SELECT role_id, user_id FROM end_user_grants WHERE user_id IS NOT NULL AND role_id IN ");
    query.list(ids()).push(" UNION SELECT g.role_id, m.user_id FROM end_user_grants g JOIN memberships m ON m.group_id = g.group_id WHERE g.role_id IN ");
    query.list(ids()).push(") AS held GROUP BY role_id");
    Ok(query.all::<(EndUserRoleId, i64)>(tx).await?.into_iter().map(|(role, count)| (role, count.unsigned_abs())).collect())
}

async fn number(tx: &mut Tx, query: Query) -> Result<u64, Fault> {
    Ok(query.all::<(i64,)>(tx).await?.first().map_or(0, |(count,)| count.unsigned_abs()))
}

/// The deployments of other apps that list a shared role, with the names of the apps.
pub async fn listing(tx: &mut Tx, role: EndUserRoleId) -> Result<Vec<(DeploymentId, DisplayName)>, Fault> {
    Ok(all!(
        tx,
        (DeploymentId, DisplayName),
        "SELECT d.id, a.name FROM listed_shared_roles l JOIN deployments d ON d.id = l.deployment_id JOIN apps a ON a.id = d.app_id
         WHERE l.role_id = $1 ORDER BY a.name, d.id",
        role
    )?)
}

/// The deployments of other apps that list shared roles of this one: the role, the deployment, the name of its app.
pub async fn listings(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<(EndUserRoleId, DeploymentId, DisplayName)>, Fault> {
    Ok(all!(
        tx,
        (EndUserRoleId, DeploymentId, DisplayName),
        "SELECT r.id, d.id, a.name FROM listed_shared_roles l JOIN end_user_roles r ON r.id = l.role_id AND r.shared
         JOIN deployments d ON d.id = l.deployment_id JOIN apps a ON a.id = d.app_id WHERE r.deployment_id = $1 ORDER BY a.name, d.id",
        deployment
    )?)
}
