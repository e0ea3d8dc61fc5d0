//! Signing keys: published before use, kept after, parsed once, sealed at rest, rotated by command.
//!
//! For each algorithm the youngest key whose time has come signs. A key that a younger one replaced stays published until
//! nothing it signed is alive, and then 180 days unpublished for `id_token_hint`. A compromised key is gone everywhere at once.

mod chest;
mod store;

pub use chest::{Keyring, Keys};

use crate::access::change::configuration_changed;
use crate::actor::Actor;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::KeyId;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{Algorithm, SigningKey};
use crate::crypto::seal::Place;
use crate::work::{Ground, Origin, Work};
use std::time::Duration;

/// The algorithms that sign here: RS256 for ID tokens, ES256 for access tokens and for clients that registered it.
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::Rs256, Algorithm::Es256];

/// How long a replaced key stays published: longer than anything it signed lives, and than anybody keeps the key set.
const PUBLISHED_AFTER: Duration = Duration::from_hours(48);
/// How long it is good for hints after that.
const HINTS_AFTER: Duration = Duration::from_hours(4320);

/// How far the clocks of nodes may differ: a key that signs at once must do so on every node.
const CLOCKS_DIFFER: Duration = Duration::from_secs(5);

/// Why keys could not be rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// Not allowed (rule 3d).
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such key.
    #[error("there is no key {0:?} that could be withdrawn")]
    Unknown(String),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a rotation did.
#[derive(Debug)]
pub struct Rotated {
    /// The new keys: algorithm, `kid`, and from when they sign.
    pub made: Vec<(Algorithm, String, Timestamp)>,
}

/// Makes keys outside any transaction: RSA takes its time.
pub async fn generate(algorithms: Vec<Algorithm>) -> Result<Vec<SigningKey>, Fault> {
    tokio::task::spawn_blocking(move || algorithms.into_iter().map(SigningKey::generate).collect())
        .await
        .map_err(|error| Fault::new("make a signing key", error))?
}

/// Makes the first keys, if there are none. Beside the listener: discovery does not wait for it. Two nodes that start at the
/// same moment make one set: the row lock of the configuration counter lets one of them see the other's.
pub async fn ensure_first(ground: &Ground) -> Result<(), Fault> {
    let mut tx = ground.db.read().await?;
    let missing: Vec<Algorithm> = missing(&store::rows(&mut tx).await?);
    drop(tx);
    if missing.is_empty() {
        return Ok(());
    }
    let keys = generate(missing).await?;
    let actor = Actor::System { label: "start" };
    ground
        .work(&actor, &Origin::default(), async |work| {
            configuration_changed(work).await?;
            let absent = self::missing(&store::rows(&mut work.tx).await?);
            for key in keys.iter().filter(|key| absent.contains(&key.algorithm())) {
                insert(work, key, work.now.minus(CLOCKS_DIFFER)).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
}

fn missing(rows: &[store::Row]) -> Vec<Algorithm> {
    ALGORITHMS.into_iter().filter(|algorithm| !rows.iter().any(|row| row.algorithm == *algorithm && !row.compromised)).collect()
}

/// Rotates: the new keys are published now and sign after `publish_ahead`, or at once when a compromised key is withdrawn.
/// `keys` was made before, one for each algorithm that rotates.
pub async fn rotate(work: &mut Work, keys: &[SigningKey], publish_ahead: Duration, compromised: Option<&str>) -> Result<Rotated, RotateError> {
    work.require_all()?;
    configuration_changed(work).await?;
    let mut signs_from = work.now.plus(publish_ahead);
    if let Some(kid) = compromised {
        if !store::withdraw(&mut work.tx, kid, work.now).await? {
            return Err(RotateError::Unknown(kid.to_owned()));
        }
        signs_from = work.now.minus(CLOCKS_DIFFER);
        let at = |at: Option<Timestamp>| serde_json::json!({ "kid": kid, "compromised_at": at });
        let event = Event::new(Kind::KeyCompromised, Subject::new("key", kid)).before(&at(None))?.after(&at(Some(work.now)))?;
        work.record(event).await?;
    }
    let mut made = Vec::new();
    for key in keys {
        insert(work, key, signs_from).await?;
        made.push((key.algorithm(), key.kid().to_owned(), signs_from));
    }
    Ok(Rotated { made })
}

/// The algorithm of a key that can be withdrawn.
pub async fn algorithm_of(ground: &Ground, kid: &str) -> Result<Option<Algorithm>, Fault> {
    let mut tx = ground.db.read().await?;
    Ok(store::rows(&mut tx).await?.into_iter().find(|row| row.kid == kid && !row.compromised).map(|row| row.algorithm))
}

async fn insert(work: &mut Work, key: &SigningKey, signs_from: Timestamp) -> Result<(), Fault> {
    let id = KeyId::fresh();
    let sealed = work.sealer.seal(&place(id), key.to_pkcs8()?.expose());
    store::insert(&mut work.tx, id, key, &sealed, work.now, signs_from).await?;
    let about = serde_json::json!({ "kid": key.kid(), "alg": key.algorithm(), "signs_from": signs_from });
    work.record(Event::new(Kind::KeyCreated, Subject::new("key", key.kid())).after(&about)?).await
}

fn place(id: KeyId) -> Place {
    Place::row("signing_keys", "private_sealed", id.uuid())
}
