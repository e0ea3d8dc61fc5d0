//! Delivering what the outbox holds, one job at a time, each at least once.

use super::Pause;
use crate::base::fault::Fault;
use crate::base::id::JobId;
use crate::base::time::Timestamp;
use crate::mail::mailbox;
use crate::mail::settings;
use crate::mail::transport::{Letter, SendError, Transport};
use crate::outbox::{self, Claimed, Ended, Job, Mail};
use crate::server::Server;
use std::sync::Arc;
use std::time::Duration;

/// How often the outbox is looked into when no bell rings: other nodes leave jobs too, and jobs wait for their time.
const ROUND: Duration = Duration::from_secs(1);
/// One delivery may take so long: well within the lease, so that nobody else takes the job meanwhile.
const PATIENCE: Duration = Duration::from_secs(45);
const _: () = assert!(PATIENCE.as_secs() < outbox::LEASE.as_secs(), "a delivery ends before its lease does");

/// Delivers until the server stops.
pub(super) async fn run(server: Arc<Server>, mut pause: Pause) {
    if let Err(fault) = free_leases(&server).await {
        tracing::error!(%fault, "leases of an earlier process could not be freed; its jobs wait until they run out");
    }
    loop {
        while !pause.is_over() {
            match deliver_next(&server).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(fault) => {
                    tracing::error!(%fault, "the outbox could not be worked on");
                    break;
                }
            }
        }
        if !pause.rest_until(&server.ground.jobs, ROUND).await {
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
    outbox::free_leases(&mut tx).await?;
    tx.commit().await
}

/// Delivers the job that waits longest. `false`: none is due.
pub(super) async fn deliver_next(server: &Server) -> Result<bool, Fault> {
    let ground = &server.ground;
    let mut tx = ground.db.read().await?;
    if !outbox::is_due(&mut tx, ground.clock.now()).await? {
        return Ok(false);
    }
    let transport = server.post.transport(&mut tx, &ground.sealer).await?;
    drop(tx);
    let mut tx = ground.db.write().await?;
    let claimed = outbox::claim(&mut tx, &ground.sealer, ground.clock.now()).await?;
    tx.commit().await?;
    let Some(claimed) = claimed else { return Ok(false) };
    match &claimed.job {
        Ok(Job::Mail(mail)) => {
            let letter = letter(server, claimed.id, mail);
            if let Transport::Mailbox = transport {
                keep(server, &claimed, &letter).await?;
            } else {
                let ended = send(&transport, &letter).await;
                end(server, &claimed, ended).await?;
            }
        }
        Err(error) => end(server, &claimed, Ended::Never(format!("the job cannot be read: {error}"))).await?,
    }
    Ok(true)
}

/// Keeps a letter in the mailbox, in the transaction that finishes the job: neither without the other.
async fn keep(server: &Server, claimed: &Claimed, letter: &Letter) -> Result<(), Fault> {
    let now = server.ground.clock.now();
    let mut tx = server.ground.db.write().await?;
    if !settings::hold_mailbox(&mut tx).await? {
        // Somebody chose a mail server meanwhile, and the mailbox is closed.
        tx.rollback().await?;
        return end(server, claimed, Ended::Later("mail goes to a mail server now".to_owned())).await;
    }
    mailbox::put(&mut tx, &server.ground.sealer, letter, now).await?;
    if outbox::end(&mut tx, claimed, &Ended::Done, now).await? { tx.commit().await } else { tx.rollback().await }
}

async fn send(transport: &Transport, letter: &Letter) -> Ended {
    match tokio::time::timeout(PATIENCE, transport.send(letter)).await {
        Ok(Ok(())) => Ended::Done,
        Ok(Err(SendError::Temporary(why))) => Ended::Later(why),
        Ok(Err(SendError::Permanent(why))) => Ended::Never(why),
        Err(_) => Ended::Later(format!("the mail server did not finish within {} s", PATIENCE.as_secs())),
    }
}

async fn end(server: &Server, claimed: &Claimed, ended: Ended) -> Result<(), Fault> {
    let now: Timestamp = server.ground.clock.now();
    let mut tx = server.ground.db.write().await?;
    let ours = outbox::end(&mut tx, claimed, &ended, now).await?;
    tx.commit().await?;
    let (job, tries) = (claimed.id, claimed.attempts);
    match ended {
        _ if !ours => tracing::warn!(%job, "a delivery took longer than its lease; the job may be done twice"),
        Ended::Done => tracing::debug!(%job, tries, "delivered"),
        Ended::Later(why) if tries < outbox::TRIES => tracing::info!(%job, tries, %why, "not delivered; it is tried again later"),
        Ended::Later(why) => tracing::warn!(%job, tries, %why, "not delivered, and given up; see `gatehouse outbox list`"),
        Ended::Never(why) => tracing::warn!(%job, tries, %why, "cannot be delivered; see `gatehouse outbox list`"),
    }
    Ok(())
}

/// The letter of a job. Its Message-ID follows from the job, so that a repeated delivery is recognised as one.
fn letter(server: &Server, id: JobId, mail: &Mail) -> Letter {
    let domain = idna::domain_to_ascii_strict(server.config.mail.from.email.domain());
    // A sender at an address of digits has no domain; the id of the job alone is unique.
    let domain = domain.unwrap_or_else(|_| "gatehouse.invalid".to_owned());
    Letter { message_id: format!("<{id}@{domain}>"), to: mail.to.clone(), subject: mail.subject.clone(), text: mail.text.clone(), html: mail.html.clone() }
}
