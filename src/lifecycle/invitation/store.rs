use super::offer::{OfferRow, Target};
use super::secrets::Hashes;
use super::{End, Row};
use crate::access::role::end_user::EndUserRole;
use crate::access::role::organization::OrganizationRole;
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, EndUserRoleId, GroupId, InvitationId, OfferId, OrganizationRoleId, UserId};
use crate::base::secret::TokenHash;
use crate::base::text::EmailAddress;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all, execute, optional};
use crate::identity::group::Group;
use crate::work::Work;

macro_rules! columns {
    () => {
        "i.id, i.user_id, i.locale, i.code_hash, i.invited_by_kind, i.invited_by_id, i.invited_by_label, i.created_at, i.sent_at, i.expires_at, i.closed_at, \
         i.outcome, i.version"
    };
}

macro_rules! offer_columns {
    () => {
        "o.id, o.invitation_id, o.organization_role_id, o.app_id, o.end_user_role_id, o.group_id, o.starts_at, o.ends_at, o.reason, o.offered_by_kind, \
         o.offered_by_id, o.offered_by_label, o.offered_at"
    };
}

/// The invitation with this id.
pub(crate) async fn by_id(tx: &mut Tx, id: InvitationId) -> Result<Option<Row>, Fault> {
    Ok(optional!(tx, Row, concat!("SELECT ", columns!(), " FROM invitations i WHERE i.id = $1"), id)?)
}

/// The invitation whose newest link has this token.
pub(crate) async fn by_token(tx: &mut Tx, token: &TokenHash) -> Result<Option<Row>, Fault> {
    Ok(optional!(tx, Row, concat!("SELECT ", columns!(), " FROM invitations i WHERE i.token_hash = $1"), token.clone())?)
}

/// The open invitation of a user, expired or not: there is at most one.
pub(crate) async fn open_of(tx: &mut Tx, user: UserId) -> Result<Option<Row>, Fault> {
    Ok(optional!(tx, Row, concat!("SELECT ", columns!(), " FROM invitations i WHERE i.user_id = $1 AND i.closed_at IS NULL"), user)?)
}

/// The open invitation of an address, expired or not. One query, whether anybody has the address or not.
pub(crate) async fn open_at(tx: &mut Tx, email: &EmailAddress) -> Result<Option<Row>, Fault> {
    Ok(optional!(
        tx,
        Row,
        concat!("SELECT ", columns!(), " FROM invitations i JOIN users u ON u.id = i.user_id WHERE u.email_key = $1 AND i.closed_at IS NULL"),
        email.key()
    )?)
}

pub(super) async fn insert(tx: &mut Tx, row: &Row, hashes: Hashes) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO invitations (id, user_id, locale, token_hash, code_hash, invited_by_kind, invited_by_id, invited_by_label, created_at, sent_at,
         expires_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        row.id,
        row.user_id,
        row.locale.as_str(),
        hashes.token,
        hashes.code,
        row.invited_by_kind.as_str(),
        row.invited_by_id,
        row.invited_by_label.as_str(),
        row.created_at,
        row.sent_at,
        row.expires_at,
        row.version
    )?;
    Ok(())
}

/// Writes a new link and code, whose predecessors are good for nothing from then on, and everything else that sending changes.
pub(super) async fn renew(tx: &mut Tx, row: &Row, hashes: Hashes) -> Result<(), Fault> {
    execute!(
        tx,
        "UPDATE invitations SET token_hash = $2, code_hash = $3, invited_by_kind = $4, invited_by_id = $5, invited_by_label = $6, sent_at = $7,
         expires_at = $8, version = $9 WHERE id = $1 AND closed_at IS NULL",
        row.id,
        hashes.token,
        hashes.code,
        row.invited_by_kind.as_str(),
        row.invited_by_id,
        row.invited_by_label.as_str(),
        row.sent_at,
        row.expires_at,
        row.version
    )?;
    Ok(())
}

/// Consumes an invitation as its link or code was found. Only one of many callers hears `true`, and nobody once it has expired.
pub(super) async fn take(tx: &mut Tx, row: &Row, end: End, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(
        tx,
        "UPDATE invitations SET closed_at = $3, outcome = $4, version = version + 1 WHERE id = $1 AND version = $2 AND closed_at IS NULL AND expires_at > $3",
        row.id,
        row.version,
        now,
        end
    )? == 1)
}

/// Ends an invitation, expired or not. Answers whether it was open.
pub(super) async fn close(tx: &mut Tx, id: InvitationId, end: End, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(tx, "UPDATE invitations SET closed_at = $2, outcome = $3, version = version + 1 WHERE id = $1 AND closed_at IS NULL", id, now, end)? == 1)
}

/// What an invitation offers, in the order of offering.
pub(super) async fn offers(tx: &mut Tx, invitation: InvitationId) -> Result<Vec<OfferRow>, Fault> {
    Ok(all!(tx, OfferRow, concat!("SELECT ", offer_columns!(), " FROM invitation_offers o WHERE o.invitation_id = $1 ORDER BY o.id"), invitation)?)
}

/// What a user offers in open invitations.
pub(super) async fn offered_by(tx: &mut Tx, user: UserId) -> Result<Vec<OfferRow>, Fault> {
    Ok(all!(
        tx,
        OfferRow,
        concat!(
            "SELECT ",
            offer_columns!(),
            " FROM invitation_offers o JOIN invitations i ON i.id = o.invitation_id
             WHERE i.closed_at IS NULL AND o.offered_by_kind = 'user' AND o.offered_by_id = $1 ORDER BY o.invitation_id, o.id"
        ),
        user
    )?)
}

/// The offers of open invitations for which a condition holds, invitation by invitation.
macro_rules! open_offers {
    ($tx:expr, $condition:literal, $value:expr) => {
        all!(
            $tx,
            OfferRow,
            concat!(
                "SELECT ",
                offer_columns!(),
                " FROM invitation_offers o JOIN invitations i ON i.id = o.invitation_id WHERE i.closed_at IS NULL AND ",
                $condition,
                " ORDER BY o.invitation_id, o.id"
            ),
            $value
        )
    };
}

/// What open invitations offer of an end-user role.
pub(super) async fn offers_of_role(tx: &mut Tx, role: EndUserRoleId) -> Result<Vec<OfferRow>, Fault> {
    Ok(open_offers!(tx, "o.end_user_role_id = $1", role)?)
}

/// What open invitations offer of a group.
pub(super) async fn offers_of_group(tx: &mut Tx, group: GroupId) -> Result<Vec<OfferRow>, Fault> {
    Ok(open_offers!(tx, "o.group_id = $1", group)?)
}

/// What open invitations offer of an organization role, wherever.
pub(super) async fn offers_of_organization_role(tx: &mut Tx, role: OrganizationRoleId) -> Result<Vec<OfferRow>, Fault> {
    Ok(open_offers!(tx, "o.organization_role_id = $1", role)?)
}

/// What open invitations offer of organization roles at an app.
pub(super) async fn offers_at_app(tx: &mut Tx, app: AppId) -> Result<Vec<OfferRow>, Fault> {
    Ok(open_offers!(tx, "o.app_id = $1", app)?)
}

/// What open invitations offer of the end-user roles of a deployment.
pub(super) async fn offers_of_deployment(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<OfferRow>, Fault> {
    Ok(open_offers!(tx, "o.end_user_role_id IN (SELECT id FROM end_user_roles WHERE deployment_id = $1)", deployment)?)
}

pub(super) async fn insert_offer(work: &mut Work, offer: &OfferRow) -> Result<(), Fault> {
    let period = offer.period.period();
    let (role, app, end_user_role, group) = match offer.target()? {
        Target::OrganizationRole(role, app) => (Some(role), app, None, None),
        Target::EndUserRole(role) => (None, None, Some(role), None),
        Target::Group(group) => (None, None, None, Some(group)),
    };
    execute!(
        work.tx,
        "INSERT INTO invitation_offers (id, invitation_id, organization_role_id, app_id, end_user_role_id, group_id, starts_at, ends_at, reason,
         offered_by_kind, offered_by_id, offered_by_label, offered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        offer.id,
        offer.invitation_id,
        role,
        app,
        end_user_role,
        group,
        period.starts_at,
        period.ends_at,
        offer.reason.as_ref().map(|reason| reason.as_str().to_owned()),
        offer.offered_by_kind.as_str(),
        offer.offered_by_id,
        offer.offered_by_label.as_str(),
        offer.offered_at
    )?;
    Ok(())
}

pub(super) async fn delete_offer(tx: &mut Tx, id: OfferId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM invitation_offers WHERE id = $1", id)?;
    Ok(())
}

/// The deployments whose roles a group holds.
pub(super) async fn deployments_of_group(tx: &mut Tx, group: GroupId) -> Result<Vec<DeploymentId>, Fault> {
    let rows = all!(
        tx,
        (DeploymentId,),
        "SELECT DISTINCT r.deployment_id FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id WHERE g.group_id = $1",
        group
    )?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Invitations with the people they are for, to which conditions are added.
pub(super) fn with_users() -> Query {
    Query::new("SELECT 1 AS one FROM invitations i JOIN users u ON u.id = i.user_id WHERE i.id IS NOT NULL")
}

/// The rows of a list of invitations, to which conditions are added.
pub(super) fn sent() -> Query {
    Query::new(
        "SELECT i.id, i.user_id, u.email, u.name, i.locale, COALESCE(v.name, v.email, i.invited_by_label) AS inviter,
         i.invited_by_kind = 'system' AS by_operator, i.created_at, i.sent_at, i.expires_at, i.closed_at, i.outcome, u.status, u.last_login_at,
         u.sort_key
         FROM invitations i JOIN users u ON u.id = i.user_id LEFT JOIN users v ON v.id = i.invited_by_id AND i.invited_by_kind = 'user'
         WHERE i.id IS NOT NULL",
    )
}

/// What invitations offer, by name, to which the list of invitations is added.
pub(super) fn listed_offers() -> Query {
    Query::new(
        "SELECT o.invitation_id, r.name AS role_name, a.name AS role_app_name, e.name AS app_role_name, b.name AS app_name, t.name AS group_name,
         s.name AS stage_name, o.starts_at, o.ends_at, o.reason, o.offered_by_label, o.offered_at, r.key AS role_key, r.built_in AS role_built_in,
         d.app_id, s.id AS stage_id
         FROM invitation_offers o LEFT JOIN organization_roles r ON r.id = o.organization_role_id LEFT JOIN apps a ON a.id = o.app_id
         LEFT JOIN end_user_roles e ON e.id = o.end_user_role_id LEFT JOIN deployments d ON d.id = e.deployment_id LEFT JOIN apps b ON b.id = d.app_id
         LEFT JOIN groups t ON t.id = o.group_id LEFT JOIN stages s ON s.id = COALESCE(e.stage_id, t.stage_id) WHERE o.invitation_id IN ",
    )
}

/// Every organization role.
pub(super) async fn organization_roles(tx: &mut Tx) -> Result<Vec<OrganizationRole>, Fault> {
    Ok(all!(tx, OrganizationRole, "SELECT id, key, name, description, built_in, version FROM organization_roles ORDER BY built_in DESC, name")?)
}

/// Every end-user role.
pub(super) async fn end_user_roles(tx: &mut Tx) -> Result<Vec<EndUserRole>, Fault> {
    Ok(all!(tx, EndUserRole, "SELECT id, deployment_id, stage_id, key, name, description, shared, version FROM end_user_roles ORDER BY name")?)
}

/// Every group.
pub(super) async fn groups(tx: &mut Tx) -> Result<Vec<Group>, Fault> {
    Ok(all!(tx, Group, "SELECT id, stage_id, key, name, description, version FROM groups ORDER BY name")?)
}
