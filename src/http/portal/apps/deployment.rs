//! `/portal/apps/{app}/{stage}`: how an app stands at a stage, and the form that deploys it there or changes that.

use super::app::sign_in_word;
use super::form::{FormPage, Pick, Picked, Text, Typed};
use super::parts::{Action, Crumb, Head};
use super::place::{Part, Place, app_and_stage, app_error, deployment_at};
use super::promote::may_promote;
use super::{Answer, Portal, either, enter};
use crate::access::app::deployment::{self, Deployment};
use crate::access::app::{App, AppError, SignIn};
use crate::access::begin_change;
use crate::access::stage::Stage;
use crate::base::reach::Reach;
use crate::http::journey::see_other;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;
use url::Url;

/// An app at a stage: its settings, and where to go on from here.
#[derive(Template)]
#[template(path = "portal/apps/stage.html")]
pub struct StagePage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// Where people start.
    pub home_page: Option<String>,
    /// Who may sign in, and what that means.
    pub sign_in: (String, String),
    /// The resource identifier.
    pub resource: String,
    /// The form that changes this; `None`: the reader may not.
    pub edit: Option<String>,
    /// The shared roles of other apps that count here.
    pub listed: Vec<String>,
    /// What is still missing before people can sign in: words and where to see to it.
    pub missing: Vec<(String, String)>,
    /// The command that asks for a token, for whoever wants to see one.
    pub discovery: String,
    /// The page that takes the app from the stage; `None`: the reader may not.
    pub undeploy: Option<String>,
}

/// `GET /portal/apps/{app}/{stage}`.
pub async fn show(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let (app, stage) = app_and_stage(&portal, &path.0, &path.1).await?;
        if deployment_at(&portal.person, app.id, stage.id).is_none() && portal.may("app.manage", Reach::AppAtStage(app.id, stage.id)) {
            return Ok(see_other(&format!("{}/settings", paths::app_stage(&app, &stage))));
        }
        let place = Place::find(&portal, &path.0, &path.1).await?;
        let clients = {
            let mut tx = portal.read().await?;
            portal.good(crate::oauth::client::of_deployment(&mut tx, place.deployment.id).await).await?
        };
        Ok(Portal::page(StatusCode::OK, &page(&portal, &place, clients.is_empty()).await))
    })
    .await
}

async fn page(portal: &Portal, place: &Place, no_client: bool) -> StagePage {
    let words = portal.words;
    let catalogue = &portal.person.snapshot.catalogue;
    let deployment = &place.deployment;
    let mut missing = Vec::new();
    let no_role = catalogue.end_user_roles_of(deployment.id).next().is_none() && catalogue.listed_roles_of(deployment.id).next().is_none();
    if no_role && deployment.sign_in == SignIn::Assigned {
        missing.push((words.say("app-missing-role"), place.path(Part::Roles)));
    }
    if no_client {
        missing.push((words.say("app-missing-client"), place.path(Part::Clients)));
    }
    if deployment.home_page.is_none() && portal.may("app.manage", place.reach()) {
        missing.push((words.say("app-missing-home-page"), format!("{}/settings", paths::app_stage(&place.app, &place.stage))));
    }
    let meaning = match deployment.sign_in {
        SignIn::Assigned => word!("app-sign-in-assigned-is"),
        SignIn::Everyone => word!("app-sign-in-everyone-is"),
    };
    let try_it = Action { id: "try-it", link: paths::try_it(&place.app.key, &place.stage.key), text: words.say("app-try-it"), primary: true };
    let promote = may_promote(portal, place).then(|| Action {
        id: "promote",
        link: format!("{}/promote", paths::app_stage(&place.app, &place.stage)),
        text: words.say("app-promote"),
        primary: false,
    });
    let trail = portal.trail_of("deployment", deployment.id).map(|link| Action { id: "trail", link, text: words.say("audit-trail-of"), primary: false });
    let may = portal.may("app.manage", place.reach());
    StagePage {
        shell: portal.shell(Section::Apps).await,
        head: place.head(portal, Part::Settings, trail.into_iter().chain(promote).chain([try_it]).collect()),
        home_page: deployment.home_page.clone(),
        sign_in: (words.say(sign_in_word(deployment.sign_in)), words.say(meaning)),
        resource: deployment.resource.clone(),
        edit: may.then(|| format!("{}/settings", paths::app_stage(&place.app, &place.stage))),
        listed: catalogue.listed_roles_of(deployment.id).map(|(claim, _)| claim.to_owned()).collect(),
        missing,
        undeploy: may.then(|| format!("{}/undeploy", paths::app_stage(&place.app, &place.stage))),
        discovery: format!("{}{}", portal.visit.server.issuer(), paths::DISCOVERY),
    }
}

/// `GET /portal/apps/{app}/{stage}/settings`: deploys, or changes the deployment.
pub async fn form(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let (app, stage) = app_and_stage(&portal, &path.0, &path.1).await?;
        portal.require("app.manage", Reach::AppAtStage(app.id, stage.id)).await?;
        Ok(Portal::page(StatusCode::OK, &settings(&portal, &app, &stage, None).await))
    })
    .await
}

async fn settings(portal: &Portal, app: &App, stage: &Stage, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let has = deployment_at(&portal.person, app.id, stage.id);
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let home_page = typed.map_or_else(|| has.and_then(|has| has.home_page.clone()).unwrap_or_default(), |typed| typed.raw("home_page"));
    let chosen = typed.map_or_else(|| has.map_or(SignIn::Assigned, |has| has.sign_in).as_str().to_owned(), |typed| typed.raw("sign_in"));
    let option = |sign_in: SignIn, is: &str| Picked {
        value: sign_in.as_str().to_owned(),
        label: words.say(sign_in_word(sign_in)),
        note: Some(words.say(is)),
        chosen: sign_in.as_str() == chosen,
        ..Picked::default()
    };
    let options = vec![option(SignIn::Assigned, word!("app-sign-in-assigned-is")), option(SignIn::Everyone, word!("app-sign-in-everyone-is"))];
    let mut fields = vec![
        Text::new("home_page", words.say("app-home-page"), home_page).code(2_000).hint(words.say("app-home-page-hint")).field(errors),
        Pick::one("sign_in", words.say("app-sign-in"), options).field(errors),
    ];
    if let Some(has) = has {
        let resource = Text::new("resource", words.say("app-resource"), has.resource.as_str()).code(500).fixed(true);
        fields.push(resource.hint(words.say("app-resource-hint")).field(errors));
    }
    let back = if has.is_some() { paths::app_stage(app, stage) } else { paths::app(app) };
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: vec![
            Crumb { link: paths::APPS.to_owned(), name: words.say("portal-apps") },
            Crumb { link: paths::app(app), name: app.name.to_string() },
            Crumb { link: back.clone(), name: stage.name.to_string() },
        ],
        title: words.say(if has.is_some() { word!("app-settings") } else { word!("app-deploy") }),
        lead: has.is_none().then(|| words.say("app-deploy-lead")),
        action: format!("{}/settings", paths::app_stage(app, stage)),
        version: typed.map_or(has.map(|has| has.version), |typed| Some(typed.version()).filter(|version| *version >= 0)),
        fields,
        submit: words.say(if has.is_some() { word!("app-save") } else { word!("app-deploy") }),
        previews: true,
        cancel: back,
        problem: typed.and_then(Typed::problem),
    }
}

/// `POST /portal/apps/{app}/{stage}/settings`: without a version it deploys, with one it changes what was read.
pub async fn save(visit: Visit, path: Path<(String, String)>, payload: Payload) -> HttpResponse {
    either(saved(visit, &path.0, &path.1, payload)).await
}

async fn saved(visit: Visit, key: &str, stage: &str, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let (app, stage) = app_and_stage(&portal, key, stage).await?;
    let home_page = typed.web_page("home_page");
    let sign_in = SignIn::parse(&typed.raw("sign_in"));
    if sign_in.is_none() {
        typed.wrong("sign_in", portal.words.say("app-sign-in-choose"));
    }
    let (Some(sign_in), true) = (sign_in, typed.errors.is_empty()) else {
        portal.require("app.manage", Reach::AppAtStage(app.id, stage.id)).await?;
        return Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &settings(&portal, &app, &stage, Some(&typed)).await));
    };
    let version = Some(typed.version()).filter(|version| *version >= 0);
    match write(&portal, &typed, (&app, &stage), version, home_page, sign_in).await {
        Ok(Changed::Shown(page)) => Ok(page),
        Ok(Changed::Made(_)) => Ok(Portal::done(&paths::app_stage(&app, &stage), if version.is_some() { "saved" } else { "app-deployed" })),
        Err(error) => {
            typed.errors.push(app_error(&portal, error).await?);
            Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &settings(&portal, &app, &stage, Some(&typed)).await))
        }
    }
}

async fn write(
    portal: &Portal,
    typed: &Typed,
    (app, stage): (&App, &Stage),
    version: Option<i64>,
    home_page: Option<Url>,
    sign_in: SignIn,
) -> Result<Changed<Deployment>, AppError> {
    let issuer = portal.visit.server.issuer();
    portal
        .change(Section::Apps, typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            let home_page = home_page.clone();
            if let Some(version) = version {
                return deployment::change(work, &changing, (app, stage), version, home_page, sign_in, issuer).await;
            }
            let spec = deployment::Spec { home_page, sign_in, resource: None };
            deployment::deploy(work, &changing, app, stage, &spec, issuer).await
        })
        .await
}
