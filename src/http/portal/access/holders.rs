//! The reverse view, as a page and as an export: people who hold something, with every way, read in batches.

mod export;

use super::way::{Telling, WayLine};
use super::{place_value, sees_organization, why_app_role, why_organization_role};
use crate::access::effective::{Effective, Holdings, Place, RoleRef, effective};
use crate::access::explain::{self, Labels, Way};
use crate::access::load::{self, Snapshot};
use crate::access::people::holders::{self, ClientRow, GroupRow, Holding};
use crate::access::people::{self, Cursor, Filter, PersonRow, Sight};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, DeploymentId, EndUserRoleId, UserId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Head;
use crate::http::portal::shell::{Shell, initials};
use crate::http::portal::users::{Choices, StatusBadge};
use crate::identity::user::Status;
use crate::words::Words;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

/// More are not counted: nobody needs the number, and counting takes time.
const MOST: i64 = 10_000;
/// More API clients and groups than these are not listed: the page says how many there are, and the export has them all.
const BESIDE: usize = 200;

/// People who hold something.
#[derive(Template)]
#[template(path = "portal/access/holders.html")]
pub struct HoldersPage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// What the reader should know of this list.
    pub notes: Vec<String>,
    /// The list as its address describes it.
    pub list: Listing,
    /// What the form keeps of the address.
    pub hidden: Vec<(&'static str, String)>,
    /// The permission that is looked at, with names that may be; `None`: the page is about something else.
    pub key: Option<(String, Vec<String>)>,
    /// What is wrong with it.
    pub key_error: Option<String>,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// Where the list is whole.
    pub clear: String,
    /// Whether it is narrowed.
    pub narrowed: bool,
    /// How many there are; `None`: there is no list yet.
    pub total: Option<String>,
    /// The rows of this page.
    pub rows: Vec<PersonLine>,
    /// Whether rows tell permissions.
    pub permissions: bool,
    /// The other pages.
    pub pager: Pager,
    /// Groups that hold the role.
    pub groups: Beside<GroupLine>,
    /// API clients.
    pub clients: Beside<ClientLine>,
    /// Other apps where the role counts.
    pub listed: Vec<String>,
    /// What an empty list says: that it is, and what to do.
    pub empty: (String, String),
}

/// What stands beside the people: the first of it.
pub struct Beside<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// That there are more; `None`: these are all.
    pub more: Option<String>,
}

impl<T> Default for Beside<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), more: None }
    }
}

impl<T> Beside<T> {
    /// These rows, of so many.
    fn of(words: Words, rows: Vec<T>, count: u64) -> Self {
        let more = count.saturating_sub(rows.len() as u64);
        Self { rows, more: (more > 0).then(|| words.counted("who-more", "count", more)) }
    }
}

/// One person.
pub struct PersonLine {
    /// What they may do, and why.
    pub link: String,
    /// Two letters.
    pub initials: String,
    /// Name, or address of somebody without one.
    pub label: String,
    /// Address.
    pub email: String,
    /// Where they stand, if nothing of theirs counts.
    pub status: Option<StatusBadge>,
    /// How they hold it.
    pub ways: Vec<WayLine>,
    /// Whether no role that is shown lets them in, but that everybody may sign in.
    pub open: bool,
    /// Why they hold the role; `None`: `link` tells it.
    pub why: Option<String>,
    /// What they may do here.
    pub permissions: Vec<String>,
    /// The last sign-in, as people say it.
    pub last_sign_in: String,
}

impl PersonLine {
    /// How many permissions there are.
    pub fn count(&self) -> u64 {
        self.permissions.len() as u64
    }
}

/// A group that holds a role.
pub struct GroupLine {
    /// Its page; `None`: not for this reader.
    pub link: Option<String>,
    /// Its name.
    pub name: String,
    /// How many members.
    pub members: String,
    /// Until when, and whether that is near.
    pub ends: Option<(String, bool)>,
}

/// An API client.
pub struct ClientLine {
    /// What it may do, and why.
    pub link: String,
    /// Its name.
    pub name: String,
    /// Its public name.
    pub id: String,
    /// How it holds it.
    pub ways: Vec<WayLine>,
    /// Why it holds the role; `None`: `link` tells it.
    pub why: Option<String>,
    /// Whether it is suspended.
    pub suspended: bool,
}

/// What a list shows of each person.
#[derive(Clone, Debug)]
pub(super) enum Show {
    /// Grants of these roles, whether they count or not.
    Grants(Vec<RoleRef>),
    /// Every role that counts at an app at a stage, and what it gives there.
    Here(DeploymentId),
    /// The ways to a permission at a place.
    Permission(Place, String),
}

/// A reverse view: who is asked for, what is shown, to whom.
#[derive(Clone)]
pub(super) struct View {
    pub holding: Holding,
    /// Whether everybody whose access counts is listed, as far as the reader may see them, and not only those who hold something.
    pub everybody: bool,
    pub show: Show,
    pub sight: Sight,
    pub words: Words,
    pub snapshot: Arc<Snapshot>,
    pub now: Timestamp,
    /// Whether the reader may open the pages of groups.
    pub groups: bool,
}

/// What is told of one holder.
struct Told {
    /// The ways, each with what its role gives here, where the list says that.
    ways: Vec<(Way, Vec<String>)>,
    /// Everything they may do here.
    permissions: Vec<String>,
    /// Whether no role that is shown lets them in, but that everybody may sign in.
    open: bool,
}

impl Told {
    fn lines(&self, telling: Telling<'_>) -> Vec<WayLine> {
        self.ways.iter().map(|(way, _)| telling.way(way)).collect()
    }
}

/// People with everything that is told of them.
struct Batch {
    rows: Vec<PersonRow>,
    holdings: HashMap<UserId, Holdings>,
    labels: Labels,
    /// When they were last here; `None`: the list asks about no place of its own.
    last: Option<HashMap<UserId, Timestamp>>,
}

impl View {
    pub fn new(portal: &Portal, sight: Sight, holding: Holding, show: Show) -> Self {
        let groups = ["end_users.view", "end_user_groups.manage"].iter().any(|key| portal.person.may_somewhere(key));
        Self { holding, everybody: false, show, sight, words: portal.words, snapshot: Arc::clone(&portal.person.snapshot), now: portal.person.now, groups }
    }

    pub fn telling(&self) -> Telling<'_> {
        Telling { words: self.words, snapshot: &self.snapshot, now: self.now, groups: self.groups }
    }

    /// One page of rows with its pager, and how many there are in all.
    pub async fn page(&self, tx: &mut Tx, list: &Listing) -> Result<(Vec<PersonLine>, Pager, String), Fault> {
        let from = list.asked_from(Cursor::read);
        let count = self.count(tx).await?;
        let rows = self.people(tx, &from, ROWS + 1, holders::are_many(count)).await?;
        let (rows, pager) = list.page_from(&from, rows, |row| Cursor::at(row, crate::access::people::Sort::Name).write());
        let batch = self.batch(tx, rows).await?;
        let total = if count > MOST { self.words.say("users-very-many") } else { self.words.counted("users-count", "count", count.unsigned_abs()) };
        Ok((batch.rows.iter().map(|row| self.line(&batch, row)).collect(), pager, total))
    }

    /// Everybody whose access counts; `None`: the list asks who holds something.
    fn filter(&self) -> Option<Filter> {
        self.everybody.then(|| Filter { search: self.holding.search.clone(), counts: true, ..Filter::at(self.now) })
    }

    /// How many people there are. More than are counted are one more.
    async fn count(&self, tx: &mut Tx) -> Result<i64, Fault> {
        match self.filter() {
            Some(filter) => people::count(tx, &self.sight, &filter, MOST + 1).await,
            None => holders::count(tx, &self.holding, MOST + 1).await,
        }
    }

    /// Up to `limit` people from a place on; `many`: whether their count is one of many.
    async fn people(&self, tx: &mut Tx, from: &people::From, limit: usize, many: bool) -> Result<Vec<PersonRow>, Fault> {
        match self.filter() {
            Some(filter) => people::list(tx, &self.sight, &filter, people::Sort::Name, from, limit).await,
            None => holders::list(tx, &self.holding, from, limit, many).await,
        }
    }

    /// Nine queries, however many rows.
    async fn batch(&self, tx: &mut Tx, rows: Vec<PersonRow>) -> Result<Batch, Fault> {
        let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
        let last = match self.show {
            Show::Here(here) => Some(holders::last_sign_ins(tx, here, &ids).await?),
            _ => None,
        };
        Ok(Batch { holdings: load::users(tx, &ids).await?, labels: Labels::of_users(tx, &ids).await?, last, rows })
    }

    /// How somebody holds it, and everything they may do there.
    fn told(&self, holdings: &Holdings, labels: &Labels) -> Told {
        let catalogue = &self.snapshot.catalogue;
        let alone = |ways: Vec<Way>| -> Vec<(Way, Vec<String>)> { ways.into_iter().map(|way| (way, Vec::new())).collect() };
        let (mut ways, permissions) = match &self.show {
            Show::Grants(roles) => (alone(explain::ways_to_roles(catalogue, holdings, labels, roles, self.now)), Vec::new()),
            Show::Here(here) => {
                let found = effective(catalogue, holdings, Place::Deployment(*here), self.now);
                (explain::ways_here(catalogue, &found, labels), self.permissions(&found))
            }
            Show::Permission(place, key) => {
                let found = effective(catalogue, holdings, *place, self.now);
                (alone(explain::ways_to_permission(catalogue, &found, labels, key)), Vec::new())
            }
        };
        ways.retain(|(way, _)| way.is_seen(&self.sight));
        // Organization roles open no door.
        let open = self.everybody && !ways.iter().any(|(way, _)| matches!(way.path.role, RoleRef::EndUser(_)));
        Told { ways, permissions, open }
    }

    /// The permissions that the reader may know of.
    fn permissions(&self, found: &Effective) -> Vec<String> {
        found.permission_keys().filter(|key| !key.contains('.') || sees_organization(&self.sight)).map(str::to_owned).collect()
    }

    fn last(batch: &Batch, row: &PersonRow) -> Option<Timestamp> {
        batch.last.as_ref().map_or(row.last_login_at, |last| last.get(&row.id).copied())
    }

    fn line(&self, batch: &Batch, row: &PersonRow) -> PersonLine {
        let nothing = Holdings::default();
        let holdings = batch.holdings.get(&row.id).unwrap_or(&nothing);
        let told = self.told(holdings, &batch.labels);
        let link = match &self.show {
            Show::Grants(_) => paths::user(row.id),
            Show::Here(_) | Show::Permission(..) => self.why(&paths::user_access(row.id)),
        };
        PersonLine {
            link,
            initials: initials(row.label()),
            label: row.label().to_owned(),
            email: row.email.clone(),
            status: (row.status != Status::Active).then(|| StatusBadge::of(self.words, row.status)),
            ways: told.lines(self.telling()),
            open: told.open,
            why: self.why_role(&paths::user_access(row.id), holdings),
            permissions: told.permissions,
            last_sign_in: Self::last(batch, row).map_or_else(|| self.words.say("never"), |at| self.words.ago(at, self.now)),
        }
    }

    /// Why somebody is on this list; `page` tells what they may do.
    fn why(&self, page: &str) -> String {
        let at = |place: &Place| place_value(&self.snapshot, *place);
        match &self.show {
            Show::Grants(_) => page.to_owned(),
            Show::Here(here) => paths::access_at(page, &at(&Place::Deployment(*here))),
            Show::Permission(place, key) => paths::why(page, &at(place), &explain::What::Permission(key.clone())),
        }
    }

    /// Why somebody holds the role whose holders these are.
    fn why_role(&self, page: &str, holdings: &Holdings) -> Option<String> {
        let Show::Grants(roles) = &self.show else { return None };
        match *roles.first()? {
            RoleRef::EndUser(id) => why_app_role(&self.snapshot, page, id),
            RoleRef::Organization(id) => {
                let grants = || holdings.organization_grants.iter().filter(|grant| grant.role == id);
                let grant = grants().find(|grant| grant.period.contains(self.now)).or_else(|| grants().next())?;
                why_organization_role(&self.snapshot, page, id, grant.app)
            }
        }
    }

    /// Whether the list has more than people: a search is for people.
    fn is_whole(&self) -> bool {
        self.holding.search.is_empty()
    }

    /// The API clients among the holders, if the reader may see them.
    pub async fn clients(&self, tx: &mut Tx) -> Result<Beside<ClientLine>, Fault> {
        let mut rows = self.client_rows(tx, None, BESIDE + 1).await?;
        let count = if rows.len() > BESIDE { holders::count_clients(tx, &self.holding).await?.unsigned_abs() } else { 0 };
        rows.truncate(BESIDE);
        let ids: Vec<ClientId> = rows.iter().map(|row| row.id).collect();
        let (holdings, labels) = (load::clients(tx, &ids).await?, Labels::of_clients(tx, &ids).await?);
        let nothing = Holdings::default();
        let line = |row: ClientRow| {
            let (page, holdings) = (paths::client_access(&row.client_id), holdings.get(&row.id).unwrap_or(&nothing));
            ClientLine {
                link: self.why(&page),
                ways: self.told(holdings, &labels).lines(self.telling()),
                why: self.why_role(&page, holdings),
                suspended: row.suspended_at.is_some(),
                name: row.name.to_string(),
                id: row.client_id,
            }
        };
        Ok(Beside::of(self.words, rows.into_iter().map(line).collect(), count))
    }

    async fn client_rows(&self, tx: &mut Tx, after: Option<&ClientRow>, limit: usize) -> Result<Vec<ClientRow>, Fault> {
        let shown = sees_organization(&self.sight) && self.is_whole();
        if shown { holders::clients(tx, &self.holding, after, limit).await } else { Ok(Vec::new()) }
    }

    /// The role whose holders these are, if groups can hold it, too.
    fn role_of_groups(&self) -> Option<EndUserRoleId> {
        match &self.show {
            Show::Grants(roles) => roles.iter().find_map(|role| match role {
                RoleRef::EndUser(id) => Some(*id),
                RoleRef::Organization(_) => None,
            }),
            Show::Here(_) | Show::Permission(..) => None,
        }
    }

    /// The groups among the holders.
    pub async fn holding_groups(&self, tx: &mut Tx) -> Result<Beside<GroupLine>, Fault> {
        let Some(role) = self.role_of_groups().filter(|_| self.is_whole()) else { return Ok(Beside::default()) };
        let mut rows = holders::groups(tx, role, None, BESIDE + 1).await?;
        let count = if rows.len() > BESIDE { holders::count_groups(tx, role).await?.unsigned_abs() } else { 0 };
        rows.truncate(BESIDE);
        let line = |row: GroupRow| GroupLine {
            link: self.groups.then(|| paths::group(row.id)),
            name: row.name.to_string(),
            members: self.words.counted("who-members", "count", row.members.unsigned_abs()),
            ends: self.telling().ends(row.terms.period()),
        };
        Ok(Beside::of(self.words, rows.into_iter().map(line).collect(), count))
    }
}
