use super::{NEEDS, enter};
use crate::access::role::organization::{self, Holders};
use crate::base::fault::Fault;
use crate::base::text::fold;
use crate::http::listing::{Listing, Pager};
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
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

async fn page(portal: &Portal) -> Result<RolesPage, Fault> {
    let (words, list) = (portal.words, Listing::of(&portal.visit));
    let search = list.search();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let roles = organization::all_of_them(&mut tx).await?;
    let holders = organization::holders(&mut tx).await?;
    drop(tx);
    let found = roles.into_iter().filter(|role| fold(role.name.as_str()).contains(&search) || role.key.as_str().contains(&search)).collect();
    let (roles, pager) = list.cut::<organization::OrganizationRole>(found);
    let row = |role: organization::OrganizationRole| {
        let Holders { people, clients } = holders.iter().find(|(id, _)| *id == role.id).map_or_else(Holders::default, |(_, holders)| *holders);
        RoleRow {
            link: paths::role(role.id),
            name: role.name.to_string(),
            key: role.key.to_string(),
            description: role.description.to_string(),
            built_in: role.built_in,
            holders: words.counted("role-holders", "count", (people + clients).unsigned_abs()),
        }
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
