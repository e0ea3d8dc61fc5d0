//! The mail server that an Administrator chose: one row, its password sealed. Without one, letters stay in the mailbox.
//!
//! Rule 3d: whoever says where mail goes could read the links in it, so only a holder of everything does.

use super::transport::{self, Transport};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::{DisplayName, EmailAddress};
use crate::crypto::seal::{Place, Sealer};
use crate::db::{Tx, execute, one};
use crate::outbox;
use crate::work::{Changing, Work};
use lettre::Address;
use lettre::message::Mailbox;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use std::path::PathBuf;
use url::Host;

crate::choice! {
    /// How the way to a mail server is protected.
    pub enum Security {
        /// STARTTLS, or nothing is sent.
        StartTls = "starttls",
        /// TLS from the first byte.
        Tls = "tls",
        /// Not at all: for a server on this machine.
        None = "none",
    }
}

/// A mail server and who writes to it.
#[derive(Clone, Debug)]
pub struct MailServer {
    /// The host, as `host` spells it.
    pub host: String,
    /// The port.
    pub port: u16,
    /// How the way there is protected.
    pub security: Security,
    /// User and password, where the server asks for them.
    pub credentials: Option<(String, Secret<String>)>,
    /// The name of the sender.
    pub sender_name: Option<DisplayName>,
    /// The address of the sender.
    pub sender_address: EmailAddress,
}

/// The host in one spelling: a name in ASCII, or an address (IPv6 in brackets). `None`: it is none.
pub fn host(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || text.len() > 253 {
        return None;
    }
    let bracketed = if text.contains(':') && !text.starts_with('[') { format!("[{text}]") } else { text.to_owned() };
    Host::parse(&bracketed).ok().map(|host| host.to_string())
}

impl MailServer {
    /// Whether a password for `other` is one for this server too: same host, port, protection and user.
    pub fn is_same_account(&self, other: &Self) -> bool {
        let user = |server: &Self| server.credentials.as_ref().map(|(user, _)| user.clone());
        (&self.host, self.port, self.security, user(self)) == (&other.host, other.port, other.security, user(other))
    }

    fn sender(&self) -> Result<Mailbox, transport::SettingsError> {
        let local = self.sender_address.as_str().rsplit_once('@').map_or("", |(local, _)| local);
        let address = Address::new(local, self.sender_address.domain()).map_err(|_| transport::SettingsError::From)?;
        Ok(Mailbox::new(self.sender_name.as_ref().map(ToString::to_string), address))
    }

    /// The way to this server. `ca_file` holds certificates to trust beside the system's.
    pub fn transport(&self, ca_file: Option<PathBuf>) -> Result<Transport, transport::SettingsError> {
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (scheme, tls) = match self.security {
            Security::StartTls => ("smtp", "?tls=required"),
            Security::Tls => ("smtps", ""),
            Security::None => ("smtp", "?tls=none"),
        };
        let who = self.credentials.as_ref().map(|(user, password)| format!("{}:{}@", encode(user), encode(password.expose())));
        let url = format!("{scheme}://{}{}:{}{tls}", who.unwrap_or_default(), self.host, self.port);
        let from = Some(self.sender()?.to_string());
        Transport::open(&transport::Settings { smtp_url: Some(Secret::new(url)), from, ca_file, ..transport::Settings::default() })
    }
}

/// Why the mail server could not be chosen.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What was chosen, at one version.
#[derive(Debug)]
pub struct Chosen {
    /// Rises with every change.
    pub version: i64,
    /// The server; `None`: letters stay in the mailbox.
    pub server: Option<MailServer>,
}

/// What the audit trail keeps: no secret.
#[derive(Serialize)]
struct Told<'a> {
    server: Option<Facts<'a>>,
    letters_erased: u64,
}

#[derive(Serialize)]
struct Facts<'a> {
    host: &'a str,
    port: u16,
    security: Security,
    user: Option<&'a str>,
    sender: &'a EmailAddress,
}

fn facts(server: &MailServer) -> Facts<'_> {
    let user = server.credentials.as_ref().map(|(user, _)| user.as_str());
    Facts { host: &server.host, port: server.port, security: server.security, user, sender: &server.sender_address }
}

fn place() -> Place {
    Place::keyed("mail_settings", "password_sealed", "1")
}

/// The version alone: what nodes ask before they deliver.
pub async fn version(tx: &mut Tx) -> Result<i64, Fault> {
    Ok(one!(tx, (i64,), "SELECT version FROM mail_settings WHERE singleton = 1")?.0)
}

/// Whether no server is chosen.
pub async fn is_mailbox(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(one!(tx, (Option<String>,), "SELECT host FROM mail_settings WHERE singleton = 1")?.0.is_none())
}

/// Holds the mailbox open until the work ends: whoever chooses a server meanwhile waits, and then erases what was put in.
/// `false`: it is closed.
pub async fn hold_mailbox(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(execute!(tx, "UPDATE mail_settings SET version = version WHERE singleton = 1 AND host IS NULL")? == 1)
}

/// What is chosen.
pub async fn chosen(tx: &mut Tx, sealer: &Sealer) -> Result<Chosen, Fault> {
    type Row = (Option<String>, i64, Security, Option<String>, Option<Vec<u8>>, Option<DisplayName>, String, i64);
    let (host, port, security, user, sealed, sender_name, sender, version) =
        one!(tx, Row, "SELECT host, port, security, username, password_sealed, sender_name, sender_address, version FROM mail_settings WHERE singleton = 1")?;
    let Some(host) = host else { return Ok(Chosen { version, server: None }) };
    let credentials = match (user, sealed) {
        (Some(user), Some(sealed)) => {
            let plain = sealer.open(&place(), &sealed).map_err(|error| Fault::new("open the password of the mail server", error))?;
            let password = String::from_utf8(plain.expose().clone()).map_err(|error| Fault::new("read the password of the mail server", error))?;
            Some((user, Secret::new(password)))
        }
        _ => None,
    };
    let port = u16::try_from(port).map_err(|error| Fault::new("read the port of the mail server", error))?;
    let sender_address = EmailAddress::parse(&sender).map_err(|error| Fault::new("read the sender of mail", error))?;
    Ok(Chosen { version, server: Some(MailServer { host, port, security, credentials, sender_name, sender_address }) })
}

/// Sends mail through a server from now on. The mailbox is closed, and its letters are erased in the same work: they hold links that
/// nobody should find there later. Try the server out before.
pub async fn choose(work: &mut Work, _: &Changing, server: &MailServer) -> Result<(), ChangeError> {
    work.require_all()?;
    let before = chosen(&mut work.tx, &work.sealer.clone()).await?.server;
    let sealed = server.credentials.as_ref().map(|(_, password)| work.sealer.seal(&place(), password.expose().as_bytes()));
    let user = server.credentials.as_ref().map(|(user, _)| user.clone());
    execute!(
        work.tx,
        "UPDATE mail_settings SET host = $1, port = $2, security = $3, username = $4, password_sealed = $5, sender_name = $6, sender_address = $7,
         version = version + 1 WHERE singleton = 1",
        server.host.as_str(),
        i64::from(server.port),
        server.security,
        user,
        sealed,
        server.sender_name.clone(),
        server.sender_address.as_str()
    )
    .map_err(Fault::from)?;
    // After the row is ours: whoever held the mailbox open has put their letter in by now.
    let letters_erased = super::mailbox::erase(&mut work.tx).await?;
    told(work, before.as_ref(), Some(server), letters_erased).await?;
    Ok(())
}

/// Keeps letters in the mailbox from now on, and forgets the server with its password.
pub async fn choose_mailbox(work: &mut Work, _: &Changing) -> Result<(), ChangeError> {
    work.require_all()?;
    let Some(before) = chosen(&mut work.tx, &work.sealer.clone()).await?.server else { return Ok(()) };
    execute!(
        work.tx,
        "UPDATE mail_settings SET host = NULL, username = NULL, password_sealed = NULL, sender_name = NULL, version = version + 1 WHERE singleton = 1"
    )
    .map_err(Fault::from)?;
    told(work, Some(&before), None, 0).await?;
    Ok(())
}

async fn told(work: &mut Work, before: Option<&MailServer>, after: Option<&MailServer>, letters_erased: u64) -> Result<(), Fault> {
    let event = Event::new(Kind::MailSettingsChanged, Subject::new("mail_settings", 1));
    let event = event.before(&Told { server: before.map(facts), letters_erased: 0 })?.after(&Told { server: after.map(facts), letters_erased })?;
    work.record(event).await
}

/// Gives the mails that were given up their tries again; answers how many.
pub async fn send_again(work: &mut Work, _: &Changing) -> Result<u64, ChangeError> {
    work.require_all()?;
    Ok(outbox::revive(work).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(host: &str, security: Security, credentials: Option<(&str, &str)>) -> MailServer {
        MailServer {
            host: host.to_owned(),
            port: 2525,
            security,
            credentials: credentials.map(|(user, password)| (user.to_owned(), Secret::new(password.to_owned()))),
            sender_name: DisplayName::parse("Acme, \"Ltd\" <x@y>").ok(),
            sender_address: EmailAddress::parse("mail@b\u{fc}cher.example").unwrap(),
        }
    }

    #[test]
    fn hosts_have_one_spelling() {
        for (typed, read) in [
            (" Mail.Acme.Example ", "mail.acme.example"),
            ("127.0.0.1", "127.0.0.1"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
            ("b\u{fc}cher.example", "xn--bcher-kva.example"),
        ] {
            assert_eq!(host(typed).as_deref(), Some(read));
        }
        for bad in ["", "  ", "a b", "mail.example/x", "user@mail.example", "mail.example:25", "mail?x", &"a".repeat(300)] {
            assert_eq!(host(bad), None, "{bad:?}");
        }
    }

    #[tokio::test]
    async fn every_server_that_can_be_typed_has_a_way_or_a_reason() {
        crate::crypto::install();
        let hostile = Some(("me@acme.example", "p:/@?#%\u{20ac} x"));
        for security in [Security::StartTls, Security::Tls] {
            for host in ["mail.acme.example", "[::1]", "192.0.2.1"] {
                assert!(server(host, security, hostile).transport(None).is_ok(), "{host}");
            }
        }
        assert!(server("localhost", Security::None, hostile).transport(None).is_ok() && server("[::1]", Security::None, None).transport(None).is_ok());
        assert!(matches!(server("mail.acme.example", Security::None, None).transport(None), Err(transport::SettingsError::Unprotected)));
        let shown = format!("{:?}", server("localhost", Security::Tls, Some(("me", "hunter2"))));
        assert!(!shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_password_is_for_one_account() {
        let one = server("a.example", Security::Tls, Some(("me", "x")));
        assert!(one.is_same_account(&server("a.example", Security::Tls, Some(("me", "y")))));
        for other in [
            server("b.example", Security::Tls, Some(("me", "x"))),
            server("a.example", Security::StartTls, Some(("me", "x"))),
            server("a.example", Security::Tls, Some(("you", "x"))),
            server("a.example", Security::Tls, None),
            MailServer { port: 25, ..one.clone() },
        ] {
            assert!(!one.is_same_account(&other), "{other:?}");
        }
    }
}
