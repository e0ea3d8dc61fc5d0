//! The secrets of clients: one is shown when it is made and never again; two may live, so that one can follow the other. `make` and `finish`
//! serve the clients that belong to no app, too.

use super::super::form::Typed;
use super::super::parts::Crumb;
use super::super::{Portal, either};
use super::any::Whereabouts;
use super::{One, link, refused, sent, whereabouts};
use crate::access::begin_change;
use crate::base::id::ClientSecretId;
use crate::base::secret::{TokenHash, random_token};
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Shell;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, ClientError, SecretSpec};
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
pub(super) async fn page(portal: &Portal, client: &Client, at: Whereabouts, secret: String, new: bool) -> SecretPage {
    let shell = portal.shell(at.section).await;
    SecretPage { shell, client_id: client.client_id.clone(), secret, new, link: at.link.clone(), crumbs: at.below(client) }
}

/// Makes another secret for a client, and answers with it. Sent again it is refused: the client is not as it was read any more.
pub(in crate::http::portal) async fn make(portal: &Portal, typed: &Typed, client: &Client, at: Whereabouts) -> Result<HttpResponse, ClientError> {
    if client.is_public() {
        return Ok(portal.missing().await);
    }
    let fresh = random_token::<32>();
    let version = typed.version();
    let made = portal
        .prove(typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            client::add_secret(work, &changing, client, version, SecretSpec { hash: TokenHash::of(&fresh), expires_at: None }).await
        })
        .await?;
    Ok(match made {
        Changed::Made(()) => Portal::page(StatusCode::OK, &page(portal, client, at, fresh, false).await),
        Changed::Shown(page) => page,
    })
}

/// Ends the secret `secret` of a client, whose page is at `link`. One that has ended stays so.
pub(in crate::http::portal) async fn finish(portal: &Portal, typed: &Typed, client: &Client, link: &str) -> Result<HttpResponse, ClientError> {
    let Ok(secret) = typed.raw("secret").parse::<ClientSecretId>() else { return Ok(portal.missing().await) };
    let ended = portal
        .prove(typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            client::end_secret(work, &changing, client, secret).await
        })
        .await?;
    Ok(match ended {
        Changed::Made(_) => Portal::done(&format!("{link}#secrets"), "secret-ended"),
        Changed::Shown(page) => page,
    })
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/new-secret`.
pub async fn add(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let (portal, typed, place, client) = Box::pin(sent(visit, &one, payload)).await?;
        match Box::pin(make(&portal, &typed, &client, whereabouts(&portal, &place, &client))).await {
            Ok(answer) => Ok(answer),
            Err(error) => refused(&portal, &place, &client, error).await,
        }
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/end-secret`.
pub async fn end(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let (portal, typed, place, client) = Box::pin(sent(visit, &one, payload)).await?;
        match Box::pin(finish(&portal, &typed, &client, &link(&place, &client))).await {
            Ok(answer) => Ok(answer),
            Err(error) => refused(&portal, &place, &client, error).await,
        }
    })
    .await
}
