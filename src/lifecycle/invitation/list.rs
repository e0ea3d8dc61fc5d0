//! Invitations as lists show them. Rule 8: a list shows only what its reader may see. Whoever is invited will be a member, an end-user or both,
//! so an invitation is shown to those who may see all that it offers, once it is given. Who may give something may see it: each permission to
//! give brings the one to see.

use super::{End, store};
use crate::access::catalogue::Catalogue;
use crate::access::people::{Cursor, From};
use crate::access::role::ADMINISTRATOR;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::{AppId, DeploymentId, InvitationId, StageId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{DisplayName, Locale, Slug};
use crate::base::time::Timestamp;
use crate::db::query::Query;
use crate::db::{PeriodColumns, Tx};
use crate::identity::user::Status;
use std::collections::HashSet;

crate::choice! {
    /// Where an invitation stands. That it has expired is derived, never stored.
    pub enum State {
        /// It waits for its answer.
        Pending = "pending",
        /// The invitee joined.
        Accepted = "accepted",
        /// The invitee said no.
        Declined = "declined",
        /// Nobody answered in time.
        Expired = "expired",
        /// It was taken back.
        Revoked = "revoked",
    }
}

crate::choice! {
    /// The order of a list.
    pub enum Sort {
        /// What was sent last comes first.
        Newest = "newest",
        /// The other way round.
        Oldest = "oldest",
        /// By the name of whoever is invited, or the address of those without one.
        Name = "name",
    }
}

/// Which invitations somebody may see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sight {
    /// All of them, also those of which nothing is left.
    everything: bool,
    /// Those that offer organization roles ...
    members: bool,
    /// ... roles of these deployments ...
    deployments: Vec<DeploymentId>,
    /// ... and groups of these stages, and nothing else.
    stages: Vec<StageId>,
}

impl Sight {
    /// What `authority` lets somebody see.
    pub fn of(authority: &Authority, catalogue: &Catalogue) -> Self {
        let at_organization = |permission| authority.allows(permission, Reach::Organization);
        let deployments = catalogue.deployments().filter(|home| authority.allows("end_users.view", Reach::AppAtStage(home.app, home.stage)));
        let stages = catalogue.stages().iter().filter(|stage| authority.allows("end_users.view", Reach::Stage(stage.id)));
        let members = at_organization("members.view");
        Self {
            everything: members && at_organization("end_users.view"),
            members,
            deployments: deployments.map(|home| home.id).collect(),
            stages: stages.map(|stage| stage.id).collect(),
        }
    }
}

/// What a list is narrowed to.
#[derive(Clone, Debug)]
pub struct Filter {
    /// A folded text anywhere in name or address.
    pub search: String,
    /// Where the invitation stands.
    pub state: Option<State>,
    /// The moment at which it stands there.
    pub now: Timestamp,
}

/// An invitation in a list.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Sent {
    /// Which.
    pub id: InvitationId,
    /// The user behind the address.
    pub user_id: UserId,
    /// The address.
    pub email: String,
    /// What the person calls themselves, once they are here.
    pub name: Option<DisplayName>,
    /// The language of its letters.
    pub locale: Locale,
    /// Who sent it last, by the name they have now.
    pub inviter: String,
    /// Whether that was the operator at the server.
    pub by_operator: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was sent last.
    pub sent_at: Timestamp,
    /// Until when it can be answered.
    pub expires_at: Timestamp,
    /// When it was answered or taken back.
    pub closed_at: Option<Timestamp>,
    outcome: Option<End>,
    status: Status,
    last_login_at: Option<Timestamp>,
    sort_key: Vec<u8>,
}

impl Sent {
    /// Where it stands.
    pub fn state(&self, now: Timestamp) -> State {
        match self.outcome {
            Some(End::Accepted) => State::Accepted,
            Some(End::Declined) => State::Declined,
            Some(End::Revoked) => State::Revoked,
            None if self.expires_at <= now => State::Expired,
            None => State::Pending,
        }
    }

    /// Whether it can be sent again or taken back.
    pub const fn is_open(&self) -> bool {
        self.outcome.is_none()
    }

    /// Whether taking it back removes the person too: they were only invited and never came.
    pub fn takes_the_person_along(&self) -> bool {
        self.status == Status::Invited && self.last_login_at.is_none()
    }
}

/// One thing that an invitation offers, in names.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    /// The invitation.
    pub invitation_id: InvitationId,
    /// The organization role.
    pub role_name: Option<DisplayName>,
    /// The app to which it is limited.
    pub role_app_name: Option<DisplayName>,
    /// The end-user role.
    pub app_role_name: Option<DisplayName>,
    /// Its app.
    pub app_name: Option<DisplayName>,
    /// The group.
    pub group_name: Option<DisplayName>,
    /// The stage of the end-user role or group.
    pub stage_name: Option<DisplayName>,
    /// When it will be in force.
    #[sqlx(flatten)]
    pub period: PeriodColumns,
    /// Why it was offered.
    pub reason: Option<String>,
    /// Who offers it, by the name they had.
    pub offered_by_label: String,
    /// When they did.
    pub offered_at: Timestamp,
    role_key: Option<Slug>,
    role_built_in: Option<bool>,
    app_id: Option<AppId>,
    stage_id: Option<StageId>,
}

impl Listed {
    /// Whether somebody with this authority may decide over it: offer it, send it again, take it back.
    pub fn is_within(&self, authority: &Authority) -> bool {
        let may = |permission, reach| authority.allows(permission, reach);
        match (self.app_id, self.stage_id) {
            (Some(app), Some(stage)) => may("end_user_access.manage", Reach::AppAtStage(app, stage)),
            (None, Some(stage)) => may("end_user_groups.manage", Reach::Stage(stage)),
            _ => {
                let everything = self.role_built_in == Some(true) && self.role_key.as_ref().is_some_and(|key| key.as_str() == ADMINISTRATOR);
                may("member_access.manage", Reach::Organization) && (!everything || authority.holds_all())
            }
        }
    }
}

/// Whether somebody with this authority may send an invitation with these offers again, or take it back: what the rules ask.
pub fn may_decide(authority: &Authority, offers: &[&Listed]) -> bool {
    if offers.is_empty() { authority.allows("users.manage", Reach::Organization) } else { offers.iter().all(|offer| offer.is_within(authority)) }
}

/// The place of an invitation in this order.
pub fn place(row: &Sent, sort: Sort) -> Cursor {
    let key = match sort {
        Sort::Newest | Sort::Oldest => row.sent_at.micros().to_be_bytes().to_vec(),
        Sort::Name => row.sort_key.clone(),
    };
    Cursor::of(key, row.id.uuid())
}

/// Up to `limit` invitations from a place on, in the order of the list.
pub async fn list(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, from: &From, limit: usize) -> Result<Vec<Sent>, Fault> {
    let mut query = store::sent();
    query.append(&conditions(sight, filter));
    let backwards = matches!(from, From::Before(_));
    if let From::After(cursor) | From::Before(cursor) = from {
        beyond(&mut query, sort, cursor, backwards);
    }
    query.push(match (sort, backwards) {
        (Sort::Newest, false) | (Sort::Oldest, true) => " ORDER BY i.sent_at DESC, i.id DESC",
        (Sort::Newest, true) | (Sort::Oldest, false) => " ORDER BY i.sent_at, i.id",
        (Sort::Name, false) => " ORDER BY u.sort_key, i.id",
        (Sort::Name, true) => " ORDER BY u.sort_key DESC, i.id DESC",
    });
    query.push(" LIMIT ").bind(i64::try_from(limit).unwrap_or(i64::MAX));
    let mut rows = query.all::<Sent>(tx).await?;
    if backwards {
        rows.reverse();
    }
    Ok(rows)
}

/// What lies beyond a place: larger keys in a rising order read forwards, or in a falling one read backwards.
fn beyond(query: &mut Query, sort: Sort, cursor: &Cursor, backwards: bool) {
    let larger = matches!(sort, Sort::Oldest | Sort::Name) != backwards;
    match sort {
        Sort::Newest | Sort::Oldest => {
            query.push(if larger { " AND (i.sent_at, i.id) > (" } else { " AND (i.sent_at, i.id) < (" });
            query.bind(cursor.number()).push(", ").bind(cursor.id()).push(")");
        }
        // The columns of two tables are in no index together; said like this, that of the names is entered at the place.
        Sort::Name => {
            query.push(if larger { " AND u.sort_key >= " } else { " AND u.sort_key <= " }).bind(cursor.key());
            query.push(if larger { " AND (u.sort_key > " } else { " AND (u.sort_key < " }).bind(cursor.key());
            query.push(if larger { " OR i.id > " } else { " OR i.id < " }).bind(cursor.id()).push(")");
        }
    }
}

/// How many there are, up to `most`.
pub async fn count(tx: &mut Tx, sight: &Sight, filter: &Filter, most: i64) -> Result<i64, Fault> {
    let mut query = if filter.search.is_empty() { Query::new("SELECT 1 AS one FROM invitations i WHERE i.id IS NOT NULL") } else { store::with_users() };
    query.append(&conditions(sight, filter));
    query.count(tx, most).await
}

/// The invitation with this id, if its reader may see it.
pub async fn one(tx: &mut Tx, sight: &Sight, id: InvitationId) -> Result<Option<Sent>, Fault> {
    let mut query = store::sent();
    query.push(" AND i.id = ").bind(id.uuid()).append(&seen(sight));
    Ok(query.all::<Sent>(tx).await?.pop())
}

/// The open invitation of an address, expired or not, if its reader may see it.
pub async fn open_at(tx: &mut Tx, sight: &Sight, user: UserId) -> Result<Option<Sent>, Fault> {
    let mut query = store::sent();
    query.push(" AND i.closed_at IS NULL AND i.user_id = ").bind(user.uuid()).append(&seen(sight));
    Ok(query.all::<Sent>(tx).await?.pop())
}

/// Who of these people has an open invitation that its reader may see and that can still be answered.
pub async fn invited(tx: &mut Tx, sight: &Sight, users: &[UserId], now: Timestamp) -> Result<HashSet<UserId>, Fault> {
    let mut query = Query::new("SELECT i.user_id FROM invitations i WHERE i.closed_at IS NULL AND i.expires_at > ");
    query.bind(now).push(" AND i.user_id IN ").list(users.iter().copied().map(UserId::uuid)).append(&seen(sight));
    Ok(query.all::<(UserId,)>(tx).await?.into_iter().map(|(user,)| user).collect())
}

/// What invitations offer, in the order of offering.
pub async fn offers(tx: &mut Tx, invitations: &[InvitationId]) -> Result<Vec<Listed>, Fault> {
    if invitations.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = store::listed_offers();
    query.list(invitations.iter().copied().map(InvitationId::uuid)).push(" ORDER BY o.invitation_id, o.id");
    query.all(tx).await
}

/// The conditions of a filter and of what the reader may see, each beginning with `AND`.
fn conditions(sight: &Sight, filter: &Filter) -> Query {
    let mut query = Query::new("");
    if !filter.search.is_empty() {
        query.push(" AND ").contains("u.search_text", &filter.search);
    }
    let outcome = |state: State| state.as_str();
    match filter.state {
        None => {}
        Some(State::Pending) => {
            query.push(" AND i.closed_at IS NULL AND i.expires_at > ").bind(filter.now);
        }
        Some(State::Expired) => {
            query.push(" AND i.closed_at IS NULL AND i.expires_at <= ").bind(filter.now);
        }
        Some(state @ (State::Accepted | State::Declined | State::Revoked)) => {
            query.push(" AND i.outcome = ").bind(outcome(state));
        }
    }
    query.append(&seen(sight));
    query
}

fn seen(sight: &Sight) -> Query {
    let mut query = Query::new("");
    if !sight.everything {
        query.push(" AND EXISTS (SELECT 1 FROM invitation_offers o WHERE o.invitation_id = i.id)");
        query.push(" AND NOT EXISTS (SELECT 1 FROM invitation_offers o WHERE o.invitation_id = i.id AND (");
        query.push(if sight.members { "" } else { "o.organization_role_id IS NOT NULL OR " });
        query.push("o.end_user_role_id IS NOT NULL AND o.end_user_role_id NOT IN (SELECT r.id FROM end_user_roles r WHERE r.deployment_id IN ");
        query.list(sight.deployments.iter().copied().map(DeploymentId::uuid));
        query.push(") OR o.group_id IS NOT NULL AND o.group_id NOT IN (SELECT t.id FROM groups t WHERE t.stage_id IN ");
        query.list(sight.stages.iter().copied().map(StageId::uuid)).push(")))");
    }
    query
}
