//! `POST /portal/settings/logo`: a logo is uploaded. What is too large is read to its end, so that the browser hears the answer, and kept
//! nowhere.

use super::appearance::{self, Again, picture_sentence};
use super::enter;
use crate::base::picture::{Picture, PictureError};
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::portal::Portal;
use crate::http::visit::{FormError, Visit};
use crate::identity::organization::brand::Change;
use actix_multipart::{Field, Multipart};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use futures_util::StreamExt;

/// The most of a plain field.
const FIELD: usize = 200;
/// The most that is read at all.
const MOST: usize = 64 * 1024 * 1024;

/// What was sent.
#[derive(Debug, Default)]
struct Upload {
    csrf: Option<String>,
    version: i64,
    /// The file, as far as it may go and one byte more.
    file: Vec<u8>,
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
        let mut this = Self { version: -1, ..Self::default() };
        for _ in 0..10 {
            let Some(part) = parts.next().await else { return Ok(this) };
            let mut field = part.map_err(|_| FormError::Broken)?;
            let name = field.name().unwrap_or_default().to_owned();
            if name == "logo" {
                this.file = this.take(&mut field, Picture::MOST_BYTES + 1).await?;
            } else {
                let text = this.take(&mut field, FIELD).await?;
                let text = String::from_utf8(text).unwrap_or_default();
                match name.as_str() {
                    "csrf" => this.csrf = Some(text),
                    "version" => this.version = text.parse().unwrap_or(-1),
                    _ => {}
                }
            }
        }
        Err(FormError::TooLarge)
    }
}

/// `POST /portal/settings/logo`.
pub async fn upload(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let upload = match Upload::read(&portal.visit, payload).await {
        Ok(upload) => upload,
        Err(FormError::TooLarge) => return refused(&portal, PictureError::TooLarge).await,
        Err(error) => return portal.visit.form_error_page(error).await,
    };
    if !portal.person.accepts(&portal.visit, upload.csrf.as_deref()) {
        return portal.visit.error_page(StatusCode::FORBIDDEN, ErrorWords::Stale).await;
    }
    match Picture::parse(upload.file) {
        Ok(picture) => appearance::carry_out(&portal, upload.version, &Change::Logo(Some(&picture)), "logo-saved", None).await,
        Err(error) => refused(&portal, error).await,
    }
}

async fn refused(portal: &Portal, error: PictureError) -> HttpResponse {
    let errors = vec![FieldError { field: "logo", message: picture_sentence(portal.words, error) }];
    appearance::answer(portal, Again { errors, ..Again::default() }, StatusCode::UNPROCESSABLE_ENTITY).await
}
