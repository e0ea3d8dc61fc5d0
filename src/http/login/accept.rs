//! `/invitations/{token}` and what follows: the invitee looks, then accepts or declines. Opening a link uses nothing up, for
//! scanners of mail open links too: its token moves into a cookie, and only the form consumes it.

use super::invitation::{AppLink, InvitationPage, NoticePage, WelcomePage};
use crate::access::stage::Purpose;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::DisplayName;
use crate::crypto::password::{MIN_CHARACTERS, PasswordError};
use crate::http::error::ErrorWords;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{FieldError, Forms, render};
use crate::http::person;
use crate::http::sign_out;
use crate::http::typed::{name_error, password_error};
use crate::http::visit::Visit;
use crate::http::{cookies, guard, paths};
use crate::lifecycle::invitation::{self, AcceptError, Accepted, Found, Letters, Over, Proof, View};
use crate::login::session::{self, Context, StartError, Started};
use crate::oauth::authorization;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use std::time::Duration;

/// The cookie that carries the proof, before any prefix.
pub(super) const COOKIE: &str = "invitation";
pub(super) const LIFE: Duration = Duration::from_hours(1);

/// `GET /invitations/{token}`: from the mail. The secret leaves the address at once.
pub async fn open(visit: Visit, token: Path<String>) -> HttpResponse {
    match Proof::parse(&token) {
        Some(Proof::Link(token)) => with_cookie(see_other(paths::INVITATION), &cookies::set(&visit.server, COOKIE, token.expose(), LIFE)),
        _ => over(&visit, Over::Unknown).await,
    }
}

/// The proof that this browser carries, with the cookie's value.
fn carried(visit: &Visit) -> Option<(Proof, String)> {
    let cookie = cookies::read(&visit.server, &visit.request, COOKIE)?;
    Some((Proof::parse(&cookie)?, cookie))
}

/// `GET /invitations/accept`: everything that is offered.
pub async fn show(visit: Visit) -> HttpResponse {
    let Some((proof, cookie)) = carried(&visit) else { return over(&visit, Over::Unknown).await };
    match look(&visit, &proof).await {
        Ok(Found::Open(view)) => {
            let name = view.name.as_ref().map(ToString::to_string).unwrap_or_default();
            page(&visit, &view, &cookie, StatusCode::OK, name, Vec::new()).await
        }
        Ok(Found::Over(why)) => over(&visit, why).await,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn look(visit: &Visit, proof: &Proof) -> Result<Found, Fault> {
    let ground = &visit.server.ground;
    let organization = visit.frame().await.organization;
    let letters = Letters { issuer: visit.server.issuer(), organization: &organization };
    let mut tx = ground.db.read().await?;
    invitation::find(&mut tx, &ground.sealer, proof, ground.clock.now(), &letters).await
}

async fn page(visit: &Visit, view: &View, cookie: &str, status: StatusCode, name: String, errors: Vec<FieldError>) -> HttpResponse {
    let mut frame = visit.frame().await;
    // The inviter chose the language for somebody who has not chosen any yet.
    frame.words = Words::of(&view.locale);
    let page = InvitationPage {
        frame,
        email: view.email.to_string(),
        inviter: view.inviter.clone(),
        offers: view.offers.clone(),
        expires: view.expires.clone(),
        name,
        password_min: MIN_CHARACTERS,
        errors,
        csrf: guard::token(&visit.server, cookie),
    };
    render(status, &page, Forms::MayLeave)
}

async fn over(visit: &Visit, why: Over) -> HttpResponse {
    let frame = visit.frame().await;
    let (status, page) = match why {
        Over::Unknown | Over::Revoked => (StatusCode::NOT_FOUND, NoticePage::unknown(frame)),
        Over::Expired => (StatusCode::GONE, NoticePage::expired(frame)),
        Over::AlreadyAccepted => (StatusCode::GONE, NoticePage::already_accepted(frame)),
        Over::Declined => {
            let organization = frame.organization.clone();
            (StatusCode::GONE, NoticePage::declined(frame, &organization))
        }
    };
    with_cookie(render(status, &page, Forms::Stay), &cookies::clear(&visit.server, COOKIE))
}

/// A form that is ours, with the proof of this browser.
async fn guarded(visit: &Visit, payload: Payload) -> Result<(Parameters, Proof, String), HttpResponse> {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return Err(visit.form_error_page(error).await),
    };
    let Some((proof, cookie)) = carried(visit) else { return Err(over(visit, Over::Unknown).await) };
    if guard::accepts(&visit.server, &visit.request, &cookie, fields.one("csrf").ok().flatten()) {
        Ok((fields, proof, cookie))
    } else {
        Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await)
    }
}

/// `POST /invitations/accept`.
pub async fn accept(visit: Visit, payload: Payload) -> HttpResponse {
    let (fields, proof, cookie) = match guarded(&visit, payload).await {
        Ok(guarded) => guarded,
        Err(answer) => return answer,
    };
    let view = match look(&visit, &proof).await {
        Ok(Found::Open(view)) => view,
        Ok(Found::Over(why)) => return over(&visit, why).await,
        Err(fault) => return visit.fault_page(&fault).await,
    };
    let field = |name| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let (typed, password) = (field("name"), Secret::new(field("password")));
    let words = Words::of(&view.locale);
    let name = DisplayName::parse(&typed);
    let mut errors = Vec::new();
    if let Err(error) = &name {
        errors.push(FieldError { field: "name", message: name_error(words, error) });
    }
    let about = vec![typed.clone(), view.email.to_string()];
    match visit.server.passwords.judge(&password, about).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => errors.push(FieldError { field: "password", message: password_error(words, error) }),
        Err(PasswordError::Busy) => return visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
        Err(error) => return visit.fault_page(&Fault::new("judge a password", error)).await,
    }
    let Ok(name) = name.map_err(drop).and_then(|name| if errors.is_empty() { Ok(name) } else { Err(()) }) else {
        return page(&visit, &view, &cookie, StatusCode::UNPROCESSABLE_ENTITY, typed, errors).await;
    };
    match join(&visit, &proof, &name, &password).await {
        Ok(answer) => answer,
        Err(JoinError::Accept(AcceptError::Over(why))) => over(&visit, why).await,
        Err(JoinError::Accept(AcceptError::Fault(fault)) | JoinError::Fault(fault)) => visit.fault_page(&fault).await,
        Err(JoinError::Busy) => visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await,
    }
}

#[derive(Debug, thiserror::Error)]
enum JoinError {
    #[error(transparent)]
    Accept(#[from] AcceptError),
    #[error("too many passwords wait")]
    Busy,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The address was proved in this very work.
fn not_started(error: StartError) -> Fault {
    match error {
        StartError::Fault(fault) => fault,
        StartError::ShutOut => Fault::broken("somebody who has just joined may not sign in"),
    }
}

/// The password is hashed before anything is begun; joining and the first sessions are one change.
async fn join(visit: &Visit, proof: &Proof, name: &DisplayName, password: &Secret<String>) -> Result<HttpResponse, JoinError> {
    let hash = match visit.server.passwords.hash(password).await {
        Ok(hash) => hash,
        Err(PasswordError::Busy) => return Err(JoinError::Busy),
        Err(error) => return Err(Fault::new("hash a password", error).into()),
    };
    let frame = visit.frame().await;
    let letters = Letters { issuer: visit.server.issuer(), organization: &frame.organization };
    let (others, own_pages) = (sign_out::here(visit, None).await?, person::context(visit).await?);
    let (accepted, sessions) = visit
        .server
        .ground
        .work(&Actor::Anonymous, &visit.origin, async |work| {
            let accepted = invitation::accept(work, proof, name, &hash, &letters).await?;
            let mut sessions = Vec::new();
            // Our own pages too: whoever has just chosen a password need not type it again to see their account.
            for context in accepted.stages.iter().map(Context::of).chain([own_pages.clone()]) {
                if let Some(other) = others.iter().find(|other| other.context.word() == context.word()) {
                    authorization::sign_out(work, &other.session, "somebody else signed in").await?;
                }
                sessions.push((context.clone(), session::start(work, &context, &accepted.user, None, session::AMR_PASSWORD).await.map_err(not_started)?));
            }
            Ok::<_, JoinError>((accepted, sessions))
        })
        .await?;
    Ok(welcome(visit, &accepted, &sessions).await)
}

async fn welcome(visit: &Visit, accepted: &Accepted, sessions: &[(Context, Started)]) -> HttpResponse {
    let link = |landing: &invitation::Landing| AppLink {
        name: landing.app.name.to_string(),
        stage: (landing.stage.purpose != Purpose::Production).then(|| landing.stage.name.to_string()),
        url: landing.deployment.home_page.clone(),
    };
    let page = WelcomePage {
        frame: visit.frame().await,
        name: accepted.user.label().to_owned(),
        signed_in: !accepted.stages.is_empty(),
        portal: accepted.is_member,
        apps: accepted.apps.iter().map(link).collect(),
    };
    let answer = with_cookie(render(StatusCode::OK, &page, Forms::Stay), &cookies::clear(&visit.server, COOKIE));
    sessions.iter().fold(answer, |answer, (context, started)| {
        with_cookie(answer, &cookies::set(&visit.server, &context.cookie(), started.secret.expose(), context.policy().maximum))
    })
}

/// `POST /invitations/decline`.
pub async fn decline(visit: Visit, payload: Payload) -> HttpResponse {
    let (_, proof, _) = match guarded(&visit, payload).await {
        Ok(guarded) => guarded,
        Err(answer) => return answer,
    };
    let frame = visit.frame().await;
    let letters = Letters { issuer: visit.server.issuer(), organization: &frame.organization };
    let declined = visit.server.ground.work(&Actor::Anonymous, &visit.origin, async |work| invitation::decline(work, &proof, &letters).await).await;
    match declined {
        Ok(declined) => {
            let page = NoticePage::declined(frame, &declined.inviter);
            with_cookie(render(StatusCode::OK, &page, Forms::Stay), &cookies::clear(&visit.server, COOKIE))
        }
        Err(AcceptError::Over(why)) => over(&visit, why).await,
        Err(AcceptError::Fault(fault)) => visit.fault_page(&fault).await,
    }
}
