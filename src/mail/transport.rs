//! The ways a letter can go: to an SMTP server, into the built-in mailbox, or into memory.

use crate::base::secret::Secret;
use crate::base::text::EmailAddress;
use crate::base::time::Clock;
use lettre::message::header::{Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::{Error as SmtpError, PoolConfig};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::{Host, Url};

/// How mail leaves: the section `mail` of the configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// `smtp://user:password@host:587` (STARTTLS) or `smtps://user:password@host:465` (TLS from the first byte).
    /// Reserved characters in user and password are percent-encoded. `?tls=opportunistic` and `?tls=none` relax `smtp`.
    /// Without it, letters go to the built-in mailbox.
    pub smtp_url: Option<Secret<String>>,
    /// Whom letters come from: `Gatehouse <no-reply@example.org>`.
    pub from: Option<String>,
    /// A PEM file with certificates to trust beside the system's: for a mail server with a private CA.
    pub ca_file: Option<PathBuf>,
    /// How long connecting may take; a whole letter may take three times as long.
    pub timeout_seconds: u16,
}

impl Default for Settings {
    fn default() -> Self {
        Self { smtp_url: None, from: None, ca_file: None, timeout_seconds: 20 }
    }
}

/// Why the settings cannot be used: a sentence for the operator. Never quotes the URL, which holds the password.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not a URL, or without a host.
    #[error("mail.smtp_url must look like smtp://user:password@host:587 (special characters in user and password percent-encoded)")]
    Url,
    /// A scheme other than the two.
    #[error("mail.smtp_url must begin with smtp:// (STARTTLS) or smtps:// (TLS)")]
    Scheme,
    /// A query parameter that nobody reads, or `tls` beside `smtps`.
    #[error("mail.smtp_url knows only ?tls=required, ?tls=opportunistic and ?tls=none, and these only with smtp://")]
    Parameter,
    /// Relaxed TLS where it would show letters or the password to the network.
    #[error("mail.smtp_url: tls=none is for a server on this machine only, and so is tls=opportunistic with a password: others could read along")]
    Unprotected,
    /// A user without a password or the reverse.
    #[error("mail.smtp_url needs both user and password, or neither")]
    HalfCredentials,
    /// No sender.
    #[error("mail.from is missing: whom do letters come from? For example Gatehouse <no-reply@example.org>")]
    FromMissing,
    /// A sender that is no address.
    #[error("mail.from must look like no-reply@example.org or Gatehouse <no-reply@example.org>")]
    From,
    /// No time at all.
    #[error("mail.timeout_seconds must be 1 or more")]
    Timeout,
    /// The extra certificates cannot be read or used.
    #[error("mail.ca_file {0}: {1}")]
    CaFile(PathBuf, String),
    /// The system's certificates cannot be used.
    #[error("TLS for mail cannot be set up: {0}")]
    Tls(String),
}

/// One letter, ready to go.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The Message-ID with its angle brackets; the same at every attempt, so that a repeat is recognised.
    pub message_id: String,
    /// Who gets it.
    pub to: EmailAddress,
    /// The subject line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The same in HTML.
    pub html: String,
}

/// Letters carry links that let people in, so only the id is printed.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("message_id", &self.message_id).finish_non_exhaustive()
    }
}

/// Why a letter did not go, with what the server said (no secrets).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Trying again will not help.
    #[error("refused for good: {0}")]
    Permanent(String),
    /// Trying later may help. The server may even have taken the letter and the answer got lost.
    #[error("not now: {0}")]
    Temporary(String),
}

/// Where letters go.
#[derive(Clone, Debug)]
pub enum Transport {
    /// A mail server.
    Smtp(Smtp),
    /// The mailbox in the database. The outbox worker writes it in the transaction that finishes the job, so nothing is sent.
    Mailbox,
    /// Kept in memory: for tests.
    Memory(Memory),
}

impl Transport {
    /// The transport that the settings ask for: a mail server, or the mailbox when none is named.
    pub fn open(settings: &Settings) -> Result<Self, SettingsError> {
        match &settings.smtp_url {
            Some(url) => Smtp::open(url, settings).map(Self::Smtp),
            None => Ok(Self::Mailbox),
        }
    }

    /// Sends a letter. `Ok` means that the server has taken responsibility for it (RFC 5321 section 4.2.5).
    pub async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        match self {
            Self::Smtp(smtp) => smtp.send(letter).await,
            // Answered as a failure that keeps the job: a letter must not get lost by a worker that forgot the mailbox.
            Self::Mailbox => Err(SendError::Temporary(String::from("the mailbox is written with the job, not sent to"))),
            Self::Memory(memory) => {
                memory.0.lock().unwrap_or_else(PoisonError::into_inner).push(letter.clone());
                Ok(())
            }
        }
    }
}

/// Letters kept in memory; clones share them.
#[derive(Clone, Debug, Default)]
pub struct Memory(Arc<Mutex<Vec<Letter>>>);

impl Memory {
    /// The letters so far, oldest first.
    pub fn letters(&self) -> Vec<Letter> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A mail server and who writes to it.
#[derive(Clone)]
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    limit: Duration,
}

impl fmt::Debug for Smtp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Smtp").field("from", &self.from.email).finish_non_exhaustive()
    }
}

impl Smtp {
    fn open(url: &Secret<String>, settings: &Settings) -> Result<Self, SettingsError> {
        let server = Server::parse(url.expose())?;
        let from: Mailbox = settings.from.as_deref().ok_or(SettingsError::FromMissing)?.parse().map_err(|_| SettingsError::From)?;
        if settings.timeout_seconds == 0 {
            return Err(SettingsError::Timeout);
        }
        let patience = Duration::from_secs(settings.timeout_seconds.into());
        let tls = server.tls(settings.ca_file.as_deref())?;
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(server.host.as_str())
            .port(server.port)
            .tls(tls)
            .timeout(Some(patience))
            .pool_config(PoolConfig::new().max_size(4));
        if let Some((user, password)) = &server.credentials {
            builder = builder.credentials(Credentials::new(user.clone(), password.expose().clone()));
        }
        Ok(Self { server: builder.build(), from, limit: patience * 3 })
    }

    async fn send(&self, letter: &Letter) -> Result<(), SendError> {
        let message = message(&self.from, letter)?;
        // The client's own time limit covers connecting only; a server that falls silent later must not hold a worker.
        match tokio::time::timeout(self.limit, self.server.send(message)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(refusal(&error, letter)),
            Err(_) => Err(SendError::Temporary(format!("the mail server did not finish within {} s", self.limit.as_secs()))),
        }
    }
}

/// How `smtp` is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protection {
    Implicit,
    Required,
    Opportunistic,
    None,
}

/// A mail server's address, taken apart.
struct Server {
    host: String,
    port: u16,
    protection: Protection,
    credentials: Option<(String, Secret<String>)>,
}

impl Server {
    fn parse(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::Url)?;
        let (default_port, implicit) = match url.scheme() {
            "smtp" => (587, false),
            "smtps" => (465, true),
            _ => return Err(SettingsError::Scheme),
        };
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SettingsError::Url);
        }
        let decode = |part: &str| percent_decode_str(part).decode_utf8().map(String::from).map_err(|_| SettingsError::Url);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return Err(SettingsError::HalfCredentials),
            (user, Some(password)) => Some((decode(user)?, Secret::new(decode(password)?))),
        };
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::Url)?;
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();

        let mut protection = if implicit { Protection::Implicit } else { Protection::Required };
        for (name, value) in url.query_pairs() {
            protection = match (name.as_ref(), value.as_ref()) {
                _ if implicit => return Err(SettingsError::Parameter),
                ("tls", "required") => Protection::Required,
                ("tls", "opportunistic") => Protection::Opportunistic,
                ("tls", "none") => Protection::None,
                _ => return Err(SettingsError::Parameter),
            };
        }
        let exposed = match protection {
            Protection::None => true,
            // Whoever sits between could hide STARTTLS from us and be handed the password (RFC 3207 section 6).
            Protection::Opportunistic => credentials.is_some(),
            Protection::Implicit | Protection::Required => false,
        };
        if exposed && !is_loopback(&host) {
            return Err(SettingsError::Unprotected);
        }
        Ok(Self { host, port: url.port().unwrap_or(default_port), protection, credentials })
    }

    fn tls(&self, ca_file: Option<&Path>) -> Result<Tls, SettingsError> {
        if self.protection == Protection::None {
            return Ok(Tls::None);
        }
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(file) = ca_file {
            let unusable = |reason: String| SettingsError::CaFile(file.to_owned(), reason);
            let pem = std::fs::read(file).map_err(|error| unusable(error.to_string()))?;
            if !pem.windows(PEM_START.len()).any(|window| window == PEM_START) {
                return Err(unusable(String::from("holds no certificate in PEM form")));
            }
            builder = builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|error| unusable(error.to_string()))?);
        }
        let parameters = builder.build().map_err(|error| SettingsError::Tls(error.to_string()))?;
        Ok(match self.protection {
            Protection::Implicit => Tls::Wrapper(parameters),
            Protection::Opportunistic => Tls::Opportunistic(parameters),
            Protection::Required | Protection::None => Tls::Required(parameters),
        })
    }
}

const PEM_START: &[u8] = b"-----BEGIN CERTIFICATE-----";

fn is_loopback(host: &str) -> bool {
    match Host::parse(host) {
        Ok(Host::Ipv4(address)) => address.is_loopback(),
        Ok(Host::Domain(name)) => name == "localhost",
        _ => host.parse::<std::net::Ipv6Addr>().is_ok_and(|address| address.is_loopback()),
    }
}

/// Tells other machines not to answer by themselves (RFC 3834 section 5).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), String::from("auto-generated"))
    }
}

fn message(from: &Mailbox, letter: &Letter) -> Result<Message, SendError> {
    let unfit = |what: &str| SendError::Permanent(format!("the letter cannot be written: {what}"));
    if !is_message_id(&letter.message_id) {
        return Err(unfit("its Message-ID is malformed"));
    }
    // The domain goes out in its ASCII form, so that only a non-ASCII local part needs a server with SMTPUTF8 (RFC 6531).
    let local = letter.to.as_str().rsplit_once('@').map_or("", |(local, _)| local);
    let to = Address::new(local, letter.to.domain()).map_err(|_| unfit("its recipient cannot be used in mail"))?;
    // A line break in a subject would begin another header; nothing that controls a terminal belongs there either.
    let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(subject)
        .date(Clock::System.now().chrono().into())
        .message_id(Some(letter.message_id.clone()))
        .header(AutoSubmitted)
        .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))
        .map_err(|_| unfit("its headers contradict each other"))
}

/// `<left@right>` of plain characters, short enough for one line (RFC 5322 section 3.6.4).
fn is_message_id(text: &str) -> bool {
    let inner = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b".-_+=".contains(&b));
    text.len() <= 200 && inner.and_then(|inner| inner.split_once('@')).is_some_and(|(left, right)| plain(left) && plain(right))
}

fn refusal(error: &SmtpError, letter: &Letter) -> SendError {
    let said = readable(error);
    // 530, 534, 535 and 538 speak about our credentials (RFC 4954 section 6): the operator mends those and the letter goes.
    let about_us = error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538));
    // A server without SMTPUTF8 will never take a non-ASCII local part (RFC 6531 section 3.2).
    let ascii = letter.to.as_str().rsplit_once('@').is_some_and(|(local, _)| local.is_ascii());
    let untakable = error.is_client() && !ascii && said.contains("SMTPUTF8");
    if (error.is_permanent() && !about_us) || untakable { SendError::Permanent(said) } else { SendError::Temporary(said) }
}

/// What went wrong, in one line of at most 300 characters: servers may answer anything.
fn readable(error: &SmtpError) -> String {
    error.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect()
}

#[cfg(test)]
mod tests;
