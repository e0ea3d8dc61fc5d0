//! The token preview: what an app would be told if somebody signed in to it at this moment. The claims come from the very code that
//! issues tokens; nothing is signed and nothing is kept.

use super::claims::{Access, Claims, Named, Size, Wish};
use super::client::{Client, GrantType, Kind};
use super::provider::Provider;
use super::scope::Scope;
use super::token::issue::{self, Entitlement, Person};
use super::userinfo;
use crate::access::load::Snapshot;
use crate::base::fault::Fault;
use crate::base::id::AuthorizationId;
use crate::base::secret::random_token;
use crate::base::time::Timestamp;
use crate::crypto::seal::Sealer;
use crate::db::Tx;
use crate::identity::user::{Status, User};
use crate::login::session;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The claims whose values only a sign-in makes. `nonce` is there when the app sends one.
pub const MADE_AT_ISSUE: &[&str] = &["jti", "sid", "azid", "iat", "exp", "auth_time", "at_hash"];

/// What an app would be told.
#[derive(Debug)]
pub struct Preview {
    /// The claims of the access token.
    pub access_token: Claims,
    /// Those of the ID token, with the scope `openid`.
    pub id_token: Option<Claims>,
    /// What userinfo would answer, with the scope `openid`.
    pub userinfo: Option<Claims>,
    /// The size of our claims in the access token.
    pub size: Size,
    /// How long the access token would live.
    pub life: Duration,
    /// What the claims speak of, to say where they come from.
    pub access: Access,
}

/// Why somebody could not sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// They were shut out.
    Inactive,
    /// They never proved their address.
    Unproved,
    /// The client is suspended.
    Suspended,
    /// The client signs nobody in.
    NoPeople,
    /// They hold no role there.
    NoRole,
}

/// What the configuration and the keys are read with.
#[derive(Debug)]
pub struct Desk<'a> {
    /// The provider.
    pub provider: &'a Provider,
    /// The configuration now.
    pub snapshot: &'a Arc<Snapshot>,
    /// Opens the keys.
    pub sealer: &'a Sealer,
    /// Now.
    pub now: Timestamp,
}

/// What `client` would be told of `user` with these scopes, as far as it may ask for them; or why nothing at all.
pub async fn preview(tx: &mut Tx, desk: &Desk<'_>, client: &Client, user: &User, scope: &Scope) -> Result<Result<Preview, Closed>, Fault> {
    let Desk { provider, snapshot, now, .. } = *desk;
    let resource = provider.resource_of(snapshot, client.home());
    let Some(resource) = resource.filter(|_| client.kind != Kind::Api && client.metadata.may(GrantType::AuthorizationCode)) else {
        return Ok(Err(Closed::NoPeople));
    };
    if client.suspended_at.is_some() {
        return Ok(Err(Closed::Suspended));
    }
    if !user.counts() {
        return Ok(Err(if user.status == Status::Inactive { Closed::Inactive } else { Closed::Unproved }));
    }
    let access = Access::of_user(tx, &provider.known, snapshot, user, client.home(), now).await?;
    if !access.may_sign_in() {
        return Ok(Err(Closed::NoRole));
    }
    let scope = scope.within(&client.metadata.scopes());
    let entitlement = Entitlement {
        client: client.clone(),
        person: None,
        scope,
        claims: Named::default(),
        resource,
        access,
        refresh_token: None,
        keys: provider.keys.ring(tx, desk.sealer, snapshot.counter).await?,
        now,
    };
    let person = Person {
        user: user.clone(),
        // As long as the real ones, so that sizes are right.
        session_id: random_token::<16>(),
        auth_time: now,
        acr: session::ACR_PASSWORD.to_owned(),
        amr: session::AMR_PASSWORD.to_owned(),
        nonce: None,
        authorization: AuthorizationId::fresh(),
    };
    Ok(Ok(of(provider, Entitlement { person: Some(person), ..entitlement })))
}

fn of(provider: &Provider, entitlement: Entitlement) -> Preview {
    let access_token = issue::access_token_claims(provider, &entitlement);
    let person = entitlement.person.as_ref().filter(|_| entitlement.scope.has("openid"));
    let id_token = person.map(|person| {
        let mut claims = issue::id_token_claims(provider, &entitlement, person);
        claims.insert("at_hash".into(), json!(random_token::<16>()));
        claims
    });
    let userinfo = person.map(|person| userinfo::about(&person.user, Wish::new(&entitlement.scope, &entitlement.claims.userinfo), &entitlement.access));
    let size = entitlement.access.size(&entitlement.client, &entitlement.scope, &provider.claims_endpoint());
    let seconds = access_token.get("exp").and_then(serde_json::Value::as_i64).unwrap_or_default() - entitlement.now.seconds();
    Preview { access_token, id_token, userinfo, size, life: Duration::from_secs(u64::try_from(seconds).unwrap_or_default()), access: entitlement.access }
}
