//! Why a server does not start: sentences for the operator, each with what to do.

use crate::base::fault::Fault;
use crate::crypto::seal::SealKeyError;
use crate::mail::transport::SettingsError;
use std::path::PathBuf;

/// Why the server could not start. Nothing here quotes a key or a password.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data directory cannot be made.
    #[error("the data directory {} cannot be made ({reason}): let this user write there, or set server.data_dir to another place", .path.display())]
    DataDir {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: std::io::Error,
    },
    /// The configured sealing key is no key.
    #[error("secrets.seal_key: {0}")]
    SealKey(#[source] SealKeyError),
    /// The file of the sealing key cannot be read or written.
    #[error("the sealing key in {} cannot be used: {reason}", .path.display())]
    SealKeyFile {
        /// Which.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// PostgreSQL without a configured key.
    #[error(
        "secrets.seal_key is not set. PostgreSQL is shared by several nodes, which must all open what one of them seals: make a key with `openssl rand -base64 32` \
         and give every node the same, for example through GATEHOUSE_SECRETS__SEAL_KEY_FILE"
    )]
    SealKeyNeeded,
    /// The database was made with a key that is not here.
    #[error(
        "the sealing key is missing: this database was first used with a key that belongs in {}. Put that file back (backups of the database leave it out on purpose), \
         or set secrets.seal_key. No new key was made, because nothing sealed before would open with it",
        .path.display()
    )]
    SealKeyMissing {
        /// Where the key belongs.
        path: PathBuf,
    },
    /// The database was made with another key.
    #[error(
        "the sealing key {origin} is not the one of this database: signing keys and other secrets sealed before would not open. Give the key that was used first, \
         also as a second one after a comma; or check that database.url names the right database"
    )]
    SealKeyWrong {
        /// Where the wrong key came from.
        origin: String,
    },
    /// Mail settings that cannot be used.
    #[error(transparent)]
    Mail(#[from] SettingsError),
    /// The database does not open.
    #[error("the database cannot be opened; is database.url right? {0}")]
    Database(#[source] Fault),
    /// The schema cannot be brought up to date.
    #[error("the database could not be brought up to date: {0}")]
    Migrate(#[source] Fault),
    /// Unexpected.
    #[error("the server could not start: {0}")]
    Fault(#[from] Fault),
}
