//! What Gatehouse says to people: one message catalogue per language (Fluent), embedded in the binary.
//!
//! English is the language of every message; another catalogue may leave some out, and English fills in.

use crate::base::text::Locale;
use crate::base::time::Timestamp;
use askama::filters::HtmlSafe;
use chrono::Datelike;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::fmt;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// A language with the files of its catalogue, one for each part of the product.
struct Language {
    /// Its BCP 47 tag.
    lang: &'static str,
    /// The direction it is written in.
    dir: &'static str,
    /// Its own name, as its readers call it.
    name: &'static str,
    /// Its messages.
    files: &'static [&'static str],
}

macro_rules! files {
    ($lang:literal) => {
        &[
            include_str!(concat!("../templates/words/", $lang, "/gate.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/portal.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/people.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/lives.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/invitations.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/many.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/apps.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/groups.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/roles.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/permissions.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/apps_life.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/settings.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/setup.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/account.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/demo.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/tokens.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/audit.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/access.ftl")),
            include_str!(concat!("../templates/words/", $lang, "/preview.ftl")),
        ]
    };
}

/// The languages; the first one fills the gaps of all others.
const LANGUAGES: [Language; 2] =
    [Language { lang: "en", dir: "ltr", name: "English", files: files!("en") }, Language { lang: "de", dir: "ltr", name: "Deutsch", files: files!("de") }];

static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| LANGUAGES.iter().map(Catalogue::read).collect());

/// Every language: its tag and its own name.
pub fn languages() -> impl Iterator<Item = (&'static str, &'static str)> {
    LANGUAGES.iter().map(|language| (language.lang, language.name))
}

struct Catalogue {
    lang: &'static str,
    dir: &'static str,
    messages: FluentBundle<FluentResource>,
}

impl Catalogue {
    fn read(language: &Language) -> Self {
        let tag: LanguageIdentifier = language.lang.parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![tag]);
        // Isolation would put U+2068 and U+2069 around every value; HTML has <bdi> for that.
        messages.set_use_isolating(false);
        for file in language.files {
            // Fluent keeps every message it understands. A test refuses a catalogue with one that it does not.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(understood, _)| understood);
            messages.add_resource_overriding(resource);
        }
        Self { lang: language.lang, dir: language.dir, messages }
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.messages.get_message(key)?.value()?;
        Some(self.messages.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    }
}

/// The key of a message that is asked for elsewhere: in a table, or through a variable. The test of the catalogue looks for it.
#[macro_export]
macro_rules! word {
    ($key:literal) => {
        $key
    };
}

/// The keys of the short names of months.
const MONTHS: [&str; 12] =
    ["month-1", "month-2", "month-3", "month-4", "month-5", "month-6", "month-7", "month-8", "month-9", "month-10", "month-11", "month-12"];

/// The messages in one person's language.
#[derive(Clone, Copy)]
pub struct Words(&'static Catalogue);

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Words").field(&self.0.lang).finish()
    }
}

/// A message as HTML: the catalogue's words as they are, every value escaped and isolated in `<bdi>`. Templates print it unescaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Marked(String);

impl Words {
    /// The messages for a language: its own catalogue, that of the same language elsewhere (`en` for `en-GB`), else English. A debug
    /// build knows the pseudo language as well, for whoever looks at the layout.
    pub fn of(locale: &Locale) -> Self {
        let tag = locale.as_str();
        #[cfg(any(test, debug_assertions))]
        if tag == PSEUDO {
            return Self::pseudo();
        }
        let language = tag.split('-').next().unwrap_or_default();
        let of = |tag: &str| CATALOGUES.iter().find(|catalogue| catalogue.lang.eq_ignore_ascii_case(tag));
        Self(of(tag).or_else(|| of(language)).unwrap_or(&CATALOGUES[0]))
    }

    /// The language as BCP 47 tag, for the `lang` of a page.
    pub fn lang(self) -> &'static str {
        self.0.lang
    }

    /// The direction the language is written in, for the `dir` of a page: `ltr` or `rtl`.
    pub fn dir(self) -> &'static str {
        self.0.dir
    }

    /// A message without values.
    pub fn say(self, key: &str) -> String {
        self.format(key, &FluentArgs::new())
    }

    /// A message with values, as plain text.
    pub fn with<V: AsRef<str>>(self, key: &str, values: &[(&str, V)]) -> String {
        self.format(key, &values.iter().map(|(name, value)| (*name, value.as_ref().to_owned())).collect())
    }

    /// A message about a number, which may choose its words by it (`[one]`, `*[other]`), as plain text.
    pub fn counted(self, key: &str, name: &str, count: u64) -> String {
        self.format(key, &[(name, count)].into_iter().collect())
    }

    /// A message with values, as HTML in which each value is escaped and isolated, so that a name can neither write markup nor turn
    /// the text around it.
    pub fn marked<V: AsRef<str>>(self, key: &str, values: &[(&str, V)]) -> Marked {
        Marked(self.format(key, &values.iter().map(|(name, value)| (*name, format!("<bdi>{}</bdi>", escape(value.as_ref())))).collect()))
    }

    /// A message about a number and texts, as HTML like `marked`.
    pub fn marked_count<V: AsRef<str>>(self, key: &str, name: &str, count: u64, values: &[(&str, V)]) -> Marked {
        let mut args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, format!("<bdi>{}</bdi>", escape(value.as_ref())))).collect();
        args.set(name.to_owned(), count);
        Marked(self.format(key, &args))
    }

    /// A day, as the language writes it: 31 Dec 2026.
    pub fn day(self, at: Timestamp) -> String {
        self.dated("date-day", at)
    }

    /// A minute, in UTC: 31 Dec 2026, 17:40 UTC.
    pub fn minute(self, at: Timestamp) -> String {
        self.dated("date-minute", at)
    }

    /// How long ago something was, roughly; the day once it is more than a week.
    pub fn ago(self, at: Timestamp, now: Timestamp) -> String {
        let minutes = now.since(at).as_secs() / 60;
        match minutes {
            0 => self.say("ago-now"),
            1..60 => self.counted("ago-minutes", "count", minutes),
            60..1_440 => self.counted("ago-hours", "count", minutes / 60),
            1_440..10_080 => self.counted("ago-days", "count", minutes / 1_440),
            _ => self.day(at),
        }
    }

    /// When something ends, if that is near: "ends in 3 days"; the day otherwise.
    pub fn ends(self, at: Timestamp, now: Timestamp) -> String {
        if at <= now {
            return self.with("ended-on", &[("date", self.day(at))]);
        }
        let hours = at.since(now).as_secs() / 3_600;
        match hours {
            0..48 => self.counted("ends-in-hours", "count", hours + 1),
            48..336 => self.counted("ends-in-days", "count", hours / 24),
            _ => self.with("ends-on", &[("date", self.day(at))]),
        }
    }

    fn dated(self, key: &str, at: Timestamp) -> String {
        let at = at.chrono();
        let month = self.say(MONTHS[at.month0() as usize % 12]);
        self.with(key, &[("day", at.day().to_string()), ("month", month), ("year", at.year().to_string()), ("time", at.format("%H:%M").to_string())])
    }

    fn format(self, key: &str, args: &FluentArgs<'_>) -> String {
        self.0.format(key, args).or_else(|| CATALOGUES[0].format(key, args)).unwrap_or_else(|| key.to_owned())
    }
}

impl fmt::Display for Marked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HtmlSafe for Marked {}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// The tag of the language that is none.
#[cfg(any(test, debug_assertions))]
const PSEUDO: &str = "ar-XB";

#[cfg(any(test, debug_assertions))]
impl Words {
    /// English with every vowel marked, said to be written from right to left: shows which texts no catalogue knows, and which part
    /// of a page forgets its direction.
    pub fn pseudo() -> Self {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| {
            let mut catalogue = Catalogue::read(&Language { lang: PSEUDO, dir: "rtl", ..LANGUAGES[0] });
            catalogue.messages.set_transform(Some(|text| {
                let mark = |c| if "aeiouAEIOU".contains(c) { vec![c, '\u{301}'] } else { vec![c] };
                text.chars().flat_map(mark).collect::<String>().into()
            }));
            catalogue
        });
        Self(&CATALOGUE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    fn english() -> Words {
        Words::of(&Locale::english())
    }

    /// The keys that a file asks for: the first text after `.say(`, `.with(`, `.counted(` and `.marked(`.
    fn asked_for(text: &str, keys: &mut BTreeSet<String>) {
        for call in [".say(", ".with(", ".counted(", ".marked(", ".marked_count(", ".dated("] {
            for (at, _) in text.match_indices(call) {
                if let Some((key, _)) = text[at + call.len()..].trim_start().strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                    keys.insert(key.to_owned());
                }
            }
        }
    }

    fn walk(folder: &Path, each: &mut dyn FnMut(&Path, &str)) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, each);
            } else if let Ok(text) = fs::read_to_string(&path) {
                each(&path, &text);
            }
        }
    }

    /// The keys of a catalogue, each with the values that its message takes.
    fn entries(language: &Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut found = BTreeMap::new();
        for file in language.files {
            let mut key = String::new();
            for line in file.lines() {
                if let Some((name, _)) = line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase())) {
                    name.clone_into(&mut key);
                }
                if !key.is_empty() {
                    let values: &mut BTreeSet<String> = found.entry(key.clone()).or_default();
                    values.extend(line.split("{ $").skip(1).filter_map(|rest| Some(rest.split([' ', '}']).next()?.to_owned())));
                }
            }
        }
        found
    }

    /// The keys that `http::permission_words` puts together: of each built-in permission its name and purpose, and each category.
    fn of_permissions(root: &Path) -> BTreeSet<String> {
        let text = fs::read_to_string(root.join("src/access/permission/builtin.toml")).unwrap();
        let file: toml::Table = toml::from_str(&text).unwrap();
        let mut keys = BTreeSet::new();
        for permission in file["permission"].as_array().unwrap() {
            let field = |name: &str| permission[name].as_str().unwrap();
            let key = field("key").replace(['.', '_'], "-");
            keys.extend([format!("permission-{key}"), format!("permission-{key}-purpose")]);
            keys.insert(format!("permission-category-{}", field("category").to_lowercase().replace(' ', "-")));
        }
        keys
    }

    #[test]
    fn every_message_is_asked_for_and_every_key_has_its_message() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut used: BTreeSet<String> = MONTHS.iter().map(|key| (*key).to_owned()).collect();
        used.extend(of_permissions(root));
        for folder in ["src", "templates"] {
            walk(&root.join(folder), &mut |path, text| {
                // The tests of this file ask for messages that do not exist.
                let text = if path.ends_with("src/words.rs") { text.split("#[cfg(test)]").next().unwrap_or_default() } else { text };
                asked_for(text, &mut used);
                // Keys that stand in a table or a match are written `words!("key")`.
                used.extend(text.split("word!(\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())));
            });
        }
        let known: BTreeSet<String> = entries(&LANGUAGES[0]).into_keys().collect();
        assert!(!known.is_empty() && !used.is_empty());
        assert_eq!(used.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "asked for, but in no catalogue");
        assert_eq!(known.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "in the catalogue, but nobody asks for it");
    }

    #[test]
    fn every_catalogue_is_whole_and_holds_no_markup() {
        let english = entries(&LANGUAGES[0]);
        for language in &LANGUAGES {
            let Language { lang, dir, files, .. } = language;
            let mut lines = 0;
            for file in *files {
                if let Err((_, errors)) = FluentResource::try_new((*file).to_owned()) {
                    panic!("{lang}: {errors:?}");
                }
                // `marked` trusts the catalogue: it must not need escaping. The arrow of a choice is not part of any text.
                assert!(!file.replace(" ->\n", "\n").contains(['<', '>', '&', '"']), "{lang} holds no markup");
                lines += file.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).count();
            }
            assert!(["ltr", "rtl"].contains(dir));
            assert!(lang.parse::<LanguageIdentifier>().is_ok_and(|tag| tag == *lang));
            let own = entries(language);
            assert_eq!(lines, own.len(), "{lang} says nothing twice");
            let missing: Vec<_> = english.keys().filter(|key| !own.contains_key(*key)).collect();
            let extra: Vec<_> = own.keys().filter(|key| !english.contains_key(*key)).collect();
            assert!(missing.is_empty() && extra.is_empty(), "{lang} misses {missing:?} and has {extra:?} that English has not");
            for (key, values) in &english {
                assert_eq!(&own[key], values, "{lang}: {key} takes other values than in English");
            }
        }
    }

    #[test]
    fn unknown_languages_and_keys_are_forgiven() {
        for (tag, lang) in [("en", "en"), ("en-GB", "en"), ("tlh", "en"), ("de", "de"), ("de-CH", "de")] {
            assert_eq!(Words::of(&Locale::parse(tag).unwrap()).lang(), lang);
        }
        assert_eq!(english().dir(), "ltr");
        assert_eq!(english().say("no-such-message"), "no-such-message");
    }

    #[test]
    fn values_are_plain_in_text_and_harmless_in_html() {
        let name = [("app", "<b>A&\"'</b>")];
        assert_eq!(english().with("sign-in-to-app", &name), "to continue to <b>A&\"'</b>");
        assert_eq!(english().marked("sign-in-to-app", &name).to_string(), "to continue to <bdi>&lt;b&gt;A&amp;&quot;&#39;&lt;/b&gt;</bdi>");
        // A value is never read as a pattern.
        assert_eq!(english().with("sign-in-to-app", &[("app", "{ $app } { sign-in-title }")]), "to continue to { $app } { sign-in-title }");
    }

    #[test]
    fn a_number_chooses_its_words() {
        assert_eq!(english().counted("sign-in-slow", "seconds", 1), "Too many tries. Please wait one second, then try again.");
        assert_eq!(english().counted("sign-in-slow", "seconds", 300), "Too many tries. Please wait 300 seconds, then try again.");
    }

    #[test]
    fn times_are_written_as_the_language_writes_them() {
        let german = Words::of(&Locale::parse("de").unwrap());
        let at = Timestamp::parse("2026-12-31T17:40:59Z").unwrap();
        assert_eq!((english().day(at), german.day(at)), ("31 Dec 2026".to_owned(), "31. Dez. 2026".to_owned()));
        assert_eq!((english().minute(at), german.minute(at)), ("31 Dec 2026, 17:40 UTC".to_owned(), "31. Dez. 2026, 17:40 UTC".to_owned()));
        let minutes = |count: u64| std::time::Duration::from_mins(count);
        let ago = |count| english().ago(at.minus(minutes(count)), at);
        assert_eq!([0, 1, 59, 60, 2_880, 20_000].map(ago), ["just now", "1 minute ago", "59 minutes ago", "1 hour ago", "2 days ago", "17 Dec 2026"]);
        let ends = |count| english().ends(at.plus(minutes(count)), at);
        assert_eq!([30, 4_320, 60_000].map(ends), ["ends in 1 hour", "ends in 3 days", "ends on 11 Feb 2027"]);
        assert_eq!(english().ends(at, at), "ended on 31 Dec 2026");
    }

    #[test]
    fn the_pseudo_language_runs_from_right_to_left() {
        assert_eq!((Words::pseudo().dir(), Words::pseudo().lang()), ("rtl", "ar-XB"));
        // Whoever asks for exactly this tag reads it; Arabic itself has no catalogue.
        assert_eq!(["ar-XB", "ar-xb", "ar"].map(|tag| Words::of(&Locale::parse(tag).unwrap()).lang()), ["ar-XB", "ar-XB", "en"]);
        assert_eq!(Words::pseudo().say("sign-in-title"), "Si\u{301}gn i\u{301}n");
    }
}
