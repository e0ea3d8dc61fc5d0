//! `/portal/invitations/many/{id}`: a file of invitations. What it would do, how far it is, what became of it; and the buttons for that.

use super::{NEEDS, enter, say};
use crate::base::fault::Fault;
use crate::base::id::{InvitationId, UserId};
use crate::http::journey::see_other;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::{Choice, Choices, StatusBadge};
use crate::http::visit::Visit;
use crate::lifecycle::bulk_invitation::{self, Batch, BatchState, Column, Counts, Did, HandleError, Row, RowState, Wanted};
use crate::outbox;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::web::{Path, Payload};
use askama::Template;

/// What is wrong stands first, then what is still to come.
const ORDER: [RowState; 4] = [RowState::Refused, RowState::Failed, RowState::Waiting, RowState::Done];
/// The seconds after which a page that shows progress comes again.
const AGAIN: &str = "3";

/// The page of a file.
#[derive(Template)]
#[template(path = "portal/invitations/many/batch.html")]
pub struct BatchPage {
    /// The layout.
    pub shell: Shell,
    /// Its own address.
    pub link: String,
    /// That of its rows as CSV.
    pub csv: String,
    /// What the file is called.
    pub title: String,
    /// Where it stands.
    pub state: StatusBadge,
    /// Who uploaded it, when, and how many rows it had.
    pub about: String,
    /// What this page says first.
    pub lead: String,
    /// What stands in the way of something.
    pub problem: Option<String>,
    /// How many people stand where.
    pub numbers: Vec<Number>,
    /// How far it is, once it was started.
    pub progress: Option<Progress>,
    /// Whether the page comes again by itself, and the link that stops or begins that.
    pub again: Option<(bool, String)>,
    /// What can be done: the value, the words, the class of the button.
    pub buttons: Vec<(&'static str, String, &'static str)>,
    /// Whether it can be ended.
    pub may_cancel: bool,
    /// The list as its address describes it.
    pub list: Listing,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// The rows of this page.
    pub rows: Vec<PersonRow>,
    /// The other pages.
    pub pager: Pager,
}

impl BatchPage {
    /// Whether the file can be thrown away: what that means stands beside the button.
    pub fn may_discard(&self) -> bool {
        self.buttons.iter().any(|(value, ..)| *value == "discard")
    }
}

/// How many people stand somewhere.
pub struct Number {
    /// How many.
    pub count: String,
    /// Where.
    pub text: String,
    /// The list of them.
    pub link: String,
}

/// How far a file is.
pub struct Progress {
    /// So many people are done.
    pub value: i64,
    /// Of so many.
    pub max: i64,
    /// The same in words.
    pub text: String,
}

/// A person of the file.
pub struct PersonRow {
    /// The rows that name them.
    pub numbers: String,
    /// The address as it stands in the file.
    pub email: String,
    /// The name.
    pub name: String,
    /// What would happen, or did.
    pub outcome: StatusBadge,
    /// Where that leads to.
    pub link: Option<String>,
    /// Everything that is wrong: row, column, and what to do.
    pub problems: Vec<(String, String, String)>,
}

/// The page that says first what ending a file means.
#[derive(Template)]
#[template(path = "portal/invitations/many/cancel.html")]
pub struct CancelPage {
    /// The layout.
    pub shell: Shell,
    /// The page of the file.
    pub back: String,
    /// What the file is called.
    pub title: String,
    /// What happens.
    pub follows: Vec<String>,
    /// How many people are not invited then, in the words of the button.
    pub button: String,
}

/// The file at an address, if the reader may see it.
pub(super) async fn find(portal: &Portal, id: &str) -> Result<Option<Batch>, Fault> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let mut tx = portal.visit.server.ground.db.read().await?;
    Ok(bulk_invitation::by_id(&mut tx, id).await?.filter(|batch| batch.is_seen_by(&portal.person.actor())))
}

/// Where the rows stand that the address asks for.
pub(super) fn chosen(list: &Listing) -> Option<RowState> {
    RowState::parse(list.text("state"))
}

/// `GET /portal/invitations/many/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    match enter(visit, NEEDS).await {
        Ok(portal) => answer(&portal, &id, StatusCode::OK, None).await,
        Err(answer) => answer,
    }
}

async fn answer(portal: &Portal, id: &str, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let page = async {
        match find(portal, id).await? {
            Some(batch) => page(portal, &batch, problem).await.map(Some),
            None => Ok(None),
        }
    };
    match Box::pin(page).await {
        Ok(Some(page)) => {
            let mut answer = Portal::page(status, &page);
            if page.again.as_ref().is_some_and(|(comes, _)| *comes) {
                // Not in the page itself: a reader must be able to stop it.
                answer.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static(AGAIN));
            }
            answer
        }
        Ok(None) => portal.missing().await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, batch: &Batch, problem: Option<String>) -> Result<BatchPage, Fault> {
    let (words, now) = (portal.words, portal.person.now);
    let list = Listing::of(&portal.visit);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let counts = bulk_invitation::counts(&mut tx, &[batch.id]).await?.remove(&batch.id).unwrap_or_default();
    let (rows, pager) = one_page(&mut tx, batch, counts, &list).await?;
    let held_up = batch.state == BatchState::Running && outbox::bulk_waiting(&mut tx, outbox::MOST_BULK).await? >= outbox::MOST_BULK;
    drop(tx);
    let started = batch.started_at.is_some();
    let mine = batch.is_of(&portal.person.actor());
    let standing = |state: RowState| say::standing(words, state, started);
    let there = ORDER.into_iter().filter(|state| counts.of(*state) > 0);
    let numbers = there.clone().map(|state| Number {
        count: say::number(counts.of(state).unsigned_abs()),
        text: standing(state),
        link: list.changed("state", state.as_str()),
    });
    let here = shown(counts, &list);
    let options = there.map(|state| Choice { value: state.as_str().to_owned(), text: standing(state), chosen: here == Some(state) });
    let by = if mine { words.say("many-by-you") } else { batch.user_label.clone() };
    let count = say::number(batch.line_count.unsigned_abs());
    let about = words.with("many-about", &[("who", by), ("when", words.ago(batch.created_at, now)), ("count", count)]);
    let running = batch.state == BatchState::Running;
    let still = list.text("still") == "1";
    Ok(BatchPage {
        link: paths::invite_file(batch.id),
        csv: format!("{}/rows.csv", paths::invite_file(batch.id)),
        title: batch.file_name.clone(),
        state: say::state(words, batch.state),
        about,
        lead: lead(portal, batch, counts, held_up),
        problem,
        numbers: numbers.collect(),
        progress: started.then(|| Progress { value: counts.done + counts.failed, max: counts.all().max(1), text: say::progress(words, counts) }),
        again: running.then(|| (!still, list.changed("still", if still { "" } else { "1" }))),
        buttons: buttons(portal, batch, counts, mine),
        may_cancel: matches!(batch.state, BatchState::Running | BatchState::Paused),
        filters: vec![Choices { name: "state", label: words.say("many-rows-standing"), options: options.collect() }],
        rows: rows.iter().map(|row| person_row(portal, row)).collect(),
        pager,
        list,
        shell: portal.shell(Section::Invitations).await,
    })
}

/// The rows that are shown: those that the address asks for, or the first that there are any of.
fn shown(counts: Counts, list: &Listing) -> Option<RowState> {
    chosen(list).or_else(|| ORDER.into_iter().find(|state| counts.of(*state) > 0))
}

async fn one_page(tx: &mut crate::db::Tx, batch: &Batch, counts: Counts, list: &Listing) -> Result<(Vec<Row>, Pager), Fault> {
    let (after, before) = (list.text("after").parse().ok(), list.text("before").parse().ok());
    let wanted = Wanted { state: shown(counts, list), search: list.search(), after, before };
    // One row more than a page says whether there is another one.
    let mut rows = bulk_invitation::one_page(tx, batch.id, &wanted, ROWS + 1).await?;
    let more = rows.len() > ROWS;
    let backwards = after.is_none() && before.is_some();
    if backwards && more {
        rows.remove(0);
    }
    rows.truncate(ROWS);
    let (previous, next) = if backwards { (more, true) } else { (after.is_some(), more) };
    let pager = Pager {
        first: previous.then(|| list.changed("after", "")),
        previous: rows.first().filter(|_| previous).map(|row| list.changed("before", &row.number.to_string())),
        next: rows.last().filter(|_| next).map(|row| list.changed("after", &row.number.to_string())),
    };
    Ok((rows, pager))
}

fn lead(portal: &Portal, batch: &Batch, counts: Counts, held_up: bool) -> String {
    let words = portal.words;
    match batch.state {
        BatchState::Checking | BatchState::Checked if counts.waiting == 0 => words.say("many-lead-nothing"),
        BatchState::Checking | BatchState::Checked if counts.refused > 0 => words.say("many-lead-some"),
        BatchState::Checking | BatchState::Checked => words.say("many-lead-all"),
        BatchState::Running if held_up => words.say("many-lead-held-up"),
        BatchState::Running => words.say("many-lead-running"),
        BatchState::Paused => words.say("many-lead-paused"),
        BatchState::Ended => words.say("many-lead-ended"),
        BatchState::Cancelled => words.say("many-lead-cancelled"),
    }
}

fn buttons(portal: &Portal, batch: &Batch, counts: Counts, mine: bool) -> Vec<(&'static str, String, &'static str)> {
    let words = portal.words;
    let mine = mine && super::may_invite(portal);
    let mut buttons = Vec::new();
    match batch.state {
        BatchState::Checked => {
            if mine && counts.waiting > 0 {
                buttons.push(("start", words.counted("many-start", "count", counts.waiting.unsigned_abs()), "primary"));
            }
            buttons.push(("discard", words.say("many-discard"), ""));
        }
        BatchState::Running => buttons.push(("pause", words.say("many-pause"), "")),
        BatchState::Paused if mine => buttons.push(("proceed", words.say("many-proceed"), "primary")),
        BatchState::Ended if mine && counts.failed > 0 => {
            buttons.push(("retry", words.counted("many-retry", "count", counts.failed.unsigned_abs()), "primary"));
        }
        BatchState::Checking | BatchState::Paused | BatchState::Ended | BatchState::Cancelled => {}
    }
    buttons
}

fn person_row(portal: &Portal, row: &Row) -> PersonRow {
    let lines = &row.content.lines;
    let mut numbers: Vec<String> = lines.iter().take(3).map(|line| line.number.to_string()).collect();
    if lines.len() > 3 {
        numbers.push("\u{2026}".to_owned());
    }
    // What is no address can be anything, so only its beginning is shown.
    let typed = || crate::base::text::shown(lines.first().map_or("", |line| line.cell(Column::Email)));
    let email = row.content.email.as_ref().map_or_else(typed, ToString::to_string);
    let link = match (row.outcome, row.outcome_id) {
        (Some(Did::Added), Some(id)) => Some(paths::sent_invitation(InvitationId::from_uuid(id))),
        (Some(Did::Given | Did::Unchanged), Some(id)) => Some(paths::user(UserId::from_uuid(id))),
        _ => None,
    };
    let problems = row.problems.iter().take(10).map(|problem| {
        let line = if problem.line == 0 { row.number.to_string() } else { problem.line.to_string() };
        (line, problem.column.as_str().to_owned(), say::problem(portal.words, &portal.person.snapshot, problem))
    });
    PersonRow {
        numbers: numbers.join(", "),
        email,
        name: row.content.name.as_ref().map(ToString::to_string).unwrap_or_default(),
        outcome: say::outcome(portal.words, row),
        link,
        problems: problems.collect(),
    }
}

/// `POST /portal/invitations/many/{id}`: `do` says what.
pub async fn act(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let batch = match find(&portal, &id).await {
        Ok(Some(batch)) => batch,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    let id = batch.id;
    let what = fields.one("do").ok().flatten().unwrap_or_default();
    let (outcome, done) = match what {
        "start" => (portal.work(async |work| bulk_invitation::start(work, id).await).await, "many-started"),
        "pause" => (portal.work(async |work| bulk_invitation::pause(work, id).await).await, "many-paused"),
        "proceed" => (portal.work(async |work| bulk_invitation::proceed(work, id).await).await, "many-started"),
        "retry" => (portal.work(async |work| bulk_invitation::retry(work, id).await).await, "many-started"),
        "discard" => (portal.work(async |work| bulk_invitation::discard(work, id).await).await, "many-discarded"),
        _ => (Err(HandleError::Late), ""),
    };
    let to = if what == "discard" { paths::INVITE_MANY.to_owned() } else { paths::invite_file(id) };
    handled(&portal, &batch, outcome, &to, done).await
}

async fn handled(portal: &Portal, batch: &Batch, outcome: Result<(), HandleError>, to: &str, done: &str) -> HttpResponse {
    match outcome {
        Ok(()) => Portal::done(to, done),
        Err(HandleError::Missing) => portal.missing().await,
        Err(HandleError::Denied(denied)) => portal.refused(&denied).await,
        Err(HandleError::Late) => answer(portal, &batch.id.to_string(), StatusCode::CONFLICT, Some(portal.words.say("many-late"))).await,
        Err(HandleError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// `GET /portal/invitations/many/{id}/cancel`.
pub async fn ask_cancel(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let found = async {
        let Some(batch) = find(&portal, &id).await? else { return Ok(None) };
        let mut tx = portal.visit.server.ground.db.read().await?;
        let counts = bulk_invitation::counts(&mut tx, &[batch.id]).await?.remove(&batch.id).unwrap_or_default();
        Ok::<_, Fault>(Some((batch, counts)))
    };
    let (batch, counts) = match found.await {
        Ok(Some(found)) => found,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    if !matches!(batch.state, BatchState::Running | BatchState::Paused) {
        return see_other(&paths::invite_file(batch.id));
    }
    let words = portal.words;
    let page = CancelPage {
        back: paths::invite_file(batch.id),
        title: batch.file_name,
        follows: vec![
            words.counted("many-cancel-waiting", "count", counts.waiting.unsigned_abs()),
            words.counted("many-cancel-done", "count", counts.done.unsigned_abs()),
        ],
        button: words.say("many-cancel"),
        shell: portal.shell(Section::Invitations).await,
    };
    Portal::page(StatusCode::OK, &page)
}

/// `POST /portal/invitations/many/{id}/cancel`.
pub async fn cancel(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.form(payload).await {
        return answer;
    }
    let batch = match find(&portal, &id).await {
        Ok(Some(batch)) => batch,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    let outcome = portal.work(async |work| bulk_invitation::cancel(work, batch.id).await).await;
    handled(&portal, &batch, outcome, &paths::invite_file(batch.id), "many-cancelled").await
}
