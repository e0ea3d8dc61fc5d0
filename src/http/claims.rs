//! Claims as people read them: each with its meaning, its size, and where what it says comes from. For the demo app and the token preview.

pub mod meaning;
pub mod reasons;

use crate::base::text::misleads;
use crate::base::time::Timestamp;
use crate::oauth::claims::{self, Claims};
use crate::words::Words;
use meaning::Token;
pub use reasons::{Reason, Reasons, Step, Way};
use serde_json::Value;
use std::fmt::Write;

/// A token, or the answer of userinfo.
pub struct Part {
    /// For ids.
    pub key: &'static str,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// How large it is; `None`: the reader may not know.
    pub size: Option<String>,
    /// What it says.
    pub claims: Vec<Claim>,
    /// The whole of it as machines read it; `None`: nothing was sent.
    pub raw: Option<Raw>,
}

/// A token, or the answer of userinfo, as machines read it.
pub struct Raw {
    /// What it says, as JSON.
    pub payload: String,
    /// What only a token has; `None`: it was an answer.
    pub signed: Option<Signed>,
}

/// A token as it was signed.
pub struct Signed {
    /// Its header, as JSON.
    pub header: String,
    /// As sent.
    pub sent: String,
}

/// A claim.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// Its name.
    pub name: String,
    /// Its values: one, or those of a list.
    pub values: Vec<String>,
    /// Whether it is a list.
    pub list: bool,
    /// The value as people read it.
    pub readable: Option<String>,
    /// What it means.
    pub meaning: String,
    /// Where it comes from.
    pub reasons: Vec<Reason>,
    /// How large it is, where that is said.
    pub size: Option<String>,
    /// Whether only a sign-in makes the value.
    pub made_at_issue: bool,
    /// Why not everything is shown, if so.
    pub hidden: Option<String>,
}

impl Claim {
    /// The one value of a claim that is no list.
    pub fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }
}

/// The values of a list, as texts.
pub fn texts(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().map(plain).collect()
}

/// A text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

/// The claims in the order in which people read them, without sizes.
pub fn list(words: Words, reasons: &Reasons, token: Token, claims: &Claims) -> Vec<Claim> {
    let mut sorted: Vec<_> = claims.iter().collect();
    sorted.sort_by_key(|(name, _)| (meaning::of(name, token).0, name.as_str()));
    let claim = |(name, value): (&String, &Value)| {
        let list = value.is_array();
        let values = if list { texts(Some(value)) } else { vec![plain(value)] };
        let access = matches!(name.as_str(), "roles" | "org_roles" | "permissions" | "groups");
        let readable = value.as_i64().filter(|_| meaning::is_time(name)).map(|seconds| words.minute(Timestamp::from_seconds(seconds)));
        let reasons = if access { reasons.of(name, &values) } else { Vec::new() };
        Claim { name: name.clone(), list, readable, meaning: words.say(meaning::of(name, token).1), reasons, values, ..Claim::default() }
    };
    sorted.into_iter().map(claim).collect()
}

/// JSON as people read it: indented, and what could turn or hide the rest of a line stands there as its number. It is still the same JSON.
pub fn indented(claims: &Claims) -> String {
    let json = serde_json::to_string_pretty(claims).unwrap_or_default();
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && misleads(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}"); // writing to a String cannot fail
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// How many bytes one claim takes, with its name and the comma behind it.
pub fn size(name: &str, value: &Value) -> usize {
    let alone: Claims = [(name.to_owned(), value.clone())].into_iter().collect();
    claims::bytes(&alone).saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn json_cannot_look_like_other_json() {
        let odd = json!({ "name": "Ana\u{202e}\u{7f}\u{e0041} \"Fe\nrreira\"", "a\u{200b}": ["\u{5e9}\u{5dc}\u{5d5}\u{5dd}"] });
        let text = indented(odd.as_object().expect("an object"));
        assert!(text.contains(r"\u202e\u007f\udb40\udc41") && text.contains(r#""a\u200b": ["#), "{text}");
        assert!(text.contains("\u{5e9}\u{5dc}\u{5d5}\u{5dd}"), "letters stay as they are: {text}");
        assert!(!text.chars().any(|c| c != '\n' && misleads(c)));
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), odd);
    }
}
