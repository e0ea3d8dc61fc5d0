//! The list of the organization's own permissions, as a page and as a file.

use super::owns;
use crate::access::permission::PlatformPermission;
use crate::base::fault::Fault;
use crate::base::text::fold;
use crate::http::listing::{Listing, Pager};
use crate::http::portal::Portal;
use crate::http::portal::roles::{NEEDS, enter};
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
#[template(path = "portal/roles/owns.html")]
pub struct OwnsPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// No filters: the toolbar has a search only.
    pub filters: Vec<Choices>,
    /// The permissions of this page.
    pub rows: Vec<OwnRow>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may change them.
    pub may_manage: bool,
}

/// One permission.
pub struct OwnRow {
    /// Its page.
    pub link: String,
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: String,
    /// What it brings.
    pub brings: Vec<String>,
}

/// The permissions that the address asks for.
async fn found(portal: &Portal, list: &Listing) -> Result<Vec<PlatformPermission>, Fault> {
    let search = list.search();
    let texts = |own: &PlatformPermission| [own.name.as_str(), own.key.as_str(), own.purpose.as_str()].map(fold);
    Ok(owns(portal).await?.into_iter().filter(|own| texts(own).iter().any(|text| text.contains(&search))).collect())
}

/// `GET /portal/roles/permissions`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let list = Listing::of(&portal.visit);
    let own = match found(&portal, &list).await {
        Ok(own) => own,
        Err(fault) => return portal.fault(&fault).await,
    };
    let (own, pager) = list.cut(own);
    let row = |permission: PlatformPermission| OwnRow {
        link: paths::own_permission(permission.key.as_str()),
        brings: permission.implies.iter().map(|implied| implied.permission.to_string()).collect(),
        key: permission.key.to_string(),
        name: permission.name.to_string(),
        purpose: permission.purpose.to_string(),
    };
    let page = OwnsPage {
        rows: own.into_iter().map(row).collect(),
        filters: Vec::new(),
        pager,
        may_manage: portal.person.may_somewhere("organization_roles.manage"),
        shell: portal.shell(Section::Roles).await,
        list,
    };
    Portal::page(StatusCode::OK, &page)
}

/// `GET /portal/roles/permissions.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let own = match found(&portal, &Listing::of(&portal.visit)).await {
        Ok(own) => own,
        Err(fault) => return portal.fault(&fault).await,
    };
    let head = [word!("name"), word!("app-key"), word!("own-category"), word!("own-purpose"), word!("own-brings")];
    let row = |own: PlatformPermission| {
        let brings: Vec<String> = own.implies.iter().map(|implied| format!("{}@{}", implied.permission, implied.at)).collect();
        [own.name.to_string(), own.key.to_string(), own.category.to_string(), own.purpose.to_string(), brings.join(" ")]
    };
    csv::file(portal.words, "permissions", head, own.into_iter().map(row))
}
