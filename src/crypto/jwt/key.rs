//! Public keys as JSON (RFC 7517, 7518 section 6, 8037) and the algorithms we speak.

use aws_lc_rs::{digest, signature};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

crate::choice! {
    /// How a token is signed: the word is the `alg` of RFC 7518 section 3.1 and RFC 8037.
    pub enum Algorithm {
        /// RSA with PKCS #1 v1.5, for clients of old.
        Rs256 = "RS256",
        /// RSA with PSS.
        Ps256 = "PS256",
        /// ECDSA on the curve P-256.
        Es256 = "ES256",
        /// Ed25519.
        EdDsa = "EdDSA",
    }
}

/// Why a key is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A member is missing or is not base64url of the right length.
    #[error("the key is malformed")]
    Malformed,
    /// Neither RSA, P-256 nor Ed25519.
    #[error("the key must be RSA, EC on P-256 or OKP on Ed25519")]
    Kind,
    /// An algorithm that we do not speak, that does not fit the key, or none where two fit.
    #[error("the key's algorithm (alg) must be RS256, PS256, ES256 or EdDSA and fit the key")]
    Algorithm,
    /// Meant for encryption.
    #[error("the key is not for signatures (use, key_ops)")]
    Use,
    /// It gives the private part away, or is a shared secret.
    #[error("the key holds private parts; it must be replaced, and only the public part sent")]
    Private,
    /// RSA below 2048 or above 8192 bits, a point off the curve, an exponent that protects nothing.
    #[error("the key is unsafe: RSA needs 2048 to 8192 bits, EC a point on its curve")]
    Unsafe,
    /// Its name is not the thumbprint it has to be.
    #[error("the key does not have the name it is stored under")]
    Name,
}

/// The numbers of a public key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256 { x: Vec<u8>, y: Vec<u8> },
    Ed25519 { x: Vec<u8> },
}

/// A public signature key as JSON: parsed once, then known to be safe to verify with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Raw", into = "Raw")]
pub struct PublicJwk {
    material: Material,
    algorithm: Option<Algorithm>,
    kid: Option<String>,
}

impl PublicJwk {
    /// Our own key: named by its thumbprint, for one algorithm.
    pub(super) fn own(material: Material, algorithm: Algorithm) -> Result<Self, KeyError> {
        let mut jwk = Self { material, algorithm: Some(algorithm), kid: None };
        jwk.check()?;
        jwk.kid = Some(jwk.thumbprint());
        Ok(jwk)
    }

    /// The key in a JSON value: of a key set, in which one key that we do not take must not spoil the others (RFC 7517 section 5).
    pub fn from_json(json: &serde_json::Value) -> Result<Self, KeyError> {
        Raw::deserialize(json).map_err(|_| KeyError::Malformed)?.try_into()
    }

    /// The algorithm that it is for, if it says so.
    pub fn algorithm(&self) -> Option<Algorithm> {
        self.algorithm
    }

    /// Its name.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The thumbprint (RFC 7638, SHA-256): the same for the same key, whatever it is called.
    pub fn thumbprint(&self) -> String {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        // Section 3.3: the required members in alphabetical order, without blanks.
        let json = match &self.material {
            Material::Rsa { n, e } => format!(r#"{{"e":"{}","kty":"RSA","n":"{}"}}"#, text(e), text(n)),
            Material::P256 { x, y } => format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, text(x), text(y)),
            Material::Ed25519 { x } => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, text(x)),
        };
        text(digest::digest(&digest::SHA256, json.as_bytes()).as_ref())
    }

    pub(super) fn material(&self) -> &Material {
        &self.material
    }

    /// Whether `algorithm` can use this key and the key does not object.
    pub(super) fn suits(&self, algorithm: Algorithm) -> bool {
        let possible = match self.material {
            Material::Rsa { .. } => matches!(algorithm, Algorithm::Rs256 | Algorithm::Ps256),
            Material::P256 { .. } => algorithm == Algorithm::Es256,
            Material::Ed25519 { .. } => algorithm == Algorithm::EdDsa,
        };
        possible && self.algorithm.is_none_or(|own| own == algorithm)
    }

    /// The one algorithm that a key of this kind can be for.
    pub(super) fn only_algorithm(&self) -> Option<Algorithm> {
        match self.material {
            Material::Rsa { .. } => None,
            Material::P256 { .. } => Some(Algorithm::Es256),
            Material::Ed25519 { .. } => Some(Algorithm::EdDsa),
        }
    }

    /// Asks the cryptographic library whether the numbers are a sound key.
    fn check(&self) -> Result<(), KeyError> {
        let sound = match &self.material {
            Material::Rsa { n, e } => {
                // RFC 7518 section 6.3.1.1: no leading zeros; so the first byte tells the bits.
                let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
                // The library parses keys with an even exponent (seen with 2); 1 would make every text its own signature.
                let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
                let plain = n.first() != Some(&0) && e.first() != Some(&0) && odd(n) && odd(e) && e.len() <= 4 && e.as_slice() != [1];
                plain
                    && (2048..=8192).contains(&bits)
                    && signature::RsaPublicKeyComponents { n, e }.to_parsed_public_key(&signature::RSA_PKCS1_2048_8192_SHA256).is_ok()
            }
            Material::P256 { x, y } => {
                let point = [&[4], x.as_slice(), y].concat();
                signature::UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point).parse().is_ok()
            }
            Material::Ed25519 { x } => signature::UnparsedPublicKey::new(&signature::ED25519, x).parse().is_ok(),
        };
        if !sound {
            Err(KeyError::Unsafe)
        } else if self.algorithm.is_some_and(|algorithm| !self.suits(algorithm)) {
            Err(KeyError::Algorithm)
        } else {
            Ok(())
        }
    }
}

/// A JWK as it is written. Of the private members only their presence is read.
#[derive(Default, Serialize, Deserialize)]
struct Raw {
    kty: String,
    #[serde(rename = "use", skip_serializing_if = "Option::is_none")]
    usage: Option<String>,
    #[serde(skip_serializing)]
    key_ops: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    alg: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    crv: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    x: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    y: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    n: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    e: Option<String>,
    #[serde(skip_serializing)]
    d: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    p: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    q: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    dp: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    dq: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    qi: Option<IgnoredAny>,
    #[serde(skip_serializing)]
    k: Option<IgnoredAny>,
}

impl TryFrom<Raw> for PublicJwk {
    type Error = KeyError;

    fn try_from(raw: Raw) -> Result<Self, KeyError> {
        if [&raw.d, &raw.p, &raw.q, &raw.dp, &raw.dq, &raw.qi, &raw.k].iter().any(|member| member.is_some()) {
            return Err(KeyError::Private);
        }
        if raw.usage.is_some_and(|usage| usage != "sig") || raw.key_ops.is_some_and(|operations| !operations.iter().any(|operation| operation == "verify")) {
            return Err(KeyError::Use);
        }
        let number = |text: Option<String>, length: Option<usize>| {
            // 8192 bits are 1,366 characters: nothing longer is decoded.
            let text = text.filter(|text| text.len() <= 1366).ok_or(KeyError::Malformed)?;
            let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| KeyError::Malformed)?;
            if length.is_none_or(|length| bytes.len() == length) { Ok(bytes) } else { Err(KeyError::Malformed) }
        };
        let material = match (raw.kty.as_str(), raw.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { n: number(raw.n, None)?, e: number(raw.e, None)? },
            ("EC", Some("P-256")) => Material::P256 { x: number(raw.x, Some(32))?, y: number(raw.y, Some(32))? },
            ("OKP", Some("Ed25519")) => Material::Ed25519 { x: number(raw.x, Some(32))? },
            _ => return Err(KeyError::Kind),
        };
        let algorithm = raw.alg.map(|alg| Algorithm::parse(&alg).ok_or(KeyError::Algorithm)).transpose()?;
        let jwk = Self { material, algorithm, kid: raw.kid };
        jwk.check()?;
        Ok(jwk)
    }
}

impl From<PublicJwk> for Raw {
    fn from(jwk: PublicJwk) -> Self {
        let text = |bytes: Vec<u8>| Some(URL_SAFE_NO_PAD.encode(bytes));
        let own = Self { usage: Some("sig".to_owned()), alg: jwk.algorithm.map(|alg| alg.to_string()), kid: jwk.kid, ..Self::default() };
        match jwk.material {
            Material::Rsa { n, e } => Self { kty: "RSA".to_owned(), n: text(n), e: text(e), ..own },
            Material::P256 { x, y } => Self { kty: "EC".to_owned(), crv: Some("P-256".to_owned()), x: text(x), y: text(y), ..own },
            Material::Ed25519 { x } => Self { kty: "OKP".to_owned(), crv: Some("Ed25519".to_owned()), x: text(x), ..own },
        }
    }
}
