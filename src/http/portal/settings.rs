//! `/portal/settings`: the organization: its name, and the mail domains of its own people.

use super::Portal;
use super::shell::{Section, Shell};
use super::typed::Typed;
use crate::access::begin_change;
use crate::base::reach::Reach;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::organization::{self, EditError, Organization, PutError};
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;

pub mod appearance;
pub mod logo;

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
    let (name, domains) = (organization.name.to_string(), organization.internal_domains.iter().map(|domain| shown(domain)).collect::<Vec<_>>().join("\n"));
    answer(&portal, &organization, name, domains, None, Vec::new(), StatusCode::OK).await
}

/// A domain as people write it.
fn shown(domain: &str) -> String {
    idna::domain_to_unicode(domain).0
}

async fn answer(
    portal: &Portal,
    organization: &Organization,
    name: String,
    domains: String,
    problem: Option<Marked>,
    errors: Vec<FieldError>,
    status: StatusCode,
) -> HttpResponse {
    let shell = portal.shell(Section::Settings).await;
    let page = OrganizationPage { shell, version: organization.version, name, domains, id: organization.id.to_string(), problem, errors };
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
    let (again, typed_domains) = (typed.text("name").to_owned(), typed.text("domains").to_owned());
    let mut domains: Vec<String> = Vec::new();
    for domain in typed_domains.split(['\n', ',', ' ']).map(|domain| domain.trim().trim_start_matches('@').to_lowercase()).filter(|domain| !domain.is_empty()) {
        if !domains.contains(&domain) {
            domains.push(domain);
        }
    }
    if domains.len() > 100 {
        typed.wrong("domains", words.say("settings-domains-many"));
    }
    let (Some(name), true) = (name, typed.errors.is_empty()) else {
        return answer(&portal, &organization, again, typed_domains, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            organization::edit(work, &changing, version, &name, &domains).await
        })
        .await;
    match done {
        Ok(_) => Portal::done(paths::SETTINGS, "saved"),
        Err(EditError::Overtaken(now)) => {
            let problem = words.marked("settings-overtaken", &[("name", now.name.as_str())]);
            answer(&portal, &now, again, typed_domains, Some(problem), Vec::new(), StatusCode::CONFLICT).await
        }
        Err(EditError::Put(PutError::Domain(domain))) => {
            let domain: String = domain.chars().take(100).collect();
            typed.wrong("domains", words.with("settings-domain-bad", &[("domain", domain)]));
            answer(&portal, &organization, again, typed_domains, None, typed.errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(EditError::Put(PutError::Denied(denied))) => portal.refused(&denied).await,
        Err(EditError::Put(PutError::Fault(fault))) => portal.fault(&fault).await,
    }
}
