//! `/account/profile`: what people say of themselves. Apps hear of it what they ask for and may know.

use super::Account;
use super::shell::{Section, Shell};
use crate::access::begin_change;
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::profile_form::{ProfileForm, Typed, Whose};
use crate::http::visit::Visit;
use crate::identity::user::{self, ProfileError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// The layout.
    pub shell: Shell,
    /// The form.
    pub form: ProfileForm,
}

/// `GET /account/profile`.
pub async fn show(visit: Visit) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let typed = Typed::of(&account.person.user);
    page(&account, StatusCode::OK, typed, Vec::new()).await
}

async fn page(account: &Account, status: StatusCode, typed: Typed, errors: Vec<FieldError>) -> HttpResponse {
    let form = ProfileForm::new(account.words, Whose::Own, typed, errors);
    Account::page(status, &ProfilePage { shell: account.shell(Section::Profile).await, form })
}

/// `POST /account/profile`.
pub async fn save(visit: Visit, payload: Payload) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    let fields = match account.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let user = &account.person.user;
    let Some(typed) = Typed::read(&fields) else { return account.visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await };
    let profile = match typed.judge(account.words, Whose::Own, &user.profile) {
        Ok(profile) => profile,
        Err(errors) => return page(&account, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await,
    };
    let saved = account
        .visit
        .server
        .ground
        .work(&account.person.actor(), &account.visit.origin, async |work| {
            let changing = begin_change(work).await?;
            user::set_profile(work, &changing, user.id, typed.version, &profile).await
        })
        .await;
    match saved {
        Ok(_) => Account::done(paths::PROFILE, "saved"),
        Err(ProfileError::Overtaken | ProfileError::Unknown) => account.visit.error_page(StatusCode::CONFLICT, ErrorWords::Overtaken).await,
        Err(ProfileError::Fault(fault)) => account.fault(&fault).await,
        // Shut out a moment ago.
        Err(ProfileError::Denied(_)) => account.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await,
    }
}
