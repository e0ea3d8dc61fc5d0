//! Carrying out files of invitations, one person at a time. Each work is short, so that whoever changes something meanwhile waits for one
//! person at most; and no more invitations are made than letters can leave.

use super::Pause;
use crate::base::fault::Fault;
use crate::lifecycle::bulk_invitation::{self, Claimed, Step, Terms};
use crate::lifecycle::invitation::Letters;
use crate::outbox;
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

/// How often files are looked for.
const ROUND: Duration = Duration::from_secs(1);
/// So many people of one file are invited before the next one has its turn.
const TURN: usize = 20;

/// Carries out until the server stops.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    if let Err(fault) = free_leases(&server).await {
        tracing::error!(%fault, "leases of an earlier process could not be freed; its files of invitations wait until they run out");
    }
    loop {
        while !pause.is_over() {
            match Box::pin(turn(&server, || pause.is_over())).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) => {
                    tracing::error!(%fault, "files of invitations could not be carried out");
                    break;
                }
            }
        }
        if !pause.rest(ROUND).await {
            return;
        }
    }
}

/// A database of one process: every lease is of a process that ended.
async fn free_leases(server: &Server) -> Result<(), Fault> {
    if server.ground.db.is_shared() {
        return Ok(());
    }
    let mut tx = server.ground.db.write().await?;
    bulk_invitation::free_leases(&mut tx).await?;
    tx.commit().await
}

/// One turn of the file that rested longest. `false`: there is none, or letters must leave first.
pub(super) async fn turn(server: &Server, is_over: impl Fn() -> bool) -> Result<bool, Fault> {
    let ground = &server.ground;
    let mut tx = ground.db.read().await?;
    if !bulk_invitation::is_due(&mut tx, ground.clock.now()).await? || outbox::bulk_waiting(&mut tx, outbox::MOST_BULK).await? >= outbox::MOST_BULK {
        return Ok(false);
    }
    drop(tx);
    let mut tx = ground.db.write().await?;
    let claimed = bulk_invitation::claim(&mut tx, ground.clock.now()).await?;
    tx.commit().await?;
    let Some(claimed) = claimed else { return Ok(false) };
    let outcome = steps(server, &claimed, is_over).await;
    let mut tx = ground.db.write().await?;
    bulk_invitation::release(&mut tx, &claimed).await?;
    tx.commit().await?;
    outcome.map(|()| true)
}

async fn steps(server: &Server, claimed: &Claimed, is_over: impl Fn() -> bool) -> Result<(), Fault> {
    let mut tx = server.ground.db.read().await?;
    let snapshot = server.provider.known.snapshot(&mut tx).await?;
    drop(tx);
    let organization = snapshot.organization.as_ref().map_or("Gatehouse", |organization| organization.name.as_str());
    let letters = Letters { issuer: server.issuer(), organization };
    let terms = Terms { letters, life: server.config.invitations.life_days, snapshot: &snapshot };
    for _ in 0..TURN {
        if is_over() || bulk_invitation::carry_out(&server.ground, claimed, &terms).await? != Step::Went {
            break;
        }
    }
    Ok(())
}
