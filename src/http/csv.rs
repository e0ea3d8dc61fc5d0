//! Lists as CSV (RFC 4180), for people who open them in a spreadsheet.
//!
//! What may be long is streamed: a page is read, the reader of the database is given back, the page is sent; only then comes the next
//! one. However long the list and however slow whoever takes it, memory stays small and nothing is held.

use super::error::ErrorWords;
use super::visit::Visit;
use crate::base::fault::Fault;
use crate::words::Words;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue, RETRY_AFTER, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

/// Whoever is told to come back does so after so many seconds.
const COME_BACK: &str = "30";
/// Whoever takes longer gives the place to others; their export breaks off.
const LONGEST: Duration = Duration::from_mins(10);

/// The rows of an export, page by page.
pub trait Pages: 'static {
    /// The next page; `None`: that was all. Nothing of the database is held when it answers.
    fn next(&mut self) -> impl Future<Output = Result<Option<Csv>, Fault>>;
}

/// The place that an export takes, until it ends or has taken too long.
struct Turn {
    place: Arc<Mutex<Option<OwnedSemaphorePermit>>>,
    timer: JoinHandle<()>,
}

impl Turn {
    fn of(permit: OwnedSemaphorePermit) -> Self {
        let place = Arc::new(Mutex::new(Some(permit)));
        let held = Arc::clone(&place);
        // Whoever stops taking what is sent is not asked again: only a clock frees the place.
        let timer = actix_web::rt::spawn(async move {
            tokio::time::sleep(LONGEST).await;
            if let Ok(mut held) = held.lock() {
                held.take();
            }
        });
        Self { place, timer }
    }

    fn lasts(&self) -> bool {
        self.place.lock().is_ok_and(|place| place.is_some())
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.timer.abort();
    }
}

/// Answers with a list as a file: `head` first, then page after page. When others take all places: come back later.
pub async fn stream(visit: &Visit, name: &str, head: Vec<String>, mut pages: impl Pages) -> HttpResponse {
    let Ok(permit) = Arc::clone(&visit.server.exports).try_acquire_owned() else {
        let mut answer = visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Exports).await;
        answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(COME_BACK));
        return answer;
    };
    let turn = Turn::of(permit);
    let mut first = Csv::default();
    first.row(head);
    // What fails at once gets a page that says so; later only a broken download can tell.
    match pages.next().await {
        Ok(Some(more)) => first.0.push_str(&more.0),
        Ok(None) => return first.answer(name),
        Err(fault) => return visit.fault_page(&fault).await,
    }
    let id = visit.id.clone();
    let rest = stream::try_unfold((pages, turn, Some(first)), move |(mut pages, turn, ready)| {
        let id = id.clone();
        async move {
            if let Some(csv) = ready {
                return Ok(Some((Bytes::from(csv.0), (pages, turn, None))));
            }
            if !turn.lasts() {
                return Err(Fault::broken("an export took too long"));
            }
            match pages.next().await {
                Ok(next) => Ok(next.map(|csv| (Bytes::from(csv.0), (pages, turn, None)))),
                Err(fault) => {
                    tracing::error!(%id, %fault, "an export broke off");
                    Err(fault)
                }
            }
        }
    });
    headers(name).streaming(rest)
}

/// Answers with a list that is at hand as a file; the head by the keys of its words.
pub fn file<const N: usize>(words: Words, name: &str, head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> HttpResponse {
    let mut csv = Csv::default();
    csv.row(head.map(|key| words.say(key)));
    for row in rows {
        csv.row(row);
    }
    csv.answer(name)
}

fn headers(name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer
        .content_type("text/csv; charset=utf-8")
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
    answer
}

/// A table being written.
#[derive(Debug, Default)]
pub struct Csv(String);

impl Csv {
    /// Adds a row.
    pub fn row<V: AsRef<str>>(&mut self, values: impl IntoIterator<Item = V>) {
        for (at, value) in values.into_iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            self.0.push('"');
            let mut begins = true;
            for c in value.as_ref().chars() {
                // A spreadsheet would run it as a formula, also behind what separates cells for it and not for us.
                if begins && matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r') {
                    self.0.push('\'');
                }
                begins = matches!(c, ';' | '\t' | '\n' | '\r') || begins && c == '"';
                if c == '"' {
                    self.0.push('"');
                }
                self.0.push(c);
            }
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    /// The text so far.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Answers with the table as a file.
    pub fn answer(self, name: &str) -> HttpResponse {
        headers(name).body(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_are_doubled_and_formulas_are_text() {
        let mut csv = Csv::default();
        csv.row(["Ana \"A\"", "x,y\nz"]);
        csv.row(["=cmd|' /C calc'!A0", "+1", "-1", "@sum", "a=b"]);
        assert_eq!(csv.text(), "\"Ana \"\"A\"\"\",\"x,y\nz\"\r\n\"'=cmd|' /C calc'!A0\",\"'+1\",\"'-1\",\"'@sum\",\"a=b\"\r\n");
    }

    /// To a spreadsheet that separates by semicolons, the text behind the first quote is outside of quotes, and a new cell may begin in it.
    #[test]
    fn formulas_are_text_in_every_cell_that_a_spreadsheet_may_see() {
        let mut csv = Csv::default();
        csv.row(["a", "why;=1+1;x", "two\n@sum", "\"=1+1", "late; and - more"]);
        assert_eq!(csv.text(), "\"a\",\"why;'=1+1;x\",\"two\n'@sum\",\"\"\"'=1+1\",\"late; and - more\"\r\n");
    }
}
