//! Grants: one assignment of a role to a user, group or API client, at a reach, with an optional period.

mod period;
mod store;

use crate::identity::group;
pub use crate::identity::group::Given;
pub(crate) use period::{end_of_group, end_of_user};
pub use period::{set_end_user_period, set_organization_period};

use super::administrators::{self, RemainError};
use super::app::AppError;
use super::guard::{self, GuardError};
use super::load::Who;
use super::role::ADMINISTRATOR;
use super::role::end_user::EndUserRole;
use super::role::organization::OrganizationRole;
use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{AppId, ClientId, EndUserGrantId, EndUserRoleId, GroupId, OrganizationGrantId, OrganizationRoleId, UserId};
use crate::base::reach::Reach;
use crate::base::time::{Period, PeriodError};
use crate::db::{PeriodColumns, Tx};
use crate::identity::user::{self, Status};
use crate::work::{Changing, Gift, Work};
use serde::Serialize;

/// Why a role could not be granted or revoked.
#[derive(Debug, thiserror::Error)]
pub enum GrantError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Only an Administrator makes Administrators (rule 3a).
    #[error("only an Administrator can grant or revoke the role Administrator")]
    OnlyAdministrators,
    /// The end is not after the start.
    #[error("{}", PeriodError::Order)]
    Period,
    /// The end is over.
    #[error("{}", PeriodError::Past)]
    Past,
    /// The user is shut out.
    #[error("this user is deactivated: activate the user first")]
    Inactive,
    /// There is no such user, or no more.
    #[error("there is no such user")]
    NoUser,
    /// The group is of another stage than the role (rule 4).
    #[error("the group and the role belong to different stages")]
    OtherStage,
    /// Rule 3.
    #[error(transparent)]
    Guard(GuardError),
    /// Rule 2.
    #[error(transparent)]
    Remain(#[from] RemainError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An organization role, granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct OrganizationGrant {
    /// The row.
    pub id: OrganizationGrantId,
    /// The role.
    pub role_id: OrganizationRoleId,
    /// The app to which it is limited.
    pub app_id: Option<AppId>,
    /// When it is in force.
    #[sqlx(flatten)]
    pub period: PeriodColumns,
    /// Who granted it, when and why.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub gift: Gift,
}

/// An end-user role, granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct EndUserGrant {
    /// The row.
    pub id: EndUserGrantId,
    /// The role.
    pub role_id: EndUserRoleId,
    /// When it is in force.
    #[sqlx(flatten)]
    pub period: PeriodColumns,
    /// Who granted it, when and why.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub gift: Gift,
}

/// A user or a group: who may hold end-user roles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person.
    User(UserId),
    /// Everybody in a group.
    Group(GroupId),
}

impl Holder {
    fn subject(self) -> Subject {
        match self {
            Self::User(id) => Subject::new("user", id),
            Self::Group(id) => Subject::new("group", id),
        }
    }
}

fn subject(who: Who) -> Subject {
    match who {
        Who::User(id) => Subject::new("user", id),
        Who::Client(id) => Subject::new("client", id),
    }
}

async fn require_organization(work: &mut Work, who: Who, role: &OrganizationRole) -> Result<(), GrantError> {
    match who {
        Who::User(_) => work.require("member_access.manage", Reach::Organization)?,
        Who::Client(id) => require_clients::<GrantError>(work, &[id]).await?,
    }
    if is_administrator(role) && !work.actor.holds_all() { Err(GrantError::OnlyAdministrators) } else { Ok(()) }
}

/// What it takes to give something to clients or to take it from them, by whichever door: the right to manage API clients and, where one of them
/// is a tool for many apps, which sees everybody's access, everything (rule 3d).
async fn require_clients<E: From<Denied> + From<Fault>>(work: &mut Work, clients: &[ClientId]) -> Result<(), E> {
    if clients.is_empty() {
        return Ok(());
    }
    work.require("api_clients.manage", Reach::Organization)?;
    if work.actor.holds_all() {
        return Ok(());
    }
    let tools = store::platform_clients(&mut work.tx).await?;
    if clients.iter().any(|id| tools.contains(id)) {
        return Err(Denied { permission: "client.manage", reach: Reach::Organization }.into());
    }
    Ok(())
}

/// The clients among those who hold something.
fn clients_of(grants: &[(Who, OrganizationGrant)]) -> Vec<ClientId> {
    grants.iter().filter_map(|(who, _)| if let Who::Client(id) = who { Some(*id) } else { None }).collect()
}

fn require_end_user(work: &Work, holder: Holder, app: AppId, role: &EndUserRole) -> Result<(), Denied> {
    match holder {
        Holder::User(_) => work.require("end_user_access.manage", Reach::AppAtStage(app, role.stage_id)),
        Holder::Group(_) => work.require("end_user_groups.manage", Reach::Stage(role.stage_id)),
    }
}

/// Rule 3c.
async fn not_stronger(work: &mut Work, who: Who) -> Result<(), GrantError> {
    match who {
        Who::User(id) => Ok(guard::not_stronger(work, id).await?),
        Who::Client(id) => Ok(guard::no_client_stronger(work, &[id]).await?),
    }
}

impl From<GuardError> for GrantError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

impl From<PeriodError> for GrantError {
    fn from(error: PeriodError) -> Self {
        match error {
            PeriodError::Order => Self::Period,
            PeriodError::Past => Self::Past,
        }
    }
}

/// Refuses to give anything to somebody who is shut out: it would count for nothing, and surprise whoever lets them in again.
async fn not_shut_out(work: &mut Work, user: UserId) -> Result<(), GrantError> {
    match user::status(&mut work.tx, user).await? {
        None => Err(GrantError::NoUser),
        Some(Status::Inactive) => Err(GrantError::Inactive),
        Some(_) => Ok(()),
    }
}

fn is_administrator(role: &OrganizationRole) -> bool {
    role.built_in && role.key.as_str() == ADMINISTRATOR
}

/// Grants an organization role at the organization or, with `app`, for one app.
pub async fn give_organization(
    work: &mut Work,
    changing: &Changing,
    who: Who,
    role: &OrganizationRole,
    app: Option<AppId>,
    period: Period,
    reason: Option<&str>,
) -> Result<Given, GrantError> {
    require_organization(work, who, role).await?;
    guard::may_give(work, role.id, app, period).await?;
    add_organization(work, changing, who, role.id, app, period, reason).await
}

/// The same when the right was checked before (an invitation's promise).
pub(crate) async fn add_organization(
    work: &mut Work,
    changing: &Changing,
    who: Who,
    role: OrganizationRoleId,
    app: Option<AppId>,
    period: Period,
    reason: Option<&str>,
) -> Result<Given, GrantError> {
    if !period.is_valid() {
        return Err(GrantError::Period);
    }
    if let Some(has) = store::organization(&mut work.tx, who, role, app).await? {
        return Ok(if has.period.period() == period { Given::Unchanged } else { Given::PeriodDiffers });
    }
    period.check(work.now)?;
    if let Who::User(id) = who {
        not_shut_out(work, id).await?;
    }
    let grant = OrganizationGrant { id: OrganizationGrantId::fresh(), role_id: role, app_id: app, period: period.into(), gift: work.gift(reason) };
    store::insert_organization(work, &grant, who).await?;
    access_changed(work, changing, who).await?;
    work.record(Event::new(Kind::Granted, subject(who)).after(&grant)?).await?;
    Ok(Given::Granted)
}

/// Takes an organization role away. Answers whether it was held.
pub async fn revoke_organization(work: &mut Work, changing: &Changing, who: Who, role: &OrganizationRole, app: Option<AppId>) -> Result<bool, GrantError> {
    require_organization(work, who, role).await?;
    not_stronger(work, who).await?;
    let Some(has) = store::organization(&mut work.tx, who, role.id, app).await? else { return Ok(false) };
    guard::proved_lately(work)?;
    store::delete_organization(&mut work.tx, has.id).await?;
    access_changed(work, changing, who).await?;
    work.record(Event::new(Kind::Revoked, subject(who)).before(&has)?).await?;
    if is_administrator(role) {
        administrators::one_remains(work, changing).await?;
    }
    Ok(true)
}

/// Grants an end-user role to a user or a group of the same stage.
pub async fn give_end_user(
    work: &mut Work,
    changing: &Changing,
    holder: Holder,
    app: AppId,
    role: &EndUserRole,
    period: Period,
    reason: Option<&str>,
) -> Result<Given, GrantError> {
    require_end_user(work, holder, app, role)?;
    add_end_user(work, changing, holder, role, period, reason).await
}

/// The same when the right was checked before (an invitation's promise).
pub(crate) async fn add_end_user(
    work: &mut Work,
    changing: &Changing,
    holder: Holder,
    role: &EndUserRole,
    period: Period,
    reason: Option<&str>,
) -> Result<Given, GrantError> {
    if !period.is_valid() {
        return Err(GrantError::Period);
    }
    if let Holder::Group(group) = holder
        && store::group_stage(&mut work.tx, group).await? != Some(role.stage_id)
    {
        return Err(GrantError::OtherStage);
    }
    if let Some(has) = store::end_user(&mut work.tx, holder, role.id).await? {
        return Ok(if has.period.period() == period { Given::Unchanged } else { Given::PeriodDiffers });
    }
    period.check(work.now)?;
    if let Holder::User(id) = holder {
        not_shut_out(work, id).await?;
    }
    let grant = EndUserGrant { id: EndUserGrantId::fresh(), role_id: role.id, period: period.into(), gift: work.gift(reason) };
    store::insert_end_user(work, &grant, holder, role.stage_id).await?;
    holder_access_changed(work, changing, holder).await?;
    work.record(Event::new(Kind::Granted, holder.subject()).after(&grant)?).await?;
    Ok(Given::Granted)
}

/// Takes an end-user role away. Answers whether it was held.
pub async fn revoke_end_user(work: &mut Work, changing: &Changing, holder: Holder, app: AppId, role: &EndUserRole) -> Result<bool, GrantError> {
    require_end_user(work, holder, app, role)?;
    let Some(has) = store::end_user(&mut work.tx, holder, role.id).await? else { return Ok(false) };
    store::delete_end_user(&mut work.tx, has.id).await?;
    holder_access_changed(work, changing, holder).await?;
    work.record(Event::new(Kind::Revoked, holder.subject()).before(&has)?).await?;
    Ok(true)
}

/// Every grant of an end-user role ends, because the role goes. The right to remove the role is right enough. A rehearsal takes them for gone
/// with the role.
pub(in crate::access) async fn end_of_role(work: &mut Work, _: &Changing, role: &EndUserRole) -> Result<(), Fault> {
    if work.is_rehearsal {
        return Ok(());
    }
    let ended = |(holder, grant): (Holder, EndUserGrant)| Event::new(Kind::Revoked, holder.subject()).before(&grant);
    let events = store::of_end_user_role(&mut work.tx, role.id).await?.into_iter().map(ended).collect::<Result<_, Fault>>()?;
    work.record_all(events).await?;
    store::holders_access_changed(&mut work.tx, role.id).await?;
    store::delete_of_end_user_role(&mut work.tx, role.id).await
}

/// Every grant of an organization role ends, because the role goes. Nobody takes it from somebody stronger (rule 3c), nor from clients that
/// are not theirs to manage. A rehearsal takes them for gone with the role.
pub(in crate::access) async fn end_of_organization_role(work: &mut Work, changing: &Changing, role: OrganizationRoleId) -> Result<(), EndError> {
    work.require("member_access.manage", Reach::Organization)?;
    if asks_nobody(work) {
        return Ok(());
    }
    let grants = store::of_organization_role(&mut work.tx, role).await?;
    require_clients::<EndError>(work, &clients_of(&grants)).await?;
    may_take_from(work, &grants).await?;
    if work.is_rehearsal {
        return Ok(());
    }
    for (who, grant) in grants {
        store::delete_organization(&mut work.tx, grant.id).await?;
        access_changed(work, changing, who).await?;
        work.record(Event::new(Kind::Revoked, subject(who)).before(&grant)?).await?;
    }
    Ok(())
}

/// Refuses unless the actor may take something from everybody who holds an organization role (rule 3c): making a role smaller does.
pub(in crate::access) async fn may_lessen(work: &mut Work, role: OrganizationRoleId) -> Result<(), GuardError> {
    if asks_nobody(work) {
        return Ok(());
    }
    let grants = store::of_organization_role(&mut work.tx, role).await?;
    may_take_from(work, &grants).await
}

/// Whether it does not matter who would lose something: nobody is stronger than whoever holds everything, and a rehearsal asks for no proof.
fn asks_nobody(work: &Work) -> bool {
    work.is_rehearsal && work.actor.holds_all()
}

/// Refuses unless the actor may take something from all of these holders (rule 3c). Where there is none, nobody is asked for anything.
async fn may_take_from(work: &mut Work, grants: &[(Who, OrganizationGrant)]) -> Result<(), GuardError> {
    let people: Vec<UserId> = grants.iter().filter_map(|(who, _)| if let Who::User(id) = who { Some(*id) } else { None }).collect();
    guard::none_stronger(work, &people).await?;
    guard::no_client_stronger(work, &clients_of(grants)).await?;
    if grants.is_empty() { Ok(()) } else { guard::proved_lately(work) }
}

/// Why the grants of a role do not end.
#[derive(Debug, thiserror::Error)]
pub(in crate::access) enum EndError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Rule 3c.
    #[error(transparent)]
    Guard(#[from] GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Every grant of a client ends, because the client goes.
pub(crate) async fn end_of_client(work: &mut Work, _: &Changing, client: ClientId) -> Result<(), Fault> {
    for grant in store::of_client(&mut work.tx, client).await? {
        // One that held nothing for itself loses nothing.
        work.touched.clients.insert(client);
        work.record(Event::new(Kind::Revoked, Subject::new("client", client)).before(&grant)?).await?;
        store::delete_organization(&mut work.tx, grant.id).await?;
    }
    Ok(())
}

/// Every organization role that was granted at an app ends, because the app goes. Whoever deletes it needs what each holder may do (rule
/// 3c), and for clients what it takes to manage them. A rehearsal takes them for gone with the app.
pub(in crate::access) async fn end_of_app(work: &mut Work, changing: &Changing, app: AppId) -> Result<(), AppError> {
    if asks_nobody(work) {
        return Ok(());
    }
    let grants = store::of_app(&mut work.tx, app).await?;
    require_clients::<AppError>(work, &clients_of(&grants)).await?;
    may_take_from(work, &grants).await?;
    if work.is_rehearsal {
        return Ok(());
    }
    for (who, grant) in grants {
        work.record(Event::new(Kind::Revoked, subject(who)).before(&grant)?).await?;
        store::delete_organization(&mut work.tx, grant.id).await?;
        access_changed(work, changing, who).await?;
    }
    Ok(())
}

/// Whether somebody holds an organization role, whenever it is in force.
pub(crate) async fn holds_organization_role(tx: &mut Tx, user: UserId) -> Result<bool, Fault> {
    Ok(!store::of_user(tx, user).await?.is_empty())
}

/// The holders of organization roles that were granted at an app.
pub async fn holders_at_app(tx: &mut Tx, app: AppId) -> Result<Vec<Who>, Fault> {
    Ok(store::of_app(tx, app).await?.into_iter().map(|(who, _)| who).collect())
}

async fn access_changed(work: &mut Work, changing: &Changing, who: Who) -> Result<(), Fault> {
    match who {
        Who::User(id) => user::access_changed(work, changing, id).await,
        Who::Client(id) => store::client_access_changed(work, id).await,
    }
}

async fn holder_access_changed(work: &mut Work, changing: &Changing, holder: Holder) -> Result<(), Fault> {
    match holder {
        Holder::User(id) => user::access_changed(work, changing, id).await,
        Holder::Group(id) => group::members_access_changed(work, id).await,
    }
}
