//! Taking a role away from a client: as from a person, a page says first what goes.

use super::super::{Answer, either};
use super::{asked, held, held_at, named, naming, posted};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError};
use crate::access::load::Who;
use crate::access::role::organization;
use crate::base::fault::Fault;
use crate::base::id::{AppId, OrganizationRoleId};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::portal::user::RevokePage;
use crate::http::visit::Visit;
use crate::oauth::client::Client;
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// `GET /portal/clients/{client_id}/revoke?of=...`.
pub async fn ask(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, client) = asked(visit, &client_id).await?;
        question(&portal, &client, &portal.visit.query(), StatusCode::OK, None).await
    })
    .await
}

async fn question(portal: &Portal, client: &Client, asked: &Parameters, status: StatusCode, problem: Option<String>) -> Answer {
    let held = held(portal, client, asked).await?;
    let words = portal.words;
    let link = paths::client(&client.client_id);
    let page = RevokePage {
        shell: portal.shell(Section::Clients).await,
        home: (paths::CLIENTS, words.say("who-clients")),
        action: format!("{link}/revoke"),
        back: link.clone(),
        cancel: link,
        label: client.name.to_string(),
        what: held.role_name.to_string(),
        place: held_at(words, &held),
        consequence: words.say("api-client-revoke-follows"),
        fields: naming(&held),
        problem,
    };
    Ok(Portal::page(status, &page))
}

/// `POST /portal/clients/{client_id}/revoke`.
pub async fn revoke(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(revoked(visit, &client_id, payload))).await
}

async fn revoked(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, fields, client) = posted(visit, client_id, payload).await?;
    let Some((role, app)) = named(&fields) else { return Err(portal.missing().await) };
    match take(&portal, &fields, &client, role, app).await {
        Ok(Changed::Shown(page)) => Ok(page),
        Ok(Changed::Made(())) => Ok(Portal::done(&paths::client(&client.client_id), "revoked")),
        Err(GrantError::Denied(denied)) => Err(portal.refused(&denied).await),
        Err(GrantError::OnlyAdministrators) => Err(portal.denied(None).await),
        Err(GrantError::Guard(_)) => {
            let problem = portal.words.say("stronger-client");
            question(&portal, &client, &fields, StatusCode::FORBIDDEN, Some(problem)).await
        }
        Err(GrantError::Fault(fault)) => Err(portal.fault(&fault).await),
        Err(other) => Err(portal.fault(&Fault::new("take a role from a client", other)).await),
    }
}

/// Whatever was gone already is gone, also when the role itself is: sending the form twice is no mistake.
async fn take(portal: &Portal, fields: &Parameters, client: &Client, role: OrganizationRoleId, app: Option<AppId>) -> Result<Changed<()>, GrantError> {
    portal
        .change(Section::Clients, fields, async |work| {
            let changing = begin_change(work).await?;
            if let Some(role) = organization::by_id(&mut work.tx, role).await? {
                grant::revoke_organization(work, &changing, Who::Client(client.id), &role, app).await?;
            }
            Ok(())
        })
        .await
}
