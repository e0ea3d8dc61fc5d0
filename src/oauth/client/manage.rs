//! Clients as people edit them: made once, changed as they were read, and removed; their secrets follow each other.

use super::{Client, ClientError, EventKind, Kind, SecretSpec, Spec, add_secrets, put, store};
use crate::access::app::deployment;
use crate::access::change::configuration_changed;
use crate::access::grant;
use crate::access::guard::{self, GuardError};
use crate::actor::Denied;
use crate::audit::Event;
use crate::base::fault::Fault;
use crate::base::id::{ClientSecretId, DeploymentId};
use crate::base::reach::Reach;
use crate::base::text::DisplayName;
use crate::oauth::authorization;
use crate::oauth::client::Metadata;
use crate::work::{Changing, Work};
use std::time::Duration;

/// Refuses unless the actor may manage this client, where it belongs, and may do whatever it may do (rule 3c).
pub(super) async fn require(work: &mut Work, client: &Client) -> Result<(), ClientError> {
    match (client.kind, client.deployment) {
        (Kind::App, Some(id)) => {
            let home = deployment::by_id(&mut work.tx, id).await?.ok_or_else(|| Fault::broken("a client belongs to no deployment"))?;
            work.require("client.manage", Reach::AppAtStage(home.app_id, home.stage_id))?;
        }
        (Kind::Api, _) => {
            work.require("api_clients.manage", Reach::Organization)?;
            guard::no_client_stronger(work, &[client.id]).await?;
        }
        // Rule 3d.
        _ if work.actor.holds_all() => {}
        _ => return Err(Denied { permission: "client.manage", reach: Reach::Organization }.into()),
    }
    Ok(())
}

/// Refuses a secret that would work for longer than the actor may do what the client may (rule 3a). A client of an app may do nothing by itself.
pub(super) async fn may_make(work: &mut Work, client: &Client, secret: &SecretSpec) -> Result<(), ClientError> {
    let until = secret.end(client.kind, work.now);
    let may = match client.kind {
        Kind::App => true,
        Kind::Api => guard::covers_client(work, client.id, until).await?,
        // Rule 3d: it sees everybody's access, whatever it holds.
        Kind::Platform => work.actor.authority().is_none_or(|own| own.holds_all_for(until)),
    };
    if may { Ok(()) } else { Err(ClientError::SecretBeyond(client.client_id.clone())) }
}

/// Makes a client, and never changes one that is there.
pub async fn create(work: &mut Work, changing: &Changing, spec: &Spec) -> Result<Client, ClientError> {
    if let Some(deployment) = &spec.deployment {
        // Asked before anything is said about other clients.
        work.require("client.manage", Reach::AppAtStage(deployment.app_id, deployment.stage_id))?;
    }
    if store::by_client_id(&mut work.tx, &spec.client_id).await?.is_some() {
        return Err(ClientError::Exists(spec.client_id.clone()));
    }
    put(work, changing, spec).await
}

/// The client as it is now, if nobody changed it since it was read, and the actor may manage it.
async fn at_version(work: &mut Work, read: &Client, version: i64) -> Result<Client, ClientError> {
    require(work, read).await?;
    store::by_id(&mut work.tx, read.id).await?.filter(|now| now.version == version).ok_or(ClientError::Overtaken)
}

/// Changes name and metadata of a client as it was read: at this version.
pub async fn change(work: &mut Work, _: &Changing, read: &Client, version: i64, name: &DisplayName, metadata: &Metadata) -> Result<Client, ClientError> {
    let before = at_version(work, read, version).await?;
    metadata.check(before.kind).map_err(|error| ClientError::Metadata(before.client_id.clone(), error))?;
    let same = Client { name: name.clone(), metadata: metadata.clone(), ..before.clone() };
    if same == before {
        return Ok(before);
    }
    let after = Client { version: before.version + 1, ..same };
    store::put(&mut work.tx, &after, work.now).await?;
    configuration_changed(work).await?;
    work.record(Event::new(EventKind::ClientChanged, after.subject()).before(&before)?.after(&after)?).await?;
    Ok(after)
}

/// Gives a confidential client, as it was read, one more secret. Two may live, so that one can follow the other. Whoever has it acts as the
/// client: that needs a fresh proof (rule 3c), and as much authority for as long (rule 3a).
pub async fn add_secret(work: &mut Work, _: &Changing, read: &Client, version: i64, secret: SecretSpec) -> Result<(), ClientError> {
    let client = at_version(work, read, version).await?;
    may_make(work, &client, &secret).await?;
    guard::proved_lately(work)?;
    store::touch(&mut work.tx, client.id).await?;
    add_secrets(work, &client, &[secret]).await
}

/// Ends a secret at once; one that still works always remains. Answers whether it was live.
pub async fn end_secret(work: &mut Work, _: &Changing, client: &Client, id: ClientSecretId) -> Result<bool, ClientError> {
    require(work, client).await?;
    let now = work.now;
    let before = store::stored_secrets(&mut work.tx, client.id).await?.into_iter().find(|secret| secret.id == id);
    let Some(before) = before.filter(|secret| secret.is_live(now)) else { return Ok(false) };
    guard::proved_lately(work)?;
    if !store::end_secret(&mut work.tx, client.id, id, now).await? {
        return Ok(false);
    }
    // One that ends within a minute is no secret to go on with; and of two works that wait for each other the later one may have begun first.
    if store::secrets(&mut work.tx, client.id, now.plus(Duration::from_mins(1))).await?.is_empty() {
        return Err(ClientError::LastSecret(client.client_id.clone()));
    }
    store::touch(&mut work.tx, client.id).await?;
    let after = store::StoredSecret { expires_at: Some(now), ..before };
    work.record(Event::new(EventKind::ClientSecretEnded, client.subject()).before(&before)?.after(&after)?).await?;
    Ok(true)
}

/// Every client of a deployment goes, because the deployment does: what they hold in people's names ends at once. The right to remove the
/// deployment is right enough.
pub(crate) async fn end_of_deployment(work: &mut Work, changing: &Changing, deployment: DeploymentId) -> Result<(), GuardError> {
    for client in store::of_deployment(&mut work.tx, deployment).await? {
        end(work, changing, &client).await?;
    }
    Ok(())
}

/// Whoever ends a client proved lately who they are (rule 3c): everybody is signed out of it, and its secrets are gone for ever.
async fn end(work: &mut Work, changing: &Changing, client: &Client) -> Result<(), GuardError> {
    guard::proved_lately(work)?;
    authorization::end_of_client(work, client.id, "client removed").await?;
    grant::end_of_client(work, changing, client.id).await?;
    work.record(Event::new(EventKind::ClientRemoved, client.subject()).before(client)?).await?;
    if work.is_rehearsal {
        // What it holds in people's names would go with it: as much as there are people.
        work.touched.gone.clients.insert(client.id);
    } else {
        store::delete(&mut work.tx, client.id).await?;
    }
    Ok(())
}

/// Removes a client with everything that hangs on it: secrets, consents, and what it holds in people's names. Answers whether it was there.
pub async fn remove(work: &mut Work, changing: &Changing, client: &Client) -> Result<bool, ClientError> {
    require(work, client).await?;
    let Some(has) = store::by_id(&mut work.tx, client.id).await? else { return Ok(false) };
    end(work, changing, &has).await?;
    configuration_changed(work).await?;
    Ok(true)
}
