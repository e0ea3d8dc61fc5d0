//! Authority: what an actor may do, where and until when. `access` builds it, `actor` asks it.

use crate::base::id::{AppId, StageId};
use crate::base::reach::Reach;
use crate::base::text::PermissionKey;
use crate::base::time::Timestamp;
use std::collections::{BTreeMap, BTreeSet};

/// The stages at which a platform permission counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stages {
    /// Every stage, later ones too.
    Every,
    /// These stages.
    Only(BTreeSet<StageId>),
}

impl Stages {
    /// Whether `stage` is among them.
    pub fn contains(&self, stage: StageId) -> bool {
        match self {
            Self::Every => true,
            Self::Only(stages) => stages.contains(&stage),
        }
    }
}

/// One way in which a platform permission is held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// The app to which it is limited; `None`: every app and the organization itself.
    pub app: Option<AppId>,
    /// The stages at which it counts.
    pub stages: Stages,
    /// When it ends; `None`: without end.
    pub ends_at: Option<Timestamp>,
}

impl Coverage {
    /// Whether this way alone is enough for `asked`.
    pub fn covers(&self, asked: Reach) -> bool {
        let (app, stage) = asked.limits();
        (self.app.is_none() || self.app == app)
            && match (&self.stages, stage) {
                (Stages::Every, _) => true,
                (stages, Some(stage)) => stages.contains(stage),
                (Stages::Only(_), None) => false,
            }
    }
}

/// Everything that an actor may do on the platform at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authority {
    /// The ways in which the marker `all` is held: everything, also what comes later.
    pub all: Vec<Coverage>,
    /// The ways in which each permission is held.
    pub permissions: BTreeMap<PermissionKey, Vec<Coverage>>,
    /// The same as if each purpose had one more stage: what is held at the stages of a purpose will be held at later ones too. This is what
    /// is compared when something is handed out, so that no stage that comes later brings anybody more than the giver would have there.
    pub foreseen: BTreeMap<PermissionKey, Vec<Coverage>>,
}

impl Authority {
    /// Whether the actor may do `permission` at `asked`.
    pub fn allows(&self, permission: &str, asked: Reach) -> bool {
        let by_name = self.permissions.get(permission);
        self.all.iter().chain(by_name.into_iter().flatten()).any(|coverage| coverage.covers(asked))
    }

    /// Whether the actor may do `permission` anywhere at all: a stage or an app is enough.
    pub fn allows_somewhere(&self, permission: &str) -> bool {
        !self.all.is_empty() || self.permissions.get(permission).is_some_and(|ways| !ways.is_empty())
    }

    /// The same as `allows`, without an end, and foreseen: what somebody may put into a role, which others hold for good.
    pub fn keeps(&self, permission: &str, asked: Reach) -> bool {
        let by_name = self.foreseen.get(permission);
        let mut ways = self.all.iter().chain(by_name.into_iter().flatten()).filter(|coverage| coverage.ends_at.is_none());
        ways.any(|coverage| coverage.covers(asked))
    }

    /// Whether everything that `other` allows now is allowed here now: at the same reach and those stages, and at stages that come later.
    pub fn holds(&self, other: &Self) -> bool {
        self.covers_all_of(other, |_, _| true)
    }

    /// The same, and here for as long as there: what somebody may give.
    pub fn gives(&self, other: &Self) -> bool {
        self.covers_all_of(other, |own, wanted| own.ends_at.is_none_or(|end| wanted.ends_at.is_some_and(|wanted| wanted <= end)))
    }

    fn covers_all_of(&self, other: &Self, as_long: impl Fn(&Coverage, &Coverage) -> bool) -> bool {
        let covered = |own: &[&Coverage], wanted: &Coverage| {
            let own: Vec<_> = own.iter().filter(|own| (own.app.is_none() || own.app == wanted.app) && as_long(own, wanted)).collect();
            match &wanted.stages {
                Stages::Every => own.iter().any(|own| own.stages == Stages::Every),
                Stages::Only(stages) => stages.iter().all(|stage| own.iter().any(|own| own.stages.contains(*stage))),
            }
        };
        let all: Vec<&Coverage> = self.all.iter().collect();
        other.all.iter().all(|wanted| covered(&all, wanted))
            && other.foreseen.iter().all(|(key, wanted)| {
                let own: Vec<&Coverage> = all.iter().copied().chain(self.foreseen.get(key).into_iter().flatten()).collect();
                wanted.iter().all(|wanted| covered(&own, wanted))
            })
    }

    /// Whether the actor holds everything, everywhere, at least until `end`.
    pub fn holds_all_for(&self, end: Option<Timestamp>) -> bool {
        let lasts = |coverage: &Coverage| coverage.ends_at.is_none_or(|own| end.is_some_and(|end| end <= own));
        self.all.iter().any(|coverage| coverage.covers(Reach::Organization) && lasts(coverage))
    }

    /// Whether the actor holds everything, everywhere (an Administrator).
    pub fn holds_all(&self) -> bool {
        self.all.iter().any(|coverage| coverage.covers(Reach::Organization))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_must_be_held_there_at_those_stages_and_for_so_long() {
        let (app, other, dev, qa) = (AppId::fresh(), AppId::fresh(), StageId::fresh(), StageId::fresh());
        let key = |text| PermissionKey::parse(text).unwrap();
        let at = |seconds| Some(Timestamp::from_seconds(seconds));
        let way = |app, stages: Stages, ends_at| Coverage { app, stages, ends_at };
        let only = |stages: &[StageId]| Stages::Only(stages.iter().copied().collect());
        let named = |ways: Vec<Coverage>| Authority { foreseen: [(key("app.view"), ways)].into(), ..Authority::default() };
        let own = named(vec![way(None, only(&[dev]), None), way(Some(app), only(&[qa]), at(100))]);
        for (wanted, holds, gives) in [
            (way(None, only(&[dev]), None), true, true),
            (way(Some(other), only(&[dev]), at(5)), true, true),
            (way(None, only(&[dev, qa]), None), false, false),
            (way(Some(app), only(&[dev, qa]), at(100)), true, true),
            (way(Some(app), only(&[dev, qa]), at(101)), true, false),
            (way(Some(app), only(&[qa]), None), true, false),
            (way(Some(other), only(&[qa]), at(5)), false, false),
            (way(Some(app), Stages::Every, at(5)), false, false),
        ] {
            let wanted = named(vec![wanted]);
            assert_eq!((own.holds(&wanted), own.gives(&wanted)), (holds, gives), "{wanted:?}");
        }
        let all = |ends_at| Authority { all: vec![way(None, Stages::Every, ends_at)], ..Authority::default() };
        assert!(all(None).gives(&own) && all(None).gives(&all(None)) && all(at(1)).holds(&all(None)) && !all(at(1)).gives(&all(None)));
        assert!(!own.holds(&all(None)) && all(at(9)).holds_all_for(at(9)) && !all(at(9)).holds_all_for(None));
        let more = [(key("app.view"), vec![]), (key("app.manage"), vec![way(None, only(&[dev]), None)])];
        let more = Authority { foreseen: more.into(), ..Authority::default() };
        assert!(!own.holds(&more) && own.holds(&Authority::default()));
    }

    #[test]
    fn a_permission_at_some_stages_is_not_one_at_the_organization() {
        let (app, stage) = (AppId::fresh(), StageId::fresh());
        let key = PermissionKey::parse("app.view").unwrap();
        let only = Coverage { app: None, stages: Stages::Only([stage].into()), ends_at: None };
        let nowhere = PermissionKey::parse("app.manage").unwrap();
        let permissions = BTreeMap::from([(key, vec![only.clone()]), (nowhere, vec![])]);
        let authority = Authority { all: vec![], foreseen: permissions.clone(), permissions };
        assert!(authority.allows_somewhere("app.view") && !authority.allows_somewhere("app.manage") && !authority.allows_somewhere("stage.view"));
        assert!(Authority { all: vec![only], ..Authority::default() }.allows_somewhere("app.manage"));
        assert!(authority.keeps("app.view", Reach::Stage(stage)) && !authority.keeps("app.view", Reach::Organization));
        assert!(authority.allows("app.view", Reach::AppAtStage(app, stage)) && authority.allows("app.view", Reach::Stage(stage)));
        assert!(!authority.allows("app.view", Reach::App(app)) && !authority.allows("app.view", Reach::Organization));
        assert!(!authority.allows("app.manage", Reach::Stage(stage)) && !authority.holds_all());
    }
}
