//! Moving a stage: it and the one beside it change places.

use super::answer;
use super::edit::subject;
use crate::access::begin_change;
use crate::access::stage::{self, Direction, MoveError, Seen};
use crate::base::id::StageId;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// `POST /portal/stages/{id}/move`: `to` is `up` or `down`.
pub async fn shift(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, &["stage.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let moved = match subject(&portal, &id).await {
        Ok(stage) => stage,
        Err(answer) => return answer,
    };
    let typed = Typed::new(&fields, portal.words);
    let Some(to) = Direction::parse(typed.text("to")) else { return portal.missing().await };
    // The form holds both neighbours, where there are any.
    let (beside, version) = match to {
        Direction::Up => ("above", "above-version"),
        Direction::Down => ("below", "below-version"),
    };
    let there = typed.text(beside).parse::<StageId>().ok().zip(typed.text(version).parse::<i64>().ok()).map(|(id, version)| Seen { id, version });
    let seen = Seen { id: moved.id, version: typed.version() };
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            stage::shift(work, &changing, seen, to, there).await
        })
        .await;
    let problem = match done {
        Ok(()) => return Portal::done(paths::STAGES, "stage-moved"),
        Err(MoveError::Fixed) => portal.words.marked("stage-move-fixed", &[("stage", moved.name.as_str())]),
        Err(MoveError::Overtaken) => portal.words.marked::<&str>(word!("stage-move-overtaken"), &[]),
        Err(MoveError::Denied(denied)) => return portal.refused(&denied).await,
        Err(MoveError::Unknown) => return portal.missing().await,
        Err(MoveError::Fault(fault)) => return portal.fault(&fault).await,
    };
    answer(&portal, Listing::read(paths::STAGES, ""), Some(problem), StatusCode::CONFLICT).await
}
