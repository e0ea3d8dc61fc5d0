//! `/portal/invitations.csv`: the list of invitations as a file.

use super::{NEEDS, asked, in_short, inviter, sight};
use crate::access::people::From;
use crate::base::fault::Fault;
use crate::base::id::InvitationId;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::portal::export::{Pages, STEP, after};
use crate::http::visit::Visit;
use crate::lifecycle::invitation::list::{self, Filter, Sight, Sort};
use crate::server::Server;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::Data;
use std::collections::HashMap;

/// `GET /portal/invitations.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let head =
        [word!("email"), word!("invitation-state"), word!("invitation-offered"), word!("invitation-by"), word!("invitation-sent"), word!("invitation-until")]
            .map(|key| portal.words.say(key));
    let (filter, sort) = asked(&portal, &Listing::of(&portal.visit));
    let export = Export {
        server: portal.visit.server.clone(),
        words: portal.words,
        organization: portal.visit.frame().await.organization,
        sight: sight(&portal),
        filter,
        sort,
    };
    portal.export("invitations", "invitations", head.into(), export).await
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    words: Words,
    organization: String,
    sight: Sight,
    filter: Filter,
    sort: Sort,
}

impl Pages for Export {
    type Place = From;
    const START: From = From::Start;

    async fn page(&mut self, from: From, csv: &mut Csv) -> Result<Option<From>, Fault> {
        let mut tx = self.server.ground.db.read().await?;
        let rows = list::list(&mut tx, &self.sight, &self.filter, self.sort, &from, STEP).await?;
        let offers = list::offers(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<InvitationId>>()).await?;
        drop(tx);
        let mut texts: HashMap<InvitationId, Vec<String>> = HashMap::with_capacity(rows.len());
        for offer in &offers {
            texts.entry(offer.invitation_id).or_default().push(in_short(self.words, offer));
        }
        for row in &rows {
            let offered = texts.remove(&row.id).unwrap_or_default().join("; ");
            let (state, inviter) = (row.state(self.filter.now), inviter(row, &self.organization));
            csv.row([row.email.as_str(), state.as_str(), &offered, &inviter, &row.sent_at.rfc3339(), &row.expires_at.rfc3339()]);
        }
        Ok(after(&rows, |last| list::place(last, self.sort)))
    }
}
