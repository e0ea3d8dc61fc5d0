//! `/portal/stages/{id}`: one stage: its name, and how long its sessions last.

use super::{PolicyFields, name, policy, purpose};
use crate::access::begin_change;
use crate::access::stage::{ChangeError, Stage};
use crate::base::id::StageId;
use crate::base::reach::Reach;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::lifecycle::session_policy;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// One stage.
#[derive(Template)]
#[template(path = "portal/stages/stage.html")]
pub struct StagePage {
    /// The layout.
    pub shell: Shell,
    /// The path of this page.
    pub link: String,
    /// Its name.
    pub title: String,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub purpose: String,
    /// The apps that are deployed there: name, and home page.
    pub apps: Vec<String>,
    /// The version that the form carries.
    pub version: i64,
    /// Whether the reader may change it.
    pub may_manage: bool,
    /// What was typed as name.
    pub name: String,
    /// The sessions.
    pub policy: PolicyFields,
    /// Why an edit was not taken.
    pub problem: Option<Marked>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// The stage of an address, if the reader may see it.
pub(super) async fn subject(portal: &Portal, id: &str) -> Result<Stage, HttpResponse> {
    let id = id.parse::<StageId>().ok();
    let found = portal.person.snapshot.stages.iter().find(|stage| Some(stage.id) == id && portal.may("stage.view", Reach::Stage(stage.id)));
    match found {
        Some(stage) => Ok(stage.clone()),
        None => Err(portal.missing().await),
    }
}

/// `GET /portal/stages/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.view"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match subject(&portal, &id).await {
        Ok(stage) => {
            let (name, policy) = (stage.name.to_string(), PolicyFields::of(stage.sessions));
            answer(&portal, &stage, name, policy, None, Vec::new(), StatusCode::OK).await
        }
        Err(answer) => answer,
    }
}

async fn answer(
    portal: &Portal,
    stage: &Stage,
    name: String,
    policy: PolicyFields,
    problem: Option<Marked>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> HttpResponse {
    let snapshot = &portal.person.snapshot;
    let deployed = snapshot.deployments.values().filter(|deployment| deployment.stage_id == stage.id);
    let mut apps: Vec<String> = deployed
        .filter(|deployment| portal.may("app.view", Reach::AppAtStage(deployment.app_id, stage.id)))
        .filter_map(|deployment| Some(snapshot.apps.get(&deployment.app_id)?.name.to_string()))
        .collect();
    apps.sort();
    let page = StagePage {
        shell: portal.shell(Section::Stages).await,
        link: paths::stage(stage.id),
        title: stage.name.to_string(),
        key: stage.key.to_string(),
        purpose: purpose(portal.words, stage.purpose),
        apps,
        version: stage.version,
        may_manage: portal.may("stage.manage", Reach::Stage(stage.id)),
        name,
        policy,
        problem,
        errors,
    };
    Portal::page(status, &page)
}

/// `POST /portal/stages/{id}`.
pub async fn save(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.view"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let stage = match subject(&portal, &id).await {
        Ok(stage) => stage,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let (name, sessions, version) = (name(&mut typed, words), policy(&mut typed, words), typed.version());
    let (again, refused) = (typed.text("name").to_owned(), PolicyFields::typed(&typed));
    let (Some(name), Some(sessions)) = (name, sessions) else {
        return answer(&portal, &stage, again, refused, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            session_policy::edit_stage(work, &changing, stage.id, version, &name, sessions).await
        })
        .await;
    match done {
        Ok(_) => Portal::done(&paths::stage(stage.id), "saved"),
        Err(ChangeError::Overtaken(now)) => {
            let problem = words.marked("stage-overtaken", &[("name", now.name.as_str())]);
            answer(&portal, &now, again, refused, Some(problem), Vec::new(), StatusCode::CONFLICT).await
        }
        Err(ChangeError::Name) => {
            typed.wrong("name", words.counted("typed-too-long", "count", 50));
            answer(&portal, &stage, again, refused, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ChangeError::Policy) => {
            typed.wrong("maximum", words.say("stage-maximum-bounds"));
            answer(&portal, &stage, again, refused, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
        Err(ChangeError::Unknown | ChangeError::Taken(_) | ChangeError::InUse(_) | ChangeError::Emptied(_) | ChangeError::Guard(_)) => portal.missing().await,
    }
}
