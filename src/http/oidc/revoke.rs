//! The revocation endpoint (RFC 7009).

use super::token::client;
use crate::http::visit::Visit;
use crate::oauth::revocation;
use crate::oauth::token::TokenError;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA};
use actix_web::web::Payload;

/// `POST /oauth2/revoke`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let (client, parameters) = match client(&visit, payload).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    match revocation::revoke(&visit.server.ground, &visit.server.provider, &client, &parameters, &visit.origin).await {
        Ok(()) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).finish(),
        Err(TokenError::Refused(error)) => visit.oauth_error(&error),
        Err(TokenError::Fault(fault)) => visit.fault_json(&fault),
    }
}
