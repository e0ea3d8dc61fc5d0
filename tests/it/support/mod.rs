//! What the stories stand on. Each part is real: a database server, a mail server, browsers, relying parties.

pub mod browser;
pub mod chromium;
pub mod cookies;
pub mod eyes;
pub mod house;
pub mod insider;
pub mod node;
pub mod page;
pub mod postgres;
pub mod practice;
pub mod relying_party;
pub mod smtp;
pub mod watchdog;

use gatehouse::base::secret::random_bytes;
use std::collections::BTreeSet;
use std::io::Write;
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What takes longer hangs. Nobody waits so long where things go well, however busy the machine is.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// Waits for what happens by itself, beside the story.
pub async fn until(what: &str, mut happened: impl AsyncFnMut() -> bool) {
    let begun = Instant::now();
    while !happened().await {
        assert!(begun.elapsed() < PATIENCE, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// A client for plain HTTP, as every server here speaks it: without the certificates of this machine, which take longer to read than most
/// stories have requests.
pub fn http() -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy().tls_certs_only([])
}

/// A port that nobody listens on now, and that nobody gets by chance before it is used: below those that the system hands out by itself, and
/// given once in this process. Another process may still ask for this very one, so whoever uses it checks.
pub fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut given = GIVEN.lock().expect("nobody panics here");
    let random = || 20_000 + u16::from_be_bytes(random_bytes::<2>()) % 10_000;
    let is_free = |port: &u16| !given.contains(port) && TcpListener::bind(("127.0.0.1", *port)).is_ok();
    let port = (0..1_000).map(|_| random()).find(is_free).expect("a free port");
    given.insert(port);
    port
}

/// Finds a program in PATH, then in `elsewhere`.
pub fn find_program(name: &str, elsewhere: &[PathBuf]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).chain(elsewhere.iter().cloned()).map(|folder| folder.join(name)).find(|file| file.is_file())
}

/// Says once, on the real standard error (which the test harness does not capture), what is left out and why.
/// Panics where leaving out is not allowed: `GATEHOUSE_TESTS_REFUSE_SKIP`.
pub fn skipped(what: &str, why: &str) {
    static SAID: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
    assert!(std::env::var_os("GATEHOUSE_TESTS_REFUSE_SKIP").is_none(), "{what} must not be skipped here, but {why}");
    let first = SAID.lock().expect("nobody panics here").insert(what.to_owned());
    if first {
        // A closed standard error is no reason to fail.
        let _ = std::io::stderr().write_all(format!("SKIPPED: {what}: {why}\n").as_bytes());
    }
}
