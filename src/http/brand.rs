//! `/brand`: the organization's own accent colour and logo, on our own paths. The address has their fingerprint, so browsers keep them.

use super::error::ErrorWords;
use super::visit::Visit;
use crate::identity::organization::brand::{self, Brand};
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::Path;
use actix_web::{HttpResponse, HttpResponseBuilder};

/// The route of the style sheet.
pub const ACCENT: &str = "/brand/{version}/accent.css";
/// The route of the logo.
pub const LOGO: &str = "/brand/{version}/logo";

/// The addresses of what the organization chose; `None`: the standard.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// A style sheet that sets the accent.
    pub accent: Option<String>,
    /// A picture.
    pub logo: Option<String>,
}

impl Links {
    /// The addresses of a look.
    pub fn of(brand: &Brand) -> Self {
        let at = |route: &str| route.replace("{version}", &brand.fingerprint);
        Self { accent: brand.accent.map(|_| at(ACCENT)), logo: brand.logo.map(|_| at(LOGO)) }
    }
}

fn forever(content_type: &'static str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type(content_type)
        .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((CONTENT_SECURITY_POLICY, "default-src 'none'"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    answer
}

/// `GET /brand/{version}/accent.css`.
pub async fn accent(visit: Visit, version: Path<String>) -> HttpResponse {
    let found = async {
        let mut tx = visit.server.ground.db.read().await?;
        visit.server.provider.known.snapshot(&mut tx).await
    };
    match found.await {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(snapshot) => match snapshot.brand.accent.filter(|_| snapshot.brand.fingerprint == *version) {
            Some(accent) => forever("text/css; charset=utf-8").body(format!(":root {{ --accent: {accent} }}\n")),
            None => visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await,
        },
    }
}

/// `GET /brand/{version}/logo`.
pub async fn logo(visit: Visit, version: Path<String>) -> HttpResponse {
    let found = async {
        let mut tx = visit.server.ground.db.read().await?;
        brand::logo(&mut tx, &version).await
    };
    match found.await {
        Err(fault) => visit.fault_page(&fault).await,
        Ok(Some((kind, bytes))) => forever(kind.as_str()).body(bytes),
        Ok(None) => visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await,
    }
}
