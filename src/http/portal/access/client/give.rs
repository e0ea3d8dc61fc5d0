//! Giving a client roles of the organization: the form that gives people access, without what a client cannot hold.

use super::super::{Answer, either};
use super::{asked, holds, posted};
use crate::access::load::Who;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::give::{self, Taker};
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::lifecycle::invitation::Target;
use crate::oauth::client::Client;
use actix_web::HttpResponse;
use actix_web::web::{Path, Payload};

/// A client, as the form speaks of it.
async fn taker(portal: &Portal, client: &Client) -> Result<Taker, HttpResponse> {
    let held = holds(portal, client).await?;
    Ok(Taker {
        who: Who::Client(client.id),
        section: Section::Clients,
        list: (paths::CLIENTS, portal.words.say("who-clients")),
        page: paths::client(&client.client_id),
        label: client.name.to_string(),
        held: held.iter().map(|has| (Target::OrganizationRole(has.role_id, has.app_id), has.terms.period())).collect(),
    })
}

/// `GET /portal/clients/{client_id}/give`.
pub async fn ask(visit: Visit, client_id: Path<String>) -> HttpResponse {
    either(async {
        let (portal, client) = asked(visit, &client_id).await?;
        let taker = taker(&portal, &client).await?;
        Ok(give::ask(&portal, &taker).await)
    })
    .await
}

/// `POST /portal/clients/{client_id}/give`.
pub async fn give(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(Box::pin(given(visit, &client_id, payload))).await
}

async fn given(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, fields, client) = posted(visit, client_id, payload).await?;
    let taker = taker(&portal, &client).await?;
    Ok(give::give(&portal, &fields, &taker).await)
}
