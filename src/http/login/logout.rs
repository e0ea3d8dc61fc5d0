//! `/logout`: the question, and what comes after it.

use crate::http::page::Frame;
use askama::Template;

/// The question whether to sign out. It posts `csrf` to `/logout`.
#[derive(Template)]
#[template(path = "login/logout.html")]
pub struct LogoutPage {
    /// The layout.
    pub frame: Frame,
    /// What would end.
    pub sessions: Vec<SignedInAs>,
    /// The client that asked for it, if one did.
    pub client: Option<String>,
    /// The token that guards the form.
    pub csrf: String,
}

/// One session of this browser.
pub struct SignedInAs {
    /// The stage, or the portal.
    pub where_: String,
    /// The e-mail address of the person.
    pub who: String,
}

/// The page after a sign-out that leads nowhere else.
#[derive(Template)]
#[template(path = "login/signed_out.html")]
pub struct SignedOutPage {
    /// The layout.
    pub frame: Frame,
}
