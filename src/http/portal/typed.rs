//! Forms of the portal, read field by field: the value, or a sentence at the field that says what is wrong.

use crate::base::text::{Description, DisplayName, Slug, TextError, fold};
use crate::base::time::Timestamp;
use crate::http::page::FieldError;
use crate::oauth::parameters::Parameters;
use crate::words::Words;
use std::time::Duration;

/// A form that was filled in, with what is wrong so far.
#[derive(Debug)]
pub struct Typed<'a> {
    fields: &'a Parameters,
    words: Words,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl<'a> Typed<'a> {
    /// Begins to read.
    pub const fn new(fields: &'a Parameters, words: Words) -> Self {
        Self { fields, words, errors: Vec::new() }
    }

    /// What was typed; nothing when the field is missing or stands twice.
    pub fn text(&self, field: &str) -> &'a str {
        self.fields.one(field).ok().flatten().unwrap_or_default()
    }

    /// Everything that was picked under this name.
    pub fn every(&self, field: &str) -> &'a [String] {
        self.fields.every(field)
    }

    /// The version that the reader saw.
    pub fn version(&self) -> i64 {
        self.text("version").parse().unwrap_or(-1)
    }

    /// Notes what is wrong with a field.
    pub fn wrong(&mut self, field: &'static str, message: String) {
        self.errors.push(FieldError { field, message });
    }

    fn read<T>(&mut self, field: &'static str, read: Result<T, TextError>) -> Option<T> {
        read.map_err(|error| self.wrong(field, sentence(self.words, &error))).ok()
    }

    /// A name.
    pub fn name(&mut self, field: &'static str) -> Option<DisplayName> {
        let read = DisplayName::parse(self.text(field));
        self.read(field, read)
    }

    /// A text that may be empty.
    pub fn description(&mut self, field: &'static str) -> Option<Description> {
        let read = Description::parse(&self.text(field).replace("\r\n", "\n"));
        self.read(field, read)
    }

    /// A key; made from the name where the field was left empty.
    pub fn key(&mut self, field: &'static str, name: Option<&DisplayName>) -> Option<Slug> {
        let typed = self.text(field).trim();
        if !typed.is_empty() {
            let read = Slug::parse(typed);
            return self.read(field, read);
        }
        let made = suggested(name?.as_str());
        if made.is_none() {
            self.wrong(field, self.words.say("typed-key-none"));
        }
        made
    }

    /// A day on which something begins, also one that is over; the inner `None`: at once.
    pub fn start(&mut self, field: &'static str) -> Option<Option<Timestamp>> {
        let day = self.text(field).trim();
        if day.is_empty() {
            return Some(None);
        }
        let start = Timestamp::parse(day);
        if start.is_none() {
            self.day_wrong(field);
        }
        start.map(Some)
    }

    /// A day in the future at which something ends; the inner `None`: never.
    pub fn until(&mut self, field: &'static str, now: Timestamp) -> Option<Option<Timestamp>> {
        let day = self.text(field).trim();
        if day.is_empty() {
            return Some(None);
        }
        let end = Timestamp::parse(day);
        match end {
            None => self.wrong(field, self.words.say("typed-day")),
            Some(end) if end <= now => self.wrong(field, self.words.say("typed-day-over")),
            Some(_) => return Some(end),
        }
        None
    }

    /// Notes that a field does not hold a day.
    pub fn day_wrong(&mut self, field: &'static str) {
        self.wrong(field, self.words.say("typed-day"));
    }

    /// A span of time: a whole number in `field`, its unit in `unit`.
    pub fn span(&mut self, field: &'static str, unit: &str) -> Option<Duration> {
        let seconds = if self.text(unit) == "minutes" { 60 } else { 3_600 };
        let count = self.text(field).trim().parse::<u64>().ok().and_then(|count| count.checked_mul(seconds));
        if count.is_none() {
            self.wrong(field, self.words.say("typed-number"));
        }
        count.map(Duration::from_secs)
    }
}

/// A span as a number and a unit: what `Typed::span` reads back.
pub fn span(span: Duration) -> (String, &'static str) {
    let minutes = span.as_secs() / 60;
    if minutes.is_multiple_of(60) { ((minutes / 60).to_string(), "hours") } else { (minutes.to_string(), "minutes") }
}

/// What is wrong with a text.
pub fn sentence(words: Words, error: &TextError) -> String {
    match error {
        TextError::Empty => words.say("typed-empty"),
        TextError::TooLong(most) => words.counted("typed-too-long", "count", *most as u64),
        TextError::Control => words.say("typed-control"),
        TextError::Email => words.say("typed-email"),
        TextError::Slug | TextError::Verb | TextError::PermissionKey | TextError::Locale => words.say("typed-key"),
    }
}

/// A key that looks like the name: `emea-sales` for "EMEA Sales". `None` where the name has no Latin letter.
fn suggested(name: &str) -> Option<Slug> {
    let folded = fold(name);
    let parts = folded.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    let key: String = parts.collect::<Vec<_>>().join("-").chars().take(50).collect();
    Slug::parse(key.trim_end_matches('-')).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    fn words() -> Words {
        Words::of(&Locale::english())
    }

    #[test]
    fn a_key_is_made_from_the_name() {
        let key = |name: &str| suggested(name).map(String::from);
        assert_eq!(key("EMEA Sales").as_deref(), Some("emea-sales"));
        assert_eq!(key("  Łódź & Köln (2)!").as_deref(), Some("odz-koln-2"));
        assert_eq!(key(&"a b ".repeat(25)).map(|key| key.len()), Some(49));
        assert_eq!((key("\u{634}\u{631}\u{643}\u{629}"), key("!?")), (None, None));
    }

    #[test]
    fn what_is_wrong_stands_at_the_field() {
        let fields = Parameters::parse(b"name=+&key=A+b&until=2020-01-01&end=tomorrow&idle=90&unit=minutes&most=x&huge=99999999999999999999&version=7");
        let mut typed = Typed::new(&fields, words());
        let now = Timestamp::from_seconds(1_800_000_000);
        assert_eq!((typed.name("name"), typed.key("key", None), typed.until("until", now), typed.until("end", now)), (None, None, None, None));
        assert_eq!((typed.start("until"), typed.start("most"), typed.start("nothing")), (Some(Timestamp::parse("2020-01-01")), None, Some(None)));
        assert_eq!((typed.span("idle", "unit"), typed.span("most", "unit"), typed.span("huge", "unit")), (Some(Duration::from_mins(90)), None, None));
        assert_eq!((typed.until("no-such-field", now), typed.version()), (Some(None), 7));
        assert_eq!(typed.errors.iter().map(|error| error.field).collect::<Vec<_>>(), ["name", "key", "until", "end", "most", "most", "huge"]);
        assert_eq!((span(Duration::from_hours(12)), span(Duration::from_mins(90))), (("12".into(), "hours"), ("90".into(), "minutes")));
        // No name, no key: the name is what is wrong.
        let empty = Parameters::default();
        let mut typed = Typed::new(&empty, words());
        assert_eq!((typed.key("key", None), typed.errors.len()), (None, 0));
    }
}
