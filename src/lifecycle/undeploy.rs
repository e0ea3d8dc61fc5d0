//! The end of an app at a stage, and of an app that is at no stage any more: what goes with it, told first, and then in one work.

use super::invitation;
use crate::access::app::deployment::{self, Deployment};
use crate::access::app::{self, App, AppError, permission};
use crate::access::grant;
use crate::access::load::Who;
use crate::access::role::end_user::{self, Holders};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId};
use crate::base::reach::Reach;
use crate::base::text::DisplayName;
use crate::db::{Tx, one};
use crate::oauth::client;
use crate::work::{Changing, Work};

/// What goes when an app is taken from a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Going {
    /// Its permissions there.
    pub permissions: u64,
    /// Its roles there.
    pub roles: u64,
    /// Who holds these.
    pub holders: Holders,
    /// The deployments of other apps that list its shared roles.
    pub listing: Vec<(DeploymentId, DisplayName)>,
    /// The open invitations that offer its roles.
    pub invitations: u64,
    /// Its clients there.
    pub clients: u64,
    /// People whom these hold tokens of.
    pub signed_in: u64,
    /// People who have ever signed in there.
    pub ever: u64,
}

/// What would go with a deployment.
pub async fn going(tx: &mut Tx, id: DeploymentId) -> Result<Going, Fault> {
    let roles: Vec<EndUserRoleId> = end_user::of_deployment(tx, id).await?.into_iter().map(|role| role.id).collect();
    let mut listing: Vec<(DeploymentId, DisplayName)> = end_user::listings(tx, id).await?.into_iter().map(|(_, lister, app)| (lister, app)).collect();
    listing.dedup();
    Ok(Going {
        permissions: permission::of_deployment(tx, id).await?.len() as u64,
        roles: roles.len() as u64,
        holders: end_user::holders(tx, &roles).await?,
        listing,
        invitations: invitation::count_offering_of(tx, id).await?,
        clients: client::of_deployment(tx, id).await?.len() as u64,
        signed_in: client::count_people_of(tx, id).await?,
        ever: one!(tx, (i64,), "SELECT COUNT(*) FROM sign_ins WHERE deployment_id = $1", id)?.0.unsigned_abs(),
    })
}

/// Takes an app from a stage, with everything that it owns there and whatever hangs on that. The tokens of its clients say inactive from the
/// next request; people's sessions stay. Answers whether it was there.
pub async fn undeploy(work: &mut Work, changing: &Changing, app: &App, read: &Deployment) -> Result<bool, AppError> {
    work.require("app.manage", Reach::AppAtStage(app.id, read.stage_id))?;
    let Some(has) = deployment::by_id(&mut work.tx, read.id).await? else { return Ok(false) };
    invitation::withdraw_deployment(work, changing, has.id).await?;
    client::end_of_deployment(work, changing, has.id).await?;
    app::undeploy(work, changing, app, &has).await?;
    Ok(true)
}

/// What goes when an app is deleted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Leaving {
    /// Who holds an organization role at this app.
    pub holders: Vec<Who>,
    /// The open invitations that offer one.
    pub invitations: u64,
}

/// What would go with an app.
pub async fn leaving(tx: &mut Tx, app: AppId) -> Result<Leaving, Fault> {
    Ok(Leaving { holders: grant::holders_at_app(tx, app).await?, invitations: invitation::count_offering_at(tx, app).await? })
}

/// Deletes an app that is at no stage any more, with the organization roles that people hold at it. Answers whether it was there.
pub async fn delete_app(work: &mut Work, changing: &Changing, id: AppId) -> Result<bool, AppError> {
    work.require("app.manage", Reach::App(id))?;
    let Some(has) = app::by_id(&mut work.tx, id).await? else { return Ok(false) };
    invitation::withdraw_app::<AppError>(work, changing, has.id).await?;
    app::delete(work, changing, &has).await?;
    Ok(true)
}
