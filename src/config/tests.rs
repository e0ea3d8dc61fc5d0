//! Good and bad configurations; none of these tests touches the environment of the process.

use super::table::{Default as Preset, TABLE};
use super::*;
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

struct Case {
    dir: TempDir,
    sources: Sources,
}

/// An empty directory, no environment, no flags.
fn case() -> Case {
    let dir = tempfile::tempdir().unwrap();
    let sources = Sources { working_dir: dir.path().to_owned(), ..Sources::default() };
    Case { dir, sources }
}

impl Case {
    fn toml(self, text: &str) -> Self {
        self.with_file("gatehouse.toml", text, 0o600)
    }

    fn with_file(self, name: &str, text: &str, mode: u32) -> Self {
        use std::os::unix::fs::PermissionsExt;
        let path = self.dir.path().join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    fn env(mut self, name: &str, value: &str) -> Self {
        self.sources.environment.push((name.into(), value.into()));
        self
    }

    fn flag(mut self, name: &str, value: &str) -> Self {
        self.sources.flags.push((name.into(), value.into()));
        self
    }

    fn good(self) -> Config {
        Config::load(self.sources).unwrap_or_else(|errors| panic!("{errors}"))
    }

    /// The lines of the report, without its heading and with the directory cut off.
    fn bad(self) -> Vec<String> {
        let report = Config::load(self.sources).expect_err("refused").to_string();
        let here = format!("{}/", self.dir.path().display());
        report.lines().skip(1).map(|line| line.trim().replace(&here, "")).collect()
    }

    fn only_error(self) -> String {
        let mut lines = self.bad();
        assert_eq!(lines.len(), 1, "{lines:?}");
        lines.remove(0)
    }
}

#[test]
fn nothing_configured_is_a_working_configuration() {
    let case = case();
    let here = case.dir.path().to_owned();
    let config = case.good();
    assert_eq!(config.server.listen, "127.0.0.1:8080".parse::<SocketAddr>().unwrap());
    assert_eq!(config.server.public_url.issuer(), "http://localhost:8080");
    assert_eq!(config.server.data_dir, here.join("data"));
    assert!(matches!(&config.database.url, DatabaseUrl::Sqlite(path) if *path == here.join("data/gatehouse.db")));
    assert!(config.server.workers >= 1 && config.server.trusted_proxies.is_empty());
    assert!(config.secrets.seal_key.is_none() && config.mail.smtp_url.is_none());
    assert_eq!(config.mail.from.to_string(), "Gatehouse <no-reply@localhost>");
    assert_eq!(config.tokens.access_life, Duration::from_mins(5));
    assert_eq!((config.tokens.refresh_grace, config.tokens.code_life), (Duration::from_secs(10), Duration::from_mins(1)));
    assert_eq!((config.invitations.life_days, config.keys.publish_ahead_hours), (Duration::from_hours(168), Duration::from_hours(24)));
    assert_eq!((config.limits.body_kb.bytes(), config.server.shutdown_seconds), (65_536, Duration::from_secs(30)));
    assert!(config.warnings().is_empty());
}

#[test]
fn every_default_is_accepted_by_its_own_kind_and_names_are_unambiguous() {
    for setting in TABLE {
        let of_secret = |name: &str| TABLE.iter().any(|other| other.secret && other.name == name);
        assert!(!setting.name.strip_suffix("_file").is_some_and(of_secret), "{} would look like the file of a secret", setting.name);
        assert!(setting.doc.ends_with('.'), "{} is explained in a sentence", setting.name);
        if let Preset::Is(text) = setting.default {
            // A default given by hand must do what the default does.
            case().flag(setting.name, text).good();
        }
    }
}

#[test]
fn the_stronger_source_wins() {
    let file = "[server]\nlisten = '127.0.0.1:1'\nworkers = 1\nshutdown_seconds = 1\n";
    let config = case()
        .toml(file)
        .env("GATEHOUSE_SERVER__WORKERS", "2")
        .env("GATEHOUSE_SERVER__SHUTDOWN_SECONDS", "2")
        .env("PATH", "/bin")
        .flag("server.shutdown_seconds", "3")
        .good();
    assert_eq!((config.server.listen.port(), config.server.workers, config.server.shutdown_seconds), (1, 2, Duration::from_secs(3)));
    let listing = config.print();
    for origin in ["gatehouse.toml line 2\n", "# environment GATEHOUSE_SERVER__WORKERS\n", "shutdown_seconds = 3 # flag\n", "connections = 10 # default\n"] {
        assert!(listing.contains(origin), "{origin} in {listing}");
    }
}

#[test]
fn a_named_file_replaces_the_one_that_is_found() {
    let mut case = case().toml("[server]\nworkers = 1\n").with_file("other.toml", "[log]\nlevel = 'warn'\n", 0o600);
    case.sources.file = Some("other.toml".into());
    assert_eq!(case.good().log.level, "warn");
}

#[test]
fn a_relative_path_of_certificates_starts_at_the_working_directory() {
    let case = case().env("GATEHOUSE_MAIL__CA_FILE", "certs/mail.pem");
    let here = case.dir.path().to_owned();
    assert_eq!(case.good().mail.ca_file, Some(here.join("certs/mail.pem")));
}

#[test]
fn the_data_directory_takes_the_database_along() {
    let config = case().flag("server.data_dir", "/var/lib/gate house").good();
    assert!(matches!(&config.database.url, DatabaseUrl::Sqlite(path) if path == &PathBuf::from("/var/lib/gate house/gatehouse.db")));
}

#[test]
fn unknown_names_are_refused_with_the_nearest() {
    assert_eq!(
        case().toml("[server]\nworkers = 2\nlistne = '127.0.0.1:1'\n").only_error(),
        "server.listne (gatehouse.toml line 3): no setting has this name; did you mean server.listen?"
    );
    assert_eq!(
        case().toml("[sever]\nlisten = 'x'\n").only_error(),
        "sever.listen (gatehouse.toml line 2): no setting has this name; did you mean server.listen?"
    );
    assert_eq!(case().toml("listen = 'x'\n").only_error(), "listen (gatehouse.toml line 1): no setting has this name; did you mean server.listen?");
    assert_eq!(
        case().env("GATEHOUSE_SERVER__LISTNE", "x").only_error(),
        "GATEHOUSE_SERVER__LISTNE (environment GATEHOUSE_SERVER__LISTNE): no setting has this name; did you mean GATEHOUSE_SERVER__LISTEN?"
    );
    assert!(case().env("GATEHOUSE_SERVER_LISTEN", "x").only_error().ends_with("did you mean GATEHOUSE_SERVER__LISTEN?"), "one underscore");
    assert!(case().env("GATEHOUSE_LOG__LEVEL_FILE", "x").only_error().ends_with("did you mean GATEHOUSE_LOG__LEVEL?"), "not a secret");
    assert!(case().flag("tokens.accesslife", "1").only_error().ends_with("did you mean tokens.access_life?"));
    assert!(case().toml("[quantum]\nflux = 1\n").only_error().ends_with("`gatehouse config print` lists them all"));
    assert!(case().toml("[quantum]\n").only_error().starts_with("quantum "));
}

#[test]
fn wrong_values_name_setting_source_and_what_is_expected() {
    assert_eq!(
        case().env("GATEHOUSE_TOKENS__ACCESS_LIFE", "soon").only_error(),
        "tokens.access_life (environment GATEHOUSE_TOKENS__ACCESS_LIFE): \"soon\" will not do; expected a whole number of seconds from 1 to 86400"
    );
    assert_eq!(
        case().toml("[server]\nworkers = \"4\"\n").only_error(),
        "server.workers (gatehouse.toml line 2): expected a number without quotes: a whole number from 1 to 1024"
    );
    assert!(case().toml("server = 3\n").only_error().ends_with("expected a section: [server], and its settings below it"));
    for (name, value) in [
        ("server.listen", "localhost"),
        ("server.workers", "0"),
        ("server.workers", "+4"),
        ("server.workers", ""),
        ("server.data_dir", ""),
        ("server.trusted_proxies", "10.0.0.0/33"),
        ("tokens.refresh_grace", "-1"),
        ("tokens.code_life", "99999999999999999999"),
        ("log.format", "xml"),
        ("log.level", "inof"),
        ("log.level", ""),
        ("mail.from", "nobody"),
        ("mail.from", "a@b.example\r\nBcc: c@d.example"),
        ("mail.smtp_url", "http://mail.example"),
        ("mail.smtp_url", "smtp://mail.example?tls=maybe"),
        ("mail.smtp_url", "smtps://user@mail.example"),
        ("database.url", "mysql://localhost/x"),
        ("database.url", "sqlite::memory:"),
        ("database.url", "sqlite://:memory:"),
        ("database.url", "sqlite://data/x.db?mode=ro"),
        ("server.data_dir", "data\u{fffd}"),
    ] {
        assert!(case().flag(name, value).only_error().starts_with(&format!("{name} (flag): ")), "{name} = {value}");
    }
    let long = case().flag("server.listen", &"x\n".repeat(5_000)).only_error();
    assert!(long.len() < 300 && long.contains("..."), "{long}");
}

#[test]
fn the_public_url_is_an_origin_with_https() {
    let issuer = |url: &str| case().flag("server.public_url", url).good().server.public_url.issuer().to_owned();
    assert_eq!(issuer("https://id.example.org/"), "https://id.example.org");
    assert_eq!(issuer("https://ID.example.org:443"), "https://id.example.org");
    assert_eq!(issuer("https://id.example.org:8443"), "https://id.example.org:8443");
    for local in ["http://localhost:9000", "http://127.0.0.1:9000", "http://[::1]:9000"] {
        assert_eq!(issuer(local), local);
    }
    let refused = |url: &str| case().flag("server.public_url", url).only_error();
    for url in
        ["https://id.example.org/auth", "https://id.example.org?x", "https://id.example.org#x", "https://user@id.example.org", "https://:pw@id.example.org"]
    {
        assert!(refused(url).contains("only scheme, host and port"), "{url}");
    }
    for url in ["http://id.example.org", "http://localhost.example.org", "http://127.0.0.2:8080"] {
        assert!(refused(url).contains("expected https://, because"), "{url}");
    }
    for url in ["id.example.org", "ftp://id.example.org", "localhost:8080", "https://", ""] {
        assert!(refused(url).contains("expected an address"), "{url}");
    }
    let public = case().flag("server.public_url", "https://id.example.org:8443").good();
    assert_eq!(public.server.public_url.host(), "id.example.org");
    assert_eq!(public.server.public_url.authority(), "id.example.org:8443");
    assert!(public.server.public_url.is_https());
    assert_eq!(public.mail.from.to_string(), "Gatehouse <no-reply@id.example.org>");
}

#[test]
fn everything_wrong_is_reported_at_once() {
    let errors = case()
        .toml("[server]\nlisten = 8080\nnope_at_all = 1\n[database]\nurl = 'postgres://h/d'\n")
        .env("GATEHOUSE_LOG__FORMAT", "xml")
        .flag("tokens.code_life", "0")
        .bad();
    assert_eq!(errors.len(), 5, "{errors:?}");
    for (name, count) in [("server.listen ", 1), ("server.nope_at_all", 1), ("log.format", 1), ("tokens.code_life", 1), ("secrets.seal_key: needed", 1)] {
        assert_eq!(errors.iter().filter(|error| error.starts_with(name)).count(), count, "{name} in {errors:?}");
    }
}

#[test]
fn invalid_toml_names_the_line_and_keeps_its_text_to_itself() {
    let error = case().toml("[secrets]\n\nseal_key = \"hunter2\n").only_error();
    assert!(error.starts_with("gatehouse.toml line 3: not valid TOML") && !error.contains("hunter2"), "{error}");
    let error = case().toml("[server]\nworkers = 1\nworkers = 2\n").only_error();
    assert!(error.starts_with("gatehouse.toml line 3: not valid TOML: duplicate key"), "{error}");
}

#[test]
fn files_that_cannot_be_read_are_errors() {
    let mut missing = case();
    missing.sources.file = Some("nowhere.toml".into());
    assert!(missing.only_error().starts_with("configuration file: cannot read nowhere.toml: No such file"));
    let directory = case();
    fs::create_dir(directory.dir.path().join("gatehouse.toml")).unwrap();
    assert!(directory.only_error().starts_with("configuration file: cannot read gatehouse.toml: "));
    let binary = case();
    fs::write(binary.dir.path().join("gatehouse.toml"), [0xff, 0xfe]).unwrap();
    assert!(binary.only_error().contains("valid UTF-8"));
    assert!(case().toml(&"#".repeat(2_000_000)).only_error().contains("larger than 1 MB"));
}

#[test]
fn secrets_come_from_files_too() {
    let config = case().with_file("key", "c2VjcmV0\r\n", 0o600).env("GATEHOUSE_SECRETS__SEAL_KEY_FILE", "key").good();
    assert_eq!(config.secrets.seal_key.unwrap().expose(), "c2VjcmV0");
    assert!(config.notes.warnings.is_empty());

    let open = case().with_file("key", "c2VjcmV0\n", 0o644).env("GATEHOUSE_SECRETS__SEAL_KEY_FILE", "key").good();
    assert!(open.warnings()[0].contains("every user of this machine may read"), "{:?}", open.warnings());
    let open = case().with_file("gatehouse.toml", "[secrets]\nseal_key = 'c2VjcmV0'\n", 0o644).good();
    assert!(open.warnings()[0].contains("holds secrets.seal_key"), "{:?}", open.warnings());

    let missing = case().env("GATEHOUSE_SECRETS__SEAL_KEY_FILE", "nowhere").only_error();
    assert!(missing.starts_with("secrets.seal_key (GATEHOUSE_SECRETS__SEAL_KEY_FILE): cannot read nowhere: No such file"), "{missing}");
    let twice = case().with_file("key", "x", 0o600).env("GATEHOUSE_SECRETS__SEAL_KEY", "x").env("GATEHOUSE_SECRETS__SEAL_KEY_FILE", "key").only_error();
    assert!(twice.starts_with("secrets.seal_key: given twice, by environment GATEHOUSE_SECRETS__SEAL_KEY and by key"), "{twice}");
    assert!(case().flag("log.level", "info").flag("log.level", "warn").only_error().contains("given twice"));
}

#[test]
fn postgresql_needs_a_sealing_key() {
    let url = "postgres://gate:hunter2@db.example:5433/gatehouse?sslpassword=hunter3";
    let refused = case().env("GATEHOUSE_DATABASE__URL", url).only_error();
    assert!(refused.starts_with("secrets.seal_key: needed and not set") && refused.contains("openssl rand"), "{refused}");
    assert!(case().env("GATEHOUSE_DATABASE__URL", url).env("GATEHOUSE_SECRETS__SEAL_KEY", "").only_error().contains("needed and not set"));
    let config = case().env("GATEHOUSE_DATABASE__URL", url).env("GATEHOUSE_SECRETS__SEAL_KEY", "a,b").good();
    assert!(matches!(&config.database.url, DatabaseUrl::Postgres(kept) if kept.expose() == url));
    assert!(config.print().contains("url = \"postgres://***@db.example:5433/gatehouse?***\""), "{}", config.print());
}

#[test]
fn no_secret_is_printed() {
    let secrets = [("database.url", "postgres://u:hunter2@h/d"), ("secrets.seal_key", "hunter2"), ("mail.smtp_url", "smtps://u:hunter2@h")];
    let full = secrets.iter().fold(case(), |case, (name, value)| case.flag(name, value)).good();
    for text in [full.print(), format!("{full:?}")] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    // A wrong secret is not repeated in the complaint either.
    for (name, value) in [("database.url", "mysql://u:hunter2@h/d"), ("secrets.seal_key", "hunter2\u{7}"), ("mail.smtp_url", "imap://u:hunter2@h")] {
        assert!(!case().flag(name, value).only_error().contains("hunter2"), "{name}");
    }
}

#[test]
fn the_listing_is_a_configuration_file() {
    let odd = "we\"ird\\d\u{e4}ta";
    let first = case().flag("server.trusted_proxies", "10.0.0.0/8, ::1").flag("server.data_dir", odd).good();
    assert_eq!(first.server.trusted_proxies, ["10.0.0.0/8".parse().unwrap(), "::1/128".parse::<ipnet::IpNet>().unwrap()]);
    let second = case().toml(&first.print()).good();
    assert_eq!(second.server.trusted_proxies, first.server.trusted_proxies);
    assert!(second.server.data_dir.ends_with(odd));
    let values =
        |listing: String| listing.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(" # ").next().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(values(first.print()), values(second.print()));
}

#[test]
fn mail_does_not_leak_passwords_on_the_way() {
    assert!(case().flag("mail.smtp_url", "smtp://u:p@mail.example").only_error().contains("the password would travel unencrypted"));
    assert!(case().flag("mail.smtp_url", "smtp://u:p@mail.example?tls=opportunistic").only_error().contains("unencrypted"));
    for fine in ["smtp://u:p@mail.example?tls=required", "smtps://u:p@mail.example", "smtp://u:p@localhost:2525", "smtp://127.0.0.1:2525"] {
        assert!(case().flag("mail.smtp_url", fine).good().warnings().is_empty(), "{fine}");
    }
    assert!(case().flag("mail.smtp_url", "smtp://mail.example").good().warnings()[0].contains("unencrypted"));
    assert!(case().toml("[mail]\nsmtp_url = 'smtps://h'\n").flag("mail.smtp_url", "").good().mail.smtp_url.is_none(), "an empty text takes it away");
}

#[test]
fn variables_of_others_are_left_alone() {
    case()
        .env("GATEHOUSE_PORT", "tcp://10.0.0.1:8080")
        .env("GATEHOUSE_PORT_8080_TCP_ADDR", "10.0.0.1")
        .env("GATEHOUSE_SERVICE_HOST", "10.0.0.1")
        .env("GATEHOUSE_TESTS_REFUSE_SKIP", "1")
        .good();
    assert!(case().env("GATEHOUSE_PORT", "8080").only_error().contains("no setting has this name"));
    assert!(case().env("GATEHOUSE_TESTS_X__Y", "1").only_error().contains("no setting has this name"));
}
