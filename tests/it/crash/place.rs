//! A place where the real binary runs: a folder with its settings and data, a port, and (or not) a PostgreSQL of its own.

use crate::support::house::Backend;
use crate::support::postgres::{Durability, Postgres};
use crate::support::smtp::Smtp;
use crate::support::{PATIENCE, free_port};
use gatehouse::base::secret::Secret;
use gatehouse::db::{self, Db};
use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The sealing key of a place on PostgreSQL.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// One installation. The server ends with the value.
pub struct Place {
    /// Its own address.
    pub issuer: String,
    folder: TempDir,
    port: u16,
    server: Mutex<Option<Child>>,
    postgres: Option<(Postgres, String)>,
}

impl Place {
    /// A place with the seed applied by the binary, whose mail goes to `smtp`. Nothing runs yet.
    pub async fn open(backend: Backend, smtp: &Smtp) -> Self {
        let postgres = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => {
                let server = tokio::task::spawn_blocking(|| Postgres::start(Durability::Durable)).await.expect("started").expect("PostgreSQL");
                let url = server.fresh_database().await;
                Some((server, url))
            }
        };
        let port = free_port();
        let place =
            Self { issuer: format!("http://localhost:{port}"), folder: tempfile::tempdir().expect("a folder"), port, server: Mutex::default(), postgres };
        place.configure(&smtp.url(), Some(smtp.ca_file()), None);
        std::fs::write(place.folder.path().join("seed.toml"), include_str!("seed.toml")).expect("a file");
        place.succeed(&["apply", "seed.toml"]).await;
        place
    }

    /// Writes the settings.
    pub fn configure(&self, smtp_url: &str, ca_file: Option<PathBuf>, seal_key: Option<&str>) {
        let (port, issuer) = (self.port, &self.issuer);
        let mut lines = vec![
            format!("server = {{ listen = \"127.0.0.1:{port}\", public_url = \"{issuer}\", workers = 2 }}"),
            "tokens = { refresh_grace = 60 }".to_owned(),
            "log = { format = \"json\" }".to_owned(),
        ];
        let ca_file = ca_file.map(|path| format!(", ca_file = \"{}\"", path.display())).unwrap_or_default();
        lines.push(format!("mail = {{ smtp_url = \"{smtp_url}\", from = \"Gatehouse <no-reply@acme.example>\"{ca_file} }}"));
        if let Some((_, url)) = &self.postgres {
            lines.push(format!("database = {{ url = \"{url}\" }}"));
        }
        if let Some(key) = seal_key.or(self.postgres.as_ref().map(|_| KEY)) {
            lines.push(format!("secrets = {{ seal_key = \"{key}\" }}"));
        }
        let text = lines.join("\n");
        std::fs::write(self.folder.path().join("gatehouse.toml"), text).expect("a file");
    }

    /// The data directory.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The binary with these arguments, not started yet. The settings of whoever runs the tests do not reach it.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
        command.args(arguments).current_dir(self.folder.path()).env_clear().stdin(Stdio::null());
        command
    }

    /// Runs a command of the binary to its end.
    pub async fn run(&self, arguments: &[&str]) -> (ExitStatus, String) {
        let mut command = self.command(arguments);
        let Output { status, stdout, stderr } = tokio::task::spawn_blocking(move || command.output()).await.expect("run").expect("the binary runs");
        (status, String::from_utf8_lossy(&[stdout, stderr].concat()).into_owned())
    }

    /// The same when it must succeed; answers what was said.
    pub async fn succeed(&self, arguments: &[&str]) -> String {
        let (status, said) = self.run(arguments).await;
        assert!(status.success(), "{arguments:?} ends with {status}: {said}");
        said
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(&self) {
        let log = OpenOptions::new().create(true).append(true).open(self.folder.path().join("log")).expect("a log");
        *self.server() = Some(self.command(&["serve"]).stdout(Stdio::null()).stderr(log).spawn().expect("the binary starts"));
        let http = crate::support::http().timeout(Duration::from_secs(5)).build().expect("a client");
        let begun = Instant::now();
        loop {
            if http.get(format!("{}/readyz", self.issuer)).send().await.is_ok_and(|answer| answer.status() == 200) {
                return;
            }
            let ended = self.server().as_mut().expect("just started").try_wait().expect("a status");
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "the server does not start ({ended:?}):\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn server(&self) -> MutexGuard<'_, Option<Child>> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Everything the servers of this place have logged.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// kill -9.
    pub fn kill(&self) {
        let mut server = self.server().take().expect("a running server");
        server.kill().expect("killed");
        server.wait().expect("gone");
    }

    /// Sends SIGTERM, as a service manager does.
    pub fn terminate(&self) {
        let id = self.server().as_ref().expect("a running server").id().to_string();
        assert!(Command::new("sh").args(["-c", "kill -TERM \"$1\"", "kill", &id]).status().expect("a shell").success());
    }

    /// Waits for the end of a server that was told to stop.
    pub async fn ended(&self) -> ExitStatus {
        let mut server = self.server().take().expect("a running server");
        let begun = Instant::now();
        loop {
            if let Some(status) = server.try_wait().expect("a status") {
                return status;
            }
            if begun.elapsed() > PATIENCE {
                server.kill().expect("killed");
                panic!("the server does not stop:\n{}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Stops the server gently.
    pub async fn stop(&self) {
        self.terminate();
        let status = self.ended().await;
        assert!(status.success(), "{status}:\n{}", self.log());
    }

    /// A look into the database, beside the server.
    pub async fn database(&self) -> Db {
        let place = match &self.postgres {
            None => db::Place::Sqlite(self.data().join("gatehouse.db")),
            Some((_, url)) => db::Place::Postgres(Secret::new(url.clone())),
        };
        Db::open(&db::Settings { place, connections: 1 }).await.expect("the database opens")
    }

    /// On a shared database the jobs of a killed node wait until their leases run out: lets that minute pass.
    pub async fn let_leases_run_out(&self) -> u64 {
        let db = self.database().await;
        let mut tx = db.write_once().await.expect("the database answers");
        let expired = gatehouse::execute!(tx, "UPDATE jobs SET leased_until = 1 WHERE leased_until IS NOT NULL").expect("written");
        tx.commit().await.expect("written");
        db.close().await;
        expired
    }

    /// Waits until no job waits any more.
    pub async fn deliver_everything(&self) {
        let begun = Instant::now();
        loop {
            let said = self.succeed(&["outbox", "list"]).await;
            // The whole line: ten jobs wait, too, where "0 jobs wait" stands.
            if said.lines().any(|line| line == "0 jobs wait, 0 were given up.") {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{said}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if std::thread::panicking() {
            // The log goes with the folder; what went wrong in the server is worth more than that a page said 500.
            let log = self.log();
            let wrong: Vec<&str> = log.lines().filter(|line| line.contains("ERROR") || line.contains("WARN")).collect();
            eprintln!("what the server said was wrong:\n{}", wrong[wrong.len().saturating_sub(20)..].join("\n"));
        }
        if let Some(mut server) = self.server().take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}
