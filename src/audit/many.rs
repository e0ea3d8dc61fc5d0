//! Many events of one change, in a few statements.

use super::Row;
use crate::base::fault::Fault;
use crate::base::id::EventId;
use crate::db::Tx;
use crate::db::query::{Query, Value};

/// So many rows stand in one statement: looking for a place to bind takes the longer, the more there are.
const STEP: usize = 50;

/// Writes rows.
pub(super) async fn insert(tx: &mut Tx, rows: Vec<Row>) -> Result<(), Fault> {
    let mut rows = rows.into_iter().peekable();
    while rows.peek().is_some() {
        let mut query = Query::new(
            "INSERT INTO audit_events (id, at, kind, actor_kind, actor_id, subject_kind, subject_id, request_id, payload, salt, payload_digest, digest) VALUES ",
        );
        for (nth, row) in rows.by_ref().take(STEP).enumerate() {
            query.push(if nth == 0 { "(" } else { ",(" });
            let cells = [
                Some(Value::Id(row.id.uuid())),
                Some(row.at.into()),
                Some(row.kind.into()),
                Some(row.actor_kind.into()),
                row.actor_id.map(Value::Id),
                Some(row.subject_kind.into()),
                row.subject_id.map(Value::from),
                row.request_id.map(Value::from),
                row.payload.map(Value::from),
                row.salt.map(Value::from),
                Some(row.payload_digest.into()),
                Some(row.digest.into()),
            ];
            for (nth, cell) in cells.into_iter().enumerate() {
                query.push(if nth == 0 { "" } else { "," });
                match cell {
                    Some(value) => query.bind(value),
                    None => query.push("NULL"),
                };
            }
            query.push(")");
        }
        query.push(" RETURNING id");
        query.all::<(EventId,)>(tx).await?;
    }
    Ok(())
}
