//! What the rules of this floor know about the provider itself.

use super::key::{Keyring, Keys};
use crate::access::effective::Place;
use crate::access::load::{Known, Snapshot};
use crate::base::fault::Fault;
use crate::work::Ground;
use std::sync::Arc;
use std::time::Duration;

/// The path of the claims endpoint, below the issuer.
pub const CLAIMS_PATH: &str = "/oauth2/claims";

/// The provider: its name, its lives, what it keeps in memory. Built once.
#[derive(Debug)]
pub struct Provider {
    /// The issuer identifier, byte for byte the same everywhere.
    pub issuer: String,
    /// How long access tokens and ID tokens live.
    pub access_life: Duration,
    /// How long a used refresh token gives the same answer again; zero is strict.
    pub refresh_grace: Duration,
    /// How long a code lives.
    pub code_life: Duration,
    /// The configuration and what people hold, kept while true.
    pub known: Known,
    /// The signing keys.
    pub keys: Keys,
}

impl Provider {
    /// The keys, once every algorithm has one that signs. Right after the very first start this waits for them, five seconds at
    /// most: they are made beside the listener. `None`: still not.
    pub async fn ready_keys(&self, ground: &Ground) -> Result<Option<Arc<Keyring>>, Fault> {
        for _ in 0..100 {
            let mut tx = ground.db.read().await?;
            let snapshot = self.known.snapshot(&mut tx).await?;
            let ring = self.keys.ring(&mut tx, &ground.sealer, snapshot.counter).await?;
            drop(tx);
            if ring.is_ready(ground.clock.now()) {
                return Ok(Some(ring));
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Ok(None)
    }

    /// The resource identifier of our own management API.
    pub fn api_resource(&self) -> String {
        format!("{}/api", self.issuer)
    }

    /// Whose tokens name this resource in `aud`: an app at a stage, or the organization (our own API). `None`: nobody's, any more.
    pub fn place_of(&self, snapshot: &Snapshot, resource: &str) -> Option<Place> {
        if resource == self.api_resource() {
            return Some(Place::Organization);
        }
        snapshot.by_resource(resource).map(|deployment| Place::Deployment(deployment.id))
    }

    /// The resource of a place: `aud` of its tokens. `None`: the place is gone.
    pub fn resource_of(&self, snapshot: &Snapshot, place: Place) -> Option<String> {
        match place {
            Place::Organization => Some(self.api_resource()),
            Place::Deployment(id) => snapshot.deployments.get(&id).map(|deployment| deployment.resource.clone()),
        }
    }

    /// Where claims that did not fit into a token can be asked for.
    pub fn claims_endpoint(&self) -> String {
        format!("{}{CLAIMS_PATH}", self.issuer)
    }
}
