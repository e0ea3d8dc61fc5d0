//! `/portal/apps/{app}/{stage}/promote?to={stage}`: what an app owns at one stage, compared with another, line by line; and one form that
//! takes over exactly what was reviewed.

use super::form::Typed;
use super::parts::{Crumb, Tab};
use super::place::{Part, Place, app_error, other_apps};
use super::{Answer, Portal, either, enter};
use crate::access::app::{AppError, circle_told};
use crate::access::begin_change;
use crate::access::stage::Stage;
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::lifecycle::promote::{self, Change, Difference, Line, Picked, Piece, PromoteError, What};
use crate::word;
use crate::words::{Marked, Words};
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The difference, as a form.
#[derive(Template)]
#[template(path = "portal/apps/promote.html")]
pub struct PromotePage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What it is about.
    pub lead: Marked,
    /// The stages to which it could go.
    pub stages: Vec<Tab>,
    /// That the app is made there first; `None`: it is there.
    pub missing: Option<Marked>,
    /// What differs, by kind; those without a line are left out.
    pub groups: Vec<Group>,
    /// What was compared.
    pub digest: String,
    /// The key of the stage to which it goes.
    pub to: String,
    /// Where the form is posted to.
    pub action: String,
    /// Where whoever thinks better of it goes.
    pub back: String,
    /// What is wrong.
    pub problem: Option<String>,
    /// What the button says; `None`: there is nothing to do.
    pub submit: Option<String>,
}

/// The lines of one kind.
pub struct Group {
    /// What they are.
    pub title: String,
    /// Its id on the page.
    pub id: &'static str,
    /// The lines.
    pub lines: Vec<Row>,
}

/// A line, as people read it.
pub struct Row {
    /// Its id on the page.
    pub id: String,
    /// The field that it is ticked in (`take`, `remove`); `None`: it cannot be.
    pub field: Option<&'static str>,
    /// Its value in that field.
    pub value: String,
    /// What it is called.
    pub name: String,
    /// What tokens carry.
    pub code: String,
    /// What would happen, and the class of the badge.
    pub badge: (String, &'static str),
    /// Whether it is ticked.
    pub chosen: bool,
    /// What it is, or what changes: what it is called, how it is there, how it is here.
    pub facts: Vec<(String, Option<String>, Option<String>)>,
    /// Whom it touches.
    pub notes: Vec<String>,
}

impl Row {
    /// Whether ticking it removes something.
    pub fn removes(&self) -> bool {
        self.field == Some("remove")
    }
}

/// A piece as facts: what each is called, and its text.
fn facts_of(words: Words, piece: &Piece) -> Vec<(String, String)> {
    let joined = |verbs: &[crate::base::text::Verb]| verbs.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    match piece {
        Piece::Permission(permission) => {
            vec![(words.say("app-description"), permission.description.to_string()), (words.say("permission-implies"), joined(&permission.implies))]
        }
        Piece::Role(role) => vec![
            (words.say("name"), role.name.to_string()),
            (words.say("app-description"), role.description.to_string()),
            (words.say("app-tab-permissions"), joined(&role.permissions)),
            (words.say("role-counts"), words.say(if role.shared { word!("role-is-shared") } else { word!("role-is-own") })),
        ],
        Piece::Listed => Vec::new(),
    }
}

/// What a line says: of what changes both sides, of anything else what there is of it.
fn facts(words: Words, line: &Line) -> Vec<(String, Option<String>, Option<String>)> {
    let of = |piece: &Option<Piece>| piece.as_ref().map(|piece| facts_of(words, piece)).unwrap_or_default();
    let shown = |text: String| if text.is_empty() { words.say("app-none") } else { text };
    match line.change {
        Change::Changed => {
            let differ = of(&line.there).into_iter().zip(of(&line.here)).filter(|((_, there), (_, here))| there != here);
            differ.map(|((label, there), (_, here))| (label, Some(shown(there)), Some(shown(here)))).collect()
        }
        Change::OnlyThere => of(&line.there).into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| (label, None, Some(text))).collect(),
        Change::Added | Change::Impossible => {
            of(&line.here).into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| (label, None, Some(text))).collect()
        }
    }
}

fn row(portal: &Portal, at: usize, line: &Line, picked: Option<&Picked>) -> Row {
    let words = portal.words;
    let value = line.name();
    let (field, badge) = match line.change {
        Change::Added => (Some("take"), (words.say("promote-added"), "good")),
        Change::Changed => (Some("take"), (words.say("promote-changed"), "warn")),
        Change::OnlyThere => (Some("remove"), (words.say("promote-only-there"), "")),
        Change::Impossible => (None, (words.say("promote-impossible"), "bad")),
    };
    let chosen = match (line.change, picked) {
        (change, None) => change.is_taken(),
        (Change::OnlyThere, Some(picked)) => picked.remove.contains(&value),
        (_, Some(picked)) => picked.take.contains(&value),
    };
    let piece = line.here.as_ref().or(line.there.as_ref());
    let (name, code) = match (&line.what, piece) {
        (What::Role(key), Some(Piece::Role(role))) => (role.name.to_string(), key.to_string()),
        (What::Role(key), _) => (key.to_string(), String::new()),
        (What::Permission(verb), _) => (verb.to_string(), String::new()),
        (What::Listed(claim), _) => (claim.clone(), String::new()),
    };
    let mut notes = Vec::new();
    if line.change == Change::OnlyThere && !matches!(line.what, What::Listed(_)) {
        notes.push(words.counted("promote-people-lose", "count", line.people));
    } else if line.change == Change::Changed && line.people > 0 {
        notes.push(words.counted("promote-people", "count", line.people));
    }
    if !line.listed_by.is_empty() {
        notes.push(words.with("promote-listed-by", &[("names", other_apps(portal, &line.listed_by).join(", "))]));
    }
    if line.change == Change::Impossible {
        notes.push(words.say("promote-impossible-is"));
    }
    Row { id: format!("line-{at}"), field, value, name, code, badge, chosen, facts: facts(words, line), notes }
}

/// The stage to which it goes: the one that was asked for, or the next one. The reader must be allowed to change roles there.
async fn target(portal: &Portal, place: &Place, asked: &str) -> Result<Stage, HttpResponse> {
    let stages = &portal.person.snapshot.stages;
    let here = stages.iter().position(|stage| stage.id == place.stage.id).unwrap_or_default();
    let found = match asked {
        "" => stages.get(here + 1).or_else(|| stages.get(here.checked_sub(1)?)),
        asked => stages.iter().find(|stage| stage.key.as_str() == asked && stage.id != place.stage.id),
    };
    let Some(stage) = found else { return Err(portal.missing().await) };
    let reach = Reach::AppAtStage(place.app.id, stage.id);
    // Of a stage that is none of the reader's business nothing is said, not even that it is there.
    if !asked.is_empty() && !portal.may("stage.view", Reach::Stage(stage.id)) && !portal.may("app.view", reach) {
        return Err(portal.missing().await);
    }
    portal.require("app_roles.manage", reach).await?;
    Ok(stage.clone())
}

/// Whether somebody may take what an app owns at one stage to another one.
pub(super) fn may_promote(portal: &Portal, place: &Place) -> bool {
    let other = |stage: &Stage| stage.id != place.stage.id && portal.may("app_roles.manage", Reach::AppAtStage(place.app.id, stage.id));
    let stages = &portal.person.snapshot.stages;
    let next = stages.iter().skip_while(|stage| stage.id != place.stage.id).nth(1);
    next.map_or_else(|| stages.iter().any(other), other)
}

async fn compared(portal: &Portal, place: &Place, to: &Stage) -> Result<Difference, HttpResponse> {
    let mut tx = portal.read().await?;
    match portal.good(promote::difference(&mut tx, &place.app, &place.stage, to).await).await? {
        Some(difference) => Ok(difference),
        None => Err(portal.missing().await),
    }
}

async fn page(portal: &Portal, place: &Place, to: &Stage, difference: &Difference, (picked, problem): (Option<&Picked>, Option<String>)) -> PromotePage {
    let words = portal.words;
    let here = format!("{}/promote", paths::app_stage(&place.app, &place.stage));
    let stages = portal.person.snapshot.stages.iter().filter(|stage| stage.id != place.stage.id);
    let stages = stages.filter(|stage| portal.may("app_roles.manage", Reach::AppAtStage(place.app.id, stage.id)));
    let rows: Vec<(&Line, Row)> = difference.lines.iter().enumerate().map(|(at, line)| (line, row(portal, at, line, picked))).collect();
    let (mut permissions, mut roles, mut listed) = (Vec::new(), Vec::new(), Vec::new());
    for (line, row) in rows {
        match line.what {
            What::Permission(_) => permissions.push(row),
            What::Role(_) => roles.push(row),
            What::Listed(_) => listed.push(row),
        }
    }
    let groups = vec![
        Group { title: words.say("app-tab-permissions"), id: "permissions", lines: permissions },
        Group { title: words.say("app-tab-roles"), id: "roles", lines: roles },
        Group { title: words.say("app-tab-shared-roles"), id: "shared-roles", lines: listed },
    ];
    let something = difference.missing || difference.lines.iter().any(|line| line.change != Change::Impossible);
    let of = [("app", place.app.name.as_str()), ("from", place.stage.name.as_str()), ("to", to.name.as_str())];
    let may_make = portal.may("app.manage", Reach::AppAtStage(place.app.id, to.id));
    let missing = difference.missing.then(|| words.marked(if may_make { word!("promote-missing") } else { word!("promote-missing-denied") }, &of));
    PromotePage {
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::Settings),
        lead: words.marked(if something { word!("promote-lead") } else { word!("promote-nothing") }, &of),
        stages: stages.map(|stage| Tab { link: format!("{here}?to={}", stage.key), name: stage.name.to_string(), here: stage.id == to.id }).collect(),
        missing,
        groups: groups.into_iter().filter(|group| !group.lines.is_empty()).collect(),
        digest: difference.digest.clone(),
        to: to.key.to_string(),
        action: here,
        back: paths::app_stage(&place.app, &place.stage),
        problem,
        submit: (something && (may_make || !difference.missing)).then(|| words.with("promote-submit", &of)),
    }
}

/// `GET /portal/apps/{app}/{stage}/promote`.
pub async fn show(visit: Visit, at: Path<(String, String)>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let asked = portal.visit.query().one("to").ok().flatten().unwrap_or_default().to_owned();
        let to = target(&portal, &place, &asked).await?;
        let difference = compared(&portal, &place, &to).await?;
        Ok(Portal::page(StatusCode::OK, &page(&portal, &place, &to, &difference, (None, None)).await))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/promote`: what was reviewed, and nothing else.
pub async fn apply(visit: Visit, at: Path<(String, String)>, payload: Payload) -> HttpResponse {
    Box::pin(either(applied(visit, at, payload))).await
}

async fn applied(visit: Visit, at: Path<(String, String)>, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let place = Place::find(&portal, &at.0, &at.1).await?;
    let to = target(&portal, &place, &typed.raw("to")).await?;
    let every = |field| typed.every(field).iter().cloned().collect();
    let picked = Picked { digest: typed.raw("digest"), take: every("take"), remove: every("remove") };
    let issuer = portal.visit.server.issuer();
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        Box::pin(promote::promote(work, &changing, &place.app, (&place.stage, &to), &picked, issuer)).await
    };
    let problem = match portal.change(Section::Apps, typed.fields(), rule).await {
        Ok(Changed::Made(())) => return Ok(Portal::done(&paths::app_stage(&place.app, &to), "app-promoted")),
        Ok(Changed::Shown(page)) => return Ok(page),
        Err(PromoteError::Denied(denied)) => return Err(portal.refused(&denied).await),
        Err(PromoteError::Fault(fault)) => return Err(portal.fault(&fault).await),
        Err(PromoteError::Nowhere) => return Err(portal.missing().await),
        Err(PromoteError::Stale(now)) => {
            let problem = Some(portal.words.say("promote-stale"));
            return Ok(Portal::page(StatusCode::CONFLICT, &page(&portal, &place, &to, &now, (None, problem)).await));
        }
        Err(PromoteError::Nothing) => portal.words.say("promote-pick"),
        Err(PromoteError::App(error)) => sentence(&portal, error).await?,
    };
    let difference = compared(&portal, &place, &to).await?;
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&portal, &place, &to, &difference, (Some(&picked), Some(problem))).await))
}

/// Why what was picked does not fit together.
async fn sentence(portal: &Portal, error: AppError) -> Result<String, HttpResponse> {
    let words = portal.words;
    Ok(match error {
        AppError::UnknownImplied { permission, implied, .. } => words.with("promote-needs", &[("what", permission.as_str()), ("permission", implied.as_str())]),
        AppError::UnknownPermission { role, permission, .. } => words.with("promote-needs", &[("what", role.as_str()), ("permission", permission.as_str())]),
        AppError::Circle { way, .. } => words.with("permission-circle", &[("circle", circle_told(&way))]),
        error => app_error(portal, error).await?.message,
    })
}
