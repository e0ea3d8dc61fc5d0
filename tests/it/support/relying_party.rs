//! A relying party as apps have it: the `openidconnect` crate over real HTTP, and a resource server's check of access tokens.

use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation, decode, decode_header};
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreGenderClaim, CoreProviderMetadata, CoreTokenIntrospectionResponse, CoreTokenResponse};
use openidconnect::{
    AccessToken, AdditionalClaims, AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest,
    HttpResponse, IntrospectionUrl, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken, Scope,
    SubjectIdentifier, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;
use url::Url;

/// What went wrong, for tests that expect it to.
pub type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// How the client says who it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// `client_secret_basic`
    Basic,
    /// `client_secret_post`
    Post,
    /// No secret.
    Public,
}

/// A sign-in on its way: what the client keeps between the two redirects.
pub struct Journey {
    /// Where the browser goes.
    pub url: Url,
    /// The state sent along.
    pub state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// What the token endpoint gave, verified.
#[derive(Debug)]
pub struct Tokens {
    /// The ID token as sent.
    pub id_token: Option<String>,
    /// All its claims.
    pub id_claims: Value,
    /// The access token.
    pub access_token: String,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// The access token's life.
    pub expires_in: Option<Duration>,
    /// The scopes granted, where the answer names them.
    pub scopes: Option<Vec<String>>,
}

type Client = CoreClient<EndpointSet, EndpointNotSet, EndpointNotSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet>;

/// Claims that the standard does not name.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Others {
    #[serde(flatten)]
    all: Map<String, Value>,
}

impl AdditionalClaims for Others {}

/// An app that has read the provider's metadata.
pub struct RelyingParty {
    client: Client,
    metadata: CoreProviderMetadata,
    http: reqwest::Client,
}

impl RelyingParty {
    /// Reads metadata and keys of `issuer` and sets up a client.
    pub async fn discover(issuer: &str, id: &str, secret: Option<&str>, method: Method, redirect_uri: &str) -> Outcome<Self> {
        let http = crate::support::http().redirect(reqwest::redirect::Policy::none()).timeout(crate::support::PATIENCE).build()?;
        let metadata = CoreProviderMetadata::discover_async(IssuerUrl::new(issuer.to_owned())?, &|request| exchange(http.clone(), request)).await?;
        let secret = secret.filter(|_| method != Method::Public).map(|secret| ClientSecret::new(secret.to_owned()));
        let auth_type = if method == Method::Basic { AuthType::BasicAuth } else { AuthType::RequestBody };
        let client = CoreClient::from_provider_metadata(metadata.clone(), ClientId::new(id.to_owned()), secret)
            .set_redirect_uri(RedirectUrl::new(redirect_uri.to_owned())?)
            .set_auth_type(auth_type);
        Ok(Self { client, metadata, http })
    }

    /// Begins a sign-in with PKCE, state and nonce. `openid` is asked for by itself.
    pub fn authorize_url(&self, scopes: &[&str]) -> Journey {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = self.client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random);
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        let (url, state, nonce) = request.set_pkce_challenge(challenge).url();
        Journey { url, state, nonce, verifier }
    }

    /// Ends a sign-in at the redirect URI: state and issuer (RFC 9207) are checked, the code is exchanged, the ID token verified.
    pub async fn exchange(&self, journey: Journey, callback: &Url) -> Outcome<Tokens> {
        let parameters: HashMap<_, _> = callback.query_pairs().into_owned().collect();
        if let Some(error) = parameters.get("error") {
            return Err(error.clone().into());
        }
        if parameters.get("state") != Some(journey.state.secret()) {
            return Err("the state is another".into());
        }
        if parameters.get("iss").map(String::as_str) != Some(self.metadata.issuer().as_str()) {
            return Err("the answer does not name its issuer".into());
        }
        let code = AuthorizationCode::new(parameters.get("code").ok_or("no code")?.clone());
        let request = self.client.exchange_code(code)?.set_pkce_verifier(journey.verifier);
        let answer = request.request_async(&|request| exchange(self.http.clone(), request)).await?;
        let nonce = journey.nonce;
        self.verified(&answer, move |given| if given == Some(&nonce) { Ok(()) } else { Err(String::from("the nonce is another")) })
    }

    /// Uses a refresh token.
    pub async fn refresh(&self, refresh_token: &str) -> Outcome<Tokens> {
        let token = RefreshToken::new(refresh_token.to_owned());
        let answer = self.client.exchange_refresh_token(&token)?.request_async(&|request| exchange(self.http.clone(), request)).await?;
        // A refreshed ID token may lack the nonce (OpenID Connect Core section 12.2).
        self.verified(&answer, |_| Ok(()))
    }

    fn verified(&self, answer: &CoreTokenResponse, nonce: impl FnOnce(Option<&Nonce>) -> Result<(), String>) -> Outcome<Tokens> {
        let id_token = answer.id_token();
        let mut id_claims = Value::Null;
        if let Some(token) = id_token {
            let verifier = self.client.id_token_verifier();
            let claims = token.claims(&verifier, nonce)?;
            if let Some(hash) = claims.access_token_hash() {
                let actual = openidconnect::AccessTokenHash::from_token(answer.access_token(), token.signing_alg()?, token.signing_key(&verifier)?)?;
                if *hash != actual {
                    return Err("at_hash is another's".into());
                }
            }
            id_claims = payload(&token.to_string())?;
        }
        Ok(Tokens {
            id_token: id_token.map(ToString::to_string),
            id_claims,
            access_token: answer.access_token().secret().clone(),
            refresh_token: answer.refresh_token().map(|token| token.secret().clone()),
            expires_in: answer.expires_in(),
            scopes: answer.scopes().map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
        })
    }

    /// Asks for the claims of the person that `subject` names.
    pub async fn userinfo(&self, access_token: &str, subject: &str) -> Outcome<Value> {
        let subject = SubjectIdentifier::new(subject.to_owned());
        let request = self.client.user_info(AccessToken::new(access_token.to_owned()), Some(subject))?;
        let claims: UserInfoClaims<Others, CoreGenderClaim> = request.request_async(&|request| exchange(self.http.clone(), request)).await?;
        Ok(serde_json::to_value(claims)?)
    }

    /// Verifies an access token as a resource server does (RFC 9068 section 4) with keys fetched now. Answers its claims.
    pub async fn verify_access_token(&self, access_token: &str, audience: &str) -> Outcome<Value> {
        let claims = self.verify(access_token, "at+jwt", audience).await?;
        for required in ["iat", "jti", "client_id"] {
            if claims.get(required).is_none() {
                return Err(format!("{required} is missing (RFC 9068 section 2.2)").into());
            }
        }
        Ok(claims)
    }

    /// Verifies a token of this type with keys fetched now. Answers its claims.
    pub async fn verify(&self, token: &str, typ: &str, audience: &str) -> Outcome<Value> {
        let header = decode_header(token)?;
        let is = |found: &str| found.eq_ignore_ascii_case(typ) || found.eq_ignore_ascii_case(&format!("application/{typ}"));
        if !header.typ.as_deref().is_some_and(is) {
            return Err(format!("typ is {:?}", header.typ).into());
        }
        let keys: JwkSet = self.http.get(self.metadata.jwks_uri().as_str()).send().await?.error_for_status()?.json().await?;
        let key = header.kid.as_deref().and_then(|kid| keys.find(kid)).ok_or("no such key is published")?;
        let mut validation = Validation::new(header.alg);
        validation.leeway = 0;
        validation.set_issuer(&[self.metadata.issuer().as_str()]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        Ok(decode::<Value>(token, &DecodingKey::from_jwk(key)?, &validation)?.claims)
    }

    /// Asks the server what a token stands for (RFC 7662): what the library understands of it.
    pub async fn introspect(&self, token: &str) -> Outcome<Value> {
        let endpoint = IntrospectionUrl::new(format!("{}/oauth2/introspect", self.metadata.issuer().as_str()))?;
        let client = self.client.clone().set_introspection_url(endpoint);
        let token = AccessToken::new(token.to_owned());
        let answer: CoreTokenIntrospectionResponse = client.introspect(&token).request_async(&|request| exchange(self.http.clone(), request)).await?;
        Ok(serde_json::to_value(answer)?)
    }
}

/// The claims of a token whose signature was verified before.
fn payload(token: &str) -> Outcome<Value> {
    use base64::Engine;
    let middle = token.split('.').nth(1).ok_or("not a JWT")?;
    Ok(serde_json::from_slice(&base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(middle)?)?)
}

async fn exchange(http: reqwest::Client, request: HttpRequest) -> Result<HttpResponse, reqwest::Error> {
    let answer = http.execute(request.try_into()?).await?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let mut response = HttpResponse::new(answer.bytes().await?.to_vec());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    Ok(response)
}
