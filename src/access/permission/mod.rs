//! Platform permissions: what exists, where each may be granted and what it brings.
//!
//! The built-in ones live in the binary (`builtin.toml`); the organization's own (`x-...`) have the same shape and live
//! in the database.

use crate::access::stage::Purpose;
use crate::base::text::{Description, DisplayName, PermissionKey, Slug};
use aws_lc_rs::digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

crate::choice! {
    /// Where a role with a permission may be granted so that the permission has effect.
    pub enum ReachKind {
        /// At the organization, for every app. Every permission reaches the organization.
        Organization = "organization",
        /// At one app.
        App = "app",
    }
}

crate::choice! {
    /// Whose rules ask for a permission.
    pub enum Enforced {
        /// Our own.
        Gatehouse = "gatehouse",
        /// Our own, one day: none asks for it yet.
        Later = "later",
        /// Those of the organization's tools, which read it in claims.
        Tools = "tools",
    }
}

/// Where an implied permission counts, seen from where the implying one does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum ImpliedAt {
    /// At the same stages.
    SameStage,
    /// At those of the same stages that have this purpose.
    Purpose(Purpose),
    /// At every stage, later ones too. The only way out of the stages of the implying permission.
    EveryStage,
}

impl ImpliedAt {
    /// The word of this choice in files, in the database and on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SameStage => "same_stage",
            Self::Purpose(purpose) => purpose.as_str(),
            Self::EveryStage => "every_stage",
        }
    }

    /// The choice of a word; `None` for any other text.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "same_stage" => Some(Self::SameStage),
            "every_stage" => Some(Self::EveryStage),
            purpose => Purpose::parse(purpose).map(Self::Purpose),
        }
    }
}

impl TryFrom<String> for ImpliedAt {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        Self::parse(&word).ok_or_else(|| format!("{word:?} is none of same_stage, development, non_production, production, every_stage"))
    }
}

impl From<ImpliedAt> for String {
    fn from(at: ImpliedAt) -> Self {
        at.as_str().to_owned()
    }
}

impl fmt::Display for ImpliedAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What one permission brings along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Implication {
    /// The permission that comes along.
    pub permission: PermissionKey,
    /// Where it counts.
    pub at: ImpliedAt,
}

/// One nameable right on the platform.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlatformPermission {
    /// What claims, roles and rules call it.
    pub key: PermissionKey,
    /// What people call it.
    pub name: DisplayName,
    /// The heading under which pages list it.
    pub category: DisplayName,
    /// What its holder may do, in a sentence.
    pub purpose: Description,
    /// Where a role with it may be granted.
    pub reaches: BTreeSet<ReachKind>,
    /// Whether a role may limit it to stages. (By implication any permission may count at some stages only.)
    pub by_stage: bool,
    /// What it brings along.
    #[serde(default)]
    pub implies: Vec<Implication>,
    /// Whose rules ask for it.
    pub enforced: Enforced,
}

impl PlatformPermission {
    /// Whether it has effect in a grant at an app.
    pub fn reaches_app(&self) -> bool {
        self.reaches.contains(&ReachKind::App)
    }
}

/// An organization role that is part of the binary: it can be duplicated, never changed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BuiltInRole {
    /// What claims call it.
    pub key: Slug,
    /// What people call it.
    pub name: DisplayName,
    /// The marker `all`: every permission, also what comes later.
    #[serde(default)]
    pub all: bool,
    /// Permissions at every stage.
    #[serde(default)]
    pub everywhere: Vec<PermissionKey>,
    /// Permissions at development stages.
    #[serde(default)]
    pub development: Vec<PermissionKey>,
    /// Permissions at non-production stages.
    #[serde(default)]
    pub non_production: Vec<PermissionKey>,
    /// Permissions at production stages.
    #[serde(default)]
    pub production: Vec<PermissionKey>,
}

impl BuiltInRole {
    /// The permissions at the stages of one purpose (those at every stage apart).
    pub fn at(&self, purpose: Purpose) -> &[PermissionKey] {
        match purpose {
            Purpose::Development => &self.development,
            Purpose::NonProduction => &self.non_production,
            Purpose::Production => &self.production,
        }
    }
}

/// The permissions and roles of this binary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuiltIn {
    /// The platform permissions, in the order in which pages list them.
    pub permissions: Vec<PlatformPermission>,
    /// The organization roles.
    pub roles: Vec<BuiltInRole>,
    /// SHA-256 of the file: a cached result of another binary is not ours.
    pub hash: [u8; 32],
}

impl BuiltIn {
    /// The built-in permission with this key.
    pub fn permission(&self, key: &str) -> Option<&PlatformPermission> {
        self.permissions.iter().find(|permission| permission.key.as_str() == key)
    }

    /// The built-in role with this key.
    pub fn role(&self, key: &str) -> Option<&BuiltInRole> {
        self.roles.iter().find(|role| role.key.as_str() == key)
    }
}

const FILE: &str = include_str!("builtin.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    permission: Vec<PlatformPermission>,
    role: Vec<BuiltInRole>,
}

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| {
    let file: File = toml::from_str(FILE).expect("the file is compiled in and a test reads it");
    let mut hash = [0; 32];
    hash.copy_from_slice(digest::digest(&digest::SHA256, FILE.as_bytes()).as_ref());
    BuiltIn { permissions: file.permission, roles: file.role, hash }
});

/// The permissions and roles of this binary.
pub fn built_in() -> &'static BuiltIn {
    &BUILT_IN
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Adds what is written in the Rust files of a folder.
    fn read_sources(folder: &Path, all: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // What a test or a sample names is asked for by nobody.
            if path.file_stem().is_some_and(|stem| stem == "tests" || stem == "samples") {
                continue;
            }
            if path.is_dir() {
                read_sources(&path, all);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let source = std::fs::read_to_string(&path).unwrap();
                all.push_str(source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default());
            }
        }
    }

    #[test]
    fn what_our_own_rules_ask_for_is_said_as_it_is() {
        let mut sources = String::new();
        read_sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut sources);
        for permission in &built_in().permissions {
            let named = sources.contains(&format!("\"{}\"", permission.key));
            match permission.enforced {
                Enforced::Gatehouse => assert!(named, "nothing asks for {} yet", permission.key),
                Enforced::Later => assert!(!named, "{} is asked for, or at least named", permission.key),
                Enforced::Tools => {}
            }
        }
    }

    #[test]
    fn the_file_refers_only_to_what_it_declares() {
        let BuiltIn { permissions, roles, hash } = built_in();
        let keys: BTreeSet<&PermissionKey> = permissions.iter().map(|p| &p.key).collect();
        assert_eq!(keys.len(), permissions.len(), "keys are unique");
        for permission in permissions {
            assert!(!permission.key.is_own(), "{} is kept for the organization", permission.key);
            assert!(permission.reaches.contains(&ReachKind::Organization), "{} reaches the organization", permission.key);
            for implied in &permission.implies {
                assert!(keys.contains(&implied.permission), "{} implies {}", permission.key, implied.permission);
                assert_ne!(implied.permission, permission.key);
            }
        }
        let role_keys: BTreeSet<&Slug> = roles.iter().map(|r| &r.key).collect();
        assert_eq!(role_keys.len(), roles.len(), "role keys are unique");
        for role in roles {
            for key in Purpose::ALL.iter().flat_map(|purpose| role.at(*purpose)) {
                let permission = built_in().permission(key.as_str()).unwrap_or_else(|| panic!("{} has {key}", role.key));
                assert!(permission.by_stage, "{key} in {} cannot be limited to stages", role.key);
            }
            assert!(role.everywhere.iter().all(|key| keys.contains(key)), "{}", role.key);
        }
        assert_eq!(roles.iter().filter(|role| role.all).map(|role| role.key.as_str()).collect::<Vec<_>>(), ["administrator"]);
        assert!(!built_in().role("developer").unwrap().at(Purpose::Development).is_empty());
        assert_ne!(*hash, [0; 32]);
    }

    #[test]
    fn opening_assets_stays_at_the_stage_where_they_are_changed() {
        for key in ["asset.debug", "asset.change"] {
            let opens = built_in().permission(key).unwrap().implies.iter().find(|i| i.permission.as_str() == "asset.open").unwrap();
            assert_eq!(opens.at, ImpliedAt::SameStage, "{key}");
        }
    }

    #[test]
    fn an_own_permission_survives_the_way_through_json() {
        let json = r#"{"key":"x-billing.run","name":"Run","category":"Billing","purpose":"Run invoices","reaches":["organization","app"],
            "by_stage":true,"implies":[{"permission":"app.view","at":"same_stage"},{"permission":"stage.view","at":"non_production"}],"enforced":"tools"}"#;
        let own: PlatformPermission = serde_json::from_str(json).unwrap();
        assert!(own.key.is_own() && own.reaches_app());
        assert_eq!(own.implies[1].at, ImpliedAt::Purpose(Purpose::NonProduction));
        let written = serde_json::to_value(&own).unwrap();
        assert_eq!(written, serde_json::from_str::<serde_json::Value>(json).unwrap());
        assert_eq!(serde_json::from_value::<PlatformPermission>(written).unwrap(), own);
        for wrong in [json.replace("non_production", "some_stage"), json.replace("x-billing.run", "billing"), json.replace("by_stage", "by_stages")] {
            assert!(serde_json::from_str::<PlatformPermission>(&wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_word_of_an_implication_means_one_place() {
        for word in ["same_stage", "development", "non_production", "production", "every_stage"] {
            assert_eq!(ImpliedAt::parse(word).map(ImpliedAt::as_str), Some(word));
        }
        assert_eq!(ImpliedAt::parse("stage"), None);
    }
}
