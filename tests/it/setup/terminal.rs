//! The first start of the real binary: the claim link stands on the terminal and in its file, and in no log.

use crate::support::browser::Browser;
use crate::support::free_port;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running binary; it ends with the value.
struct Started(Child);

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn gatehouse(folder: &Path, port: u16, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatehouse"));
    let settings = [format!("server.listen=127.0.0.1:{port}"), format!("server.public_url=http://localhost:{port}"), "log.level=debug".to_owned()];
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command.args(settings.iter().flat_map(|setting| ["--set", setting]));
    command
}

fn token(text: &str) -> Option<&str> {
    text.split("/setup/").nth(1).map(|rest| &rest[..43])
}

#[actix_web::test]
async fn the_link_stands_on_the_terminal_and_in_no_log() {
    let folder = tempfile::tempdir().expect("a folder");
    let port = free_port();
    let log = folder.path().join("log");
    let mut command = gatehouse(folder.path(), port, &[]);
    command.stdout(Stdio::piped()).stderr(File::create(&log).expect("a file"));
    let mut started = Started(command.spawn().expect("started"));
    let mut lines = BufReader::new(started.0.stdout.take().expect("a pipe")).lines().map_while(Result::ok);
    let shown = lines.by_ref().find(|line| line.contains("/setup/")).expect("the link");
    let shown = token(&shown).expect("a token").to_owned();
    let file = folder.path().join("data/setup-link");
    let kept = std::fs::read_to_string(&file).expect("the file");
    assert_eq!((token(&kept), kept.lines().count()), (Some(shown.as_str()), 1));
    assert_eq!(std::fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);

    // Another link from the command line leaves the first one good.
    let made = gatehouse(folder.path(), port, &["admin", "claim-link"]).output().expect("run");
    let made = String::from_utf8(made.stdout).expect("text");
    let second = token(&made).expect("a token").to_owned();
    let issuer = format!("http://localhost:{port}");
    for token in [&shown, &second] {
        let mut browser = Browser::new(&issuer);
        assert_eq!(browser.get(&format!("/setup/{token}")).await.url.path(), "/setup/organization");
    }
    assert_eq!(Browser::new(&issuer).get("/setup").await.status, 404);
    drop(started);
    let text = std::fs::read_to_string(&log).expect("the log");
    assert!(text.contains("Gatehouse answers") && !text.contains(&shown) && !text.contains(&second), "{text}");
}
