//! Rule 8 in previews: whom and what the reader may see. The rest is a number.

use crate::access::app::SignIn;
use crate::access::catalogue::Catalogue;
use crate::access::effective::Holdings;
use crate::access::load::Who;
use crate::access::people::Sight;
use crate::access::preview::{Sides, Spot, What};
use crate::base::authority::Authority;
use crate::base::id::{DeploymentId, StageId, UserId};
use crate::base::reach::Reach;
use std::collections::BTreeSet;

/// Who reads a preview.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Everybody may see themselves.
    own: Option<UserId>,
    sight: Sight,
    /// The stages whose groups, with their members and roles, the reader sees.
    groups: BTreeSet<StageId>,
    /// Whether API clients may be shown.
    clients: bool,
}

impl Viewer {
    /// What this authority lets somebody see.
    pub fn of(own: Option<UserId>, authority: &Authority, catalogue: &Catalogue) -> Self {
        let groups = |stage: &StageId| ["end_users.view", "end_user_groups.manage"].iter().any(|key| authority.allows(key, Reach::Stage(*stage)));
        Self {
            own,
            sight: Sight::of(authority, catalogue),
            groups: catalogue.stages().iter().map(|stage| stage.id).filter(groups).collect(),
            clients: authority.allows("api_clients.manage", Reach::Organization),
        }
    }

    /// Whether somebody who holds this now may be named. What a change would give them makes nobody visible.
    pub(super) fn sees(&self, who: Who, holdings: &Holdings, catalogue: &Catalogue) -> bool {
        let Who::User(id) = who else { return self.clients };
        let is_end_user = || {
            let homes = holdings.end_user_grants.iter().filter_map(|grant| catalogue.end_user_role(grant.role));
            homes.into_iter().any(|role| self.sight.sees(role.deployment))
        };
        self.own == Some(id)
            || self.sight.everybody
            || self.sight.members && !holdings.organization_grants.is_empty()
            || is_end_user()
            || holdings.memberships.iter().any(|membership| self.groups.contains(&membership.stage))
    }

    /// The part of a difference that may be shown. `by_groups`: it comes from groups alone, whose roles the reader of groups sees.
    pub(super) fn part(&self, who: Who, spot: Spot, stage: Option<StageId>, by_groups: bool, what: &What, sides: &Sides) -> What {
        let own = matches!(who, Who::User(id) if self.own == Some(id));
        let all = own || self.sight.everybody;
        let members = all || self.sight.members || matches!(who, Who::Client(_)) && self.clients;
        let of_group = |stage: Option<StageId>| stage.is_some_and(|stage| self.groups.contains(&stage));
        let by_groups = by_groups && of_group(stage);
        let end_users = all
            || match spot {
                Spot::Organization => true,
                Spot::Stage(stage) => of_group(Some(stage)),
                Spot::Deployment(id) => by_groups || self.sight.sees(id),
            };
        let mut part = what.clone();
        if !members {
            (part.org_roles, part.permissions) = Default::default();
        }
        if !end_users {
            (part.sign_in, part.roles, part.verbs, part.groups) = Default::default();
        }
        if let Spot::Deployment(id) = spot
            && !all
            && !by_groups
        {
            self.leave_out_others(id, sides, &mut part);
        }
        part
    }

    /// Who holds a role of another app that counts at a deployment is the business of those who see the people of that app. Whether somebody
    /// may sign in would tell it too, unless everybody may.
    fn leave_out_others(&self, here: DeploymentId, sides: &Sides, part: &mut What) {
        let both = [&sides.before, &sides.after];
        let listed = both.into_iter().flat_map(|side| side.listed_roles_of(here));
        let hidden: BTreeSet<&str> = listed.filter(|(_, role)| !self.sight.sees(role.deployment)).map(|(claim, _)| claim).collect();
        if hidden.is_empty() {
            return;
        }
        part.roles.retain(|claim| !hidden.contains(claim.as_str()));
        let open = |side: &Catalogue| side.deployment(here).is_some_and(|row| row.sign_in == SignIn::Everyone);
        if !both.into_iter().all(open) {
            part.sign_in = false;
        }
    }
}
