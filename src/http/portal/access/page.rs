//! The page of what somebody may do at a place, why, and why not: of people and of API clients.

use super::way::{Telling, WayLine, standing};
use super::{Answer, deployment_name, good, is_open, place_choices, place_name, place_value, sees_organization};
use crate::access::effective::{Place, RoleRef};
use crate::access::explain::{self, Existence, Giver, Missing, Subject, Thing, Way, What};
use crate::access::load::Who;
use crate::access::people::Sight;
use crate::base::fault::Fault;
use crate::base::id::DeploymentId;
use crate::http::listing::Listing;
use crate::http::portal::Portal;
use crate::http::portal::apps::parts::Crumb;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::{Choice, StatusBadge};
use crate::http::{paths, permission_words};
use crate::word;
use crate::words::Marked;
use actix_web::http::StatusCode;
use askama::Template;
use std::collections::HashMap;

/// What somebody may do at a place.
#[derive(Template)]
#[template(path = "portal/access/page.html")]
pub struct AccessPage {
    /// The layout.
    pub shell: Shell,
    /// The way here.
    pub crumbs: Vec<Crumb>,
    /// Whose access it is.
    pub holder: Holder,
    /// The choices of places.
    pub places: Vec<Choice>,
    /// The chosen place as it stands in an address; empty: there is none to choose.
    pub at: String,
    /// Its name.
    pub place: String,
    /// Why nothing of theirs counts.
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

/// Whose access a page tells.
pub struct Holder {
    /// What they are, unless it is a person.
    pub kind: Option<String>,
    /// Their name.
    pub label: String,
    /// The address of a person, the public name of a client.
    pub name: String,
    /// Where they stand; `None`: nothing to be said.
    pub status: Option<StatusBadge>,
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
    /// Who has this permission here; `None`: it is none, or the reader may not know.
    pub holders: Option<String>,
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

/// Whose access is told, and where.
pub(super) struct Whose<'a> {
    /// A person or a client.
    pub who: Who,
    /// The path of the page.
    pub page: String,
    /// What the reader sees of them.
    pub sight: &'a Sight,
    /// The place that is looked at.
    pub place: Place,
}

/// Answers with the page. Whether the reader may see this person or client at this place, the caller asked.
pub(super) async fn answer(portal: &Portal, whose: Whose<'_>, crumbs: Vec<Crumb>, holder: Holder) -> Answer {
    let list = Listing::of(&portal.visit);
    let (sight, place) = (whose.sight, whose.place);
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let catalogue = &portal.person.snapshot.catalogue;
        let Some(subject) = Subject::read(&mut tx, catalogue, whose.who, place, portal.person.now).await? else { return Ok(None) };
        let what = what(&known(portal, place, sight), &list);
        let answer = what.map(|what| (explain::may_ask(catalogue, sight, place, &what).then(|| subject.why(&what, sight)), what));
        let names = match &answer {
            Some((Some(explain::Answer::Missing(missing)), _)) => explain::names(&mut tx, &missing.roles).await?,
            _ => HashMap::new(),
        };
        Ok::<_, Fault>(Some((subject, answer, names)))
    };
    let Some((subject, answer, names)) = good(portal, read.await).await? else { return Err(portal.missing().await) };
    let page = Building { portal, whose, subject: &subject, list: &list };
    let asked = answer.map(|(answer, what)| page.asked(&what, &holder.label, answer, &names));
    Ok(Portal::page(StatusCode::OK, &page.page(asked, crumbs, holder).await))
}

/// Everything that may be asked about at a place by this reader: permissions, end-user roles, organization roles.
fn known(portal: &Portal, place: Place, sight: &Sight) -> [Vec<String>; 3] {
    let catalogue = &portal.person.snapshot.catalogue;
    let kinds: [fn(String) -> What; 3] = [What::Permission, What::Role, What::OrganizationRole];
    kinds.map(|kind| explain::known_to(catalogue, sight, place, &kind(String::new())).into_iter().map(str::to_owned).collect())
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
    whose: Whose<'a>,
    subject: &'a Subject,
    list: &'a Listing,
}

impl Building<'_> {
    fn telling(&self) -> Telling<'_> {
        let groups = ["end_users.view", "end_user_groups.manage"].iter().any(|key| self.portal.person.may_somewhere(key));
        Telling { words: self.portal.words, snapshot: &self.portal.person.snapshot, now: self.subject.now, groups }
    }

    fn why(&self, what: &What) -> String {
        paths::why(&self.whose.page, &place_value(&self.portal.person.snapshot, self.whose.place), what)
    }

    async fn page(&self, asked: Option<Asked>, crumbs: Vec<Crumb>, holder: Holder) -> AccessPage {
        let portal = self.portal;
        let (words, snapshot) = (portal.words, &portal.person.snapshot);
        let (sight, place) = (self.whose.sight, self.whose.place);
        let everything = self.subject.everything(sight);
        let telling = self.telling();
        let line = |thing: &Thing| {
            let called = self.called(&thing.what).unwrap_or_else(|| thing.name.clone());
            ThingLine {
                key: Some(thing.what.key().to_owned()).filter(|key| *key != called),
                name: called,
                way: thing.ways.first().map(|way| telling.way(way)),
                more: thing.ways.len().saturating_sub(1) as u64,
                why: self.why(&thing.what),
            }
        };
        let sees = |id| is_open(sight, Place::Deployment(id));
        let section = if matches!(self.whose.who, Who::User(_)) { Section::Users } else { Section::Clients };
        let may_sign_in = match (self.whose.who, place) {
            // Whoever does not see every role that counts here does not know.
            (Who::User(_), Place::Deployment(id)) => self.sees_all_roles(id).then(|| self.subject.effective.may_sign_in()),
            (Who::User(_), Place::Organization) | (Who::Client(_), _) => None,
        };
        AccessPage {
            shell: portal.shell(section).await,
            crumbs,
            holder,
            places: place_choices(words, snapshot, sees_organization(sight), sees, Some(place)),
            at: place_value(snapshot, place),
            place: place_name(words, snapshot, place),
            standing: standing(words, self.subject.standing),
            may_sign_in,
            asked,
            question: self.list.text("ask").to_owned(),
            known: self.suggestions(),
            roles: everything.roles.iter().chain(&everything.organization_roles).map(line).collect(),
            permissions: everything.permissions.iter().map(line).collect(),
            idle: telling.ways(&everything.idle),
        }
    }

    /// The names that the question offers.
    fn suggestions(&self) -> Vec<String> {
        let [mut permissions, roles, organization_roles] = known(self.portal, self.whose.place, self.whose.sight);
        match self.whose.who {
            Who::User(_) => [permissions, roles, organization_roles].concat(),
            // A client can hold no end-user role, and so no permission of an app.
            Who::Client(_) => {
                permissions.retain(|key| key.contains('.'));
                [permissions, organization_roles].concat()
            }
        }
    }

    /// The list of everybody who has a permission here, if the reader may open it: whoever only manages API clients may not.
    fn holders(&self, what: &What) -> Option<String> {
        let What::Permission(key) = what else { return None };
        let own = super::sight(self.portal);
        if what.is_of_organization() && !sees_organization(&own) {
            return None;
        }
        match self.whose.place {
            Place::Organization => Some(paths::holders_of_platform_permission(key)),
            Place::Deployment(id) if is_open(&own, Place::Deployment(id)) => {
                let (_, app, stage) = self.portal.person.snapshot.placed(id)?;
                Some(paths::holders_of_permission(key, app.key.as_str(), stage.key.as_str()))
            }
            Place::Deployment(_) => None,
        }
    }

    fn sees_all_roles(&self, here: DeploymentId) -> bool {
        let sight = self.whose.sight;
        let listed = self.portal.person.snapshot.catalogue.listed_roles_of(here).all(|(_, role)| sight.sees(role.deployment));
        sight.sees(here) && listed
    }

    fn asked(&self, what: &What, who: &str, answer: Option<explain::Answer>, names: &HashMap<RoleRef, String>) -> Asked {
        let words = self.portal.words;
        let name = self.called(what);
        let place = place_name(words, &self.portal.person.snapshot, self.whose.place);
        let title = |key: &str| {
            let thing = name.as_ref().map_or_else(|| what.key().to_owned(), |name| format!("{name} ({})", what.key()));
            words.marked(key, &[("who", who), ("what", &thing), ("place", &place)])
        };
        let empty = |title, held, lead| Asked { title, held, lead, ways: Vec::new(), removal: Vec::new(), roles: Vec::new(), near: Vec::new(), holders: None };
        match answer {
            None => empty(title(word!("why-hidden-title")), None, Some(words.say("why-hidden"))),
            Some(explain::Answer::Held(ways)) => {
                let links = explain::removal(&ways);
                let removal = links.into_iter().map(|way| self.link(way)).collect();
                Asked { ways: self.telling().ways(&ways), removal, holders: self.holders(what), ..empty(title(word!("why-held")), Some(true), None) }
            }
            Some(explain::Answer::Missing(Missing { exists, idle, roles })) => match exists {
                Existence::Unknown(near) => {
                    let near = near.into_iter().map(|key| (self.why(&what.called(key.clone())), key)).map(|(link, key)| (key, link)).collect();
                    Asked { near, ..empty(title(word!("why-unknown")), None, None) }
                }
                Existence::Here | Existence::Retired => {
                    let lead = (exists == Existence::Retired).then(|| words.say("why-retired"));
                    let roles = roles.iter().filter_map(|giver| Some(self.offer(giver, names.get(&giver.role)?))).collect();
                    let holders = if exists == Existence::Here { self.holders(what) } else { None };
                    Asked { ways: self.telling().ways(&idle), roles, holders, ..empty(title(word!("why-missing")), Some(false), lead) }
                }
            },
        }
    }

    /// The name of a platform permission; `None`: it is something else, and says itself what it is called.
    fn called(&self, what: &What) -> Option<String> {
        let What::Permission(key) = what else { return None };
        permission_words::name_of(self.portal.words, &self.portal.person.snapshot.catalogue, key)
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
