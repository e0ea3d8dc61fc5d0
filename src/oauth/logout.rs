//! RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).

use super::authorize::checks::{self, Hint};
use super::client::{self, Client};
use super::error::OAuthError;
use super::parameters::Parameters;
use super::provider::Provider;
use crate::base::fault::Fault;
use crate::work::Ground;

/// A logout request that was understood.
#[derive(Debug)]
pub struct LogoutRequest {
    /// Who asks, if it said so.
    pub client: Option<Client>,
    /// What the hint says, if there was one.
    pub hint: Option<Hint>,
    /// Where to go afterwards: registered by the client.
    pub redirect: Option<String>,
    /// Returned byte by byte.
    pub state: Option<String>,
}

/// Why a logout request is shown a page.
#[derive(Debug, thiserror::Error)]
pub enum LogoutError {
    /// What is wrong, and with which parameter.
    #[error("{error}")]
    Page {
        /// The parameter.
        parameter: &'static str,
        /// What is wrong with it.
        error: OAuthError,
    },
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Opens a logout request. Whatever is wrong with it is a page, never a redirect.
pub async fn open(ground: &Ground, provider: &Provider, parameters: &Parameters) -> Result<LogoutRequest, LogoutError> {
    let page = |parameter| move |error| LogoutError::Page { parameter, error };
    let mut tx = ground.db.read().await?;
    let snapshot = provider.known.snapshot(&mut tx).await?;
    let hint = match parameters.one("id_token_hint").map_err(page("id_token_hint"))? {
        None => None,
        Some(token) => {
            let ring = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
            Some(checks::hint(token, &ring, &provider.issuer, ground.clock.now()).map_err(page("id_token_hint"))?)
        }
    };
    let named = parameters.one("client_id").map_err(page("client_id"))?;
    if let (Some(named), Some(hint)) = (named, &hint)
        && named != hint.aud
    {
        return Err(LogoutError::Page { parameter: "client_id", error: OAuthError::invalid_request("the client_id is not the one of the id_token_hint") });
    }
    let client = match named.or(hint.as_ref().map(|hint| hint.aud.as_str())) {
        None => None,
        Some(id) => {
            let unknown = || LogoutError::Page { parameter: "client_id", error: OAuthError::invalid_request("there is no such app") };
            Some(client::by_client_id(&mut tx, id).await?.ok_or_else(unknown)?)
        }
    };
    let asked = parameters.one("post_logout_redirect_uri").map_err(page("post_logout_redirect_uri"))?;
    let redirect = match (asked, &client) {
        (None, _) => None,
        // Whoever is suspended is no place to send people to.
        (Some(uri), Some(client)) if client.suspended_at.is_none() && client.metadata.post_logout_redirect_uris.iter().any(|registered| registered == uri) => {
            Some(uri.to_owned())
        }
        (Some(_), _) => {
            let error = OAuthError::invalid_request("the post_logout_redirect_uri is not registered for the app, or no app was named");
            return Err(LogoutError::Page { parameter: "post_logout_redirect_uri", error });
        }
    };
    let state = parameters.one("state").map_err(page("state"))?.map(ToOwned::to_owned);
    Ok(LogoutRequest { client, hint, redirect, state })
}

impl LogoutRequest {
    /// The address to go to afterwards, with the state and nothing else.
    pub fn target(&self) -> Option<String> {
        let uri = self.redirect.as_ref()?;
        let Some(state) = &self.state else { return Some(uri.clone()) };
        let state = url::form_urlencoded::Serializer::new(String::new()).append_pair("state", state).finish();
        let mark = if uri.contains('?') { '&' } else { '?' };
        Some(format!("{uri}{mark}{state}"))
    }
}
