//! Lists narrowed to an app, to a stage, or to an app at a stage: the end-user roles that count there, and the sign-ins there.

use super::Sight;
use super::holders::{OF_GRANT, OF_MEMBERSHIP, in_force};
use crate::access::catalogue::{Catalogue, DeploymentRow};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, StageId, UserId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::{BTreeSet, HashMap};

/// Each person is asked alone: without it PostgreSQL gathers everybody's first, for a page of fifty.
const ALONE: &str = " LIMIT 1 OFFSET 0";

/// What there is at an app, at a stage, or at an app at a stage, as far as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    /// The end-user roles that count there; `None`: no app is asked for.
    roles: Option<BTreeSet<EndUserRoleId>>,
    /// Where people sign in there.
    deployments: Vec<DeploymentId>,
}

impl There {
    /// What there is at an app, at a stage, or at both at once; `None`: neither is asked for.
    pub fn of(catalogue: &Catalogue, sight: &Sight, app: Option<AppId>, stage: Option<StageId>) -> Option<Self> {
        if app.is_none() && stage.is_none() {
            return None;
        }
        let here = |row: &&DeploymentRow| app.is_none_or(|app| row.app == app) && stage.is_none_or(|stage| row.stage == stage) && sight.sees(row.id);
        let deployments: Vec<DeploymentId> = catalogue.deployments().filter(here).map(|row| row.id).collect();
        let roles = app.is_some().then(|| {
            let counting = deployments.iter().flat_map(|id| {
                let listed = catalogue.listed_roles_of(*id).map(|(_, role)| role);
                catalogue.end_user_roles_of(*id).chain(listed)
            });
            counting.filter(|role| sight.sees(role.deployment)).map(|role| role.id).collect()
        });
        Some(Self { roles, deployments })
    }

    /// Whether an app is asked for.
    pub(super) const fn is_app(&self) -> bool {
        self.roles.is_some()
    }

    /// `AND` somebody holds at an instant what counts in the app, as a condition on the user `u`: each is asked, or all who do are gathered.
    pub(super) fn holds(&self, query: &mut Query, now: Timestamp, each: bool) {
        let Some(roles) = &self.roles else { return };
        let ids = || roles.iter().map(|role| role.uuid());
        let now = Some(now);
        query.push(if each {
            " AND (EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = u.id AND g.role_id IN "
        } else {
            " AND u.id IN (SELECT g.user_id FROM end_user_grants g WHERE g.user_id IS NOT NULL AND g.role_id IN "
        });
        query.list(ids());
        in_force(query, now, OF_GRANT);
        query.push(if each { ALONE } else { "" });
        query.push(if each {
            ") OR EXISTS (SELECT 1 FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE m.user_id = u.id AND g.role_id IN "
        } else {
            " UNION SELECT m.user_id FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE g.role_id IN "
        });
        query.list(ids());
        in_force(query, now, OF_GRANT);
        in_force(query, now, OF_MEMBERSHIP);
        query.push(if each { ALONE } else { "" });
        query.push(if each { "))" } else { ")" });
    }

    /// Whether what counts in the app was given, and passed on by groups, so many times. Some of that may be over: it is a measure, no count.
    pub(super) async fn is_given(&self, tx: &mut Tx, times: i64) -> Result<bool, Fault> {
        let Some(roles) = &self.roles else { return Ok(false) };
        let ids = || roles.iter().map(|role| role.uuid());
        let mut query = Query::new("SELECT 1 AS one FROM end_user_grants g WHERE g.user_id IS NOT NULL AND g.role_id IN ");
        query.list(ids());
        query.push(" UNION ALL SELECT 1 AS one FROM memberships m JOIN end_user_grants g ON g.group_id = m.group_id WHERE g.role_id IN ").list(ids());
        Ok(query.count(tx, times).await? >= times)
    }

    /// `AND` somebody did not sign in there since an instant; without one: ever.
    pub(super) fn is_away(&self, query: &mut Query, since: Option<Timestamp>) {
        query.push(" AND NOT EXISTS (SELECT 1 FROM sign_ins n WHERE n.user_id = u.id AND n.deployment_id IN ");
        query.list(self.deployments.iter().map(|id| id.uuid()));
        if let Some(since) = since {
            query.push(" AND n.last_at >= ").bind(since);
        }
        query.push(")");
    }

    /// When these people signed in there last; whoever never did is left out.
    pub async fn last_sign_ins(&self, tx: &mut Tx, people: &[UserId]) -> Result<HashMap<UserId, Timestamp>, Fault> {
        let mut query = Query::new("SELECT user_id, MAX(last_at) FROM sign_ins WHERE user_id IN ");
        query.list(people.iter().map(|id| id.uuid()));
        query.push(" AND deployment_id IN ").list(self.deployments.iter().map(|id| id.uuid())).push(" GROUP BY user_id");
        Ok(query.all::<(UserId, Timestamp)>(tx).await?.into_iter().collect())
    }
}
