//! Offers that are taken back because what they promise goes. An invitation without any offer left ends.

use super::offer::OfferRow;
use super::{End, end, store};
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, GroupId, InvitationId, OrganizationRoleId};
use crate::db::Tx;
use crate::identity::user;
use crate::work::{Changing, Work};

/// Takes back every offer of an end-user role that goes, likewise.
pub(crate) async fn withdraw_role(work: &mut Work, changing: &Changing, role: EndUserRoleId) -> Result<(), Fault> {
    let offers = store::offers_of_role(&mut work.tx, role).await?;
    withdraw(work, changing, offers).await
}

/// Takes back every offer of a group that goes, likewise.
pub(crate) async fn withdraw_group(work: &mut Work, changing: &Changing, group: GroupId) -> Result<(), Fault> {
    let offers = store::offers_of_group(&mut work.tx, group).await?;
    withdraw(work, changing, offers).await
}

/// Takes back every offer of a role at an app that goes, likewise.
pub(crate) async fn withdraw_app(work: &mut Work, changing: &Changing, app: AppId) -> Result<(), Fault> {
    let offers = store::offers_at_app(&mut work.tx, app).await?;
    withdraw(work, changing, offers).await
}

/// Takes back every offer of an organization role that goes, likewise.
pub(crate) async fn withdraw_organization_role(work: &mut Work, changing: &Changing, role: OrganizationRoleId) -> Result<(), Fault> {
    let offers = store::offers_of_organization_role(&mut work.tx, role).await?;
    withdraw(work, changing, offers).await
}

/// How many open invitations offer an organization role.
pub async fn count_offering_organization_role(tx: &mut Tx, role: OrganizationRoleId) -> Result<u64, Fault> {
    Ok(invitations(store::offers_of_organization_role(tx, role).await?))
}

/// Takes back every offer of an end-user role of a deployment that goes, likewise.
pub(crate) async fn withdraw_deployment(work: &mut Work, changing: &Changing, deployment: DeploymentId) -> Result<(), Fault> {
    let offers = store::offers_of_deployment(&mut work.tx, deployment).await?;
    withdraw(work, changing, offers).await
}

fn invitations(mut offers: Vec<OfferRow>) -> u64 {
    offers.dedup_by_key(|offer| offer.invitation_id);
    offers.len() as u64
}

/// How many open invitations offer a role at an app.
pub async fn count_offering_at(tx: &mut Tx, app: AppId) -> Result<u64, Fault> {
    Ok(invitations(store::offers_at_app(tx, app).await?))
}

/// How many open invitations offer an end-user role of a deployment.
pub async fn count_offering_of(tx: &mut Tx, deployment: DeploymentId) -> Result<u64, Fault> {
    Ok(invitations(store::offers_of_deployment(tx, deployment).await?))
}

/// How many open invitations offer an end-user role.
pub async fn count_offering(tx: &mut Tx, role: EndUserRoleId) -> Result<u64, Fault> {
    Ok(store::offers_of_role(tx, role).await?.len() as u64)
}

pub(super) async fn withdraw(work: &mut Work, changing: &Changing, offers: Vec<OfferRow>) -> Result<(), Fault> {
    let mut touched: Vec<InvitationId> = Vec::new();
    for offer in offers {
        work.record(Event::new(Kind::OfferFellAway, Subject::new("invitation", offer.invitation_id)).before(&offer)?).await?;
        store::delete_offer(&mut work.tx, offer.id).await?;
        touched.push(offer.invitation_id);
    }
    touched.dedup();
    for id in touched {
        if !store::offers(&mut work.tx, id).await?.is_empty() {
            continue;
        }
        let row = store::by_id(&mut work.tx, id).await?.ok_or_else(|| Fault::broken("an offer has no invitation"))?;
        let user = user::by_id(&mut work.tx, row.user_id).await?.ok_or_else(|| Fault::broken("an invitation has no user"))?;
        end(work, changing, &row, &user, End::Revoked).await?;
    }
    Ok(())
}
