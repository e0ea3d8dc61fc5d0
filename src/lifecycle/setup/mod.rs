//! Setup: how a new organization gets its first Administrator. Whoever can read the terminal or the data directory of the server has a
//! claim link; nobody else sees any of it. Opening a link uses nothing up: making the owner does, once, whoever else tries at that moment.

mod first_app;
mod store;

pub use first_app::{FirstApp, FirstAppError, first_app};

use crate::access::administrators::{self, RemainError};
use crate::access::begin_change;
use crate::access::grant::{self, GrantError};
use crate::access::load::Who;
use crate::access::role::{self, organization as organization_role};
use crate::access::stage::{self, StageError};
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::base::secret::{Secret, TokenHash, random_token};
use crate::base::text::{DisplayName, EmailAddress, Locale, Slug};
use crate::base::time::{Period, Timestamp};
use crate::crypto::password::PasswordHash;
use crate::db::Tx;
use crate::identity::organization;
use crate::identity::user::{self, Profile, User, Vouched};
use crate::lifecycle::invitation;
use crate::work::Work;
use std::time::Duration;

/// How long a claim link is good.
pub const LIFE: Duration = Duration::from_hours(24);

/// What a claim link carries.
#[derive(Clone, Debug)]
pub struct Token(Secret<String>);

impl Token {
    /// Reads what could be a token: 256 random bits as base64url.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 43 && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'));
        plain.then(|| Self(Secret::new(text.to_owned())))
    }

    /// The text, for the link and the cookie.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }

    fn hash(&self) -> TokenHash {
        TokenHash::of(self.0.expose())
    }
}

/// Why a claim link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// There is no such link.
    #[error("there is no such claim link")]
    Unknown,
    /// The owner was made with it.
    #[error("this claim link was used")]
    Used,
    /// Somebody administers the organization already.
    #[error("the organization has been set up")]
    SetUp,
    /// Its time is up.
    #[error("this claim link has expired")]
    Expired,
}

/// Why a step of setup was refused.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The link opens nothing.
    #[error(transparent)]
    Over(#[from] Over),
    /// The organization has no name yet: the first step comes first.
    #[error("the organization has no name yet")]
    NoOrganization,
    /// The address belongs to somebody who was deactivated.
    #[error("somebody with this address was deactivated")]
    Inactive,
    /// A stage was refused.
    #[error(transparent)]
    Stage(StageError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why no claim link was made.
#[derive(Debug, thiserror::Error)]
pub enum LinkError {
    /// Somebody administers the organization already.
    #[error("the organization has been set up: its Administrators sign in, and invite whoever else shall come in")]
    SetUp,
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Makes a claim link, while nobody administers the organization. Links made before stay good: another node may have shown one.
pub async fn make_link(work: &mut Work) -> Result<Token, LinkError> {
    begin_change(work).await?;
    work.require("organization.manage", Reach::Organization)?;
    if administrators::exist(&mut work.tx, work.now).await? {
        return Err(LinkError::SetUp);
    }
    let token = Token(Secret::new(random_token::<32>()));
    store::insert(&mut work.tx, &token.hash(), work.now, work.now.plus(LIFE)).await?;
    let about = serde_json::json!({ "expires_at": work.now.plus(LIFE) });
    work.record(Event::new(Kind::ClaimLinkMade, Subject::unknown("claim_link")).after(&about)?).await?;
    Ok(token)
}

/// Whether a link still opens setup. Looking uses nothing up.
pub async fn look(tx: &mut Tx, token: &Token, now: Timestamp) -> Result<Result<(), Over>, Fault> {
    let Some(link) = store::by_hash(tx, &token.hash()).await? else { return Ok(Err(Over::Unknown)) };
    Ok(if link.used_at.is_some() {
        Err(Over::Used)
    } else if administrators::exist(tx, now).await? {
        Err(Over::SetUp)
    } else if link.expires_at <= now {
        Err(Over::Expired)
    } else {
        Ok(())
    })
}

/// The first step: the name of the organization and its stages. May be repeated until there is an owner.
pub async fn describe(work: &mut Work, token: &Token, name: &DisplayName, stages: &[stage::Spec]) -> Result<(), ClaimError> {
    let changing = begin_change(work).await?;
    look(&mut work.tx, token, work.now).await??;
    match organization::put(work, &changing, name, &[]).await {
        Ok(_) => {}
        Err(organization::PutError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(Fault::new("name the organization", error).into()),
    }
    match stage::put_first(work, &changing, stages).await {
        Ok(()) => Ok(()),
        Err(StageError::Fault(fault)) => Err(fault.into()),
        Err(error) => Err(ClaimError::Stage(error)),
    }
}

/// Who claims the organization. The password was judged and hashed before.
#[derive(Debug)]
pub struct Owner {
    /// What they are called.
    pub name: DisplayName,
    /// The address they sign in with: whoever holds a claim link vouches for it.
    pub email: EmailAddress,
    /// Their language.
    pub locale: Locale,
    /// Their password.
    pub password: PasswordHash,
}

/// The second step: uses the link up, ends every other one, and makes the owner Administrator. Of any number that try at the same
/// moment one wins; the others are told, and nothing of theirs stays.
pub async fn claim(work: &mut Work, token: &Token, owner: &Owner) -> Result<User, ClaimError> {
    let changing = begin_change(work).await?;
    look(&mut work.tx, token, work.now).await??;
    if organization::load(&mut work.tx).await?.is_none() {
        return Err(ClaimError::NoOrganization);
    }
    if !store::take(&mut work.tx, &token.hash(), work.now).await? {
        return Err(Over::Used.into());
    }
    store::end_all(&mut work.tx, work.now).await?;
    let profile = Profile { name: Some(owner.name.clone()), locale: Some(owner.locale.clone()), ..Profile::default() };
    let vouched = Vouched { email: owner.email.clone(), profile, password: Some(owner.password.clone()) };
    let user = match user::vouch(work, &changing, &vouched).await {
        Ok(user) => user,
        Err(user::PutError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(Fault::new("make the owner", error).into()),
    };
    if !user.counts() {
        return Err(ClaimError::Inactive);
    }
    let key = Slug::parse(role::ADMINISTRATOR).map_err(|error| Fault::new("name the role Administrator", error))?;
    let administrator = organization_role::by_key(&mut work.tx, &key).await?.ok_or_else(|| Fault::broken("the role Administrator is missing"))?;
    match grant::give_organization(work, &changing, Who::User(user.id), &administrator, None, Period::ALWAYS, None).await {
        Ok(_) => {}
        Err(GrantError::Fault(fault)) => return Err(fault.into()),
        Err(error) => return Err(Fault::new("make the owner Administrator", error).into()),
    }
    // Somebody invited before on the command line gets what was offered, too.
    invitation::settle(work, &changing, &user).await?;
    match administrators::one_remains(work, &changing).await {
        Ok(()) => {}
        Err(RemainError::Fault(fault)) => return Err(fault.into()),
        Err(RemainError::LastAdministrator) => return Err(Fault::broken("the owner was made and does not administer").into()),
    }
    store::open_steps(&mut work.tx).await?;
    work.record(Event::new(Kind::Claimed, Subject::new("user", user.id)).after(&user)?).await?;
    user::by_id(&mut work.tx, user.id).await?.ok_or_else(|| Fault::broken("the owner was made and is gone").into())
}

/// Whether the steps after the owner are still to be walked. They are for Administrators; whoever shows them asks for that.
pub async fn is_going_on(tx: &mut Tx) -> Result<bool, Fault> {
    store::are_steps_open(tx).await
}

/// Why setup was not brought to its end.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The end of setup, with or without a first app.
pub async fn finish(work: &mut Work) -> Result<(), FinishError> {
    begin_change(work).await?;
    work.require_all()?;
    store::close_steps(&mut work.tx).await?;
    Ok(())
}

/// Removes links that ended before `until`; answers how many.
pub async fn forget(tx: &mut Tx, until: Timestamp) -> Result<u64, Fault> {
    store::forget(tx, until).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_could_be_a_token_is_looked_for() {
        assert!(Token::parse(&random_token::<32>()).is_some());
        for bad in ["", "x", &"a".repeat(42), &"a".repeat(44), &format!("{}/", "a".repeat(42)), &format!("{}\u{e9}", "a".repeat(41))] {
            assert!(Token::parse(bad).is_none(), "{bad:?}");
        }
        assert_eq!(format!("{:?}", Token::parse(&"a".repeat(43)).unwrap()), "Token((secret))");
    }
}
