//! Offers that are taken back because what they promise goes. An invitation without any offer left ends, and whoever was only invited is gone
//! with it; but nobody loses an organization role by that which somebody gave them beside it (rule 3c).
//!
//! Where a role, a group, an app or whoever made them goes, a rehearsal leaves the offers: they may be as many as there are people, and nobody
//! has yet what they promise.

use super::offer::{self, MayNot, OfferRow};
use super::{End, Row, Written, store};
use crate::access::grant;
use crate::access::guard::GuardError;
use crate::access::load;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, GroupId, InvitationId, OrganizationRoleId, UserId};
use crate::db::Tx;
use crate::identity::group;
use crate::identity::user::{self, Status, User};
use crate::work::{Changing, Work};
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Takes back every offer of an end-user role that goes.
pub(crate) async fn withdraw_role(work: &mut Work, changing: &Changing, role: EndUserRoleId) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
    let offers = store::offers_of_role(&mut work.tx, role).await?;
    withdraw(work, changing, offers).await
}

/// Takes back every offer of a group that goes.
pub(crate) async fn withdraw_group(work: &mut Work, changing: &Changing, group: GroupId) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
    let offers = store::offers_of_group(&mut work.tx, group).await?;
    withdraw(work, changing, offers).await
}

/// Takes back every offer of an organization role at an app that goes.
pub(crate) async fn withdraw_app<E>(work: &mut Work, changing: &Changing, app: AppId) -> Result<(), E>
where
    E: From<Denied> + From<GuardError> + From<Fault>,
{
    if work.is_rehearsal && work.actor.holds_all() {
        return Ok(());
    }
    let offers = store::offers_at_app(&mut work.tx, app).await?;
    withdraw_organization(work, changing, offers).await
}

/// Takes back every offer of an organization role that goes.
pub(crate) async fn withdraw_organization_role<E>(work: &mut Work, changing: &Changing, role: OrganizationRoleId) -> Result<(), E>
where
    E: From<Denied> + From<GuardError> + From<Fault>,
{
    if work.is_rehearsal && work.actor.holds_all() {
        return Ok(());
    }
    let offers = store::offers_of_organization_role(&mut work.tx, role).await?;
    withdraw_organization(work, changing, offers).await
}

/// Takes back offers of organization roles, which is for those who might have made them (rule 3a). Of end-user roles and groups it is not: there
/// the right to let these go is right enough (rule 3b).
async fn withdraw_organization<E>(work: &mut Work, changing: &Changing, offers: Vec<OfferRow>) -> Result<(), E>
where
    E: From<Denied> + From<GuardError> + From<Fault>,
{
    may_take_back::<E>(work, &offers).await?;
    if work.is_rehearsal {
        return Ok(());
    }
    Ok(withdraw(work, changing, offers).await?)
}

/// How many open invitations offer an organization role.
pub async fn count_offering_organization_role(tx: &mut Tx, role: OrganizationRoleId) -> Result<u64, Fault> {
    Ok(invitations(store::offers_of_organization_role(tx, role).await?))
}

/// Takes back every offer of an end-user role of a deployment that goes.
pub(crate) async fn withdraw_deployment(work: &mut Work, changing: &Changing, deployment: DeploymentId) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
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

/// Takes back everything that a user offers in open invitations; one without any other offer ends. What follows when they are deactivated.
pub(crate) async fn withdraw_offers_of(work: &mut Work, changing: &Changing, inviter: UserId) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
    let offers = store::offered_by(&mut work.tx, inviter).await?;
    withdraw(work, changing, offers).await
}

/// Ends the open invitation of somebody who is shut out. The user stays, so that nobody invites them anew unawares.
pub(crate) async fn shut(work: &mut Work, changing: &Changing, user: &User) -> Result<(), Fault> {
    match store::open_of(&mut work.tx, user.id).await? {
        Some(row) => end(work, changing, &row, user, End::Revoked).await,
        None => Ok(()),
    }
}

/// Drops offers, each with its trace; what becomes of their invitations is for the caller.
pub(super) async fn drop_offers(work: &mut Work, offers: &[OfferRow]) -> Result<(), Fault> {
    for offer in offers {
        work.record(Event::new(Kind::OfferFellAway, Subject::new("invitation", offer.invitation_id)).before(offer)?).await?;
        store::delete_offer(&mut work.tx, offer.id).await?;
    }
    Ok(())
}

/// Refuses unless the actor might make each of these offers, as whoever takes a whole invitation back must. Whoever holds everything is not
/// asked.
async fn may_take_back<E: From<Denied> + From<GuardError> + From<Fault>>(work: &mut Work, offers: &[OfferRow]) -> Result<(), E> {
    if work.actor.holds_all() {
        return Ok(());
    }
    // There may be as many as there are people, of a few things.
    let catalogue = load::catalogue(&mut work.tx).await?;
    let (mut read, mut asked) = (HashMap::new(), HashSet::new());
    for row in offers {
        let (target, period) = (row.target()?, row.period.period());
        if !asked.insert((target, period)) {
            continue;
        }
        if let Entry::Vacant(place) = read.entry(target) {
            place.insert(offer::read(&mut work.tx, target).await?.ok_or_else(|| Fault::broken("an offer refers to nothing"))?);
        }
        let Some(offer) = read.get(&target) else { continue };
        match offer::could_offer(&work.actor, &catalogue, offer, period, work.now) {
            Ok(()) => {}
            Err(MayNot::Denied(denied)) => return Err(denied.into()),
            Err(MayNot::OnlyAdministrators | MayNot::Beyond) => return Err(GuardError::Beyond.into()),
            Err(MayNot::Fault(fault)) => return Err(fault.into()),
        }
    }
    Ok(())
}

async fn withdraw(work: &mut Work, changing: &Changing, offers: Vec<OfferRow>) -> Result<(), Fault> {
    drop_offers(work, &offers).await?;
    let mut touched: Vec<InvitationId> = offers.into_iter().map(|offer| offer.invitation_id).collect();
    touched.dedup();
    for id in touched {
        if !store::offers(&mut work.tx, id).await?.is_empty() {
            continue;
        }
        let row = store::by_id(&mut work.tx, id).await?.ok_or_else(|| Fault::broken("an offer has no invitation"))?;
        let user = user::by_id(&mut work.tx, row.user_id).await?.ok_or_else(|| Fault::broken("an invitation has no user"))?;
        if grant::holds_organization_role(&mut work.tx, user.id).await? {
            close(work, &row, &user, End::Revoked).await?;
        } else {
            end(work, changing, &row, &user, End::Revoked).await?;
        }
    }
    Ok(())
}

/// Whether somebody is a user only because they were invited.
pub(super) fn never_came(user: &User) -> bool {
    user.status == Status::Invited && user.last_login_at.is_none()
}

/// Ends an open invitation unaccepted, whoever decided so, and what follows from it.
pub(super) async fn end(work: &mut Work, changing: &Changing, row: &Row, user: &User, end: End) -> Result<(), Fault> {
    close(work, row, user, end).await?;
    forget(work, changing, user).await
}

/// Ends an open invitation unaccepted. Its user stays.
async fn close(work: &mut Work, row: &Row, user: &User, end: End) -> Result<(), Fault> {
    store::close(&mut work.tx, row.id, end, work.now).await?;
    tell(work, row, user, end).await
}

/// Writes the event of an invitation that has ended unaccepted.
pub(super) async fn tell(work: &mut Work, row: &Row, user: &User, end: End) -> Result<(), Fault> {
    let offers = store::offers(&mut work.tx, row.id).await?;
    let kind = if end == End::Declined { Kind::InvitationDeclined } else { Kind::InvitationRevoked };
    let written = Written { email: &user.email, invitation: row, offers: &offers };
    work.record(Event::new(kind, row.subject()).before(&written)?).await
}

/// Removes somebody who was only invited and never came. What others gave them beside the invitation goes with them, each with its trace.
pub(super) async fn forget(work: &mut Work, changing: &Changing, user: &User) -> Result<(), Fault> {
    if never_came(user) {
        grant::end_of_user(work, changing, user.id).await?;
        group::end_of_user(work, changing, user.id).await?;
        user::remove(work, changing, user).await?;
    }
    Ok(())
}
