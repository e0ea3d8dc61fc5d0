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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_who_and_where_and_who_asks() {
        let session = || SignedInAs { where_: "Production".into(), who: "ana@acme.example".into() };
        let page = |sessions, client: Option<&str>| {
            LogoutPage { frame: Frame::sample(), sessions, client: client.map(str::to_owned), csrf: "c5rf".into() }.render().unwrap()
        };
        let html = page(vec![session()], Some("Sales <Desk>"));
        assert!(html.contains("<bdi>Production</bdi>") && html.contains("<bdi>ana@acme.example</bdi>"));
        assert!(html.contains("<bdi>Sales &lt;Desk&gt;</bdi> asks to sign you out") && html.contains("Stay signed in"));
        assert!(!page(vec![session()], None).contains("asks to sign you out"));
        let nobody = page(Vec::new(), Some("Sales"));
        assert!(nobody.contains("id=\"logout-confirm\"") && !nobody.contains("Stay signed in"));
    }
}
