//! Whose access a work changed. Whatever raises a subject's counter says so here, so that a preview knows whom to compare; what follows
//! from roles and other configuration shows in the configuration itself.

use crate::base::id::{ClientId, GroupId, UserId};
use std::collections::BTreeSet;

/// Whose access a work changed, by what raised their counters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Touched {
    /// People by themselves: their standing, their grants, their memberships.
    pub users: BTreeSet<UserId>,
    /// Groups with all of their members: what they hold, or whether they are there.
    pub groups: BTreeSet<GroupId>,
    /// Those of the groups that would be gone, where a rehearsal leaves them.
    pub gone: BTreeSet<GroupId>,
    /// API clients: their grants.
    pub clients: BTreeSet<ClientId>,
}
