//! Issuing: an entitlement becomes an access token (RFC 9068) and, for a person with `openid`, an ID token. No transaction is
//! open while they are signed.

use crate::base::fault::Fault;
use crate::base::id::AuthorizationId;
use crate::base::secret::{Secret, random_token};
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Algorithm};
use crate::identity::user::User;
use crate::oauth::claims::{self, Access, Claims, NAMES, Named, Wish};
use crate::oauth::client::Client;
use crate::oauth::client::metadata::IdTokenAlgorithm;
use crate::oauth::key::Keyring;
use crate::oauth::provider::Provider;
use crate::oauth::scope::Scope;
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;

/// Somebody who signed in.
#[derive(Debug)]
pub struct Person {
    /// Who.
    pub user: User,
    /// In which session: the `sid` claim.
    pub session_id: String,
    /// When they proved who they are.
    pub auth_time: Timestamp,
    /// How strongly.
    pub acr: String,
    /// How, separated by blanks.
    pub amr: String,
    /// To be echoed in the ID token; only for a code.
    pub nonce: Option<String>,
    /// The authorization that the tokens hang on.
    pub authorization: AuthorizationId,
}

/// What a client has a right to, everything checked and committed.
#[derive(Debug)]
pub struct Entitlement {
    /// Who gets it.
    pub client: Client,
    /// For whom; `None`: the client for itself.
    pub person: Option<Person>,
    /// What was granted.
    pub scope: Scope,
    /// The claims that were asked for by name.
    pub claims: Named,
    /// The resource: `aud` of the access token.
    pub resource: String,
    /// What it carries.
    pub access: Access,
    /// The refresh token, sealed.
    pub refresh_token: Option<Secret<String>>,
    /// The keys.
    pub keys: Arc<Keyring>,
    /// Now.
    pub now: Timestamp,
}

/// The answer of the token endpoint (RFC 6749 section 5.1).
#[derive(Serialize)]
pub struct Answer {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "String::is_empty")]
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
}

impl Answer {
    /// How long the access token lives, in seconds.
    pub const fn expires_in(&self) -> i64 {
        self.expires_in
    }
}

/// When the access token ends: after its life, and never past the end of what it carries.
fn expiry(provider: &Provider, entitlement: &Entitlement) -> i64 {
    let by_life = entitlement.now.plus(provider.access_life).seconds();
    entitlement.access.expires_at(&entitlement.client).map_or(by_life, |end| by_life.min(end.seconds()))
}

fn signer(keys: &Keyring, algorithm: Algorithm, now: Timestamp) -> Result<&jwt::SigningKey, Fault> {
    keys.signer(algorithm, now).ok_or_else(|| Fault::broken("the signing keys are still being made"))
}

/// The claims of the access token (RFC 9068 section 2.2).
pub fn access_token_claims(provider: &Provider, entitlement: &Entitlement) -> Claims {
    let Entitlement { client, person, scope, resource, access, now, .. } = entitlement;
    let mut claims = access.in_access_token(client, scope, &provider.claims_endpoint());
    claims.insert("iss".into(), json!(provider.issuer));
    claims.insert("aud".into(), json!(resource));
    claims.insert("client_id".into(), json!(client.client_id));
    claims.insert("iat".into(), json!(now.seconds()));
    claims.insert("exp".into(), json!(expiry(provider, entitlement)));
    claims.insert("jti".into(), json!(random_token::<16>()));
    claims.insert("scope".into(), json!(scope.to_string()));
    match person {
        None => {
            claims.insert("sub".into(), json!(client.client_id));
        }
        Some(person) => {
            claims.insert("sub".into(), json!(person.user.id));
            claims.insert("sid".into(), json!(person.session_id));
            claims.insert("azid".into(), json!(person.authorization));
            if !entitlement.claims.is_empty() {
                // So that userinfo and the claims endpoint know what was asked for: the token is all that they are given.
                let wish = Wish::new(scope, &entitlement.claims.id_token);
                let (_, size) = access.in_id_token(wish, &provider.claims_endpoint());
                let elsewhere = size.gave_way.into_iter().map(ToOwned::to_owned).collect();
                claims.insert("claims_request".into(), json!(Named { elsewhere, ..entitlement.claims.clone() }));
            }
            authentication(&mut claims, person);
        }
    }
    claims
}

fn authentication(claims: &mut Claims, person: &Person) {
    claims.insert("auth_time".into(), json!(person.auth_time.seconds()));
    claims.insert("acr".into(), json!(person.acr));
    claims.insert("amr".into(), json!(person.amr.split(' ').collect::<Vec<_>>()));
}

/// The claims of the ID token (OpenID Connect Core section 2), but for `at_hash`.
pub fn id_token_claims(provider: &Provider, entitlement: &Entitlement, person: &Person) -> Claims {
    let wish = Wish::new(&entitlement.scope, &entitlement.claims.id_token);
    let (mut claims, _) = entitlement.access.in_id_token(wish, &provider.claims_endpoint());
    // No personal data by scope: only what was asked for here by name.
    claims.extend(claims::standard(&person.user, Wish::by_name(&entitlement.claims.id_token)));
    claims.insert("iss".into(), json!(provider.issuer));
    claims.insert("sub".into(), json!(person.user.id));
    claims.insert("aud".into(), json!(entitlement.client.client_id));
    claims.insert("azp".into(), json!(entitlement.client.client_id));
    claims.insert("iat".into(), json!(entitlement.now.seconds()));
    // It promises no access for longer than the access token does.
    let carries_access = ["roles", "org_roles", "permissions", "groups"].iter().any(|claim| wish.wants(claim));
    let by_life = entitlement.now.plus(provider.access_life).seconds();
    claims.insert("exp".into(), json!(if carries_access { expiry(provider, entitlement) } else { by_life }));
    claims.insert("sid".into(), json!(person.session_id));
    if let Some(nonce) = &person.nonce {
        claims.insert("nonce".into(), json!(nonce));
    }
    authentication(&mut claims, person);
    claims
}

/// A line in the log for each token that had no room for everything. Counted by whoever reads it: an app that does not ask for the rest denies
/// what it should allow.
fn count_overflow(entitlement: &Entitlement, claims: &Claims) {
    if let Some(names) = claims.get(NAMES) {
        let (client_id, sub) = (&entitlement.client.client_id, claims["sub"].as_str());
        tracing::warn!(counter.claims_overflow = 1_u64, client_id, sub, left_out = %names, "claims gave way");
    }
}

/// Signs.
pub(super) fn sign(provider: &Provider, entitlement: &Entitlement) -> Result<Answer, Fault> {
    let now = entitlement.now;
    let claims = access_token_claims(provider, entitlement);
    count_overflow(entitlement, &claims);
    let access_token = signer(&entitlement.keys, Algorithm::Es256, now)?.sign("at+jwt", &claims)?;
    let id_token = match &entitlement.person {
        Some(person) if entitlement.scope.has("openid") => {
            let algorithm = match entitlement.client.metadata.id_token_signed_response_alg {
                IdTokenAlgorithm::Rs256 => Algorithm::Rs256,
                IdTokenAlgorithm::Es256 => Algorithm::Es256,
            };
            let mut claims = id_token_claims(provider, entitlement, person);
            count_overflow(entitlement, &claims);
            claims.insert("at_hash".into(), json!(jwt::at_hash(algorithm, &access_token)));
            Some(signer(&entitlement.keys, algorithm, now)?.sign("JWT", &claims)?)
        }
        _ => None,
    };
    Ok(Answer {
        access_token,
        token_type: "Bearer",
        expires_in: (expiry(provider, entitlement) - now.seconds()).max(0),
        scope: entitlement.scope.to_string(),
        refresh_token: entitlement.refresh_token.as_ref().map(|token| token.expose().clone()),
        id_token,
    })
}
