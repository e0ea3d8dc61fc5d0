use super::{ASSIGNED, Group, Membership};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, MembershipId, StageId, UserId};
use crate::base::text::{DisplayName, Slug};
use crate::base::time::Period;
use crate::db::query::Query;
use crate::db::{Tx, all, execute, optional};
use crate::work::Work;
use uuid::Uuid;

/// The group with this key at this stage.
pub async fn by_key(tx: &mut Tx, stage: StageId, key: &Slug) -> Result<Option<Group>, Fault> {
    Ok(optional!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups WHERE stage_id = $1 AND key = $2", stage, key.as_str())?)
}

/// The group with this id.
pub async fn by_id(tx: &mut Tx, id: GroupId) -> Result<Option<Group>, Fault> {
    Ok(optional!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups WHERE id = $1", id)?)
}

/// Every group of these stages, by name.
pub async fn of_stages(tx: &mut Tx, stages: &[StageId]) -> Result<Vec<Group>, Fault> {
    let mut query = Query::new("SELECT id, stage_id, key, name, description, version FROM groups WHERE stage_id IN ");
    query.list(stages.iter().copied().map(StageId::uuid)).push(" ORDER BY name, key, id");
    query.all(tx).await
}

/// The names of these groups, with their stages. Whatever is gone is left out.
pub async fn names(tx: &mut Tx, ids: impl IntoIterator<Item = Uuid>) -> Result<Vec<(GroupId, DisplayName, StageId)>, Fault> {
    let mut query = Query::new("SELECT id, name, stage_id FROM groups WHERE id IN ");
    query.list(ids);
    query.all(tx).await
}

/// How many members and roles a group has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Counted {
    /// The group.
    pub id: GroupId,
    /// Its members; `most` stands for more.
    pub members: i64,
    /// The roles it holds.
    pub roles: i64,
}

/// How many members (counted up to `most`) and roles these groups have.
pub async fn counts(tx: &mut Tx, groups: &[GroupId], most: i64) -> Result<Vec<Counted>, Fault> {
    let mut query = Query::new("SELECT g.id, (SELECT COUNT(*) FROM (SELECT 1 FROM memberships m WHERE m.group_id = g.id LIMIT ");
    query.bind(most).push(") AS counted) AS members, (SELECT COUNT(*) FROM end_user_grants e WHERE e.group_id = g.id) AS roles FROM groups g WHERE g.id IN ");
    query.list(groups.iter().copied().map(GroupId::uuid));
    query.all(tx).await
}

/// Those of these people who are members.
pub async fn among(tx: &mut Tx, group: GroupId, people: &[UserId]) -> Result<Vec<UserId>, Fault> {
    let mut query = Query::new("SELECT user_id FROM memberships WHERE group_id = ");
    query.bind(group.uuid()).push(" AND user_id IN ").list(people.iter().copied().map(UserId::uuid));
    Ok(query.all::<(UserId,)>(tx).await?.into_iter().map(|(id,)| id).collect())
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
        "SELECT id, group_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM memberships WHERE group_id = $1 AND user_id = $2 AND source = $3",
        group,
        user,
        ASSIGNED
    )?)
}

pub(super) async fn insert_membership(work: &mut Work, membership: &Membership, user: UserId) -> Result<(), Fault> {
    let (period, gift) = (membership.period.period(), &membership.gift);
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
        gift.reason.as_deref(),
        gift.granted_by_kind.as_str(),
        gift.granted_by_id,
        gift.granted_by_label.as_str(),
        gift.granted_at
    )?;
    Ok(())
}

/// A membership with whose it is.
#[derive(sqlx::FromRow)]
struct Of {
    user_id: UserId,
    #[sqlx(flatten)]
    membership: Membership,
}

/// Every membership in a group, whatever its source. In the order of people: events about them are written one beside the other then, which
/// is what makes a hundred thousand of them quick.
pub(super) async fn memberships_in(tx: &mut Tx, group: GroupId) -> Result<Vec<(UserId, Membership)>, Fault> {
    let rows = all!(
        tx,
        Of,
        "SELECT user_id, id, group_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM memberships WHERE group_id = $1 ORDER BY user_id, id",
        group
    )?;
    Ok(rows.into_iter().map(|of| (of.user_id, of.membership)).collect())
}

/// The memberships that people gave to these users.
pub(super) async fn memberships(tx: &mut Tx, group: GroupId, users: &[UserId]) -> Result<Vec<(UserId, Membership)>, Fault> {
    let mut query = Query::new(
        "SELECT user_id, id, group_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM memberships WHERE source = ",
    );
    query.bind(ASSIGNED).push(" AND group_id = ").bind(group.uuid()).push(" AND user_id IN ").list(users.iter().copied().map(UserId::uuid));
    Ok(query.all::<Of>(tx).await?.into_iter().map(|of| (of.user_id, of.membership)).collect())
}

/// Every membership of a user, whatever its source.
pub(super) async fn memberships_of_user(tx: &mut Tx, user: UserId) -> Result<Vec<Membership>, Fault> {
    Ok(all!(
        tx,
        Membership,
        "SELECT id, group_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM memberships WHERE user_id = $1 ORDER BY id",
        user
    )?)
}

pub(super) async fn set_membership_period(tx: &mut Tx, id: MembershipId, period: Period) -> Result<(), Fault> {
    execute!(tx, "UPDATE memberships SET starts_at = $2, ends_at = $3, version = version + 1 WHERE id = $1", id, period.starts_at, period.ends_at)?;
    Ok(())
}

pub(super) async fn delete_membership(tx: &mut Tx, id: MembershipId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM memberships WHERE id = $1", id)?;
    Ok(())
}

/// The access of everybody in a group changed.
pub(crate) async fn members_access_changed(work: &mut Work, group: GroupId) -> Result<(), Fault> {
    work.touched.groups.insert(group);
    // A group may be everybody: a rehearsal must not hold the writer for as long as that takes, and nobody reads its counters.
    if !work.is_rehearsal {
        execute!(work.tx, "UPDATE users SET access_version = access_version + 1 WHERE id IN (SELECT user_id FROM memberships WHERE group_id = $1)", group)?;
    }
    Ok(())
}

/// Its memberships, its roles, and the offers of it go with it.
pub(super) async fn delete(tx: &mut Tx, group: GroupId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM groups WHERE id = $1", group)?;
    execute!(tx, "UPDATE configuration SET counter = counter + 1 WHERE id = 1")?;
    Ok(())
}
