//! The sealing key: from the settings, or on SQLite from a file beside the database that the first start makes.
//!
//! What the database keeps of it (`seal_check`) makes a start with a wrong or missing key fail, instead of going on with
//! new keys and leaving everything sealed before unreadable.

use super::StartError;
use crate::base::fault::Fault;
use crate::base::secret::{Secret, random_token};
use crate::config::{Config, DatabaseUrl};
use crate::crypto::seal::{SealKey, Sealer};
use crate::db::{Db, Tx, execute, optional};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// The name of the key's file in the data directory.
const FILE: &str = "seal.key";
/// The row of `installation` by which a database knows its key.
const CHECK: &str = "seal_check";
/// A key is 44 characters; a file beyond this is something else.
const LARGEST: u64 = 4_096;

/// What the settings say about the key.
pub(super) enum Configured {
    /// These keys.
    Keys(Vec<SealKey>),
    /// Nothing: it is kept in this file.
    File(PathBuf),
}

/// The keys of the settings. PostgreSQL is shared by many nodes, so none of them may make up its own.
pub(super) fn configured(config: &Config) -> Result<Configured, StartError> {
    match (&config.secrets.seal_key, &config.database.url) {
        (Some(text), _) => {
            let keys = text.expose().split(',').map(SealKey::parse).collect::<Result<Vec<_>, _>>();
            keys.map(Configured::Keys).map_err(StartError::SealKey)
        }
        (None, DatabaseUrl::Sqlite(_)) => Ok(Configured::File(config.server.data_dir.join(FILE))),
        (None, DatabaseUrl::Postgres(_)) => Err(StartError::SealKeyNeeded),
    }
}

/// Makes the data directory, readable by nobody else. One that is there already keeps its permissions.
pub(super) fn make_private_directory(path: &Path) -> Result<(), StartError> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.map_err(|reason| StartError::DataDir { path: path.to_owned(), reason })
}

/// The sealer of this database, known to be the right one. The database must be migrated.
pub(super) async fn sealer(db: &Db, config: &Config, configured: Configured) -> Result<Sealer, StartError> {
    // Read before the file: whoever writes the value has made the file before, so a value without a file means that the
    // file is lost, even when two processes start at once.
    let mut tx = db.read().await?;
    let known = read_check(&mut tx).await?;
    drop(tx);
    let (keys, origin) = match configured {
        Configured::Keys(keys) => (keys, "in secrets.seal_key".to_owned()),
        Configured::File(path) => {
            let key = match (read_file(&path)?, &known) {
                (Some(key), _) => key,
                (None, Some(_)) => return Err(StartError::SealKeyMissing { path }),
                (None, None) => make_file(&path, &config.server.data_dir)?,
            };
            (vec![key], format!("in {}", path.display()))
        }
    };
    let sealer = Sealer::new(keys).map_err(StartError::SealKey)?;
    let known = match known {
        Some(known) => known,
        None => write_check(db, &sealer).await?,
    };
    if sealer.verifies(&known) { Ok(sealer) } else { Err(StartError::SealKeyWrong { origin }) }
}

async fn read_check(tx: &mut Tx) -> Result<Option<Vec<u8>>, Fault> {
    Ok(optional!(tx, (Vec<u8>,), "SELECT fact FROM installation WHERE name = $1", CHECK)?.map(|(fact,)| fact))
}

/// Writes the value unless another process was faster; answers the one that counts.
async fn write_check(db: &Db, sealer: &Sealer) -> Result<Vec<u8>, Fault> {
    let mut tx = db.write().await?;
    execute!(tx, "INSERT INTO installation (name, fact) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING", CHECK, sealer.check_value())?;
    let known = read_check(&mut tx).await?;
    tx.commit().await?;
    known.ok_or(Fault::broken("the check value of the sealing key was just written and is not there"))
}

fn unusable(path: &Path, reason: impl std::fmt::Display) -> StartError {
    StartError::SealKeyFile { path: path.to_owned(), reason: reason.to_string() }
}

fn read_file(path: &Path) -> Result<Option<SealKey>, StartError> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unusable(path, error)),
    };
    if file.metadata().is_ok_and(|about| about.permissions().mode() & 0o077 != 0) {
        tracing::warn!(path = %path.display(), "other users of this machine may read the sealing key; chmod 600 it");
    }
    let mut text = String::new();
    let read = file.take(LARGEST).read_to_string(&mut text);
    let text = Secret::new(text);
    read.map_err(|error| unusable(path, error))?;
    SealKey::parse(text.expose()).map(Some).map_err(|error| unusable(path, error))
}

/// Makes the key's file. It appears whole under its name or not at all, and only for the first of several processes; the
/// others take its key.
fn make_file(path: &Path, directory: &Path) -> Result<SealKey, StartError> {
    let fresh = SealKey::generate();
    let draft = directory.join(format!("{FILE}.{}", random_token::<16>()));
    let made = write_draft(&draft, &fresh).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    match made {
        Ok(()) => {
            removed.and_then(|()| File::open(directory)?.sync_all()).map_err(|error| unusable(path, error))?;
            tracing::info!(path = %path.display(), "made the sealing key; keep a copy of it apart from backups of the database");
            Ok(fresh)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read_file(path)?.ok_or_else(|| unusable(path, "it was there a moment ago and is gone")),
        Err(error) => Err(unusable(path, error)),
    }
}

fn write_draft(draft: &Path, key: &SealKey) -> std::io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
    file.write_all(key.to_text().expose().as_bytes())?;
    file.write_all(b"\n")?;
    // A database whose key did not reach the disk could never be opened again.
    file.sync_all()
}
