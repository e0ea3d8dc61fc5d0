//! `/portal/audit`: what happened, newest first.

mod asked;
mod export;
pub mod one;
mod subject;
pub mod words;

use super::Portal;
use super::shell::{Section, Shell};
use super::users::{Choice, Choices};
use crate::audit::search::{self, Cursor, Entry, From, Reader};
use crate::base::fault::Fault;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, resource};
use askama::Template;
use subject::Names;
use words::Topic;

const NEEDS: &[&str] = &[search::PERMISSION];

/// The routes of the audit trail.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::AUDIT).route(get().to(show)))
        .service(resource(paths::AUDIT_CSV).route(get().to(export::csv)))
        .service(resource(paths::AUDIT_NDJSON).route(get().to(export::ndjson)))
        .service(resource(paths::AUDIT_EVENT).route(get().to(one::show)));
}

/// The list.
#[derive(Template)]
#[template(path = "portal/audit/list.html")]
pub struct AuditPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// Whether a date of the address could not be read.
    pub bad_dates: bool,
    /// Whether one of the rarer filters is in use.
    pub more_in_use: bool,
    /// What happened, by topic: the topic itself, and its kinds.
    pub topics: Vec<Choices>,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The other pages.
    pub pager: Pager,
}

/// One event.
pub struct Row {
    /// Its page.
    pub link: String,
    /// When, to the minute.
    pub when: String,
    /// When, exactly.
    pub exact: String,
    /// What happened.
    pub what: String,
    /// More about it in a few words: why, how often.
    pub more: String,
    /// Whether it is something to look at twice.
    pub bad: bool,
    /// Who did it.
    pub who: Party,
    /// About whom or what.
    pub about: Party,
    /// From where.
    pub from: String,
}

/// Somebody or something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// The noun, or how they came.
    pub noun: String,
    /// The name; empty when none is known.
    pub name: String,
    /// Its page, if it is there and the reader may see it.
    pub link: Option<String>,
    /// Whether the name was erased.
    pub erased: bool,
}

/// Lets somebody in who may see the trail, with the proof of it.
async fn enter(visit: Visit) -> Result<(Portal, Reader), HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    match Reader::of(&portal.person.actor()) {
        Ok(reader) => Ok((portal, reader)),
        Err(denied) => Err(portal.refused(&denied).await),
    }
}

/// `GET /portal/audit`.
pub async fn show(visit: Visit) -> HttpResponse {
    let (portal, reader) = match enter(visit).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    match Box::pin(page(&portal, reader)).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, reader: Reader) -> Result<AuditPage, Fault> {
    let list = Listing::of(&portal.visit);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (filter, bad_dates) = asked::filter(&mut tx, &list).await?;
    let from = match (Cursor::read(list.text("after")), Cursor::read(list.text("before"))) {
        (Some(after), _) => From::OlderThan(after),
        (None, Some(before)) => From::NewerThan(before),
        (None, None) => From::Newest,
    };
    // One row more than a page says whether there is another one.
    let mut entries = search::page(&mut tx, reader, &filter, from, ROWS + 1).await?;
    let more = entries.len() > ROWS;
    entries.truncate(ROWS);
    let (newer, older) = match from {
        From::NewerThan(_) => (more, true),
        From::OlderThan(_) => (true, more),
        From::Newest | From::Oldest => (false, more),
    };
    if matches!(from, From::NewerThan(_)) {
        entries.reverse();
    }
    let names = Names::of(&mut tx, portal, &entries).await?;
    drop(tx);
    let pager = Pager {
        first: newer.then(|| list.changed("after", "")),
        previous: entries.first().filter(|_| newer).map(|entry| list.changed("before", &entry.cursor().write())),
        next: entries.last().filter(|_| older).map(|entry| list.changed("after", &entry.cursor().write())),
    };
    let rows = entries.iter().map(|entry| row(portal, entry, &names)).collect();
    let more_in_use = ["request", "address"].iter().any(|name| !list.text(name).is_empty());
    Ok(AuditPage { shell: portal.shell(Section::Audit).await, topics: topics(portal, &list), list, bad_dates, more_in_use, rows, pager })
}

fn topics(portal: &Portal, list: &Listing) -> Vec<Choices> {
    let words = portal.words;
    let chosen = list.text("kind");
    let option = |value: &str, text: String| Choice { value: value.to_owned(), text, chosen: chosen == value };
    let of = |topic: &Topic| Choices {
        name: topic.as_str(),
        label: topic.name(words),
        options: std::iter::once(option(topic.as_str(), topic.name(words)))
            .chain(topic.kinds().map(|kind| option(kind.as_str(), words::kind(words, kind.as_str()))))
            .collect(),
    };
    Topic::ALL.iter().map(of).collect()
}

fn row(portal: &Portal, entry: &Entry, names: &Names) -> Row {
    let words = portal.words;
    let minute = words.minute(entry.at);
    Row {
        link: paths::audit_event(entry.id),
        when: minute,
        exact: entry.at.rfc3339(),
        what: words::kind(words, &entry.kind),
        more: more(portal, entry),
        bad: entry.known().is_some_and(words::is_bad),
        who: names.actor(portal, entry),
        about: names.subject(portal, entry),
        from: from(portal, entry),
    }
}

/// Why, and for how many.
fn more(portal: &Portal, entry: &Entry) -> String {
    let words = portal.words;
    let Some(after) = entry.told.as_ref().and_then(|told| told.after.as_ref()) else { return String::new() };
    let reason = after.get("reason").and_then(serde_json::Value::as_str).map(|reason| words::reason(words, reason));
    let count = after.get("count").and_then(serde_json::Value::as_u64).map(|count| words.counted("audit-and-more", "count", count));
    reason.into_iter().chain(count).collect::<Vec<_>>().join(", ")
}

/// The address, unless the event stands for many.
fn from(portal: &Portal, entry: &Entry) -> String {
    let Some(told) = &entry.told else { return String::new() };
    let many = told.after.as_ref().is_some_and(|after| after.get("from_many_places").is_some());
    if many { portal.words.say("audit-many-places") } else { told.address.clone().unwrap_or_default() }
}
