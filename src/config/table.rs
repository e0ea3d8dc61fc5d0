//! The table of all settings. One line is one setting: its field and type, its kind (which reads it from text), its
//! default, and one sentence for the operator. The line makes the field of the struct, the TOML key, the environment
//! variable and the line of `gatehouse config print`.

use super::kind::{
    Address, Database as DatabaseKind, Days, Directory, File, Format, Hours, Kilobytes, Kind, Level, Networks, Number, Optional, Origin, Password, Seconds,
    Smtp, Socket,
};
use super::sources::Found;
use super::value::{DatabaseUrl, LogFormat, PublicUrl, Size};
use super::{Notes, Reader};
use crate::base::secret::Secret;
use ipnet::IpNet;
use lettre::message::Mailbox;
use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// Where the value of a setting comes from when nobody gives one.
pub(super) enum Default {
    /// This text; empty for an optional setting that is not set.
    Is(&'static str),
    /// A text that follows from the machine or from other settings.
    From(fn(&Found) -> String),
}

/// How the value of a setting is written in TOML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Text,
    Number,
    /// An array of texts; elsewhere the texts with commas between them.
    List,
}

/// One setting, as the reader and the listing see it.
pub(super) struct Setting {
    pub name: &'static str,
    pub section: &'static str,
    pub key: &'static str,
    pub default: Default,
    pub doc: &'static str,
    pub shape: Shape,
    pub secret: bool,
    pub expected: fn() -> String,
    pub mask: fn(&str) -> String,
}

impl Setting {
    /// The environment variable that sets it.
    pub(super) fn variable(&self) -> String {
        format!("GATEHOUSE_{}__{}", self.section.to_uppercase(), self.key.to_uppercase())
    }
}

macro_rules! settings {
    ($($section_doc:literal $section:ident: $struct:ident { $($field:ident: $type:ty as $kind:ty = $default:expr, $doc:literal;)* })*) => {
        $(
            #[doc = $section_doc]
            #[derive(Clone, Debug)]
            pub struct $struct { $(#[doc = $doc] pub $field: $type,)* }
        )*

        /// Every setting, read and found to hold together.
        #[derive(Clone, Debug)]
        pub struct Config {
            $(#[doc = $section_doc] pub $section: $struct,)*
            pub(super) notes: Notes,
        }

        impl Config {
            /// Reads every setting, also after one has failed: the reader keeps what is wrong.
            pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
                $(let $section = {
                    $(let $field = reader.read::<$kind>(concat!(stringify!($section), ".", stringify!($field)));)*
                    (|| Some($struct { $($field: $field?),* }))()
                };)*
                Some(Self { $($section: $section?,)* notes: Notes::default() })
            }
        }

        /// Every setting in the order of the listing.
        pub(super) static TABLE: &[Setting] = &[$($(Setting {
            name: concat!(stringify!($section), ".", stringify!($field)),
            section: stringify!($section),
            key: stringify!($field),
            default: $default,
            doc: $doc,
            shape: <$kind as Kind>::SHAPE,
            secret: <$kind as Kind>::SECRET,
            expected: <$kind as Kind>::expected,
            mask: <$kind as Kind>::mask,
        },)*)*];

        /// The sections, each with its sentence.
        pub(super) static SECTIONS: &[(&str, &str)] = &[$((stringify!($section), $section_doc)),*];
    };
}

use Default::{From, Is};

#[rustfmt::skip]
settings! {
    "How browsers, apps and proxies reach the server." server: Server {
        listen: SocketAddr as Socket = Is("127.0.0.1:8080"), "The address and port that the server listens on.";
        public_url: PublicUrl as Origin = Is("http://localhost:8080"), "The address that browsers and apps use; it is the issuer of every token, so choose it once.";
        data_dir: PathBuf as Directory = Is("data"), "The directory of the embedded database and keys.";
        trusted_proxies: Vec<IpNet> as Networks = Is(""), "The proxies whose X-Forwarded-For is believed.";
        workers: u32 as Number<1, 1024> = From(cores), "The number of threads that answer requests; by default one for each core.";
        shutdown_seconds: Duration as Seconds<0, 3_600> = Is("30"), "How many seconds a stopping server gives the requests in flight.";
    }
    "Keys that protect what the database stores." secrets: Secrets {
        seal_key: Option<Secret<String>> as Optional<Password> = Is(""), "One or several base64 keys of 32 bytes with commas between them: the first seals, all open; SQLite makes its own in the data directory.";
    }
    "Where everything is stored." database: Database {
        url: DatabaseUrl as DatabaseKind = From(embedded), "`sqlite://FILE` for one node, `postgres://USER:PASSWORD@HOST/DATABASE` for several.";
        connections: u32 as Number<1, 1_000> = Is("10"), "How many connections to the database are kept at most.";
    }
    "How mail leaves." mail: Mail {
        smtp_url: Option<Secret<String>> as Optional<Smtp> = Is(""), "`smtp://USER:PASSWORD@HOST:587?tls=required` or `smtps://...`; without it, mail goes to the built-in mailbox.";
        from: Mailbox as Address = From(no_reply), "The sender of every mail.";
        ca_file: Option<PathBuf> as Optional<File> = Is(""), "A PEM file with certificates to trust beside the system's, for a mail server with a private authority.";
    }
    "What the server says about itself." log: Log {
        format: LogFormat as Format = From(format_here), "pretty for people or json for machines; by default pretty on a terminal.";
        level: String as Level = Is("info"), "How much is logged: error, warn, info, debug, trace, or directives like info,gatehouse=debug.";
    }
    "How long tokens live." tokens: Tokens {
        access_life: Duration as Seconds<1, 86_400> = Is("300"), "How many seconds an access token lives.";
        refresh_grace: Duration as Seconds<0, 300> = Is("10"), "For how many seconds a used refresh token gives the same answer again, for clients that lost it; 0 is strict.";
        code_life: Duration as Seconds<1, 600> = Is("60"), "How many seconds an authorization code lives.";
    }
    "How people are invited." invitations: Invitations {
        life_days: Duration as Days<1, 365> = Is("7"), "How many days an invitation can be accepted.";
    }
    "The keys that sign tokens." keys: Keys {
        publish_ahead_hours: Duration as Hours<0, 8_760> = Is("24"), "How many hours a new key is published before it signs, so that apps know it in time.";
    }
    "What is refused as too large." limits: Limits {
        body_kb: Size as Kilobytes<1, 65_536> = Is("64"), "How many kilobytes the body of a request may have.";
        open_sign_ins: u32 as Number<1, 1_000_000> = Is("1000"), "How many sign-ins of apps may begin from one network address in ten minutes before more have to wait.";
    }
}

fn cores(_: &Found) -> String {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).to_string()
}

fn embedded(found: &Found) -> String {
    let directory = found.text("server.data_dir").unwrap_or_default();
    format!("sqlite://{}", PathBuf::from(&*directory).join("gatehouse.db").display())
}

fn no_reply(found: &Found) -> String {
    // Only a domain name can receive an answer; an address of digits (a loopback in practice) stands as localhost.
    let public = found.text("server.public_url").and_then(|text| PublicUrl::parse(&text).ok());
    let domain = public.as_ref().and_then(|public| public.url().domain()).unwrap_or("localhost");
    format!("Gatehouse <no-reply@{domain}>")
}

fn format_here(_: &Found) -> String {
    if std::io::stderr().is_terminal() { LogFormat::Pretty } else { LogFormat::Json }.to_string()
}
