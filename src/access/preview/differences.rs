//! What differs between two configurations, as far as somebody's access can show it.

use crate::access::app::SignIn;
use crate::access::catalogue::Catalogue;
use crate::base::id::{DeploymentId, EndUserRoleId, OrganizationRoleId, StageId};
use fixedbitset::FixedBitSet;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Who may come in somewhere changes for everybody at once: that is a sentence, not a list of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Door {
    /// Where.
    pub deployment: DeploymentId,
    /// Whether everybody may sign in from then on; `false`: only those with a role there.
    pub opens: bool,
}

/// What differs between two configurations.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Differences {
    /// The end-user roles that give something else, elsewhere, or under another name.
    pub end_user_roles: BTreeSet<EndUserRoleId>,
    /// The organization roles that give something else or elsewhere.
    pub organization_roles: BTreeSet<OrganizationRoleId>,
    /// The deployments where everybody may sign in from then on, or no longer.
    pub doors: Vec<Door>,
}

impl Differences {
    /// Compares what each role gives at each place.
    pub fn between(before: &Catalogue, after: &Catalogue) -> Self {
        let (one, other) = (end_user_roles(before), end_user_roles(after));
        let ids: BTreeSet<EndUserRoleId> = one.keys().chain(other.keys()).copied().collect();
        let end_user_roles = ids.into_iter().filter(|id| one.get(id) != other.get(id)).collect();
        Self { end_user_roles, organization_roles: organization_roles(before, after), doors: doors(before, after) }
    }

    /// Whether sign-in at a place is told as a sentence.
    pub fn is_door(&self, deployment: DeploymentId) -> bool {
        self.doors.iter().any(|door| door.deployment == deployment)
    }

    /// Whether nothing differs that somebody could notice.
    pub fn is_empty(&self) -> bool {
        self.end_user_roles.is_empty() && self.organization_roles.is_empty() && self.doors.is_empty()
    }
}

/// What an end-user role is to whoever holds it: home, name, permissions there, and its names elsewhere.
type EndUserRole<'c> = (DeploymentId, &'c str, Vec<&'c str>, BTreeSet<(DeploymentId, &'c str)>);

fn end_user_roles(catalogue: &Catalogue) -> HashMap<EndUserRoleId, EndUserRole<'_>> {
    let compiled = catalogue.deployments_compiled();
    let mut roles: Vec<EndUserRole<'_>> = Vec::with_capacity(compiled.roles.len());
    for role in &compiled.roles {
        let home = &compiled.all[role.deployment];
        let verbs = role.closure[0].ones().map(|verb| home.verbs[verb].as_str()).collect();
        roles.push((home.row.id, role.row.key.as_str(), verbs, BTreeSet::new()));
    }
    for lister in &compiled.all {
        for (role, claim) in &lister.listed {
            roles[*role].3.insert((lister.row.id, claim));
        }
    }
    compiled.roles.iter().map(|role| role.row.id).zip(roles).collect()
}

fn organization_roles(before: &Catalogue, after: &Catalogue) -> BTreeSet<OrganizationRoleId> {
    let ids: BTreeSet<OrganizationRoleId> = before.organization_roles().chain(after.organization_roles()).map(|role| role.id).collect();
    let there = |catalogue: &Catalogue| catalogue.deployments().map(|row| (row.id, row.stage)).collect::<BTreeMap<DeploymentId, StageId>>();
    let (one, other) = (there(before), there(after));
    // Where an app comes or goes, whatever a role gives at that stage comes or goes with it.
    let gone: BTreeSet<StageId> = one.iter().filter(|(id, _)| !other.contains_key(id)).map(|(_, stage)| *stage).collect();
    let new: BTreeSet<StageId> = other.iter().filter(|(id, _)| !one.contains_key(id)).map(|(_, stage)| *stage).collect();
    let stages: Vec<Option<StageId>> =
        before.stages().iter().filter(|stage| after.stage(stage.id).is_some()).map(|stage| Some(stage.id)).chain([None]).collect();
    // A stage that comes or goes shows in what tools for many apps are told of the role, whether apps are there or not.
    let alone = |here: &Catalogue, there: &Catalogue, id: OrganizationRoleId| {
        let mut stages = here.stages().iter().filter(|stage| there.stage(stage.id).is_none());
        stages.any(|stage| gives(here, id, Some(stage.id)) != gives(here, id, None))
    };
    let differs = |id: &OrganizationRoleId| {
        before.organization_role(*id).map(|role| &role.key) != after.organization_role(*id).map(|role| &role.key)
            || stages.iter().any(|stage| gives(before, *id, *stage) != gives(after, *id, *stage))
            || alone(before, after, *id)
            || alone(after, before, *id)
            || gone.iter().any(|stage| gives(before, *id, Some(*stage)).iter().any(|keys| !keys.is_empty()))
            || new.iter().any(|stage| gives(after, *id, Some(*stage)).iter().any(|keys| !keys.is_empty()))
    };
    ids.into_iter().filter(differs).collect()
}

/// What an organization role gives at a stage (`None`: at the organization itself), granted at the organization and at an app.
fn gives(catalogue: &Catalogue, role: OrganizationRoleId, stage: Option<StageId>) -> [Vec<&str>; 2] {
    let spot = match stage {
        None => Some(catalogue.platform().graph.every()),
        Some(id) => catalogue.stages().iter().position(|stage| stage.id == id),
    };
    let (Some(role), Some(spot)) = (catalogue.compiled_role(role), spot) else { return Default::default() };
    let permissions = &catalogue.platform().permissions;
    let keys = |gives: Option<&FixedBitSet>| gives.into_iter().flat_map(FixedBitSet::ones).map(|index| permissions[index].key.as_str()).collect();
    [keys(role.at_organization.get(spot)), keys(role.at_app.get(spot))]
}

fn doors(before: &Catalogue, after: &Catalogue) -> Vec<Door> {
    let open =
        |catalogue: &Catalogue| catalogue.deployments().filter(|row| row.sign_in == SignIn::Everyone).map(|row| row.id).collect::<BTreeSet<DeploymentId>>();
    let (one, other) = (open(before), open(after));
    one.symmetric_difference(&other).map(|id| Door { deployment: *id, opens: other.contains(id) }).collect()
}
