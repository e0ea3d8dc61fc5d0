//! `/portal/roles`: organization roles with their permissions by stage, and the organization's own permissions.

mod edit;
mod list;
mod new;
mod own;
mod remove;
mod sheet;

pub use edit::RolePage;
pub use list::{RoleRow, RolesPage};
pub use new::NewRolePage;
pub use own::list::{OwnRow, OwnsPage};
pub use own::{ImpliesRow, OwnPage, RemoveOwnPage};
pub use remove::RemoveRolePage;
pub use sheet::{CellView, ColumnView, RowView, Sheet, Shelf};

use super::Portal;
use crate::access::guard::GuardError;
use crate::access::role::organization::{self, EditError, OrganizationRole, OwnPermissionError, RoleError};
use crate::base::fault::Fault;
use crate::base::id::OrganizationRoleId;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{Payload, ServiceConfig, get, post, resource};

/// Whoever may see members may see what their roles mean.
const NEEDS: &[&str] = &["organization_roles.manage", "members.view"];
/// The right to change them.
const MANAGE: &[&str] = &["organization_roles.manage"];

/// Every route of the section.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::ROLES).route(get().to(list::show)))
        .service(resource(paths::ROLES_CSV).route(get().to(list::csv)))
        .service(resource(paths::NEW_ROLE).route(get().to(new::show)).route(post().to(new::make)))
        .service(resource(paths::OWN_PERMISSIONS).route(get().to(own::list::show)))
        .service(resource(paths::OWN_PERMISSIONS_CSV).route(get().to(own::list::csv)))
        .service(resource(paths::NEW_OWN_PERMISSION).route(get().to(own::new)).route(post().to(own::make)))
        .service(resource(paths::OWN_PERMISSION).route(get().to(own::show)).route(post().to(own::save)))
        .service(resource(paths::OWN_PERMISSION_REMOVE).route(get().to(own::ask)).route(post().to(own::remove)))
        .service(resource(paths::ROLE_REMOVE).route(get().to(remove::ask)).route(post().to(remove::remove)))
        .service(resource(paths::ROLE).route(get().to(edit::show)).route(post().to(edit::save)));
}

async fn enter(visit: Visit, needs: &[&'static str]) -> Result<Portal, HttpResponse> {
    Portal::enter(visit, needs).await
}

/// Somebody who may change roles, with the form that they sent.
async fn enter_with(visit: Visit, payload: Payload) -> Result<(Portal, Parameters), HttpResponse> {
    let portal = enter(visit, MANAGE).await?;
    let fields = portal.form(payload).await?;
    Ok((portal, fields))
}

/// The same, and the role that it is about.
async fn enter_with_role(visit: Visit, id: &str, payload: Payload) -> Result<(Portal, Parameters, OrganizationRole), HttpResponse> {
    let (portal, fields) = enter_with(visit, payload).await?;
    let role = role_of(&portal, id).await?;
    Ok((portal, fields, role))
}

/// The role of an address.
async fn role_of(portal: &Portal, id: &str) -> Result<OrganizationRole, HttpResponse> {
    let found = async {
        let Ok(id) = id.parse::<OrganizationRoleId>() else { return Ok(None) };
        let mut tx = portal.visit.server.ground.db.read().await?;
        organization::by_id(&mut tx, id).await
    };
    match found.await {
        Ok(Some(role)) => Ok(role),
        Ok(None) => Err(portal.missing().await),
        Err(fault) => Err(portal.fault(&fault).await),
    }
}

/// What a refusal says on the page, and at which field; faults and missing rights are answers of their own.
enum Told {
    At(&'static str, String),
    Denied(&'static str),
    Fault(Fault),
}

fn told(words: Words, error: EditError) -> Told {
    match error {
        EditError::Denied(denied) => Told::Denied(denied.permission),
        EditError::Fault(fault) => Told::Fault(fault),
        EditError::Unknown => Told::At("form", words.say("role-gone")),
        EditError::Overtaken(now) => Told::At("form", words.with("role-overtaken", &[("name", now.name.as_str())])),
        EditError::KeyTaken(key) => Told::At("key", words.with("role-key-taken", &[("key", key.as_str())])),
        EditError::InUse(holders) => Told::At("form", words.counted("role-in-use", "count", (holders.people + holders.clients).unsigned_abs())),
        EditError::Role(error) => match error {
            RoleError::Denied(denied) => Told::Denied(denied.permission),
            RoleError::Fault(fault) => Told::Fault(fault),
            RoleError::NameTaken(name) => Told::At("name", words.with("role-name-taken", &[("name", name.as_str())])),
            RoleError::Empty => Told::At("entry", words.say("role-needs-permission")),
            RoleError::BuiltIn(_) => Told::At("form", words.say("role-built-in-stays")),
            RoleError::Unknown { permission, .. } => Told::At("entry", words.with("role-unknown-permission", &[("permission", permission.as_str())])),
            RoleError::NotByStage { permission, .. } => Told::At("entry", words.with("role-not-by-stage", &[("permission", permission.as_str())])),
            RoleError::StageGone(_) => Told::At("entry", words.say("role-stage-gone")),
            RoleError::Guard(error) => Told::At("entry", guarded(words, &error)),
        },
    }
}

fn told_own(words: Words, error: OwnPermissionError) -> Told {
    match error {
        OwnPermissionError::Denied(denied) => Told::Denied(denied.permission),
        OwnPermissionError::Fault(fault) => Told::Fault(fault),
        OwnPermissionError::Taken(_) => Told::At("key", words.say("own-key-taken")),
        OwnPermissionError::Overtaken => Told::At("form", words.say("own-overtaken")),
        OwnPermissionError::Limited(_) => Told::At("form", words.say("own-limited")),
        OwnPermissionError::Key(_) => Told::At("key", words.say("own-key-wrong")),
        OwnPermissionError::Unknown { implied, .. } => Told::At("implies", words.with("role-unknown-permission", &[("permission", implied.as_str())])),
        OwnPermissionError::Circle(way) => Told::At("implies", words.with("own-circle", &[("way", way)])),
        // What is taken may be the permission itself, what it brings, or where it counts: that is said at no field.
        OwnPermissionError::Guard(error @ GuardError::Stronger) => Told::At("form", guarded(words, &error)),
        OwnPermissionError::Guard(error) => Told::At("implies", guarded(words, &error)),
    }
}

fn guarded(words: Words, error: &GuardError) -> String {
    match error {
        GuardError::BeyondPermission(permission) => words.with("role-beyond", &[("permission", permission.as_str())]),
        GuardError::Beyond | GuardError::Fault(_) => words.say("role-beyond-you"),
        GuardError::Unproved(_) | GuardError::Stronger => words.say("role-stronger"),
    }
}
