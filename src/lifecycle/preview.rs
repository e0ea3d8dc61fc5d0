//! Telling what a change would do to people, before it is made: who gains and who loses what, where and when, and whose sessions feel it.
//!
//! First the real rule is rehearsed and undone: milliseconds. Then, with no transaction open, people are compared in batches: readers are
//! taken and given back for each, and the arithmetic never runs on a thread that serves others. It stops in time, and says so.

mod names;
mod run;
#[cfg(test)]
mod tests;
mod viewer;

pub use names::Names;
pub use viewer::Viewer;

use crate::access::load::{Known, Who};
use crate::access::preview::{Door, Spot, Stretch, rehearse};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, StageId};
use crate::work::{Ground, Origin, Work};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, SemaphorePermit};

/// How far a preview goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// So many people are named; the others are counted.
    pub named: usize,
    /// So many people are looked for at all.
    pub most: usize,
    /// So many are read and compared together.
    pub batch: usize,
    /// When it stops.
    pub time: Duration,
}

impl Limits {
    /// What the portal shows.
    pub const STANDARD: Self = Self { named: 1_000, most: 250_000, batch: 250, time: Duration::from_secs(5) };
}

/// The seats for previews, and how far each goes: only a few run at a time, so that everybody else's requests stay quick.
#[derive(Debug)]
pub struct Previews {
    seats: Semaphore,
    limits: Limits,
}

impl Default for Previews {
    fn default() -> Self {
        Self::new(2, Limits::STANDARD)
    }
}

impl Previews {
    /// So many seats.
    pub const fn new(seats: usize, limits: Limits) -> Self {
        Self { seats: Semaphore::const_new(seats), limits }
    }

    /// A seat, if one is free. It is free again when this is dropped.
    pub fn seat(&self) -> Option<SemaphorePermit<'_>> {
        self.seats.try_acquire().ok()
    }
}

/// What a preview reads from.
#[derive(Clone, Copy, Debug)]
pub struct Desk<'a> {
    /// The database and the clock.
    pub ground: &'a Ground,
    /// The configuration kept in memory.
    pub known: &'a Known,
    /// The seats.
    pub previews: &'a Previews,
}

/// What came of asking.
#[derive(Debug)]
pub enum Told {
    /// What would happen.
    Preview(Box<Preview>),
    /// Every seat is taken: the same question in a moment is answered.
    Busy,
}

/// Why not everybody was compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// The time was over.
    Time,
    /// There are more people than are looked for.
    Many,
}

/// What a change would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// How many gain something at once.
    pub gain: u64,
    /// How many lose something at once.
    pub lose: u64,
    /// For how many something changes only later.
    pub later: u64,
    /// The people who are named, by name.
    pub people: Vec<Person>,
    /// How many more would be, but there is no room for them.
    pub unnamed: u64,
    /// How many the reader may not see.
    pub hidden: u64,
    /// How many of those named have changes that the reader may not see.
    pub partly: u64,
    /// The live sessions of those who lose something at once, where they lose it.
    pub sessions: u64,
    /// The smallest and the largest change of a token, in bytes.
    pub bytes: Option<(i64, i64)>,
    /// For how many a token that fitted would not any more.
    pub overflowing: u64,
    /// Where everybody may sign in from then on, or no longer.
    pub doors: Vec<Door>,
    /// How many people were compared, of how many whom the change can concern.
    pub compared: u64,
    /// See `compared`.
    pub concerned: u64,
    /// Why it is not all of them.
    pub stopped: Option<Stopped>,
    /// The app and the stage of each deployment that is spoken of.
    pub places: BTreeMap<DeploymentId, (AppId, StageId)>,
    /// What people call roles and groups.
    pub names: Names,
}

/// Somebody whose access would change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Who.
    pub who: Who,
    /// The name, or the address of somebody without one.
    pub label: String,
    /// The address; an API client has none.
    pub email: Option<String>,
    /// What changes, and where.
    pub changes: Vec<Change>,
    /// Their live sessions that feel a loss.
    pub sessions: u64,
}

/// One difference, and the places that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub spots: Vec<Spot>,
    /// What, from when and until when.
    pub stretch: Stretch,
}

/// What a rule would do if this actor ran it now. The rule refuses what it would refuse, in the same words.
pub async fn preview<T, E>(desk: Desk<'_>, actor: &Actor, origin: &Origin, viewer: Viewer, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Told, E>
where
    E: Error + From<Fault> + 'static,
{
    let Some(_seat) = desk.previews.seat() else { return Ok(Told::Busy) };
    let began = Instant::now();
    let known = desk.known.snapshot(&mut desk.ground.db.read().await?).await?;
    let changes = rehearse(desk.ground, actor, origin, known.counter, rule).await?;
    Ok(Told::Preview(Box::new(Box::pin(run::run(desk, changes, viewer, began)).await?)))
}
