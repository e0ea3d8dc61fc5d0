//! `/portal/users`: everybody whom the reader may see.

use super::Portal;
use super::shell::{Section, Shell, initials};
use crate::access::people::{self, Access, Away, Cursor, Filter, From, Held, PersonRow, Sight, Sort};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::http::csv::{self, Csv, Pages};
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::user::Status;
use crate::lifecycle::invitation::gives_anything;
use crate::server::Server;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

/// Whoever may see any people at all may see this page; which people, their sight says.
pub(super) const NEEDS: &[&str] = &["members.view", "end_users.view", "users.manage"];
/// More are not counted: nobody needs the number, and counting takes time.
const MOST: i64 = 10_000;
/// The rows of one page of an export.
const STEP: usize = 500;

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
    /// What they hold, the first few.
    pub access: Vec<String>,
    /// How much more they hold.
    pub more: u64,
    /// Where they stand.
    pub status: StatusBadge,
    /// The last sign-in, as people say it.
    pub last_sign_in: String,
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

/// What the address asks for.
fn asked(portal: &Portal, list: &Listing) -> (Filter, Sort) {
    let stage = portal.person.snapshot.stages.iter().find(|stage| stage.key.as_str() == list.text("stage"));
    let filter = Filter {
        search: list.search(),
        status: Status::parse(list.text("status")),
        access: Access::parse(list.text("access")),
        stage: stage.map(|stage| stage.id),
        away: Away::parse(list.text("seen")),
        now: portal.person.now,
    };
    (filter, Sort::parse(list.text("sort")).unwrap_or(Sort::Name))
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
    let (filter, sort) = asked(portal, &list);
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (rows, pager) = one_page(&mut tx, &sight, &filter, sort, &list).await?;
    // What fits on one page is counted already: a search that finds little looks at everybody once, not twice.
    let total = if pager.is_needed() { people::count(&mut tx, &sight, &filter, MOST + 1).await? } else { i64::try_from(rows.len()).unwrap_or(MOST) };
    let held = people::held(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<UserId>>()).await?;
    drop(tx);
    let shell = portal.shell(Section::Users).await;
    let words = portal.words;
    let now = portal.person.now;
    let rows = rows.iter().map(|row| show_row(words, &sight, row, &held, now)).collect();
    let total = if total > MOST { words.say("users-very-many") } else { words.counted("users-count", "count", total.unsigned_abs()) };
    let may_invite = gives_anything(&portal.person.authority);
    Ok(UsersPage { filters: filters(portal, &list), shell, list, total, rows, pager, may_invite })
}

async fn one_page(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, list: &Listing) -> Result<(Vec<PersonRow>, Pager), Fault> {
    let from = match (Cursor::read(list.text("after")), Cursor::read(list.text("before"))) {
        (Some(after), _) => From::After(after),
        (None, Some(before)) => From::Before(before),
        (None, None) => From::Start,
    };
    // One row more than a page says whether there is another one.
    let mut rows = people::list(tx, sight, filter, sort, &from, ROWS + 1).await?;
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
    let pager = Pager {
        first: before.then(|| list.changed("after", "")),
        previous: rows.first().filter(|_| before).map(|row| list.changed("before", &Cursor::at(row, sort).write())),
        next: rows.last().filter(|_| after).map(|row| list.changed("after", &Cursor::at(row, sort).write())),
    };
    Ok((rows, pager))
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

fn show_row(words: Words, sight: &Sight, row: &PersonRow, held: &Held, now: Timestamp) -> Row {
    let mut access = access(words, sight, row.id, held, now);
    let more = access.len().saturating_sub(2) as u64;
    access.truncate(2);
    Row {
        link: paths::user(row.id),
        initials: initials(row.label()),
        label: row.label().to_owned(),
        email: row.email.clone(),
        access,
        more,
        status: StatusBadge::of(words, row.status),
        last_sign_in: row.last_login_at.map_or_else(|| words.say("never"), |at| words.ago(at, now)),
    }
}

fn filters(portal: &Portal, list: &Listing) -> Vec<Choices> {
    let words = portal.words;
    let option = |value: &str, key: &str| (value.to_owned(), words.say(key));
    let stages = portal.person.snapshot.stages.iter().map(|stage| (stage.key.to_string(), stage.name.to_string()));
    let statuses = Status::ALL.iter().map(|status| (status.as_str().to_owned(), StatusBadge::of(words, *status).text));
    vec![
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
        Choices::new(
            list,
            "seen",
            words.say("filter-seen"),
            [
                option("", word!("filter-seen-all")),
                option("never", word!("filter-seen-never")),
                option("30", word!("filter-seen-month")),
                option("90", word!("filter-seen-quarter")),
            ],
        ),
        Choices::new(
            list,
            "sort",
            words.say("sort"),
            [
                option("", word!("sort-name")),
                option("last_sign_in", word!("sort-last-sign-in")),
                option("longest_ago", word!("sort-longest-ago")),
                option("newest", word!("sort-newest")),
            ],
        ),
    ]
}

/// `GET /portal/users.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let noted = portal.work(async |work| work.record_export("users", portal.visit.request.query_string()).await).await;
    if let Err(fault) = noted {
        return portal.fault(&fault).await;
    }
    let words = portal.words;
    let (filter, sort) = asked(&portal, &Listing::of(&portal.visit));
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    let head = vec![words.say("name"), words.say("email"), words.say("status"), words.say("access"), words.say("last-sign-in")];
    let export = Export { server: portal.visit.server.clone(), words, sight, filter, sort, from: Some(From::Start) };
    csv::stream(&portal.visit, "users", head, export).await
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    words: Words,
    sight: Sight,
    filter: Filter,
    sort: Sort,
    /// Where the next page begins; `None`: there is none.
    from: Option<From>,
}

impl Pages for Export {
    async fn next(&mut self) -> Result<Option<Csv>, Fault> {
        let Some(from) = self.from.take() else { return Ok(None) };
        let mut tx = self.server.ground.db.read().await?;
        let rows = people::list(&mut tx, &self.sight, &self.filter, self.sort, &from, STEP).await?;
        let held = people::held(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<UserId>>()).await?;
        drop(tx);
        self.from = rows.last().filter(|_| rows.len() == STEP).map(|last| From::After(Cursor::at(last, self.sort)));
        let mut csv = Csv::default();
        for row in &rows {
            let name = row.name.as_ref().map_or("", |name| name.as_str());
            let last = row.last_login_at.map(Timestamp::rfc3339).unwrap_or_default();
            csv.row([name, &row.email, row.status.as_str(), &access(self.words, &self.sight, row.id, &held, self.filter.now).join("; "), &last]);
        }
        Ok(Some(csv))
    }
}
