//! The introspection endpoint (RFC 7662).

use super::token::client;
use crate::http::visit::Visit;
use crate::oauth::introspection;
use crate::oauth::token::TokenError;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::web::Payload;

/// `POST /oauth2/introspect`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let (client, parameters) = match client(&visit, payload).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    match introspection::introspect(&visit.server.ground, &visit.server.provider, &client, &parameters).await {
        Ok(claims) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(claims),
        Err(TokenError::Refused(error)) => visit.oauth_error(&error),
        Err(TokenError::Fault(fault)) => visit.fault_json(&fault),
    }
}
