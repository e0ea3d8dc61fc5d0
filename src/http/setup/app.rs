//! Step four: the first app, with three roles.

use super::{Owner, Step, page};
use crate::access::stage::Purpose;
use crate::base::text::{DisplayName, Slug, TextError};
use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::page::{FieldError, Frame};
use crate::http::paths;
use crate::http::typed::name_error;
use crate::http::visit::Visit;
use crate::lifecycle::setup::{self, FinishError, FirstApp, FirstAppError};
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use url::Url;

/// The form.
#[derive(Template)]
#[template(path = "setup/app.html")]
pub struct AppPage {
    /// The layout.
    pub frame: Frame,
    /// The four steps.
    pub steps: Vec<Step>,
    /// The token that guards the form.
    pub csrf: String,
    /// The name, as typed.
    pub name: String,
    /// The key, as typed.
    pub key: String,
    /// The stages: key, name, whether it is chosen.
    pub stages: Vec<(String, String, bool)>,
    /// The home page, as typed.
    pub home_page: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What was typed.
struct Typed {
    name: String,
    key: String,
    stage: String,
    home_page: String,
}

impl Typed {
    fn read(fields: &Parameters) -> Self {
        let field = |name: &str| fields.one(name).ok().flatten().unwrap_or_default().trim().to_owned();
        Self { name: field("name"), key: field("key"), stage: field("stage"), home_page: field("home_page") }
    }

    async fn form(self, visit: &Visit, owner: &Owner, status: StatusCode, errors: Vec<FieldError>) -> HttpResponse {
        let stages = &owner.person.snapshot.stages;
        // People come for Production; whoever begins elsewhere says so.
        let usual = stages.iter().find(|stage| stage.purpose == Purpose::Production).map(|stage| stage.key.as_str());
        let chosen = if self.stage.is_empty() { usual.unwrap_or_default() } else { &self.stage };
        let stages = stages.iter().map(|stage| (stage.key.to_string(), stage.name.to_string(), stage.key.as_str() == chosen)).collect();
        let (steps, csrf) = (Step::seen_from(owner.words, 3), owner.person.csrf(&visit.server));
        page(status, &AppPage { frame: owner.frame(visit).await, steps, csrf, name: self.name, key: self.key, stages, home_page: self.home_page, errors })
    }

    /// The app that was described, or what is wrong.
    fn parse(&self, visit: &Visit, owner: &Owner) -> Result<FirstApp, Vec<FieldError>> {
        let words = owner.words;
        let mut errors = Vec::new();
        let mut wrong = |field: &'static str, message: String| errors.push(FieldError { field, message });
        let name = DisplayName::parse(&self.name).map_err(|error| {
            wrong("name", if error == TextError::Empty { words.say("setup-app-missing") } else { name_error(words, &error) });
        });
        let key = match self.key.as_str() {
            "" => name.as_ref().ok().and_then(|name| Slug::derived(name.as_str())),
            typed => Slug::parse(typed).ok(),
        };
        if key.is_none() && !(self.key.is_empty() && name.is_err()) {
            wrong("key", words.say(if self.key.is_empty() { crate::word!("setup-key-needed") } else { crate::word!("setup-key-wrong") }));
        }
        let stage = Slug::parse(&self.stage).ok().filter(|key| owner.person.snapshot.stages.iter().any(|stage| stage.key == *key));
        if stage.is_none() {
            wrong("stage", words.say("setup-app-stage-missing"));
        }
        let home_page = match self.home_page.as_str() {
            "" => Ok(None),
            typed => {
                Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "https" | "http") && url.has_host() && typed.len() <= 2_000).map(Some).ok_or(())
            }
        };
        if home_page.is_err() {
            wrong("home_page", words.say("setup-home-page-wrong"));
        }
        let (Ok(name), Some(key), Some(stage), Ok(home_page)) = (name, key, stage, home_page) else { return Err(errors) };
        let issuer = visit.server.issuer();
        let Ok(demo) = Url::parse(&format!("{issuer}{}", paths::try_it(key.as_str(), stage.as_str()))) else {
            return Err(vec![FieldError { field: "key", message: words.say("setup-key-wrong") }]);
        };
        Ok(FirstApp { name, key, stage, home_page, demo, words })
    }
}

/// `GET /setup/app`.
pub async fn show(visit: Visit) -> HttpResponse {
    match Owner::enter(&visit).await {
        Ok(owner) => Typed::read(&Parameters::default()).form(&visit, &owner, StatusCode::OK, Vec::new()).await,
        Err(answer) => answer,
    }
}

/// `POST /setup/app`: `action` is `create` or `skip`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (owner, fields) = match Owner::form(&visit, payload).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    match fields.one("action").ok().flatten() {
        Some("create") => {}
        Some("skip") => return skip(&visit, &owner).await,
        _ => return visit.error_page(StatusCode::BAD_REQUEST, ErrorWords::Stale).await,
    }
    let typed = Typed::read(&fields);
    let spec = match typed.parse(&visit, &owner) {
        Ok(spec) => spec,
        Err(errors) => return typed.form(&visit, &owner, StatusCode::UNPROCESSABLE_ENTITY, errors).await,
    };
    let person = &owner.person;
    let issuer = visit.server.issuer();
    let made = visit.server.ground.work(&person.actor(), &visit.origin, async |work| setup::first_app(work, person.user.id, &spec, issuer).await).await;
    let (field, message) = match made {
        Ok((app, stage)) => return see_other(&paths::try_it(app.key.as_str(), stage.key.as_str())),
        Err(FirstAppError::Denied(_)) => return super::nothing(&visit).await,
        Err(FirstAppError::Over) => return see_other(paths::PORTAL),
        Err(FirstAppError::Fault(fault)) => return visit.fault_page(&fault).await,
        Err(FirstAppError::Taken) => ("key", owner.words.say("setup-key-taken")),
        Err(FirstAppError::TooLong) => ("key", owner.words.say("setup-key-long")),
        Err(FirstAppError::Stage) => ("stage", owner.words.say("setup-app-stage-missing")),
    };
    typed.form(&visit, &owner, StatusCode::UNPROCESSABLE_ENTITY, vec![FieldError { field, message }]).await
}

async fn skip(visit: &Visit, owner: &Owner) -> HttpResponse {
    match visit.server.ground.work(&owner.person.actor(), &visit.origin, async |work| setup::finish(work).await).await {
        Ok(()) => see_other(paths::PORTAL),
        Err(FinishError::Denied(_)) => super::nothing(visit).await,
        Err(FinishError::Fault(fault)) => visit.fault_page(&fault).await,
    }
}
