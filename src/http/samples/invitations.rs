use super::{Mood, Sample};

pub(super) fn pages(_: Mood) -> Vec<Sample> {
    Vec::new()
}
