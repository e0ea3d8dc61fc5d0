//! Giving a role to a group: one of its own stage.

use super::{Again, answer, enter_with};
use crate::access::app::deployment;
use crate::access::begin_change;
use crate::access::grant::{self, Given, GrantError, Holder};
use crate::access::people::groups::RoleChoice;
use crate::access::role::end_user;
use crate::base::fault::Fault;
use crate::base::id::EndUserRoleId;
use crate::base::time::Period;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::portal::typed::Typed;
use crate::http::portal::users::Choice;
use crate::http::visit::Visit;
use crate::identity::group;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// The roles of one app, to choose from.
pub struct RoleGroup {
    /// The app.
    pub app: String,
    /// Its roles.
    pub roles: Vec<Choice>,
}

impl RoleGroup {
    /// The choices by app, in their order.
    pub(super) fn of(choices: &[RoleChoice], chosen: &str) -> Vec<Self> {
        let groups = choices.chunk_by(|one, other| one.app_id == other.app_id);
        groups
            .filter_map(|roles| {
                let app = roles.first()?.app_name.to_string();
                let choice = |role: &RoleChoice| Choice { value: role.id.to_string(), text: role.name.to_string(), chosen: role.id.to_string() == chosen };
                Some(Self { app, roles: roles.iter().map(choice).collect() })
            })
            .collect()
    }
}

/// Why the group did not get the role.
#[derive(Debug, thiserror::Error)]
enum GiveError {
    #[error("there is no such group")]
    NoGroup,
    #[error("there is no such role")]
    NoRole,
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// `POST /portal/groups/{id}/roles`.
pub async fn give_role(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let until = typed.until("role-until", portal.person.now);
    let role = typed.text("role").parse::<EndUserRoleId>().ok();
    if role.is_none() {
        typed.wrong("role", words.say("typed-choose"));
    }
    let (typed_role, role_until) = (typed.text("role").to_owned(), typed.text("role-until").to_owned());
    let mut again = Again { role: typed_role, role_until, errors: typed.errors, ..Again::default() };
    let (Some(until), Some(role)) = (until, role) else {
        return answer(&portal, &group, &stage, StatusCode::UNPROCESSABLE_ENTITY, again).await;
    };
    let given = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            let group = group::by_id(&mut work.tx, group.id).await?.ok_or(GiveError::NoGroup)?;
            let role = end_user::by_id(&mut work.tx, role).await?.ok_or(GiveError::NoRole)?;
            let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(GiveError::NoRole)?;
            Ok::<_, GiveError>(grant::give_end_user(work, &changing, Holder::Group(group.id), home.app_id, &role, Period::until(until), None).await?)
        })
        .await;
    let mut wrong = |key: &str| again.errors.push(crate::http::page::FieldError { field: "role", message: words.say(key) });
    match given {
        Ok(Changed::Shown(preview)) => return preview,
        Ok(Changed::Made(Given::Granted | Given::Unchanged)) => return Portal::done(&format!("{}#roles", paths::group(group.id)), "group-role-given"),
        Ok(Changed::Made(Given::PeriodDiffers)) => wrong(crate::word!("group-role-differs")),
        Err(GiveError::NoRole) => wrong(crate::word!("typed-choose")),
        Err(GiveError::Grant(GrantError::OtherStage)) => wrong(crate::word!("group-role-other-stage")),
        Err(GiveError::NoGroup) => return portal.missing().await,
        Err(GiveError::Grant(GrantError::Denied(denied))) => return portal.refused(&denied).await,
        Err(GiveError::Grant(GrantError::Fault(fault)) | GiveError::Fault(fault)) => return portal.fault(&fault).await,
        Err(GiveError::Grant(other)) => return portal.fault(&Fault::new("give a role to a group", other)).await,
    }
    answer(&portal, &group, &stage, StatusCode::UNPROCESSABLE_ENTITY, again).await
}
