//! A visit: what every handler knows about the request it answers, and how it reads a form.

use crate::base::text::Locale;
use crate::oauth::parameters::Parameters;
use crate::server::Server;
use crate::work::Origin;
use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, USER_AGENT};
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpMessage, HttpRequest};
use futures_util::{Stream, StreamExt};
use std::future::{Ready, ready};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// The id of a request: in the log, on error pages, in the audit trail.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// A cookie that the answer to a request sets, whichever it is: what changes the cookie lies deeper than what answers.
#[derive(Clone, Debug)]
pub struct NewCookie(pub Cookie<'static>);

/// One request, seen from its handler.
#[derive(Clone, Debug)]
pub struct Visit {
    /// The request itself.
    pub request: HttpRequest,
    /// The server.
    pub server: Data<Server>,
    /// Its id.
    pub id: Arc<str>,
    /// From where, for the audit trail and the brake on guessing.
    pub origin: Origin,
    /// The reader's language.
    pub locale: Locale,
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(server) = request.app_data::<Data<Server>>().cloned() else {
            return ready(Err(actix_web::error::ErrorInternalServerError("the server was not given to the application")));
        };
        let id = request.extensions().get::<RequestId>().map_or_else(|| Arc::from("-"), |id| id.0.clone());
        let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
        let origin = Origin {
            request_id: Some(id.to_string()),
            address: address(request, &server).map(|address| address.to_string()),
            user_agent: header(USER_AGENT).map(|agent| agent.chars().take(300).collect()),
        };
        let locale = header(ACCEPT_LANGUAGE).map_or_else(Locale::english, preferred);
        ready(Ok(Self { request: request.clone(), server, id, origin, locale }))
    }
}

/// The first language that the reader would like to read.
fn preferred(accepted: &str) -> Locale {
    accepted.split(',').take(10).find_map(|part| Locale::parse(part.split(';').next()?.trim()).ok()).unwrap_or_else(Locale::english)
}

/// The address of the caller. `X-Forwarded-For` is believed only from trusted proxies: the rightmost hop that is none of them.
fn address(request: &HttpRequest, server: &Server) -> Option<IpAddr> {
    let trusted = |address: IpAddr| server.config.server.trusted_proxies.iter().any(|network| network.contains(&address));
    let peer = request.peer_addr()?.ip().to_canonical();
    if !trusted(peer) {
        return Some(peer);
    }
    let mut nearest = peer;
    let hops: Vec<&str> = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).collect();
    for hop in hops.into_iter().rev() {
        // Some proxies write the port as well.
        let hop = hop.trim();
        let Ok(address) = hop.parse::<IpAddr>().or_else(|_| hop.parse::<SocketAddr>().map(|hop| hop.ip())) else { break };
        nearest = address.to_canonical();
        if !trusted(nearest) {
            break;
        }
    }
    Some(nearest)
}

/// Why a form could not be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormError {
    /// More bytes than `limits.body_kb`.
    TooLarge,
    /// Not `application/x-www-form-urlencoded`.
    Type,
    /// The connection broke.
    Broken,
    /// It was on its way for longer than `BODY_TIME`.
    Slow,
}

/// The fields of a long form: a role with every permission at every stage fits.
const FIELDS: usize = 5_000;
/// So long a body may be on its way: nobody holds a connection open with one that does not come.
pub const BODY_TIME: Duration = Duration::from_mins(1);

impl Visit {
    /// The parameters in the query.
    pub fn query(&self) -> Parameters {
        Parameters::parse(self.request.query_string().as_bytes())
    }

    /// Reads a form, as far as the limit goes.
    pub async fn form(&self, payload: web::Payload) -> Result<Parameters, FormError> {
        Ok(Parameters::parse(&self.body(payload).await?))
    }

    /// Reads a form of our own that may have very many fields. One with more is refused as a whole: what is left out of it would be taken away.
    pub async fn long_form(&self, payload: web::Payload) -> Result<Parameters, FormError> {
        let body = self.body(payload).await?;
        if url::form_urlencoded::parse(&body).nth(FIELDS).is_some() {
            return Err(FormError::TooLarge);
        }
        Ok(Parameters::parse_up_to(&body, FIELDS))
    }

    async fn body(&self, payload: web::Payload) -> Result<web::BytesMut, FormError> {
        let content_type = self.request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(FormError::Type);
        }
        let limit = self.server.config.limits.body_kb.bytes();
        Box::pin(collect(payload, limit, BODY_TIME)).await
    }
}

/// Reads a body to its end, if it has no more bytes than `limit` and is here within `time`.
async fn collect<E>(mut payload: impl Stream<Item = Result<web::Bytes, E>> + Unpin, limit: usize, time: Duration) -> Result<web::BytesMut, FormError> {
    let read = async {
        let mut body = web::BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| FormError::Broken)?;
            if body.len() + chunk.len() > limit {
                return Err(FormError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    };
    tokio::time::timeout(time, read).await.unwrap_or(Err(FormError::Slow))
}

#[cfg(test)]
mod tests {
    use super::{FormError, collect, preferred};
    use actix_web::web::Bytes;
    use futures_util::{StreamExt, stream};
    use std::time::Duration;

    #[test]
    fn the_first_language_that_can_be_read_wins() {
        assert_eq!(preferred("de-CH,de;q=0.9,en;q=0.8").as_str(), "de-CH");
        assert_eq!(preferred("*, fr;q=0.5").as_str(), "fr");
        assert_eq!(preferred("").as_str(), "en");
    }

    #[actix_web::test]
    async fn a_body_comes_whole_and_in_time_or_not_at_all() {
        let chunk = |text: &'static str| Ok::<_, ()>(Bytes::from_static(text.as_bytes()));
        let (minute, moment) = (Duration::from_mins(1), Duration::from_millis(20));
        let come = async |limit, time| collect(stream::iter([chunk("a="), chunk("b")]), limit, time).await;
        assert_eq!(come(3, minute).await.as_deref(), Ok(&b"a=b"[..]));
        assert_eq!(come(2, minute).await, Err(FormError::TooLarge));
        let slow = stream::iter([chunk("a=")]).chain(stream::pending());
        assert_eq!(collect(slow, 3, moment).await, Err(FormError::Slow));
        let broken = stream::iter([chunk("a="), Err(())]);
        assert_eq!(collect(broken, 3, minute).await, Err(FormError::Broken));
    }
}
