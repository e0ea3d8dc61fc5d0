//! Verifying: finds what was changed, removed, put in between or cut off.

use super::seal::{HEAD_TYPE, HeadClaims, hex, link};
use super::{Payload, Row, payload_digest};
use crate::base::fault::Fault;
use crate::base::id::EventId;
use crate::base::secret::equal;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Expiry, PublicJwk, Rules, Type, VerifyingKey};
use crate::db::{Tx, all, one, optional};
use std::fmt;
use std::str::FromStr;

/// Seals read at once.
const PAGE: i64 = 1_000;

/// A position in the chain and its hash, written `position:hex`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The position, from 1.
    pub position: i64,
    /// The hash there, in hexadecimal.
    pub hash: String,
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.position, self.hash)
    }
}

impl FromStr for Head {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (position, hash) = text.split_once(':').ok_or("a head looks like 42:9f86d0...")?;
        let position = position.parse().map_err(|_| "the position before the colon must be a number")?;
        if hash.len() != 64 || !hash.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err("the hash after the colon must have 64 hexadecimal digits".into());
        }
        Ok(Self { position, hash: hash.to_ascii_lowercase() })
    }
}

/// Something that is not as it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// An event's content differs from what was sealed.
    #[error("the event {0} was changed")]
    Changed(EventId),
    /// An event that was sealed is gone.
    #[error("the event at position {0} was removed")]
    Removed(i64),
    /// A position is missing.
    #[error("the seal at position {0} is missing")]
    Missing(i64),
    /// A seal does not follow from the one before it.
    #[error("the chain is broken at position {0}")]
    Broken(i64),
    /// The chain is shorter than a head that was signed or given.
    #[error("the chain ends at position {has}, but position {known} is known to have existed")]
    Truncated {
        /// Where it ends.
        has: i64,
        /// What is known.
        known: i64,
    },
    /// The chain has another hash at a position than a head that was signed or given.
    #[error("the chain at position {0} is not the one that was signed or given")]
    OtherChain(i64),
    /// A head's signature is not ours.
    #[error("the signature of the head at position {0} is wrong")]
    Forged(i64),
}

/// What verification found.
#[derive(Debug)]
pub struct Report {
    /// Events in the chain.
    pub sealed: i64,
    /// Events that are not sealed yet (the last second's).
    pub unsealed: i64,
    /// Events whose payload was erased; the chain still covers them.
    pub erased: i64,
    /// The head of the chain; `None` when it is empty.
    pub head: Option<Head>,
    /// What is wrong, at most 100.
    pub problems: Vec<Problem>,
}

#[derive(sqlx::FromRow)]
struct Seal {
    position: i64,
    event_id: EventId,
    hash: Vec<u8>,
}

/// Walks the whole chain. `known` is a head from outside (a log, a letter to oneself): the only way to notice that
/// somebody who could write the whole database also shortened the chain and its heads.
pub async fn verify(tx: &mut Tx, known: Option<&Head>) -> Result<Report, Fault> {
    let mut report = Report { sealed: 0, unsealed: 0, erased: 0, head: None, problems: Vec::new() };
    // Read before the walk: a chain that goes on growing meanwhile never ends before it.
    let signed = newest_signed(tx).await?;
    let (mut position, mut previous) = (0, Vec::new());
    let mut known_hash = None;
    loop {
        let seals = all!(tx, Seal, "SELECT position, event_id, hash FROM audit_seals WHERE position > $1 ORDER BY position LIMIT $2", position, PAGE)?;
        let Some(last) = seals.last().map(|seal| seal.position) else { break };
        let rows = all!(
            tx,
            Row,
            "SELECT e.id, e.at, e.kind, e.actor_kind, e.actor_id, e.subject_kind, e.subject_id, e.request_id, e.payload, e.salt, e.payload_digest, e.digest
             FROM audit_seals s JOIN audit_events e ON e.id = s.event_id WHERE s.position > $1 AND s.position <= $2",
            position,
            last
        )?;
        let mut events: std::collections::HashMap<EventId, Row> = rows.into_iter().map(|row| (row.id, row)).collect();
        for seal in seals {
            position += 1;
            if seal.position != position {
                report.problems.push(Problem::Missing(position));
                position = seal.position;
            }
            let digest = match events.remove(&seal.event_id) {
                None => {
                    report.problems.push(Problem::Removed(position));
                    None
                }
                Some(event) => {
                    if !is_intact(&event, &mut report.erased) {
                        report.problems.push(Problem::Changed(event.id));
                    }
                    Some(event.digest)
                }
            };
            if digest.is_some_and(|digest| !equal(&link(&previous, position, &digest), &seal.hash)) {
                report.problems.push(Problem::Broken(position));
            }
            if known.is_some_and(|known| known.position == position) {
                known_hash = Some(hex(&seal.hash));
            }
            report.sealed += 1;
            previous = seal.hash;
            if report.problems.len() >= 100 {
                return Ok(report);
            }
        }
    }
    report.head = (position > 0).then(|| Head { position, hash: hex(&previous) });
    if let Some(known) = known {
        match known_hash {
            None => report.problems.push(Problem::Truncated { has: position, known: known.position }),
            Some(hash) if hash != known.hash => report.problems.push(Problem::OtherChain(known.position)),
            Some(_) => {}
        }
    }
    check_signed_head(tx, signed, position, &mut report.problems).await?;
    (report.unsealed,) = one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events e LEFT JOIN audit_seals s ON s.event_id = e.id WHERE s.event_id IS NULL")?;
    Ok(report)
}

fn is_intact(event: &Row, erased: &mut i64) -> bool {
    let payload = if let (Some(salt), Some(payload)) = (&event.salt, &event.payload) {
        equal(&payload_digest(salt, payload), &event.payload_digest) && is_found_by_its_request(event, payload)
    } else {
        // Erased is both; half of it is no erasure.
        let erased_whole = event.salt.is_none() && event.payload.is_none();
        *erased += i64::from(erased_whole);
        erased_whole
    };
    payload && equal(&event.digest(), &event.digest)
}

/// The column beside the payload is a copy: somebody who changes it hides the event from a search. Older events have none.
fn is_found_by_its_request(event: &Row, payload: &str) -> bool {
    let Some(column) = &event.request_id else { return true };
    serde_json::from_str::<Payload>(payload).is_ok_and(|payload| payload.request_id.as_ref() == Some(column))
}

/// The newest signed head: its position and signature.
async fn newest_signed(tx: &mut Tx) -> Result<Option<(i64, String)>, Fault> {
    Ok(optional!(tx, (i64, String), "SELECT position, signature FROM audit_heads ORDER BY position DESC LIMIT 1")?)
}

/// The newest signed head must be ours and on this chain.
async fn check_signed_head(tx: &mut Tx, signed: Option<(i64, String)>, end: i64, problems: &mut Vec<Problem>) -> Result<(), Fault> {
    let Some((position, signature)) = signed else {
        // The chain may have begun during the walk; then there is a head now.
        if end > 0 && newest_signed(tx).await?.is_none() {
            problems.push(Problem::Forged(end));
        }
        return Ok(());
    };
    let mut keys = Vec::new();
    for (jwk,) in all!(tx, (String,), "SELECT public_jwk FROM audit_keys")? {
        let jwk: PublicJwk = serde_json::from_str(&jwk)?;
        keys.push(VerifyingKey::from_jwk(&jwk).map_err(|error| Fault::new("read the audit key", error))?);
    }
    let rules = Rules {
        typ: Type::Is(HEAD_TYPE),
        issuer: None,
        audience: None,
        expiry: Expiry::Ignored,
        now: Timestamp::from_seconds(0),
        leeway: std::time::Duration::ZERO,
    };
    let Ok(claims) = jwt::verify::<HeadClaims>(&signature, &keys, &rules) else {
        problems.push(Problem::Forged(position));
        return Ok(());
    };
    if claims.position != position {
        problems.push(Problem::Forged(position));
    } else if position > end {
        problems.push(Problem::Truncated { has: end, known: position });
    } else {
        let at = optional!(tx, (Vec<u8>,), "SELECT hash FROM audit_seals WHERE position = $1", position)?;
        if at.is_none_or(|(hash,)| hex(&hash) != claims.hash) {
            problems.push(Problem::OtherChain(position));
        }
    }
    Ok(())
}
