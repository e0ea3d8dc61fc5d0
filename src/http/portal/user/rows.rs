//! What is known of somebody, what they hold and where they are signed in, row by row.

use super::{GrantRow, SessionRow, SignInLine};
use crate::access::load::Snapshot;
use crate::access::people::{self, Held, Sight};
use crate::audit;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::http::paths;
use crate::http::portal::terms::{by, ends};
use crate::http::portal::{Portal, sign_ins};
use crate::identity::group::ASSIGNED;
use crate::identity::user::{self, User};
use crate::login::session::Listed;
use crate::words::Words;

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
    Ok(username.into_iter().chain([(words.say("user-proved"), proved)]).chain(terms).collect())
}

pub(super) fn organization_rows(portal: &Portal, user: &User, held: &Held) -> Vec<GrantRow> {
    let (words, now) = (portal.words, portal.person.now);
    let may = portal.may("member_access.manage", Reach::Organization);
    let row = |grant: &people::OrganizationHeld| {
        let (role, app) = (grant.role_id.to_string(), grant.app_id.map(|app| app.to_string()));
        GrantRow {
            what: grant.role_name.to_string(),
            place: grant.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string),
            through: None,
            by: by(words, &grant.terms),
            reason: grant.terms.reason.clone(),
            ends: ends(words, &grant.terms, now),
            change: may.then(|| paths::period(user.id, "role", &role, app.as_deref())),
            revoke: may.then(|| paths::revoke(user.id, "role", &role, app.as_deref())),
        }
    };
    held.organization.iter().map(row).collect()
}

pub(super) fn end_user_rows(portal: &Portal, user: &User, held: &Held, sight: &Sight) -> Vec<GrantRow> {
    let (words, now) = (portal.words, portal.person.now);
    let row = |grant: &people::EndUserHeld, through: Option<String>| {
        let may = through.is_none() && portal.may("end_user_access.manage", Reach::AppAtStage(grant.app_id, grant.stage_id));
        GrantRow {
            what: grant.role_name.to_string(),
            place: words.with("at-stage", &[("app", grant.app_name.as_str()), ("stage", grant.stage_name.as_str())]),
            through,
            by: by(words, &grant.terms),
            reason: grant.terms.reason.clone(),
            ends: ends(words, &grant.terms, now),
            change: may.then(|| paths::period(user.id, "app-role", &grant.role_id.to_string(), None)),
            revoke: may.then(|| paths::revoke(user.id, "app-role", &grant.role_id.to_string(), None)),
        }
    };
    let seen = |grant: &&people::EndUserHeld| sight.sees(grant.deployment_id);
    let direct = held.end_user.iter().filter(seen).map(|grant| row(grant, None));
    let through = held.of_groups.iter().filter(seen).map(|grant| {
        let group = held.groups.iter().find(|group| group.group_id.uuid() == grant.holder_id);
        row(grant, Some(group.map(|group| group.group_name.to_string()).unwrap_or_default()))
    });
    direct.chain(through).collect()
}

pub(super) fn group_rows(portal: &Portal, user: &User, held: &Held, sight: &Sight) -> Vec<GrantRow> {
    let (words, now) = (portal.words, portal.person.now);
    let seen = |group: &&people::GroupHeld| {
        sight.everybody || held.of_groups.iter().any(|grant| grant.holder_id == group.group_id.uuid() && sight.sees(grant.deployment_id))
    };
    let row = |group: &people::GroupHeld| {
        // What an identity provider maps is changed there.
        let may = group.source == ASSIGNED && portal.may("end_user_groups.manage", Reach::Stage(group.stage_id));
        let id = group.group_id.to_string();
        GrantRow {
            what: group.group_name.to_string(),
            place: group.stage_name.to_string(),
            through: None,
            by: by(words, &group.terms),
            reason: group.terms.reason.clone(),
            ends: ends(words, &group.terms, now),
            change: may.then(|| paths::period(user.id, "group", &id, None)),
            revoke: may.then(|| paths::revoke(user.id, "group", &id, None)),
        }
    };
    held.groups.iter().filter(seen).map(row).collect()
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
