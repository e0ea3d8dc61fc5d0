//! The reverse view, as a page and as an export: people who hold something, with every way, read in batches.

use super::way::{Telling, WayLine};
use super::{place_value, sees_organization};
use crate::access::crowd;
use crate::access::effective::{Effective, Holdings, Place, RoleRef, effective};
use crate::access::explain::{self, Labels, Way};
use crate::access::load::Snapshot;
use crate::access::people::holders::{self, ClientRow, Holding};
use crate::access::people::{Cursor, From, PersonRow, Sight};
use crate::base::fault::Fault;
use crate::base::id::{ClientId, UserId};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::http::csv::{self, Csv, Pages};
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Head;
use crate::http::portal::shell::{Shell, initials};
use crate::http::portal::users::{Choices, StatusBadge};
use crate::identity::user::Status;
use crate::server::Server;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use std::collections::HashMap;
use std::sync::Arc;

/// More are not counted: nobody needs the number, and counting takes time.
const MOST: i64 = 10_000;
/// More API clients and groups than these are not listed.
pub(super) const BESIDE: i64 = 200;

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
    pub groups: Vec<GroupLine>,
    /// API clients.
    pub clients: Vec<ClientLine>,
    /// Other apps where the role counts.
    pub listed: Vec<String>,
    /// What an empty list says: that it is, and what to do.
    pub empty: (String, String),
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
    /// Whether it is suspended.
    pub suspended: bool,
}

/// What a list shows of each person.
#[derive(Clone, Debug)]
pub(super) enum Show {
    /// Grants of these roles, whether they count or not.
    Grants(Vec<RoleRef>),
    /// Roles that count at a place, and what they give there.
    Place(Place, Vec<RoleRef>),
    /// The ways to a permission at a place.
    Permission(Place, String),
}

/// A reverse view: who is asked for, what is shown, to whom.
#[derive(Clone)]
pub(super) struct View {
    pub holding: Holding,
    pub show: Show,
    pub sight: Sight,
    pub words: Words,
    pub snapshot: Arc<Snapshot>,
    pub now: Timestamp,
    /// Whether the reader may open the pages of groups.
    pub groups: bool,
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
        Self { holding, show, sight, words: portal.words, snapshot: Arc::clone(&portal.person.snapshot), now: portal.person.now, groups }
    }

    pub fn telling(&self) -> Telling<'_> {
        Telling { words: self.words, snapshot: &self.snapshot, now: self.now, groups: self.groups }
    }

    /// One page of rows with its pager, and how many there are in all.
    pub async fn page(&self, tx: &mut Tx, list: &Listing) -> Result<(Vec<PersonLine>, Pager, String), Fault> {
        let from = match (Cursor::read(list.text("after")), Cursor::read(list.text("before"))) {
            (Some(after), _) => From::After(after),
            (None, Some(before)) => From::Before(before),
            (None, None) => From::Start,
        };
        let count = holders::count(tx, &self.holding, MOST + 1).await?;
        // One row more than a page says whether there is another one.
        let mut rows = holders::list(tx, &self.holding, &from, ROWS + 1, holders::are_many(count)).await?;
        let more = rows.len() > ROWS;
        let (before, after) = match from {
            From::Before(_) => {
                if more {
                    rows.remove(0);
                }
                (more, true)
            }
            From::After(_) => (true, more),
            From::Start => (false, more),
        };
        rows.truncate(ROWS);
        let at = |row: &PersonRow| Cursor::at(row, crate::access::people::Sort::Name).write();
        let pager = Pager {
            first: before.then(|| list.changed("after", "")),
            previous: rows.first().filter(|_| before).map(|row| list.changed("before", &at(row))),
            next: rows.last().filter(|_| after).map(|row| list.changed("after", &at(row))),
        };
        let batch = self.batch(tx, rows).await?;
        let total = if count > MOST { self.words.say("users-very-many") } else { self.words.counted("users-count", "count", count.unsigned_abs()) };
        Ok((batch.rows.iter().map(|row| self.line(&batch, row)).collect(), pager, total))
    }

    /// Nine queries, however many rows.
    async fn batch(&self, tx: &mut Tx, rows: Vec<PersonRow>) -> Result<Batch, Fault> {
        let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
        let last = match self.show {
            Show::Place(Place::Deployment(here), _) => Some(holders::last_sign_ins(tx, here, &ids).await?),
            _ => None,
        };
        Ok(Batch { holdings: crowd::holdings(tx, &ids).await?, labels: Labels::of_users(tx, &ids).await?, last, rows })
    }

    /// How somebody holds it, and everything they may do there.
    fn told(&self, holdings: &Holdings, labels: &Labels) -> (Vec<Way>, Vec<String>) {
        let catalogue = &self.snapshot.catalogue;
        let (mut ways, permissions) = match &self.show {
            Show::Grants(roles) => (explain::ways_to_roles(catalogue, holdings, labels, roles, self.now), Vec::new()),
            Show::Place(place, roles) => {
                let mut ways = explain::ways_to_roles(catalogue, holdings, labels, roles, self.now);
                ways.retain(|way| way.idle.is_none());
                (ways, self.permissions(&effective(catalogue, holdings, *place, self.now)))
            }
            Show::Permission(place, key) => {
                let found = effective(catalogue, holdings, *place, self.now);
                (explain::ways_to_permission(catalogue, &found, labels, key), Vec::new())
            }
        };
        ways.retain(|way| way.is_seen(&self.sight));
        (ways, permissions)
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
        let (ways, permissions) = self.told(batch.holdings.get(&row.id).unwrap_or(&nothing), &batch.labels);
        let link = match &self.show {
            Show::Grants(_) => paths::user(row.id),
            Show::Place(..) | Show::Permission(..) => self.why(&paths::user_access(row.id)),
        };
        PersonLine {
            link,
            initials: initials(row.label()),
            label: row.label().to_owned(),
            email: row.email.clone(),
            status: (row.status != Status::Active).then(|| StatusBadge::of(self.words, row.status)),
            ways: self.telling().ways(&ways),
            permissions,
            last_sign_in: Self::last(batch, row).map_or_else(|| self.words.say("never"), |at| self.words.ago(at, self.now)),
        }
    }

    /// Why somebody is on this list; `page` tells what they may do.
    fn why(&self, page: &str) -> String {
        let at = |place: &Place| place_value(&self.snapshot, *place);
        match &self.show {
            Show::Grants(_) => page.to_owned(),
            Show::Place(place, _) => paths::access_at(page, &at(place)),
            Show::Permission(place, key) => paths::why(page, &at(place), &explain::What::Permission(key.clone())),
        }
    }

    /// The API clients among the holders.
    pub async fn clients(&self, tx: &mut Tx) -> Result<Vec<ClientLine>, Fault> {
        let rows = self.client_rows(tx).await?;
        let ids: Vec<ClientId> = rows.iter().map(|row| row.id).collect();
        let (holdings, labels) = (crowd::holdings_of_clients(tx, &ids).await?, Labels::of_clients(tx, &ids).await?);
        let nothing = Holdings::default();
        let line = |row: ClientRow| ClientLine {
            link: self.why(&paths::client_access(&row.client_id)),
            ways: self.telling().ways(&self.told(holdings.get(&row.id).unwrap_or(&nothing), &labels).0),
            suspended: row.suspended_at.is_some(),
            name: row.name.to_string(),
            id: row.client_id,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    async fn client_rows(&self, tx: &mut Tx) -> Result<Vec<ClientRow>, Fault> {
        // A search is for people; clients are few, and stand whole on the first page.
        let whole = sees_organization(&self.sight) && self.holding.search.is_empty();
        if whole { holders::clients(tx, &self.holding, BESIDE).await } else { Ok(Vec::new()) }
    }

    /// The whole list as a file: a row for each way of each person.
    pub async fn export(self, portal: &Portal, name: &str) -> HttpResponse {
        let head = [
            word!("name"),
            word!("email"),
            word!("status"),
            word!("who-role"),
            word!("who-where"),
            word!("who-through-group"),
            word!("account-permissions-title"),
            word!("who-from"),
            word!("until-when"),
            word!("who-given-by"),
            word!("who-given-on"),
            word!("who-reason"),
            word!("last-sign-in"),
        ];
        let head = head.iter().map(|key| self.words.say(key)).collect();
        let pages = Export { server: portal.visit.server.clone(), view: self, from: Some(From::Start), many: None };
        // On the heap, as everything that several handlers await: their futures stay small.
        let asked = portal.visit.request.uri().to_string();
        let noted = Box::pin(portal.work(async |work| work.record_export("holders", &asked).await)).await;
        if let Err(fault) = noted {
            return portal.fault(&fault).await;
        }
        csv::stream(&portal.visit, name, head, pages).await
    }

    /// The lines of one holder in an export.
    fn write(&self, csv: &mut Csv, who: [&str; 3], last: Option<Timestamp>, holdings: &Holdings, labels: &Labels) {
        let (ways, permissions) = self.told(holdings, labels);
        let instant = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
        for way in ways {
            let group = way.group.as_ref().map_or("", |group| group.name.as_str());
            let chain: Vec<&str> = way.path.chain.iter().map(|step| step.permission.as_str()).collect();
            let gives = if chain.is_empty() { permissions.join(" ") } else { chain.join(" > ") };
            let terms = way.terms.as_ref();
            let (by, reason) = (terms.map_or("", |terms| terms.granted_by_label.as_str()), terms.and_then(|terms| terms.reason.as_deref()).unwrap_or(""));
            let given = instant(terms.map(|terms| terms.granted_at));
            let (from, until) = (instant(way.path.period.starts_at), instant(way.path.period.ends_at));
            let place = way.app.clone().unwrap_or_else(|| self.words.say("at-organization"));
            csv.row([who[0], who[1], who[2], &way.role, &place, group, &gives, &from, &until, by, &given, reason, &instant(last)]);
        }
    }
}

/// A reverse view as an export.
struct Export {
    server: Data<Server>,
    view: View,
    /// Where the next page begins; `None`: there is none.
    from: Option<From>,
    /// Whether there are many; `None`: not counted yet.
    many: Option<bool>,
}

impl Pages for Export {
    async fn next(&mut self) -> Result<Option<Csv>, Fault> {
        let Some(from) = self.from.take() else { return Ok(None) };
        let view = &self.view;
        let mut csv = Csv::default();
        let mut tx = self.server.ground.db.read().await?;
        let many = match self.many {
            Some(many) => many,
            None => holders::are_many(holders::count(&mut tx, &view.holding, MOST + 1).await?),
        };
        self.many = Some(many);
        let rows = holders::list(&mut tx, &view.holding, &from, crowd::STEP, many).await?;
        self.from = rows.last().filter(|_| rows.len() == crowd::STEP).map(|last| From::After(Cursor::at(last, crate::access::people::Sort::Name)));
        let batch = view.batch(&mut tx, rows).await?;
        let mut clients = Vec::new();
        if self.from.is_none() {
            let rows = view.client_rows(&mut tx).await?;
            let ids: Vec<ClientId> = rows.iter().map(|row| row.id).collect();
            let (mut holdings, labels) = (crowd::holdings_of_clients(&mut tx, &ids).await?, Labels::of_clients(&mut tx, &ids).await?);
            clients.extend(rows.into_iter().map(|row| (holdings.remove(&row.id).unwrap_or_default(), labels.clone(), row)));
        }
        drop(tx);
        let nothing = Holdings::default();
        for row in &batch.rows {
            let who = [row.name.as_ref().map_or("", |name| name.as_str()), row.email.as_str(), row.status.as_str()];
            view.write(&mut csv, who, View::last(&batch, row), batch.holdings.get(&row.id).unwrap_or(&nothing), &batch.labels);
        }
        for (holdings, labels, row) in &clients {
            let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
            view.write(&mut csv, [row.name.as_str(), row.client_id.as_str(), state], None, holdings, labels);
        }
        Ok(Some(csv))
    }
}
