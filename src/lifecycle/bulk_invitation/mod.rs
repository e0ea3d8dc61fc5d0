//! Inviting many people at once: a file is read and judged, kept, and carried out row by row when its owner says so.
//!
//! Each person of the file is one row here and one work: their invitation and the state of the row are written together, so that whatever
//! breaks in between, nobody is invited twice. The works act as whoever uploaded the file, with the rights they have then.

mod handle;
mod judge;
mod known;
mod lookup;
mod parse;
mod problem;
mod run;
mod store;
#[cfg(test)]
mod tests;

pub use handle::{HandleError, cancel, discard, pause, proceed, retry, start};
pub use judge::{Content, Judged, Planned, judge};
pub use lookup::{Found, Lookup};
pub use parse::{Column, FileError, Line, MOST_BYTES, MOST_LINES, Sheet, parse};
pub use problem::{Problem, Trouble};
pub use run::{Claimed, LEASE, Step, Terms, carry_out, claim, free_leases, is_due, release};
pub use store::{Row, Wanted, by_id, counts, forget, list, one_page};

use crate::access::load::Snapshot;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::id::{BulkInvitationId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{EmailAddress, shown};
use crate::base::time::Timestamp;
use crate::db::Db;
use known::Sights;
use serde::Serialize;
use std::sync::Arc;

crate::choice! {
    /// Where a file stands.
    pub enum BatchState {
        /// Its rows are still being written. What stays like this was broken off, and goes.
        Checking = "checking",
        /// Checked; nothing was sent.
        Checked = "checked",
        /// Its rows are carried out.
        Running = "running",
        /// Somebody stopped that for now.
        Paused = "paused",
        /// Every row was carried out or failed.
        Ended = "ended",
        /// Somebody ended it before that.
        Cancelled = "cancelled",
    }
}

crate::choice! {
    /// Where a person of the file stands.
    pub enum RowState {
        /// Something was wrong from the beginning: never carried out.
        Refused = "refused",
        /// Carried out and failed.
        Failed = "failed",
        /// Not yet carried out.
        Waiting = "waiting",
        /// Carried out.
        Done = "done",
    }
}

crate::choice! {
    /// What inviting somebody would do, as far as the inviter may know.
    pub enum Foresight {
        /// They get a letter.
        Invite = "invite",
        /// They were invited before: the offers are added.
        Add = "add",
        /// They are here: they get it at once.
        Give = "give",
    }
}

crate::choice! {
    /// What inviting somebody did, as far as the inviter may know.
    pub enum Did {
        /// A letter is on its way.
        Sent = "sent",
        /// The offers were added to an invitation.
        Added = "added",
        /// They got it at once.
        Given = "given",
        /// They had all of it before.
        Unchanged = "unchanged",
    }
}

/// A file with what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Batch {
    /// Which.
    pub id: BulkInvitationId,
    /// Who uploaded it, and invites.
    pub user_id: UserId,
    /// Their address.
    pub user_label: String,
    /// When they had last proved who they are.
    pub proved_at: Timestamp,
    /// What the file was called.
    pub file_name: String,
    /// How many rows it had.
    pub line_count: i64,
    /// Where it stands.
    pub state: BatchState,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was started.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

impl Batch {
    /// Whether somebody may see it: whoever uploaded it and may still invite, and those who manage users.
    pub fn is_seen_by(&self, actor: &Actor) -> bool {
        self.is_of(actor) && crate::lifecycle::invitation::may_offer_anything(actor) || actor.may("users.manage", Reach::Organization)
    }

    /// Whether it is this actor who invites.
    pub fn is_of(&self, actor: &Actor) -> bool {
        actor.kind() == "user" && actor.id() == Some(self.user_id.uuid())
    }
}

/// How many people of a file stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Wrong from the beginning.
    pub refused: i64,
    /// Failed.
    pub failed: i64,
    /// To come.
    pub waiting: i64,
    /// Carried out.
    pub done: i64,
}

impl Counts {
    /// How many stand there.
    pub const fn of(&self, state: RowState) -> i64 {
        match state {
            RowState::Refused => self.refused,
            RowState::Failed => self.failed,
            RowState::Waiting => self.waiting,
            RowState::Done => self.done,
        }
    }

    /// How many can be carried out at all.
    pub const fn all(&self) -> i64 {
        self.failed + self.waiting + self.done
    }
}

/// How many people are asked for, and how many rows are written, at a time: the one writer is held for a moment only.
const STEP: usize = 400;
/// Files that were checked and not started stay until so many newer ones came.
const MOST_CHECKED: i64 = 5;

/// What was uploaded, and by whom.
#[derive(Debug)]
pub struct Upload {
    /// What the file was called.
    pub file_name: String,
    /// How many rows it had.
    pub line_count: usize,
    /// Who.
    pub user_id: UserId,
    /// Their address.
    pub user_label: String,
    /// When they last proved who they are.
    pub proved_at: Timestamp,
}

/// Looks at the people behind a judged file, and keeps it as checked. Nothing is sent. The caller answers for the right to invite.
pub async fn keep(db: &Db, actor: &Actor, snapshot: &Arc<Snapshot>, upload: &Upload, people: Vec<Judged>, now: Timestamp) -> Result<BulkInvitationId, Fault> {
    let id = BulkInvitationId::fresh();
    let mut tx = db.write().await?;
    store::forget_checked(&mut tx, upload.user_id, MOST_CHECKED - 1).await?;
    store::insert(&mut tx, id, upload, now).await?;
    tx.commit().await?;
    let nothing = crate::base::authority::Authority::default();
    let sights = Sights::of(actor.authority().unwrap_or(&nothing), &snapshot.catalogue);
    let mut people = people.into_iter();
    loop {
        let step: Vec<Judged> = people.by_ref().take(STEP).collect();
        if step.is_empty() {
            break;
        }
        let mut tx = db.read().await?;
        let emails: Vec<&EmailAddress> = step.iter().filter_map(|person| person.content.email.as_ref()).collect();
        let known = sights.look(&mut tx, &emails, now).await?;
        drop(tx);
        let rows = step.into_iter().map(|person| store::NewRow::of(person, &known)).collect::<Result<Vec<_>, Fault>>()?;
        let mut tx = db.write().await?;
        store::insert_rows(&mut tx, id, rows).await?;
        tx.commit().await?;
    }
    let mut tx = db.write().await?;
    store::set_state(&mut tx, id, &[BatchState::Checking], BatchState::Checked, now).await?;
    tx.commit().await?;
    Ok(id)
}

/// A file's name, fit to be shown.
pub fn file_name(name: &str) -> String {
    shown(name.rsplit(['/', '\\']).next().unwrap_or_default())
}
