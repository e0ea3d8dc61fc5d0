//! `/portal/users.csv`: the list of users as a file.

use super::{Beside, NEEDS, access, asked};
use crate::access::load::Snapshot;
use crate::access::people::{self, Cursor, Filter, From, Side, Sight, Sort};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::time::Timestamp;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::portal::export::{Pages, STEP, after};
use crate::http::visit::Visit;
use crate::server::Server;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::Data;
use std::sync::Arc;

/// `GET /portal/users.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let words = portal.words;
    let snapshot = Arc::clone(&portal.person.snapshot);
    let sight = Sight::of(&portal.person.authority, &snapshot.catalogue);
    let (filter, sort) = asked(&portal, &Listing::of(&portal.visit), &sight);
    let head = [word!("name"), word!("email"), word!("status"), word!("access"), word!("last-sign-in"), word!("user-username"), word!("email-domain")];
    let there = filter.there.as_ref().map(|_| word!("last-sign-in-there"));
    let head = head.into_iter().chain(there).map(|key| words.say(key)).collect();
    let export = Export { server: portal.visit.server.clone(), words, snapshot, sight, filter, sort };
    portal.export("users", "users", head, export).await
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    words: Words,
    snapshot: Arc<Snapshot>,
    sight: Sight,
    filter: Filter,
    sort: Sort,
}

impl Pages for Export {
    type Place = From;
    const START: From = From::Start;

    async fn page(&mut self, from: From, csv: &mut Csv) -> Result<Option<From>, Fault> {
        let mut tx = self.server.ground.db.read().await?;
        let rows = people::list(&mut tx, &self.sight, &self.filter, self.sort, &from, STEP).await?;
        let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
        let held = people::held(&mut tx, &ids).await?;
        let beside = Beside::read(&mut tx, &self.snapshot, &self.filter, &ids).await?;
        drop(tx);
        for row in &rows {
            let name = row.name.as_ref().map_or("", |name| name.as_str());
            let instant = |at: Option<Timestamp>| at.map(Timestamp::rfc3339).unwrap_or_default();
            let access = access(self.words, &self.sight, row.id, &held, self.filter.now).join("; ");
            let (last, username) = (instant(row.last_login_at), beside.username(row).unwrap_or_default());
            let domain = beside.side(row).map_or("", Side::as_str);
            let there = beside.there(row, instant);
            let columns = [name, &row.email, row.status.as_str(), &access, &last, username, domain];
            csv.row(columns.into_iter().chain(there.as_deref()));
        }
        Ok(after(&rows, |last| Cursor::at(last, self.sort)))
    }
}
