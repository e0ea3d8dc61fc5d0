//! `/portal/users/{id}`: one person: what they hold, by whom and until when, their sessions and sign-ins.

use super::Portal;
use super::change::Changed;
use super::holds::Rows;
use super::shell::{Section, Shell, initials};
use super::users::StatusBadge;
use crate::access::administrators::RemainError;
use crate::access::begin_change;
use crate::access::effective::Place;
use crate::access::guard::GuardError;
use crate::access::load::Who;
use crate::access::people::{self, Held, Sight};
use crate::audit;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::user::{self, Status, User};
use crate::lifecycle::deactivate::{self, DeactivateError};
use crate::lifecycle::invitation::gives_anything;
use crate::login::session;
use crate::oauth::authorization;
use crate::oauth::{claims, client};
use crate::word;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ServiceConfig, get, post, resource};
use askama::Template;

mod delete;
mod edit;
mod give;
mod holds;
mod period;
mod revoke;
mod rows;

pub use delete::{DeletePage, ask_delete, delete};
pub use edit::{EditPage, ask_edit, edit};
pub use give::{ask_give, give};
pub use holds::show_holds;
pub use period::{ask_period, set_period};
pub use revoke::{RevokePage, ask_revoke, revoke};

use holds::{Kind, first};
use rows::{facts, session_row, sign_in_line};

/// The routes of what somebody holds in full, of editing, giving, changing and deleting.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::USER_HOLDS).route(get().to(show_holds)))
        .service(resource(paths::USER_EDIT).route(get().to(ask_edit)).route(post().to(edit)))
        .service(resource(paths::USER_GIVE).route(get().to(ask_give)).route(post().to(give)))
        .service(resource(paths::USER_PERIOD).route(get().to(ask_period)).route(post().to(set_period)))
        .service(resource(paths::USER_DELETE).route(get().to(ask_delete)).route(post().to(delete)));
}

/// The events that are shown.
const SIGN_INS: u32 = 20;

/// One person.
#[derive(Template)]
#[template(path = "portal/user.html")]
pub struct UserPage {
    /// The layout.
    pub shell: Shell,
    /// The path of this page.
    pub link: String,
    /// Two letters.
    pub initials: String,
    /// The name, or the address.
    pub label: String,
    /// The address.
    pub email: String,
    /// Where they stand.
    pub status: StatusBadge,
    /// Since when they are here, and when they were here last.
    pub since: String,
    /// What else is known of them: what it is, and how it stands.
    pub facts: Vec<(String, String)>,
    /// Whether they are shut out.
    pub inactive: bool,
    /// Whether the reader may change their standing and end their sessions.
    pub may_manage: bool,
    /// Whether this is the reader.
    pub is_self: bool,
    /// The link to the form that gives access; `None`: the reader may not give any.
    pub give: Option<String>,
    /// The page that shows what apps would be told; `None`: the reader may not know.
    pub token: Option<String>,
    /// What was just given, and what came of it.
    pub given: Vec<(String, String)>,
    /// Where tokens have no room for everything, a sentence each.
    pub overflows: Vec<Marked>,
    /// What happened to them and what they did, in the audit trail; `None`: the reader may not see it.
    pub trail: Option<String>,
    /// What went wrong with the last change.
    pub problem: Option<String>,
    /// Roles of the organization, the first of them.
    pub organization: Rows,
    /// Roles of apps, direct ones and those of groups, the first of them.
    pub end_user: Rows,
    /// Groups, the first of them.
    pub groups: Rows,
    /// Live sessions.
    pub sessions: Vec<SessionRow>,
    /// That these are only the newest; `None`: there are no others.
    pub newest_sessions: Option<String>,
    /// The last sign-ins.
    pub sign_ins: Vec<SignInLine>,
}

/// One session.
pub struct SessionRow {
    /// Which, for the form that ends it.
    pub id: String,
    /// Where it counts.
    pub place: String,
    /// The software, as it names itself.
    pub device: String,
    /// The network address.
    pub address: String,
    /// The last use.
    pub seen: String,
}

/// One sign-in.
pub struct SignInLine {
    /// Whether it succeeded.
    pub good: bool,
    /// Where; empty: it is not told.
    pub place: String,
    /// From where.
    pub address: String,
    /// With what.
    pub device: String,
    /// When.
    pub when: String,
}

/// The user of this page, if the reader may see them.
pub(super) async fn subject(portal: &Portal, id: &str) -> Result<(User, Held, Sight), HttpResponse> {
    let Ok(id) = id.parse::<UserId>() else { return Err(portal.missing().await) };
    let found = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let Some(user) = user::by_id(&mut tx, id).await? else { return Ok(None) };
        let held = people::held(&mut tx, &[id]).await?;
        Ok::<_, Fault>(Some((user, held)))
    };
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    match found.await {
        Err(fault) => Err(portal.fault(&fault).await),
        Ok(Some((user, held))) => {
            let seen = sight.everybody
                || sight.members && !held.organization.is_empty()
                || held.end_user.iter().chain(&held.of_groups).any(|grant| sight.sees(grant.deployment_id));
            if seen { Ok((user, held, sight)) } else { Err(portal.missing().await) }
        }
        Ok(None) => Err(portal.missing().await),
    }
}

/// `GET /portal/users/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, super::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    answer(&portal, &id, StatusCode::OK, None).await
}

async fn answer(portal: &Portal, id: &str, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let (user, held, sight) = match subject(portal, id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match page(portal, &user, &held, &sight, problem).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, user: &User, held: &Held, sight: &Sight, problem: Option<String>) -> Result<UserPage, Fault> {
    let shell = portal.shell(Section::Users).await;
    let (words, now) = (portal.words, portal.person.now);
    let may_manage = portal.may("users.manage", Reach::Organization);
    let (mut sessions, mut newest_sessions, mut sign_ins) = (Vec::new(), None, Vec::new());
    if may_manage {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let snapshot = &portal.person.snapshot;
        let (live, more) = session::live_of(&mut tx, user.id, snapshot, now).await?;
        newest_sessions = more.then(|| words.counted("sessions-newest", "count", live.len() as u64));
        sessions = live.into_iter().map(|session| session_row(words, session, now)).collect();
        let kinds = [audit::Kind::SignedIn, audit::Kind::SignInFailed];
        let entries = audit::recent(&mut tx, &kinds, Some(&user.id.to_string()), SIGN_INS).await?;
        sign_ins = entries.into_iter().map(|entry| sign_in_line(words, snapshot, entry, now)).collect();
    }
    let may_give = user.status != Status::Inactive && gives_anything(&portal.person.authority);
    let since = match user.last_login_at {
        Some(at) => words.with("user-since-seen", &[("since", words.day(user.created_at)), ("seen", words.ago(at, now))]),
        None => words.with("user-since", &[("since", words.day(user.created_at))]),
    };
    Ok(UserPage {
        shell,
        link: paths::user(user.id),
        initials: initials(user.label()),
        label: user.label().to_owned(),
        email: user.email.to_string(),
        status: StatusBadge::of(words, user.status),
        since,
        facts: facts(portal, user).await?,
        inactive: user.status == Status::Inactive,
        may_manage,
        is_self: user.id == portal.person.user.id,
        token: portal.person.may_somewhere("app.view").then(|| paths::user_token(user.id)),
        // To somebody who has not come yet it is offered.
        give: may_give.then(|| if user.counts() { format!("{}/give", paths::user(user.id)) } else { paths::invite_to(&user.email) }),
        given: super::give::said(portal, Who::User(user.id)),
        overflows: overflows(portal, user, sight).await?,
        trail: portal.trail_of("user", user.id),
        problem,
        organization: first(portal, user.id, Kind::Roles, held, sight),
        end_user: first(portal, user.id, Kind::AppRoles, held, sight),
        groups: first(portal, user.id, Kind::Groups, held, sight),
        sessions,
        newest_sessions,
        sign_ins,
    })
}

/// Where this person's tokens have no room for everything, as far as the reader may see: whoever gave the last bit too much reads it here.
async fn overflows(portal: &Portal, user: &User, sight: &Sight) -> Result<Vec<Marked>, Fault> {
    let (server, snapshot, words) = (&portal.visit.server, &portal.person.snapshot, portal.words);
    let mut tx = server.ground.db.read().await?;
    let holdings = server.provider.known.holdings(&mut tx, Who::User(user.id), user.access_version).await?;
    let tools = client::has_tools(&mut tx).await?;
    drop(tx);
    // Every place of every app is looked at: not on the thread that serves others.
    let (here, now, endpoint) = (snapshot.clone(), portal.person.now, server.provider.claims_endpoint());
    let found = actix_web::web::block(move || claims::overflowing(&here, &holdings, tools, now, &endpoint)).await;
    let found = found.map_err(|error| Fault::new("weigh the claims of a person", error))?;
    // In their order, and what tools are told after the apps: it is what members hold.
    let named = |place: Place| match place {
        Place::Organization => (sight.everybody || sight.members).then(|| ((true, String::new(), 0), words.say("token-overflows-tools"))),
        Place::Deployment(id) => {
            let (_, app, stage) = snapshot.placed(id).filter(|_| sight.sees(id))?;
            let name = words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage.name.as_str())]);
            Some(((false, app.name.to_string(), stage.position), name))
        }
    };
    let mut places: Vec<_> = found.into_iter().filter_map(|(place, size)| Some((named(place)?, size))).collect();
    places.sort_by(|((one, _), _), ((other, _), _)| one.cmp(other));
    let told = |((_, place), size): ((_, String), claims::Size)| {
        let roles_alone = (word!("token-overflows-roles"), size.carried);
        let (key, bytes) = if size.carried > size.budget { roles_alone } else { (word!("token-overflows"), size.complete) };
        let args = [("place", place), ("bytes", bytes.to_string()), ("budget", size.budget.to_string()), ("lists", size.gave_way.join(", "))];
        words.marked(key, &args)
    };
    Ok(places.into_iter().map(told).collect())
}

/// `POST /portal/users/{id}/status`: `action` is `deactivate` or `activate`.
pub async fn set_status(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let (user, ..) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let shut_out = match fields.one("action").ok().flatten() {
        Some("deactivate") => true,
        Some("activate") => false,
        _ => return portal.visit.error_page(StatusCode::BAD_REQUEST, crate::http::error::ErrorWords::Stale).await,
    };
    let done = portal
        .change(Section::Users, &fields, async |work| {
            let changing = begin_change(work).await?;
            if shut_out { deactivate::deactivate(work, &changing, user.id).await } else { deactivate::activate(work, &changing, user.id).await }
        })
        .await;
    match done {
        Ok(Changed::Shown(page)) => page,
        Ok(Changed::Made(_)) => Portal::done(&paths::user(user.id), if shut_out { "deactivated" } else { "activated" }),
        Err(DeactivateError::Denied(denied)) => portal.refused(&denied).await,
        Err(DeactivateError::Unknown) => portal.missing().await,
        Err(DeactivateError::Guard(error)) => guarded(&portal, &id, error).await,
        Err(DeactivateError::Remain(RemainError::LastAdministrator)) => {
            let problem = portal.words.say("last-administrator");
            answer(&portal, &id, StatusCode::CONFLICT, Some(problem)).await
        }
        Err(DeactivateError::Remain(RemainError::Fault(fault)) | DeactivateError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// `POST /portal/users/{id}/sessions`: ends the session `session`, or all of them.
pub async fn end_sessions(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let (user, ..) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let one = fields.one("session").ok().flatten();
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            authorization::end_sessions(work, &changing, user.id, one).await
        })
        .await;
    match done {
        Ok(()) => Portal::done(&format!("{}#sessions", paths::user(user.id)), "signed-out"),
        Err(authorization::EndError::Denied(denied)) => portal.refused(&denied).await,
        Err(authorization::EndError::Guard(error)) => guarded(&portal, &id, error).await,
        Err(authorization::EndError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// The page again, with what the guard said (rule 3).
async fn guarded(portal: &Portal, id: &str, error: GuardError) -> HttpResponse {
    match error {
        GuardError::Fault(fault) => portal.fault(&fault).await,
        GuardError::Beyond | GuardError::BeyondPermission(_) | GuardError::Unproved(_) | GuardError::Stronger => {
            answer(portal, id, StatusCode::FORBIDDEN, Some(portal.words.say("stronger-person"))).await
        }
    }
}

async fn entered(visit: Visit, payload: Payload) -> Result<(Portal, crate::oauth::parameters::Parameters), HttpResponse> {
    let portal = Portal::enter(visit, super::users::NEEDS).await?;
    let fields = portal.form(payload).await?;
    Ok((portal, fields))
}
