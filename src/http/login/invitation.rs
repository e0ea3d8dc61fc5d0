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
    /// Where the person can go now.
    pub apps: Vec<AppLink>,
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
