//! `/portal/settings/sessions`: how long people stay signed in on our own pages.

use super::enter;
use crate::access::begin_change;
use crate::base::fault::Fault;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::stages::{PolicyFields, policy};
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::identity::organization::{EditError, Organization, PutError};
use crate::lifecycle::session_policy;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The session policy of our own pages.
#[derive(Template)]
#[template(path = "portal/settings/sessions.html")]
pub struct SessionsPage {
    /// The layout.
    pub shell: Shell,
    /// The version that the form carries.
    pub version: i64,
    /// The sessions.
    pub policy: PolicyFields,
    /// Why an edit was not taken.
    pub problem: Option<Marked>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `GET /portal/settings/sessions`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let Some(organization) = portal.person.snapshot.organization.clone() else { return portal.missing().await };
    let policy = PolicyFields::of(organization.settings.portal_sessions);
    answer(&portal, &organization, policy, None, Vec::new(), StatusCode::OK).await
}

async fn answer(
    portal: &Portal,
    organization: &Organization,
    policy: PolicyFields,
    problem: Option<Marked>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> HttpResponse {
    let shell = portal.shell(Section::Settings).await;
    Portal::page(status, &SessionsPage { shell, version: organization.version, policy, problem, errors })
}

/// `POST /portal/settings/sessions`.
pub async fn save(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let Some(organization) = portal.person.snapshot.organization.clone() else { return portal.missing().await };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let (sessions, version) = (policy(&mut typed, words), typed.version());
    let again = PolicyFields::typed(&typed);
    let Some(sessions) = sessions else {
        return answer(&portal, &organization, again, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            session_policy::edit_portal(work, &changing, version, sessions).await
        })
        .await;
    match done {
        Ok(_) => Portal::done(paths::SETTINGS_SESSIONS, "saved"),
        Err(EditError::Overtaken(now)) => {
            let problem = words.marked("settings-overtaken", &[("name", now.name.as_str())]);
            answer(&portal, &now, again, Some(problem), Vec::new(), StatusCode::CONFLICT).await
        }
        Err(EditError::Put(PutError::Policy)) => {
            typed.wrong("maximum", words.say("stage-maximum-bounds"));
            answer(&portal, &organization, again, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(EditError::Put(PutError::Denied(denied))) => portal.refused(&denied).await,
        Err(EditError::Put(PutError::Fault(fault))) => portal.fault(&fault).await,
        Err(EditError::Put(error @ PutError::Domain(_))) => portal.fault(&Fault::new("keep the domains of the organization", error)).await,
    }
}
