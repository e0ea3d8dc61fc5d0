//! What can be wrong with a configuration, in words for the operator.

use std::fmt;
use std::path::PathBuf;

/// Where the value of a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The built-in default.
    Default,
    /// A line of the configuration file.
    File {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
    },
    /// An environment variable.
    Environment(
        /// Its name.
        String,
    ),
    /// A file that an environment variable ending in `_FILE` points to.
    SecretFile {
        /// The name of the variable.
        variable: String,
        /// The file that it names.
        path: PathBuf,
    },
    /// A flag of the command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File { path, line } => write!(f, "{} line {line}", shorten(&path.to_string_lossy())),
            Self::Environment(variable) => write!(f, "environment {}", shorten(variable)),
            Self::SecretFile { variable, path } => write!(f, "{}, named by {variable}", shorten(&path.to_string_lossy())),
            Self::Flag => f.write_str("flag"),
        }
    }
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigError {
    /// No setting has this name.
    #[error("{name} ({origin}): no setting has this name{}", suggestion(.nearest.as_deref()))]
    Unknown {
        /// The name as given.
        name: String,
        /// Where it stands.
        origin: Origin,
        /// The known name that is most like it, spelled as its source spells names.
        nearest: Option<String>,
    },
    /// The value cannot be used.
    #[error("{name} ({origin}): {}expected {expected}", value.as_ref().map(|value| format!("\"{value}\" will not do; ")).unwrap_or_default())]
    Wrong {
        /// The setting.
        name: String,
        /// Where the value stands.
        origin: Origin,
        /// The value, shortened; `None` for a secret.
        value: Option<String>,
        /// What would do.
        expected: String,
    },
    /// Two equally strong sources name the same setting.
    #[error("{name}: given twice, by {first} and by {second}; keep one")]
    Twice {
        /// The setting.
        name: &'static str,
        /// One source.
        first: Origin,
        /// The other.
        second: Origin,
    },
    /// A setting without which this configuration cannot work.
    #[error("{name}: needed and not set: {why}")]
    Missing {
        /// The setting.
        name: &'static str,
        /// Why it is needed and how to set it.
        why: &'static str,
    },
    /// A file cannot be read.
    #[error("{what}: cannot read {}: {reason}", shorten(&path.to_string_lossy()))]
    Unreadable {
        /// What the file is for.
        what: String,
        /// The file.
        path: PathBuf,
        /// Why not.
        reason: String,
    },
    /// The configuration file is not TOML.
    #[error("{} line {line}: not valid TOML: {message}", shorten(&path.to_string_lossy()))]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What the parser says; never the text of the line, which may hold a secret.
        message: String,
    },
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigErrors(pub(super) Vec<ConfigError>);

impl ConfigErrors {
    /// The single errors, in the order in which they were met.
    pub fn iter(&self) -> std::slice::Iter<'_, ConfigError> {
        self.0.iter()
    }
}

impl<'e> IntoIterator for &'e ConfigErrors {
    type Item = &'e ConfigError;
    type IntoIter = std::slice::Iter<'e, ConfigError>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("The configuration has an error:")?,
            many => write!(f, "The configuration has {many} errors:")?,
        }
        self.0.iter().try_for_each(|error| write!(f, "\n  {error}"))
    }
}

impl std::error::Error for ConfigErrors {}

fn suggestion(nearest: Option<&str>) -> String {
    match nearest {
        Some(name) => format!("; did you mean {name}?"),
        None => "; `gatehouse config print` lists them all".to_owned(),
    }
}

/// A text from outside on one line, without control characters, at most 80 characters long.
pub(super) fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(80).flat_map(char::escape_debug).collect();
    if text.chars().nth(80).is_some() {
        short.push_str("...");
    }
    short
}
