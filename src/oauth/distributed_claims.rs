//! What did not fit into a token (OpenID Connect Core section 5.6.2): the claims that it names as being elsewhere, computed now, in a JWT
//! of its own.

use super::bearer::{self, BearerError};
use super::claims::{Claims, Wish};
use super::error::{Code, OAuthError};
use super::provider::Provider;
use crate::crypto::jwt::Algorithm;
use crate::work::Ground;
use serde_json::json;

/// The type of the answer.
pub const TYPE: &str = "claims+jwt";

/// The claims that an access token names as being elsewhere, signed. `iss`, `sub` and `aud` are those of the token.
pub async fn claims(ground: &Ground, provider: &Provider, token: &str) -> Result<String, BearerError> {
    let (live, reading) = bearer::bearer(ground, provider, token).await?;
    let mut claims: Claims = live.access.for_access_token(&live.client, &live.scope);
    claims.retain(|name, _| live.token.elsewhere.contains_key(name));
    // The ID token that came along may have been asked by name for more than an access token carries.
    let asked = &live.token.claims_request;
    let wish = Wish::new(&live.scope, &asked.id_token);
    claims.extend(live.access.for_person(wish).into_iter().filter(|(name, _)| asked.elsewhere.contains(name)));
    let now = reading.now;
    let ends = live.access.expires_at(&live.client).map_or(live.token.exp, |end| end.seconds().min(live.token.exp));
    claims.insert("iss".into(), json!(provider.issuer));
    claims.insert("sub".into(), live.subject());
    claims.insert("aud".into(), json!(live.token.aud));
    claims.insert("iat".into(), json!(now.seconds()));
    claims.insert("exp".into(), json!(ends));
    let unready = || OAuthError::new(Code::TemporarilyUnavailable, "the server has just started and makes its keys; try again in a moment");
    let signer = reading.ring.signer(Algorithm::Es256, now).ok_or_else(unready)?;
    Ok(signer.sign(TYPE, &claims)?)
}
