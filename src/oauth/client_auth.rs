//! Client authentication (RFC 6749 section 2.3): only the registered method, never two at once.

use super::client::{self, AuthMethod, Client};
use super::error::{Code, OAuthError};
use super::parameters::Parameters;
use crate::audit::{Event, Kind, Sparing, Subject};
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::work::Work;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::time::Duration;

/// A client that proved itself (or has nothing to prove with: a public one). Only this file makes one.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Client);

impl AuthenticatedClient {
    /// The client.
    pub const fn client(&self) -> &Client {
        &self.0
    }
}

/// Why a client was not let in.
#[derive(Debug, thiserror::Error)]
pub enum ClientAuthError {
    /// What the client is told: what it sent cannot be read.
    #[error(transparent)]
    Refused(#[from] OAuthError),
    /// It did not prove itself: worth a trace.
    #[error("{}", .0.error)]
    Unproved(Unproved),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

crate::choice! {
    /// Why a client was not let in, in one word for programs that read the audit trail. The client hears one answer for all.
    pub enum Why {
        /// No client has this id.
        UnknownClient = "unknown_client",
        /// It is suspended.
        Suspended = "suspended",
        /// It registered another way to prove itself.
        WrongMethod = "wrong_method",
        /// The secret is none of its live ones.
        WrongSecret = "wrong_secret",
    }
}

/// A client that did not prove itself.
#[derive(Debug)]
pub struct Unproved {
    /// What it is told.
    pub error: OAuthError,
    why: Why,
    client: Option<ClientId>,
}

impl Unproved {
    /// Leaves a trace: one a minute for each client, and one for all that nobody knows. What they call themselves is not kept: it may be
    /// a secret in the wrong place.
    pub async fn note(&self, work: &mut Work) -> Result<(), Fault> {
        let minute = Duration::from_mins(1);
        let (subject, sparing) = match self.client {
            Some(id) => (Subject::new("client", id), Sparing::new("client refused", &id.to_string(), 1, minute)),
            None => (Subject::unknown("client"), Sparing::everywhere("client refused", 1, minute)),
        };
        let event = Event::new(Kind::ClientRefused, subject).after(&serde_json::json!({ "reason": self.why }))?;
        work.record_sparingly(event, &[sparing]).await
    }
}

struct Credentials {
    client_id: String,
    secret: Option<String>,
    method: AuthMethod,
}

fn invalid_client(description: &str) -> OAuthError {
    OAuthError::new(Code::InvalidClient, description)
}

/// Reads what the client sends: the header or the body.
fn credentials(header: Option<&str>, parameters: &Parameters) -> Result<Credentials, OAuthError> {
    let body_id = parameters.one("client_id")?;
    let body_secret = parameters.one("client_secret")?;
    let Some(header) = header else {
        let client_id = body_id.ok_or_else(|| invalid_client("the client did not say who it is"))?.to_owned();
        let method = if body_secret.is_some() { AuthMethod::ClientSecretPost } else { AuthMethod::None };
        return Ok(Credentials { client_id, secret: body_secret.map(ToOwned::to_owned), method });
    };
    if body_secret.is_some() {
        return Err(OAuthError::invalid_request("the client proved itself in two ways at once"));
    }
    let (client_id, secret) = basic(header).ok_or_else(|| invalid_client("the Authorization header is not Basic with client id and secret"))?;
    if body_id.is_some_and(|id| id != client_id) {
        return Err(invalid_client("the client_id in the body is another client's"));
    }
    Ok(Credentials { client_id, secret: Some(secret), method: AuthMethod::ClientSecretBasic })
}

/// `Basic`, both halves form-encoded (RFC 6749 section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    // A value without '=' is read as the name of a pair, which decodes it just so.
    let form = |text: &str| -> String {
        url::form_urlencoded::parse(text.replace('=', "%3D").replace('&', "%26").as_bytes()).map(|(name, _)| name.into_owned()).collect()
    };
    Some((form(id), form(secret)))
}

/// Lets a client in. An unknown client and a wrong secret get the same answer.
pub async fn authenticate(tx: &mut Tx, header: Option<&str>, parameters: &Parameters, now: Timestamp) -> Result<AuthenticatedClient, ClientAuthError> {
    let credentials = credentials(header, parameters)?;
    let wrong = |why, client| {
        let error = invalid_client("unknown client, wrong secret, or not the method that the client registered");
        ClientAuthError::Unproved(Unproved { error, why, client })
    };
    let client = client::by_client_id(tx, &credentials.client_id).await?.ok_or_else(|| wrong(Why::UnknownClient, None))?;
    if client.suspended_at.is_some() {
        return Err(wrong(Why::Suspended, Some(client.id)));
    }
    if client.metadata.token_endpoint_auth_method != credentials.method {
        return Err(wrong(Why::WrongMethod, Some(client.id)));
    }
    if let Some(secret) = &credentials.secret {
        let mut matched = false;
        for hash in client::secrets(tx, client.id, now).await? {
            matched |= hash.matches(secret);
        }
        if !matched {
            return Err(wrong(Why::WrongSecret, Some(client.id)));
        }
    }
    Ok(AuthenticatedClient(client))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(text: &str) -> String {
        format!("Basic {}", STANDARD.encode(text))
    }

    #[test]
    fn basic_is_form_decoded() {
        assert_eq!(basic(&header("my%20client:a%2Bb+c%3A=&x")), Some(("my client".into(), "a+b c:=&x".into())));
        assert_eq!(basic(&header("no-colon")), None);
        assert_eq!(basic("Bearer abc"), None);
    }

    #[test]
    fn two_ways_at_once_are_refused() {
        let body = |text: &str| Parameters::parse(text.as_bytes());
        let code = |result: Result<Credentials, OAuthError>| result.err().map(|error| error.code);
        assert_eq!(code(credentials(Some(&header("a:b")), &body("client_secret=b"))), Some(Code::InvalidRequest));
        assert_eq!(code(credentials(Some(&header("a:b")), &body("client_id=other"))), Some(Code::InvalidClient));
        assert_eq!(code(credentials(None, &body("grant_type=x"))), Some(Code::InvalidClient));
        assert_eq!(credentials(None, &body("client_id=a")).unwrap().method, AuthMethod::None);
        assert_eq!(credentials(Some(&header("a:b")), &body("client_id=a")).unwrap().method, AuthMethod::ClientSecretBasic);
    }
}
