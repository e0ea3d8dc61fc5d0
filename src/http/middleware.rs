//! What happens around every request: an id, the right host, one line in the log.

use super::paths;
use super::visit::{NewCookie, RequestId};
use crate::base::secret::random_token;
use crate::server::Server;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HOST, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{Error, HttpMessage, HttpResponse};
use std::sync::Arc;
use std::time::Instant;
use tracing::Instrument;

/// Gives the request its id, refuses a foreign host, logs the answer. The log names the route, never the address as sent: an
/// invitation's link is a secret.
pub async fn around<B: MessageBody>(request: ServiceRequest, next: Next<B>) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let began = Instant::now();
    let id: Arc<str> = random_token::<16>().into();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let span = tracing::info_span!("request", id = %id, %method);
    async move {
        let mut response = match foreign_host(&request) {
            Some(refusal) => request.into_response(refusal).map_into_right_body(),
            None => next.call(request).await?.map_into_left_body(),
        };
        let cookie = response.request().extensions_mut().remove::<NewCookie>();
        if let Some(Err(error)) = cookie.map(|NewCookie(cookie)| response.response_mut().add_cookie(&cookie)) {
            tracing::error!(%error, "a cookie could not be set");
        }
        if let Ok(id) = HeaderValue::from_str(&id) {
            response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
        }
        let status = response.status().as_u16();
        let route = response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
        let micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        if status >= 500 {
            tracing::error!(route, status, micros, "answered");
        } else if status >= 400 {
            tracing::info!(route, status, micros, "answered");
        } else {
            tracing::debug!(route, status, micros, "answered");
        }
        Ok(response)
    }
    .instrument(span)
    .await
}

/// 421 for a request that was meant for another host: no link, cookie or token is made for a name that we do not have.
fn foreign_host(request: &ServiceRequest) -> Option<HttpResponse> {
    // Probes come by address.
    if matches!(request.path(), paths::HEALTHZ | paths::READYZ) {
        return None;
    }
    let server = request.app_data::<Data<Server>>()?;
    let expected = server.config.server.public_url.authority();
    let received = request.headers().get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    if received.eq_ignore_ascii_case(expected) {
        return None;
    }
    let shown: String = received.chars().take(100).collect();
    let text = format!("This server answers for {expected}; the request was for {shown:?}.\nSet server.public_url to the address that people use.\n");
    Some(HttpResponse::MisdirectedRequest().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(text))
}
