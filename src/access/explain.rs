//! Explain: why somebody may do something at a place, what would have to be removed to take it away, and why something is missing.
//!
//! What counts is `effective`'s answer and nothing else; this puts names, terms and reasons to its paths, and says of what does not
//! count why it does not.

mod idle;
mod known;
mod labels;
mod roles;

pub use idle::Idle;
pub use known::{known, known_to, may_ask, near};
pub use labels::{EndUserLabel, Labels, MembershipLabel, OrganizationLabel};
pub use roles::{Giver, Roles, names, ways_here};

use super::catalogue::Catalogue;
use super::effective::{Effective, GrantRef, Holdings, Path, Place, RoleRef, effective};
use super::load::{self, Who};
use super::people::{Sight, Terms};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserGrantId, EndUserRoleId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId};
use crate::base::text::PermissionKey;
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{Tx, all, optional};
use crate::identity::user::Status;
use std::collections::{BTreeMap, BTreeSet};

/// What is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A permission: `category.verb`, or a verb of the app.
    Permission(String),
    /// An end-user role, by its name in the claim `roles`.
    Role(String),
    /// An organization role, by its key.
    OrganizationRole(String),
}

impl What {
    /// The name in claims.
    pub fn key(&self) -> &str {
        match self {
            Self::Permission(key) | Self::Role(key) | Self::OrganizationRole(key) => key,
        }
    }

    /// The same question about another name.
    #[must_use]
    pub fn called(&self, key: String) -> Self {
        match self {
            Self::Permission(_) => Self::Permission(key),
            Self::Role(_) => Self::Role(key),
            Self::OrganizationRole(_) => Self::OrganizationRole(key),
        }
    }

    /// Whether it is a matter of organization roles: these are seen by other readers than end-user roles.
    pub fn is_of_organization(&self) -> bool {
        match self {
            Self::Permission(key) => key.contains('.'),
            Self::Role(_) => false,
            Self::OrganizationRole(_) => true,
        }
    }
}

/// Whether what somebody holds counts at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does.
    Counts,
    /// Invited, and not here yet.
    Invited,
    /// Registering, and not done yet.
    Registering,
    /// Deactivated.
    Inactive,
    /// The address was never proved.
    NotProved,
    /// A suspended API client.
    Suspended,
}

/// What would have to be removed to take one way away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// The grant of an organization role.
    Organization(OrganizationGrantId),
    /// The grant of an end-user role.
    EndUser(EndUserGrantId),
    /// The membership in the group that holds the role. (The group's own grant concerns others, too.)
    Membership(MembershipId),
}

/// The group of a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Through {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Where the membership comes from.
    pub source: String,
    /// Who made somebody a member, when, and until when; `None`: gone while this was read.
    pub terms: Option<Terms>,
}

/// A path with the names that people read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// The path.
    pub path: Path,
    /// The role's name.
    pub role: String,
    /// Who gave the role, when, and until when; `None`: gone while this was read.
    pub terms: Option<Terms>,
    /// The name of the app: at which an organization role is granted, or that owns the end-user role.
    pub app: Option<String>,
    /// The deployment that owns the end-user role.
    pub owner: Option<DeploymentId>,
    /// The group through which the role comes.
    pub group: Option<Through>,
    /// Why it does not count; `None`: it does.
    pub idle: Option<Idle>,
}

impl Way {
    fn of(labels: &Labels, catalogue: &Catalogue, path: Path, idle: Option<Idle>) -> Self {
        let group = path.membership.as_ref().map(|membership| {
            let label = labels.memberships.get(&membership.id);
            Through {
                id: membership.group,
                name: label.map_or_else(|| membership.group_key.to_string(), |label| label.group_name.to_string()),
                source: label.map(|label| label.source.clone()).unwrap_or_default(),
                terms: label.map(|label| label.terms.clone()),
            }
        });
        let owner = match path.role {
            RoleRef::EndUser(role) => catalogue.end_user_role(role).map(|role| role.deployment),
            RoleRef::Organization(_) => None,
        };
        let (role, app, terms) = match path.grant {
            GrantRef::Organization(id) => labels.organization.get(&id).map(|label| (&label.role_name, label.app_name.clone(), &label.terms)),
            GrantRef::EndUser(id) => labels.end_user.get(&id).map(|label| (&label.role_name, Some(label.app_name.clone()), &label.terms)),
        }
        .map_or((None, None, None), |(role, app, terms)| (Some(role), app, Some(terms)));
        Self {
            role: role.map_or_else(|| path.role_key.clone(), ToString::to_string),
            terms: terms.cloned(),
            app: app.map(String::from),
            owner,
            group,
            idle,
            path,
        }
    }

    /// What would have to be removed to take it away: its first link.
    pub fn link(&self) -> Link {
        match (self.path.grant, &self.path.membership) {
            (GrantRef::EndUser(_), Some(membership)) => Link::Membership(membership.id),
            (GrantRef::EndUser(id), None) => Link::EndUser(id),
            (GrantRef::Organization(id), _) => Link::Organization(id),
        }
    }

    /// Whether a reader may see it (rule 8).
    pub fn is_seen(&self, sight: &Sight) -> bool {
        match self.path.role {
            RoleRef::Organization(_) => sight.everybody || sight.members,
            RoleRef::EndUser(_) => self.owner.is_some_and(|owner| sight.sees(owner)),
        }
    }
}

/// The smallest set of grants and memberships without which none of these ways is left: the first way of each.
pub fn removal(ways: &[Way]) -> Vec<&Way> {
    let mut seen = BTreeSet::new();
    ways.iter().filter(|way| seen.insert(way.link())).collect()
}

/// Something that is held, with every way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thing {
    /// What.
    pub what: What,
    /// Its name; the key of what has none.
    pub name: String,
    /// The ways to it.
    pub ways: Vec<Way>,
}

/// Why something is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// Whether there is such a thing here.
    pub exists: Existence,
    /// The grants that would give it, each with why it does not.
    pub idle: Vec<Way>,
    /// The roles that would give it here.
    pub roles: Vec<Giver>,
}

/// Whether there is what was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Existence {
    /// There is.
    Here,
    /// There was: roles still name it, and it counts for nothing.
    Retired,
    /// There is not; the most alike of those that the reader may ask about.
    Unknown(Vec<String>),
}

/// The answer about one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Held, by these ways.
    Held(Vec<Way>),
    /// Not held.
    Missing(Missing),
}

/// Everything about somebody at a place.
#[derive(Clone, Debug)]
pub struct Everything {
    /// End-user roles that count here.
    pub roles: Vec<Thing>,
    /// Organization roles that count here.
    pub organization_roles: Vec<Thing>,
    /// Permissions.
    pub permissions: Vec<Thing>,
    /// Grants that are there and do not count here now.
    pub idle: Vec<Way>,
}

/// What somebody holds, ready to be asked about one place at one moment.
#[derive(Clone, Debug)]
pub struct Subject {
    /// A person or a client.
    pub who: Who,
    /// Where.
    pub place: Place,
    /// When.
    pub now: Timestamp,
    /// Whether anything counts at all.
    pub standing: Standing,
    /// What counts.
    pub effective: Effective,
    catalogue: Catalogue,
    holdings: Holdings,
    labels: Labels,
    /// Permissions that their roles name and that no longer exist.
    retired: BTreeMap<OrganizationRoleId, Vec<PermissionKey>>,
}

/// Whether anything of `who` counts, and why not.
async fn standing(tx: &mut Tx, who: Who) -> Result<Option<Standing>, Fault> {
    Ok(match who {
        Who::User(id) => {
            let row = optional!(tx, (Status, Option<Timestamp>), "SELECT status, email_verified_at FROM users WHERE id = $1", id)?;
            row.map(|(status, proved)| match status {
                Status::Active if proved.is_some() => Standing::Counts,
                Status::Active => Standing::NotProved,
                Status::Invited => Standing::Invited,
                Status::PendingRegistration => Standing::Registering,
                Status::Inactive => Standing::Inactive,
            })
        }
        Who::Client(id) => {
            let row = optional!(tx, (Option<Timestamp>,), "SELECT suspended_at FROM clients WHERE id = $1", id)?;
            row.map(|(suspended,)| if suspended.is_some() { Standing::Suspended } else { Standing::Counts })
        }
    })
}

impl Subject {
    /// Reads what somebody holds, in ten queries however much it is; `None`: there is nobody.
    pub async fn read(tx: &mut Tx, catalogue: &Catalogue, who: Who, place: Place, now: Timestamp) -> Result<Option<Self>, Fault> {
        let Some(standing) = standing(tx, who).await? else { return Ok(None) };
        let (holdings, labels) = match who {
            Who::User(id) => (load::users(tx, &[id]).await?.remove(&id), Labels::of_users(tx, &[id]).await?),
            Who::Client(id) => (load::clients(tx, &[id]).await?.remove(&id), Labels::of_clients(tx, &[id]).await?),
        };
        let holdings = holdings.unwrap_or_default();
        let mut entries = Query::new("SELECT DISTINCT role_id, permission FROM organization_role_entries WHERE role_id IN ");
        entries.list(holdings.organization_grants.iter().map(|grant| grant.role.uuid())).push(" ORDER BY permission");
        let mut retired: BTreeMap<OrganizationRoleId, Vec<PermissionKey>> = BTreeMap::new();
        for (role, permission) in entries.all::<(OrganizationRoleId, PermissionKey)>(tx).await? {
            if catalogue.platform_permission(permission.as_str()).is_none() {
                retired.entry(role).or_default().push(permission);
            }
        }
        let effective = effective(catalogue, &holdings, place, now);
        Ok(Some(Self { who, place, now, standing, effective, catalogue: catalogue.clone(), holdings, labels, retired }))
    }

    fn way(&self, path: Path) -> Way {
        Way::of(&self.labels, &self.catalogue, path, None)
    }

    fn ways(&self, what: &What) -> Vec<Way> {
        let paths = match what {
            What::Permission(key) => self.effective.paths_of(key),
            What::Role(claim) => self.effective.paths_of_role(claim),
            What::OrganizationRole(key) => self.effective.paths_of_org_role(key),
        };
        paths.into_iter().map(|path| self.way(path)).collect()
    }

    fn thing(&self, what: What) -> Thing {
        let ways = self.ways(&what);
        let name = match &what {
            What::Permission(key) => self.catalogue.platform_permission(key).map(|permission| permission.name.to_string()),
            What::Role(_) | What::OrganizationRole(_) => ways.first().map(|way| way.role.clone()),
        };
        Thing { name: name.unwrap_or_else(|| what.key().to_owned()), what, ways }
    }

    /// Everything that is held here, and the grants that are there and do not count here now. Only what `sight` sees.
    pub fn everything(&self, sight: &Sight) -> Everything {
        let seen = |mut thing: Thing| {
            thing.ways.retain(|way| way.is_seen(sight));
            (!thing.ways.is_empty()).then_some(thing)
        };
        let things =
            |keys: Vec<&str>, what: fn(String) -> What| -> Vec<Thing> { keys.into_iter().filter_map(|key| seen(self.thing(what(key.to_owned())))).collect() };
        Everything {
            roles: things(self.effective.role_keys(), What::Role),
            organization_roles: things(self.effective.org_role_keys(), What::OrganizationRole),
            permissions: things(self.effective.permission_keys().collect(), What::Permission),
            idle: self.idle_here().into_iter().filter(|way| way.is_seen(sight)).collect(),
        }
    }

    /// Why somebody has this here, or why not. Only what `sight` sees; whether it may see the question at all, the caller asks.
    pub fn why(&self, what: &What, sight: &Sight) -> Answer {
        let mut ways = self.ways(what);
        ways.retain(|way| way.is_seen(sight));
        if !ways.is_empty() {
            return Answer::Held(ways);
        }
        let exists = self.existence(what, sight);
        let mut roles = Roles::that_give(&self.catalogue, self.place, what);
        if let Who::Client(_) = self.who {
            // A client can hold no end-user role: none would help.
            roles.end_user.clear();
        }
        let mut idle = if exists == Existence::Retired { self.retired_ways(what.key()) } else { self.idle_ways(what) };
        idle.retain(|way| way.is_seen(sight));
        Answer::Missing(Missing { exists, idle, roles: roles.givers(&self.catalogue) })
    }

    fn existence(&self, what: &What, sight: &Sight) -> Existence {
        if known(&self.catalogue, self.place, what).contains(&what.key()) {
            return Existence::Here;
        }
        let retired = |key: &PermissionKey| matches!(what, What::Permission(asked) if key.as_str() == asked);
        if self.retired.values().flatten().any(retired) {
            return Existence::Retired;
        }
        Existence::Unknown(near(what.key(), known_to(&self.catalogue, sight, self.place, what)))
    }
}

/// The addresses of people and the names of API clients, as many as can be compared with a mistyped one in a moment.
pub async fn everybody(tx: &mut Tx) -> Result<Vec<String>, Fault> {
    let people = all!(tx, (String,), "SELECT email FROM users ORDER BY sort_key LIMIT 5000")?;
    let clients = all!(tx, (String,), "SELECT client_id FROM clients WHERE kind = 'api' ORDER BY client_id LIMIT 1000")?;
    Ok(people.into_iter().chain(clients).map(|(name,)| name).collect())
}

/// The ways in which somebody holds one of these roles, whether they count now or not: what the list of a role's holders shows.
pub fn ways_to_roles(catalogue: &Catalogue, holdings: &Holdings, labels: &Labels, roles: &[RoleRef], now: Timestamp) -> Vec<Way> {
    let end_user = |role: EndUserRoleId| roles.contains(&RoleRef::EndUser(role));
    let organization = |role: OrganizationRoleId| roles.contains(&RoleRef::Organization(role));
    let mut ways: Vec<Way> = idle::end_user_paths(catalogue, holdings, end_user)
        .chain(idle::organization_paths(catalogue, holdings, organization))
        .map(|candidate| Way::of(labels, catalogue, candidate.path, Idle::by_period(candidate.grant, candidate.membership, now)))
        .collect();
    ways.sort_by(|a, b| (a.idle.is_some(), &a.role, a.link()).cmp(&(b.idle.is_some(), &b.role, b.link())));
    ways
}

/// The ways in which `effective` gives a permission, with their names.
pub fn ways_to_permission(catalogue: &Catalogue, effective: &Effective, labels: &Labels, key: &str) -> Vec<Way> {
    effective.paths_of(key).into_iter().map(|path| Way::of(labels, catalogue, path, None)).collect()
}
