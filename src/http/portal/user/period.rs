//! Changing when something that a person holds is in force.

use super::revoke::Thing;
use super::{entered, subject};
use crate::access::app::deployment;
use crate::access::begin_change;
use crate::access::grant::{self, Holder};
use crate::access::load::Who;
use crate::access::role::{end_user, organization};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::holds;
use crate::http::portal::period::{Again, Ending, PeriodPage, PeriodRefused, To, day};
use crate::http::portal::shell::Section;
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::identity::{group, user};
use crate::oauth::parameters::Parameters;
use crate::work::{Changing, Work};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// `GET /portal/users/{id}/period?kind=...&of=...`.
pub async fn ask_period(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    form(&portal, &id, &query, StatusCode::OK, Again::default()).await
}

async fn form(portal: &Portal, id: &str, asked: &Parameters, status: StatusCode, again: Again) -> HttpResponse {
    let (user, held, sight) = match subject(portal, id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let found = Thing::read(asked).and_then(|thing| Some((thing, thing.named(portal, &held, &sight)?)));
    let Some((thing, named)) = found else { return portal.missing().await };
    let words = portal.words;
    let about: [(&str, &str); 3] = [("who", user.label()), ("what", &named.what), ("where", &named.place)];
    let ending = named.period.contains(portal.person.now).then(|| Ending { what: words.marked("revoke-what", &about), follows: named.follows });
    let page = PeriodPage {
        shell: portal.shell(Section::Users).await,
        action: format!("{}/period", paths::user(user.id)),
        list: (paths::USERS, words.say("portal-users")),
        back: paths::user(user.id),
        cancel: thing.back(user.id, asked),
        label: user.label().to_owned(),
        what: words.marked("period-of-person", &about),
        starts: again.starts.unwrap_or_else(|| day(named.period.starts_at)),
        ends: again.ends.unwrap_or_else(|| day(named.period.ends_at)),
        ending,
        fields: named.fields.into_iter().chain(holds::field(holds::from(asked))).collect(),
        problem: again.problem,
        errors: again.errors,
    };
    Portal::page(status, &page)
}

/// `POST /portal/users/{id}/period`.
pub async fn set_period(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, fields) = match entered(visit, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let (user, held, sight) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let found = Thing::read(&fields).and_then(|thing| Some((thing, thing.named(&portal, &held, &sight)?)));
    let Some((thing, named)) = found else { return portal.missing().await };
    let mut typed = Typed::new(&fields, portal.words);
    let Some(to) = To::read(&mut typed, named.period) else {
        return form(&portal, &id, &fields, StatusCode::UNPROCESSABLE_ENTITY, Again::of(&fields, typed.errors)).await;
    };
    let done = portal
        .change(Section::Users, &fields, async |work| {
            let changing = begin_change(work).await?;
            if set(work, &changing, user.id, thing, to).await? { Ok(()) } else { Err(PeriodRefused::Missing) }
        })
        .await;
    let refused = match done {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(())) => return Portal::done(&thing.back(user.id, &fields), "period-changed"),
        Err(refused) => refused,
    };
    match refused.again(&portal, &fields, typed).await {
        Ok((status, again)) => form(&portal, &id, &fields, status, again).await,
        Err(answer) => answer,
    }
}

/// Answers whether it is held.
async fn set(work: &mut Work, changing: &Changing, user: crate::base::id::UserId, thing: Thing, to: To) -> Result<bool, PeriodRefused> {
    let period = to.at(work.now);
    match thing {
        Thing::Role(role, app) => {
            let role = organization::by_id(&mut work.tx, role).await?.ok_or(PeriodRefused::Missing)?;
            Ok(grant::set_organization_period(work, changing, Who::User(user), &role, app, period).await?)
        }
        Thing::AppRole(role) => {
            let role = end_user::by_id(&mut work.tx, role).await?.ok_or(PeriodRefused::Missing)?;
            let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(PeriodRefused::Missing)?;
            Ok(grant::set_end_user_period(work, changing, Holder::User(user), home.app_id, &role, period).await?)
        }
        Thing::Group(group) => {
            let group = group::by_id(&mut work.tx, group).await?.ok_or(PeriodRefused::Missing)?;
            let user = user::by_id(&mut work.tx, user).await?.ok_or(PeriodRefused::Missing)?;
            Ok(group::set_member_period(work, changing, &group, &user, period).await?)
        }
    }
}
