//! The claims endpoint (OpenID Connect Core section 5.6.2): what did not fit into the access token that is sent, as a signed JWT.

use super::bearer;
use crate::http::visit::Visit;
use crate::oauth::distributed_claims;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Payload;

/// `GET /oauth2/claims`.
pub async fn get(visit: Visit) -> HttpResponse {
    answer(&visit, None).await
}

/// `POST /oauth2/claims`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    answer(&visit, Some(payload)).await
}

async fn answer(visit: &Visit, payload: Option<Payload>) -> HttpResponse {
    let token = match bearer::token(visit, payload).await {
        Ok(token) => token,
        Err(answer) => return answer,
    };
    match distributed_claims::claims(&visit.server.ground, &visit.server.provider, &token).await {
        Ok(jwt) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("application/jwt").body(jwt),
        Err(error) => bearer::refused(visit, &error),
    }
}
