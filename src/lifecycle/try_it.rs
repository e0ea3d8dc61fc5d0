//! The demo app: a client of our own for each app and stage that somebody wants to try. It is the organization's own and public,
//! and is called back at our own address.

use crate::access::app::App;
use crate::access::app::deployment::Deployment;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::text::DisplayName;
use crate::db::Tx;
use crate::oauth::client::{self, AuthMethod, Client, ClientError, GrantType, Kind, Metadata, Party, Spec};
use crate::work::{Changing, Work};

/// The path below the issuer at which the demo app is called back.
pub const CALLBACK: &str = "/try/callback";
/// What the demo app asks to be told.
pub const SCOPE: &str = "openid profile email roles permissions groups";

/// The identifiers that the client may have, the better one first: keys may be long, and `a-b` at `c` reads like `a` at `b-c`.
fn identifiers(app: &App, stage: &Stage, deployment: &Deployment) -> [String; 2] {
    [format!("try-{}-{}", app.key, stage.key), format!("try-{}", deployment.id)]
}

fn metadata(issuer: &str) -> Metadata {
    Metadata {
        redirect_uris: vec![format!("{issuer}{CALLBACK}")],
        grant_types: vec![GrantType::AuthorizationCode],
        token_endpoint_auth_method: AuthMethod::None,
        scope: SCOPE.to_owned(),
        ..Metadata::default()
    }
}

/// The demo app's client for an app at a stage, if it can be used as it stands.
pub async fn find(tx: &mut Tx, app: &App, stage: &Stage, deployment: &Deployment, issuer: &str) -> Result<Option<Client>, Fault> {
    for id in identifiers(app, stage, deployment) {
        let found = client::by_client_id(tx, &id).await?.filter(|client| client.deployment == Some(deployment.id));
        if let Some(client) = found {
            return Ok(Some(client).filter(|client| client.suspended_at.is_none() && client.party == Party::First && client.metadata == metadata(issuer)));
        }
    }
    Ok(None)
}

/// Makes the client, or puts it right; a suspended one goes on. Needs `client.manage` at that app and stage.
pub async fn ensure(work: &mut Work, changing: &Changing, app: &App, stage: &Stage, deployment: &Deployment, issuer: &str) -> Result<Client, ClientError> {
    let [plain, sure] = identifiers(app, stage, deployment);
    // Nobody else's client is touched.
    let taken = client::by_client_id(&mut work.tx, &plain).await?.is_some_and(|client| client.deployment != Some(deployment.id));
    let spec = Spec {
        client_id: if taken || plain.len() > 100 { sure } else { plain },
        kind: Kind::App,
        deployment: Some(deployment.clone()),
        party: Party::First,
        name: DisplayName::parse("Try it").map_err(|_| Fault::broken("the name of the demo app is no name"))?,
        metadata: metadata(issuer),
        secrets: Vec::new(),
    };
    let client = client::put(work, changing, &spec).await?;
    if client.suspended_at.is_some() {
        client::resume(work, changing, &client).await?;
        return Ok(Client { suspended_at: None, ..client });
    }
    Ok(client)
}
