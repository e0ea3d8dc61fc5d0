//! Changing when a role that a client holds is in force.

use super::super::{Answer, either};
use super::{asked, held, held_at, naming, posted};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError};
use crate::access::guard::GuardError;
use crate::access::load::Who;
use crate::access::role::organization;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::period::{Again, Ending, PeriodPage, PeriodRefused, To, day};
use crate::http::portal::shell::Section;
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::oauth::client::Client;
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// `GET /portal/clients/{client_id}/period?of=...`.
pub async fn ask(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, client) = asked(visit, &client_id).await?;
        form(&portal, &client, &portal.visit.query(), StatusCode::OK, Again::default()).await
    })
    .await
}

async fn form(portal: &Portal, client: &Client, asked: &Parameters, status: StatusCode, again: Again) -> Answer {
    let held = held(portal, client, asked).await?;
    let words = portal.words;
    let (role, place, period) = (held.role_name.to_string(), held_at(words, &held), held.terms.period());
    let about: [(&str, &str); 3] = [("who", client.name.as_str()), ("what", &role), ("where", &place)];
    let ending = Ending { what: words.marked("revoke-what", &about), follows: words.say("api-client-revoke-follows") };
    let ending = Some(ending).filter(|_| period.contains(portal.person.now));
    let link = paths::client(&client.client_id);
    let page = PeriodPage {
        shell: portal.shell(Section::Clients).await,
        action: format!("{link}/period"),
        list: (paths::CLIENTS, words.say("who-clients")),
        back: link.clone(),
        cancel: link,
        label: client.name.to_string(),
        what: words.marked("period-of-person", &about),
        starts: again.starts.unwrap_or_else(|| day(period.starts_at)),
        ends: again.ends.unwrap_or_else(|| day(period.ends_at)),
        ending,
        fields: naming(&held),
        problem: again.problem,
        errors: again.errors,
    };
    Ok(Portal::page(status, &page))
}

/// `POST /portal/clients/{client_id}/period`.
pub async fn set(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(changed(visit, &client_id, payload))).await
}

async fn changed(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, fields, client) = posted(visit, client_id, payload).await?;
    let before = held(&portal, &client, &fields).await?;
    let mut typed = Typed::new(&fields, portal.words);
    let Some(to) = To::read(&mut typed, before.terms.period()) else {
        return form(&portal, &client, &fields, StatusCode::UNPROCESSABLE_ENTITY, Again::of(&fields, typed.errors)).await;
    };
    let done = portal
        .change(Section::Clients, &fields, async |work| {
            let changing = begin_change(work).await?;
            let role = organization::by_id(&mut work.tx, before.role_id).await?.ok_or(PeriodRefused::Missing)?;
            let period = to.at(work.now);
            let held = grant::set_organization_period(work, &changing, Who::Client(client.id), &role, before.app_id, period).await?;
            if held { Ok(()) } else { Err(PeriodRefused::Missing) }
        })
        .await;
    let (status, again) = match done {
        Ok(Changed::Shown(page)) => return Ok(page),
        Ok(Changed::Made(())) => return Ok(Portal::done(&paths::client(&client.client_id), "period-changed")),
        Err(PeriodRefused::Grant(GrantError::Guard(GuardError::Stronger))) => {
            let problem = Some(portal.words.say("stronger-client"));
            (StatusCode::FORBIDDEN, Again { problem, ..Again::of(&fields, typed.errors) })
        }
        Err(refused) => refused.again(&portal, &fields, typed).await?,
    };
    form(&portal, &client, &fields, status, again).await
}
