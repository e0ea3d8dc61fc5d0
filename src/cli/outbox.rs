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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::EmailAddress;
    use crate::config::{Config, Sources};
    use crate::db::execute;
    use crate::outbox::{Job, Mail};

    #[tokio::test]
    async fn what_was_given_up_is_listed_and_revived() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let server = Server::open(config).await.unwrap();
        let said = async |command: OutboxCommand| {
            let mut out = Vec::new();
            run(&server, &command, &mut out).await.unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(said(OutboxCommand::List).await, "0 jobs wait, 0 were given up.\n");
        let (to, [subject, text, html]) = (EmailAddress::parse("ana@acme.example").unwrap(), ["Hi", "hunter2", "hunter2"].map(str::to_owned));
        let mut work = server.ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
        let job = work.enqueue(&Job::Mail(Mail { to, subject, text, html })).await.unwrap();
        execute!(work.tx, "UPDATE jobs SET dead_at = 0, attempts = 14, last_error = $1", "550 no\u{1b}[2J\r\nsuch person").unwrap();
        work.commit().await.unwrap();

        let listed = said(OutboxCommand::List).await;
        assert!(listed.starts_with("0 jobs wait, 1 were given up.\n"), "{listed}");
        assert!(listed.contains(&format!("{job}  mail  14 tries until 1970-01-01T00:00:00Z  550 no [2J  such person\n")), "{listed}");
        assert!(!listed.contains("hunter2"));
        assert_eq!(said(OutboxCommand::Revive).await, "1 jobs get their tries again.\n");
        assert_eq!(said(OutboxCommand::List).await, "1 jobs wait, 0 were given up.\n");
        server.close().await;
    }
}
