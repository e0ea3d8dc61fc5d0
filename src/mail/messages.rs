//! The mails we write: one struct per message, each with a text and an HTML template. The HTML stands alone: no image, nothing fetched.

use crate::words::Words;
use askama::Template;

/// One role or membership that somebody gets, in the reader's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferLine {
    /// What: the name of the role or group.
    pub what: String,
    /// Where it applies: an app, a stage, the organization.
    pub place: String,
    /// The date from which it applies, if it does not at once.
    pub starts: Option<String>,
    /// The date on which it ends by itself, if it does.
    pub until: Option<String>,
}

/// An invitation. Holds the link and the code, so it is never printed.
pub struct InvitationMail {
    /// The messages in the invitee's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
    /// Who invites.
    pub inviter: String,
    /// The link with the token.
    pub link: String,
    /// The code for when the link does not work.
    pub code: String,
    /// The page on which the code is entered.
    pub code_page: String,
    /// What the invitation offers.
    pub offers: Vec<OfferLine>,
    /// When it ends.
    pub expires: String,
}

/// Somebody who is here already was given access.
pub struct AccessGranted {
    /// The messages in the reader's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
    /// The name of the person.
    pub name: String,
    /// Who gave it.
    pub giver: String,
    /// What was given.
    pub offers: Vec<OfferLine>,
    /// Where to go.
    pub link: String,
}

/// Somebody has joined.
pub struct Welcome {
    /// The messages in the reader's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
    /// The name of the person.
    pub name: String,
    /// The address the person signs in with.
    pub email: String,
    /// Where to go.
    pub link: String,
}

/// A refresh token was used twice, so the sign-in of an app was ended (RFC 9700 section 4.14.2).
pub struct RefreshReplayed {
    /// The messages in the reader's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
    /// The name of the person.
    pub name: String,
    /// The app whose sign-in ended; the organization for a tool of its own.
    pub app: String,
    /// When it ended.
    pub when: String,
}

/// A test of the mail settings, to whoever tries them out.
pub struct TestMail {
    /// The messages in the reader's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
}

/// Somebody changed their password.
pub struct PasswordChanged {
    /// The messages in the reader's language.
    pub words: Words,
    /// The name of the organization.
    pub organization: String,
    /// The name of the person.
    pub name: String,
    /// When.
    pub when: String,
}

/// Gives each message its subject and its two templates. The templates see the message as `mail`.
macro_rules! mails {
    ($($message:ident, $subject:expr, $text:literal, $html:literal;)+) => {$(
        impl $message {
            /// The subject: one line, whatever a name brings.
            pub fn subject(&self) -> String {
                let subject: fn(&Self) -> String = $subject;
                subject(self).replace(char::is_control, " ")
            }

            /// The mail as plain text.
            pub fn text(&self) -> Result<String, askama::Error> {
                #[derive(Template)]
                #[template(path = $text, escape = "none")]
                struct Text<'a> {
                    mail: &'a $message,
                }
                Text { mail: self }.render()
            }

            /// The mail as HTML.
            pub fn html(&self) -> Result<String, askama::Error> {
                #[derive(Template)]
                #[template(path = $html)]
                struct Html<'a> {
                    mail: &'a $message,
                }
                Html { mail: self }.render()
            }
        }
    )+};
}

mails! {
    InvitationMail,
    |mail| mail.words.with("mail-invitation-subject", &[("inviter", &mail.inviter), ("organization", &mail.organization)]),
    "mail/invitation.txt", "mail/invitation.html";

    AccessGranted,
    |mail| mail.words.with("mail-access-subject", &[("organization", &mail.organization)]),
    "mail/access_granted.txt", "mail/access_granted.html";

    Welcome,
    |mail| mail.words.with("mail-welcome-subject", &[("organization", &mail.organization)]),
    "mail/welcome.txt", "mail/welcome.html";

    RefreshReplayed,
    |mail| mail.words.with("mail-replayed-subject", &[("app", &mail.app)]),
    "mail/refresh_replayed.txt", "mail/refresh_replayed.html";

    TestMail,
    |mail| mail.words.with("mail-test-subject", &[("organization", &mail.organization)]),
    "mail/test.txt", "mail/test.html";

    PasswordChanged,
    |mail| mail.words.with("mail-password-subject", &[("organization", &mail.organization)]),
    "mail/password_changed.txt", "mail/password_changed.html";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    fn invitation() -> InvitationMail {
        InvitationMail {
            words: Words::of(&Locale::english()),
            organization: "Acme & Co".into(),
            inviter: "Bo\r\nBcc: eve@evil.example".into(),
            link: "https://id.acme.example/invitations/open?token=t0ken&x=1".into(),
            code: "7KQ2MX".into(),
            code_page: "https://id.acme.example/invitations/code".into(),
            offers: vec![
                OfferLine { what: "Approver".into(), place: "Sales Desk at QA".into(), starts: None, until: Some("31 Dec 2026".into()) },
                OfferLine { what: "Developer".into(), place: "Acme".into(), starts: None, until: None },
                OfferLine { what: "Tester".into(), place: "Acme".into(), starts: Some("1 Mar 2026".into()), until: None },
                OfferLine { what: "Desk".into(), place: "Group at QA".into(), starts: Some("1 Mar 2026".into()), until: Some("31 Dec 2026".into()) },
            ],
            expires: "1 Dec 2026".into(),
        }
    }

    #[test]
    fn the_subject_is_one_line() {
        assert_eq!(invitation().subject(), "Bo  Bcc: eve@evil.example invites you to Acme & Co");
    }

    #[test]
    fn the_text_says_it_plainly() {
        let text = InvitationMail { inviter: "Bo".into(), ..invitation() }.text().unwrap();
        let expected = "\
Bo invites you to join Acme & Co.

What you get:
- Approver, Sales Desk at QA, until 31 Dec 2026
- Developer, Acme, no end date
- Tester, Acme, from 1 Mar 2026
- Desk, Group at QA, from 1 Mar 2026 until 31 Dec 2026

See the invitation, then accept or decline it:
https://id.acme.example/invitations/open?token=t0ken&x=1

The invitation is good until 1 Dec 2026. Opening it decides nothing yet.

If the link does not work, enter this code with your e-mail address:
7KQ2MX
at https://id.acme.example/invitations/code

You did not expect this? Then do nothing, and keep the link and the code to yourself.

-- 
Acme & Co sent this mail through Gatehouse.";
        assert_eq!(text, expected);
        let bare = InvitationMail { offers: Vec::new(), ..invitation() }.text().unwrap();
        assert!(!bare.contains("What you get") && !bare.contains("\n\n\n"), "{bare}");
    }

    #[test]
    fn the_html_carries_link_and_code_and_escapes_names() {
        let html = InvitationMail { inviter: "<b>Bo</b>".into(), ..invitation() }.html().unwrap();
        assert!(html.contains(r#"href="https://id.acme.example/invitations/open?token=t0ken&#38;x=1""#) && html.contains("7KQ2MX"));
        assert!(html.contains("<bdi>&lt;b&gt;Bo&lt;/b&gt;</bdi> invites you") && html.contains("Acme &#38; Co"));
    }
}
