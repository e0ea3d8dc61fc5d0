//! `/portal`: the pages of those who build and run things. Each page asks what its reader may see; each rule asks again what its actor
//! may do.

pub mod access;
pub mod apps;
pub mod audit;
pub mod change;
#[cfg(any(test, debug_assertions))]
pub mod design;
pub mod export;
pub mod give;
pub mod group;
pub mod groups;
pub mod holds;
pub mod invitations;
pub mod mail;
pub mod mailbox;
pub mod obstacle;
pub mod overview;
pub mod period;
pub mod preview;
pub mod proof;
pub mod roles;
pub mod settings;
pub mod shell;
mod sign_ins;
pub mod stages;
pub mod terms;
pub mod token;
pub mod typed;
pub mod user;
pub mod users;

use super::error::ErrorWords;
use super::journey::see_other;
use super::page::{Forms, render};
use super::paths;
use super::permission_words;
use super::person::{self, Person};
use super::visit::Visit;
use crate::actor::{Actor, Denied};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Payload, ServiceConfig, get, post, resource};
use askama::Template;
use shell::{DeniedPage, Section, Shell};
use std::error::Error;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// Every route of the portal.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::PORTAL).route(get().to(overview::show)))
        .service(resource(paths::USERS).route(get().to(users::show)))
        .service(resource(paths::USERS_CSV).route(get().to(users::csv)))
        .service(resource(paths::USER).route(get().to(user::show)))
        .service(resource(paths::USER_STATUS).route(post().to(user::set_status)))
        .service(resource(paths::USER_SESSIONS).route(post().to(user::end_sessions)))
        .service(resource(paths::USER_REVOKE).route(get().to(user::ask_revoke)).route(post().to(user::revoke)))
        .service(resource(paths::SETTINGS_MAIL).route(get().to(mail::show)).route(post().to(mail::submit)))
        .service(resource(paths::MAILBOX).route(get().to(mailbox::show)))
        .service(resource(paths::LETTER).route(get().to(mailbox::letter)))
        .configure(user::routes)
        .configure(group::routes)
        .configure(access::routes)
        .configure(apps::routes)
        .configure(audit::routes)
        .configure(group_routes)
        .configure(roles::routes)
        .configure(invitations::routes)
        .configure(token::routes);
    #[cfg(any(test, debug_assertions))]
    config.service(resource(paths::DESIGN).route(get().to(design::show)));
}

/// The routes of groups, stages and settings.
fn group_routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::GROUPS).route(get().to(groups::show)))
        .service(resource(paths::GROUPS_CSV).route(get().to(groups::csv)))
        .service(resource(paths::NEW_GROUP).route(get().to(groups::ask_new)).route(post().to(groups::make)))
        .service(resource(paths::GROUP).route(get().to(group::show)).route(post().to(group::edit)))
        .service(resource(paths::GROUP_MEMBERS).route(get().to(group::ask_members)).route(post().to(group::add_members)))
        .service(resource(paths::GROUP_MEMBERS_CSV).route(get().to(group::members_csv)))
        .service(resource(paths::GROUP_ROLES).route(get().to(group::list_roles)).route(post().to(group::give_role)))
        .service(resource(paths::GROUP_REMOVE).route(get().to(group::ask_remove)).route(post().to(group::remove)))
        .service(resource(paths::GROUP_DELETE).route(get().to(group::ask_delete)).route(post().to(group::delete)))
        .service(resource(paths::STAGES).route(get().to(stages::show)))
        .service(resource(paths::STAGES_CSV).route(get().to(stages::csv)))
        .service(resource(paths::NEW_STAGE).route(get().to(stages::ask_new)).route(post().to(stages::make)))
        .service(resource(paths::STAGE).route(get().to(stages::edit::show)).route(post().to(stages::edit::save)))
        .service(resource(paths::STAGE_MOVE).route(post().to(stages::order::shift)))
        .service(resource(paths::STAGE_DELETE).route(get().to(stages::delete::ask)).route(post().to(stages::delete::delete)))
        .service(resource(paths::SETTINGS).route(get().to(settings::show)).route(post().to(settings::save)))
        .service(resource(paths::SETTINGS_SESSIONS).route(get().to(settings::sessions::show)).route(post().to(settings::sessions::save)))
        .service(resource(paths::SETTINGS_APPEARANCE).route(get().to(settings::appearance::show)).route(post().to(settings::appearance::save)))
        .service(resource(paths::SETTINGS_LOGO).route(post().to(settings::logo::upload)));
}

/// A visit to the portal by somebody who may come in.
#[derive(Debug)]
pub struct Portal {
    /// The request.
    pub visit: Visit,
    /// Who.
    pub person: Person,
    /// The messages in their language.
    pub words: Words,
    /// Whether the form that was read asks what it would do. Then nothing that it leads to changes anything.
    asks: AtomicBool,
    /// When they proved who they are with the form that was read.
    proved_at: OnceLock<Timestamp>,
}

impl Portal {
    /// Lets somebody in who holds one of these permissions somewhere (any at all, when none is named). Anybody else gets the answer: to
    /// the sign-in page, to their account, or a page that says what they lack.
    pub async fn enter(visit: Visit, needs: &[&'static str]) -> Result<Self, HttpResponse> {
        // On the heap, as everything here that nearly every handler awaits: their futures stay small.
        Box::pin(Self::entered(visit, needs)).await
    }

    async fn entered(visit: Visit, needs: &[&'static str]) -> Result<Self, HttpResponse> {
        let person = match person::find(&visit).await {
            Ok(Some(person)) => person,
            Ok(None) if visit.request.method() == Method::GET => return Err(to_sign_in(&visit)),
            Ok(None) => return Err(visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await),
            Err(fault) => return Err(visit.fault_page(&fault).await),
        };
        let words = Words::of(person.user.profile.locale.as_ref().unwrap_or(&visit.locale));
        let portal = Self { visit, person, words, asks: AtomicBool::new(false), proved_at: OnceLock::new() };
        if !portal.person.has_business_here() && portal.visit.request.path() == paths::PORTAL {
            return Err(see_other(paths::ACCOUNT));
        }
        match needs.first() {
            None if portal.person.has_business_here() => Ok(portal),
            _ if needs.iter().any(|permission| portal.person.may_somewhere(permission)) => Ok(portal),
            first => Err(portal.denied(first.copied()).await),
        }
    }

    /// Whether the person may do this there.
    pub fn may(&self, permission: &str, reach: Reach) -> bool {
        self.person.may(permission, reach)
    }

    /// What the audit trail holds about something, if the person may see it.
    pub fn trail_of(&self, kind: &str, id: impl std::fmt::Display) -> Option<String> {
        self.may("audit.view", Reach::Organization).then(|| paths::history(kind, id))
    }

    /// Refuses, with a page that says what is missing, unless the person may do this there.
    pub async fn require(&self, permission: &'static str, reach: Reach) -> Result<(), HttpResponse> {
        if self.may(permission, reach) { Ok(()) } else { Err(self.denied(Some(permission)).await) }
    }

    /// Refuses unless the person holds everything (rule 3d).
    pub async fn require_all(&self) -> Result<(), HttpResponse> {
        if self.person.authority.holds_all() { Ok(()) } else { Err(self.denied(None).await) }
    }

    /// The page for somebody who may not.
    pub async fn denied(&self, permission: Option<&'static str>) -> HttpResponse {
        let shell = self.shell(Section::Elsewhere).await;
        let name = permission.and_then(|key| permission_words::name_of(self.words, &self.person.snapshot.catalogue, key));
        render(StatusCode::FORBIDDEN, &DeniedPage { shell, permission: name }, Forms::Stay)
    }

    /// Whether letters stay here, for the menu: a fault shows on the page itself.
    async fn keeps_letters(&self) -> bool {
        let server = &self.visit.server;
        match server.ground.db.read().await {
            Ok(mut tx) => server.post.keeps_letters(&mut tx).await.unwrap_or(false),
            Err(_) => false,
        }
    }

    /// What every page stands in.
    pub async fn shell(&self, section: Section) -> Shell {
        Box::pin(Shell::of(self, section)).await
    }

    /// Answers with a page.
    pub fn page(status: StatusCode, page: &impl Template) -> HttpResponse {
        render(status, page, Forms::Stay)
    }

    /// A form of this session, or the answer to one that is not.
    pub async fn form(&self, payload: Payload) -> Result<Parameters, HttpResponse> {
        Box::pin(self.read_form(payload)).await
    }

    async fn read_form(&self, payload: Payload) -> Result<Parameters, HttpResponse> {
        let fields = match self.visit.long_form(payload).await {
            Ok(fields) => fields,
            Err(error) => return Err(self.visit.form_error_page(error).await),
        };
        self.asks.store(change::asks(&fields), Ordering::Relaxed);
        if self.person.guards(&self.visit, &fields) {
            self.stays().await?;
            self.take_proof(fields).await
        } else {
            Err(self.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await)
        }
    }

    /// Looks again at the person, once a body has been read. `form` does so by itself.
    pub async fn stays(&self) -> Result<(), HttpResponse> {
        Box::pin(async { self.person.stays(&self.visit, person::find(&self.visit).await).await }).await
    }

    /// The person, as somebody who acts.
    fn actor(&self) -> Actor {
        self.person.actor_who_proved(self.proved_at.get().copied())
    }

    /// Begins to read.
    pub async fn read(&self) -> Result<Tx, HttpResponse> {
        match self.visit.server.ground.db.read().await {
            Ok(tx) => Ok(tx),
            Err(fault) => Err(self.visit.fault_page(&fault).await),
        }
    }

    /// Runs one rule as this person. A form that changes access goes through `change`; no other one asks for a preview, so if one does,
    /// its button was put on the wrong form, and changing something would be the last thing that its reader expects.
    pub async fn work<T, E>(&self, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<T, E>
    where
        E: Error + From<Fault> + 'static,
    {
        if self.asks.load(Ordering::Relaxed) {
            return Err(E::from(Fault::broken("this form has no preview")));
        }
        self.visit.server.ground.work(&self.actor(), &self.visit.origin, rule).await
    }

    /// The answer to a fault.
    pub async fn fault(&self, fault: &Fault) -> HttpResponse {
        Box::pin(self.visit.fault_page(fault)).await
    }

    /// The answer to a refusal for want of a right.
    pub async fn refused(&self, denied: &Denied) -> HttpResponse {
        self.denied(Some(denied.permission)).await
    }

    /// There is no such thing, or nothing that this person may see: one answer for both.
    pub async fn missing(&self) -> HttpResponse {
        Box::pin(self.visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound)).await
    }

    /// After a change: back to a page, which says what was done. `done` is a key of `shell::DONE`.
    pub fn done(to: &str, done: &str) -> HttpResponse {
        let (path, mark) = to.split_once('#').map_or((to, String::new()), |(path, mark)| (path, format!("#{mark}")));
        let join = if path.contains('?') { '&' } else { '?' };
        see_other(&format!("{path}{join}done={done}{mark}"))
    }
}

/// To the sign-in page, and back here afterwards.
fn to_sign_in(visit: &Visit) -> HttpResponse {
    let here = visit.request.uri().path_and_query().map_or(paths::PORTAL, |here| here.as_str());
    see_other(&paths::sign_in_to(here))
}
