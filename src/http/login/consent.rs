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

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> ConsentPage {
        ConsentPage {
            frame: Frame::sample(),
            app: Some("Sales Desk".into()),
            stage: None,
            client: ConsentClient { name: "Robot".into(), logo_uri: None, policy_uri: None, tos_uri: None, client_uri: None },
            person: "ana@acme.example".into(),
            asks: Vec::new(),
            offline: false,
            loopback: false,
            csrf: "c5rf".into(),
        }
    }

    #[test]
    fn nothing_is_shown_that_was_not_asked() {
        let html = page().render().unwrap();
        assert!(html.contains("<bdi>Robot</bdi> asks to act for you in <bdi>Sales Desk</bdi>.") && html.contains("<bdi>ana@acme.example</bdi>"));
        for absent in ["client-logo", "client-policy-uri", "client-tos-uri", "class=\"asks\"", "notice warn", "class=\"links\""] {
            assert!(!html.contains(absent), "{absent}");
        }
        let html = ConsentPage { app: None, offline: true, ..page() }.render().unwrap();
        assert!(html.contains("<bdi>Robot</bdi> asks to act for you.") && html.contains("<li class=\"standing\">"));
    }

    #[test]
    fn every_ask_and_every_link_is_shown() {
        let client = ConsentClient { policy_uri: Some("https://r.example/?a=1&b=\"".into()), tos_uri: Some("https://r.example/t".into()), ..page().client };
        let html = ConsentPage { client, asks: vec!["See <you>".into(), "Approve".into()], loopback: true, ..page() }.render().unwrap();
        assert!(html.contains("<li>See &#60;you&#62;</li>") && html.contains("<li>Approve</li>") && html.contains("notice warn"));
        assert!(html.contains(r#"<a id="client-policy-uri" href="https://r.example/?a=1&#38;b=&#34;" rel="noopener""#));
        assert!(html.contains(r#"<a id="client-tos-uri" href="https://r.example/t" rel="noopener""#));
        assert!(html.contains(r#"id="consent-allow" name="action" value="allow""#) && html.contains(r#"id="consent-deny" name="action" value="deny""#));
    }
}
