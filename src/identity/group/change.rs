//! Changes of a group by somebody who has seen it: what somebody else did meanwhile is not undone unseen.

use super::{Group, GroupError, Membership, store};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, StageId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug};
use crate::work::{Changing, Work};

/// Why a group could not be made, edited or deleted.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The stage has a group with this key.
    #[error("the stage has a group with the key {0} already")]
    Taken(Slug),
    /// There is no such group, or no more.
    #[error("there is no such group")]
    Unknown,
    /// Somebody else changed it since the reader saw it.
    #[error("the group was changed by somebody else meanwhile")]
    Overtaken(Box<Group>),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GroupError> for ChangeError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Denied(denied) => Self::Denied(denied),
            GroupError::Fault(fault) => Self::Fault(fault),
            GroupError::Period | GroupError::Past | GroupError::Inactive => Self::Fault(Fault::broken("a group has no period")),
        }
    }
}

/// Makes a group whose key is free at its stage.
pub async fn create(
    work: &mut Work,
    changing: &Changing,
    stage: StageId,
    key: &Slug,
    name: &DisplayName,
    description: &Description,
) -> Result<Group, ChangeError> {
    work.require("end_user_groups.manage", Reach::Stage(stage))?;
    if store::by_key(&mut work.tx, stage, key).await?.is_some() {
        return Err(ChangeError::Taken(key.clone()));
    }
    Ok(super::put(work, changing, stage, key, name, description).await?)
}

/// The group, if it is still as its reader saw it and the actor may change it.
pub(crate) async fn seen(work: &mut Work, id: GroupId, version: i64) -> Result<Group, ChangeError> {
    let group = store::by_id(&mut work.tx, id).await?.ok_or(ChangeError::Unknown)?;
    work.require("end_user_groups.manage", Reach::Stage(group.stage_id))?;
    if group.version == version { Ok(group) } else { Err(ChangeError::Overtaken(Box::new(group))) }
}

/// Changes name and description of a group as its reader saw it. Key and stage never change.
pub async fn edit(
    work: &mut Work,
    changing: &Changing,
    id: GroupId,
    version: i64,
    name: &DisplayName,
    description: &Description,
) -> Result<Group, ChangeError> {
    let group = seen(work, id, version).await?;
    Ok(super::put(work, changing, group.stage_id, &group.key, name, description).await?)
}

/// Removes a group with its memberships. What it held and what invitations offer of it ends before, by `lifecycle::delete_group`.
pub(crate) async fn remove(work: &mut Work, _: &Changing, group: &Group) -> Result<(), Fault> {
    store::members_access_changed(work, group.id).await?;
    if work.is_rehearsal {
        // Everybody in it would leave: that is known without doing it.
        work.touched.gone.groups.insert(group.id);
        return Ok(());
    }
    let left = |(user, membership): (UserId, Membership)| Event::new(Kind::MemberRemoved, Subject::new("user", user)).before(&membership);
    let events = store::memberships_in(&mut work.tx, group.id).await?.into_iter().map(left).collect::<Result<_, Fault>>()?;
    work.record_all(events).await?;
    store::delete(&mut work.tx, group.id).await?;
    work.record(Event::new(Kind::GroupDeleted, Subject::new("group", group.id)).before(group)?).await
}
