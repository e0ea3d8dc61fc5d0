//! `/portal/stages`: the stages in their order, and the form that makes one.

use super::Portal;
use super::shell::{Section, Shell};
use super::typed::{self, Typed};
use super::users::{Choice, Choices};
use crate::access::begin_change;
use crate::access::stage::{self, ChangeError, Direction, Purpose, SessionPolicy, Spec, Stage};
use crate::base::reach::Reach;
use crate::base::text::fold;
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::visit::Visit;
use crate::http::{csv, paths};
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use std::time::Duration;

pub mod delete;
pub mod edit;
pub mod order;

/// The list.
#[derive(Template)]
#[template(path = "portal/stages/list.html")]
pub struct StagesPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// No filters: the toolbar has a search only.
    pub filters: Vec<Choices>,
    /// The stages in order.
    pub rows: Vec<Row>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may make a stage.
    pub may_make: bool,
    /// Whether the reader may move one of these.
    pub may_move: bool,
    /// Why a stage was not moved.
    pub problem: Option<Marked>,
}

/// One stage.
pub struct Row {
    /// Its page.
    pub link: String,
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub purpose: String,
    /// The longest life of its sessions.
    pub maximum: String,
    /// Their longest rest.
    pub idle: String,
    /// How many apps are deployed there.
    pub apps: String,
    /// The version that the reader sees.
    pub version: i64,
    /// The stage above, if the two may change places.
    pub above: Option<Beside>,
    /// The stage below, likewise.
    pub below: Option<Beside>,
}

/// A stage beside another one, as the reader sees it.
pub struct Beside {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// What the button that changes places says to a screen reader.
    pub label: String,
}

/// What the form of a session policy holds.
pub struct PolicyFields {
    /// The longest life: the number.
    pub maximum: String,
    /// Whether it counts minutes.
    pub maximum_minutes: bool,
    /// The longest rest: the number.
    pub idle: String,
    /// Whether it counts minutes.
    pub idle_minutes: bool,
}

/// The form that makes a stage.
#[derive(Template)]
#[template(path = "portal/stages/new.html")]
pub struct NewStagePage {
    /// The layout.
    pub shell: Shell,
    /// What was typed as name.
    pub name: String,
    /// As key.
    pub key: String,
    /// The purposes.
    pub purposes: Vec<Choice>,
    /// The sessions.
    pub policy: PolicyFields,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl PolicyFields {
    /// Those of a policy.
    pub fn of(policy: SessionPolicy) -> Self {
        let ((maximum, long), (idle, short)) = (typed::span(policy.maximum), typed::span(policy.idle));
        Self { maximum, maximum_minutes: long == "minutes", idle, idle_minutes: short == "minutes" }
    }

    /// Those that were typed.
    pub(super) fn typed(typed: &Typed<'_>) -> Self {
        Self {
            maximum: typed.text("maximum").to_owned(),
            maximum_minutes: typed.text("maximum-unit") == "minutes",
            idle: typed.text("idle").to_owned(),
            idle_minutes: typed.text("idle-unit") == "minutes",
        }
    }
}

/// The policy in a form. What is out of bounds stands at its field.
pub(super) fn policy(typed: &mut Typed<'_>, words: Words) -> Option<SessionPolicy> {
    let policy = SessionPolicy { maximum: typed.span("maximum", "maximum-unit")?, idle: typed.span("idle", "idle-unit")? };
    if policy.is_valid() {
        return Some(policy);
    }
    // Whatever is wrong with the whole is wrong with one of the two.
    let alone = SessionPolicy { idle: policy.maximum, ..policy };
    if alone.is_valid() {
        typed.wrong("idle", words.say("stage-idle-bounds"));
    } else {
        typed.wrong("maximum", words.say("stage-maximum-bounds"));
    }
    None
}

/// The name of a stage has 50 characters at most.
fn name(typed: &mut Typed<'_>, words: Words) -> Option<crate::base::text::DisplayName> {
    let name = typed.name("name")?;
    if name.as_str().chars().count() > 50 {
        typed.wrong("name", words.counted("typed-too-long", "count", 50));
        return None;
    }
    Some(name)
}

/// What a purpose is called.
pub fn purpose(words: Words, purpose: Purpose) -> String {
    words.say(match purpose {
        Purpose::Development => word!("stage-purpose-development"),
        Purpose::NonProduction => word!("stage-purpose-non-production"),
        Purpose::Production => word!("stage-purpose-production"),
    })
}

/// A span as people say it.
fn span(words: Words, span: Duration) -> String {
    let minutes = span.as_secs() / 60;
    if minutes.is_multiple_of(60) { words.counted("typed-span-hours", "count", minutes / 60) } else { words.counted("typed-span-minutes", "count", minutes) }
}

/// The stages that the address asks for and the reader may see, in order.
fn found<'p>(portal: &'p Portal, list: &Listing) -> Vec<&'p Stage> {
    let search = list.search();
    let seen = |stage: &&Stage| portal.may("stage.view", Reach::Stage(stage.id));
    let matches = |stage: &&Stage| fold(stage.name.as_str()).contains(&search) || stage.key.as_str().contains(&search);
    portal.person.snapshot.stages.iter().filter(seen).filter(matches).collect()
}

/// How many apps are deployed to a stage.
fn apps_at(portal: &Portal, stage: &Stage) -> usize {
    portal.person.snapshot.deployments.values().filter(|deployment| deployment.stage_id == stage.id).count()
}

/// `GET /portal/stages`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.view"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let list = Listing::of(&portal.visit);
    answer(&portal, list, None, StatusCode::OK).await
}

async fn answer(portal: &Portal, list: Listing, problem: Option<Marked>, status: StatusCode) -> HttpResponse {
    let words = portal.words;
    let snapshot = &portal.person.snapshot;
    let manages = |stage: &Stage| portal.may("stage.manage", Reach::Stage(stage.id));
    // Of a list that leaves some out nobody sees where a stage would go.
    let is_whole = !list.is_narrowed();
    let beside = |stage: &Stage, to: Direction| {
        let other = stage::beside(&snapshot.stages, stage.id, to).filter(|other| is_whole && manages(stage) && manages(other))?;
        let name = [("stage", stage.name.as_str())];
        let label = match to {
            Direction::Up => words.with("stage-move-up-of", &name),
            Direction::Down => words.with("stage-move-down-of", &name),
        };
        Some(Beside { id: other.id.to_string(), version: other.version, label })
    };
    let row = |stage: &Stage| Row {
        link: paths::stage(stage.id),
        name: stage.name.to_string(),
        key: stage.key.to_string(),
        purpose: purpose(words, stage.purpose),
        maximum: span(words, stage.sessions.maximum),
        idle: span(words, stage.sessions.idle),
        apps: words.counted("stage-apps", "count", apps_at(portal, stage) as u64),
        version: stage.version,
        above: beside(stage, Direction::Up),
        below: beside(stage, Direction::Down),
    };
    let (rows, pager): (Vec<Row>, Pager) = list.cut(found(portal, &list).into_iter().map(row).collect());
    let may_make = portal.may("stage.manage", Reach::Organization);
    let may_move = rows.iter().any(|row| row.above.is_some() || row.below.is_some());
    let page = StagesPage { shell: portal.shell(Section::Stages).await, list, filters: Vec::new(), rows, pager, may_make, may_move, problem };
    Portal::page(status, &page)
}

/// `GET /portal/stages.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.view"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let head = [word!("name"), word!("app-key"), word!("stage-purpose"), word!("stage-maximum"), word!("stage-idle"), word!("portal-apps")];
    let row = |stage: &Stage| {
        let (maximum, idle) = (span(words, stage.sessions.maximum), span(words, stage.sessions.idle));
        [stage.name.to_string(), stage.key.to_string(), stage.purpose.as_str().to_owned(), maximum, idle, apps_at(&portal, stage).to_string()]
    };
    csv::file(words, "stages", head, found(&portal, &Listing::of(&portal.visit)).into_iter().map(row))
}

/// `GET /portal/stages/new`.
pub async fn ask_new(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("stage.manage", Reach::Organization).await {
        return answer;
    }
    let nothing = crate::oauth::parameters::Parameters::default();
    form(&portal, &Typed::new(&nothing, portal.words), PolicyFields::of(SessionPolicy::STANDARD), StatusCode::OK).await
}

async fn form(portal: &Portal, typed: &Typed<'_>, policy: PolicyFields, status: StatusCode) -> HttpResponse {
    let chosen = Purpose::parse(typed.text("purpose")).unwrap_or(Purpose::NonProduction);
    let choice = |of: &Purpose| Choice { value: of.as_str().to_owned(), text: purpose(portal.words, *of), chosen: *of == chosen };
    let page = NewStagePage {
        shell: portal.shell(Section::Stages).await,
        name: typed.text("name").to_owned(),
        key: typed.text("key").to_owned(),
        purposes: Purpose::ALL.iter().map(choice).collect(),
        policy,
        errors: typed.errors.clone(),
    };
    Portal::page(status, &page)
}

/// `POST /portal/stages/new`.
pub async fn make(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let name = name(&mut typed, words);
    let (key, sessions) = (typed.key("key", name.as_ref()), policy(&mut typed, words));
    let purpose = Purpose::parse(typed.text("purpose"));
    if purpose.is_none() {
        typed.wrong("purpose", words.say("typed-choose"));
    }
    let (Some(name), Some(key), Some(sessions), Some(purpose)) = (name, key, sessions, purpose) else {
        return form(&portal, &typed, PolicyFields::typed(&typed), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let spec = Spec { key, name, purpose, sessions };
    let made = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            stage::create(work, &changing, &spec).await
        })
        .await;
    match made {
        Ok(stage) => return Portal::done(&paths::stage(stage.id), "stage-made"),
        Err(ChangeError::Taken(key)) => typed.wrong("key", words.with("stage-key-taken", &[("key", key.as_str())])),
        Err(ChangeError::Name) => typed.wrong("name", words.counted("typed-too-long", "count", 50)),
        Err(ChangeError::Policy) => typed.wrong("maximum", words.say("stage-maximum-bounds")),
        Err(ChangeError::Denied(denied)) => return portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => return portal.fault(&fault).await,
        Err(ChangeError::Unknown | ChangeError::Overtaken(_) | ChangeError::InUse(_) | ChangeError::Emptied(_) | ChangeError::Guard(_)) => {
            return portal.missing().await;
        }
    }
    form(&portal, &typed, PolicyFields::typed(&typed), StatusCode::UNPROCESSABLE_ENTITY).await
}
