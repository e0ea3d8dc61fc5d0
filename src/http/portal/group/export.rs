//! The members of a group as a file: of any number.

use super::enter;
use crate::access::people::groups::{self as held, Member};
use crate::access::people::{Cursor, From};
use crate::base::fault::Fault;
use crate::base::id::GroupId;
use crate::base::time::Timestamp;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::portal::export::{Pages, STEP, after};
use crate::http::visit::Visit;
use crate::server::Server;
use crate::word;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

/// `GET /portal/groups/{id}/members.csv`: the members that the page lists, whole.
pub async fn members_csv(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let head = [
        word!("name"),
        word!("email"),
        word!("status"),
        word!("who-from"),
        word!("until-when"),
        word!("who-given-by"),
        word!("who-given-on"),
        word!("who-reason"),
    ];
    let head = head.iter().map(|key| portal.words.say(key)).collect();
    let search = Listing::of(&portal.visit).search();
    let export = Export { server: portal.visit.server.clone(), group: group.id, search };
    portal.export("group_members", &format!("{}-{}-members", stage.key, group.key), head, export).await
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    group: GroupId,
    /// What is searched for.
    search: String,
}

impl Pages for Export {
    type Place = From;
    const START: From = From::Start;

    async fn page(&mut self, from: From, csv: &mut Csv) -> Result<Option<From>, Fault> {
        let mut tx = self.server.ground.db.read().await?;
        let members = held::members(&mut tx, self.group, &self.search, &from, STEP).await?;
        drop(tx);
        for member in &members {
            write(csv, member);
        }
        Ok(after(&members, Cursor::at_member))
    }
}

fn write(csv: &mut Csv, Member { person, terms }: &Member) {
    let instant = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
    let name = person.name.as_ref().map_or("", |name| name.as_str());
    let period = terms.period();
    let (from, until, given) = (instant(period.starts_at), instant(period.ends_at), instant(Some(terms.granted_at)));
    csv.row([name, &person.email, person.status.as_str(), &from, &until, &terms.granted_by_label, &given, terms.reason.as_deref().unwrap_or_default()]);
}
