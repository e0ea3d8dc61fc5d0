//! The userinfo endpoint (OpenID Connect Core section 5.3): GET and POST with the token in the header, POST with it in the body.

use crate::http::visit::Visit;
use crate::oauth::error::OAuthError;
use crate::oauth::userinfo::{self, BearerError};
use actix_web::HttpResponse;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::web::Payload;

/// `GET /oauth2/userinfo`.
pub async fn get(visit: Visit) -> HttpResponse {
    answer(&visit, header(&visit)).await
}

/// `POST /oauth2/userinfo`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let in_header = header(&visit);
    let in_body = if visit.request.headers().contains_key(CONTENT_TYPE) {
        match visit.form(payload).await {
            Ok(form) => match form.one("access_token") {
                Ok(token) => token.map(ToOwned::to_owned),
                Err(error) => return visit.oauth_error(&error),
            },
            Err(error) => return visit.form_error_json(error),
        }
    } else {
        None
    };
    if in_header.is_some() && in_body.is_some() {
        return visit.oauth_error(&OAuthError::invalid_request("the token was sent in two ways at once"));
    }
    answer(&visit, in_header.or(in_body)).await
}

/// The bearer token in the header (RFC 6750 section 2.1).
fn header(visit: &Visit) -> Option<String> {
    let value = visit.request.headers().get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned())
}

async fn answer(visit: &Visit, token: Option<String>) -> HttpResponse {
    let Some(token) = token else {
        // RFC 6750 section 3.1: a request without token is told no error.
        return HttpResponse::Unauthorized()
            .insert_header((WWW_AUTHENTICATE, "Bearer realm=\"gatehouse\""))
            .insert_header((CACHE_CONTROL, "no-store"))
            .finish();
    };
    match userinfo::userinfo(&visit.server.ground, &visit.server.provider, &token).await {
        Ok(claims) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(claims),
        Err(BearerError::Refused(error)) => visit.oauth_error(&error),
        Err(BearerError::Fault(fault)) => visit.fault_json(&fault),
    }
}
