//! The bearer token of a request (RFC 6750 section 2): in the header, or in the body of a POST; never in the address.

use crate::http::visit::Visit;
use crate::oauth::bearer::BearerError;
use crate::oauth::error::OAuthError;
use actix_web::HttpResponse;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::web::Payload;

/// The token of a request, or the answer to one without.
pub(super) async fn token(visit: &Visit, payload: Option<Payload>) -> Result<String, HttpResponse> {
    let in_header = header(visit);
    let in_body = match payload {
        Some(payload) if visit.request.headers().contains_key(CONTENT_TYPE) => match visit.form(payload).await {
            Ok(form) => form.one("access_token").map_err(|error| visit.oauth_error(&error))?.map(ToOwned::to_owned),
            Err(error) => return Err(visit.form_error_json(error)),
        },
        _ => None,
    };
    if in_header.is_some() && in_body.is_some() {
        return Err(visit.oauth_error(&OAuthError::invalid_request("the token was sent in two ways at once")));
    }
    in_header.or(in_body).ok_or_else(unasked)
}

/// The bearer token in the header (RFC 6750 section 2.1).
fn header(visit: &Visit) -> Option<String> {
    let value = visit.request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

/// RFC 6750 section 3.1: a request without token is told no error.
fn unasked() -> HttpResponse {
    HttpResponse::Unauthorized().insert_header((WWW_AUTHENTICATE, "Bearer realm=\"gatehouse\"")).insert_header((CACHE_CONTROL, "no-store")).finish()
}

/// The answer to a token that is not accepted.
pub(super) fn refused(visit: &Visit, error: &BearerError) -> HttpResponse {
    match error {
        BearerError::Refused(error) => visit.oauth_error(error),
        BearerError::Fault(fault) => visit.fault_json(fault),
    }
}
