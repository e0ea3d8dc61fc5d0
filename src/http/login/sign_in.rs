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
