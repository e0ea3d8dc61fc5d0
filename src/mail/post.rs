//! The post office: which way letters go at this moment. What the settings of the server say comes first, then what an Administrator
//! chose, then the mailbox. Every node asks the version of the choice before it delivers, so a change counts everywhere at once.

use super::settings::{self, MailServer};
use super::transport::{Letter, SendError, Transport};
use crate::base::fault::Fault;
use crate::crypto::seal::Sealer;
use crate::db::Tx;
use std::path::PathBuf;
use std::sync::RwLock;
use std::time::Duration;

/// Somebody waits for the answer to a test, so it takes no longer than this.
const TEST: Duration = Duration::from_secs(15);

/// Where letters go, as people are told.
#[derive(Debug)]
pub enum Way {
    /// To the server that the settings name; nobody changes it in the portal.
    Configured,
    /// To the server that an Administrator chose.
    Chosen(Box<MailServer>),
    /// Into the mailbox.
    Mailbox,
}

/// How a test went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failed {
    /// The server did not answer in time.
    Silent,
    /// What was said: by the server, or of the way to it. One line, clipped.
    Said(String),
}

/// Knows the way.
#[derive(Debug)]
pub struct PostOffice {
    /// The way that the settings demand.
    fixed: Option<Transport>,
    /// The way when nothing else is said.
    without: Transport,
    ca_file: Option<PathBuf>,
    known: RwLock<Option<(i64, Transport)>>,
}

impl PostOffice {
    /// A post office: a mail server of the settings is the only way; anything else is the way as long as nobody chooses a server.
    pub fn new(transport: Transport, ca_file: Option<PathBuf>) -> Self {
        let fixed = matches!(transport, Transport::Smtp(_)).then(|| transport.clone());
        Self { fixed, without: transport, ca_file, known: RwLock::default() }
    }

    /// The way at this moment.
    pub async fn transport(&self, tx: &mut Tx, sealer: &Sealer) -> Result<Transport, Fault> {
        if let Some(fixed) = &self.fixed {
            return Ok(fixed.clone());
        }
        let version = settings::version(tx).await?;
        let known = self.known.read().ok().and_then(|known| known.clone());
        if let Some((_, transport)) = known.filter(|(at, _)| *at == version) {
            return Ok(transport);
        }
        let chosen = settings::chosen(tx, sealer).await?;
        let transport = match &chosen.server {
            Some(server) => self.to(server).map_err(|error| Fault::new("use the mail server that was chosen", error))?,
            None => self.without.clone(),
        };
        if let Ok(mut known) = self.known.write() {
            *known = Some((chosen.version, transport.clone()));
        }
        Ok(transport)
    }

    /// The way to a server, with the certificates that the settings trust.
    pub fn to(&self, server: &MailServer) -> Result<Transport, super::transport::SettingsError> {
        server.transport(self.ca_file.clone())
    }

    /// The way, to be told.
    pub async fn way(&self, tx: &mut Tx, sealer: &Sealer) -> Result<Way, Fault> {
        if self.fixed.is_some() {
            return Ok(Way::Configured);
        }
        Ok(settings::chosen(tx, sealer).await?.server.map_or(Way::Mailbox, |server| Way::Chosen(Box::new(server))))
    }

    /// Whether letters stay here.
    pub async fn keeps_letters(&self, tx: &mut Tx) -> Result<bool, Fault> {
        Ok(self.fixed.is_none() && settings::is_mailbox(tx).await?)
    }
}

/// Sends a letter while somebody waits for the answer.
pub async fn test(transport: &Transport, letter: &Letter) -> Result<(), Failed> {
    match tokio::time::timeout(TEST, transport.send(letter)).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(SendError::Permanent(said) | SendError::Temporary(said))) => Err(Failed::Said(said)),
        Err(_) => Err(Failed::Silent),
    }
}
