//! Redeeming a code (RFC 6749 section 4.1.3, RFC 7636 section 4.6).

use super::issue::{Entitlement, Person};
use super::{TokenError, invalid};
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::secret::equal;
use crate::login::session;
use crate::oauth::authorization::code::{self, Code};
use crate::oauth::authorization::{self, family};
use crate::oauth::claims::Named;
use crate::oauth::client::{Client, GrantType};
use crate::oauth::client_auth::AuthenticatedClient;
use crate::oauth::error::{Code as ErrorCode, OAuthError};
use crate::oauth::parameters::Parameters;
use crate::oauth::provider::Provider;
use crate::oauth::scope::Scope;
use crate::work::{Ground, Origin};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

pub(super) async fn redeem(
    ground: &Ground,
    provider: &Provider,
    client: &AuthenticatedClient,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<Entitlement, TokenError> {
    let client = client.client();
    let text = parameters.required("code")?;
    let now = ground.clock.now();
    let mut tx = ground.db.read().await?;
    let snapshot = provider.known.snapshot(&mut tx).await?;
    let keys = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
    let found = code::find_code(&mut tx, text).await?.filter(|code| code.client_id == client.id);
    let code = found.ok_or_else(|| invalid("this code is unknown, or was issued to another client"))?;
    if code.used_at.is_some() {
        drop(tx);
        return Err(replayed(ground, &code, origin).await?);
    }
    if code.expires_at <= now {
        return Err(invalid("this code has expired"));
    }
    check_binding(&code, parameters)?;
    let place = provider.place_of(&snapshot, &code.resource).ok_or_else(|| invalid("the resource of this code is gone"))?;
    super::still_allowed(&mut tx, client, place, &code.resource).await?;
    let alive = session::by_id(&mut tx, &code.session_id, snapshot.portal_sessions()).await?.filter(|(session, policy)| session.is_alive(*policy, now));
    let (session, policy) = alive.ok_or_else(|| invalid("the session of this code has ended"))?;
    if !authorization::is_alive(&mut tx, code.authorization_id).await? {
        return Err(invalid("the authorization of this code has ended"));
    }
    let (user, access) = super::still_there(&mut tx, provider, &snapshot, client, code.user_id, place, now).await?;
    drop(tx);

    let scope = Scope::parse(&code.scope)?;
    let claims = Named::from_stored(code.claims.as_deref());
    let refresh = wants_refresh(client, &scope);
    let expires_at = if refresh == Some(true) { now.plus(family::OFFLINE_LONGEST) } else { session.ends_at(policy) };
    let token = match refresh {
        None => {
            let mut once = ground.db.write_once().await?;
            let taken = code::take(&mut once, text, now).await?;
            once.commit().await?;
            taken.then_some(None)
        }
        Some(offline) => {
            ground
                .work(&Actor::Anonymous, origin, async |work| {
                    if !code::take(&mut work.tx, text, now).await? {
                        return Ok::<_, Fault>(None);
                    }
                    Ok(Some(Some(family::start(&mut work.tx, &code, offline, expires_at, now).await?)))
                })
                .await?
        }
    };
    let Some(token) = token else { return Err(replayed(ground, &code, origin).await?) };
    Ok(Entitlement {
        client: client.clone(),
        person: Some(Person {
            user,
            session_id: code.session_id,
            auth_time: code.auth_time,
            acr: code.acr,
            amr: code.amr,
            nonce: code.nonce,
            authorization: code.authorization_id,
        }),
        scope,
        claims,
        resource: code.resource,
        access,
        refresh_token: token.map(|token| token.seal(&ground.sealer)),
        keys,
        now,
    })
}

/// Whether a refresh token comes along, and whether it outlives the session.
fn wants_refresh(client: &Client, scope: &Scope) -> Option<bool> {
    client.metadata.may(GrantType::RefreshToken).then(|| scope.has("offline_access"))
}

/// What the code was bound to when it was issued.
fn check_binding(code: &Code, parameters: &Parameters) -> Result<(), TokenError> {
    match parameters.one("redirect_uri")? {
        None if code.redirect_uri_given => return Err(invalid("redirect_uri is missing: it must be the one of the authorization request")),
        Some(uri) if uri != code.redirect_uri => return Err(invalid("the redirect_uri is not the one of the authorization request")),
        _ => {}
    }
    match (&code.code_challenge, parameters.one("code_verifier")?) {
        (None, None) => {}
        (None, Some(_)) => return Err(invalid("there was no code_challenge for this code_verifier")),
        (Some(_), None) => return Err(invalid("the code_verifier is missing")),
        (Some(challenge), Some(verifier)) => {
            // RFC 7636 section 4.1: 43 to 128 unreserved characters.
            let well_formed = (43..=128).contains(&verifier.len()) && verifier.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~".contains(&b));
            let hash = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
            if !well_formed || !equal(hash.as_bytes(), challenge.as_bytes()) {
                return Err(invalid("the code_verifier does not fit the code_challenge"));
            }
        }
    }
    match parameters.every("resource") {
        [] => Ok(()),
        [one] if *one == code.resource => Ok(()),
        _ => Err(OAuthError::new(ErrorCode::InvalidTarget, "the code was issued for another resource").into()),
    }
}

/// A code that comes twice may have been stolen: everything that hangs on its authorization ends (RFC 6749 section 4.1.2).
async fn replayed(ground: &Ground, code: &Code, origin: &Origin) -> Result<TokenError, Fault> {
    ground
        .work(&Actor::Anonymous, origin, async |work| {
            // Who holds a used code can send it for ever: one end, one trace.
            if !authorization::end(work, code.authorization_id, "code replayed").await? {
                return Ok(());
            }
            let about = serde_json::json!({ "client": code.client_id, "sid": code.session_id });
            work.record(Event::new(Kind::CodeReplayed, Subject::new("user", code.user_id)).after(&about)?).await
        })
        .await?;
    Ok(invalid("this code was used before; what was issued for it has ended"))
}
