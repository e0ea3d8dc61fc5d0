//! Changing when somebody is a member of a group, or when the group holds a role.

use super::ask::back;
use super::{enter, enter_with};
use crate::access::app::deployment;
use crate::access::begin_change;
use crate::access::grant::{self, Holder};
use crate::access::people::groups as held;
use crate::access::role::end_user;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::id::{EndUserRoleId, GroupId, UserId};
use crate::base::reach::Reach;
use crate::base::time::Period;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::period::{Again, Ending, PeriodPage, PeriodRefused, To, day};
use crate::http::portal::shell::Section;
use crate::http::portal::typed::Typed;
use crate::http::portal::{Portal, holds};
use crate::http::visit::Visit;
use crate::identity::group::{self, Group};
use crate::identity::user;
use crate::oauth::parameters::Parameters;
use crate::words::Marked;
use crate::work::{Changing, Work};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// What is in force for a time.
#[derive(Clone, Copy, Debug)]
enum Thing {
    Member(UserId),
    Role(EndUserRoleId),
}

impl Thing {
    fn read(fields: &Parameters) -> Option<Self> {
        let field = |name| fields.one(name).ok().flatten();
        match (field("person"), field("role")) {
            (Some(person), None) => Some(Self::Member(person.parse().ok()?)),
            (None, Some(role)) => Some(Self::Role(role.parse().ok()?)),
            _ => None,
        }
    }

    fn field(self) -> (&'static str, String) {
        match self {
            Self::Member(id) => ("person", id.to_string()),
            Self::Role(id) => ("role", id.to_string()),
        }
    }
}

/// Something that is in force for a time, in words.
struct Named {
    what: Marked,
    period: Period,
    /// What follows when it ends now.
    ending: Ending,
}

/// What it is called and when it is in force; `None`: the group has no such thing.
async fn named(portal: &Portal, group: &Group, stage: &Stage, thing: Thing) -> Result<Option<Named>, Fault> {
    let words = portal.words;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let names = |what: &str| [("what", what.to_owned()), ("group", group.name.to_string()), ("stage", stage.name.to_string())];
    Ok(match thing {
        Thing::Member(id) => {
            let found = held::member(&mut tx, group.id, id).await?;
            found.map(|member| {
                let names = names(member.person.label());
                let ending = Ending { what: words.marked("group-remove-member", &names), follows: words.say("period-end-member") };
                Named { what: words.marked("period-of-member", &names), period: member.terms.period(), ending }
            })
        }
        Thing::Role(id) => {
            let roles = held::of_groups(&mut tx, [group.id]).await?;
            roles.into_iter().find(|role| role.role_id == id).map(|role| {
                let what = words.with("group-role-of-app", &[("role", role.role_name.as_str()), ("app", role.app_name.as_str())]);
                let names = names(&what);
                let ending = Ending { what: words.marked("group-remove-role", &names), follows: words.say("period-end-role") };
                Named { what: words.marked("period-of-role", &names), period: role.terms.period(), ending }
            })
        }
    })
}

/// `GET /portal/groups/{id}/period?person=...` or `?role=...`.
pub async fn ask_period(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("end_user_groups.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    let query = portal.visit.query();
    match Thing::read(&query) {
        Some(thing) => form(&portal, &group, &stage, (thing, holds::from(&query)), StatusCode::OK, Again::default()).await,
        None => portal.missing().await,
    }
}

/// The form about something, with the list that one came from.
async fn form(portal: &Portal, group: &Group, stage: &Stage, (thing, from): (Thing, Option<&str>), status: StatusCode, again: Again) -> HttpResponse {
    let Named { what, period, ending } = match named(portal, group, stage, thing).await {
        Ok(Some(named)) => named,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    let page = PeriodPage {
        shell: portal.shell(Section::Groups).await,
        action: format!("{}/period", paths::group(group.id)),
        list: (paths::GROUPS, portal.words.say("portal-groups")),
        back: paths::group(group.id),
        cancel: back(group.id, from),
        label: group.name.to_string(),
        what,
        starts: again.starts.unwrap_or_else(|| day(period.starts_at)),
        ends: again.ends.unwrap_or_else(|| day(period.ends_at)),
        ending: period.contains(portal.person.now).then_some(ending),
        fields: std::iter::once(thing.field()).chain(holds::field(from)).collect(),
        problem: again.problem,
        errors: again.errors,
    };
    Portal::page(status, &page)
}

/// `POST /portal/groups/{id}/period`.
pub async fn set_period(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("end_user_groups.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    let Some(thing) = Thing::read(&fields) else { return portal.missing().await };
    let before = match named(&portal, &group, &stage, thing).await {
        Ok(Some(named)) => named.period,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    let mut typed = Typed::new(&fields, portal.words);
    let Some(to) = To::read(&mut typed, before) else {
        return form(&portal, &group, &stage, (thing, holds::from(&fields)), StatusCode::UNPROCESSABLE_ENTITY, Again::of(&fields, typed.errors)).await;
    };
    let done = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            if set(work, &changing, group.id, thing, to).await? { Ok(()) } else { Err(PeriodRefused::Missing) }
        })
        .await;
    let refused = match done {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(())) => return Portal::done(&back(group.id, holds::from(&fields)), "period-changed"),
        Err(refused) => refused,
    };
    match refused.again(&portal, &fields, typed).await {
        Ok((status, again)) => form(&portal, &group, &stage, (thing, holds::from(&fields)), status, again).await,
        Err(answer) => answer,
    }
}

/// Answers whether the group has it.
async fn set(work: &mut Work, changing: &Changing, group: GroupId, thing: Thing, to: To) -> Result<bool, PeriodRefused> {
    let period = to.at(work.now);
    let group = group::by_id(&mut work.tx, group).await?.ok_or(PeriodRefused::Missing)?;
    match thing {
        Thing::Member(id) => {
            let user = user::by_id(&mut work.tx, id).await?.ok_or(PeriodRefused::Missing)?;
            Ok(group::set_member_period(work, changing, &group, &user, period).await?)
        }
        Thing::Role(id) => {
            let role = end_user::by_id(&mut work.tx, id).await?.ok_or(PeriodRefused::Missing)?;
            let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(PeriodRefused::Missing)?;
            Ok(grant::set_end_user_period(work, changing, Holder::Group(group.id), home.app_id, &role, period).await?)
        }
    }
}
