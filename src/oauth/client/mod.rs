//! Clients: the face of a deployment (`app`), a tool for many apps (`platform`), or a program without people (`api`).

mod manage;
pub mod metadata;
mod store;

pub(crate) use manage::end_of_deployment;
pub use manage::{add_secret, change, create, end_secret, remove};
pub use metadata::{AuthMethod, GrantType, Metadata, MetadataError};
pub(super) use store::tokens_from;
pub use store::{
    StoredSecret, by_client_id, by_id, count_by_deployment, count_people, count_people_of, has_tools, may_use_resource, next_endings, of_deployment, of_no_app,
    of_people, secrets, stored_secrets,
};

use crate::access::app::deployment::Deployment;
use crate::access::change::configuration_changed;
use crate::access::effective::Place;
use crate::access::guard::{self, GuardError};
use crate::actor::Denied;
use crate::audit::{Event, Kind as EventKind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, ClientSecretId, DeploymentId};
use crate::base::reach::Reach;
use crate::base::secret::TokenHash;
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::oauth::authorization;
use crate::work::{Changing, Work};
use serde::Serialize;
use std::time::Duration;

/// The version of the claim contract that new clients get.
pub(super) const CLAIMS_VERSION: i64 = 1;

crate::choice! {
    /// What a client is.
    pub enum Kind {
        /// The face of a deployment.
        App = "app",
        /// A tool for many apps.
        Platform = "platform",
        /// No people: an API client.
        Api = "api",
    }
}

crate::choice! {
    /// Whose a client is.
    pub enum Party {
        /// The organization's own.
        First = "first",
        /// Somebody else's: people are asked.
        Third = "third",
    }
}

/// How long a secret lives when nobody says otherwise, and at most.
pub const SECRET_LIFE: Duration = Duration::from_hours(2160);
const SECRET_LONGEST: Duration = Duration::from_hours(17544);

/// An OAuth client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The row.
    pub id: ClientId,
    /// The public identifier.
    pub client_id: String,
    /// What it is.
    pub kind: Kind,
    /// Whose face it is.
    pub deployment: Option<DeploymentId>,
    /// Whose it is.
    pub party: Party,
    /// What people read.
    pub name: DisplayName,
    /// Its metadata (RFC 7591).
    pub metadata: Metadata,
    /// The version of the claim contract.
    pub claims_version: i64,
    /// Since when it is suspended.
    pub suspended_at: Option<Timestamp>,
    /// Rises with every change of its own access.
    pub access_version: i64,
    /// The ETag.
    pub version: i64,
}

impl Client {
    /// Whether it cannot keep a secret.
    pub const fn is_public(&self) -> bool {
        matches!(self.metadata.token_endpoint_auth_method, AuthMethod::None)
    }

    /// Where people sign in with it, and what its tokens speak of unless it asks for another resource: its app at its stage, or the
    /// organization.
    pub fn home(&self) -> Place {
        self.deployment.map_or(Place::Organization, Place::Deployment)
    }

    fn subject(&self) -> Subject {
        Subject::new("client", self.id)
    }
}

/// A secret that a file brings.
#[derive(Clone, Debug)]
pub struct SecretSpec {
    /// The SHA-256 of the secret: at least 32 random characters.
    pub hash: TokenHash,
    /// When it ends; `None`: after 90 days for API clients, never for others.
    pub expires_at: Option<Timestamp>,
}

impl SecretSpec {
    /// When it ends, made now for a client of this kind.
    fn end(&self, kind: Kind, now: Timestamp) -> Option<Timestamp> {
        self.expires_at.or_else(|| (kind == Kind::Api).then(|| now.plus(SECRET_LIFE)))
    }
}

/// What a file or form says of a client.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The public identifier.
    pub client_id: String,
    /// What it is.
    pub kind: Kind,
    /// Whose face it is: for `app` and only for it.
    pub deployment: Option<Deployment>,
    /// Whose it is.
    pub party: Party,
    /// What people read.
    pub name: DisplayName,
    /// Its metadata.
    pub metadata: Metadata,
    /// Its secrets, at most two.
    pub secrets: Vec<SecretSpec>,
}

/// Why a client could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The identifier could be taken for something else (rule 9).
    #[error("the client id {0:?} must be 3 to 100 of the characters A-Z, a-z, 0-9, dot, _ and -, and not look like a user id")]
    Identifier(String),
    /// There is one with this identifier.
    #[error("the client {0} exists already")]
    Exists(String),
    /// Somebody changed or removed it since it was read.
    #[error("somebody else changed this client meanwhile")]
    Overtaken,
    /// It would be left without a secret.
    #[error("the client {0} needs one live secret at least")]
    LastSecret(String),
    /// It belongs to another deployment, or is of another kind.
    #[error("the client {0} exists already with another kind or for another app and stage")]
    Other(String),
    /// An app client without deployment, or another kind with one.
    #[error("the client {0} must belong to an app at a stage if, and only if, its kind is app")]
    Deployment(String),
    /// The metadata contradicts itself.
    #[error("the client {0}: {1}")]
    Metadata(String, MetadataError),
    /// Too many secrets.
    #[error("the client {0} can have two live secrets at most: so that one can follow the other")]
    Secrets(String),
    /// A secret would live too long.
    #[error("a secret of the client {0} may live 24 months at most")]
    SecretLife(String),
    /// Rule 3a: whoever has the secret acts as the client, and would do so for longer than the actor may do the same.
    #[error("a secret of the client {0} would work for longer than you may do what it may")]
    SecretBeyond(String),
    /// A confidential client without a secret, or a public one with one.
    #[error("the client {0} needs a secret if, and only if, its token_endpoint_auth_method uses one")]
    SecretMissing(String),
    /// Rule 3c.
    #[error(transparent)]
    Guard(GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<GuardError> for ClientError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

/// Makes a client, or changes its name, party and metadata and adds secrets. Secrets that the list leaves out stay.
pub async fn put(work: &mut Work, _: &Changing, spec: &Spec) -> Result<Client, ClientError> {
    match (spec.kind, &spec.deployment) {
        (Kind::App, Some(deployment)) => work.require("client.manage", Reach::AppAtStage(deployment.app_id, deployment.stage_id))?,
        (Kind::Api, None) => work.require("api_clients.manage", Reach::Organization)?,
        // Rule 3d: whoever holds a platform client's secret sees everybody's access.
        (Kind::Platform, None) if work.actor.holds_all() => {}
        (Kind::Platform, None) => return Err(Denied { permission: "client.manage", reach: Reach::Organization }.into()),
        (Kind::App, None) | (Kind::Api | Kind::Platform, Some(_)) => return Err(ClientError::Deployment(spec.client_id.clone())),
    }
    let id_ok = (3..=100).contains(&spec.client_id.len())
        && spec.client_id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && uuid::Uuid::parse_str(&spec.client_id).is_err();
    if !id_ok {
        return Err(ClientError::Identifier(spec.client_id.clone()));
    }
    spec.metadata.check(spec.kind).map_err(|error| ClientError::Metadata(spec.client_id.clone(), error))?;
    let deployment = spec.deployment.as_ref().map(|deployment| deployment.id);
    let before = store::by_client_id(&mut work.tx, &spec.client_id).await?;
    let after = match &before {
        None => Client {
            id: ClientId::fresh(),
            client_id: spec.client_id.clone(),
            kind: spec.kind,
            deployment,
            party: spec.party,
            name: spec.name.clone(),
            metadata: spec.metadata.clone(),
            claims_version: CLAIMS_VERSION,
            suspended_at: None,
            access_version: 1,
            version: 1,
        },
        Some(has) if has.kind != spec.kind || has.deployment != deployment => return Err(ClientError::Other(spec.client_id.clone())),
        Some(has) => {
            let same = Client { party: spec.party, name: spec.name.clone(), metadata: spec.metadata.clone(), ..has.clone() };
            if same == *has { same } else { Client { version: has.version + 1, ..same } }
        }
    };
    if before.as_ref() != Some(&after) {
        store::put(&mut work.tx, &after, work.now).await?;
        configuration_changed(work).await?;
        let mut event = Event::new(EventKind::ClientChanged, after.subject()).after(&after)?;
        if let Some(before) = &before {
            event = event.before(before)?;
        }
        work.record(event).await?;
    }
    add_secrets(work, &after, &spec.secrets).await?;
    Ok(after)
}

async fn add_secrets(work: &mut Work, client: &Client, specs: &[SecretSpec]) -> Result<(), ClientError> {
    let now = work.now;
    let mut live = store::secrets(&mut work.tx, client.id, now).await?;
    for spec in specs {
        if live.contains(&spec.hash) {
            continue;
        }
        manage::may_make(work, client, spec).await?;
        let expires_at = spec.end(client.kind, now);
        if expires_at.is_some_and(|end| end > now.plus(SECRET_LONGEST)) {
            return Err(ClientError::SecretLife(client.client_id.clone()));
        }
        // A secret that has ended stays so, whatever file still names it.
        if !store::insert_secret(&mut work.tx, ClientSecretId::fresh(), client.id, &spec.hash, now, expires_at).await? {
            continue;
        }
        live.push(spec.hash.clone());
        work.record(Event::new(EventKind::ClientSecretAdded, client.subject()).after(&serde_json::json!({ "expires_at": expires_at }))?).await?;
    }
    if live.len() > 2 {
        return Err(ClientError::Secrets(client.client_id.clone()));
    }
    if live.is_empty() != client.is_public() {
        return Err(ClientError::SecretMissing(client.client_id.clone()));
    }
    Ok(())
}

/// Suspends a client: its tokens say inactive from the next request, and nothing that it holds comes back when it is resumed
/// (rule 5). Answers whether it was live.
pub async fn suspend(work: &mut Work, changing: &Changing, client: &Client) -> Result<bool, ClientError> {
    let done = set_suspended(work, changing, client, Some(work.now), EventKind::ClientSuspended).await?;
    if done {
        authorization::end_of_client(work, client.id, "client suspended").await?;
    }
    Ok(done)
}

/// Lets a suspended client go on. Answers whether it was suspended.
pub async fn resume(work: &mut Work, changing: &Changing, client: &Client) -> Result<bool, ClientError> {
    set_suspended(work, changing, client, None, EventKind::ClientResumed).await
}

async fn set_suspended(work: &mut Work, _: &Changing, client: &Client, at: Option<Timestamp>, kind: EventKind) -> Result<bool, ClientError> {
    manage::require(work, client).await?;
    // As it is now, whatever whoever read it saw.
    let Some(before) = store::by_id(&mut work.tx, client.id).await?.filter(|now| now.suspended_at.is_some() != at.is_some()) else { return Ok(false) };
    if at.is_some() {
        guard::proved_lately(work)?;
    }
    let after = Client { suspended_at: at, access_version: before.access_version + 1, version: before.version + 1, ..before.clone() };
    // Tokens know whole seconds. What was given in the second of a suspension ends with it, for good; what is given in that of a resumption
    // counts, unless both are the same.
    let now = work.now.seconds();
    let tokens_from = Timestamp::from_seconds(if at.is_some() { now + 1 } else { now });
    store::set_suspended(work, client.id, at, tokens_from).await?;
    configuration_changed(work).await?;
    work.record(Event::new(kind, client.subject()).before(&before)?.after(&after)?).await?;
    Ok(true)
}
