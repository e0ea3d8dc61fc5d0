//! What an app owns at two stages, side by side. Compared is what people and tokens see: verbs, keys, texts, what brings and holds what;
//! never ids or versions. Equal role keys at two stages are the same role.

use crate::access::app::deployment::PermissionSpec;
use crate::access::app::{listed, permission};
use crate::access::role::end_user::{self, Spec};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId};
use crate::base::secret::TokenHash;
use crate::base::text::{Description, DisplayName, Slug, Verb};
use crate::db::Tx;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// What an app owns at a stage.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Side {
    /// Its permissions, by verb.
    pub permissions: Vec<SidePermission>,
    /// Its roles, by key.
    pub roles: Vec<SideRole>,
    /// The shared roles of other apps that it lists.
    pub listed: Vec<String>,
}

/// A permission of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SidePermission {
    /// What tokens carry.
    pub verb: Verb,
    /// What it lets people do.
    pub description: Description,
    /// What it brings.
    pub implies: Vec<Verb>,
}

impl SidePermission {
    pub(super) fn spec(&self) -> PermissionSpec {
        PermissionSpec { verb: self.verb.clone(), description: self.description.clone(), implies: self.implies.clone() }
    }
}

/// A role of one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SideRole {
    /// What tokens carry.
    pub key: Slug,
    /// What people read.
    pub name: DisplayName,
    /// What it is for.
    pub description: Description,
    /// Whether other apps may list it.
    pub shared: bool,
    /// What it holds.
    pub permissions: Vec<Verb>,
}

impl SideRole {
    pub(super) fn spec(&self) -> Spec {
        let Self { key, name, description, shared, permissions } = self.clone();
        Spec { key, name, description, shared, permissions }
    }
}

impl Side {
    /// What a deployment owns.
    pub async fn read(tx: &mut Tx, id: DeploymentId) -> Result<Self, Fault> {
        let permissions = permission::of_deployment(tx, id).await?.into_iter().map(|whole| SidePermission {
            verb: whole.permission.verb,
            description: whole.permission.description,
            implies: whole.implies,
        });
        let mut held = end_user::permissions_of(tx, id).await?;
        let roles = end_user::of_deployment(tx, id).await?.into_iter().map(|role| SideRole {
            permissions: held.remove(&role.id).unwrap_or_default(),
            key: role.key,
            name: role.name,
            description: role.description,
            shared: role.shared,
        });
        let (permissions, roles) = (permissions.collect(), roles.collect());
        Ok(Self { permissions, roles, listed: listed::of_deployment(tx, id).await?.iter().map(listed::SharedRole::claim).collect() })
    }
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A permission.
    Permission(Verb),
    /// A role.
    Role(Slug),
    /// A shared role of another app.
    Listed(String),
}

/// What a line would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is at the source only, and would be added.
    Added,
    /// It is at both, and would become as it is at the source.
    Changed,
    /// It is at the target only: kept, unless somebody wants it gone.
    OnlyThere,
    /// A shared role that the source lists, and that no app shares at the target.
    Impossible,
}

impl Change {
    /// Whether the line is taken over when nobody says otherwise.
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Added | Self::Changed)
    }
}

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it is about.
    pub what: What,
    /// What it would do.
    pub change: Change,
    /// How it is at the source.
    pub here: Option<Piece>,
    /// How it is at the target.
    pub there: Option<Piece>,
    /// How many people hold it at the target.
    pub people: u64,
    /// The deployments of other apps that list it at the target, and would do without it.
    pub listed_by: Vec<(DeploymentId, DisplayName)>,
}

impl Line {
    /// Its name in the form.
    pub fn name(&self) -> String {
        match &self.what {
            What::Permission(verb) => format!("permission:{verb}"),
            What::Role(key) => format!("role:{key}"),
            What::Listed(claim) => format!("listed:{claim}"),
        }
    }
}

/// One side of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A permission.
    Permission(SidePermission),
    /// A role.
    Role(SideRole),
    /// A listed role: there is nothing more to it than its name.
    Listed,
}

/// The difference of an app between two stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What differs: permissions, roles, listed roles, each by name.
    pub lines: Vec<Line>,
    /// Whether the app is not at the target yet.
    pub missing: bool,
    /// What the two sides were when they were compared.
    pub digest: String,
}

/// Compares two sides. `shared`: the shared roles of other apps at the target.
pub fn between(here: &Side, there: &Side, shared: &BTreeSet<String>, missing: bool) -> Difference {
    let mut lines = Vec::new();
    let mut line = |what: What, here: Option<Piece>, there: Option<Piece>| {
        let change = match (&what, &here, &there) {
            (What::Listed(claim), Some(_), None) if !shared.contains(claim) => Change::Impossible,
            (_, Some(_), None) => Change::Added,
            (_, None, _) => Change::OnlyThere,
            (_, Some(here), Some(there)) if here == there => return,
            _ => Change::Changed,
        };
        lines.push(Line { what, change, here, there, people: 0, listed_by: Vec::new() });
    };
    let verbs: BTreeSet<&Verb> = here.permissions.iter().chain(&there.permissions).map(|permission| &permission.verb).collect();
    for verb in verbs {
        let piece = |side: &Side| side.permissions.iter().find(|permission| permission.verb == *verb).cloned().map(Piece::Permission);
        line(What::Permission(verb.clone()), piece(here), piece(there));
    }
    let keys: BTreeSet<&Slug> = here.roles.iter().chain(&there.roles).map(|role| &role.key).collect();
    for key in keys {
        let piece = |side: &Side| side.roles.iter().find(|role| role.key == *key).cloned().map(Piece::Role);
        line(What::Role(key.clone()), piece(here), piece(there));
    }
    let claims: BTreeSet<&String> = here.listed.iter().chain(&there.listed).collect();
    for claim in claims {
        let piece = |side: &Side| side.listed.contains(claim).then_some(Piece::Listed);
        line(What::Listed(claim.clone()), piece(here), piece(there));
    }
    Difference { lines, missing, digest: digest(here, there, shared, missing) }
}

/// A short text that stands for everything that was compared.
fn digest(here: &Side, there: &Side, shared: &BTreeSet<String>, missing: bool) -> String {
    let listable: Vec<&String> = here.listed.iter().filter(|claim| shared.contains(*claim)).collect();
    let text = serde_json::json!([here, there, listable, missing]).to_string();
    TokenHash::of(&text).as_bytes().iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}"); // writing to a String cannot fail
        hex
    })
}

/// How many people at the target hold what only the target has, or what would change there.
pub(super) async fn count_people(tx: &mut Tx, target: DeploymentId, difference: &mut Difference) -> Result<(), Fault> {
    let roles = end_user::of_deployment(tx, target).await?;
    let of_roles = end_user::people(tx, &roles.iter().map(|role| role.id).collect::<Vec<_>>()).await?;
    let permissions = permission::of_deployment(tx, target).await?;
    let of_permissions = permission::people(tx, target).await?;
    let mut listing: BTreeMap<EndUserRoleId, Vec<(DeploymentId, DisplayName)>> = BTreeMap::new();
    for (role, lister, app) in end_user::listings(tx, target).await? {
        listing.entry(role).or_default().push((lister, app));
    }
    for line in &mut difference.lines {
        let stays_shared = matches!(&line.here, Some(Piece::Role(role)) if role.shared);
        if let (What::Role(key), false) = (&line.what, stays_shared) {
            let role = roles.iter().find(|role| role.key == *key);
            line.listed_by = role.and_then(|role| listing.remove(&role.id)).unwrap_or_default();
        }
        let people = match &line.what {
            What::Permission(verb) => {
                permissions.iter().find(|whole| whole.permission.verb == *verb).and_then(|whole| of_permissions.get(&whole.permission.id))
            }
            What::Role(key) => roles.iter().find(|role| role.key == *key).and_then(|role| of_roles.get(&role.id)),
            What::Listed(_) => None,
        };
        line.people = people.copied().unwrap_or_default();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verb(text: &str) -> Verb {
        Verb::parse(text).unwrap()
    }

    fn side(permissions: &[(&str, &[&str])], roles: &[(&str, &[&str])], listed: &[&str]) -> Side {
        let verbs = |names: &[&str]| names.iter().map(|name| verb(name)).collect();
        Side {
            permissions: permissions
                .iter()
                .map(|(name, implies)| SidePermission { verb: verb(name), description: Description::default(), implies: verbs(implies) })
                .collect(),
            roles: roles
                .iter()
                .map(|(key, holds)| SideRole {
                    key: Slug::parse(key).unwrap(),
                    name: DisplayName::parse(key).unwrap(),
                    description: Description::default(),
                    shared: false,
                    permissions: verbs(holds),
                })
                .collect(),
            listed: listed.iter().map(|claim| (*claim).to_owned()).collect(),
        }
    }

    #[test]
    fn a_difference_names_what_is_added_changed_and_only_there() {
        let here = side(&[("read", &[]), ("write", &["read"])], &[("editor", &["write"]), ("viewer", &["read"])], &["wiki:author", "crm:clerk"]);
        let there = side(&[("read", &[]), ("old", &[])], &[("editor", &["read"]), ("guest", &["old"]), ("viewer", &["read"])], &["hr:lead"]);
        let shared = BTreeSet::from(["wiki:author".to_owned(), "hr:lead".to_owned()]);
        let difference = between(&here, &there, &shared, false);
        let told: Vec<(String, Change)> = difference.lines.iter().map(|line| (line.name(), line.change)).collect();
        let expected = [
            ("permission:old", Change::OnlyThere),
            ("permission:write", Change::Added),
            ("role:editor", Change::Changed),
            ("role:guest", Change::OnlyThere),
            ("listed:crm:clerk", Change::Impossible),
            ("listed:hr:lead", Change::OnlyThere),
            ("listed:wiki:author", Change::Added),
        ];
        assert_eq!(told, expected.map(|(name, change)| (name.to_owned(), change)));
        assert!(between(&here, &here, &shared, false).lines.is_empty());
    }

    #[test]
    fn the_digest_moves_with_either_side() {
        let (a, b) = (side(&[("read", &[])], &[], &["x:y"]), side(&[("write", &[])], &[], &[]));
        let of = |here: &Side, there: &Side, shared: &[&str], missing| {
            between(here, there, &shared.iter().map(|claim| (*claim).to_owned()).collect(), missing).digest
        };
        let digests = [of(&a, &b, &[], false), of(&b, &a, &[], false), of(&a, &a, &[], false), of(&a, &b, &["x:y"], false), of(&a, &b, &[], true)];
        assert_eq!(digests.iter().collect::<BTreeSet<_>>().len(), 5);
        // A shared role that nobody wants here is nobody's business.
        assert_eq!(of(&a, &b, &["other:role"], false), digests[0]);
    }
}
