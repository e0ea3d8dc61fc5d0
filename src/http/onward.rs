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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_go_on_in_order_and_unchanged() {
        let fields = vec![("state".into(), "a\"b<c>&".into()), ("submit".into(), "1".into())];
        let html = ContinuePage { frame: Frame::sample(), action: "https://sales.example/cb?x=1&y=2".into(), fields }.render().unwrap();
        assert!(html.contains(r#"<form method="post" action="https://sales.example/cb?x=1&#38;y=2">"#));
        let state = html.find(r#"<input type="hidden" name="state" value="a&#34;b&#60;c&#62;&#38;">"#);
        assert!(state.is_some() && state < html.find(r#"<input type="hidden" name="submit" value="1">"#));
        // The button adds no field of its own; the script is one of our files.
        assert!(html.contains(r#"<button class="primary" id="continue">"#) && html.contains(r#"<script src="/static/"#));
    }
}
