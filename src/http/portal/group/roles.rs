//! Roles of a group: every one that it holds, and giving it more, of its own stage, several at once.

use super::{Again, answer, enter, enter_with, room};
use crate::access::app::deployment;
use crate::access::begin_change;
use crate::access::grant::{self, Given, GrantError, Holder};
use crate::access::people::EndUserHeld;
use crate::access::people::groups::{self as held, RoleChoice};
use crate::access::role::end_user;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::id::{EndUserRoleId, GroupId};
use crate::base::time::{Period, PeriodError};
use crate::http::listing::Listing;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::holds::{GrantRow, HoldsPage, Rows, asked, orders};
use crate::http::portal::period::wrong;
use crate::http::portal::shell::Section;
use crate::http::portal::terms::{by, ends};
use crate::http::portal::typed::Typed;
use crate::http::portal::users::Choice;
use crate::http::portal::{Portal, groups};
use crate::http::visit::Visit;
use crate::identity::group::{self, Group};
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// From when, until when and why a role is to be given, as typed.
#[derive(Default)]
pub struct RoleTerms {
    /// From when.
    pub starts: String,
    /// Until when.
    pub until: String,
    /// Why.
    pub reason: String,
}

/// The roles of one app, to choose from.
pub struct RoleGroup {
    /// The app.
    pub app: String,
    /// Its roles.
    pub roles: Vec<Choice>,
}

impl RoleGroup {
    /// Whether one of its roles is chosen.
    pub fn is_open(&self) -> bool {
        self.roles.iter().any(|role| role.chosen)
    }

    /// The choices by app, in their order.
    pub(super) fn of(choices: &[RoleChoice], chosen: &[String]) -> Vec<Self> {
        let groups = choices.chunk_by(|one, other| one.app_id == other.app_id);
        groups
            .filter_map(|roles| {
                let app = roles.first()?.app_name.to_string();
                let choice =
                    |role: &RoleChoice| Choice { value: role.id.to_string(), text: role.name.to_string(), chosen: chosen.contains(&role.id.to_string()) };
                Some(Self { app, roles: roles.iter().map(choice).collect() })
            })
            .collect()
    }
}

/// Why the group did not get the roles.
#[derive(Debug, thiserror::Error)]
enum GiveError {
    #[error("there is no such group")]
    NoGroup,
    #[error("there is no such role")]
    NoRole,
    #[error("the group holds some of them with another period")]
    Differ(Vec<String>),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Gives all of them, or none.
async fn give(work: &mut Work, group: GroupId, roles: &[EndUserRoleId], period: Period, reason: Option<&str>) -> Result<(), GiveError> {
    let changing = begin_change(work).await?;
    let group = group::by_id(&mut work.tx, group).await?.ok_or(GiveError::NoGroup)?;
    let mut differ = Vec::new();
    for role in roles {
        let role = end_user::by_id(&mut work.tx, *role).await?.ok_or(GiveError::NoRole)?;
        let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(GiveError::NoRole)?;
        let given = grant::give_end_user(work, &changing, Holder::Group(group.id), home.app_id, &role, period, reason).await?;
        if given == Given::PeriodDiffers {
            differ.push(role.name.to_string());
        }
    }
    if differ.is_empty() { Ok(()) } else { Err(GiveError::Differ(differ)) }
}

/// `GET /portal/groups/{id}/roles`.
pub async fn list_roles(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    match list_page(&portal, &group, &stage).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn list_page(portal: &Portal, group: &Group, stage: &Stage) -> Result<HoldsPage, Fault> {
    let (words, now) = (portal.words, portal.person.now);
    let list = Listing::read(&paths::group_roles(group.id), portal.visit.request.query_string());
    let mut tx = portal.visit.server.ground.db.read().await?;
    let roles = held::of_groups(&mut tx, [group.id]).await?;
    drop(tx);
    let (roles, total, pager) = asked(&list, roles, now);
    let may = groups::manages(portal, stage.id);
    let row = |role: &EndUserHeld| {
        let row = GrantRow {
            what: role.role_name.to_string(),
            place: role.app_name.to_string(),
            through: None,
            by: by(words, &role.terms),
            reason: role.terms.reason.clone(),
            ends: ends(words, &role.terms, now),
            why: None,
            change: may.then(|| paths::group_period(group.id, "role", &role.role_id.to_string())),
            revoke: may.then(|| paths::group_remove(group.id, "role", &role.role_id.to_string())),
        };
        row.in_list(&list)
    };
    Ok(HoldsPage {
        shell: portal.shell(Section::Groups).await,
        home: (paths::GROUPS, words.say("portal-groups")),
        back: paths::group(group.id),
        label: group.name.to_string(),
        title: words.say("group-roles-title"),
        total: words.counted("app-roles-count", "count", total as u64),
        filters: orders(words, &list),
        section: Rows { rows: roles.iter().map(row).collect(), all: None },
        list,
        empty: words.say("group-no-roles"),
        pager,
    })
}

/// `POST /portal/groups/{id}/roles`: every `role`, with `role-starts`, `role-until` and `role-reason`.
pub async fn give_role(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let (starts, until) = (typed.start("role-starts"), typed.until("role-until", portal.person.now));
    let reason = typed.description("role-reason");
    let chosen = typed.every("role").to_vec();
    let roles: Option<Vec<EndUserRoleId>> = chosen.iter().map(|role| role.parse().ok()).collect();
    let roles = roles.filter(|roles| !roles.is_empty());
    if roles.is_none() {
        typed.wrong("role", words.say("group-role-none"));
    }
    let role_terms = RoleTerms { starts: typed.text("role-starts").into(), until: typed.text("role-until").into(), reason: typed.text("role-reason").into() };
    let mut again = Again { roles: chosen, role_terms, errors: typed.errors, ..Again::default() };
    let (Some(starts_at), Some(ends_at), Some(reason), Some(roles)) = (starts, until, reason, roles) else {
        return answer(&portal, &group, &stage, StatusCode::UNPROCESSABLE_ENTITY, again).await;
    };
    let period = Period { starts_at, ends_at };
    let reason = Some(reason.as_str()).filter(|reason| !reason.is_empty());
    let given = portal.change(Section::Groups, &fields, async |work| give(work, group.id, &roles, period, reason).await).await;
    let (field, message) = match given {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(())) => return room::done(&portal, &group, room::Given::Roles(&roles)).await,
        Err(GiveError::Differ(names)) => ("role", words.with("group-role-differs", &[("roles", names.join(", "))])),
        Err(GiveError::NoRole) => ("role", words.say("group-role-none")),
        Err(GiveError::Grant(GrantError::OtherStage)) => ("role", words.say("group-role-other-stage")),
        Err(GiveError::Grant(GrantError::Past)) => ("role-until", words.say(wrong(PeriodError::Past))),
        Err(GiveError::Grant(GrantError::Period)) => ("role-until", words.say(wrong(PeriodError::Order))),
        Err(GiveError::NoGroup) => return portal.missing().await,
        Err(GiveError::Grant(GrantError::Denied(denied))) => return portal.refused(&denied).await,
        Err(GiveError::Grant(GrantError::Fault(fault)) | GiveError::Fault(fault)) => return portal.fault(&fault).await,
        Err(GiveError::Grant(other)) => return portal.fault(&Fault::new("give a role to a group", other)).await,
    };
    again.errors.push(FieldError { field, message });
    answer(&portal, &group, &stage, StatusCode::UNPROCESSABLE_ENTITY, again).await
}
