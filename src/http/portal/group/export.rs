//! The members of a group as a file: of any number.

use super::enter;
use crate::access::people::groups::{self as held, Member};
use crate::access::people::{Cursor, From};
use crate::base::fault::Fault;
use crate::base::id::GroupId;
use crate::base::time::Timestamp;
use crate::http::csv::{self, Csv, Pages};
use crate::http::listing::Listing;
use crate::http::visit::Visit;
use crate::server::Server;
use crate::word;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

/// The rows of one page of an export.
const STEP: usize = 500;

/// `GET /portal/groups/{id}/members.csv`: the members that the page lists, whole.
pub async fn members_csv(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    // On the heap, as everything that several handlers await: their futures stay small.
    let asked = portal.visit.request.uri().to_string();
    let noted = Box::pin(portal.work(async |work| work.record_export("group_members", &asked).await)).await;
    if let Err(fault) = noted {
        return portal.fault(&fault).await;
    }
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
    let export = Export { server: portal.visit.server.clone(), group: group.id, search, from: Some(From::Start) };
    csv::stream(&portal.visit, &format!("{}-{}-members", stage.key, group.key), head, export).await
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    group: GroupId,
    /// What is searched for.
    search: String,
    /// Where the next page begins; `None`: there is none.
    from: Option<From>,
}

impl Pages for Export {
    async fn next(&mut self) -> Result<Option<Csv>, Fault> {
        let Some(from) = self.from.take() else { return Ok(None) };
        let mut tx = self.server.ground.db.read().await?;
        let members = held::members(&mut tx, self.group, &self.search, &from, STEP).await?;
        drop(tx);
        self.from = members.last().filter(|_| members.len() == STEP).map(|last| From::After(Cursor::at_member(last)));
        let mut csv = Csv::default();
        for member in &members {
            write(&mut csv, member);
        }
        Ok(Some(csv))
    }
}

fn write(csv: &mut Csv, Member { person, terms }: &Member) {
    let instant = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
    let name = person.name.as_ref().map_or("", |name| name.as_str());
    let period = terms.period();
    let (from, until, given) = (instant(period.starts_at), instant(period.ends_at), instant(Some(terms.granted_at)));
    csv.row([name, &person.email, person.status.as_str(), &from, &until, &terms.granted_by_label, &given, terms.reason.as_deref().unwrap_or_default()]);
}
