//! Signed tokens: JWS in compact form (RFC 7515), read and written. The only file that names the JWT library; it verifies signatures.
//!
//! We write signatures ourselves (`sign.rs`), because the library parses the RSA key again for each one, and judge times ourselves, because
//! the library asks the system clock where a request has one `now`.

mod key;
mod sign;
#[cfg(test)]
mod tests;

pub use key::{Algorithm, KeyError, PublicJwk};
pub use sign::SigningKey;

use crate::base::time::Timestamp;
use aws_lc_rs::digest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::DecodingKey;
use key::Material;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use std::fmt;
use std::time::Duration;

/// Longer tokens are not looked at.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// How many keys are tried for a token that names none.
const MAX_TRIES: usize = 8;

/// Why a token is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// More than 16 kB.
    #[error("the token is too long")]
    TooLong,
    /// Not three parts of base64url, or its header or claims are not the JSON they have to be.
    #[error("the token is malformed")]
    Malformed,
    /// `none`, a shared-secret algorithm, or one that the key is not for.
    #[error("the token is signed with an algorithm that is not accepted for this key")]
    Algorithm,
    /// It demands an extension (`crit`), of which we know none.
    #[error("the token demands an extension that is not supported (crit)")]
    Critical,
    /// A token for another purpose.
    #[error("the token has the wrong type (typ)")]
    Type,
    /// No key by that name: perhaps a newer one is published.
    #[error("the token names a key that is not known (kid)")]
    UnknownKey,
    /// The signature is not that of the key.
    #[error("the signature of the token is wrong")]
    Signature,
    /// Issued by somebody else.
    #[error("the token has the wrong issuer (iss)")]
    Issuer,
    /// Meant for somebody else.
    #[error("the token has the wrong audience (aud)")]
    Audience,
    /// No end where one is demanded.
    #[error("the token has no end (exp)")]
    Endless,
    /// Over.
    #[error("the token has expired (exp)")]
    Expired,
    /// Not yet in force.
    #[error("the token is not valid yet (nbf)")]
    Early,
}

/// Which `typ` a token must have (RFC 8725 section 3.11). Case and the prefix `application/` do not count (RFC 7515 section 4.1.9).
#[derive(Clone, Copy, Debug)]
pub enum Type<'a> {
    /// This one.
    Is(&'a str),
    /// None, or one of these.
    AbsentOr(&'a [&'a str]),
}

/// What to do about `exp`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expiry {
    /// It must be there and lie ahead.
    Required,
    /// It may be missing; if it is there, it must lie ahead.
    WhenPresent,
    /// It does not matter: an ID token as a hint about who it was.
    Ignored,
}

/// What a token must say to be accepted.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Its type.
    pub typ: Type<'a>,
    /// Its `iss`; `None`: the caller judges it.
    pub issuer: Option<&'a str>,
    /// The names of which `aud` must hold one; `None`: the caller judges it.
    pub audience: Option<&'a [&'a str]>,
    /// Its `exp`.
    pub expiry: Expiry,
    /// The instant at which it is judged.
    pub now: Timestamp,
    /// How far the clocks may differ.
    pub leeway: Duration,
}

/// The header of a token (RFC 7515 section 4.1): words of a stranger until the signature is verified.
#[derive(Clone, Debug, Deserialize)]
pub struct Header {
    /// The algorithm it claims; the key decides, not this.
    pub alg: String,
    /// The key that it names.
    pub kid: Option<String>,
    /// Its type.
    pub typ: Option<String>,
    jwk: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "present")]
    crit: bool,
}

impl Header {
    /// Reads the header of a token and verifies nothing.
    pub fn peek(token: &str) -> Result<Self, TokenError> {
        Parts::of(token)?.header()
    }

    /// The key that the token brings along. It proves that the sender holds it, never who the sender is (RFC 9449 section 4.2).
    pub fn embedded_key(&self) -> Option<Result<PublicJwk, KeyError>> {
        self.jwk.as_ref().map(PublicJwk::from_json)
    }

    fn is_of(&self, wanted: Type<'_>) -> bool {
        let same = |wanted: &str| {
            let typ = self.typ.as_deref().unwrap_or_default();
            let short =
                typ.split_at_checked("application/".len()).filter(|(prefix, _)| prefix.eq_ignore_ascii_case("application/")).map_or(typ, |(_, rest)| rest);
            short.eq_ignore_ascii_case(wanted)
        };
        match wanted {
            Type::Is(typ) => self.typ.is_some() && same(typ),
            Type::AbsentOr(types) => self.typ.is_none() || types.iter().any(|typ| same(typ)),
        }
    }
}

/// True for any value, `null` too: a header that mentions it at all.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    IgnoredAny::deserialize(deserializer).map(|_| true)
}

/// The three parts of a token, still encoded.
struct Parts<'a> {
    header: &'a str,
    claims: &'a str,
    signature: &'a str,
    signed: &'a str,
}

impl<'a> Parts<'a> {
    fn of(token: &'a str) -> Result<Self, TokenError> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenError::Malformed)?;
        let (header, claims) = signed.split_once('.').filter(|(_, claims)| !claims.contains('.')).ok_or(TokenError::Malformed)?;
        Ok(Self { header, claims, signature, signed })
    }

    fn header(&self) -> Result<Header, TokenError> {
        read(self.header)
    }
}

fn read<T: DeserializeOwned>(part: &str) -> Result<T, TokenError> {
    let json = URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenError::Malformed)?;
    serde_json::from_slice(&json).map_err(|_| TokenError::Malformed)
}

/// A public key ready to verify, for exactly one algorithm.
#[derive(Clone)]
pub struct VerifyingKey {
    algorithm: Algorithm,
    kid: Option<String>,
    key: DecodingKey,
}

impl VerifyingKey {
    /// The key of a JWK. Its `alg` decides the algorithm; an RSA key without one is refused here, because it fits two.
    pub fn from_jwk(jwk: &PublicJwk) -> Result<Self, KeyError> {
        let algorithm = jwk.algorithm().or_else(|| jwk.only_algorithm()).ok_or(KeyError::Algorithm)?;
        Self::for_algorithm(jwk, algorithm)
    }

    /// The key of a JWK for the algorithm that was agreed elsewhere (a client's registration).
    pub fn for_algorithm(jwk: &PublicJwk, algorithm: Algorithm) -> Result<Self, KeyError> {
        if !jwk.suits(algorithm) {
            return Err(KeyError::Algorithm);
        }
        let key = match jwk.material() {
            Material::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            // The library takes the bare point here, in spite of the name.
            Material::P256 { x, y } => DecodingKey::from_ec_der(&[&[4], x.as_slice(), y].concat()),
            Material::Ed25519 { x } => DecodingKey::from_ed_der(x),
        };
        Ok(Self { algorithm, kid: jwk.kid().map(str::to_owned), key })
    }

    /// The algorithm that it verifies.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its name.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    fn verifies(&self, parts: &Parts<'_>) -> bool {
        let algorithm = match self.algorithm {
            Algorithm::Rs256 => jsonwebtoken::Algorithm::RS256,
            Algorithm::Ps256 => jsonwebtoken::Algorithm::PS256,
            Algorithm::Es256 => jsonwebtoken::Algorithm::ES256,
            Algorithm::EdDsa => jsonwebtoken::Algorithm::EdDSA,
        };
        jsonwebtoken::crypto::verify(parts.signature, parts.signed.as_bytes(), &self.key, algorithm).unwrap_or(false)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VerifyingKey").field("algorithm", &self.algorithm).field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// The claims that the rules speak of (RFC 7519 section 4.1). A claim that comes twice is refused.
#[derive(Deserialize)]
struct Standard {
    iss: Option<String>,
    aud: Option<Audience>,
    exp: Option<f64>,
    nbf: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn names(&self, wanted: &str) -> bool {
        match self {
            Self::One(name) => name == wanted,
            Self::Many(names) => names.iter().any(|name| name == wanted),
        }
    }
}

impl Standard {
    // Seconds fit a double exactly for the next 200 million years.
    #[allow(clippy::cast_precision_loss)]
    fn judge(&self, rules: &Rules<'_>) -> Result<(), TokenError> {
        if rules.issuer.is_some_and(|wanted| self.iss.as_deref() != Some(wanted)) {
            return Err(TokenError::Issuer);
        }
        if let Some(wanted) = rules.audience
            && !self.aud.as_ref().is_some_and(|aud| wanted.iter().any(|name| aud.names(name)))
        {
            return Err(TokenError::Audience);
        }
        let (earliest, latest) = (rules.now.minus(rules.leeway).micros() as f64 / 1e6, rules.now.plus(rules.leeway).micros() as f64 / 1e6);
        match (rules.expiry, self.exp) {
            (Expiry::Required, None) => return Err(TokenError::Endless),
            // "On or after" the end it is over (RFC 7519 section 4.1.4).
            (Expiry::Required | Expiry::WhenPresent, Some(exp)) if exp <= earliest => return Err(TokenError::Expired),
            _ => {}
        }
        if self.nbf.is_some_and(|nbf| nbf > latest) { Err(TokenError::Early) } else { Ok(()) }
    }
}

/// Verifies a token and gives its claims. The algorithm is the key's, never the header's; the key is the one that the token names, or, when it
/// names none, any of the first few for its algorithm.
pub fn verify<C: DeserializeOwned>(token: &str, keys: &[VerifyingKey], rules: &Rules<'_>) -> Result<C, TokenError> {
    let parts = Parts::of(token)?;
    let header = parts.header()?;
    if header.crit {
        return Err(TokenError::Critical);
    }
    let algorithm = Algorithm::parse(&header.alg).ok_or(TokenError::Algorithm)?;
    if !header.is_of(rules.typ) {
        return Err(TokenError::Type);
    }
    let named = || keys.iter().filter(|key| header.kid.is_none() || key.kid == header.kid);
    if named().next().is_none() {
        return Err(TokenError::UnknownKey);
    }
    let mut fitting = named().filter(|key| key.algorithm == algorithm).take(MAX_TRIES).peekable();
    fitting.peek().ok_or(TokenError::Algorithm)?;
    if !fitting.any(|key| key.verifies(&parts)) {
        return Err(TokenError::Signature);
    }
    read::<Standard>(parts.claims)?.judge(rules)?;
    read(parts.claims)
}

/// The `at_hash` of an access token in an ID token signed with `algorithm` (OpenID Connect Core section 3.1.3.6); `c_hash` is made alike.
/// For Ed25519 the hash is SHA-512, its own.
pub fn at_hash(algorithm: Algorithm, token: &str) -> String {
    let hash = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 | Algorithm::Es256 => &digest::SHA256,
        Algorithm::EdDsa => &digest::SHA512,
    };
    let hash = digest::digest(hash, token.as_bytes());
    URL_SAFE_NO_PAD.encode(&hash.as_ref()[..hash.as_ref().len() / 2])
}

/// Names the library's provider; with one compiled in it would find that one by itself, a second one would make it panic.
pub(super) fn install() {
    // An error says that it is done already.
    let _ = jsonwebtoken::crypto::aws_lc::DEFAULT_PROVIDER.install_default();
}
