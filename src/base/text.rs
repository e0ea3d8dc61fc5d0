//! Text that people and files bring: parsed once, true ever after.

use serde::{Deserialize, Serialize};
use std::fmt;
use unicode_normalization::UnicodeNormalization;

/// Why a text is not what it should be: one sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// More characters than fit.
    #[error("must have at most {0} characters")]
    TooLong(usize),
    /// Control, direction-override or unassigned characters, which can make one text look like another.
    #[error("must not contain control or text-direction characters")]
    Control,
    /// Not a key.
    #[error("must be 1 to 50 of the characters a-z, 0-9, _ and -")]
    Slug,
    /// Not a verb.
    #[error("must be 1 to 80 of the characters a-z, 0-9, _ and -, without a dot or colon")]
    Verb,
    /// Not the key of a platform permission.
    #[error("must look like category.verb, of the characters a-z, 0-9, _ and -")]
    PermissionKey,
    /// Not an e-mail address.
    #[error("does not look like an e-mail address, such as ana@example.org")]
    Email,
    /// Not a language tag.
    #[error("must be a language such as en or de-CH")]
    Locale,
}

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, sqlx::Type)]
        #[serde(try_from = "String", into = "String")]
        #[sqlx(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = TextError;

            fn try_from(text: String) -> Result<Self, TextError> {
                Self::parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    )*};
}

texts! {
    /// The immutable key of a role, group, app or stage: `[a-z0-9_-]{1,50}`. What claims carry.
    Slug
    /// A right inside a deployment: `[a-z0-9_-]{1,80}`, so that it can never be taken for a platform permission.
    Verb
    /// The key of a platform permission: `category.verb`, `x-...` for the organization's own.
    PermissionKey
    /// A name that people read: 1 to 100 characters, normalised (NFC), no control or direction characters.
    DisplayName
    /// A sentence or two: at most 1,000 characters, may be empty, no control characters but line breaks.
    Description
    /// A language tag (BCP 47), canonical.
    Locale
}

fn all_slug_characters(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// Characters that hide, reorder or break text: controls, direction overrides and isolates, invisible joiners of lines.
pub fn misleads(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{061c}' | '\u{e0000}'..='\u{e007f}')
}

/// The beginning of a text that is none of the above, fit to be shown in a message about it: what could turn or hide the rest is a
/// question mark.
pub fn shown(text: &str) -> String {
    text.trim().chars().take(60).map(|c| if misleads(c) { '\u{fffd}' } else { c }).collect()
}

impl Slug {
    /// Parses a key.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if (1..=50).contains(&text.len()) && all_slug_characters(text) { Ok(Self(text.to_owned())) } else { Err(TextError::Slug) }
    }
}

impl Slug {
    /// A key made from a name: its letters and digits in ASCII, hyphens between them. `None` when it has none.
    pub fn derived(name: &str) -> Option<Self> {
        let mut key = String::new();
        for c in fold(name).chars() {
            match c {
                'a'..='z' | '0'..='9' => key.push(c),
                '\u{df}' => key.push_str("ss"),
                _ if !key.is_empty() && !key.ends_with('-') => key.push('-'),
                _ => {}
            }
        }
        key.truncate(50);
        Self::parse(key.trim_end_matches('-')).ok()
    }
}

impl Verb {
    /// Parses a verb.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if (1..=80).contains(&text.len()) && all_slug_characters(text) { Ok(Self(text.to_owned())) } else { Err(TextError::Verb) }
    }
}

impl PermissionKey {
    /// Parses the key of a platform permission.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        match text.split_once('.') {
            Some((category, verb))
                if text.len() <= 100 && !category.is_empty() && !verb.is_empty() && all_slug_characters(category) && all_slug_characters(verb) =>
            {
                Ok(Self(text.to_owned()))
            }
            _ => Err(TextError::PermissionKey),
        }
    }

    /// Whether the organization made this permission itself.
    pub fn is_own(&self) -> bool {
        self.0.starts_with("x-")
    }
}

impl DisplayName {
    /// Parses a name; blanks around it fall away.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        // Normalising may lengthen a text, so the length is judged before (cheaply) and after.
        if text.len() > 4_000 {
            return Err(TextError::TooLong(100));
        }
        let name: String = text.trim().nfc().collect();
        match name.chars().count() {
            0 => Err(TextError::Empty),
            1..=100 if !name.chars().any(misleads) => Ok(Self(name)),
            1..=100 => Err(TextError::Control),
            _ => Err(TextError::TooLong(100)),
        }
    }
}

impl Description {
    /// Parses a description; blanks around it fall away.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        if text.len() > 40_000 {
            return Err(TextError::TooLong(1_000));
        }
        let text: String = text.trim().nfc().collect();
        if text.chars().count() > 1_000 {
            Err(TextError::TooLong(1_000))
        } else if text.chars().any(|c| c != '\n' && misleads(c)) {
            Err(TextError::Control)
        } else {
            Ok(Self(text))
        }
    }
}

// Derived by the macro it would be there for every text, and the others must not be empty.
#[allow(clippy::derivable_impls)]
impl Default for Description {
    fn default() -> Self {
        Self(String::new())
    }
}

impl Locale {
    /// Parses a language tag.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let tag: unic_langid::LanguageIdentifier = text.parse().map_err(|_| TextError::Locale)?;
        Ok(Self(tag.to_string()))
    }

    /// English, the language of texts that nobody chose a language for.
    pub fn english() -> Self {
        Self("en".to_owned())
    }
}

/// An e-mail address as typed, and the key by which two spellings of one address are equal.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress {
    typed: String,
    key: String,
}

impl EmailAddress {
    /// Parses an address: one `@`, a domain that IDNA accepts, no blanks or control characters, 254 characters at most
    /// (RFC 5321 section 4.5.3.1). Quoted local parts are refused: nobody's mailbox needs them, and they hide attacks.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(TextError::Empty);
        }
        if text.len() > 1_000 || text.chars().count() > 254 {
            return Err(TextError::TooLong(254));
        }
        let typed: String = text.nfc().collect();
        let (local, domain) = typed.rsplit_once('@').ok_or(TextError::Email)?;
        let local_ok = !local.is_empty()
            && local.len() <= 64
            && !local.starts_with('.')
            && !local.ends_with('.')
            && !local.contains("..")
            && local.chars().all(|c| if c.is_ascii() { c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c) } else { c.is_alphanumeric() });
        if !local_ok {
            return Err(TextError::Email);
        }
        let domain = idna::domain_to_ascii_strict(domain).map_err(|_| TextError::Email)?;
        if !domain.contains('.') && domain != "localhost" || domain.len() > 253 {
            return Err(TextError::Email);
        }
        let local: String = local.to_lowercase().nfc().collect();
        Ok(Self { key: format!("{local}@{domain}"), typed })
    }

    /// The address as its owner writes it: what mail is sent to.
    pub fn as_str(&self) -> &str {
        &self.typed
    }

    /// The key (NFC, lower case, IDNA domain): one user per key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The ASCII domain of the address.
    pub fn domain(&self) -> &str {
        self.key.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for EmailAddress {}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.typed)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = TextError;

    fn try_from(text: String) -> Result<Self, TextError> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.typed
    }
}

/// A text folded for sorting and infix search: compatibility-decomposed, without marks, lower case.
pub fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_address_are_equal() {
        let key = |text| EmailAddress::parse(text).map(|a| a.key().to_owned());
        assert_eq!(key(" Ana.Ferreira@ACME.Example "), Ok("ana.ferreira@acme.example".into()));
        // U+0075 U+0308 and U+00FC; a domain in Unicode and in ASCII.
        assert_eq!(key("Mu\u{308}ller@M\u{fc}nchen.example"), key("m\u{fc}ller@xn--mnchen-3ya.example"));
        for bad in [
            "",
            "ana",
            "@acme.example",
            "ana@",
            "a na@acme.example",
            "ana@acme",
            "a@b@c.example",
            "\"a b\"@acme.example",
            "ana@acme.example\r\nBcc: x@y.example",
            ".a@acme.example",
            "a..b@acme.example",
            "a@acme..example",
            "a\u{202e}b@acme.example",
        ] {
            assert!(key(bad).is_err(), "{bad:?} is refused");
        }
        assert_eq!(key(&format!("{}@acme.example", "a".repeat(300))), Err(TextError::TooLong(254)));
    }

    #[test]
    fn names_are_clean_and_short() {
        assert_eq!(DisplayName::parse("  Ana  ").unwrap().as_str(), "Ana");
        assert_eq!(DisplayName::parse(" "), Err(TextError::Empty));
        assert_eq!(DisplayName::parse(&"x".repeat(10_000)), Err(TextError::TooLong(100)));
        assert_eq!(DisplayName::parse("evil\u{202e}gnp.exe"), Err(TextError::Control));
        assert_eq!(DisplayName::parse("a\nb"), Err(TextError::Control));
        assert_eq!(DisplayName::parse(&"\u{fdfa}".repeat(100)).map(|n| n.as_str().chars().count()), Ok(100));
    }

    #[test]
    fn keys_keep_the_marks_of_the_claims_out() {
        assert!(Slug::parse("sales_desk-2").is_ok());
        for bad in ["", "Sales", "a.b", "a:b", "a b", &"x".repeat(51)] {
            assert!(Slug::parse(bad).is_err());
        }
        assert!(Verb::parse("approve").is_ok() && Verb::parse("order.approve").is_err() && Verb::parse("a:b").is_err());
        assert!(PermissionKey::parse("x-billing.run").unwrap().is_own());
        assert!(PermissionKey::parse("asset").is_err() && PermissionKey::parse("a.b.c").is_err());
        assert_eq!(Locale::parse("de-ch").unwrap().as_str(), "de-CH");
    }

    #[test]
    fn a_name_makes_a_key() {
        let key = |name: &str| Slug::derived(name).map(String::from);
        assert_eq!(key("  Sales Desk (\u{c1}rv\u{ed}z) 2! ").as_deref(), Some("sales-desk-arviz-2"));
        assert_eq!(key("Stra\u{df}e").as_deref(), Some("strasse"));
        assert_eq!(key(&format!("{} b", "a".repeat(49))), Some("a".repeat(49)));
        assert_eq!((key("\u{634}\u{631}\u{643}\u{629}"), key(" - "), key("")), (None, None, None));
    }

    #[test]
    fn folding_forgets_case_and_marks() {
        assert_eq!(fold("\u{c1}RV\u{cd}Z"), "arviz");
    }
}
