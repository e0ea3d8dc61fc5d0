use super::sheet::{Sheet, entries};
use super::{NEEDS, Told, enter, enter_with_role, role_of, told};
use crate::access::begin_change;
use crate::access::catalogue::Counts;
use crate::access::role::organization::{self, Edited, OrganizationRole};
use crate::base::fault::Fault;
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
use actix_web::web::{Path, Payload};
use askama::Template;

/// A role with its permissions.
#[derive(Template)]
#[template(path = "portal/roles/role.html")]
pub struct RolePage {
    /// The layout.
    pub shell: Shell,
    /// The path of this page.
    pub link: String,
    /// The id, for links to who holds it.
    pub id: String,
    /// The name of the role.
    pub title: String,
    /// What happened to it, in the audit trail; `None`: the reader may not see it.
    pub trail: Option<String>,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub about: String,
    /// How many hold it.
    pub holders: String,
    /// Whether it is part of the binary.
    pub built_in: bool,
    /// Whether the reader may change roles.
    pub may_manage: bool,
    /// The version that the reader sees.
    pub version: i64,
    /// What was typed as name.
    pub name: String,
    /// As description.
    pub description: String,
    /// The permissions.
    pub sheet: Sheet,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What the form holds.
struct Typing {
    name: String,
    description: String,
    entries: Vec<(PermissionKey, Counts)>,
    errors: Vec<FieldError>,
}

/// What a role holds, as entries: a built-in role's come from the binary.
pub(super) async fn held(portal: &Portal, role: &OrganizationRole) -> Result<(Vec<(PermissionKey, Counts)>, bool), Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    if role.built_in {
        let catalogue = &portal.person.snapshot.catalogue;
        return Ok((catalogue.entries_of_role(role.id), catalogue.gives_all(role.id)));
    }
    Ok((organization::entries_of(&mut tx, role.id).await?, false))
}

/// `GET /portal/roles/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let role = match role_of(&portal, &id).await {
        Ok(role) => role,
        Err(answer) => return answer,
    };
    answer(&portal, &role, None, StatusCode::OK).await
}

async fn answer(portal: &Portal, role: &OrganizationRole, typing: Option<Typing>, status: StatusCode) -> HttpResponse {
    match page(portal, role, typing).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, role: &OrganizationRole, typing: Option<Typing>) -> Result<RolePage, Fault> {
    let (had, all) = held(portal, role).await?;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let holders = organization::holders(&mut tx).await?.into_iter().find(|(id, _)| *id == role.id).map_or(0, |(_, holders)| holders.people + holders.clients);
    drop(tx);
    let Typing { name, description, entries, errors } =
        typing.unwrap_or_else(|| Typing { name: role.name.to_string(), description: role.description.to_string(), entries: had, errors: Vec::new() });
    Ok(RolePage {
        link: paths::role(role.id),
        id: role.id.to_string(),
        title: role.name.to_string(),
        trail: portal.trail_of("organization_role", role.id),
        key: role.key.to_string(),
        about: role.description.to_string(),
        holders: portal.words.counted("role-holders", "count", holders.unsigned_abs()),
        built_in: role.built_in,
        may_manage: portal.person.may_somewhere("organization_roles.manage"),
        version: role.version,
        name,
        description,
        sheet: Sheet::of(portal, &entries, all),
        errors,
        shell: portal.shell(Section::Roles).await,
    })
}

/// `POST /portal/roles/{id}`.
pub async fn save(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields, role) = match enter_with_role(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let mut typed = Typed::new(&fields, portal.words);
    let (name, description, version) = (typed.name("name"), typed.description("description"), typed.version());
    let entries = entries(typed.every("entry"));
    let again = |errors| Typing {
        name: fields.one("name").ok().flatten().unwrap_or_default().to_owned(),
        description: fields.one("description").ok().flatten().unwrap_or_default().to_owned(),
        entries: entries.clone(),
        errors,
    };
    let (Some(name), Some(description)) = (name, description) else {
        return answer(&portal, &role, Some(again(typed.errors)), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let edited = Edited { name, description, entries: entries.clone() };
    let done = portal
        .change(Section::Roles, &fields, async |work| {
            let changing = begin_change(work).await?;
            organization::edit(work, &changing, role.id, version, &edited).await
        })
        .await;
    match done {
        Ok(Changed::Made(role)) => Portal::done(&paths::role(role.id), "saved"),
        Ok(Changed::Shown(page)) => page,
        Err(error) => {
            let status = if matches!(error, organization::EditError::Overtaken(_)) { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
            match told(portal.words, error) {
                Told::At(field, message) => answer(&portal, &role, Some(again(vec![FieldError { field, message }])), status).await,
                Told::Denied(permission) => portal.denied(Some(permission)).await,
                Told::Fault(fault) => portal.fault(&fault).await,
            }
        }
    }
}
