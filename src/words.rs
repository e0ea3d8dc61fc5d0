//! What Gatehouse says to people: one message catalogue per language (Fluent), embedded in the binary.
//!
//! English is the language of every message; another catalogue may leave some out, and English fills in.

use crate::base::text::Locale;
use askama::filters::HtmlSafe;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use std::fmt;
use std::sync::LazyLock;
use unic_langid::LanguageIdentifier;

/// The languages, each with its direction and its messages; the first one fills the gaps of all others.
const LANGUAGES: [(&str, &str, &str); 1] = [("en", "ltr", include_str!("../templates/words/en.ftl"))];

static CATALOGUES: LazyLock<Vec<Catalogue>> = LazyLock::new(|| LANGUAGES.iter().map(|&(lang, dir, source)| Catalogue::read(lang, dir, source)).collect());

struct Catalogue {
    lang: &'static str,
    dir: &'static str,
    messages: FluentBundle<FluentResource>,
}

impl Catalogue {
    fn read(lang: &'static str, dir: &'static str, source: &str) -> Self {
        let tag: LanguageIdentifier = lang.parse().unwrap_or_default();
        let mut messages = FluentBundle::new_concurrent(vec![tag]);
        // Isolation would put U+2068 and U+2069 around every value; HTML has <bdi> for that.
        messages.set_use_isolating(false);
        // Fluent keeps every message it understands. A test refuses a catalogue with one that it does not.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(understood, _)| understood);
        messages.add_resource_overriding(resource);
        Self { lang, dir, messages }
    }

    fn format(&self, key: &str, args: &FluentArgs<'_>) -> Option<String> {
        let pattern = self.messages.get_message(key)?.value()?;
        Some(self.messages.format_pattern(pattern, Some(args), &mut Vec::new()).into_owned())
    }
}

/// The messages in one person's language.
#[derive(Clone, Copy)]
pub struct Words(&'static Catalogue);

/// A message as HTML: the catalogue's words as they are, every value escaped and isolated in `<bdi>`. Templates print it unescaped.
#[derive(Clone, PartialEq, Eq)]
pub struct Marked(String);

impl Words {
    /// The messages for a language: its own catalogue, that of the same language elsewhere (`en` for `en-GB`), else English.
    pub fn of(locale: &Locale) -> Self {
        let tag = locale.as_str();
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

#[cfg(test)]
impl Words {
    /// English with every vowel marked, said to be written from right to left: shows which texts no catalogue knows, and which part
    /// of a page forgets its direction.
    pub fn pseudo() -> Self {
        static PSEUDO: LazyLock<Catalogue> = LazyLock::new(|| {
            let mut catalogue = Catalogue::read("ar-XB", "rtl", LANGUAGES[0].2);
            catalogue.messages.set_transform(Some(|text| {
                let mark = |c| if "aeiouAEIOU".contains(c) { vec![c, '\u{301}'] } else { vec![c] };
                text.chars().flat_map(mark).collect::<String>().into()
            }));
            catalogue
        });
        Self(&PSEUDO)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    fn english() -> Words {
        Words::of(&Locale::english())
    }

    /// The keys that a file asks for: the first text after `.say(`, `.with(`, `.counted(` and `.marked(`.
    fn asked_for(text: &str, keys: &mut BTreeSet<String>) {
        for call in [".say(", ".with(", ".counted(", ".marked("] {
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

    fn entries(source: &str) -> BTreeSet<String> {
        source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(|line| Some(line.split_once(" =")?.0.to_owned())).collect()
    }

    #[test]
    fn every_message_is_asked_for_and_every_key_has_its_message() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut used = BTreeSet::new();
        for folder in ["src", "templates"] {
            walk(&root.join(folder), &mut |path, text| {
                if !path.ends_with("src/words.rs") {
                    asked_for(text, &mut used);
                }
            });
        }
        let known = entries(LANGUAGES[0].2);
        assert!(!known.is_empty() && !used.is_empty());
        assert_eq!(used.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "asked for, but not in en.ftl");
        assert_eq!(known.difference(&used).collect::<Vec<_>>(), Vec::<&String>::new(), "in en.ftl, but nobody asks for it");
    }

    #[test]
    fn every_catalogue_is_whole_and_holds_no_markup() {
        for (lang, dir, source) in LANGUAGES {
            if let Err((_, errors)) = FluentResource::try_new(source.to_owned()) {
                panic!("{lang}: {errors:?}");
            }
            assert!(["ltr", "rtl"].contains(&dir));
            assert!(lang.parse::<LanguageIdentifier>().is_ok_and(|tag| tag == lang));
            // `marked` trusts the catalogue: it must not need escaping. The arrow of a choice is not part of any text.
            assert!(!source.replace(" ->\n", "\n").contains(['<', '>', '&', '"']), "{lang} holds no markup");
            let lines = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase())).count();
            assert_eq!(lines, entries(source).len(), "{lang} says nothing twice");
        }
    }

    #[test]
    fn unknown_languages_and_keys_are_forgiven() {
        for tag in ["en", "en-GB", "tlh", "de-CH"] {
            assert_eq!(Words::of(&Locale::parse(tag).unwrap()).lang(), "en");
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
    fn the_pseudo_language_runs_from_right_to_left() {
        assert_eq!((Words::pseudo().dir(), Words::pseudo().lang()), ("rtl", "ar-XB"));
        assert_eq!(Words::pseudo().say("sign-in-title"), "Si\u{301}gn i\u{301}n");
    }
}
