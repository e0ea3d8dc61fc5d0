//! `gatehouse audit verify`: whether the record of what happened is as it was written. `gatehouse audit export`: the record as
//! NDJSON. `gatehouse audit erase`: what it holds about a person goes.

mod erase;

pub use erase::erase;

use super::Failure;
use crate::actor::Actor;
use crate::audit::search::{self, Filter, From, Reader};
use crate::audit::{self, Head, Kind, Line};
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::identity::user::trail;
use crate::server::Server;
use crate::work::Origin;
use clap::{Args, Subcommand};
use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// Events read at once.
const STEP: usize = 1_000;

/// What can be done with the audit trail.
#[derive(Subcommand)]
pub enum AuditCommand {
    /// Walk the whole chain and list what was changed, removed, put in between or cut off; the exit code is 1 if anything was.
    Verify {
        /// A head that was kept outside of the database, from the log or an earlier run: shows whether the chain was shortened since.
        #[arg(long, value_name = "POSITION:HASH")]
        head: Option<Head>,
    },
    /// Write events as NDJSON, the oldest first: one JSON object in each line, as docs/audit-event.schema.json describes it.
    Export(ExportArgs),
    /// Erase for good what the record holds about a person: events about them, by them, and those that mention them. The chain stays whole.
    Erase {
        /// The person, also one who was deleted: an e-mail address that they have or had, or their id.
        #[arg(value_name = "EMAIL_OR_ID")]
        who: String,
    },
}

/// Which events, and where to.
#[derive(Args)]
pub struct ExportArgs {
    /// From this day or instant on, such as 2026-01-31 or 2026-01-31T08:00:00Z.
    #[arg(long, value_name = "TIME", value_parser = since)]
    since: Option<Timestamp>,
    /// Until this day (to its end) or before this instant.
    #[arg(long, value_name = "TIME", value_parser = until)]
    until: Option<Timestamp>,
    /// Only this kind, such as `sign_in.failed`; may be given several times.
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Vec<Kind>,
    /// Only what this one did: an e-mail address, a client id, an id, `system` or `anonymous`.
    #[arg(long, value_name = "WHO")]
    actor: Option<String>,
    /// Only what is about this: an e-mail address, an id, or `kind:id`, such as `group:0198...`.
    #[arg(long, value_name = "WHAT")]
    subject: Option<String>,
    /// The file to write, which must not be there yet; without it the lines go to stdout.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

fn since(text: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(text).ok_or("must be a day such as 2026-01-31, or an instant such as 2026-01-31T08:00:00Z")
}

fn until(text: &str) -> Result<Timestamp, &'static str> {
    search::until(text).ok_or("must be a day such as 2026-01-31, or an instant such as 2026-01-31T08:00:00Z")
}

fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| format!("no such kind; the kinds are: {}", Kind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>().join(", ")))
}

/// Does one of them.
pub async fn run(server: &Server, command: &AuditCommand, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        AuditCommand::Verify { head } => verify(server, head.as_ref(), out).await,
        AuditCommand::Erase { who } => erase(server, who, out).await,
        AuditCommand::Export(args) => match &args.out {
            None => export(server, args, out).await.map(|_| ()),
            Some(path) => {
                let mut file = New::create(path)?;
                let events = export(server, args, &mut file.writer).await?;
                file.keep(path)?;
                Ok(writeln!(out, "{events} events are in {}", path.display())?)
            }
        },
    }
}

/// A file that is there under its name only when it is whole.
struct New {
    writer: BufWriter<File>,
    part: PathBuf,
}

impl New {
    fn create(path: &Path) -> io::Result<Self> {
        if path.exists() {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("{} is there already", path.display())));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        // It holds personal data.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let part = PathBuf::from(part);
        Ok(Self { writer: BufWriter::new(options.open(&part)?), part })
    }

    fn keep(self, path: &Path) -> io::Result<()> {
        let file = self.writer.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        std::fs::rename(&self.part, path)
    }
}

/// Writes every event that is meant and happened before now; answers how many.
async fn export(server: &Server, args: &ExportArgs, out: &mut impl Write) -> Result<u64, Failure> {
    let ground = &server.ground;
    let actor = Actor::System { label: "audit export" };
    let reader = Reader::of(&actor).map_err(|denied| Fault::new("export the audit trail", denied))?;
    let mut filter = Filter { kinds: args.kind.clone(), since: args.since, ..Filter::default() };
    let mut tx = ground.db.read().await?;
    trail::by(&mut tx, &mut filter, args.actor.as_deref().unwrap_or_default()).await?;
    trail::about(&mut tx, &mut filter, args.subject.as_deref().unwrap_or_default()).await?;
    drop(tx);
    let now = ground.clock.now();
    filter.until = Some(args.until.map_or(now, |until| until.min(now)));
    ground.work(&actor, &Origin::default(), async |work| work.record_export("audit", "command line").await).await?;
    let (mut from, mut written) = (From::Oldest, 0);
    loop {
        let mut tx = ground.db.read().await?;
        let entries = search::page(&mut tx, reader, &filter, from, STEP).await?;
        drop(tx);
        for entry in &entries {
            out.write_all(Line::of(entry).text().map_err(Fault::from)?.as_bytes())?;
            written += 1;
        }
        match entries.last() {
            Some(last) if entries.len() == STEP => from = From::NewerThan(last.cursor()),
            _ => break,
        }
    }
    out.flush()?;
    Ok(written)
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
