//! Queries whose text depends on what is asked for: lists with filters. Their text is put together from pieces that stand in the
//! program; whatever comes from outside is bound, never written into it.

use super::{Conn, Tx};
use crate::base::fault::Fault;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};
use std::fmt::Write;
use uuid::Uuid;

/// A value to be bound.
#[derive(Clone, Debug)]
pub enum Value {
    /// `TEXT`.
    Text(String),
    /// `BIGINT`.
    Number(i64),
    /// `UUID`.
    Id(Uuid),
    /// `BYTEA`.
    Bytes(Vec<u8>),
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<crate::base::time::Timestamp> for Value {
    fn from(at: crate::base::time::Timestamp) -> Self {
        Self::Number(at.micros())
    }
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Self::Id(id)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// A question with fewer values than this is kept ready for the next time; long lists are never asked for alike.
const KEPT: usize = 200;

/// A query being put together. Its text is the same for both databases but for the pieces that must differ.
#[derive(Clone, Debug, Default)]
pub struct Query {
    embedded: String,
    shared: String,
    values: Vec<Value>,
}

impl Query {
    /// Begins with a piece of the text.
    pub fn new(text: &'static str) -> Self {
        Self { embedded: text.to_owned(), shared: text.to_owned(), values: Vec::new() }
    }

    /// Adds a piece of the text.
    pub fn push(&mut self, text: &'static str) -> &mut Self {
        self.either(text, text)
    }

    /// Adds a piece that differs: what SQLite is to read, and PostgreSQL.
    pub fn either(&mut self, embedded: &'static str, shared: &'static str) -> &mut Self {
        self.embedded.push_str(embedded);
        self.shared.push_str(shared);
        self
    }

    /// Adds a value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.values.push(value.into());
        for text in [&mut self.embedded, &mut self.shared] {
            let _ = write!(text, "${}", self.values.len()); // writing to a String cannot fail
        }
        self
    }

    /// Adds a list of values in brackets, for `IN`. An empty list holds nothing.
    pub fn list(&mut self, values: impl IntoIterator<Item = impl Into<Value>>) -> &mut Self {
        let before = self.values.len();
        self.push("(");
        for value in values {
            if self.values.len() > before {
                self.push(",");
            }
            self.bind(value);
        }
        if self.values.len() == before {
            self.push("NULL");
        }
        self.push(")")
    }

    /// Adds the condition that a folded text stands anywhere in a column.
    pub fn contains(&mut self, column: &'static str, folded: &str) -> &mut Self {
        self.either("instr(", "strpos(").push(column).push(", ").bind(folded).push(") > 0")
    }

    /// Another query after this one, its values renumbered.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        let before = self.values.len();
        self.values.extend(other.values.iter().cloned());
        for (text, rest) in [(&mut self.embedded, &other.embedded), (&mut self.shared, &other.shared)] {
            renumber(text, rest, before);
        }
        self
    }

    /// Every row.
    pub async fn all<R>(self, tx: &mut Tx) -> Result<Vec<R>, Fault>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        macro_rules! ask {
            ($conn:expr, $text:expr) => {{
                let mut query = sqlx::query_as::<_, R>(AssertSqlSafe($text)).persistent(self.values.len() < KEPT);
                for value in self.values {
                    query = match value {
                        Value::Text(text) => query.bind(text),
                        Value::Number(number) => query.bind(number),
                        Value::Id(id) => query.bind(id),
                        Value::Bytes(bytes) => query.bind(bytes),
                    };
                }
                query.fetch_all($conn).await
            }};
        }
        Ok(match tx.conn() {
            Conn::Sqlite(conn) => ask!(conn, self.embedded),
            Conn::Postgres(conn) => ask!(conn, self.shared),
        }?)
    }

    /// How many rows there are, counted up to `most` only.
    pub async fn count(self, tx: &mut Tx, most: i64) -> Result<i64, Fault> {
        let mut counted = Self::new("SELECT COUNT(*) FROM (");
        counted.append(&self).push(" LIMIT ").bind(most).push(") AS counted");
        Ok(counted.all::<(i64,)>(tx).await?.first().map_or(0, |(count,)| *count))
    }
}

/// Adds a text whose values begin to count after so many others.
fn renumber(text: &mut String, mut rest: &str, before: usize) {
    while let Some((piece, after)) = rest.split_once('$') {
        text.push_str(piece);
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        let number = after[..digits].parse::<usize>().unwrap_or_default(); // a program's own text: every $ has its number
        let _ = write!(text, "${}", before + number); // writing to a String cannot fail
        rest = &after[digits..];
    }
    text.push_str(rest);
}

/// The pattern of a search for a folded text anywhere, for `LIKE ... ESCAPE '\'`.
pub fn anywhere(folded: &str) -> String {
    let mut pattern = String::with_capacity(folded.len() + 2);
    pattern.push('%');
    for c in folded.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_bound_and_never_written() {
        let mut inner = Query::new("SELECT 1 FROM users WHERE name = ");
        inner.bind("'; DROP TABLE users; --").push(" AND id IN ").list([1_i64, 2]);
        let mut outer = Query::new("SELECT ");
        outer.bind(7_i64).push(" FROM (").append(&inner).push(") AND x IN ").list(Vec::<i64>::new());
        assert_eq!(outer.embedded, outer.shared);
        assert_eq!(outer.embedded, "SELECT $1 FROM (SELECT 1 FROM users WHERE name = $2 AND id IN ($3,$4)) AND x IN (NULL)");
        assert_eq!(outer.values.len(), 4);
    }

    #[test]
    fn a_piece_may_differ_and_its_values_count_alike() {
        let mut inner = Query::new("SELECT 1 FROM users WHERE ");
        inner.contains("name", "ana").push(" AND id = ").bind(1_i64);
        let mut outer = Query::new("SELECT ");
        outer.bind(7_i64).push(" WHERE EXISTS (").append(&inner).push(")");
        assert_eq!(outer.embedded, "SELECT $1 WHERE EXISTS (SELECT 1 FROM users WHERE instr(name, $2) > 0 AND id = $3)");
        assert_eq!(outer.shared, "SELECT $1 WHERE EXISTS (SELECT 1 FROM users WHERE strpos(name, $2) > 0 AND id = $3)");
        assert_eq!(outer.values.len(), 3);
    }

    #[test]
    fn wildcards_in_a_search_are_letters() {
        assert_eq!(anywhere(r"50%_\"), r"%50\%\_\\%");
    }
}
