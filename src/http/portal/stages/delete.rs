//! Deleting a stage: only an empty one. What is in the way is named first, and what follows.

use super::edit::subject;
use crate::access::begin_change;
use crate::access::stage::{self, ChangeError, InTheWay, Stage};
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question, or what is in the way.
#[derive(Template)]
#[template(path = "portal/stages/delete.html")]
pub struct DeleteStagePage {
    /// The layout.
    pub shell: Shell,
    /// The page of the stage.
    pub back: String,
    /// Its name.
    pub title: String,
    /// What is in the way, with where it is seen to.
    pub in_the_way: Vec<(String, String)>,
    /// What follows, a sentence each.
    pub follows: Vec<String>,
}

/// `GET /portal/stages/{id}/delete`.
pub async fn ask(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let stage = match subject(&portal, &id).await {
        Ok(stage) => stage,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("stage.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    let found = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        stage::in_the_way(&mut tx, stage.id).await
    };
    match found.await {
        Ok(standing) => question(&portal, &stage, standing, StatusCode::OK).await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn question(portal: &Portal, stage: &Stage, standing: InTheWay, status: StatusCode) -> HttpResponse {
    let words = portal.words;
    let (mut in_the_way, mut follows) = (Vec::new(), Vec::new());
    if standing.deployments > 0 {
        in_the_way.push((words.counted("stage-delete-apps", "count", standing.deployments.unsigned_abs()), paths::APPS.to_owned()));
    }
    if standing.groups > 0 {
        let groups = format!("{}?stage={}", paths::GROUPS, stage.key);
        in_the_way.push((words.counted("stage-delete-groups", "count", standing.groups.unsigned_abs()), groups));
    }
    if in_the_way.is_empty() {
        follows.push(words.say("stage-delete-follows"));
        if standing.roles > 0 {
            follows.push(words.counted("stage-delete-roles", "count", standing.roles.unsigned_abs()));
        }
    }
    let page = DeleteStagePage { shell: portal.shell(Section::Stages).await, back: paths::stage(stage.id), title: stage.name.to_string(), in_the_way, follows };
    Portal::page(status, &page)
}

/// `POST /portal/stages/{id}/delete`.
pub async fn delete(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.manage"]).await {
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
    let done = portal
        .change(Section::Stages, &fields, async |work| {
            let changing = begin_change(work).await?;
            stage::delete(work, &changing, stage.id).await
        })
        .await;
    match done {
        Ok(Changed::Shown(preview)) => preview,
        Ok(Changed::Made(_)) => Portal::done(paths::STAGES, "stage-deleted"),
        Err(ChangeError::InUse(standing)) => question(&portal, &stage, standing, StatusCode::CONFLICT).await,
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
        Err(_) => portal.missing().await,
    }
}
