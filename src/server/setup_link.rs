//! The claim link of a new organization, as the operator finds it: in a box on the terminal, and in a file that nobody else may read.

use super::{Server, seal_key};
use crate::access::administrators;
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::lifecycle::setup::{self, LinkError, Token};
use crate::work::Origin;
use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::PathBuf;

/// The name of the file in the data directory.
const FILE: &str = "setup-link";

impl Server {
    /// The file that holds the claim link until setup is done.
    pub fn setup_link_file(&self) -> PathBuf {
        self.config.server.data_dir.join(FILE)
    }

    /// Makes a claim link and keeps it in the file. Answers what to show on the terminal, or refuses once somebody administers.
    pub async fn make_claim_link(&self, label: &'static str) -> Result<String, LinkError> {
        // Looked at first, so that a start of what is set up writes nothing; the rule looks again.
        let mut tx = self.ground.db.read().await?;
        if administrators::exist(&mut tx, self.ground.clock.now()).await? {
            return Err(LinkError::SetUp);
        }
        drop(tx);
        let token = self.ground.work(&Actor::System { label }, &Origin::default(), async |work| setup::make_link(work).await).await?;
        let link = self.claim_link(&token);
        let kept = match self.keep(&link) {
            Ok(()) => Some(self.setup_link_file()),
            Err(error) => {
                tracing::warn!(path = %self.setup_link_file().display(), %error, "the claim link could not be written to its file; it stands on the terminal");
                None
            }
        };
        let mut lines = vec![
            String::from("Set up your organization: open this link in your browser."),
            String::new(),
            link,
            String::new(),
            String::from("Good for 24 hours, and for one person only. A new one: gatehouse admin claim-link"),
        ];
        lines.extend(kept.map(|file| format!("It also stands in {}", file.display())));
        Ok(boxed(&lines))
    }

    /// The link of a token.
    pub fn claim_link(&self, token: &Token) -> String {
        format!("{}/setup/{}", self.issuer(), token.expose())
    }

    fn keep(&self, link: &str) -> io::Result<()> {
        // Beside PostgreSQL nothing else needs the directory, so it may not be there.
        seal_key::make_private_directory(&self.config.server.data_dir).map_err(io::Error::other)?;
        let file = self.setup_link_file();
        let draft = file.with_extension(format!("{}.draft", std::process::id()));
        let _ = fs::remove_file(&draft);
        let mut open = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&draft)?;
        open.write_all(format!("{link}\n").as_bytes())?;
        fs::rename(&draft, file)
    }

    /// Removes the file: its link opens nothing any more.
    pub fn forget_claim_link(&self) {
        match fs::remove_file(self.setup_link_file()) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => tracing::warn!(path = %self.setup_link_file().display(), %error, "the used claim link could not be removed from its file"),
        }
    }

    /// Removes the file if somebody administers by now, on whatever node that happened. Costs nothing where there is none.
    pub async fn forget_claim_link_once_set_up(&self) -> Result<(), Fault> {
        if self.setup_link_file().exists() {
            let mut tx = self.ground.db.read().await?;
            if administrators::exist(&mut tx, self.ground.clock.now()).await? {
                self.forget_claim_link();
            }
        }
        Ok(())
    }
}

/// Lines in a box.
fn boxed(lines: &[String]) -> String {
    let width = lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let edge = "\u{2500}".repeat(width + 2);
    let sides = lines.iter().map(|line| format!("\u{2502} {line}{} \u{2502}\n", " ".repeat(width - line.chars().count())));
    format!("\u{250c}{edge}\u{2510}\n{}\u{2514}{edge}\u{2518}\n", sides.collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Sources};
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_box_is_square() {
        let text = boxed(&["a".into(), "l\u{e4}nger".into()]);
        let widths: Vec<usize> = text.lines().map(|line| line.chars().count()).collect();
        assert_eq!(widths, [10; 4], "{text}");
    }

    #[tokio::test]
    async fn the_link_stands_in_a_file_of_its_own_and_goes_with_setup() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let server = Server::open(config).await.unwrap();
        let shown = server.make_claim_link("test").await.unwrap();
        let file = server.setup_link_file();
        let kept = fs::read_to_string(&file).unwrap();
        assert!(kept.starts_with("http://localhost:8080/setup/") && shown.contains(kept.trim_end()) && kept.ends_with('\n'), "{kept}");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        // Another link takes its place in the file, whoever made the file readable meanwhile.
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        server.make_claim_link("test").await.unwrap();
        assert_ne!(fs::read_to_string(&file).unwrap(), kept);
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::read_dir(dir.path().join("data")).unwrap().filter(|entry| entry.as_ref().unwrap().path().to_string_lossy().contains("setup")).count(),
            1
        );
        server.forget_claim_link_once_set_up().await.unwrap();
        assert!(file.exists(), "nobody administers yet");
        server.forget_claim_link();
        server.forget_claim_link();
        assert!(!file.exists());
        server.close().await;
    }
}
