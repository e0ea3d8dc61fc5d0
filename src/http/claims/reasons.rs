//! Where roles, permissions and groups come from, by name: the grant with who gave it and until when, the group, the role, and what
//! brings what. Whoever asks answers for it that the reader may see it.

use crate::access::effective::{Effective, GrantRef, Path, Place as Where, RoleRef, effective};
use crate::access::load::Who;
use crate::access::people::{self, Held, Terms};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, GroupId, UserId};
use crate::base::time::{Period, Timestamp};
use crate::http::visit::Visit;
use crate::identity::user::{self, User};
use crate::words::Words;

/// Ways that are shown of one thing; somebody in very many groups may have more.
const MOST: usize = 6;

/// Things in one claim that come the same ways.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What: keys, as they stand in the claim.
    pub what: Vec<String>,
    /// How each of them is held.
    pub ways: Vec<Way>,
    /// That there are more ways, if so.
    pub more: Option<String>,
}

/// One way in which something is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// From the group or the role to what brings the thing itself.
    pub steps: Vec<Step>,
    /// Who gave it, and when.
    pub given: Vec<String>,
    /// Until when, and whether that is near.
    pub ends: Option<(String, bool)>,
}

/// One step on a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A group or a role, by name, with the word for which of them.
    Named(String, String),
    /// A permission that brings others, by key.
    Permission(String),
}

/// What the reasons are read from.
pub struct Reasons {
    /// The person.
    pub user: User,
    effective: Effective,
    held: Held,
    words: Words,
    now: Timestamp,
    here: Where,
}

impl Reasons {
    /// Reads what the person holds; `None`: there is no such person.
    pub async fn read(visit: &Visit, here: Where, id: UserId, words: Words) -> Result<Option<Self>, Fault> {
        let server = &visit.server;
        let now = server.ground.clock.now();
        let mut tx = server.ground.db.read().await?;
        let snapshot = server.provider.known.snapshot(&mut tx).await?;
        let Some(user) = user::by_id(&mut tx, id).await? else { return Ok(None) };
        let holdings = server.provider.known.holdings(&mut tx, Who::User(id), user.access_version).await?;
        let held = people::held(&mut tx, &[id]).await?;
        let effective = effective(&snapshot.catalogue, &holdings, here, now);
        Ok(Some(Self { user, effective, held, words, now, here }))
    }

    /// The deployments at which a group or a role that stands in a claim was given: who may see one of them may see it.
    pub fn homes(&self, claim: &str, key: &str) -> Vec<DeploymentId> {
        let ids: Vec<uuid::Uuid> = match claim {
            "groups" => self.effective.groups().iter().filter(|row| row.group_key.as_str() == key).map(|row| row.group.uuid()).collect(),
            _ => Vec::new(),
        };
        let of_groups = self.held.of_groups.iter().filter(|grant| ids.contains(&grant.holder_id)).map(|grant| grant.deployment_id);
        let paths = if claim == "roles" { self.effective.paths_of_role(key) } else { Vec::new() };
        let roles: Vec<RoleRef> = paths.into_iter().map(|path| path.role).collect();
        let own = self.held.end_user.iter().chain(&self.held.of_groups).filter(|grant| roles.contains(&RoleRef::EndUser(grant.role_id)));
        of_groups.chain(own.map(|grant| grant.deployment_id)).collect()
    }

    /// Why each of these stands in a claim; things that come the same ways stand together.
    pub fn of(&self, claim: &str, keys: &[String]) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = Vec::new();
        for key in keys {
            let mut ways: Vec<Way> = match claim {
                "groups" => self.memberships(key),
                "roles" => self.effective.paths_of_role(key).iter().map(|path| self.way(path)).collect(),
                "org_roles" => self.effective.paths_of_org_role(key).iter().map(|path| self.way(path)).collect(),
                _ => self.effective.paths_of(key).iter().map(|path| self.way(path)).collect(),
            };
            ways.dedup();
            let more = u64::try_from(ways.len().saturating_sub(MOST)).ok().filter(|more| *more > 0);
            let more = more.map(|more| self.words.counted("demo-ways-more", "count", more));
            ways.truncate(MOST);
            match reasons.iter_mut().find(|reason| reason.ways == ways && reason.more == more) {
                Some(reason) => reason.what.push(key.clone()),
                None => reasons.push(Reason { what: vec![key.clone()], ways, more }),
            }
        }
        reasons
    }

    fn by(&self, terms: &Terms) -> String {
        self.words.with("granted-by", &[("who", terms.granted_by_label.clone()), ("date", self.words.day(terms.granted_at))])
    }

    fn ends(&self, period: Period) -> Option<(String, bool)> {
        let end = period.ends_at?;
        Some((self.words.ends(end, self.now), end.since(self.now).as_secs() < 14 * 86_400))
    }

    fn memberships(&self, key: &str) -> Vec<Way> {
        let here = self.effective.groups().iter().filter(|membership| membership.group_key.as_str() == key);
        let way = |membership: &crate::access::effective::MembershipRow| Way {
            steps: self.group(membership.group).into_iter().collect(),
            given: self.joined(membership.group, membership.period).into_iter().collect(),
            ends: self.ends(membership.period),
        };
        here.map(way).collect()
    }

    fn group(&self, id: GroupId) -> Option<Step> {
        let group = self.held.groups.iter().find(|group| group.group_id == id)?;
        Some(Step::Named(self.words.say("demo-group"), group.group_name.to_string()))
    }

    /// Who made the person a member.
    fn joined(&self, id: GroupId, period: Period) -> Option<String> {
        let of = |exact: bool| self.held.groups.iter().find(|group| group.group_id == id && (!exact || group.terms.period() == period));
        let terms = &of(true).or_else(|| of(false))?.terms;
        Some(self.words.with("demo-member", &[("by", self.by(terms))]))
    }

    fn way(&self, path: &Path) -> Way {
        let (mut steps, mut given) = (Vec::new(), Vec::new());
        if let Some(membership) = &path.membership {
            steps.extend(self.group(membership.group));
            given.extend(self.joined(membership.group, membership.period));
        }
        match (path.role, path.grant) {
            (RoleRef::Organization(role), GrantRef::Organization(_)) => {
                let held = self.held.organization.iter().find(|grant| grant.role_id == role && grant.app_id == path.app);
                let name = held.map_or(path.role_key.clone(), |grant| grant.role_name.to_string());
                let word = match held.and_then(|grant| grant.app_name.as_ref()) {
                    Some(app) => self.words.with("demo-organization-role-for", &[("app", app.as_str())]),
                    None => self.words.say("demo-organization-role"),
                };
                steps.push(Step::Named(word, name));
                given.extend(held.map(|grant| self.terms(&grant.terms)));
            }
            (RoleRef::EndUser(role), _) => {
                let holder = path.membership.as_ref().map(|membership| membership.group.uuid());
                let rows = if holder.is_some() { &self.held.of_groups } else { &self.held.end_user };
                let held = rows.iter().find(|grant| grant.role_id == role && holder.is_none_or(|holder| grant.holder_id == holder));
                let name = held.map_or(path.role_key.clone(), |grant| grant.role_name.to_string());
                let word = match held.filter(|grant| Where::Deployment(grant.deployment_id) != self.here) {
                    Some(grant) => self.words.with("demo-role-of", &[("app", grant.app_name.as_str())]),
                    None => self.words.say("demo-role"),
                };
                steps.push(Step::Named(word, name));
                let by = held.map(|grant| self.terms(&grant.terms));
                given.extend(by.map(|by| if holder.is_some() { self.words.with("demo-group-got", &[("by", by)]) } else { by }));
            }
            (RoleRef::Organization(_), GrantRef::EndUser(_)) => {}
        }
        let brings = path.chain.len().saturating_sub(1);
        steps.extend(path.chain.iter().take(brings).map(|step| Step::Permission(step.permission.clone())));
        Way { steps, given, ends: self.ends(path.period) }
    }

    fn terms(&self, terms: &Terms) -> String {
        match &terms.reason {
            Some(reason) => self.words.with("demo-given-because", &[("by", self.by(terms)), ("reason", reason.clone())]),
            None => self.by(terms),
        }
    }
}
