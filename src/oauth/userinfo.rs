//! Bearer tokens of our own (RFC 6750), and userinfo (OpenID Connect Core section 5.3). A signature alone is not enough: the
//! user, the session, the client and the authorization are looked at again with every request.

use super::authorization;
use super::claims::{self, Access, Claims};
use super::client::{self, Client};
use super::error::{Code, OAuthError};
use super::provider::Provider;
use super::scope::Scope;
use crate::base::fault::Fault;
use crate::base::id::{AuthorizationId, UserId};
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Expiry, Rules, Type};
use crate::db::{Tx, optional};
use crate::identity::user::{self, User};
use crate::login::session;
use crate::oauth::authorization::family;
use crate::work::Ground;
use serde::Deserialize;
use serde_json::json;
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

#[derive(Debug, Deserialize)]
struct AccessToken {
    sub: String,
    aud: String,
    jti: String,
    client_id: String,
    scope: String,
    azid: Option<AuthorizationId>,
    sid: Option<String>,
}

fn invalid(description: impl Into<String>) -> BearerError {
    OAuthError::new(Code::InvalidToken, description).into()
}

/// The claims about the person behind an access token.
pub async fn userinfo(ground: &Ground, provider: &Provider, token: &str) -> Result<Claims, BearerError> {
    let now = ground.clock.now();
    let mut tx = ground.db.read().await?;
    let snapshot = provider.known.snapshot(&mut tx).await?;
    let ring = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
    let rules = Rules { typ: Type::Is("at+jwt"), issuer: Some(&provider.issuer), audience: None, expiry: Expiry::Required, now, leeway: Duration::ZERO };
    let token: AccessToken = jwt::verify(token, &ring.verifying(now), &rules).map_err(|error| invalid(error.to_string()))?;
    let scope = Scope::parse(&token.scope)?;
    if !scope.has("openid") {
        return Err(OAuthError::new(Code::InsufficientScope, "userinfo needs the scope openid").into());
    }
    let (user, _) = live_person(&mut tx, &token, now).await?.ok_or_else(|| invalid("this token has ended"))?;
    let place = snapshot.by_resource(&token.aud).ok_or_else(|| invalid("the resource of this token is gone"))?.id;
    let access = Access::of_user(&mut tx, &provider.known, &snapshot, &user, place, now).await?;
    let mut all = claims::standard(&user, &scope);
    all.append(&mut access.for_person(&scope));
    all.insert("sub".into(), json!(user.id));
    Ok(all)
}

/// The person and client of a token, if everything that it hangs on is alive.
async fn live_person(tx: &mut Tx, token: &AccessToken, now: Timestamp) -> Result<Option<(User, Client)>, Fault> {
    let (Some(authorization), Some(sid), Ok(user)) = (token.azid, &token.sid, token.sub.parse::<UserId>()) else { return Ok(None) };
    if optional!(tx, (String,), "SELECT jti FROM revoked_tokens WHERE jti = $1", token.jti.as_str())?.is_some() {
        return Ok(None);
    }
    let Some(client) = client::by_client_id(tx, &token.client_id).await?.filter(|client| client.suspended_at.is_none()) else { return Ok(None) };
    if !authorization::is_alive(tx, authorization).await? {
        return Ok(None);
    }
    let in_session = session::by_id(tx, sid).await?.is_some_and(|(session, policy)| session.is_alive(policy, now));
    if !in_session && !family::is_offline(tx, authorization, now).await? {
        return Ok(None);
    }
    Ok(user::by_id(tx, user).await?.filter(User::counts).map(|user| (user, client)))
}
