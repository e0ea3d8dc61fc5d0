//! Errors as people see them.

use crate::http::page::Frame;
use askama::Template;

/// The page for a request that we cannot answer, nor send back to where it came from.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The layout.
    pub frame: Frame,
    /// What happened, in a few words.
    pub title: String,
    /// What it means, and what to do next.
    pub text: String,
    /// The request parameter at fault, such as `redirect_uri`, when there is one: it tells the developer where to look.
    pub parameter: Option<String>,
    /// The id under which the log knows this request.
    pub request_id: String,
}
