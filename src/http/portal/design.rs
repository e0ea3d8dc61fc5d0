//! `/portal/design`: every part of the design system on one page, to look at. In debug builds only; `?dir=rtl` shows it in a language
//! written from right to left. Its texts are samples: nobody but those who build Gatehouse reads them.

use super::Portal;
use super::shell::{Section, Shell};
use super::users::{Choice, Choices};
use crate::http::listing::{Listing, Pager};
use crate::http::visit::Visit;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "portal/design/page.html")]
pub struct DesignPage {
    /// The layout.
    pub shell: Shell,
    /// A list, for its toolbar.
    pub list: Listing,
    /// A filter.
    pub filters: Vec<Choices>,
    /// A pager with every link.
    pub pager: Pager,
}

impl DesignPage {
    /// The page in a shell.
    pub fn new(shell: Shell) -> Self {
        let list = Listing::read("/portal/design", "q=ana");
        let link = || Some("/portal/design".to_owned());
        let options = [("", "Any status"), ("active", "Active")].map(|(value, text)| Choice { value: value.into(), text: text.into(), chosen: false });
        let filters = vec![Choices { name: "status", label: "Status".into(), options: options.into() }];
        Self { shell, list, filters, pager: Pager { first: link(), previous: link(), next: link() } }
    }
}

/// `GET /portal/design`.
pub async fn show(visit: Visit) -> HttpResponse {
    let mut portal = match Portal::enter(visit, &[]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    if portal.visit.query().one("dir").ok().flatten() == Some("rtl") {
        portal.words = Words::pseudo();
    }
    Portal::page(StatusCode::OK, &DesignPage::new(portal.shell(Section::Elsewhere).await))
}
