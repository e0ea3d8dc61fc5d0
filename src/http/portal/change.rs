//! Forms that change access. What they do is one rule; `Portal::change` runs it as whoever sent the form.

use super::Portal;
use super::shell::Section;
use crate::base::fault::Fault;
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use actix_web::HttpResponse;
use std::error::Error;

/// What became of a form that changes access.
#[derive(Debug)]
pub enum Changed<T> {
    /// The change was made.
    Made(T),
    /// Nothing was changed: the reader asked what it would do, and this page answers.
    Shown(HttpResponse),
}

impl Portal {
    /// Runs the rule of a form that changes access, in the section of the menu where the form stands.
    pub async fn change<T, E>(&self, section: Section, fields: &Parameters, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Changed<T>, E>
    where
        E: Error + From<Fault> + 'static,
    {
        let _ = (section, fields);
        self.work(rule).await.map(Changed::Made)
    }
}
