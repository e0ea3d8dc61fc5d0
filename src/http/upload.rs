//! Forms with a file (RFC 7578): each field is read as far as it may go and one byte more, and the whole to its end, so that the browser
//! hears the answer.

use super::visit::{BODY_TIME, FormError, Visit};
use actix_multipart::{Field, Multipart};
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Payload;
use futures_util::StreamExt;
use tokio::time::{Instant, timeout_at};

/// The most that is read at all.
const MOST: usize = 64 * 1024 * 1024;
/// The most fields.
const FIELDS: usize = 10;
/// The most of a plain field.
pub const PLAIN: usize = 200;

/// A form that is being read.
pub struct Upload {
    parts: Multipart,
    fields: usize,
    /// The bytes of all fields so far.
    read: usize,
    /// When everything must be here.
    until: Instant,
}

impl Upload {
    /// Begins to read.
    pub fn of(visit: &Visit, payload: Payload) -> Result<Self, FormError> {
        let content_type = visit.request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if !content_type.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return Err(FormError::Type);
        }
        Ok(Self { parts: Multipart::new(visit.request.headers(), payload), fields: 0, read: 0, until: Instant::now() + BODY_TIME })
    }

    /// The next field, if there is one.
    pub async fn next(&mut self) -> Result<Option<Field>, FormError> {
        let part = timeout_at(self.until, self.parts.next()).await.map_err(|_| FormError::Slow)?;
        let Some(part) = part else { return Ok(None) };
        self.fields += 1;
        if self.fields > FIELDS {
            return Err(FormError::TooLarge);
        }
        part.map(Some).map_err(|_| FormError::Broken)
    }

    /// Reads a field, keeps its first bytes, and lets the rest go.
    pub async fn take(&mut self, field: &mut Field, most: usize) -> Result<Vec<u8>, FormError> {
        let mut kept = Vec::new();
        while let Some(chunk) = timeout_at(self.until, field.next()).await.map_err(|_| FormError::Slow)? {
            let chunk = chunk.map_err(|_| FormError::Broken)?;
            self.read += chunk.len();
            if self.read > MOST {
                return Err(FormError::TooLarge);
            }
            kept.extend_from_slice(&chunk[..chunk.len().min(most.saturating_sub(kept.len()))]);
        }
        Ok(kept)
    }
}
