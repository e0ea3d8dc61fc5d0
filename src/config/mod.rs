//! Floor 5: the settings, and the only reader of files and environment.
//!
//! One table (`table.rs`) names every setting once: field, type, kind, default and a sentence for the operator. A value
//! comes from the strongest source that names it: flag, environment, file, built-in default. Everything that is wrong is
//! reported at once, and a name that nobody knows is refused rather than ignored.

mod error;
mod kind;
mod print;
mod sources;
mod table;
mod value;

#[cfg(test)]
mod tests;

pub use error::{ConfigError, ConfigErrors, Origin};
pub use sources::Sources;
pub use table::{Config, Database, Invitations, Keys, Limits, Log, Mail, Secrets, Server, Tokens};
pub use value::{DatabaseUrl, LogFormat, PublicUrl, Size};

use error::shorten;
use sources::{Found, Given};
use std::path::Path;

/// What a load leaves behind beside the values.
#[derive(Clone, Debug, Default)]
struct Notes {
    warnings: Vec<String>,
    listing: String,
    smtp_origin: Option<String>,
}

impl Config {
    /// Reads every source and answers either a configuration that holds together, or all that is wrong with it.
    pub fn load(sources: Sources) -> Result<Self, ConfigErrors> {
        let mut errors = Vec::new();
        let working_dir = sources.working_dir.clone();
        let found = sources.gather(&mut errors);
        require_seal_key(&found, &mut errors);
        let read = Self::read(&mut Reader { found: &found, errors: &mut errors });
        let Some(mut config) = read.filter(|_| errors.is_empty()) else {
            return Err(ConfigErrors(errors));
        };
        config.settle_paths(&working_dir);
        config.notes.listing = print::listing(&found);
        config.notes.smtp_origin = found.given("mail.smtp_url").map(|given| given.origin().to_string());
        config.notes.warnings = found.warnings;
        if let Some(host) = config.mail.smtp_url.as_ref().and_then(|url| kind::plain_text_host(url.expose())) {
            config.notes.warnings.push(format!("mail.smtp_url: mail to {host} travels unencrypted; add ?tls=required or use smtps://"));
        }
        Ok(config)
    }

    /// What does not stop the server but should be put right; to be logged once logging runs.
    pub fn warnings(&self) -> &[String] {
        &self.notes.warnings
    }

    /// Where the mail server is set: a line of a file, a variable, a flag. `None`: nowhere.
    pub fn smtp_origin(&self) -> Option<&str> {
        self.notes.smtp_origin.as_deref().filter(|_| self.mail.smtp_url.is_some())
    }

    /// Every setting with its value, where it came from and what it means, as TOML; secrets are masked.
    pub fn print(&self) -> String {
        self.notes.listing.clone()
    }

    /// Relative paths start at the working directory, whichever source named them.
    fn settle_paths(&mut self, working_dir: &Path) {
        self.server.data_dir = working_dir.join(&self.server.data_dir);
        if let DatabaseUrl::Sqlite(path) = &mut self.database.url {
            *path = working_dir.join(&*path);
        }
        if let Some(path) = &mut self.mail.ca_file {
            *path = working_dir.join(&*path);
        }
    }
}

/// PostgreSQL is shared by several nodes, and what one seals the others must open: no node may make up its own key.
fn require_seal_key(found: &Found, errors: &mut Vec<ConfigError>) {
    let shared = found.text("database.url").is_some_and(|url| kind::is_postgres(&url));
    let missing = match found.given("secrets.seal_key") {
        None => true,
        Some(given) => given.text.as_ref().is_some_and(|text| text.is_empty()),
    };
    if shared && missing {
        errors.push(ConfigError::Missing {
            name: "secrets.seal_key",
            why: "PostgreSQL is shared by several nodes, which must all open what one of them seals; \
                  make a key with `openssl rand -base64 32` and give every node the same, \
                  for example through GATEHOUSE_SECRETS__SEAL_KEY_FILE",
        });
    }
}

/// Turns the found texts into typed values, noting what cannot be read.
struct Reader<'a> {
    found: &'a Found,
    errors: &'a mut Vec<ConfigError>,
}

impl Reader<'_> {
    /// The value of one setting; `None` after an error has been noted.
    fn read<K: kind::Kind>(&mut self, name: &'static str) -> Option<K::Value> {
        let text = self.found.text(name)?;
        match K::read(&text) {
            Ok(value) => Some(value),
            Err(expected) => {
                let value = if K::SECRET { None } else { Some(shorten(&text)) };
                let origin = self.found.given(name).map_or(Origin::Default, Given::origin);
                self.errors.push(ConfigError::Wrong { name: name.to_owned(), origin, value, expected });
                None
            }
        }
    }
}
