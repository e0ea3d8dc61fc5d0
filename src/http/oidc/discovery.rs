//! Discovery: one document, made once, the same bytes every time.

use crate::base::fault::Fault;
use crate::http::paths;
use crate::oauth::discovery;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::{Bytes, Data};

/// The document as bytes.
#[derive(Clone, Debug)]
pub struct Discovery(Bytes);

impl Discovery {
    /// Makes the document of an issuer.
    pub fn of(issuer: &str) -> Result<Self, Fault> {
        let document = discovery::document(issuer, |path| format!("{issuer}{path}"), &paths::ENDPOINTS)
            .map_err(|error| Fault::new("write the discovery document", error))?;
        Ok(Self(serde_json::to_vec(&document)?.into()))
    }
}

/// `GET /.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
#[allow(clippy::unused_async)] // a handler is asynchronous by its type
pub async fn get(document: Data<Discovery>) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").insert_header((CACHE_CONTROL, "public, max-age=300")).body(document.0.clone())
}
