use crate::base::fault::Fault;
use crate::base::secret::TokenHash;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};

/// The row of `installation` that stands while somebody walks through the steps after the first Administrator.
const STEPS: &str = "setup_steps";

/// A claim link.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(super) struct Link {
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

pub(super) async fn by_hash(tx: &mut Tx, hash: &TokenHash) -> Result<Option<Link>, Fault> {
    Ok(optional!(tx, Link, "SELECT expires_at, used_at FROM claim_links WHERE hash = $1", hash.clone())?)
}

pub(super) async fn insert(tx: &mut Tx, hash: &TokenHash, now: Timestamp, expires_at: Timestamp) -> Result<(), Fault> {
    execute!(tx, "INSERT INTO claim_links (hash, created_at, expires_at) VALUES ($1, $2, $3)", hash.clone(), now, expires_at)?;
    Ok(())
}

/// Uses a link up. `false`: somebody else has, or it has expired.
pub(super) async fn take(tx: &mut Tx, hash: &TokenHash, now: Timestamp) -> Result<bool, Fault> {
    let rows = execute!(tx, "UPDATE claim_links SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2", hash.clone(), now)?;
    Ok(rows == 1)
}

/// Ends every link that was not used.
pub(super) async fn end_all(tx: &mut Tx, now: Timestamp) -> Result<(), Fault> {
    execute!(tx, "UPDATE claim_links SET expires_at = $1 WHERE used_at IS NULL AND expires_at > $1", now)?;
    Ok(())
}

pub(super) async fn forget(tx: &mut Tx, until: Timestamp) -> Result<u64, Fault> {
    Ok(execute!(tx, "DELETE FROM claim_links WHERE expires_at < $1", until)?)
}

pub(super) async fn are_steps_open(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(optional!(tx, (String,), "SELECT name FROM installation WHERE name = $1", STEPS)?.is_some())
}

pub(super) async fn open_steps(tx: &mut Tx) -> Result<(), Fault> {
    execute!(tx, "INSERT INTO installation (name, fact) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", STEPS, Vec::<u8>::new())?;
    Ok(())
}

pub(super) async fn close_steps(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(execute!(tx, "DELETE FROM installation WHERE name = $1", STEPS)? == 1)
}
