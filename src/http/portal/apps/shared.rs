//! The shared roles of other apps that count in an app at a stage: a list, the form that adds some, and the question before one goes.

use super::form::{FormPage, Pick, Picked, Typed};
use super::parts::{Action, Cell, Line, ListPage, RemovePage};
use super::place::{Part, Place, app_error, sees};
use super::{Answer, Portal, either, enter};
use crate::access::app::listed::{self, SharedRole};
use crate::access::begin_change;
use crate::access::role::end_user;
use crate::base::fault::Fault;
use crate::base::text::fold;
use crate::http::listing::Listing;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

const NEEDS: &str = "app_roles.manage";

type At = Path<(String, String)>;
type One = Path<(String, String, String)>;

pub(super) async fn listed_at(portal: &Portal, place: &Place) -> Result<Vec<SharedRole>, HttpResponse> {
    let mut tx = portal.read().await?;
    portal.good(listed::of_deployment(&mut tx, place.deployment.id).await).await
}

/// `GET /portal/apps/{app}/{stage}/shared-roles`.
pub async fn list(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let roles = listed_at(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &list_page(&portal, &place, roles).await))
    })
    .await
}

/// Those of the roles that an address asks for.
pub(super) fn found(roles: Vec<SharedRole>, list: &Listing) -> Vec<SharedRole> {
    let search = list.search();
    let texts = |role: &SharedRole| [fold(role.name.as_str()), fold(role.app_name.as_str()), fold(&role.claim())];
    roles.into_iter().filter(|role| texts(role).iter().any(|text| text.contains(&search))).collect()
}

async fn list_page(portal: &Portal, place: &Place, roles: Vec<SharedRole>) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let may = portal.may(NEEDS, place.reach());
    let found = found(roles, &list);
    let total = words.counted("shared-roles-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let line = |role: SharedRole| Line {
        link: None,
        code: false,
        below: role.app_name.to_string(),
        cells: vec![Cell::Chips(vec![role.claim()], 0), Cell::Text(role.description.to_string())],
        remove: may.then(|| format!("{}/{}/remove", place.path(Part::SharedRoles), role.claim())),
        name: role.name.to_string(),
    };
    let new = format!("{}/list-roles", place.path(Part::Settings));
    let export = Action::export(words, list.at(&format!("{}.csv", place.path(Part::SharedRoles))));
    let add = may.then(|| Action { id: "list-roles", link: new, text: words.say("shared-roles-add"), primary: true });
    ListPage {
        shell: portal.shell(Section::Apps).await,
        head: place.head(portal, Part::SharedRoles, std::iter::once(export).chain(add).collect()),
        filters: Vec::new(),
        total,
        columns: vec![words.say("role"), words.say("shared-role-claim"), words.say("app-description")],
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("shared-roles-empty"), words.say(if may { word!("shared-roles-empty-hint") } else { word!("app-empty-ask") })),
        list,
    }
}

/// The form: the shared roles of the apps that the reader may see, without those that count already.
async fn page(portal: &Portal, place: &Place, typed: Option<&Typed>) -> Result<FormPage, HttpResponse> {
    let words = portal.words;
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let all = listed::at_stage(&mut tx, place.stage.id).await?;
        Ok::<_, Fault>((all, listed::of_deployment(&mut tx, place.deployment.id).await?))
    };
    let (all, has) = portal.good(read.await).await?;
    let chosen = typed.map(|typed| typed.every("roles")).unwrap_or_default();
    let may =
        |role: &&SharedRole| role.app_id != place.app.id && sees(&portal.person, role.app_id, place.stage.id) && !has.iter().any(|listed| listed.id == role.id);
    let pick = |role: &SharedRole| {
        let note = [role.claim(), role.description.to_string()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" \u{b7} ");
        let label = words.with("shared-role-of", &[("app", role.app_name.as_str()), ("role", role.name.as_str())]);
        Picked { chosen: chosen.contains(&role.claim()), value: role.claim(), label, note: Some(note), ..Picked::default() }
    };
    let options: Vec<Picked> = all.iter().filter(may).map(pick).collect();
    let nothing = options.is_empty();
    let hint = if nothing { word!("shared-roles-none") } else { word!("shared-roles-hint") };
    let back = place.path(Part::SharedRoles);
    Ok(FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::SharedRoles),
        title: words.say("shared-roles-add"),
        lead: Some(words.say("shared-roles-lead")),
        action: format!("{}/list-roles", place.path(Part::Settings)),
        version: None,
        fields: vec![
            Pick::many("roles", words.say("app-listed-roles"), options)
                .hint(words.say(hint))
                .field(typed.map(|typed| typed.errors.as_slice()).unwrap_or_default()),
        ],
        submit: if nothing { String::new() } else { words.say("shared-roles-save") },
        cancel: back,
        problem: typed.and_then(Typed::problem),
        previews: true,
    })
}

/// `GET /portal/apps/{app}/{stage}/list-roles`.
pub async fn form(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &at.0, &at.1, NEEDS).await?;
        Ok(Portal::page(StatusCode::OK, &page(&portal, &place, None).await?))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/list-roles`.
pub async fn add(visit: Visit, at: At, payload: Payload) -> HttpResponse {
    either(added(visit, at, payload)).await
}

async fn added(visit: Visit, at: At, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, &at.0, &at.1, NEEDS).await?;
    let roles = typed.every("roles").to_vec();
    if roles.is_empty() {
        typed.wrong("roles", portal.words.say("shared-roles-pick"));
    } else {
        let rule = async |work: &mut crate::work::Work| {
            let changing = begin_change(work).await?;
            listed::change(work, &changing, &place.app, &place.deployment, &roles, &[]).await
        };
        match portal.change(Section::Apps, typed.fields(), rule).await {
            Ok(Changed::Made(())) => return Ok(Portal::done(&place.path(Part::SharedRoles), "saved")),
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => typed.errors.push(app_error(&portal, error).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &page(&portal, &place, Some(&typed)).await?))
}

/// `GET /portal/apps/{app}/{stage}/shared-roles/{claim}/remove`: what would follow.
pub async fn ask(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let Some(role) = listed_at(&portal, &place).await?.into_iter().find(|role| role.claim() == one.2) else { return Err(portal.missing().await) };
        let holders = {
            let mut tx = portal.read().await?;
            portal.good(end_user::holders(&mut tx, &[role.id]).await).await?
        };
        let words = portal.words;
        let back = place.path(Part::SharedRoles);
        let claim = role.claim();
        let page = RemovePage {
            previews: true,
            shell: portal.shell(Section::Apps).await,
            crumbs: place.crumbs(&portal, Part::SharedRoles),
            title: words.say("shared-role-remove"),
            what: words.marked(
                "shared-role-remove-what",
                &[("role", role.name.as_str()), ("of", role.app_name.as_str()), ("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())],
            ),
            follows: vec![
                words.marked_count::<&str>(word!("shared-role-remove-people"), "count", holders.people, &[]),
                words.marked(word!("shared-role-remove-tokens"), &[("claim", claim.as_str())]),
            ],
            action: format!("{back}/{claim}/remove"),
            back,
            button: words.say("app-remove"),
            hidden: Vec::new(),
            problem: None,
        };
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/shared-roles/{claim}/remove`. What was gone already is gone: sending the form twice is no mistake.
pub async fn remove(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let typed = Typed::read(&portal, payload).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let claims = [one.2.clone()];
        let rule = async |work: &mut crate::work::Work| {
            let changing = begin_change(work).await?;
            listed::change(work, &changing, &place.app, &place.deployment, &[], &claims).await
        };
        match portal.change(Section::Apps, typed.fields(), rule).await {
            Ok(Changed::Made(())) => Ok(Portal::done(&place.path(Part::SharedRoles), "app-removed")),
            Ok(Changed::Shown(page)) => Ok(page),
            Err(error) => Err(super::place::refusal(&portal, error).await),
        }
    })
    .await
}
