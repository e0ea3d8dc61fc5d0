//! `gatehouse mailbox`: the letters that the built-in mailbox kept. They let people in, so only the operator at the server
//! reads them here.

use super::{Failure, printable};
use crate::mail::mailbox;
use crate::outbox;
use crate::server::Server;
use clap::Args;
use std::io::Write;

/// How much of the mailbox to show.
#[derive(Args)]
pub struct MailboxArgs {
    /// How many letters to show, the newest ones.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    pub limit: u32,
}

/// Prints the newest letters, the newest one last: that is where the eye is.
pub async fn run(server: &Server, args: &MailboxArgs, out: &mut impl Write) -> Result<(), Failure> {
    let mut tx = server.ground.db.read().await?;
    let letters = mailbox::list(&mut tx, &server.ground.sealer, args.limit).await?;
    let (waiting, _) = outbox::counts(&mut tx).await?;
    let here = server.post.keeps_letters(&mut tx).await?;
    drop(tx);
    if !here {
        writeln!(out, "Mail goes to a mail server now; here is what the mailbox kept before.")?;
    }
    for arrived in letters.iter().rev() {
        let letter = &arrived.letter;
        writeln!(out, "Date:    {}\nTo:      {}\nSubject: {}\n", arrived.arrived_at.rfc3339(), letter.to, printable(&letter.subject))?;
        writeln!(out, "{}\n\n--------", printable(&letter.text).trim_end())?;
    }
    match letters.len() {
        0 => writeln!(out, "No letters.")?,
        1 => writeln!(out, "1 letter.")?,
        count => writeln!(out, "{count} letters, the newest last.")?,
    }
    // Whoever invites while no server runs would look for the letter here in vain.
    if waiting > 0 {
        writeln!(out, "{waiting} on the way: a running server delivers within a second.")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::actor::Actor;
    use crate::base::text::EmailAddress;
    use crate::base::time::Timestamp;
    use crate::config::{Config, Sources};
    use crate::mail::transport::Letter;
    use crate::outbox::{Job, Mail};
    use crate::work::Origin;

    #[tokio::test]
    async fn the_newest_letters_are_shown_the_newest_last() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let server = Server::open(config).await.unwrap();
        let said = async |limit| {
            let mut out = Vec::new();
            run(&server, &MailboxArgs { limit }, &mut out).await.unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(said(10).await, "No letters.\n");
        let mut tx = server.ground.db.write().await.unwrap();
        for n in 1..=3 {
            let letter = Letter {
                message_id: format!("<{n}@acme.example>"),
                to: EmailAddress::parse("ana@acme.example").unwrap(),
                subject: format!("Letter {n}"),
                text: format!("https://id.acme.example/{n}\u{1b}[8m\n"),
                html: "<p>not shown</p>".to_owned(),
            };
            mailbox::put(&mut tx, &server.ground.sealer, &letter, Timestamp::from_seconds(n)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let expected = "Date:    1970-01-01T00:00:02Z\nTo:      ana@acme.example\nSubject: Letter 2\n\nhttps://id.acme.example/2 [8m\n\n--------\n\
                        Date:    1970-01-01T00:00:03Z\nTo:      ana@acme.example\nSubject: Letter 3\n\nhttps://id.acme.example/3 [8m\n\n--------\n\
                        2 letters, the newest last.\n";
        assert_eq!(said(2).await, expected);

        let mut work = server.ground.begin(Actor::System { label: "test" }, Origin::default()).await.unwrap();
        let (to, [subject, text, html]) = (EmailAddress::parse("bo@acme.example").unwrap(), ["Hi", "a", "b"].map(str::to_owned));
        work.enqueue(&Job::Mail(Mail { to, subject, text, html })).await.unwrap();
        work.commit().await.unwrap();
        assert_eq!(said(2).await, format!("{expected}1 on the way: a running server delivers within a second.\n"));
        server.close().await;
    }
}
