//! What the rules of this floor know about the provider itself.

use super::key::Keys;
use crate::access::load::Known;
use std::time::Duration;

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
    /// The resource identifier of our own management API.
    pub fn api_resource(&self) -> String {
        format!("{}/api", self.issuer)
    }
}
