//! Revocation (RFC 7009): a client gives back what it was issued. A refresh token ends with everything that hangs on its authorization,
//! an access token alone. What is unknown, or has ended, is as good as revoked.

use super::authorization;
use super::authorization::family::{self, RefreshToken};
use super::bearer::{self, Reading};
use super::client::Client;
use super::client_auth::AuthenticatedClient;
use super::error::OAuthError;
use super::parameters::Parameters;
use super::provider::Provider;
use super::token::TokenError;
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::crypto::jwt::Expiry;
use crate::work::{Ground, Origin};

/// Revokes the token in `parameters`. Another client's is refused, and stays as it is.
pub async fn revoke(ground: &Ground, provider: &Provider, client: &AuthenticatedClient, parameters: &Parameters, origin: &Origin) -> Result<(), TokenError> {
    parameters.refuse_doubled(&[])?;
    let token = parameters.required("token")?;
    match RefreshToken::open(token, &ground.sealer) {
        Some(token) => refresh_token(ground, client.client(), token, origin).await,
        None => access_token(ground, provider, client.client(), token, origin).await,
    }
}

/// RFC 6749 section 5.2: the code for a token that was issued to another client.
fn foreign() -> OAuthError {
    OAuthError::invalid_grant("this token was issued to another client")
}

async fn refresh_token(ground: &Ground, client: &Client, token: RefreshToken, origin: &Origin) -> Result<(), TokenError> {
    let mut tx = ground.db.read().await?;
    let Some(family) = family::find(&mut tx, token.family).await? else { return Ok(()) };
    drop(tx);
    if family.client_id != client.id {
        return Err(foreign().into());
    }
    ground
        .work(&Actor::Anonymous, origin, async |work| {
            if authorization::end(work, family.authorization_id, "revoked by the app").await? {
                let about = serde_json::json!({ "client_id": client.client_id, "token": "refresh_token", "sid": family.session_id });
                work.record(Event::new(Kind::TokenRevoked, Subject::new("user", family.user_id)).before(&about)?).await?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(())
}

async fn access_token(ground: &Ground, provider: &Provider, client: &Client, token: &str, origin: &Origin) -> Result<(), TokenError> {
    let reading = Reading::begin(ground, provider).await?;
    let Ok(token) = reading.verified(token, Expiry::Required) else { return Ok(()) };
    drop(reading);
    if token.client_id != client.client_id {
        return Err(foreign().into());
    }
    ground
        .work(&Actor::Anonymous, origin, async |work| {
            if bearer::revoke(&mut work.tx, &token).await? {
                let about = serde_json::json!({ "client_id": client.client_id, "token": "access_token", "jti": token.jti, "sub": token.sub });
                work.record(Event::new(Kind::TokenRevoked, Subject::new("client", client.id)).before(&about)?).await?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Ok(())
}
