//! What a person or a group holds: the first of it on their page, and all of it on a page of its own, with a search.

use super::shell::Shell;
use super::terms::Ends;
use super::users::Choices;
use crate::access::people::{EndUserHeld, Terms};
use crate::base::text::fold;
use crate::base::time::Timestamp;
use crate::http::listing::{Listing, Pager};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Words;
use askama::Template;

/// So much of each kind stands on the page of a person or group.
pub const FIRST: usize = 20;
/// The order in which what ends first comes first.
const ENDS: &str = "ends";
/// The field with the list from which somebody came to a form.
pub const FROM: &str = "from";

/// Everything of one kind that a person or a group holds.
#[derive(Template)]
#[template(path = "portal/holds.html")]
pub struct HoldsPage {
    /// The layout.
    pub shell: Shell,
    /// The list in which the person or group stands, and its name.
    pub home: (&'static str, String),
    /// The page of the person or group.
    pub back: String,
    /// Who or what that is.
    pub label: String,
    /// What of it this is.
    pub title: String,
    /// How many there are.
    pub total: String,
    /// The list as its address describes it.
    pub list: Listing,
    /// The orders.
    pub filters: Vec<Choices>,
    /// The rows of this page.
    pub section: Rows,
    /// What is said when nothing is held.
    pub empty: String,
    /// The other pages.
    pub pager: Pager,
}

/// Rows that stand together.
pub struct Rows {
    /// The rows.
    pub rows: Vec<GrantRow>,
    /// Where the others are; `None`: these are all, or the links to other pages stand beside them.
    pub all: Option<All>,
}

/// The link to everything, where only the first of it is shown.
pub struct All {
    /// The page.
    pub link: String,
    /// What the link says.
    pub text: String,
}

impl All {
    /// The link, if there are so many that not all are shown. `key`: what it says of their number.
    pub fn of(words: Words, key: &str, count: usize, link: String) -> Option<Self> {
        (count > FIRST).then(|| Self { text: words.counted(key, "count", count as u64), link })
    }
}

/// One thing that somebody holds.
pub struct GrantRow {
    /// What.
    pub what: String,
    /// Where.
    pub place: String,
    /// Through which group; `None`: directly.
    pub through: Option<String>,
    /// Who gave it, and when.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// From when or until when.
    pub ends: Option<Ends>,
    /// Why it is held; `None`: it is no role, or no person's.
    pub why: Option<String>,
    /// The page that changes when it is in force; `None`: likewise.
    pub change: Option<String>,
    /// The page that takes it away; `None`: the reader may not, or it comes through a group.
    pub revoke: Option<String>,
}

impl GrantRow {
    /// The row as it stands in this list: from its forms one comes back to the list, as it is.
    #[must_use]
    pub fn in_list(self, list: &Listing) -> Self {
        let query = list.query();
        // A field without a value is none: what says nothing of the list says that it begins at its beginning.
        let from = if query.is_empty() { "page=1" } else { query.as_str() };
        let field = url::form_urlencoded::Serializer::new(String::new()).append_pair(FROM, from).finish();
        let carry = |link: String| format!("{link}&{field}");
        Self { change: self.change.map(carry), revoke: self.revoke.map(carry), ..self }
    }
}

/// What an address or a form says of the list from which somebody came.
pub fn from(fields: &Parameters) -> Option<&str> {
    fields.one(FROM).ok().flatten()
}

/// The same as a field of the form.
pub fn field(from: Option<&str>) -> Option<(&'static str, String)> {
    from.map(|from| (FROM, from.to_owned()))
}

/// The list at `path` as it was; `None`: nobody came from there.
pub fn came_from(path: &str, from: Option<&str>) -> Option<String> {
    from.map(|from| Listing::read(path, from).here())
}

/// Something that is held, as a list shows it.
pub trait Holding {
    /// Every text by which it is found.
    fn texts(&self) -> Vec<&str>;
    /// Since when, until when, by whom and why.
    fn terms(&self) -> &Terms;
}

impl Holding for EndUserHeld {
    fn texts(&self) -> Vec<&str> {
        vec![self.role_name.as_str(), self.app_name.as_str(), self.stage_name.as_str()]
    }

    fn terms(&self) -> &Terms {
        &self.terms
    }
}

/// What the list asks for: the rows of its page, how many there are in all, and the other pages.
pub fn asked<H: Holding>(list: &Listing, mut held: Vec<H>, now: Timestamp) -> (Vec<H>, usize, Pager) {
    let search = list.search();
    if !search.is_empty() {
        held.retain(|held| matches(held, &search));
    }
    if list.text("sort") == ENDS {
        held.sort_by_key(|held| ending(held.terms(), now));
    }
    let total = held.len();
    let (rows, pager) = list.cut(held);
    (rows, total, pager)
}

fn matches(held: &impl Holding, search: &str) -> bool {
    let terms = held.terms();
    let mut texts = held.texts();
    texts.extend(terms.reason.as_deref());
    texts.push(&terms.granted_by_label);
    fold(&texts.join(" ")).contains(search)
}

/// The nearest end first, then what has none, and what has ended last.
fn ending(terms: &Terms, now: Timestamp) -> (u8, Option<Timestamp>) {
    match terms.period().ends_at {
        Some(end) if end > now => (0, Some(end)),
        None => (1, None),
        Some(end) => (2, Some(end)),
    }
}

/// The orders of such a list.
pub fn orders(words: Words, list: &Listing) -> Vec<Choices> {
    let options = [("", word!("sort-name")), (ENDS, word!("sort-ends"))];
    vec![Choices::new(list, "sort", words.say("sort"), options.map(|(value, key)| (value.to_owned(), words.say(key))))]
}
