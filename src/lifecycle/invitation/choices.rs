//! What can be offered: every role and group there is, for the form that asks.

use super::offer::{Offer, Recipient};
use super::store;
use crate::access::load::Snapshot;
use crate::access::role::end_user::EndUserRole;
use crate::access::role::organization::OrganizationRole;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{AppId, EndUserRoleId, GroupId, OrganizationRoleId};
use crate::db::Tx;
use crate::identity::group::Group;

/// Every role and group, each in the order of names.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    organization: Vec<OrganizationRole>,
    roles: Vec<EndUserRole>,
    groups: Vec<Group>,
}

/// Reads them: three queries, however many there are.
pub async fn choices(tx: &mut Tx) -> Result<Choices, Fault> {
    Ok(Choices { organization: store::organization_roles(tx).await?, roles: store::end_user_roles(tx).await?, groups: store::groups(tx).await? })
}

impl Choices {
    /// The organization roles that somebody may offer to people, or give to API clients.
    pub fn organization_roles<'a>(&'a self, recipient: Recipient, authority: &'a Authority) -> impl Iterator<Item = &'a OrganizationRole> {
        self.organization.iter().filter(move |role| Offer::OrganizationRole { role: (*role).clone(), app: None }.is_within_for(recipient, authority))
    }

    /// The end-user roles that somebody may offer, with what is offered.
    pub fn end_user_roles<'a>(&'a self, snapshot: &'a Snapshot, authority: &'a Authority) -> impl Iterator<Item = &'a EndUserRole> {
        self.roles.iter().filter(|role| offer_of(snapshot, role).is_some_and(|offer| offer.is_within(authority)))
    }

    /// The groups that somebody may offer.
    pub fn groups<'a>(&'a self, authority: &'a Authority) -> impl Iterator<Item = &'a Group> {
        self.groups.iter().filter(|group| Offer::Group { group: (*group).clone() }.is_within(authority))
    }

    /// Everything as offers, organization roles for the whole organization, whoever may make them.
    pub fn all<'a>(&'a self, snapshot: &'a Snapshot) -> impl Iterator<Item = Offer> + 'a {
        let organization = self.organization.iter().map(|role| Offer::OrganizationRole { role: role.clone(), app: None });
        let roles = self.roles.iter().filter_map(|role| offer_of(snapshot, role));
        let groups = self.groups.iter().map(|group| Offer::Group { group: group.clone() });
        organization.chain(roles).chain(groups)
    }

    /// An organization role as an offer, for the whole organization or one app, whoever may make it.
    pub fn organization_role(&self, id: OrganizationRoleId, app: Option<AppId>, snapshot: &Snapshot) -> Option<Offer> {
        let role = self.organization.iter().find(|role| role.id == id)?.clone();
        let app = match app {
            Some(app) => Some(snapshot.apps.get(&app)?.clone()),
            None => None,
        };
        Some(Offer::OrganizationRole { role, app })
    }

    /// An end-user role as an offer, whoever may make it.
    pub fn end_user_role(&self, id: EndUserRoleId, snapshot: &Snapshot) -> Option<Offer> {
        offer_of(snapshot, self.roles.iter().find(|role| role.id == id)?)
    }

    /// A group as an offer, whoever may make it.
    pub fn group(&self, id: GroupId) -> Option<Offer> {
        Some(Offer::Group { group: self.groups.iter().find(|group| group.id == id)?.clone() })
    }
}

fn offer_of(snapshot: &Snapshot, role: &EndUserRole) -> Option<Offer> {
    let (_, app, _) = snapshot.placed(role.deployment_id)?;
    Some(Offer::EndUserRole { app: app.clone(), role: role.clone() })
}
