//! Taking something out of a group, or the group away: a page says first who loses what.

use super::{enter, enter_with};
use crate::access::app::deployment;
use crate::access::begin_change;
use crate::access::grant::{self, GrantError, Holder};
use crate::access::people::groups as held;
use crate::access::role::end_user;
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::id::{EndUserRoleId, GroupId, UserId};
use crate::base::reach::Reach;
use crate::http::journey::see_other;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::{Portal, groups, holds};
use crate::http::visit::Visit;
use crate::identity::group::{self, ChangeError, Group, GroupError};
use crate::identity::user::{self, User};
use crate::lifecycle::delete_group::delete_group;
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// The question. It posts `csrf` and `fields`.
#[derive(Template)]
#[template(path = "portal/groups/ask.html")]
pub struct AskPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the group.
    pub back: String,
    /// Where one goes without taking anything.
    pub cancel: String,
    /// The name of the group.
    pub title: String,
    /// The question.
    pub question: String,
    /// What would go.
    pub what: Marked,
    /// What follows, a sentence each.
    pub follows: Vec<String>,
    /// Which role how many people would lose.
    pub losses: Vec<Loss>,
    /// What it is, for the form.
    pub fields: Vec<(&'static str, String)>,
    /// What the button says.
    pub button: String,
    /// Why it did not go.
    pub problem: Option<Marked>,
}

/// A role that people would lose.
pub struct Loss {
    /// Its name.
    pub role: String,
    /// The app.
    pub app: String,
    /// How many lose it.
    pub people: String,
}

/// What is to go.
enum Thing {
    Members(Vec<UserId>),
    Role(EndUserRoleId),
    Group,
}

impl Thing {
    fn read(fields: &Parameters) -> Option<Self> {
        match (fields.every("person"), fields.every("role")) {
            ([], [role]) => Some(Self::Role(role.parse().ok()?)),
            ([], _) => None,
            (people, []) => Some(Self::Members(people.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?)),
            _ => None,
        }
    }
}

/// Where one goes afterwards: to the list of roles that one came from, as it was, or else to the page of the group.
pub(super) fn back(group: GroupId, from: Option<&str>) -> String {
    holds::came_from(&paths::group_roles(group), from).unwrap_or_else(|| paths::group(group))
}

/// A question, as it was asked.
#[derive(Clone, Copy)]
struct Asked<'a> {
    thing: &'a Thing,
    /// The list that one came from.
    from: Option<&'a str>,
}

/// `GET /portal/groups/{id}/remove?person=...`, of several people also, or `?role=...`.
pub async fn ask_remove(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    match Thing::read(&query) {
        Some(thing) => question(&portal, &group, &stage, Asked { thing: &thing, from: holds::from(&query) }, StatusCode::OK, None).await,
        None => portal.missing().await,
    }
}

/// `GET /portal/groups/{id}/delete`.
pub async fn ask_delete(visit: Visit, id: Path<String>) -> HttpResponse {
    match enter(visit, &id).await {
        Ok((portal, group, stage)) => question(&portal, &group, &stage, Asked { thing: &Thing::Group, from: None }, StatusCode::OK, None).await,
        Err(answer) => answer,
    }
}

async fn question(portal: &Portal, group: &Group, stage: &Stage, asked: Asked<'_>, status: StatusCode, problem: Option<Marked>) -> HttpResponse {
    if let Err(answer) = portal.require("end_user_groups.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    match page(portal, group, stage, asked, problem).await {
        Ok(Some(page)) => Portal::page(status, &page),
        Ok(None) => portal.missing().await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, group: &Group, stage: &Stage, asked: Asked<'_>, problem: Option<Marked>) -> Result<Option<AskPage>, Fault> {
    let (words, now) = (portal.words, portal.person.now);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let roles = held::of_groups(&mut tx, [group.id]).await?;
    let names = |what: &str| [("what", what.to_owned()), ("group", group.name.to_string()), ("stage", stage.name.to_string())];
    let (mut follows, mut losses) = (Vec::new(), Vec::new());
    let (what, key, fields): (_, _, Vec<_>) = match asked.thing {
        Thing::Members(ids) => {
            let members = group::among(&mut tx, group.id, ids).await?;
            let mut people = user::by_ids(&mut tx, &members).await?;
            people.sort_by_key(|user| crate::base::text::fold(user.label()));
            let Some(first) = people.first() else { return Ok(None) };
            follows.push(words.counted("revoke-group-follows", "count", roles.len() as u64));
            let what = if people.len() == 1 {
                words.marked("group-remove-member", &names(first.label()))
            } else {
                follows.insert(0, people.iter().map(User::label).collect::<Vec<_>>().join(", "));
                words.marked_count("group-remove-members", "count", people.len() as u64, &names(""))
            };
            (what, word!("group-remove-member-title"), people.iter().map(|user| ("person", user.id.to_string())).collect())
        }
        Thing::Role(id) => {
            let Some(role) = roles.iter().find(|role| role.role_id == *id) else { return Ok(None) };
            let people = held::only_through(&mut tx, group.id, *id, now).await?;
            follows.push(words.counted("group-role-losers", "count", people.unsigned_abs()));
            follows.push(words.say("revoke-app-role-follows"));
            let what = words.with("group-role-of-app", &[("role", role.role_name.as_str()), ("app", role.app_name.as_str())]);
            (words.marked("group-remove-role", &names(&what)), word!("group-remove-role-title"), vec![("role", id.to_string())])
        }
        Thing::Group => {
            let counts = group::counts(&mut tx, &[group.id], groups::MOST + 1).await?;
            let members = counts.first().map_or(0, |counted| counted.members);
            follows.push(words.with("group-delete-members", &[("members", groups::members(words, members))]));
            for role in &roles {
                let people = held::only_through(&mut tx, group.id, role.role_id, now).await?;
                let people = words.counted("group-role-losers", "count", people.unsigned_abs());
                losses.push(Loss { role: role.role_name.to_string(), app: role.app_name.to_string(), people });
            }
            let offered = held::offered(&mut tx, group.id, now).await?;
            if offered > 0 {
                follows.push(words.counted("group-delete-offers", "count", offered.unsigned_abs()));
            }
            follows.push(words.say("group-delete-key"));
            (words.marked("group-delete-what", &names("")), word!("group-delete-title"), vec![("version", group.version.to_string())])
        }
    };
    let whole = matches!(asked.thing, Thing::Group);
    Ok(Some(AskPage {
        shell: portal.shell(Section::Groups).await,
        action: format!("{}/{}", paths::group(group.id), if whole { "delete" } else { "remove" }),
        back: paths::group(group.id),
        cancel: back(group.id, asked.from),
        title: group.name.to_string(),
        question: words.say(key),
        what,
        follows,
        losses,
        fields: fields.into_iter().chain(holds::field(asked.from)).collect(),
        button: words.say(if whole { word!("group-delete") } else { word!("take-away") }),
        problem,
    }))
}

/// Why it did not go.
#[derive(Debug, thiserror::Error)]
enum RemoveError {
    #[error("there is no such thing")]
    Missing,
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Group(#[from] GroupError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// `POST /portal/groups/{id}/remove`: `step=ask`, from the list with its boxes, asks first. Whatever was gone already is gone: sending the form twice is no mistake.
pub async fn remove(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let asks = fields.one("step").ok().flatten() == Some("ask");
    if asks && fields.every("person").is_empty() {
        return see_other(&paths::group(group.id));
    }
    let Some(thing) = Thing::read(&fields) else { return portal.missing().await };
    if asks {
        return question(&portal, &group, &stage, Asked { thing: &thing, from: None }, StatusCode::OK, None).await;
    }
    let done = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            let group = group::by_id(&mut work.tx, group.id).await?.ok_or(RemoveError::Missing)?;
            match &thing {
                Thing::Members(ids) => {
                    group::remove_members(work, &changing, &group, ids).await?;
                }
                Thing::Role(id) => {
                    let role = end_user::by_id(&mut work.tx, *id).await?.ok_or(RemoveError::Missing)?;
                    let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(RemoveError::Missing)?;
                    grant::revoke_end_user(work, &changing, Holder::Group(group.id), home.app_id, &role).await?;
                }
                Thing::Group => return Err(RemoveError::Missing),
            }
            Ok(())
        })
        .await;
    match done {
        Ok(Changed::Shown(page)) => page,
        Ok(Changed::Made(())) => {
            let done = match thing {
                Thing::Members(ids) if ids.len() > 1 => "members-removed",
                Thing::Members(_) => "member-removed",
                Thing::Role(_) | Thing::Group => "group-role-removed",
            };
            Portal::done(&back(group.id, holds::from(&fields)), done)
        }
        Err(RemoveError::Missing) => portal.missing().await,
        Err(RemoveError::Grant(GrantError::Denied(denied)) | RemoveError::Group(GroupError::Denied(denied))) => portal.refused(&denied).await,
        Err(RemoveError::Fault(fault)) => portal.fault(&fault).await,
        Err(other) => portal.fault(&Fault::new("take something out of a group", other)).await,
    }
}

/// `POST /portal/groups/{id}/delete`.
pub async fn delete(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let version = fields.one("version").ok().flatten().and_then(|version| version.parse().ok()).unwrap_or(-1);
    let done = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            delete_group(work, &changing, group.id, version).await
        })
        .await;
    match done {
        Ok(Changed::Shown(page)) => page,
        Ok(Changed::Made(_)) => Portal::done(paths::GROUPS, "group-deleted"),
        Err(ChangeError::Overtaken(now)) => {
            let problem = portal.words.marked("group-overtaken-delete", &[("name", now.name.as_str())]);
            question(&portal, &now, &stage, Asked { thing: &Thing::Group, from: None }, StatusCode::CONFLICT, Some(problem)).await
        }
        Err(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        Err(ChangeError::Unknown | ChangeError::Taken(_)) => portal.missing().await,
        Err(ChangeError::Fault(fault)) => portal.fault(&fault).await,
    }
}
