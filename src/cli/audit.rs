//! `gatehouse audit`: whether the record of what happened is as it was written, and erasing what it holds about a person.

use super::Failure;
use crate::actor::Actor;
use crate::audit::{self, Head};
use crate::base::id::UserId;
use crate::base::text::EmailAddress;
use crate::identity::user;
use crate::server::Server;
use crate::work::Origin;
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
    /// Erase for good what the record holds about a person: events about them, by them, and those that mention them. The chain stays whole.
    Erase {
        /// The person, also one who was deleted: an e-mail address that they have or had, or their id.
        #[arg(value_name = "EMAIL_OR_ID")]
        who: String,
    },
}

/// Erases and says how much.
pub async fn erase(server: &Server, who: &str, out: &mut impl Write) -> Result<(), Failure> {
    let ground = &server.ground;
    let mut tx = ground.db.read().await?;
    let mut people = Vec::new();
    if let Ok(id) = who.parse::<UserId>() {
        people.push(id);
    } else if let Ok(address) = EmailAddress::parse(who) {
        people.extend(user::by_email(&mut tx, &address).await?.map(|user| user.id));
        people.extend(audit::who_had(&mut tx, address.as_str()).await?);
    }
    people.sort_unstable();
    people.dedup();
    let mut traces = Vec::new();
    for id in people {
        let now = user::by_id(&mut tx, id).await?.map(|user| user.email.to_string());
        let found = audit::traces(&mut tx, id, now.as_deref(), ground.clock.now()).await?;
        if !found.is_empty(&mut tx).await? {
            traces.push(found);
        }
    }
    drop(tx);
    if traces.is_empty() {
        return Err(Failure::NoTrace(who.to_owned()));
    }
    let erased = ground
        .work(&Actor::System { label: "audit erase" }, &Origin::default(), async |work| {
            let mut erased = 0;
            for traces in &traces {
                erased += audit::erase(work, traces).await?;
            }
            Ok::<_, audit::EraseError>(erased)
        })
        .await?;
    writeln!(out, "Erased the payloads of {erased} events. The chain still covers them: gatehouse audit verify")?;
    Ok(())
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
