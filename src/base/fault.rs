//! Fault: an unexpected failure (database, crypto, disk). Its cause is for the log, never for the person.

use std::error::Error;
use std::fmt;

/// Something failed that no input of the caller explains. Logged once, at the edge; shown as "something went wrong"
/// with the request id.
#[derive(Debug)]
pub struct Fault {
    doing: &'static str,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Fault {
    /// A fault met while `doing` something (`"open the seal"`), with its cause.
    pub fn new(doing: &'static str, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { doing, cause: Some(cause.into()) }
    }

    /// A fault without an underlying error: stored data that contradicts itself.
    pub const fn broken(what: &'static str) -> Self {
        Self { doing: what, cause: None }
    }

    /// Whether the database asks for the whole work to be tried again.
    pub fn is_transient(&self) -> bool {
        self.cause.as_ref().and_then(|cause| cause.downcast_ref::<sqlx::Error>()).is_some_and(asks_again)
    }
}

/// Whether the database asks for the whole work to be tried again (PostgreSQL 40P01 and 40001, SQLite busy).
pub fn asks_again(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    matches!(error.code().as_deref(), Some("40P01" | "40001" | "5" | "517"))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => write!(f, "{}: {cause}", self.doing),
            None => f.write_str(self.doing),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| -> &(dyn Error + 'static) { cause.as_ref() })
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        Self::new("ask the database", error)
    }
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::new("read or write stored JSON", error)
    }
}
