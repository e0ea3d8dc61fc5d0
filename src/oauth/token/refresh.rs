//! Refreshing (RFC 6749 section 6, RFC 9700 section 4.14): every use turns the family; everything is computed anew.

use super::issue::{Entitlement, Person};
use super::{TokenError, invalid};
use crate::access::load::Snapshot;
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::text::Locale;
use crate::base::time::Timestamp;
use crate::identity::user::{self, User};
use crate::login::session;
use crate::mail::messages::RefreshReplayed;
use crate::oauth::authorization::family::{Family, RefreshToken};
use crate::oauth::authorization::{self, family};
use crate::oauth::claims::Named;
use crate::oauth::client::Client;
use crate::oauth::client_auth::AuthenticatedClient;
use crate::oauth::error::{Code, OAuthError};
use crate::oauth::parameters::Parameters;
use crate::oauth::provider::Provider;
use crate::oauth::scope::Scope;
use crate::outbox::{Job, Mail};
use crate::words::Words;
use crate::work::{Ground, Origin};
use std::time::Duration;

pub(super) async fn redeem(
    ground: &Ground,
    provider: &Provider,
    client: &AuthenticatedClient,
    parameters: &Parameters,
    origin: &Origin,
) -> Result<Entitlement, TokenError> {
    let client = client.client();
    let text = parameters.required("refresh_token")?;
    // A forged token never reaches the database.
    let token = RefreshToken::open(text, &ground.sealer).ok_or_else(|| invalid("this is no refresh token of ours"))?;
    let now = ground.clock.now();
    let mut tx = ground.db.read().await?;
    let snapshot = provider.known.snapshot(&mut tx).await?;
    let keys = provider.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
    let found = family::find(&mut tx, token.family).await?.filter(|family| family.client_id == client.id);
    let family = found.ok_or_else(|| invalid("this refresh token is unknown, or was issued to another client"))?;
    if family.is_over(now) {
        return Err(invalid("this refresh token has ended"));
    }
    let live_session = match session::by_id(&mut tx, &family.session_id, snapshot.portal_sessions()).await? {
        Some((session, policy)) if session.is_alive(policy, now) => Some(session),
        _ if family.offline => None,
        _ => return Err(invalid("the session of this refresh token has ended")),
    };
    let scope = narrowed(&family, client, parameters)?;
    let granted = Scope::parse(&family.scope)?;
    let named = Named::from_stored(family.claims.as_deref()).within(&client.metadata.scopes()).narrowed(&granted, &scope);
    let place = provider.place_of(&snapshot, &family.resource).ok_or_else(|| invalid("the resource of this refresh token is gone"))?;
    super::still_allowed(&mut tx, client, place, &family.resource).await?;
    let (user, access) = super::still_there(&mut tx, provider, &snapshot, client, family.user_id, place, now).await?;
    drop(tx);

    let successor = turn(ground, provider, &snapshot, &family, token, &user, now, origin).await?;
    // A use counts as activity, written back at most once a minute.
    if !family.offline
        && let Some(session) = live_session.filter(|session| session::is_stale(session, now))
    {
        ground
            .work(&Actor::Anonymous, origin, async |work| {
                session::touch(&mut work.tx, &session.id, now).await?;
                user::touch_last_login(work, user.id).await
            })
            .await?;
    }
    Ok(Entitlement {
        client: client.clone(),
        person: Some(Person {
            user,
            session_id: family.session_id,
            auth_time: family.auth_time,
            acr: family.acr,
            amr: family.amr,
            nonce: None,
            authorization: family.authorization_id,
        }),
        scope,
        claims: named,
        resource: family.resource,
        access,
        refresh_token: Some(successor.seal(&ground.sealer)),
        keys,
        now,
    })
}

/// Scope may only narrow (RFC 6749 section 6), and what the client may not ask for any more is not granted any more.
fn narrowed(family: &Family, client: &Client, parameters: &Parameters) -> Result<Scope, TokenError> {
    let granted = Scope::parse(&family.scope)?.within(&client.metadata.scopes());
    match parameters.every("resource") {
        [] => {}
        [one] if *one == family.resource => {}
        _ => return Err(OAuthError::new(Code::InvalidTarget, "the refresh token was issued for another resource").into()),
    }
    match parameters.one("scope")? {
        None => Ok(granted),
        Some(text) => {
            let asked = Scope::parse(text)?;
            if asked.is_within(&granted) { Ok(asked) } else { Err(OAuthError::new(Code::InvalidScope, "the scope is wider than what was granted").into()) }
        }
    }
}

/// Turns the family, or recognises a repeat: within the grace, while the generation is exactly one ahead, the same successor
/// again; any other repeat ends everything.
#[allow(clippy::too_many_arguments)] // One question with all that it depends on; a struct would only rename it.
async fn turn(
    ground: &Ground,
    provider: &Provider,
    snapshot: &Snapshot,
    family: &Family,
    token: RefreshToken,
    user: &User,
    now: Timestamp,
    origin: &Origin,
) -> Result<RefreshToken, TokenError> {
    let successor = RefreshToken { generation: token.generation + 1, ..token };
    let mut current = family.clone();
    if token.generation == current.generation {
        let mut once = ground.db.write_once().await?;
        let turned = family::turn(&mut once, token, now).await?;
        once.commit().await?;
        if turned {
            return Ok(successor);
        }
        // Somebody turned or ended it between our read and our write.
        let mut tx = ground.db.read().await?;
        current = family::find(&mut tx, token.family).await?.ok_or_else(|| invalid("this refresh token has ended"))?;
        if current.ended_at.is_some() {
            return Err(invalid("this refresh token has ended"));
        }
    }
    if is_graceful(&current, token, provider.refresh_grace, now) {
        return Ok(successor);
    }
    ground
        .work(&Actor::Anonymous, origin, async |work| {
            // Many repeats at once are one theft: the person is told once.
            if authorization::end(work, family.authorization_id, "refresh token replayed").await? {
                let about = serde_json::json!({ "client": family.client_id, "sid": family.session_id });
                work.record(Event::new(Kind::RefreshReplayed, Subject::new("user", user.id)).after(&about)?).await?;
                work.enqueue(&Job::Mail(letter(snapshot, family, user, now)?)).await?;
            }
            Ok::<_, Fault>(())
        })
        .await?;
    Err(invalid("this refresh token was used before; everything that hangs on it has ended"))
}

fn is_graceful(family: &Family, token: RefreshToken, grace: Duration, now: Timestamp) -> bool {
    family.generation == token.generation + 1 && now.since(family.rotated_at) < grace
}

fn letter(snapshot: &Snapshot, family: &Family, user: &User, now: Timestamp) -> Result<Mail, Fault> {
    let app = snapshot.by_resource(&family.resource).and_then(|deployment| snapshot.placed(deployment.id)).map(|(_, app, _)| app.name.to_string());
    let organization = snapshot.organization.as_ref().map(|organization| organization.name.to_string()).unwrap_or_default();
    let words = Words::of(&user.profile.locale.clone().unwrap_or_else(Locale::english));
    let message = RefreshReplayed {
        words,
        name: user.label().to_owned(),
        // A tool for many apps belongs to the organization itself.
        app: app.unwrap_or_else(|| organization.clone()),
        organization,
        when: words.minute(now),
    };
    let fault = |error| Fault::new("write a letter", error);
    Ok(Mail { to: user.email.clone(), subject: message.subject(), text: message.text().map_err(fault)?, html: message.html().map_err(fault)? })
}
