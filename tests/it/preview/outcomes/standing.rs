//! What people have as the rows stand, found without the modules that are tested: access, tokens, and live sessions.

use super::changes::{PEOPLE, ROBOTS};
use crate::support::house::House;
use gatehouse::access::effective::{Effective, Holdings, Place, effective};
use gatehouse::access::load::{self, Known, Snapshot, Who};
use gatehouse::access::preview::What;
use gatehouse::base::id::{AppId, DeploymentId, StageId, UserId};
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::{Period, Timestamp};
use gatehouse::db::{Tx, all, one};
use gatehouse::identity::user;
use gatehouse::oauth::claims::Access;
use gatehouse::oauth::client::{self, Client};
use gatehouse::oauth::scope::Scope;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

/// A place by what stays the same, however often a change is rehearsed that makes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    Organization,
    Stage(StageId),
    App(AppId, StageId),
}

/// Whose access is compared, and the clients whose tokens are: they stay in hand when an app goes.
pub struct Cast {
    pub who: Vec<Who>,
    face: Client,
    tool: Client,
    scope: Scope,
    endpoint: String,
}

impl Cast {
    /// Everybody in the house; `face` and `tool` are an app's client and one for many apps.
    pub async fn of(house: &House, face: &str, tool: &str) -> Self {
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let mut who = Vec::new();
        for email in PEOPLE {
            let user = user::by_email(&mut tx, &EmailAddress::parse(email).expect("an address")).await.expect("rows").expect("there");
            who.push(Who::User(user.id));
        }
        for robot in ROBOTS {
            who.push(Who::Client(client_called(&mut tx, robot).await.id));
        }
        let (face, tool) = (client_called(&mut tx, face).await, client_called(&mut tx, tool).await);
        Self { who, face, tool, scope: Scope::parse("groups").expect("a scope"), endpoint: house.server.provider.claims_endpoint() }
    }
}

async fn client_called(tx: &mut Tx, id: &str) -> Client {
    client::by_client_id(tx, id).await.expect("rows").expect("the client")
}

/// A live session, once for each app that it was used for.
pub struct Alive {
    pub user: UserId,
    pub sid: String,
    /// `None`: an app's, used for none yet.
    pub used_at: Option<At>,
}

/// What access is computed from, as it stands.
pub struct Standing {
    pub snapshot: Arc<Snapshot>,
    pub people: HashMap<Who, Arc<Holdings>>,
    pub traces: (i64, i64, i64),
    pub alive: Vec<Alive>,
}

/// A token as it would be issued.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The bytes of our claims, complete.
    pub bytes: i64,
    /// Whether something gives way.
    pub over: bool,
    /// Whether there is one at all.
    pub given: bool,
}

fn texts<'t>(all: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    all.into_iter().map(str::to_owned).collect()
}

impl Standing {
    pub async fn read(house: &House, cast: &Cast) -> Self {
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let snapshot = Known::default().snapshot(&mut tx).await.expect("rows");
        let mut people = HashMap::new();
        for who in &cast.who {
            let holdings = match who {
                Who::User(id) => load::user(&mut tx, *id).await.expect("rows"),
                Who::Client(id) => load::client(&mut tx, *id).await.expect("rows"),
            };
            people.insert(*who, Arc::new(holdings));
        }
        let traces = one!(
            tx,
            (i64, i64, i64),
            "SELECT (SELECT COUNT(*) FROM audit_events), (SELECT counter FROM configuration WHERE id = 1), (SELECT CAST(SUM(access_version) AS BIGINT) FROM users)"
        );
        let alive = alive(&mut tx, &snapshot).await;
        Self { snapshot, people, traces: traces.expect("a row"), alive }
    }

    /// Every place that there is.
    pub fn places(&self) -> impl Iterator<Item = At> {
        let catalogue = &self.snapshot.catalogue;
        let stages = catalogue.stages().iter().map(|row| At::Stage(row.id));
        stages.chain(catalogue.deployments().map(|row| At::App(row.app, row.stage))).chain([At::Organization])
    }

    /// A place as access asks for it. What is not there gives nothing.
    fn place(&self, at: At) -> Place {
        match at {
            At::App(app, stage) => Place::Deployment(self.snapshot.catalogue.deployment_at(app, stage).map_or_else(DeploymentId::fresh, |row| row.id)),
            At::Organization | At::Stage(_) => Place::Organization,
        }
    }

    /// What somebody has there at that moment. At a door that opens or closes it is a sentence who may sign in.
    pub fn what(&self, who: Who, at: At, when: Timestamp, is_door: bool) -> What {
        let holdings = &self.people[&who];
        if let At::Stage(stage) = at {
            let here = holdings.memberships.iter().filter(|membership| holdings.counts && membership.stage == stage && membership.period.contains(when));
            return What { groups: here.map(|membership| membership.group_key.to_string()).collect(), ..What::default() };
        }
        let has: Effective = effective(&self.snapshot.catalogue, holdings, self.place(at), when);
        // Only people come in where an app is open to everybody: of a client it is told once, at the organization, that it gets tokens.
        let comes_in = !matches!((who, at), (Who::Client(_), At::App(..)));
        What {
            sign_in: has.may_sign_in() && !is_door && comes_in,
            roles: texts(has.role_keys()),
            org_roles: texts(has.org_role_keys()),
            verbs: texts(has.verbs()),
            permissions: texts(has.platform_keys()),
            groups: BTreeSet::new(),
        }
    }

    /// The token of a client that asks for everything, by the functions that issue: what it says of somebody there at that moment. At a stage:
    /// the part of it that names groups.
    pub fn token(&self, cast: &Cast, who: Who, at: At, when: Timestamp) -> Token {
        if let At::Stage(_) = at {
            let claim = serde_json::json!({ "groups": self.what(who, at, when, false).groups });
            return Token { bytes: length(&claim.to_string()), over: false, given: false };
        }
        let access = Access::new(&self.snapshot, self.place(at), self.people[&who].clone(), when);
        let client = if at == At::Organization { &cast.tool } else { &cast.face };
        let size = access.size(client, &cast.scope, &cast.endpoint);
        let given = access.may_sign_in();
        Token { bytes: i64::try_from(size.complete).expect("small"), over: size.is_over() && given, given }
    }

    /// Every instant after `now` at which something of what somebody holds begins or ends.
    pub fn instants(&self, who: Who, now: Timestamp) -> BTreeSet<Timestamp> {
        let holdings = &self.people[&who];
        let periods: Vec<Period> = holdings
            .organization_grants
            .iter()
            .map(|row| row.period)
            .chain(holdings.end_user_grants.iter().map(|row| row.period))
            .chain(holdings.memberships.iter().map(|row| row.period))
            .collect();
        periods.into_iter().flat_map(|period| [period.starts_at, period.ends_at]).flatten().filter(|at| *at > now).collect()
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).expect("short")
}

async fn alive(tx: &mut Tx, snapshot: &Snapshot) -> Vec<Alive> {
    let rows = all!(
        tx,
        (UserId, String, Option<StageId>, Option<DeploymentId>),
        "SELECT DISTINCT s.user_id, s.id, s.stage_id, c.deployment_id FROM sessions s
         LEFT JOIN session_clients u ON u.session_id = s.id LEFT JOIN clients c ON c.id = u.client_id WHERE s.ended_at IS NULL"
    );
    let used_at = |stage: Option<StageId>, deployment: Option<DeploymentId>| match (stage, deployment) {
        (None, _) => Some(At::Organization),
        (Some(_), deployment) => snapshot.catalogue.deployment(deployment?).map(|row| At::App(row.app, row.stage)),
    };
    rows.expect("rows").into_iter().map(|(user, sid, stage, deployment)| Alive { user, sid, used_at: used_at(stage, deployment) }).collect()
}

/// Holdings without what is fresh each time: the ids of grants and memberships.
pub fn plain(holdings: &Holdings) -> (bool, BTreeSet<String>) {
    let organization = holdings.organization_grants.iter().map(|row| format!("{:?} {:?} {:?}", row.role, row.app, row.period));
    let end_user = holdings.end_user_grants.iter().map(|row| format!("{:?} {:?} {:?}", row.role, row.group, row.period));
    let memberships = holdings.memberships.iter().map(|row| format!("{:?} {:?} {:?}", row.group, row.stage, row.period));
    (holdings.counts, organization.chain(end_user).chain(memberships).collect())
}
