//! Shared roles of other apps that count in a deployment, each under the name that its tokens carry: `other-app:role`. A listed role is
//! shared and of the same stage: the rule asks for the first, the database for the second.

use super::deployment::Deployment;
use super::{App, AppError, configuration_changed, store};
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, StageId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug};
use crate::db::{Tx, all};
use crate::work::{Changing, Work};

/// A shared role as other apps see it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct SharedRole {
    /// The role.
    pub id: EndUserRoleId,
    /// The app that owns it.
    pub app_id: AppId,
    /// The key of that app.
    pub app_key: Slug,
    /// The name of that app.
    pub app_name: DisplayName,
    /// The key of the role.
    pub key: Slug,
    /// Its name.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
}

impl SharedRole {
    /// Its name in the tokens of apps that list it.
    pub fn claim(&self) -> String {
        format!("{}:{}", self.app_key, self.key)
    }
}

/// The shared roles that count in a deployment.
pub async fn of_deployment(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<SharedRole>, Fault> {
    Ok(all!(
        tx,
        SharedRole,
        "SELECT r.id, a.id AS app_id, a.key AS app_key, a.name AS app_name, r.key, r.name, r.description FROM listed_shared_roles l
         JOIN end_user_roles r ON r.id = l.role_id JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id
         WHERE l.deployment_id = $1 AND r.shared ORDER BY a.key, r.key",
        deployment
    )?)
}

/// Every shared role of a stage, whichever app owns it.
pub async fn at_stage(tx: &mut Tx, stage: StageId) -> Result<Vec<SharedRole>, Fault> {
    Ok(all!(
        tx,
        SharedRole,
        "SELECT r.id, a.id AS app_id, a.key AS app_key, a.name AS app_name, r.key, r.name, r.description FROM end_user_roles r
         JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id WHERE r.stage_id = $1 AND r.shared ORDER BY a.key, r.key",
        stage
    )?)
}

/// Lists some shared roles and others no more, by their names in tokens. What is neither added nor removed stays; what was done already is
/// no mistake. Whoever may not see an app cannot find its roles here (rule 8).
pub async fn change(work: &mut Work, _: &Changing, app: &App, deployment: &Deployment, add: &[String], remove: &[String]) -> Result<(), AppError> {
    work.require("app_roles.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let before = of_deployment(&mut work.tx, deployment.id).await?;
    let known = if add.is_empty() { Vec::new() } else { at_stage(&mut work.tx, deployment.stage_id).await? };
    let mut changed = false;
    for claim in add {
        if before.iter().any(|role| role.claim() == *claim) {
            continue;
        }
        let seen = |role: &&SharedRole| {
            role.claim() == *claim && role.app_id != app.id && work.actor.may("app.view", Reach::AppAtStage(role.app_id, deployment.stage_id))
        };
        let role = known.iter().find(seen).ok_or_else(|| AppError::UnknownShared { app: app.key.clone(), role: claim.clone() })?.id;
        changed |= store::list_role(&mut work.tx, deployment, role).await?;
    }
    for role in before.iter().filter(|role| remove.contains(&role.claim())) {
        store::unlist_role(&mut work.tx, deployment.id, role.id).await?;
        changed = true;
    }
    if changed {
        configuration_changed(work).await?;
        let after = of_deployment(&mut work.tx, deployment.id).await?;
        let claims = |roles: &[SharedRole]| roles.iter().map(SharedRole::claim).collect::<Vec<_>>();
        let event = Event::new(Kind::AppPermissionsChanged, Subject::new("deployment", deployment.id));
        work.record(event.before(&claims(&before))?.after(&claims(&after))?).await?;
    }
    Ok(())
}
