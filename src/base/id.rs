//! Typed ids over UUIDv7: an `AppId` cannot be passed where a `UserId` is wanted.
//!
//! Row ids are ordered by time and may be guessed; whatever must not be guessed (session ids, request ids, `jti`)
//! is a random token of `base::secret` instead.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, later than every id made before it on this node.
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }

            /// The id with these bytes: for ids that are kept as bare UUIDs or are part of a token.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The 16 bytes of the id.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )*};
}

ids! {
    /// The one organization of a deployment of Gatehouse.
    OrganizationId
    /// A stage: Development, QA, Production ...
    StageId
    /// An app, across all stages.
    AppId
    /// An app at a stage.
    DeploymentId
    /// A permission that an app owns at a stage (`verb`).
    AppPermissionId
    /// A user.
    UserId
    /// One way in of a user: (issuer, subject).
    IdentityId
    /// A group at a stage.
    GroupId
    /// A user's membership in a group, from one source.
    MembershipId
    /// An organization role.
    OrganizationRoleId
    /// An entry of an organization role: one permission and where it counts.
    RoleEntryId
    /// An end-user role of a deployment.
    EndUserRoleId
    /// A grant of an organization role.
    OrganizationGrantId
    /// A grant of an end-user role.
    EndUserGrantId
    /// The row of an OAuth client (its public `client_id` is text).
    ClientId
    /// One secret of a client.
    ClientSecretId
    /// An authorization: user x client x session; the `azid` claim.
    AuthorizationId
    /// A family of refresh tokens.
    RefreshFamilyId
    /// An invitation.
    InvitationId
    /// A file of invitations.
    BulkInvitationId
    /// One offer of an invitation.
    OfferId
    /// A signing key's row (its public `kid` is text).
    KeyId
    /// A job of the outbox.
    JobId
    /// A letter in the mailbox.
    LetterId
    /// An audit event.
    EventId
}
