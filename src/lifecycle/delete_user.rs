//! Deleting somebody for good.

use super::invitation;
use crate::access::administrators::{self, RemainError};
use crate::access::guard::{self, GuardError};
use crate::access::{effective, grant, load};
use crate::actor::Denied;
use crate::audit::{self, EraseError, Traces};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::db::{Tx, one};
use crate::identity::{group, user};
use crate::work::{Changing, Work};

/// Why somebody was not deleted.
#[derive(Debug, thiserror::Error)]
pub enum DeleteError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such user, or no more.
    #[error("there is no such user")]
    Unknown,
    /// Rule 3c.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// Rule 2.
    #[error(transparent)]
    Remain(#[from] RemainError),
    /// What the audit trail holds about them could not be erased.
    #[error(transparent)]
    Erase(#[from] EraseError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What goes with somebody: what a page says before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Going {
    /// Sessions that have not ended.
    pub sessions: i64,
    /// Apps that hold tokens in their name, or have seen them sign in.
    pub apps: i64,
    /// Organization roles.
    pub organization_roles: i64,
    /// End-user roles, held directly.
    pub app_roles: i64,
    /// Memberships.
    pub groups: i64,
    /// Open invitations in which they offer something.
    pub invitations: i64,
}

/// Counts what goes with somebody.
pub async fn going(tx: &mut Tx, user: UserId) -> Result<Going, Fault> {
    Ok(one!(
        tx,
        Going,
        "SELECT (SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND ended_at IS NULL) AS sessions,
         (SELECT COUNT(*) FROM clients c WHERE EXISTS (SELECT 1 FROM authorizations a WHERE a.client_id = c.id AND a.user_id = $1 AND a.ended_at IS NULL)) AS apps,
         (SELECT COUNT(*) FROM organization_grants WHERE user_id = $1) AS organization_roles,
         (SELECT COUNT(*) FROM end_user_grants WHERE user_id = $1) AS app_roles,
         (SELECT COUNT(*) FROM memberships WHERE user_id = $1) AS groups,
         (SELECT COUNT(DISTINCT i.id) FROM invitation_offers o JOIN invitations i ON i.id = o.invitation_id
          WHERE o.offered_by_kind = 'user' AND o.offered_by_id = $1 AND i.closed_at IS NULL) AS invitations",
        user
    )?)
}

/// Deletes a user. Everything of theirs goes in the same work (rule 5): what they hold, every way in, sessions, authorizations, codes and
/// attempts; what they offered is taken back. What they gave others stays, and so does what the audit trail holds, unless `erase` says
/// where that is.
pub async fn delete(work: &mut Work, changing: &Changing, user: UserId, erase: Option<&Traces>) -> Result<(), DeleteError> {
    work.require("users.manage", Reach::Organization)?;
    let user = user::by_id(&mut work.tx, user).await?.ok_or(DeleteError::Unknown)?;
    guard::not_stronger(work, user.id).await?;
    guard::proved_lately(work)?;
    let holdings = load::user(&mut work.tx, user.id).await?;
    let catalogue = load::catalogue(&mut work.tx).await?;
    let is_administrator = effective::authority(&catalogue, &holdings, work.now).holds_all();
    invitation::withdraw_offers_of(work, changing, user.id).await?;
    grant::end_of_user(work, changing, user.id).await?;
    group::end_of_user(work, changing, user.id).await?;
    invitation::shut(work, changing, &user).await?;
    // An invitation that ends takes somebody with it who never came.
    if let Some(user) = user::by_id(&mut work.tx, user.id).await? {
        user::remove(work, changing, &user).await?;
    }
    if is_administrator {
        administrators::one_remains(work, changing).await?;
    }
    if let Some(traces) = erase {
        audit::erase(work, traces).await?;
    }
    Ok(())
}
