//! Signing in with e-mail and password.

use super::Reason;
use super::throttle::{self, Limit, Slow, TakeError, Taken};
use crate::actor::Actor;
use crate::audit::{Event, Kind, Sparing, Subject};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::EmailAddress;
use crate::crypto::password::{PasswordError, PasswordHash, Passwords, Verified};
use crate::identity::user::{self, Status, User};
use crate::work::{Ground, Origin, Work};
use std::time::Duration;

/// How a try to sign in ended. A refusal is an outcome: it leaves its trace.
#[derive(Debug)]
pub enum SignIn {
    /// The person is who they say.
    Proved(Box<Proved>),
    /// Address and password do not belong together, or the person may not sign in: one answer for all.
    Wrong,
    /// Too many tries.
    Slow(Slow),
    /// The server has too many passwords to check just now.
    Busy,
}

/// Somebody who proved to know their password, as it was at that moment. A session starts with it only as long as it is still theirs.
#[derive(Debug)]
pub struct Proved {
    /// Who.
    pub user: User,
    /// What is stored of the password that they proved.
    pub(super) hash: PasswordHash,
}

/// What is counted: this address from this place, this address from anywhere, anything from this place.
fn limits(email: &EmailAddress, origin: &Origin) -> [Limit; 3] {
    let from = &throttle::place(origin);
    [
        Limit::new("password", &format!("{}\n{from}", email.key()), 5, Duration::from_mins(5)),
        Limit::new("password of", email.key(), 30, Duration::from_mins(1)),
        Limit::new("password from", from, 100, Duration::from_mins(1)).shared(),
    ]
}

/// How a try with a password ended, before anything follows from it.
enum Tried {
    /// It is right, and the person counts.
    Right {
        user: Box<User>,
        hash: PasswordHash,
        /// Whether the stored hash is not of today's strength.
        rehash: bool,
    },
    Wrong,
    Slow(Slow),
    Busy,
}

/// Takes a try and checks the password. No transaction is open while it is hashed; an unknown address takes as long as a known one. A
/// wrong one leaves its trace; a right one is forgiven by the caller.
async fn attempt(ground: &Ground, passwords: &Passwords, origin: &Origin, email: &EmailAddress, password: &Secret<String>) -> Result<Tried, Fault> {
    let limits = limits(email, origin);
    let taken = match ground.work(&Actor::Anonymous, origin, async |work| throttle::take(work, &limits).await).await {
        Ok(taken) => taken,
        Err(TakeError::Slow(slow)) => return Ok(Tried::Slow(slow)),
        Err(TakeError::Fault(fault)) => return Err(fault),
    };
    let mut tx = ground.db.read().await?;
    let found = user::sign_in(&mut tx, email).await?;
    drop(tx);
    let hash = found.as_ref().and_then(|(_, hash)| hash.as_ref());
    let verified = match passwords.verify(password, hash).await {
        Ok(verified) => verified,
        Err(PasswordError::Busy) => return Ok(Tried::Busy),
        Err(error) => return Err(Fault::new("check a password", error)),
    };
    match (verified, found) {
        (Verified::Right { rehash }, Some((user, Some(hash)))) if user.counts() => Ok(Tried::Right { user: Box::new(user), hash, rehash }),
        (_, found) => {
            ground.work(&Actor::Anonymous, origin, async |work| failed(work, found.as_ref(), taken).await).await?;
            Ok(Tried::Wrong)
        }
    }
}

/// Checks a password, to sign in with it.
pub async fn check(ground: &Ground, passwords: &Passwords, origin: &Origin, email: &EmailAddress, password: &Secret<String>) -> Result<SignIn, Fault> {
    match attempt(ground, passwords, origin, email, password).await? {
        Tried::Right { user, hash, rehash } => {
            let stronger = if rehash { passwords.hash(password).await.ok() } else { None };
            let replaced = ground
                .work(&Actor::Anonymous, origin, async |work| {
                    throttle::forgive(work, &limits(email, origin)).await?;
                    match &stronger {
                        Some(stronger) => user::rehash(work, &user, &hash, stronger).await,
                        None => Ok(false),
                    }
                })
                .await?;
            let hash = match stronger {
                Some(stronger) if replaced => stronger,
                Some(_) => match again(ground, passwords, &user, password).await? {
                    Some(hash) => hash,
                    None => return Ok(SignIn::Wrong),
                },
                None => hash,
            };
            Ok(SignIn::Proved(Box::new(Proved { user: *user, hash })))
        }
        Tried::Wrong => Ok(SignIn::Wrong),
        Tried::Slow(slow) => Ok(SignIn::Slow(slow)),
        Tried::Busy => Ok(SignIn::Busy),
    }
}

/// The hash that is stored now, if it is of this password: another window of the same person may have made it stronger meanwhile.
async fn again(ground: &Ground, passwords: &Passwords, user: &User, password: &Secret<String>) -> Result<Option<PasswordHash>, Fault> {
    let stored = user::password(&mut ground.db.read().await?, user.id).await?;
    match passwords.verify(password, stored.as_ref()).await {
        Ok(Verified::Right { .. }) => Ok(stored),
        Ok(Verified::Wrong) | Err(PasswordError::Busy) => Ok(None),
        Err(error) => Err(Fault::new("check a password", error)),
    }
}

/// How somebody who is signed in proved their password once more.
#[derive(Debug)]
pub enum Again {
    /// It is theirs: its hash, which is what may be replaced.
    Proved(PasswordHash),
    /// It is not.
    Wrong,
    /// Too many tries.
    Slow(Slow),
    /// The server has too many passwords to check just now.
    Busy,
}

/// Checks the password of somebody who is signed in, before they do something grave. It counts like a sign-in: a session that was
/// left open is no way to guess.
pub async fn prove_again(ground: &Ground, passwords: &Passwords, origin: &Origin, user: &User, password: &Secret<String>) -> Result<Again, Fault> {
    Ok(match attempt(ground, passwords, origin, &user.email, password).await? {
        Tried::Right { user: found, hash, .. } if found.id == user.id => {
            ground.work(&Actor::Anonymous, origin, async |work| throttle::forgive(work, &limits(&user.email, origin)).await).await?;
            Again::Proved(hash)
        }
        Tried::Right { .. } | Tried::Wrong => Again::Wrong,
        Tried::Slow(slow) => Again::Slow(slow),
        Tried::Busy => Again::Busy,
    })
}

async fn failed(work: &mut Work, found: Option<&(User, Option<PasswordHash>)>, taken: Taken) -> Result<(), Fault> {
    let subject = || found.map_or_else(|| Subject::unknown("user"), |(user, _)| Subject::new("user", user.id));
    let reason = match found {
        None => Reason::UnknownAddress,
        Some((user, _)) if user.status == Status::Inactive => Reason::Inactive,
        Some((user, _)) if !user.counts() => Reason::NotProved,
        Some((_, None)) => Reason::NoPassword,
        Some(_) => Reason::WrongPassword,
    };
    let event = Event::new(Kind::SignInFailed, subject()).after(&serde_json::json!({ "reason": reason, "method": "pwd" }))?;
    if found.is_some() {
        // The brake on this address keeps them few.
        work.record(event).await?;
    } else {
        // Addresses can be invented without end.
        let minute = Duration::from_mins(1);
        let here = Sparing::new("unknown address", &throttle::place(&work.origin), 1, minute);
        work.record_sparingly(event, &[here, Sparing::everywhere("unknown addresses", 60, minute)]).await?;
    }
    throttle::note(work, taken, "password", subject()).await
}
