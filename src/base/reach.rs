//! Reach: where access applies. (ODC says "scope"; that word is left to OAuth.)

use crate::base::id::{AppId, StageId};

/// Where an act takes place, or where a permission is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    /// Everything: every app at every stage.
    Organization,
    /// Every app at one stage.
    Stage(StageId),
    /// One app at every stage.
    App(AppId),
    /// One app at one stage.
    AppAtStage(AppId, StageId),
}

impl Reach {
    /// The app and the stage to which this reach is limited; `None`: not limited.
    pub const fn limits(self) -> (Option<AppId>, Option<StageId>) {
        match self {
            Self::Organization => (None, None),
            Self::Stage(stage) => (None, Some(stage)),
            Self::App(app) => (Some(app), None),
            Self::AppAtStage(app, stage) => (Some(app), Some(stage)),
        }
    }

    /// Whether access at `self` is access at every place that `asked` means.
    pub fn covers(self, asked: Self) -> bool {
        let ((app, stage), (asked_app, asked_stage)) = (self.limits(), asked.limits());
        (app.is_none() || app == asked_app) && (stage.is_none() || stage == asked_stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wider_covers_the_narrower_and_never_the_other_way() {
        let (app, other, stage) = (AppId::fresh(), AppId::fresh(), StageId::fresh());
        let narrow = Reach::AppAtStage(app, stage);
        for wide in [Reach::Organization, Reach::Stage(stage), Reach::App(app)] {
            assert!(wide.covers(narrow) && wide.covers(wide) && !narrow.covers(wide));
        }
        assert!(!Reach::App(other).covers(narrow));
        assert!(!Reach::Stage(stage).covers(Reach::App(app)));
        assert!(!Reach::Stage(StageId::fresh()).covers(narrow));
    }
}
