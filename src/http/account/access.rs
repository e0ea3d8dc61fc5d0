//! `/account/access`: everything that the person holds, and by which way.

mod place;

use super::Account;
use super::shell::{Section, Shell};
use crate::access::effective::{Effective, Holdings, OrganizationGrantRow, Place, authority, effective};
use crate::access::load::Who;
use crate::access::people::{self, Held, OrganizationHeld, Terms};
use crate::base::authority::Stages;
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, GroupId, OrganizationGrantId};
use crate::base::text::fold;
use crate::base::time::{Period, Timestamp};
use crate::http::listing::{Listing, Pager};
use crate::http::permission_words;
use crate::http::visit::Visit;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "account/access.html")]
pub struct AccessPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// Organization roles.
    pub organization: Vec<OrganizationRow>,
    /// Apps at stages.
    pub places: Vec<PlaceCard>,
    /// Whether there are so many that a search helps.
    pub many: bool,
    /// The other pages.
    pub pager: Pager,
}

/// An organization role, and what it gives.
pub struct OrganizationRow {
    /// Its name.
    pub role: String,
    /// Where it counts.
    pub place: String,
    /// Who gave it, when, why, until when.
    pub terms: GivenBy,
    /// Whether it gives everything, also what comes later.
    pub everything: bool,
    /// The permissions that it gives, each with the stages at which, if not at all.
    pub gives: Vec<(String, Option<String>)>,
}

impl OrganizationRow {
    /// How many permissions it gives.
    pub fn count(&self) -> u64 {
        self.gives.len() as u64
    }
}

/// The terms of something that is held, in words.
pub struct GivenBy {
    /// Who, and when.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// Until when, or from when; and whether an end is near.
    pub ends: Option<(String, bool)>,
}

impl GivenBy {
    fn of(words: Words, terms: &Terms, period: Period, now: Timestamp) -> Self {
        let ends = match (period.starts_at.filter(|start| *start > now), period.ends_at) {
            (Some(start), _) => Some((words.with("starts-on", &[("date", words.day(start))]), false)),
            (None, Some(end)) => Some((words.ends(end, now), end.since(now).as_secs() < 14 * 86_400)),
            (None, None) => None,
        };
        let by = words.with("granted-by", &[("who", terms.granted_by_label.clone()), ("date", words.day(terms.granted_at))]);
        Self { by, reason: terms.reason.clone(), ends }
    }
}

/// What is held at one app and stage.
pub struct PlaceCard {
    /// For the ids of its parts: its place on the page.
    pub at: usize,
    /// The app.
    pub app: String,
    /// The stage.
    pub stage: String,
    /// Whether the person may sign in.
    pub may_sign_in: bool,
    /// Where the person sees what the app is told.
    pub try_it: Option<String>,
    /// Roles, with every way to each.
    pub roles: Vec<Thing>,
    /// Groups of the stage.
    pub groups: Vec<Thing>,
    /// Permissions, with every way to each.
    pub permissions: Vec<Thing>,
}

impl PlaceCard {
    /// How many permissions there are.
    pub fn count(&self) -> u64 {
        self.permissions.len() as u64
    }
}

/// A role, group or permission.
pub struct Thing {
    /// What people call it.
    pub name: String,
    /// What the app is told, where that is another text.
    pub key: Option<String>,
    /// Every way in which it is held.
    pub ways: Vec<Way>,
}

/// One way.
pub struct Way {
    /// From what was given to what it brings: group, role, permission, implied permission.
    pub steps: Vec<String>,
    /// The terms of what was given to this person, where they are known.
    pub terms: Option<GivenBy>,
}

/// `GET /account/access`.
pub async fn show(visit: Visit) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    match page(&account).await {
        Ok(page) => Account::page(StatusCode::OK, &page),
        Err(fault) => account.fault(&fault).await,
    }
}

/// So few are seen at a glance: nobody needs to search in them.
const AT_A_GLANCE: usize = 12;

async fn page(account: &Account) -> Result<AccessPage, Fault> {
    let person = &account.person;
    let snapshot = &person.snapshot;
    let mut tx = account.visit.server.ground.db.read().await?;
    let holdings = account.visit.server.provider.known.holdings(&mut tx, Who::User(person.user.id), person.user.access_version).await?;
    let held = people::held(&mut tx, &[person.user.id]).await?;
    let mut found: Vec<(DeploymentId, Effective)> = snapshot
        .deployments
        .keys()
        .map(|id| (*id, effective(&snapshot.catalogue, &holdings, Place::Deployment(*id), person.now)))
        .filter(|(_, access)| shows(access))
        .collect();
    found.sort_by_cached_key(|(id, _)| snapshot.placed(*id).map(|(_, app, stage)| (-stage.position, app.name.to_string(), app.id)));
    let list = Listing::of(&account.visit);
    let (many, search) = (found.len() > AT_A_GLANCE, list.search());
    let matches = |id: DeploymentId| snapshot.placed(id).is_some_and(|(_, app, stage)| fold(&format!("{} {}", app.name, stage.name)).contains(&search));
    found.retain(|(id, _)| search.is_empty() || matches(*id));
    let (found, pager) = list.cut(found);
    let mut places = Vec::with_capacity(found.len());
    for (at, (id, access)) in found.iter().enumerate() {
        let Some((_, app, stage)) = snapshot.placed(*id) else { continue };
        let try_it = if access.may_sign_in() { place::try_it(&mut tx, app, stage).await? } else { None };
        places.push(place::card(account, &held, access, (app, stage), at, try_it));
    }
    drop(tx);
    let organization = held.organization.iter().map(|grant| organization_row(account, grant)).collect();
    Ok(AccessPage { organization, places, many, list, pager, shell: account.shell(Section::Access).await })
}

/// Whether there is anything to show at a place.
fn shows(access: &Effective) -> bool {
    !access.role_keys().is_empty() || !access.org_role_keys().is_empty() || access.may_sign_in() && !access.groups().is_empty()
}

fn organization_row(account: &Account, grant: &OrganizationHeld) -> OrganizationRow {
    let (words, person) = (account.words, &account.person);
    let catalogue = &person.snapshot.catalogue;
    // What it gives while it is in force, whether it is now or not.
    let row = OrganizationGrantRow { id: OrganizationGrantId::fresh(), role: grant.role_id, app: grant.app_id, period: Period::ALWAYS };
    let given = authority(catalogue, &Holdings { counts: true, organization_grants: vec![row], ..Holdings::default() }, person.now);
    let stages = |stages: &Stages| match stages {
        Stages::Every => None,
        Stages::Only(ids) => {
            let names = person.snapshot.stages.iter().filter(|stage| ids.contains(&stage.id)).map(|stage| stage.name.to_string());
            Some(names.collect::<Vec<_>>().join(", "))
        }
    };
    let gives = given.permissions.iter().flat_map(|(key, ways)| {
        let name = permission_words::name_of(words, catalogue, key.as_str()).unwrap_or_else(|| key.to_string());
        ways.iter().map(move |way| (name.clone(), stages(&way.stages)))
    });
    OrganizationRow {
        role: grant.role_name.to_string(),
        place: grant.app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string),
        terms: GivenBy::of(words, &grant.terms, grant.terms.period(), person.now),
        everything: !given.all.is_empty(),
        gives: gives.collect(),
    }
}

/// A group among what is held.
fn membership(held: &Held, group: GroupId) -> Option<&people::GroupHeld> {
    held.groups.iter().find(|has| has.group_id == group)
}
