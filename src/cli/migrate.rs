//! `gatehouse migrate`: the database, brought up to date.

use super::Failure;
use crate::server::Server;
use std::io::Write;

/// Brings the database up to date. Opening the server has done it; this says so.
pub async fn run(server: &Server, out: &mut impl Write) -> Result<(), Failure> {
    let migrations = server.ground.db.migrate().await?;
    writeln!(out, "The database is up to date ({migrations} migration{}).", if migrations == 1 { "" } else { "s" })?;
    Ok(())
}
