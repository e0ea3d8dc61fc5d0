//! What somebody holds, as plain rows.

use crate::base::id::{AppId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, StageId};
use crate::base::text::Slug;
use crate::base::time::Period;

/// Everything that one user or API client holds. Order does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Whether access counts at all: an active user with a proved address, an API client that is not suspended.
    pub counts: bool,
    /// Organization roles, granted at the organization or at an app.
    pub organization_grants: Vec<OrganizationGrantRow>,
    /// The user's own end-user roles and those of every group in `memberships`.
    pub end_user_grants: Vec<EndUserGrantRow>,
    /// The user's memberships, at every stage.
    pub memberships: Vec<MembershipRow>,
}

/// A grant of an organization role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationGrantRow {
    /// Its id.
    pub id: OrganizationGrantId,
    /// The role.
    pub role: OrganizationRoleId,
    /// The app at which it is granted; `None`: the organization.
    pub app: Option<AppId>,
    /// When it is in force.
    pub period: Period,
}

/// A grant of an end-user role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndUserGrantRow {
    /// Its id.
    pub id: EndUserGrantId,
    /// The group that holds it; `None`: the user.
    pub group: Option<GroupId>,
    /// The role.
    pub role: EndUserRoleId,
    /// When it is in force.
    pub period: Period,
}

/// A membership in a group, from one source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MembershipRow {
    /// Its id.
    pub id: MembershipId,
    /// The group.
    pub group: GroupId,
    /// The group's key.
    pub group_key: Slug,
    /// The group's stage.
    pub stage: StageId,
    /// When it is in force.
    pub period: Period,
}

/// When both are in force. If they never are, the answer is not a valid period and contains no instant.
pub(in crate::access) fn meet(a: Period, b: Period) -> Period {
    Period { starts_at: a.starts_at.max(b.starts_at), ends_at: [a.ends_at, b.ends_at].into_iter().flatten().min() }
}
