//! The terms of grants and memberships, as pages say them.

use crate::access::people::Terms;
use crate::base::time::{Period, Timestamp};
use crate::words::Words;

/// From when or until when something is in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ends {
    /// In words.
    pub text: String,
    /// It ends within two weeks.
    pub near: bool,
    /// It has ended: it is only still there to be seen.
    pub over: bool,
}

/// Who gave it, and when.
pub fn by(words: Words, terms: &Terms) -> String {
    words.with("granted-by", &[("who", terms.granted_by_label.clone()), ("date", words.day(terms.granted_at))])
}

/// From when or until when; `None`: in force, without end.
pub fn ends(words: Words, terms: &Terms, now: Timestamp) -> Option<Ends> {
    when(words, terms.period(), now)
}

/// The same of a period.
pub fn when(words: Words, period: Period, now: Timestamp) -> Option<Ends> {
    if let Some(start) = period.starts_at.filter(|start| *start > now) {
        let text = match period.ends_at {
            Some(end) => words.with("starts-until", &[("start", words.day(start)), ("end", words.day(end))]),
            None => words.with("starts-on", &[("date", words.day(start))]),
        };
        return Some(Ends { text, near: false, over: false });
    }
    let end = period.ends_at?;
    let over = end <= now;
    Some(Ends { text: words.ends(end, now), near: !over && end.since(now).as_secs() < 14 * 86_400, over })
}
