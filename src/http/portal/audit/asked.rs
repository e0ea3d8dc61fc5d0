//! What the address asks of the trail.

use super::words::Topic;
use crate::audit::Kind;
use crate::audit::search::{Filter, until};
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::http::listing::Listing;
use crate::identity::user::trail;

/// The filter, and whether a date of it could not be read and was left out.
pub(super) async fn filter(tx: &mut Tx, list: &Listing) -> Result<(Filter, bool), Fault> {
    let kind = list.text("kind");
    let text = |name: &str| Some(list.text(name)).filter(|text| !text.is_empty()).map(str::to_owned);
    let (since, before) = (Timestamp::parse(list.text("since")), until(list.text("until")));
    let mut filter = Filter {
        kinds: match (Topic::parse(kind), Kind::parse(kind)) {
            (Some(topic), _) => topic.kinds().collect(),
            (None, Some(kind)) => vec![kind],
            (None, None) => Vec::new(),
        },
        since,
        until: before,
        request_id: text("request"),
        address: text("address"),
        texts: text("q").into_iter().collect(),
        ..Filter::default()
    };
    trail::by(tx, &mut filter, list.text("who")).await?;
    trail::about(tx, &mut filter, list.text("about")).await?;
    let unread = |name: &str, read: bool| !read && !list.text(name).is_empty();
    Ok((filter, unread("since", since.is_some()) || unread("until", before.is_some())))
}
