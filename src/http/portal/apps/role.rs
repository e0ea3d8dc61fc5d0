//! The roles of an app at a stage: a list, a form, and the question before one is removed.

use super::form::{FormPage, Pick, Picked, Text, Typed};
use super::parts::{Action, Cell, Line, ListPage, RemovePage};
use super::permission::Owned;
use super::place::{Part, Place, app_error, other_apps, refusal};
use super::{Answer, Portal, either, enter};
use crate::access::begin_change;
use crate::access::role::end_user::{self, EndUserRole, Holders};
use crate::base::fault::Fault;
use crate::base::text::{DisplayName, fold};
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::lifecycle::invitation;
use crate::lifecycle::remove_role::remove_role;
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};

const NEEDS: &str = "app_roles.manage";

type At = Path<(String, String)>;
type One = Path<(String, String, String)>;

/// `GET /portal/apps/{app}/{stage}/roles`.
pub async fn list(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let owned = Owned::read(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &list_page(&portal, &place, &owned).await))
    })
    .await
}

/// The roles that an address asks for.
pub(super) fn found<'o>(owned: &'o Owned, list: &Listing) -> Vec<&'o EndUserRole> {
    let search = list.search();
    let texts = |role: &EndUserRole| [role.name.as_str(), role.key.as_str(), role.description.as_str()].map(fold);
    owned.roles.iter().filter(|role| texts(role).iter().any(|text| text.contains(&search))).collect()
}

async fn list_page(portal: &Portal, place: &Place, owned: &Owned) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let may = portal.may(NEEDS, place.reach());
    let found = found(owned, &list);
    let total = words.counted("app-roles-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let people = place.shows_people(portal);
    let holders = |role: &EndUserRole| {
        let label = words.with("who-holds-named", &[("what", role.name.as_str())]);
        Cell::Link(words.say("who-holds"), paths::holders_of_app_role(role.id), label)
    };
    let line = |role: &EndUserRole| {
        let link = format!("{}/{}", place.path(Part::Roles), role.key);
        let shared = if role.shared { Cell::Badge(words.say("role-is-shared"), "good") } else { Cell::Text(words.say("role-is-own")) };
        Line {
            name: role.name.to_string(),
            code: false,
            below: role.key.to_string(),
            cells: [Cell::Text(role.description.to_string()), Cell::chips(owned.of_role(role.id).iter().map(ToString::to_string).collect()), shared]
                .into_iter()
                .chain(people.then(|| holders(role)))
                .collect(),
            remove: may.then(|| format!("{link}/remove")),
            link: may.then_some(link),
        }
    };
    let new = format!("{}/new-role", place.path(Part::Settings));
    let export = Action::export(words, list.at(&format!("{}.csv", place.path(Part::Roles))));
    let add = may.then(|| Action { id: "new-role", link: new, text: words.say("role-new"), primary: true });
    ListPage {
        shell: portal.shell(Section::Apps).await,
        head: place.head(portal, Part::Roles, std::iter::once(export).chain(add).collect()),
        filters: Vec::new(),
        total,
        columns: [word!("role"), word!("app-description"), word!("app-tab-permissions"), word!("role-counts")]
            .into_iter()
            .chain(people.then_some(word!("app-tab-people")))
            .map(|key| words.say(key))
            .collect(),
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("roles-empty"), words.say(if may { word!("roles-empty-hint") } else { word!("app-empty-ask") })),
        list,
    }
}

async fn form(portal: &Portal, place: &Place, owned: &Owned, of: Option<&EndUserRole>, typed: Option<&Typed>) -> Result<FormPage, HttpResponse> {
    let words = portal.words;
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let value = |field: &str, has: fn(&EndUserRole) -> &str| match (typed, of) {
        (Some(typed), _) => typed.raw(field),
        (None, of) => of.map(has).unwrap_or_default().to_owned(),
    };
    let chosen: Vec<String> = match (typed, of) {
        (Some(typed), _) => typed.every("permissions").to_vec(),
        (None, of) => of.map(|of| owned.of_role(of.id).iter().map(ToString::to_string).collect()).unwrap_or_default(),
    };
    let shared = typed.map_or_else(|| of.is_some_and(|of| of.shared), |typed| typed.raw("shared") == "yes");
    let key = of.map_or_else(|| value("key", |_| ""), |of| of.key.to_string());
    let list = place.path(Part::Roles);
    let mut fields = vec![
        Text::new("name", words.say("name"), value("name", |role| role.name.as_str())).required().hint(words.say("role-name-hint")).field(errors),
        Text::new("key", words.say("app-key"), key)
            .code(50)
            .fixed(of.is_some())
            .hint(words.say(if of.is_some() { word!("app-key-fixed") } else { word!("role-key-hint") }))
            .field(errors),
        Text::new("description", words.say("app-description"), value("description", |role| role.description.as_str())).area(1_000).field(errors),
    ];
    let listed_by = match of.filter(|of| of.shared) {
        Some(of) => {
            let mut tx = portal.read().await?;
            let listing = portal.good(end_user::listing(&mut tx, of.id).await).await?;
            other_apps(portal, &listing)
        }
        None => Vec::new(),
    };
    let options = owned.boxes(portal, &chosen, None);
    let hint = words.say(if options.is_empty() { word!("role-permissions-none") } else { word!("role-permissions-hint") });
    let live = words.with("permission-comes-with", &[("verbs", "%")]);
    fields.push(Pick::many("permissions", words.say("app-tab-permissions"), options).live(live).hint(hint).field(errors));
    let yes = |label: String, note: String, chosen| Picked { value: "yes".to_owned(), label, note: Some(note), chosen, ..Picked::default() };
    let names = listed_by.join(", ");
    let note = match listed_by.len() {
        0 => words.say("role-shared-is"),
        _ => format!("{} {}", words.say("role-shared-is"), words.with("role-shared-by", &[("names", names.as_str())])),
    };
    fields.push(Pick::many("shared", words.say("role-counts"), vec![yes(words.say("role-shared"), note, shared)]).field(errors));
    if !shared && !listed_by.is_empty() {
        let option = yes(words.with("role-unlist", &[("names", names.as_str())]), words.say("role-unlist-is"), false);
        fields.push(Pick::many("unlist", words.say("role-unlist-title"), vec![option]).field(errors));
    }
    Ok(FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::Roles),
        title: words.say(if of.is_some() { word!("role-edit") } else { word!("role-new") }),
        lead: None,
        action: of.map_or_else(|| format!("{}/new-role", place.path(Part::Settings)), |of| format!("{list}/{}", of.key)),
        version: of.map(|of| typed.map_or(of.version, Typed::version)),
        fields,
        submit: words.say(if of.is_some() { word!("app-save") } else { word!("role-add") }),
        previews: true,
        cancel: list,
        problem: typed.and_then(Typed::problem),
    })
}

/// `GET /portal/apps/{app}/{stage}/new-role`.
pub async fn new(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &at.0, &at.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, &owned, None, None).await?))
    })
    .await
}

fn find<'o>(owned: &'o Owned, key: &str) -> Option<&'o EndUserRole> {
    owned.roles.iter().find(|role| role.key.as_str() == key)
}

/// `GET /portal/apps/{app}/{stage}/roles/{key}`.
pub async fn show(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        let Some(of) = find(&owned, &one.2) else { return Err(portal.missing().await) };
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, &owned, Some(of), None).await?))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/new-role`.
pub async fn add(visit: Visit, at: At, payload: Payload) -> HttpResponse {
    either(save(visit, &at.0, &at.1, None, payload)).await
}

/// `POST /portal/apps/{app}/{stage}/roles/{key}`.
pub async fn change(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(save(visit, &one.0, &one.1, Some(&one.2), payload)).await
}

async fn save(visit: Visit, app: &str, stage: &str, of: Option<&str>, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let owned = Owned::read(&portal, &place).await?;
    let has = match of {
        Some(key) => match find(&owned, key) {
            Some(has) => Some(has),
            // It was there when the form was opened.
            None => return Err(portal.overtaken().await),
        },
        None => None,
    };
    let name: Option<DisplayName> = typed.name("name");
    let key = match has {
        Some(has) => Some(has.key.clone()),
        None => typed.key("key", name.as_ref()),
    };
    let (description, permissions) = (typed.description("description"), typed.verbs("permissions"));
    if let (Some(name), Some(key), Some(description), true) = (name, key, description, typed.errors.is_empty()) {
        let permissions = owned.picked(&permissions, has.map(|has| owned.of_role(has.id)).unwrap_or_default());
        let unlist = typed.raw("unlist") == "yes";
        let spec = end_user::Spec { key, name, description, shared: typed.raw("shared") == "yes", permissions };
        let version = typed.version();
        let done = portal
            .change(Section::Apps, typed.fields(), async |work| {
                let changing = begin_change(work).await?;
                match has {
                    Some(_) => end_user::change(work, &changing, &place.app, &place.deployment, version, &spec, unlist).await,
                    None => end_user::create(work, &changing, &place.app, &place.deployment, &spec).await.map(drop),
                }
            })
            .await;
        match done {
            Ok(Changed::Made(())) => return Ok(Portal::done(&place.path(Part::Roles), "saved")),
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => typed.errors.push(app_error(&portal, error).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &place, &owned, has, Some(&typed)).await?))
}

/// What follows when a role goes, in words.
fn follows(words: Words, holders: Holders, listing: &[String], invitations: u64) -> Vec<Marked> {
    let counted = |key: &str, count: u64| words.marked_count::<&str>(key, "count", count, &[]);
    let mut follows = vec![counted(word!("role-remove-people"), holders.people)];
    if holders.direct > 0 {
        follows.push(counted(word!("role-remove-direct"), holders.direct));
    }
    if holders.groups > 0 {
        follows.push(words.marked_count("role-remove-groups", "groups", holders.groups, &[("people", holders.through_groups.to_string())]));
    }
    if !listing.is_empty() {
        let names = listing.join(", ");
        follows.push(words.marked_count("role-remove-listed", "count", listing.len() as u64, &[("names", names.as_str())]));
    }
    if invitations > 0 {
        follows.push(counted(word!("role-remove-invitations"), invitations));
    }
    follows.push(words.marked::<&str>(word!("role-remove-tokens"), &[]));
    follows
}

/// `GET /portal/apps/{app}/{stage}/roles/{key}/remove`: what would follow.
pub async fn ask(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        let Some(of) = find(&owned, &one.2) else { return Err(portal.missing().await) };
        let read = async {
            let mut tx = portal.visit.server.ground.db.read().await?;
            let holders = end_user::holders(&mut tx, &[of.id]).await?;
            let listing = end_user::listing(&mut tx, of.id).await?;
            Ok::<_, Fault>((holders, other_apps(&portal, &listing), invitation::count_offering(&mut tx, of.id).await?))
        };
        let (holders, listing, invitations) = portal.good(read.await).await?;
        let words = portal.words;
        let back = place.path(Part::Roles);
        let page = RemovePage {
            shell: portal.shell(Section::Apps).await,
            crumbs: place.crumbs(&portal, Part::Roles),
            title: words.say("role-remove"),
            what: words.marked("role-remove-what", &[("role", of.name.as_str()), ("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())]),
            follows: follows(words, holders, &listing, invitations),
            action: format!("{back}/{}/remove", of.key),
            back,
            button: words.say("app-remove"),
            hidden: Vec::new(),
            problem: None,
            previews: true,
        };
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/roles/{key}/remove`. What was gone already is gone: sending the form twice is no mistake.
pub async fn remove(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let typed = Typed::read(&portal, payload).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        if let Some(role) = find(&owned, &one.2) {
            let done = portal
                .change(Section::Apps, typed.fields(), async |work| {
                    let changing = begin_change(work).await?;
                    remove_role(work, &changing, &place.app, role).await
                })
                .await;
            match done {
                Ok(Changed::Made(_)) => {}
                Ok(Changed::Shown(page)) => return Ok(page),
                Err(error) => return Err(refusal(&portal, error).await),
            }
        }
        Ok(Portal::done(&place.path(Part::Roles), "app-removed"))
    })
    .await
}
