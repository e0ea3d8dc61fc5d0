//! Lists narrowed to an app, to a stage, or to an app at a stage: the end-user roles that count there, and the sign-ins there.

use super::Sight;
use super::ways::{Roles, Ways};
use crate::access::catalogue::{Catalogue, DeploymentRow};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, StageId, UserId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::{BTreeSet, HashMap};

/// What there is at an app, at a stage, or at an app at a stage, as far as the reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct There {
    holding: Holding,
    /// Where people sign in there.
    deployments: Vec<DeploymentId>,
}

/// What somebody holds who has to do with the place.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Holding {
    /// One of the roles that count in an app, or of those of a stage that the reader sees.
    Roles(BTreeSet<EndUserRoleId>),
    /// Any role of a stage, or a membership in one of its groups: the reader sees everybody.
    Stage(StageId),
}

impl There {
    /// What there is at an app, at a stage, or at both at once; `None`: neither is asked for.
    pub fn of(catalogue: &Catalogue, sight: &Sight, app: Option<AppId>, stage: Option<StageId>) -> Option<Self> {
        let here = |row: &&DeploymentRow| app.is_none_or(|app| row.app == app) && stage.is_none_or(|stage| row.stage == stage) && sight.sees(row.id);
        let deployments: Vec<DeploymentId> = catalogue.deployments().filter(here).map(|row| row.id).collect();
        let holding = match (app, stage) {
            (None, None) => return None,
            (None, Some(stage)) if sight.everybody => Holding::Stage(stage),
            _ => {
                let counting = deployments.iter().flat_map(|id| {
                    let listed = catalogue.listed_roles_of(*id).map(|(_, role)| role);
                    catalogue.end_user_roles_of(*id).chain(listed)
                });
                Holding::Roles(counting.filter(|role| sight.sees(role.deployment)).map(|role| role.id).collect())
            }
        };
        Some(Self { holding, deployments })
    }

    /// What is held at an instant by those who have to do with the place.
    pub(super) const fn ways(&self, now: Timestamp) -> Ways<'_> {
        match &self.holding {
            Holding::Roles(roles) => Ways::by(Roles::These(roles), Some(now)),
            Holding::Stage(stage) => Ways { groups_at: Some(*stage), ..Ways::by(Roles::At(*stage), Some(now)) },
        }
    }

    /// `AND` the user of this column did not sign in there since an instant; without one: ever.
    pub(super) fn is_away(&self, query: &mut Query, user: &'static str, since: Option<Timestamp>) {
        query.push(" AND NOT EXISTS (SELECT 1 FROM sign_ins n WHERE n.user_id = ").push(user).push(" AND n.deployment_id IN ");
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
