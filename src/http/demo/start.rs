//! `/try/{app}/{stage}`: what will happen, and the button that begins it.

use super::Place;
use super::loopback::Itself;
use super::relying_party::RelyingParty;
use crate::access::begin_change;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::secret::random_token;
use crate::base::text::Slug;
use crate::http::error::ErrorWords;
use crate::http::journey::{see_other, with_cookie};
use crate::http::page::{Forms, Frame, render};
use crate::http::person::{self, Person};
use crate::http::visit::Visit;
use crate::http::{cookies, guard, paths};
use crate::lifecycle::try_it;
use crate::oauth::client::ClientError;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path, Payload};
use askama::Template;
use std::time::Duration;

/// The cookie that guards the form, before any prefix.
const FORM: &str = "try-form";
const LIFE: Duration = Duration::from_hours(1);
const MANAGE: &str = "client.manage";

/// The page that begins a sign-in. It posts `csrf` to its own address.
#[derive(Template)]
#[template(path = "demo/start.html")]
pub struct StartPage {
    /// The layout.
    pub frame: Frame,
    /// The name of the app.
    pub app: String,
    /// The name of the stage.
    pub stage: String,
    /// The path of this page.
    pub path: String,
    /// Whether the demo app is there, and what the reader can do if it is not.
    pub door: Door,
    /// Whether whoever is signed in is asked anew.
    pub again: bool,
    /// What went wrong.
    pub problem: Option<String>,
    /// The token that guards the form.
    pub csrf: String,
}

/// Whether the demo app can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// Come in.
    Open,
    /// Not yet; the reader may switch it on.
    Enable,
    /// Not yet; the reader is signed in, but may not.
    Closed,
}

impl Door {
    /// Whether the demo app is there.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open)
    }
}

/// `GET /try/{app}/{stage}`.
pub async fn show(visit: Visit, keys: Path<(String, String)>) -> HttpResponse {
    let place = match find(&visit, &keys).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    page(&visit, &place, StatusCode::OK, None).await
}

/// The place, if its demo app is there for everybody, or somebody is signed in. A stranger is not told which apps there are: what is
/// switched off and what does not exist lead to the same sign-in.
async fn find(visit: &Visit, keys: &(String, String)) -> Result<Place, HttpResponse> {
    let found = async {
        let place = Place::find(visit, &keys.0, &keys.1).await?;
        let is_stranger = place.as_ref().is_none_or(|place| place.client.is_none()) && person::find(visit).await?.is_none();
        Ok::<_, Fault>((place, is_stranger))
    };
    match found.await {
        Ok((_, true)) => match (Slug::parse(&keys.0), Slug::parse(&keys.1)) {
            (Ok(app), Ok(stage)) => Err(see_other(&paths::sign_in_to(&paths::try_it(&app, &stage)))),
            _ => Err(visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await),
        },
        Ok((Some(place), false)) => Ok(place),
        Ok((None, false)) => Err(visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await),
        Err(fault) => Err(visit.fault_page(&fault).await),
    }
}

fn may_enable(person: &Person, place: &Place) -> bool {
    person.may(MANAGE, Reach::AppAtStage(place.app.id, place.stage.id))
}

async fn page(visit: &Visit, place: &Place, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let person = match person::find(visit).await {
        Ok(person) => person.filter(|_| place.client.is_none()),
        Err(fault) => return visit.fault_page(&fault).await,
    };
    let form = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_else(random_token::<16>);
    let door = match &person {
        _ if place.client.is_some() => Door::Open,
        Some(person) if may_enable(person, place) => Door::Enable,
        // The session may have ended between the two readings.
        Some(_) | None => Door::Closed,
    };
    // Switching it on is an act of the person who is signed in; beginning is one of anybody's browser.
    let csrf = person.map_or_else(|| guard::token(&visit.server, &form), |person| person.csrf(&visit.server));
    let page = StartPage {
        frame: visit.frame().await,
        app: place.app.name.to_string(),
        stage: place.stage.name.to_string(),
        path: place.path(),
        door,
        again: visit.query().one("again").ok().flatten().is_some(),
        problem,
        csrf,
    };
    with_cookie(render(status, &page, Forms::Stay), &cookies::set(&visit.server, FORM, &form, LIFE))
}

/// `POST /try/{app}/{stage}`: the sign-in begins.
pub async fn begin(visit: Visit, itself: Data<Itself>, keys: Path<(String, String)>, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let field = |name| fields.one(name).ok().flatten();
    let cookie = cookies::read(&visit.server, &visit.request, FORM).unwrap_or_default();
    if cookie.is_empty() || !guard::accepts(&visit.server, &visit.request, &cookie, field("csrf")) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let place = match find(&visit, &keys).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    // Switched off meanwhile: the page says so.
    let Some(client) = &place.client else { return page(&visit, &place, StatusCode::CONFLICT, None).await };
    let begun = async {
        let party = RelyingParty::discover(&itself, visit.server.issuer(), client).await.map_err(|error| Fault::new("begin the demo app's sign-in", error))?;
        let (url, pending) = party.begin(&place.app.key, &place.stage.key, field("again").is_some());
        Ok::<_, Fault>(with_cookie(see_other(&url), &pending.keep(&visit)?))
    };
    match begun.await {
        Ok(answer) => answer,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// `POST /try/{app}/{stage}/enable`: the demo app gets its client.
pub async fn enable(visit: Visit, keys: Path<(String, String)>, payload: Payload) -> HttpResponse {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return visit.form_error_page(error).await,
    };
    let person = match person::find(&visit).await {
        Ok(Some(person)) => person,
        Ok(None) => return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await,
        Err(fault) => return visit.fault_page(&fault).await,
    };
    if !person.guards(&visit, &fields) {
        return visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let place = match find(&visit, &keys).await {
        Ok(place) => place,
        Err(answer) => return answer,
    };
    let server = &visit.server;
    let made = server
        .ground
        .work(&person.actor(), &visit.origin, async |work| {
            let changing = begin_change(work).await?;
            try_it::ensure(work, &changing, &place.app, &place.stage, &place.deployment, server.issuer()).await
        })
        .await;
    match made {
        Ok(_) => see_other(&place.path()),
        Err(ClientError::Denied(_)) => page(&visit, &place, StatusCode::FORBIDDEN, Some(visit.words().say("demo-enable-denied"))).await,
        Err(ClientError::Fault(fault)) => visit.fault_page(&fault).await,
        Err(refused) => visit.fault_page(&Fault::new("switch the demo app on", refused)).await,
    }
}
