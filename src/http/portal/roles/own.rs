//! The organization's own permissions: what its tools read in claims.

use super::{MANAGE, Told, enter, enter_with, guarded, told_own};
use crate::access::begin_change;
use crate::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind, built_in};
use crate::access::role::organization::{
    Goes, RemoveOwnError, change_own_permission, leaving, make_own_permission, own_permissions, own_version, remove_own_permission,
};
use crate::base::fault::Fault;
use crate::base::text::{Description, PermissionKey};
use crate::http::page::FieldError;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::obstacle::Obstacle;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::typed::Typed;
use crate::http::portal::users::Choice;
use crate::http::visit::Visit;
use crate::http::{paths, permission_words};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

pub mod list;

/// Rows for more implications than a permission has.
const SPARE: usize = 3;
const MOST: usize = 20;

/// The form of one.
#[derive(Template)]
#[template(path = "portal/roles/own.html")]
pub struct OwnPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form goes.
    pub action: String,
    /// Its key when it is there already.
    pub fixed: Option<String>,
    /// The version that the reader sees, of one that is there.
    pub version: Option<i64>,
    /// What was typed as key.
    pub key: String,
    /// As name.
    pub name: String,
    /// As category.
    pub category: String,
    /// As purpose.
    pub purpose: String,
    /// Whether it has effect in a grant at an app.
    pub at_apps: bool,
    /// Whether it can be limited to stages.
    pub by_stage: bool,
    /// What it brings.
    pub implies: Vec<ImpliesRow>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// One implication.
pub struct ImpliesRow {
    /// Its place in the form.
    pub number: usize,
    /// The permissions.
    pub permissions: Vec<Choice>,
    /// Where it counts.
    pub places: Vec<Choice>,
}

/// The question whether one goes.
#[derive(Template)]
#[template(path = "portal/roles/own_remove.html")]
pub struct RemoveOwnPage {
    /// The layout.
    pub shell: Shell,
    /// The page of the permission.
    pub back: String,
    /// Its name.
    pub title: String,
    /// What is in the way, with where it is seen to.
    pub in_the_way: Vec<Obstacle>,
    /// What follows, a sentence each.
    pub follows: Vec<Marked>,
    /// Why it did not go.
    pub problem: Option<String>,
}

/// What the form holds.
#[derive(Default)]
struct Typing {
    texts: [String; 4],
    at_apps: bool,
    by_stage: bool,
    implies: Vec<(String, String)>,
    errors: Vec<FieldError>,
    version: Option<i64>,
}

fn place_words(words: Words, at: &str) -> String {
    words.say(match at {
        "same_stage" => word!("own-at-same"),
        "every_stage" => word!("own-at-every"),
        "development" => word!("role-column-development"),
        "non_production" => word!("role-column-non-production"),
        _ => word!("role-column-production"),
    })
}

const PLACES: [&str; 5] = ["same_stage", "development", "non_production", "production", "every_stage"];

async fn owns(portal: &Portal) -> Result<Vec<PlatformPermission>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    own_permissions(&mut tx).await
}

/// The permission of an address.
async fn own_of(portal: &Portal, key: &str) -> Result<PlatformPermission, HttpResponse> {
    match owns(portal).await {
        Err(fault) => Err(portal.fault(&fault).await),
        Ok(own) => match own.into_iter().find(|permission| permission.key.as_str() == key) {
            Some(permission) => Ok(permission),
            None => Err(portal.missing().await),
        },
    }
}

async fn version_of(portal: &Portal, key: &PermissionKey) -> Result<Option<i64>, HttpResponse> {
    let mut tx = portal.read().await?;
    match own_version(&mut tx, key).await {
        Ok(version) => Ok(version),
        Err(fault) => Err(portal.fault(&fault).await),
    }
}

/// `GET /portal/roles/permissions/new`.
pub async fn new(visit: Visit) -> HttpResponse {
    match enter(visit, MANAGE).await {
        Ok(portal) => form(&portal, None, Typing { by_stage: true, at_apps: true, ..Typing::default() }, StatusCode::OK).await,
        Err(answer) => answer,
    }
}

/// `GET /portal/roles/permissions/{key}`.
pub async fn show(visit: Visit, key: Path<String>) -> HttpResponse {
    let portal = match enter(visit, MANAGE).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let own = match own_of(&portal, &key).await {
        Ok(own) => own,
        Err(answer) => return answer,
    };
    let typing = Typing {
        texts: [own.key.to_string(), own.name.to_string(), own.category.to_string(), own.purpose.to_string()],
        at_apps: own.reaches_app(),
        by_stage: own.by_stage,
        implies: own.implies.iter().map(|implied| (implied.permission.to_string(), implied.at.to_string())).collect(),
        errors: Vec::new(),
        version: match version_of(&portal, &own.key).await {
            Ok(version) => version,
            Err(answer) => return answer,
        },
    };
    form(&portal, Some(own.key.as_str()), typing, StatusCode::OK).await
}

async fn form(portal: &Portal, fixed: Option<&str>, typing: Typing, status: StatusCode) -> HttpResponse {
    let words = portal.words;
    let own = match owns(portal).await {
        Ok(own) => own,
        Err(fault) => return portal.fault(&fault).await,
    };
    let known: Vec<(String, String)> = built_in()
        .permissions
        .iter()
        .chain(&own)
        .filter(|permission| Some(permission.key.as_str()) != fixed)
        .map(|permission| {
            (permission.key.to_string(), format!("{}: {}", permission_words::category(words, permission), permission_words::name(words, permission)))
        })
        .collect();
    let row = |number: usize| {
        let (permission, at) = typing.implies.get(number).cloned().unwrap_or_default();
        let none = Choice { value: String::new(), text: words.say("own-brings-nothing"), chosen: permission.is_empty() };
        let some = known.iter().map(|(key, text)| Choice { value: key.clone(), text: text.clone(), chosen: *key == permission });
        let places = PLACES.iter().map(|place| Choice { value: (*place).to_owned(), text: place_words(words, place), chosen: *place == at });
        ImpliesRow { number, permissions: std::iter::once(none).chain(some).collect(), places: places.collect() }
    };
    let rows = (typing.implies.len() + SPARE).min(MOST);
    let implies = (0..rows).map(row).collect();
    let Typing { texts: [key, name, category, purpose], at_apps, by_stage, errors, version, .. } = typing;
    let page = OwnPage {
        action: fixed.map_or_else(|| paths::NEW_OWN_PERMISSION.to_owned(), paths::own_permission),
        fixed: fixed.map(str::to_owned),
        version,
        key,
        name,
        category,
        purpose,
        at_apps,
        by_stage,
        implies,
        errors,
        shell: portal.shell(Section::Roles).await,
    };
    Portal::page(status, &page)
}

/// The permission that a form describes, or the form with what is wrong.
fn read(fields: &Parameters, words: Words, fixed: Option<&PermissionKey>) -> Result<PlatformPermission, Box<Typing>> {
    let mut typed = Typed::new(fields, words);
    let (name, category) = (typed.name("name"), typed.name("category"));
    let purpose: Option<Description> = typed.description("purpose");
    let typed_key = || PermissionKey::parse(fields.one("key").ok().flatten().unwrap_or_default().trim()).ok().filter(PermissionKey::is_own);
    let key = fixed.cloned().or_else(typed_key);
    if key.is_none() {
        typed.wrong("key", words.say("own-key-wrong"));
    }
    let text = |name: &str| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let pairs: Vec<(String, String)> =
        (0..MOST).map(|number| (text(&format!("implies-{number}")), text(&format!("at-{number}")))).filter(|(key, _)| !key.is_empty()).collect();
    let mut implies: Vec<Implication> = pairs
        .iter()
        .filter_map(|(key, at)| Some(Implication { permission: PermissionKey::parse(key).ok()?, at: ImpliedAt::parse(at).unwrap_or(ImpliedAt::SameStage) }))
        .collect();
    implies.sort();
    implies.dedup();
    let (at_apps, by_stage) = (text("at_apps") == "yes", text("by_stage") == "yes");
    let (Some(key), Some(name), Some(category), Some(purpose)) = (key, name, category, purpose) else {
        let version = fixed.map(|_| typed.version());
        let texts = ["key", "name", "category", "purpose"].map(text);
        return Err(Box::new(Typing { texts, at_apps, by_stage, implies: pairs, errors: typed.errors, version }));
    };
    let reaches = [ReachKind::Organization].into_iter().chain(at_apps.then_some(ReachKind::App)).collect();
    Ok(PlatformPermission { key, name, category, purpose, reaches, by_stage, implies, enforced: Enforced::Tools })
}

/// `POST /portal/roles/permissions/new`.
pub async fn make(visit: Visit, payload: Payload) -> HttpResponse {
    write(visit, None, payload).await
}

/// `POST /portal/roles/permissions/{key}`.
pub async fn save(visit: Visit, key: Path<String>, payload: Payload) -> HttpResponse {
    write(visit, Some(key.into_inner()), payload).await
}

async fn write(visit: Visit, fixed: Option<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match enter_with(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let before = match &fixed {
        None => None,
        Some(key) => match own_of(&portal, key).await {
            Ok(own) => Some(own.key),
            Err(answer) => return answer,
        },
    };
    let permission = match read(&fields, portal.words, before.as_ref()) {
        Ok(permission) => permission,
        Err(typing) => return form(&portal, fixed.as_deref(), *typing, StatusCode::UNPROCESSABLE_ENTITY).await,
    };
    let version = before.as_ref().map(|_| Typed::new(&fields, portal.words).version());
    let again = |field: &'static str, message: String| Typing {
        texts: [permission.key.to_string(), permission.name.to_string(), permission.category.to_string(), permission.purpose.to_string()],
        at_apps: permission.reaches_app(),
        by_stage: permission.by_stage,
        implies: permission.implies.iter().map(|implied| (implied.permission.to_string(), implied.at.to_string())).collect(),
        errors: vec![FieldError { field, message }],
        version,
    };
    let done = portal
        .change(Section::Roles, &fields, async |work| {
            let changing = begin_change(work).await?;
            match version {
                Some(version) => change_own_permission(work, &changing, &permission, version).await,
                None => make_own_permission(work, &changing, &permission).await,
            }
        })
        .await;
    match done {
        Ok(Changed::Made(())) => Portal::done(paths::OWN_PERMISSIONS, "saved"),
        Ok(Changed::Shown(page)) => page,
        Err(error) => match told_own(portal.words, error) {
            Told::At(field, message) => form(&portal, fixed.as_deref(), again(field, message), StatusCode::UNPROCESSABLE_ENTITY).await,
            Told::Denied(permission) => portal.denied(Some(permission)).await,
            Told::Fault(fault) => portal.fault(&fault).await,
        },
    }
}

/// `GET /portal/roles/permissions/{key}/remove`.
pub async fn ask(visit: Visit, key: Path<String>) -> HttpResponse {
    let portal = match enter(visit, MANAGE).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match own_of(&portal, &key).await {
        Ok(own) => question(&portal, &own, None, StatusCode::OK).await,
        Err(answer) => answer,
    }
}

/// The question as things stand now. Roles that would hold nothing any more are in the way; otherwise it says which ones lose something.
async fn question(portal: &Portal, own: &PlatformPermission, problem: Option<String>, status: StatusCode) -> HttpResponse {
    let words = portal.words;
    let found = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        leaving(&mut tx, Goes::Permission(&own.key)).await
    };
    let leaving = match found.await {
        Ok(leaving) => leaving,
        Err(fault) => return portal.fault(&fault).await,
    };
    let in_the_way: Vec<Obstacle> = Obstacle::emptied(words, &leaving).collect();
    let loses = leaving.iter().map(|leaving| words.marked("own-remove-role", &[("role", leaving.role.name.as_str())]));
    let follows: Vec<Marked> = if in_the_way.is_empty() { loses.collect() } else { Vec::new() };
    let shell = portal.shell(Section::Roles).await;
    let page = RemoveOwnPage { shell, back: paths::own_permission(own.key.as_str()), title: own.name.to_string(), in_the_way, follows, problem };
    Portal::page(status, &page)
}

/// `POST /portal/roles/permissions/{key}/remove`.
pub async fn remove(visit: Visit, key: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match enter_with(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let own = match own_of(&portal, &key).await {
        Ok(own) => own,
        Err(answer) => return answer,
    };
    let done = portal
        .change(Section::Roles, &fields, async |work| {
            let changing = begin_change(work).await?;
            remove_own_permission(work, &changing, &own.key).await
        })
        .await;
    match done {
        Ok(Changed::Made(_)) => Portal::done(paths::OWN_PERMISSIONS, "own-removed"),
        Ok(Changed::Shown(page)) => page,
        // The page itself names the roles.
        Err(RemoveOwnError::Emptied(_)) => question(&portal, &own, None, StatusCode::CONFLICT).await,
        Err(RemoveOwnError::Implied { by, .. }) => {
            let problem = portal.words.with("own-implied", &[("by", by.as_str())]);
            question(&portal, &own, Some(problem), StatusCode::CONFLICT).await
        }
        Err(RemoveOwnError::Guard(error)) => {
            let problem = guarded(portal.words, &error);
            question(&portal, &own, Some(problem), StatusCode::CONFLICT).await
        }
        Err(RemoveOwnError::Denied(denied)) => portal.refused(&denied).await,
        Err(RemoveOwnError::Fault(fault)) => portal.fault(&fault).await,
    }
}
