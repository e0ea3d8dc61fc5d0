//! Client metadata, with the names of RFC 7591 and OpenID Connect Registration.

use super::Kind;
use crate::oauth::scope::Scope;
use serde::{Deserialize, Serialize};
use url::{Host, Url};

crate::choice! {
    /// How a client proves itself at the token endpoint.
    pub enum AuthMethod {
        /// Not at all: a public client.
        None = "none",
        /// Its secret in the `Authorization` header (RFC 6749 section 2.3.1).
        ClientSecretBasic = "client_secret_basic",
        /// Its secret in the body.
        ClientSecretPost = "client_secret_post",
    }
}

crate::choice! {
    /// What a client may redeem.
    pub enum GrantType {
        /// RFC 6749 section 4.1.
        AuthorizationCode = "authorization_code",
        /// RFC 6749 section 6.
        RefreshToken = "refresh_token",
        /// RFC 6749 section 4.4.
        ClientCredentials = "client_credentials",
    }
}

crate::choice! {
    /// Where an app runs (OpenID Connect Registration section 2).
    pub enum ApplicationType {
        /// On a server or in a browser.
        Web = "web",
        /// On a person's device.
        Native = "native",
    }
}

crate::choice! {
    /// How ID tokens are signed.
    pub enum IdTokenAlgorithm {
        /// RSASSA-PKCS1-v1_5 with SHA-256.
        Rs256 = "RS256",
        /// ECDSA with P-256 and SHA-256.
        Es256 = "ES256",
    }
}

/// Client metadata. Lists are exact; texts are never empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Metadata {
    /// Where answers go, character by character.
    pub redirect_uris: Vec<String>,
    /// Where people go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may redeem.
    pub grant_types: Vec<GrantType>,
    /// How it proves itself.
    pub token_endpoint_auth_method: AuthMethod,
    /// Where it runs.
    pub application_type: ApplicationType,
    /// The scopes it may ask for.
    pub scope: String,
    /// How its ID tokens are signed.
    pub id_token_signed_response_alg: IdTokenAlgorithm,
    /// Whether PKCE is demanded; always for public clients.
    pub require_pkce: bool,
    /// The longest time since sign-in, in seconds, unless the request says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_max_age: Option<u64>,
    /// Its home page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_uri: Option<Url>,
    /// Its logo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo_uri: Option<Url>,
    /// Its privacy policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_uri: Option<Url>,
    /// Its terms of service.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tos_uri: Option<Url>,
}

impl Default for Metadata {
    fn default() -> Self {
        Self {
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
            token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
            application_type: ApplicationType::Web,
            scope: "openid profile email roles permissions groups offline_access".to_owned(),
            id_token_signed_response_alg: IdTokenAlgorithm::Rs256,
            require_pkce: true,
            default_max_age: None,
            client_uri: None,
            logo_uri: None,
            policy_uri: None,
            tos_uri: None,
        }
    }
}

/// What contradicts itself in metadata.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// A redirect URI that could send an answer astray.
    #[error(
        "the URI {0:?} is no place to send people to: https (http only on this machine), or for native apps a private scheme with a dot; no fragment, no wildcard"
    )]
    Uri(String),
    /// The code flow without a place to return to.
    #[error("grant type authorization_code needs at least one redirect URI")]
    NoRedirect,
    /// Grants that do not fit the kind.
    #[error("an API client uses grant type client_credentials, and only an API client or a confidential client may")]
    Grants,
    /// Public clients have no secret to prove themselves with.
    #[error("a public client cannot use grant type client_credentials")]
    PublicCredentials,
    /// The scope is malformed.
    #[error("the scope is malformed")]
    Scope,
    /// Too long a list.
    #[error("at most 50 URIs of at most 2,000 characters each")]
    TooMany,
    /// A link that is no web page.
    #[error("{0} must be an http or https address")]
    Link(&'static str),
}

impl Metadata {
    /// Whether a grant type is registered.
    pub fn may(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// The registered scopes.
    pub fn scopes(&self) -> Scope {
        Scope::parse(&self.scope).unwrap_or_default()
    }

    /// Checks everything that can be checked without the database.
    pub fn check(&self, kind: Kind) -> Result<(), MetadataError> {
        let uris = || self.redirect_uris.iter().chain(&self.post_logout_redirect_uris);
        if uris().count() > 50 || uris().any(|uri| uri.len() > 2_000) {
            return Err(MetadataError::TooMany);
        }
        if let Some(bad) = uris().find(|uri| !is_good_redirect(uri, self.application_type)) {
            return Err(MetadataError::Uri(bad.clone()));
        }
        let code = self.may(GrantType::AuthorizationCode);
        let credentials = self.may(GrantType::ClientCredentials);
        if credentials && self.token_endpoint_auth_method == AuthMethod::None {
            return Err(MetadataError::PublicCredentials);
        }
        if kind == Kind::Api && (code || !credentials) {
            return Err(MetadataError::Grants);
        }
        if code && self.redirect_uris.is_empty() {
            return Err(MetadataError::NoRedirect);
        }
        Scope::parse(&self.scope).map_err(|_| MetadataError::Scope)?;
        for (name, link) in [("client_uri", &self.client_uri), ("logo_uri", &self.logo_uri), ("policy_uri", &self.policy_uri), ("tos_uri", &self.tos_uri)] {
            if link.as_ref().is_some_and(|link| !matches!(link.scheme(), "http" | "https")) {
                return Err(MetadataError::Link(name));
            }
        }
        Ok(())
    }

    /// Whether `asked` is registered: exactly, but for the port of a native app's loopback address (RFC 8252 section 7.3).
    pub fn allows_redirect(&self, asked: &str) -> bool {
        self.redirect_uris.iter().any(|uri| uri == asked)
            || self.application_type == ApplicationType::Native && self.redirect_uris.iter().any(|uri| same_but_port(uri, asked))
    }
}

/// Whether answers to this address stay on the person's own device, where any program may listen.
pub fn is_device_redirect(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|url| match url.scheme() {
        "https" => false,
        "http" => is_loopback(&url),
        _ => true,
    })
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_good_redirect(uri: &str, application: ApplicationType) -> bool {
    // Control characters, blanks and backslashes are read differently by different programs.
    if uri.contains('*') || uri.bytes().any(|b| b <= b' ' || b == b'\\' || b >= 0x7f) {
        return false;
    }
    let Ok(url) = Url::parse(uri) else { return false };
    let plain = url.fragment().is_none() && url.username().is_empty() && url.password().is_none() && !uri.contains('#');
    plain
        && match url.scheme() {
            "https" => url.host().is_some(),
            "http" => is_loopback(&url),
            scheme => application == ApplicationType::Native && scheme.contains('.'),
        }
}

/// The literal loopback addresses only: a name could be made to point elsewhere.
fn same_but_port(registered: &str, asked: &str) -> bool {
    let strip = |uri: &str| -> Option<(String, String)> {
        ["http://127.0.0.1", "http://[::1]"].into_iter().find_map(|host| {
            let rest = uri.strip_prefix(host)?;
            let rest = match rest.strip_prefix(':') {
                Some(port) => port.trim_start_matches(|c: char| c.is_ascii_digit()),
                None => rest,
            };
            (rest.is_empty() || rest.starts_with(['/', '?'])).then(|| (host.to_owned(), rest.to_owned()))
        })
    };
    strip(registered).is_some() && strip(registered) == strip(asked)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(uris: &[&str]) -> Metadata {
        Metadata { redirect_uris: uris.iter().map(ToString::to_string).collect(), ..Metadata::default() }
    }

    #[test]
    fn hostile_redirect_uris_are_refused() {
        for bad in [
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "blob:https://app.example/x",
            "http://app.example/cb",
            "https://app.example/cb#x",
            "https://app.example/*",
            "https://user@app.example/cb",
            "https://app.example/\\@evil.example",
            "com.example.app:/cb",
            "/cb",
            "https:///cb\n",
        ] {
            assert_eq!(web(&[bad]).check(Kind::App), Err(MetadataError::Uri(bad.into())), "{bad}");
        }
        assert_eq!(web(&["https://app.example/cb?x=1", "http://localhost:3000/cb"]).check(Kind::App), Ok(()));
        let native = Metadata { application_type: ApplicationType::Native, ..web(&["com.example.app:/cb", "http://127.0.0.1/cb"]) };
        assert_eq!(native.check(Kind::App), Ok(()));
        assert!(Metadata { application_type: ApplicationType::Native, ..web(&["myapp:/cb"]) }.check(Kind::App).is_err(), "a private scheme has a dot");
    }

    #[test]
    fn only_native_apps_on_literal_loopback_may_change_the_port() {
        let native = Metadata { application_type: ApplicationType::Native, ..web(&["http://127.0.0.1/cb", "http://localhost/cb"]) };
        assert!(native.allows_redirect("http://127.0.0.1:49152/cb"));
        for bad in [
            "http://127.0.0.1:49152/other",
            "http://localhost:49152/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://[::1]:1/cb",
        ] {
            assert!(!native.allows_redirect(bad), "{bad}");
        }
        assert!(!web(&["http://127.0.0.1/cb"]).allows_redirect("http://127.0.0.1:49152/cb"));
        assert!(
            !web(&["https://app.example/cb"]).allows_redirect("https://app.example/cb/")
                && !web(&["https://app.example/cb"]).allows_redirect("https://APP.example/cb")
        );
    }

    #[test]
    fn grants_fit_the_kind() {
        let api = Metadata { grant_types: vec![GrantType::ClientCredentials], ..Metadata::default() };
        assert_eq!(api.check(Kind::Api), Ok(()));
        assert_eq!(web(&["https://app.example/cb"]).check(Kind::Api), Err(MetadataError::Grants));
        assert_eq!(Metadata::default().check(Kind::App), Err(MetadataError::NoRedirect));
        assert_eq!(Metadata { token_endpoint_auth_method: AuthMethod::None, ..api }.check(Kind::Api), Err(MetadataError::PublicCredentials));
    }
}
