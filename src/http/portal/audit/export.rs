//! The trail as a file, with the filters of the page and the oldest event first: a page is read, sent, and forgotten. While a slow reader
//! takes their time, nothing of the database is held.

use super::{asked, enter, words};
use crate::audit::Line;
use crate::audit::search::{self, Entry, Filter, From, Reader};
use crate::base::fault::Fault;
use crate::http::csv::{self, Csv};
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::visit::Visit;
use crate::server::Server;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::web::{Bytes, Data};
use futures_util::Stream;
use futures_util::stream;
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

/// Events read at once.
const STEP: usize = 500;
/// So many exports run at once in this process,
const AT_ONCE: usize = 4;
/// and each for so long: whoever stops reading keeps nobody out.
const LONGEST: Duration = Duration::from_mins(15);

static RUNNING: Semaphore = Semaphore::const_new(AT_ONCE);

/// The forms of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Csv,
    Ndjson,
}

/// `GET /portal/audit.csv`.
pub async fn csv(visit: Visit) -> HttpResponse {
    answer(visit, Form::Csv).await
}

/// `GET /portal/audit.ndjson`.
pub async fn ndjson(visit: Visit) -> HttpResponse {
    answer(visit, Form::Ndjson).await
}

async fn answer(visit: Visit, form: Form) -> HttpResponse {
    let (portal, reader) = match enter(visit).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let Ok(place) = RUNNING.try_acquire() else {
        let words = portal.words;
        let (title, text) = (words.say("audit-busy-title"), words.say("audit-busy"));
        let mut answer = portal.visit.notice_page(StatusCode::SERVICE_UNAVAILABLE, title, text).await;
        answer.headers_mut().insert(RETRY_AFTER, actix_web::http::header::HeaderValue::from(60));
        return answer;
    };
    match Box::pin(begin(&portal, reader, form, place)).await {
        Ok(answer) => answer,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn begin(portal: &Portal, reader: Reader, form: Form, place: SemaphorePermit<'static>) -> Result<HttpResponse, Fault> {
    let server = &portal.visit.server;
    let list = Listing::of(&portal.visit);
    let mut tx = server.ground.db.read().await?;
    let (mut filter, _) = asked::filter(&mut tx, &list).await?;
    drop(tx);
    portal.work(async |work| work.record_export("audit", portal.visit.request.query_string()).await).await?;
    // What happens from now on belongs to the next export: this one has an end.
    let end = server.ground.clock.now().plus(Duration::from_micros(1));
    filter.until = Some(filter.until.map_or(end, |until| until.min(end)));
    let export = Export { server: server.clone(), reader, filter, form, words: portal.words, next: Some(From::Oldest), first: true, stays: Some(keep(place)) };
    let (kind, name) = match form {
        Form::Csv => (csv::KIND, "audit.csv"),
        Form::Ndjson => ("application/x-ndjson", "audit.ndjson"),
    };
    Ok(csv::attachment(kind, name).streaming(chunks(export)))
}

/// Holds the place of an export until it ends, or took too long.
fn keep(place: SemaphorePermit<'static>) -> oneshot::Sender<()> {
    let (stays, gone) = oneshot::channel::<()>();
    actix_web::rt::spawn(async move {
        // Both ends are an end: the export is dropped, or its time is up.
        let _ = tokio::time::timeout(LONGEST, gone).await;
        drop(place);
    });
    stays
}

/// An export on its way.
struct Export {
    server: Data<Server>,
    reader: Reader,
    filter: Filter,
    form: Form,
    words: Words,
    next: Option<From>,
    first: bool,
    stays: Option<oneshot::Sender<()>>,
}

/// The file in pieces, each read when the last one was taken. A piece that cannot be read breaks the answer off, so that half a file
/// never looks like a whole one.
fn chunks(export: Export) -> impl Stream<Item = Result<Bytes, Fault>> {
    stream::try_unfold(export, async |mut export| {
        let Some(from) = export.next.take() else { return Ok(None) };
        if export.stays.as_ref().is_none_or(oneshot::Sender::is_closed) {
            return Err(Fault::broken("an export took too long"));
        }
        let mut tx = export.server.ground.db.read().await?;
        let entries = search::page(&mut tx, export.reader, &export.filter, from, STEP).await?;
        drop(tx);
        if entries.len() == STEP {
            export.next = entries.last().map(|entry| From::NewerThan(entry.cursor()));
        }
        let text = export.text(&entries)?;
        Ok(Some((Bytes::from(text), export)))
    })
}

impl Export {
    fn text(&mut self, entries: &[Entry]) -> Result<String, Fault> {
        match self.form {
            Form::Ndjson => entries.iter().try_fold(String::new(), |text, entry| Ok(text + &Line::of(entry).text()?)),
            Form::Csv => {
                let mut csv = Csv::default();
                if std::mem::take(&mut self.first) {
                    csv.row(COLUMNS);
                }
                for entry in entries {
                    row(&mut csv, self.words, entry)?;
                }
                Ok(csv.into_text())
            }
        }
    }
}

/// The columns are named as the members of an NDJSON line; what happened is also said in words.
const COLUMNS: [&str; 15] = [
    "at",
    "kind",
    "what",
    "actor_kind",
    "actor_id",
    "actor",
    "subject_kind",
    "subject_id",
    "address",
    "request_id",
    "user_agent",
    "before",
    "after",
    "erased",
    "position",
];

fn row(csv: &mut Csv, words: Words, entry: &Entry) -> Result<(), Fault> {
    let told = entry.told.as_ref();
    let json = |value: Option<&serde_json::Value>| value.map_or(Ok(String::new()), serde_json::to_string);
    let text = |value: Option<&String>| value.cloned().unwrap_or_default();
    csv.row([
        crate::audit::exact(entry.at),
        entry.kind.clone(),
        words::kind(words, &entry.kind),
        entry.actor_kind.clone(),
        entry.actor_id.map(|id| id.to_string()).unwrap_or_default(),
        text(told.map(|told| &told.actor)),
        entry.subject_kind.clone(),
        text(entry.subject_id.as_ref()),
        text(told.and_then(|told| told.address.as_ref())),
        text(entry.request_id.as_ref()),
        text(told.and_then(|told| told.user_agent.as_ref())),
        json(told.and_then(|told| told.before.as_ref()))?,
        json(told.and_then(|told| told.after.as_ref()))?,
        told.is_none().to_string(),
        entry.position.map(|position| position.to_string()).unwrap_or_default(),
    ]);
    Ok(())
}
