//! Implications of app permissions never go in a circle: what brings itself could not be taken apart again.

use super::permission::Whole;
use crate::base::text::Verb;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A circle that one of these new implications closes, from a verb back to itself by the shortest way.
pub(super) fn closed_by(all: &[Whole], new: &[(Verb, Verb)]) -> Option<Vec<Verb>> {
    let implies: BTreeMap<&Verb, &[Verb]> = all.iter().map(|whole| (&whole.permission.verb, whole.implies.as_slice())).collect();
    new.iter().find_map(|(from, to)| {
        let mut circle = vec![from.clone()];
        circle.extend(way(&implies, to, from)?);
        Some(circle)
    })
}

/// The shortest way from one permission to another, both of them named.
fn way(implies: &BTreeMap<&Verb, &[Verb]>, from: &Verb, to: &Verb) -> Option<Vec<Verb>> {
    let mut seen = BTreeSet::from([from.clone()]);
    let mut open = VecDeque::from([vec![from.clone()]]);
    while let Some(way) = open.pop_front() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        for next in implies.get(last).copied().unwrap_or_default() {
            if seen.insert(next.clone()) {
                open.push_back(way.iter().chain([next]).cloned().collect());
            }
        }
    }
    None
}

/// A circle as people read it: `read → write → read`.
pub fn told(circle: &[Verb]) -> String {
    circle.iter().map(Verb::as_str).collect::<Vec<_>>().join(" \u{2192} ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::app::deployment::AppPermission;
    use crate::base::id::AppPermissionId;
    use crate::base::text::Description;

    fn verb(text: &str) -> Verb {
        Verb::parse(text).unwrap()
    }

    #[test]
    fn a_circle_is_told_by_its_shortest_way() {
        let whole = |name: &str, implies: &[&str]| Whole {
            permission: AppPermission { id: AppPermissionId::fresh(), verb: verb(name), description: Description::default() },
            implies: implies.iter().map(|name| verb(name)).collect(),
            version: 1,
        };
        let all = [whole("a", &["b", "x"]), whole("b", &["c"]), whole("c", &["a", "b"]), whole("x", &["y"]), whole("y", &["c"]), whole("s", &["s"])];
        let closed = |from: &str, to: &str| closed_by(&all, &[(verb(from), verb(to))]).map(|circle| told(&circle));
        assert_eq!(closed("c", "a").as_deref(), Some("c \u{2192} a \u{2192} b \u{2192} c"));
        assert_eq!(closed("s", "s").as_deref(), Some("s \u{2192} s"));
        // A way that is old is nobody's new circle, and what leads nowhere closes none.
        assert_eq!((closed_by(&all, &[]), closed("x", "s")), (None, None));
    }
}
