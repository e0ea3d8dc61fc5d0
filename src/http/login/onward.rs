//! Fields on their way to another address: a cross-site POST repeated from our origin, or an answer by form post.

use crate::http::page::Frame;
use askama::Template;

/// A form that posts itself, by an external script or by its visible button.
#[derive(Template)]
#[template(path = "login/onward.html")]
pub struct ContinuePage {
    /// The layout.
    pub frame: Frame,
    /// Where the form goes. Only an address that has been checked: a template cannot tell a harmful scheme.
    pub action: String,
    /// The fields, in order, with their values.
    pub fields: Vec<(String, String)>,
}
