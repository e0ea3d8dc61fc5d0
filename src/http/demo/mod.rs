//! `/try`: the bundled demo app, a relying party that shows what apps are told. It reaches the server as any app does, over HTTP
//! and through discovery, and reads nothing from it that is not in an answer; only the reasons beside the claims come from inside.

pub mod callback;
pub mod loopback;
pub mod notice;
mod pending;
mod relying_party;
pub mod result;
mod snippets;
pub mod start;

use super::paths;
use super::visit::Visit;
use crate::access::app::App;
use crate::access::app::deployment::Deployment;
use crate::access::load::Snapshot;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::lifecycle::try_it;
use crate::oauth::client::Client;
use actix_web::web::{ServiceConfig, get, post, resource};
use std::sync::Arc;

/// Every route of this folder.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::TRY_CALLBACK).route(get().to(callback::show)))
        .service(resource(paths::TRY_ENABLE).route(post().to(start::enable)))
        .service(resource(paths::TRY).route(get().to(start::show)).route(post().to(start::begin)));
}

/// An app at a stage that somebody wants to try.
#[derive(Clone, Debug)]
struct Place {
    app: App,
    stage: Stage,
    deployment: Deployment,
    /// The client of the demo app there, if it can be used.
    client: Option<Client>,
    /// The configuration that this was read with.
    snapshot: Arc<Snapshot>,
}

impl Place {
    /// The place with these keys; `None`: there is no such app at such a stage.
    async fn find(visit: &Visit, app: &str, stage: &str) -> Result<Option<Self>, Fault> {
        let server = &visit.server;
        let mut tx = server.ground.db.read().await?;
        let snapshot = server.provider.known.snapshot(&mut tx).await?;
        let catalogue = &snapshot.catalogue;
        let (app, stage) = (catalogue.app_by_key(app), catalogue.stage_by_key(stage));
        let row = app.zip(stage).and_then(|(app, stage)| catalogue.deployment_at(app.id, stage.id));
        let Some((deployment, app, stage)) = row.and_then(|row| snapshot.placed(row.id)) else { return Ok(None) };
        let client = try_it::find(&mut tx, app, stage, deployment, server.issuer()).await?;
        Ok(Some(Self { app: app.clone(), stage: stage.clone(), deployment: deployment.clone(), client, snapshot: snapshot.clone() }))
    }

    /// The page that begins here.
    fn path(&self) -> String {
        paths::try_it(&self.app.key, &self.stage.key)
    }
}
