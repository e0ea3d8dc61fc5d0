//! `/login`: e-mail and password.

use crate::http::page::Frame;
use askama::Template;

/// The sign-in form. It posts `username`, `password`, `csrf` and `action` (`sign-in` or `cancel`) to `/login`.
#[derive(Template)]
#[template(path = "login/sign_in.html")]
pub struct SignInPage {
    /// The layout.
    pub frame: Frame,
    /// The app that asked for the sign-in; only then is there something to cancel.
    pub app: Option<String>,
    /// The stage of that app, when the reader should know.
    pub stage: Option<String>,
    /// The e-mail address typed before, or hinted at by the app.
    pub username: String,
    /// Why the last try failed.
    pub error: Option<String>,
    /// The token of the attempt that guards the form.
    pub csrf: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> SignInPage {
        SignInPage { frame: Frame::sample(), app: None, stage: None, username: String::new(), error: None, csrf: "c5rf".into() }
    }

    #[test]
    fn cancel_is_there_only_when_an_app_waits() {
        let html = page().render().unwrap();
        assert!(html.contains("<title>Sign in · Acme</title>") && html.contains("<h1>Sign in</h1>") && html.contains("to <bdi>Acme</bdi>"));
        assert!(!html.contains("login-cancel") && !html.contains("role=\"alert\"") && !html.contains("aria-invalid"));
        let html = SignInPage { app: Some("Sales & Co".into()), stage: Some("QA".into()), ..page() }.render().unwrap();
        assert!(html.contains(r#"<button id="login-cancel" name="action" value="cancel" formnovalidate>"#));
        assert!(html.contains("to continue to <bdi>Sales &amp; Co</bdi>") && html.contains("<bdi>QA</bdi>"));
        // The Enter key takes the first button of a form.
        assert!(html.find("login-submit") < html.find("login-cancel"));
    }

    #[test]
    fn an_error_is_announced_and_tied_to_both_fields() {
        let html = SignInPage { username: "a\"b@acme.example".into(), error: Some("No <b>".into()), ..page() }.render().unwrap();
        assert!(html.contains(r#"id="login-error" role="alert">No &#60;b&#62;</p>"#));
        assert_eq!(html.matches(r#"aria-invalid="true" aria-describedby="login-error""#).count(), 2);
        assert!(html.contains(r#"value="a&#34;b@acme.example""#));
        assert!(html.contains(r#"autocomplete="username webauthn""#));
        // The address is there already, so the password comes next.
        assert_eq!(html.matches(" autofocus").count(), 1);
        assert!(html.find("autofocus") > html.find(r#"id="password""#));
    }
}
