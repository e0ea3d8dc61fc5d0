use super::edit::held;
use super::sheet::{Sheet, entries};
use super::{MANAGE, Told, enter, enter_with, told};
use crate::access::begin_change;
use crate::access::catalogue::Counts;
use crate::access::role::organization::{self, Edited};
use crate::base::id::OrganizationRoleId;
use crate::base::text::PermissionKey;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The form that makes a role, empty or as a copy of another one.
#[derive(Template)]
#[template(path = "portal/roles/new.html")]
pub struct NewRolePage {
    /// The layout.
    pub shell: Shell,
    /// What was typed as name.
    pub name: String,
    /// As key.
    pub key: String,
    /// As description.
    pub description: String,
    /// The permissions.
    pub sheet: Sheet,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// `GET /portal/roles/new`, or `?from={id}`: a copy of that role.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, MANAGE).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    let from = query.one("from").ok().flatten().and_then(|id| id.parse::<OrganizationRoleId>().ok());
    let read = async {
        let Some(from) = from else { return Ok(None) };
        let mut tx = portal.visit.server.ground.db.read().await?;
        let Some(role) = organization::by_id(&mut tx, from).await? else { return Ok(None) };
        drop(tx);
        let (mut entries, all) = held(&portal, &role).await?;
        if all {
            // A copy of everything is everything there is now: what comes later, it does not hold.
            entries = portal.person.snapshot.catalogue.platform_permissions().iter().map(|permission| (permission.key.clone(), Counts::EveryStage)).collect();
        }
        Ok(Some((role, entries)))
    };
    match read.await {
        Ok(Some((role, entries))) => {
            let name = portal.words.with("role-copy-of", &[("name", role.name.as_str())]);
            form(&portal, &entries, [name, String::new(), role.description.to_string()], Vec::new(), StatusCode::OK).await
        }
        Ok(None) => form(&portal, &[], Default::default(), Vec::new(), StatusCode::OK).await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn form(
    portal: &Portal,
    entries: &[(PermissionKey, Counts)],
    [name, key, description]: [String; 3],
    errors: Vec<FieldError>,
    status: StatusCode,
) -> HttpResponse {
    let shell = portal.shell(Section::Roles).await;
    Portal::page(status, &NewRolePage { shell, name, key, description, sheet: Sheet::of(portal, entries, false), errors })
}

/// `POST /portal/roles/new`.
pub async fn make(visit: Visit, payload: Payload) -> HttpResponse {
    let (portal, fields) = match enter_with(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let mut typed = Typed::new(&fields, portal.words);
    let name = typed.name("name");
    let (key, description) = (typed.key("key", name.as_ref()), typed.description("description"));
    let entries = entries(typed.every("entry"));
    let again = ["name", "key", "description"].map(|field| fields.one(field).ok().flatten().unwrap_or_default().to_owned());
    let (Some(name), Some(key), Some(description)) = (name, key, description) else {
        return form(&portal, &entries, again, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let edited = Edited { name, description, entries: entries.clone() };
    let made = portal
        .change(Section::Roles, &fields, async |work| {
            let changing = begin_change(work).await?;
            organization::create(work, &changing, &key, &edited).await
        })
        .await;
    match made {
        Ok(Changed::Made(role)) => Portal::done(&paths::role(role.id), "role-made"),
        Ok(Changed::Shown(page)) => page,
        Err(error) => match told(portal.words, error) {
            Told::At(field, message) => form(&portal, &entries, again, vec![FieldError { field, message }], StatusCode::UNPROCESSABLE_ENTITY).await,
            Told::Denied(permission) => portal.denied(Some(permission)).await,
            Told::Fault(fault) => portal.fault(&fault).await,
        },
    }
}
