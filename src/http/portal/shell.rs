//! What every page of the portal stands in: the sections, the person, what was just done.

use super::Portal;
use crate::http::listing::NO_ROOM;
use crate::http::page::Frame;
use crate::http::paths;
pub use crate::http::top::initials;
use crate::word;
use actix_web::http::Method;
use askama::Template;
use std::ops::Deref;

/// The sections of the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// What needs attention.
    Overview,
    /// People.
    Users,
    /// Groups.
    Groups,
    /// Organization roles.
    Roles,
    /// API clients.
    Clients,
    /// Invitations.
    Invitations,
    /// Apps.
    Apps,
    /// Stages.
    Stages,
    /// The audit trail.
    Audit,
    /// Settings.
    Settings,
    /// The built-in mailbox.
    Mailbox,
    /// A page that belongs to none.
    Elsewhere,
}

/// A section's place in the menu: its path, the key of its name, and the permissions of which one is enough to see it.
struct Place {
    section: Section,
    path: &'static str,
    name: &'static str,
    needs: &'static [&'static str],
    /// Whether a line stands before it.
    apart: bool,
}

const fn place(section: Section, path: &'static str, name: &'static str, needs: &'static [&'static str], apart: bool) -> Place {
    Place { section, path, name, needs, apart }
}

/// The menu, in its order.
const MENU: &[Place] = &[
    place(Section::Overview, paths::PORTAL, word!("portal-overview"), &[], false),
    place(Section::Users, paths::USERS, word!("portal-users"), &["members.view", "end_users.view", "users.manage"], false),
    place(Section::Groups, paths::GROUPS, word!("portal-groups"), &["end_users.view", "end_user_groups.manage"], false),
    place(Section::Roles, paths::ROLES, word!("portal-roles"), &["organization_roles.manage", "members.view"], false),
    place(Section::Clients, paths::CLIENTS, word!("who-clients"), &["api_clients.manage", "members.view", "users.manage"], false),
    place(
        Section::Invitations,
        paths::INVITATIONS,
        word!("portal-invitations"),
        &["member_access.manage", "end_user_access.manage", "end_user_groups.manage", "users.manage"],
        false,
    ),
    place(Section::Apps, paths::APPS, word!("portal-apps"), &["app.view"], true),
    place(Section::Stages, paths::STAGES, word!("portal-stages"), &["stage.view"], false),
    place(Section::Audit, paths::AUDIT, word!("portal-audit"), &["audit.view"], false),
    place(Section::Settings, paths::SETTINGS, word!("portal-settings"), &["organization.manage"], true),
    // Rule 3d: only a holder of everything (`Shell::of` asks for that).
    place(Section::Mailbox, paths::MAILBOX, word!("portal-mailbox"), &[], false),
];

/// What was done, by the key that the address carries: a sentence for the reader.
pub const DONE: &[(&str, &str)] = &[
    ("saved", word!("done-saved")),
    ("deactivated", word!("done-deactivated")),
    ("activated", word!("done-activated")),
    ("signed-out", word!("done-signed-out")),
    ("revoked", word!("done-revoked")),
    ("period-changed", word!("done-period-changed")),
    ("user-deleted", word!("done-user-deleted")),
    ("user-erased", word!("done-user-erased")),
    ("members-removed", word!("done-members-removed")),
    ("app-created", word!("done-app-created")),
    ("app-deployed", word!("done-app-deployed")),
    ("app-removed", word!("done-app-removed")),
    ("app-promoted", word!("done-app-promoted")),
    ("app-undeployed", word!("done-app-undeployed")),
    ("app-deleted", word!("done-app-deleted")),
    ("client-created", word!("done-client-created")),
    ("client-suspended", word!("done-client-suspended")),
    ("client-resumed", word!("done-client-resumed")),
    ("api-client-resumed", word!("done-api-client-resumed")),
    ("secret-ended", word!("done-secret-ended")),
    ("mail-server", word!("done-mail-server")),
    ("mail-mailbox", word!("done-mail-mailbox")),
    ("mail-again", word!("done-mail-again")),
    ("group-made", word!("done-group-made")),
    ("group-deleted", word!("done-group-deleted")),
    ("members-added", word!("done-members-added")),
    ("member-removed", word!("done-member-removed")),
    ("group-role-given", word!("done-group-role-given")),
    ("group-role-removed", word!("done-group-role-removed")),
    ("role-made", word!("done-role-made")),
    ("role-removed", word!("done-role-removed")),
    ("own-removed", word!("done-own-removed")),
    ("stage-made", word!("done-stage-made")),
    ("stage-deleted", word!("done-stage-deleted")),
    ("stage-moved", word!("done-stage-moved")),
    ("accent-saved", word!("done-accent-saved")),
    ("logo-saved", word!("done-logo-saved")),
    ("logo-removed", word!("done-logo-removed")),
    ("brand-reset", word!("done-brand-reset")),
    ("invitation-resent", word!("done-invitation-resent")),
    ("invitation-revoked", word!("done-invitation-revoked")),
    ("invitation-gone", word!("done-invitation-gone")),
    ("many-started", word!("done-many-started")),
    ("many-paused", word!("done-many-paused")),
    ("many-cancelled", word!("done-many-cancelled")),
    ("many-discarded", word!("done-many-discarded")),
];

/// A link of the menu.
pub struct MenuLink {
    /// Where it leads.
    pub path: &'static str,
    /// What it says.
    pub name: String,
    /// Whether this page belongs to it.
    pub here: bool,
    /// Whether a line stands before it.
    pub apart: bool,
}

/// What the layout of the portal needs.
pub struct Shell {
    /// The layout of every page.
    pub frame: Frame,
    /// The sections that this person may see.
    pub menu: Vec<MenuLink>,
    /// The name of the person.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// What was just done.
    pub done: Option<String>,
    /// The token for every form of this session.
    pub csrf: String,
    /// The address of this page, or of its section when it answers a form: where a preview leads back to.
    pub here: String,
    /// Whether the session is one of our own pages: the portal's always is.
    pub signed_in_here: bool,
    /// Whether the person holds everything: only then the settings of mail open (rule 3d).
    pub holds_all: bool,
}

impl Deref for Shell {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Shell {
    pub(super) async fn of(portal: &Portal, section: Section) -> Self {
        let mut frame = portal.visit.frame().await;
        frame.words = portal.words;
        let person = &portal.person;
        let mailbox = person.authority.holds_all() && portal.keeps_letters().await;
        let may = |place: &&Place| {
            if place.section == Section::Mailbox {
                return mailbox;
            }
            place.needs.is_empty() || place.needs.iter().any(|permission| person.may_somewhere(permission))
        };
        let menu = MENU
            .iter()
            .filter(may)
            .map(|place| MenuLink { path: place.path, name: frame.words.say(place.name), here: place.section == section, apart: place.apart })
            .collect();
        let query = portal.visit.query();
        let done = query.one("done").ok().flatten().and_then(|key| DONE.iter().find(|(known, _)| *known == key)).map(|(_, word)| frame.words.say(word));
        let request = &portal.visit.request;
        let asked = (request.method() == Method::GET).then(|| lasting(request.path(), request.query_string()));
        let of_section = || MENU.iter().find(|place| place.section == section).map_or(paths::PORTAL, |place| place.path).to_owned();
        Self {
            menu,
            here: asked.unwrap_or_else(of_section),
            name: person.user.label().to_owned(),
            email: person.user.email.to_string(),
            done,
            csrf: person.csrf(&portal.visit.server),
            signed_in_here: true,
            holds_all: person.authority.holds_all(),
            frame,
        }
    }

    /// Whether the list of users is in the menu: then its search stands in the head of every page.
    pub fn sees_users(&self) -> bool {
        self.menu.iter().any(|link| link.path == paths::USERS)
    }

    /// Two letters for somebody's picture.
    pub fn initials(&self, name: &str) -> String {
        initials(name)
    }
}

/// The page for somebody who lacks a permission.
#[derive(Template)]
#[template(path = "portal/denied.html")]
pub struct DeniedPage {
    /// The layout.
    pub shell: Shell,
    /// The name of what is missing, if it is one permission.
    pub permission: Option<String>,
}

/// An address without what it tells once: whoever comes back to it later is not told again.
fn lasting(path: &str, query: &str) -> String {
    let kept: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| !["done", NO_ROOM].contains(&&**name)).collect();
    if kept.is_empty() {
        return path.to_owned();
    }
    format!("{path}?{}", url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).finish())
}

#[cfg(test)]
impl Shell {
    /// A shell in English for somebody who sees everything.
    pub fn sample(frame: Frame, name: String, email: String) -> Self {
        let menu =
            MENU.iter().enumerate().map(|(at, place)| MenuLink { path: place.path, name: frame.words.say(place.name), here: at == 1, apart: place.apart });
        Self {
            menu: menu.collect(),
            name,
            email,
            done: Some(frame.words.say("done-saved")),
            csrf: "c5rf".into(),
            here: "/portal/users?q=ana".into(),
            signed_in_here: true,
            holds_all: true,
            frame,
        }
    }
}
