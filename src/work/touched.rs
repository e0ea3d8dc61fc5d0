//! Whose access a work changed. Whatever raises a subject's counter says so here, so that a preview knows whom to compare; what follows
//! from roles and other configuration shows in the configuration itself.

use crate::base::id::{AppId, ClientId, DeploymentId, EndUserRoleId, GroupId, OrganizationRoleId, StageId, UserId};
use std::collections::BTreeSet;

/// Whose access a work changed, by what raised their counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// People by themselves: their standing, their grants, their memberships.
    pub users: BTreeSet<UserId>,
    /// Groups with all of their members: what they hold, or whether they are there.
    pub groups: BTreeSet<GroupId>,
    /// API clients: their grants.
    pub clients: BTreeSet<ClientId>,
    /// What would be gone, where a rehearsal leaves it.
    pub gone: Gone,
}

/// What a rule removes and its rehearsal only notes, each with all that hangs on it. As many rows may go with it as there are people: the writer
/// must not be held for so long, and what goes is known without doing it. Whoever looks at a rehearsal takes it for gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Gone {
    /// Stages.
    pub stages: BTreeSet<StageId>,
    /// Apps, with the organization roles that are held at them.
    pub apps: BTreeSet<AppId>,
    /// Apps at stages.
    pub deployments: BTreeSet<DeploymentId>,
    /// End-user roles, with their grants.
    pub end_user_roles: BTreeSet<EndUserRoleId>,
    /// Organization roles, with their grants.
    pub organization_roles: BTreeSet<OrganizationRoleId>,
    /// Groups, with their memberships.
    pub groups: BTreeSet<GroupId>,
    /// Clients.
    pub clients: BTreeSet<ClientId>,
}
