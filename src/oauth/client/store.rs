use super::{Client, Kind, Party};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, ClientSecretId, DeploymentId};
use crate::base::secret::TokenHash;
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all, execute, one, optional};
use crate::work::Work;
use serde::Serialize;
use std::collections::HashMap;

#[derive(sqlx::FromRow)]
struct Row {
    id: ClientId,
    client_id: String,
    kind: Kind,
    deployment_id: Option<DeploymentId>,
    party: Party,
    name: DisplayName,
    metadata: String,
    claims_version: i64,
    suspended_at: Option<Timestamp>,
    access_version: i64,
    version: i64,
}

impl TryFrom<Row> for Client {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        let Row { id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version } = row;
        let metadata = serde_json::from_str(&metadata)?;
        Ok(Self { id, client_id, kind, deployment: deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version })
    }
}

/// PostgreSQL has no NUL in texts, and fails when asked for one: what a stranger sends must not become a fault of ours.
fn cannot_be_stored(text: &str) -> bool {
    text.contains('\0')
}

/// The client with this public identifier.
pub async fn by_client_id(tx: &mut Tx, client_id: &str) -> Result<Option<Client>, Fault> {
    if cannot_be_stored(client_id) {
        return Ok(None);
    }
    optional!(
        tx,
        Row,
        "SELECT id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version
         FROM clients WHERE client_id = $1",
        client_id
    )?
    .map(Client::try_from)
    .transpose()
}

/// The client of this row.
pub async fn by_id(tx: &mut Tx, id: ClientId) -> Result<Option<Client>, Fault> {
    optional!(
        tx,
        Row,
        "SELECT id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version FROM clients WHERE id = $1",
        id
    )?
    .map(Client::try_from)
    .transpose()
}

/// The hashes of the live secrets of a client.
pub async fn secrets(tx: &mut Tx, client: ClientId, now: Timestamp) -> Result<Vec<TokenHash>, Fault> {
    let rows = all!(tx, (TokenHash,), "SELECT hash FROM client_secrets WHERE client_id = $1 AND (expires_at IS NULL OR expires_at > $2)", client, now)?;
    Ok(rows.into_iter().map(|(hash,)| hash).collect())
}

/// Whether a client may ask for tokens for a resource beside its own (RFC 8707); answers whose it is.
pub async fn may_use_resource(tx: &mut Tx, client: ClientId, resource: &str) -> Result<Option<DeploymentId>, Fault> {
    if cannot_be_stored(resource) {
        return Ok(None);
    }
    let row = optional!(
        tx,
        (DeploymentId,),
        "SELECT d.id FROM client_resources r JOIN deployments d ON d.id = r.deployment_id WHERE r.client_id = $1 AND d.resource = $2",
        client,
        resource
    )?;
    Ok(row.map(|(id,)| id))
}

pub(super) async fn put(tx: &mut Tx, client: &Client, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO clients (id, client_id, kind, deployment_id, party, name, metadata, claims_version, access_version, created_at, tokens_from, version)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $9, 1)
         ON CONFLICT (id) DO UPDATE SET party = excluded.party, name = excluded.name, metadata = excluded.metadata, version = clients.version + 1",
        client.id,
        client.client_id.as_str(),
        client.kind,
        client.deployment,
        client.party,
        client.name.as_str(),
        serde_json::to_string(&client.metadata)?,
        client.claims_version,
        now
    )?;
    Ok(())
}

/// Adds a secret. `false`: the client had it before, and it has ended since.
pub(super) async fn insert_secret(
    tx: &mut Tx,
    id: ClientSecretId,
    client: ClientId,
    hash: &TokenHash,
    now: Timestamp,
    expires_at: Option<Timestamp>,
) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "INSERT INTO client_secrets (id, client_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (client_id, hash) DO NOTHING",
        id,
        client,
        hash.clone(),
        now,
        expires_at
    )?;
    Ok(rows == 1)
}

/// Suspends a client at this moment, or resumes it (`None`). Tokens that it got for itself before `tokens_from` stay dead for good.
pub(super) async fn set_suspended(work: &mut Work, client: ClientId, at: Option<Timestamp>, tokens_from: Timestamp) -> Result<(), Fault> {
    work.touched.clients.insert(client);
    execute!(
        work.tx,
        "UPDATE clients SET suspended_at = $2, tokens_from = CASE WHEN tokens_from > $3 THEN tokens_from ELSE $3 END,
         access_version = access_version + 1, version = version + 1 WHERE id = $1",
        client,
        at,
        tokens_from
    )?;
    Ok(())
}

/// From when on tokens count that a client gets for itself; `None`: it has just gone.
pub(in crate::oauth) async fn tokens_from(tx: &mut Tx, client: ClientId) -> Result<Option<Timestamp>, Fault> {
    Ok(optional!(tx, (Timestamp,), "SELECT tokens_from FROM clients WHERE id = $1", client)?.map(|(from,)| from))
}

/// The clients of a deployment, by identifier.
pub async fn of_deployment(tx: &mut Tx, deployment: DeploymentId) -> Result<Vec<Client>, Fault> {
    all!(
        tx,
        Row,
        "SELECT id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version
         FROM clients WHERE deployment_id = $1 ORDER BY client_id",
        deployment
    )?
    .into_iter()
    .map(Client::try_from)
    .collect()
}

/// The clients that belong to no app, by name: API clients, and tools for many apps.
pub async fn of_no_app(tx: &mut Tx) -> Result<Vec<Client>, Fault> {
    all!(
        tx,
        Row,
        "SELECT id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version
         FROM clients WHERE kind <> $1 ORDER BY name, client_id",
        Kind::App
    )?
    .into_iter()
    .map(Client::try_from)
    .collect()
}

/// The clients that sign people in, or could, by identifier.
pub async fn of_people(tx: &mut Tx) -> Result<Vec<Client>, Fault> {
    all!(
        tx,
        Row,
        "SELECT id, client_id, kind, deployment_id, party, name, metadata, claims_version, suspended_at, access_version, version
         FROM clients WHERE kind <> $1 ORDER BY client_id",
        Kind::Api
    )?
    .into_iter()
    .map(Client::try_from)
    .collect()
}

/// Whether people may sign in to a tool for many apps: whether tokens of theirs that speak of the organization are issued at all.
pub async fn has_tools(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(one!(tx, (i64,), "SELECT COUNT(*) FROM clients WHERE kind = $1 AND suspended_at IS NULL", Kind::Platform)?.0 > 0)
}

/// How many clients each deployment has; those without any are left out.
pub async fn count_by_deployment(tx: &mut Tx) -> Result<HashMap<DeploymentId, u64>, Fault> {
    let rows = all!(tx, (DeploymentId, i64), "SELECT deployment_id, COUNT(*) FROM clients WHERE deployment_id IS NOT NULL GROUP BY deployment_id")?;
    Ok(rows.into_iter().map(|(id, count)| (id, count.unsigned_abs())).collect())
}

/// A secret as it is stored, without its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct StoredSecret {
    /// The row.
    pub id: ClientSecretId,
    /// When it was made.
    pub created_at: Timestamp,
    /// Until when it works, or worked.
    pub expires_at: Option<Timestamp>,
}

impl StoredSecret {
    /// Whether it works.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}

/// The secrets of a client, those that have ended too, newest first.
pub async fn stored_secrets(tx: &mut Tx, client: ClientId) -> Result<Vec<StoredSecret>, Fault> {
    Ok(all!(tx, StoredSecret, "SELECT id, created_at, expires_at FROM client_secrets WHERE client_id = $1 ORDER BY created_at DESC, id DESC", client)?)
}

/// When the next of the secrets ends that work, of each of these clients; those of whose secrets none ends are left out.
pub async fn next_endings(tx: &mut Tx, clients: &[ClientId], now: Timestamp) -> Result<HashMap<ClientId, Timestamp>, Fault> {
    let mut query = Query::new("SELECT client_id, MIN(expires_at) FROM client_secrets WHERE client_id IN ");
    query.list(clients.iter().map(|id| id.uuid()));
    query.push(" AND expires_at > ").bind(now).push(" GROUP BY client_id");
    Ok(query.all::<(ClientId, Timestamp)>(tx).await?.into_iter().collect())
}

/// How many people a client may hold tokens of: an authorization of theirs has not ended, nor the session that it hangs on.
pub async fn count_people(tx: &mut Tx, client: ClientId) -> Result<u64, Fault> {
    let (count,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT a.user_id) FROM authorizations a LEFT JOIN sessions s ON s.id = a.session_id
         WHERE a.client_id = $1 AND a.ended_at IS NULL AND s.ended_at IS NULL",
        client
    )?;
    Ok(count.unsigned_abs())
}

/// The same for all clients of a deployment together.
pub async fn count_people_of(tx: &mut Tx, deployment: DeploymentId) -> Result<u64, Fault> {
    let (count,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT a.user_id) FROM authorizations a JOIN clients c ON c.id = a.client_id LEFT JOIN sessions s ON s.id = a.session_id
         WHERE c.deployment_id = $1 AND a.ended_at IS NULL AND s.ended_at IS NULL",
        deployment
    )?;
    Ok(count.unsigned_abs())
}

/// Ends a secret now. `false`: it has ended before, or is another client's.
pub(super) async fn end_secret(tx: &mut Tx, client: ClientId, id: ClientSecretId, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(tx, "UPDATE client_secrets SET expires_at = $3 WHERE id = $1 AND client_id = $2 AND (expires_at IS NULL OR expires_at > $3)", id, client, now)?
        == 1)
}

pub(super) async fn touch(tx: &mut Tx, client: ClientId) -> Result<(), Fault> {
    execute!(tx, "UPDATE clients SET version = version + 1 WHERE id = $1", client)?;
    Ok(())
}

pub(super) async fn delete(tx: &mut Tx, client: ClientId) -> Result<(), Fault> {
    execute!(tx, "DELETE FROM clients WHERE id = $1", client)?;
    Ok(())
}
