//! Many people join a group at once, all of them or nobody; many leave it.

use super::{GroupError, store};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, UserId};
use crate::base::reach::Reach;
use crate::base::time::{Period, PeriodError};
use crate::identity::user::{self, Status};
use crate::work::{Changing, Work};
use std::collections::{BTreeMap, BTreeSet};

/// Somebody who cannot join.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// They are gone meanwhile.
    Unknown(UserId),
    /// They are a member until another day. That stays: changing it is an act of its own.
    PeriodDiffers(UserId, String),
    /// They are shut out.
    Inactive(String),
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
    /// The period.
    #[error(transparent)]
    Period(#[from] PeriodError),
    /// Some of them cannot.
    #[error("{} of them cannot join", .0.len())]
    Obstacles(Vec<Obstacle>),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes all of them members. Answers how many are new; who was one already, on the same terms, stays one. The caller answers for the
/// right to know that these people exist.
pub async fn add_members(
    work: &mut Work,
    changing: &Changing,
    group: GroupId,
    people: &[UserId],
    period: Period,
    reason: Option<&str>,
) -> Result<u64, JoinError> {
    let group = store::by_id(&mut work.tx, group).await?.ok_or(JoinError::UnknownGroup)?;
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    period.check(work.now)?;
    let found: BTreeMap<UserId, user::User> = user::by_ids(&mut work.tx, people).await?.into_iter().map(|user| (user.id, user)).collect();
    let has: BTreeMap<UserId, super::Membership> = store::memberships(&mut work.tx, group.id, people).await?.into_iter().collect();
    let (mut new, mut obstacles, mut seen) = (0, Vec::new(), BTreeSet::new());
    for id in people.iter().filter(|id| seen.insert(**id)) {
        let Some(user) = found.get(id) else {
            obstacles.push(Obstacle::Unknown(*id));
            continue;
        };
        match has.get(id) {
            Some(has) if has.period.period() == period => {}
            Some(_) => obstacles.push(Obstacle::PeriodDiffers(*id, user.email.to_string())),
            None if user.status == Status::Inactive => obstacles.push(Obstacle::Inactive(user.email.to_string())),
            None => {
                super::enter(work, changing, &group, *id, period, reason).await?;
                new += 1;
            }
        }
    }
    if obstacles.is_empty() { Ok(new) } else { Err(JoinError::Obstacles(obstacles)) }
}

/// Takes users out of a group. Answers how many were in it; whoever left meanwhile has left.
pub async fn remove_members(work: &mut Work, changing: &Changing, group: &super::Group, people: &[UserId]) -> Result<u64, GroupError> {
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    let memberships = store::memberships(&mut work.tx, group.id, people).await?;
    for (user, membership) in &memberships {
        store::delete_membership(&mut work.tx, membership.id).await?;
        user::access_changed(work, changing, *user).await?;
        work.record(Event::new(Kind::MemberRemoved, Subject::new("user", *user)).before(membership)?).await?;
    }
    Ok(memberships.len() as u64)
}
