//! Shutting somebody out, and letting them in again.

use super::invitation;
use crate::access::administrators::{self, RemainError};
use crate::access::guard::{self, GuardError};
use crate::access::{effective, load};
use crate::actor::Denied;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::identity::user::{self, Status, User};
use crate::login::{attempt, session};
use crate::oauth::authorization;
use crate::work::{Changing, Work};

/// The word that sessions and tokens keep for why they ended.
const BECAUSE: &str = "deactivated";

/// Why somebody could not be deactivated or activated.
#[derive(Debug, thiserror::Error)]
pub enum DeactivateError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such user.
    #[error("there is no such user")]
    Unknown,
    /// Rule 3c.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// Rule 2.
    #[error(transparent)]
    Remain(#[from] RemainError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Deactivates a user. Everything they could come in with ends in the same work (rule 5), what they offered is taken back, and so is
/// an invitation to them. Answers the user as they are now; deactivating twice changes nothing.
pub async fn deactivate(work: &mut Work, changing: &Changing, user: UserId) -> Result<User, DeactivateError> {
    work.require("users.manage", Reach::Organization)?;
    let user = user::by_id(&mut work.tx, user).await?.ok_or(DeactivateError::Unknown)?;
    if user.status == Status::Inactive {
        return Ok(user);
    }
    guard::not_stronger(work, user.id).await?;
    guard::proved_lately(work)?;
    let holdings = load::user(&mut work.tx, user.id).await?;
    let catalogue = load::catalogue(&mut work.tx).await?;
    let is_administrator = effective::authority(&catalogue, &holdings, work.now).holds_all();
    let after = user::set_status(work, changing, &user, Status::Inactive).await?;
    session::end_all(work, user.id, BECAUSE).await?;
    authorization::end_all(work, user.id, BECAUSE).await?;
    attempt::end_all(work, user.id).await?;
    invitation::withdraw_offers_of(work, changing, user.id).await?;
    invitation::shut(work, changing, &after).await?;
    if is_administrator {
        administrators::one_remains(work, changing).await?;
    }
    Ok(after)
}

/// Lets a deactivated user in again, with the access they still hold. Somebody who never proved their address is back at being invited.
pub async fn activate(work: &mut Work, changing: &Changing, user: UserId) -> Result<User, DeactivateError> {
    work.require("users.manage", Reach::Organization)?;
    let user = user::by_id(&mut work.tx, user).await?.ok_or(DeactivateError::Unknown)?;
    if user.status != Status::Inactive {
        return Ok(user);
    }
    guard::not_stronger(work, user.id).await?;
    let status = if user.email_verified_at.is_some() { Status::Active } else { Status::Invited };
    Ok(user::set_status(work, changing, &user, status).await?)
}
