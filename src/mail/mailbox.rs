//! The built-in mailbox: letters kept in the database, for places without a mail server.
//!
//! Letters hold links and codes that let people in, so their content is sealed at rest.

use super::transport::Letter;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::LetterId;
use crate::base::text::{EmailAddress, fold};
use crate::base::time::Timestamp;
use crate::crypto::seal::{Place, Sealer};
use crate::db::{Tx, all, execute, one, optional};
use crate::work::Work;
use serde::{Deserialize, Serialize};

/// A letter in the mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    /// The row.
    pub id: LetterId,
    /// The letter.
    pub letter: Letter,
    /// When it came.
    pub arrived_at: Timestamp,
}

/// What is sealed of a letter. Subjects and recipients are what a list shows.
#[derive(Serialize, Deserialize)]
struct Content {
    text: String,
    html: String,
}

#[derive(sqlx::FromRow)]
struct Row {
    id: LetterId,
    message_id: String,
    recipient: String,
    subject: String,
    content_sealed: Vec<u8>,
    arrived_at: Timestamp,
}

fn place(id: LetterId) -> Place {
    Place::row("letters", "content_sealed", id.uuid())
}

/// Puts a letter into the mailbox. A letter with the same Message-ID that is there already stays as it is.
pub async fn put(tx: &mut Tx, sealer: &Sealer, letter: &Letter, now: Timestamp) -> Result<(), Fault> {
    let id = LetterId::fresh();
    let content = serde_json::to_vec(&Content { text: letter.text.clone(), html: letter.html.clone() })?;
    execute!(
        tx,
        "INSERT INTO letters (id, message_id, recipient, subject, content_sealed, arrived_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (message_id) DO NOTHING",
        id,
        letter.message_id.as_str(),
        letter.to.as_str(),
        letter.subject.as_str(),
        sealer.seal(&place(id), &content),
        now
    )?;
    Ok(())
}

/// The newest letters, newest first.
pub async fn list(tx: &mut Tx, sealer: &Sealer, limit: u32) -> Result<Vec<Arrived>, Fault> {
    let rows = all!(
        tx,
        Row,
        "SELECT id, message_id, recipient, subject, content_sealed, arrived_at FROM letters ORDER BY arrived_at DESC, id DESC LIMIT $1",
        i64::from(limit)
    )?;
    rows.into_iter().map(|row| open(sealer, row)).collect()
}

/// More letters are not looked through: the newest are what people come for.
const LOOKED_THROUGH: i64 = 10_000;

/// What a list shows of a letter: nothing of its content.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Heading {
    /// The row.
    pub id: LetterId,
    /// Who gets it.
    pub recipient: String,
    /// The subject line.
    pub subject: String,
    /// When it came.
    pub arrived_at: Timestamp,
}

/// The letters whose recipient or subject holds the search (folded), newest first. The caller answers for the right to see them.
pub async fn headings(tx: &mut Tx, search: &str) -> Result<Vec<Heading>, Fault> {
    let rows = all!(tx, Heading, "SELECT id, recipient, subject, arrived_at FROM letters ORDER BY arrived_at DESC, id DESC LIMIT $1", LOOKED_THROUGH)?;
    let found = |row: &Heading| search.is_empty() || fold(&row.recipient).contains(search) || fold(&row.subject).contains(search);
    Ok(rows.into_iter().filter(found).collect())
}

/// How many letters there are.
pub async fn count(tx: &mut Tx) -> Result<i64, Fault> {
    Ok(one!(tx, (i64,), "SELECT COUNT(*) FROM letters")?.0)
}

/// Why a letter was not opened.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is none.
    #[error("there is no such letter")]
    Unknown,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Opens somebody's letter. Its links let people in, so only a holder of everything does (rule 3d), and it leaves a trace.
pub async fn read(work: &mut Work, id: LetterId) -> Result<Arrived, ReadError> {
    work.require_all()?;
    let sealer = work.sealer.clone();
    let row = optional!(work.tx, Row, "SELECT id, message_id, recipient, subject, content_sealed, arrived_at FROM letters WHERE id = $1", id);
    let arrived = open(&sealer, row.map_err(Fault::from)?.ok_or(ReadError::Unknown)?)?;
    let about = serde_json::json!({ "to": arrived.letter.to.as_str(), "subject": arrived.letter.subject });
    work.record(Event::new(Kind::LetterRead, Subject::new("letter", id)).after(&about)?).await?;
    Ok(arrived)
}

/// Erases every letter; answers how many. Only the rule that closes the mailbox does.
pub(super) async fn erase(tx: &mut Tx) -> Result<u64, Fault> {
    Ok(execute!(tx, "DELETE FROM letters")?)
}

fn open(sealer: &Sealer, row: Row) -> Result<Arrived, Fault> {
    let plain = sealer.open(&place(row.id), &row.content_sealed).map_err(|error| Fault::new("open a letter", error))?;
    let Content { text, html } = serde_json::from_slice(plain.expose())?;
    let to = EmailAddress::parse(&row.recipient).map_err(|error| Fault::new("read the recipient of a letter", error))?;
    Ok(Arrived { id: row.id, letter: Letter { message_id: row.message_id, to, subject: row.subject, text, html }, arrived_at: row.arrived_at })
}
