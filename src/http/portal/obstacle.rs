//! What is in the way of something that shall go, as its page lists it (`templates/portal/in_the_way.html`).

use crate::access::role::organization::Leaving;
use crate::http::paths;
use crate::words::{Marked, Words};

/// One thing in the way.
pub struct Obstacle {
    /// What must go, or change, first.
    pub text: Marked,
    /// Where that is done.
    pub link: String,
}

impl Obstacle {
    /// The organization roles that would hold nothing any more.
    pub fn emptied(words: Words, leaving: &[Leaving]) -> impl Iterator<Item = Self> {
        let emptied = leaving.iter().filter(|leaving| leaving.is_emptied()).map(|leaving| &leaving.role);
        emptied.map(move |role| Self { text: words.marked("role-emptied", &[("role", role.name.as_str())]), link: paths::role(role.id) })
    }
}
