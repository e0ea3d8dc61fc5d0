//! Asking once more who it is: before somebody takes platform access from others, or others out of the organization, they prove who they
//! are if that was a while ago (rule 3c). The form that was sent waits on the page, and goes on with the password.

use super::Portal;
use super::change::{ASK, BACK};
use super::preview::is_ours;
use super::shell::{Section, Shell};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::time::Timestamp;
use crate::http::error::ErrorWords;
use crate::http::visit::NewCookie;
use crate::http::{cookies, paths};
use crate::login::password::{Again, prove_again};
use crate::login::session::{self, Context, PORTAL};
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use actix_web::{HttpMessage, HttpResponse};
use askama::Template;

/// The field of the password.
const PROOF: &str = "proof";

/// The question. It posts everything that the form before it said, and `proof`.
#[derive(Template)]
#[template(path = "portal/proof.html")]
pub struct ProofPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the form before.
    pub back: String,
    /// What that form said, to be said again.
    pub fields: Vec<(String, String)>,
    /// Whose password it is.
    pub email: String,
    /// What was wrong with the last try.
    pub error: Option<String>,
}

impl Portal {
    /// Asks for the password, and keeps what was sent.
    pub(super) async fn ask_proof(&self, fields: &Parameters, status: StatusCode, error: Option<String>) -> HttpResponse {
        let shell = self.shell(Section::Elsewhere).await;
        let one = |name| fields.one(name).ok().flatten();
        let action = self.visit.request.uri().path_and_query().map_or_else(|| paths::PORTAL.to_owned(), ToString::to_string);
        let page = ProofPage {
            action,
            back: one(BACK).filter(|path| is_ours(path)).unwrap_or(paths::PORTAL).to_owned(),
            fields: fields.pairs().filter(|(name, _)| !["csrf", PROOF, ASK].contains(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            email: self.person.user.email.to_string(),
            error,
            shell,
        };
        Self::page(status, &page)
    }

    /// Looks whether a form brings the password that it was asked for. If it is right, what the form wants is wanted by somebody who proved
    /// who they are just now.
    pub(super) async fn take_proof(&self, fields: Parameters) -> Result<Parameters, HttpResponse> {
        let password = fields.one(PROOF).ok().flatten().map(|password| Secret::new(password.to_owned()));
        // It is written into no page again, however often it came.
        let fields = fields.only(|name, _| name != PROOF);
        let Some(password) = password else { return Ok(fields) };
        let (server, words) = (&self.visit.server, self.words);
        match prove_again(&server.ground, &server.passwords, &self.visit.origin, &self.person.user, &password).await {
            Ok(Again::Proved(_)) => match self.proved().await {
                Ok(Some(at)) => {
                    // Set once for each request: there is one form in it.
                    let _ = self.proved_at.set(at);
                    Ok(fields)
                }
                Ok(None) => Err(self.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::SignedOut).await),
                Err(fault) => Err(self.fault(&fault).await),
            },
            Ok(Again::Wrong) => Err(self.ask_proof(&fields, StatusCode::UNPROCESSABLE_ENTITY, Some(words.say("password-current-wrong"))).await),
            Ok(Again::Slow(slow)) => {
                let seconds = slow.seconds();
                let message = words.counted("sign-in-slow", "seconds", seconds);
                let mut answer = self.ask_proof(&fields, StatusCode::TOO_MANY_REQUESTS, Some(message)).await;
                answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
                Err(answer)
            }
            Ok(Again::Busy) => Err(self.visit.error_page(StatusCode::SERVICE_UNAVAILABLE, ErrorWords::Busy).await),
            Err(fault) => Err(self.fault(&fault).await),
        }
    }

    /// Notes the proof, and has the answer set the new cookie; `None`: the session has ended meanwhile.
    async fn proved(&self) -> Result<Option<Timestamp>, Fault> {
        let note = async |work: &mut Work| {
            let now = work.now;
            Ok::<_, Fault>(session::note_proof(work, &self.person.session).await?.map(|secret| (now, secret)))
        };
        let server = &self.visit.server;
        let noted = server.ground.work(&self.person.actor(), &self.visit.origin, note).await?;
        Ok(noted.map(|(at, secret)| {
            let life = Context::portal(&self.person.snapshot).policy().maximum;
            self.visit.request.extensions_mut().insert(NewCookie(cookies::set(server, PORTAL, secret.expose(), life)));
            at
        }))
    }
}
