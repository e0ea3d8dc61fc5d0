//! `/portal/groups/{id}`: one group: its members, the roles it holds, and its name.

use super::Portal;
use super::change::Changed;
use super::groups::{self, MOST, NEEDS};
use super::holds::{All, FIRST};
use super::shell::{Section, Shell, initials};
use super::terms::{Ends, by, ends};
use super::typed::Typed;
use super::users::StatusBadge;
use crate::access::begin_change;
use crate::access::people::groups::{self as held, Member, RoleChoice};
use crate::access::people::{Cursor, Sight};
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::id::GroupId;
use crate::base::time::Timestamp;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::group::{self, ChangeError, Group};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload, ServiceConfig, get, post, resource};
use askama::Template;

mod ask;
mod export;
mod members;
mod period;
mod roles;
mod room;

pub use ask::{AskPage, Loss, ask_delete, ask_remove, delete, remove};
pub use export::members_csv;
pub use members::{AddPage, Found, add_members, ask_members};
pub use period::{ask_period, set_period};
pub use roles::{RoleGroup, RoleTerms, give_role, list_roles};
pub use room::NoRoom;

/// The routes of periods.
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(paths::GROUP_PERIOD).route(get().to(ask_period)).route(post().to(set_period)));
}

/// One group.
#[derive(Template)]
#[template(path = "portal/groups/group.html")]
pub struct GroupPage {
    /// The layout.
    pub shell: Shell,
    /// The path of this page.
    pub link: String,
    /// Its name.
    pub title: String,
    /// What happened to it, in the audit trail; `None`: the reader may not see it.
    pub trail: Option<String>,
    /// Its key.
    pub key: String,
    /// The name of its stage.
    pub stage: String,
    /// What it is for.
    pub about: String,
    /// The version that the forms carry.
    pub version: i64,
    /// Whether the reader may change it.
    pub may_manage: bool,
    /// The members as the address describes them.
    pub list: Listing,
    /// The same list as a file.
    pub export: String,
    /// For whom what was given just now is more than fits into a token.
    pub no_room: Option<NoRoom>,
    /// No filters: the toolbar has a search only.
    pub filters: Vec<super::users::Choices>,
    /// How many members there are.
    pub total: String,
    /// Whether it has members at all.
    pub has_members: bool,
    /// The members of this page.
    pub rows: Vec<MemberRow>,
    /// The other pages.
    pub pager: Pager,
    /// The roles it holds, the first of them.
    pub roles: Vec<RoleRow>,
    /// Where the others are.
    pub all_roles: Option<All>,
    /// The roles that it may be given, by app.
    pub choices: Vec<RoleGroup>,
    /// The terms of the roles that are to be given, as typed.
    pub role_terms: RoleTerms,
    /// What was typed as name.
    pub name: String,
    /// As description.
    pub description: String,
    /// Why an edit was not taken.
    pub problem: Option<Marked>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// One member.
pub struct MemberRow {
    /// Their page; `None`: the reader may not see it.
    pub link: Option<String>,
    /// Two letters.
    pub initials: String,
    /// Name, or address of somebody without one.
    pub label: String,
    /// Address.
    pub email: String,
    /// Where they stand.
    pub status: StatusBadge,
    /// Who made them a member, and when.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// From when or until when.
    pub ends: Option<Ends>,
    /// Who, for the form that takes out several.
    pub id: String,
    /// The page that changes when they are a member.
    pub change: String,
    /// The page that takes them out.
    pub remove: String,
}

/// One role.
pub struct RoleRow {
    /// Its name.
    pub name: String,
    /// The app.
    pub app: String,
    /// Who gave it, and when.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// From when or until when.
    pub ends: Option<Ends>,
    /// The page that changes when it is in force.
    pub change: String,
    /// The page that takes it away.
    pub remove: String,
}

/// What the forms on the page hold, when it is not the first time that it is shown.
#[derive(Default)]
struct Again {
    name: Option<String>,
    description: Option<String>,
    problem: Option<Marked>,
    roles: Vec<String>,
    role_terms: RoleTerms,
    errors: Vec<FieldError>,
}

/// The group of an address, if the reader may see it, with its stage.
async fn subject(portal: &Portal, id: &str) -> Result<(Group, Stage), HttpResponse> {
    let found = async {
        let Ok(id) = id.parse::<GroupId>() else { return Ok(None) };
        let mut tx = portal.visit.server.ground.db.read().await?;
        group::by_id(&mut tx, id).await
    };
    let group = match found.await {
        Ok(group) => group,
        Err(fault) => return Err(portal.fault(&fault).await),
    };
    let stage_of = |group: &Group| portal.person.snapshot.stages.iter().find(|stage| stage.id == group.stage_id && groups::sees(portal, stage.id)).cloned();
    match group.and_then(|group| stage_of(&group).map(|stage| (group, stage))) {
        Some(found) => Ok(found),
        None => Err(portal.missing().await),
    }
}

/// Somebody who may look at a group, and the group.
async fn enter(visit: Visit, id: &str) -> Result<(Portal, Group, Stage), HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    let (group, stage) = subject(&portal, id).await?;
    Ok((portal, group, stage))
}

/// The same with a form.
async fn enter_with(visit: Visit, id: &str, payload: Payload) -> Result<(Portal, Group, Stage, Parameters), HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    let fields = portal.form(payload).await?;
    let (group, stage) = subject(&portal, id).await?;
    Ok((portal, group, stage, fields))
}

/// `GET /portal/groups/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    match enter(visit, &id).await {
        Ok((portal, group, stage)) => answer(&portal, &group, &stage, StatusCode::OK, Again::default()).await,
        Err(answer) => answer,
    }
}

async fn answer(portal: &Portal, group: &Group, stage: &Stage, status: StatusCode, again: Again) -> HttpResponse {
    match page(portal, group, stage, again).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, group: &Group, stage: &Stage, again: Again) -> Result<GroupPage, Fault> {
    let (words, now) = (portal.words, portal.person.now);
    let list = Listing::read(&paths::group(group.id), portal.visit.request.query_string());
    let search = list.search();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (members, pager) = one_page(&mut tx, group.id, &list).await?;
    let total = held::count_members(&mut tx, group.id, &search, MOST + 1).await?;
    let has_members = total > 0 || !search.is_empty() && held::count_members(&mut tx, group.id, "", 1).await? > 0;
    let roles = held::of_groups(&mut tx, [group.id]).await?;
    let may_manage = groups::manages(portal, stage.id);
    let choices = if may_manage { held::roles_at(&mut tx, stage.id).await? } else { Vec::new() };
    drop(tx);
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    // Members who hold nothing that the reader may see have no page for them.
    let have_pages = sight.everybody || roles.iter().any(|role| sight.sees(role.deployment_id));
    let choices: Vec<RoleChoice> =
        choices.into_iter().filter(|choice| roles.iter().all(|role| role.role_id != choice.id) || again.roles.contains(&choice.id.to_string())).collect();
    let role_row = |role: &crate::access::people::EndUserHeld| RoleRow {
        name: role.role_name.to_string(),
        app: role.app_name.to_string(),
        by: by(words, &role.terms),
        reason: role.terms.reason.clone(),
        ends: ends(words, &role.terms, now),
        change: paths::group_period(group.id, "role", &role.role_id.to_string()),
        remove: paths::group_remove(group.id, "role", &role.role_id.to_string()),
    };
    Ok(GroupPage {
        shell: portal.shell(Section::Groups).await,
        link: paths::group(group.id),
        title: group.name.to_string(),
        trail: portal.trail_of("group", group.id),
        key: group.key.to_string(),
        stage: stage.name.to_string(),
        about: group.description.to_string(),
        version: group.version,
        may_manage,
        export: list.at(&format!("{}/members.csv", paths::group(group.id))),
        list,
        no_room: room::read(portal, group.id, have_pages),
        filters: Vec::new(),
        total: groups::members(words, total),
        has_members,
        rows: members.iter().map(|member| member_row(words, group.id, member, have_pages, now)).collect(),
        pager,
        roles: roles.iter().take(FIRST).map(role_row).collect(),
        all_roles: All::of(words, word!("see-all-app-roles"), roles.len(), paths::group_roles(group.id)),
        choices: RoleGroup::of(&choices, &again.roles),
        role_terms: again.role_terms,
        name: again.name.unwrap_or_else(|| group.name.to_string()),
        description: again.description.unwrap_or_else(|| group.description.to_string()),
        problem: again.problem,
        errors: again.errors,
    })
}

async fn one_page(tx: &mut crate::db::Tx, group: GroupId, list: &Listing) -> Result<(Vec<Member>, Pager), Fault> {
    let from = list.asked_from(Cursor::read);
    // One row more than a page says whether there is another one.
    let rows = held::members(tx, group, &list.search(), &from, ROWS + 1).await?;
    Ok(list.page_from(&from, rows, |row| Cursor::at_member(row).write()))
}

fn member_row(words: Words, group: GroupId, member: &Member, has_page: bool, now: Timestamp) -> MemberRow {
    let person = &member.person;
    MemberRow {
        link: has_page.then(|| paths::user(person.id)),
        initials: initials(person.label()),
        label: person.label().to_owned(),
        email: person.email.clone(),
        status: StatusBadge::of(words, person.status),
        by: by(words, &member.terms),
        reason: member.terms.reason.clone(),
        ends: ends(words, &member.terms, now),
        id: person.id.to_string(),
        change: paths::group_period(group, "person", &person.id.to_string()),
        remove: paths::group_remove(group, "person", &person.id.to_string()),
    }
}

/// `POST /portal/groups/{id}`: name and description.
pub async fn edit(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let mut typed = Typed::new(&fields, portal.words);
    let (name, description, version) = (typed.name("name"), typed.description("description"), typed.version());
    let mut again =
        Again { name: Some(typed.text("name").to_owned()), description: Some(typed.text("description").to_owned()), errors: typed.errors, ..Again::default() };
    let (Some(name), Some(description)) = (name, description) else {
        return answer(&portal, &group, &stage, StatusCode::UNPROCESSABLE_ENTITY, again).await;
    };
    let done = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            group::edit(work, &changing, group.id, version, &name, &description).await
        })
        .await;
    match done {
        Ok(Changed::Shown(page)) => page,
        Ok(Changed::Made(_)) => Portal::done(&paths::group(group.id), "saved"),
        Err(ChangeError::Overtaken(now)) => {
            again.problem = Some(portal.words.marked("group-overtaken", &[("name", now.name.as_str())]));
            answer(&portal, &now, &stage, StatusCode::CONFLICT, again).await
        }
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Unknown | ChangeError::Taken(_)) => portal.missing().await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
    }
}
