//! The token endpoint.

use crate::actor::Actor;
use crate::http::visit::Visit;
use crate::oauth::client_auth::{self, ClientAuthError};
use crate::oauth::token::{self, TokenError};
use actix_web::HttpResponse;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA};
use actix_web::web::Payload;

/// `POST /oauth2/token`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let parameters = match visit.form(payload).await {
        Ok(parameters) => parameters,
        Err(error) => return visit.form_error_json(error),
    };
    let server = &visit.server;
    let header = visit.request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or("malformed"));
    let authenticated = async {
        let mut tx = server.ground.db.read().await?;
        client_auth::authenticate(&mut tx, header, &parameters, server.ground.clock.now()).await
    };
    let client = match authenticated.await {
        Ok(client) => client,
        Err(ClientAuthError::Refused(error)) => return visit.oauth_error(&error),
        Err(ClientAuthError::Unproved(unproved)) => {
            let noted = server.ground.work(&Actor::Anonymous, &visit.origin, async |work| unproved.note(work).await).await;
            return match noted {
                Ok(()) => visit.oauth_error(&unproved.error),
                Err(fault) => visit.fault_json(&fault),
            };
        }
        Err(ClientAuthError::Fault(fault)) => return visit.fault_json(&fault),
    };
    match token::redeem(&server.ground, &server.provider, &client, &parameters, &visit.origin).await {
        Ok(answer) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(answer),
        Err(TokenError::Refused(error)) => visit.oauth_error(&error),
        Err(TokenError::Fault(fault)) => visit.fault_json(&fault),
    }
}
