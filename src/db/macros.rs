//! One SQL text, two native drivers: each macro asks the connection of a stretch, whichever it is.
//!
//! `all!(tx, Row, "SELECT ...", bind, ...)` answers `Result<Vec<Row>, sqlx::Error>`, `optional!` an `Option<Row>`,
//! `one!` a `Row`, and `execute!` the number of rows that changed. `Row` derives `sqlx::FromRow` or is a tuple.

/// Asks for rows with the given method of `sqlx::query_as`.
#[doc(hidden)]
#[macro_export]
macro_rules! fetch {
    ($method:ident, $tx:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx.conn() {
            $crate::db::Conn::Sqlite(conn) => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.$method(conn).await,
            $crate::db::Conn::Postgres(conn) => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.$method(conn).await,
        }
    };
}

/// Every row of a query.
#[macro_export]
macro_rules! all { ($($rest:tt)*) => { $crate::fetch!(fetch_all, $($rest)*) }; }

/// The row of a query, if there is one.
#[macro_export]
macro_rules! optional { ($($rest:tt)*) => { $crate::fetch!(fetch_optional, $($rest)*) }; }

/// The row of a query that always has one.
#[macro_export]
macro_rules! one { ($($rest:tt)*) => { $crate::fetch!(fetch_one, $($rest)*) }; }

/// Runs a statement; answers how many rows it changed.
#[macro_export]
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx.conn() {
            $crate::db::Conn::Sqlite(conn) => sqlx::query($sql)$(.bind($bind))*.execute(conn).await.map(|done| done.rows_affected()),
            $crate::db::Conn::Postgres(conn) => sqlx::query($sql)$(.bind($bind))*.execute(conn).await.map(|done| done.rows_affected()),
        }
    };
}
