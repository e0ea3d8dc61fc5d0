//! Giving a person or an API client that is here several things at once: all of them, or nothing.

use super::invitation::{Offer, Offered, Recipient};
use crate::access::administrators::RemainError;
use crate::access::app::{self, deployment};
use crate::access::grant::{self, Given, GrantError, Holder};
use crate::access::guard::GuardError;
use crate::access::load::Who;
use crate::access::role::{end_user, organization};
use crate::actor::Denied;
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::text::Description;
use crate::base::time::PeriodError;
use crate::identity::group::{self, GroupError};
use crate::identity::user::{self, Status, User};
use crate::oauth::client;
use crate::work::{Changing, Work};
use serde::{Deserialize, Serialize};

/// What giving one thing did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// It is new.
    Given,
    /// It was there, just so.
    Had,
    /// It was there with another period, and has this one now.
    Changed,
}

/// Why nothing was given. Numbers say which thing it was.
#[derive(Debug, thiserror::Error)]
pub enum GiveError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such user or API client, or no more.
    #[error("there is no such user or API client")]
    Unknown,
    /// The user is shut out.
    #[error("this user is deactivated: activate the user first")]
    Inactive,
    /// There is no such role, app or group any more.
    #[error("something that was chosen is gone")]
    Gone(usize),
    /// Rule 3a.
    #[error("only an Administrator can grant the role Administrator")]
    OnlyAdministrators(usize),
    /// Rule 3.
    #[error("{1}")]
    Guard(usize, #[source] GuardError),
    /// The period.
    #[error(transparent)]
    Period(PeriodError),
    /// These are held with another period, which stays unless its change was asked for.
    #[error("{} of them are held with another period", .0.len())]
    Differ(Vec<usize>),
    /// Rule 2.
    #[error(transparent)]
    Remain(#[from] RemainError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl GiveError {
    fn of_grant(at: usize, error: GrantError) -> Self {
        match error {
            GrantError::Denied(denied) => Self::Denied(denied),
            GrantError::OnlyAdministrators => Self::OnlyAdministrators(at),
            GrantError::Period => Self::Period(PeriodError::Order),
            GrantError::Past => Self::Period(PeriodError::Past),
            GrantError::Inactive => Self::Inactive,
            GrantError::NoUser => Self::Unknown,
            GrantError::Guard(error) => Self::Guard(at, error),
            GrantError::Remain(error) => Self::Remain(error),
            GrantError::Fault(fault) => Self::Fault(fault),
            GrantError::OtherStage => Self::Fault(Fault::broken("a user belongs to no stage")),
        }
    }
}

impl From<GroupError> for GiveError {
    fn from(error: GroupError) -> Self {
        match error {
            GroupError::Denied(denied) => Self::Denied(denied),
            GroupError::Period => Self::Period(PeriodError::Order),
            GroupError::Past => Self::Period(PeriodError::Past),
            GroupError::Inactive => Self::Inactive,
            GroupError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Who gets it, as they are at this moment.
enum Taker {
    Person(Box<User>),
    Client(ClientId),
}

impl Taker {
    async fn find(work: &mut Work, who: Who) -> Result<Self, GiveError> {
        match who {
            Who::User(id) => {
                let user = user::by_id(&mut work.tx, id).await?.ok_or(GiveError::Unknown)?;
                if user.status == Status::Inactive { Err(GiveError::Inactive) } else { Ok(Self::Person(Box::new(user))) }
            }
            Who::Client(id) => {
                let client = client::by_id(&mut work.tx, id).await?.ok_or(GiveError::Unknown)?;
                Ok(Self::Client(client.id))
            }
        }
    }

    fn who(&self) -> Who {
        match self {
            Self::Person(user) => Who::User(user.id),
            Self::Client(id) => Who::Client(*id),
        }
    }
}

/// Gives all of it. With `change`, what is held with another period gets the new one.
pub async fn give_access(work: &mut Work, changing: &Changing, who: Who, offers: &[Offered], change: bool) -> Result<Vec<Outcome>, GiveError> {
    for offered in offers {
        let (permission, reach) = offered.offer.needs_for(Recipient::from(who));
        work.require(permission, reach)?;
    }
    let taker = Taker::find(work, who).await?;
    let (mut outcomes, mut differ) = (Vec::with_capacity(offers.len()), Vec::new());
    for (at, offered) in offers.iter().enumerate() {
        match one(work, changing, &taker, at, offered, change).await? {
            Some(outcome) => outcomes.push(outcome),
            None => differ.push(at),
        }
    }
    if differ.is_empty() { Ok(outcomes) } else { Err(GiveError::Differ(differ)) }
}

/// `None`: it is held with another period.
async fn one(work: &mut Work, changing: &Changing, taker: &Taker, at: usize, offered: &Offered, change: bool) -> Result<Option<Outcome>, GiveError> {
    let reason = offered.reason.as_ref().map(Description::as_str);
    let period = offered.period;
    // Roles and groups are read again: they may be gone since the form was shown.
    let given = match (&offered.offer, taker) {
        (Offer::OrganizationRole { role, app }, _) => {
            let role = organization::by_id(&mut work.tx, role.id).await?.ok_or(GiveError::Gone(at))?;
            let app = match app {
                Some(app) => Some(app::by_id(&mut work.tx, app.id).await?.ok_or(GiveError::Gone(at))?.id),
                None => None,
            };
            let who = taker.who();
            let wrong = |error| GiveError::of_grant(at, error);
            let given = grant::give_organization(work, changing, who, &role, app, period, reason).await.map_err(wrong)?;
            if given == Given::PeriodDiffers && change {
                grant::set_organization_period(work, changing, who, &role, app, period).await.map_err(wrong)?;
            }
            given
        }
        (Offer::EndUserRole { role, .. }, Taker::Person(user)) => {
            let role = end_user::by_id(&mut work.tx, role.id).await?.ok_or(GiveError::Gone(at))?;
            let home = deployment::by_id(&mut work.tx, role.deployment_id).await?.ok_or(GiveError::Gone(at))?;
            let holder = Holder::User(user.id);
            let wrong = |error| GiveError::of_grant(at, error);
            let given = grant::give_end_user(work, changing, holder, home.app_id, &role, period, reason).await.map_err(wrong)?;
            if given == Given::PeriodDiffers && change {
                grant::set_end_user_period(work, changing, holder, home.app_id, &role, period).await.map_err(wrong)?;
            }
            given
        }
        (Offer::Group { group }, Taker::Person(user)) => {
            let group = group::by_id(&mut work.tx, group.id).await?.ok_or(GiveError::Gone(at))?;
            let given = group::add_member(work, changing, &group, user, period, reason).await?;
            if given == Given::PeriodDiffers && change {
                group::set_member_period(work, changing, &group, user, period).await?;
            }
            given
        }
        (Offer::EndUserRole { .. } | Offer::Group { .. }, Taker::Client(_)) => {
            return Err(Fault::broken("an API client holds organization roles and nothing else").into());
        }
    };
    Ok(match given {
        Given::Granted => Some(Outcome::Given),
        Given::Unchanged => Some(Outcome::Had),
        Given::PeriodDiffers => change.then_some(Outcome::Changed),
    })
}
