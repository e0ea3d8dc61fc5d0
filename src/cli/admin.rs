//! `gatehouse admin`: what only the operator at the server may do for the organization.

use super::Failure;
use crate::server::Server;
use clap::Subcommand;
use std::io::Write;

/// What can be done.
#[derive(Subcommand)]
pub enum AdminCommand {
    /// Make a new claim link, with which the first Administrator sets up the organization in a browser.
    ClaimLink,
}

/// Makes and prints a link, as long as nobody administers.
pub async fn run(server: &Server, command: &AdminCommand, out: &mut impl Write) -> Result<(), Failure> {
    match command {
        AdminCommand::ClaimLink => out.write_all(server.make_claim_link("admin claim-link").await?.as_bytes())?,
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::apply;
    use crate::config::{Config, Sources};

    #[tokio::test]
    async fn a_link_is_made_until_somebody_administers() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let server = Server::open(config).await.unwrap();
        let mut out = Vec::new();
        run(&server, &AdminCommand::ClaimLink, &mut out).await.unwrap();
        let said = String::from_utf8(out).unwrap();
        assert!(said.contains("http://localhost:8080/setup/") && said.contains("setup-link"), "{said}");

        let seed = dir.path().join("seed.toml");
        let hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
        let text = format!("[organization]\nname = \"Acme\"\n[owner]\nemail = \"o@acme.example\"\nname = \"O\"\npassword_hash = \"{hash}\"\n");
        std::fs::write(&seed, text).unwrap();
        apply::apply(&server, &apply::read(&seed).unwrap()).await.unwrap();
        let mut out = Vec::new();
        let refused = run(&server, &AdminCommand::ClaimLink, &mut out).await.unwrap_err();
        assert!(refused.to_string().contains("has been set up") && out.is_empty(), "{refused}");
        server.close().await;
    }
}
