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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_named_only_when_there_is_one() {
        let page = |parameter: Option<&str>| {
            let frame = Frame::sample();
            ErrorPage { frame, title: "No".into(), text: "Because".into(), parameter: parameter.map(str::to_owned), request_id: "r1".into() }.render().unwrap()
        };
        assert!(page(Some("redirect_uri")).contains("<code>redirect_uri</code>") && page(None).contains("<code>r1</code>"));
        assert!(!page(None).contains("What is wrong"));
    }
}
