//! `/`: what this place is.

use crate::http::page::Frame;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_place_says_how_to_set_it_up() {
        let page = |set_up| HomePage { frame: Frame::sample(), set_up }.render().unwrap();
        assert!(page(false).contains("gatehouse apply FILE") && !page(true).contains("gatehouse apply FILE"));
        assert!(page(true).contains("<bdi>Acme</bdi>"));
    }
}
