//! The form of a mail server, for setup and for the settings: what was typed, what is wrong with it, how a test went.
//!
//! A password never stands on a page. One that was typed for a test travels sealed beside the form, good for the same account and the
//! same session only, so that it need not be typed again to be used.

use super::page::FieldError;
use super::person::Person;
use super::typed::email_error;
use super::visit::Visit;
use crate::base::fault::Fault;
use crate::base::secret::{Secret, random_token};
use crate::base::text::{DisplayName, EmailAddress};
use crate::crypto::seal::Place;
use crate::mail::mailbox;
use crate::mail::messages::TestMail;
use crate::mail::post::{self, Failed, Way};
use crate::mail::settings::{self, MailServer, Security};
use crate::mail::transport::{Letter, SettingsError, Transport};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Words;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// The form.
#[derive(Debug)]
pub struct MailForm {
    /// The messages.
    pub words: Words,
    /// The host, as typed.
    pub host: String,
    /// The port, as typed.
    pub port: String,
    /// The choices of protection: value, text, whether it is chosen.
    pub security: Vec<(&'static str, String, bool)>,
    /// The user, as typed.
    pub user: String,
    /// The sender's name, as typed.
    pub sender_name: String,
    /// The sender's address, as typed.
    pub sender_address: String,
    /// The password that was typed before, sealed.
    pub kept: Option<String>,
    /// Whether an empty field keeps a password.
    pub has_password: bool,
    /// What is wrong.
    pub errors: Vec<FieldError>,
    /// How the last test went: whether it was good, and what there is to say.
    pub outcome: Option<(bool, String)>,
    /// Where a test goes.
    pub to: String,
    /// How many letters are erased when a server is used.
    pub letters: u64,
}

impl MailForm {
    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        FieldError::of(&self.errors, field)
    }

    /// Whether a field is the first one that is wrong.
    pub fn leads(&self, field: &str) -> bool {
        FieldError::leads(&self.errors, field)
    }
}

/// What a sealed password is good for.
#[derive(Serialize, Deserialize)]
struct Kept {
    host: String,
    port: u16,
    security: Security,
    user: String,
    password: String,
}

/// Everything around the form: who looks, and what is in use.
#[derive(Debug)]
pub struct Desk {
    /// Where letters go now.
    pub way: Way,
    letters: u64,
    words: Words,
    to: EmailAddress,
    session: String,
    organization: String,
}

impl Desk {
    /// Reads what is in use.
    pub async fn open(visit: &Visit, person: &Person, words: Words) -> Result<Self, Fault> {
        let server = &visit.server;
        let mut tx = server.ground.db.read().await?;
        let way = server.post.way(&mut tx, &server.ground.sealer).await?;
        let letters = mailbox::count(&mut tx).await?.unsigned_abs();
        let organization = person.snapshot.organization.as_ref().map_or_else(|| "Gatehouse".to_owned(), |organization| organization.name.to_string());
        Ok(Self { way, letters, words, to: person.user.email.clone(), session: person.csrf(server), organization })
    }

    fn saved(&self) -> Option<&MailServer> {
        match &self.way {
            Way::Chosen(server) => Some(server),
            Way::Configured | Way::Mailbox => None,
        }
    }

    /// The form as it is first seen.
    pub fn form(&self) -> MailForm {
        let saved = self.saved();
        let mut form = self.bare(saved.map_or(Security::StartTls, |server| server.security));
        if let Some(server) = saved {
            form.host.clone_from(&server.host);
            form.port = server.port.to_string();
            form.user = server.credentials.as_ref().map(|(user, _)| user.clone()).unwrap_or_default();
            form.sender_name = server.sender_name.as_ref().map(ToString::to_string).unwrap_or_default();
            form.sender_address = server.sender_address.to_string();
            form.has_password = server.credentials.is_some();
        }
        form
    }

    fn bare(&self, chosen: Security) -> MailForm {
        let choice = |security: Security, key: &str| (security.as_str(), self.words.say(key), security == chosen);
        MailForm {
            words: self.words,
            host: String::new(),
            port: "587".to_owned(),
            security: vec![
                choice(Security::StartTls, word!("mail-security-starttls")),
                choice(Security::Tls, word!("mail-security-tls")),
                choice(Security::None, word!("mail-security-none")),
            ],
            user: String::new(),
            sender_name: self.organization.chars().take(100).collect(),
            sender_address: String::new(),
            kept: None,
            has_password: false,
            errors: Vec::new(),
            outcome: None,
            to: self.to.to_string(),
            letters: self.letters,
        }
    }

    /// Reads what was sent. `Err`: the form with what is wrong.
    pub fn read(&self, visit: &Visit, fields: &Parameters) -> Result<(MailServer, Transport, MailForm), Box<MailForm>> {
        let words = self.words;
        let field = |name: &str| fields.one(name).ok().flatten().unwrap_or_default().trim().to_owned();
        let security = Security::parse(&field("security")).unwrap_or(Security::StartTls);
        let mut form = MailForm {
            host: field("host"),
            port: field("port"),
            user: field("user"),
            sender_name: field("sender_name"),
            sender_address: field("sender_address"),
            ..self.bare(security)
        };
        let mut wrong = |field: &'static str, message: String| form.errors.push(FieldError { field, message });
        let host = settings::host(&form.host);
        if host.is_none() {
            wrong("host", words.say("mail-host-wrong"));
        }
        let port = form.port.parse::<u16>().ok().filter(|port| *port > 0);
        if port.is_none() {
            wrong("port", words.say("mail-port-wrong"));
        }
        let sender_name = DisplayName::parse(&form.sender_name).ok();
        if sender_name.is_none() && !form.sender_name.is_empty() {
            wrong("sender_name", words.say("name-strange"));
        }
        let sender_address = match EmailAddress::parse(&form.sender_address) {
            Ok(address) => Some(address),
            Err(error) => {
                wrong("sender_address", email_error(words, &error));
                None
            }
        };
        if form.user.len() > 500 || form.user.chars().any(char::is_control) {
            wrong("user", words.say("mail-user-wrong"));
        }
        let (Some(host), Some(port), Some(sender_address)) = (host, port, sender_address) else { return Err(Box::new(form)) };
        let user = (!form.user.is_empty()).then(|| (form.user.clone(), Secret::new(String::new())));
        let mut server = MailServer { host, port, security, credentials: user, sender_name, sender_address };
        self.password(visit, fields, &mut server, &mut form);
        if !form.errors.is_empty() {
            return Err(Box::new(form));
        }
        match visit.server.post.to(&server) {
            Ok(transport) => Ok((server, transport, form)),
            Err(error) => {
                form.errors.push(self.unusable(&error));
                Err(Box::new(form))
            }
        }
    }

    /// The password for the account that was typed: the new one, the one typed for a test before, or the saved one.
    fn password(&self, visit: &Visit, fields: &Parameters, server: &mut MailServer, form: &mut MailForm) {
        let typed = fields.one("password").ok().flatten().unwrap_or_default();
        let mut wrong = |field: &'static str, key: &str| form.errors.push(FieldError { field, message: self.words.say(key) });
        let Some((user, _)) = server.credentials.clone() else {
            if !typed.is_empty() {
                wrong("user", word!("mail-user-missing"));
            }
            return;
        };
        if typed.len() > 1_000 || typed.chars().any(char::is_control) {
            return wrong("password", word!("mail-password-wrong"));
        }
        let sent = fields.one("kept").ok().flatten().and_then(|kept| self.unseal(visit, kept));
        let sent =
            sent.filter(|kept| (kept.host.as_str(), kept.port, kept.security, kept.user.as_str()) == (&server.host, server.port, server.security, &user));
        let saved = self.saved().filter(|saved| saved.is_same_account(server)).and_then(|saved| saved.credentials.as_ref());
        let (password, is_saved) = match (typed, sent, saved) {
            ("", Some(sent), _) => (sent.password, false),
            ("", None, Some((_, password))) => (password.expose().clone(), true),
            ("", None, None) => return wrong("password", if self.saved().is_some() { word!("mail-password-again") } else { word!("mail-password-missing") }),
            (typed, ..) => (typed.to_owned(), false),
        };
        form.has_password = true;
        if !is_saved {
            form.kept = self
                .seal(visit, &Kept { host: server.host.clone(), port: server.port, security: server.security, user: user.clone(), password: password.clone() });
        }
        server.credentials = Some((user, Secret::new(password)));
    }

    fn place(&self) -> Place {
        Place::keyed("form", "mail_password", &self.session)
    }

    fn seal(&self, visit: &Visit, kept: &Kept) -> Option<String> {
        let plain = Secret::new(serde_json::to_vec(kept).ok()?);
        Some(URL_SAFE_NO_PAD.encode(visit.server.ground.sealer.seal(&self.place(), plain.expose())))
    }

    fn unseal(&self, visit: &Visit, sealed: &str) -> Option<Kept> {
        let plain = visit.server.ground.sealer.open(&self.place(), &URL_SAFE_NO_PAD.decode(sealed).ok()?).ok()?;
        serde_json::from_slice(plain.expose()).ok()
    }

    fn unusable(&self, error: &SettingsError) -> FieldError {
        let (field, message) = match error {
            SettingsError::Unprotected => ("security", self.words.say("mail-security-wrong")),
            SettingsError::From | SettingsError::FromMissing => ("sender_address", self.words.say("field-email-strange")),
            // The certificates of the settings, or TLS itself: the operator's to mend, so in the words of the log.
            SettingsError::CaFile(..) | SettingsError::Tls(_) => ("host", error.to_string()),
            _ => ("host", self.words.say("mail-host-wrong")),
        };
        FieldError { field, message }
    }

    /// Sends a letter to whoever asks. `Err`: what there is to say.
    pub async fn test(&self, transport: &Transport) -> Result<String, String> {
        let mail = TestMail { words: self.words, organization: self.organization.clone() };
        let (Ok(text), Ok(html)) = (mail.text(), mail.html()) else { return Err(self.words.say("error-fault")) };
        let message_id = format!("<test-{}@gatehouse.invalid>", random_token::<16>());
        let letter = Letter { message_id, to: self.to.clone(), subject: mail.subject(), text, html };
        match post::test(transport, &letter).await {
            Ok(()) => Ok(self.words.with("mail-test-good", &[("to", self.to.as_str())])),
            Err(Failed::Silent) => Err(self.words.say("mail-test-silent")),
            Err(Failed::Said(said)) => Err(self.words.with("mail-test-bad", &[("said", said)])),
        }
    }

    /// The same through the server that the settings name.
    pub async fn test_configured(&self, visit: &Visit) -> Result<Result<String, String>, Fault> {
        let server = &visit.server;
        let mut tx = server.ground.db.read().await?;
        let transport = server.post.transport(&mut tx, &server.ground.sealer).await?;
        drop(tx);
        Ok(self.test(&transport).await)
    }
}

#[cfg(test)]
impl MailForm {
    /// A form in every state for the samples.
    pub fn sample(words: Words, name: String, email: String, errors: Vec<FieldError>, outcome: Option<(bool, String)>) -> Self {
        Self {
            words,
            host: name.clone(),
            port: "587".into(),
            security: vec![("starttls", name.clone(), true), ("none", name.clone(), false)],
            user: name.clone(),
            sender_name: name,
            sender_address: email.clone(),
            kept: outcome.as_ref().map(|_| "sealed".into()),
            has_password: true,
            errors,
            outcome,
            to: email,
            letters: 2,
        }
    }
}
