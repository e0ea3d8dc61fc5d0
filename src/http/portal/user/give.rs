//! Giving somebody who is here access directly.

use super::{entered, subject};
use crate::access::load::Who;
use crate::access::people::Held;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::give::{self, Taker};
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::identity::user::User;
use crate::lifecycle::invitation::Target;
use actix_web::HttpResponse;
use actix_web::web::{Path, Payload};

/// A person, as the form speaks of them.
fn taker(portal: &Portal, user: &User, held: &Held) -> Taker {
    let roles = held.organization.iter().map(|has| (Target::OrganizationRole(has.role_id, has.app_id), has.terms.period()));
    let app_roles = held.end_user.iter().map(|has| (Target::EndUserRole(has.role_id), has.terms.period()));
    let groups = held.groups.iter().map(|has| (Target::Group(has.group_id), has.terms.period()));
    Taker {
        who: Who::User(user.id),
        section: Section::Users,
        list: (paths::USERS, portal.words.say("portal-users")),
        page: paths::user(user.id),
        label: user.label().to_owned(),
        held: roles.chain(app_roles).chain(groups).collect(),
    }
}

/// `GET /portal/users/{id}/give`.
pub async fn ask_give(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match subject(&portal, &id).await {
        Ok((user, held, _)) => give::ask(&portal, &taker(&portal, &user, &held)).await,
        Err(answer) => answer,
    }
}

/// `POST /portal/users/{id}/give`.
pub async fn give(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    match subject(&portal, &id).await {
        // On the heap, as everything that several handlers await: their futures stay small.
        Ok((user, held, _)) => Box::pin(give::give(&portal, &fields, &taker(&portal, &user, &held))).await,
        Err(answer) => answer,
    }
}
