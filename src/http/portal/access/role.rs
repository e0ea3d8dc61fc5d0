//! `/portal/access/role`: who holds a role, and through what: `organization=` the id of an organization role, `app-role=` that of an
//! end-user role.

use super::holders::{HoldersPage, Show, View};
use super::{Answer, deployment_name, either, enter, good, sees_organization, sight};
use crate::access::effective::RoleRef;
use crate::access::explain::Roles;
use crate::access::people::Sight;
use crate::access::people::holders::Holding;
use crate::access::role::{end_user, organization};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId, OrganizationRoleId};
use crate::base::reach::Reach;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::{Action, Crumb, Head};
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// The role of an address.
struct Role {
    id: RoleRef,
    /// For an end-user role, its owner.
    owner: Option<DeploymentId>,
    name: String,
    key: String,
    /// How the address names it.
    address: (&'static str, String),
}

/// The role of the address, if the reader may see its holders.
async fn find(portal: &Portal, sight: &Sight, list: &Listing) -> Result<Role, HttpResponse> {
    let catalogue = &portal.person.snapshot.catalogue;
    if let Ok(id) = list.text("app-role").parse::<EndUserRoleId>()
        && let Some(row) = catalogue.end_user_role(id).filter(|row| sight.sees(row.deployment))
    {
        let read = async {
            let mut tx = portal.visit.server.ground.db.read().await?;
            end_user::by_key(&mut tx, row.deployment, &row.key).await
        };
        if let Some(role) = good(portal, read.await).await? {
            let address = ("app-role", id.to_string());
            return Ok(Role { id: RoleRef::EndUser(id), owner: Some(row.deployment), name: role.name.to_string(), key: role.key.to_string(), address });
        }
    }
    if let Ok(id) = list.text("organization").parse::<OrganizationRoleId>() {
        if !sees_organization(sight) {
            portal.require("members.view", Reach::Organization).await?;
        }
        let read = async {
            let Some(row) = catalogue.organization_role(id) else { return Ok(None) };
            let mut tx = portal.visit.server.ground.db.read().await?;
            organization::by_key(&mut tx, &row.key).await
        };
        if let Some(role) = good(portal, read.await).await? {
            let address = ("organization", id.to_string());
            return Ok(Role { id: RoleRef::Organization(id), owner: None, name: role.name.to_string(), key: role.key.to_string(), address });
        }
    }
    Err(portal.missing().await)
}

fn view(portal: &Portal, sight: &Sight, role: &Role, list: &Listing) -> View {
    let roles = match role.id {
        RoleRef::EndUser(id) => Roles { end_user: vec![id], ..Roles::default() },
        RoleRef::Organization(id) => Roles { anywhere: vec![id], ..Roles::default() },
    };
    // Whoever has a grant is shown, also when it does not count yet or no more: that is what a role's keeper wants to know.
    let holding = Holding { roles, now: None, search: list.search() };
    View::new(portal, sight.clone(), holding, Show::Grants(vec![role.id]))
}

/// `GET /portal/access/role?organization=` or `?app-role=`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(shown(visit)).await
}

async fn shown(visit: Visit) -> Answer {
    let portal = enter(visit).await?;
    let sight = sight(&portal);
    let list = Listing::of(&portal.visit);
    let role = find(&portal, &sight, &list).await?;
    let view = view(&portal, &sight, &role, &list);
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let page = view.page(&mut tx, &list).await?;
        let (clients, groups) = (view.clients(&mut tx).await?, view.holding_groups(&mut tx).await?);
        let listed = match role.id {
            RoleRef::EndUser(id) => end_user::listing(&mut tx, id).await?,
            RoleRef::Organization(_) => Vec::new(),
        };
        Ok::<_, Fault>((page, clients, groups, listed))
    };
    let ((rows, pager, total), clients, groups, listed) = good(&portal, read.await).await?;
    let (words, snapshot) = (portal.words, &portal.person.snapshot);
    let place = role.owner.map_or_else(|| words.say("who-organization-role"), |owner| deployment_name(words, snapshot, owner));
    let crumb = match role.owner {
        Some(owner) => snapshot.placed(owner).map(|(_, app, stage)| Crumb { link: format!("{}/roles", paths::app_stage(app, stage)), name: place.clone() }),
        None => Some(Crumb { link: paths::USERS.to_owned(), name: words.say("portal-users") }),
    };
    let page = HoldersPage {
        shell: portal.shell(if role.owner.is_some() { Section::Apps } else { Section::Users }).await,
        head: Head {
            crumbs: crumb.into_iter().collect(),
            title: words.with("who-role-title", &[("role", role.name.as_str())]),
            badge: None,
            lead: Some(words.with("who-role-lead", &[("key", role.key.as_str()), ("place", place.as_str())])),
            actions: vec![Action { id: "export", link: list.at(paths::ACCESS_ROLE_CSV), text: words.say("export"), primary: false }],
            tabs: Vec::new(),
        },
        notes: Vec::new(),
        hidden: vec![role.address],
        key: None,
        key_error: None,
        filters: Vec::new(),
        clear: list.changed("q", ""),
        narrowed: !list.text("q").is_empty(),
        total: Some(total),
        rows,
        permissions: false,
        pager,
        groups,
        clients,
        listed: listed.into_iter().map(|(_, app)| app.to_string()).collect(),
        empty: (words.say("who-role-nobody"), words.say("who-role-nobody-hint")),
        list,
    };
    Ok(Portal::page(StatusCode::OK, &page))
}

/// `GET /portal/access/role.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let list = Listing::of(&portal.visit);
        let role = find(&portal, &sight, &list).await?;
        Ok(Box::pin(view(&portal, &sight, &role, &list).export(&portal, &format!("role-{}", role.key))).await)
    })
    .await
}
