//! `POST /portal/settings/logo`: a logo is uploaded. What is too large is read to its end, so that the browser hears the answer, and kept
//! nowhere.

use super::appearance::{self, Again, picture_sentence};
use super::enter;
use crate::base::picture::{Picture, PictureError};
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::portal::Portal;
use crate::http::upload::{self, Upload};
use crate::http::visit::{FormError, Visit};
use crate::identity::organization::brand::Change;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;

/// What was sent.
#[derive(Debug, Default)]
struct Sent {
    csrf: Option<String>,
    version: i64,
    /// The file, as far as it may go and one byte more.
    file: Vec<u8>,
}

impl Sent {
    async fn read(visit: &Visit, payload: Payload) -> Result<Self, FormError> {
        let mut upload = Upload::of(visit, payload)?;
        let mut this = Self { version: -1, ..Self::default() };
        while let Some(mut field) = upload.next().await? {
            let name = field.name().unwrap_or_default().to_owned();
            if name == "logo" {
                this.file = upload.take(&mut field, Picture::MOST_BYTES + 1).await?;
            } else {
                let text = upload.take(&mut field, upload::PLAIN).await?;
                let text = String::from_utf8(text).unwrap_or_default();
                match name.as_str() {
                    "csrf" => this.csrf = Some(text),
                    "version" => this.version = text.parse().unwrap_or(-1),
                    _ => {}
                }
            }
        }
        Ok(this)
    }
}

/// `POST /portal/settings/logo`.
pub async fn upload(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let read = Sent::read(&portal.visit, payload).await;
    if let Err(answer) = portal.stays().await {
        return answer;
    }
    let upload = match read {
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
