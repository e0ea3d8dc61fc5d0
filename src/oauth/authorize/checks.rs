//! The checks of an authorization request, in order. Each looks at one thing and says what is wrong with it.

use super::AuthorizationRequest;
use super::response::ResponseMode;
use crate::base::time::Timestamp;
use crate::crypto::jwt::{self, Expiry, Rules, Type};
use crate::oauth::claims::ClaimsRequest;
use crate::oauth::error::{Code, OAuthError};
use crate::oauth::key::Keyring;
use crate::oauth::parameters::Parameters;
use crate::oauth::scope::Scope;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::time::Duration;

type Check = fn(&mut AuthorizationRequest, &Parameters) -> Result<(), OAuthError>;

/// Every check, in order.
pub(super) const IN_ORDER: &[Check] = &[doubled, unsupported, response_type, mode, scope, claims, pkce, nonce, prompt, max_age, login_hint];

/// Every parameter that a check or `open` reads: the ones that are kept while a person signs in.
pub(super) const READ: &[&str] = &[
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "max_age",
    "id_token_hint",
    "login_hint",
    "claims",
    "resource",
];

/// The longest address (RFC 5321 section 4.5.3.1); a longer hint is none.
pub(super) const LONGEST_LOGIN_HINT: usize = 254;

/// What the person must be shown (OpenID Connect Core section 3.1.2.1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompts {
    /// No page at all.
    pub none: bool,
    /// A fresh sign-in. `select_account` leads to it as well: a context has one person.
    pub login: bool,
    /// A fresh consent.
    pub consent: bool,
}

fn doubled(_: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    p.refuse_doubled(&["resource"])
}

fn unsupported(_: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    if p.one("request")?.is_some() {
        return Err(OAuthError::new(Code::RequestNotSupported, "request objects are not supported"));
    }
    if p.one("request_uri")?.is_some() {
        return Err(OAuthError::new(Code::RequestUriNotSupported, "request_uri is not supported"));
    }
    Ok(())
}

fn response_type(_: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    match p.required("response_type")? {
        "code" => Ok(()),
        _ => Err(OAuthError::new(Code::UnsupportedResponseType, "the response_type must be code")),
    }
}

/// The response mode; query when none is asked for.
pub(super) fn response_mode(p: &Parameters) -> Result<ResponseMode, OAuthError> {
    match p.one("response_mode")? {
        None => Ok(ResponseMode::default()),
        Some(word) => ResponseMode::parse(word).ok_or_else(|| OAuthError::invalid_request("the response_mode must be query or fragment")),
    }
}

fn mode(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    request.response_mode = response_mode(p)?;
    Ok(())
}

fn scope(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    let asked = Scope::parse(p.one("scope")?.unwrap_or_default())?;
    // Unknown scopes are ignored (OpenID Connect Core section 3.1.2.1); what is left must not be nothing.
    request.scope = asked.within(&request.client.metadata.scopes());
    if request.scope.is_empty() && !asked.is_empty() {
        return Err(OAuthError::new(Code::InvalidScope, "none of these scopes is registered for the app"));
    }
    Ok(())
}

fn claims(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    // Without `openid` there is neither an ID token nor userinfo to ask for.
    if let Some(text) = p.one("claims")?.filter(|_| request.scope.has("openid")) {
        request.claims = ClaimsRequest::parse(text, &request.client.metadata.scopes())?;
    }
    Ok(())
}

fn pkce(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    match (p.one("code_challenge")?, p.one("code_challenge_method")?) {
        (Some(challenge), Some("S256")) => {
            let is_hash = URL_SAFE_NO_PAD.decode(challenge).is_ok_and(|hash| hash.len() == 32);
            if !is_hash {
                return Err(OAuthError::invalid_request("the code_challenge is not the base64url of a SHA-256 hash"));
            }
            request.code_challenge = Some(challenge.to_owned());
            Ok(())
        }
        (Some(_), _) => Err(OAuthError::invalid_request("the code_challenge_method must be S256")),
        (None, Some(_)) => Err(OAuthError::invalid_request("code_challenge_method without code_challenge")),
        (None, None) if request.client.is_public() || request.client.metadata.require_pkce => {
            Err(OAuthError::invalid_request("code_challenge is missing: this client must use PKCE with S256"))
        }
        (None, None) => Ok(()),
    }
}

fn nonce(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    // Unreadable, it could not be returned as it was.
    p.one("state")?;
    request.nonce = p.one("nonce")?.map(ToOwned::to_owned);
    match &request.nonce {
        // Stored with the code, and PostgreSQL has no NUL in texts.
        Some(nonce) if nonce.contains('\0') => Err(OAuthError::invalid_request("the nonce must not contain a NUL character")),
        Some(nonce) if nonce.len() > 4_096 => Err(OAuthError::invalid_request("the nonce must have at most 4096 characters")),
        _ if request.state.as_ref().is_some_and(|state| state.len() > 8_192) => Err(OAuthError::invalid_request("the state must have at most 8192 characters")),
        _ => Ok(()),
    }
}

fn prompt(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    let mut prompts = Prompts::default();
    let mut count = 0;
    let asked = p.one("prompt")?.unwrap_or_default();
    if asked.len() > 200 {
        return Err(OAuthError::invalid_request("the prompt must have at most 200 characters"));
    }
    for word in asked.split(' ').filter(|word| !word.is_empty()) {
        count += 1;
        match word {
            "none" => prompts.none = true,
            "login" | "select_account" => prompts.login = true,
            "consent" => prompts.consent = true,
            // Unknown words are ignored, as unknown parameters are.
            _ => {}
        }
    }
    if prompts.none && count > 1 {
        return Err(OAuthError::invalid_request("prompt=none stands alone or not at all"));
    }
    request.prompt = prompts;
    Ok(())
}

fn max_age(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    let seconds = |text: &str| text.parse::<u64>().ok().filter(|_| text.len() <= 20);
    let asked = p.one("max_age")?.map(|text| seconds(text).ok_or_else(|| OAuthError::invalid_request("max_age must be a number of seconds"))).transpose()?;
    request.max_age = asked.or(request.client.metadata.default_max_age);
    Ok(())
}

fn login_hint(request: &mut AuthorizationRequest, p: &Parameters) -> Result<(), OAuthError> {
    request.login_hint = p.one("login_hint")?.filter(|hint| hint.len() <= LONGEST_LOGIN_HINT).map(ToOwned::to_owned);
    Ok(())
}

/// The resource asked for (RFC 8707): one, for one token.
pub(super) fn resource(p: &Parameters) -> Result<Option<&str>, OAuthError> {
    match p.every("resource") {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(OAuthError::new(Code::InvalidTarget, "one resource for one token")),
    }
}

/// What an ID token given as a hint says.
#[derive(Debug, Deserialize)]
pub struct Hint {
    /// Who.
    pub sub: String,
    /// In which session.
    pub sid: Option<String>,
    /// For which client.
    pub aud: String,
}

/// Reads `id_token_hint`: an ID token of ours, expired ones too.
pub fn hint(token: &str, ring: &Keyring, issuer: &str, now: Timestamp) -> Result<Hint, OAuthError> {
    let rules = Rules { typ: Type::AbsentOr(&["JWT"]), issuer: Some(issuer), audience: None, expiry: Expiry::Ignored, now, leeway: Duration::from_mins(1) };
    jwt::verify(token, &ring.verifying_hints(now), &rules)
        .map_err(|error| OAuthError::invalid_request(format!("the id_token_hint is not an ID token of this server: {error}")))
}
