//! `/setup`: the first minute of a new organization. Two steps for whoever holds a claim link, two for the owner that came of it.

pub mod app;
pub mod claim;
pub mod mail;
pub mod organization;
pub mod owner;

use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::page::{Forms, Frame, render};
use crate::http::person::{self, Person};
use crate::http::visit::Visit;
use crate::http::{cookies, guard, paths};
use crate::lifecycle::setup::{self, Token};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Payload, ServiceConfig, get, post, resource};
use askama::Template;

/// The cookie that carries the token of the claim link, before any prefix.
const COOKIE: &str = "setup";

/// Every route of this folder.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::SETUP).route(get().to(claim::begin)))
        .service(resource(paths::SETUP_ORGANIZATION).route(get().to(organization::show)).route(post().to(organization::submit)))
        .service(resource(paths::SETUP_OWNER).route(get().to(owner::show)).route(post().to(owner::submit)))
        .service(resource(paths::SETUP_MAIL).route(get().to(mail::show)).route(post().to(mail::submit)))
        .service(resource(paths::SETUP_APP).route(get().to(app::show)).route(post().to(app::submit)))
        .service(resource(paths::SETUP_LINK).route(get().to(claim::open)));
}

/// One of the four steps, as the page shows them.
#[derive(Debug)]
pub struct Step {
    /// Its name.
    pub name: String,
    /// Whether it is behind.
    pub done: bool,
    /// Whether it is this one.
    pub here: bool,
}

impl Step {
    /// The four steps as the one with this number (from 0) shows them.
    pub fn seen_from(words: Words, here: usize) -> Vec<Self> {
        let names = [word!("setup-step-organization"), word!("setup-step-owner"), word!("setup-step-mail"), word!("setup-step-app")];
        names.iter().enumerate().map(|(at, name)| Self { name: words.say(name), done: at < here, here: at == here }).collect()
    }
}

/// Answers with a page of a step.
fn page(status: StatusCode, page: &impl Template) -> HttpResponse {
    render(status, page, Forms::Stay)
}

/// Nobody without a token sees setup: to them it is an address like any other that is none.
async fn nothing(visit: &Visit) -> HttpResponse {
    visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await
}

/// Somebody with a live claim link.
struct Claimant {
    token: Token,
    csrf: String,
}

/// The claim link of this browser, if it still opens setup. Otherwise the answer: onward for whoever has claimed already.
async fn claimant(visit: &Visit) -> Result<Claimant, HttpResponse> {
    let carried = cookies::read(&visit.server, &visit.request, COOKIE).and_then(|cookie| Some((Token::parse(&cookie)?, cookie)));
    let Some((token, cookie)) = carried else {
        return Err(match person::find(visit).await {
            Ok(Some(person)) if person.authority.holds_all() => onward(visit).await,
            Ok(_) => nothing(visit).await,
            Err(fault) => visit.fault_page(&fault).await,
        });
    };
    let looked = async {
        let mut tx = visit.server.ground.db.read().await?;
        setup::look(&mut tx, &token, visit.server.ground.clock.now()).await
    };
    match looked.await {
        Ok(Ok(())) => Ok(Claimant { token, csrf: guard::token(&visit.server, &cookie) }),
        Ok(Err(why)) => Err(claim::over(visit, why).await),
        Err(fault) => Err(visit.fault_page(&fault).await),
    }
}

/// Where an Administrator goes who is in setup too late or too early.
async fn onward(visit: &Visit) -> HttpResponse {
    let going_on = async {
        let mut tx = visit.server.ground.db.read().await?;
        setup::is_going_on(&mut tx).await
    };
    match going_on.await {
        Ok(true) => see_other(paths::SETUP_MAIL),
        Ok(false) => see_other(paths::PORTAL),
        Err(fault) => visit.fault_page(&fault).await,
    }
}

/// The form of a claimant.
async fn claimed_form(visit: &Visit, payload: Payload) -> Result<(Claimant, Parameters), HttpResponse> {
    let fields = match visit.form(payload).await {
        Ok(fields) => fields,
        Err(error) => return Err(visit.form_error_page(error).await),
    };
    let claimant = claimant(visit).await?;
    let cookie = cookies::read(&visit.server, &visit.request, COOKIE).unwrap_or_default();
    if guard::accepts(&visit.server, &visit.request, &cookie, fields.one("csrf").ok().flatten()) {
        Ok((claimant, fields))
    } else {
        Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await)
    }
}

/// A holder of everything who walks through the steps after the first Administrator.
struct Owner {
    person: Person,
    words: Words,
}

impl Owner {
    /// Lets them in, as long as setup goes on. Afterwards the portal has the same.
    async fn enter(visit: &Visit) -> Result<Self, HttpResponse> {
        let person = match person::find(visit).await {
            Ok(Some(person)) if person.authority.holds_all() => person,
            Ok(_) => return Err(nothing(visit).await),
            Err(fault) => return Err(visit.fault_page(&fault).await),
        };
        let going_on = async {
            let mut tx = visit.server.ground.db.read().await?;
            setup::is_going_on(&mut tx).await
        };
        match going_on.await {
            Ok(true) => {}
            Ok(false) => return Err(see_other(paths::PORTAL)),
            Err(fault) => return Err(visit.fault_page(&fault).await),
        }
        let words = Words::of(person.user.profile.locale.as_ref().unwrap_or(&visit.locale));
        Ok(Self { person, words })
    }

    /// The same with a form of theirs.
    async fn form(visit: &Visit, payload: Payload) -> Result<(Self, Parameters), HttpResponse> {
        let fields = match visit.form(payload).await {
            Ok(fields) => fields,
            Err(error) => return Err(visit.form_error_page(error).await),
        };
        let owner = Self::enter(visit).await?;
        if owner.person.guards(visit, &fields) { Ok((owner, fields)) } else { Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await) }
    }

    async fn frame(&self, visit: &Visit) -> Frame {
        Frame { words: self.words, ..visit.frame().await }
    }
}
