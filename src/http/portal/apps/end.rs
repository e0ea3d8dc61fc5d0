//! The end of an app at a stage, and of an app that is at none any more. What goes is said first; then its key is typed.

use super::form::Typed;
use super::parts::Crumb;
use super::place::{self, Place, app_error, other_apps};
use super::{Answer, Portal, either, enter};
use crate::access::app::{App, AppError};
use crate::access::begin_change;
use crate::access::load::Who;
use crate::base::reach::Reach;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::lifecycle::undeploy::{self as rule, Going, Leaving};
use crate::word;
use crate::words::{Marked, Words};
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question, with what goes.
#[derive(Template)]
#[template(path = "portal/apps/end.html")]
pub struct EndPage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The question.
    pub title: String,
    /// What goes.
    pub what: Marked,
    /// What follows from it.
    pub follows: Vec<Marked>,
    /// What has to go first, with where: then there is no form.
    pub first: Vec<(String, String)>,
    /// Where the form is posted to.
    pub action: String,
    /// Where whoever thinks better of it goes.
    pub back: String,
    /// What the button says.
    pub button: String,
    /// What has to be typed.
    pub key: String,
    /// What was typed.
    pub typed: String,
    /// What is wrong with that.
    pub error: Option<String>,
    /// Why it cannot be done.
    pub problem: Option<String>,
}

impl EndPage {
    fn wrong(self, typed: &Typed) -> Self {
        Self { typed: typed.raw("confirm"), error: FieldError::of(&typed.errors, "confirm").map(str::to_owned), problem: typed.problem(), ..self }
    }
}

/// Notes that another key was typed than that of the app.
fn confirm(typed: &mut Typed, words: Words, app: &App) -> bool {
    let right = typed.raw("confirm").trim() == app.key.as_str();
    if !right {
        typed.wrong("confirm", words.with("app-end-confirm-wrong", &[("key", app.key.as_str())]));
    }
    right
}

/// `GET /portal/apps/{app}/{stage}/undeploy`: what would go.
pub async fn ask_undeploy(visit: Visit, at: Path<(String, String)>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &at.0, &at.1, "app.manage").await?;
        Ok(Portal::page(StatusCode::OK, &undeploying(&portal, &place).await?))
    })
    .await
}

async fn undeploying(portal: &Portal, place: &Place) -> Result<EndPage, HttpResponse> {
    let going = {
        let mut tx = portal.read().await?;
        portal.good(rule::going(&mut tx, place.deployment.id).await).await?
    };
    let words = portal.words;
    let back = paths::app_stage(&place.app, &place.stage);
    Ok(EndPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: vec![
            Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") },
            Crumb { link: paths::app(&place.app), name: place.app.name.to_string() },
            Crumb { link: back.clone(), name: place.stage.name.to_string() },
        ],
        title: words.say("app-undeploy-title"),
        what: words.marked("app-undeploy-what", &[("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())]),
        follows: what_goes(words, &going, &other_apps(portal, &going.listing), &place.deployment.resource),
        first: Vec::new(),
        action: format!("{back}/undeploy"),
        back,
        button: words.say("app-undeploy"),
        key: place.app.key.to_string(),
        typed: String::new(),
        error: None,
        problem: None,
    })
}

/// What goes with a deployment, in words.
fn what_goes(words: Words, going: &Going, listing: &[String], resource: &str) -> Vec<Marked> {
    let counted = |key: &str, count: u64| words.marked_count::<&str>(key, "count", count, &[]);
    let mut follows = vec![
        words.marked(
            "app-undeploy-owned",
            &[
                ("permissions", words.counted("app-permissions-count", "count", going.permissions)),
                ("roles", words.counted("app-roles-count", "count", going.roles)),
                ("clients", words.counted("app-clients-count", "count", going.clients)),
            ],
        ),
        counted(word!("app-undeploy-people"), going.holders.people),
    ];
    if going.holders.groups > 0 {
        follows.push(words.marked_count("app-undeploy-groups", "groups", going.holders.groups, &[("people", going.holders.through_groups.to_string())]));
    }
    follows.push(counted(word!("app-undeploy-signed-in"), going.signed_in));
    if going.ever > 0 {
        follows.push(counted(word!("app-undeploy-ever"), going.ever));
    }
    if !listing.is_empty() {
        let names = listing.join(", ");
        follows.push(words.marked("app-undeploy-listed", &[("names", names.as_str())]));
    }
    if going.invitations > 0 {
        follows.push(counted(word!("app-undeploy-invitations"), going.invitations));
    }
    follows.push(words.marked("app-undeploy-resource", &[("resource", resource)]));
    follows
}

/// `POST /portal/apps/{app}/{stage}/undeploy`.
pub async fn undeploy(visit: Visit, at: Path<(String, String)>, payload: Payload) -> HttpResponse {
    either(undeployed(visit, at, payload)).await
}

async fn undeployed(visit: Visit, at: Path<(String, String)>, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, &at.0, &at.1, "app.manage").await?;
    if confirm(&mut typed, portal.words, &place.app) {
        let run = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            rule::undeploy(work, &changing, &place.app, &place.deployment).await
        };
        match portal.change(Section::Apps, typed.fields(), run).await {
            Ok(Changed::Made(_)) => return Ok(Portal::done(&after(&portal, &place.app), "app-undeployed")),
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => typed.errors.push(app_error(&portal, error).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &undeploying(&portal, &place).await?.wrong(&typed)))
}

/// Whoever could see the app only at this stage finds it no more.
fn after(portal: &Portal, app: &App) -> String {
    let everywhere = portal.may("app.view", Reach::App(app.id));
    let still = portal.person.snapshot.stages.iter().any(|stage| portal.may("app.manage", Reach::AppAtStage(app.id, stage.id)));
    if everywhere || still { paths::app(app) } else { paths::APPS.to_owned() }
}

/// `GET /portal/apps/{app}/-/delete`: what would go, or what is in the way.
pub async fn ask_delete(visit: Visit, key: Path<String>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let app = deletable(&portal, &key).await?;
        Ok(Portal::page(StatusCode::OK, &deleting(&portal, &app).await?))
    })
    .await
}

async fn deletable(portal: &Portal, key: &str) -> Result<App, HttpResponse> {
    let app = place::app(portal, key).await?;
    portal.require("app.manage", Reach::App(app.id)).await?;
    Ok(app)
}

async fn deleting(portal: &Portal, app: &App) -> Result<EndPage, HttpResponse> {
    let leaving = {
        let mut tx = portal.read().await?;
        portal.good(rule::leaving(&mut tx, app.id).await).await?
    };
    let words = portal.words;
    let person = &portal.person;
    // Whoever manages an app everywhere sees it everywhere.
    let stages = person.snapshot.stages.iter().filter(|stage| place::deployment_at(person, app.id, stage.id).is_some());
    let first = stages.map(|stage| {
        let text = words.with("app-undeploy-from", &[("stage", stage.name.as_str())]);
        (text, format!("{}/undeploy", paths::app_stage(app, stage)))
    });
    Ok(EndPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: vec![Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") }, Crumb { link: paths::app(app), name: app.name.to_string() }],
        title: words.say("app-delete-title"),
        what: words.marked("app-delete-what", &[("app", app.name.as_str())]),
        follows: what_leaves(words, &leaving),
        first: first.collect(),
        action: format!("{}/-/delete", paths::app(app)),
        back: paths::app(app),
        button: words.say("app-delete"),
        key: app.key.to_string(),
        typed: String::new(),
        error: None,
        problem: None,
    })
}

/// What goes with an app, in words. Who the people are is not for every reader to know; how many is.
fn what_leaves(words: Words, leaving: &Leaving) -> Vec<Marked> {
    let counted = |key: &str, count: u64| words.marked_count::<&str>(key, "count", count, &[]);
    let mut people: Vec<_> = leaving.holders.iter().filter_map(|who| if let Who::User(id) = who { Some(id.uuid()) } else { None }).collect();
    people.sort_unstable();
    people.dedup();
    let clients = leaving.holders.iter().filter(|who| matches!(who, Who::Client(_))).count() as u64;
    let mut follows = vec![counted(word!("app-delete-people"), people.len() as u64)];
    if clients > 0 {
        follows.push(counted(word!("app-delete-clients"), clients));
    }
    if leaving.invitations > 0 {
        follows.push(counted(word!("app-delete-invitations"), leaving.invitations));
    }
    follows.push(words.marked::<&str>(word!("app-delete-key"), &[]));
    follows
}

/// `POST /portal/apps/{app}/-/delete`.
pub async fn delete(visit: Visit, key: Path<String>, payload: Payload) -> HttpResponse {
    either(deleted(visit, &key, payload)).await
}

async fn deleted(visit: Visit, key: &str, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let app = deletable(&portal, key).await?;
    let mut status = StatusCode::UNPROCESSABLE_ENTITY;
    if confirm(&mut typed, portal.words, &app) {
        let run = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            rule::delete_app(work, &changing, app.id).await
        };
        match portal.change(Section::Apps, typed.fields(), run).await {
            Ok(Changed::Made(_)) => return Ok(Portal::done(paths::APPS, "app-deleted")),
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => {
                if matches!(error, AppError::StillDeployed(_)) {
                    status = StatusCode::CONFLICT;
                }
                typed.errors.push(app_error(&portal, error).await?);
            }
        }
    }
    Ok(Portal::page(status, &deleting(&portal, &app).await?.wrong(&typed)))
}
