//! Claims as people read them: each with its meaning, its size, and where what it says comes from. For the demo app and the token preview.

pub mod meaning;
pub mod reasons;

use crate::base::time::Timestamp;
use crate::oauth::claims::{self, Claims};
use crate::words::Words;
use meaning::Token;
pub use reasons::{Reason, Reasons, Step, Way};
use serde_json::Value;

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
    /// As sent; `None`: it was an answer, no token, or nothing was signed.
    pub raw: Option<String>,
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

/// How many bytes one claim takes, with its name and the comma behind it.
pub fn size(name: &str, value: &Value) -> usize {
    let alone: Claims = [(name.to_owned(), value.clone())].into_iter().collect();
    claims::bytes(&alone).saturating_sub(1)
}
