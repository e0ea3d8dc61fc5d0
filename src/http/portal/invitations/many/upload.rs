//! `POST /portal/invitations/many`: a file is uploaded or pasted, judged and kept. Nothing is sent.

use super::{GIVES, answer, enter, lookup, say};
use crate::base::fault::Fault;
use crate::base::text::Locale;
use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::upload::{self, Upload};
use crate::http::visit::{FormError, Visit};
use crate::lifecycle::bulk_invitation::{self, FileError, Judged, MOST_BYTES, judge, parse};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{self, Payload};
use tokio::sync::Semaphore;

/// So many files are judged at once: each takes memory.
static JUDGED: Semaphore = Semaphore::const_new(2);

/// What was sent. File and text are kept as far as they may go and one byte more.
#[derive(Debug, Default)]
struct Sent {
    csrf: Option<String>,
    name: String,
    file: Vec<u8>,
    text: Vec<u8>,
}

impl Sent {
    async fn read(visit: &Visit, payload: Payload) -> Result<Self, FormError> {
        let mut upload = Upload::of(visit, payload)?;
        let mut this = Self::default();
        while let Some(mut field) = upload.next().await? {
            match field.name().unwrap_or_default() {
                "file" => {
                    this.name = field.content_disposition().and_then(|about| about.get_filename()).map(bulk_invitation::file_name).unwrap_or_default();
                    this.file = upload.take(&mut field, MOST_BYTES + 1).await?;
                }
                "text" => this.text = upload.take(&mut field, MOST_BYTES + 1).await?,
                "csrf" => this.csrf = String::from_utf8(upload.take(&mut field, upload::PLAIN).await?).ok(),
                _ => _ = upload.take(&mut field, 0).await?,
            }
        }
        Ok(this)
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
    let read = Sent::read(&portal.visit, payload).await;
    if let Err(answer) = portal.stays().await {
        return answer;
    }
    let upload = match read {
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
