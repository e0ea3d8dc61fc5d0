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
        let invalid = |why: &dyn fmt::Display| Refused::Invalid(describable(&why.to_string()));
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

/// What `error_description` may hold (RFC 6750 section 3). The reason may quote what somebody wrote into a token.
fn describable(why: &str) -> String {
    why.chars().take(200).map(|letter| if matches!(letter, ' ' | '!' | '#'..='[' | ']'..='~') { letter } else { '\'' }).collect()
}

/// How long the keys are kept.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// Older ones are fetched again, whatever tokens name: Gatehouse lets everybody keep its keys for five minutes (`max-age=300`), and a
    /// key that was withdrawn must not be believed for much longer.
    pub age: Duration,
    /// While the issuer gives no answer, those that are here stay good until they are this old, so that the API does not go away with it;
    /// then none is believed, since nobody can tell which of them was withdrawn meanwhile.
    pub limit: Duration,
    /// The issuer is asked no more often than once in this time, whether it gave an answer or not: anybody can write the name of a key
    /// into a token.
    pub pause: Duration,
}

/// The keys of the issuer: kept, and fetched again when they are old, or when a token names one that is not among them.
#[derive(Debug)]
pub struct Keys {
    url: String,
    http: reqwest::Client,
    times: Times,
    kept: Mutex<Kept>,
}

/// What the issuer said, and when.
#[derive(Debug, Default)]
struct Kept {
    /// When it was last asked; `None`: never.
    asked: Option<Instant>,
    /// When it last gave an answer, which is the same instant if the last question got one.
    answered: Option<Instant>,
    keys: JwkSet,
}

/// Whether this is longer ago, or never was.
fn is_past(at: Option<Instant>, time: Duration) -> bool {
    at.is_none_or(|at| at.elapsed() > time)
}

impl Keys {
    /// The keys of an issuer; none is fetched yet.
    pub fn new(issuer: &str, times: Times) -> Result<Self, reqwest::Error> {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { url: format!("{issuer}/.well-known/jwks.json"), http, times, kept: Mutex::default() })
    }

    async fn find(&self, id: &str) -> Result<DecodingKey, Refused> {
        // Whoever comes while the keys are fetched waits for them, and fetches none.
        let mut kept = self.kept.lock().await;
        let is_needed = is_past(kept.answered, self.times.age) || kept.keys.find(id).is_none();
        if is_needed && is_past(kept.asked, self.times.pause) {
            let fetched = self.fetch().await;
            // Not before: whoever hangs up while waiting here would keep everybody else from asking.
            kept.asked = Some(Instant::now());
            if let Ok(keys) = fetched {
                kept.answered = kept.asked;
                kept.keys = keys;
            }
        }
        match kept.keys.find(id) {
            _ if is_past(kept.answered, self.times.limit) => Err(Refused::Unavailable),
            Some(key) => DecodingKey::from_jwk(key).map_err(|_| Refused::Invalid("a key of another kind signed it".to_owned())),
            // The last question got no answer: this may be a new key.
            None if kept.asked != kept.answered => Err(Refused::Unavailable),
            None => Err(Refused::Invalid("an unknown key signed it".to_owned())),
        }
    }

    async fn fetch(&self) -> Result<JwkSet, reqwest::Error> {
        self.http.get(&self.url).send().await?.error_for_status()?.json().await
    }
}
