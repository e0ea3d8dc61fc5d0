//! `/portal/apps/new`: an app, the stages where it is from the beginning, and perhaps its first roles.

use super::form::{FormPage, Pick, Picked, Text, Typed};
use super::parts::Crumb;
use super::place::app_error;
use super::{Portal, either, enter};
use crate::access::app::{self, App, AppError, SignIn, deployment, template};
use crate::access::begin_change;
use crate::access::stage::Stage;
use crate::base::reach::Reach;
use crate::base::text::{Description, DisplayName, Slug};
use crate::http::paths;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;

/// `GET /portal/apps/new`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        portal.require("app.manage", Reach::Organization).await?;
        Ok(Portal::page(StatusCode::OK, &page(&portal, None).await))
    })
    .await
}

async fn page(portal: &Portal, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let raw = |field| typed.map(|typed| typed.raw(field)).unwrap_or_default();
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let stage = |stage: &Stage| Picked {
        value: stage.key.to_string(),
        label: stage.name.to_string(),
        note: None,
        chosen: typed.is_none_or(|typed| typed.every("stages").iter().any(|key| key == stage.key.as_str())),
        ..Picked::default()
    };
    let mut fields = vec![
        Text::new("name", words.say("name"), raw("name")).required().hint(words.say("app-name-hint")).field(errors),
        Text::new("key", words.say("app-key"), raw("key")).code(50).hint(words.say("app-key-hint")).field(errors),
        Text::new("description", words.say("app-description"), raw("description")).area(1_000).field(errors),
        Pick::many("stages", words.say("app-stages"), portal.person.snapshot.stages.iter().map(stage).collect())
            .hint(words.say("app-stages-hint"))
            .field(errors),
    ];
    if portal.may("app_roles.manage", Reach::Organization) {
        let chosen = if typed.is_some() { raw("template") } else { "standard".to_owned() };
        let option = |value: &str, label: String, note: String| Picked {
            value: value.to_owned(),
            label,
            note: Some(note),
            chosen: chosen == value,
            ..Picked::default()
        };
        let options = vec![
            option("standard", words.say("app-template-standard"), words.say("app-template-standard-is")),
            option("none", words.say("app-template-none"), words.say("app-template-none-is")),
        ];
        fields.push(Pick::one("template", words.say("app-template"), options).field(errors));
    }
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: vec![Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") }],
        title: words.say("app-new"),
        lead: Some(words.say("app-new-lead")),
        action: paths::NEW_APP.to_owned(),
        version: None,
        fields,
        submit: words.say("app-create"),
        cancel: paths::APPS.to_owned(),
        problem: typed.and_then(Typed::problem),
        previews: false,
    }
}

/// `POST /portal/apps/new`.
pub async fn create(visit: Visit, payload: Payload) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let mut typed = Typed::read(&portal, payload).await?;
        let name = typed.name("name");
        let key = typed.key("key", name.as_ref());
        let description = typed.description("description");
        let stages = portal.person.snapshot.stages.iter().filter(|stage| typed.every("stages").iter().any(|key| key == stage.key.as_str()));
        let stages: Vec<Stage> = stages.cloned().collect();
        let with_roles = typed.raw("template") == "standard";
        let (Some(name), Some(key), Some(description)) = (name, key, description) else {
            return Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&portal, Some(&typed)).await));
        };
        match make(&portal, (&key, &name, &description), &stages, with_roles).await {
            Ok(app) => Ok(Portal::done(&paths::app(&app), "app-created")),
            Err(error) => {
                typed.errors.push(app_error(&portal, error).await?);
                Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&portal, Some(&typed)).await))
            }
        }
    })
    .await
}

async fn make(portal: &Portal, (key, name, description): (&Slug, &DisplayName, &Description), stages: &[Stage], with_roles: bool) -> Result<App, AppError> {
    let issuer = portal.visit.server.issuer();
    portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            let app = app::create(work, &changing, key, name, description).await?;
            for stage in stages {
                let spec = deployment::Spec { home_page: None, sign_in: SignIn::Assigned, resource: None };
                let deployment = deployment::deploy(work, &changing, &app, stage, &spec, issuer).await?;
                if with_roles {
                    template::fill(work, &changing, &app, &deployment, portal.words).await?;
                }
            }
            Ok(app)
        })
        .await
}
