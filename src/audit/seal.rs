//! Sealing: each event gets its position in a chain of hashes, and the head of the chain is signed.
//!
//! Sealing is apart from the changes themselves: a head that every transaction updates would put all of them in one queue.

use super::{Head, hash};
use crate::base::fault::Fault;
use crate::base::id::{EventId, KeyId};
use crate::base::time::Timestamp;
use crate::crypto::jwt::{Algorithm, SigningKey};
use crate::crypto::seal::{Place, Sealer};
use crate::db::{Db, Tx, all, execute, optional};
use serde::{Deserialize, Serialize};

/// Events sealed in one transaction.
const BATCH: i64 = 500;

/// What one round of sealing did.
#[derive(Debug)]
pub struct Sealed {
    /// How many events were sealed.
    pub events: usize,
    /// The position of the head now.
    pub position: i64,
    /// The hash of the head now.
    pub hash: Vec<u8>,
    /// The time of the youngest event sealed in this round.
    pub newest: Timestamp,
}

impl Sealed {
    /// The head of the chain now.
    pub fn head(&self) -> Head {
        Head { position: self.position, hash: hex(&self.hash) }
    }
}

/// The signed content of a head.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct HeadClaims {
    pub(super) position: i64,
    pub(super) hash: String,
    pub(super) iat: i64,
}

pub(super) const HEAD_TYPE: &str = "audit-head+jwt";

pub(super) fn link(previous: &[u8], position: i64, digest: &[u8]) -> Vec<u8> {
    hash(&[b"gatehouse audit seal", previous, &position.to_be_bytes(), digest])
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Seals events that happened at `since` or later and have no seal yet, one batch. `None`: there were none.
///
/// Two nodes may try at once: the position is unique, so one of them fails and changes nothing.
pub async fn seal_pending(db: &Db, sealer: &Sealer, since: Timestamp, now: Timestamp) -> Result<Option<Sealed>, Fault> {
    let mut reader = db.read().await?;
    let waiting = unsealed(&mut reader, since, 1).await?;
    drop(reader);
    if waiting.is_empty() {
        return Ok(None);
    }
    let mut tx = db.write().await?;
    let key = audit_key(&mut tx, sealer, now).await?;
    let head = optional!(tx, (i64, Vec<u8>), "SELECT position, hash FROM audit_seals ORDER BY position DESC LIMIT 1")?;
    let (mut position, mut hash) = head.unwrap_or((0, Vec::new()));
    let events = unsealed(&mut tx, since, BATCH).await?;
    let Some(newest) = events.iter().map(|(_, _, at)| *at).max() else { return Ok(None) };
    for (id, digest, _) in &events {
        position += 1;
        hash = link(&hash, position, digest);
        execute!(tx, "INSERT INTO audit_seals (position, event_id, hash) VALUES ($1, $2, $3)", position, *id, hash.clone())?;
    }
    let claims = HeadClaims { position, hash: hex(&hash), iat: now.seconds() };
    let signature = key.sign(HEAD_TYPE, &claims)?;
    execute!(tx, "INSERT INTO audit_heads (position, hash, signed_at, signature) VALUES ($1, $2, $3, $4)", position, hash.clone(), now, signature)?;
    // Only the newest heads are needed to notice a shortened chain.
    execute!(tx, "DELETE FROM audit_heads WHERE position < $1", position - 10_000)?;
    tx.commit().await?;
    Ok(Some(Sealed { events: events.len(), position, hash, newest }))
}

async fn unsealed(tx: &mut Tx, since: Timestamp, limit: i64) -> Result<Vec<(EventId, Vec<u8>, Timestamp)>, Fault> {
    Ok(all!(
        tx,
        (EventId, Vec<u8>, Timestamp),
        "SELECT e.id, e.digest, e.at FROM audit_events e LEFT JOIN audit_seals s ON s.event_id = e.id
         WHERE e.at >= $1 AND s.event_id IS NULL ORDER BY e.at, e.id LIMIT $2",
        since,
        limit
    )?)
}

fn place(id: KeyId) -> Place {
    Place::row("audit_keys", "private_sealed", id.uuid())
}

/// The key that signs heads; made when there is none.
async fn audit_key(tx: &mut Tx, sealer: &Sealer, now: Timestamp) -> Result<SigningKey, Fault> {
    let row = optional!(tx, (KeyId, String, Vec<u8>), "SELECT id, kid, private_sealed FROM audit_keys ORDER BY created_at DESC LIMIT 1")?;
    if let Some((id, kid, sealed)) = row {
        let private = sealer.open(&place(id), &sealed).map_err(|error| Fault::new("open the audit key", error))?;
        return SigningKey::from_pkcs8(Algorithm::EdDsa, &kid, private.expose()).map_err(|error| Fault::new("use the audit key", error));
    }
    let key = SigningKey::generate(Algorithm::EdDsa)?;
    let id = KeyId::fresh();
    execute!(
        tx,
        "INSERT INTO audit_keys (id, kid, public_jwk, private_sealed, created_at) VALUES ($1, $2, $3, $4, $5)",
        id,
        key.kid(),
        serde_json::to_string(&key.public_jwk())?,
        sealer.seal(&place(id), key.to_pkcs8()?.expose()),
        now
    )?;
    Ok(key)
}
