//! `GET /portal/invitations/many/{id}/rows.csv`: the rows of a file as they came, each with what became of it and what is wrong. What is
//! corrected in it can be uploaded again.

use super::{NEEDS, batch, enter, say};
use crate::access::load::Snapshot;
use crate::access::people::From;
use crate::base::fault::Fault;
use crate::base::id::BulkInvitationId;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::portal::export::{Pages, STEP, after};
use crate::http::visit::Visit;
use crate::lifecycle::bulk_invitation::{self, Column, Row, Wanted};
use crate::server::Server;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use std::sync::Arc;

/// `GET /portal/invitations/many/{id}/rows.csv`.
pub async fn csv(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let batch = match batch::find(&portal, &id).await {
        Ok(Some(batch)) => batch,
        Ok(None) => return portal.missing().await,
        Err(fault) => return portal.fault(&fault).await,
    };
    let head = ["row"].into_iter().chain(Column::ALL.iter().map(|column| column.as_str())).chain(["result", "problem"]);
    let list = Listing::of(&portal.visit);
    let export = Export {
        server: portal.visit.server.clone(),
        words: portal.words,
        snapshot: Arc::clone(&portal.person.snapshot),
        batch: batch.id,
        wanted: Wanted { state: batch::chosen(&list), search: list.search(), ..Wanted::default() },
    };
    portal.export("bulk_invitation", "invitation-results", head.map(str::to_owned).collect(), export).await
}

/// The rows as an export.
struct Export {
    server: Data<Server>,
    words: Words,
    snapshot: Arc<Snapshot>,
    batch: BulkInvitationId,
    wanted: Wanted,
}

impl Pages for Export {
    type Place = From<i64>;
    const START: From<i64> = From::Start;

    async fn page(&mut self, from: From<i64>, csv: &mut Csv) -> Result<Option<From<i64>>, Fault> {
        if let From::After(number) = from {
            self.wanted.after = Some(number);
        }
        let mut tx = self.server.ground.db.read().await?;
        let rows = bulk_invitation::one_page(&mut tx, self.batch, &self.wanted, STEP).await?;
        drop(tx);
        for row in &rows {
            self.write(row, csv);
        }
        Ok(after(&rows, |last| last.number))
    }
}

impl Export {
    /// The lines of one person.
    fn write(&self, row: &Row, csv: &mut Csv) {
        let result = say::outcome(self.words, row).text;
        for line in &row.content.lines {
            let problems = row.problems.iter().filter(|problem| problem.line == line.number || problem.line == 0);
            let problems = problems.map(|problem| format!("{}: {}", problem.column, say::problem(self.words, &self.snapshot, problem)));
            let (number, problems) = (line.number.to_string(), problems.collect::<Vec<_>>().join(" "));
            csv.row([number.as_str()].into_iter().chain(line.cells()).chain([result.as_str(), &problems]));
        }
    }
}
