//! Rule 3: nobody hands out more than they hold, and nobody acts on somebody stronger. Compared is what `effective` says, never a form.

use super::catalogue::Catalogue;
use super::effective::{self, Holdings, OrganizationGrantRow};
use super::load;
use crate::actor::Actor;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, OrganizationGrantId, OrganizationRoleId, UserId};
use crate::base::reach::Reach;
use crate::base::text::PermissionKey;
use crate::base::time::{Period, Timestamp};
use crate::work::Work;
use std::error::Error;
use std::time::Duration;

/// How old the proof of who somebody is may be when they take something from others, or others out (rule 3c).
const FRESH: Duration = Duration::from_mins(15);

/// The actor proved too long ago who they are. It stands at the end of each chain of errors, so that whoever talks to people can ask them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the last proof is older than 15 minutes")]
pub struct Unproved;

/// Why the guard stopped somebody.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// Rule 3a: the role gives more than the giver holds there, at those stages, for so long.
    #[error("this role gives more than you hold yourself")]
    Beyond,
    /// Rule 3a: whoever holds a role would gain this, and the actor does not hold it everywhere there, without an end.
    #[error("somebody would gain {0}, which you do not hold yourself there, or not for good")]
    BeyondPermission(PermissionKey),
    /// Rule 3c: this needs a fresh proof.
    #[error("whoever does this must prove once more who they are")]
    Unproved(#[source] Unproved),
    /// Rule 3c: the other one holds what the actor does not.
    #[error("they may do more than you: somebody who may do as much must do this")]
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

/// What roles give before a change of them; `None`: whoever changes them may give anything.
pub(crate) async fn before_roles_change(work: &mut Work) -> Result<Option<Catalogue>, Fault> {
    match work.actor.authority() {
        Some(own) if !own.holds_all_for(None) => Ok(Some(load::catalogue(&mut work.tx).await?)),
        _ => Ok(None),
    }
}

/// Refuses when a role gives more than before, by an entry or by an implication, and the actor does not hold that at the same stages without
/// end (rule 3a). It does not matter whether anybody holds the role already: the next one who gets it would.
pub(crate) async fn roles_may_grow(work: &mut Work, before: Option<Catalogue>) -> Result<(), GuardError> {
    let (Some(before), Some(own)) = (before, work.actor.authority().cloned()) else { return Ok(()) };
    let after = load::catalogue(&mut work.tx).await?;
    let keeps = |permission: &PermissionKey, reach| own.keeps(permission.as_str(), reach);
    for (permission, stage) in after.gained_by_roles(&before) {
        if !keeps(&permission, stage.map_or(Reach::Organization, Reach::Stage)) {
            return Err(GuardError::BeyondPermission(permission));
        }
    }
    Ok(())
}

/// Refuses a person who proved too long ago who they are (rule 3c): whoever finds an open session must not be able to lock others out. What
/// is only rehearsed takes nothing from anybody.
pub(crate) fn proved_lately(work: &Work) -> Result<(), GuardError> {
    match work.actor {
        Actor::User { proved_at, .. } if !work.is_rehearsal && work.now.since(proved_at) > FRESH => Err(GuardError::Unproved(Unproved)),
        _ => Ok(()),
    }
}

/// Whether an error comes from `proved_lately`.
pub fn lacks_proof(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<Unproved>() {
            return true;
        }
        next = error.source();
    }
    false
}

/// Refuses unless the actor holds every platform permission that the user holds, or will once a grant begins (rule 3c). People may always act
/// on themselves.
pub(crate) async fn not_stronger(work: &mut Work, user: UserId) -> Result<(), GuardError> {
    none_stronger(work, &[user]).await
}

/// The same for many people at once, with as many queries as for one.
pub(crate) async fn none_stronger(work: &mut Work, users: &[UserId]) -> Result<(), GuardError> {
    let Some(own) = work.actor.authority().cloned() else { return Ok(()) };
    let others: Vec<UserId> = users.iter().copied().filter(|user| work.actor.id() != Some(user.uuid())).collect();
    if own.holds_all() || others.is_empty() {
        return Ok(());
    }
    let catalogue = load::catalogue(&mut work.tx).await?;
    for some in others.chunks(load::STEP) {
        let held = load::users(&mut work.tx, some).await?;
        none_outdoes(&own, &catalogue, held.into_values(), work.now)?;
    }
    Ok(())
}

/// Refuses unless the actor holds every platform permission that these API clients hold (rule 3c): whoever has the secret of one acts as it.
pub(crate) async fn no_client_stronger(work: &mut Work, clients: &[ClientId]) -> Result<(), GuardError> {
    let Some(own) = work.actor.authority().cloned() else { return Ok(()) };
    if own.holds_all() || clients.is_empty() {
        return Ok(());
    }
    let catalogue = load::catalogue(&mut work.tx).await?;
    let held = load::clients(&mut work.tx, clients).await?;
    none_outdoes(&own, &catalogue, held.into_values(), work.now)
}

/// Whether the actor holds what this API client holds for as long as it does, `until` then at the most (rule 3a): whoever makes a secret of it
/// acts as it for as long as the secret works.
pub(crate) async fn covers_client(work: &mut Work, client: ClientId, until: Option<Timestamp>) -> Result<bool, Fault> {
    let Some(own) = work.actor.authority().cloned() else { return Ok(true) };
    if own.holds_all_for(until) {
        return Ok(true);
    }
    let catalogue = load::catalogue(&mut work.tx).await?;
    let held = load::clients(&mut work.tx, &[client]).await?;
    Ok(held.into_values().all(|holdings| own.gives(&strength(&catalogue, holdings, until, work.now))))
}

/// Refuses unless this authority covers what each of these holds, or will hold once a grant begins.
fn none_outdoes(own: &Authority, catalogue: &Catalogue, held: impl Iterator<Item = Holdings>, now: Timestamp) -> Result<(), GuardError> {
    for holdings in held {
        if !own.holds(&strength(catalogue, holdings, None, now)) {
            return Err(GuardError::Stronger);
        }
    }
    Ok(())
}

/// What somebody is compared by: everything that they hold, or will hold once a grant begins, `until` then at the most.
fn strength(catalogue: &Catalogue, holdings: Holdings, until: Option<Timestamp>, now: Timestamp) -> Authority {
    // Whoever is shut out holds what they held, for whoever lets them in again.
    let mut holdings = Holdings { counts: true, ..holdings };
    for grant in &mut holdings.organization_grants {
        grant.period.starts_at = None;
        grant.period.ends_at = [grant.period.ends_at, until].into_iter().flatten().min();
    }
    effective::authority(catalogue, &holdings, now)
}
