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
