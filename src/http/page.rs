//! What all pages share: the frame around them, and the headers that keep them safe.

use crate::http::brand::Links;
use crate::http::statics;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use askama::Template;

/// What the layout of every page needs.
#[derive(Clone)]
pub struct Frame {
    /// The messages in the reader's language, which is the page's language and direction too.
    pub words: Words,
    /// The name of the organization, shown at the head of the page and in its title.
    pub organization: String,
    /// Where the organization's own accent and logo are.
    pub brand: Links,
}

impl Frame {
    /// The URL of one of our own static files.
    pub fn asset(&self, name: &str) -> &'static str {
        statics::url(name)
    }
}

#[cfg(test)]
impl Frame {
    /// A frame in English for an organization called Acme.
    pub fn sample() -> Self {
        Self { words: Words::of(&crate::base::text::Locale::english()), organization: "Acme".into(), brand: Links::default() }
    }
}

/// What is wrong with one field of a form, in the reader's language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field.
    pub field: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl FieldError {
    /// The message for a field, if something is wrong with it.
    pub fn of<'a>(errors: &'a [Self], field: &str) -> Option<&'a str> {
        errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
    }
}

impl FieldError {
    /// Whether this field is the first one that is wrong: the focus goes there.
    pub fn leads(errors: &[Self], field: &str) -> bool {
        errors.first().is_some_and(|error| error.field == field)
    }
}

/// Where submitting a form of the page can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Forms {
    /// Always with us: portal, account, errors, and every page without a form.
    Stay,
    /// Perhaps at an app: login, consent, logout, invitations. Browsers apply `form-action` to the whole chain of redirects
    /// that a submission starts, so it must be absent there.
    MayLeave,
}

const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const POLICY_FORMS_STAY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'";

/// Answers with a page under the page headers.
pub fn render(status: StatusCode, page: &impl Template, forms: Forms) -> HttpResponse {
    let (status, content_type, body) = match page.render() {
        Ok(html) => (status, "text/html; charset=utf-8", html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", "Something went wrong on our side.".to_owned())
        }
    };
    let policy = match forms {
        Forms::Stay => POLICY_FORMS_STAY,
        Forms::MayLeave => POLICY,
    };
    HttpResponse::build(status)
        .content_type(content_type)
        .insert_header((CONTENT_SECURITY_POLICY, policy))
        .insert_header((REFERRER_POLICY, "no-referrer"))
        .insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::body::to_bytes;

    #[derive(Template)]
    #[template(source = "<p>{{ name }}</p>", ext = "html")]
    struct Paragraph {
        name: &'static str,
    }

    #[derive(Template)]
    #[template(source = "{{ self.refuse()? }}", ext = "html")]
    struct Broken;

    impl Broken {
        #[allow(clippy::unused_self)] // a template calls methods
        fn refuse(&self) -> Result<&'static str, std::fmt::Error> {
            Err(std::fmt::Error)
        }
    }

    fn header<'a>(response: &'a HttpResponse, name: &str) -> Vec<&'a str> {
        response.headers().get_all(name).map(|value| value.to_str().unwrap()).collect()
    }

    #[actix_web::test]
    async fn a_page_carries_exactly_the_page_headers() {
        let base = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
        for (forms, policy) in [(Forms::MayLeave, base.to_owned()), (Forms::Stay, format!("{base}; form-action 'self'"))] {
            let response = render(StatusCode::CREATED, &Paragraph { name: "<Ana>" }, forms);
            assert_eq!(response.status(), StatusCode::CREATED);
            assert_eq!(header(&response, "content-security-policy"), [policy]);
            assert_eq!(header(&response, "content-type"), ["text/html; charset=utf-8"]);
            assert_eq!(header(&response, "referrer-policy"), ["no-referrer"]);
            assert_eq!(header(&response, "x-content-type-options"), ["nosniff"]);
            assert_eq!(header(&response, "cache-control"), ["no-store"]);
            assert_eq!(response.headers().len(), 5);
            assert_eq!(to_bytes(response.into_body()).await.unwrap(), "<p>&#60;Ana&#62;</p>");
        }
    }

    #[actix_web::test]
    async fn a_template_that_fails_is_an_answer_too() {
        let response = render(StatusCode::OK, &Broken, Forms::Stay);
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(header(&response, "cache-control"), ["no-store"]);
    }

    #[test]
    fn a_field_finds_its_own_error() {
        let errors = [FieldError { field: "name", message: "must not be empty".into() }];
        assert_eq!(FieldError::of(&errors, "name"), Some("must not be empty"));
        assert_eq!(FieldError::of(&errors, "password"), None);
    }
}
