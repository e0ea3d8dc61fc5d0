//! Access tokens (RFC 9068): taken from the request, checked, and refused in the words of RFC 6750.

use actix_web::http::StatusCode;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse, ResponseError, dev::Payload};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use serde::Deserialize;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// Whoever calls. A handler that takes it is reached only with a good token.
#[derive(Debug, Deserialize)]
pub struct Caller {
    /// Who: an id that never changes.
    pub sub: String,
    // Absent means: not said. It gives nothing.
    #[serde(default)]
    permissions: Vec<String>,
}

impl Caller {
    /// Refuses unless the caller holds this permission.
    pub fn require(&self, permission: &'static str) -> Result<(), Refused> {
        if self.permissions.iter().any(|held| held == permission) { Ok(()) } else { Err(Refused::Insufficient(permission)) }
    }
}

/// Why a request is refused (RFC 6750 section 3.1).
#[derive(Debug)]
pub enum Refused {
    /// There is no token, so nothing is wrong with it.
    Missing,
    /// The token is not good, for this reason.
    Invalid(String),
    /// The caller lacks this permission.
    Insufficient(&'static str),
    /// The keys cannot be fetched: it may be good, but nobody can tell.
    Unavailable,
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => write!(f, "Bearer realm=\"orders\""),
            Self::Invalid(why) => write!(f, "Bearer realm=\"orders\", error=\"invalid_token\", error_description=\"{why}\""),
            Self::Insufficient(permission) => {
                write!(f, "Bearer realm=\"orders\", error=\"insufficient_scope\", error_description=\"this needs the permission {permission}\"")
            }
            Self::Unavailable => write!(f, "the keys of the issuer cannot be fetched"),
        }
    }
}

impl ResponseError for Refused {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Missing | Self::Invalid(_) => StatusCode::UNAUTHORIZED,
            Self::Insufficient(_) => StatusCode::FORBIDDEN,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status_code());
        match self {
            Self::Unavailable => answer.body(self.to_string()),
            _ => answer.insert_header((WWW_AUTHENTICATE, self.to_string())).finish(),
        }
    }
}

impl FromRequest for Caller {
    type Error = Refused;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Refused>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let verifier = request.app_data::<Data<Verifier>>().cloned();
        let header = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| value.split_once(' ')).filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        let token = token.map(|(_, token)| token.trim().to_owned());
        Box::pin(async move { verifier.ok_or(Refused::Unavailable)?.verify(&token.ok_or(Refused::Missing)?).await })
    }
}

/// What a good token must say.
#[derive(Debug)]
pub struct Verifier {
    /// Who issues them.
    pub issuer: String,
    /// For whom they are: this API.
    pub audience: String,
    /// What they are signed with.
    pub keys: Keys,
}

impl Verifier {
    async fn verify(&self, token: &str) -> Result<Caller, Refused> {
        let invalid = |why: &dyn fmt::Display| Refused::Invalid(why.to_string().replace(['"', '\\'], "'"));
        let header = decode_header(token).map_err(|error| invalid(&error))?;
        // An ID token is no access token, though the same keys may have signed it.
        if header.typ.as_deref() != Some("at+jwt") {
            return Err(invalid(&"typ is not at+jwt"));
        }
        let key = self.keys.find(&header.kid.unwrap_or_default()).await?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.leeway = 5;
        rules.set_issuer(&[&self.issuer]);
        rules.set_audience(&[&self.audience]);
        rules.set_required_spec_claims(&["iss", "aud", "exp", "sub"]);
        Ok(decode::<Caller>(token, &key, &rules).map_err(|error| invalid(&error))?.claims)
    }
}

/// The keys of the issuer: kept, and fetched again when a token names one that is not among them.
#[derive(Debug)]
pub struct Keys {
    url: String,
    http: reqwest::Client,
    pause: Duration,
    /// When the issuer was asked for them, and what they are.
    kept: Mutex<Option<(Instant, JwkSet)>>,
}

impl Keys {
    /// The keys of an issuer; none is fetched yet. Anybody can write the name of a key into a token, so the issuer is not asked for an
    /// unknown one more often than once in `pause`.
    pub fn new(issuer: &str, pause: Duration) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { url: format!("{issuer}/.well-known/jwks.json"), http, pause, kept: Mutex::default() })
    }

    async fn find(&self, id: &str) -> Result<DecodingKey, Refused> {
        // Whoever comes while the keys are fetched waits for them, and fetches none.
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_none_or(|(at, keys)| keys.find(id).is_none() && at.elapsed() > self.pause) {
            let Ok(keys) = self.fetch().await else {
                // The keys that are here go on being good, and nobody waits for the issuer again before the pause is over.
                if let Some((at, _)) = kept.as_mut() {
                    *at = Instant::now();
                }
                return Err(Refused::Unavailable);
            };
            *kept = Some((Instant::now(), keys));
        }
        let key = kept.as_ref().and_then(|(_, keys)| keys.find(id)).ok_or_else(|| Refused::Invalid("an unknown key signed it".to_owned()))?;
        DecodingKey::from_jwk(key).map_err(|_| Refused::Invalid("a key of another kind signed it".to_owned()))
    }

    async fn fetch(&self) -> Result<JwkSet, reqwest::Error> {
        self.http.get(&self.url).send().await?.error_for_status()?.json().await
    }
}
