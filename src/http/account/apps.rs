//! `/account`: the apps that the person may open.

use super::Account;
use super::shell::{Section, Shell};
use crate::access::effective::{Place, effective};
use crate::access::load::Who;
use crate::access::stage::Purpose;
use crate::base::fault::Fault;
use crate::base::text::fold;
use crate::http::listing::{Listing, Pager};
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// So few are seen at a glance: nobody needs to search in them.
const AT_A_GLANCE: usize = 12;

/// The apps.
#[derive(Template)]
#[template(path = "account/apps.html")]
pub struct AppsPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// Whether there are so many that a search helps.
    pub many: bool,
    /// The apps of this page.
    pub apps: Vec<AppCard>,
    /// The other pages.
    pub pager: Pager,
}

/// An app at a stage.
pub struct AppCard {
    /// Two letters.
    pub initials: String,
    /// Its name.
    pub name: String,
    /// Its stage, where the reader should know it: production goes without saying.
    pub stage: Option<String>,
    /// What it is for.
    pub description: String,
    /// Where it is, if we know it.
    pub url: Option<String>,
}

/// `GET /account`.
pub async fn show(visit: Visit) -> HttpResponse {
    let account = match Account::enter(visit).await {
        Ok(account) => account,
        Err(answer) => return answer,
    };
    match page(&account).await {
        Ok(page) => Account::page(StatusCode::OK, &page),
        Err(fault) => account.fault(&fault).await,
    }
}

async fn page(account: &Account) -> Result<AppsPage, Fault> {
    let person = &account.person;
    let snapshot = &person.snapshot;
    let mut tx = account.visit.server.ground.db.read().await?;
    let holdings = account.visit.server.provider.known.holdings(&mut tx, Who::User(person.user.id), person.user.access_version).await?;
    drop(tx);
    let may_open = |id| effective(&snapshot.catalogue, &holdings, Place::Deployment(id), person.now).may_sign_in();
    let mut open: Vec<_> = snapshot.deployments.keys().filter(|id| may_open(**id)).filter_map(|id| snapshot.placed(*id)).collect();
    open.sort_by(|(_, a, at_a), (_, b, at_b)| (-at_a.position, &a.name, a.id).cmp(&(-at_b.position, &b.name, b.id)));
    let list = Listing::of(&account.visit);
    let (many, search) = (open.len() > AT_A_GLANCE, list.search());
    open.retain(|(_, app, stage)| search.is_empty() || fold(&format!("{} {}", app.name, stage.name)).contains(&search));
    let (open, pager) = list.cut(open);
    let apps = open.into_iter().map(|(deployment, app, stage)| AppCard {
        initials: crate::http::top::initials(app.name.as_str()),
        name: app.name.to_string(),
        stage: (stage.purpose != Purpose::Production).then(|| stage.name.to_string()),
        description: app.description.to_string(),
        url: deployment.home_page.clone(),
    });
    Ok(AppsPage { apps: apps.collect(), many, list, pager, shell: account.shell(Section::Apps).await })
}
