//! Grants that are there and do not count, and why.

use super::{Standing, Subject, Way, What};
use crate::access::catalogue::Catalogue;
use crate::access::effective::{GrantRef, Holdings, Path, Place, RoleRef, meet};
use crate::base::id::{AppId, EndUserRoleId, OrganizationRoleId, StageId};
use crate::base::text::PermissionKey;
use crate::base::time::{Period, Timestamp};

/// Why a grant does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Nothing of this person or client counts.
    Standing,
    /// It begins later.
    NotStarted(Timestamp),
    /// It is over.
    Ended(Timestamp),
    /// The membership begins later.
    NotMemberYet(Timestamp),
    /// The membership is over.
    MemberNoMore(Timestamp),
    /// It counts at these stages only.
    OtherStages(Vec<StageId>),
    /// It is granted at this app.
    OtherApp(AppId),
    /// The permission has no effect in a grant at an app.
    NotAtApps,
    /// The role gives permissions that no longer exist.
    Retired(Vec<PermissionKey>),
}

impl Idle {
    /// What the periods say.
    pub(super) fn by_period(grant: Period, membership: Option<Period>, now: Timestamp) -> Option<Self> {
        let of = |period: Period, early: fn(Timestamp) -> Self, late: fn(Timestamp) -> Self| match period {
            Period { ends_at: Some(end), .. } if end <= now => Some(late(end)),
            Period { starts_at: Some(start), .. } if start > now => Some(early(start)),
            _ => None,
        };
        of(grant, Self::NotStarted, Self::Ended).or_else(|| of(membership?, Self::NotMemberYet, Self::MemberNoMore))
    }
}

/// A grant as a path of its role, with the periods by themselves.
pub(super) struct Candidate {
    pub path: Path,
    pub grant: Period,
    pub membership: Option<Period>,
}

/// Every way in which end-user roles are held.
pub(super) fn end_user_paths<'a>(
    catalogue: &'a Catalogue,
    holdings: &'a Holdings,
    wanted: impl Fn(EndUserRoleId) -> bool + 'a,
) -> impl Iterator<Item = Candidate> + 'a {
    holdings.end_user_grants.iter().filter(move |grant| wanted(grant.role)).flat_map(move |grant| {
        let key = catalogue.end_user_role(grant.role).map(|role| role.key.to_string()).unwrap_or_default();
        let path = Path {
            grant: GrantRef::EndUser(grant.id),
            app: None,
            membership: None,
            role: RoleRef::EndUser(grant.role),
            role_key: key,
            counts: None,
            chain: Vec::new(),
            period: grant.period,
        };
        let direct = grant.group.is_none().then(|| Candidate { path: path.clone(), grant: grant.period, membership: None });
        let through = holdings.memberships.iter().filter(|membership| Some(membership.group) == grant.group).map(move |membership| {
            let path = Path { membership: Some(membership.clone()), period: meet(grant.period, membership.period), ..path.clone() };
            Candidate { path, grant: grant.period, membership: Some(membership.period) }
        });
        direct.into_iter().chain(through)
    })
}

/// Every way in which organization roles are held.
pub(super) fn organization_paths<'a>(
    catalogue: &'a Catalogue,
    holdings: &'a Holdings,
    wanted: impl Fn(OrganizationRoleId) -> bool + 'a,
) -> impl Iterator<Item = Candidate> + 'a {
    holdings.organization_grants.iter().filter(move |grant| wanted(grant.role)).map(|grant| {
        let path = Path {
            grant: GrantRef::Organization(grant.id),
            app: grant.app,
            membership: None,
            role: RoleRef::Organization(grant.role),
            role_key: catalogue.organization_role(grant.role).map(|role| role.key.to_string()).unwrap_or_default(),
            counts: None,
            chain: Vec::new(),
            period: grant.period,
        };
        Candidate { path, grant: grant.period, membership: None }
    })
}

/// What a role is looked at for: whatever it gives, because it was asked about, or for one permission by its index.
#[derive(Clone, Copy)]
enum Of {
    Anything,
    Role,
    Permission(usize),
}

impl Subject {
    fn labelled(&self, candidate: Candidate, idle: Idle) -> Way {
        Way::of(&self.labels, &self.catalogue, candidate.path, Some(idle))
    }

    /// Why a grant does not count although its role fits here; `None`: it counts.
    fn idle(&self, candidate: &Candidate) -> Option<Idle> {
        Idle::by_period(candidate.grant, candidate.membership, self.now).or_else(|| (self.standing != Standing::Counts).then_some(Idle::Standing))
    }

    /// Grants that concern this place and do not count here now.
    pub(super) fn idle_here(&self) -> Vec<Way> {
        let mut ways = self.idle_end_user(|_| true);
        ways.extend(self.idle_organization(Of::Anything, |_| true));
        for candidate in organization_paths(&self.catalogue, &self.holdings, |role| self.retired.contains_key(&role)) {
            if let RoleRef::Organization(role) = candidate.path.role {
                let gone = self.retired.get(&role).cloned().unwrap_or_default();
                ways.push(self.labelled(candidate, Idle::Retired(gone)));
            }
        }
        ways
    }

    /// The grants that would give this and do not.
    pub(super) fn idle_ways(&self, what: &What) -> Vec<Way> {
        match what {
            What::Permission(key) if key.contains('.') => {
                let Some(index) = self.catalogue.platform().index(key) else { return Vec::new() };
                self.idle_organization(Of::Permission(index), |_| true)
            }
            What::Permission(verb) => {
                let mut ways = self.idle_end_user(|role| self.role_gives(role, verb));
                ways.extend(self.at_other_stages(|role| self.role_gives(role, verb)));
                ways
            }
            What::Role(claim) => {
                let Place::Deployment(here) = self.place else { return Vec::new() };
                let listed = self.catalogue.listed_roles_of(here).find(|(name, _)| name == claim).map(|(_, role)| role.id);
                let role = self.catalogue.end_user_role_by_key(here, claim).map(|role| role.id).or(listed);
                let mut ways = self.idle_end_user(|other| Some(other) == role);
                let same = |role: EndUserRoleId| self.catalogue.end_user_role(role).is_some_and(|role| role.key.as_str() == claim);
                ways.extend(self.at_other_stages(same));
                ways
            }
            What::OrganizationRole(key) => {
                let role = self.catalogue.organization_role_by_key(key).map(|role| role.id);
                self.idle_organization(Of::Role, |other| Some(other) == role)
            }
        }
    }

    pub(super) fn retired_ways(&self, key: &str) -> Vec<Way> {
        let names = |role: OrganizationRoleId| self.retired.get(&role).is_some_and(|keys| keys.iter().any(|gone| gone.as_str() == key));
        let gone = PermissionKey::parse(key).ok();
        organization_paths(&self.catalogue, &self.holdings, names)
            .map(|candidate| self.labelled(candidate, Idle::Retired(gone.iter().cloned().collect())))
            .collect()
    }

    /// Whether an end-user role gives a verb in its own deployment.
    fn role_gives(&self, role: EndUserRoleId, verb: &str) -> bool {
        let roles = self.catalogue.deployments_compiled();
        let Some(role) = roles.role_by_id.get(&role).map(|index| &roles.roles[*index]) else { return false };
        let home = self.catalogue.compiled_deployment(role.deployment);
        home.verbs.binary_search_by(|own| own.as_str().cmp(verb)).is_ok_and(|index| role.closure[0].contains(index))
    }

    /// Grants of end-user roles that count here, if their time or their holder allowed it.
    fn idle_end_user(&self, wanted: impl Fn(EndUserRoleId) -> bool) -> Vec<Way> {
        let Place::Deployment(here) = self.place else { return Vec::new() };
        let listed: Vec<EndUserRoleId> = self.catalogue.listed_roles_of(here).map(|(_, role)| role.id).collect();
        let own = |role: EndUserRoleId| self.catalogue.end_user_role(role).is_some_and(|role| role.deployment == here);
        let counts = |role: EndUserRoleId| (own(role) || listed.contains(&role)) && wanted(role);
        end_user_paths(&self.catalogue, &self.holdings, counts)
            .filter_map(|candidate| self.idle(&candidate).map(|idle| self.labelled(candidate, idle)))
            .collect()
    }

    /// Grants of end-user roles of the same app at other stages.
    fn at_other_stages(&self, wanted: impl Fn(EndUserRoleId) -> bool) -> Vec<Way> {
        let Place::Deployment(here) = self.place else { return Vec::new() };
        let Some(here) = self.catalogue.deployment(here) else { return Vec::new() };
        let home = |role: EndUserRoleId| self.catalogue.end_user_role(role).and_then(|role| self.catalogue.deployment(role.deployment));
        let elsewhere = |role: EndUserRoleId| home(role).is_some_and(|home| home.app == here.app && home.stage != here.stage) && wanted(role);
        end_user_paths(&self.catalogue, &self.holdings, elsewhere)
            .filter(|candidate| self.idle(candidate).is_none())
            .filter_map(|candidate| {
                let RoleRef::EndUser(role) = candidate.path.role else { return None };
                let stage = home(role)?.stage;
                Some(self.labelled(candidate, Idle::OtherStages(vec![stage])))
            })
            .collect()
    }

    /// Grants of organization roles that would give something (or one thing), and do not give it here now.
    fn idle_organization(&self, of: Of, wanted: impl Fn(OrganizationRoleId) -> bool) -> Vec<Way> {
        let (app, spot) = self.spot();
        organization_paths(&self.catalogue, &self.holdings, wanted)
            .filter_map(|candidate| {
                let RoleRef::Organization(role) = candidate.path.role else { return None };
                let role = self.catalogue.compiled_role(role)?;
                let closure = if candidate.path.app.is_some() { &role.at_app } else { &role.at_organization };
                let gives = |spot: usize| match of {
                    Of::Anything | Of::Role => !closure[spot].is_clear(),
                    Of::Permission(permission) => closure[spot].contains(permission),
                };
                let here = candidate.path.app.is_none() || candidate.path.app == app;
                let idle = if let (Some(other), false) = (candidate.path.app, here) {
                    // What is granted at another app is no news, unless it is what was asked for.
                    let asked = !matches!(of, Of::Anything) && (0..closure.len()).any(gives);
                    asked.then_some(Idle::OtherApp(other))?
                } else if gives(spot) {
                    self.idle(&candidate)?
                } else {
                    let stages: Vec<StageId> = self.catalogue.stages().iter().enumerate().filter(|(spot, _)| gives(*spot)).map(|(_, stage)| stage.id).collect();
                    match (stages.is_empty(), of) {
                        (false, _) => Idle::by_period(candidate.grant, None, self.now).unwrap_or(Idle::OtherStages(stages)),
                        (true, Of::Permission(permission)) if candidate.path.app.is_some() => {
                            role.at_organization.iter().any(|held| held.contains(permission)).then_some(Idle::NotAtApps)?
                        }
                        (true, _) => return None,
                    }
                };
                Some(self.labelled(candidate, idle))
            })
            .collect()
    }

    /// The app of this place, and where platform permissions are looked up.
    fn spot(&self) -> (Option<AppId>, usize) {
        match self.place {
            Place::Organization => (None, self.catalogue.platform().graph.every()),
            Place::Deployment(id) => match self.catalogue.deployment_index(id).map(|index| self.catalogue.compiled_deployment(index)) {
                Some(here) => (Some(here.row.app), here.stage),
                None => (None, self.catalogue.platform().graph.every()),
            },
        }
    }
}
