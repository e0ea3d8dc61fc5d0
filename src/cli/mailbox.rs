//! `gatehouse mailbox`: the letters that the built-in mailbox kept. They let people in, so only the operator at the server
//! reads them here.

use super::{Failure, printable};
use crate::mail::mailbox;
use crate::mail::transport::Transport;
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
    drop(tx);
    if !matches!(server.transport, Transport::Mailbox) {
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
    Ok(())
}
