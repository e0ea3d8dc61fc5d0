//! The permissions of an app at a stage: a list, a form, and the question before one is removed.

use super::form::{FormPage, Pick, Picked, Text, Typed};
use super::parts::{Action, Cell, Line, ListPage, RemovePage};
use super::place::{Part, Place, app_error};
use super::{Answer, Portal, either, enter};
use crate::access::app::AppError;
use crate::access::app::deployment::PermissionSpec;
use crate::access::app::permission::{self, Whole};
use crate::access::begin_change;
use crate::access::role::end_user::{self, EndUserRole};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, EndUserRoleId};
use crate::base::text::{Verb, fold};
use crate::db::Tx;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::word;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use std::collections::BTreeMap;

const NEEDS: &str = "app_roles.manage";

type At = Path<(String, String)>;
type One = Path<(String, String, String)>;

/// What a deployment owns of permissions and roles.
pub(super) struct Owned {
    pub permissions: Vec<Whole>,
    pub roles: Vec<EndUserRole>,
    pub held: BTreeMap<EndUserRoleId, Vec<Verb>>,
}

impl Owned {
    pub async fn read(portal: &Portal, place: &Place) -> Result<Self, HttpResponse> {
        let mut tx = portal.read().await?;
        portal.good(Self::load(&mut tx, place.deployment.id).await).await
    }

    async fn load(tx: &mut Tx, id: DeploymentId) -> Result<Self, Fault> {
        Ok(Self {
            permissions: permission::of_deployment(tx, id).await?,
            roles: end_user::of_deployment(tx, id).await?,
            held: end_user::permissions_of(tx, id).await?,
        })
    }

    /// The roles that hold a permission and the permissions that bring it, in one text: what somebody saw before they remove it.
    fn uses(&self, verb: &Verb) -> String {
        let roles = self.roles.iter().filter(|role| self.of_role(role.id).contains(verb)).map(|role| role.key.to_string());
        let bringing = permission::brought_by(&self.permissions, verb).into_iter().map(|verb| format!("+{verb}"));
        roles.chain(bringing).collect::<Vec<_>>().join(" ")
    }

    pub fn find(&self, verb: &str) -> Option<&Whole> {
        self.permissions.iter().find(|whole| whole.permission.verb.as_str() == verb)
    }

    pub fn of_role(&self, role: EndUserRoleId) -> &[Verb] {
        self.held.get(&role).map(Vec::as_slice).unwrap_or_default()
    }

    /// What is saved of what was ticked: without what only comes with something else. What was held by itself before stays so.
    pub fn picked(&self, ticked: &[Verb], before: &[Verb]) -> Vec<Verb> {
        let mut kept = ticked.to_vec();
        for verb in ticked.iter().filter(|verb| !before.contains(verb)) {
            if kept.iter().any(|other| other != verb && permission::brings(&self.permissions, other).contains(verb)) {
                kept.retain(|other| other != verb);
            }
        }
        kept
    }

    /// The permissions as check boxes, each with what it is and what it brings; `but`: one that is left out. What comes with a chosen one is
    /// ticked as well, and says so.
    pub fn boxes(&self, portal: &Portal, chosen: &[String], but: Option<&str>) -> Vec<Picked> {
        let note = |whole: &Whole| {
            let brings: Vec<String> = permission::brings(&self.permissions, &whole.permission.verb).iter().map(ToString::to_string).collect();
            let brings = (!brings.is_empty()).then(|| portal.words.with("permission-brings", &[("verbs", brings.join(", "))]));
            let parts: Vec<String> = Some(whole.permission.description.to_string()).filter(|text| !text.is_empty()).into_iter().chain(brings).collect();
            (!parts.is_empty()).then(|| parts.join(" \u{b7} "))
        };
        let chosen_ones: Vec<&Whole> = self.permissions.iter().filter(|whole| chosen.iter().any(|verb| verb == whole.permission.verb.as_str())).collect();
        let by = |whole: &Whole| -> Vec<String> {
            let brings = |other: &&&Whole| permission::brings(&self.permissions, &other.permission.verb).contains(&whole.permission.verb);
            chosen_ones.iter().filter(brings).map(|other| other.permission.verb.to_string()).collect()
        };
        let pick = |whole: &Whole| Picked {
            value: whole.permission.verb.to_string(),
            label: whole.permission.verb.to_string(),
            note: note(whole),
            chosen: chosen.iter().any(|verb| verb == whole.permission.verb.as_str()),
            brings: permission::brings(&self.permissions, &whole.permission.verb).iter().map(ToString::to_string).collect(),
            brought: Some(by(whole))
                .filter(|by| !by.is_empty())
                .map(|by| by.join(", "))
                .map(|by| (by, chosen.iter().any(|verb| verb == whole.permission.verb.as_str()))),
        };
        self.permissions.iter().filter(|whole| but != Some(whole.permission.verb.as_str())).map(pick).collect()
    }
}

/// `GET /portal/apps/{app}/{stage}/permissions`.
pub async fn list(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let owned = Owned::read(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &list_page(&portal, &place, &owned).await))
    })
    .await
}

/// The permissions that an address asks for.
pub(super) fn found<'o>(owned: &'o Owned, list: &Listing) -> Vec<&'o Whole> {
    let search = list.search();
    let texts = |whole: &Whole| [fold(whole.permission.verb.as_str()), fold(whole.permission.description.as_str())];
    owned.permissions.iter().filter(|whole| texts(whole).iter().any(|text| text.contains(&search))).collect()
}

async fn list_page(portal: &Portal, place: &Place, owned: &Owned) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let may = portal.may(NEEDS, place.reach());
    let found = found(owned, &list);
    let total = words.counted("app-permissions-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let people = place.shows_people(portal);
    let holders = |verb: &str| {
        let label = words.with("who-holds-named", &[("what", verb)]);
        Cell::Link(words.say("who-holds"), paths::holders_of_permission(verb, place.app.key.as_str(), place.stage.key.as_str()), label)
    };
    let line = |whole: &Whole| {
        let verb = &whole.permission.verb;
        let link = format!("{}/{verb}", place.path(Part::Permissions));
        let roles = owned.roles.iter().filter(|role| owned.of_role(role.id).contains(verb)).map(|role| role.name.to_string()).collect();
        Line {
            name: verb.to_string(),
            code: true,
            below: whole.permission.description.to_string(),
            cells: [Cell::chips(whole.implies.iter().map(ToString::to_string).collect()), Cell::chips(roles)]
                .into_iter()
                .chain(people.then(|| holders(verb.as_str())))
                .collect(),
            remove: may.then(|| format!("{link}/remove")),
            link: may.then_some(link),
        }
    };
    let new = format!("{}/new-permission", place.path(Part::Settings));
    let export = Action::export(words, list.at(&format!("{}.csv", place.path(Part::Permissions))));
    let add = may.then(|| Action { id: "new-permission", link: new, text: words.say("permission-new"), primary: true });
    ListPage {
        shell: portal.shell(Section::Apps).await,
        head: place.head(portal, Part::Permissions, std::iter::once(export).chain(add).collect()),
        filters: Vec::new(),
        total,
        columns: [word!("permission"), word!("permission-implies"), word!("permission-in-roles")]
            .into_iter()
            .chain(people.then_some(word!("app-tab-people")))
            .map(|key| words.say(key))
            .collect(),
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("permissions-empty"), words.say(if may { word!("permissions-empty-hint") } else { word!("app-empty-ask") })),
        list,
    }
}

async fn form(portal: &Portal, place: &Place, owned: &Owned, of: Option<&Whole>, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let (verb, description, implies) = match (typed, of) {
        (Some(typed), of) => {
            (of.map_or_else(|| typed.raw("verb"), |of| of.permission.verb.to_string()), typed.raw("description"), typed.every("implies").to_vec())
        }
        (None, Some(of)) => (of.permission.verb.to_string(), of.permission.description.to_string(), of.implies.iter().map(ToString::to_string).collect()),
        (None, None) => Default::default(),
    };
    let list = place.path(Part::Permissions);
    let mut fields = vec![
        Text::new("verb", words.say("permission-verb"), verb)
            .code(80)
            .required()
            .fixed(of.is_some())
            .hint(words.say(if of.is_some() { word!("permission-verb-fixed") } else { word!("permission-verb-hint") }))
            .field(errors),
        Text::new("description", words.say("app-description"), description).area(1_000).hint(words.say("permission-description-hint")).field(errors),
    ];
    let options = owned.boxes(portal, &implies, of.map(|of| of.permission.verb.as_str()));
    if !options.is_empty() || errors.iter().any(|error| error.field == "implies") {
        let live = words.with("permission-comes-with", &[("verbs", "%")]);
        fields.push(Pick::many("implies", words.say("permission-implies"), options).live(live).hint(words.say("permission-implies-hint")).field(errors));
    }
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::Permissions),
        title: words.say(if of.is_some() { word!("permission-edit") } else { word!("permission-new") }),
        lead: None,
        action: of.map_or_else(|| format!("{}/new-permission", place.path(Part::Settings)), |of| format!("{list}/{}", of.permission.verb)),
        version: of.map(|of| typed.map_or(of.version, Typed::version)),
        fields,
        submit: words.say(if of.is_some() { word!("app-save") } else { word!("permission-add") }),
        previews: true,
        cancel: list,
        problem: typed.and_then(Typed::problem),
    }
}

/// `GET /portal/apps/{app}/{stage}/new-permission`.
pub async fn new(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &at.0, &at.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, &owned, None, None).await))
    })
    .await
}

/// `GET /portal/apps/{app}/{stage}/permissions/{verb}`.
pub async fn show(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let owned = Owned::read(&portal, &place).await?;
        let Some(of) = owned.find(&one.2) else { return Err(portal.missing().await) };
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, &owned, Some(of), None).await))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/new-permission`.
pub async fn add(visit: Visit, at: At, payload: Payload) -> HttpResponse {
    either(save(visit, &at.0, &at.1, None, payload)).await
}

/// `POST /portal/apps/{app}/{stage}/permissions/{verb}`.
pub async fn change(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(save(visit, &one.0, &one.1, Some(&one.2), payload)).await
}

async fn save(visit: Visit, app: &str, stage: &str, of: Option<&str>, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let owned = Owned::read(&portal, &place).await?;
    let has = match of {
        Some(verb) => match owned.find(verb) {
            Some(has) => Some(has),
            // It was there when the form was opened.
            None => return Err(portal.overtaken().await),
        },
        None => None,
    };
    let verb = match has {
        Some(has) => Some(has.permission.verb.clone()),
        None => typed.verb("verb"),
    };
    let (description, implies) = (typed.description("description"), typed.verbs("implies"));
    if let (Some(verb), Some(description), true) = (verb, description, typed.errors.is_empty()) {
        let implies = owned.picked(&implies, has.map(|has| has.implies.as_slice()).unwrap_or_default());
        let (spec, version) = (PermissionSpec { verb, description, implies }, typed.version());
        let done = portal
            .change(Section::Apps, typed.fields(), async |work| {
                let changing = begin_change(work).await?;
                match has {
                    Some(_) => permission::change(work, &changing, &place.app, &place.deployment, version, &spec).await,
                    None => permission::add(work, &changing, &place.app, &place.deployment, &spec).await,
                }
            })
            .await;
        match done {
            Ok(Changed::Made(())) => return Ok(Portal::done(&place.path(Part::Permissions), "saved")),
            Ok(Changed::Shown(page)) => return Ok(page),
            Err(error) => typed.errors.push(app_error(&portal, error).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &place, &owned, has, Some(&typed)).await))
}

/// `GET /portal/apps/{app}/{stage}/permissions/{verb}/remove`: what would follow.
pub async fn ask(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        question(&portal, &place, &one.2, false).await
    })
    .await
}

/// The question, with what the permission is in use by now. `again`: that is more or less than the reader saw.
async fn question(portal: &Portal, place: &Place, verb: &str, again: bool) -> Answer {
    let owned = Owned::read(portal, place).await?;
    let Some(of) = owned.find(verb) else { return Err(portal.missing().await) };
    let verb = &of.permission.verb;
    let words = portal.words;
    let direct: Vec<&EndUserRole> = owned.roles.iter().filter(|role| owned.of_role(role.id).contains(verb)).collect();
    let bringing = permission::brought_by(&owned.permissions, verb);
    let losing: Vec<EndUserRoleId> =
        owned.roles.iter().filter(|role| owned.of_role(role.id).iter().any(|held| held == verb || bringing.contains(held))).map(|role| role.id).collect();
    let holders = {
        let mut tx = portal.read().await?;
        portal.good(end_user::holders(&mut tx, &losing).await).await?
    };
    let names = |names: Vec<&str>| names.join(", ");
    let mut follows = vec![words.marked_count::<&str>(word!("permission-remove-people"), "count", holders.people, &[])];
    if !direct.is_empty() {
        let names = names(direct.iter().map(|role| role.name.as_str()).collect());
        follows.push(words.marked_count("permission-remove-roles", "count", direct.len() as u64, &[("names", names.as_str())]));
    }
    if !bringing.is_empty() {
        let names = names(bringing.iter().map(Verb::as_str).collect());
        follows.push(words.marked_count("permission-remove-implied", "count", bringing.len() as u64, &[("names", names.as_str())]));
    }
    follows.push(words.marked::<&str>(word!("permission-remove-tokens"), &[]));
    let back = place.path(Part::Permissions);
    let page = RemovePage {
        previews: true,
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::Permissions),
        title: words.say("permission-remove"),
        what: words.marked("permission-remove-what", &[("verb", verb.as_str()), ("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())]),
        follows,
        action: format!("{back}/{verb}/remove"),
        back,
        button: words.say("app-remove"),
        hidden: vec![("seen", owned.uses(verb))],
        problem: again.then(|| words.say("permission-remove-changed")),
    };
    Ok(Portal::page(if again { StatusCode::CONFLICT } else { StatusCode::OK }, &page))
}

/// `POST /portal/apps/{app}/{stage}/permissions/{verb}/remove`. What was gone already is gone: sending the form twice is no mistake. What is
/// in use by more, or by less, than the question said is asked again.
pub async fn remove(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let typed = Typed::read(&portal, payload).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let Ok(verb) = Verb::parse(&one.2) else { return Err(portal.missing().await) };
        let seen = typed.raw("seen");
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let owned = Owned::load(&mut work.tx, place.deployment.id).await?;
            if owned.find(verb.as_str()).is_some() && owned.uses(&verb) != seen {
                return Err(AppError::Overtaken);
            }
            permission::remove(work, &changing, &place.app, &place.deployment, &verb).await
        };
        match portal.change(Section::Apps, typed.fields(), rule).await {
            Ok(Changed::Made(_)) => Ok(Portal::done(&place.path(Part::Permissions), "app-removed")),
            Ok(Changed::Shown(page)) => Ok(page),
            Err(AppError::Overtaken) => question(&portal, &place, verb.as_str(), true).await,
            Err(error) => Err(super::place::refusal(&portal, error).await),
        }
    })
    .await
}
