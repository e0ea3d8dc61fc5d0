//! What API clients hold, with the names that readers know and the terms of each grant: as `held` tells it of people.

use super::Terms;
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, OrganizationRoleId};
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all};
use std::collections::HashMap;

/// An organization role that an API client holds.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ClientHeld {
    /// The role.
    pub role_id: OrganizationRoleId,
    /// Its name.
    pub role_name: DisplayName,
    /// The app to which it is limited.
    pub app_id: Option<AppId>,
    /// The name of that app.
    pub app_name: Option<DisplayName>,
    /// Its terms.
    #[sqlx(flatten)]
    pub terms: Terms,
}

/// What an API client holds, by name.
pub async fn held_by_client(tx: &mut Tx, client: ClientId) -> Result<Vec<ClientHeld>, Fault> {
    Ok(all!(
        tx,
        ClientHeld,
        "SELECT g.role_id, r.name AS role_name, g.app_id, a.name AS app_name, g.starts_at, g.ends_at, g.reason, g.granted_by_label, g.granted_at
         FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id LEFT JOIN apps a ON a.id = g.app_id
         WHERE g.client_id = $1 ORDER BY r.name, a.name",
        client
    )?)
}

/// How many roles each of these clients holds; what has ended counts no more, and who holds none is left out.
pub async fn count_held_by_clients(tx: &mut Tx, clients: &[ClientId], now: Timestamp) -> Result<HashMap<ClientId, i64>, Fault> {
    let mut query = Query::new("SELECT client_id, COUNT(*) FROM organization_grants WHERE client_id IN ");
    query.list(clients.iter().map(|id| id.uuid()));
    query.push(" AND (ends_at IS NULL OR ends_at > ").bind(now).push(") GROUP BY client_id");
    Ok(query.all::<(ClientId, i64)>(tx).await?.into_iter().collect())
}
