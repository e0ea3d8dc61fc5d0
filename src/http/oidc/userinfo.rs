//! The userinfo endpoint (OpenID Connect Core section 5.3): GET and POST with the token in the header, POST with it in the body.

use super::bearer;
use crate::http::visit::Visit;
use crate::oauth::userinfo;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Payload;

/// `GET /oauth2/userinfo`.
pub async fn get(visit: Visit) -> HttpResponse {
    answer(&visit, None).await
}

/// `POST /oauth2/userinfo`.
pub async fn post(visit: Visit, payload: Payload) -> HttpResponse {
    answer(&visit, Some(payload)).await
}

async fn answer(visit: &Visit, payload: Option<Payload>) -> HttpResponse {
    let token = match bearer::token(visit, payload).await {
        Ok(token) => token,
        Err(answer) => return answer,
    };
    match userinfo::userinfo(&visit.server.ground, &visit.server.provider, &token).await {
        Ok(claims) => HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(claims),
        Err(error) => bearer::refused(visit, &error),
    }
}
