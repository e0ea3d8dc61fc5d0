//! Rule 2: one Administrator always remains.

use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::db::{Tx, one};
use crate::identity::user::{BUILT_IN, Status};
use crate::work::{Changing, Work};

/// The change would leave nobody who can administer the organization.
#[derive(Debug, thiserror::Error)]
pub enum RemainError {
    /// It would.
    #[error("this is the last Administrator: make somebody else Administrator first, without an end date")]
    LastAdministrator,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// How many active users with a proved address and a working way in hold Administrator directly, at the organization, now
/// and without end.
async fn count(tx: &mut Tx, now: Timestamp) -> Result<i64, Fault> {
    let (count,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT u.id) FROM organization_roles r
         JOIN organization_grants g ON g.role_id = r.id AND g.app_id IS NULL AND g.ends_at IS NULL AND (g.starts_at IS NULL OR g.starts_at <= $1)
         JOIN users u ON u.id = g.user_id AND u.status = $2 AND u.email_verified_at IS NOT NULL
         WHERE r.key = $3 AND r.built_in
         AND EXISTS (SELECT 1 FROM identities i WHERE i.user_id = u.id AND (i.issuer <> $4 OR i.password_hash IS NOT NULL))",
        now,
        Status::Active,
        super::role::ADMINISTRATOR,
        BUILT_IN
    )?;
    Ok(count)
}

/// Whether anybody administers the organization: until then it can be claimed (`lifecycle::setup`).
pub async fn exist(tx: &mut Tx, now: Timestamp) -> Result<bool, Fault> {
    Ok(count(tx, now).await? > 0)
}

/// Refuses when nobody is left. Asked after a change that takes something away, in the same work: `Err` undoes it.
/// The access lock makes the count right: no other change can run between it and the commit.
pub async fn one_remains(work: &mut Work, _: &Changing) -> Result<(), RemainError> {
    if count(&mut work.tx, work.now).await? == 0 { Err(RemainError::LastAdministrator) } else { Ok(()) }
}
