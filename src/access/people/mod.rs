//! People as lists show them: users with what they hold. Rule 8: a list shows only what its reader may see.

mod clients;
mod endings;
pub mod groups;
mod held;
pub mod holders;
mod rows;
mod store;
mod there;
mod ways;

pub use clients::{ClientHeld, count_held_by_clients, held_by_client};
pub use endings::{Ending, endings};
pub use held::{EndUserHeld, GroupHeld, Held, OrganizationHeld, Terms, held};
pub use store::{Known, count, known, list, seen_of, usernames};
pub use there::There;

use crate::access::catalogue::Catalogue;
use crate::base::authority::Authority;
use crate::base::id::{DeploymentId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, EmailAddress};
use crate::base::time::Timestamp;
use crate::identity::organization::Organization;
use crate::identity::user::Status;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Which people somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Everybody, also those who hold nothing.
    pub everybody: bool,
    /// Those with organization roles.
    pub members: bool,
    /// Those with end-user roles of these deployments.
    pub end_users: Vec<DeploymentId>,
}

impl Sight {
    /// What `authority` lets somebody see.
    pub fn of(authority: &Authority, catalogue: &Catalogue) -> Self {
        let at_organization = |permission| authority.allows(permission, Reach::Organization);
        let members = at_organization("members.view");
        let seen =
            |deployment: &&crate::access::catalogue::DeploymentRow| authority.allows("end_users.view", Reach::AppAtStage(deployment.app, deployment.stage));
        Self {
            everybody: at_organization("users.manage") || members && at_organization("end_users.view"),
            members,
            end_users: catalogue.deployments().filter(seen).map(|deployment| deployment.id).collect(),
        }
    }

    /// Whether somebody who holds this, and nothing else, may be shown.
    pub fn sees_person(&self, held: &Held) -> bool {
        let members = self.members && !held.organization.is_empty();
        self.everybody || members || held.end_user.iter().chain(&held.of_groups).any(|grant| self.sees(grant.deployment_id))
    }

    /// Whether end-user roles of a deployment may be shown.
    pub fn sees(&self, deployment: DeploymentId) -> bool {
        self.everybody || self.end_users.contains(&deployment)
    }
}

crate::choice! {
    /// What people hold, as a filter.
    pub enum Access {
        /// An organization role at least.
        Members = "members",
        /// An end-user role at least, directly or through a group.
        EndUsers = "end_users",
        /// Nothing.
        Nothing = "nothing",
    }
}

crate::choice! {
    /// The order of a list.
    pub enum Sort {
        /// By name, or address of those without one.
        Name = "name",
        /// Whoever signed in last comes first, and whoever never did at the end.
        LastSignIn = "last_sign_in",
        /// The other way round: whoever never signed in comes first, then who did so longest ago.
        LongestAgo = "longest_ago",
        /// Whoever came last comes first.
        Newest = "newest",
        /// By standing: whoever has not come yet comes first, whoever is shut out last; those who stand alike by name.
        Status = "status",
    }
}

crate::choice! {
    /// For how long people did not sign in, as a filter.
    pub enum Away {
        /// They never did.
        Never = "never",
        /// Not for 30 days, or never, and they are here for longer than that.
        Month = "30",
        /// The same with 90 days.
        Quarter = "90",
    }
}

crate::choice! {
    /// Whose e-mail domain an address is at, as a filter.
    pub enum Side {
        /// One that the organization names as its own.
        Internal = "internal",
        /// Any other.
        External = "external",
    }
}

impl Side {
    /// On which side an address is; `None`: the organization names no domains, so nobody is told apart.
    pub fn of(organization: Option<&Organization>, email: &str) -> Option<Self> {
        let domains = &organization.filter(|organization| !organization.internal_domains.is_empty())?.internal_domains;
        let email = EmailAddress::parse(email).ok()?;
        Some(if domains.iter().any(|domain| domain == email.domain()) { Self::Internal } else { Self::External })
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    /// A folded text anywhere in name, address or username.
    pub search: String,
    /// Where they stand.
    pub status: Option<Status>,
    /// Only those of whom anything counts: they are active, and their addresses are proved.
    pub counts: bool,
    /// What they hold.
    pub access: Option<Access>,
    /// What there is at an app, at a stage, or at both: they hold something that counts there, or belong to a group of the stage, and whether
    /// they are away is asked there.
    pub there: Option<There>,
    /// For how long they did not sign in.
    pub away: Option<Away>,
    /// On which side of these domains of the organization their addresses are; without any, nobody is told apart.
    pub side: Option<(Side, Vec<String>)>,
    /// The instant of the list: what has ended by then, or not begun, nobody holds.
    pub now: Timestamp,
}

impl Filter {
    /// Everybody, at this instant.
    pub const fn at(now: Timestamp) -> Self {
        Self { search: String::new(), status: None, counts: false, access: None, there: None, away: None, side: None, now }
    }

    /// Whether anything is asked of people's own rows, beside their sign-ins.
    const fn asks_of_rows(&self) -> bool {
        !self.search.is_empty() || self.status.is_some() || self.counts || self.side.is_some()
    }
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct PersonRow {
    /// Who.
    pub id: UserId,
    /// The address.
    pub email: String,
    /// The name, if they gave one.
    pub name: Option<DisplayName>,
    /// Standing.
    pub status: Status,
    /// The last sign-in.
    pub last_login_at: Option<Timestamp>,
    /// When the row was made.
    pub created_at: Timestamp,
    sort_key: Vec<u8>,
}

impl PersonRow {
    /// The name, or the address of somebody without one.
    pub fn label(&self) -> &str {
        self.name.as_ref().map_or(&self.email, DisplayName::as_str)
    }
}

/// A place in a list, between two rows: what paging goes on from. Row ids are part of it, so it stays where it is when rows come and go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    key: Vec<u8>,
    id: Uuid,
}

impl Cursor {
    /// The place of a row with this key of its order, and this id.
    pub(crate) const fn of(key: Vec<u8>, id: Uuid) -> Self {
        Self { key, id }
    }

    /// The place of a row in this order.
    pub fn at(row: &PersonRow, sort: Sort) -> Self {
        let key = match sort {
            Sort::Name => row.sort_key.clone(),
            Sort::LastSignIn | Sort::LongestAgo => row.last_login_at.map_or(0, Timestamp::micros).to_be_bytes().to_vec(),
            Sort::Newest => Vec::new(),
            Sort::Status => [[rows::rank(row.status)].as_slice(), row.sort_key.as_slice()].concat(),
        };
        Self { key, id: row.id.uuid() }
    }

    /// The cursor as it stands in an address.
    pub fn write(&self) -> String {
        URL_SAFE_NO_PAD.encode([self.id.as_bytes().as_slice(), &self.key].concat())
    }

    /// Reads it back; `None` for anything else: then the list begins at its beginning.
    pub fn read(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().filter(|bytes| bytes.len() <= 2_000)?;
        let (id, key) = bytes.split_first_chunk::<16>()?;
        Some(Self { key: key.to_vec(), id: Uuid::from_bytes(*id) })
    }

    /// The key of the order, as text for a comparison of bytes.
    pub(crate) fn key(&self) -> Vec<u8> {
        self.key.clone()
    }

    /// The id.
    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// The key of an order that counts; 0 for the place of another order.
    pub(crate) fn number(&self) -> i64 {
        self.key.as_slice().try_into().map_or(0, i64::from_be_bytes)
    }
}

/// From where a page goes, and which way. Lists of other things have cursors of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From<C = Cursor> {
    /// The beginning.
    Start,
    /// The rows after a place.
    After(C),
    /// The rows before a place; they are answered in the order of the list all the same.
    Before(C),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_the_address_and_nonsense_does_not() {
        for key in [&b"ana"[..], &7_i64.to_be_bytes(), b""] {
            let cursor = Cursor::of(key.to_vec(), Uuid::now_v7());
            assert_eq!(Cursor::read(&cursor.write()), Some(cursor));
        }
        assert_eq!(Cursor::of(7_i64.to_be_bytes().to_vec(), Uuid::now_v7()).number(), 7);
        assert_eq!(Cursor::of(b"the place of another order".to_vec(), Uuid::now_v7()).number(), 0);
        for bad in ["", "x", "-1", "!!!", "AAAA", &"A".repeat(10_000)] {
            assert_eq!(Cursor::read(bad), None, "{bad:.10}");
        }
    }
}
