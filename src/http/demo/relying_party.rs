//! The demo app as a relying party: the `openidconnect` crate over real HTTP, as an app would use it.

use super::loopback::{Itself, LoopbackError};
use super::pending::{self, Pending};
use crate::base::secret::random_token;
use crate::base::text::Slug;
use crate::base::time::Clock;
use crate::lifecycle::try_it::{CALLBACK, SCOPE};
use crate::oauth::client::Client;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient, CoreErrorResponseType, CoreGenderClaim, CoreProviderMetadata};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AuthorizationCode, ClientId, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope, StandardErrorResponse, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The claims of a token.
pub type Claims = Map<String, Value>;

/// Why a flow came to no good end.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The token endpoint refused the code.
    #[error("{code}: {description}")]
    Refused {
        /// The standard's code.
        code: String,
        /// What the server says to it.
        description: String,
    },
    /// Something is not as it must be.
    #[error("{0}")]
    Broken(String),
}

fn broken(what: &'static str) -> impl Fn(&dyn std::error::Error) -> FlowError {
    move |error| {
        let mut text = format!("{what}: {error}");
        let mut next = error.source();
        while let Some(cause) = next {
            text = format!("{text}: {cause}");
            next = cause.source();
        }
        FlowError::Broken(text)
    }
}

/// What the demo app was told, everything verified.
#[derive(Debug)]
pub struct Told {
    /// The subject.
    pub subject: String,
    /// The ID token as sent.
    pub id_token: String,
    /// Its header.
    pub id_header: Claims,
    /// Its claims.
    pub id_claims: Claims,
    /// The access token as sent.
    pub access_token: String,
    /// Its header.
    pub access_header: Claims,
    /// Its claims.
    pub access_claims: Claims,
    /// What userinfo says.
    pub userinfo: Claims,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
struct Others {
    #[serde(flatten)]
    all: Claims,
}

impl AdditionalClaims for Others {}

type Party = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// The demo app, when it has read the server's metadata and keys.
pub struct RelyingParty<'a> {
    party: Party,
    issuer: &'a str,
    itself: &'a Itself,
}

impl<'a> RelyingParty<'a> {
    /// Reads metadata and keys.
    pub async fn discover(itself: &'a Itself, issuer: &'a str, client: &Client) -> Result<Self, FlowError> {
        let address = IssuerUrl::new(issuer.to_owned()).map_err(|error| broken("the issuer")(&error))?;
        let metadata = CoreProviderMetadata::discover_async(address, &|request| itself.ask(request)).await.map_err(|error| broken("discovery")(&error))?;
        let callback = RedirectUrl::new(format!("{issuer}{CALLBACK}")).map_err(|error| broken("the callback")(&error))?;
        let party = CoreClient::from_provider_metadata(metadata, ClientId::new(client.client_id.clone()), None).set_redirect_uri(callback);
        Ok(Self { party, issuer, itself })
    }

    /// Begins a sign-in: where the browser goes, and what is kept until it comes back. `again`: whoever is signed in is asked anew.
    pub fn begin(&self, app: &Slug, stage: &Slug, again: bool) -> (String, Pending) {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = pending::state(&random_token::<16>(), app, stage);
        let sent = CsrfToken::new(state.clone());
        let request = self.party.authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || sent, Nonce::new_random);
        // The library adds `openid` by itself.
        let request = SCOPE.split(' ').skip(1).fold(request, |request, scope| request.add_scope(Scope::new(scope.to_owned())));
        let request = if again { request.add_prompt(CoreAuthPrompt::Login) } else { request };
        let (url, _, nonce) = request.set_pkce_challenge(challenge).url();
        let nonce = nonce.secret().clone();
        let pending = Pending { app: app.to_string(), stage: stage.to_string(), state, nonce, verifier: verifier.into_secret() };
        (url.into(), pending)
    }

    /// Ends a sign-in: exchanges the code, verifies the ID token, asks for userinfo.
    pub async fn end(&self, code: &str, pending: &Pending, clock: &Clock) -> Result<Told, FlowError> {
        let ask = |request| self.itself.ask(request);
        let request = self.party.exchange_code(AuthorizationCode::new(code.to_owned())).map_err(|error| broken("the token endpoint")(&error))?;
        let request = request.set_pkce_verifier(PkceCodeVerifier::new(pending.verifier.clone()));
        let answer = request.request_async(&ask).await.map_err(refused)?;
        let token = answer.id_token().ok_or_else(|| FlowError::Broken("there is no ID token".into()))?;
        let now = clock.clone();
        let verifier = self.party.id_token_verifier().set_time_fn(move || now.now().chrono());
        let claims = token.claims(&verifier, &Nonce::new(pending.nonce.clone())).map_err(|error| broken("the ID token")(&error))?;
        // OpenID Connect Core section 3.1.3.8: the access token is the one that the ID token speaks of.
        let algorithm = token.signing_alg().map_err(|error| broken("the algorithm of the ID token")(&error))?;
        let key = token.signing_key(&verifier).map_err(|error| broken("the key of the ID token")(&error))?;
        let hash = AccessTokenHash::from_token(answer.access_token(), algorithm, key).map_err(|error| broken("at_hash")(&error))?;
        if claims.access_token_hash() != Some(&hash) {
            return Err(FlowError::Broken("at_hash belongs to another access token".into()));
        }
        let subject = claims.subject().clone();
        let request = self.party.user_info(answer.access_token().clone(), Some(subject.clone())).map_err(|error| broken("userinfo")(&error))?;
        let about: UserInfoClaims<Others, CoreGenderClaim> = request.request_async(&ask).await.map_err(|error| broken("userinfo")(&error))?;
        let Value::Object(userinfo) = serde_json::to_value(about).map_err(|error| broken("userinfo")(&error))? else {
            return Err(FlowError::Broken("userinfo is no object".into()));
        };
        let (id_token, access_token) = (token.to_string(), answer.access_token().secret().clone());
        let (id_header, access_header) = (decoded(&id_token, HEADER)?, decoded(&access_token, HEADER)?);
        let (id_claims, access_claims) = (decoded(&id_token, PAYLOAD)?, decoded(&access_token, PAYLOAD)?);
        if access_claims.get("iss").and_then(Value::as_str) != Some(self.issuer) {
            return Err(FlowError::Broken("the access token is of another issuer".into()));
        }
        Ok(Told { subject: subject.to_string(), id_token, id_header, id_claims, access_token, access_header, access_claims, userinfo })
    }
}

type TokenError = RequestTokenError<LoopbackError, StandardErrorResponse<CoreErrorResponseType>>;

fn refused(error: TokenError) -> FlowError {
    match error {
        RequestTokenError::ServerResponse(answer) => {
            FlowError::Refused { code: answer.error().as_ref().to_owned(), description: answer.error_description().cloned().unwrap_or_default() }
        }
        other => broken("the token endpoint")(&other),
    }
}

/// Where the header of a token stands between its dots.
const HEADER: usize = 0;
/// Where its claims stand.
const PAYLOAD: usize = 1;

/// A part of a token that was verified, or came straight from the token endpoint.
fn decoded(token: &str, part: usize) -> Result<Claims, FlowError> {
    let part = token.split('.').nth(part).unwrap_or_default();
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|error| broken("a token")(&error))?;
    serde_json::from_slice(&bytes).map_err(|error| broken("a token")(&error))
}
