//! `gatehouse outbox`: what could not be delivered, and another try.

use super::{Failure, printable};
use crate::actor::Actor;
use crate::outbox;
use crate::server::Server;
use crate::work::Origin;
use clap::Subcommand;
use std::io::Write;

/// What can be done with the outbox.
#[derive(Subcommand)]
pub enum OutboxCommand {
    /// List the jobs that were given up, with the last answer of the mail server.
    List,
    /// Give every job that was given up its tries again; a running server takes them within a second.
    Revive,
}

/// Lists or revives.
pub async fn run(server: &Server, command: &OutboxCommand, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        OutboxCommand::List => list(server, out).await,
        OutboxCommand::Revive => {
            let actor = Actor::System { label: "outbox revive" };
            let revived = server.ground.work(&actor, &Origin::default(), async |work| outbox::revive(work).await).await?;
            writeln!(out, "{revived} jobs get their tries again.")?;
            Ok(())
        }
    }
}

async fn list(server: &Server, out: &mut impl Write) -> Result<(), Failure> {
    let mut tx = server.ground.db.read().await?;
    let (waiting, given_up) = outbox::counts(&mut tx).await?;
    let dead = outbox::dead(&mut tx).await?;
    drop(tx);
    writeln!(out, "{waiting} jobs wait, {given_up} were given up.")?;
    for job in &dead {
        let why = printable(job.last_error.as_deref().unwrap_or("no reason was kept")).replace('\n', " ");
        writeln!(out, "{}  {}  {} tries until {}  {why}", job.id, job.kind, job.attempts, job.dead_at.rfc3339())?;
    }
    if !dead.is_empty() {
        writeln!(out, "Once the reason is mended: gatehouse outbox revive")?;
    }
    Ok(())
}
