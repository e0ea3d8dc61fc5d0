use super::{ASSIGNED, Group, Membership};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, MembershipId, StageId, UserId};
use crate::base::text::Slug;
use crate::db::{Tx, all, execute, optional};
use crate::work::Work;

/// The group with this key at this stage.
pub async fn by_key(tx: &mut Tx, stage: StageId, key: &Slug) -> Result<Option<Group>, Fault> {
    Ok(optional!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups WHERE stage_id = $1 AND key = $2", stage, key.as_str())?)
}

/// The group with this id.
pub async fn by_id(tx: &mut Tx, id: GroupId) -> Result<Option<Group>, Fault> {
    Ok(optional!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups WHERE id = $1", id)?)
}

/// The keys of a stage's groups, sorted.
pub async fn keys(tx: &mut Tx, stage: StageId) -> Result<Vec<Slug>, Fault> {
    Ok(all!(tx, (Slug,), "SELECT key FROM groups WHERE stage_id = $1 ORDER BY key", stage)?.into_iter().map(|(key,)| key).collect())
}

pub(super) async fn put(tx: &mut Tx, group: &Group) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO groups (id, stage_id, key, name, description, version) VALUES ($1, $2, $3, $4, $5, 1)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, description = excluded.description, version = groups.version + 1",
        group.id,
        group.stage_id,
        group.key.as_str(),
        group.name.as_str(),
        group.description.as_str()
    )?;
    execute!(tx, "UPDATE configuration SET counter = counter + 1 WHERE id = 1")?;
    Ok(())
}

pub(super) async fn membership(tx: &mut Tx, group: GroupId, user: UserId) -> Result<Option<Membership>, Fault> {
    Ok(optional!(
        tx,
        Membership,
        "SELECT id, group_id, starts_at, ends_at FROM memberships WHERE group_id = $1 AND user_id = $2 AND source = $3",
        group,
        user,
        ASSIGNED
    )?)
}

pub(super) async fn insert_membership(work: &mut Work, membership: &Membership, user: UserId, reason: Option<&str>) -> Result<(), Fault> {
    let period = membership.period.period();
    execute!(
        work.tx,
        "INSERT INTO memberships (id, group_id, user_id, source, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        membership.id,
        membership.group_id,
        user,
        ASSIGNED,
        period.starts_at,
        period.ends_at,
        reason,
        work.actor.kind(),
        work.actor.id(),
        work.actor.label(),
        work.now
    )?;
    Ok(())
}

pub(super) async fn delete_membership(tx: &mut Tx, id: MembershipId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM memberships WHERE id = $1", id)?;
    Ok(())
}
