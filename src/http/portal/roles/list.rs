use super::{NEEDS, enter};
use crate::access::catalogue::{Catalogue, Counts};
use crate::access::role::organization::{self, Holders, OrganizationRole};
use crate::base::fault::Fault;
use crate::base::text::{PermissionKey, fold};
use crate::http::listing::{Listing, Pager};
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
use crate::http::{csv, paths};
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The list.
#[derive(Template)]
#[template(path = "portal/roles/list.html")]
pub struct RolesPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// The rows.
    pub rows: Vec<RoleRow>,
    /// No filters here.
    pub filters: Vec<Choices>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may make roles.
    pub may_manage: bool,
}

/// One role.
pub struct RoleRow {
    /// Its page.
    pub link: String,
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// What it is for.
    pub description: String,
    /// Whether it is part of the binary.
    pub built_in: bool,
    /// How many hold it.
    pub holders: String,
}

/// `GET /portal/roles`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

/// The roles that the address asks for, each with how many hold it.
async fn found(portal: &Portal, list: &Listing) -> Result<Vec<(OrganizationRole, u64)>, Fault> {
    let search = list.search();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let roles = organization::all_of_them(&mut tx).await?;
    let holders = organization::holders(&mut tx).await?;
    drop(tx);
    let counted = |role: OrganizationRole| {
        let Holders { people, clients } = holders.iter().find(|(id, _)| *id == role.id).map_or_else(Holders::default, |(_, holders)| *holders);
        (role, (people + clients).unsigned_abs())
    };
    let matches = |role: &OrganizationRole| fold(role.name.as_str()).contains(&search) || role.key.as_str().contains(&search);
    Ok(roles.into_iter().filter(matches).map(counted).collect())
}

async fn page(portal: &Portal) -> Result<RolesPage, Fault> {
    let (words, list) = (portal.words, Listing::of(&portal.visit));
    let (roles, pager) = list.cut(found(portal, &list).await?);
    let row = |(role, held): (OrganizationRole, u64)| RoleRow {
        link: paths::role(role.id),
        name: role.name.to_string(),
        key: role.key.to_string(),
        description: role.description.to_string(),
        built_in: role.built_in,
        holders: words.counted("role-holders", "count", held),
    };
    Ok(RolesPage {
        rows: roles.into_iter().map(row).collect(),
        filters: Vec::new(),
        pager,
        may_manage: portal.person.may_somewhere("organization_roles.manage"),
        shell: portal.shell(Section::Roles).await,
        list,
    })
}

/// `GET /portal/roles.csv`: the same list, whole, with what each role holds.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let roles = match found(&portal, &Listing::of(&portal.visit)).await {
        Ok(roles) => roles,
        Err(fault) => return portal.fault(&fault).await,
    };
    let (words, catalogue) = (portal.words, &portal.person.snapshot.catalogue);
    let head = [word!("name"), word!("app-key"), word!("role-about"), word!("role-built-in"), word!("role-held-by"), word!("role-permissions")];
    let row = |(role, held): (OrganizationRole, u64)| {
        let built_in = if role.built_in { words.say("why-yes") } else { String::new() };
        let permissions = if catalogue.gives_all(role.id) {
            words.say("role-all")
        } else {
            catalogue.entries_of_role(role.id).iter().map(|(key, counts)| entry(catalogue, key, *counts)).collect::<Vec<_>>().join(" ")
        };
        [role.name.to_string(), role.key.to_string(), role.description.to_string(), built_in, held.to_string(), permissions]
    };
    csv::file(words, "roles", head, roles.into_iter().map(row))
}

/// A permission and where it counts, in the words of the files that `apply` reads.
fn entry(catalogue: &Catalogue, key: &PermissionKey, counts: Counts) -> String {
    match counts {
        Counts::EveryStage => format!("{key}@every_stage"),
        Counts::Purpose(purpose) => format!("{key}@{}", purpose.as_str()),
        Counts::Stage(id) => format!("{key}@stage:{}", catalogue.stage(id).map(|stage| stage.key.as_str()).unwrap_or_default()),
    }
}
