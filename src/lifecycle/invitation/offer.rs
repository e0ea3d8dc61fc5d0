//! What an offer is, who may make it, and how it becomes a grant or a membership.

use super::store;
use crate::access::app::{self, App, deployment};
use crate::access::catalogue::Catalogue;
use crate::access::effective;
use crate::access::grant::{self, Given, GrantError, Holder};
use crate::access::guard::{self, GuardError};
use crate::access::load::{self, Who};
use crate::access::role::ADMINISTRATOR;
use crate::access::role::end_user::{self, EndUserRole};
use crate::access::role::organization::{self, OrganizationRole};
use crate::actor::{Actor, Denied};
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserRoleId, GroupId, InvitationId, OfferId, OrganizationRoleId, UserId};
use crate::base::reach::Reach;
use crate::base::text::Description;
use crate::base::time::{Period, Timestamp};
use crate::db::{PeriodColumns, Tx};
use crate::identity::group::{self, Group, GroupError};
use crate::identity::user::User;
use crate::work::{Changing, Granter, Work};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// An organization role.
    OrganizationRole {
        /// The role.
        role: OrganizationRole,
        /// The app to which it is limited; `None`: the whole organization.
        app: Option<App>,
    },
    /// An end-user role.
    EndUserRole {
        /// Whose role it is.
        app: App,
        /// The role.
        role: EndUserRole,
    },
    /// A membership.
    Group {
        /// The group.
        group: Group,
    },
}

/// An offer with its terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offered {
    /// What.
    pub offer: Offer,
    /// When it will be in force.
    pub period: Period,
    /// Why, for those who look at access later.
    pub reason: Option<Description>,
}

/// Who gets what is given: it decides which permission it takes to give an organization role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// A person.
    Person,
    /// An API client.
    Client,
}

impl From<Who> for Recipient {
    fn from(who: Who) -> Self {
        match who {
            Who::User(_) => Self::Person,
            Who::Client(_) => Self::Client,
        }
    }
}

/// What an offer is about, by its ids: two offers of the same target are two wordings of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Target {
    /// An organization role, everywhere or at one app.
    OrganizationRole(OrganizationRoleId, Option<AppId>),
    /// An end-user role.
    EndUserRole(EndUserRoleId),
    /// A membership.
    Group(GroupId),
}

/// An offer as it is stored.
#[derive(Clone, Debug, Serialize, sqlx::FromRow)]
pub(super) struct OfferRow {
    pub(super) id: OfferId,
    pub(super) invitation_id: InvitationId,
    organization_role_id: Option<OrganizationRoleId>,
    app_id: Option<AppId>,
    end_user_role_id: Option<EndUserRoleId>,
    group_id: Option<GroupId>,
    #[sqlx(flatten)]
    pub(super) period: PeriodColumns,
    pub(super) reason: Option<Description>,
    pub(super) offered_by_kind: String,
    pub(super) offered_by_id: Option<Uuid>,
    pub(super) offered_by_label: String,
    pub(super) offered_at: Timestamp,
}

impl OfferRow {
    pub(super) fn target(&self) -> Result<Target, Fault> {
        match (self.organization_role_id, self.end_user_role_id, self.group_id) {
            (Some(role), None, None) => Ok(Target::OrganizationRole(role, self.app_id)),
            (None, Some(role), None) => Ok(Target::EndUserRole(role)),
            (None, None, Some(group)) => Ok(Target::Group(group)),
            _ => Err(Fault::broken("a stored offer does not offer exactly one thing")),
        }
    }
}

impl Offer {
    /// What it is about.
    pub const fn target(&self) -> Target {
        match self {
            Self::OrganizationRole { role, app: Some(app) } => Target::OrganizationRole(role.id, Some(app.id)),
            Self::OrganizationRole { role, app: None } => Target::OrganizationRole(role.id, None),
            Self::EndUserRole { role, .. } => Target::EndUserRole(role.id),
            Self::Group { group } => Target::Group(group.id),
        }
    }

    /// The permission that whoever offers this must hold, and where.
    pub const fn needs(&self) -> (&'static str, Reach) {
        self.needs_for(Recipient::Person)
    }

    /// The permission that whoever gives this must hold, and where.
    pub const fn needs_for(&self, recipient: Recipient) -> (&'static str, Reach) {
        match (self, recipient) {
            (Self::OrganizationRole { .. }, Recipient::Person) => ("member_access.manage", Reach::Organization),
            (Self::OrganizationRole { .. }, Recipient::Client) => ("api_clients.manage", Reach::Organization),
            (Self::EndUserRole { app, role }, _) => ("end_user_access.manage", Reach::AppAtStage(app.id, role.stage_id)),
            (Self::Group { group }, _) => ("end_user_groups.manage", Reach::Stage(group.stage_id)),
        }
    }

    /// Whether only somebody who holds everything may offer it (rule 3a).
    pub fn gives_everything(&self) -> bool {
        matches!(self, Self::OrganizationRole { role, .. } if role.built_in && role.key.as_str() == ADMINISTRATOR)
    }

    /// Whether somebody with this authority may offer things of this kind there: what a form shows. Whether it is more than they hold
    /// themselves, the rule finds out.
    pub fn is_within(&self, authority: &Authority) -> bool {
        self.is_within_for(Recipient::Person, authority)
    }

    /// The same for giving it to somebody or something that is here.
    pub fn is_within_for(&self, recipient: Recipient, authority: &Authority) -> bool {
        let (permission, reach) = self.needs_for(recipient);
        authority.allows(permission, reach) && (!self.gives_everything() || authority.holds_all())
    }

    /// Whether somebody with this authority may offer it on these terms (rule 3a).
    async fn may_come_from(&self, work: &mut Work, authority: &Authority, period: Period) -> Result<bool, Fault> {
        if !self.is_within(authority) {
            return Ok(false);
        }
        let Self::OrganizationRole { role, app } = self else { return Ok(true) };
        match guard::within(work, authority, role.id, app.as_ref().map(|app| app.id), period).await {
            Ok(()) => Ok(true),
            Err(GuardError::Fault(fault)) => Err(fault),
            Err(_) => Ok(false),
        }
    }
}

/// Why an actor may not make an offer.
pub(super) enum MayNot {
    Denied(Denied),
    OnlyAdministrators,
    Beyond,
    Fault(Fault),
}

/// Whether an actor may offer things of this kind there.
fn may_begin(actor: &Actor, offer: &Offer) -> Result<(), MayNot> {
    let (permission, reach) = offer.needs();
    if !actor.may(permission, reach) {
        return Err(MayNot::Denied(Denied { permission, reach }));
    }
    if offer.gives_everything() && !actor.holds_all() { Err(MayNot::OnlyAdministrators) } else { Ok(()) }
}

/// Whether an actor could offer it on these terms, by the configuration at hand: the same as `may_offer`, for a page that says so before.
pub(super) fn could_offer(actor: &Actor, catalogue: &Catalogue, offer: &Offer, period: Period, now: Timestamp) -> Result<(), MayNot> {
    may_begin(actor, offer)?;
    let (Offer::OrganizationRole { role, app }, Some(own)) = (offer, actor.authority()) else { return Ok(()) };
    if guard::would_allow(catalogue, own, role.id, app.as_ref().map(|app| app.id), period, now) { Ok(()) } else { Err(MayNot::Beyond) }
}

/// Whether the actor of this work may offer it on these terms.
pub(super) async fn may_offer(work: &mut Work, offer: &Offer, period: Period) -> Result<(), MayNot> {
    may_begin(&work.actor, offer)?;
    let Offer::OrganizationRole { role, app } = offer else { return Ok(()) };
    match guard::may_give(work, role.id, app.as_ref().map(|app| app.id), period).await {
        Ok(()) => Ok(()),
        Err(GuardError::Fault(fault)) => Err(MayNot::Fault(fault)),
        Err(_) => Err(MayNot::Beyond),
    }
}

/// Whether the role belongs to the app beside it: the right to offer it is asked at that app.
pub(super) async fn check_home(tx: &mut Tx, offer: &Offer) -> Result<(), Fault> {
    let Offer::EndUserRole { app, role } = offer else { return Ok(()) };
    match deployment::by_id(tx, role.deployment_id).await? {
        Some(home) if home.app_id == app.id => Ok(()),
        _ => Err(Fault::broken("an end-user role was offered as that of another app")),
    }
}

/// The row of an offer that the actor makes now.
pub(super) fn row(work: &Work, invitation: InvitationId, offered: &Offered) -> OfferRow {
    let mut row = OfferRow {
        id: OfferId::fresh(),
        invitation_id: invitation,
        organization_role_id: None,
        app_id: None,
        end_user_role_id: None,
        group_id: None,
        period: offered.period.into(),
        reason: offered.reason.clone(),
        offered_by_kind: work.actor.kind().to_owned(),
        offered_by_id: work.actor.id(),
        offered_by_label: work.actor.label().to_owned(),
        offered_at: work.now,
    };
    match offered.offer.target() {
        Target::OrganizationRole(role, app) => (row.organization_role_id, row.app_id) = (Some(role), app),
        Target::EndUserRole(role) => row.end_user_role_id = Some(role),
        Target::Group(group) => row.group_id = Some(group),
    }
    row
}

/// What there is to offer under these ids; `None`: it is gone.
pub async fn read(tx: &mut Tx, target: Target) -> Result<Option<Offer>, Fault> {
    Ok(match target {
        Target::OrganizationRole(role, at) => {
            let app = match at {
                Some(id) => app::by_id(tx, id).await?,
                None => None,
            };
            let is_whole = at.is_some() == app.is_some();
            organization::by_id(tx, role).await?.filter(|_| is_whole).map(|role| Offer::OrganizationRole { role, app })
        }
        Target::EndUserRole(role) => {
            let Some(role) = end_user::by_id(tx, role).await? else { return Ok(None) };
            let Some(home) = deployment::by_id(tx, role.deployment_id).await? else { return Ok(None) };
            app::by_id(tx, home.app_id).await?.map(|app| Offer::EndUserRole { app, role })
        }
        Target::Group(group) => group::by_id(tx, group).await?.map(|group| Offer::Group { group }),
    })
}

/// The offers of an invitation, each with its row. An offer whose role, app or group is gone went with it.
pub(super) async fn of(tx: &mut Tx, invitation: InvitationId) -> Result<Vec<(OfferRow, Offered)>, Fault> {
    let mut found = Vec::new();
    for row in store::offers(tx, invitation).await? {
        let offer = read(tx, row.target()?).await?.ok_or_else(|| Fault::broken("an offer refers to nothing"))?;
        let offered = Offered { offer, period: row.period.period(), reason: row.reason.clone() };
        found.push((row, offered));
    }
    Ok(found)
}

crate::choice! {
    /// Why an offer could not be given any more.
    pub enum FellAway {
        /// Whoever offered it may no longer give it.
        InviterMayNot = "inviter_may_not",
        /// Its own end has passed.
        Over = "over",
        /// The invitee holds it already, for another time.
        HeldOtherwise = "held_otherwise",
    }
}

/// The rights of inviters at this moment, each read once.
#[derive(Default)]
pub(super) struct Inviters(Vec<(String, Option<Uuid>, Authority)>);

impl Inviters {
    /// Why an offer falls away at this moment, if it does.
    pub(super) async fn objection(&mut self, work: &mut Work, row: &OfferRow, offered: &Offered) -> Result<Option<FellAway>, Fault> {
        if offered.period.ends_at.is_some_and(|end| end <= work.now) {
            return Ok(Some(FellAway::Over));
        }
        if row.offered_by_kind == (Actor::System { label: "" }).kind() {
            return Ok(None);
        }
        if !self.0.iter().any(|(kind, id, _)| *kind == row.offered_by_kind && *id == row.offered_by_id) {
            let authority = authority_now(work, &row.offered_by_kind, row.offered_by_id).await?;
            self.0.push((row.offered_by_kind.clone(), row.offered_by_id, authority));
        }
        let known = self.0.iter().find(|(kind, id, _)| *kind == row.offered_by_kind && *id == row.offered_by_id);
        let may = match known {
            Some((_, _, authority)) => offered.offer.may_come_from(work, authority, offered.period).await?,
            None => false,
        };
        Ok((!may).then_some(FellAway::InviterMayNot))
    }
}

/// What a user or client may do now. Somebody who is gone or does not count may do nothing.
async fn authority_now(work: &mut Work, kind: &str, id: Option<Uuid>) -> Result<Authority, Fault> {
    let holdings = match (kind, id) {
        ("user", Some(id)) => load::user(&mut work.tx, UserId::from_uuid(id)).await?,
        ("client", Some(id)) => load::client(&mut work.tx, ClientId::from_uuid(id)).await?,
        _ => return Ok(Authority::default()),
    };
    let catalogue = load::catalogue(&mut work.tx).await?;
    Ok(effective::authority(&catalogue, &holdings, work.now))
}

impl OfferRow {
    /// Who offers it: whose gift it is once it is given.
    pub(super) fn granter(&self) -> Granter {
        Granter { kind: self.offered_by_kind.clone(), id: self.offered_by_id, label: self.offered_by_label.clone() }
    }
}

/// Makes the grant or membership that was promised.
pub(super) async fn give(work: &mut Work, changing: &Changing, user: &User, offered: &Offered) -> Result<Given, Fault> {
    let reason = offered.reason.as_ref().map(Description::as_str);
    let period = offered.period;
    match &offered.offer {
        Offer::OrganizationRole { role, app } => {
            let app = app.as_ref().map(|app| app.id);
            grant::add_organization(work, changing, Who::User(user.id), role.id, app, period, reason).await.map_err(fault)
        }
        Offer::EndUserRole { role, .. } => grant::add_end_user(work, changing, Holder::User(user.id), role, period, reason).await.map_err(fault),
        Offer::Group { group } => group::join(work, changing, group, user, period, reason).await.map_err(|error| match error {
            GroupError::Fault(fault) => fault,
            refused => Fault::new("give a membership that was offered", refused),
        }),
    }
}

/// Rights and period were judged before, so a refusal here contradicts them.
fn fault(error: GrantError) -> Fault {
    match error {
        GrantError::Fault(fault) => fault,
        refused => Fault::new("give a role that was offered", refused),
    }
}
