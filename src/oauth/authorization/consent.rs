//! Consent: what a person agreed that a third party's client may ask for. Remembered, and widened by asking again.

use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, UserId};
use crate::db::{Tx, execute, optional};
use crate::oauth::scope::Scope;
use crate::work::Work;

/// What the person agreed to so far.
pub async fn consented(tx: &mut Tx, user: UserId, client: ClientId) -> Result<Scope, Fault> {
    let row = optional!(tx, (String,), "SELECT scope FROM consents WHERE user_id = $1 AND client_id = $2", user, client)?;
    Ok(row.map(|(scope,)| Scope::parse(&scope).unwrap_or_default()).unwrap_or_default())
}

/// The person agrees to `scope` as well.
pub async fn give(work: &mut Work, user: UserId, client: ClientId, scope: &Scope) -> Result<(), Fault> {
    let all = consented(&mut work.tx, user, client).await?.with(scope);
    execute!(
        work.tx,
        "INSERT INTO consents (user_id, client_id, scope, granted_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (user_id, client_id) DO UPDATE SET scope = excluded.scope, granted_at = excluded.granted_at",
        user,
        client,
        all.to_string(),
        work.now
    )?;
    let after = serde_json::json!({ "client": client, "scope": all.to_string() });
    work.record(Event::new(Kind::Consented, Subject::new("user", user)).after(&after)?).await
}
