//! Rule 3: nobody hands out more than they hold, and nobody acts on somebody stronger. Compared is what `effective` says, never a form.

use super::catalogue::Catalogue;
use super::effective::{self, Holdings, OrganizationGrantRow};
use super::load;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{AppId, OrganizationGrantId, OrganizationRoleId, UserId};
use crate::base::time::{Period, Timestamp};
use crate::work::Work;

/// Why the guard stopped somebody.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// Rule 3a: the role gives more than the giver holds there, at those stages, for so long.
    #[error("this role gives more than you hold yourself")]
    Beyond,
    /// Rule 3c: the other one holds what the actor does not.
    #[error("this person may do more than you: somebody who may do as much must do this")]
    Stronger,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a grant of a role would give by itself, from its start on.
fn gain(catalogue: &Catalogue, role: OrganizationRoleId, app: Option<AppId>, period: Period, now: Timestamp) -> Authority {
    let grant = OrganizationGrantRow { id: OrganizationGrantId::fresh(), role, app, period };
    let holdings = Holdings { counts: true, organization_grants: vec![grant], ..Holdings::default() };
    let from = period.starts_at.map_or(now, |start: Timestamp| start.max(now));
    effective::authority(catalogue, &holdings, from)
}

/// Whether somebody with this authority may give a role (rule 3a), by the configuration at hand: what a page says before anything is done.
pub(crate) fn would_allow(catalogue: &Catalogue, own: &Authority, role: OrganizationRoleId, app: Option<AppId>, period: Period, now: Timestamp) -> bool {
    own.holds_all_for(period.ends_at) || own.gives(&gain(catalogue, role, app, period, now))
}

/// Refuses unless the actor holds everything that the role gives (rule 3a). The operator at the server may give anything.
pub(crate) async fn may_give(work: &mut Work, role: OrganizationRoleId, app: Option<AppId>, period: Period) -> Result<(), GuardError> {
    let Some(own) = work.actor.authority().cloned() else { return Ok(()) };
    within(work, &own, role, app, period).await
}

/// The same for somebody else's authority: that of an inviter at the moment of acceptance.
pub(crate) async fn within(work: &mut Work, own: &Authority, role: OrganizationRoleId, app: Option<AppId>, period: Period) -> Result<(), GuardError> {
    if own.holds_all_for(period.ends_at) {
        return Ok(());
    }
    let catalogue = load::catalogue(&mut work.tx).await?;
    if would_allow(&catalogue, own, role, app, period, work.now) { Ok(()) } else { Err(GuardError::Beyond) }
}

/// Refuses unless the actor holds every platform permission that the user holds now (rule 3c). People may always act on themselves.
pub(crate) async fn not_stronger(work: &mut Work, user: UserId) -> Result<(), GuardError> {
    let Some(own) = work.actor.authority().cloned() else { return Ok(()) };
    if own.holds_all() || work.actor.id() == Some(user.uuid()) {
        return Ok(());
    }
    let holdings = load::user(&mut work.tx, user).await?;
    let catalogue = load::catalogue(&mut work.tx).await?;
    // Somebody who is shut out holds what they held, for whoever lets them in again.
    let theirs = effective::authority(&catalogue, &Holdings { counts: true, ..holdings }, work.now);
    if own.holds(&theirs) { Ok(()) } else { Err(GuardError::Stronger) }
}
