use super::known::Known;
use super::{Batch, BatchState, Column, Content, Counts, Did, Foresight, Judged, Problem, RowState, Trouble, Upload};
use crate::base::fault::Fault;
use crate::base::id::{BulkInvitationId, UserId};
use crate::base::text::{DisplayName, fold, shown};
use crate::base::time::Timestamp;
use crate::db::query::{Query, anywhere};
use crate::db::{Tx, execute, optional};
use crate::work::Origin;
use std::collections::HashMap;
use uuid::Uuid;

macro_rules! columns {
    () => {
        "b.id, b.user_id, b.user_label, b.proved_at, b.file_name, b.line_count, b.state, b.created_at, b.started_at, b.finished_at"
    };
}

/// A person of a file as they are kept.
#[derive(Clone, Debug)]
pub struct Row {
    /// The first row of the file that names them.
    pub number: i64,
    /// What the rows say and mean.
    pub content: Content,
    /// What would happen, as it was foreseen.
    pub foresight: Option<Foresight>,
    /// Where they stand.
    pub state: RowState,
    /// What was done.
    pub outcome: Option<Did>,
    /// The invitation or user that it was done to, where the inviter may see it.
    pub outcome_id: Option<Uuid>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

#[derive(sqlx::FromRow)]
struct Stored {
    number: i64,
    content: String,
    foresight: Option<Foresight>,
    state: RowState,
    outcome: Option<Did>,
    outcome_id: Option<Uuid>,
    problems: Option<String>,
}

impl TryFrom<Stored> for Row {
    type Error = Fault;

    fn try_from(row: Stored) -> Result<Self, Fault> {
        Ok(Self {
            number: row.number,
            content: serde_json::from_str(&row.content)?,
            foresight: row.foresight,
            state: row.state,
            outcome: row.outcome,
            outcome_id: row.outcome_id,
            problems: row.problems.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default(),
        })
    }
}

/// A person to be kept.
pub(super) struct NewRow {
    number: i64,
    search_text: String,
    content: String,
    foresight: Option<Foresight>,
    state: RowState,
    problems: Option<String>,
}

impl NewRow {
    /// A judged person, with what is known of them.
    pub(super) fn of(mut person: Judged, known: &HashMap<String, Known>) -> Result<Self, Fault> {
        let number = person.number();
        let known = person.content.email.as_ref().and_then(|email| known.get(email.key()));
        if known == Some(&Known::ShutOut) {
            person.problems.push(Problem { line: number, column: Column::Email, trouble: Trouble::Inactive, value: String::new() });
        }
        let foresight = match known {
            Some(Known::Will(foresight)) => *foresight,
            _ => Foresight::Invite,
        };
        let is_right = person.problems.is_empty();
        let typed = person.content.lines.first().map_or("", |line| line.cell(Column::Email));
        let name = person.content.name.as_ref().map_or("", DisplayName::as_str);
        Ok(Self {
            number: i64::try_from(number).unwrap_or(i64::MAX),
            search_text: fold(&format!("{} {name}", shown(typed))),
            content: serde_json::to_string(&person.content)?,
            foresight: is_right.then_some(foresight),
            state: if is_right { RowState::Waiting } else { RowState::Refused },
            problems: if is_right { None } else { Some(serde_json::to_string(&person.problems)?) },
        })
    }
}

pub(super) async fn insert(tx: &mut Tx, id: BulkInvitationId, upload: &Upload, now: Timestamp) -> Result<(), Fault> {
    execute!(
        tx,
        "INSERT INTO bulk_invitations (id, user_id, user_label, proved_at, file_name, line_count, state, created_at, worked_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        id,
        upload.user_id,
        upload.user_label.as_str(),
        upload.proved_at,
        upload.file_name.as_str(),
        i64::try_from(upload.line_count).unwrap_or(i64::MAX),
        BatchState::Checking,
        now
    )?;
    Ok(())
}

pub(super) async fn insert_rows(tx: &mut Tx, id: BulkInvitationId, rows: Vec<NewRow>) -> Result<(), Fault> {
    for row in rows {
        execute!(
            tx,
            "INSERT INTO bulk_invitation_rows (batch_id, number, search_text, content, foresight, state, problems) VALUES ($1, $2, $3, $4, $5, $6, $7)",
            id,
            row.number,
            row.search_text,
            row.content,
            row.foresight,
            row.state,
            row.problems
        )?;
    }
    Ok(())
}

/// Removes what somebody checked and never started, all but the newest.
pub(super) async fn forget_checked(tx: &mut Tx, user: UserId, kept: i64) -> Result<(), Fault> {
    execute!(
        tx,
        "DELETE FROM bulk_invitations WHERE id IN (SELECT id FROM bulk_invitations WHERE user_id = $1 AND state = 'checked' AND id NOT IN
         (SELECT id FROM bulk_invitations WHERE user_id = $1 AND state = 'checked' ORDER BY id DESC LIMIT $2))",
        user,
        kept
    )?;
    Ok(())
}

/// The file with this id, whoever's it is.
pub async fn by_id(tx: &mut Tx, id: BulkInvitationId) -> Result<Option<Batch>, Fault> {
    let batch = optional!(tx, Batch, concat!("SELECT ", columns!(), " FROM bulk_invitations b WHERE b.id = $1 AND b.state <> 'checking'"), id)?;
    Ok(batch)
}

/// Files, the newest first: those of one user, or everybody's.
pub async fn list(tx: &mut Tx, user: Option<UserId>, search: &str, limit: i64) -> Result<Vec<Batch>, Fault> {
    let mut query = Query::new(concat!("SELECT ", columns!(), " FROM bulk_invitations b WHERE b.state <> 'checking'"));
    if let Some(user) = user {
        query.push(" AND b.user_id = ").bind(user.uuid());
    }
    if !search.is_empty() {
        query.push(" AND LOWER(b.file_name) LIKE ").bind(anywhere(search)).push(" ESCAPE '\\'");
    }
    query.push(" ORDER BY b.id DESC LIMIT ").bind(limit);
    query.all(tx).await
}

/// How many people of each of these files stand where: one query.
pub async fn counts(tx: &mut Tx, ids: &[BulkInvitationId]) -> Result<HashMap<BulkInvitationId, Counts>, Fault> {
    let mut query = Query::new("SELECT r.batch_id, r.state, COUNT(*) FROM bulk_invitation_rows r WHERE r.batch_id IN ");
    query.list(ids.iter().copied().map(BulkInvitationId::uuid)).push(" GROUP BY r.batch_id, r.state");
    let mut counts: HashMap<BulkInvitationId, Counts> = HashMap::new();
    for (id, state, count) in query.all::<(BulkInvitationId, RowState, i64)>(tx).await? {
        let of = counts.entry(id).or_default();
        match state {
            RowState::Refused => of.refused = count,
            RowState::Failed => of.failed = count,
            RowState::Waiting => of.waiting = count,
            RowState::Done => of.done = count,
        }
    }
    Ok(counts)
}

/// Which rows of a file are asked for.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Where they stand; `None`: anywhere.
    pub state: Option<RowState>,
    /// A folded text in address or name.
    pub search: String,
    /// After this row ...
    pub after: Option<i64>,
    /// ... or before this one.
    pub before: Option<i64>,
}

/// Up to `limit` rows of a file, in the order of the file.
pub async fn one_page(tx: &mut Tx, id: BulkInvitationId, wanted: &Wanted, limit: usize) -> Result<Vec<Row>, Fault> {
    let mut query =
        Query::new("SELECT r.number, r.content, r.foresight, r.state, r.outcome, r.outcome_id, r.problems FROM bulk_invitation_rows r WHERE r.batch_id = ");
    query.bind(id.uuid());
    if let Some(state) = wanted.state {
        query.push(" AND r.state = ").bind(state.as_str());
    }
    if !wanted.search.is_empty() {
        query.push(" AND ").contains("r.search_text", &wanted.search);
    }
    let backwards = match (wanted.after, wanted.before) {
        (Some(after), _) => {
            query.push(" AND r.number > ").bind(after);
            false
        }
        (None, Some(before)) => {
            query.push(" AND r.number < ").bind(before);
            true
        }
        (None, None) => false,
    };
    query.push(if backwards { " ORDER BY r.number DESC LIMIT " } else { " ORDER BY r.number LIMIT " }).bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = query.all::<Stored>(tx).await?;
    if backwards {
        rows.reverse();
    }
    rows.into_iter().map(Row::try_from).collect()
}

/// The next person to be invited.
pub(super) async fn next(tx: &mut Tx, id: BulkInvitationId) -> Result<Option<Row>, Fault> {
    let row = optional!(
        tx,
        Stored,
        "SELECT number, content, foresight, state, outcome, outcome_id, problems FROM bulk_invitation_rows
         WHERE batch_id = $1 AND state = 'waiting' ORDER BY number LIMIT 1",
        id
    )?;
    row.map(Row::try_from).transpose()
}

/// Moves a file from one of these states to another. Answers whether it stood there. From where it was started is forgotten: what runs
/// again is told it again by `keep_origin`.
pub(super) async fn set_state(tx: &mut Tx, id: BulkInvitationId, from: &[BatchState], to: BatchState, now: Timestamp) -> Result<bool, Fault> {
    let mut query = Query::new("UPDATE bulk_invitations SET lease = NULL, leased_until = NULL, origin_address = NULL, origin_request_id = NULL, state = ");
    query.bind(to.as_str());
    match to {
        BatchState::Running => {
            query.push(", worked_at = ").bind(now).push(", finished_at = NULL, started_at = COALESCE(started_at, ").bind(now).push(")");
        }
        BatchState::Ended | BatchState::Cancelled => {
            query.push(", finished_at = ").bind(now);
        }
        BatchState::Checking | BatchState::Checked | BatchState::Paused => {}
    }
    query.push(" WHERE id = ").bind(id.uuid()).push(" AND state IN ").list(from.iter().map(|state| state.as_str())).push(" RETURNING id");
    Ok(!query.all::<(BulkInvitationId,)>(tx).await?.is_empty())
}

/// Keeps from where a file was started, for as long as it runs.
pub(super) async fn keep_origin(tx: &mut Tx, id: BulkInvitationId, origin: &Origin) -> Result<(), Fault> {
    execute!(
        tx,
        "UPDATE bulk_invitations SET origin_address = $2, origin_request_id = $3 WHERE id = $1 AND state = 'running'",
        id,
        origin.address.clone(),
        origin.request_id.clone()
    )?;
    Ok(())
}

/// Takes a row that waits, with what became of it. Answers whether it still waited: of any number that try, one hears `true`.
pub(super) async fn take(tx: &mut Tx, id: BulkInvitationId, number: i64, did: Did, about: Option<Uuid>, now: Timestamp) -> Result<bool, Fault> {
    let rows = execute!(
        tx,
        "UPDATE bulk_invitation_rows SET state = 'done', outcome = $3, outcome_id = $4, problems = NULL, finished_at = $5
         WHERE batch_id = $1 AND number = $2 AND state = 'waiting'",
        id,
        number,
        did,
        about,
        now
    )?;
    Ok(rows == 1)
}

pub(super) async fn fail(tx: &mut Tx, id: BulkInvitationId, number: i64, problem: Problem, now: Timestamp) -> Result<(), Fault> {
    let problems = serde_json::to_string(&[problem])?;
    execute!(
        tx,
        "UPDATE bulk_invitation_rows SET state = 'failed', problems = $3, finished_at = $4 WHERE batch_id = $1 AND number = $2 AND state = 'waiting'",
        id,
        number,
        problems,
        now
    )?;
    Ok(())
}

/// Fails everything that still waits.
pub(super) async fn fail_rest(tx: &mut Tx, id: BulkInvitationId, trouble: Trouble, now: Timestamp) -> Result<(), Fault> {
    let problems = serde_json::to_string(&[Problem { line: 0, column: Column::Email, trouble, value: String::new() }])?;
    execute!(
        tx,
        "UPDATE bulk_invitation_rows SET state = 'failed', problems = $2, finished_at = $3 WHERE batch_id = $1 AND state = 'waiting'",
        id,
        problems,
        now
    )?;
    Ok(())
}

/// Lets everything that failed wait again. Answers how many.
pub(super) async fn wait_again(tx: &mut Tx, id: BulkInvitationId) -> Result<u64, Fault> {
    Ok(execute!(tx, "UPDATE bulk_invitation_rows SET state = 'waiting', problems = NULL, finished_at = NULL WHERE batch_id = $1 AND state = 'failed'", id)?)
}

pub(super) async fn delete(tx: &mut Tx, id: BulkInvitationId) -> Result<bool, Fault> {
    Ok(execute!(tx, "DELETE FROM bulk_invitations WHERE id = $1 AND state = 'checked'", id)? == 1)
}

/// Removes one file that ended before `ended`, or was never started and uploaded before `checked`; answers how many went, with their rows
/// in the same statement. One at a time, since each may have very many.
pub async fn forget(tx: &mut Tx, ended: Timestamp, checked: Timestamp) -> Result<u64, Fault> {
    Ok(execute!(
        tx,
        "DELETE FROM bulk_invitations WHERE id = (SELECT id FROM bulk_invitations
         WHERE finished_at < $1 OR state IN ('checking', 'checked') AND created_at < $2 ORDER BY id LIMIT 1)",
        ended,
        checked
    )?)
}
