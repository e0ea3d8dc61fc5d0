//! The end of a deployment, and of an app: the last step of what `lifecycle` does, when everything that hangs on them has gone.

use super::deployment::Deployment;
use super::{App, AppError, configuration_changed, listed, permission, store};
use crate::access::grant;
use crate::access::role::end_user;
use crate::audit::{Event, Kind, Subject};
use crate::base::reach::Reach;
use crate::work::{Changing, Work};
use serde::Serialize;

/// A deployment with what it owned, for the audit trail.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    deployment: &'a Deployment,
    app_key: &'a str,
    permissions: Vec<permission::Whole>,
    listed_roles: Vec<String>,
}

/// Removes a deployment with its roles, their grants and its permissions. Its clients, and what invitations offer of its roles, are for
/// `lifecycle` to end first. The resource identifier stays claimed for ever.
pub(crate) async fn undeploy(work: &mut Work, changing: &Changing, app: &App, deployment: &Deployment) -> Result<(), AppError> {
    work.require("app.manage", Reach::AppAtStage(app.id, deployment.stage_id))?;
    let whole = Whole {
        deployment,
        app_key: app.key.as_str(),
        permissions: permission::of_deployment(&mut work.tx, deployment.id).await?,
        listed_roles: listed::of_deployment(&mut work.tx, deployment.id).await?.iter().map(listed::SharedRole::claim).collect(),
    };
    end_user::end_of_deployment(work, changing, app, deployment.id).await?;
    work.record(Event::new(Kind::DeploymentRemoved, Subject::new("deployment", deployment.id)).before(&whole)?).await?;
    if work.is_rehearsal {
        // The sign-ins of everybody who was ever there would go with it: nobody's access follows from them.
        work.touched.gone.deployments.insert(deployment.id);
    } else {
        store::delete_deployment(&mut work.tx, deployment.id).await?;
    }
    configuration_changed(work).await?;
    Ok(())
}

/// Deletes an app that is at no stage, with the organization roles that were granted at it.
pub(crate) async fn delete(work: &mut Work, changing: &Changing, app: &App) -> Result<(), AppError> {
    work.require("app.manage", Reach::App(app.id))?;
    if store::count_deployments(&mut work.tx, app.id).await? > 0 {
        return Err(AppError::StillDeployed(app.key.clone()));
    }
    grant::end_of_app(work, changing, app.id).await?;
    work.record(Event::new(Kind::AppDeleted, Subject::new("app", app.id)).before(app)?).await?;
    if work.is_rehearsal {
        work.touched.gone.apps.insert(app.id);
    } else {
        store::delete_app(&mut work.tx, app.id).await?;
    }
    configuration_changed(work).await?;
    Ok(())
}
