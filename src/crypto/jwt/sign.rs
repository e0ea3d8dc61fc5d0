//! Our own signing keys: parsed once, kept in memory, used for every token (a parse costs half as much as an RSA signature).

use super::key::{Algorithm, KeyError, Material, PublicJwk};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use std::fmt;

enum Pair {
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// A key that signs our tokens, for one algorithm, named by the thumbprint of its public part.
pub struct SigningKey {
    pair: Pair,
    algorithm: Algorithm,
    public: PublicJwk,
    kid: String,
}

/// The header of what we sign.
#[derive(Serialize)]
struct Header<'a> {
    alg: Algorithm,
    kid: &'a str,
    typ: &'a str,
}

impl SigningKey {
    /// A new random key. RSA takes some 70 ms of computing: not on a request thread.
    pub fn generate(algorithm: Algorithm) -> Result<Self, Fault> {
        let fault = |error: aws_lc_rs::error::Unspecified| Fault::new("make a signing key", error);
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).map_err(fault)?, padding(algorithm)),
            Algorithm::Es256 => Pair::P256(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map_err(fault)?),
            Algorithm::EdDsa => Pair::Ed25519(Ed25519KeyPair::generate().map_err(fault)?),
        };
        Self::with(pair, algorithm).map_err(|error| Fault::new("make a signing key", error))
    }

    /// Parses the private key that `to_pkcs8` gave, stored under the name `kid`. Refuses another key under that name.
    pub fn from_pkcs8(algorithm: Algorithm, kid: &str, pkcs8: &[u8]) -> Result<Self, KeyError> {
        let pair = match algorithm {
            Algorithm::Rs256 | Algorithm::Ps256 => Pair::Rsa(RsaKeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Malformed)?, padding(algorithm)),
            Algorithm::Es256 => Pair::P256(EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8).map_err(|_| KeyError::Malformed)?),
            Algorithm::EdDsa => Pair::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| KeyError::Malformed)?),
        };
        let key = Self::with(pair, algorithm)?;
        if key.kid == kid { Ok(key) } else { Err(KeyError::Name) }
    }

    fn with(pair: Pair, algorithm: Algorithm) -> Result<Self, KeyError> {
        let material = match &pair {
            Pair::Rsa(pair, _) => {
                let numbers = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                Material::Rsa { n: numbers.n, e: numbers.e }
            }
            // The uncompressed point: 4, x, y (SEC 1 section 2.3.3).
            Pair::P256(pair) => match pair.public_key().as_ref() {
                [4, point @ ..] if point.len() == 64 => Material::P256 { x: point[..32].to_vec(), y: point[32..].to_vec() },
                _ => return Err(KeyError::Malformed),
            },
            Pair::Ed25519(pair) => Material::Ed25519 { x: pair.public_key().as_ref().to_vec() },
        };
        let public = PublicJwk::own(material, algorithm)?;
        let kid = public.thumbprint();
        Ok(Self { pair, algorithm, public, kid })
    }

    /// The private key as PKCS #8 (RFC 5208), to be sealed and stored.
    pub fn to_pkcs8(&self) -> Result<Secret<Vec<u8>>, Fault> {
        let fault = |error| Fault::new("write a signing key", error);
        Ok(Secret::new(match &self.pair {
            Pair::Rsa(pair, _) => AsDer::<Pkcs8V1Der<'static>>::as_der(pair).map_err(fault)?.as_ref().to_vec(),
            Pair::P256(pair) => pair.to_pkcs8v1().map_err(fault)?.as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.to_pkcs8v1().map_err(fault)?.as_ref().to_vec(),
        }))
    }

    /// Its algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its name: the RFC 7638 thumbprint of the public part.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public part, as we publish it.
    pub fn public_jwk(&self) -> PublicJwk {
        self.public.clone()
    }

    /// The claims as a signed token of this `typ`: compact JWS (RFC 7515 section 7.1). RSA takes a third of a millisecond, the others far less.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, Fault> {
        let mut token = String::with_capacity(1024);
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(&Header { alg: self.algorithm, kid: &self.kid, typ })?, &mut token);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(serde_json::to_vec(claims)?, &mut token);
        let signature = self.signature(token.as_bytes()).map_err(|error| Fault::new("sign a token", error))?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }

    pub(super) fn signature(&self, message: &[u8]) -> Result<Vec<u8>, aws_lc_rs::error::Unspecified> {
        match &self.pair {
            Pair::Rsa(pair, padding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*padding, &SystemRandom::new(), message, &mut signature)?;
                Ok(signature)
            }
            Pair::P256(pair) => Ok(pair.sign(&SystemRandom::new(), message)?.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
        }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("algorithm", &self.algorithm).field("kid", &self.kid).finish_non_exhaustive()
    }
}

fn padding(algorithm: Algorithm) -> &'static dyn RsaEncoding {
    if algorithm == Algorithm::Ps256 { &RSA_PSS_SHA256 } else { &RSA_PKCS1_SHA256 }
}
