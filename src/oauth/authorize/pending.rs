//! A request that waits for a person: its parameters are kept under a random id, and checked anew when it goes on.

use super::checks::{LONGEST_LOGIN_HINT, READ};
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::secret::random_token;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use crate::login::attempt;
use crate::login::throttle::{self, Limit, Slow, TakeError};
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use std::time::Duration;

/// The brake on requests counts anew every so often: an office that shares an address is not slowed down for a day.
const WINDOW: Duration = Duration::from_mins(10);

/// Why a request was not kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// Too many from there.
    #[error("too many sign-ins begin there: wait {} seconds", .0.wait.as_secs())]
    Slow(Slow),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<TakeError> for KeepError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::Slow(slow) => Self::Slow(slow),
            TakeError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Keeps a request; answers its id. Anybody may send one, so only what means something is kept: `checks` bound each of these. `most`: so many begin
/// from one place in ten minutes, the rest has to wait.
pub async fn keep(work: &mut Work, client: ClientId, parameters: &Parameters, most: u32) -> Result<String, KeepError> {
    let window = work.now.seconds().div_euclid(WINDOW.as_secs().cast_signed());
    let limit = Limit::new("sign-ins begun from", &format!("{}\n{window}", throttle::place(&work.origin)), most.into(), Duration::from_mins(1)).shared();
    throttle::take(work, &[limit]).await?;
    let id = random_token::<16>();
    let parameters = parameters.only(|name, value| READ.contains(&name) && (name != "login_hint" || value.len() <= LONGEST_LOGIN_HINT));
    execute!(
        work.tx,
        "INSERT INTO authorization_requests (id, client_id, parameters, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id.as_str(),
        client,
        serde_json::to_string(&parameters).map_err(Fault::from)?,
        work.now,
        work.now.plus(attempt::LIFE)
    )
    .map_err(Fault::from)?;
    Ok(id)
}

/// The parameters of a kept request.
pub async fn find(tx: &mut Tx, id: &str, now: Timestamp) -> Result<Option<Parameters>, Fault> {
    let row = optional!(tx, (String,), "SELECT parameters FROM authorization_requests WHERE id = $1 AND expires_at > $2", id, now)?;
    row.map(|(parameters,)| Ok(serde_json::from_str(&parameters)?)).transpose()
}
