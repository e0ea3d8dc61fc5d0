//! Making people members: by their addresses, several at once, or picked from a search.

use super::room::{self, Given};
use super::{enter, enter_with};
use crate::access::begin_change;
use crate::access::people::{self, Filter, From, Sight, Sort};
use crate::access::stage::Stage;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::base::text::EmailAddress;
use crate::base::time::Period;
use crate::http::listing::Listing;
use crate::http::page::FieldError;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::period::wrong;
use crate::http::portal::shell::{Section, Shell, initials};
use crate::http::portal::typed::Typed;
use crate::http::portal::users::StatusBadge;
use crate::http::portal::{Portal, groups};
use crate::http::visit::Visit;
use crate::identity::group::{self, Group, JoinError, Obstacle};
use crate::oauth::parameters::Parameters;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;
use std::collections::BTreeSet;

/// The people that a search shows.
const SHOWN: usize = 8;
/// The most who may join at once.
const MOST: usize = 1_000;
/// The obstacles that are named; more are a number.
const NAMED: usize = 50;

/// The form that makes people members.
#[derive(Template)]
#[template(path = "portal/groups/members.html")]
pub struct AddPage {
    /// The layout.
    pub shell: Shell,
    /// The page of the group.
    pub back: String,
    /// Where the search is sent to.
    pub link: String,
    /// Where the form is posted to: a form that comes back still shows who was found.
    pub action: String,
    /// The name of the group.
    pub title: String,
    /// The name of its stage.
    pub stage: String,
    /// How many roles come with it.
    pub follows: String,
    /// What was searched for.
    pub find: String,
    /// Who was found; `None`: nobody was searched for.
    pub found: Option<Vec<Found>>,
    /// Whether there are more than these.
    pub more: bool,
    /// The addresses that were typed.
    pub emails: String,
    /// From when, as typed.
    pub starts: String,
    /// Until when, as typed.
    pub until: String,
    /// Why, as typed.
    pub reason: String,
    /// Who cannot join, and why.
    pub obstacles: Vec<(String, String)>,
    /// How many more cannot.
    pub more_obstacles: u64,
    /// The form that invites those whom nobody here knows; `None`: everybody is known, or the reader may not invite.
    pub invite: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// Who cannot join, and why.
#[derive(Default)]
struct Obstacles {
    lines: Vec<(String, String)>,
    /// Those whom the reader may not know.
    unknown: Vec<String>,
}

/// Somebody who was found.
pub struct Found {
    /// Who, for the form.
    pub id: String,
    /// Two letters.
    pub initials: String,
    /// Name, or address of somebody without one.
    pub label: String,
    /// Address.
    pub email: String,
    /// Where they stand.
    pub status: StatusBadge,
    /// Whether they are a member already.
    pub member: bool,
    /// Whether they were picked.
    pub picked: bool,
}

/// `GET /portal/groups/{id}/members`.
pub async fn ask_members(visit: Visit, id: Path<String>) -> HttpResponse {
    let (portal, group, stage) = match enter(visit, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("end_user_groups.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    let nothing = Parameters::default();
    form(&portal, &group, &stage, &Typed::new(&nothing, portal.words), Obstacles::default(), StatusCode::OK).await
}

async fn form(portal: &Portal, group: &Group, stage: &Stage, typed: &Typed<'_>, obstacles: Obstacles, status: StatusCode) -> HttpResponse {
    match page(portal, group, stage, typed, obstacles).await {
        Ok(page) => Portal::page(status, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, group: &Group, stage: &Stage, typed: &Typed<'_>, mut obstacles: Obstacles) -> Result<AddPage, Fault> {
    let words = portal.words;
    let link = format!("{}/members", paths::group(group.id));
    // A form that comes back still has what was searched for in its address.
    let list = Listing::read(&link, portal.visit.request.query_string());
    let find = list.text("find").to_owned();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (mut found, mut more) = (None, false);
    if !find.is_empty() {
        let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
        let filter = Filter { search: crate::base::text::fold(&find), ..Filter::at(portal.person.now) };
        let mut rows = people::list(&mut tx, &sight, &filter, Sort::Name, &From::Start, SHOWN + 1).await?;
        more = rows.len() > SHOWN;
        rows.truncate(SHOWN);
        let members = group::among(&mut tx, group.id, &rows.iter().map(|row| row.id).collect::<Vec<UserId>>()).await?;
        let picked = typed.every("person");
        let row = |row: people::PersonRow| Found {
            id: row.id.to_string(),
            initials: initials(row.label()),
            label: row.label().to_owned(),
            email: row.email.clone(),
            status: StatusBadge::of(words, row.status),
            member: members.contains(&row.id),
            picked: picked.contains(&row.id.to_string()),
        };
        found = Some(rows.into_iter().map(row).collect());
    }
    let counts = group::counts(&mut tx, &[group.id], groups::MOST).await?;
    drop(tx);
    let invite = (!obstacles.unknown.is_empty()).then(|| paths::invite_all_to(&obstacles.unknown, group.id));
    let roles = counts.first().map_or(0, |counted| counted.roles.unsigned_abs());
    Ok(AddPage {
        shell: portal.shell(Section::Groups).await,
        back: paths::group(group.id),
        action: list.changed("find", &find),
        link,
        title: group.name.to_string(),
        stage: stage.name.to_string(),
        follows: words.counted("group-join-follows", "count", roles),
        find,
        found,
        more,
        emails: typed.text("emails").to_owned(),
        starts: typed.text("starts").to_owned(),
        until: typed.text("until").to_owned(),
        reason: typed.text("reason").to_owned(),
        more_obstacles: obstacles.lines.len().saturating_sub(NAMED) as u64,
        obstacles: {
            obstacles.lines.truncate(NAMED);
            obstacles.lines
        },
        invite,
        errors: typed.errors.clone(),
    })
}

/// Who is to join, each once: addresses, people that were picked, and the lines that are no addresses.
fn joining(typed: &Typed<'_>) -> (Vec<EmailAddress>, Vec<UserId>, Vec<String>) {
    let (mut addresses, mut unreadable, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for line in typed.text("emails").split(['\n', ',', ';']).map(str::trim).filter(|line| !line.is_empty()) {
        match EmailAddress::parse(line) {
            Ok(address) if seen.insert(address.key().to_owned()) => addresses.push(address),
            Ok(_) => {}
            Err(_) => unreadable.push(line.chars().take(254).collect()),
        }
    }
    (addresses, typed.every("person").iter().filter_map(|id| id.parse::<UserId>().ok()).collect(), unreadable)
}

/// Whom the reader may know among those who are to join. Everybody else is unknown: whether they are here is not for the reader to learn.
async fn known(portal: &Portal, group: &Group, addresses: &[EmailAddress], picked: &[UserId]) -> Result<(Vec<UserId>, Vec<String>), Fault> {
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let keys: Vec<&str> = addresses.iter().map(EmailAddress::key).collect();
    let found = people::known(&mut tx, &sight, group.id, &keys, picked).await?;
    let (mut ids, mut unknown) = (Vec::new(), Vec::new());
    for address in addresses {
        match found.iter().find(|known| known.email_key == address.key()) {
            Some(known) => ids.push(known.id),
            None => unknown.push(address.to_string()),
        }
    }
    for id in picked {
        if found.iter().any(|known| known.id == *id) {
            ids.push(*id);
        } else {
            unknown.push(id.to_string());
        }
    }
    Ok((ids, unknown))
}

/// `POST /portal/groups/{id}/members`: everybody in `emails` (one address on each line) and every `person`, with `starts`, `until` and
/// `reason`.
pub async fn add_members(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, group, stage, fields) = match enter_with(visit, &id, payload).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    if let Err(answer) = portal.require("end_user_groups.manage", Reach::Stage(stage.id)).await {
        return answer;
    }
    let words = portal.words;
    let mut typed = Typed::new(&fields, words);
    let (starts, until) = (typed.start("starts"), typed.until("until", portal.person.now));
    let reason = typed.description("reason");
    let (addresses, picked, unreadable) = joining(&typed);
    let count = addresses.len() + picked.len();
    if count == 0 && unreadable.is_empty() {
        typed.wrong("emails", words.say("group-join-nobody"));
    } else if count + unreadable.len() > MOST {
        typed.wrong("emails", words.counted("group-join-many", "count", MOST as u64));
        return form(&portal, &group, &stage, &typed, Obstacles::default(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (people, unknown) = match known(&portal, &group, &addresses, &picked).await {
        Ok(known) => known,
        Err(fault) => return portal.fault(&fault).await,
    };
    let mut obstacles = Obstacles::default();
    obstacles.lines.extend(unreadable.into_iter().map(|line| (line, words.say("group-join-unreadable"))));
    obstacles.lines.extend(unknown.iter().map(|who| (who.clone(), words.say("group-join-unknown"))));
    obstacles.unknown = unknown;
    let (Some(starts_at), Some(ends_at), Some(reason), true, true) = (starts, until, reason, obstacles.lines.is_empty(), typed.errors.is_empty()) else {
        if !obstacles.lines.is_empty() {
            typed.wrong("emails", words.say("group-join-obstacles"));
        }
        return form(&portal, &group, &stage, &typed, obstacles, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (period, reason) = (Period { starts_at, ends_at }, Some(reason.as_str()).filter(|reason| !reason.is_empty()));
    let done = portal
        .change(Section::Groups, &fields, async |work| {
            let changing = begin_change(work).await?;
            group::add_members(work, &changing, group.id, &people, period, reason).await
        })
        .await;
    match done {
        Ok(Changed::Shown(page)) => return page,
        Ok(Changed::Made(_)) => return room::done(&portal, &group, Given::Members(&people)).await,
        Err(JoinError::Obstacles(found)) => {
            obstacles.lines.extend(found.into_iter().map(|obstacle| match obstacle {
                Obstacle::Unknown(who) => (who.to_string(), words.say("group-join-unknown")),
                Obstacle::PeriodDiffers(_, who) => (who, words.say("group-join-differs")),
                Obstacle::Inactive(who) => (who, words.say("group-join-shut-out")),
            }));
            typed.wrong("emails", words.say("group-join-obstacles"));
        }
        Err(JoinError::Period(error)) => typed.wrong("until", words.say(wrong(error))),
        Err(JoinError::UnknownGroup) => return portal.missing().await,
        Err(JoinError::Denied(denied)) => return portal.refused(&denied).await,
        Err(JoinError::Fault(fault)) => return portal.fault(&fault).await,
    }
    form(&portal, &group, &stage, &typed, obstacles, StatusCode::UNPROCESSABLE_ENTITY).await
}
