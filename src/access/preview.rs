//! What a change would do to access, told before it is made.
//!
//! A rehearsal of the real rule yields a [`ChangeSet`]: what those whose counters rose hold afterwards, and the configuration if that
//! changed. The rest is arithmetic on rows, with no transaction open: `effective` before and after, at each place where they can differ.

mod changes;
mod compare;
mod concern;
mod differences;
#[cfg(test)]
mod tests;

pub use changes::{ChangeSet, rehearse};
pub use compare::{Spot, Stretch, What, stretches};
pub use concern::{affected, concerned};
pub use differences::{Differences, Door};

use super::load::Who;
use crate::access::catalogue::Catalogue;
use crate::access::effective::{Effective, Holdings, Place};
use crate::base::time::Timestamp;
use std::collections::BTreeSet;

/// Somebody's access at a place at one moment, with what it was computed from: what claims are written from.
#[derive(Clone, Copy, Debug)]
pub struct Sample<'a> {
    /// The configuration.
    pub catalogue: &'a Catalogue,
    /// What they hold.
    pub holdings: &'a Holdings,
    /// What that gives there.
    pub effective: &'a Effective,
    /// Where.
    pub place: Place,
    /// When.
    pub at: Timestamp,
}

/// What is put on a scale.
#[derive(Clone, Copy, Debug)]
pub enum Weighed<'a> {
    /// A whole token.
    Access(Sample<'a>),
    /// The groups of a stage: what each token for an app there says of them.
    Groups(&'a BTreeSet<String>),
}

/// How much of a token something takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Weight {
    /// In bytes.
    pub bytes: usize,
    /// Whether that is more than may stand in one token.
    pub over: bool,
}

/// Weighs: the claims are no business of this module.
pub type Scale<'a> = &'a dyn Fn(Weighed<'_>) -> Weight;

/// The configuration on both sides of a change, and what differs between them.
#[derive(Clone, Debug)]
pub struct Sides {
    /// As it is.
    pub before: Catalogue,
    /// As it would be.
    pub after: Catalogue,
    /// What differs.
    pub differences: Differences,
}

impl Sides {
    /// Compares the configuration as it is with what a change would make of it.
    pub fn of(before: &Catalogue, changes: &ChangeSet) -> Self {
        let after = changes.catalogue().unwrap_or_else(|| before.clone());
        let differences = if changes.changes_configuration() { Differences::between(before, &after) } else { Differences::default() };
        Self { before: before.clone(), after, differences }
    }
}

/// Somebody whose access may differ, for lists in the order of what was touched first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Affected {
    /// Who, each once: those named by the change, then the others.
    pub who: Vec<Who>,
    /// Whether there are more than were looked for.
    pub more: bool,
}
