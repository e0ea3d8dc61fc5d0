//! The names and terms of grants and memberships: what people read of a path. A constant number of queries, however many people.

use crate::access::people::Terms;
use crate::base::fault::Fault;
use crate::base::id::{ClientId, DeploymentId, EndUserGrantId, GroupId, MembershipId, OrganizationGrantId, UserId};
use crate::base::text::DisplayName;
use crate::db::Tx;
use crate::db::query::Query;
use std::collections::HashMap;

/// A grant of an organization role, to read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct OrganizationLabel {
    id: OrganizationGrantId,
    /// The role's name.
    pub role_name: DisplayName,
    /// The name of the app at which it is granted.
    pub app_name: Option<DisplayName>,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// A grant of an end-user role, to read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EndUserLabel {
    id: EndUserGrantId,
    /// The role's name.
    pub role_name: DisplayName,
    /// The deployment that owns the role.
    pub deployment_id: DeploymentId,
    /// The name of its app.
    pub app_name: DisplayName,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// A membership, to read.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct MembershipLabel {
    id: MembershipId,
    /// The group.
    pub group_id: GroupId,
    /// Its name.
    pub group_name: DisplayName,
    /// Where the membership comes from.
    pub source: String,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// What everything that some people or clients hold is called.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    /// Grants of organization roles.
    pub organization: HashMap<OrganizationGrantId, OrganizationLabel>,
    /// Grants of end-user roles, to people and to their groups.
    pub end_user: HashMap<EndUserGrantId, EndUserLabel>,
    /// Memberships.
    pub memberships: HashMap<MembershipId, MembershipLabel>,
}

const ORGANIZATION: &str = "SELECT g.id, r.name AS role_name, a.name AS app_name, g.starts_at, g.ends_at, g.reason, g.granted_by_label, g.granted_at
     FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id LEFT JOIN apps a ON a.id = g.app_id WHERE ";
const END_USER: &str =
    "SELECT g.id, r.name AS role_name, r.deployment_id, a.name AS app_name, g.starts_at, g.ends_at, g.reason, g.granted_by_label, g.granted_at
     FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id JOIN deployments d ON d.id = r.deployment_id JOIN apps a ON a.id = d.app_id WHERE ";
const MEMBERSHIP: &str = "SELECT m.id, m.group_id, t.name AS group_name, m.source, m.starts_at, m.ends_at, m.reason, m.granted_by_label, m.granted_at
     FROM memberships m JOIN groups t ON t.id = m.group_id WHERE m.user_id IN ";

impl Labels {
    /// Of what these people hold: three queries.
    pub async fn of_users(tx: &mut Tx, people: &[UserId]) -> Result<Self, Fault> {
        if people.is_empty() {
            return Ok(Self::default());
        }
        let ids = || people.iter().map(|id| id.uuid());
        let mut organization = Query::new(ORGANIZATION);
        organization.push("g.user_id IN ").list(ids());
        let mut end_user = Query::new(END_USER);
        end_user.push("g.user_id IN ").list(ids()).push(" OR g.group_id IN (SELECT group_id FROM memberships WHERE user_id IN ").list(ids()).push(")");
        let mut memberships = Query::new(MEMBERSHIP);
        memberships.list(ids());
        Ok(Self {
            organization: organization.all::<OrganizationLabel>(tx).await?.into_iter().map(|label| (label.id, label)).collect(),
            end_user: end_user.all::<EndUserLabel>(tx).await?.into_iter().map(|label| (label.id, label)).collect(),
            memberships: memberships.all::<MembershipLabel>(tx).await?.into_iter().map(|label| (label.id, label)).collect(),
        })
    }

    /// Of what these clients hold: one query.
    pub async fn of_clients(tx: &mut Tx, clients: &[ClientId]) -> Result<Self, Fault> {
        if clients.is_empty() {
            return Ok(Self::default());
        }
        let mut organization = Query::new(ORGANIZATION);
        organization.push("g.client_id IN ").list(clients.iter().map(|id| id.uuid()));
        let organization = organization.all::<OrganizationLabel>(tx).await?.into_iter().map(|label| (label.id, label)).collect();
        Ok(Self { organization, ..Self::default() })
    }
}
