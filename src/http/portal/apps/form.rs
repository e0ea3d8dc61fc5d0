//! Forms of the section: what is shown, and how what was typed is read.

use super::Portal;
use super::parts::Crumb;
use crate::base::text::{Description, DisplayName, Slug, TextError, Verb, fold};
use crate::http::error::ErrorWords;
use crate::http::page::FieldError;
use crate::http::portal::shell::Shell;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use url::Url;

/// A form.
#[derive(Template)]
#[template(path = "portal/apps/form.html")]
pub struct FormPage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What it does.
    pub title: String,
    /// What to know before.
    pub lead: Option<String>,
    /// Where it is posted to.
    pub action: String,
    /// The version of what is changed.
    pub version: Option<i64>,
    /// The fields.
    pub fields: Vec<Field>,
    /// What the button says; empty: there is nothing to send.
    pub submit: String,
    /// Whether it changes access: then it can be previewed.
    pub previews: bool,
    /// Where whoever thinks better of it goes.
    pub cancel: String,
    /// What is wrong with it as a whole.
    pub problem: Option<String>,
}

/// A field of a form.
pub enum Field {
    /// Something to type.
    Text(Text),
    /// Something to choose.
    Pick(Pick),
}

/// Something to type.
#[allow(clippy::struct_excessive_bools)] // each is an attribute of the field
pub struct Text {
    /// Its name and id.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What stands in it.
    pub value: String,
    /// What to type.
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// The most characters.
    pub longest: usize,
    /// Whether it must not be empty.
    pub required: bool,
    /// Whether it has several lines.
    pub area: bool,
    /// Whether machines read it: then it is written from left to right.
    pub code: bool,
    /// Whether it cannot be changed.
    pub fixed: bool,
}

/// Something to choose.
pub struct Pick {
    /// Its name.
    pub name: &'static str,
    /// What it is called.
    pub label: String,
    /// What to choose.
    pub hint: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
    /// Whether several may be chosen.
    pub many: bool,
    /// Choices that bring others: what stands at those that are brought, with `%` for what brings them.
    pub live: Option<String>,
    /// The choices.
    pub options: Vec<Picked>,
}

/// One of several.
#[derive(Default)]
pub struct Picked {
    /// Its value.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// What it means.
    pub note: Option<String>,
    /// Whether it is chosen.
    pub chosen: bool,
    /// The values that come with it.
    pub brings: Vec<String>,
    /// What brings it now, and whether it was chosen by itself, too: then it stays when that goes.
    pub brought: Option<(String, bool)>,
}

impl Picked {
    /// The values that come with it, for the script.
    pub fn bringing(&self) -> String {
        self.brings.join(" ")
    }
}

fn described(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{name}-hint {name}-error")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    }
}

impl Text {
    /// A line of 100 characters that may be empty.
    pub fn new(name: &'static str, label: String, value: impl Into<String>) -> Self {
        Self { name, label, value: value.into(), hint: None, error: None, longest: 100, required: false, area: false, code: false, fixed: false }
    }

    /// Must be filled in.
    #[must_use]
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Several lines.
    #[must_use]
    pub fn area(self, longest: usize) -> Self {
        Self { area: true, longest, ..self }
    }

    /// Something for machines.
    #[must_use]
    pub fn code(self, longest: usize) -> Self {
        Self { code: true, longest, ..self }
    }

    /// What to type.
    #[must_use]
    pub fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// Cannot be changed any more.
    #[must_use]
    pub fn fixed(self, fixed: bool) -> Self {
        Self { fixed, required: self.required && !fixed, ..self }
    }

    /// The ids of what describes it.
    pub fn described(&self) -> Option<String> {
        described(self.name, self.hint.is_some(), self.error.is_some())
    }

    /// As a field, with what is wrong with it.
    pub fn field(self, errors: &[FieldError]) -> Field {
        let error = FieldError::of(errors, self.name).map(str::to_owned);
        Field::Text(Self { error, ..self })
    }
}

impl Pick {
    /// Several of these may be chosen.
    pub fn many(name: &'static str, label: String, options: Vec<Picked>) -> Self {
        Self { name, label, hint: None, error: None, many: true, live: None, options }
    }

    /// Some bring others: what is brought is ticked and locked, and says by what (`%`).
    #[must_use]
    pub fn live(self, with: String) -> Self {
        Self { live: Some(with), ..self }
    }

    /// One of these is chosen.
    pub fn one(name: &'static str, label: String, options: Vec<Picked>) -> Self {
        Self { many: false, ..Self::many(name, label, options) }
    }

    /// What to choose.
    #[must_use]
    pub fn hint(self, hint: String) -> Self {
        Self { hint: Some(hint), ..self }
    }

    /// The ids of what describes it.
    pub fn described(&self) -> Option<String> {
        described(self.name, self.hint.is_some(), self.error.is_some())
    }

    /// As a field, with what is wrong with it.
    pub fn field(self, errors: &[FieldError]) -> Field {
        let error = FieldError::of(errors, self.name).map(str::to_owned);
        Field::Pick(Self { error, ..self })
    }
}

/// What somebody typed, being read. What is wrong is collected, so that all of it is said at once.
pub struct Typed {
    fields: Parameters,
    words: Words,
    /// What is wrong so far.
    pub errors: Vec<FieldError>,
}

impl Typed {
    /// Reads a form of this section. One that was cut off is refused: what is missing would count as not chosen.
    pub async fn read(portal: &Portal, payload: Payload) -> Result<Self, HttpResponse> {
        let fields = portal.form(payload).await?;
        if fields.one("whole").ok().flatten().is_none() {
            return Err(portal.visit.error_page(StatusCode::PAYLOAD_TOO_LARGE, ErrorWords::TooLarge).await);
        }
        Ok(Self { fields, words: portal.words, errors: Vec::new() })
    }

    /// The fields as they were sent.
    pub const fn fields(&self) -> &Parameters {
        &self.fields
    }

    /// Something is wrong with a field.
    pub fn wrong(&mut self, field: &'static str, message: String) {
        self.errors.push(FieldError { field, message });
    }

    /// What stands in a field, line breaks as we write them.
    pub fn raw(&self, field: &str) -> String {
        self.fields.one(field).ok().flatten().unwrap_or_default().replace("\r\n", "\n")
    }

    /// Every value of a field.
    pub fn every(&self, field: &str) -> &[String] {
        self.fields.every(field)
    }

    /// The version that was read.
    pub fn version(&self) -> i64 {
        self.raw("version").parse().unwrap_or(-1)
    }

    fn parsed<T>(&mut self, field: &'static str, parsed: Result<T, TextError>) -> Option<T> {
        match parsed {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.wrong(field, why(self.words, &error));
                None
            }
        }
    }

    /// A name.
    pub fn name(&mut self, field: &'static str) -> Option<DisplayName> {
        let parsed = DisplayName::parse(&self.raw(field));
        self.parsed(field, parsed)
    }

    /// A description.
    pub fn description(&mut self, field: &'static str) -> Option<Description> {
        let parsed = Description::parse(&self.raw(field));
        self.parsed(field, parsed)
    }

    /// A key; where none was typed, the one that the name suggests.
    pub fn key(&mut self, field: &'static str, name: Option<&DisplayName>) -> Option<Slug> {
        let typed = self.raw(field);
        match (typed.trim(), name) {
            ("", None) => None,
            ("", Some(name)) => {
                let parsed = Slug::parse(&suggested(name.as_str(), 50));
                if parsed.is_err() {
                    self.wrong(field, self.words.say("key-needed"));
                }
                parsed.ok()
            }
            (typed, _) => {
                let parsed = Slug::parse(typed);
                self.parsed(field, parsed)
            }
        }
    }

    /// A verb.
    pub fn verb(&mut self, field: &'static str) -> Option<Verb> {
        let parsed = Verb::parse(self.raw(field).trim());
        self.parsed(field, parsed)
    }

    /// Verbs that were chosen from a list.
    pub fn verbs(&mut self, field: &'static str) -> Vec<Verb> {
        let chosen: Vec<String> = self.every(field).to_vec();
        chosen.iter().filter_map(|verb| self.parsed(field, Verb::parse(verb))).collect()
    }

    /// An address on the web, or none.
    pub fn web_page(&mut self, field: &'static str) -> Option<Url> {
        let typed = self.raw(field);
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let url = Url::parse(typed).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.host().is_some() && typed.len() <= 2_000);
        if url.is_none() {
            self.wrong(field, self.words.say("app-home-page-bad"));
        }
        url
    }

    /// What is wrong with the form as a whole.
    pub fn problem(&self) -> Option<String> {
        FieldError::of(&self.errors, "form").map(str::to_owned)
    }
}

/// Why a text is not what it should be, in the reader's language.
fn why(words: Words, error: &TextError) -> String {
    match error {
        TextError::Empty => words.say("text-empty"),
        TextError::TooLong(most) => words.counted("text-too-long", "most", *most as u64),
        TextError::Slug => words.say("text-key"),
        TextError::Verb => words.say("text-verb"),
        _ => words.say("text-control"),
    }
}

/// A key that stands for a name: its letters without marks, everything else as a line. Empty when nothing of it can stay.
pub fn suggested(name: &str, longest: usize) -> String {
    let mut key = String::new();
    for c in fold(name).chars() {
        match c {
            'a'..='z' | '0'..='9' => key.push(c),
            '\u{df}' => key.push_str("ss"),
            '\u{e6}' => key.push_str("ae"),
            '\u{f8}' => key.push('o'),
            '\u{142}' => key.push('l'),
            _ if !key.is_empty() && !key.ends_with('-') => key.push('-'),
            _ => {}
        }
    }
    key.truncate(longest);
    key.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_suggests_its_key() {
        for (name, key) in [
            ("Sales Desk", "sales-desk"),
            ("  \u{c1}RV\u{cd}Z & Co. (old) ", "arviz-co-old"),
            ("Stra\u{df}e 7", "strasse-7"),
            ("\u{634}\u{631}\u{643}\u{629}", ""),
            ("a_b", "a-b"),
            ("---", ""),
        ] {
            assert_eq!(suggested(name, 50), key, "{name}");
        }
        assert_eq!(suggested(&"word ".repeat(40), 50).len(), 49, "no line stands at the end");
    }
}
