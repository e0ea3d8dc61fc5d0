//! Authorizations: user x client x session (or none, for offline access), with the scopes consented. They own codes and
//! refresh families; ending one ends all of that at once.

pub mod code;
mod consent;
pub mod family;

pub use consent::{consented, give};

use crate::access::guard::{self, GuardError};
use crate::actor::{Actor, Denied};
use crate::base::fault::Fault;
use crate::base::id::{AuthorizationId, ClientId, UserId};
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::db::{Tx, execute, optional};
use crate::login::session::{self, Session};
use crate::oauth::scope::Scope;
use crate::work::{Changing, Work};

/// The live authorization, if there is one, with every scope that was consented so far.
pub(super) async fn find(tx: &mut Tx, user: UserId, client: ClientId, session: Option<&str>) -> Result<Option<(AuthorizationId, Scope)>, Fault> {
    let row = match session {
        Some(session) => optional!(
            tx,
            (AuthorizationId, String),
            "SELECT id, scope FROM authorizations WHERE user_id = $1 AND client_id = $2 AND session_id = $3 AND ended_at IS NULL",
            user,
            client,
            session
        )?,
        None => optional!(
            tx,
            (AuthorizationId, String),
            "SELECT id, scope FROM authorizations WHERE user_id = $1 AND client_id = $2 AND session_id IS NULL AND ended_at IS NULL",
            user,
            client
        )?,
    };
    Ok(row.map(|(id, scope)| (id, Scope::parse(&scope).unwrap_or_default())))
}

/// The live authorization, made when there is none, widened when `scope` is new to it. Two that make it at once get the same one.
pub(super) async fn ensure(work: &mut Work, user: UserId, client: ClientId, session: Option<&str>, scope: &Scope) -> Result<AuthorizationId, Fault> {
    execute!(
        work.tx,
        "INSERT INTO authorizations (id, user_id, client_id, session_id, scope, created_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
        AuthorizationId::fresh(),
        user,
        client,
        session,
        scope.to_string(),
        work.now
    )?;
    let found = find(&mut work.tx, user, client, session).await?;
    let (id, has) = found.ok_or_else(|| Fault::broken("an authorization that was just made is gone"))?;
    if !scope.is_within(&has) {
        execute!(work.tx, "UPDATE authorizations SET scope = $2 WHERE id = $1", id, has.with(scope).to_string())?;
    }
    Ok(id)
}

/// Ends an authorization with its refresh families: its tokens say inactive from the next request. Answers `false` when it
/// had ended before: of many that end it at once, one hears `true`.
pub(super) async fn end(work: &mut Work, id: AuthorizationId, because: &'static str) -> Result<bool, Fault> {
    let ended =
        execute!(work.tx, "UPDATE authorizations SET ended_at = $2, ended_because = $3 WHERE id = $1 AND ended_at IS NULL", id, work.now, because)? == 1;
    execute!(work.tx, "UPDATE refresh_families SET ended_at = $2, ended_because = $3 WHERE authorization_id = $1 AND ended_at IS NULL", id, work.now, because)?;
    execute!(work.tx, "DELETE FROM codes WHERE authorization_id = $1 AND used_at IS NULL", id)?;
    Ok(ended)
}

/// Signs a person out of one session: it ends with everything that hangs on it.
pub async fn sign_out(work: &mut Work, session: &Session, because: &'static str) -> Result<(), Fault> {
    if session::end(work, session, because).await? {
        end_of_session(work, &session.id, because).await?;
    }
    Ok(())
}

/// Why sessions could not be ended.
#[derive(Debug, thiserror::Error)]
pub enum EndError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Rule 3c.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Ends the session `sid` of a user, or all of them, with everything that hangs on each. People end their own; for others it needs
/// the right to manage users. What has ended before stays so.
pub async fn end_sessions(work: &mut Work, _: &Changing, user: UserId, sid: Option<&str>) -> Result<(), EndError> {
    let own = matches!(&work.actor, Actor::User { id, .. } if *id == user);
    if !own {
        work.require("users.manage", Reach::Organization)?;
        guard::not_stronger(work, user).await?;
    }
    let sids = match sid {
        Some(sid) => vec![sid.to_owned()],
        None => session::open_of(&mut work.tx, user).await?,
    };
    let because = if own { ELSEWHERE } else { "signed out by an administrator" };
    for sid in sids {
        end_session(work, user, &sid, because).await?;
    }
    Ok(())
}

/// Ends the actor's own session `sid` with everything that hangs on it. It needs no right, so none has to be read again.
pub async fn end_own_session(work: &mut Work, sid: &str) -> Result<(), Fault> {
    let Actor::User { id, .. } = &work.actor else { return Err(Fault::broken("only people sign out")) };
    let user = *id;
    end_session(work, user, sid, ELSEWHERE).await
}

/// What is kept of a session that its owner ended in another one.
const ELSEWHERE: &str = "signed out elsewhere";

async fn end_session(work: &mut Work, user: UserId, sid: &str, because: &'static str) -> Result<(), Fault> {
    match session::of_user(&mut work.tx, sid, user).await? {
        Some(session) => sign_out(work, &session, because).await,
        None => Ok(()),
    }
}

/// Ends everything that hangs on a session. Offline access survives the sign-out.
async fn end_of_session(work: &mut Work, session: &str, because: &'static str) -> Result<(), Fault> {
    execute!(
        work.tx,
        "UPDATE refresh_families SET ended_at = $2, ended_because = $3
         WHERE ended_at IS NULL AND authorization_id IN (SELECT id FROM authorizations WHERE session_id = $1)",
        session,
        work.now,
        because
    )?;
    execute!(work.tx, "UPDATE authorizations SET ended_at = $2, ended_because = $3 WHERE session_id = $1 AND ended_at IS NULL", session, work.now, because)?;
    execute!(work.tx, "DELETE FROM codes WHERE session_id = $1 AND used_at IS NULL", session)?;
    Ok(())
}

/// Ends every authorization of a user (rule 5): codes, refresh tokens, and requests in progress with them.
pub(crate) async fn end_all(work: &mut Work, user: UserId, because: &'static str) -> Result<(), Fault> {
    execute!(work.tx, "UPDATE authorizations SET ended_at = $2, ended_because = $3 WHERE user_id = $1 AND ended_at IS NULL", user, work.now, because)?;
    execute!(work.tx, "UPDATE refresh_families SET ended_at = $2, ended_because = $3 WHERE user_id = $1 AND ended_at IS NULL", user, work.now, because)?;
    execute!(work.tx, "DELETE FROM codes WHERE user_id = $1 AND used_at IS NULL", user)?;
    Ok(())
}

/// Ends what a user gave apps anywhere but in one session: offline access, codes, and sign-ins in progress. After a change of the
/// password, whoever knew the old one must not go on with what it opened.
pub(crate) async fn end_elsewhere(work: &mut Work, user: UserId, stays: &str, because: &'static str) -> Result<(), Fault> {
    execute!(
        work.tx,
        "UPDATE refresh_families SET ended_at = $3, ended_because = $4 WHERE ended_at IS NULL AND user_id = $1 AND authorization_id IN
         (SELECT id FROM authorizations WHERE user_id = $1 AND (session_id IS NULL OR session_id <> $2))",
        user,
        stays,
        work.now,
        because
    )?;
    execute!(
        work.tx,
        "UPDATE authorizations SET ended_at = $3, ended_because = $4 WHERE user_id = $1 AND ended_at IS NULL AND (session_id IS NULL OR session_id <> $2)",
        user,
        stays,
        work.now,
        because
    )?;
    execute!(work.tx, "DELETE FROM codes WHERE user_id = $1 AND session_id <> $2 AND used_at IS NULL", user, stays)?;
    execute!(work.tx, "DELETE FROM attempts WHERE user_id = $1 AND (session_id IS NULL OR session_id <> $2)", user, stays)?;
    Ok(())
}

/// Ends everything that a client holds in people's names (rule 5), and its requests that wait for a person with their attempts. A rehearsal does
/// not: there may be one for everybody, and nobody's access follows from them.
pub(super) async fn end_of_client(work: &mut Work, client: ClientId, because: &'static str) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
    execute!(work.tx, "UPDATE authorizations SET ended_at = $2, ended_because = $3 WHERE client_id = $1 AND ended_at IS NULL", client, work.now, because)?;
    execute!(work.tx, "UPDATE refresh_families SET ended_at = $2, ended_because = $3 WHERE client_id = $1 AND ended_at IS NULL", client, work.now, because)?;
    execute!(work.tx, "DELETE FROM codes WHERE client_id = $1 AND used_at IS NULL", client)?;
    execute!(work.tx, "DELETE FROM authorization_requests WHERE client_id = $1", client)?;
    Ok(())
}

/// Whether an authorization is alive.
pub(super) async fn is_alive(tx: &mut Tx, id: AuthorizationId) -> Result<bool, Fault> {
    Ok(optional!(tx, (AuthorizationId,), "SELECT id FROM authorizations WHERE id = $1 AND ended_at IS NULL", id)?.is_some())
}

/// Removes what nobody can use any more; answers how many rows.
pub async fn forget(tx: &mut Tx, now: Timestamp) -> Result<u64, Fault> {
    let day = std::time::Duration::from_hours(24);
    let codes = execute!(tx, "DELETE FROM codes WHERE expires_at < $1", now.minus(day))?;
    let requests = execute!(tx, "DELETE FROM authorization_requests WHERE expires_at < $1", now)?;
    let families = execute!(tx, "DELETE FROM refresh_families WHERE expires_at < $1", now.minus(day))?;
    let revoked = execute!(tx, "DELETE FROM revoked_tokens WHERE expires_at < $1", now)?;
    // An authorization that is gone is as good as one that has ended: its tokens are inactive.
    let authorizations = execute!(tx, "DELETE FROM authorizations WHERE ended_at < $1", now.minus(day * 30))?;
    Ok(codes + requests + families + revoked + authorizations)
}
