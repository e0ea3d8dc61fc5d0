//! `/invitations/...`: see what is offered, then accept or decline it.

use crate::http::page::{FieldError, Frame};
use crate::mail::messages::OfferLine;
use askama::Template;

/// An invitation, with everything it offers. Accepting posts `name`, `password` and `csrf` to `/invitations/accept`; declining posts
/// `csrf` to `/invitations/decline`.
#[derive(Template)]
#[template(path = "login/invitation.html")]
pub struct InvitationPage {
    /// The layout.
    pub frame: Frame,
    /// The address that was invited.
    pub email: String,
    /// Who invites.
    pub inviter: String,
    /// What accepting gives.
    pub offers: Vec<OfferLine>,
    /// When the invitation ends.
    pub expires: String,
    /// The name typed before.
    pub name: String,
    /// The length that a password must have.
    pub password_min: usize,
    /// What was wrong with the last try: fields `name` and `password`.
    pub errors: Vec<FieldError>,
    /// The token that guards both forms.
    pub csrf: String,
}

/// The form for the code of an invitation, for when its link is broken. It posts `email`, `code` and `csrf` to `/invitations/code`.
#[derive(Template)]
#[template(path = "login/invitation_code.html")]
pub struct InvitationCodePage {
    /// The layout.
    pub frame: Frame,
    /// The address typed before.
    pub email: String,
    /// The code typed before.
    pub code: String,
    /// Why the last try failed.
    pub error: Option<String>,
    /// The token that guards the form.
    pub csrf: String,
}

/// The first page of somebody who has just joined.
#[derive(Template)]
#[template(path = "login/welcome.html")]
pub struct WelcomePage {
    /// The layout.
    pub frame: Frame,
    /// The name of the person.
    pub name: String,
    /// Whether joining signed the person in somewhere: it does so at the stages where something was given.
    pub signed_in: bool,
    /// Where the person can go now.
    pub apps: Vec<AppLink>,
    /// Whether the portal has something for the person: an organization role was given.
    pub portal: bool,
}

/// An app that the reader may open.
pub struct AppLink {
    /// Its name.
    pub name: String,
    /// Its stage, when the reader should know.
    pub stage: Option<String>,
    /// Its home page, if we know it.
    pub url: Option<String>,
}

/// A page that only tells something: an invitation that is over, or was never there.
#[derive(Template)]
#[template(path = "login/notice.html")]
pub struct NoticePage {
    /// The layout.
    pub frame: Frame,
    /// What happened, in a few words.
    pub title: String,
    /// What it means.
    pub text: String,
    /// What to do next.
    pub hint: String,
}

impl NoticePage {
    /// The invitee has declined.
    pub fn declined(frame: Frame, inviter: &str) -> Self {
        let words = frame.words;
        let hint = words.with("invitation-declined-hint", &[("inviter", inviter)]);
        Self { title: words.say("invitation-declined-title"), text: words.say("invitation-declined"), hint, frame }
    }

    /// The invitation was accepted before.
    pub fn already_accepted(frame: Frame) -> Self {
        let words = frame.words;
        let hint = words.say("invitation-accepted-hint");
        Self { title: words.say("invitation-accepted-title"), text: words.say("invitation-accepted"), hint, frame }
    }

    /// The invitation has come to its end, or was revoked.
    pub fn expired(frame: Frame) -> Self {
        let words = frame.words;
        let hint = words.say("invitation-expired-hint");
        Self { title: words.say("invitation-expired-title"), text: words.say("invitation-expired"), hint, frame }
    }

    /// No such invitation.
    pub fn unknown(frame: Frame) -> Self {
        let words = frame.words;
        let hint = words.say("invitation-unknown-hint");
        Self { title: words.say("invitation-unknown-title"), text: words.say("invitation-unknown"), hint, frame }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(errors: Vec<FieldError>) -> InvitationPage {
        InvitationPage {
            frame: Frame::sample(),
            email: "ana@acme.example".into(),
            inviter: "Bo <Lindqvist>".into(),
            offers: vec![OfferLine { what: "Approver".into(), place: "Sales Desk".into(), starts: None, until: Some("31 December 2026".into()) }],
            expires: "1 December 2026".into(),
            name: "Ana".into(),
            password_min: 12,
            errors,
            csrf: "c5rf".into(),
        }
    }

    #[test]
    fn everything_offered_stands_before_the_button() {
        let html = page(Vec::new()).render().unwrap();
        let accept = html.find("id=\"invitation-accept\"");
        for shown in ["<bdi>Approver</bdi>", "<bdi>Sales Desk</bdi>", "until <bdi>31 December 2026</bdi>", "good until 1 December 2026", "Bo &lt;Lindqvist&gt;"]
        {
            assert!(html.find(shown).is_some() && html.find(shown) < accept, "{shown}");
        }
        assert!(html.contains(r#"minlength="12""#) && html.contains("At least 12 characters") && html.contains(r#"autocomplete="new-password""#));
        assert!(!html.contains("aria-invalid"));
        // Declining says what it does before its button, in a form of its own.
        let decline = html.split("action=\"/invitations/decline\"").nth(1).unwrap();
        assert!(decline.find("Declining ends this invitation") < decline.find("id=\"invitation-decline\""));
    }

    #[test]
    fn an_error_stands_at_its_own_field() {
        let html = page(vec![FieldError { field: "password", message: "Too <short>".into() }]).render().unwrap();
        assert!(html.contains(r#"aria-describedby="password-hint password-error" aria-invalid="true""#));
        assert!(html.contains(r#"id="password-error" role="alert">Too &#60;short&#62;</p>"#));
        assert!(!html.contains("name-error") && html.contains(r#"value="Ana""#));
        // The focus goes to the first field that is wrong, and only then: who opens the page reads it from its beginning.
        let both = page(["name", "password"].map(|field| FieldError { field, message: "No".into() }).into()).render().unwrap();
        assert!(html.split(" autofocus").next().unwrap().contains("id=\"password\"") && !both.split(" autofocus").next().unwrap().contains("id=\"password\""));
        assert_eq!([html, both, page(Vec::new()).render().unwrap()].map(|html| html.matches(" autofocus").count()), [1, 1, 0]);
    }

    #[test]
    fn an_app_without_address_is_no_link() {
        let app = |url: Option<&str>| AppLink { name: "Sales".into(), stage: Some("QA".into()), url: url.map(str::to_owned) };
        let page =
            |apps: Vec<AppLink>| WelcomePage { frame: Frame::sample(), name: "Ana".into(), signed_in: !apps.is_empty(), portal: false, apps }.render().unwrap();
        assert!(!page(vec![app(None)]).contains("class=\"link\"") && page(vec![app(None)]).contains("<bdi>Sales</bdi>"));
        assert!(page(vec![app(Some("https://sales.example/?a&b"))]).contains(r#"<a href="https://sales.example/?a&#38;b">"#));
        assert!(page(Vec::new()).contains("No apps yet") && !page(Vec::new()).contains("signed in"));
    }

    #[test]
    fn a_notice_names_who_can_help() {
        let html = NoticePage::declined(Frame::sample(), "Bo <Lindqvist>").render().unwrap();
        assert!(html.contains("Ask Bo &#60;Lindqvist&#62; to invite you again.") && html.contains("<h1>Invitation declined</h1>"));
    }
}
