//! What people change of their own: profile and password.

use super::{Profile, User, store};
use crate::actor::{Actor, Denied};
use crate::audit::{Event, Kind};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::crypto::password::PasswordHash;
use crate::work::{Changing, Work};

/// Why a profile could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// Not theirs.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such user any more.
    #[error("there is no such user")]
    Unknown,
    /// It was changed since it was read.
    #[error("somebody changed this user meanwhile")]
    Overtaken,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Changes the profile of a user as it was read at `version`. People who count change their own; for others it needs the right to
/// manage users. What was not changed leaves no trace.
pub async fn set_profile(work: &mut Work, _: &Changing, id: UserId, version: i64, profile: &Profile) -> Result<User, ProfileError> {
    let own = matches!(&work.actor, Actor::User { id: own, .. } if *own == id);
    if !own {
        work.require("users.manage", Reach::Organization)?;
    }
    let before = store::by_id(&mut work.tx, id).await?.ok_or(ProfileError::Unknown)?;
    // Shut out after they began.
    if own && !before.counts() {
        return Err(Denied { permission: "users.manage", reach: Reach::Organization }.into());
    }
    if before.version != version {
        return Err(ProfileError::Overtaken);
    }
    if before.profile == *profile {
        return Ok(before);
    }
    let after = User { profile: profile.clone(), updated_at: work.now, version: version + 1, ..before.clone() };
    if !store::set_profile(&mut work.tx, &after, version).await? {
        return Err(ProfileError::Overtaken);
    }
    work.record(Event::new(Kind::UserChanged, after.subject()).before(&before)?.after(&after)?).await?;
    Ok(after)
}

/// Replaces the password `old`, which its owner has just proved to know. `false`: it was changed meanwhile, and stays as it is. What
/// follows (sessions, the letter) is `lifecycle`'s.
pub(crate) async fn change_password(work: &mut Work, user: &User, old: &PasswordHash, new: &PasswordHash) -> Result<bool, Fault> {
    let replaced = store::change_password(&mut work.tx, user.id, old, new, work.now).await?;
    if replaced {
        work.record(Event::new(Kind::PasswordSet, user.subject())).await?;
    }
    Ok(replaced)
}
