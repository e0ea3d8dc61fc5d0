//! Deleting a stage: only an empty one. What is in the way is named first, and what follows.

use super::edit::subject;
use crate::access::begin_change;
use crate::access::role::organization::{self, Goes, Leaving};
use crate::access::stage::{self, ChangeError, InTheWay, Stage};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::permission_words;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::obstacle::Obstacle;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::lifecycle::delete_stage::{delete_stage, signed_in};
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;
use std::collections::BTreeSet;

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
    pub in_the_way: Vec<Obstacle>,
    /// What follows, a sentence each.
    pub follows: Vec<Marked>,
    /// Why it cannot be done.
    pub problem: Option<String>,
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
    question(&portal, &stage, None, StatusCode::OK).await
}

/// The question as things stand now.
async fn question(portal: &Portal, stage: &Stage, problem: Option<String>, status: StatusCode) -> HttpResponse {
    let ground = &portal.visit.server.ground;
    let found = async {
        let mut tx = ground.db.read().await?;
        let people = signed_in(&mut tx, stage, ground.clock.now()).await?;
        Ok::<_, Fault>((stage::in_the_way(&mut tx, stage.id).await?, organization::leaving(&mut tx, Goes::Stage(stage.id)).await?, people))
    };
    let (standing, leaving, people) = match found.await {
        Ok(found) => found,
        Err(fault) => return portal.fault(&fault).await,
    };
    let in_the_way = obstacles(portal.words, stage, standing, &leaving);
    let follows = if in_the_way.is_empty() { consequences(portal, &leaving, people) } else { Vec::new() };
    let shell = portal.shell(Section::Stages).await;
    let page = DeleteStagePage { shell, back: paths::stage(stage.id), title: stage.name.to_string(), in_the_way, follows, problem };
    Portal::page(status, &page)
}

/// What must go, or change, before the stage can.
fn obstacles(words: Words, stage: &Stage, standing: InTheWay, leaving: &[Leaving]) -> Vec<Obstacle> {
    let counted = |key: &str, count: i64| words.marked_count::<&str>(key, "count", count.unsigned_abs(), &[]);
    let mut found = Vec::new();
    if standing.deployments > 0 {
        found.push(Obstacle { text: counted(word!("stage-delete-apps"), standing.deployments), link: paths::APPS.to_owned() });
    }
    if standing.groups > 0 {
        let link = format!("{}?stage={}", paths::GROUPS, stage.key);
        found.push(Obstacle { text: counted(word!("stage-delete-groups"), standing.groups), link });
    }
    found.extend(Obstacle::emptied(words, leaving));
    found
}

/// What goes with the stage, and how many people are signed out.
fn consequences(portal: &Portal, leaving: &[Leaving], people: i64) -> Vec<Marked> {
    let words = portal.words;
    let named = |leaving: &Leaving| {
        let name = |key: &str| permission_words::name_of(words, &portal.person.snapshot.catalogue, key).unwrap_or_else(|| key.to_owned());
        let names: BTreeSet<String> = leaving.goes().map(|permission| name(permission.as_str())).collect();
        names.into_iter().collect::<Vec<_>>().join(", ")
    };
    let loses = |leaving: &Leaving| {
        let permissions = named(leaving);
        words.marked("stage-delete-role", &[("role", leaving.role.name.as_str()), ("permissions", permissions.as_str())])
    };
    let signed_out = words.marked_count::<&str>(word!("stage-delete-signs-out"), "count", people.unsigned_abs(), &[]);
    [words.marked::<&str>(word!("stage-delete-follows"), &[]), signed_out].into_iter().chain(leaving.iter().map(loses)).collect()
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
            delete_stage(work, &changing, stage.id).await
        })
        .await;
    match done {
        Ok(Changed::Shown(preview)) => preview,
        Ok(Changed::Made(_)) => Portal::done(paths::STAGES, "stage-deleted"),
        Err(ChangeError::InUse(_) | ChangeError::Emptied(_)) => question(&portal, &stage, None, StatusCode::CONFLICT).await,
        Err(ChangeError::Guard(_)) => {
            let problem = portal.words.say("stage-delete-stronger");
            question(&portal, &stage, Some(problem), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
        Err(_) => portal.missing().await,
    }
}
