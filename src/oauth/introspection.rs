//! Introspection (RFC 7662): what a token stands for at this moment, for those whom it concerns. Everybody else hears of every token
//! that it is not active, as of one that does not exist.

use super::authorization;
use super::authorization::family::{self, RefreshToken};
use super::bearer::{Live, Reading};
use super::claims::{Access, Claims};
use super::client::{Client, Kind};
use super::client_auth::AuthenticatedClient;
use super::parameters::Parameters;
use super::provider::Provider;
use super::token::TokenError;
use crate::access::effective::Place;
use crate::base::fault::Fault;
use crate::crypto::jwt::Expiry;
use crate::identity::user::{self, User};
use crate::login::session;
use crate::work::Ground;
use serde_json::json;

/// The permission of API clients that ask about tokens of others.
const INTROSPECT: &str = "token.introspect";

/// What the token in `parameters` stands for now. The hint of its type is not needed: nothing is both.
pub async fn introspect(ground: &Ground, provider: &Provider, asker: &AuthenticatedClient, parameters: &Parameters) -> Result<Claims, TokenError> {
    parameters.refuse_doubled(&[])?;
    let token = parameters.required("token")?;
    let mut reading = Reading::begin(ground, provider).await?;
    let found = match RefreshToken::open(token, &ground.sealer) {
        Some(token) => refresh_token(&mut reading, asker.client(), token).await?,
        None => match reading.verified(token, Expiry::Required) {
            Ok(token) => match reading.live(token).await? {
                Some(live) => access_token(&mut reading, asker.client(), &live).await?,
                None => None,
            },
            Err(_) => None,
        },
    };
    Ok(found.unwrap_or_else(inactive))
}

fn inactive() -> Claims {
    [("active".to_owned(), json!(false))].into_iter().collect()
}

/// The same claims as in the token, computed now, and complete.
async fn access_token(reading: &mut Reading<'_>, asker: &Client, live: &Live) -> Result<Option<Claims>, Fault> {
    if !may_ask(reading, asker, live).await? {
        return Ok(None);
    }
    let token = &live.token;
    let mut claims = live.access.for_access_token(&live.client, &live.scope);
    claims.insert("active".into(), json!(true));
    claims.insert("token_type".into(), json!("Bearer"));
    claims.insert("iss".into(), json!(reading.provider.issuer));
    claims.insert("sub".into(), live.subject());
    claims.insert("aud".into(), json!(token.aud));
    claims.insert("client_id".into(), json!(live.client.client_id));
    claims.insert("scope".into(), json!(live.scope.to_string()));
    claims.insert("jti".into(), json!(token.jti));
    claims.insert("iat".into(), json!(token.iat));
    claims.insert("exp".into(), json!(token.exp));
    for (name, value) in [
        ("sid", token.sid.as_ref().map(|sid| json!(sid))),
        ("azid", token.azid.map(|azid| json!(azid))),
        ("auth_time", token.auth_time.map(|at| json!(at))),
        ("acr", token.acr.as_ref().map(|acr| json!(acr))),
        ("amr", token.amr.as_ref().map(|amr| json!(amr))),
    ] {
        claims.extend(value.map(|value| (name.to_owned(), value)));
    }
    Ok(Some(claims))
}

/// The client that the token was issued to, the confidential clients of the app that it is for, and API clients with the permission there.
async fn may_ask(reading: &mut Reading<'_>, asker: &Client, live: &Live) -> Result<bool, Fault> {
    if asker.id == live.client.id {
        return Ok(true);
    }
    let Some(place) = reading.provider.place_of(&reading.snapshot, &live.token.aud) else { return Ok(false) };
    match asker.kind {
        Kind::App => Ok(!asker.is_public() && place != Place::Organization && asker.home() == place),
        Kind::Api => {
            let access = Access::of_client(&mut reading.tx, &reading.provider.known, &reading.snapshot, asker, place, reading.now).await?;
            Ok(access.has(INTROSPECT))
        }
        Kind::Platform => Ok(false),
    }
}

/// Only its own client may ask about a refresh token.
async fn refresh_token(reading: &mut Reading<'_>, asker: &Client, token: RefreshToken) -> Result<Option<Claims>, Fault> {
    let now = reading.now;
    let found = family::find(&mut reading.tx, token.family).await?.filter(|family| family.client_id == asker.id);
    let Some(family) = found.filter(|family| !family.is_over(now) && family.generation == token.generation) else { return Ok(None) };
    let portal = reading.snapshot.portal_sessions();
    let in_session = session::by_id(&mut reading.tx, &family.session_id, portal).await?.is_some_and(|(session, policy)| session.is_alive(policy, now));
    if !(in_session || family.offline) || !authorization::is_alive(&mut reading.tx, family.authorization_id).await? {
        return Ok(None);
    }
    let Some(user) = user::by_id(&mut reading.tx, family.user_id).await?.filter(User::counts) else { return Ok(None) };
    let access = Access::of_user(&mut reading.tx, &reading.provider.known, &reading.snapshot, &user, asker.home(), now).await?;
    // What could not be redeemed is not active.
    if !access.may_sign_in() || reading.provider.place_of(&reading.snapshot, &family.resource).is_none() {
        return Ok(None);
    }
    let claims = [
        ("active", json!(true)),
        ("iss", json!(reading.provider.issuer)),
        ("sub", json!(user.id)),
        ("aud", json!(family.resource)),
        ("client_id", json!(asker.client_id)),
        ("scope", json!(family.scope)),
        ("exp", json!(family.ends_at().seconds())),
        ("sid", json!(family.session_id)),
        ("azid", json!(family.authorization_id)),
        ("auth_time", json!(family.auth_time.seconds())),
    ];
    Ok(Some(claims.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()))
}
