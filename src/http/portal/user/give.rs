//! Giving somebody who is here access directly: roles of the organization, roles of apps and groups, several at once.

use super::{entered, subject};
use crate::access::administrators::RemainError;
use crate::access::begin_change;
use crate::access::guard::GuardError;
use crate::access::people::Held;
use crate::base::id::UserId;
use crate::base::secret::equal;
use crate::base::time::Period;
use crate::http::journey::see_other;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::invitations::draft::{self, Draft, Judge, Wrong};
use crate::http::portal::invitations::form::{self, Pick, Shelf};
use crate::http::portal::period;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::Choice;
use crate::http::visit::Visit;
use crate::identity::user::User;
use crate::lifecycle::give_access::{self, GiveError, Outcome};
use crate::lifecycle::invitation::{Offer, Offered};
use crate::oauth::parameters::Parameters;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// The things that are named afterwards; more are a number.
const NAMED: usize = 20;

/// The form.
#[derive(Template)]
#[template(path = "portal/give.html")]
pub struct GivePage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person.
    pub back: String,
    /// The person.
    pub label: String,
    /// What was typed so far.
    pub draft: Draft,
    /// What is held with another period, and with which; `None` for what is none.
    pub differ: Vec<(String, String)>,
    /// Why nothing was given.
    pub problem: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// Organization roles that the reader may give.
    pub roles: Vec<Pick>,
    /// Where these count.
    pub places: Vec<Choice>,
    /// Roles of apps that the reader may give, by app and stage.
    pub apps: Vec<Shelf>,
    /// Groups that the reader may give, by stage.
    pub groups: Vec<Shelf>,
}

impl GivePage {
    /// Every message for a field.
    pub fn errors_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.errors.iter().filter(move |error| error.field == field).map(|error| error.message.as_str())
    }

    /// Whether something is wrong with a field.
    pub fn is_wrong(&self, field: &str) -> bool {
        FieldError::of(&self.errors, field).is_some()
    }

    /// Messages for parts that this reader does not see.
    pub fn errors_elsewhere(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let hidden = |field: &str| match field {
            "role" => self.roles.is_empty(),
            "app_role" => self.apps.is_empty(),
            "group" => self.groups.is_empty(),
            _ => false,
        };
        self.errors.iter().filter(move |error| hidden(error.field)).map(|error| (error.field, error.message.as_str()))
    }

    /// Whether the reader has nothing to give.
    pub fn is_bare(&self) -> bool {
        self.roles.is_empty() && self.apps.is_empty() && self.groups.is_empty()
    }
}

/// What the form holds when it is shown again.
#[derive(Default)]
struct Again {
    draft: Draft,
    differ: Vec<(String, String)>,
    problem: Option<String>,
    errors: Vec<FieldError>,
}

/// `GET /portal/users/{id}/give`.
pub async fn ask_give(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let draft = Draft::read(&portal.visit.query());
    match subject(&portal, &id).await {
        Ok((user, ..)) => shown(&portal, &user, StatusCode::OK, Again { draft, ..Again::default() }).await,
        Err(answer) => answer,
    }
}

async fn shown(portal: &Portal, user: &User, status: StatusCode, again: Again) -> HttpResponse {
    let choices = match form::read(portal).await {
        Ok(choices) => choices,
        Err(fault) => return portal.fault(&fault).await,
    };
    let Again { draft, differ, problem, errors } = again;
    let page = GivePage {
        shell: portal.shell(Section::Users).await,
        action: format!("{}/give", paths::user(user.id)),
        back: paths::user(user.id),
        label: user.label().to_owned(),
        roles: form::roles(portal, &choices, &draft.roles),
        places: form::places(portal, &draft.role_app),
        apps: form::apps(portal, &choices, &draft.app_roles),
        groups: form::groups(portal, &choices, &draft.groups),
        draft,
        differ,
        problem,
        errors,
    };
    Portal::page(status, &page)
}

/// `POST /portal/users/{id}/give`.
pub async fn give(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let (user, held, _) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let choices = match form::read(&portal).await {
        Ok(choices) => choices,
        Err(fault) => return portal.fault(&fault).await,
    };
    let field = |name| fields.one(name).ok().flatten().unwrap_or_default();
    let mut again = Again { draft: Draft::read(&fields), ..Again::default() };
    let person = &portal.person;
    let judge = Judge { words: portal.words, choices: &choices, snapshot: &person.snapshot, authority: &person.authority, now: person.now };
    let mut wrong = Wrong::default();
    let offers = again.draft.offers(judge, &mut wrong);
    if !wrong.errors.is_empty() {
        let status = if wrong.denied { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
        again.errors = wrong.errors;
        return shown(&portal, &user, status, again).await;
    }
    let change = field("change") == "yes";
    let done = portal
        .change(Section::Users, &fields, async |work| {
            let changing = begin_change(work).await?;
            give_access::give_access(work, &changing, user.id, &offers, change).await
        })
        .await;
    let error = match done {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(outcomes)) => return see_other(&told(&portal, user.id, &offers, &outcomes)),
        Err(error) => error,
    };
    match refused(&portal, &held, &offers, error, &mut again).await {
        Ok(status) => shown(&portal, &user, status, again).await,
        Err(answer) => answer,
    }
}

/// The field at which something was chosen.
const fn field_of(offer: &Offer) -> &'static str {
    match offer {
        Offer::OrganizationRole { .. } => "role",
        Offer::EndUserRole { .. } => "app_role",
        Offer::Group { .. } => "group",
    }
}

/// What the rule refused, put on the form; `Err`: an answer of its own.
async fn refused(portal: &Portal, held: &Held, offers: &[Offered], error: GiveError, again: &mut Again) -> Result<StatusCode, HttpResponse> {
    let words = portal.words;
    let at = |at: usize| offers.get(at).map_or("offers", |offered| field_of(&offered.offer));
    let (field, message, status) = match error {
        GiveError::Denied(lacks) => {
            let field = offers.iter().find(|offered| offered.offer.needs().0 == lacks.permission).map_or("offers", |offered| field_of(&offered.offer));
            (field, draft::denied(words, &portal.person.snapshot, lacks.permission), StatusCode::FORBIDDEN)
        }
        GiveError::Unknown => return Err(portal.missing().await),
        GiveError::Inactive => {
            again.problem = Some(words.say("person-shut-out"));
            return Ok(StatusCode::CONFLICT);
        }
        GiveError::Gone(index) => (at(index), words.say("invite-gone"), StatusCode::UNPROCESSABLE_ENTITY),
        GiveError::OnlyAdministrators(index) => (at(index), words.say("invite-only-administrators"), StatusCode::FORBIDDEN),
        GiveError::Guard(index, GuardError::Beyond | GuardError::BeyondPermission(_)) => (at(index), words.say("invite-beyond"), StatusCode::FORBIDDEN),
        GiveError::Guard(index, GuardError::Unproved(_) | GuardError::Stronger) => (at(index), words.say("stronger-person"), StatusCode::FORBIDDEN),
        GiveError::Period(error) => ("until", words.say(period::wrong(error)), StatusCode::UNPROCESSABLE_ENTITY),
        GiveError::Remain(RemainError::LastAdministrator) => ("role", words.say("last-administrator"), StatusCode::CONFLICT),
        GiveError::Differ(which) => {
            let offers = which.into_iter().filter_map(|index| offers.get(index));
            again.differ = offers.map(|offered| (name(portal, &offered.offer), span(portal, has(held, &offered.offer)))).collect();
            return Ok(StatusCode::CONFLICT);
        }
        GiveError::Fault(fault) | GiveError::Guard(_, GuardError::Fault(fault)) | GiveError::Remain(RemainError::Fault(fault)) => {
            return Err(portal.fault(&fault).await);
        }
    };
    again.errors.push(FieldError { field, message });
    Ok(status)
}

/// When it is in force, as they hold it.
fn has(held: &Held, offer: &Offer) -> Period {
    let terms = match offer {
        Offer::OrganizationRole { role, app } => {
            let app = app.as_ref().map(|app| app.id);
            held.organization.iter().find(|has| has.role_id == role.id && has.app_id == app).map(|has| &has.terms)
        }
        Offer::EndUserRole { role, .. } => held.end_user.iter().find(|has| has.role_id == role.id).map(|has| &has.terms),
        Offer::Group { group } => held.groups.iter().find(|has| has.group_id == group.id).map(|has| &has.terms),
    };
    terms.map_or(Period::ALWAYS, crate::access::people::Terms::period)
}

/// A period in words.
fn span(portal: &Portal, period: Period) -> String {
    let words = portal.words;
    match (period.starts_at, period.ends_at) {
        (Some(start), Some(end)) => words.with("starts-until", &[("start", words.day(start)), ("end", words.day(end))]),
        (Some(start), None) => words.with("starts-on", &[("date", words.day(start))]),
        (None, Some(end)) => words.ends(end, portal.person.now),
        (None, None) => words.say("no-end"),
    }
}

/// A role or group with where it counts.
fn name(portal: &Portal, offer: &Offer) -> String {
    let words = portal.words;
    let stage = |id| portal.person.snapshot.stages.iter().find(|stage| stage.id == id).map(|stage| stage.name.to_string()).unwrap_or_default();
    match offer {
        Offer::OrganizationRole { role, app: None } => role.name.to_string(),
        Offer::OrganizationRole { role, app: Some(app) } => words.with("access-role-app", &[("role", role.name.as_str()), ("app", app.name.as_str())]),
        Offer::EndUserRole { app, role } => {
            words.with("access-app-role", &[("app", app.name.to_string()), ("role", role.name.to_string()), ("stage", stage(role.stage_id))])
        }
        Offer::Group { group } => words.with("given-group", &[("group", group.name.to_string()), ("stage", stage(group.stage_id))]),
    }
}

fn mac(portal: &Portal, user: UserId, json: &[u8]) -> String {
    let reader = portal.person.user.id.uuid();
    URL_SAFE_NO_PAD.encode(portal.visit.server.ground.sealer.mac("given access", &[reader.as_bytes(), user.uuid().as_bytes(), json]))
}

/// The page of the person, which says what came of each thing: with a MAC, so that nobody can make it say anything else.
fn told(portal: &Portal, user: UserId, offers: &[Offered], outcomes: &[Outcome]) -> String {
    let lines: Vec<(String, Outcome)> = offers.iter().zip(outcomes).take(NAMED).map(|(offered, outcome)| (name(portal, &offered.offer), *outcome)).collect();
    let json = serde_json::to_vec(&(lines, outcomes.len().saturating_sub(NAMED))).unwrap_or_default();
    paths::given(user, &format!("{}.{}", URL_SAFE_NO_PAD.encode(&json), mac(portal, user, &json)))
}

fn read(portal: &Portal, user: UserId) -> Option<(Vec<(String, Outcome)>, u64)> {
    let query: Parameters = portal.visit.query();
    let (json, given) = query.one("given").ok().flatten()?.split_once('.')?;
    let json = URL_SAFE_NO_PAD.decode(json).ok()?;
    if !equal(mac(portal, user, &json).as_bytes(), given.as_bytes()) {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

/// What the address says was just given.
pub(super) fn said(portal: &Portal, user: UserId) -> Vec<(String, String)> {
    let words = portal.words;
    let Some((lines, more)) = read(portal, user) else { return Vec::new() };
    let line = |(name, outcome): (String, Outcome)| {
        let key = match outcome {
            Outcome::Given => word!("given-new"),
            Outcome::Had => word!("given-had"),
            Outcome::Changed => word!("given-changed"),
        };
        (name, words.say(key))
    };
    let rest = (more > 0).then(|| (words.counted("given-more", "count", more), String::new()));
    lines.into_iter().map(line).chain(rest).collect()
}
