//! Editing somebody's profile: the form of their own account page, filled in by whoever manages users. It holds no credentials, so nobody is
//! too strong to be edited (rule 3c).

use super::{entered, subject};
use crate::access::begin_change;
use crate::base::reach::Reach;
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::profile_form::{ProfileForm, Typed, Whose};
use crate::http::visit::Visit;
use crate::identity::user::{self, ProfileError, User};
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The form.
#[derive(Template)]
#[template(path = "portal/edit_user.html")]
pub struct EditPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person.
    pub back: String,
    /// The person.
    pub label: String,
    /// Their address.
    pub email: String,
    /// Why nothing was saved, when it is not a field that is wrong.
    pub problem: Option<Marked>,
    /// The fields.
    pub form: ProfileForm,
}

/// `GET /portal/users/{id}/edit`.
pub async fn ask_edit(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match editable(&portal, &id).await {
        Ok(user) => page(&portal, &user, StatusCode::OK, Typed::of(&user), None, Vec::new()).await,
        Err(answer) => answer,
    }
}

/// The user of this page, if the reader may see and edit them.
async fn editable(portal: &Portal, id: &str) -> Result<User, HttpResponse> {
    let (user, ..) = subject(portal, id).await?;
    portal.require("users.manage", Reach::Organization).await?;
    Ok(user)
}

async fn page(portal: &Portal, user: &User, status: StatusCode, typed: Typed, problem: Option<Marked>, errors: Vec<FieldError>) -> HttpResponse {
    let page = EditPage {
        shell: portal.shell(Section::Users).await,
        action: format!("{}/edit", paths::user(user.id)),
        back: paths::user(user.id),
        label: user.label().to_owned(),
        email: user.email.to_string(),
        problem,
        form: ProfileForm::new(portal.words, Whose::Others, typed, errors),
    };
    Portal::page(status, &page)
}

/// `POST /portal/users/{id}/edit`.
pub async fn edit(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let user = match editable(&portal, &id).await {
        Ok(user) => user,
        Err(answer) => return answer,
    };
    let Some(typed) = Typed::read(&fields) else { return portal.visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await };
    let profile = match typed.judge(portal.words, Whose::Others, &user.profile) {
        Ok(profile) => profile,
        Err(errors) => return page(&portal, &user, StatusCode::UNPROCESSABLE_ENTITY, typed, None, errors).await,
    };
    let saved = portal
        .work(async |work| {
            // The right is read again: whoever lost it a moment ago has lost it here.
            let changing = begin_change(work).await?;
            user::set_profile(work, &changing, user.id, typed.version, &profile).await
        })
        .await;
    match saved {
        Ok(_) => Portal::done(&paths::user(user.id), "saved"),
        Err(ProfileError::Overtaken) => overtaken(&portal, &id, typed).await,
        Err(ProfileError::Unknown) => portal.missing().await,
        Err(ProfileError::Denied(denied)) => portal.refused(&denied).await,
        Err(ProfileError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// The form again, with what was typed, over what somebody else wrote meanwhile.
async fn overtaken(portal: &Portal, id: &str, typed: Typed) -> HttpResponse {
    match editable(portal, id).await {
        Ok(now) => {
            let problem = portal.words.marked("profile-overtaken", &[("name", now.label())]);
            page(portal, &now, StatusCode::CONFLICT, Typed { version: now.version, ..typed }, Some(problem), Vec::new()).await
        }
        Err(answer) => answer,
    }
}
