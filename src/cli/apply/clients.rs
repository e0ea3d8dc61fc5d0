//! The clients of a file: the faces of deployments, and those of the organization itself.

use super::access::Cause;
use super::file::{Entry, OrganizationGrant, Short, When};
use super::{Applying, Failure};
use crate::access::app::deployment::Deployment;
use crate::access::load::Who;
use crate::base::secret::TokenHash;
use crate::base::text::DisplayName;
use crate::oauth::client::{self, GrantType, Kind, Metadata, Party, SecretSpec, Spec};
use serde::de::{self, Deserializer};
use serde::{Deserialize, Serialize};

/// A client of a deployment.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppClient {
    pub client_id: String,
    pub name: DisplayName,
    pub party: Option<Party>,
    pub metadata: Option<Metadata>,
    #[serde(default)]
    pub secrets: Vec<Entry<ClientSecret>>,
}

/// An API client, or a tool for many apps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnClient {
    pub client_id: String,
    pub name: DisplayName,
    #[serde(default)]
    pub kind: OwnKind,
    pub party: Option<Party>,
    pub metadata: Option<Metadata>,
    #[serde(default)]
    pub secrets: Vec<Entry<ClientSecret>>,
    #[serde(default)]
    pub org_roles: Vec<Entry<OrganizationGrant>>,
}

/// The kinds of clients that belong to no deployment.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum OwnKind {
    #[default]
    Api,
    Platform,
}

/// `"the secret itself"`, `"sha256:..."`, or `{ secret = "...", ends_at = 2027-01-31 }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClientSecret {
    pub secret: SecretHash,
    pub ends_at: Option<When>,
}

/// What the database keeps of a secret.
#[derive(Debug)]
pub(super) struct SecretHash(TokenHash);

impl SecretHash {
    fn read(text: &str) -> Option<Self> {
        let hash = match text.strip_prefix("sha256:") {
            Some(hex) => TokenHash::from_bytes(unhex(hex)?)?,
            // Whatever is shorter could be guessed: a plain hash is no defence then.
            None if (32..=512).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic()) => TokenHash::of(text),
            None => return None,
        };
        Some(Self(hash))
    }
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let pairs = hex.as_bytes().chunks(2).map(|pair| std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2));
    pairs.map(|pair| pair.filter(|pair| !pair.starts_with('+')).and_then(|pair| u8::from_str_radix(pair, 16).ok())).collect()
}

impl<'de> Deserialize<'de> for SecretHash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::read(&text).ok_or_else(|| de::Error::custom(format_args!("must be {}", ClientSecret::FORM)))
    }
}

impl Short for ClientSecret {
    const FORM: &'static str = "a random secret of at least 32 ASCII characters without blanks, or sha256: and the 64 hexadecimal digits of its hash";
    const SECRET: bool = true;
    fn read(text: &str) -> Option<Self> {
        Some(Self { secret: SecretHash::read(text)?, ends_at: None })
    }
}

/// The name of a client's entry in messages.
pub(super) fn entry(client_id: &str) -> String {
    format!("client {client_id:?}")
}

fn secrets(files: &[Entry<ClientSecret>]) -> Vec<SecretSpec> {
    files.iter().map(|Entry(file)| SecretSpec { hash: file.secret.0.clone(), expires_at: file.ends_at.map(|when| when.0) }).collect()
}

impl Applying<'_> {
    pub(super) async fn app_client(&mut self, deployment: &Deployment, file: &AppClient) -> Result<(), Cause> {
        let has = client::by_client_id(&mut self.work.tx, &file.client_id).await?;
        let spec = Spec {
            client_id: file.client_id.clone(),
            kind: Kind::App,
            deployment: Some(deployment.clone()),
            party: file.party.or_else(|| has.as_ref().map(|has| has.party)).unwrap_or(Party::First),
            name: file.name.clone(),
            metadata: file.metadata.clone().or_else(|| has.map(|has| has.metadata)).unwrap_or_default(),
            secrets: secrets(&file.secrets),
        };
        client::put(self.work, self.changing, &spec).await?;
        Ok(())
    }

    pub(super) async fn clients(&mut self, files: &[OwnClient]) -> Result<(), Failure> {
        for file in files {
            self.client(file).await.map_err(|error| Failure::Entry { entry: entry(&file.client_id), error })?;
        }
        Ok(())
    }

    async fn client(&mut self, file: &OwnClient) -> Result<(), Cause> {
        let has = client::by_client_id(&mut self.work.tx, &file.client_id).await?;
        let (kind, first) = match file.kind {
            OwnKind::Api => (Kind::Api, api_metadata()),
            OwnKind::Platform => (Kind::Platform, Metadata::default()),
        };
        let spec = Spec {
            client_id: file.client_id.clone(),
            kind,
            deployment: None,
            party: file.party.or_else(|| has.as_ref().map(|has| has.party)).unwrap_or(Party::First),
            name: file.name.clone(),
            metadata: file.metadata.clone().or_else(|| has.map(|has| has.metadata)).unwrap_or(first),
            secrets: secrets(&file.secrets),
        };
        let client = client::put(self.work, self.changing, &spec).await?;
        for Entry(held) in &file.org_roles {
            self.hold(Who::Client(client.id), held).await?;
        }
        Ok(())
    }
}

/// An API client that says nothing of itself: no people, so no scopes about people.
fn api_metadata() -> Metadata {
    Metadata { grant_types: vec![GrantType::ClientCredentials], scope: "roles permissions".to_owned(), ..Metadata::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_or_its_hash_and_nothing_that_could_be_guessed() {
        let plain = "kP3vXw9sQ2mT7yB5nC8dF1gH4jL6zR0a";
        let hash = "sha256:7d1ee1fcc2eb2ceedc0ebb5d1b8aef0ea4c5b0d1b3d6e2c2d6a1fb3ac7f2f0aa";
        assert!(SecretHash::read(plain).is_some_and(|read| read.0.matches(plain)));
        assert_eq!(SecretHash::read(hash).map(|read| read.0.as_bytes()[..2].to_vec()), Some(vec![0x7d, 0x1e]));
        for bad in
            ["", "short", &plain[1..], &format!("{plain} "), &hash[..69], &format!("{hash}0"), &hash.replace("7d", "+d"), &"x".repeat(513), &"é".repeat(20)]
        {
            assert!(SecretHash::read(bad).is_none(), "{bad:?}");
        }
    }
}
