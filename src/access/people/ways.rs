//! The ways to hold end-user roles, directly or through a group, as a condition on people.
//!
//! Either each person is asked, along the order of the list, so that a page ends early where many hold it; or all who hold it are gathered
//! first, which is faster where few do. What each is asked must not begin anywhere but with that person: a list of roles or groups is looked
//! into, not walked along. Both databases need to be told so, each in its way (`COALESCE`, `IS TRUE`). And all are gathered by beginning with
//! the roles and groups, never with everybody (`ANY (ARRAY(...))` and `LATERAL`, for PostgreSQL, which cannot know how few there are).

use super::There;
use super::holders::{OF_GRANT, OF_MEMBERSHIP, in_force};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId, StageId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::BTreeSet;

/// Each person is asked alone: without it PostgreSQL gathers everybody's first, for a page of fifty.
const ALONE: &str = " LIMIT 1 OFFSET 0";

/// Which end-user roles.
#[derive(Clone, Copy, Debug)]
pub(super) enum Roles<'a> {
    /// Any.
    Any,
    /// One of these.
    These(&'a BTreeSet<EndUserRoleId>),
    /// One of these deployments.
    Of(&'a [DeploymentId]),
    /// One of this stage.
    At(StageId),
}

/// What is to be held, and when.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ways<'a> {
    /// Which end-user roles.
    pub roles: Roles<'a>,
    /// In force at this instant; `None`: also what has ended, or has not begun.
    pub now: Option<Timestamp>,
    /// Being in any group of this stage is enough; those that hold its roles are among them (rule 4).
    pub groups_at: Option<StageId>,
    /// So is any organization role, whether it is in force or not.
    pub members: bool,
}

impl<'a> Ways<'a> {
    /// By roles alone.
    pub(super) const fn by(roles: Roles<'a>, now: Option<Timestamp>) -> Self {
        Self { roles, now, groups_at: None, members: false }
    }

    /// The condition on the user of this column: everybody is asked alone.
    pub(super) fn each(&self, query: &mut Query, user: &'static str) {
        query.push("(EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = ").push(user);
        match self.roles {
            Roles::Of(_) | Roles::At(_) => {
                query.either(" AND COALESCE(g.role_id, g.role_id) IN (", " AND (g.role_id IN (");
                self.listed_roles(query);
                query.either(")", ")) IS TRUE");
            }
            Roles::Any | Roles::These(_) => self.of_roles(query),
        }
        in_force(query, self.now, OF_GRANT);
        query.push(ALONE).push(") OR EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = ").push(user);
        query.either(" AND COALESCE(m.group_id, m.group_id) IN (", " AND (m.group_id IN (");
        self.groups(query);
        query.either(")", ")) IS TRUE");
        in_force(query, self.now, OF_MEMBERSHIP);
        query.push(ALONE).push(")");
        if self.members {
            // Few of many: they are gathered either way.
            query.push(" OR ").push(user).push(" IN (SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL)");
        }
        query.push(")");
    }

    /// The same, all who hold it being gathered first.
    pub(super) fn gathered(&self, query: &mut Query, user: &'static str) {
        query.push(user).either(" IN (", " = ANY (ARRAY(").append(&self.holders()).either(")", "))");
    }

    /// How many hold it, up to `most`, and never signed in at a place; `None`: some hold it so often that it must be asked otherwise.
    pub(super) async fn count(&self, tx: &mut Tx, most: i64, unused: Option<&There>) -> Result<Option<i64>, Fault> {
        let looked_at = most.saturating_mul(2);
        let mut query = Query::new("SELECT COUNT(DISTINCT CASE WHEN 1 = 1");
        if let Some(there) = unused {
            there.is_away(&mut query, "y.user_id", None);
        }
        query.push(" THEN y.user_id END), COUNT(*) FROM (").append(&self.holders()).push(" LIMIT ").bind(looked_at).push(") y");
        let (people, times) = query.all::<(i64, i64)>(tx).await?.first().copied().unwrap_or_default();
        Ok((people >= most || times < looked_at).then_some(people.min(most)))
    }

    /// The ids of those who hold it, of some of them more than once.
    pub(super) fn holders(&self) -> Query {
        let mut query = Query::new("SELECT g.user_id FROM end_user_grants g WHERE g.user_id IS NOT NULL");
        self.of_roles(&mut query);
        in_force(&mut query, self.now, OF_GRANT);
        query.either(" UNION ALL SELECT m.user_id FROM memberships m WHERE m.group_id IN (", " UNION ALL SELECT m.user_id FROM (");
        self.groups(&mut query);
        query.either(")", ") t (id) CROSS JOIN LATERAL (SELECT m.user_id FROM memberships m WHERE m.group_id = t.id");
        in_force(&mut query, self.now, OF_MEMBERSHIP);
        query.either("", " OFFSET 0) m");
        if self.members {
            query.push(" UNION ALL SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL");
        }
        query
    }

    /// `AND` the grant `g` is of one of the roles.
    fn of_roles(&self, query: &mut Query) {
        match self.roles {
            Roles::Any => {}
            Roles::These(roles) => {
                query.push(" AND g.role_id IN ").list(roles.iter().map(|role| role.uuid()));
            }
            Roles::Of(_) | Roles::At(_) => {
                query.either(" AND g.role_id IN (", " AND g.role_id = ANY (ARRAY(");
                self.listed_roles(query);
                query.either(")", "))");
            }
        }
    }

    /// The ids of the roles, where they are not named one by one.
    fn listed_roles(&self, query: &mut Query) {
        query.push("SELECT r.id FROM end_user_roles r WHERE ");
        match self.roles {
            Roles::Any | Roles::These(_) => query.push("1 = 1"),
            Roles::Of(deployments) => query.push("r.deployment_id IN ").list(deployments.iter().map(|id| id.uuid())),
            Roles::At(stage) => query.push("r.stage_id = ").bind(stage.uuid()),
        };
    }

    /// The ids of the groups whose members hold it.
    fn groups(&self, query: &mut Query) {
        if let Some(stage) = self.groups_at {
            query.push("SELECT t.id FROM groups t WHERE t.stage_id = ").bind(stage.uuid());
        } else {
            query.push("SELECT g.group_id FROM end_user_grants g WHERE g.group_id IS NOT NULL");
            self.of_roles(query);
            in_force(query, self.now, OF_GRANT);
        }
    }
}

/// The ids of those who hold nothing at all at an instant, neither an organization role nor, in any way, an end-user role. Both databases walk
/// along the indexes of all who are here and of all who hold something, side by side.
pub(super) fn without(now: Timestamp) -> Query {
    let any = Ways::by(Roles::Any, Some(now));
    let now = any.now;
    // What most hold comes first: the rest has less to walk along.
    let mut query = Query::new("SELECT x.id FROM users x");
    query.either(
        " EXCEPT SELECT g.user_id FROM end_user_grants g WHERE g.user_id IS NOT NULL",
        " WHERE NOT EXISTS (SELECT 1 FROM end_user_grants g WHERE g.user_id = x.id",
    );
    in_force(&mut query, now, OF_GRANT);
    query.either(
        " EXCEPT SELECT m.user_id FROM memberships m WHERE COALESCE(m.group_id, m.group_id) IN (",
        ") AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = x.id AND (m.group_id IN (",
    );
    any.groups(&mut query);
    query.either(")", ")) IS TRUE");
    in_force(&mut query, now, OF_MEMBERSHIP);
    query.either(
        " EXCEPT SELECT g.user_id FROM organization_grants g WHERE g.user_id IS NOT NULL",
        ") AND NOT EXISTS (SELECT 1 FROM organization_grants g WHERE g.user_id = x.id",
    );
    in_force(&mut query, now, OF_GRANT);
    query.either(" ORDER BY 1", ") ORDER BY x.id");
    query
}

/// The same as a condition on the user of this column, who is asked alone.
pub(super) fn holds_nothing(query: &mut Query, user: &'static str, now: Timestamp) {
    query.push("NOT EXISTS (SELECT 1 FROM organization_grants g WHERE g.user_id = ").push(user);
    in_force(query, Some(now), OF_GRANT);
    query.push(ALONE).push(") AND NOT ");
    Ways::by(Roles::Any, Some(now)).each(query, user);
}

#[cfg(test)]
mod tests;
