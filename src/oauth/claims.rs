//! The claim contract: one place builds every claim that apps read. Keys, never names; sorted, free of duplicates, and present
//! even when empty.

mod budget;
mod request;

pub(super) use budget::NAMES;
pub use budget::{Size, bytes};
pub use request::{ClaimsRequest, Named, Wish};

use super::client::{CLAIMS_VERSION, Client, Kind};
use super::scope::Scope;
use crate::access::catalogue::Catalogue;
use crate::access::effective::{Effective, Holdings, Place, authority, effective};
use crate::access::load::{Known, Snapshot, Who};
use crate::access::preview::{Sample, Weighed, Weight};
use crate::base::authority::{Authority, Coverage, Stages};
use crate::base::budget::ClaimsBudget;
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, UserId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::identity::organization::Organization;
use crate::identity::user::{self, User};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Claims by name.
pub type Claims = Map<String, Value>;

/// Somebody's access at one resource at one moment: what claims speak of.
#[derive(Debug)]
pub struct Access {
    snapshot: Arc<Snapshot>,
    /// The app at its stage, or our own API: the organization.
    place: Place,
    effective: Effective,
    holdings: Arc<Holdings>,
    now: Timestamp,
}

impl Access {
    /// What a user may do at a place. The user's counter was read after the snapshot's and before this.
    pub async fn of_user(tx: &mut Tx, known: &Known, snapshot: &Arc<Snapshot>, user: &User, place: Place, now: Timestamp) -> Result<Self, Fault> {
        let holdings = known.holdings(tx, Who::User(user.id), user.access_version).await?;
        Ok(Self::new(snapshot, place, holdings, now))
    }

    /// What a client may do for itself.
    pub async fn of_client(tx: &mut Tx, known: &Known, snapshot: &Arc<Snapshot>, client: &Client, place: Place, now: Timestamp) -> Result<Self, Fault> {
        let holdings = known.holdings(tx, Who::Client(client.id), client.access_version).await?;
        Ok(Self::new(snapshot, place, holdings, now))
    }

    /// What these holdings allow: those that somebody has, or would have.
    pub fn new(snapshot: &Arc<Snapshot>, place: Place, holdings: Arc<Holdings>, now: Timestamp) -> Self {
        let effective = effective(&snapshot.catalogue, &holdings, place, now);
        Self { snapshot: snapshot.clone(), place, effective, holdings, now }
    }

    /// Whether the person may sign in there.
    pub fn may_sign_in(&self) -> bool {
        self.effective.may_sign_in()
    }

    /// Whether a permission counts there.
    pub fn has(&self, permission: &str) -> bool {
        self.effective.has(permission)
    }

    /// When the first of what a client is told ends: of each role and permission the latest end.
    pub fn expires_at(&self, client: &Client) -> Option<Timestamp> {
        let here = self.effective.expires_at();
        if client.kind == Kind::App {
            return here;
        }
        let authority = self.authority();
        let coverages = authority.all.iter().chain(authority.permissions.values().flatten());
        // Each way that is left gives something for longer than all others do. What `all` covers without end has none.
        let elsewhere = if authority.holds_all_for(None) { None } else { coverages.filter_map(|coverage| coverage.ends_at).min() };
        [here, elsewhere].into_iter().flatten().min()
    }

    /// Our claims as a token carries them: within the budget of the organization. `endpoint`: where the rest can be asked for.
    pub fn in_access_token(&self, client: &Client, scope: &Scope, endpoint: &str) -> Claims {
        self.fitted(self.for_access_token(client, scope), endpoint).0
    }

    /// The same for an ID token, and how large they are there.
    pub fn in_id_token(&self, wish: Wish<'_>, endpoint: &str) -> (Claims, Size) {
        self.fitted(self.for_person(wish), endpoint)
    }

    /// How large our claims are in an access token of this client with this scope.
    pub fn size(&self, client: &Client, scope: &Scope, endpoint: &str) -> Size {
        self.fitted(self.for_access_token(client, scope), endpoint).1
    }

    fn fitted(&self, mut claims: Claims, endpoint: &str) -> (Claims, Size) {
        let size = budget::fit(&mut claims, budget_of(&self.snapshot), endpoint);
        (claims, size)
    }

    /// Our claims for an access token, complete: all of them, `groups` by scope.
    pub fn for_access_token(&self, client: &Client, scope: &Scope) -> Claims {
        complete(self.snapshot.organization.as_ref(), &self.sample(), scope.has("groups"), client.kind, client.claims_version)
    }

    /// Our claims for an ID token or userinfo, complete: only what was asked for.
    pub fn for_person(&self, wish: Wish<'_>) -> Claims {
        let effective = &self.effective;
        let ours = [
            ("roles", json!(effective.role_keys())),
            ("org_roles", json!(effective.org_role_keys())),
            ("permissions", json!(effective.permission_keys().collect::<Vec<_>>())),
            ("groups", json!(effective.group_keys())),
        ];
        ours.into_iter().filter(|(name, _)| wish.wants(name)).map(|(name, value)| (name.to_owned(), value)).collect()
    }

    fn sample(&self) -> Sample<'_> {
        Sample { catalogue: &self.snapshot.catalogue, holdings: &self.holdings, effective: &self.effective, place: self.place, at: self.now }
    }

    fn authority(&self) -> Authority {
        authority(&self.snapshot.catalogue, &self.holdings, self.now)
    }
}

/// The claim `groups`.
fn groups_claim(keys: &[&str]) -> Value {
    json!(keys)
}

/// Our claims of an access token, complete; `groups`: with the groups there.
fn complete(organization: Option<&Organization>, sample: &Sample<'_>, groups: bool, kind: Kind, version: i64) -> Claims {
    let Sample { catalogue, holdings, effective, place, at } = *sample;
    let mut claims = Claims::new();
    claims.insert("roles".into(), json!(effective.role_keys()));
    claims.insert("org_roles".into(), json!(effective.org_role_keys()));
    claims.insert("permissions".into(), json!(effective.permission_keys().collect::<Vec<_>>()));
    if groups {
        claims.insert("groups".into(), groups_claim(&effective.group_keys()));
    }
    if let Some(organization) = organization {
        claims.insert("org_id".into(), json!(organization.id));
        claims.insert("org_name".into(), json!(organization.name));
    }
    let deployment = match place {
        Place::Organization => None,
        Place::Deployment(id) => catalogue.deployment(id),
    };
    if let Some((app, stage)) = deployment.and_then(|row| Some((catalogue.app(row.app)?, catalogue.stage(row.stage)?))) {
        claims.insert("app".into(), json!(app.key));
        claims.insert("stage".into(), json!(stage.key));
    }
    if kind != Kind::App {
        claims.insert("scoped_permissions".into(), scoped(catalogue, &authority(catalogue, holdings, at)));
    }
    claims.insert("ver".into(), json!(version));
    claims
}

/// Our claims for a client that asks for everything: the face of an app at its stage, a tool for many apps at the organization.
fn at_most(organization: Option<&Organization>, sample: &Sample<'_>) -> Claims {
    let kind = if sample.place == Place::Organization { Kind::Platform } else { Kind::App };
    complete(organization, sample, true, kind, CLAIMS_VERSION)
}

fn budget_of(snapshot: &Snapshot) -> ClaimsBudget {
    snapshot.organization.as_ref().map(|organization| organization.settings.claims_budget).unwrap_or_default()
}

/// How many bytes of a token this takes, and whether a token of a client that asks for everything has no room for it. Past the budget lists
/// give way (`budget::fit`), and only past it: so one sum answers both. What it was computed from may be a configuration that is not there
/// yet; the name and the budget of the organization are those of the snapshot.
pub fn weigh(snapshot: &Snapshot, weighed: Weighed<'_>) -> Weight {
    match weighed {
        Weighed::Access(sample) => {
            let bytes = bytes(&at_most(snapshot.organization.as_ref(), &sample));
            Weight { bytes, over: sample.effective.may_sign_in() && bytes > budget_of(snapshot).bytes() }
        }
        Weighed::Groups(keys) => {
            let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
            let mut claims = Claims::new();
            claims.insert("groups".into(), groups_claim(&keys));
            Weight { bytes: bytes(&claims), over: false }
        }
    }
}

/// What a client that asks for everything is told of these holdings at a place, complete, if they open it.
fn everything_at(snapshot: &Snapshot, holdings: &Holdings, place: Place, at: Timestamp) -> Option<Claims> {
    let catalogue = &snapshot.catalogue;
    let effective = effective(catalogue, holdings, place, at);
    effective.may_sign_in().then(|| at_most(snapshot.organization.as_ref(), &Sample { catalogue, holdings, effective: &effective, place, at }))
}

/// Where these holdings are more than fits into one token of a client that asks for everything. `tools`: whether there is a tool for many
/// apps; without one nobody is given a token that speaks of the organization. `endpoint`: where the rest can be asked for.
pub fn overflowing(snapshot: &Snapshot, holdings: &Holdings, tools: bool, now: Timestamp, endpoint: &str) -> Vec<(Place, Size)> {
    let here = |place: Place| {
        let size = budget::fit(&mut everything_at(snapshot, holdings, place, now)?, budget_of(snapshot), endpoint);
        size.is_over().then_some((place, size))
    };
    let apps = snapshot.deployments.keys().copied().map(Place::Deployment);
    apps.chain(tools.then_some(Place::Organization)).filter_map(here).collect()
}

/// Whether a token of an app that asks for everything has no room for all that these holdings give there.
pub fn has_no_room(snapshot: &Snapshot, holdings: &Holdings, id: DeploymentId, now: Timestamp) -> bool {
    everything_at(snapshot, holdings, Place::Deployment(id), now).is_some_and(|claims| bytes(&claims) > budget_of(snapshot).bytes())
}

/// What an app that asks for everything would be told of somebody with these holdings, wherever they could sign in.
pub fn told(snapshot: &Snapshot, holdings: &Holdings, now: Timestamp, endpoint: &str) -> Vec<(DeploymentId, Claims)> {
    let here = |id: DeploymentId| {
        let mut claims = everything_at(snapshot, holdings, Place::Deployment(id), now)?;
        budget::fit(&mut claims, budget_of(snapshot), endpoint);
        Some((id, claims))
    };
    snapshot.deployments.keys().copied().filter_map(here).collect()
}

#[derive(Default)]
struct Places {
    everywhere: BTreeSet<String>,
    stages: BTreeMap<String, BTreeSet<String>>,
}

impl Places {
    fn add(&mut self, catalogue: &Catalogue, permission: &str, stages: &Stages) {
        match stages {
            Stages::Every => {
                self.everywhere.insert(permission.to_owned());
            }
            Stages::Only(ids) => {
                for stage in catalogue.stages().iter().filter(|stage| ids.contains(&stage.id)) {
                    self.stages.entry(stage.key.to_string()).or_default().insert(permission.to_owned());
                }
            }
        }
    }
}

/// What a tool for many apps is told: platform permissions by where they count.
fn scoped(catalogue: &Catalogue, authority: &Authority) -> Value {
    let mut wide = Places::default();
    let mut apps: BTreeMap<String, Places> = BTreeMap::new();
    let all = catalogue.platform_permissions().iter().flat_map(|permission| authority.all.iter().map(|coverage| (&permission.key, coverage)));
    let named = authority.permissions.iter().flat_map(|(key, coverages)| coverages.iter().map(move |coverage| (key, coverage)));
    for (key, Coverage { app, stages, .. }) in all.chain(named) {
        match app {
            None => wide.add(catalogue, key.as_str(), stages),
            Some(app) => {
                if let Some(app) = catalogue.app(*app) {
                    apps.entry(app.key.to_string()).or_default().add(catalogue, key.as_str(), stages);
                }
            }
        }
    }
    let apps: BTreeMap<_, _> = apps.into_iter().map(|(key, places)| (key, json!({ "everywhere": places.everywhere, "stages": places.stages }))).collect();
    json!({ "everywhere": wide.everywhere, "stages": wide.stages, "apps": apps })
}

/// The standard claims of a person that were asked for (OpenID Connect Core section 5.1). Never empty texts, never null.
pub fn standard(user: &User, wish: Wish<'_>) -> Claims {
    let p = &user.profile;
    let standard = [
        ("name", p.name.as_ref().map(|text| json!(text))),
        ("given_name", p.given_name.as_ref().map(|text| json!(text))),
        ("family_name", p.family_name.as_ref().map(|text| json!(text))),
        ("middle_name", p.middle_name.as_ref().map(|text| json!(text))),
        ("nickname", p.nickname.as_ref().map(|text| json!(text))),
        ("preferred_username", p.preferred_username.as_ref().map(|text| json!(text))),
        ("gender", p.gender.as_ref().map(|text| json!(text))),
        ("birthdate", p.birthdate.as_ref().map(|text| json!(text))),
        ("zoneinfo", p.zoneinfo.as_ref().map(|text| json!(text))),
        ("profile", p.profile.as_ref().map(|link| json!(link))),
        ("website", p.website.as_ref().map(|link| json!(link))),
        ("picture", p.picture.as_ref().map(|link| json!(link))),
        ("locale", p.locale.as_ref().map(|locale| json!(locale))),
        ("updated_at", Some(json!(user.updated_at.seconds()))),
        ("email", Some(json!(user.email))),
        ("email_verified", Some(json!(user.email_verified_at.is_some()))),
        ("address", p.address.as_ref().map(|address| json!({ "formatted": address }))),
        ("phone_number", p.phone_number.as_ref().map(|number| json!(number))),
        // Nobody proves a number to us.
        ("phone_number_verified", p.phone_number.as_ref().map(|_| json!(false))),
    ];
    standard.into_iter().filter(|(name, _)| wish.wants(name)).filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

/// The user with their access somewhere, if they count; `None`: nobody who does.
pub async fn person(tx: &mut Tx, known: &Known, snapshot: &Arc<Snapshot>, user: UserId, place: Place, now: Timestamp) -> Result<Option<(User, Access)>, Fault> {
    let Some(user) = user::by_id(tx, user).await?.filter(User::counts) else { return Ok(None) };
    let access = Access::of_user(tx, known, snapshot, &user, place, now).await?;
    Ok(Some((user, access)))
}
