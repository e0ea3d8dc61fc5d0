//! `/consent`: may this client act for you?

use crate::http::page::Frame;
use askama::Template;

/// The question whether a client may act for the person. It posts `csrf` and `action` (`allow` or `deny`) to `/consent`.
#[derive(Template)]
#[template(path = "login/consent.html")]
pub struct ConsentPage {
    /// The layout.
    pub frame: Frame,
    /// The app that the client belongs to, if it belongs to one.
    pub app: Option<String>,
    /// The stage of that app, when the reader should know.
    pub stage: Option<String>,
    /// Who asks.
    pub client: ConsentClient,
    /// The e-mail address of the person who is asked.
    pub person: String,
    /// What is asked for: one sentence each.
    pub asks: Vec<String>,
    /// Whether the access shall outlive the session (`offline_access`).
    pub offline: bool,
    /// Whether the client answers on the person's own device, where nothing proves who it is.
    pub loopback: bool,
    /// The token of the attempt that guards the form.
    pub csrf: String,
}

/// What a client says about itself (RFC 7591 section 2).
pub struct ConsentClient {
    /// Its name.
    pub name: String,
    /// Our own copy of its logo, as a path on this origin: the content policy shows no other.
    pub logo_uri: Option<String>,
    /// Its privacy policy.
    pub policy_uri: Option<String>,
    /// Its terms of service.
    pub tos_uri: Option<String>,
    /// Its home page.
    pub client_uri: Option<String>,
}
