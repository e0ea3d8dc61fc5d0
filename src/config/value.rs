//! The values that only a configuration has.

use crate::base::secret::Secret;
use std::path::PathBuf;
use url::Url;

/// The address under which browsers and apps reach the server: an origin, without path, query or user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
    issuer: String,
}

impl PublicUrl {
    /// Parses an origin. Answers what would be right when the text is not one.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        let url = Url::parse(text).map_err(|_| "an address like https://id.example.org")?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err("an address that starts with https:// (http:// only for localhost)");
        }
        // The issuer is compared character by character (OpenID Connect Discovery 1.0 section 4.3): nothing may follow the host.
        if url.path() != "/" || url.query().is_some() || url.fragment().is_some() || !url.username().is_empty() || url.password().is_some() {
            return Err("only scheme, host and port, like https://id.example.org, with no path, query, fragment or user");
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err("https://, because passwords and tokens travel to this host (http:// only for localhost, 127.0.0.1 and [::1])");
        }
        Ok(Self { issuer: url.origin().ascii_serialization(), url })
    }

    /// The issuer identifier (RFC 8414 section 2): the origin as text, without a slash at the end.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The origin as a URL.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The host, without port: also the relying party id of passkeys.
    pub fn host(&self) -> &str {
        // `http` and `https` URLs always have a host (WHATWG URL section 4.3).
        self.url.host_str().unwrap_or_default()
    }

    /// What a request to this server carries in `Host`: the host, and the port unless it is the scheme's own.
    pub fn authority(&self) -> &str {
        self.issuer.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// Whether browsers reach the server over TLS: then cookies are `Secure`.
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }
}

/// Whether the host is this machine under one of its three loopback names.
pub(super) fn is_loopback(url: &Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

/// Which database, and where.
#[derive(Clone, Debug)]
pub enum DatabaseUrl {
    /// SQLite in this file.
    Sqlite(PathBuf),
    /// PostgreSQL behind this URL, which may carry a password.
    Postgres(Secret<String>),
}

crate::choice! {
    /// How log lines look.
    pub enum LogFormat {
        /// For people: coloured text.
        Pretty = "pretty",
        /// For machines: one JSON object a line.
        Json = "json",
    }
}

/// An amount of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(usize);

impl Size {
    /// This many kilobytes of 1,024 bytes.
    pub const fn from_kilobytes(kilobytes: usize) -> Self {
        Self(kilobytes.saturating_mul(1024))
    }

    /// The amount in bytes.
    pub const fn bytes(self) -> usize {
        self.0
    }
}
