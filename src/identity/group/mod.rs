//! Groups: named sets of users at one stage. No nesting; the stage never changes.

mod change;
mod members;
mod store;

pub use change::{ChangeError, create, edit};
pub(crate) use change::{remove, seen};
pub use members::{JoinError, Obstacle, add_members, remove_members};
pub(crate) use store::members_access_changed;
pub use store::{Counted, among, by_id, by_key, counts, keys, names, of_stages};

use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, MembershipId, StageId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug};
use crate::base::time::{Period, PeriodError};
use crate::identity::user::{self, Status, User};
use crate::work::{Changing, Gift, Work};
use serde::Serialize;

/// The source of memberships that people give, as against those that an identity provider maps.
pub const ASSIGNED: &str = "assigned";

/// A group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Group {
    /// The row.
    pub id: GroupId,
    /// Its stage.
    pub stage_id: StageId,
    /// What claims carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// The ETag.
    pub version: i64,
}

/// A membership as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Membership {
    /// The row.
    pub id: MembershipId,
    /// The group.
    pub group_id: GroupId,
    /// When it is in force.
    #[sqlx(flatten)]
    pub period: crate::db::PeriodColumns,
    /// Who gave it, when and why.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub gift: Gift,
}

/// Why a group or a membership could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum GroupError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The end is not after the start.
    #[error("{}", PeriodError::Order)]
    Period,
    /// The end is over.
    #[error("{}", PeriodError::Past)]
    Past,
    /// The user is shut out.
    #[error("this user is deactivated: activate the user first")]
    Inactive,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<PeriodError> for GroupError {
    fn from(error: PeriodError) -> Self {
        match error {
            PeriodError::Order => Self::Period,
            PeriodError::Past => Self::Past,
        }
    }
}

/// What giving something that may be there already did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It is new.
    Granted,
    /// It was there, just so.
    Unchanged,
    /// It was there with another period, which stays: changing it is an act of its own.
    PeriodDiffers,
}

/// Makes a group, or changes its name and description.
pub async fn put(work: &mut Work, _: &Changing, stage: StageId, key: &Slug, name: &DisplayName, description: &Description) -> Result<Group, GroupError> {
    work.require("end_user_groups.manage", Reach::Stage(stage))?;
    let before = store::by_key(&mut work.tx, stage, key).await?;
    let after = match &before {
        None => Group { id: GroupId::fresh(), stage_id: stage, key: key.clone(), name: name.clone(), description: description.clone(), version: 1 },
        Some(group) if group.name == *name && group.description == *description => return Ok(group.clone()),
        Some(group) => Group { name: name.clone(), description: description.clone(), version: group.version + 1, ..group.clone() },
    };
    store::put(&mut work.tx, &after).await?;
    let mut event = Event::new(Kind::GroupChanged, Subject::new("group", after.id)).after(&after)?;
    if let Some(before) = &before {
        event = event.before(before)?;
    }
    work.record(event).await?;
    Ok(after)
}

/// Makes a user a member of a group.
pub async fn add_member(work: &mut Work, changing: &Changing, group: &Group, user: &User, period: Period, reason: Option<&str>) -> Result<Given, GroupError> {
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    join(work, changing, group, user, period, reason).await
}

/// The same for somebody whose right was checked when it was offered (an invitation).
pub(crate) async fn join(work: &mut Work, changing: &Changing, group: &Group, user: &User, period: Period, reason: Option<&str>) -> Result<Given, GroupError> {
    if !period.is_valid() {
        return Err(GroupError::Period);
    }
    if let Some(has) = store::membership(&mut work.tx, group.id, user.id).await? {
        return Ok(if has.period.period() == period { Given::Unchanged } else { Given::PeriodDiffers });
    }
    period.check(work.now)?;
    if user.status == Status::Inactive {
        return Err(GroupError::Inactive);
    }
    enter(work, changing, group, user.id, period, reason).await?;
    Ok(Given::Granted)
}

async fn enter(work: &mut Work, changing: &Changing, group: &Group, user: UserId, period: Period, reason: Option<&str>) -> Result<(), Fault> {
    let membership = Membership { id: MembershipId::fresh(), group_id: group.id, period: period.into(), gift: work.gift(reason) };
    store::insert_membership(work, &membership, user).await?;
    user::access_changed(work, changing, user).await?;
    work.record(Event::new(Kind::MemberAdded, Subject::new("user", user)).after(&membership)?).await
}

/// Changes when a membership is in force; a period that ends now ends it. Answers whether there was one that people gave: those that an
/// identity provider maps are its own business.
pub async fn set_member_period(work: &mut Work, changing: &Changing, group: &Group, user: &User, period: Period) -> Result<bool, GroupError> {
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    let Some(has) = store::membership(&mut work.tx, group.id, user.id).await? else { return Ok(false) };
    let before = has.period.period();
    if before == period {
        return Ok(true);
    }
    period.check_change(work.now)?;
    if user.status == Status::Inactive && !before.covers(period) {
        return Err(GroupError::Inactive);
    }
    store::set_membership_period(&mut work.tx, has.id, period).await?;
    user::access_changed(work, changing, user.id).await?;
    let after = Membership { period: period.into(), ..has.clone() };
    work.record(Event::new(Kind::MembershipChanged, Subject::new("user", user.id)).before(&has)?.after(&after)?).await?;
    Ok(true)
}

/// Every membership of a user ends, because the user goes. The right to delete the user is right enough.
pub(crate) async fn end_of_user(work: &mut Work, _: &Changing, user: UserId) -> Result<(), Fault> {
    for membership in store::memberships_of_user(&mut work.tx, user).await? {
        work.record(Event::new(Kind::MemberRemoved, Subject::new("user", user)).before(&membership)?).await?;
        store::delete_membership(&mut work.tx, membership.id).await?;
    }
    Ok(())
}

/// Takes a user out of a group. Answers whether they were in it.
pub async fn remove_member(work: &mut Work, changing: &Changing, group: &Group, user: &User) -> Result<bool, GroupError> {
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    let Some(membership) = store::membership(&mut work.tx, group.id, user.id).await? else { return Ok(false) };
    store::delete_membership(&mut work.tx, membership.id).await?;
    user::access_changed(work, changing, user.id).await?;
    work.record(Event::new(Kind::MemberRemoved, Subject::new("user", user.id)).before(&membership)?).await?;
    Ok(true)
}
