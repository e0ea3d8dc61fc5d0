//! The secrets of a client that belongs to no app: as those of an app's client, one is shown when it is made and never again.

use super::super::either;
use super::one::refused;
use super::{sent, whereabouts};
use crate::http::paths;
use crate::http::portal::apps::client::secret::{finish, make};
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::web::{Path, Payload};

/// `POST /portal/clients/{client_id}/new-secret`.
pub async fn add(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(async {
        let (portal, typed, client) = sent(visit, &client_id, payload).await?;
        match Box::pin(make(&portal, &typed, &client, whereabouts(portal.words, &client))).await {
            Ok(answer) => Ok(answer),
            Err(error) => refused(&portal, &client, error).await,
        }
    })
    .await
}

/// `POST /portal/clients/{client_id}/end-secret`.
pub async fn end(visit: Visit, client_id: Path<String>, payload: Payload) -> HttpResponse {
    either(async {
        let (portal, typed, client) = sent(visit, &client_id, payload).await?;
        match Box::pin(finish(&portal, &typed, &client, &paths::client(&client.client_id))).await {
            Ok(answer) => Ok(answer),
            Err(error) => refused(&portal, &client, error).await,
        }
    })
    .await
}
