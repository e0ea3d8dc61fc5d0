//! The secrets of a client that belongs to no app: as those of an app's client, one is shown when it is made and never again.

use super::super::{Answer, either};
use super::one::refused;
use super::{crumbs_below, enter, found, require_manage};
use crate::access::begin_change;
use crate::base::id::ClientSecretId;
use crate::base::secret::{TokenHash, random_token};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::secret::SecretPage;
use crate::http::portal::apps::form::Typed;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::oauth::client;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

/// `POST /portal/clients/{client_id}/new-secret`. Sent again it is refused: the client is not as it was read any more.
pub async fn add(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(added(visit, &client_id, payload)).await
}

async fn added(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, _) = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
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
        // It answers the form directly: an address with the secret in it would stay in histories and logs.
        Ok(Changed::Made(())) => {
            let page = SecretPage {
                shell: portal.shell(Section::Clients).await,
                crumbs: crumbs_below(portal.words, &client),
                link: paths::client(&client.client_id),
                client_id: client.client_id,
                secret: fresh,
                new: false,
            };
            Ok(Portal::page(StatusCode::OK, &page))
        }
        Ok(Changed::Shown(page)) => Ok(page),
        Err(error) => refused(&portal, &client, error).await,
    }
}

/// `POST /portal/clients/{client_id}/end-secret`: ends the secret `secret`. One that has ended stays so.
pub async fn end(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(ended(visit, &client_id, payload)).await
}

async fn ended(visit: Visit, client_id: &str, payload: Payload) -> Answer {
    let (portal, _) = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let client = found(&portal, client_id).await?;
    require_manage(&portal, &client).await?;
    let Ok(secret) = typed.raw("secret").parse::<ClientSecretId>() else { return Err(portal.missing().await) };
    let done = portal
        .prove(typed.fields(), async |work| {
            let changing = begin_change(work).await?;
            client::end_secret(work, &changing, &client, secret).await
        })
        .await;
    match done {
        Ok(Changed::Made(_)) => Ok(Portal::done(&format!("{}#secrets", paths::client(&client.client_id)), "secret-ended")),
        Ok(Changed::Shown(page)) => Ok(page),
        Err(error) => refused(&portal, &client, error).await,
    }
}
