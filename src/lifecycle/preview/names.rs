//! The names that people read, for those whom and for what a preview speaks of.

use super::Preview;
use crate::access::catalogue::Catalogue;
use crate::access::load::Who;
use crate::access::preview::{Sides, Spot};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, DeploymentId, EndUserRoleId, GroupId, StageId, UserId};
use crate::base::text::Slug;
use crate::db::query::Query;
use crate::db::{Tx, all};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What people call roles and groups. What has no name here, because it would only be made, is called by its key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    organization_roles: BTreeMap<String, String>,
    roles: BTreeMap<(DeploymentId, String), String>,
    groups: BTreeMap<(StageId, String), String>,
}

impl Names {
    /// The name of an organization role.
    pub fn organization_role<'n>(&'n self, key: &'n str) -> &'n str {
        self.organization_roles.get(key).map_or(key, String::as_str)
    }

    /// The name of a role as it is claimed at a deployment.
    pub fn role<'n>(&'n self, deployment: DeploymentId, claim: &'n str) -> &'n str {
        self.roles.get(&(deployment, claim.to_owned())).map_or(claim, String::as_str)
    }

    /// The name of a group.
    pub fn group<'n>(&'n self, stage: StageId, key: &'n str) -> &'n str {
        self.groups.get(&(stage, key.to_owned())).map_or(key, String::as_str)
    }

    /// Reads the names of everything that a preview speaks of.
    pub(super) async fn of(tx: &mut Tx, preview: &Preview, sides: &Sides) -> Result<Self, Fault> {
        let mut names = Self::default();
        let (mut claims, mut groups) = (BTreeSet::new(), BTreeSet::new());
        for change in preview.people.iter().flat_map(|person| &person.changes) {
            for what in [&change.stretch.gains, &change.stretch.loses] {
                for spot in &change.spots {
                    match spot {
                        Spot::Deployment(id) => claims.extend(what.roles.iter().map(|claim| (*id, claim.clone()))),
                        Spot::Stage(id) => groups.extend(what.groups.iter().map(|key| (*id, key.clone()))),
                        Spot::Organization => {}
                    }
                }
            }
        }
        let ids: HashMap<(DeploymentId, String), EndUserRoleId> =
            claims.into_iter().filter_map(|(deployment, claim)| Some(((deployment, claim.clone()), role_id(sides, deployment, &claim)?))).collect();
        let mut query = Query::new("SELECT id, name FROM end_user_roles WHERE id IN ");
        query.list(ids.values().copied().map(EndUserRoleId::uuid));
        let by_id: HashMap<EndUserRoleId, String> = query.all::<(EndUserRoleId, String)>(tx).await?.into_iter().collect();
        names.roles = ids.into_iter().filter_map(|(claim, id)| Some((claim, by_id.get(&id)?.clone()))).collect();

        let mut query = Query::new("SELECT id, stage_id, key, name FROM groups WHERE key IN ");
        query.list(groups.iter().map(|(_, key)| key.as_str()));
        for (_, stage, key, name) in query.all::<(GroupId, StageId, Slug, String)>(tx).await? {
            names.groups.insert((stage, key.to_string()), name);
        }
        let roles = all!(tx, (Slug, String), "SELECT key, name FROM organization_roles")?;
        names.organization_roles = roles.into_iter().map(|(key, name)| (key.to_string(), name)).collect();
        Ok(names)
    }
}

/// The role that has this name in the claims of a deployment.
fn role_id(sides: &Sides, deployment: DeploymentId, claim: &str) -> Option<EndUserRoleId> {
    let find = |catalogue: &Catalogue| {
        let own = catalogue.end_user_role_by_key(deployment, claim);
        own.or_else(|| catalogue.listed_roles_of(deployment).find(|(listed, _)| *listed == claim).map(|(_, role)| role)).map(|role| role.id)
    };
    find(&sides.before).or_else(|| find(&sides.after))
}

/// Names and addresses, by who they are of.
pub(super) type Labels = HashMap<Who, (String, Option<String>)>;

/// What these people and clients are called. Who is not there yet has no name.
pub(super) async fn labels(tx: &mut Tx, who: &[Who]) -> Result<Labels, Fault> {
    let mut labels = Labels::new();
    let users: Vec<UserId> = who.iter().filter_map(|who| if let Who::User(id) = who { Some(*id) } else { None }).collect();
    if !users.is_empty() {
        let mut query = Query::new("SELECT id, email, name FROM users WHERE id IN ");
        query.list(users.into_iter().map(UserId::uuid));
        for (id, email, name) in query.all::<(UserId, String, Option<String>)>(tx).await? {
            labels.insert(Who::User(id), (name.unwrap_or_else(|| email.clone()), Some(email)));
        }
    }
    let clients: Vec<ClientId> = who.iter().filter_map(|who| if let Who::Client(id) = who { Some(*id) } else { None }).collect();
    if !clients.is_empty() {
        let mut query = Query::new("SELECT id, name FROM clients WHERE id IN ");
        query.list(clients.into_iter().map(ClientId::uuid));
        for (id, name) in query.all::<(ClientId, String)>(tx).await? {
            labels.insert(Who::Client(id), (name, None));
        }
    }
    Ok(labels)
}
