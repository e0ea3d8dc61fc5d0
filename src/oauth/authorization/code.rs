//! Authorization codes: single use, short-lived, bound to client, redirect URI and PKCE challenge.

use super::{ensure, find};
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AuthorizationId, ClientId, DeploymentId, UserId};
use crate::base::secret::{Secret, TokenHash, random_token};
use crate::base::time::Timestamp;
use crate::db::{Db, Tx, execute, optional};
use crate::login::session::Session;
use crate::oauth::authorize::AuthorizationRequest;
use crate::oauth::scope::Scope;
use crate::work::Work;
use std::time::Duration;

/// A code as stored; its text is only in the redirect.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Code {
    /// The authorization it hangs on.
    pub authorization_id: AuthorizationId,
    /// Whose it is.
    pub client_id: ClientId,
    /// Who signed in.
    pub user_id: UserId,
    /// In which session.
    pub session_id: String,
    /// Where it was sent.
    pub redirect_uri: String,
    /// Whether the request named the redirect URI; then the token request must.
    pub redirect_uri_given: bool,
    /// What was granted.
    pub scope: String,
    /// For which resource.
    pub resource: String,
    /// To be echoed in the ID token.
    pub nonce: Option<String>,
    /// S256 of the verifier.
    pub code_challenge: Option<String>,
    /// The claims that were asked for by name, as JSON.
    pub claims: Option<String>,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// How strongly.
    pub acr: String,
    /// How.
    pub amr: String,
    /// When it ends.
    pub expires_at: Timestamp,
    /// When it was redeemed.
    pub used_at: Option<Timestamp>,
}

/// What is known about a sign-in to an app before its code is written: read on a reader.
#[derive(Debug)]
pub struct Standing {
    authorization: Option<AuthorizationId>,
    entered: bool,
    fresh: bool,
}

impl Standing {
    /// Whether one INSERT is all that issuing needs.
    pub const fn is_settled(&self) -> bool {
        self.authorization.is_some() && self.entered && self.fresh
    }
}

fn owner<'a>(scope: &Scope, session: &'a Session) -> Option<&'a str> {
    // Offline access survives the sign-out, so it hangs on no session.
    if scope.has("offline_access") { None } else { Some(&session.id) }
}

/// Reads how this session stands to this client.
pub async fn standing(tx: &mut Tx, request: &AuthorizationRequest, session: &Session, now: Timestamp) -> Result<Standing, Fault> {
    let found = find(tx, session.user_id, request.client.id, owner(&request.scope, session)).await?;
    let authorization = found.filter(|(_, scope)| request.scope.is_within(scope)).map(|(id, _)| id);
    let entered =
        optional!(tx, (Timestamp,), "SELECT first_at FROM session_clients WHERE session_id = $1 AND client_id = $2", session.id.as_str(), request.client.id)?;
    // Sign-ins are noted for apps; a tool for many apps is none.
    let fresh = match request.client.deployment {
        None => true,
        Some(deployment) => optional!(tx, (Timestamp,), "SELECT last_at FROM sign_ins WHERE user_id = $1 AND deployment_id = $2", session.user_id, deployment)?
            .is_some_and(|(at,)| now.since(at) < Duration::from_mins(1)),
    };
    Ok(Standing { authorization, entered: entered.is_some(), fresh })
}

/// Issues a code when everything else is in place: one statement.
pub async fn issue_settled(
    db: &Db,
    request: &AuthorizationRequest,
    session: &Session,
    standing: &Standing,
    life: Duration,
    now: Timestamp,
) -> Result<Secret<String>, Fault> {
    let authorization = standing.authorization.ok_or_else(|| Fault::broken("a settled sign-in without authorization"))?;
    let code = random_token::<32>();
    let mut tx = db.write_once().await?;
    insert(&mut tx, &code, authorization, request, session, life, now).await?;
    tx.commit().await?;
    Ok(Secret::new(code))
}

/// Issues a code and whatever it stands on: the first visit of this session to this app.
pub async fn issue(work: &mut Work, request: &AuthorizationRequest, session: &Session, life: Duration) -> Result<Secret<String>, Fault> {
    let now = work.now;
    let authorization = ensure(work, session.user_id, request.client.id, owner(&request.scope, session), &request.scope).await?;
    let first = execute!(
        work.tx,
        "INSERT INTO session_clients (session_id, client_id, first_at) VALUES ($1, $2, $3) ON CONFLICT (session_id, client_id) DO NOTHING",
        session.id.as_str(),
        request.client.id,
        now
    )?;
    if let Some(deployment) = request.client.deployment {
        note_sign_in(&mut work.tx, session.user_id, deployment, now).await?;
    }
    if first == 1 {
        let place = request.placed.as_ref();
        let about = serde_json::json!({
            "client_id": request.client.client_id, "app": place.map(|placed| &placed.app.key), "stage": place.map(|placed| &placed.stage.key), "sid": session.id
        });
        work.record(Event::new(Kind::SignedIn, Subject::new("user", session.user_id)).after(&about)?).await?;
    }
    let code = random_token::<32>();
    insert(&mut work.tx, &code, authorization, request, session, life, now).await?;
    Ok(Secret::new(code))
}

async fn note_sign_in(tx: &mut Tx, user: UserId, deployment: DeploymentId, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO sign_ins (user_id, deployment_id, last_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id, deployment_id) DO UPDATE SET last_at = excluded.last_at",
        user,
        deployment,
        now
    )?;
    Ok(())
}

async fn insert(
    tx: &mut Tx,
    code: &str,
    authorization: AuthorizationId,
    request: &AuthorizationRequest,
    session: &Session,
    life: Duration,
    now: Timestamp,
) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO codes (hash, authorization_id, client_id, user_id, session_id, redirect_uri, redirect_uri_given, scope, resource, nonce,
         code_challenge, claims, auth_time, acr, amr, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        TokenHash::of(code),
        authorization,
        request.client.id,
        session.user_id,
        session.id.as_str(),
        request.redirect_uri.as_str(),
        request.redirect_uri_given,
        request.scope.to_string(),
        request.resource.as_str(),
        request.nonce.clone(),
        request.code_challenge.clone(),
        request.claims.named.to_stored(),
        session.authenticated_at,
        session.acr.as_str(),
        session.amr.as_str(),
        now,
        now.plus(life)
    )?;
    Ok(())
}

/// The code, used or not.
pub async fn find_code(tx: &mut Tx, code: &str) -> Result<Option<Code>, Fault> {
    Ok(optional!(
        tx,
        Code,
        "SELECT authorization_id, client_id, user_id, session_id, redirect_uri, redirect_uri_given, scope, resource, nonce, code_challenge,
         claims, auth_time, acr, amr, expires_at, used_at FROM codes WHERE hash = $1",
        TokenHash::of(code)
    )?)
}

/// Takes the code: of any number that try, one gets `true`.
pub async fn take(tx: &mut Tx, code: &str, now: Timestamp) -> Result<bool, Fault> {
    Ok(execute!(tx, "UPDATE codes SET used_at = $2 WHERE hash = $1 AND used_at IS NULL AND expires_at > $2", TokenHash::of(code), now)? == 1)
}
