use super::{MANAGE, Told, enter, enter_with_role, role_of, told};
use crate::access::begin_change;
use crate::access::guard::GuardError;
use crate::access::role::organization::{self, EditError, OrganizationRole, RoleError};
use crate::base::fault::Fault;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::lifecycle::{invitation, remove_role};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question whether a role goes.
#[derive(Template)]
#[template(path = "portal/roles/remove.html")]
pub struct RemoveRolePage {
    /// The layout.
    pub shell: Shell,
    /// The page of the role.
    pub back: String,
    /// Its name.
    pub title: String,
    /// The version that the reader sees.
    pub version: i64,
    /// How many lose it; `None`: nobody holds it.
    pub losers: Option<String>,
    /// How many invitations offer it; `None`: none does.
    pub offered: Option<String>,
    /// Why it did not go.
    pub problem: Option<String>,
}

/// `GET /portal/roles/{id}/remove`.
pub async fn ask(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match enter(visit, MANAGE).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match role_of(&portal, &id).await {
        Ok(role) => question(&portal, &role, None, StatusCode::OK).await,
        Err(answer) => answer,
    }
}

async fn question(portal: &Portal, role: &OrganizationRole, problem: Option<String>, status: StatusCode) -> HttpResponse {
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let holders = organization::holders(&mut tx).await?.into_iter().find(|(id, _)| *id == role.id).map(|(_, holders)| holders.people + holders.clients);
        Ok::<_, Fault>((holders.unwrap_or(0), invitation::count_offering_organization_role(&mut tx, role.id).await?))
    };
    let (holders, offered) = match read.await {
        Ok(read) => read,
        Err(fault) => return portal.fault(&fault).await,
    };
    let problem = if role.built_in { Some(portal.words.say("role-built-in-stays")) } else { problem };
    let page = RemoveRolePage {
        back: paths::role(role.id),
        title: role.name.to_string(),
        version: role.version,
        losers: (holders > 0).then(|| portal.words.counted("role-remove-losers", "count", holders.unsigned_abs())),
        offered: (offered > 0).then(|| portal.words.counted("role-remove-offered", "count", offered)),
        problem,
        shell: portal.shell(Section::Roles).await,
    };
    Portal::page(status, &page)
}

/// `POST /portal/roles/{id}/remove`: `with_grants` says that whoever holds it loses it.
pub async fn remove(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields, role) = match enter_with_role(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let typed = Typed::new(&fields, portal.words);
    let (version, with_grants) = (typed.version(), typed.text("with_grants") == "yes");
    let done = portal
        .change(Section::Roles, &fields, async |work| {
            let changing = begin_change(work).await?;
            remove_role::remove_organization_role(work, &changing, role.id, version, with_grants).await
        })
        .await;
    match done {
        Ok(Changed::Made(_)) => Portal::done(paths::ROLES, "role-removed"),
        Ok(Changed::Shown(page)) => page,
        // Nobody gets anything by this: what is taken back was offered.
        Err(EditError::Role(RoleError::Guard(GuardError::Beyond))) => {
            question(&portal, &role, Some(portal.words.say("role-offered-beyond")), StatusCode::CONFLICT).await
        }
        Err(error) => match told(portal.words, error) {
            Told::At(_, message) => question(&portal, &role, Some(message), StatusCode::CONFLICT).await,
            Told::Denied(permission) => portal.denied(Some(permission)).await,
            Told::Fault(fault) => portal.fault(&fault).await,
        },
    }
}
