//! Several people join a group at once: all of them, or nobody.

use super::{Given, GroupError, store};
use crate::actor::Denied;
use crate::base::fault::Fault;
use crate::base::id::{GroupId, UserId};
use crate::base::reach::Reach;
use crate::base::text::EmailAddress;
use crate::base::time::Period;
use crate::identity::user;
use crate::work::{Changing, Work};

/// Somebody who is to join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joining {
    /// Whoever has this address.
    Address(EmailAddress),
    /// A person that was picked from a list.
    Person(UserId),
}

/// Somebody who cannot join, by the address that was typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// Nobody has this address.
    Unknown(String),
    /// They are a member until another day. That stays: changing it is an act of its own.
    PeriodDiffers(String),
}

/// Why nobody joined.
#[derive(Debug, thiserror::Error)]
pub enum JoinError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such group, or no more.
    #[error("there is no such group")]
    UnknownGroup,
    /// The end is not after the start, or is over.
    #[error("the end must come after the start")]
    Period,
    /// Some of them cannot.
    #[error("{} of them cannot join", .0.len())]
    Obstacles(Vec<Obstacle>),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GroupError> for JoinError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Denied(denied) => Self::Denied(denied),
            GroupError::Period => Self::Period,
            GroupError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Makes all of them members. Answers how many are new; who was one already, on the same terms, stays one.
pub async fn add_members(
    work: &mut Work,
    changing: &Changing,
    group: GroupId,
    joining: &[Joining],
    period: Period,
    reason: Option<&str>,
) -> Result<u64, JoinError> {
    let group = store::by_id(&mut work.tx, group).await?.ok_or(JoinError::UnknownGroup)?;
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    if period.ends_at.is_some_and(|end| end <= work.now) {
        return Err(JoinError::Period);
    }
    let (mut new, mut obstacles) = (0, Vec::new());
    for who in joining {
        let found = match who {
            Joining::Address(address) => user::by_email(&mut work.tx, address).await?,
            Joining::Person(id) => user::by_id(&mut work.tx, *id).await?,
        };
        let Some(user) = found else {
            obstacles.push(Obstacle::Unknown(match who {
                Joining::Address(address) => address.to_string(),
                Joining::Person(id) => id.to_string(),
            }));
            continue;
        };
        match super::add_member(work, changing, &group, &user, period, reason).await? {
            Given::Granted => new += 1,
            Given::Unchanged => {}
            Given::PeriodDiffers => obstacles.push(Obstacle::PeriodDiffers(user.email.to_string())),
        }
    }
    if obstacles.is_empty() { Ok(new) } else { Err(JoinError::Obstacles(obstacles)) }
}
