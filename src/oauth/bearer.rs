//! Our own access tokens, when they come back (RFC 6750). A signature alone is not enough: the user, the session, the client and the
//! authorization are looked at again with every request, and access is computed anew.

use super::authorization::{self, family};
use super::claims::{Access, Claims, Named};
use super::client::{self, Client};
use super::error::{Code, OAuthError};
use super::key::Keyring;
use super::provider::Provider;
use super::scope::Scope;
use crate::access::load::Snapshot;
use crate::base::fault::Fault;
use crate::base::id::{AuthorizationId, UserId};
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Expiry, Rules, Type};
use crate::db::{Tx, execute, optional};
use crate::identity::user::{self, User};
use crate::login::session;
use crate::work::Ground;
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// Why a bearer token was refused.
#[derive(Debug, thiserror::Error)]
pub enum BearerError {
    /// What the caller is told.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Refuses a token.
pub(super) fn invalid(description: impl Into<String>) -> BearerError {
    OAuthError::new(Code::InvalidToken, description).into()
}

/// What an access token of ours says.
#[derive(Debug, Deserialize)]
pub(super) struct AccessToken {
    pub sub: String,
    pub aud: String,
    pub jti: String,
    pub client_id: String,
    pub scope: String,
    pub iat: i64,
    pub exp: i64,
    pub azid: Option<AuthorizationId>,
    pub sid: Option<String>,
    pub auth_time: Option<i64>,
    pub acr: Option<String>,
    pub amr: Option<Vec<String>>,
    /// The claims that did not fit into it.
    #[serde(rename = "_claim_names", default)]
    pub elsewhere: Claims,
    /// The claims that were asked for by name.
    #[serde(default)]
    pub claims_request: Named,
}

/// What a question about a token is answered from: one reading of everything.
pub(super) struct Reading<'a> {
    pub tx: Tx,
    pub snapshot: Arc<Snapshot>,
    pub ring: Arc<Keyring>,
    pub now: Timestamp,
    pub provider: &'a Provider,
}

/// A token that is alive, with what it stands for now.
pub(super) struct Live {
    pub token: AccessToken,
    /// Whom it was issued to.
    pub client: Client,
    /// The person; `None`: the client for itself.
    pub user: Option<User>,
    pub scope: Scope,
    pub access: Access,
}

impl<'a> Reading<'a> {
    pub async fn begin(ground: &Ground, provider: &'a Provider) -> Result<Self, Fault> {
        let now = ground.clock.now();
        let mut tx = ground.db.read().await?;
        let snapshot = provider.known.snapshot(&mut tx).await?;
        let ring = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
        Ok(Self { tx, snapshot, ring, now, provider })
    }

    /// Reads a token that we signed.
    pub fn verified(&self, token: &str, expiry: Expiry) -> Result<AccessToken, jwt::TokenError> {
        let rules = Rules { typ: Type::Is("at+jwt"), issuer: Some(&self.provider.issuer), audience: None, expiry, now: self.now, leeway: Duration::ZERO };
        jwt::verify(token, &self.ring.verifying(self.now), &rules)
    }

    /// What a token stands for now; `None` as soon as anything that it hangs on is gone.
    pub async fn live(&mut self, token: AccessToken) -> Result<Option<Live>, Fault> {
        let Some(place) = self.provider.place_of(&self.snapshot, &token.aud) else { return Ok(None) };
        if optional!(self.tx, (String,), "SELECT jti FROM revoked_tokens WHERE jti = $1", token.jti.as_str())?.is_some() {
            return Ok(None);
        }
        let client = client::by_client_id(&mut self.tx, &token.client_id).await?.filter(|client| client.suspended_at.is_none());
        let Some(client) = client else { return Ok(None) };
        let Ok(scope) = Scope::parse(&token.scope) else { return Ok(None) };
        let (known, now) = (&self.provider.known, self.now);
        // Only a client for itself has its own identifier as subject: the two never coincide (rule 9).
        if token.azid.is_none() && token.sid.is_none() && token.sub == client.client_id {
            if client::tokens_from(&mut self.tx, client.id).await?.is_none_or(|from| token.iat < from.seconds()) {
                return Ok(None);
            }
            let access = Access::of_client(&mut self.tx, known, &self.snapshot, &client, place, now).await?;
            return Ok(Some(Live { token, client, user: None, scope, access }));
        }
        let Some(user) = self.person(&token).await? else { return Ok(None) };
        let access = Access::of_user(&mut self.tx, known, &self.snapshot, &user, place, now).await?;
        Ok(Some(Live { token, client, user: Some(user), scope, access }))
    }

    /// The person of a token, if everything that it hangs on is alive.
    async fn person(&mut self, token: &AccessToken) -> Result<Option<User>, Fault> {
        let (Some(authorization), Some(sid), Ok(user)) = (token.azid, &token.sid, token.sub.parse::<UserId>()) else { return Ok(None) };
        if !authorization::is_alive(&mut self.tx, authorization).await? || !self.in_force(sid, authorization).await? {
            return Ok(None);
        }
        Ok(user::by_id(&mut self.tx, user).await?.filter(User::counts))
    }

    async fn in_force(&mut self, sid: &str, authorization: AuthorizationId) -> Result<bool, Fault> {
        let (now, portal) = (self.now, self.snapshot.portal_sessions());
        let in_session = session::by_id(&mut self.tx, sid, portal).await?.is_some_and(|(session, policy)| session.is_alive(policy, now));
        Ok(in_session || family::is_offline(&mut self.tx, authorization, now).await?)
    }
}

/// A bearer token that is alive, or what its bearer is told.
pub(super) async fn bearer<'a>(ground: &Ground, provider: &'a Provider, token: &str) -> Result<(Live, Reading<'a>), BearerError> {
    let mut reading = Reading::begin(ground, provider).await?;
    let token = reading.verified(token, Expiry::Required).map_err(|error| invalid(error.to_string()))?;
    let live = reading.live(token).await?.ok_or_else(|| invalid("this token has ended"))?;
    Ok((live, reading))
}

/// Ends one access token before its time: a row until it would have ended by itself.
pub(super) async fn revoke(tx: &mut Tx, token: &AccessToken) -> Result<bool, Fault> {
    let until = Timestamp::from_seconds(token.exp);
    Ok(execute!(tx, "INSERT INTO revoked_tokens (jti, expires_at) VALUES ($1, $2) ON CONFLICT (jti) DO NOTHING", token.jti.as_str(), until)? == 1)
}

impl Live {
    /// Who it speaks of.
    pub fn subject(&self) -> serde_json::Value {
        self.user.as_ref().map_or_else(|| json!(self.client.client_id), |user| json!(user.id))
    }
}
