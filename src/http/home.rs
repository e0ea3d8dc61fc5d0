//! `/`: what this place is.

use crate::access::administrators;
use crate::http::error::ErrorWords;
use crate::http::page::{Forms, Frame, render};
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The front page.
#[derive(Template)]
#[template(path = "home.html")]
pub struct HomePage {
    /// The layout.
    pub frame: Frame,
    /// Whether the organization has been set up; until then the page says how to.
    pub set_up: bool,
}

/// `GET /`.
pub async fn show(visit: Visit) -> HttpResponse {
    let set_up = async {
        let mut tx = visit.server.ground.db.read().await?;
        administrators::exist(&mut tx, visit.server.ground.clock.now()).await
    };
    match set_up.await {
        Ok(set_up) => render(StatusCode::OK, &HomePage { frame: visit.frame().await, set_up }, Forms::Stay),
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// Every address that is none of ours.
pub async fn nothing_here(visit: Visit) -> HttpResponse {
    visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_place_says_how_to_set_it_up() {
        let page = |set_up| HomePage { frame: Frame::sample(), set_up }.render().unwrap();
        assert!(page(false).contains("gatehouse apply FILE") && !page(true).contains("gatehouse apply FILE"));
        assert!(page(true).contains("<bdi>Acme</bdi>"));
        assert!(page(false).contains("data/setup-link") && !page(true).contains("setup-link"));
        assert!(page(true).contains("href=\"/portal\"") && page(true).contains("href=\"/account\"") && !page(false).contains("/portal"));
    }
}
