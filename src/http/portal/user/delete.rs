//! Deleting a person for good: a page says first what goes and what is kept, and asks for their address.

use super::{entered, subject};
use crate::access::administrators::RemainError;
use crate::access::begin_change;
use crate::access::guard::GuardError;
use crate::audit::{self, EraseError};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::text::EmailAddress;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::{Changed, asks};
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::identity::user::User;
use crate::lifecycle::delete_user::{self, DeleteError};
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question. It posts `csrf`, `email` and perhaps `erase`.
#[derive(Template)]
#[template(path = "portal/delete_user.html")]
pub struct DeletePage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person.
    pub back: String,
    /// The person.
    pub label: String,
    /// Their address.
    pub email: String,
    /// Whether this is the reader.
    pub is_self: bool,
    /// What goes, a sentence each.
    pub goes: Vec<String>,
    /// What was typed as address.
    pub typed: String,
    /// Whether what the audit trail holds may be erased too.
    pub may_erase: bool,
    /// Whether that was ticked.
    pub erase: bool,
    /// Why nobody was deleted.
    pub problem: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What was typed.
#[derive(Default)]
struct Again {
    typed: String,
    erase: bool,
    problem: Option<String>,
    errors: Vec<FieldError>,
}

/// `GET /portal/users/{id}/delete`.
pub async fn ask_delete(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match subject(&portal, &id).await {
        Ok((user, ..)) => question(&portal, &user, StatusCode::OK, Again::default()).await,
        Err(answer) => answer,
    }
}

async fn question(portal: &Portal, user: &User, status: StatusCode, again: Again) -> HttpResponse {
    if let Err(answer) = portal.require("users.manage", Reach::Organization).await {
        return answer;
    }
    match page(portal, user, again).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, user: &User, again: Again) -> Result<DeletePage, Fault> {
    let words = portal.words;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let going = delete_user::going(&mut tx, user.id).await?;
    drop(tx);
    let counts = [
        (word!("delete-sessions"), going.sessions),
        (word!("delete-apps"), going.apps),
        (word!("delete-organization-roles"), going.organization_roles),
        (word!("delete-app-roles"), going.app_roles),
        (word!("delete-groups"), going.groups),
        (word!("delete-invitations"), going.invitations),
    ];
    let is_self = user.id == portal.person.user.id;
    Ok(DeletePage {
        shell: portal.shell(Section::Users).await,
        action: format!("{}/delete", paths::user(user.id)),
        back: paths::user(user.id),
        label: user.label().to_owned(),
        email: user.email.to_string(),
        is_self,
        goes: counts.into_iter().filter(|(_, count)| *count > 0).map(|(key, count)| words.counted(key, "count", count.unsigned_abs())).collect(),
        typed: again.typed,
        may_erase: portal.person.authority.holds_all() && !is_self,
        erase: again.erase,
        problem: again.problem,
        errors: again.errors,
    })
}

/// `POST /portal/users/{id}/delete`.
pub async fn delete(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let user = match subject(&portal, &id).await {
        Ok((user, ..)) => user,
        Err(answer) => return answer,
    };
    let field = |name| fields.one(name).ok().flatten().unwrap_or_default();
    let mut again = Again { typed: field("email").to_owned(), erase: field("erase") == "yes", ..Again::default() };
    // Looking at what it would do needs no address: it deletes nobody.
    if !asks(&fields) && EmailAddress::parse(&again.typed).map_or(true, |typed| typed.key() != user.email.key()) {
        again.errors.push(FieldError { field: "email", message: portal.words.say("delete-email-differs") });
        return question(&portal, &user, StatusCode::UNPROCESSABLE_ENTITY, again).await;
    }
    let erase = again.erase;
    match remove(&portal, &fields, &user, erase).await {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(())) => return Portal::done(paths::USERS, if erase { "user-erased" } else { "user-deleted" }),
        Err(DeleteError::Denied(denied)) => return portal.refused(&denied).await,
        Err(DeleteError::Unknown) => return portal.missing().await,
        Err(DeleteError::Erase(EraseError::OnlyAdministrators | EraseError::Own)) => return portal.denied(None).await,
        Err(
            DeleteError::Fault(fault)
            | DeleteError::Guard(GuardError::Fault(fault))
            | DeleteError::Remain(RemainError::Fault(fault))
            | DeleteError::Erase(EraseError::Fault(fault)),
        ) => return portal.fault(&fault).await,
        Err(DeleteError::Guard(GuardError::Beyond | GuardError::BeyondPermission(_) | GuardError::Unproved(_) | GuardError::Stronger)) => {
            again.problem = Some(portal.words.say("stronger-person"));
        }
        Err(DeleteError::Remain(RemainError::LastAdministrator)) => {
            again.problem = Some(portal.words.say("last-administrator"));
            return question(&portal, &user, StatusCode::CONFLICT, again).await;
        }
    }
    question(&portal, &user, StatusCode::FORBIDDEN, again).await
}

async fn remove(portal: &Portal, fields: &crate::oauth::parameters::Parameters, user: &User, erase: bool) -> Result<Changed<()>, DeleteError> {
    let traces = if erase {
        let ground = &portal.visit.server.ground;
        let mut tx = ground.db.read().await?;
        Some(audit::traces(&mut tx, user.id, Some(user.email.as_str()), ground.clock.now()).await?)
    } else {
        None
    };
    portal
        .change(Section::Users, fields, async |work| {
            let changing = begin_change(work).await?;
            delete_user::delete(work, &changing, user.id, traces.as_ref()).await
        })
        .await
}
