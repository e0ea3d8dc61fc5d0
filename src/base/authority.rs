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
}

impl Authority {
    /// Whether the actor may do `permission` at `asked`.
    pub fn allows(&self, permission: &str, asked: Reach) -> bool {
        let by_name = self.permissions.get(permission);
        self.all.iter().chain(by_name.into_iter().flatten()).any(|coverage| coverage.covers(asked))
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
    fn a_permission_at_some_stages_is_not_one_at_the_organization() {
        let (app, stage) = (AppId::fresh(), StageId::fresh());
        let key = PermissionKey::parse("app.view").unwrap();
        let only = Coverage { app: None, stages: Stages::Only([stage].into()), ends_at: None };
        let authority = Authority { all: vec![], permissions: [(key, vec![only])].into() };
        assert!(authority.allows("app.view", Reach::AppAtStage(app, stage)) && authority.allows("app.view", Reach::Stage(stage)));
        assert!(!authority.allows("app.view", Reach::App(app)) && !authority.allows("app.view", Reach::Organization));
        assert!(!authority.allows("app.manage", Reach::Stage(stage)) && !authority.holds_all());
    }
}
