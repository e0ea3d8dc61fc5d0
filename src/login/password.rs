//! Signing in with e-mail and password.

use super::throttle::{self, Limit, Slow, TakeError};
use crate::actor::Actor;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::secret::Secret;
use crate::base::text::EmailAddress;
use crate::crypto::password::{PasswordError, Passwords, Verified};
use crate::identity::user::{self, User};
use crate::work::{Ground, Origin, Work};
use std::time::Duration;

/// How a try to sign in ended. A refusal is an outcome: it leaves its trace.
#[derive(Debug)]
pub enum SignIn {
    /// The person is who they say.
    Proved(Box<User>),
    /// Address and password do not belong together, or the person may not sign in: one answer for all.
    Wrong,
    /// Too many tries.
    Slow(Slow),
    /// The server has too many passwords to check just now.
    Busy,
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

/// Checks a password. No transaction is open while it is hashed; an unknown address takes as long as a known one.
pub async fn check(ground: &Ground, passwords: &Passwords, origin: &Origin, email: &EmailAddress, password: &Secret<String>) -> Result<SignIn, Fault> {
    let limits = limits(email, origin);
    match ground.work(&Actor::Anonymous, origin, async |work| throttle::take(work, &limits).await).await {
        Ok(()) => {}
        Err(TakeError::Slow(slow)) => return Ok(SignIn::Slow(slow)),
        Err(TakeError::Fault(fault)) => return Err(fault),
    }
    let mut tx = ground.db.read().await?;
    let found = user::sign_in(&mut tx, email).await?;
    drop(tx);
    let hash = found.as_ref().and_then(|(_, hash)| hash.as_ref());
    let verified = match passwords.verify(password, hash).await {
        Ok(verified) => verified,
        Err(PasswordError::Busy) => return Ok(SignIn::Busy),
        Err(error) => return Err(Fault::new("check a password", error)),
    };
    match (verified, found) {
        (Verified::Right { rehash }, Some((user, old))) if user.counts() => {
            let stronger = if rehash { passwords.hash(password).await.ok() } else { None };
            ground
                .work(&Actor::Anonymous, origin, async |work| {
                    if let (Some(old), Some(stronger)) = (&old, &stronger) {
                        user::rehash(work, &user, old, stronger).await?;
                    }
                    throttle::forgive(work, &limits).await
                })
                .await?;
            Ok(SignIn::Proved(Box::new(user)))
        }
        (_, found) => {
            ground.work(&Actor::Anonymous, origin, async |work| failed(work, found.as_ref().map(|(user, _)| user)).await).await?;
            Ok(SignIn::Wrong)
        }
    }
}

async fn failed(work: &mut Work, user: Option<&User>) -> Result<(), Fault> {
    let subject = user.map_or_else(|| Subject::unknown("user"), |user| Subject::new("user", user.id));
    let why = match user {
        None => "unknown address",
        Some(user) if user.counts() => "wrong password",
        Some(_) => "not active, or wrong password",
    };
    work.record(Event::new(Kind::SignInFailed, subject).after(&serde_json::json!({ "reason": why, "method": "pwd" }))?).await
}
