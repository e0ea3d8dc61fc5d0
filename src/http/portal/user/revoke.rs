//! Taking one thing away from a person: a page says first what goes.

use super::{Portal, entered, subject};
use crate::access::administrators::RemainError;
use crate::access::app::{self, deployment};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError, Holder};
use crate::access::load::Who;
use crate::access::people::{Held, Sight};
use crate::access::role::{end_user, organization};
use crate::base::fault::Fault;
use crate::base::id::{AppId, EndUserRoleId, GroupId, OrganizationRoleId};
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::identity::group::{self, GroupError};
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
    /// Where the form is posted to.
    pub action: String,
    /// The page of the person.
    pub back: String,
    /// The person.
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

/// What is to go.
enum Thing {
    Role(OrganizationRoleId, Option<AppId>),
    AppRole(EndUserRoleId),
    Group(GroupId),
}

impl Thing {
    fn read(kind: &str, of: &str, app: Option<&str>) -> Option<Self> {
        match kind {
            "role" => Some(Self::Role(of.parse().ok()?, app.map(str::parse).transpose().ok()?)),
            "app-role" => Some(Self::AppRole(of.parse().ok()?)),
            "group" => Some(Self::Group(of.parse().ok()?)),
            _ => None,
        }
    }
}

/// `GET /portal/users/{id}/revoke?kind=...&of=...`.
pub async fn ask_revoke(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, super::super::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    let field = |name| query.one(name).ok().flatten();
    let thing = Thing::read(field("kind").unwrap_or_default(), field("of").unwrap_or_default(), field("app"));
    question(&portal, &id, thing, StatusCode::OK, None).await
}

async fn question(portal: &Portal, id: &str, thing: Option<Thing>, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let (user, held, sight) = match subject(portal, id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let shown = match &thing {
        Some(Thing::Role(role, app)) => {
            held.organization.iter().find(|grant| grant.role_id == *role && grant.app_id == *app && (sight.everybody || sight.members)).map(|grant| {
                let place = grant.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string);
                let fields = [("kind", "role".to_owned()), ("of", role.to_string())].into_iter().chain(app.map(|app| ("app", app.to_string()))).collect();
                (grant.role_name.to_string(), place, words.say("revoke-role-follows"), fields)
            })
        }
        Some(Thing::AppRole(role)) => held.end_user.iter().find(|grant| grant.role_id == *role && sight.sees(grant.deployment_id)).map(|grant| {
            let place = words.with("at-stage", &[("app", grant.app_name.as_str()), ("stage", grant.stage_name.as_str())]);
            (grant.role_name.to_string(), place, words.say("revoke-app-role-follows"), vec![("kind", "app-role".to_owned()), ("of", role.to_string())])
        }),
        Some(Thing::Group(group)) => held.groups.iter().find(|has| has.group_id == *group && sees_group(&held, &sight, *group)).map(|has| {
            let roles = held.of_groups.iter().filter(|grant| grant.holder_id == group.uuid()).count();
            (
                has.group_name.to_string(),
                has.stage_name.to_string(),
                words.counted("revoke-group-follows", "count", roles as u64),
                vec![("kind", "group".to_owned()), ("of", group.to_string())],
            )
        }),
        None => None,
    };
    let Some((what, place, consequence, fields)) = shown else { return portal.missing().await };
    let page = RevokePage {
        shell: portal.shell(Section::Users).await,
        action: format!("{}/revoke", paths::user(user.id)),
        back: paths::user(user.id),
        label: user.label().to_owned(),
        what,
        place,
        consequence,
        fields,
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
    let field = |name| fields.one(name).ok().flatten();
    let Some(thing) = Thing::read(field("kind").unwrap_or_default(), field("of").unwrap_or_default(), field("app")) else {
        return portal.missing().await;
    };
    let (user, ..) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match take(&portal, &user, &thing, &fields).await {
        Ok(Changed::Shown(preview)) => preview,
        Ok(Changed::Made(())) => Portal::done(&paths::user(user.id), "revoked"),
        Err(RevokeError::Grant(GrantError::Denied(denied)) | RevokeError::Group(GroupError::Denied(denied))) => portal.refused(&denied).await,
        Err(RevokeError::Grant(GrantError::OnlyAdministrators)) => portal.denied(None).await,
        Err(RevokeError::Grant(GrantError::Remain(RemainError::LastAdministrator))) => {
            let problem = portal.words.say("last-administrator");
            question(&portal, &id, Some(thing), StatusCode::CONFLICT, Some(problem)).await
        }
        Err(RevokeError::Grant(GrantError::Guard(_))) => {
            let problem = portal.words.say("stronger-person");
            question(&portal, &id, Some(thing), StatusCode::FORBIDDEN, Some(problem)).await
        }
        Err(RevokeError::Missing) => portal.missing().await,
        Err(RevokeError::Fault(fault)) => portal.fault(&fault).await,
        Err(other) => portal.fault(&Fault::new("take something away", other)).await,
    }
}

/// Whatever was gone already is gone: sending the form twice is no mistake.
async fn take(portal: &Portal, user: &User, thing: &Thing, fields: &Parameters) -> Result<Changed<()>, RevokeError> {
    portal
        .change(Section::Users, fields, async |work| {
            let changing = begin_change(work).await?;
            match thing {
                Thing::Role(role, app) => {
                    let role = organization::by_id(&mut work.tx, *role).await?.ok_or(RevokeError::Missing)?;
                    grant::revoke_organization(work, &changing, Who::User(user.id), &role, *app).await?;
                }
                Thing::AppRole(role) => {
                    let role = end_user::by_id(&mut work.tx, *role).await?.ok_or(RevokeError::Missing)?;
                    let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(RevokeError::Missing)?;
                    let app = app::by_id(&mut work.tx, home.app_id).await?.ok_or(RevokeError::Missing)?;
                    grant::revoke_end_user(work, &changing, Holder::User(user.id), app.id, &role).await?;
                }
                Thing::Group(group) => {
                    let group = group::by_id(&mut work.tx, *group).await?.ok_or(RevokeError::Missing)?;
                    group::remove_member(work, &changing, &group, user).await?;
                }
            }
            Ok(())
        })
        .await
}
