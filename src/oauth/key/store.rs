use crate::base::fault::Fault;
use crate::base::id::KeyId;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{Algorithm, SigningKey};
use crate::db::{Tx, all, execute};

#[derive(Clone, sqlx::FromRow)]
pub(super) struct Row {
    pub id: KeyId,
    pub kid: String,
    pub algorithm: Algorithm,
    pub public_jwk: String,
    pub private_sealed: Vec<u8>,
    pub signs_from: Timestamp,
    pub compromised: bool,
}

/// Every key, the one that signs last first.
pub(super) async fn rows(tx: &mut Tx) -> Result<Vec<Row>, Fault> {
    Ok(all!(
        tx,
        Row,
        "SELECT id, kid, algorithm, public_jwk, private_sealed, signs_from, compromised FROM signing_keys ORDER BY signs_from DESC, created_at DESC, id DESC"
    )?)
}

pub(super) async fn insert(tx: &mut Tx, id: KeyId, key: &SigningKey, sealed: &[u8], now: Timestamp, signs_from: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO signing_keys (id, kid, algorithm, public_jwk, private_sealed, created_at, signs_from, compromised)
         VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE)",
        id,
        key.kid(),
        key.algorithm(),
        serde_json::to_string(&key.public_jwk())?,
        sealed.to_vec(),
        now,
        signs_from
    )?;
    Ok(())
}

/// Withdraws a key; answers whether it was there and not withdrawn before.
pub(super) async fn withdraw(tx: &mut Tx, kid: &str, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(tx, "UPDATE signing_keys SET compromised = TRUE, retired_at = $2 WHERE kid = $1 AND NOT compromised", kid, now)? == 1)
}
