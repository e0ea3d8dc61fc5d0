//! The keys in memory: opened and parsed once for each change of the configuration counter.

use super::{HINTS_AFTER, PUBLISHED_AFTER, place, store};
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{Algorithm, PublicJwk, SigningKey, VerifyingKey};
use crate::crypto::seal::Sealer;
use crate::db::Tx;
use std::sync::{Arc, RwLock};
use std::time::Duration;

/// One key in memory.
#[derive(Debug)]
struct Key {
    algorithm: Algorithm,
    signing: SigningKey,
    public: PublicJwk,
    verifying: VerifyingKey,
    signs_from: Timestamp,
    /// When a younger key took over; `None`: none has been made.
    replaced_at: Option<Timestamp>,
}

impl Key {
    fn is_good_for(&self, after: Duration, now: Timestamp) -> bool {
        self.replaced_at.is_none_or(|at| now < at.plus(after))
    }
}

/// The keys at one value of the configuration counter, youngest first. Compromised ones are not among them.
#[derive(Debug)]
pub struct Keyring {
    keys: Vec<Key>,
}

impl Keyring {
    /// The key that signs with this algorithm now.
    pub fn signer(&self, algorithm: Algorithm, now: Timestamp) -> Option<&SigningKey> {
        self.keys.iter().find(|key| key.algorithm == algorithm && key.signs_from <= now).map(|key| &key.signing)
    }

    /// The public keys that apps must know: those that will sign, sign, or signed what may be alive.
    pub fn published(&self, now: Timestamp) -> Vec<&PublicJwk> {
        self.keys.iter().filter(|key| key.is_good_for(PUBLISHED_AFTER, now)).map(|key| &key.public).collect()
    }

    /// The keys against which our own access tokens are verified.
    pub fn verifying(&self, now: Timestamp) -> Vec<VerifyingKey> {
        self.keys.iter().filter(|key| key.is_good_for(PUBLISHED_AFTER, now)).map(|key| key.verifying.clone()).collect()
    }

    /// The keys against which `id_token_hint` is verified.
    pub fn verifying_hints(&self, now: Timestamp) -> Vec<VerifyingKey> {
        self.keys.iter().filter(|key| key.is_good_for(HINTS_AFTER, now)).map(|key| key.verifying.clone()).collect()
    }

    /// Whether every algorithm has a key that signs now.
    pub fn is_ready(&self, now: Timestamp) -> bool {
        super::ALGORITHMS.into_iter().all(|algorithm| self.signer(algorithm, now).is_some())
    }
}

/// The keys of this process.
#[derive(Debug, Default)]
pub struct Keys {
    kept: RwLock<Option<(i64, Arc<Keyring>)>>,
}

impl Keys {
    /// The keys at this value of the configuration counter.
    pub async fn ring(&self, tx: &mut Tx, sealer: &Sealer, counter: i64) -> Result<Arc<Keyring>, Fault> {
        let kept = self.kept.read().ok().and_then(|kept| kept.clone());
        if let Some((at, ring)) = kept
            && at == counter
        {
            return Ok(ring);
        }
        let mut keys: Vec<Key> = Vec::new();
        for row in store::rows(tx).await?.into_iter().filter(|row| !row.compromised) {
            let private = sealer.open(&place(row.id), &row.private_sealed).map_err(|error| Fault::new("open a signing key", error))?;
            let broken = |error| Fault::new("read a signing key", error);
            let public: PublicJwk = serde_json::from_str(&row.public_jwk)?;
            keys.push(Key {
                algorithm: row.algorithm,
                signing: SigningKey::from_pkcs8(row.algorithm, &row.kid, private.expose()).map_err(broken)?,
                verifying: VerifyingKey::from_jwk(&public).map_err(broken)?,
                public,
                signs_from: row.signs_from,
                // Rows come youngest first: the one seen last of this algorithm is the next younger.
                replaced_at: keys.iter().rev().find(|younger| younger.algorithm == row.algorithm).map(|younger| younger.signs_from),
            });
        }
        let ring = Arc::new(Keyring { keys });
        if let Ok(mut kept) = self.kept.write() {
            *kept = Some((counter, ring.clone()));
        }
        Ok(ring)
    }
}
