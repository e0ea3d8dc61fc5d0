//! Long lists as files: page by page, and never without a line in the audit trail. (A short list that is at hand: `http::csv::file`.)
//!
//! A page is read, the reader of the database is given back, the page is sent; only then comes the next one. However long the list and
//! however slow whoever takes it, memory stays small and nothing is held.

use super::Portal;
use crate::access::{load, people};
use crate::base::fault::Fault;
use crate::http::csv::{self, Csv};
use crate::http::error::ErrorWords;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::web::Bytes;
use futures_util::stream;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::task::JoinHandle;

/// The rows of one page: as many as are loaded together.
pub const STEP: usize = load::STEP;
/// Whoever is told to come back does so after so many seconds.
const COME_BACK: &str = "30";
/// Whoever takes longer gives the place to others; their export breaks off.
const LONGEST: Duration = Duration::from_mins(10);

/// A list that is read page by page.
pub trait Pages: 'static {
    /// Where a page begins.
    type Place: 'static;
    /// Where the first one does.
    const START: Self::Place;

    /// Writes the page that begins there, and answers where the next one does; `None`: that was all. Nothing of the database is held when it
    /// answers.
    fn page(&mut self, at: Self::Place, csv: &mut Csv) -> impl Future<Output = Result<Option<Self::Place>, Fault>>;
}

/// Where the page after these rows begins, in a list that is read from row to row; `None`: they were the last ones. `at`: the place of a row.
pub fn after<T, C>(rows: &[T], at: impl FnOnce(&T) -> C) -> Option<people::From<C>> {
    rows.last().filter(|_| rows.len() == STEP).map(|last| people::From::After(at(last)))
}

impl Portal {
    /// Answers with a list as a file: `head` first, then page after page. The trail keeps that `what` left, and what was asked for. When others
    /// take all places: come back later.
    pub async fn export<P: Pages>(&self, what: &'static str, name: &str, head: Vec<String>, mut pages: P) -> HttpResponse {
        let Ok(permit) = Arc::clone(&self.visit.server.exports).try_acquire_owned() else {
            let mut answer = Box::pin(self.visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Exports)).await;
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static(COME_BACK));
            return answer;
        };
        let turn = Turn::of(permit);
        // On the heap, as everything that several handlers await: their futures stay small.
        let asked = self.visit.request.uri().to_string();
        let noted = Box::pin(self.work(async |work| work.record_export(what, &asked).await)).await;
        if let Err(fault) = noted {
            return self.fault(&fault).await;
        }
        let mut first = Csv::default();
        first.row(head);
        // What fails at once gets a page that says so; later only a broken download can tell.
        let next = match pages.page(P::START, &mut first).await {
            Ok(next) => next,
            Err(fault) => return self.fault(&fault).await,
        };
        let id = self.visit.id.clone();
        let chunks = stream::try_unfold((pages, next, turn, Some(first)), move |(mut pages, next, turn, ready)| {
            let id = id.clone();
            async move {
                if let Some(csv) = ready {
                    return Ok(Some((Bytes::from(csv.into_text()), (pages, next, turn, None))));
                }
                let Some(at) = next else { return Ok(None) };
                if !turn.lasts() {
                    return Err(Fault::broken("an export took too long"));
                }
                let mut csv = Csv::default();
                match pages.page(at, &mut csv).await {
                    Ok(next) => Ok(Some((Bytes::from(csv.into_text()), (pages, next, turn, None)))),
                    Err(fault) => {
                        tracing::error!(%id, %fault, "an export broke off");
                        Err(fault)
                    }
                }
            }
        });
        csv::attachment(csv::KIND, &format!("{name}.csv")).streaming(chunks)
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_that_is_not_full_is_the_last_one() {
        let next = |rows: usize| after(&(0..rows).collect::<Vec<_>>(), |row| *row);
        assert_eq!([0, 1, STEP - 1].map(next), [None, None, None]);
        assert_eq!(next(STEP), Some(people::From::After(STEP - 1)));
    }
}
