//! An attempt: a sign-in in progress. Reachable only through its cookie, never through an id in a URL, so that what was
//! begun in one browser cannot be finished in another.

use super::session::Context;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::secret::{Secret, TokenHash, random_token};
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use crate::work::Work;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How long a person has to sign in.
pub const LIFE: Duration = Duration::from_hours(1);

/// The name of the attempt's cookie, before any prefix.
pub const COOKIE: &str = "attempt";

/// What was reached in an attempt.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct State {
    /// The person proved who they are within this attempt (`prompt=login` asks for it).
    pub authenticated: bool,
    /// The person agreed within this attempt (`prompt=consent` asks for it).
    pub consented: bool,
}

/// A sign-in in progress.
#[derive(Clone, Debug)]
pub struct Attempt {
    hash: TokenHash,
    /// The authorization request that waits.
    pub request_id: String,
    /// The session it reached.
    pub session_id: Option<String>,
    /// What was reached.
    pub state: State,
}

/// Begins an attempt for a stored request; answers the cookie's value.
pub async fn begin(work: &mut Work, request_id: &str, context: &Context) -> Result<Secret<String>, Fault> {
    let secret = random_token::<32>();
    execute!(
        work.tx,
        "INSERT INTO attempts (secret_hash, request_id, context, state, created_at, expires_at) VALUES ($1, $2, $3, '{}', $4, $5)",
        TokenHash::of(&secret),
        request_id,
        context.word(),
        work.now,
        work.now.plus(LIFE)
    )?;
    Ok(Secret::new(secret))
}

/// The open attempt behind a cookie's value.
pub async fn find(tx: &mut Tx, secret: &str, now: Timestamp) -> Result<Option<Attempt>, Fault> {
    let hash = TokenHash::of(secret);
    let row = optional!(
        tx,
        (String, Option<String>, String),
        "SELECT request_id, session_id, state FROM attempts WHERE secret_hash = $1 AND completed_at IS NULL AND expires_at > $2 AND request_id IS NOT NULL",
        hash.clone(),
        now
    )?;
    row.map(|(request_id, session_id, state)| Ok(Attempt { hash, request_id, session_id, state: serde_json::from_str(&state)? })).transpose()
}

/// Notes what was reached.
pub async fn advance(work: &mut Work, attempt: &Attempt, user: UserId, session: &str, state: &State) -> Result<(), Fault> {
    execute!(
        work.tx,
        "UPDATE attempts SET user_id = $2, session_id = $3, state = $4 WHERE secret_hash = $1 AND completed_at IS NULL",
        attempt.hash.clone(),
        user,
        session,
        serde_json::to_string(state)?
    )?;
    Ok(())
}

/// Completes an attempt. Only the first completion counts: `false` means that another one came before.
pub async fn complete(work: &mut Work, attempt: &Attempt) -> Result<bool, Fault> {
    Ok(execute!(work.tx, "UPDATE attempts SET completed_at = $2 WHERE secret_hash = $1 AND completed_at IS NULL", attempt.hash.clone(), work.now)? == 1)
}

/// Removes the attempts that a user is signing in with.
pub(crate) async fn end_all(work: &mut Work, user: UserId) -> Result<(), Fault> {
    execute!(work.tx, "DELETE FROM attempts WHERE user_id = $1", user)?;
    Ok(())
}

/// Removes attempts that nobody can go on with.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    Ok(execute!(tx, "DELETE FROM attempts WHERE expires_at < $1", now)?)
}
