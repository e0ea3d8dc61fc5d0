//! The token endpoint (RFC 6749 section 3.2). Each grant type makes an `Entitlement`; `issue` turns it into signed tokens
//! after the commit.

mod client_credentials;
mod code;
pub mod issue;
mod refresh;

pub use issue::{Answer, Entitlement};

use super::client::GrantType;
use super::client_auth::AuthenticatedClient;
use super::error::{Code, OAuthError};
use super::parameters::Parameters;
use super::provider::Provider;
use crate::base::fault::Fault;
use crate::work::{Ground, Origin};

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
