//! `POST /portal/invitations/many`: a file is uploaded or pasted, judged and kept. Nothing is sent.

use super::{GIVES, answer, enter, lookup, say};
use crate::base::fault::Fault;
use crate::base::text::Locale;
use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::visit::{FormError, Visit};
use crate::lifecycle::bulk_invitation::{self, FileError, Judged, MOST_BYTES, judge, parse};
use actix_multipart::{Field, Multipart};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{self, Payload};
use futures_util::StreamExt;
use tokio::sync::Semaphore;

/// The most of a plain field.
const FIELD: usize = 200;
/// The most that is read at all.
const MOST: usize = 64 * 1024 * 1024;
/// So many files are judged at once: each takes memory.
static JUDGED: Semaphore = Semaphore::const_new(2);

/// What was sent. File and text are kept as far as they may go and one byte more.
#[derive(Debug, Default)]
struct Upload {
    csrf: Option<String>,
    name: String,
    file: Vec<u8>,
    text: Vec<u8>,
    /// The bytes of all fields so far.
    read: usize,
}

impl Upload {
    /// Reads a field, keeps its first bytes, and lets the rest go.
    async fn take(&mut self, field: &mut Field, most: usize) -> Result<Vec<u8>, FormError> {
        let mut kept = Vec::new();
        while let Some(chunk) = field.next().await {
            let chunk = chunk.map_err(|_| FormError::Broken)?;
            self.read += chunk.len();
            if self.read > MOST {
                return Err(FormError::TooLarge);
            }
            kept.extend_from_slice(&chunk[..chunk.len().min(most.saturating_sub(kept.len()))]);
        }
        Ok(kept)
    }

    async fn read(visit: &Visit, payload: Payload) -> Result<Self, FormError> {
        let content_type = visit.request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(FormError::Type);
        }
        let mut parts = Multipart::new(visit.request.headers(), payload);
        let mut this = Self::default();
        for _ in 0..10 {
            let Some(part) = parts.next().await else { return Ok(this) };
            let mut field = part.map_err(|_| FormError::Broken)?;
            match field.name().unwrap_or_default() {
                "file" => {
                    this.name = field.content_disposition().and_then(|about| about.get_filename()).map(bulk_invitation::file_name).unwrap_or_default();
                    this.file = this.take(&mut field, MOST_BYTES + 1).await?;
                }
                "text" => this.text = this.take(&mut field, MOST_BYTES + 1).await?,
                "csrf" => this.csrf = String::from_utf8(this.take(&mut field, FIELD).await?).ok(),
                _ => _ = this.take(&mut field, 0).await?,
            }
        }
        Err(FormError::TooLarge)
    }
}

/// Why a file was not kept.
enum Refused {
    File(FileError),
    Fault(Fault),
}

impl From<Fault> for Refused {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// `POST /portal/invitations/many`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit, GIVES).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let upload = match Upload::read(&portal.visit, payload).await {
        Ok(upload) => upload,
        Err(error) => return portal.visit.form_error_page(error).await,
    };
    if !portal.person.accepts(&portal.visit, upload.csrf.as_deref()) {
        return portal.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    let words = portal.words;
    let pasted = String::from_utf8_lossy(if upload.text.len() > MOST_BYTES { b"" } else { &upload.text }).into_owned();
    let (has_file, has_text) = (!upload.file.is_empty(), !upload.text.trim_ascii().is_empty());
    let (field, bytes, name) = match (has_file, has_text) {
        (true, true) => return again(&portal, pasted, "file", words.say("many-one-of-both")).await,
        (false, false) if upload.name.is_empty() => return again(&portal, pasted, "file", words.say("many-neither")).await,
        (false, true) => ("text", upload.text, words.say("many-pasted")),
        _ => ("file", upload.file, upload.name),
    };
    match Box::pin(check(&portal, bytes, name)).await {
        Ok(to) => see_other(&to),
        Err(Refused::File(error)) => again(&portal, pasted, field, say::file_error(words, &error)).await,
        Err(Refused::Fault(fault)) => portal.fault(&fault).await,
    }
}

async fn again(portal: &Portal, text: String, field: &'static str, message: String) -> HttpResponse {
    answer(portal, StatusCode::UNPROCESSABLE_ENTITY, text, vec![FieldError { field, message }]).await
}

/// Judges a file and keeps it; answers the address of its page. Reading and judging takes a moment, so other requests go on beside it.
async fn check(portal: &Portal, bytes: Vec<u8>, file_name: String) -> Result<String, Refused> {
    let _one_of_few = JUDGED.acquire().await.map_err(|error| Fault::new("wait to judge a file", error))?;
    let (lookup, now) = (lookup(portal).await?, portal.person.now);
    let language = Locale::parse(portal.words.lang()).unwrap_or_else(|_| Locale::english());
    let judged = web::block(move || -> Result<(usize, Vec<Judged>), FileError> {
        let sheet = parse(&bytes)?;
        Ok((sheet.lines.len(), judge(sheet, &lookup, &language, now)))
    });
    let (line_count, people) = judged.await.map_err(|error| Fault::new("judge a file", error))?.map_err(Refused::File)?;
    let person = &portal.person;
    let upload = bulk_invitation::Upload {
        file_name,
        line_count,
        user_id: person.user.id,
        user_label: person.user.email.to_string(),
        proved_at: person.session.authenticated_at,
    };
    let id = bulk_invitation::keep(&portal.visit.server.ground.db, &person.actor(), &person.snapshot, &upload, people, now).await?;
    Ok(paths::invite_file(id))
}
