//! `/portal/groups`: the groups of the stages that the reader may look into, and the form that makes one.

use super::Portal;
use super::shell::{Section, Shell};
use super::typed::Typed;
use super::users::{Choice, Choices};
use crate::access::begin_change;
use crate::access::stage::{self, Stage};
use crate::base::fault::Fault;
use crate::base::id::{GroupId, StageId};
use crate::base::reach::Reach;
use crate::base::text::fold;
use crate::http::csv::Csv;
use crate::http::listing::{Listing, Pager};
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::group::{self, ChangeError, Counted, Group};
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use std::cmp::Reverse;

/// Whoever may see groups anywhere may see this page; which groups, their stages say.
pub(super) const NEEDS: &[&str] = &["end_users.view", "end_user_groups.manage"];
/// More members are not counted.
pub(super) const MOST: i64 = 10_000;

/// The list.
#[derive(Template)]
#[template(path = "portal/groups/list.html")]
pub struct GroupsPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// How many there are.
    pub total: String,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may make a group somewhere.
    pub may_make: bool,
}

/// One group.
pub struct Row {
    /// Its page.
    pub link: String,
    /// Its name.
    pub name: String,
    /// Its key.
    pub key: String,
    /// The name of its stage.
    pub stage: String,
    /// How many members it has.
    pub members: String,
    /// How many roles it holds.
    pub roles: String,
}

/// The form that makes a group.
#[derive(Template)]
#[template(path = "portal/groups/new.html")]
pub struct NewGroupPage {
    /// The layout.
    pub shell: Shell,
    /// What was typed as name.
    pub name: String,
    /// As key.
    pub key: String,
    /// As description.
    pub description: String,
    /// The stages at which the reader may make one.
    pub stages: Vec<Choice>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Whether the reader may see the groups of a stage.
pub(super) fn sees(portal: &Portal, stage: StageId) -> bool {
    NEEDS.iter().any(|permission| portal.may(permission, Reach::Stage(stage)))
}

/// Whether the reader may change the groups of a stage.
pub(super) fn manages(portal: &Portal, stage: StageId) -> bool {
    portal.may("end_user_groups.manage", Reach::Stage(stage))
}

/// A number of members as it is written.
pub(super) fn members(words: Words, count: i64) -> String {
    if count > MOST { words.say("group-members-many") } else { words.counted("group-members", "count", count.unsigned_abs()) }
}

/// The groups that the address asks for, of those that the reader may see, in its order.
async fn asked(portal: &Portal, list: &Listing) -> Result<Vec<Group>, Fault> {
    let chosen = list.text("stage");
    let seen = portal.person.snapshot.stages.iter().filter(|stage| sees(portal, stage.id) && (chosen.is_empty() || stage.key.as_str() == chosen));
    let stages: Vec<StageId> = seen.map(|stage| stage.id).collect();
    let search = list.search();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let mut groups = group::of_stages(&mut tx, &stages).await?;
    groups.retain(|group| fold(group.name.as_str()).contains(&search) || group.key.as_str().contains(&search));
    if list.text("sort") == "newest" {
        groups.sort_by_key(|group| Reverse(group.id));
    } else {
        groups.sort_by_cached_key(|group| (fold(group.name.as_str()), group.key.clone()));
    }
    Ok(groups)
}

async fn counted(portal: &Portal, groups: &[Group]) -> Result<Vec<Counted>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    group::counts(&mut tx, &groups.iter().map(|group| group.id).collect::<Vec<GroupId>>(), MOST + 1).await
}

fn stage_of<'a>(portal: &'a Portal, group: &Group) -> Option<&'a Stage> {
    portal.person.snapshot.stages.iter().find(|stage| stage.id == group.stage_id)
}

fn stage_name(portal: &Portal, group: &Group) -> String {
    stage_of(portal, group).map(|stage| stage.name.to_string()).unwrap_or_default()
}

/// `GET /portal/groups`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal) -> Result<GroupsPage, Fault> {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let groups = asked(portal, &list).await?;
    let total = words.counted("groups-count", "count", groups.len() as u64);
    let (groups, pager) = list.cut(groups);
    let counts = counted(portal, &groups).await?;
    let row = |group: Group| {
        let (count, roles) = counts.iter().find(|counted| counted.id == group.id).map_or((0, 0), |counted| (counted.members, counted.roles));
        Row {
            link: paths::group(group.id),
            stage: stage_name(portal, &group),
            name: group.name.to_string(),
            key: group.key.to_string(),
            members: members(words, count),
            roles: words.counted("group-roles", "count", roles.unsigned_abs()),
        }
    };
    let stages = portal.person.snapshot.stages.iter().filter(|stage| sees(portal, stage.id));
    let options = std::iter::once((String::new(), words.say("filter-stage-all"))).chain(stages.map(|stage| (stage.key.to_string(), stage.name.to_string())));
    Ok(GroupsPage {
        filters: vec![
            Choices::new(&list, "stage", words.say("filter-stage"), options),
            Choices::new(
                &list,
                "sort",
                words.say("sort"),
                [("", word!("sort-name")), ("newest", word!("sort-newest"))].map(|(value, key)| (value.to_owned(), words.say(key))),
            ),
        ],
        rows: groups.into_iter().map(row).collect(),
        may_make: portal.person.snapshot.stages.iter().any(|stage| manages(portal, stage.id)),
        shell: portal.shell(Section::Groups).await,
        list,
        total,
        pager,
    })
}

/// `GET /portal/groups.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match export(&portal).await {
        Ok(csv) => csv.answer("groups"),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn export(portal: &Portal) -> Result<Csv, Fault> {
    let words = portal.words;
    let groups = asked(portal, &Listing::of(&portal.visit)).await?;
    let mut csv = Csv::default();
    let head = [word!("name"), word!("group-key"), word!("filter-stage"), word!("group-description"), word!("group-members-title"), word!("group-roles-title")];
    csv.row(head.map(|key| words.say(key)));
    for some in groups.chunks(200) {
        let counts = counted(portal, some).await?;
        for group in some {
            let counted = counts.iter().find(|counted| counted.id == group.id);
            let number = |of: fn(&Counted) -> i64| counted.map_or(0, of).to_string();
            let many = counted.is_some_and(|counted| counted.members > MOST);
            let members = if many { format!("{MOST}+") } else { number(|counted| counted.members) };
            let stage = stage_name(portal, group);
            csv.row([group.name.as_str(), group.key.as_str(), &stage, group.description.as_str(), &members, &number(|counted| counted.roles)]);
        }
    }
    Ok(csv)
}

/// `GET /portal/groups/new`.
pub async fn ask_new(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, &["end_user_groups.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    let typed = Typed::new(&query, portal.words);
    form(&portal, &typed, StatusCode::OK).await
}

async fn form(portal: &Portal, typed: &Typed<'_>, status: StatusCode) -> HttpResponse {
    let stages = portal.person.snapshot.stages.iter().filter(|stage| manages(portal, stage.id));
    let choice = |stage: &Stage| Choice { value: stage.id.to_string(), text: stage.name.to_string(), chosen: typed.text("stage") == stage.id.to_string() };
    let page = NewGroupPage {
        shell: portal.shell(Section::Groups).await,
        name: typed.text("name").to_owned(),
        key: typed.text("key").to_owned(),
        description: typed.text("description").to_owned(),
        stages: stages.map(choice).collect(),
        errors: typed.errors.clone(),
    };
    Portal::page(status, &page)
}

/// `POST /portal/groups/new`.
pub async fn make(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, &["end_user_groups.manage"]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let mut typed = Typed::new(&fields, portal.words);
    let name = typed.name("name");
    let (key, description) = (typed.key("key", name.as_ref()), typed.description("description"));
    let stage = typed.text("stage").parse::<StageId>().ok().filter(|id| portal.person.snapshot.stages.iter().any(|stage| stage.id == *id));
    if stage.is_none() {
        typed.wrong("stage", portal.words.say("typed-choose"));
    }
    let (Some(name), Some(key), Some(description), Some(stage)) = (name, key, description, stage) else {
        return form(&portal, &typed, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let made = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            stage::by_id(&mut work.tx, stage).await?.ok_or(ChangeError::Unknown)?;
            group::create(work, &changing, stage, &key, &name, &description).await
        })
        .await;
    match made {
        Ok(group) => Portal::done(&paths::group(group.id), "group-made"),
        Err(ChangeError::Taken(key)) => {
            typed.wrong("key", portal.words.with("group-key-taken", &[("key", key.as_str())]));
            form(&portal, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        // The stage was deleted a moment ago.
        Err(ChangeError::Unknown | ChangeError::Overtaken(_)) => {
            typed.wrong("stage", portal.words.say("typed-choose"));
            form(&portal, &typed, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
    }
}
