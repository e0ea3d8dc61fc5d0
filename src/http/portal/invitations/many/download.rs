//! `GET /portal/invitations/many/{id}/rows.csv`: the rows of a file as they came, each with what became of it and what is wrong. What is
//! corrected in it can be uploaded again.

use super::{NEEDS, batch, enter, say};
use crate::base::fault::Fault;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::visit::Visit;
use crate::lifecycle::bulk_invitation::{self, Batch, Column, Row, Wanted};
use actix_web::HttpResponse;
use actix_web::web::Path;

/// The people of one step.
const STEP: usize = 500;

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
    let noted = portal.work(async |work| work.record_export("bulk_invitation", &portal.visit.request.uri().to_string()).await).await;
    if let Err(fault) = noted {
        return portal.fault(&fault).await;
    }
    match export(&portal, &batch).await {
        Ok(csv) => csv.answer("invitation-results"),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn export(portal: &Portal, batch: &Batch) -> Result<Csv, Fault> {
    let mut csv = Csv::default();
    csv.row(["row"].into_iter().chain(Column::ALL.iter().map(|column| column.as_str())).chain(["result", "problem"]));
    let list = Listing::of(&portal.visit);
    let mut wanted = Wanted { state: batch::chosen(&list), search: list.search(), ..Wanted::default() };
    loop {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let step = bulk_invitation::one_page(&mut tx, batch.id, &wanted, STEP).await?;
        drop(tx);
        for row in &step {
            write(portal, row, &mut csv);
        }
        match step.last() {
            Some(last) if step.len() == STEP => wanted.after = Some(last.number),
            _ => return Ok(csv),
        }
    }
}

fn write(portal: &Portal, row: &Row, csv: &mut Csv) {
    let result = say::outcome(portal.words, row).text;
    for line in &row.content.lines {
        let problems = row.problems.iter().filter(|problem| problem.line == line.number || problem.line == 0);
        let problems = problems.map(|problem| format!("{}: {}", problem.column, say::problem(portal.words, &portal.person.snapshot, problem)));
        let (number, problems) = (line.number.to_string(), problems.collect::<Vec<_>>().join(" "));
        csv.row([number.as_str()].into_iter().chain(line.cells()).chain([result.as_str(), &problems]));
    }
}
