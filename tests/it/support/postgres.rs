//! A private PostgreSQL server for this test run.

use super::watchdog::Guarded;
use super::{find_program, free_port, skipped};
use gatehouse::base::secret::Secret;
use gatehouse::db::{self, Db};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// Whether commits reach the disk. Only a test about power loss needs it: a killed process loses nothing without it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// `fsync` off: the default of the shared server.
    Fast,
    /// `fsync` on, as in production.
    Durable,
}

/// A running server with a data directory of its own.
pub struct Postgres {
    server: Guarded,
    port: u16,
}

/// The one user of the cluster. The password only keeps other programs of this machine out.
const USER: &str = "gatehouse";

impl Postgres {
    /// The server of this test process, started at first use; `None`, said once, where PostgreSQL is not installed.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Postgres>> = OnceLock::new();
        SHARED.get_or_init(|| Self::start(Durability::Fast)).as_ref()
    }

    /// Another server, which ends when it is dropped.
    pub fn start(durability: Durability) -> Option<Self> {
        let elsewhere = installations();
        let (Some(initdb), Some(postgres)) = (find_program("initdb", &elsewhere), find_program("postgres", &elsewhere)) else {
            skipped("tests on PostgreSQL", "initdb and postgres are neither in PATH nor in /usr/lib/postgresql/*/bin");
            return None;
        };
        let Some(become_user) = other_user() else {
            skipped("tests on PostgreSQL", "PostgreSQL does not run as root, and there is no setpriv to become another user");
            return None;
        };
        // The port is free now, but not reserved: try again with another if someone else takes it meanwhile.
        (0..5).find_map(|_| Self::try_start(&initdb, &postgres, &become_user, durability)).or_else(|| panic!("PostgreSQL found no free port five times"))
    }

    fn try_start(initdb: &Path, postgres: &Path, become_user: &[String], durability: Durability) -> Option<Self> {
        let port = free_port();
        let prefix = become_user.join(" ");
        let owner = become_user.iter().find_map(|argument| argument.strip_prefix("--reuid="));
        let hand_over = owner.map(|user| format!("chown {user} \"$1\" && ")).unwrap_or_default();
        let begin = format!(
            "printf %s {USER} >\"$1/password\" && chmod 644 \"$1/password\" && {hand_over}\
             {prefix} {} --pgdata=\"$1/data\" --username={USER} --pwfile=\"$1/password\" --auth=password --encoding=UTF8 --locale=C --no-sync",
            initdb.display()
        );
        // INT is the fast shutdown: TERM would wait until every client has gone.
        let server = Guarded::start("postgres", "INT", &begin, |folder| {
            let mut command = become_user.to_vec();
            command.extend([postgres.display().to_string(), String::from("-D"), folder.join("data").display().to_string()]);
            let (fsync, full_pages) = if durability == Durability::Durable { ("on", "on") } else { ("off", "off") };
            for setting in [
                format!("port={port}"),
                String::from("listen_addresses=127.0.0.1"),
                String::from("unix_socket_directories="),
                String::from("max_connections=200"),
                format!("fsync={fsync}"),
                format!("full_page_writes={full_pages}"),
                String::from("synchronous_commit=on"),
                // Nobody follows this server, and its databases live for seconds.
                String::from("wal_level=minimal"),
                String::from("max_wal_senders=0"),
                String::from("autovacuum=off"),
            ] {
                command.extend([String::from("-c"), setting]);
            }
            command
        });
        let ready = server.wait_for("PostgreSQL", |server| {
            let status = std::fs::read_to_string(server.folder().join("data/postmaster.pid")).unwrap_or_default();
            match status.lines().last().map(str::trim_end) {
                Some("ready") => Some(true),
                _ => server.log().contains("Address already in use").then_some(false),
            }
        });
        ready.then_some(Self { server, port })
    }

    /// The URL of a database of this server.
    fn url(&self, database: &str) -> String {
        format!("postgres://{USER}:{USER}@127.0.0.1:{}/{database}", self.port)
    }

    /// An empty database of its own name. Answers its URL.
    pub async fn fresh_database(&self) -> String {
        self.copy_database("template1").await
    }

    /// A database with our schema, made once and copied: most stories begin where the server has migrated. Answers its URL.
    pub async fn migrated_database(&self) -> String {
        static TEMPLATE: tokio::sync::OnceCell<String> = tokio::sync::OnceCell::const_new();
        let template = TEMPLATE.get_or_init(|| async {
            let url = self.fresh_database().await;
            let db = Db::open(&db::Settings { place: db::Place::Postgres(Secret::new(url.clone())), connections: 1 }).await.expect("the database opens");
            db.migrate().await.expect("migrated");
            db.close().await;
            database_name(&url).to_owned()
        });
        self.copy_database(template.await).await
    }

    /// A copy of a database that nobody is connected to: for a schema that is the same in every test. Answers its URL.
    pub async fn copy_database(&self, template: &str) -> String {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
        self.administer(format!("CREATE DATABASE \"{name}\" TEMPLATE \"{template}\"")).await;
        self.url(&name)
    }

    /// Removes a database of this server, even under somebody's feet.
    pub async fn drop_database(&self, url: &str) {
        let name = database_name(url);
        self.administer(format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)")).await;
    }

    /// The folder of the server: it is gone when the server is.
    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    async fn administer(&self, statement: String) {
        let mut connection = PgConnection::connect(&self.url("postgres")).await.expect("PostgreSQL answers");
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut connection).await.expect("the statement works");
        connection.close().await.expect("PostgreSQL says goodbye");
    }
}

/// The name of the database in a URL that `fresh_database` made.
pub fn database_name(url: &str) -> &str {
    url.rsplit_once('/').expect("a database URL").1
}

/// Debian keeps the programs out of PATH; the newest version first.
fn installations() -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// The words before a command that make it run as someone who is not root; none when we are not root.
fn other_user() -> Option<Vec<String>> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    if id(&["-u"])? != "0" {
        return Some(Vec::new());
    }
    let setpriv = find_program("setpriv", &[PathBuf::from("/usr/bin")])?;
    let (user, group) = ["postgres", "nobody"].iter().find_map(|name| Some((id(&["-u", name])?, id(&["-g", name])?)))?;
    Some(vec![setpriv.display().to_string(), format!("--reuid={user}"), format!("--regid={group}"), String::from("--clear-groups")])
}
