//! Errors as their readers expect them: a page for people, JSON for programs. The only place that turns a fault into an answer.

use crate::base::fault::Fault;
use crate::http::brand::Links;
use crate::http::page::{Forms, Frame, render};
use crate::http::visit::{FormError, Visit};
use crate::oauth::error::{Code, OAuthError};
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, PRAGMA, WWW_AUTHENTICATE};
use askama::Template;

/// The page for a request that we cannot answer, nor send back to where it came from.
#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    /// The layout.
    pub frame: Frame,
    /// What happened, in a few words.
    pub title: String,
    /// What it means, and what to do next.
    pub text: String,
    /// The request parameter at fault, such as `redirect_uri`, when there is one: it tells the developer where to look.
    pub parameter: Option<String>,
    /// The id under which the log knows this request.
    pub request_id: String,
}

impl Visit {
    /// The frame of every page: the reader's language and the organization's name.
    pub async fn frame(&self) -> Frame {
        let words = Words::of(&self.locale);
        let snapshot = async {
            let mut tx = self.server.ground.db.read().await?;
            self.server.provider.known.snapshot(&mut tx).await
        };
        let snapshot = snapshot.await.ok();
        let organization = snapshot.as_ref().and_then(|snapshot| snapshot.organization.as_ref().map(|organization| organization.name.to_string()));
        let brand = snapshot.map(|snapshot| Links::of(&snapshot.brand)).unwrap_or_default();
        Frame { words, organization: organization.unwrap_or_else(|| "Gatehouse".to_owned()), brand }
    }

    /// The messages in the reader's language.
    pub fn words(&self) -> Words {
        Words::of(&self.locale)
    }

    /// An error page in words from the catalogue.
    pub async fn error_page(&self, status: StatusCode, words: ErrorWords) -> HttpResponse {
        let frame = self.frame().await;
        let (title, text) = words.say(frame.words);
        self.render_error(status, frame, title, text, None)
    }

    /// A page for a request of an app that must not be answered by a redirect; names the parameter for its developer.
    pub async fn bad_request_page(&self, parameter: &str, error: &OAuthError) -> HttpResponse {
        let frame = self.frame().await;
        let (title, text) = if parameter == "redirect_uri" {
            (frame.words.say("error-redirect-title"), frame.words.say("error-redirect"))
        } else {
            (frame.words.say("error-request-title"), frame.words.say("error-request-text"))
        };
        let parameter = format!("{parameter}: {}", error.description);
        self.render_error(StatusCode::BAD_REQUEST, frame, title, text, Some(parameter))
    }

    /// A page for an unexpected failure. Its cause is logged, once, under the id that the page shows.
    pub async fn fault_page(&self, fault: &Fault) -> HttpResponse {
        tracing::error!(id = %self.id, %fault, "a request failed");
        self.error_page(StatusCode::INTERNAL_SERVER_ERROR, ErrorWords::Fault).await
    }

    /// A page for a form that could not be read.
    pub async fn form_error_page(&self, error: FormError) -> HttpResponse {
        let (status, words) = match error {
            FormError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, ErrorWords::TooLarge),
            FormError::Type => (StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorWords::Stale),
            FormError::Broken => (StatusCode::BAD_REQUEST, ErrorWords::Stale),
            FormError::Slow => (StatusCode::REQUEST_TIMEOUT, ErrorWords::Slow),
        };
        self.error_page(status, words).await
    }

    /// A page that says that something cannot be done just now.
    pub async fn notice_page(&self, status: StatusCode, title: String, text: String) -> HttpResponse {
        let frame = self.frame().await;
        self.render_error(status, frame, title, text, None)
    }

    fn render_error(&self, status: StatusCode, frame: Frame, title: String, text: String, parameter: Option<String>) -> HttpResponse {
        render(status, &ErrorPage { frame, title, text, parameter, request_id: self.id.to_string() }, Forms::Stay)
    }

    /// An OAuth error as JSON (RFC 6749 section 5.2).
    pub fn oauth_error(&self, error: &OAuthError) -> HttpResponse {
        let status = match error.code {
            Code::InvalidClient | Code::InvalidToken => StatusCode::UNAUTHORIZED,
            Code::InsufficientScope => StatusCode::FORBIDDEN,
            Code::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Code::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::BAD_REQUEST,
        };
        self.json_error(status, error)
    }

    /// The same with another status.
    pub fn json_error(&self, status: StatusCode, error: &OAuthError) -> HttpResponse {
        let mut answer = HttpResponse::build(status);
        answer.insert_header((CACHE_CONTROL, "no-store")).insert_header((PRAGMA, "no-cache"));
        match error.code {
            Code::InvalidClient => {
                answer.insert_header((WWW_AUTHENTICATE, "Basic realm=\"gatehouse\""));
            }
            // RFC 6750 section 3: the challenge says what was wrong with the token.
            Code::InvalidToken | Code::InsufficientScope => {
                let challenge = format!("Bearer realm=\"gatehouse\", error=\"{}\", error_description=\"{}\"", error.code, error.description);
                answer.insert_header((WWW_AUTHENTICATE, challenge));
            }
            _ => {}
        }
        answer.json(serde_json::json!({ "error": error.code, "error_description": error.description }))
    }

    /// An unexpected failure as JSON, with the request id.
    pub fn fault_json(&self, fault: &Fault) -> HttpResponse {
        tracing::error!(id = %self.id, %fault, "a request failed");
        self.oauth_error(&OAuthError::new(Code::ServerError, format!("something went wrong on our side; request {}", self.id)))
    }

    /// A form that could not be read, as JSON.
    pub fn form_error_json(&self, error: FormError) -> HttpResponse {
        let (status, why) = match error {
            FormError::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "the body is too large"),
            FormError::Type => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "the body must be application/x-www-form-urlencoded"),
            FormError::Broken => (StatusCode::BAD_REQUEST, "the body ended early"),
            FormError::Slow => (StatusCode::REQUEST_TIMEOUT, "the body took too long"),
        };
        self.json_error(status, &OAuthError::invalid_request(why))
    }
}

/// What an error page says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorWords {
    /// Something failed on our side.
    Fault,
    /// There is no such page.
    NotFound,
    /// A form from another time or place.
    Stale,
    /// More was sent than we read.
    TooLarge,
    /// What was sent did not come in time.
    Slow,
    /// A sign-in that was begun elsewhere, or is over.
    NoAttempt,
    /// Too many people sign in just now.
    Busy,
    /// Too many exports run just now.
    Exports,
    /// A form of somebody whose session has ended.
    SignedOut,
    /// A form of somebody whose rights were others when it began to come.
    Rights,
    /// Somebody changed the same thing meanwhile.
    Overtaken,
}

impl ErrorWords {
    fn say(self, words: Words) -> (String, String) {
        match self {
            Self::Fault => (words.say("error-fault-title"), words.say("error-fault")),
            Self::NotFound => (words.say("error-not-found-title"), words.say("error-not-found")),
            Self::Stale => (words.say("error-stale-title"), words.say("error-stale")),
            Self::TooLarge => (words.say("error-too-large-title"), words.say("error-too-large")),
            Self::Slow => (words.say("error-slow-title"), words.say("error-slow")),
            Self::NoAttempt => (words.say("error-no-attempt-title"), words.say("error-no-attempt")),
            Self::Busy => (words.say("error-busy-title"), words.say("error-busy")),
            Self::Exports => (words.say("error-exports-title"), words.say("error-exports")),
            Self::SignedOut => (words.say("error-signed-out-title"), words.say("error-signed-out")),
            Self::Rights => (words.say("error-rights-title"), words.say("error-rights")),
            Self::Overtaken => (words.say("error-overtaken-title"), words.say("error-overtaken")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parameter_is_named_only_when_there_is_one() {
        let page = |parameter: Option<&str>| {
            let frame = Frame::sample();
            ErrorPage { frame, title: "No".into(), text: "Because".into(), parameter: parameter.map(str::to_owned), request_id: "r1".into() }.render().unwrap()
        };
        assert!(page(Some("redirect_uri")).contains("<code>redirect_uri</code>") && page(None).contains("<code>r1</code>"));
        assert!(!page(None).contains("What is wrong"));
    }
}
