//! Changes of a group by somebody who has seen it: what somebody else did meanwhile is not undone unseen.

use super::{Group, GroupError, store};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, StageId};
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

async fn seen(work: &mut Work, id: GroupId, version: i64) -> Result<Group, ChangeError> {
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

/// Deletes a group. Its members lose the roles they held through it, from the next token on; offers of it fall away.
pub async fn delete(work: &mut Work, _: &Changing, id: GroupId, version: i64) -> Result<Group, ChangeError> {
    let group = seen(work, id, version).await?;
    let counted = store::counts(&mut work.tx, &[id], i64::MAX).await?;
    let (members, roles) = counted.first().map_or((0, 0), |counted| (counted.members, counted.roles));
    store::members_access_changed(work, id).await?;
    store::delete(&mut work.tx, id).await?;
    let before = serde_json::json!({ "group": group, "members": members, "roles": roles });
    work.record(Event::new(Kind::GroupDeleted, Subject::new("group", id)).before(&before)?).await?;
    Ok(group)
}
