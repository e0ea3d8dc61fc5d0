//! What every page of the account stands in: its small menu, the person, what was just done.

use super::Account;
use crate::http::page::Frame;
use crate::http::{paths, top};
use crate::word;
use std::ops::Deref;

/// The sections of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Where the person can go.
    Apps,
    /// Name, language and the like.
    Profile,
    /// The password.
    Password,
    /// Where they are signed in.
    Sessions,
    /// What they hold, and why.
    Access,
}

/// The menu, in its order.
const MENU: &[(Section, &str, &str)] = &[
    (Section::Apps, paths::ACCOUNT, word!("account-apps")),
    (Section::Profile, paths::PROFILE, word!("account-profile")),
    (Section::Password, paths::PASSWORD, word!("password")),
    (Section::Sessions, paths::SESSIONS, word!("sessions")),
    (Section::Access, paths::ACCESS, word!("account-access")),
];

/// What was done, by the key that the address carries: a sentence for the reader.
const DONE: &[(&str, &str)] = &[
    ("saved", word!("done-saved")),
    ("password", word!("done-password")),
    ("signed-out", word!("done-signed-out")),
    ("signed-out-others", word!("done-signed-out-others")),
];

/// A link of the menu.
pub struct MenuLink {
    /// Where it leads.
    pub path: &'static str,
    /// What it says.
    pub name: String,
    /// Whether this page belongs to it.
    pub here: bool,
}

/// What the layout of the account needs.
pub struct Shell {
    /// The layout of every page.
    pub frame: Frame,
    /// The menu.
    pub menu: Vec<MenuLink>,
    /// The name of the person.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// What was just done.
    pub done: Option<String>,
    /// The token for every form of this session.
    pub csrf: String,
    /// Whether the session is one of our own pages; one of a stage is signed out where it asks first.
    pub signed_in_here: bool,
    /// Whether the portal has something for the person.
    pub portal: bool,
}

impl Deref for Shell {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Shell {
    pub(super) async fn of(account: &Account, section: Section) -> Self {
        let mut frame = account.visit.frame().await;
        frame.words = account.words;
        let person = &account.person;
        let menu = MENU.iter().map(|(of, path, name)| MenuLink { path, name: frame.words.say(name), here: *of == section }).collect();
        let query = account.visit.query();
        let done = query.one("done").ok().flatten().and_then(|key| DONE.iter().find(|(known, _)| *known == key)).map(|(_, word)| frame.words.say(word));
        Self {
            menu,
            name: person.user.label().to_owned(),
            email: person.user.email.to_string(),
            done,
            csrf: person.csrf(&account.visit.server),
            signed_in_here: account.context.is_portal(),
            portal: person.has_business_here(),
            frame,
        }
    }

    /// Two letters for somebody's picture.
    pub fn initials(&self, name: &str) -> String {
        top::initials(name)
    }
}

#[cfg(test)]
impl Shell {
    /// A shell for somebody who is signed in on our own pages, or at a stage.
    pub fn sample(frame: Frame, name: String, email: String, signed_in_here: bool) -> Self {
        let menu = MENU.iter().enumerate().map(|(at, (_, path, name))| MenuLink { path, name: frame.words.say(name), here: at == 0 }).collect();
        let done = Some(frame.words.say("done-saved"));
        Self { menu, name, email, done, csrf: "c5rf".into(), signed_in_here, portal: signed_in_here, frame }
    }
}
