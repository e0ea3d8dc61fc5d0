//! Floor 6: the command line, one file for each command.
//!
//! What a command has to say goes to stdout, what went wrong and the log to stderr. Serving is not here: it needs the
//! workers and the pages, which are strangers to this folder; `main` puts them together.

pub mod admin;
pub mod apply;
pub mod audit;
pub mod config;
pub mod explain;
pub mod healthcheck;
pub mod invite;
pub mod keys;
pub mod mailbox;
pub mod migrate;
pub mod outbox;

use crate::base::fault::Fault;
use crate::config::{Config, ConfigErrors, DatabaseUrl, Sources};
use crate::lifecycle::setup::LinkError;
use crate::log;
use crate::oauth::key;
use crate::server::{Server, StartError};
use clap::error::ErrorKind;
use clap::{Arg, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// What was asked on the command line. Not printable: settings may be secrets.
#[derive(Parser)]
#[command(name = "gatehouse", version, about = "An identity provider: sign-in for your apps, and access that you can see, predict and take back.")]
pub struct Cli {
    /// What to do; without a command the server runs.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The configuration file; without it, gatehouse.toml is read if it is in the working directory.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// One setting, stronger than file and environment, such as server.listen=127.0.0.1:9000; may be repeated.
    #[arg(short = 's', long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    pub settings: Vec<(String, String)>,
}

impl Cli {
    /// Reads a command line. `--config` and `--set` may stand before and after the command, also at both places: clap's own
    /// global arguments would silently forget those before it.
    pub fn read(line: impl IntoIterator<Item = impl Into<OsString> + Clone>) -> Result<Self, clap::Error> {
        let command = Self::command();
        let everywhere: Vec<Arg> = command.get_arguments().filter(|arg| matches!(arg.get_id().as_str(), "config" | "settings")).cloned().collect();
        let mut command = with_everywhere(command, &everywhere, false);
        let mut matches = command.try_get_matches_from_mut(line)?;
        let mut cli = Self::from_arg_matches_mut(&mut matches.clone())?;
        (cli.config, cli.settings) = (None, Vec::new());
        loop {
            let config = matches.remove_one::<PathBuf>("config");
            if config.is_some() && cli.config.is_some() {
                return Err(command.error(ErrorKind::ArgumentConflict, "--config names two files; give one"));
            }
            cli.config = cli.config.or(config);
            cli.settings.extend(matches.remove_many::<(String, String)>("settings").into_iter().flatten());
            match matches.remove_subcommand() {
                Some((_, below)) => matches = below,
                None => return Ok(cli),
            }
        }
    }
}

/// The command, with these arguments at each command below it.
fn with_everywhere(command: clap::Command, args: &[Arg], here: bool) -> clap::Command {
    let command = if here { command.args(args) } else { command };
    command.mut_subcommands(|below| with_everywhere(below, args, true))
}

/// The commands.
#[derive(Subcommand)]
pub enum Command {
    /// Run the server; this is also what happens without a command.
    Serve,
    /// Bring the database up to date and end; the server does the same when it starts.
    Migrate,
    /// Make the organization what a TOML file says: creates and updates, never deletes, and all of it or nothing.
    Apply(apply::ApplyArgs),
    /// Invite a person by mail with roles and groups, send an invitation again, or take it back.
    Invite(invite::InviteArgs),
    /// Say why somebody may do something at an app and stage, by every way; or why not, and which roles would give it.
    Explain(explain::ExplainArgs),
    /// Check that nobody changed the record of what happened, write it to a file, or erase what it holds about a person.
    Audit {
        /// What to do with it.
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Look after the keys that sign tokens.
    Keys {
        /// What to do with them.
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Look at the settings: where each comes from, and whether they hold together.
    Config {
        /// What to do with them.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Ask the running server whether it is ready; the exit code is 0 if it is, for containers and scripts.
    Healthcheck,
    /// See the mails that could not be delivered, and send them again.
    Outbox {
        /// What to do with it.
        #[command(subcommand)]
        command: outbox::OutboxCommand,
    },
    /// Do what only the operator at the server may: make a link to set up the organization.
    Admin {
        /// What to do.
        #[command(subcommand)]
        command: admin::AdminCommand,
    },
    /// Show the letters of the built-in mailbox, which keeps mail while no mail server is configured.
    Mailbox(mailbox::MailboxArgs),
}

/// What can be done with the settings.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Say whether the settings hold together, or everything that is wrong with them.
    Check,
    /// List every setting with its value, its origin and its meaning; secrets are masked.
    Print,
}

/// Why a command did not do what was asked: sentences for the operator.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The settings.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The server could not be built.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The file could not be read or applied.
    #[error(transparent)]
    Apply(#[from] apply::Failure),
    /// The invitation was refused.
    #[error(transparent)]
    Invite(#[from] invite::InviteCliError),
    /// There is nothing by that name to explain.
    #[error(transparent)]
    Explain(#[from] explain::ExplainError),
    /// The keys could not be rotated.
    #[error(transparent)]
    Keys(#[from] key::RotateError),
    /// No claim link was made.
    #[error(transparent)]
    ClaimLink(#[from] LinkError),
    /// The record of what happened is not as it was.
    #[error("the audit chain is not whole; problems found: {0}")]
    Audit(usize),
    /// What the record holds about a person was not erased.
    #[error(transparent)]
    Erase(#[from] crate::audit::EraseError),
    /// Nobody like this is in the record.
    #[error("the audit trail holds nothing about {0:?}: give an e-mail address that they have or had, or their id")]
    NoTrace(String),
    /// The server is not there or not ready.
    #[error("not ready: {0}")]
    Health(String),
    /// A command that only reads found nothing to read.
    #[error("there is no database at {}: is this the right directory, or should --config or --set database.url=... say where it is?", .0.display())]
    NoDatabase(PathBuf),
    /// A rehearsal found a database of before.
    #[error("the database is not up to date, and a dry run changes nothing: run `gatehouse migrate` first")]
    OldDatabase,
    /// Stdout is gone.
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What is left to do after the command line was read.
#[derive(Debug)]
pub enum Next {
    /// Run the server with these settings.
    Serve(Box<Config>),
    /// Nothing: the command is done.
    End,
}

fn setting(text: &str) -> Result<(String, String), &'static str> {
    let (name, value) = text.split_once('=').ok_or("must look like name=value, such as server.listen=127.0.0.1:9000")?;
    Ok((name.trim().to_owned(), value.to_owned()))
}

/// Does what was asked, or says that the server shall run.
pub fn run(cli: Cli, out: &mut impl Write) -> Result<Next, Failure> {
    let sources = Sources::of_process(cli.config, cli.settings);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => return Ok(Next::Serve(Box::new(Config::load(sources)?))),
        Command::Config { command: ConfigCommand::Check } => out.write_all(config::check(sources)?.as_bytes())?,
        Command::Config { command: ConfigCommand::Print } => out.write_all(config::print(sources)?.as_bytes())?,
        Command::Healthcheck => healthcheck::run(&Config::load(sources)?)?,
        Command::Migrate => on_server(Config::load(sources)?, async |server| migrate::run(server, out).await)?,
        Command::Apply(args) => {
            // Read before anything is made: a mistake in the file should leave no empty database behind.
            let config = Config::load(sources)?;
            let file = apply::read(&args.file)?;
            let config = if args.dry_run { up_to_date(config)? } else { config };
            on_server(config, async |server| apply::run(server, &args, &file, out).await)?;
        }
        Command::Invite(args) => {
            on_server(existing(Config::load(sources)?)?, async |server| {
                let life = server.config.invitations.life_days;
                Ok(writeln!(out, "{}", printable(&invite::run(&server.ground, server.issuer(), life, &args).await?))?)
            })?;
        }
        Command::Explain(args) => on_server(existing(Config::load(sources)?)?, async |server| {
            let said = explain::run(&server.ground, &args).await?;
            Ok(writeln!(out, "{}", printable(&said))?)
        })?,
        Command::Keys { command } => on_server(existing(Config::load(sources)?)?, async |server| keys::run(server, &command, out).await)?,
        Command::Audit { command } => on_server(existing(Config::load(sources)?)?, async |server| audit::run(server, &command, out).await)?,
        Command::Outbox { command } => on_server(existing(Config::load(sources)?)?, async |server| outbox::run(server, &command, out).await)?,
        Command::Admin { command } => on_server(existing(Config::load(sources)?)?, async |server| admin::run(server, &command, out).await)?,
        Command::Mailbox(args) => on_server(existing(Config::load(sources)?)?, async |server| mailbox::run(server, &args, out).await)?,
    }
    out.flush()?;
    Ok(Next::End)
}

/// The settings, if the database that they name is there: who only looks should not make an empty one by a wrong directory.
fn existing(config: Config) -> Result<Config, Failure> {
    match &config.database.url {
        DatabaseUrl::Sqlite(path) if !path.exists() => Err(Failure::NoDatabase(path.clone())),
        _ => Ok(config),
    }
}

/// The settings, if the database that they name is as this version leaves it: a start would bring it up to date, and who only rehearses
/// should change nothing.
fn up_to_date(config: Config) -> Result<Config, Failure> {
    let config = existing(config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let db = Server::database(&config).await?;
        let is = db.is_migrated().await;
        db.close().await;
        if is { Ok(config) } else { Err(Failure::OldDatabase) }
    })
}

/// Runs a command on the parts of a server, without workers and pages.
fn on_server(config: Config, command: impl AsyncFnOnce(&Arc<Server>) -> Result<(), Failure>) -> Result<(), Failure> {
    log::start(&config.log)?;
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let server = Server::open(config).await?;
        let done = command(&server).await;
        server.close().await;
        done
    })
}

/// The names that are there, those most like a name that nothing has first.
fn nearest<'a>(key: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let mut near: Vec<&str> = known.into_iter().collect();
    near.sort_by(|a, b| strsim::jaro_winkler(key, b).total_cmp(&strsim::jaro_winkler(key, a)));
    let more = if near.len() > 5 { ", ..." } else { "" };
    near.truncate(5);
    if near.is_empty() { "there are none".to_owned() } else { format!("known: {}{more}", near.join(", ")) }
}

/// A text that cannot move the cursor or recolour the terminal of whoever reads it.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together_and_every_command_is_explained() {
        Cli::command().debug_assert();
        let mut commands = vec![Cli::command()];
        while let Some(command) = commands.pop() {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(about.len() > 30, "{} is explained in a sentence, not by {about:?}", command.get_name());
            commands.extend(command.get_subcommands().filter(|command| command.get_name() != "help").cloned());
        }
    }

    #[test]
    fn flags_are_settings_wherever_they_stand() {
        let parse = |line: &str| Cli::read(line.split(' ')).map_err(|error| error.to_string());
        let cli = parse("gatehouse -s server.listen=127.0.0.1:9 migrate --set mail.smtp_url=smtp://u:p@h?tls=required --config x.toml").unwrap();
        assert!(matches!(cli.command, Some(Command::Migrate)));
        let given = [("server.listen", "127.0.0.1:9"), ("mail.smtp_url", "smtp://u:p@h?tls=required")];
        assert_eq!(cli.settings, given.map(|(name, value)| (name.to_owned(), value.to_owned())));
        assert_eq!(cli.config, Some(PathBuf::from("x.toml")));
        assert!(parse("gatehouse").unwrap().command.is_none());
        let applies = |line: &str| matches!(parse(line).unwrap().command, Some(Command::Apply(args)) if args.dry_run);
        assert!(applies("gatehouse apply --dry-run org.toml") && !applies("gatehouse apply org.toml"));
        let cli = parse("gatehouse audit -s log.level=warn verify -s log.format=json --config y.toml").unwrap();
        assert_eq!((cli.settings.len(), cli.config), (2, Some(PathBuf::from("y.toml"))), "at every place of a deep command");
        for (wrong, why) in [
            ("gatehouse -s listen", "must look like name=value"),
            ("gatehouse --config a.toml migrate --config b.toml", "names two files"),
            ("gatehouse swerve", "serve"),
            ("gatehouse apply", "<FILE>"),
            ("gatehouse audit verify --head 12", "a head looks like"),
        ] {
            let said = parse(wrong).err().unwrap();
            assert!(said.contains(why), "{said}");
        }
    }

    #[test]
    fn who_only_looks_makes_no_database() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let refused = existing(config.clone()).unwrap_err();
        assert!(refused.to_string().contains("data/gatehouse.db: is this the right directory"), "{refused}");
        assert!(!dir.path().join("data").exists());
        std::fs::create_dir(dir.path().join("data")).unwrap();
        std::fs::write(dir.path().join("data/gatehouse.db"), "").unwrap();
        assert!(existing(config.clone()).is_ok());
        // Nothing has run in it yet, and a rehearsal does not begin to.
        assert!(matches!(up_to_date(config), Err(Failure::OldDatabase)));
    }

    #[test]
    fn letters_do_not_paint_the_terminal() {
        assert_eq!(printable("a\u{1b}[31mred\r\nb\u{9b}0m"), "a [31mred \nb 0m");
    }
}
