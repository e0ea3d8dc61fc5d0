//! Giving somebody who is here access directly: roles of the organization, roles of apps and groups, several at once. API clients get roles of
//! the organization by the same form.

use super::Portal;
use super::change::Changed;
use super::invitations::draft::{self, Draft, Judge, Wrong};
use super::invitations::form::{self, Pick, Shelf};
use super::period;
use super::shell::{Section, Shell};
use super::users::Choice;
use crate::access::administrators::RemainError;
use crate::access::begin_change;
use crate::access::guard::GuardError;
use crate::access::load::Who;
use crate::base::secret::equal;
use crate::base::time::Period;
use crate::http::journey::see_other;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::lifecycle::give_access::{self, GiveError, Outcome};
use crate::lifecycle::invitation::{Offer, Offered, Recipient, Target};
use crate::oauth::parameters::Parameters;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
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
    /// The list that the page belongs to, and its name.
    pub list: (&'static str, String),
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person or client.
    pub back: String,
    /// The person or client.
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

/// Who gets something: a person or an API client.
pub struct Taker {
    /// Who.
    pub who: Who,
    /// The section of the menu.
    pub section: Section,
    /// The list in which they stand, and its name.
    pub list: (&'static str, String),
    /// Their page.
    pub page: String,
    /// What they are called.
    pub label: String,
    /// What they hold directly, and when it is in force.
    pub held: Vec<(Target, Period)>,
}

impl Taker {
    fn recipient(&self) -> Recipient {
        Recipient::from(self.who)
    }

    /// What a form or an address wants to give. An API client holds organization roles, and nothing else.
    fn draft(&self, fields: &Parameters) -> Draft {
        let draft = Draft::read(fields);
        match self.who {
            Who::User(_) => draft,
            Who::Client(_) => Draft { app_roles: Vec::new(), groups: Vec::new(), ..draft },
        }
    }

    /// When they hold something; if they do not, whenever.
    fn has(&self, offer: &Offer) -> Period {
        let target = offer.target();
        self.held.iter().find(|(held, _)| *held == target).map_or(Period::ALWAYS, |(_, period)| *period)
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

/// The form, as its address fills it in.
pub async fn ask(portal: &Portal, taker: &Taker) -> HttpResponse {
    let draft = taker.draft(&portal.visit.query());
    shown(portal, taker, StatusCode::OK, Again { draft, ..Again::default() }).await
}

async fn shown(portal: &Portal, taker: &Taker, status: StatusCode, again: Again) -> HttpResponse {
    let choices = match form::read(portal).await {
        Ok(choices) => choices,
        Err(fault) => return portal.fault(&fault).await,
    };
    let Again { draft, differ, problem, errors } = again;
    let (apps, groups) = match taker.who {
        Who::User(_) => (form::apps(portal, &choices, &draft.app_roles), form::groups(portal, &choices, &draft.groups)),
        Who::Client(_) => (Vec::new(), Vec::new()),
    };
    let page = GivePage {
        shell: portal.shell(taker.section).await,
        list: taker.list.clone(),
        action: format!("{}/give", taker.page),
        back: taker.page.clone(),
        label: taker.label.clone(),
        roles: form::roles(portal, taker.recipient(), &choices, &draft.roles),
        places: form::places(portal, &draft.role_app),
        apps,
        groups,
        draft,
        differ,
        problem,
        errors,
    };
    Portal::page(status, &page)
}

/// Gives what the form asks for.
pub async fn give(portal: &Portal, fields: &Parameters, taker: &Taker) -> HttpResponse {
    let choices = match form::read(portal).await {
        Ok(choices) => choices,
        Err(fault) => return portal.fault(&fault).await,
    };
    let mut again = Again { draft: taker.draft(fields), ..Again::default() };
    let mut wrong = Wrong::default();
    let offers = again.draft.offers(Judge::of(portal, &choices, taker.recipient()), &mut wrong);
    if !wrong.errors.is_empty() {
        let status = if wrong.denied { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
        again.errors = wrong.errors;
        return shown(portal, taker, status, again).await;
    }
    let change = fields.one("change").ok().flatten() == Some("yes");
    let done = portal
        .change(taker.section, fields, async |work| {
            let changing = begin_change(work).await?;
            give_access::give_access(work, &changing, taker.who, &offers, change).await
        })
        .await;
    let error = match done {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(outcomes)) => return see_other(&told(portal, taker, &offers, &outcomes)),
        Err(error) => error,
    };
    match refused(portal, taker, &offers, error, &mut again).await {
        Ok(status) => shown(portal, taker, status, again).await,
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
async fn refused(portal: &Portal, taker: &Taker, offers: &[Offered], error: GiveError, again: &mut Again) -> Result<StatusCode, HttpResponse> {
    let words = portal.words;
    let at = |at: usize| offers.get(at).map_or("offers", |offered| field_of(&offered.offer));
    let (field, message, status) = match error {
        GiveError::Denied(lacks) => {
            let field = offers
                .iter()
                .find(|offered| offered.offer.needs_for(taker.recipient()).0 == lacks.permission)
                .map_or("offers", |offered| field_of(&offered.offer));
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
        GiveError::Guard(index, GuardError::Unproved(_) | GuardError::Stronger) => {
            let key = match taker.who {
                Who::User(_) => word!("stronger-person"),
                Who::Client(_) => word!("stronger-client"),
            };
            (at(index), words.say(key), StatusCode::FORBIDDEN)
        }
        GiveError::Period(error) => ("until", words.say(period::wrong(error)), StatusCode::UNPROCESSABLE_ENTITY),
        GiveError::Remain(RemainError::LastAdministrator) => ("role", words.say("last-administrator"), StatusCode::CONFLICT),
        GiveError::Differ(which) => {
            let offers = which.into_iter().filter_map(|index| offers.get(index));
            again.differ = offers.map(|offered| (name(portal, &offered.offer), span(portal, taker.has(&offered.offer)))).collect();
            return Ok(StatusCode::CONFLICT);
        }
        GiveError::Fault(fault) | GiveError::Guard(_, GuardError::Fault(fault)) | GiveError::Remain(RemainError::Fault(fault)) => {
            return Err(portal.fault(&fault).await);
        }
    };
    again.errors.push(FieldError { field, message });
    Ok(status)
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

fn mac(portal: &Portal, who: Who, json: &[u8]) -> String {
    let reader = portal.person.user.id.uuid();
    let taker = match who {
        Who::User(id) => id.uuid(),
        Who::Client(id) => id.uuid(),
    };
    URL_SAFE_NO_PAD.encode(portal.visit.server.ground.sealer.mac("given access", &[reader.as_bytes(), taker.as_bytes(), json]))
}

/// The page of the person or client, which says what came of each thing: with a MAC, so that nobody can make it say anything else.
fn told(portal: &Portal, taker: &Taker, offers: &[Offered], outcomes: &[Outcome]) -> String {
    let lines: Vec<(String, Outcome)> = offers.iter().zip(outcomes).take(NAMED).map(|(offered, outcome)| (name(portal, &offered.offer), *outcome)).collect();
    let json = serde_json::to_vec(&(lines, outcomes.len().saturating_sub(NAMED))).unwrap_or_default();
    paths::given(&taker.page, &format!("{}.{}", URL_SAFE_NO_PAD.encode(&json), mac(portal, taker.who, &json)))
}

fn read(portal: &Portal, who: Who) -> Option<(Vec<(String, Outcome)>, u64)> {
    let query: Parameters = portal.visit.query();
    let (json, given) = query.one("given").ok().flatten()?.split_once('.')?;
    let json = URL_SAFE_NO_PAD.decode(json).ok()?;
    if !equal(mac(portal, who, &json).as_bytes(), given.as_bytes()) {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

/// What the address says was just given to them.
pub fn said(portal: &Portal, who: Who) -> Vec<(String, String)> {
    let words = portal.words;
    let Some((lines, more)) = read(portal, who) else { return Vec::new() };
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
