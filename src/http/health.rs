//! Whether the process is alive, and whether it can answer requests: for those who watch over it.

use super::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;

/// `GET /healthz`: the process runs.
#[allow(clippy::unused_async)] // a handler is asynchronous by its type
pub async fn alive() -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body("alive\n")
}

/// `GET /readyz`: the database answers, its schema is ours, and the clocks agree.
pub async fn ready(visit: Visit) -> HttpResponse {
    let (mut answer, text) = match visit.server.ready().await {
        Ok(()) => (HttpResponse::Ok(), "ready\n".to_owned()),
        Err(why) => (HttpResponse::ServiceUnavailable(), format!("{why}\n")),
    };
    answer.insert_header((CACHE_CONTROL, "no-store")).content_type("text/plain; charset=utf-8").body(text)
}
