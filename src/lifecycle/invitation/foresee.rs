//! What the rule would say, from rights and configuration at hand: for pages that say so before anything is done.

use super::offer::{self, MayNot, Offer, Offered};
use super::{InviteError, NewInvitation, check_period, is_corrected, store};
use crate::access::catalogue::Catalogue;
use crate::access::effective::{EndUserGrantRow, Holdings, MembershipRow, OrganizationGrantRow};
use crate::access::load;
use crate::actor::Actor;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{EndUserGrantId, InvitationId, MembershipId, OrganizationGrantId};
use crate::base::time::Timestamp;
use crate::db::Tx;

/// What inviting would say to an offer made by an actor whose rights and configuration are at hand: for a page that says so before.
pub fn foresee(actor: &Actor, catalogue: &Catalogue, offered: &Offered, now: Timestamp) -> Result<(), InviteError> {
    offer::could_offer(actor, catalogue, &offered.offer, offered.period, now)?;
    check_period(offered.period, now)
}

/// When an open invitation ends by itself to which an actor adds something: what inviting does, for a page that says so before.
pub async fn would_end(tx: &mut Tx, actor: &Actor, catalogue: &Catalogue, open: InvitationId, new: &NewInvitation, now: Timestamp) -> Result<Timestamp, Fault> {
    let ends = now.plus(new.life);
    // What an expired one offered is not kept.
    let Some(open) = store::by_id(tx, open).await?.filter(|open| now < open.expires_at) else { return Ok(ends) };
    for (row, offered) in offer::of(tx, open.id).await? {
        if is_corrected(actor, &row, &offered, new) {
            continue;
        }
        match offer::could_offer(actor, catalogue, &offered.offer, offered.period, now) {
            Ok(()) => {}
            Err(MayNot::Fault(fault)) => return Err(fault),
            Err(MayNot::Denied(_) | MayNot::OnlyAdministrators | MayNot::Beyond) => return Ok(open.expires_at),
        }
    }
    Ok(open.expires_at.max(ends))
}

/// What somebody holds who accepts these offers, and held nothing before.
pub async fn would_hold(tx: &mut Tx, offers: &[Offered]) -> Result<Holdings, Fault> {
    let mut holdings = Holdings { counts: true, ..Holdings::default() };
    for Offered { offer, period, .. } in offers {
        let period = *period;
        match offer {
            Offer::OrganizationRole { role, app } => {
                let grant = OrganizationGrantRow { id: OrganizationGrantId::fresh(), role: role.id, app: app.as_ref().map(|app| app.id), period };
                holdings.organization_grants.push(grant);
            }
            Offer::EndUserRole { role, .. } => {
                holdings.end_user_grants.push(EndUserGrantRow { id: EndUserGrantId::fresh(), group: None, role: role.id, period });
            }
            Offer::Group { group } => {
                let membership = MembershipRow { id: MembershipId::fresh(), group: group.id, group_key: group.key.clone(), stage: group.stage_id, period };
                holdings.memberships.push(membership);
            }
        }
    }
    let groups: Vec<_> = holdings.memberships.iter().map(|membership| membership.group).collect();
    holdings.end_user_grants.extend(load::groups(tx, &groups).await?.into_values().flatten());
    Ok(holdings)
}

/// The permissions of which one, held anywhere, is enough to offer something to somebody.
pub const GIVES: &[&str] = &["member_access.manage", "end_user_access.manage", "end_user_groups.manage"];

/// Whether somebody with these rights may offer anything to anybody.
pub fn gives_anything(authority: &Authority) -> bool {
    GIVES.iter().any(|permission| authority.allows_somewhere(permission))
}

/// Whether an actor may offer anything to anybody.
pub fn may_offer_anything(actor: &Actor) -> bool {
    matches!(actor, Actor::System { .. }) || actor.authority().is_some_and(gives_anything)
}
