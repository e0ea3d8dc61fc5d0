//! Taking one thing away from a person: a page says first what goes.

use super::holds::Kind;
use super::{Portal, entered, subject};
use crate::access::administrators::RemainError;
use crate::access::app::{self, deployment};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError, Holder};
use crate::access::load::Who;
use crate::access::people::{Held, Sight};
use crate::access::role::{end_user, organization};
use crate::base::fault::Fault;
use crate::base::id::{AppId, EndUserRoleId, GroupId, OrganizationRoleId, UserId};
use crate::base::time::Period;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::holds;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::identity::group::{self, ASSIGNED, GroupError};
use crate::identity::user::User;
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question whether to take something away. It posts `csrf`, `kind`, `of` and perhaps `app`.
#[derive(Template)]
#[template(path = "portal/revoke.html")]
pub struct RevokePage {
    /// The layout.
    pub shell: Shell,
    /// The list in which the person or client stands, and its name.
    pub home: (&'static str, String),
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person or client.
    pub back: String,
    /// Where one goes without taking anything.
    pub cancel: String,
    /// The person or client.
    pub label: String,
    /// What would go.
    pub what: String,
    /// Where it counts.
    pub place: String,
    /// What follows.
    pub consequence: String,
    /// What it is, for the form.
    pub fields: Vec<(&'static str, String)>,
    /// Why it did not go.
    pub problem: Option<String>,
}

/// Something that a person holds, as addresses and forms name it.
#[derive(Clone, Copy, Debug)]
pub(super) enum Thing {
    Role(OrganizationRoleId, Option<AppId>),
    AppRole(EndUserRoleId),
    Group(GroupId),
}

impl Thing {
    /// The one that a form or an address names.
    pub(super) fn read(fields: &Parameters) -> Option<Self> {
        let field = |name| fields.one(name).ok().flatten();
        let of = field("of")?;
        match field("kind")? {
            "role" => Some(Self::Role(of.parse().ok()?, field("app").map(str::parse).transpose().ok()?)),
            "app-role" => Some(Self::AppRole(of.parse().ok()?)),
            "group" => Some(Self::Group(of.parse().ok()?)),
            _ => None,
        }
    }

    /// Where one goes from its forms: to the list that one came from, as it was, or else to the page of the person.
    pub(super) fn back(self, user: UserId, fields: &Parameters) -> String {
        let kind = match self {
            Self::Role(..) => Kind::Roles,
            Self::AppRole(_) => Kind::AppRoles,
            Self::Group(_) => Kind::Groups,
        };
        holds::came_from(&paths::user_holds(user, kind.name()), holds::from(fields)).unwrap_or_else(|| paths::user(user))
    }

    /// What it is called, if the person holds it and the reader may see that.
    pub(super) fn named(self, portal: &Portal, held: &Held, sight: &Sight) -> Option<Named> {
        let words = portal.words;
        match self {
            Self::Role(role, app) => {
                let grant = held.organization.iter().find(|grant| grant.role_id == role && grant.app_id == app && (sight.everybody || sight.members))?;
                Some(Named {
                    what: grant.role_name.to_string(),
                    place: grant.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string),
                    follows: words.say("revoke-role-follows"),
                    fields: [("kind", "role".to_owned()), ("of", role.to_string())].into_iter().chain(app.map(|app| ("app", app.to_string()))).collect(),
                    period: grant.terms.period(),
                })
            }
            Self::AppRole(role) => {
                let grant = held.end_user.iter().find(|grant| grant.role_id == role && sight.sees(grant.deployment_id))?;
                Some(Named {
                    what: grant.role_name.to_string(),
                    place: words.with("at-stage", &[("app", grant.app_name.as_str()), ("stage", grant.stage_name.as_str())]),
                    follows: words.say("revoke-app-role-follows"),
                    fields: vec![("kind", "app-role".to_owned()), ("of", role.to_string())],
                    period: grant.terms.period(),
                })
            }
            Self::Group(group) => {
                let has = held.groups.iter().find(|has| has.group_id == group && has.source == ASSIGNED && sees_group(held, sight, group))?;
                let roles = held.of_groups.iter().filter(|grant| grant.holder_id == group.uuid()).count();
                Some(Named {
                    what: has.group_name.to_string(),
                    place: has.stage_name.to_string(),
                    follows: words.counted("revoke-group-follows", "count", roles as u64),
                    fields: vec![("kind", "group".to_owned()), ("of", group.to_string())],
                    period: has.terms.period(),
                })
            }
        }
    }
}

/// Something that a person holds, in words.
pub(super) struct Named {
    /// What.
    pub(super) what: String,
    /// Where it counts.
    pub(super) place: String,
    /// What follows when it goes.
    pub(super) follows: String,
    /// What it is, for a form.
    pub(super) fields: Vec<(&'static str, String)>,
    /// When it is in force.
    pub(super) period: Period,
}

/// `GET /portal/users/{id}/revoke?kind=...&of=...`.
pub async fn ask_revoke(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, super::super::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    question(&portal, &id, &query, StatusCode::OK, None).await
}

async fn question(portal: &Portal, id: &str, asked: &Parameters, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let (user, held, sight) = match subject(portal, id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let found = Thing::read(asked).and_then(|thing| Some((thing, thing.named(portal, &held, &sight)?)));
    let Some((thing, named)) = found else { return portal.missing().await };
    let page = RevokePage {
        shell: portal.shell(Section::Users).await,
        home: (paths::USERS, portal.words.say("portal-users")),
        action: format!("{}/revoke", paths::user(user.id)),
        back: paths::user(user.id),
        cancel: thing.back(user.id, asked),
        label: user.label().to_owned(),
        what: named.what,
        place: named.place,
        consequence: named.follows,
        fields: named.fields.into_iter().chain(holds::field(holds::from(asked))).collect(),
        problem,
    };
    Portal::page(status, &page)
}

/// Whether the reader may see that somebody is in a group: as on the page of the person.
fn sees_group(held: &Held, sight: &Sight, group: GroupId) -> bool {
    sight.everybody || held.of_groups.iter().any(|grant| grant.holder_id == group.uuid() && sight.sees(grant.deployment_id))
}

/// Why it did not go.
#[derive(Debug, thiserror::Error)]
enum RevokeError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error("there is no such thing")]
    Missing,
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// `POST /portal/users/{id}/revoke`.
pub async fn revoke(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let Some(thing) = Thing::read(&fields) else { return portal.missing().await };
    let (user, ..) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match take(&portal, &fields, &user, thing).await {
        Ok(Changed::Shown(page)) => page,
        Ok(Changed::Made(())) => Portal::done(&thing.back(user.id, &fields), "revoked"),
        Err(RevokeError::Grant(GrantError::Denied(denied)) | RevokeError::Group(GroupError::Denied(denied))) => portal.refused(&denied).await,
        Err(RevokeError::Grant(GrantError::OnlyAdministrators)) => portal.denied(None).await,
        Err(RevokeError::Grant(GrantError::Remain(RemainError::LastAdministrator))) => {
            let problem = portal.words.say("last-administrator");
            question(&portal, &id, &fields, StatusCode::CONFLICT, Some(problem)).await
        }
        Err(RevokeError::Grant(GrantError::Guard(_))) => {
            let problem = portal.words.say("stronger-person");
            question(&portal, &id, &fields, StatusCode::FORBIDDEN, Some(problem)).await
        }
        Err(RevokeError::Missing) => portal.missing().await,
        Err(RevokeError::Fault(fault)) => portal.fault(&fault).await,
        Err(other) => portal.fault(&Fault::new("take something away", other)).await,
    }
}

/// Whatever was gone already is gone: sending the form twice is no mistake.
async fn take(portal: &Portal, fields: &Parameters, user: &User, thing: Thing) -> Result<Changed<()>, RevokeError> {
    portal
        .change(Section::Users, fields, async |work| {
            let changing = begin_change(work).await?;
            match thing {
                Thing::Role(role, app) => {
                    let role = organization::by_id(&mut work.tx, role).await?.ok_or(RevokeError::Missing)?;
                    grant::revoke_organization(work, &changing, Who::User(user.id), &role, app).await?;
                }
                Thing::AppRole(role) => {
                    let role = end_user::by_id(&mut work.tx, role).await?.ok_or(RevokeError::Missing)?;
                    let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(RevokeError::Missing)?;
                    let app = app::by_id(&mut work.tx, home.app_id).await?.ok_or(RevokeError::Missing)?;
                    grant::revoke_end_user(work, &changing, Holder::User(user.id), app.id, &role).await?;
                }
                Thing::Group(group) => {
                    let group = group::by_id(&mut work.tx, group).await?.ok_or(RevokeError::Missing)?;
                    group::remove_member(work, &changing, &group, user).await?;
                }
            }
            Ok(())
        })
        .await
}
