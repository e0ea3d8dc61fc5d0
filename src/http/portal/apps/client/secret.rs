//! The secrets of a client: one is shown when it is made and never again; two may live, so that one can follow the other.

use super::super::form::Typed;
use super::super::parts::Crumb;
use super::super::place::{Part, Place};
use super::super::{Answer, Portal, either, enter};
use super::{NEEDS, One, answer, client_error, find, link};
use crate::access::begin_change;
use crate::base::id::ClientSecretId;
use crate::base::secret::{TokenHash, random_token};
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, ClientError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The one page with a secret on it.
#[derive(Template)]
#[template(path = "portal/apps/secret.html")]
pub struct SecretPage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Whose secret it is.
    pub client_id: String,
    /// The secret.
    pub secret: String,
    /// Whether the client itself is new.
    pub new: bool,
    /// The page of the client.
    pub link: String,
}

/// The page that shows a secret. It answers the form directly: an address with the secret in it would stay in histories and logs.
pub(super) async fn page(portal: &Portal, place: &Place, client: &Client, secret: String, new: bool) -> SecretPage {
    let mut crumbs = place.crumbs(portal, Part::Clients);
    crumbs.push(Crumb { link: link(place, client), name: client.name.to_string() });
    SecretPage { shell: portal.shell(Section::Apps).await, crumbs, client_id: client.client_id.clone(), secret, new, link: link(place, client) }
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/new-secret`. Sent again it is refused: the client is not as it was read any more.
pub async fn add(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(added(visit, &one, payload)).await
}

async fn added(visit: Visit, (app, stage, id): &(String, String, String), payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let client = find(&portal, &place, id).await?;
    if client.is_public() {
        return Err(portal.missing().await);
    }
    let fresh = random_token::<32>();
    let version = typed.version();
    let done = portal
        .prove(typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            client::add_secret(work, &changing, &client, version, TokenHash::of(&fresh)).await
        })
        .await;
    match done {
        Ok(Changed::Made(())) => Ok(Portal::page(StatusCode::OK, &page(&portal, &place, &client, fresh, false).await)),
        Ok(Changed::Shown(page)) => Ok(page),
        Err(error) => refused(&portal, &place, &client, error).await,
    }
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/end-secret`: ends the secret `secret`. One that has ended stays so.
pub async fn end(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(ended(visit, &one, payload)).await
}

async fn ended(visit: Visit, (app, stage, id): &(String, String, String), payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let client = find(&portal, &place, id).await?;
    let Ok(secret) = typed.raw("secret").parse::<ClientSecretId>() else { return Err(portal.missing().await) };
    let done = portal
        .prove(typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            client::end_secret(work, &changing, &client, secret).await
        })
        .await;
    match done {
        Ok(Changed::Made(_)) => Ok(Portal::done(&format!("{}#secrets", link(&place, &client)), "secret-ended")),
        Ok(Changed::Shown(page)) => Ok(page),
        Err(error) => refused(&portal, &place, &client, error).await,
    }
}

async fn refused(portal: &Portal, place: &Place, client: &Client, error: ClientError) -> Answer {
    let problem = client_error(portal, error, &client.metadata).await?.message;
    answer(portal, place, client, StatusCode::CONFLICT, Some(problem)).await
}
