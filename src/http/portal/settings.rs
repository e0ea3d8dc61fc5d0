//! `/portal/settings`: the organization: its name, the mail domains of its own people, and how large tokens may get.

use super::Portal;
use super::shell::{Section, Shell};
use super::typed::Typed;
use crate::access::begin_change;
use crate::base::budget::ClaimsBudget;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::organization::{self, EditError, Organization, PutError, Settings};
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

pub mod appearance;
pub mod logo;
pub mod sessions;

/// What the pages of the settings need.
pub(super) const NEEDS: &[&str] = &["organization.manage"];

/// The settings of the organization.
#[derive(Template)]
#[template(path = "portal/settings/organization.html")]
pub struct OrganizationPage {
    /// The layout.
    pub shell: Shell,
    /// The version that the form carries.
    pub version: i64,
    /// What was typed as name.
    pub name: String,
    /// As domains, one on each line.
    pub domains: String,
    /// As the budget of claims in a token.
    pub budget: String,
    /// The `org_id` claim.
    pub id: String,
    /// Why an edit was not taken.
    pub problem: Option<Marked>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Somebody who may change the settings.
async fn enter(visit: Visit) -> Result<Portal, HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    portal.require("organization.manage", Reach::Organization).await?;
    Ok(portal)
}

/// `GET /portal/settings`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let Some(organization) = portal.person.snapshot.organization.clone() else { return portal.missing().await };
    let filled = Filled {
        name: organization.name.to_string(),
        domains: organization.internal_domains.iter().map(|domain| shown(domain)).collect::<Vec<_>>().join("\n"),
        budget: organization.settings.claims_budget.to_string(),
    };
    answer(&portal, &organization, filled, None, Vec::new(), StatusCode::OK).await
}

/// What stands in the fields.
struct Filled {
    name: String,
    domains: String,
    budget: String,
}

/// A domain as people write it.
fn shown(domain: &str) -> String {
    idna::domain_to_unicode(domain).0
}

async fn answer(
    portal: &Portal,
    organization: &Organization,
    filled: Filled,
    problem: Option<Marked>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> HttpResponse {
    let shell = portal.shell(Section::Settings).await;
    let Filled { name, domains, budget } = filled;
    let page = OrganizationPage { shell, version: organization.version, name, domains, budget, id: organization.id.to_string(), problem, errors };
    Portal::page(status, &page)
}

/// `POST /portal/settings`.
pub async fn save(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let Some(organization) = portal.person.snapshot.organization.clone() else { return portal.missing().await };
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let (name, version) = (typed.name("name"), typed.version());
    let filled = Filled { name: typed.text("name").to_owned(), domains: typed.text("domains").to_owned(), budget: typed.text("budget").to_owned() };
    let mut domains: Vec<String> = Vec::new();
    for domain in filled.domains.split(['\n', ',', ' ']).map(|domain| domain.trim().trim_start_matches('@').to_lowercase()).filter(|domain| !domain.is_empty())
    {
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    if domains.len() > 100 {
        typed.wrong("domains", words.say("settings-domains-many"));
    }
    let budget = ClaimsBudget::parse(&filled.budget);
    if budget.is_err() {
        let bounds = [("least", ClaimsBudget::LEAST.to_string()), ("most", ClaimsBudget::MOST.to_string())];
        typed.wrong("budget", words.with("settings-budget-bad", &bounds));
    }
    let (Some(name), Ok(claims_budget), true) = (name, budget, typed.errors.is_empty()) else {
        return answer(&portal, &organization, filled, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            organization::edit(work, &changing, version, &name, &domains, Settings { claims_budget, ..organization.settings }).await
        })
        .await;
    match done {
        Ok(_) => Portal::done(paths::SETTINGS, "saved"),
        Err(EditError::Overtaken(now)) => {
            let problem = words.marked("settings-overtaken", &[("name", now.name.as_str())]);
            answer(&portal, &now, filled, Some(problem), Vec::new(), StatusCode::CONFLICT).await
        }
        Err(EditError::Put(PutError::Domain(domain))) => {
            let domain: String = domain.chars().take(100).collect();
            typed.wrong("domains", words.with("settings-domain-bad", &[("domain", domain)]));
            answer(&portal, &organization, filled, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(EditError::Put(PutError::Denied(denied))) => portal.refused(&denied).await,
        // The form has no sessions: those that stand there are within bounds.
        Err(EditError::Put(PutError::Policy)) => portal.fault(&Fault::broken("the sessions of our own pages are out of bounds")).await,
        Err(EditError::Put(PutError::Fault(fault))) => portal.fault(&fault).await,
    }
}
