//! The kinds of settings: how a text becomes a value, what is expected when it does not, and what may be shown of it.

use super::table::Shape;
use super::value::{self, DatabaseUrl, LogFormat, PublicUrl, Size};
use crate::base::secret::Secret;
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;
use tracing_subscriber::EnvFilter;
use url::Url;

/// What stands for a secret in a listing.
const MASK: &str = "********";

/// How one kind of setting is read and shown.
pub(super) trait Kind {
    /// What the text becomes.
    type Value;
    /// How TOML writes it.
    const SHAPE: Shape = Shape::Text;
    /// Whether the text must not be shown, and may come from a file of its own.
    const SECRET: bool = false;

    /// What would do, to follow "expected".
    fn expected() -> String;

    /// Reads the text; answers what would do when it cannot.
    fn read(text: &str) -> Result<Self::Value, String>;

    /// What a listing may show.
    fn mask(text: &str) -> String {
        if Self::SECRET && !text.is_empty() { MASK.to_owned() } else { text.to_owned() }
    }
}

/// An address and port.
pub(super) struct Socket;
impl Kind for Socket {
    type Value = SocketAddr;
    fn expected() -> String {
        "an address and port, like 127.0.0.1:8080 or [::]:8080".to_owned()
    }
    fn read(text: &str) -> Result<SocketAddr, String> {
        text.parse().map_err(|_| Self::expected())
    }
}

/// The public URL.
pub(super) struct Origin;
impl Kind for Origin {
    type Value = PublicUrl;
    fn expected() -> String {
        "an address like https://id.example.org".to_owned()
    }
    fn read(text: &str) -> Result<PublicUrl, String> {
        PublicUrl::parse(text).map_err(str::to_owned)
    }
}

/// A directory, made when it is missing.
pub(super) struct Directory;
impl Kind for Directory {
    type Value = PathBuf;
    fn expected() -> String {
        "the path of a directory".to_owned()
    }
    fn read(text: &str) -> Result<PathBuf, String> {
        // A NUL cannot be in a path; everything else is for the operating system to judge.
        if text.is_empty() || text.contains('\0') { Err(Self::expected()) } else { Ok(PathBuf::from(text)) }
    }
}

/// A file that must be there when it is used.
pub(super) struct File;
impl Kind for File {
    type Value = PathBuf;
    fn expected() -> String {
        "the path of a file".to_owned()
    }
    fn read(text: &str) -> Result<PathBuf, String> {
        if text.contains('\0') { Err(Self::expected()) } else { Ok(PathBuf::from(text)) }
    }
}

/// Networks or single addresses.
pub(super) struct Networks;
impl Kind for Networks {
    type Value = Vec<IpNet>;
    const SHAPE: Shape = Shape::List;
    fn expected() -> String {
        "networks or addresses, like 10.0.0.0/8 or 192.0.2.7".to_owned()
    }
    fn read(text: &str) -> Result<Vec<IpNet>, String> {
        let network = |item: &str| item.parse().or_else(|_| item.parse::<IpAddr>().map(IpNet::from));
        let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
        items.map(|item| network(item).map_err(|_| Self::expected())).collect()
    }
}

/// A whole number between two bounds, both allowed.
fn count<const MIN: u32, const MAX: u32>(text: &str) -> Option<u32> {
    // `parse` would also take a plus sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number| digits && (MIN..=MAX).contains(number))
}

/// The kinds written as a whole number within bounds: what they become, their unit in words, and how.
macro_rules! counts {
    ($($doc:literal $name:ident -> $value:ty: $unit:literal, $make:expr;)*) => {$(
        #[doc = $doc]
        pub(super) struct $name<const MIN: u32, const MAX: u32>;
        impl<const MIN: u32, const MAX: u32> Kind for $name<MIN, MAX> {
            type Value = $value;
            const SHAPE: Shape = Shape::Number;
            fn expected() -> String {
                format!("a whole number{} from {MIN} to {MAX}", $unit)
            }
            fn read(text: &str) -> Result<$value, String> {
                count::<MIN, MAX>(text).map($make).ok_or_else(Self::expected)
            }
        }
    )*};
}

counts! {
    "A number of things." Number -> u32: "", |number| number;
    "A time in seconds." Seconds -> Duration: " of seconds", |number| Duration::from_secs(number.into());
    "A time in hours." Hours -> Duration: " of hours", |number| Duration::from_secs(u64::from(number) * 3_600);
    "A time in days." Days -> Duration: " of days", |number| Duration::from_secs(u64::from(number) * 86_400);
    "A size in kilobytes." Kilobytes -> Size: " of kilobytes", |number| Size::from_kilobytes(number as usize);
}

/// A setting that may be left out; an empty text leaves it out.
pub(super) struct Optional<K>(std::marker::PhantomData<K>);
impl<K: Kind> Kind for Optional<K> {
    type Value = Option<K::Value>;
    const SHAPE: Shape = K::SHAPE;
    const SECRET: bool = K::SECRET;
    fn expected() -> String {
        K::expected()
    }
    fn read(text: &str) -> Result<Self::Value, String> {
        if text.is_empty() { Ok(None) } else { K::read(text).map(Some) }
    }
    fn mask(text: &str) -> String {
        K::mask(text)
    }
}

/// A secret text of printable characters; what it means is for the code that uses it.
pub(super) struct Password;
impl Kind for Password {
    type Value = Secret<String>;
    const SECRET: bool = true;
    fn expected() -> String {
        "a text on one line".to_owned()
    }
    fn read(text: &str) -> Result<Secret<String>, String> {
        if text.chars().any(char::is_control) { Err(Self::expected()) } else { Ok(Secret::new(text.to_owned())) }
    }
}

/// The database: a file, or the URL of a server, which may hold a password.
pub(super) struct Database;
impl Kind for Database {
    type Value = DatabaseUrl;
    const SECRET: bool = true;
    fn expected() -> String {
        "sqlite://FILE or postgres://USER:PASSWORD@HOST/DATABASE".to_owned()
    }
    fn read(text: &str) -> Result<DatabaseUrl, String> {
        if let Some(file) = text.strip_prefix("sqlite://") {
            // Each connection to a database in memory has one of its own, and nothing would outlive a restart.
            let usable = !file.is_empty() && !file.contains(['?', '#', '\0']) && !file.contains(":memory:");
            return if usable { Ok(DatabaseUrl::Sqlite(PathBuf::from(file))) } else { Err("sqlite://FILE with the path of a file, nothing else".to_owned()) };
        }
        let usable = is_postgres(text) && sqlx::postgres::PgConnectOptions::from_str(text).is_ok();
        if usable { Ok(DatabaseUrl::Postgres(Secret::new(text.to_owned()))) } else { Err(Self::expected()) }
    }
    fn mask(text: &str) -> String {
        if text.starts_with("sqlite://") {
            return text.to_owned();
        }
        // Parameters may hold secrets too (`sslpassword`), so that only scheme, host, port and database are shown.
        let Ok(url) = Url::parse(text) else { return MASK.to_owned() };
        let user = if url.username().is_empty() && url.password().is_none() { "" } else { "***@" };
        let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
        let query = url.query().map(|_| "?***").unwrap_or_default();
        format!("{}://{user}{}{port}{}{query}", url.scheme(), url.host_str().unwrap_or_default(), url.path())
    }
}

/// Whether the URL of a database names PostgreSQL.
pub(super) fn is_postgres(text: &str) -> bool {
    text.starts_with("postgres://") || text.starts_with("postgresql://")
}

/// A mail server, with user and password.
pub(super) struct Smtp;
impl Kind for Smtp {
    type Value = Secret<String>;
    const SECRET: bool = true;
    fn expected() -> String {
        "smtp://USER:PASSWORD@HOST:587?tls=required or smtps://USER:PASSWORD@HOST".to_owned()
    }
    fn read(text: &str) -> Result<Secret<String>, String> {
        let url = Url::parse(text).map_err(|_| Self::expected())?;
        let parameters: Vec<_> = url.query_pairs().collect();
        let tls = match (url.scheme(), parameters.as_slice()) {
            ("smtps", []) => true,
            ("smtp", [(name, value)]) if name == "tls" && value == "required" => true,
            ("smtp", [(name, value)]) if name == "tls" && value == "opportunistic" => false,
            ("smtp", []) => false,
            _ => return Err(Self::expected()),
        };
        if url.host_str().is_none_or(str::is_empty) {
            return Err(Self::expected());
        }
        let (user, password) = (!url.username().is_empty(), url.password().is_some());
        if user != password {
            return Err("a user and a password, or neither".to_owned());
        }
        if password && !tls && !value::is_loopback(&url) {
            return Err("?tls=required or smtps://, because the password would travel unencrypted".to_owned());
        }
        Ok(Secret::new(text.to_owned()))
    }
}

/// The host to which mail travels without encryption; `None` when it is encrypted or stays on this machine.
pub(super) fn plain_text_host(smtp_url: &str) -> Option<String> {
    let url = Url::parse(smtp_url).ok()?;
    let plain = url.scheme() == "smtp" && url.query().is_none_or(str::is_empty) && !value::is_loopback(&url);
    plain.then(|| url.host_str().unwrap_or_default().to_owned())
}

/// A sender, with or without a name.
pub(super) struct Address;
impl Kind for Address {
    type Value = Mailbox;
    fn expected() -> String {
        "an address, like Gatehouse <no-reply@example.org>".to_owned()
    }
    fn read(text: &str) -> Result<Mailbox, String> {
        if text.chars().any(char::is_control) {
            return Err(Self::expected());
        }
        text.parse().map_err(|_| Self::expected())
    }
}

/// How log lines look.
pub(super) struct Format;
impl Kind for Format {
    type Value = LogFormat;
    fn expected() -> String {
        "pretty or json".to_owned()
    }
    fn read(text: &str) -> Result<LogFormat, String> {
        LogFormat::parse(text).ok_or_else(Self::expected)
    }
}

/// What is logged.
pub(super) struct Level;
impl Kind for Level {
    type Value = String;
    fn expected() -> String {
        "error, warn, info, debug, trace or off, or directives like info,gatehouse=debug".to_owned()
    }
    fn read(text: &str) -> Result<String, String> {
        // The filter would take a misspelled level for the name of a module and log nothing else.
        let known = |word: &str| matches!(word.to_ascii_lowercase().as_str(), "error" | "warn" | "info" | "debug" | "trace" | "off");
        let clear = text.contains('[') || text.split(',').all(|part| part.contains('=') || known(part.trim()));
        if clear && EnvFilter::builder().parse(text).is_ok() { Ok(text.to_owned()) } else { Err(Self::expected()) }
    }
}
