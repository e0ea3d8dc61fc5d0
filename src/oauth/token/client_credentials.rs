//! Client credentials (RFC 6749 section 4.4): the client for itself.

use super::TokenError;
use super::issue::Entitlement;
use crate::access::effective::Place;
use crate::oauth::claims::{Access, Named};
use crate::oauth::client::{self, Kind};
use crate::oauth::client_auth::AuthenticatedClient;
use crate::oauth::error::{Code, OAuthError};
use crate::oauth::parameters::Parameters;
use crate::oauth::provider::Provider;
use crate::oauth::scope::Scope;
use crate::work::Ground;

/// Scopes that speak of a person, whom there is none.
const OF_PEOPLE: &[&str] = &["openid", "profile", "email", "address", "phone", "offline_access", "groups"];

pub(super) async fn redeem(ground: &Ground, provider: &Provider, client: &AuthenticatedClient, parameters: &Parameters) -> Result<Entitlement, TokenError> {
    let client = client.client();
    if client.is_public() {
        return Err(OAuthError::new(Code::UnauthorizedClient, "a public client cannot act for itself").into());
    }
    let now = ground.clock.now();
    let mut tx = ground.db.read().await?;
    let snapshot = provider.known.snapshot(&mut tx).await?;
    let keys = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
    let foreign = || OAuthError::new(Code::InvalidTarget, "this client may not ask for that resource");
    let place = match parameters.every("resource") {
        [] => client.home(),
        [one] if *one == provider.api_resource() && client.kind != Kind::App => Place::Organization,
        [one] if provider.place_of(&snapshot, one) == Some(client.home()) => client.home(),
        [one] => Place::Deployment(client::may_use_resource(&mut tx, client.id, one).await?.ok_or_else(foreign)?),
        _ => return Err(OAuthError::new(Code::InvalidTarget, "one resource for one token").into()),
    };
    let resource = provider.resource_of(&snapshot, place).ok_or_else(foreign)?;
    let asked = Scope::parse(parameters.one("scope")?.unwrap_or_default())?;
    if let Some(wrong) = asked.tokens().find(|token| OF_PEOPLE.contains(token)) {
        return Err(OAuthError::new(Code::InvalidScope, format!("the scope {wrong} speaks of a person, and there is none")).into());
    }
    let access = Access::of_client(&mut tx, &provider.known, &snapshot, client, place, now).await?;
    let scope = asked.within(&client.metadata.scopes());
    Ok(Entitlement { client: client.clone(), person: None, scope, claims: Named::default(), resource, access, refresh_token: None, keys, now })
}
