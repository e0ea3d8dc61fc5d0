//! A sign-in of the demo app that did not come to its end: what happened, and the way to begin again.

use crate::http::page::{Forms, Frame, render};
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The page.
#[derive(Template)]
#[template(path = "demo/notice.html")]
pub struct NoticePage {
    /// The layout.
    pub frame: Frame,
    /// What happened.
    pub title: String,
    /// What it means, and what to do.
    pub text: String,
    /// What the server said to the app: a code, and a sentence for its developer.
    pub said: Option<(String, String)>,
    /// Where to begin again; `None`: nobody knows what was tried.
    pub begin: Option<String>,
    /// Whether somebody else may have more luck.
    pub other: bool,
}

impl NoticePage {
    /// What happened, in the reader's language.
    pub async fn new(visit: &Visit, begin: Option<String>, say: impl Fn(crate::words::Words) -> (String, String)) -> Self {
        let frame = visit.frame().await;
        let (title, text) = say(frame.words);
        Self { frame, title, text, said: None, begin, other: false }
    }

    /// Answers with it.
    pub fn answer(&self, status: StatusCode) -> HttpResponse {
        render(status, self, Forms::Stay)
    }
}
