//! Ways in words.

use crate::access::catalogue::Counts;
use crate::access::effective::RoleRef;
use crate::access::explain::{Idle, Standing, Way};
use crate::access::load::Snapshot;
use crate::access::people::Terms;
use crate::access::permission::ImpliedAt;
use crate::access::stage::Purpose;
use crate::base::id::StageId;
use crate::base::text::PermissionKey;
use crate::base::time::{Period, Timestamp};
use crate::http::{paths, permission_words};
use crate::word;
use crate::words::Words;

/// A way: step by step, until when, and why it does not count, if it does not.
pub struct WayLine {
    /// The steps, from the group or role on.
    pub steps: Vec<StepLine>,
    /// Until when, and whether that is near.
    pub ends: Option<(String, bool)>,
    /// Why it does not count.
    pub idle: Option<String>,
}

/// One step of a way.
pub struct StepLine {
    /// What it is: a group, a role, a permission.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What apps call it, where that is another text.
    pub key: Option<String>,
    /// How it comes: who gave it and when, or what brings it.
    pub how: String,
    /// Its page.
    pub link: Option<String>,
}

/// What words are put together from.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    pub words: Words,
    pub snapshot: &'a Snapshot,
    pub now: Timestamp,
    /// Whether the reader may open the pages of groups.
    pub groups: bool,
}

impl Telling<'_> {
    pub fn way(self, way: &Way) -> WayLine {
        let words = self.words;
        let mut steps = Vec::new();
        if let Some(group) = &way.group {
            steps.push(StepLine {
                kind: words.say("why-group"),
                name: group.name.clone(),
                key: None,
                how: self.given(word!("why-member"), word!("why-member-because"), group.terms.as_ref()),
                link: self.groups.then(|| paths::group(group.id)),
            });
        }
        let kind = match (way.path.role, &way.app) {
            (RoleRef::EndUser(_), Some(app)) => words.with("why-role-of", &[("app", app.as_str())]),
            (RoleRef::EndUser(_), None) => words.say("why-role"),
            (RoleRef::Organization(_), Some(app)) => words.with("why-organization-role-at", &[("app", app.as_str())]),
            (RoleRef::Organization(_), None) => words.say("why-organization-role"),
        };
        let how = if way.group.is_some() {
            self.given(word!("why-group-given"), word!("why-group-given-because"), way.terms.as_ref())
        } else {
            self.given(word!("why-given"), word!("why-given-because"), way.terms.as_ref())
        };
        let key = Some(way.path.role_key.clone()).filter(|key| *key != way.role);
        steps.push(StepLine { kind, name: way.role.clone(), key, how, link: None });
        for step in &way.path.chain {
            let name = permission_words::name_of(words, &self.snapshot.catalogue, &step.permission);
            steps.push(StepLine {
                kind: words.say("why-permission"),
                key: name.is_some().then(|| step.permission.clone()),
                name: name.unwrap_or_else(|| step.permission.clone()),
                how: self.implied(step.implied, way.path.counts),
                link: None,
            });
        }
        WayLine { steps, ends: self.ends(way.path.period), idle: way.idle.as_ref().map(|idle| self.idle(idle)) }
    }

    pub fn ways(self, ways: &[Way]) -> Vec<WayLine> {
        ways.iter().map(|way| self.way(way)).collect()
    }

    fn given(self, plain: &str, because: &str, terms: Option<&Terms>) -> String {
        let Some(terms) = terms else { return String::new() };
        let (who, date) = (terms.granted_by_label.clone(), self.words.day(terms.granted_at));
        match &terms.reason {
            Some(reason) => self.words.with(because, &[("who", who), ("date", date), ("reason", reason.clone())]),
            None => self.words.with(plain, &[("who", who), ("date", date)]),
        }
    }

    /// How a permission comes: with the role, or with the permission before.
    fn implied(self, at: Option<ImpliedAt>, counts: Option<Counts>) -> String {
        let words = self.words;
        let limited = |stages: String| words.with("why-own-at", &[("stages", stages)]);
        match (at, counts) {
            (Some(ImpliedAt::SameStage), _) => words.say("why-implied"),
            (Some(ImpliedAt::EveryStage), _) => words.say("why-implied-everywhere"),
            (Some(ImpliedAt::Purpose(purpose)), _) => words.with("why-implied-at", &[("stages", words.say(purpose_word(purpose)))]),
            (None, Some(Counts::Purpose(purpose))) => limited(words.say(purpose_word(purpose))),
            (None, Some(Counts::Stage(stage))) => limited(self.stages(&[stage])),
            (None, Some(Counts::EveryStage)) => words.say("why-own-everywhere"),
            (None, None) => words.say("why-own"),
        }
    }

    /// Until when, and whether that is within two weeks.
    pub fn ends(self, period: Period) -> Option<(String, bool)> {
        if let Some(start) = period.starts_at.filter(|start| *start > self.now) {
            return Some((self.words.with("starts-on", &[("date", self.words.day(start))]), false));
        }
        let end = period.ends_at?;
        Some((self.words.ends(end, self.now), end.since(self.now).as_secs() < 14 * 86_400))
    }

    fn stages(self, stages: &[StageId]) -> String {
        let name = |id: &StageId| self.snapshot.stages.iter().find(|stage| stage.id == *id).map(|stage| stage.name.to_string());
        stages.iter().filter_map(name).collect::<Vec<_>>().join(", ")
    }

    pub fn idle(self, idle: &Idle) -> String {
        let words = self.words;
        let on = |key: &str, at: Timestamp| words.with(key, &[("date", words.day(at))]);
        match idle {
            Idle::Standing => words.say("why-idle-standing"),
            Idle::NotStarted(at) => on(word!("why-idle-not-started"), *at),
            Idle::Ended(at) => on(word!("why-idle-ended"), *at),
            Idle::NotMemberYet(at) => on(word!("why-idle-not-member-yet"), *at),
            Idle::MemberNoMore(at) => on(word!("why-idle-member-no-more"), *at),
            Idle::OtherStages(stages) => words.with("why-idle-other-stages", &[("stages", self.stages(stages))]),
            Idle::OtherApp(app) => {
                let name = self.snapshot.apps.get(app).map(|app| app.name.to_string()).unwrap_or_default();
                words.with("why-idle-other-app", &[("app", name)])
            }
            Idle::NotAtApps => words.say("why-idle-not-at-apps"),
            Idle::Retired(keys) => {
                let keys = keys.iter().map(PermissionKey::as_str).collect::<Vec<_>>().join(", ");
                words.with("why-idle-retired", &[("keys", keys)])
            }
        }
    }
}

const fn purpose_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Development => word!("why-development"),
        Purpose::NonProduction => word!("why-non-production"),
        Purpose::Production => word!("why-production"),
    }
}

/// What it means that nothing of somebody counts.
pub(super) fn standing(words: Words, standing: Standing) -> Option<String> {
    let key = match standing {
        Standing::Counts => return None,
        Standing::Invited => word!("why-standing-invited"),
        Standing::Registering => word!("why-standing-registering"),
        Standing::Inactive => word!("why-standing-inactive"),
        Standing::NotProved => word!("why-standing-not-proved"),
        Standing::Suspended => word!("why-standing-suspended"),
    };
    Some(words.say(key))
}
