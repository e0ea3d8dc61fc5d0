//! A request that waits for a person: its parameters are kept under a random id, and checked anew when it goes on.

use super::checks::{LONGEST_LOGIN_HINT, READ};
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::secret::random_token;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use crate::login::attempt;
use crate::oauth::parameters::Parameters;
use crate::work::Work;

/// Keeps a request; answers its id. Anybody may send one, so only what means something is kept: `checks` bound each of these.
pub async fn keep(work: &mut Work, client: ClientId, parameters: &Parameters) -> Result<String, Fault> {
    let id = random_token::<16>();
    let parameters = parameters.only(|name, value| READ.contains(&name) && (name != "login_hint" || value.len() <= LONGEST_LOGIN_HINT));
    execute!(
        work.tx,
        "INSERT INTO authorization_requests (id, client_id, parameters, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
        id.as_str(),
        client,
        serde_json::to_string(&parameters)?,
        work.now,
        work.now.plus(attempt::LIFE)
    )?;
    Ok(id)
}

/// The parameters of a kept request.
pub async fn find(tx: &mut Tx, id: &str, now: Timestamp) -> Result<Option<Parameters>, Fault> {
    let row = optional!(tx, (String,), "SELECT parameters FROM authorization_requests WHERE id = $1 AND expires_at > $2", id, now)?;
    row.map(|(parameters,)| Ok(serde_json::from_str(&parameters)?)).transpose()
}
