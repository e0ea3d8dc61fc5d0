//! What is known of somebody, what they hold and where they are signed in, row by row.

use super::holds::Kind;
use super::{SessionRow, SignInLine};
use crate::access::load::Snapshot;
use crate::access::people::{EndUserHeld, GroupHeld, Held, OrganizationHeld, Side, Sight, Terms};
use crate::audit;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::base::text::DisplayName;
use crate::base::time::Timestamp;
use crate::http::paths;
use crate::http::portal::access::{why_app_role, why_organization_role};
use crate::http::portal::holds::{GrantRow, Holding};
use crate::http::portal::terms::{by, ends};
use crate::http::portal::{Portal, sign_ins};
use crate::identity::group::ASSIGNED;
use crate::identity::user::{self, User};
use crate::login::session::Listed;
use crate::word;
use crate::words::Words;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What the head of the page has no room for. What nobody recorded is left out; whether the address is proved decides over everything else.
pub(super) async fn facts(portal: &Portal, user: &User) -> Result<Vec<(String, String)>, Fault> {
    let words = portal.words;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let terms = user::terms_accepted(&mut tx, user.id).await?;
    drop(tx);
    let username = user.profile.preferred_username.as_ref().map(|name| (words.say("user-username"), name.to_string()));
    let proved = user.email_verified_at.map_or_else(|| words.say("user-not-proved"), |at| words.minute(at));
    let terms = terms.map(|(version, at)| {
        let accepted = words.with("user-terms-accepted", &[("version", version), ("date", words.minute(at))]);
        (words.say("user-terms"), accepted)
    });
    let side = Side::of(portal.person.snapshot.organization.as_ref(), user.email.as_str());
    let domain = side.map(|side| (words.say("email-domain"), words.say(if side == Side::Internal { word!("internal") } else { word!("external") })));
    Ok(username.into_iter().chain([(words.say("user-proved"), proved)]).chain(terms).chain(domain).collect())
}

/// Something that somebody holds, as a row shows it.
pub(super) enum Item<'h> {
    /// A role of the organization.
    Role(&'h OrganizationHeld),
    /// A role of an app; with the group through which it is held, if it is not held directly.
    AppRole(&'h EndUserHeld, Option<&'h GroupHeld>),
    /// A group.
    Group(&'h GroupHeld),
}

impl<'h> Item<'h> {
    /// What somebody holds of one kind, as far as the reader may see it, in order.
    pub(super) fn all(kind: Kind, held: &'h Held, sight: &Sight) -> Vec<Self> {
        match kind {
            Kind::Roles if sight.everybody || sight.members => held.organization.iter().map(Self::Role).collect(),
            Kind::Roles => Vec::new(),
            Kind::AppRoles => {
                let mut groups: HashMap<Uuid, &GroupHeld> = HashMap::new();
                for group in &held.groups {
                    groups.entry(group.group_id.uuid()).or_insert(group);
                }
                let seen = |grant: &&EndUserHeld| sight.sees(grant.deployment_id);
                let direct = held.end_user.iter().filter(seen).map(|grant| Self::AppRole(grant, None));
                let through = held.of_groups.iter().filter(seen);
                direct.chain(through.filter_map(|grant| Some(Self::AppRole(grant, Some(groups.get(&grant.holder_id).copied()?))))).collect()
            }
            Kind::Groups => {
                let seen: HashSet<Uuid> = held.of_groups.iter().filter(|grant| sight.sees(grant.deployment_id)).map(|grant| grant.holder_id).collect();
                held.groups.iter().filter(|group| sight.everybody || seen.contains(&group.group_id.uuid())).map(Self::Group).collect()
            }
        }
    }

    pub(super) fn row(&self, portal: &Portal, user: UserId) -> GrantRow {
        let (words, now) = (portal.words, portal.person.now);
        let terms = self.terms();
        let (what, place, through, may) = match self {
            Self::Role(grant) => {
                let place = grant.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string);
                (&grant.role_name, place, None, portal.may("member_access.manage", Reach::Organization))
            }
            Self::AppRole(grant, group) => {
                let place = words.with("at-stage", &[("app", grant.app_name.as_str()), ("stage", grant.stage_name.as_str())]);
                let may = group.is_none() && portal.may("end_user_access.manage", Reach::AppAtStage(grant.app_id, grant.stage_id));
                (&grant.role_name, place, group.map(|group| group.group_name.to_string()), may)
            }
            Self::Group(group) => {
                // What an identity provider maps is changed there.
                let may = group.source == ASSIGNED && portal.may("end_user_groups.manage", Reach::Stage(group.stage_id));
                (&group.group_name, group.stage_name.to_string(), None, may)
            }
        };
        let (kind, of, app) = match self {
            Self::Role(grant) => ("role", grant.role_id.to_string(), grant.app_id.map(|app| app.to_string())),
            Self::AppRole(grant, _) => ("app-role", grant.role_id.to_string(), None),
            Self::Group(group) => ("group", group.group_id.to_string(), None),
        };
        GrantRow {
            what: what.to_string(),
            place,
            through,
            by: by(words, terms),
            reason: terms.reason.clone(),
            ends: ends(words, terms, now),
            why: self.why(portal, user),
            change: may.then(|| paths::period(user, kind, &of, app.as_deref())),
            revoke: may.then(|| paths::revoke(user, kind, &of, app.as_deref())),
        }
    }
}

impl Item<'_> {
    /// Whoever sees the row may read why it is there.
    fn why(&self, portal: &Portal, user: UserId) -> Option<String> {
        let (snapshot, page) = (&portal.person.snapshot, paths::user_access(user));
        match self {
            Self::Role(grant) => why_organization_role(snapshot, &page, grant.role_id, grant.app_id),
            Self::AppRole(grant, _) => why_app_role(snapshot, &page, grant.role_id),
            Self::Group(_) => None,
        }
    }
}

impl Holding for Item<'_> {
    fn texts(&self) -> Vec<&str> {
        match self {
            Self::Role(grant) => std::iter::once(&grant.role_name).chain(&grant.app_name).map(DisplayName::as_str).collect(),
            Self::AppRole(grant, group) => {
                let mut texts = grant.texts();
                texts.extend(group.map(|group| group.group_name.as_str()));
                texts
            }
            Self::Group(group) => vec![group.group_name.as_str(), group.stage_name.as_str()],
        }
    }

    fn terms(&self) -> &Terms {
        match self {
            Self::Role(grant) => &grant.terms,
            Self::AppRole(grant, _) => &grant.terms,
            Self::Group(group) => &group.terms,
        }
    }
}

pub(super) fn session_row(words: Words, session: Listed, now: Timestamp) -> SessionRow {
    SessionRow {
        id: session.id,
        place: session.stage.unwrap_or_else(|| words.say("logout-own-pages")),
        device: session.user_agent.unwrap_or_default(),
        address: session.address.unwrap_or_default(),
        seen: words.ago(session.last_seen_at, now),
    }
}

pub(super) fn sign_in_line(words: Words, snapshot: &Snapshot, entry: audit::Recent, now: Timestamp) -> SignInLine {
    SignInLine {
        good: entry.kind == audit::Kind::SignedIn,
        place: sign_ins::place(words, snapshot, &entry),
        address: entry.address.unwrap_or_default(),
        device: entry.user_agent.unwrap_or_default(),
        when: words.ago(entry.at, now),
    }
}
