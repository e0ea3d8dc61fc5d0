//! `/portal/settings/appearance`: the accent colour and the logo.

use super::enter;
use crate::access::begin_change;
use crate::base::colour::{Accent, AccentError};
use crate::base::picture::PictureError;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::typed::Typed;
use crate::http::visit::Visit;
use crate::identity::organization::brand::{self, Brand, BrandError, Change};
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

/// The settings of the look.
#[derive(Template)]
#[template(path = "portal/settings/appearance.html")]
pub struct AppearancePage {
    /// The layout.
    pub shell: Shell,
    /// The version that the forms carry.
    pub version: i64,
    /// The accent, as typed.
    pub accent: String,
    /// The accent in the picker: always a colour.
    pub picked: String,
    /// A colour of the same hue that can be read, when the one that was typed cannot.
    pub nearest: Option<String>,
    /// Whether anything differs from the standard.
    pub is_own: bool,
    /// Why a change was not taken.
    pub problem: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What the forms hold, when it is not the first time that they are shown.
#[derive(Default)]
pub(super) struct Again {
    pub(super) accent: Option<String>,
    pub(super) nearest: Option<Accent>,
    pub(super) problem: Option<String>,
    pub(super) errors: Vec<FieldError>,
}

/// `GET /portal/settings/appearance`.
pub async fn show(visit: Visit) -> HttpResponse {
    match enter(visit).await {
        Ok(portal) => answer(&portal, Again::default(), StatusCode::OK).await,
        Err(answer) => answer,
    }
}

/// The look as it is now: what the snapshot had when the request began may be older than a change that was just refused.
async fn now(portal: &Portal) -> Brand {
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        brand::load(&mut tx).await
    };
    read.await.unwrap_or_else(|_| portal.person.snapshot.brand.clone())
}

pub(super) async fn answer(portal: &Portal, again: Again, status: StatusCode) -> HttpResponse {
    let brand = now(portal).await;
    let saved = brand.accent.unwrap_or(Accent::STANDARD).to_string();
    let accent = again.accent.unwrap_or_else(|| saved.clone());
    // A picker shows black for what is no colour.
    let plain = accent.len() == 7 && accent.starts_with('#') && accent[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
    let page = AppearancePage {
        shell: portal.shell(Section::Settings).await,
        version: brand.version,
        picked: if plain { accent.to_ascii_lowercase() } else { saved },
        accent,
        nearest: again.nearest.map(|accent| accent.to_string()),
        is_own: !brand.fingerprint.is_empty(),
        problem: again.problem,
        errors: again.errors,
    };
    Portal::page(status, &page)
}

/// A contrast as it is written: 3.2, never rounded up to what would be enough.
fn written(ratio: f64) -> String {
    format!("{:.1}", (ratio * 10.0).floor() / 10.0)
}

/// What is wrong with a colour.
fn sentence(words: Words, error: &AccentError) -> String {
    match error {
        AccentError::Unreadable => words.say("accent-unreadable"),
        AccentError::Contrast { ratio, nearest } => words.with("accent-contrast", &[("ratio", written(*ratio)), ("nearest", nearest.to_string())]),
    }
}

/// `POST /portal/settings/appearance`: `action` is `save`, `nearest`, `remove-logo` or `reset`.
pub async fn save(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let version = typed.version();
    let (change, done) = match typed.text("action") {
        "reset" => (Change::Reset, "brand-reset"),
        "remove-logo" => (Change::Logo(None), "logo-removed"),
        action => {
            // Of the two fields the one that was changed counts; the text, if both were.
            let text = match (action, typed.text("accent"), typed.text("picked")) {
                ("nearest", ..) => typed.text("nearest"),
                (_, text, picked) if text == typed.text("was") && !picked.is_empty() && picked != typed.text("was-picked") => picked,
                (_, text, _) => text,
            };
            match Accent::parse(text) {
                Ok(accent) => (Change::Accent(Some(accent).filter(|accent| *accent != Accent::STANDARD)), "accent-saved"),
                Err(error) => {
                    typed.wrong("accent", sentence(words, &error));
                    let nearest = if let AccentError::Contrast { nearest, .. } = error { Some(nearest) } else { None };
                    let accent = Some(text.chars().take(50).collect());
                    let again = Again { accent, nearest, errors: typed.errors, ..Again::default() };
                    return answer(&portal, again, StatusCode::UNPROCESSABLE_ENTITY).await;
                }
            }
        }
    };
    let typed_accent = typed.text("accent");
    let accent = Some(typed_accent.to_owned()).filter(|accent| !accent.is_empty());
    carry_out(&portal, version, &change, done, accent).await
}

/// Changes the look, and answers.
pub(super) async fn carry_out(portal: &Portal, version: i64, change: &Change<'_>, done: &str, accent: Option<String>) -> HttpResponse {
    let changed = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            brand::change(work, &changing, version, change).await
        })
        .await;
    match changed {
        Ok(_) => Portal::done(paths::SETTINGS_APPEARANCE, done),
        Err(BrandError::Overtaken) => {
            let problem = Some(portal.words.say("brand-overtaken"));
            answer(portal, Again { accent, problem, ..Again::default() }, StatusCode::CONFLICT).await
        }
        Err(BrandError::Denied(denied)) => portal.refused(&denied).await,
        Err(BrandError::Fault(fault)) => portal.fault(&fault).await,
    }
}

/// What is wrong with a picture.
pub(super) fn picture_sentence(words: Words, error: PictureError) -> String {
    match error {
        PictureError::Empty => words.say("logo-empty"),
        PictureError::TooLarge => words.say("logo-too-large"),
        PictureError::TooWide { width, height } => words.with("logo-too-wide", &[("width", width.to_string()), ("height", height.to_string())]),
        PictureError::Svg => words.say("logo-svg"),
        PictureError::Other => words.say("logo-other"),
    }
}

#[cfg(test)]
mod tests {
    use super::written;

    #[test]
    fn a_contrast_is_never_said_to_be_enough_when_it_is_not() {
        assert_eq!([1.0, 3.26, 4.499].map(written), ["1.0", "3.2", "4.4"]);
    }
}
