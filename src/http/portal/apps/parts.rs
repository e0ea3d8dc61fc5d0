//! What the pages of the section are put together from: heads with tabs, lists, and the question before something is removed.

use crate::http::listing::{Listing, Pager};
use crate::http::portal::shell::Shell;
use crate::http::portal::users::Choices;
use crate::words::{Marked, Words};
use askama::Template;

/// A link on the way to a page.
pub struct Crumb {
    /// Where it leads.
    pub link: String,
    /// What it says.
    pub name: String,
}

/// Something to do at the head of a page.
pub struct Action {
    /// Its id on the page.
    pub id: &'static str,
    /// Where it leads.
    pub link: String,
    /// What it says.
    pub text: String,
    /// Whether it is what most readers came for.
    pub primary: bool,
}

impl Action {
    /// The link to a list as a file.
    pub fn export(words: Words, link: String) -> Self {
        Self { id: "export", link, text: words.say("export"), primary: false }
    }
}

/// One of several pages about the same thing.
pub struct Tab {
    /// Where it is.
    pub link: String,
    /// What it is called.
    pub name: String,
    /// Whether it is this one.
    pub here: bool,
}

/// The head of a page.
pub struct Head {
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// What the page is about.
    pub title: String,
    /// Its stage.
    pub badge: Option<String>,
    /// What it is for.
    pub lead: Option<String>,
    /// What can be done.
    pub actions: Vec<Action>,
    /// The pages beside this one.
    pub tabs: Vec<Tab>,
}

/// A list.
#[derive(Template)]
#[template(path = "portal/apps/list.html")]
pub struct ListPage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// The list as its address describes it.
    pub list: Listing,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// How many there are.
    pub total: String,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The rows of this page.
    pub lines: Vec<Line>,
    /// The other pages.
    pub pager: Pager,
    /// What an empty list says: that it is, and what to do.
    pub empty: (String, String),
}

/// A row of a list.
pub struct Line {
    /// Its page; `None`: there is none for this reader.
    pub link: Option<String>,
    /// What it is called.
    pub name: String,
    /// Whether the name is one that machines read.
    pub code: bool,
    /// What stands below the name.
    pub below: String,
    /// What stands in the other columns.
    pub cells: Vec<Cell>,
    /// The page that asks whether to remove it; `None`: the reader may not.
    pub remove: Option<String>,
}

/// What stands in a column.
pub enum Cell {
    /// A text.
    Text(String),
    /// Names, each by itself, and how many more there are.
    Chips(Vec<String>, u64),
    /// A link: its words, where it leads, and what it says to whoever hears it alone.
    Link(String, String, String),
    /// A state: its words and the class of the badge.
    Badge(String, &'static str),
}

impl Cell {
    /// The first few names.
    pub fn chips(mut names: Vec<String>) -> Self {
        let more = names.len().saturating_sub(4) as u64;
        names.truncate(4);
        Self::Chips(names, more)
    }
}

/// The question whether to remove something.
#[derive(Template)]
#[template(path = "portal/apps/remove.html")]
pub struct RemovePage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// The question.
    pub title: String,
    /// What goes.
    pub what: Marked,
    /// What follows from it.
    pub follows: Vec<Marked>,
    /// Where the form is posted to.
    pub action: String,
    /// Where whoever thinks better of it goes.
    pub back: String,
    /// What the button says.
    pub button: String,
    /// What the form carries along.
    pub hidden: Vec<(&'static str, String)>,
    /// Why it is asked again.
    pub problem: Option<String>,
    /// Whether it changes access: then it can be previewed.
    pub previews: bool,
}
