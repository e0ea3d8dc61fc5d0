//! `/portal/invitations/many`: the form that takes a file of invitations, what such a file looks like, and the files before.

pub mod batch;
pub mod download;
pub mod say;
pub mod upload;

use super::{GIVES, NEEDS, may_invite};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::time::Timestamp;
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::{Choices, StatusBadge};
use crate::http::visit::Visit;
use crate::http::{csv, paths};
use crate::lifecycle::bulk_invitation::{self, Batch, Column, Counts, Lookup, MOST_LINES};
use crate::lifecycle::invitation::Offer;
use crate::lifecycle::invitation::choices::{self, Choices as Offers};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, post, resource};
use askama::Template;
use std::time::Duration;

/// The most files of the list.
const MOST_FILES: i64 = 100;

/// Every route of inviting many at once.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(resource(paths::INVITE_MANY).route(get().to(show)).route(post().to(upload::submit)))
        .service(resource(paths::INVITE_MANY_SAMPLE).route(get().to(sample)))
        .service(resource(paths::INVITE_FILE).route(get().to(batch::show)).route(post().to(batch::act)))
        .service(resource(paths::INVITE_FILE_CSV).route(get().to(download::csv)))
        .service(resource(paths::INVITE_FILE_CANCEL).route(get().to(batch::ask_cancel)).route(post().to(batch::cancel)));
}

/// The form and the files before.
#[derive(Template)]
#[template(path = "portal/invitations/many/upload.html")]
pub struct ManyPage {
    /// The layout.
    pub shell: Shell,
    /// Whether the reader may invite at all: some may only see what others do.
    pub may_invite: bool,
    /// Whether the reader has nothing to give.
    pub is_bare: bool,
    /// What was pasted.
    pub text: String,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// The most rows.
    pub most: String,
    /// The columns, each with what belongs there.
    pub columns: Vec<(&'static str, String)>,
    /// An example.
    pub sample: String,
    /// The list as its address describes it.
    pub list: Listing,
    /// It has none.
    pub filters: Vec<Choices>,
    /// The files.
    pub files: Vec<FileRow>,
    /// They stand on one page.
    pub pager: Pager,
}

/// A file that was uploaded before.
pub struct FileRow {
    /// Its page.
    pub link: String,
    /// What it was called.
    pub name: String,
    /// Who uploaded it, where that is somebody else.
    pub by: Option<String>,
    /// When.
    pub when: String,
    /// Where it stands.
    pub state: StatusBadge,
    /// How far it came.
    pub people: String,
}

/// Somebody who may see a page of this section.
async fn enter(visit: Visit, needs: &[&'static str]) -> Result<Portal, HttpResponse> {
    Portal::enter(visit, needs).await
}

fn sees_all(portal: &Portal) -> bool {
    portal.may("users.manage", Reach::Organization)
}

/// `GET /portal/invitations/many`.
pub async fn show(visit: Visit) -> HttpResponse {
    match enter(visit, NEEDS).await {
        Ok(portal) => answer(&portal, StatusCode::OK, String::new(), Vec::new()).await,
        Err(answer) => answer,
    }
}

/// The form with what was pasted.
async fn answer(portal: &Portal, status: StatusCode, text: String, errors: Vec<FieldError>) -> HttpResponse {
    match page(portal, text, errors).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

/// What the reader may offer.
async fn lookup(portal: &Portal) -> Result<Lookup, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    let offers: Offers = choices::choices(&mut tx).await?;
    Ok(Lookup::new(portal.person.actor(), &portal.person.snapshot, &offers))
}

async fn page(portal: &Portal, text: String, errors: Vec<FieldError>) -> Result<ManyPage, Fault> {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let lookup = lookup(portal).await?;
    let whose = if sees_all(portal) { None } else { Some(portal.person.user.id) };
    let mut tx = portal.visit.server.ground.db.read().await?;
    let batches = bulk_invitation::list(&mut tx, whose, &list.search(), MOST_FILES).await?;
    let counts = bulk_invitation::counts(&mut tx, &batches.iter().map(|batch| batch.id).collect::<Vec<_>>()).await?;
    drop(tx);
    let files = batches.iter().map(|batch| file_row(portal, batch, counts.get(&batch.id).copied().unwrap_or_default())).collect();
    Ok(ManyPage {
        may_invite: may_invite(portal),
        is_bare: lookup.examples().iter().all(Option::is_none),
        text,
        errors,
        most: say::number(MOST_LINES as u64),
        columns: Column::ALL.iter().map(|column| (column.as_str(), say::column(words, *column))).collect(),
        sample: example(&lookup, portal.person.now),
        list,
        filters: Vec::new(),
        files,
        pager: Pager::default(),
        shell: portal.shell(Section::Invitations).await,
    })
}

fn file_row(portal: &Portal, batch: &Batch, counts: Counts) -> FileRow {
    let words = portal.words;
    FileRow {
        link: paths::invite_file(batch.id),
        name: batch.file_name.clone(),
        by: (batch.user_id != portal.person.user.id).then(|| batch.user_label.clone()),
        when: words.ago(batch.created_at, portal.person.now),
        state: say::state(words, batch.state),
        people: say::progress(words, counts),
    }
}

/// `GET /portal/invitations/many/sample.csv`: an example with what the reader may give.
pub async fn sample(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, GIVES).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match lookup(&portal).await {
        Ok(lookup) => csv::attachment(csv::KIND, "invitations.csv").body(example(&lookup, portal.person.now)),
        Err(fault) => portal.fault(&fault).await,
    }
}

/// A file that would be taken as it is: an end-user role until a day, a group, and an organization role for the same person, as far as the
/// reader may give such. Keys and days need no quotation marks.
fn example(lookup: &Lookup, now: Timestamp) -> String {
    let key = |stage| lookup.snapshot.stages.iter().find(|known| known.id == stage).map_or("", |stage| stage.key.as_str());
    let until = now.plus(Duration::from_hours(365 * 24)).rfc3339();
    let until = until.split('T').next().unwrap_or_default();
    let mut text = Column::ALL.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(",") + "\n";
    for offer in lookup.examples().into_iter().flatten() {
        let row = match offer {
            Offer::EndUserRole { app, role } => {
                format!("ana@example.org,Ana Ferreira,,{},{},{},,,{until},Project Atlas,en\n", app.key.as_str(), key(role.stage_id), role.key.as_str())
            }
            Offer::Group { group } => format!("bo@example.org,Bo Lindqvist,,,{},,{},,,,de\n", key(group.stage_id), group.key.as_str()),
            Offer::OrganizationRole { role, .. } => format!("bo@example.org,,{},,,,,,,,\n", role.key.as_str()),
        };
        text.push_str(&row);
    }
    text
}
