//! The token endpoint (RFC 6749 section 3.2). Each grant type makes an `Entitlement`; `issue` turns it into signed tokens
//! after the commit.

mod client_credentials;
mod code;
pub mod issue;
mod refresh;

pub use issue::{Answer, Entitlement};

use super::claims::{self, Access};
use super::client::{self, Client, GrantType, Kind};
use super::client_auth::AuthenticatedClient;
use super::error::{Code, OAuthError};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::access::effective::Place;
use crate::access::load::Snapshot;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::identity::user::User;
use crate::work::{Ground, Origin};
use std::sync::Arc;

/// Why no token was issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// What the client is told.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Refuses a code or a refresh token.
fn invalid(description: &str) -> TokenError {
    OAuthError::invalid_grant(description).into()
}

/// A resource beside the client's own must be allowed to it today, too. No session of our own pages opens an app, so tools for many
/// apps get none in people's names.
async fn still_allowed(tx: &mut Tx, client: &Client, place: Place, resource: &str) -> Result<(), TokenError> {
    if place == client.home() || client.kind == Kind::App && client::may_use_resource(tx, client.id, resource).await?.is_some() {
        return Ok(());
    }
    Err(invalid("this client may not ask for that resource any more"))
}

/// The person in whose name a client asks, with their access at the resource. Whoever may not sign in to the client's own app any more gets
/// no token for another one either.
async fn still_there(
    tx: &mut Tx,
    provider: &Provider,
    snapshot: &Arc<Snapshot>,
    client: &Client,
    user: UserId,
    place: Place,
    now: Timestamp,
) -> Result<(User, Access), TokenError> {
    let (own, known) = (client.home(), &provider.known);
    let gone = || invalid("this person may not sign in to the app any more");
    let (user, access) = claims::person(tx, known, snapshot, user, own, now).await?.ok_or_else(gone)?;
    if !access.may_sign_in() {
        return Err(gone());
    }
    let access = if place == own { access } else { Access::of_user(tx, known, snapshot, &user, place, now).await? };
    Ok((user, access))
}

/// Redeems whatever the client brings. What is committed is committed when this answers; the tokens are signed after it.
pub async fn redeem(
    ground: &Ground,
    provider: &Provider,
    client: &AuthenticatedClient,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<Answer, TokenError> {
    parameters.refuse_doubled(&["resource"])?;
    let asked = parameters.required("grant_type")?;
    let grant = GrantType::parse(asked).ok_or_else(|| OAuthError::new(Code::UnsupportedGrantType, "this grant_type is not supported"))?;
    if !client.client().metadata.may(grant) {
        return Err(OAuthError::new(Code::UnauthorizedClient, format!("this client is not registered for {grant}")).into());
    }
    // Before anything is consumed: a code must not be lost because the keys of a new server are still being made.
    if provider.ready_keys(ground).await?.is_none() {
        return Err(OAuthError::new(Code::TemporarilyUnavailable, "the server has just started and makes its keys; try again in a moment").into());
    }
    let entitlement = match grant {
        GrantType::AuthorizationCode => code::redeem(ground, provider, client, parameters, origin).await?,
        GrantType::RefreshToken => refresh::redeem(ground, provider, client, parameters, origin).await?,
        GrantType::ClientCredentials => client_credentials::redeem(ground, provider, client, parameters).await?,
    };
    Ok(issue::sign(provider, &entitlement)?)
}
