//! `gatehouse audit verify`: whether the record of what happened is as it was written.

use super::Failure;
use crate::audit::{self, Head};
use crate::server::Server;
use clap::Subcommand;
use std::io::Write;

/// What can be done with the audit trail.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Walk the whole chain and list what was changed, removed, put in between or cut off; the exit code is 1 if anything was.
    Verify {
        /// A head that was kept outside of the database, from the log or an earlier run: shows whether the chain was shortened since.
        #[arg(long, value_name = "POSITION:HASH")]
        head: Option<Head>,
    },
}

/// Verifies the chain and prints what was found.
pub async fn verify(server: &Server, known: Option<&Head>, out: &mut impl Write) -> Result<(), Failure> {
    let mut tx = server.ground.db.read().await?;
    let report = audit::verify(&mut tx, known).await?;
    drop(tx);
    writeln!(out, "sealed    {} events", report.sealed)?;
    writeln!(out, "unsealed  {} (a running server seals within a second)", report.unsealed)?;
    writeln!(out, "erased    {} payloads (on request; the chain still covers them)", report.erased)?;
    match &report.head {
        Some(head) => writeln!(out, "head      {head}")?,
        None if report.problems.is_empty() => writeln!(out, "head      none yet")?,
        None => {}
    }
    for problem in &report.problems {
        writeln!(out, "PROBLEM   {problem}")?;
    }
    if report.problems.is_empty() {
        writeln!(out, "The chain is whole.")?;
        Ok(())
    } else {
        out.flush()?;
        Err(Failure::Audit(report.problems.len()))
    }
}

#[cfg(test)]
mod tests;
