//! The roles that give something at a place.

use super::{Labels, Way, What};
use crate::access::catalogue::Catalogue;
use crate::access::effective::{Effective, Place, RoleRef};
use crate::base::fault::Fault;
use crate::base::id::{AppId, EndUserRoleId, OrganizationRoleId};
use crate::base::text::DisplayName;
use crate::db::query::Query;
use crate::db::{Tx, all};
use std::collections::HashMap;

/// The roles through which something is held at a place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// End-user roles.
    pub end_user: Vec<EndUserRoleId>,
    /// Organization roles, granted at the organization.
    pub at_organization: Vec<OrganizationRoleId>,
    /// Organization roles, granted at this app.
    pub at_app: Option<(AppId, Vec<OrganizationRoleId>)>,
    /// Organization roles, wherever they are granted.
    pub anywhere: Vec<OrganizationRoleId>,
}

/// A role that would give something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Giver {
    /// Which.
    pub role: RoleRef,
    /// Its key.
    pub key: String,
    /// Whether it would do so granted at this app alone, too. End-user roles are granted where they are.
    pub at_app: bool,
}

impl Roles {
    /// Those that give `what` at a place.
    pub fn that_give(catalogue: &Catalogue, place: Place, what: &What) -> Self {
        let here = match place {
            Place::Organization => None,
            Place::Deployment(id) => catalogue.deployment_index(id).map(|index| catalogue.compiled_deployment(index)),
        };
        let (platform, spot) = (catalogue.platform(), here.map_or(catalogue.platform().graph.every(), |here| here.stage));
        let mut roles = Self::default();
        match (what, here) {
            (What::Permission(key), _) if key.contains('.') => {
                let Some(index) = platform.index(key) else { return roles };
                roles.at_organization = platform.roles.iter().filter(|role| role.at_organization[spot].contains(index)).map(|role| role.row.id).collect();
                roles.at_app = here.map(|here| {
                    let giving = platform.roles.iter().filter(|role| role.at_app[spot].contains(index)).map(|role| role.row.id);
                    (here.row.app, giving.collect())
                });
            }
            (What::Permission(verb), Some(here)) => {
                let Ok(index) = here.verbs.binary_search_by(|own| own.as_str().cmp(verb)) else { return roles };
                let all = catalogue.deployments_compiled();
                roles.end_user =
                    here.roles.iter().map(|role| &all.roles[*role]).filter(|role| role.closure[0].contains(index)).map(|role| role.row.id).collect();
            }
            (What::Role(claim), Some(here)) => {
                let listed = catalogue.listed_roles_of(here.row.id).find(|(name, _)| name == claim).map(|(_, role)| role.id);
                roles.end_user = catalogue.end_user_role_by_key(here.row.id, claim).map(|role| role.id).or(listed).into_iter().collect();
            }
            (What::OrganizationRole(key), _) => {
                let role = platform.roles.iter().find(|role| role.row.key.as_str() == key);
                roles.at_organization = role.filter(|role| !role.at_organization[spot].is_clear()).map(|role| role.row.id).into_iter().collect();
                roles.at_app = here.map(|here| (here.row.app, role.filter(|role| !role.at_app[spot].is_clear()).map(|role| role.row.id).into_iter().collect()));
            }
            (What::Permission(_) | What::Role(_), None) => {}
        }
        roles
    }

    /// Those with which somebody may sign in to a deployment: its own, and the shared ones that it lists.
    pub fn of_place(catalogue: &Catalogue, deployment: crate::base::id::DeploymentId) -> Self {
        let own = catalogue.end_user_roles_of(deployment).map(|role| role.id);
        Self { end_user: own.chain(catalogue.listed_roles_of(deployment).map(|(_, role)| role.id)).collect(), ..Self::default() }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.end_user.is_empty() && self.at_organization.is_empty() && self.anywhere.is_empty() && self.at_app.iter().all(|(_, roles)| roles.is_empty())
    }

    /// Each by itself.
    pub(super) fn givers(&self, catalogue: &Catalogue) -> Vec<Giver> {
        let end_user = self.end_user.iter().filter_map(|role| catalogue.end_user_role(*role)).map(|role| Giver {
            role: RoleRef::EndUser(role.id),
            key: role.key.to_string(),
            at_app: false,
        });
        let at_app = |id: OrganizationRoleId| self.at_app.iter().any(|(_, roles)| roles.contains(&id));
        let organization = self.at_organization.iter().filter_map(|role| catalogue.organization_role(*role)).map(|role| Giver {
            role: RoleRef::Organization(role.id),
            key: role.key.to_string(),
            at_app: at_app(role.id),
        });
        end_user.chain(organization).collect()
    }
}

/// The ways to the roles that count at the place of `effective`, each with the permissions that its role gives there: end-user roles first.
pub fn ways_here(catalogue: &Catalogue, effective: &Effective, labels: &Labels) -> Vec<(Way, Vec<String>)> {
    let owned = |keys: Vec<&str>| -> Vec<String> { keys.into_iter().map(str::to_owned).collect() };
    let mut ways: Vec<(Way, Vec<String>)> = effective.roles().into_iter().map(|(path, gives)| (Way::of(labels, catalogue, path, None), owned(gives))).collect();
    let of_organization = |way: &Way| matches!(way.path.role, RoleRef::Organization(_));
    ways.sort_by(|(a, _), (b, _)| (of_organization(a), &a.role, a.link()).cmp(&(of_organization(b), &b.role, b.link())));
    ways
}

/// The names of roles: two queries. The private roles of API clients have none that people know, and are left out.
pub async fn names(tx: &mut Tx, roles: &[Giver]) -> Result<HashMap<RoleRef, String>, Fault> {
    let mut names = HashMap::new();
    for (id, name) in all!(tx, (OrganizationRoleId, DisplayName), "SELECT id, name FROM organization_roles WHERE owner_client_id IS NULL")? {
        names.insert(RoleRef::Organization(id), name.to_string());
    }
    let mut query = Query::new("SELECT id, name FROM end_user_roles WHERE id IN ");
    query.list(roles.iter().filter_map(|giver| match giver.role {
        RoleRef::EndUser(id) => Some(id.uuid()),
        RoleRef::Organization(_) => None,
    }));
    for (id, name) in query.all::<(EndUserRoleId, DisplayName)>(tx).await? {
        names.insert(RoleRef::EndUser(id), name.to_string());
    }
    Ok(names)
}
