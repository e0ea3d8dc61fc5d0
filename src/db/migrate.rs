//! Migrations: embedded, run at start, under a lock so that two starting processes do not collide.

use super::{Db, sqlite};
use crate::base::fault::Fault;
use sqlx::migrate::Migrator;

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations");

impl Db {
    /// Brings the schema up to date; answers how many migrations the database now has. On PostgreSQL an advisory lock,
    /// on SQLite a lock file beside the database keeps others waiting.
    pub async fn migrate(&self) -> Result<usize, Fault> {
        let fault = |error| Fault::new("migrate the database", error);
        match self {
            Self::Sqlite(embedded) => {
                let _lock = sqlite::lock_file(embedded.path()).await?;
                let mut conn = embedded.connect().await?;
                MIGRATIONS.run(&mut conn).await.map_err(fault)?;
            }
            Self::Postgres(pool) => MIGRATIONS.run(pool).await.map_err(fault)?,
        }
        Ok(MIGRATIONS.iter().count())
    }

    /// Whether every migration of this binary has run.
    pub async fn is_migrated(&self) -> bool {
        let Ok(mut tx) = self.read().await else { return false };
        let newest = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or(0);
        let found = crate::optional!(tx, (i64,), "SELECT version FROM _sqlx_migrations WHERE version = $1 AND success", newest);
        matches!(found, Ok(Some(_)))
    }
}
