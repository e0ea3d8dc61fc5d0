//! The built-in mailbox: letters kept in the database, for places without a mail server.
//!
//! Letters hold links and codes that let people in, so their content is sealed at rest.

use super::transport::Letter;
use crate::base::fault::Fault;
use crate::base::id::LetterId;
use crate::base::text::EmailAddress;
use crate::base::time::Timestamp;
use crate::crypto::seal::{Place, Sealer};
use crate::db::{Tx, all, execute};
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

fn open(sealer: &Sealer, row: Row) -> Result<Arrived, Fault> {
    let plain = sealer.open(&place(row.id), &row.content_sealed).map_err(|error| Fault::new("open a letter", error))?;
    let Content { text, html } = serde_json::from_slice(plain.expose())?;
    let to = EmailAddress::parse(&row.recipient).map_err(|error| Fault::new("read the recipient of a letter", error))?;
    Ok(Arrived { id: row.id, letter: Letter { message_id: row.message_id, to, subject: row.subject, text, html }, arrived_at: row.arrived_at })
}
