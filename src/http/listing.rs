//! Lists: what the address says of them (search, filters, sort, page), and links to the same list with one thing changed.

use super::visit::Visit;
use crate::base::text::fold;

/// The rows of one page.
pub const ROWS: usize = 50;
/// What the page of a group is told once after a change, as `done` is: it stays in no link.
pub const NO_ROOM: &str = "no-room";
/// Whatever is longer cannot be in a name.
const LONGEST: usize = 200;

/// A list as its address describes it.
#[derive(Clone, Debug)]
pub struct Listing {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Listing {
    /// The list of this request. Of several values of one name the last one counts; what is too long is cut.
    pub fn of(visit: &Visit) -> Self {
        Self::read(visit.request.path(), visit.request.query_string())
    }

    /// The list at a path with a query.
    pub fn read(path: &str, query: &str) -> Self {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()).take(30) {
            let value: String = value.trim().chars().filter(|c| !c.is_control() && *c != char::REPLACEMENT_CHARACTER).take(LONGEST).collect();
            pairs.retain(|(other, _)| *other != name);
            if !value.is_empty() && !["done", NO_ROOM].contains(&&*name) && name.len() <= 30 {
                pairs.push((name.into_owned(), value));
            }
        }
        Self { path: path.to_owned(), pairs }
    }

    /// A value, or nothing.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(other, _)| other == name).map_or("", |(_, value)| value)
    }

    /// The search, folded as what it is compared with.
    pub fn search(&self) -> String {
        fold(self.text("q"))
    }

    /// The page, from 1. Anything that is no page is the first one.
    pub fn page(&self) -> usize {
        self.text("page").parse().ok().filter(|page| *page > 0).unwrap_or(1)
    }

    /// The same list with one value changed, from its beginning.
    pub fn changed(&self, name: &str, value: &str) -> String {
        let paging = ["page", "after", "before"];
        let kept =
            self.pairs.iter().filter(|(other, _)| other != name && !paging.contains(&other.as_str())).map(|(name, value)| (name.as_str(), value.as_str()));
        let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.chain((!value.is_empty()).then_some((name, value)))).finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// The same list at another path: its export.
    pub fn at(&self, path: &str) -> String {
        Self { path: path.to_owned(), ..self.clone() }.changed("page", "")
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !["page", "after", "before", "sort"].contains(&name.as_str()))
    }

    /// One page of rows that are all at hand, with the pager. A page past the end is the last one.
    pub fn cut<T>(&self, rows: Vec<T>) -> (Vec<T>, Pager) {
        let total = rows.len();
        let pages = total.div_ceil(ROWS).max(1);
        let page = self.page().min(pages);
        let link = |page: usize| self.changed("page", &page.to_string());
        let pager = Pager {
            first: (page > 2).then(|| self.changed("page", "")),
            previous: (page > 1).then(|| link(page - 1)),
            next: (page < pages).then(|| link(page + 1)),
        };
        (rows.into_iter().skip((page - 1) * ROWS).take(ROWS).collect(), pager)
    }
}

/// The links at the end of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    /// To its beginning, when that is neither here nor the page before.
    pub first: Option<String>,
    /// To the page before.
    pub previous: Option<String>,
    /// To the page after.
    pub next: Option<String>,
}

impl Pager {
    /// Whether there is more than this page.
    pub fn is_needed(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_read_kindly_and_written_back() {
        let list = Listing::read("/portal/users", "q=+%C3%81na+&status=active&status=invited&page=3&done=saved&no-room=1&x=&bad=%FF%00");
        assert_eq!((list.search().as_str(), list.text("status"), list.page(), list.text("bad")), ("ana", "invited", 3, ""));
        assert_eq!(list.changed("status", ""), "/portal/users?q=%C3%81na");
        assert_eq!(list.changed("sort", "new"), "/portal/users?q=%C3%81na&status=invited&sort=new");
        assert_eq!(list.at("/portal/users.csv"), "/portal/users.csv?q=%C3%81na&status=invited");
        for odd in ["page=-1", "page=0", "page=x", "page=99999999999999999999", "page="] {
            assert_eq!(Listing::read("/", odd).page(), 1, "{odd}");
        }
        assert_eq!(Listing::read("/", &format!("q={}", "x".repeat(10_000))).text("q").len(), 200);
    }

    #[test]
    fn a_page_past_the_end_is_the_last_one() {
        let rows = || (0..120).collect::<Vec<_>>();
        let cut = |query| Listing::read("/l", query).cut(rows());
        let (first, pager) = cut("");
        assert_eq!((first.len(), pager.previous, pager.next.as_deref()), (50, None, Some("/l?page=2")));
        let (last, pager) = cut("page=1000000000");
        assert_eq!(
            (last.first(), last.len(), pager.next, pager.previous.as_deref(), pager.first.as_deref()),
            (Some(&100), 20, None, Some("/l?page=2"), Some("/l"))
        );
        assert_eq!(Listing::read("/l", "page=7").cut(Vec::<u8>::new()).0.len(), 0);
    }
}
