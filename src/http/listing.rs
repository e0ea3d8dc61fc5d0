//! Lists: what the address says of them (search, filters, sort, page), and links to the same list with one thing changed.

use super::visit::Visit;
use crate::access::people::From;
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

    /// What its address says of the list, with its page.
    pub fn query(&self) -> String {
        let pairs = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
    }

    /// The list as it is, with its page.
    pub fn here(&self) -> String {
        let query = self.query();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        self.pairs.iter().any(|(name, _)| !["page", "after", "before", "sort"].contains(&name.as_str()))
    }

    /// From where the page goes that the address asks for, in a list that is read from row to row; `read`: a place of it, as `page_from` wrote it.
    pub fn asked_from<C>(&self, read: fn(&str) -> Option<C>) -> From<C> {
        match (read(self.text("after")), read(self.text("before"))) {
            (Some(after), _) => From::After(after),
            (None, Some(before)) => From::Before(before),
            (None, None) => From::Start,
        }
    }

    /// One page of rows that were read from there on, with the pager. There is one row more than a page has if another page follows. `at`: the
    /// place of a row, as it stands in an address.
    pub fn page_from<T, C>(&self, from: &From<C>, mut rows: Vec<T>, at: impl Fn(&T) -> String) -> (Vec<T>, Pager) {
        let more = rows.len() > ROWS;
        let (before, after) = match from {
            From::Before(_) => {
                if more {
                    rows.remove(0);
                }
                (more, true)
            }
            From::After(_) => (true, more),
            From::Start => (false, more),
        };
        rows.truncate(ROWS);
        let pager = Pager {
            first: before.then(|| self.changed("after", "")),
            previous: rows.first().filter(|_| before).map(|row| self.changed("before", &at(row))),
            next: rows.last().filter(|_| after).map(|row| self.changed("after", &at(row))),
        };
        (rows, pager)
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
        assert_eq!(list.here(), "/portal/users?q=%C3%81na&status=invited&page=3");
        assert_eq!(Listing::read("/l", "done=saved").here(), "/l");
        for odd in ["page=-1", "page=0", "page=x", "page=99999999999999999999", "page="] {
            assert_eq!(Listing::read("/", odd).page(), 1, "{odd}");
        }
        assert_eq!(Listing::read("/", &format!("q={}", "x".repeat(10_000))).text("q").len(), 200);
    }

    #[test]
    fn a_list_that_is_read_from_row_to_row_leads_both_ways() {
        let page = |query: &str, rows: std::ops::Range<usize>| {
            let list = Listing::read("/l", query);
            let from = list.asked_from(|text| text.parse::<usize>().ok());
            let (rows, pager) = list.page_from(&from, rows.collect::<Vec<usize>>(), ToString::to_string);
            (rows.first().copied(), rows.len(), [pager.first, pager.previous, pager.next].map(Option::unwrap_or_default).join(" "))
        };
        for (query, rows, first, many, links) in [
            ("", 0..51, Some(0), 50, "  /l?after=49"),
            ("", 0..50, Some(0), 50, "  "),
            ("after=49", 50..60, Some(50), 10, "/l /l?before=50 "),
            ("after=49", 50..101, Some(50), 50, "/l /l?before=50 /l?after=99"),
            // Read backwards, the row that is one too many is the first.
            ("before=100", 49..100, Some(50), 50, "/l /l?before=50 /l?after=99"),
            ("before=50", 0..50, Some(0), 50, "  /l?after=49"),
            ("after=49", 0..0, None, 0, "/l  "),
            ("after=x&before=", 0..1, Some(0), 1, "  "),
        ] {
            assert_eq!(page(query, rows), (first, many, links.to_owned()), "{query}");
        }
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
