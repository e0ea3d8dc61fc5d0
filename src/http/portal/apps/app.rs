//! `/portal/apps/{app}`: one app, with a card for each stage. With `?edit=1` it is the form that changes its name.

use super::form::{FormPage, Text, Typed};
use super::parts::{Action, Crumb, Head};
use super::place::{self, app_error, deployment_at, sees};
use super::{Answer, Portal, either, enter};
use crate::access::app::{self, App, SignIn};
use crate::access::begin_change;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::oauth::client;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// One app.
#[derive(Template)]
#[template(path = "portal/apps/app.html")]
pub struct AppPage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// Its key.
    pub key: String,
    /// A card for each stage that the reader may see.
    pub stages: Vec<StageCard>,
    /// The page that deletes it; `None`: the reader may not.
    pub delete: Option<String>,
}

/// An app at a stage, in short.
pub struct StageCard {
    /// The key of the stage, for the ids on the page.
    pub key: String,
    /// The stage.
    pub name: String,
    /// What the stage is for.
    pub purpose: String,
    /// What is there; `None`: the app is not.
    pub deployed: Option<Deployed>,
    /// The form that deploys it there; `None`: the reader may not, or it is there.
    pub deploy: Option<(String, String)>,
}

/// What is at a stage.
pub struct Deployed {
    /// Its page.
    pub link: String,
    /// Who may sign in.
    pub sign_in: String,
    /// The lists below it: path, count in words.
    pub counts: Vec<(String, String)>,
    /// Where signing in can be tried.
    pub try_it: String,
}

/// The words for who may sign in.
pub(super) const fn sign_in_word(sign_in: SignIn) -> &'static str {
    match sign_in {
        SignIn::Assigned => word!("app-sign-in-assigned"),
        SignIn::Everyone => word!("app-sign-in-everyone"),
    }
}

const fn purpose_word(stage: &Stage) -> &'static str {
    use crate::access::stage::Purpose;
    match stage.purpose {
        Purpose::Development => word!("app-purpose-development"),
        Purpose::NonProduction => word!("app-purpose-non-production"),
        Purpose::Production => word!("app-purpose-production"),
    }
}

/// `GET /portal/apps/{app}`.
pub async fn show(visit: Visit, key: Path<String>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let app = place::app(&portal, &key).await?;
        if portal.visit.query().one("edit").ok().flatten().is_some() {
            portal.require("app.manage", Reach::App(app.id)).await?;
            return Ok(Portal::page(StatusCode::OK, &form(&portal, &app, None).await));
        }
        let page = portal.good(page(&portal, &app).await).await?;
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

async fn page(portal: &Portal, app: &App) -> Result<AppPage, Fault> {
    let words = portal.words;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let clients = client::count_by_deployment(&mut tx).await?;
    drop(tx);
    let catalogue = &portal.person.snapshot.catalogue;
    let card = |stage: &Stage| {
        let link = paths::app_stage(app, stage);
        let deployed = deployment_at(&portal.person, app.id, stage.id).map(|deployment| {
            let permissions = catalogue.verbs_of(deployment.id).len() as u64;
            let roles = catalogue.end_user_roles_of(deployment.id).count() as u64;
            let clients = clients.get(&deployment.id).copied().unwrap_or_default();
            Deployed {
                sign_in: words.say(sign_in_word(deployment.sign_in)),
                counts: vec![
                    (format!("{link}/permissions"), words.counted("app-permissions-count", "count", permissions)),
                    (format!("{link}/roles"), words.counted("app-roles-count", "count", roles)),
                    (format!("{link}/clients"), words.counted("app-clients-count", "count", clients)),
                ],
                try_it: paths::try_it(&app.key, &stage.key),
                link: link.clone(),
            }
        });
        let may = deployed.is_none() && portal.may("app.manage", Reach::AppAtStage(app.id, stage.id));
        StageCard {
            key: stage.key.to_string(),
            name: stage.name.to_string(),
            purpose: words.say(purpose_word(stage)),
            deploy: may.then(|| (format!("{link}/settings"), words.with("app-deploy-to", &[("stage", stage.name.as_str())]))),
            deployed,
        }
    };
    let stages = portal.person.snapshot.stages.iter().filter(|stage| sees(&portal.person, app.id, stage.id)).map(card).collect();
    let trail = portal.trail_of("app", app.id).map(|link| Action { id: "trail", link, text: words.say("audit-trail-of"), primary: false });
    let mut actions: Vec<Action> = trail.into_iter().collect();
    if portal.may("app.manage", Reach::App(app.id)) {
        actions.push(Action { id: "edit", link: format!("{}?edit=1", paths::app(app)), text: words.say("app-edit"), primary: false });
    }
    Ok(AppPage {
        shell: portal.shell(Section::Apps).await,
        head: Head {
            crumbs: vec![Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") }],
            title: app.name.to_string(),
            badge: None,
            lead: Some(app.description.to_string()).filter(|text| !text.is_empty()),
            actions,
            tabs: Vec::new(),
        },
        key: app.key.to_string(),
        stages,
        delete: portal.may("app.manage", Reach::App(app.id)).then(|| format!("{}/-/delete", paths::app(app))),
    })
}

async fn form(portal: &Portal, app: &App, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let (name, description) = match typed {
        Some(typed) => (typed.raw("name"), typed.raw("description")),
        None => (app.name.to_string(), app.description.to_string()),
    };
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: vec![Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") }, Crumb { link: paths::app(app), name: app.name.to_string() }],
        title: words.say("app-edit"),
        lead: None,
        action: paths::app(app),
        version: Some(typed.map_or(app.version, Typed::version)),
        fields: vec![
            Text::new("name", words.say("name"), name).required().hint(words.say("app-name-hint")).field(errors),
            Text::new("key", words.say("app-key"), app.key.as_str()).code(50).fixed(true).hint(words.say("app-key-fixed")).field(errors),
            Text::new("description", words.say("app-description"), description).area(1_000).field(errors),
        ],
        submit: words.say("app-save"),
        previews: false,
        cancel: paths::app(app),
        problem: typed.and_then(Typed::problem),
    }
}

/// `POST /portal/apps/{app}`: name and description.
pub async fn change(visit: Visit, key: Path<String>, payload: Payload) -> HttpResponse {
    either(save(visit, &key, payload)).await
}

async fn save(visit: Visit, key: &str, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let app = place::app(&portal, key).await?;
    let (name, description) = (typed.name("name"), typed.description("description"));
    let (Some(name), Some(description)) = (name, description) else {
        portal.require("app.manage", Reach::App(app.id)).await?;
        return Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &app, Some(&typed)).await));
    };
    let version = typed.version();
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            app::change(work, &changing, app.id, version, &name, &description).await
        })
        .await;
    match done {
        Ok(app) => Ok(Portal::done(&paths::app(&app), "saved")),
        Err(error) => {
            typed.errors.push(app_error(&portal, error).await?);
            Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &app, Some(&typed)).await))
        }
    }
}
