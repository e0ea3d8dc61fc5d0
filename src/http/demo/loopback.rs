//! The way of this process to itself. What the demo app asks of the issuer goes to the address on which this process listens, so
//! that it arrives also where a proxy stands between the public address and us, or where that address cannot be reached from here.
//! Nothing else is ever fetched.

use super::pending::Answered;
use crate::base::fault::Fault;
use crate::server::Server;
use actix_web::web::Bytes;
use openidconnect::{HttpRequest, HttpResponse};
use reqwest::header::{HOST, HeaderValue};
use reqwest::redirect::Policy;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

/// No answer of ours is longer: discovery, keys, tokens, userinfo.
const LARGEST: usize = 512 * 1_024;
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks this process over HTTP, under its public name.
#[derive(Clone, Debug)]
pub struct Itself {
    issuer: String,
    host: HeaderValue,
    base: String,
    client: reqwest::Client,
    /// What came back already.
    pub answered: Answered,
}

/// Why there was no answer.
#[derive(Debug, thiserror::Error)]
pub enum LoopbackError {
    /// The address is not below the issuer.
    #[error("{0} is not an address of this server")]
    Foreign(String),
    /// The answer is longer than any of ours.
    #[error("the answer is too long")]
    TooLong,
    /// It cannot be reached.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
}

/// Where to reach a listener on this machine: one that listens on every address is asked on loopback.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

impl Itself {
    /// `address` is where this process listens.
    pub fn new(server: &Server, address: SocketAddr) -> Result<Self, Fault> {
        let fault = |error| Fault::new("make the HTTP client of the demo app", error);
        // No connection is kept: one that idles would hold up the end of this process.
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(PATIENCE).pool_max_idle_per_host(0).build();
        Ok(Self {
            issuer: server.issuer().to_owned(),
            host: HeaderValue::from_str(server.config.server.public_url.authority()).map_err(|error| Fault::new("read our own name", error))?,
            base: format!("http://{}", reachable(address)),
            client: client.map_err(fault)?,
            answered: Answered::default(),
        })
    }

    /// What to ask for at our own address; `None`: it is not below the issuer.
    fn own(&self, url: &str) -> Option<String> {
        let path = url.strip_prefix(&self.issuer).filter(|path| path.starts_with('/'))?;
        Some(format!("{}{path}", self.base))
    }

    /// Asks.
    pub async fn ask(&self, request: HttpRequest) -> Result<HttpResponse, LoopbackError> {
        let (parts, body) = request.into_parts();
        let url = parts.uri.to_string();
        let url = self.own(&url).ok_or(LoopbackError::Foreign(url))?;
        let request = self.client.request(parts.method, url).headers(parts.headers).header(HOST, self.host.clone()).body(body);
        let mut answer = request.send().await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await? {
            let chunk: Bytes = chunk;
            if body.len() + chunk.len() > LARGEST {
                return Err(LoopbackError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_issuer_is_asked_and_only_here() {
        let itself = Itself {
            issuer: "https://id.acme.example".into(),
            host: HeaderValue::from_static("id.acme.example"),
            base: format!("http://{}", reachable(([0, 0, 0, 0], 8080).into())),
            client: reqwest::Client::new(),
            answered: Answered::default(),
        };
        assert_eq!(itself.own("https://id.acme.example/oauth2/token?x=1").as_deref(), Some("http://127.0.0.1:8080/oauth2/token?x=1"));
        for foreign in [
            "https://id.acme.example",
            "https://id.acme.example.evil/x",
            "https://id.acme.example:8443/x",
            "https://id.acme.example@evil.example/x",
            "http://id.acme.example/x",
            "https://evil.example/https://id.acme.example/",
        ] {
            assert_eq!(itself.own(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn a_listener_on_every_address_is_asked_on_this_machine() {
        let at = |text: &str| reachable(text.parse().unwrap()).to_string();
        assert_eq!([at("0.0.0.0:80"), at("[::]:80"), at("10.0.0.7:80")], ["127.0.0.1:80", "[::1]:80", "10.0.0.7:80"]);
    }
}
