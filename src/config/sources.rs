//! Gathering: what file, environment and flags say, before anybody asks whether it makes sense.

use super::error::{ConfigError, Origin, shorten};
use super::table::{Default, SECTIONS, Setting, Shape, TABLE};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

/// The file that is read when it lies in the working directory and no other is named.
const FILE_NAME: &str = "gatehouse.toml";
/// The largest configuration or secret file that is read.
const LARGEST_FILE: u64 = 1024 * 1024;

/// Everything a configuration is made from; tests fill it by hand.
#[derive(Default)]
pub struct Sources {
    /// The file named by `--config`; without it, `gatehouse.toml` is read if it is there.
    pub file: Option<PathBuf>,
    /// Environment variables; those that do not start with `GATEHOUSE_` are ignored.
    pub environment: Vec<(String, String)>,
    /// Settings by name (`server.listen`) with their values, as the command line gave them.
    pub flags: Vec<(String, String)>,
    /// Where relative paths start; empty stands for the process's own directory.
    pub working_dir: PathBuf,
}

/// A value that a source gave.
pub(super) struct Given {
    /// The text; `None` when it was unusable, which has been reported.
    pub text: Option<Zeroizing<String>>,
    origin: Origin,
}

impl Given {
    pub(super) fn origin(&self) -> Origin {
        self.origin.clone()
    }
}

/// What all sources gave together, the strongest of each.
pub(super) struct Found {
    values: BTreeMap<&'static str, Given>,
    pub warnings: Vec<String>,
}

impl Found {
    /// What a source gave for the setting; `None` when it has its default.
    pub(super) fn given(&self, name: &str) -> Option<&Given> {
        self.values.get(name)
    }

    /// The text of the setting, given or default; `None` when what was given is unusable.
    pub(super) fn text(&self, name: &str) -> Option<Zeroizing<String>> {
        if let Some(given) = self.given(name) {
            return given.text.clone();
        }
        match TABLE.iter().find(|setting| setting.name == name)?.default {
            Default::Is(text) => Some(Zeroizing::new(text.to_owned())),
            Default::From(make) => Some(Zeroizing::new(make(self))),
        }
    }
}

impl Sources {
    /// The sources of this process: its environment and its directory.
    pub fn of_process(file: Option<PathBuf>, flags: Vec<(String, String)>) -> Self {
        let ours = std::env::vars_os().filter_map(|(name, value)| {
            let name = name.into_string().ok().filter(|name| name.starts_with(PREFIX))?;
            // What is not Unicode gets U+FFFD here, and is refused for it when it is gathered.
            Some((name, value.to_string_lossy().into_owned()))
        });
        Self { file, environment: ours.collect(), flags, working_dir: PathBuf::new() }
    }

    /// Gathers from the weakest source to the strongest, each over the last.
    pub(super) fn gather(self, errors: &mut Vec<ConfigError>) -> Found {
        let mut gathering = Gathering { found: Found { values: BTreeMap::new(), warnings: Vec::new() }, errors };
        let named = self.file.is_some();
        let path = self.file.map_or_else(|| self.working_dir.join(FILE_NAME), |file| self.working_dir.join(file));
        gathering.file(&path, named);
        gathering.environment(self.environment, &self.working_dir);
        gathering.flags(self.flags);
        gathering.found
    }
}

const PREFIX: &str = "GATEHOUSE_";

struct Gathering<'a> {
    found: Found,
    errors: &'a mut Vec<ConfigError>,
}

impl Gathering<'_> {
    fn put(&mut self, setting: &'static Setting, text: Zeroizing<String>, origin: Origin) {
        let text = if text.contains('\u{fffd}') {
            self.wrong(setting, origin.clone(), None);
            None
        } else {
            Some(text)
        };
        self.found.values.insert(setting.name, Given { text, origin });
    }

    fn wrong(&mut self, setting: &Setting, origin: Origin, value: Option<String>) {
        self.errors.push(ConfigError::Wrong { name: setting.name.to_owned(), origin, value, expected: (setting.expected)() });
    }

    fn unknown(&mut self, name: &str, origin: Origin) {
        let nearest = nearest(name).map(|setting| setting.name.to_owned());
        self.errors.push(ConfigError::Unknown { name: shorten(name), origin, nearest });
    }

    fn file(&mut self, path: &Path, named: bool) {
        let text = match read_file(path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound && !named => return,
            Err(error) => {
                self.errors.push(ConfigError::Unreadable { what: "configuration file".to_owned(), path: path.to_owned(), reason: error.to_string() });
                return;
            }
        };
        let at = |offset: usize| Origin::File { path: path.to_owned(), line: line(&text, offset) };
        let document = match DeTable::parse(&text) {
            Ok(document) => document.into_inner(),
            Err(error) => {
                let line = line(&text, error.span().map_or(0, |span| span.start));
                self.errors.push(ConfigError::Syntax { path: path.to_owned(), line, message: error.message().to_owned() });
                return;
            }
        };
        for (section, content) in document {
            let origin = at(section.span().start);
            let section = section.into_inner();
            match content.into_inner() {
                DeValue::Table(table) if table.is_empty() && SECTIONS.iter().all(|(known, _)| *known != section) => self.unknown(&section, origin),
                DeValue::Table(table) => {
                    for (key, value) in table {
                        let origin = at(key.span().start);
                        self.entry(&format!("{section}.{}", key.into_inner()), value.into_inner(), origin);
                    }
                }
                _ if SECTIONS.iter().any(|(known, _)| *known == section) => {
                    let expected = format!("a section: [{section}], and its settings below it");
                    self.errors.push(ConfigError::Wrong { name: section.into_owned(), origin, value: None, expected });
                }
                _ => self.unknown(&section, origin),
            }
        }
        let secret = self.found.values.keys().find(|name| TABLE.iter().any(|setting| setting.name == **name && setting.secret));
        if let Some(secret) = secret.filter(|_| is_open_to_all(path)) {
            self.found.warnings.push(format!("{} holds {secret} and every user of this machine may read it; chmod 600 it", path.display()));
        }
    }

    fn entry(&mut self, name: &str, value: DeValue<'_>, origin: Origin) {
        let Some(setting) = TABLE.iter().find(|setting| setting.name == name) else {
            return self.unknown(name, origin);
        };
        let text = match (setting.shape, value) {
            (Shape::Text, DeValue::String(text)) => Some(text.into_owned()),
            (Shape::Number, DeValue::Integer(number)) => i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string()),
            (Shape::List, DeValue::Array(items)) => {
                let texts: Option<Vec<String>> = items.into_iter().map(|item| item.into_inner().as_str().map(str::to_owned)).collect();
                texts.map(|texts| texts.join(","))
            }
            _ => None,
        };
        let Some(text) = text else {
            let written = match setting.shape {
                Shape::Text => "a text in quotes: ",
                Shape::Number => "a number without quotes: ",
                Shape::List => "a list of texts, like [\"...\"]: ",
            };
            let expected = format!("{written}{}", (setting.expected)());
            self.errors.push(ConfigError::Wrong { name: setting.name.to_owned(), origin: origin.clone(), value: None, expected });
            self.found.values.insert(setting.name, Given { text: None, origin });
            return;
        };
        self.put(setting, Zeroizing::new(text), origin);
    }

    fn environment(&mut self, variables: Vec<(String, String)>, working_dir: &Path) {
        let mut seen: BTreeMap<&'static str, Origin> = BTreeMap::new();
        for (variable, value) in variables {
            let value = Zeroizing::new(value);
            let Some(rest) = variable.strip_prefix(PREFIX).filter(|_| !is_foreign(&variable, &value)) else { continue };
            let direct = TABLE.iter().find(|setting| setting.variable() == variable);
            let by_file = || TABLE.iter().find(|setting| setting.secret && format!("{}_FILE", setting.variable()) == variable);
            let (setting, origin) = if let Some(setting) = direct {
                (setting, Origin::Environment(variable))
            } else if let Some(setting) = by_file() {
                (setting, Origin::SecretFile { variable, path: working_dir.join(value.as_str()) })
            } else {
                let nearest = nearest(&rest.replace("__", ".")).map(Setting::variable);
                self.errors.push(ConfigError::Unknown { name: shorten(&variable), origin: Origin::Environment(variable), nearest });
                continue;
            };
            if let Some(first) = seen.insert(setting.name, origin.clone()) {
                self.errors.push(ConfigError::Twice { name: setting.name, first, second: origin });
                continue;
            }
            match &origin {
                Origin::SecretFile { path, .. } => self.secret_file(setting, &path.clone(), origin),
                _ => self.put(setting, value, origin),
            }
        }
    }

    fn secret_file(&mut self, setting: &'static Setting, path: &Path, origin: Origin) {
        match read_file(path) {
            Ok(text) => {
                if is_open_to_all(path) {
                    self.found.warnings.push(format!("{} ({origin}): every user of this machine may read this file; chmod 600 it", setting.name));
                }
                self.put(setting, Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()), origin);
            }
            Err(error) => {
                let what = match &origin {
                    Origin::SecretFile { variable, .. } => format!("{} ({variable})", setting.name),
                    _ => setting.name.to_owned(),
                };
                self.errors.push(ConfigError::Unreadable { what, path: path.to_owned(), reason: error.to_string() });
                self.found.values.insert(setting.name, Given { text: None, origin });
            }
        }
    }

    fn flags(&mut self, flags: Vec<(String, String)>) {
        let mut seen: Vec<&'static str> = Vec::new();
        for (name, value) in flags {
            let Some(setting) = TABLE.iter().find(|setting| setting.name == name) else {
                self.unknown(&name, Origin::Flag);
                continue;
            };
            if seen.contains(&setting.name) {
                self.errors.push(ConfigError::Twice { name: setting.name, first: Origin::Flag, second: Origin::Flag });
                continue;
            }
            seen.push(setting.name);
            self.put(setting, Zeroizing::new(value), Origin::Flag);
        }
    }
}

/// Variables with our prefix that others set: our own test runs, and Kubernetes beside a service named "gatehouse"
/// (`GATEHOUSE_SERVICE_HOST`, `GATEHOUSE_PORT=tcp://...`). None of them has the double underscore of a setting.
fn is_foreign(variable: &str, value: &str) -> bool {
    let link = ["GATEHOUSE_SERVICE_HOST", "GATEHOUSE_SERVICE_PORT", "GATEHOUSE_PORT_"].iter().any(|start| variable.starts_with(start));
    let port = variable == "GATEHOUSE_PORT" && value.contains("://");
    !variable.contains("__") && (variable.starts_with("GATEHOUSE_TESTS_") || link || port)
}

/// The setting whose name is most like `name`, if any is like it at all.
fn nearest(name: &str) -> Option<&'static Setting> {
    let bare = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).take(80).collect::<String>().to_lowercase();
    let last = name.rsplit('.').next().unwrap_or(name);
    let likeness = |setting: &Setting| {
        let whole = strsim::normalized_damerau_levenshtein(&bare(name), &bare(setting.name));
        // The right key under the wrong section counts nearly as much.
        let key = strsim::normalized_damerau_levenshtein(&bare(last), &bare(setting.key));
        whole.max(key * 0.95)
    };
    let best = TABLE.iter().map(|setting| (likeness(setting), setting)).max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.6).then_some(best.1)
}

fn line(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}

fn read_file(path: &Path) -> std::io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.take(LARGEST_FILE + 1).read_to_string(&mut text)?;
    if text.len() as u64 > LARGEST_FILE {
        return Err(std::io::Error::new(ErrorKind::FileTooLarge, "it is larger than 1 MB"));
    }
    Ok(text)
}

#[cfg(unix)]
fn is_open_to_all(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o004 != 0)
}

#[cfg(not(unix))]
fn is_open_to_all(_: &Path) -> bool {
    false
}
