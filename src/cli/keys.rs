//! `gatehouse keys rotate`: new signing keys, in time for apps to know them, or at once when one was stolen.

use super::{Failure, printable};
use crate::actor::Actor;
use crate::oauth::key::{self, ALGORITHMS, RotateError};
use crate::server::Server;
use crate::work::Origin;
use clap::Subcommand;
use std::io::Write;

/// What can be done with the signing keys.
#[derive(Subcommand)]
pub enum KeysCommand {
    /// Make new signing keys: they are published now and sign after `keys.publish_ahead_hours`, and the old ones stay known.
    Rotate {
        /// The kid of a key that was stolen: it is withdrawn everywhere at once, with all it signed, and its successor signs now.
        #[arg(long, value_name = "KID")]
        compromised: Option<String>,
    },
}

/// Rotates the keys of every algorithm, or of the one whose key was stolen.
pub async fn run(server: &Server, command: &KeysCommand, out: &mut impl Write) -> Result<(), Failure> {
    let KeysCommand::Rotate { compromised } = command;
    let algorithms = match compromised {
        Some(kid) => vec![key::algorithm_of(&server.ground, kid).await?.ok_or_else(|| RotateError::Unknown(printable(kid)))?],
        None => ALGORITHMS.to_vec(),
    };
    // Before the work: RSA keys take their time.
    let keys = key::generate(algorithms).await?;
    let (actor, ahead) = (Actor::System { label: "keys rotate" }, server.config.keys.publish_ahead_hours);
    let rotated = server.ground.work(&actor, &Origin::default(), async |work| key::rotate(work, &keys, ahead, compromised.as_deref()).await).await?;
    if let Some(kid) = compromised {
        writeln!(out, "{kid} is withdrawn: nothing that it signed is accepted any more.")?;
    }
    for (algorithm, kid, from) in &rotated.made {
        writeln!(out, "{} {kid} signs from {}.", algorithm.as_str(), from.rfc3339())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::load::configuration_counter;
    use crate::base::time::{Clock, Timestamp};
    use crate::config::{Config, Sources};
    use crate::crypto::jwt::Algorithm;
    use crate::mail::transport::Transport;
    use std::time::Duration;

    /// The `kid` that signs with ES256 now, and all published ones.
    async fn keys(server: &Server) -> (String, Vec<String>) {
        let mut tx = server.ground.db.read().await.unwrap();
        let counter = configuration_counter(&mut tx).await.unwrap();
        let ring = server.provider.keys.ring(&mut tx, &server.ground.sealer, counter).await.unwrap();
        let now = server.ground.clock.now();
        let published = ring.published(now).into_iter().filter_map(|key| key.kid().map(str::to_owned)).collect();
        (ring.signer(Algorithm::Es256, now).unwrap().kid().to_owned(), published)
    }

    async fn rotate(server: &Server, compromised: Option<&str>) -> Result<String, String> {
        let mut out = Vec::new();
        let command = KeysCommand::Rotate { compromised: compromised.map(str::to_owned) };
        run(server, &command, &mut out).await.map(|()| String::from_utf8(out).unwrap()).map_err(|failure| failure.to_string())
    }

    #[tokio::test]
    async fn a_new_key_is_published_first_and_a_stolen_one_is_gone_at_once() {
        let dir = tempfile::tempdir().unwrap();
        let config = Config::load(Sources { working_dir: dir.path().to_owned(), ..Sources::default() }).unwrap();
        let clock = Clock::fixed(Timestamp::from_seconds(1_800_000_000));
        let server = Server::open_with(config, clock.clone(), Transport::Mailbox).await.unwrap();
        key::ensure_first(&server.ground).await.unwrap();
        let (first, published) = keys(&server).await;
        assert_eq!(published.len(), 2);

        let said = rotate(&server, None).await.unwrap();
        assert_eq!(said.lines().filter(|line| line.ends_with("signs from 2027-01-16T08:00:00Z.")).count(), 2, "{said}");
        let (signs, published) = keys(&server).await;
        assert_eq!((signs.as_str(), published.len()), (first.as_str(), 4), "known before it signs");
        clock.advance(Duration::from_hours(24));
        let (second, _) = keys(&server).await;
        assert_ne!(second, first);
        assert!(said.contains(&second));

        assert!(rotate(&server, Some("nobody's")).await.unwrap_err().contains("there is no key"));
        let said = rotate(&server, Some(&second)).await.unwrap();
        assert!(said.starts_with(&format!("{second} is withdrawn")) && said.lines().count() == 2, "{said}");
        let (third, published) = keys(&server).await;
        assert!(third != second && third != first && !published.contains(&second) && said.contains(&third), "{said}");
        assert!(rotate(&server, Some(&second)).await.is_err(), "it is gone already");
        server.close().await;
    }
}
