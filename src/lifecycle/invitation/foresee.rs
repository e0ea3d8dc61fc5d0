//! What the rule would say, from rights and configuration at hand: for pages that say so before anything is done.

use super::offer::{self, Offered};
use super::{InviteError, check_period};
use crate::access::catalogue::Catalogue;
use crate::actor::Actor;
use crate::base::authority::Authority;
use crate::base::time::Timestamp;

/// What inviting would say to an offer made by an actor whose rights and configuration are at hand: for a page that says so before.
pub fn foresee(actor: &Actor, catalogue: &Catalogue, offered: &Offered, now: Timestamp) -> Result<(), InviteError> {
    offer::could_offer(actor, catalogue, &offered.offer, offered.period, now)?;
    check_period(offered.period, now)
}

/// Whether an actor may offer anything to anybody.
pub fn may_offer_anything(actor: &Actor) -> bool {
    let gives = ["member_access.manage", "end_user_access.manage", "end_user_groups.manage"];
    let holds = |authority: &Authority| {
        let held = |permission: &&str| authority.permissions.iter().any(|(key, coverages)| key.as_str() == *permission && !coverages.is_empty());
        !authority.all.is_empty() || gives.iter().any(held)
    };
    matches!(actor, Actor::System { .. }) || actor.authority().is_some_and(holds)
}
