//! Step two: the owner, who is Administrator from here on. This alone uses the claim link up.

use super::claim::OverPage;
use super::{COOKIE, Claimant, Step, claimant, claimed_form, page};
use crate::access::stage;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::{DisplayName, EmailAddress};
use crate::crypto::password::{MIN_CHARACTERS, PasswordError};
use crate::http::error::ErrorWords;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{FieldError, Frame};
use crate::http::person;
use crate::http::sign_out;
use crate::http::typed::{email_error, name_error, password_error};
use crate::http::visit::Visit;
use crate::http::{cookies, paths};
use crate::lifecycle::setup::{self, ClaimError, Over};
use crate::login::session::{self, Context, StartError, Started};
use crate::oauth::authorization;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The form.
#[derive(Template)]
#[template(path = "setup/owner.html")]
pub struct OwnerPage {
    /// The layout.
    pub frame: Frame,
    /// The four steps.
    pub steps: Vec<Step>,
    /// The token that guards the form.
    pub csrf: String,
    /// The name, as typed.
    pub name: String,
    /// The address, as typed.
    pub email: String,
    /// The length that a password must have.
    pub password_min: usize,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `GET /setup/owner`.
pub async fn show(visit: Visit) -> HttpResponse {
    let claimant = match claimant(&visit).await {
        Ok(claimant) => claimant,
        Err(answer) => return answer,
    };
    let named = async {
        let mut tx = visit.server.ground.db.read().await?;
        Ok::<_, Fault>(visit.server.provider.known.snapshot(&mut tx).await?.organization.is_some())
    };
    match named.await {
        Ok(true) => form(&visit, &claimant, StatusCode::OK, String::new(), String::new(), Vec::new()).await,
        Ok(false) => see_other(paths::SETUP_ORGANIZATION),
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn form(visit: &Visit, claimant: &Claimant, status: StatusCode, name: String, email: String, errors: Vec<FieldError>) -> HttpResponse {
    let frame = visit.frame().await;
    page(status, &OwnerPage { steps: Step::seen_from(frame.words, 1), frame, csrf: claimant.csrf.clone(), name, email, password_min: MIN_CHARACTERS, errors })
}

/// `POST /setup/owner`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (claimant, fields) = match claimed_form(&visit, payload).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    let field = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let (typed, address, password) = (field("name"), field("username"), Secret::new(field("password")));
    let words = visit.words();
    let mut errors = Vec::new();
    let name = DisplayName::parse(&typed).map_err(|error| errors.push(FieldError { field: "name", message: name_error(words, &error) }));
    let email = EmailAddress::parse(&address).map_err(|error| errors.push(FieldError { field: "username", message: email_error(words, &error) }));
    match visit.server.passwords.judge(&password, vec![typed.clone(), address.clone()]).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => errors.push(FieldError { field: "password", message: password_error(words, error) }),
        Err(PasswordError::Busy) => return visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
        Err(error) => return visit.fault_page(&Fault::new("judge a password", error)).await,
    }
    let (Ok(name), Ok(email), true) = (name, email, errors.is_empty()) else {
        return form(&visit, &claimant, StatusCode::UNPROCESSABLE_ENTITY, typed, address, errors).await;
    };
    let password = match visit.server.passwords.hash(&password).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => return visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
        Err(error) => return visit.fault_page(&Fault::new("hash a password", error)).await,
    };
    let owner = setup::Owner { name, email, locale: visit.locale.clone(), password };
    match claim(&visit, &claimant, &owner).await {
        Ok(answer) => answer,
        Err(ClaimError::Over(Over::Used | Over::SetUp)) => {
            let page = page(StatusCode::CONFLICT, &OverPage::overtaken(visit.frame().await));
            with_cookie(page, &cookies::clear(&visit.server, COOKIE))
        }
        Err(ClaimError::Over(why)) => super::claim::over(&visit, why).await,
        Err(ClaimError::NoOrganization) => see_other(paths::SETUP_ORGANIZATION),
        Err(ClaimError::Inactive) => {
            let errors = vec![FieldError { field: "username", message: words.say("setup-owner-inactive") }];
            form(&visit, &claimant, StatusCode::UNPROCESSABLE_ENTITY, typed, address, errors).await
        }
        Err(ClaimError::Fault(fault)) => visit.fault_page(&fault).await,
        Err(ClaimError::Stage(error)) => visit.fault_page(&Fault::new("make the owner", error)).await,
    }
}

/// The owner was made in this very work, and counts.
fn not_started(error: StartError) -> Fault {
    match error {
        StartError::Fault(fault) => fault,
        StartError::ShutOut => Fault::broken("the owner who was just made may not sign in"),
    }
}

/// The owner and their first sessions are one change: the password was proved a moment ago, for our own pages and for every stage.
async fn claim(visit: &Visit, claimant: &Claimant, owner: &setup::Owner) -> Result<HttpResponse, ClaimError> {
    let (others, own_pages) = (sign_out::here(visit, None).await?, person::context(visit).await?);
    let actor = Actor::System { label: "setup" };
    let sessions = visit
        .server
        .ground
        .work(&actor, &visit.origin, async |work| {
            let user = setup::claim(work, &claimant.token, owner).await?;
            let contexts = stage::all(&mut work.tx).await?.iter().map(Context::of).chain([own_pages.clone()]).collect::<Vec<_>>();
            let mut sessions: Vec<(Context, Started)> = Vec::new();
            for context in contexts {
                if let Some(other) = others.iter().find(|other| other.context.word() == context.word()) {
                    authorization::sign_out(work, &other.session, "somebody else signed in").await?;
                }
                let started = session::start(work, &context, &user, None, session::AMR_PASSWORD).await.map_err(not_started)?;
                sessions.push((context, started));
            }
            Ok::<_, ClaimError>(sessions)
        })
        .await?;
    visit.server.forget_claim_link();
    let answer = with_cookie(see_other(paths::SETUP_MAIL), &cookies::clear(&visit.server, COOKIE));
    Ok(sessions.iter().fold(answer, |answer, (context, started)| {
        with_cookie(answer, &cookies::set(&visit.server, &context.cookie(), started.secret.expose(), context.policy().maximum))
    }))
}
