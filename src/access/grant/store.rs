use super::{EndUserGrant, Holder, OrganizationGrant};
use crate::access::load::Who;
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserGrantId, EndUserRoleId, GroupId, OrganizationGrantId, OrganizationRoleId, StageId, UserId};
use crate::base::time::Period;
use crate::db::{Tx, all, execute, optional};
use crate::work::Work;

/// The two columns of which one is set.
const fn who_columns(who: Who) -> (Option<UserId>, Option<ClientId>) {
    match who {
        Who::User(id) => (Some(id), None),
        Who::Client(id) => (None, Some(id)),
    }
}

const fn holder_columns(holder: Holder) -> (Option<UserId>, Option<GroupId>) {
    match holder {
        Holder::User(id) => (Some(id), None),
        Holder::Group(id) => (None, Some(id)),
    }
}

/// The tools for many apps.
pub(super) async fn platform_clients(tx: &mut Tx) -> Result<Vec<ClientId>, Fault> {
    Ok(all!(tx, (ClientId,), "SELECT id FROM clients WHERE kind = 'platform'")?.into_iter().map(|(id,)| id).collect())
}

pub(super) async fn organization(tx: &mut Tx, who: Who, role: OrganizationRoleId, app: Option<AppId>) -> Result<Option<OrganizationGrant>, Fault> {
    let (user, client) = who_columns(who);
    Ok(optional!(
        tx,
        OrganizationGrant,
        "SELECT id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants WHERE (user_id = $1 OR client_id = $2) AND role_id = $3 AND (app_id = $4 OR (app_id IS NULL AND $4 IS NULL))",
        user,
        client,
        role,
        app
    )?)
}

pub(super) async fn insert_organization(work: &mut Work, grant: &OrganizationGrant, who: Who) -> Result<(), Fault> {
    let (user, client) = who_columns(who);
    let (period, gift) = (grant.period.period(), &grant.gift);
    execute!(
        work.tx,
        "INSERT INTO organization_grants (id, user_id, client_id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id,
         granted_by_label, granted_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        grant.id,
        user,
        client,
        grant.role_id,
        grant.app_id,
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

pub(super) async fn delete_organization(tx: &mut Tx, id: OrganizationGrantId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM organization_grants WHERE id = $1", id)?;
    Ok(())
}

pub(super) async fn set_organization_period(tx: &mut Tx, id: OrganizationGrantId, period: Period) -> Result<(), Fault> {
    execute!(tx, "UPDATE organization_grants SET starts_at = $2, ends_at = $3, version = version + 1 WHERE id = $1", id, period.starts_at, period.ends_at)?;
    Ok(())
}

pub(super) async fn end_user(tx: &mut Tx, holder: Holder, role: EndUserRoleId) -> Result<Option<EndUserGrant>, Fault> {
    let (user, group) = holder_columns(holder);
    Ok(optional!(
        tx,
        EndUserGrant,
        "SELECT id, role_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM end_user_grants WHERE (user_id = $1 OR group_id = $2) AND role_id = $3",
        user,
        group,
        role
    )?)
}

pub(super) async fn insert_end_user(work: &mut Work, grant: &EndUserGrant, holder: Holder, stage: StageId) -> Result<(), Fault> {
    let (user, group) = holder_columns(holder);
    let (period, gift) = (grant.period.period(), &grant.gift);
    execute!(
        work.tx,
        "INSERT INTO end_user_grants (id, user_id, group_id, role_id, stage_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id,
         granted_by_label, granted_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        grant.id,
        user,
        group,
        grant.role_id,
        stage,
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

pub(super) async fn set_end_user_period(tx: &mut Tx, id: EndUserGrantId, period: Period) -> Result<(), Fault> {
    execute!(tx, "UPDATE end_user_grants SET starts_at = $2, ends_at = $3, version = version + 1 WHERE id = $1", id, period.starts_at, period.ends_at)?;
    Ok(())
}

pub(super) async fn delete_end_user(tx: &mut Tx, id: EndUserGrantId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM end_user_grants WHERE id = $1", id)?;
    Ok(())
}

pub(super) async fn group_stage(tx: &mut Tx, group: GroupId) -> Result<Option<StageId>, Fault> {
    Ok(optional!(tx, (StageId,), "SELECT stage_id FROM groups WHERE id = $1", group)?.map(|(stage,)| stage))
}

pub(super) async fn client_access_changed(work: &mut Work, client: ClientId) -> Result<(), Fault> {
    work.touched.clients.insert(client);
    execute!(work.tx, "UPDATE clients SET access_version = access_version + 1 WHERE id = $1", client)?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct OfRole {
    user_id: Option<UserId>,
    group_id: Option<GroupId>,
    #[sqlx(flatten)]
    grant: EndUserGrant,
}

/// Every grant of an end-user role, with who holds it.
pub(super) async fn of_end_user_role(tx: &mut Tx, role: EndUserRoleId) -> Result<Vec<(Holder, EndUserGrant)>, Fault> {
    let rows = all!(
        tx,
        OfRole,
        "SELECT user_id, group_id, id, role_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM end_user_grants WHERE role_id = $1 ORDER BY user_id, group_id, id",
        role
    )?;
    let read = |row: OfRole| {
        let holder = row.user_id.map(Holder::User).or_else(|| row.group_id.map(Holder::Group));
        Ok((holder.ok_or_else(|| Fault::broken("a stored grant has no holder"))?, row.grant))
    };
    rows.into_iter().map(read).collect()
}

/// Raises the access version of everybody who holds a role, directly or through a group.
pub(super) async fn holders_access_changed(tx: &mut Tx, role: EndUserRoleId) -> Result<(), Fault> {
    execute!(
        tx,
        "UPDATE users SET access_version = access_version + 1 WHERE id IN (SELECT user_id FROM end_user_grants WHERE role_id = $1 AND user_id IS NOT NULL)
         OR id IN (SELECT m.user_id FROM end_user_grants g JOIN memberships m ON m.group_id = g.group_id WHERE g.role_id = $1)",
        role
    )?;
    Ok(())
}

pub(super) async fn delete_of_end_user_role(tx: &mut Tx, role: EndUserRoleId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM end_user_grants WHERE role_id = $1", role)?;
    Ok(())
}

/// A grant with whoever holds it.
#[derive(sqlx::FromRow)]
struct Held {
    user_id: Option<UserId>,
    client_id: Option<ClientId>,
    #[sqlx(flatten)]
    grant: OrganizationGrant,
}

impl Held {
    fn read(self) -> Result<(Who, OrganizationGrant), Fault> {
        let who = self.user_id.map(Who::User).or_else(|| self.client_id.map(Who::Client));
        Ok((who.ok_or_else(|| Fault::broken("a stored grant has no holder"))?, self.grant))
    }
}

/// Every grant of an organization role, with who holds it.
pub(super) async fn of_organization_role(tx: &mut Tx, role: OrganizationRoleId) -> Result<Vec<(Who, OrganizationGrant)>, Fault> {
    let rows = all!(
        tx,
        Held,
        "SELECT user_id, client_id, id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants WHERE role_id = $1 ORDER BY id",
        role
    )?;
    rows.into_iter().map(Held::read).collect()
}

pub(super) async fn of_client(tx: &mut Tx, client: ClientId) -> Result<Vec<OrganizationGrant>, Fault> {
    Ok(all!(
        tx,
        OrganizationGrant,
        "SELECT id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants WHERE client_id = $1 ORDER BY id",
        client
    )?)
}

/// Every grant of an organization role at an app, with who holds it.
pub(super) async fn of_app(tx: &mut Tx, app: AppId) -> Result<Vec<(Who, OrganizationGrant)>, Fault> {
    let rows = all!(
        tx,
        Held,
        "SELECT user_id, client_id, id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants WHERE app_id = $1 ORDER BY id",
        app
    )?;
    rows.into_iter().map(Held::read).collect()
}

/// Every organization role of a user.
pub(super) async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<OrganizationGrant>, Fault> {
    Ok(all!(
        tx,
        OrganizationGrant,
        "SELECT id, role_id, app_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM organization_grants WHERE user_id = $1 ORDER BY id",
        user
    )?)
}

/// Every end-user role that a group holds.
pub(super) async fn of_group(tx: &mut Tx, group: GroupId) -> Result<Vec<EndUserGrant>, Fault> {
    Ok(all!(
        tx,
        EndUserGrant,
        "SELECT id, role_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM end_user_grants WHERE group_id = $1 ORDER BY id",
        group
    )?)
}

/// Every end-user role that a user holds directly.
pub(super) async fn end_user_of_user(tx: &mut Tx, user: UserId) -> Result<Vec<EndUserGrant>, Fault> {
    Ok(all!(
        tx,
        EndUserGrant,
        "SELECT id, role_id, starts_at, ends_at, reason, granted_by_kind, granted_by_id, granted_by_label, granted_at
         FROM end_user_grants WHERE user_id = $1 ORDER BY id",
        user
    )?)
}
