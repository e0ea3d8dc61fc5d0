//! What a file can say. Every name is known or refused; texts are parsed to what they mean, so that mistakes are found with
//! their line before anything is done.

use super::clients::{self, AppClient, OwnClient};
use super::{About, Failure, Refused};
use crate::access::app::SignIn;
use crate::access::permission::PlatformPermission;
use crate::access::stage::Purpose;
use crate::base::budget::ClaimsBudget;
use crate::base::text::{Description, DisplayName, EmailAddress, PermissionKey, Slug, Verb};
use crate::base::time::Timestamp;
use crate::crypto::password::PasswordHash;
use crate::identity::user::Profile;
use serde::de::{self, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, de::DeserializeOwned};
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use url::Url;

/// A file for `gatehouse apply`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct File {
    pub(super) organization: Option<Organization>,
    pub(super) owner: Option<Owner>,
    pub(super) stage: Vec<Stage>,
    pub(super) permission: Vec<PlatformPermission>,
    pub(super) organization_role: Vec<OrganizationRole>,
    pub(super) app: Vec<App>,
    pub(super) group: Vec<Group>,
    pub(super) client: Vec<OwnClient>,
    pub(super) user: Vec<User>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Organization {
    pub name: DisplayName,
    pub internal_domains: Option<Vec<String>>,
    pub claims_budget: Option<ClaimsBudget>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Owner {
    pub email: EmailAddress,
    pub name: DisplayName,
    pub password_hash: Option<Hash>,
    pub password_file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Stage {
    pub key: Slug,
    pub name: DisplayName,
    pub purpose: Purpose,
    pub session_hours: Option<u32>,
    pub session_idle_minutes: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationRole {
    pub key: Slug,
    pub name: DisplayName,
    pub description: Option<Description>,
    #[serde(default)]
    pub permissions: Vec<Entry<RolePermission>>,
}

/// `"app.view"` counts at every stage; `{ permission = "app.manage", at = ["development", "qa"] }` at some.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RolePermission {
    pub permission: PermissionKey,
    pub at: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct App {
    pub key: Slug,
    pub name: DisplayName,
    pub description: Option<Description>,
    #[serde(default)]
    pub deployment: Vec<Deployment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Deployment {
    pub stage: Slug,
    pub home_page: Option<Url>,
    pub sign_in: Option<SignIn>,
    pub resource: Option<String>,
    #[serde(default)]
    pub permissions: Vec<Entry<Permission>>,
    #[serde(default)]
    pub roles: Vec<Role>,
    /// Each as `other-app:role`.
    #[serde(default)]
    pub listed_roles: Vec<String>,
    #[serde(default)]
    pub clients: Vec<AppClient>,
}

/// `"approve"`, or `{ verb = "approve", description = "...", implies = ["read"] }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Permission {
    pub verb: Verb,
    pub description: Option<Description>,
    #[serde(default)]
    pub implies: Vec<Verb>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub key: Slug,
    pub name: DisplayName,
    pub description: Option<Description>,
    pub shared: Option<bool>,
    #[serde(default)]
    pub permissions: Vec<Verb>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub stage: Slug,
    pub key: Slug,
    pub name: DisplayName,
    pub description: Option<Description>,
    #[serde(default)]
    pub roles: Vec<Entry<GroupRole>>,
}

/// `"sales:viewer"`, or `{ app = "sales", role = "viewer", ends_at = 2027-01-31 }`: the app and its role, at the stage of the group.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GroupRole {
    pub app: Slug,
    pub role: Slug,
    pub starts_at: Option<When>,
    pub ends_at: Option<When>,
    pub reason: Option<Description>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub email: EmailAddress,
    pub name: Option<DisplayName>,
    #[serde(default)]
    pub profile: Profile,
    pub password_hash: Option<Hash>,
    #[serde(default)]
    pub org_roles: Vec<Entry<OrganizationGrant>>,
    #[serde(default)]
    pub roles: Vec<Entry<RoleGrant>>,
    #[serde(default)]
    pub groups: Vec<Entry<Membership>>,
}

/// `"developer"`, or `{ role = "developer", app = "sales", ends_at = 2027-01-31 }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationGrant {
    pub role: Slug,
    pub app: Option<Slug>,
    pub starts_at: Option<When>,
    pub ends_at: Option<When>,
    pub reason: Option<Description>,
}

/// `"sales/production/viewer"`, or `{ app = "sales", stage = "production", role = "viewer", ends_at = 2027-01-31 }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleGrant {
    pub app: Slug,
    pub stage: Slug,
    pub role: Slug,
    pub starts_at: Option<When>,
    pub ends_at: Option<When>,
    pub reason: Option<Description>,
}

/// `"production/sales-team"`, or `{ stage = "production", group = "sales-team", ends_at = 2027-01-31 }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Membership {
    pub stage: Slug,
    pub group: Slug,
    pub starts_at: Option<When>,
    pub ends_at: Option<When>,
    pub reason: Option<Description>,
}

/// The stored form of a password that was made elsewhere.
#[derive(Debug)]
pub(super) struct Hash(pub PasswordHash);

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        PasswordHash::parse(&text).map(Self).map_err(|error| de::Error::custom(format_args!("the password hash {error}")))
    }
}

/// An instant: a date (midnight UTC) or a date with time and zone, in quotes or not.
#[derive(Clone, Copy, Debug)]
pub(super) struct When(pub Timestamp);

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = match toml::Value::deserialize(deserializer)? {
            toml::Value::String(text) => Some(text),
            toml::Value::Datetime(instant) => Some(instant.to_string()),
            _ => None,
        };
        let instant = text.and_then(|text| Timestamp::parse(&text));
        instant.map(Self).ok_or_else(|| de::Error::custom("must be a date like 2027-01-31, or an instant with a zone like 2027-01-31T18:00:00Z"))
    }
}

/// What can be written as one text instead of a table.
pub(super) trait Short: DeserializeOwned {
    /// How the text looks.
    const FORM: &'static str;
    /// Whether the text must not be repeated.
    const SECRET: bool = false;
    /// Reads the text; `None` if it does not look so.
    fn read(text: &str) -> Option<Self>;
}

fn slugs<const N: usize>(text: &str, mark: char) -> Option<[Slug; N]> {
    let parts: Vec<Slug> = text.split(mark).map(Slug::parse).collect::<Result<_, _>>().ok()?;
    parts.try_into().ok()
}

impl Short for RolePermission {
    const FORM: &'static str = "\"category.verb\"";
    fn read(text: &str) -> Option<Self> {
        Some(Self { permission: PermissionKey::parse(text).ok()?, at: vec![super::access::EVERY_STAGE.to_owned()] })
    }
}

impl Short for Permission {
    const FORM: &'static str = "\"verb\" (of the characters a-z, 0-9, _ and -)";
    fn read(text: &str) -> Option<Self> {
        Some(Self { verb: Verb::parse(text).ok()?, description: None, implies: Vec::new() })
    }
}

impl Short for GroupRole {
    const FORM: &'static str = "\"app:role\"";
    fn read(text: &str) -> Option<Self> {
        slugs(text, ':').map(|[app, role]| Self { app, role, starts_at: None, ends_at: None, reason: None })
    }
}

impl Short for OrganizationGrant {
    const FORM: &'static str = "\"role\"";
    fn read(text: &str) -> Option<Self> {
        Some(Self { role: Slug::parse(text).ok()?, app: None, starts_at: None, ends_at: None, reason: None })
    }
}

impl Short for RoleGrant {
    const FORM: &'static str = "\"app/stage/role\"";
    fn read(text: &str) -> Option<Self> {
        slugs(text, '/').map(|[app, stage, role]| Self { app, stage, role, starts_at: None, ends_at: None, reason: None })
    }
}

impl Short for Membership {
    const FORM: &'static str = "\"stage/group\"";
    fn read(text: &str) -> Option<Self> {
        slugs(text, '/').map(|[stage, group]| Self { stage, group, starts_at: None, ends_at: None, reason: None })
    }
}

/// A text or a table. (An untagged enum would forget which key of the table was wrong.)
#[derive(Debug)]
pub(super) struct Entry<T>(pub T);

impl<'de, T: Short> Deserialize<'de> for Entry<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either<T>(PhantomData<T>);
        impl<'de, T: Short> Visitor<'de> for Either<T> {
            type Value = T;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{} or a table", T::FORM)
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
                T::read(text).ok_or_else(|| {
                    if T::SECRET { E::custom(format_args!("must be {}", T::FORM)) } else { E::custom(format_args!("{text:?} must look like {}", T::FORM)) }
                })
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map))
            }
        }
        deserializer.deserialize_any(Either(PhantomData)).map(Self)
    }
}

impl File {
    /// What the types cannot say: nothing stands there twice, for then each run would change it to and fro.
    pub(super) fn check(&self) -> Result<(), Failure> {
        let mut seen = BTreeSet::new();
        let mut once = |entry: String| if seen.insert(entry.clone()) { Ok(()) } else { Err(Refused::Twice).about(|| entry) };
        for stage in &self.stage {
            once(format!("stage {:?}", stage.key.as_str()))?;
        }
        for permission in &self.permission {
            once(format!("permission {:?}", permission.key.as_str()))?;
        }
        for role in &self.organization_role {
            once(format!("organization_role {:?}", role.key.as_str()))?;
        }
        for app in &self.app {
            let name = app.entry();
            for deployment in &app.deployment {
                let name = format!("{name}, {}", deployment.entry());
                for role in &deployment.roles {
                    once(format!("{name}, role {:?}", role.key.as_str()))?;
                }
                for Entry(permission) in &deployment.permissions {
                    once(format!("{name}, permission {:?}", permission.verb.as_str()))?;
                }
                for client in &deployment.clients {
                    once(clients::entry(&client.client_id))?;
                }
                once(name)?;
            }
            once(name)?;
        }
        for group in &self.group {
            once(group.entry())?;
        }
        for client in &self.client {
            once(clients::entry(&client.client_id))?;
        }
        for user in &self.user {
            once(format!("user {:?}", user.email.key()))?;
            let is_owner = self.owner.as_ref().is_some_and(|owner| owner.email == user.email);
            if is_owner && (user.name.is_some() || user.profile.name.is_some()) {
                return Err(Refused::OwnerNamedTwice).about(|| user.entry());
            }
        }
        if self.owner.as_ref().is_some_and(|owner| owner.password_hash.is_some() && owner.password_file.is_some()) {
            return Err(Refused::TwoPasswords).about(|| "owner".to_owned());
        }
        Ok(())
    }

    /// Paths in the file start at the file.
    pub(super) fn settle_paths(&mut self, folder: &Path) {
        if let Some(path) = self.owner.as_mut().and_then(|owner| owner.password_file.as_mut()) {
            *path = folder.join(&*path);
        }
    }
}

impl App {
    pub fn entry(&self) -> String {
        format!("app {:?}", self.key.as_str())
    }
}

impl Deployment {
    pub fn entry(&self) -> String {
        format!("deployment at {:?}", self.stage.as_str())
    }
}

impl Group {
    pub fn entry(&self) -> String {
        format!("group {:?}", format!("{}/{}", self.stage, self.key))
    }
}

impl User {
    pub fn entry(&self) -> String {
        format!("user {:?}", self.email.as_str())
    }
}
