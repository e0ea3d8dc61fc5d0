//! The token endpoint, and how clients prove themselves at it and its like.

use crate::actor::Actor;
use crate::http::visit::Visit;
use crate::oauth::client_auth::{self, AuthenticatedClient, ClientAuthError};
use crate::oauth::parameters::Parameters;
use crate::oauth::token::{self, TokenError};
use actix_web::HttpResponse;
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, PRAGMA};
use actix_web::web::Payload;

/// The client that sends a form, with what it sends; or what it is told.
pub(super) async fn client(visit: &Visit, payload: Payload) -> Result<(AuthenticatedClient, Parameters), HttpResponse> {
    let parameters = visit.form(payload).await.map_err(|error| visit.form_error_json(error))?;
    let server = &visit.server;
    let header = visit.request.headers().get(AUTHORIZATION).map(|value| value.to_str().unwrap_or("malformed"));
    let authenticated = async {
        let mut tx = server.ground.db.read().await?;
        client_auth::authenticate(&mut tx, header, &parameters, server.ground.clock.now()).await
    };
    match authenticated.await {
        Ok(client) => Ok((client, parameters)),
        Err(ClientAuthError::Refused(error)) => Err(visit.oauth_error(&error)),
        Err(ClientAuthError::Unproved(unproved)) => {
            let noted = visit.server.ground.work(&Actor::Anonymous, &visit.origin, async |work| unproved.note(work).await).await;
            Err(match noted {
                Ok(()) => visit.oauth_error(&unproved.error),
                Err(fault) => visit.fault_json(&fault),
            })
        }
        Err(ClientAuthError::Fault(fault)) => Err(visit.fault_json(&fault)),
    }
}

/// `POST /oauth2/token`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    let (client, parameters) = match client(&visit, payload).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let server = &visit.server;
    match token::redeem(&server.ground, &server.provider, &client, &parameters, &visit.origin).await {
        Ok(answer) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache")).json(answer),
        Err(TokenError::Refused(error)) => visit.oauth_error(&error),
        Err(TokenError::Fault(fault)) => visit.fault_json(&fault),
    }
}
