//! The organization: the one company that this Gatehouse serves. Exactly one row.

pub mod brand;
mod store;

use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::budget::ClaimsBudget;
use crate::base::fault::Fault;
use crate::base::id::OrganizationId;
use crate::base::policy::SessionPolicy;
use crate::base::reach::Reach;
use crate::base::text::DisplayName;
use crate::work::{Changing, Work};
use serde::{Deserialize, Serialize};

pub use store::load;

/// The organization.
#[derive(Clone, Debug, Serialize)]
pub struct Organization {
    /// The `org_id` claim.
    pub id: OrganizationId,
    /// What people read.
    pub name: DisplayName,
    /// E-mail domains of its own people.
    pub internal_domains: Vec<String>,
    /// What else can be set.
    pub settings: Settings,
    /// The ETag.
    pub version: i64,
}

/// What can be set for the whole organization. Kept as JSON: what an older Gatehouse did not write has its default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// How large our claims may get in one token.
    pub claims_budget: ClaimsBudget,
    /// How long sessions of our own pages last.
    pub portal_sessions: SessionPolicy,
}

/// Why the organization could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum PutError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A domain that no address can have.
    #[error("the internal domain {0:?} is no domain")]
    Domain(String),
    /// The policy of our own pages is out of bounds.
    #[error("sessions of our own pages must last 1 hour to 45 days in all and 5 minutes to 45 days idle, idle not longer than in all")]
    Policy,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an edit was not taken.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    /// Somebody else changed it since the reader saw it.
    #[error("the organization was changed by somebody else meanwhile")]
    Overtaken(Organization),
    /// As for `put`.
    #[error(transparent)]
    Put(#[from] PutError),
}

impl From<Fault> for EditError {
    fn from(fault: Fault) -> Self {
        Self::Put(PutError::Fault(fault))
    }
}

/// Changes name, domains and settings of the organization as its reader saw it.
pub async fn edit(
    work: &mut Work,
    changing: &Changing,
    version: i64,
    name: &DisplayName,
    internal_domains: &[String],
    settings: Settings,
) -> Result<Organization, EditError> {
    work.require("organization.manage", Reach::Organization).map_err(PutError::Denied)?;
    match store::load(&mut work.tx).await? {
        Some(now) if now.version != version => Err(EditError::Overtaken(now)),
        _ => Ok(put_with(work, changing, name, internal_domains, Some(settings)).await?),
    }
}

/// Changes how long sessions of our own pages last, as their reader saw the settings. What is alive is measured by it from the next request on.
pub async fn edit_portal_sessions(work: &mut Work, changing: &Changing, version: i64, sessions: SessionPolicy) -> Result<Organization, EditError> {
    work.require("organization.manage", Reach::Organization).map_err(PutError::Denied)?;
    let now = store::load(&mut work.tx).await?.ok_or_else(|| Fault::broken("there is no organization whose settings could change"))?;
    if now.version != version {
        return Err(EditError::Overtaken(now));
    }
    let settings = Settings { portal_sessions: sessions, ..now.settings };
    Ok(put_with(work, changing, &now.name, &now.internal_domains, Some(settings)).await?)
}

/// Makes the organization, or changes its name and domains. Answers what is there now.
pub async fn put(work: &mut Work, changing: &Changing, name: &DisplayName, internal_domains: &[String]) -> Result<Organization, PutError> {
    put_with(work, changing, name, internal_domains, None).await
}

/// The same with settings; `None`: they stay as they are.
pub async fn put_with(
    work: &mut Work,
    _: &Changing,
    name: &DisplayName,
    internal_domains: &[String],
    settings: Option<Settings>,
) -> Result<Organization, PutError> {
    work.require("organization.manage", Reach::Organization)?;
    let internal_domains = internal_domains
        .iter()
        .map(|domain| idna::domain_to_ascii_strict(domain).ok().filter(|ascii| ascii.contains('.')).ok_or_else(|| PutError::Domain(domain.clone())))
        .collect::<Result<Vec<_>, _>>()?;
    if settings.is_some_and(|settings| !settings.portal_sessions.is_valid()) {
        return Err(PutError::Policy);
    }
    let subject = |organization: &Organization| Subject::new("organization", organization.id);
    let Some(before) = store::load(&mut work.tx).await? else {
        let made = Organization { id: OrganizationId::fresh(), name: name.clone(), internal_domains, settings: settings.unwrap_or_default(), version: 1 };
        store::insert(&mut work.tx, &made, work.now).await?;
        work.record(Event::new(Kind::OrganizationChanged, subject(&made)).after(&made)?).await?;
        return Ok(made);
    };
    let settings = settings.unwrap_or(before.settings);
    if before.name == *name && before.internal_domains == internal_domains && before.settings == settings {
        return Ok(before);
    }
    let after = Organization { name: name.clone(), internal_domains, settings, version: before.version + 1, ..before.clone() };
    store::update(&mut work.tx, &after).await?;
    work.record(Event::new(Kind::OrganizationChanged, subject(&after)).before(&before)?.after(&after)?).await?;
    Ok(after)
}
