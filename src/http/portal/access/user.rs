//! `/portal/users/{id}/access`: what one person may do at a place, why, and why not.

use super::way::{Telling, WayLine, standing};
use super::{deployment_name, either, enter, good, place_choices, place_name, place_of, place_value, sees_organization, sight};
use crate::access::catalogue::Catalogue;
use crate::access::effective::{Place, RoleRef};
use crate::access::explain::{self, Existence, Giver, Missing, Subject, Thing, Way, What};
use crate::access::load::Who;
use crate::access::people::{self, Held, Sight};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::{Choice, StatusBadge};
use crate::http::visit::Visit;
use crate::identity::user::{self, User};
use crate::word;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;
use std::collections::HashMap;

/// What a person may do at a place.
#[derive(Template)]
#[template(path = "portal/access/user.html")]
pub struct AccessPage {
    /// The layout.
    pub shell: Shell,
    /// The page of the person.
    pub user: String,
    /// Their name.
    pub label: String,
    /// Their address.
    pub email: String,
    /// Where they stand.
    pub status: StatusBadge,
    /// The choices of places.
    pub places: Vec<Choice>,
    /// The chosen place as it stands in an address; empty: there is none to choose.
    pub at: String,
    /// Its name.
    pub place: String,
    /// Why nothing of this person counts.
    pub standing: Option<String>,
    /// Whether they may sign in; `None`: not known to this reader, or no question here.
    pub may_sign_in: Option<bool>,
    /// What was asked.
    pub asked: Option<Asked>,
    /// What was typed into the question.
    pub question: String,
    /// Names that the question may use.
    pub known: Vec<String>,
    /// Roles.
    pub roles: Vec<ThingLine>,
    /// Permissions.
    pub permissions: Vec<ThingLine>,
    /// Grants that do not count here now.
    pub idle: Vec<WayLine>,
}

impl AccessPage {
    /// How many permissions there are, in words.
    pub fn counted(&self) -> String {
        self.shell.words.counted("account-permissions", "count", self.permissions.len() as u64)
    }
}

/// Something held.
pub struct ThingLine {
    /// Its name.
    pub name: String,
    /// What apps call it, where that is another text.
    pub key: Option<String>,
    /// The first way.
    pub way: Option<WayLine>,
    /// How many more ways there are.
    pub more: u64,
    /// The explanation.
    pub why: String,
}

/// The answer to a question.
pub struct Asked {
    /// The question in words.
    pub title: Marked,
    /// Yes or no; `None`: there is nothing to answer.
    pub held: Option<bool>,
    /// A sentence before everything else.
    pub lead: Option<String>,
    /// The ways, or the grants that do not give it.
    pub ways: Vec<WayLine>,
    /// What would have to be removed: one thing, or all of these.
    pub removal: Vec<String>,
    /// The roles that would give it here, each with where it would be granted.
    pub roles: Vec<(String, String)>,
    /// Names that are like the one that was typed, with their links.
    pub near: Vec<(String, String)>,
}

impl Asked {
    /// How many ways there are.
    pub fn count(&self) -> u64 {
        self.ways.len() as u64
    }

    /// How much would have to be removed.
    pub fn links(&self) -> u64 {
        self.removal.len() as u64
    }
}

/// `GET /portal/users/{id}/access`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let sight = sight(&portal);
        let Ok(id) = id.parse::<UserId>() else { return Err(portal.missing().await) };
        let found = good(&portal, person(&portal, id).await).await?;
        let Some((user, held)) = found.filter(|(_, held)| sight.sees_person(held)) else { return Err(portal.missing().await) };
        let list = Listing::of(&portal.visit);
        let Some(place) = place(&portal, &sight, &held, list.text("at")) else { return Err(portal.missing().await) };
        let read = async {
            let mut tx = portal.visit.server.ground.db.read().await?;
            let catalogue = &portal.person.snapshot.catalogue;
            let Some(subject) = Subject::read(&mut tx, catalogue, Who::User(id), place, portal.person.now).await? else { return Ok(None) };
            let what = what(&known(&portal, place, &sight), &list);
            let answer = what.map(|what| (is_asked(catalogue, &sight, place, &what).then(|| subject.why(&what, &sight)), what));
            let names = match &answer {
                Some((Some(explain::Answer::Missing(missing)), _)) => explain::names(&mut tx, &missing.roles).await?,
                _ => HashMap::new(),
            };
            Ok::<_, Fault>(Some((subject, answer, names)))
        };
        let Some((subject, answer, names)) = good(&portal, read.await).await? else { return Err(portal.missing().await) };
        let page = Building { portal: &portal, user: &user, sight: &sight, place, subject: &subject, list: &list };
        let asked = answer.map(|(answer, what)| page.asked(&what, answer, &names));
        Ok(Portal::page(StatusCode::OK, &page.page(asked).await))
    })
    .await
}

async fn person(portal: &Portal, id: UserId) -> Result<Option<(User, Held)>, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    let Some(user) = user::by_id(&mut tx, id).await? else { return Ok(None) };
    let held = people::held(&mut tx, &[id]).await?;
    Ok(Some((user, held)))
}

/// Whether the reader sees anything of what people hold at a place.
fn is_open(sight: &Sight, place: Place) -> bool {
    match place {
        Place::Organization => sees_organization(sight),
        Place::Deployment(id) => sees_organization(sight) || sight.sees(id),
    }
}

/// The place of the address, or the one where most is to be seen of this person.
fn place(portal: &Portal, sight: &Sight, held: &Held, value: &str) -> Option<Place> {
    let snapshot = &portal.person.snapshot;
    if !value.is_empty() {
        return place_of(snapshot, value).filter(|place| is_open(sight, *place));
    }
    let own = held.end_user.iter().chain(&held.of_groups).map(|grant| grant.deployment_id).find(|id| sight.sees(*id)).map(Place::Deployment);
    let organization = sees_organization(sight).then_some(Place::Organization);
    let any = || snapshot.catalogue.deployments().map(|row| row.id).find(|id| sight.sees(*id)).map(Place::Deployment);
    own.or(organization).or_else(any)
}

/// Everything that may be asked about at a place by this reader: permissions, end-user roles, organization roles.
fn known(portal: &Portal, place: Place, sight: &Sight) -> [Vec<String>; 3] {
    let catalogue = &portal.person.snapshot.catalogue;
    let kinds: [fn(String) -> What; 3] = [What::Permission, What::Role, What::OrganizationRole];
    kinds.map(|kind| {
        let every = explain::known(catalogue, place, &kind(String::new())).into_iter().map(str::to_owned);
        every.filter(|key| is_asked(catalogue, sight, place, &kind(key.clone()))).collect()
    })
}

/// Whether the reader may ask this here: an answer of no tells as much as one of yes.
fn is_asked(catalogue: &Catalogue, sight: &Sight, place: Place, what: &What) -> bool {
    match (what, place) {
        _ if what.is_of_organization() => sees_organization(sight),
        (What::Role(claim), Place::Deployment(here)) => {
            let listed = catalogue.listed_roles_of(here).find(|(name, _)| name == claim);
            sight.sees(listed.map_or(here, |(_, role)| role.deployment))
        }
        (_, Place::Deployment(here)) => sight.sees(here),
        (_, Place::Organization) => true,
    }
}

/// What the address asks about. A name that was typed is a permission, an end-user role, or an organization role, whichever there is.
fn what(known: &[Vec<String>; 3], list: &Listing) -> Option<What> {
    let kinds: [fn(String) -> What; 3] = [What::Permission, What::Role, What::OrganizationRole];
    for (name, kind) in ["permission", "role", "org-role"].into_iter().zip(kinds) {
        if !list.text(name).is_empty() {
            return Some(kind(list.text(name).to_owned()));
        }
    }
    let typed = list.text("ask");
    let found = known.iter().zip(kinds).find(|(known, _)| known.iter().any(|key| key == typed)).map(|(_, kind)| kind);
    (!typed.is_empty()).then(|| found.unwrap_or(What::Permission)(typed.to_owned()))
}

struct Building<'a> {
    portal: &'a Portal,
    user: &'a User,
    sight: &'a Sight,
    place: Place,
    subject: &'a Subject,
    list: &'a Listing,
}

impl Building<'_> {
    fn telling(&self) -> Telling<'_> {
        let groups = ["end_users.view", "end_user_groups.manage"].iter().any(|key| self.portal.person.may_somewhere(key));
        Telling { words: self.portal.words, snapshot: &self.portal.person.snapshot, now: self.subject.now, groups }
    }

    fn why(&self, what: &What) -> String {
        paths::why(self.user.id, &place_value(&self.portal.person.snapshot, self.place), what)
    }

    async fn page(&self, asked: Option<Asked>) -> AccessPage {
        let portal = self.portal;
        let (words, snapshot) = (portal.words, &portal.person.snapshot);
        let everything = self.subject.everything(self.sight);
        let telling = self.telling();
        let line = |thing: &Thing| ThingLine {
            name: thing.name.clone(),
            key: Some(thing.what.key().to_owned()).filter(|key| *key != thing.name),
            way: thing.ways.first().map(|way| telling.way(way)),
            more: thing.ways.len().saturating_sub(1) as u64,
            why: self.why(&thing.what),
        };
        let sees = |id| is_open(self.sight, Place::Deployment(id));
        let may_sign_in = match self.place {
            // Whoever does not see every role that counts here does not know.
            Place::Deployment(id) => self.sees_all_roles(id).then(|| self.subject.effective.may_sign_in()),
            Place::Organization => None,
        };
        AccessPage {
            shell: portal.shell(Section::Users).await,
            user: paths::user(self.user.id),
            label: self.user.label().to_owned(),
            email: self.user.email.to_string(),
            status: StatusBadge::of(words, self.user.status),
            places: place_choices(words, snapshot, sees_organization(self.sight), sees, Some(self.place)),
            at: place_value(snapshot, self.place),
            place: place_name(words, snapshot, self.place),
            standing: standing(words, self.subject.standing),
            may_sign_in,
            asked,
            question: self.list.text("ask").to_owned(),
            known: known(portal, self.place, self.sight).concat(),
            roles: everything.roles.iter().chain(&everything.organization_roles).map(line).collect(),
            permissions: everything.permissions.iter().map(line).collect(),
            idle: telling.ways(&everything.idle),
        }
    }

    fn sees_all_roles(&self, here: crate::base::id::DeploymentId) -> bool {
        let listed = self.portal.person.snapshot.catalogue.listed_roles_of(here).all(|(_, role)| self.sight.sees(role.deployment));
        self.sight.sees(here) && listed
    }

    fn asked(&self, what: &What, answer: Option<explain::Answer>, names: &HashMap<RoleRef, String>) -> Asked {
        let words = self.portal.words;
        let name = match what {
            What::Permission(key) => self.portal.person.snapshot.catalogue.platform_permission(key).map(|permission| permission.name.to_string()),
            What::Role(_) | What::OrganizationRole(_) => None,
        };
        let place = place_name(words, &self.portal.person.snapshot, self.place);
        let title = |key: &str| {
            let thing = name.as_ref().map_or_else(|| what.key().to_owned(), |name| format!("{name} ({})", what.key()));
            words.marked(key, &[("who", self.user.label()), ("what", &thing), ("place", &place)])
        };
        let empty = |title, held, lead| Asked { title, held, lead, ways: Vec::new(), removal: Vec::new(), roles: Vec::new(), near: Vec::new() };
        match answer {
            None => empty(title(word!("why-hidden-title")), None, Some(words.say("why-hidden"))),
            Some(explain::Answer::Held(ways)) => {
                let links = explain::removal(&ways);
                let removal = links.into_iter().map(|way| self.link(way)).collect();
                Asked { ways: self.telling().ways(&ways), removal, ..empty(title(word!("why-held")), Some(true), None) }
            }
            Some(explain::Answer::Missing(Missing { exists, idle, roles })) => match exists {
                Existence::Unknown(near) => {
                    let near = near.into_iter().map(|key| (self.why(&same_kind(what, key.clone())), key)).map(|(link, key)| (key, link)).collect();
                    Asked { near, ..empty(title(word!("why-unknown")), None, None) }
                }
                Existence::Here | Existence::Retired => {
                    let lead = (exists == Existence::Retired).then(|| words.say("why-retired"));
                    let roles = roles.iter().filter_map(|giver| Some(self.offer(giver, names.get(&giver.role)?))).collect();
                    Asked { ways: self.telling().ways(&idle), roles, ..empty(title(word!("why-missing")), Some(false), lead) }
                }
            },
        }
    }

    /// What would have to be removed, in words.
    fn link(&self, way: &Way) -> String {
        let words = self.portal.words;
        match (&way.group, way.path.role, &way.app) {
            (Some(group), ..) => words.with("why-remove-membership", &[("group", group.name.as_str())]),
            (None, RoleRef::Organization(_), None) => words.with("why-remove-organization-role", &[("role", way.role.as_str())]),
            (None, _, app) => words.with("why-remove-role", &[("role", way.role.as_str()), ("app", app.as_deref().unwrap_or_default())]),
        }
    }

    /// A role that would give it, and where it would be granted.
    fn offer(&self, giver: &Giver, name: &str) -> (String, String) {
        let (words, snapshot) = (self.portal.words, &self.portal.person.snapshot);
        let place = match giver.role {
            RoleRef::EndUser(id) => snapshot.catalogue.end_user_role(id).map(|role| deployment_name(words, snapshot, role.deployment)).unwrap_or_default(),
            RoleRef::Organization(_) if giver.at_app => words.say("why-offer-organization-or-app"),
            RoleRef::Organization(_) => words.say("why-offer-organization"),
        };
        (name.to_owned(), place)
    }
}

/// The same question about another name.
fn same_kind(what: &What, key: String) -> What {
    match what {
        What::Permission(_) => What::Permission(key),
        What::Role(_) => What::Role(key),
        What::OrganizationRole(_) => What::OrganizationRole(key),
    }
}
