//! `/portal/invitations/new`: one form for everything that an invitation can carry.

use super::GIVES;
use super::draft::{Draft, ENDS, MOST_ADDRESSES};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::page::FieldError;
use crate::http::portal::Portal;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::users::Choice;
use crate::http::visit::Visit;
use crate::lifecycle::invitation::Recipient;
use crate::lifecycle::invitation::choices::{self, Choices};
use crate::words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// The form. It posts to itself: `step=preview` shows what would happen.
#[derive(Template)]
#[template(path = "portal/invitations/new.html")]
pub struct NewPage {
    /// The layout.
    pub shell: Shell,
    /// What was typed so far.
    pub draft: Draft,
    /// What was wrong with it.
    pub errors: Vec<FieldError>,
    /// The most addresses.
    pub most: usize,
    /// The languages of the mail.
    pub languages: Vec<Choice>,
    /// Organization roles that the reader may give.
    pub roles: Vec<Pick>,
    /// Where these count.
    pub places: Vec<Choice>,
    /// Roles of apps that the reader may give, by app and stage.
    pub apps: Vec<Shelf>,
    /// Groups that the reader may give, by stage.
    pub groups: Vec<Shelf>,
}

/// One thing to tick.
pub struct Pick {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub hint: String,
    /// Whether it is ticked.
    pub chosen: bool,
}

/// Things to tick that stand together: an app's, or a stage's.
pub struct Shelf {
    /// What they have in common.
    pub name: String,
    /// By stage; groups have one part without a name.
    pub parts: Vec<Part>,
    /// How many are ticked.
    pub chosen: u64,
}

/// A part of a shelf.
pub struct Part {
    /// The stage.
    pub name: String,
    /// What can be ticked.
    pub picks: Vec<Pick>,
}

impl Shelf {
    fn new(name: String, parts: Vec<Part>) -> Self {
        let chosen = parts.iter().flat_map(|part| &part.picks).filter(|pick| pick.chosen).count() as u64;
        Self { name, parts, chosen }
    }
}

impl NewPage {
    /// Every message for a field.
    pub fn errors_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        self.errors.iter().filter(move |error| error.field == field).map(|error| error.message.as_str())
    }

    /// Whether something is wrong with a field.
    pub fn is_wrong(&self, field: &str) -> bool {
        FieldError::of(&self.errors, field).is_some()
    }

    /// Messages for parts that this reader does not see.
    pub fn errors_elsewhere(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let parts = [(self.roles.is_empty(), "role", ENDS[0]), (self.apps.is_empty(), "app_role", ENDS[1]), (self.groups.is_empty(), "group", ENDS[2])];
        let hidden = move |field: &str| parts.iter().any(|(hidden, part, end)| *hidden && (*part == field || *end == field));
        self.errors.iter().filter(move |error| hidden(error.field)).map(|error| (error.field, error.message.as_str()))
    }

    /// Whether the reader has nothing to give.
    pub fn is_bare(&self) -> bool {
        self.roles.is_empty() && self.apps.is_empty() && self.groups.is_empty()
    }

    /// Whether another end than that of everything was typed for some kind.
    pub fn has_ends(&self) -> bool {
        self.draft.ends.iter().any(|end| !end.is_empty()) || ENDS.iter().any(|field| self.is_wrong(field))
    }
}

/// `GET /portal/invitations/new`: the address may fill in what the form holds.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, GIVES).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let draft = Draft::read(&portal.visit.query());
    answer(&portal, draft, StatusCode::OK, Vec::new()).await
}

/// The form with what was typed.
pub async fn answer(portal: &Portal, draft: Draft, status: StatusCode, errors: Vec<FieldError>) -> HttpResponse {
    let choices = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        choices::choices(&mut tx).await
    };
    match choices.await {
        Ok(choices) => Portal::page(status, &page(portal, &choices, draft, errors).await),
        Err(fault) => portal.fault(&fault).await,
    }
}

/// What there is to give.
pub async fn read(portal: &Portal) -> Result<Choices, Fault> {
    let mut tx = portal.visit.server.ground.db.read().await?;
    choices::choices(&mut tx).await
}

async fn page(portal: &Portal, choices: &Choices, draft: Draft, errors: Vec<FieldError>) -> NewPage {
    let shell = portal.shell(Section::Invitations).await;
    let words = portal.words;
    let language = if draft.locale.is_empty() { words.lang() } else { draft.locale.as_str() };
    let languages = words::languages().map(|(lang, name)| Choice { chosen: lang == language, value: lang.to_owned(), text: name.to_owned() }).collect();
    let roles = roles(portal, Recipient::Person, choices, &draft.roles);
    let (places, groups) = (places(portal, &draft.role_app), groups(portal, choices, &draft.groups));
    NewPage { apps: apps(portal, choices, &draft.app_roles), roles, places, groups, languages, most: MOST_ADDRESSES, shell, draft, errors }
}

fn pick(id: String, name: &str, hint: &str, chosen: &[String]) -> Pick {
    Pick { chosen: chosen.contains(&id), id, name: name.to_owned(), hint: hint.to_owned() }
}

/// The organization roles that the reader may give.
pub fn roles(portal: &Portal, recipient: Recipient, choices: &Choices, chosen: &[String]) -> Vec<Pick> {
    let roles = choices.organization_roles(recipient, &portal.person.authority);
    roles.map(|role| pick(role.id.to_string(), role.name.as_str(), role.description.as_str(), chosen)).collect()
}

/// The groups that the reader may give, by stage.
pub fn groups(portal: &Portal, choices: &Choices, chosen: &[String]) -> Vec<Shelf> {
    let authority = &portal.person.authority;
    let stages = portal.person.snapshot.stages.iter().rev().filter(|stage| authority.allows("end_user_groups.manage", Reach::Stage(stage.id)));
    let shelves = stages.filter_map(|stage| {
        let here = choices.groups(authority).filter(|group| group.stage_id == stage.id);
        let picks: Vec<Pick> = here.map(|group| pick(group.id.to_string(), group.name.as_str(), group.description.as_str(), chosen)).collect();
        (!picks.is_empty()).then(|| Shelf::new(stage.name.to_string(), vec![Part { name: String::new(), picks }]))
    });
    shelves.collect()
}

/// Where organization roles can count.
pub fn places(portal: &Portal, chosen: &str) -> Vec<Choice> {
    let mut apps: Vec<_> = portal.person.snapshot.apps.values().collect();
    apps.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    let everywhere = Choice { value: String::new(), text: portal.words.say("at-organization"), chosen: chosen.is_empty() };
    let apps = apps.into_iter().map(|app| {
        let value = app.id.to_string();
        Choice { chosen: value == chosen, value, text: app.name.to_string() }
    });
    std::iter::once(everywhere).chain(apps).collect()
}

/// The roles of apps, by app and stage; production comes first.
pub fn apps(portal: &Portal, choices: &Choices, chosen: &[String]) -> Vec<Shelf> {
    let (snapshot, authority) = (&portal.person.snapshot, &portal.person.authority);
    let mut found: Vec<_> = choices
        .end_user_roles(snapshot, authority)
        .filter_map(|role| {
            let (_, app, stage) = snapshot.placed(role.deployment_id)?;
            Some((app, stage, role))
        })
        .collect();
    // The sort is stable: roles stay in the order of names.
    found.sort_by(|(a, at_a, _), (b, at_b, _)| (&a.name, a.id, -at_a.position).cmp(&(&b.name, b.id, -at_b.position)));
    let by_app = found.chunk_by(|(a, ..), (b, ..)| a.id == b.id);
    by_app
        .map(|roles| {
            let parts = roles.chunk_by(|(_, a, _), (_, b, _)| a.id == b.id).map(|roles| {
                let picks = roles.iter().map(|(_, _, role)| {
                    let id = role.id.to_string();
                    Pick { chosen: chosen.contains(&id), id, name: role.name.to_string(), hint: role.description.to_string() }
                });
                Part { name: roles[0].1.name.to_string(), picks: picks.collect() }
            });
            Shelf::new(roles[0].0.name.to_string(), parts.collect())
        })
        .collect()
}
