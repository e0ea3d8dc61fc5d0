//! `gatehouse apply FILE`: the organization as a TOML file says. One work: all of it or nothing; it creates and updates,
//! never deletes, and what the file leaves out stays as it is. A dry run is the same work, undone.

mod access;
mod clients;
mod file;
mod locate;
mod people;
#[cfg(test)]
mod tests;

pub use file::File;

use crate::access::administrators;
use crate::access::begin_change;
use crate::actor::Actor;
use crate::audit::Kind;
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::Slug;
use crate::crypto::password::{PasswordHash, PasswordPolicyError};
use crate::identity::user;
use crate::server::Server;
use crate::work::{Changing, Origin, Work};
use clap::Args;
use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

/// The largest file that is read: tens of thousands of users.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;
/// The largest file of a password.
const LARGEST_PASSWORD: u64 = 4_096;

/// What to apply.
#[derive(Args)]
pub struct ApplyArgs {
    /// The TOML file; docs/examples/acme.toml shows everything that it can hold.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Say what applying the file would change, and change nothing.
    #[arg(long)]
    pub dry_run: bool,
}

/// How many changes of each kind a file makes.
type Changes = BTreeMap<Kind, usize>;

/// Why a file could not be applied. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file cannot be read.
    #[error("cannot read {}: {reason}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// The file does not say what a file can say.
    #[error("{} line {line}{}: {message}", .path.display(), .at.as_ref().map(|at| format!(", {at}")).unwrap_or_default())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// Where, counted from 1.
        line: usize,
        /// The table and the key.
        at: Option<String>,
        /// What is wrong.
        message: String,
    },
    /// An entry was refused.
    #[error("{entry}: {error}")]
    Entry {
        /// Which.
        entry: String,
        /// Why.
        #[source]
        error: Box<dyn Error + Send + Sync>,
    },
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What an entry refers to and does not find (with what is there, most alike first), or leaves out and needs.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the file lists it twice")]
    Twice,
    #[error("there is no stage \"{0}\"; {1}")]
    Stage(Slug, String),
    #[error("there is no app \"{0}\"; {1}")]
    App(Slug, String),
    #[error("the app \"{0}\" is not deployed to the stage \"{1}\"; {2}")]
    Deployment(Slug, Slug, String),
    #[error("the app \"{0}\" has no role \"{2}\" at the stage \"{1}\"; {3}")]
    Role(Slug, Slug, Slug, String),
    #[error("there is no organization role \"{0}\"; {1}")]
    OrganizationRole(Slug, String),
    #[error("there is no group \"{1}\" at the stage \"{0}\"; {2}")]
    Group(Slug, Slug, String),
    #[error("{0:?} is neither every_stage, nor a purpose (development, non_production, production), nor the key of a stage; {1}")]
    Counts(String, String),
    #[error("the file must name it: there is none yet")]
    NoOrganization,
    #[error("give it password_hash or password_file, not both")]
    TwoPasswords,
    #[error("the password in {} {reason}", .path.display())]
    Password { path: PathBuf, reason: PasswordPolicyError },
    #[error("give the name in [owner] only: this is the owner")]
    OwnerNamedTwice,
    #[error("without it nobody could sign in as Administrator: name an owner with password_hash or password_file")]
    NobodyAdministers,
}

/// Names the entry that an error is about.
trait About<T> {
    fn about(self, entry: impl FnOnce() -> String) -> Result<T, Failure>;
}

impl<T, E: Error + Send + Sync + 'static> About<T> for Result<T, E> {
    fn about(self, entry: impl FnOnce() -> String) -> Result<T, Failure> {
        self.map_err(|error| Failure::Entry { entry: entry(), error: Box::new(error) })
    }
}

/// A file being applied.
struct Applying<'a> {
    work: &'a mut Work,
    changing: &'a Changing,
    issuer: &'a str,
}

/// Reads a file and checks what can be checked without the database.
pub fn read(path: &Path) -> Result<File, Failure> {
    let text = read_text(path, LARGEST_FILE)?;
    let mut file: File = toml::from_str(text.expose()).map_err(|error| locate::malformed(path, text.expose(), &error))?;
    file.check()?;
    file.settle_paths(path.parent().unwrap_or(Path::new("")));
    Ok(file)
}

fn read_text(path: &Path, largest: u64) -> Result<Secret<String>, Failure> {
    let unreadable = |reason: String| Failure::Unreadable { path: path.to_owned(), reason };
    let mut text = String::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(largest + 1).read_to_string(&mut text));
    let text = Secret::new(text);
    read.map_err(|error| unreadable(error.to_string()))?;
    if text.expose().len() as u64 > largest { Err(unreadable(format!("it is larger than {largest} bytes"))) } else { Ok(text) }
}

/// Applies a file and says what changed; a dry run says what would.
pub async fn run(server: &Server, args: &ApplyArgs, file: &File, out: &mut impl Write) -> Result<(), super::Failure> {
    let changes = if args.dry_run { Box::pin(rehearse(server, file)).await? } else { apply(server, file).await? };
    let path = args.file.display();
    match (args.dry_run, changes.is_empty()) {
        (false, true) => writeln!(out, "{path}: nothing changed.")?,
        (false, false) => writeln!(out, "{path} is applied:")?,
        (true, true) => writeln!(out, "{path}: nothing was changed, and applying it would change nothing.")?,
        (true, false) => writeln!(out, "{path}: nothing was changed. Applying it would make these changes:")?,
    }
    for (kind, count) in &changes {
        writeln!(out, "{count:>6}  {kind}")?;
    }
    Ok(())
}

/// Applies a file; answers how many changes of each kind it made.
pub async fn apply(server: &Server, file: &File) -> Result<Changes, Failure> {
    // Before the work: hashing is slow.
    let owner_password = owner_password(server, file).await?;
    let actor = Actor::System { label: "apply" };
    let rule = async |work: &mut Work| {
        make(work, server.issuer(), file, owner_password.as_ref()).await?;
        Ok::<_, Failure>(counted(work))
    };
    server.ground.work(&actor, &Origin::default(), rule).await
}

/// Applies a file and undoes it at once; answers how many changes of each kind applying it would make now.
async fn rehearse(server: &Server, file: &File) -> Result<Changes, Failure> {
    let owner_password = owner_password(server, file).await?;
    let actor = Actor::System { label: "apply" };
    let rule = async |work: &mut Work| make(work, server.issuer(), file, owner_password.as_ref()).await;
    server.ground.rehearse(&actor, &Origin::default(), rule, async |work| Ok(counted(work))).await
}

/// Makes the organization what a file says.
async fn make(work: &mut Work, issuer: &str, file: &File, owner_password: Option<&PasswordHash>) -> Result<(), Failure> {
    let changing = begin_change(work).await?;
    let mut applying = Applying { work, changing: &changing, issuer };
    applying.everything(file, owner_password).await
}

/// What a work changed so far.
fn counted(work: &Work) -> Changes {
    let mut changes = Changes::new();
    for kind in work.recorded() {
        *changes.entry(*kind).or_default() += 1;
    }
    changes
}

impl Applying<'_> {
    async fn everything(&mut self, file: &File, owner_password: Option<&PasswordHash>) -> Result<(), Failure> {
        self.organization(file.organization.as_ref()).await?;
        self.stages(&file.stage).await?;
        self.own_permissions(&file.permission).await?;
        self.organization_roles(&file.organization_role).await?;
        self.apps(&file.app).await?;
        self.groups(&file.group).await?;
        self.clients(&file.client).await?;
        if let Some(owner) = &file.owner {
            self.owner(owner, owner_password).await?;
        }
        self.users(&file.user).await?;
        // Rule 2 holds for files too.
        match administrators::one_remains(self.work, self.changing).await {
            Err(administrators::RemainError::LastAdministrator) => Err(Refused::NobodyAdministers).about(|| "owner".to_owned()),
            Err(administrators::RemainError::Fault(fault)) => Err(fault.into()),
            Ok(()) => Ok(()),
        }
    }
}

/// The hash of the owner's first password. A file with it need not stay: it is read only while the owner has none.
async fn owner_password(server: &Server, file: &File) -> Result<Option<PasswordHash>, Failure> {
    let Some(owner) = &file.owner else { return Ok(None) };
    if let Some(hash) = &owner.password_hash {
        return Ok(Some(hash.0.clone()));
    }
    let Some(path) = &owner.password_file else { return Ok(None) };
    let mut tx = server.ground.db.read().await?;
    let known = user::sign_in(&mut tx, &owner.email).await?;
    drop(tx);
    if known.is_some_and(|(user, password)| user.email_verified_at.is_some() && password.is_some()) {
        return Ok(None);
    }
    let about = || "owner".to_owned();
    let text = read_text(path, LARGEST_PASSWORD).about(about)?;
    let password = Secret::new(text.expose().trim_end_matches(['\r', '\n']).to_owned());
    let words = vec![owner.name.as_str().to_owned(), owner.email.as_str().to_owned()];
    server.passwords.judge(&password, words).await.about(about)?.map_err(|reason| Refused::Password { path: path.clone(), reason }).about(about)?;
    Ok(Some(server.passwords.hash(&password).await.about(about)?))
}
