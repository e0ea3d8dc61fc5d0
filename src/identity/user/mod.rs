//! Users: one person, one e-mail address, one row.

mod own;
mod profile;
mod refold;
mod store;
pub mod trail;

pub(crate) use own::change_password;
pub use own::{ProfileError, set_profile};
pub use profile::Profile;
pub use refold::refold;
pub use store::{by_email, by_emails, by_id, by_ids, password, sign_in, status, terms_accepted};

use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, EmailAddress, Locale};
use crate::base::time::Timestamp;
use crate::crypto::password::PasswordHash;
use crate::work::{Changing, Work};
use serde::Serialize;

crate::choice! {
    /// Where a user stands.
    pub enum Status {
        /// Invited, and has not accepted yet.
        Invited = "invited",
        /// Registered by themselves, and has not proved the address yet.
        PendingRegistration = "pending_registration",
        /// May sign in.
        Active = "active",
        /// May not.
        Inactive = "inactive",
    }
}

/// The issuer name of our own identity provider, whose identities hold passwords.
pub const BUILT_IN: &str = "built-in";

/// A user.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    /// The `sub` claim.
    pub id: UserId,
    /// The address, as typed.
    pub email: EmailAddress,
    /// Standing.
    pub status: Status,
    /// When the address was proved by a secret that we mailed to it.
    pub email_verified_at: Option<Timestamp>,
    /// The last sign-in or refresh.
    pub last_login_at: Option<Timestamp>,
    /// Rises with every change of this user's access.
    pub access_version: i64,
    /// Name, language and the other standard claims.
    pub profile: Profile,
    /// When the row was made.
    pub created_at: Timestamp,
    /// When the profile last changed: `updated_at`.
    pub updated_at: Timestamp,
    /// The ETag.
    pub version: i64,
}

impl User {
    /// Whether access of any kind counts: active, with a proved address.
    pub const fn counts(&self) -> bool {
        matches!(self.status, Status::Active) && self.email_verified_at.is_some()
    }

    /// The name, or the address of somebody without one.
    pub fn label(&self) -> &str {
        self.profile.name.as_ref().map_or(self.email.as_str(), DisplayName::as_str)
    }

    fn subject(&self) -> Subject {
        Subject::new("user", self.id)
    }
}

/// Why a user could not be made or changed.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The user with this address, made with status `invited` when there is none. Answers whether it was made.
/// Rule 1: whatever brings the address, it finds the same row. The caller answers for the right to do this.
pub(crate) async fn find_or_invite(work: &mut Work, _: &Changing, email: &EmailAddress, locale: &Locale) -> Result<(User, bool), Fault> {
    if let Some(user) = store::by_email(&mut work.tx, email).await? {
        return Ok((user, false));
    }
    let user = User {
        id: UserId::fresh(),
        email: email.clone(),
        status: Status::Invited,
        email_verified_at: None,
        last_login_at: None,
        access_version: 1,
        profile: Profile { locale: Some(locale.clone()), ..Profile::default() },
        created_at: work.now,
        updated_at: work.now,
        version: 1,
    };
    store::insert(work, &user).await?;
    work.record(Event::new(Kind::UserCreated, user.subject()).after(&user)?).await?;
    Ok((user, true))
}

/// What somebody who was invited and never came is called by whoever invites them. It is only suggested: nobody's own name goes for it.
pub(crate) async fn suggest_name(work: &mut Work, _: &Changing, id: UserId, name: &DisplayName) -> Result<(), Fault> {
    let is_nameless = |user: &User| user.status == Status::Invited && user.last_login_at.is_none() && user.profile.name.is_none();
    let Some(user) = store::by_id(&mut work.tx, id).await?.filter(is_nameless) else { return Ok(()) };
    let profile = Profile { name: Some(name.clone()), ..user.profile.clone() };
    let after = User { profile, updated_at: work.now, version: user.version + 1, ..user.clone() };
    store::update(work, &after).await?;
    work.record(Event::new(Kind::UserChanged, user.subject()).before(&user)?.after(&after)?).await
}

/// Rule 6, the moment at which an address is proved: whatever anybody else attached before goes in the same work, and the
/// password that its owner just chose is the only way in. `name` is what the owner calls themselves.
pub(crate) async fn prove(work: &mut Work, _: &Changing, user: &User, name: &DisplayName, password: &PasswordHash) -> Result<User, Fault> {
    store::forget_ways_in(&mut work.tx, user.id).await?;
    store::set_password(&mut work.tx, user, password, work.now).await?;
    let after = User {
        status: Status::Active,
        email_verified_at: Some(work.now),
        profile: Profile { name: Some(name.clone()), ..user.profile.clone() },
        access_version: user.access_version + 1,
        updated_at: work.now,
        version: user.version + 1,
        ..user.clone()
    };
    store::update(work, &after).await?;
    work.record(Event::new(Kind::EmailProved, user.subject()).before(user)?.after(&after)?).await?;
    work.record(Event::new(Kind::PasswordSet, user.subject())).await?;
    Ok(after)
}

/// What a file says of a user whose address the operator vouches for.
#[derive(Debug)]
pub struct Vouched {
    /// The address.
    pub email: EmailAddress,
    /// The name and the other standard claims.
    pub profile: Profile,
    /// The password; `None` leaves the one that is there.
    pub password: Option<PasswordHash>,
}

/// Makes or changes a user as the operator at the server says (`apply`): the file vouches for the address.
/// Somebody who was deactivated stays so.
pub async fn vouch(work: &mut Work, _: &Changing, file: &Vouched) -> Result<User, PutError> {
    work.require("users.manage", Reach::Organization)?;
    let Some(before) = store::by_email(&mut work.tx, &file.email).await? else {
        let user = User {
            id: UserId::fresh(),
            email: file.email.clone(),
            status: Status::Active,
            email_verified_at: Some(work.now),
            last_login_at: None,
            access_version: 1,
            profile: file.profile.clone(),
            created_at: work.now,
            updated_at: work.now,
            version: 1,
        };
        store::insert(work, &user).await?;
        work.record(Event::new(Kind::UserCreated, user.subject()).after(&user)?).await?;
        keep_password(work, &user, file.password.as_ref()).await?;
        return Ok(user);
    };
    let proves = before.email_verified_at.is_none();
    if proves {
        store::forget_ways_in(&mut work.tx, before.id).await?;
    }
    let after = User {
        status: if before.status == Status::Inactive { Status::Inactive } else { Status::Active },
        email_verified_at: before.email_verified_at.or(Some(work.now)),
        profile: before.profile.clone().overlaid(&file.profile),
        ..before.clone()
    };
    keep_password(work, &before, file.password.as_ref()).await?;
    if after.status == before.status && !proves && after.profile == before.profile {
        return Ok(before);
    }
    let after = User { access_version: before.access_version + 1, updated_at: work.now, version: before.version + 1, ..after };
    store::update(work, &after).await?;
    let kind = if proves { Kind::EmailProved } else { Kind::UserChanged };
    work.record(Event::new(kind, after.subject()).before(&before)?.after(&after)?).await?;
    Ok(after)
}

async fn keep_password(work: &mut Work, user: &User, password: Option<&PasswordHash>) -> Result<(), Fault> {
    let Some(password) = password else { return Ok(()) };
    let has = store::password(&mut work.tx, user.id).await?;
    if has.is_some_and(|has| has.expose() == password.expose()) {
        return Ok(());
    }
    store::set_password(&mut work.tx, user, password, work.now).await?;
    work.record(Event::new(Kind::PasswordSet, user.subject())).await
}

/// Replaces the password hash `old` by one of today's strength, after a sign-in with the right password. A password that was
/// set meanwhile stays: the one that was typed must not come back. Answers whether it was replaced.
pub(crate) async fn rehash(work: &mut Work, user: &User, old: &PasswordHash, new: &PasswordHash) -> Result<bool, Fault> {
    store::replace_hash(&mut work.tx, user.id, old, new).await
}

/// Notes a sign-in of somebody who counts. `false`: they do not, whatever was read of them before. Holds the row until the
/// work ends, so that shutting them out comes before or after it, never between.
pub(crate) async fn note_sign_in(work: &mut Work, user: UserId) -> Result<bool, Fault> {
    store::note_sign_in(&mut work.tx, user, work.now).await
}

/// Notes a sign-in with the password of which `hash` is stored. `false`: it is another one by now.
pub(crate) async fn note_password_used(work: &mut Work, user: &User, hash: &PasswordHash) -> Result<bool, Fault> {
    store::note_password_used(&mut work.tx, user.id, hash, work.now).await
}

/// Notes a use on the user's row.
pub(crate) async fn touch_last_login(work: &mut Work, user: UserId) -> Result<(), Fault> {
    store::touch_last_login(&mut work.tx, user, work.now).await
}

/// Sets a user's standing. What follows from it (sessions, tokens, rule 2) is `lifecycle`'s.
pub(crate) async fn set_status(work: &mut Work, _: &Changing, user: &User, status: Status) -> Result<User, Fault> {
    let after = User { status, access_version: user.access_version + 1, version: user.version + 1, ..user.clone() };
    store::update(work, &after).await?;
    let kind = if status == Status::Inactive { Kind::UserDeactivated } else { Kind::UserActivated };
    work.record(Event::new(kind, user.subject()).before(user)?.after(&after)?).await?;
    Ok(after)
}

/// Removes a user, and everything of theirs. What follows from it, and whether it may be, is `lifecycle`'s.
pub(crate) async fn remove(work: &mut Work, _: &Changing, user: &User) -> Result<(), Fault> {
    work.record(Event::new(Kind::UserDeleted, user.subject()).before(user)?).await?;
    store::delete(work, user.id).await
}

/// Raises the counter that caches of this user's access ask.
pub(crate) async fn access_changed(work: &mut Work, _: &Changing, user: UserId) -> Result<(), Fault> {
    store::raise_access_version(work, user).await
}
