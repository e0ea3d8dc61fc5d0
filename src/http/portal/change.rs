//! Forms that change access. What they do is one rule; `Portal::change` runs it as whoever sent the form, or tells what it would do.

use super::shell::Section;
use super::{Portal, preview};
use crate::access::guard::lacks_proof;
use crate::base::fault::Fault;
use crate::lifecycle::preview::{Desk, Viewer, preview as told};
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use std::error::Error;

/// The fields that the buttons of such a form add (`templates/portal/save.html`): they ask for the preview, and help it to lead on.
pub const ASK: &str = "preview";
/// What the form's own button says.
pub const LABEL: &str = "preview-label";
/// The page of the form.
pub const BACK: &str = "preview-back";

/// What became of a form that changes access.
#[derive(Debug)]
pub enum Changed<T> {
    /// The change was made.
    Made(T),
    /// Nothing was changed: the reader asked what it would do, or must prove first who they are, and this page answers.
    Shown(HttpResponse),
}

/// Whether a form asks what it would do.
pub fn asks(fields: &Parameters) -> bool {
    !fields.every(ASK).is_empty()
}

impl Portal {
    /// Runs the rule of a form that changes access, in the section of the menu where the form stands; or rehearses it, if its reader
    /// pressed the second button, and answers with what it would do. What the rule refuses is refused either way.
    pub async fn change<T, E>(&self, section: Section, fields: &Parameters, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Changed<T>, E>
    where
        E: Error + From<Fault> + 'static,
    {
        if !asks(fields) {
            return self.prove(fields, rule).await;
        }
        let (server, person) = (&self.visit.server, &self.person);
        let desk = Desk { ground: &server.ground, known: &server.provider.known, previews: &server.previews };
        let viewer = Viewer::of(Some(person.user.id), &person.authority, &person.snapshot.catalogue);
        let told = Box::pin(told(desk, &self.actor(), &self.visit.origin, viewer, rule)).await?;
        Ok(Changed::Shown(Box::pin(preview::answer(self, section, fields, told)).await))
    }

    /// Runs the rule of a form that has no preview; or asks first who it is, if the rule wants a fresh proof.
    pub async fn prove<T, E>(&self, fields: &Parameters, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Changed<T>, E>
    where
        E: Error + From<Fault> + 'static,
    {
        match self.work(rule).await {
            Err(error) if lacks_proof(&error) => Ok(Changed::Shown(Box::pin(self.ask_proof(fields, StatusCode::FORBIDDEN, None)).await)),
            done => done.map(Changed::Made),
        }
    }
}
