//! `/account`: what belongs to whoever is signed in: their apps, profile, password, sessions, and what they hold and why.

pub mod access;
pub mod apps;
pub mod password;
pub mod profile;
pub mod sessions;
pub mod shell;

use super::error::ErrorWords;
use super::journey::see_other;
use super::page::{Forms, Frame, render};
use super::person::{self, Person};
use super::visit::Visit;
use super::{cookies, paths, sign_out};
use crate::base::fault::Fault;
use crate::login::session::Context;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Payload, ServiceConfig, get, post, resource};
use askama::Template;
use shell::{Section, Shell};

/// Every route of the account.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::ACCOUNT).route(get().to(apps::show)))
        .service(resource(paths::PROFILE).route(get().to(profile::show)).route(post().to(profile::save)))
        .service(resource(paths::PASSWORD).route(get().to(password::show)).route(post().to(password::change)))
        .service(resource(paths::SESSIONS).route(get().to(sessions::show)).route(post().to(sessions::end)))
        .service(resource(paths::ACCESS).route(get().to(access::show)));
}

/// The question whose account it is, where a browser is signed in as different people at different stages.
#[derive(Template)]
#[template(path = "choose_account.html")]
pub struct ChoosePage {
    /// The layout.
    pub frame: Frame,
    /// Each person: name, address, and where they prove once more that it is they.
    pub people: Vec<(String, String, String)>,
}

/// A visit to the account by whom it belongs to.
#[derive(Debug)]
pub struct Account {
    /// The request.
    pub visit: Visit,
    /// Who.
    pub person: Person,
    /// Where their session counts: our own pages, or a stage.
    pub context: Context,
    /// The messages in their language.
    pub words: Words,
}

impl Account {
    /// Lets in whoever is signed in on our own pages, or at stages, if that is one person. Anybody else gets the answer: to the
    /// sign-in page, or the question who they are.
    pub async fn enter(visit: Visit) -> Result<Self, HttpResponse> {
        let mut people = match signed_in(&visit).await {
            Ok(people) => people,
            Err(fault) => return Err(visit.fault_page(&fault).await),
        };
        match people.len() {
            1 => {
                let Some((context, person)) = people.pop() else { return Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await) };
                let words = Words::of(person.user.profile.locale.as_ref().unwrap_or(&visit.locale));
                Ok(Self { visit, person, context, words })
            }
            _ if visit.request.method() != Method::GET => Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await),
            0 => {
                let here = visit.request.uri().path_and_query().map_or(paths::ACCOUNT, |here| here.as_str());
                Err(see_other(&paths::sign_in_to(here)))
            }
            _ => Err(choose(&visit, &people).await),
        }
    }

    /// What every page stands in.
    pub async fn shell(&self, section: Section) -> Shell {
        Shell::of(self, section).await
    }

    /// Answers with a page.
    pub fn page(status: StatusCode, page: &impl Template) -> HttpResponse {
        render(status, page, Forms::Stay)
    }

    /// A form of this session, or the answer to one that is not.
    pub async fn form(&self, payload: Payload) -> Result<Parameters, HttpResponse> {
        let fields = match self.visit.form(payload).await {
            Ok(fields) => fields,
            Err(error) => return Err(self.visit.form_error_page(error).await),
        };
        if self.person.guards(&self.visit, &fields) {
            Box::pin(self.stays()).await?;
            Ok(fields)
        } else {
            Err(self.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await)
        }
    }

    /// Looks again at the person, once a body has been read.
    async fn stays(&self) -> Result<(), HttpResponse> {
        let here = |people: Vec<(Context, Person)>| people.into_iter().map(|(_, person)| person).find(|person| person.session.id == self.person.session.id);
        self.person.stays(&self.visit, signed_in(&self.visit).await.map(here)).await
    }

    /// The answer to a fault.
    pub async fn fault(&self, fault: &Fault) -> HttpResponse {
        self.visit.fault_page(fault).await
    }

    /// After a change: back to a page, which says what was done. `done` is a key of `shell::DONE`.
    pub fn done(to: &str, done: &str) -> HttpResponse {
        see_other(&format!("{to}?done={done}"))
    }
}

/// Whose account it may be, each person once: somebody on our own pages comes before everybody at the stages.
async fn signed_in(visit: &Visit) -> Result<Vec<(Context, Person)>, Fault> {
    if let Some(person) = person::find(visit).await? {
        return Ok(vec![(Context::portal(&person.snapshot), person)]);
    }
    let mut people: Vec<(Context, Person)> = Vec::new();
    for here in sign_out::here(visit, None).await? {
        if people.iter().any(|(_, known)| known.user.id == here.session.user_id) {
            continue;
        }
        let Some(cookie) = cookies::read(&visit.server, &visit.request, &here.context.cookie()) else { continue };
        if let Some(person) = person::by_cookie(visit, &here.context, &cookie).await? {
            people.push((here.context, person));
        }
    }
    Ok(people)
}

async fn choose(visit: &Visit, people: &[(Context, Person)]) -> HttpResponse {
    let here = visit.request.uri().path();
    let people = people.iter().map(|(_, person)| (person.user.label().to_owned(), person.user.email.to_string(), paths::sign_in_as(&person.user.email, here)));
    render(StatusCode::OK, &ChoosePage { people: people.collect(), frame: visit.frame().await }, Forms::Stay)
}
