//! What somebody may offer, by the keys and names that stand in a file. It is put together once for a whole file.
//!
//! What the reader may not give is not there (rule 8): of an app that they may not see they hear the same as of one that is not.

use crate::access::load::Snapshot;
use crate::actor::Actor;
use crate::base::id::{AppId, StageId};
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, Slug, fold};
use crate::lifecycle::invitation::Offer;
use crate::lifecycle::invitation::choices::Choices;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::Hash;
use std::sync::Arc;

/// What a word in the file means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found<T> {
    /// This.
    One(T),
    /// One of several things that are called so.
    Several,
    /// Nothing.
    Nothing,
}

/// Things by their keys, and by their names as far as these tell them apart.
#[derive(Debug)]
struct Names<T> {
    keys: HashMap<String, T>,
    names: HashMap<String, Option<T>>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { keys: HashMap::new(), names: HashMap::new() }
    }
}

impl<T: Copy + PartialEq> Names<T> {
    fn add(&mut self, key: &Slug, name: &DisplayName, thing: T) {
        self.keys.insert(key.as_str().to_owned(), thing);
        match self.names.entry(fold(name.as_str())) {
            Entry::Vacant(free) => _ = free.insert(Some(thing)),
            Entry::Occupied(mut taken) if *taken.get() != Some(thing) => _ = taken.insert(None),
            Entry::Occupied(_) => {}
        }
    }

    /// A key says exactly what is meant, so it comes first.
    fn find(&self, word: &str) -> Found<T> {
        let folded = fold(word);
        match (self.keys.get(&folded), self.names.get(&folded)) {
            (Some(thing), _) | (None, Some(Some(thing))) => Found::One(*thing),
            (None, Some(None)) => Found::Several,
            (None, None) => Found::Nothing,
        }
    }
}

/// Where an offer stands among those of a lookup.
type Index = usize;

/// What somebody may offer.
#[derive(Debug)]
pub struct Lookup {
    /// Who.
    pub actor: Actor,
    /// The configuration that it comes from.
    pub snapshot: Arc<Snapshot>,
    offers: Vec<Offer>,
    organization_roles: Names<Index>,
    /// The apps to which an organization role can be limited.
    limits: Names<AppId>,
    apps: Names<AppId>,
    stages: Names<StageId>,
    roles: HashMap<(AppId, StageId), Names<Index>>,
    groups: HashMap<StageId, Names<Index>>,
}

impl Lookup {
    /// Everything that an actor may offer.
    pub fn new(actor: Actor, snapshot: &Arc<Snapshot>, choices: &Choices) -> Self {
        let mut this = Self {
            actor,
            snapshot: Arc::clone(snapshot),
            offers: Vec::new(),
            organization_roles: Names::default(),
            limits: Names::default(),
            apps: Names::default(),
            stages: Names::default(),
            roles: HashMap::new(),
            groups: HashMap::new(),
        };
        // Whoever manages members sees every organization role, also those that only others may give: the rule says so then.
        if this.actor.may("member_access.manage", Reach::Organization) {
            snapshot.apps.values().for_each(|app| this.limits.add(&app.key, &app.name, app.id));
        }
        for offer in choices.all(snapshot) {
            let (permission, reach) = offer.needs();
            if this.actor.may(permission, reach) {
                this.add(offer);
            }
        }
        this
    }

    fn add(&mut self, offer: Offer) {
        let at = self.offers.len();
        match &offer {
            Offer::OrganizationRole { role, .. } => self.organization_roles.add(&role.key, &role.name, at),
            Offer::EndUserRole { app, role } => {
                self.apps.add(&app.key, &app.name, app.id);
                add_stage(&mut self.stages, &self.snapshot, role.stage_id);
                entry(&mut self.roles, (app.id, role.stage_id)).add(&role.key, &role.name, at);
            }
            Offer::Group { group } => {
                add_stage(&mut self.stages, &self.snapshot, group.stage_id);
                entry(&mut self.groups, group.stage_id).add(&group.key, &group.name, at);
            }
        }
        self.offers.push(offer);
    }

    fn offer(&self, found: Found<Index>) -> Found<&Offer> {
        match found {
            Found::One(at) => Found::One(&self.offers[at]),
            Found::Several => Found::Several,
            Found::Nothing => Found::Nothing,
        }
    }

    /// An organization role for everything.
    pub fn organization_role(&self, word: &str) -> Found<&Offer> {
        self.offer(self.organization_roles.find(word))
    }

    /// An app to which an organization role can be limited.
    pub fn limit(&self, word: &str) -> Found<AppId> {
        self.limits.find(word)
    }

    /// An app with roles to give.
    pub fn app(&self, word: &str) -> Found<AppId> {
        self.apps.find(word)
    }

    /// A stage with roles or groups to give.
    pub fn stage(&self, word: &str) -> Found<StageId> {
        self.stages.find(word)
    }

    /// A role of an app at a stage.
    pub fn role(&self, app: AppId, stage: StageId, word: &str) -> Found<&Offer> {
        self.roles.get(&(app, stage)).map_or(Found::Nothing, |names| self.offer(names.find(word)))
    }

    /// A group of a stage.
    pub fn group(&self, stage: StageId, word: &str) -> Found<&Offer> {
        self.groups.get(&stage).map_or(Found::Nothing, |names| self.offer(names.find(word)))
    }

    /// The names of the stages at which the app has a role that is called so.
    pub fn stages_of_role(&self, app: AppId, word: &str) -> Vec<String> {
        self.stages_where(|stage| self.role(app, stage, word) != Found::Nothing)
    }

    /// The names of the stages at which a group is called so.
    pub fn stages_of_group(&self, word: &str) -> Vec<String> {
        self.stages_where(|stage| self.group(stage, word) != Found::Nothing)
    }

    fn stages_where(&self, is_there: impl Fn(StageId) -> bool) -> Vec<String> {
        self.snapshot.stages.iter().filter(|stage| is_there(stage.id)).map(|stage| stage.name.to_string()).collect()
    }

    /// Some of it, for an example: an end-user role, a group, an organization role.
    pub fn examples(&self) -> [Option<&Offer>; 3] {
        let first = |wanted: fn(&Offer) -> bool| self.offers.iter().find(|offer| wanted(offer));
        [
            first(|offer| matches!(offer, Offer::EndUserRole { .. })),
            first(|offer| matches!(offer, Offer::Group { .. })),
            first(|offer| matches!(offer, Offer::OrganizationRole { .. }) && !offer.gives_everything()),
        ]
    }
}

fn entry<K: Hash + Eq, T>(map: &mut HashMap<K, Names<T>>, key: K) -> &mut Names<T> {
    map.entry(key).or_default()
}

fn add_stage(stages: &mut Names<StageId>, snapshot: &Snapshot, id: StageId) {
    if let Some(stage) = snapshot.stages.iter().find(|stage| stage.id == id) {
        stages.add(&stage.key, &stage.name, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_before_names_and_what_is_called_alike_is_not_guessed() {
        let mut names = Names::default();
        for (key, name, thing) in [("viewer", "Viewer", 1), ("editor", "Viewer", 2), ("chief", "\u{c9}diteur", 3), ("emea-sales", "EMEA", 4)] {
            names.add(&Slug::parse(key).unwrap(), &DisplayName::parse(name).unwrap(), thing);
        }
        assert_eq!(names.find("Viewer"), Found::One(1), "its key");
        assert_eq!((names.find("EDITOR"), names.find("editeur"), names.find("EMEA")), (Found::One(2), Found::One(3), Found::One(4)));
        assert_eq!((names.find("chie"), names.find("")), (Found::Nothing, Found::Nothing));
        let mut twins = Names::default();
        for (key, thing) in [("a", 1), ("b", 2), ("b", 2)] {
            twins.add(&Slug::parse(key).unwrap(), &DisplayName::parse("Same").unwrap(), thing);
        }
        assert_eq!((twins.find("same"), twins.find("b")), (Found::Several, Found::One(2)));
    }
}
