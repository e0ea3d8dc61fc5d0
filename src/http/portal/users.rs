//! `/portal/users`: everybody whom the reader may see.

use super::Portal;
use super::shell::{Section, Shell, initials};
use crate::access::app::App;
use crate::access::load::Snapshot;
use crate::access::people::{self, Access, Away, Cursor, Filter, Held, PersonRow, Side, Sight, Sort, There};
use crate::base::fault::Fault;
use crate::base::id::{AppId, UserId};
use crate::base::text::{DisplayName, fold};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::user::Status;
use crate::lifecycle::invitation::gives_anything;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

mod export;

pub use export::csv;

/// Whoever may see any people at all may see this page; which people, their sight says.
pub(super) const NEEDS: &[&str] = &["members.view", "end_users.view", "users.manage"];
/// More are not counted: nobody needs the number, and counting takes time.
const MOST: i64 = 10_000;

/// The list.
#[derive(Template)]
#[template(path = "portal/users.html")]
pub struct UsersPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// How many there are.
    pub total: String,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may invite people.
    pub may_invite: bool,
}

/// One person.
pub struct Row {
    /// Their page.
    pub link: String,
    /// Two letters.
    pub initials: String,
    /// Name, or address of somebody without one.
    pub label: String,
    /// Address.
    pub email: String,
    /// The username, where it is not the address.
    pub username: Option<String>,
    /// Whether the address is at none of the organization's own domains, if it names any.
    pub external: bool,
    /// What they hold, the first few.
    pub access: Vec<String>,
    /// How much more they hold.
    pub more: u64,
    /// Where they stand.
    pub status: StatusBadge,
    /// The last sign-in, as people say it.
    pub last_sign_in: String,
    /// The last one at the app or stage of the list, if it has one.
    pub there: Option<String>,
}

/// A standing, in words and in colour.
pub struct StatusBadge {
    /// The words.
    pub text: String,
    /// The class of the badge.
    pub class: &'static str,
}

impl StatusBadge {
    /// The badge of a standing.
    pub fn of(words: Words, status: Status) -> Self {
        let (key, class) = match status {
            Status::Active => (word!("status-active"), "good"),
            Status::Invited => (word!("status-invited"), "warn"),
            Status::PendingRegistration => (word!("status-pending"), "warn"),
            Status::Inactive => (word!("status-inactive"), "bad"),
        };
        Self { text: words.say(key), class }
    }
}

/// The choices of one filter or order.
pub struct Choices {
    /// Its name in the address.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// The choices.
    pub options: Vec<Choice>,
}

/// One of several.
pub struct Choice {
    /// Its value in the address; empty for no choice.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub chosen: bool,
}

impl Choices {
    /// A filter with the choice that the address names.
    pub fn new(list: &Listing, name: &'static str, label: String, options: impl IntoIterator<Item = (String, String)>) -> Self {
        let chosen = list.text(name);
        let options: Vec<Choice> = options.into_iter().map(|(value, text)| Choice { chosen: value == chosen, value, text }).collect();
        Self { name, label, options }
    }
}

/// The apps some of whose people the reader may see, by name.
fn apps<'p>(portal: &'p Portal, sight: &Sight) -> Vec<&'p App> {
    let snapshot = &portal.person.snapshot;
    let seen: HashSet<AppId> = snapshot.catalogue.deployments().filter(|row| sight.sees(row.id)).map(|row| row.app).collect();
    let mut apps: Vec<&App> = snapshot.apps.values().filter(|app| seen.contains(&app.id)).collect();
    apps.sort_by_cached_key(|app| (fold(app.name.as_str()), app.id));
    apps
}

/// The organization's own e-mail domains; without any, nobody is internal or external.
fn domains(snapshot: &Snapshot) -> &[String] {
    snapshot.organization.as_ref().map_or(&[][..], |organization| organization.internal_domains.as_slice())
}

/// What the address asks for.
fn asked(portal: &Portal, list: &Listing, sight: &Sight) -> (Filter, Sort) {
    let snapshot = &portal.person.snapshot;
    let stage = snapshot.stages.iter().find(|stage| stage.key.as_str() == list.text("stage")).map(|stage| stage.id);
    // An app of which the reader sees nobody is no more there for them than one that does not exist.
    let app = apps(portal, sight).into_iter().find(|app| app.key.as_str() == list.text("app")).map(|app| app.id);
    let domains = domains(snapshot);
    let side = Side::parse(list.text("domain")).filter(|_| !domains.is_empty());
    let filter = Filter {
        search: list.search(),
        status: Status::parse(list.text("status")),
        counts: false,
        access: Access::parse(list.text("access")),
        there: There::of(&snapshot.catalogue, sight, app, stage),
        away: Away::parse(list.text("seen")),
        side: side.map(|side| (side, domains.to_vec())),
        now: portal.person.now,
    };
    (filter, Sort::parse(list.text("sort")).unwrap_or(Sort::Name))
}

/// What lists tell of people beside what they hold.
struct Beside {
    snapshot: Arc<Snapshot>,
    usernames: HashMap<UserId, DisplayName>,
    /// Their last sign-ins at the app or stage of the list; `None`: it has none.
    there: Option<HashMap<UserId, Timestamp>>,
}

impl Beside {
    async fn read(tx: &mut Tx, snapshot: &Arc<Snapshot>, filter: &Filter, ids: &[UserId]) -> Result<Self, Fault> {
        let there = match &filter.there {
            Some(there) => Some(there.last_sign_ins(tx, ids).await?),
            None => None,
        };
        Ok(Self { snapshot: Arc::clone(snapshot), usernames: people::usernames(tx, ids).await?, there })
    }

    /// The username, where it is not the address.
    fn username(&self, row: &PersonRow) -> Option<&str> {
        self.usernames.get(&row.id).map(DisplayName::as_str).filter(|username| !username.eq_ignore_ascii_case(&row.email))
    }

    fn side(&self, row: &PersonRow) -> Option<Side> {
        Side::of(self.snapshot.organization.as_ref(), &row.email)
    }

    /// What is said of the last sign-in at the app or stage of the list, if it has one.
    fn there(&self, row: &PersonRow, said: impl Fn(Option<Timestamp>) -> String) -> Option<String> {
        self.there.as_ref().map(|there| said(there.get(&row.id).copied()))
    }
}

/// `GET /portal/users`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal) -> Result<UsersPage, Fault> {
    let list = Listing::of(&portal.visit);
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    let (filter, sort) = asked(portal, &list, &sight);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (rows, pager) = one_page(&mut tx, &sight, &filter, sort, &list).await?;
    // What fits on one page is counted already: a search that finds little looks at everybody once, not twice.
    let total = if pager.is_needed() { people::count(&mut tx, &sight, &filter, MOST + 1).await? } else { i64::try_from(rows.len()).unwrap_or(MOST) };
    let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let held = people::held(&mut tx, &ids).await?;
    let beside = Beside::read(&mut tx, &portal.person.snapshot, &filter, &ids).await?;
    drop(tx);
    let shell = portal.shell(Section::Users).await;
    let words = portal.words;
    let now = portal.person.now;
    let rows = rows.iter().map(|row| show_row(words, &sight, row, &held, &beside, now)).collect();
    let total = if total > MOST { words.say("users-very-many") } else { words.counted("users-count", "count", total.unsigned_abs()) };
    let may_invite = gives_anything(&portal.person.authority);
    Ok(UsersPage { filters: filters(portal, &list, &sight), shell, list, total, rows, pager, may_invite })
}

async fn one_page(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, list: &Listing) -> Result<(Vec<PersonRow>, Pager), Fault> {
    let from = list.asked_from(Cursor::read);
    // One row more than a page says whether there is another one.
    let rows = people::list(tx, sight, filter, sort, &from, ROWS + 1).await?;
    Ok(list.page_from(&from, rows, |row| Cursor::at(row, sort).write()))
}

/// What one person holds now, in short: roles of the organization, then of apps, then groups. It agrees with the filters.
fn access(words: Words, sight: &Sight, id: UserId, held: &Held, now: Timestamp) -> Vec<String> {
    let counts = |terms: &people::Terms| terms.period().contains(now);
    let organization = held.organization.iter().filter(|grant| grant.user_id == id && (sight.everybody || sight.members) && counts(&grant.terms));
    let organization = organization.map(|grant| match &grant.app_name {
        Some(app) => words.with("access-role-app", &[("role", grant.role_name.as_str()), ("app", app.as_str())]),
        None => grant.role_name.to_string(),
    });
    let direct = held.end_user.iter().filter(|grant| grant.holder_id == id.uuid() && sight.sees(grant.deployment_id) && counts(&grant.terms)).map(|grant| {
        words.with("access-app-role", &[("app", grant.app_name.as_str()), ("role", grant.role_name.as_str()), ("stage", grant.stage_name.as_str())])
    });
    let seen = |group: &&people::GroupHeld| {
        sight.everybody || held.of_groups.iter().any(|grant| grant.holder_id == group.group_id.uuid() && sight.sees(grant.deployment_id))
    };
    let groups = held
        .groups
        .iter()
        .filter(|group| group.user_id == id && counts(&group.terms))
        .filter(seen)
        .map(|group| words.with("access-group", &[("group", group.group_name.as_str())]));
    organization.chain(direct).chain(groups).collect()
}

fn show_row(words: Words, sight: &Sight, row: &PersonRow, held: &Held, beside: &Beside, now: Timestamp) -> Row {
    let mut access = access(words, sight, row.id, held, now);
    let more = access.len().saturating_sub(2) as u64;
    access.truncate(2);
    Row {
        link: paths::user(row.id),
        initials: initials(row.label()),
        label: row.label().to_owned(),
        email: row.email.clone(),
        username: beside.username(row).map(str::to_owned),
        external: beside.side(row) == Some(Side::External),
        access,
        more,
        status: StatusBadge::of(words, row.status),
        last_sign_in: row.last_login_at.map_or_else(|| words.say("never"), |at| words.ago(at, now)),
        there: beside.there(row, |at| match at {
            Some(at) => words.with("signed-in-there", &[("when", words.ago(at, now))]),
            None => words.say("never-signed-in-there"),
        }),
    }
}

fn filters(portal: &Portal, list: &Listing, sight: &Sight) -> Vec<Choices> {
    let words = portal.words;
    let option = |value: &str, key: &str| (value.to_owned(), words.say(key));
    let apps: Vec<_> = apps(portal, sight).into_iter().map(|app| (app.key.to_string(), app.name.to_string())).collect();
    // What there is nothing to choose of is left out.
    let app = (!apps.is_empty()).then(|| {
        let options = std::iter::once(option("", word!("filter-app-all"))).chain(apps);
        Choices::new(list, "app", words.say("filter-app"), options)
    });
    let domain = (!domains(&portal.person.snapshot).is_empty()).then(|| {
        let options =
            [option("", word!("filter-domain-all")), option("internal", word!("filter-domain-internal")), option("external", word!("filter-domain-external"))];
        Choices::new(list, "domain", words.say("email-domain"), options)
    });
    let stages = portal.person.snapshot.stages.iter().map(|stage| (stage.key.to_string(), stage.name.to_string()));
    let statuses = Status::ALL.iter().map(|status| (status.as_str().to_owned(), StatusBadge::of(words, *status).text));
    let first = [
        Choices::new(
            list,
            "access",
            words.say("filter-access"),
            [
                option("", word!("filter-access-all")),
                option("members", word!("filter-members")),
                option("end_users", word!("filter-end-users")),
                option("nothing", word!("filter-nothing")),
            ],
        ),
        Choices::new(list, "status", words.say("filter-status"), std::iter::once(option("", word!("filter-status-all"))).chain(statuses)),
        Choices::new(list, "stage", words.say("filter-stage"), std::iter::once(option("", word!("filter-stage-all"))).chain(stages)),
    ];
    let seen = Choices::new(
        list,
        "seen",
        words.say("filter-seen"),
        [
            option("", word!("filter-seen-all")),
            option("never", word!("filter-seen-never")),
            option("30", word!("filter-seen-month")),
            option("90", word!("filter-seen-quarter")),
        ],
    );
    let order = Choices::new(
        list,
        "sort",
        words.say("sort"),
        [
            option("", word!("sort-name")),
            option("status", word!("sort-status")),
            option("last_sign_in", word!("sort-last-sign-in")),
            option("longest_ago", word!("sort-longest-ago")),
            option("newest", word!("sort-newest")),
        ],
    );
    first.into_iter().chain(app).chain([seen]).chain(domain).chain([order]).collect()
}
