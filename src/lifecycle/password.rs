//! Somebody changes their password: the other sessions end, this one goes on with a new cookie, and a letter says so.

use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::crypto::password::PasswordHash;
use crate::identity::user::{self, User};
use crate::lifecycle::invitation::Letters;
use crate::login::session::{self, Context, Session, StartError, Started};
use crate::mail::messages::PasswordChanged;
use crate::oauth::authorization;
use crate::outbox::{Job, Mail};
use crate::words::Words;
use crate::work::Work;

/// Why a password was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It was changed since the old one was proved.
    #[error("the password was changed meanwhile")]
    Overtaken,
    /// The person was shut out meanwhile.
    #[error("this person may not sign in")]
    ShutOut,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<StartError> for ChangeError {
    fn from(error: StartError) -> Self {
        match error {
            StartError::ShutOut => Self::ShutOut,
            StartError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Replaces the password `old`, which the actor has just proved to know, in the session that stays. Of many windows that do it at
/// once, one does.
pub async fn change(
    work: &mut Work,
    user: &User,
    stays: (&Session, &Context),
    old: &PasswordHash,
    new: &PasswordHash,
    letters: &Letters<'_>,
) -> Result<Started, ChangeError> {
    if !matches!(&work.actor, Actor::User { id, .. } if *id == user.id) {
        return Err(Fault::broken("a password was to be changed by somebody else").into());
    }
    let (session, context) = stays;
    let started = session::start(work, context, user, Some(session), session::AMR_PASSWORD).await?;
    if !user::change_password(work, user, old, new).await? {
        return Err(ChangeError::Overtaken);
    }
    end_other_sessions(work, user, &started.session).await?;
    authorization::end_elsewhere(work, user.id, &started.session.id, "password changed").await?;
    let words = Words::of(&user.profile.locale.clone().unwrap_or_else(crate::base::text::Locale::english));
    let mail = PasswordChanged { words, organization: letters.organization.to_owned(), name: user.label().to_owned(), when: words.minute(work.now) };
    let unwritten = |error: askama::Error| Fault::new("write a letter", error);
    let (text, html) = (mail.text().map_err(unwritten)?, mail.html().map_err(unwritten)?);
    work.enqueue(&Job::Mail(Mail { to: user.email.clone(), subject: mail.subject(), text, html })).await?;
    Ok(started)
}

/// Ends every session of the actor but one.
pub async fn end_other_sessions(work: &mut Work, user: &User, stays: &Session) -> Result<(), Fault> {
    for sid in session::open_of(&mut work.tx, user.id).await?.iter().filter(|sid| **sid != stays.id) {
        authorization::end_own_session(work, sid).await?;
    }
    Ok(())
}
