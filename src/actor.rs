//! Floor 3: who acts, and the one policy.

use crate::base::authority::Authority;
use crate::base::id::{ClientId, InvitationId, UserId};
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use uuid::Uuid;

/// Who acts in a work. Built at the edge; the rights of people and clients are read again inside the work
/// (`access::begin_change`), so that a right taken away a moment ago is not used any more.
#[derive(Clone, Debug)]
pub enum Actor {
    /// A person who signed in.
    User {
        /// Who.
        id: UserId,
        /// The e-mail address, for the audit trail.
        label: String,
        /// What they may do.
        authority: Authority,
        /// When they last proved who they are.
        proved_at: Timestamp,
    },
    /// A client acting for itself.
    Client {
        /// Which.
        id: ClientId,
        /// Its `client_id`, for the audit trail.
        label: String,
        /// What it may do.
        authority: Authority,
    },
    /// Somebody accepting an invitation: may do exactly what it promises, which its rule checks by itself.
    Invitation {
        /// Which.
        id: InvitationId,
        /// The invited address, for the audit trail.
        label: String,
    },
    /// The operator at the server: the command line, `apply`, and the clock-driven workers.
    System {
        /// The command or worker.
        label: &'static str,
    },
    /// Nobody yet: signing in, redeeming a code.
    Anonymous,
}

/// The actor lacks a permission there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this needs the permission {permission}")]
pub struct Denied {
    /// The permission that was asked for.
    pub permission: &'static str,
    /// Where.
    pub reach: Reach,
}

impl Actor {
    /// Whether the actor may do this there. The one policy.
    pub fn may(&self, permission: &str, reach: Reach) -> bool {
        match self {
            Self::User { authority, .. } | Self::Client { authority, .. } => authority.allows(permission, reach),
            Self::System { .. } => true,
            Self::Invitation { .. } | Self::Anonymous => false,
        }
    }

    /// What a person or a client may do; `None` for the operator, and for those who act by a promise.
    pub const fn authority(&self) -> Option<&Authority> {
        match self {
            Self::User { authority, .. } | Self::Client { authority, .. } => Some(authority),
            Self::System { .. } | Self::Invitation { .. } | Self::Anonymous => None,
        }
    }

    /// Whether the actor holds everything, everywhere.
    pub fn holds_all(&self) -> bool {
        match self {
            Self::User { authority, .. } | Self::Client { authority, .. } => authority.holds_all(),
            Self::System { .. } => true,
            Self::Invitation { .. } | Self::Anonymous => false,
        }
    }

    /// The kind of actor in one word, for the audit trail and for "granted by".
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::User { .. } => "user",
            Self::Client { .. } => "client",
            Self::Invitation { .. } => "invitation",
            Self::System { .. } => "system",
            Self::Anonymous => "anonymous",
        }
    }

    /// The actor's id, where it has one.
    pub const fn id(&self) -> Option<Uuid> {
        match self {
            Self::User { id, .. } => Some(id.uuid()),
            Self::Client { id, .. } => Some(id.uuid()),
            Self::Invitation { id, .. } => Some(id.uuid()),
            Self::System { .. } | Self::Anonymous => None,
        }
    }

    /// A name that stays readable after the actor is gone.
    pub fn label(&self) -> &str {
        match self {
            Self::User { label, .. } | Self::Client { label, .. } | Self::Invitation { label, .. } => label,
            Self::System { label } => label,
            Self::Anonymous => "anonymous",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_system_and_holders_may() {
        assert!(Actor::System { label: "apply" }.may("users.manage", Reach::Organization));
        let invitation = Actor::Invitation { id: InvitationId::fresh(), label: "bo@acme.example".into() };
        for nobody in [Actor::Anonymous, invitation] {
            assert!(!nobody.may("users.manage", Reach::Organization) && !nobody.holds_all());
        }
        let user = Actor::User { id: UserId::fresh(), label: String::new(), authority: Authority::default(), proved_at: Timestamp::from_seconds(0) };
        assert!(!user.may("users.manage", Reach::Organization));
    }
}
