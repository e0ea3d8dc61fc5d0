//! Invitations: a mailed, single-use, expiring offer to join, carrying the grants it will make.
//!
//! A user has at most one open invitation; a second inviter adds offers to it. Its link and its code are in the newest
//! letter only. That it has expired is derived, never stored.

mod accept;
pub mod choices;
mod foresee;
mod letters;
pub mod list;
mod offer;
mod secrets;
mod store;
mod withdraw;

pub use accept::{AcceptError, Accepted, ByCode, Declined, Fallen, Found, Landing, Over, View, accept, decline, find, find_by_code, settle};
pub use foresee::{GIVES, foresee, gives_anything, may_offer_anything, would_end, would_hold};
pub use letters::{Draft, Letters, offer_lines, preview, preview_granted};
pub use offer::{FellAway, Offer, Offered, Recipient, Target, read as read_offer};
pub use secrets::{Proof, Ticket};

pub use withdraw::{count_offering, count_offering_at, count_offering_of, count_offering_organization_role};
pub(crate) use withdraw::{shut, withdraw_app, withdraw_deployment, withdraw_group, withdraw_offers_of, withdraw_organization_role, withdraw_role};

use withdraw::{end, never_came};

use crate::access::grant::{self, Given};
use crate::access::guard::{self, GuardError};
use crate::access::load;
use crate::actor::{Actor, Denied};
use crate::audit::{Event, Kind, Subject};
use crate::base::fault::Fault;
use crate::base::id::{InvitationId, UserId};
use crate::base::reach::Reach;
use crate::base::text::{EmailAddress, Locale};
use crate::base::time::{Period, PeriodError, Timestamp};
use crate::db::Tx;
use crate::db::query::Query;
use crate::identity::user::{self, Status, User};
use crate::work::{Changing, Work};
use offer::{MayNot, OfferRow};
use secrets::Fresh;
use serde::Serialize;
use std::time::Duration;
use uuid::Uuid;

/// The most offers in one invitation.
const MOST_OFFERS: usize = 100;

crate::choice! {
    /// How an invitation ended.
    pub enum End {
        /// The invitee joined.
        Accepted = "accepted",
        /// The invitee said no.
        Declined = "declined",
        /// It was taken back.
        Revoked = "revoked",
    }
}

/// An invitation as it is stored, its secrets left out of every writing.
#[derive(Clone, Serialize, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: InvitationId,
    user_id: UserId,
    locale: Locale,
    #[serde(skip)]
    code_hash: Vec<u8>,
    invited_by_kind: String,
    invited_by_id: Option<Uuid>,
    invited_by_label: String,
    created_at: Timestamp,
    sent_at: Timestamp,
    expires_at: Timestamp,
    closed_at: Option<Timestamp>,
    outcome: Option<End>,
    version: i64,
}

impl Row {
    fn subject(&self) -> Subject {
        Subject::new("invitation", self.id)
    }
}

/// What the audit trail keeps of an invitation.
#[derive(Serialize)]
struct Written<'a> {
    email: &'a EmailAddress,
    invitation: &'a Row,
    offers: &'a [OfferRow],
}

/// Whom to invite, and to what.
#[derive(Clone, Debug)]
pub struct NewInvitation {
    /// The address.
    pub email: EmailAddress,
    /// The language of the letter; an invitation that is open already keeps its own.
    pub locale: Locale,
    /// What is offered: one at least.
    pub offers: Vec<Offered>,
    /// How long the invitation is good.
    pub life: Duration,
}

/// What inviting did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is a new invitation, or one that had expired begins anew with these offers only.
    Invited(InvitationId),
    /// The offers were added to the open invitation; a new link was mailed, and the old one is dead. It ends when it was to end, unless the
    /// actor may offer everything in it.
    Added(InvitationId),
    /// The person is here already and got it at once: what each offer did, in their order.
    Granted(UserId, Vec<Given>),
}

/// Why somebody could not be invited.
#[derive(Debug, thiserror::Error)]
pub enum InviteError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Rule 3a.
    #[error("only an Administrator can offer the role Administrator")]
    OnlyAdministrators,
    /// Rule 3a.
    #[error("this role gives more than you hold yourself")]
    Beyond,
    /// Nothing to accept.
    #[error("an invitation must offer at least one role or group")]
    Nothing,
    /// Too much for one.
    #[error("one invitation can offer {MOST_OFFERS} roles and groups at most")]
    TooMany,
    /// An end before its start.
    #[error("{}", PeriodError::Order)]
    Period,
    /// An end that has passed.
    #[error("{}", PeriodError::Past)]
    Over,
    /// The person was shut out.
    #[error("this user is deactivated: activate the user first")]
    Inactive,
    /// A role, a group or an app went while it was being offered.
    #[error("something that was to be offered is gone")]
    Gone,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why an invitation could not be sent again or taken back.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// Not allowed: whoever may not offer everything in it may not decide over it.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// It offers the role Administrator.
    #[error("only an Administrator can send or revoke an invitation that offers the role Administrator")]
    OnlyAdministrators,
    /// It offers more than the actor holds.
    #[error("this invitation offers more than you hold yourself")]
    Beyond,
    /// There is none, or it has ended.
    #[error("there is no such open invitation")]
    NotOpen,
    /// Rule 3c: whoever never came goes with it, and holds organization roles that were given beside it.
    #[error(transparent)]
    Guard(GuardError),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl From<MayNot> for InviteError {
    fn from(why: MayNot) -> Self {
        match why {
            MayNot::Denied(denied) => Self::Denied(denied),
            MayNot::OnlyAdministrators => Self::OnlyAdministrators,
            MayNot::Beyond => Self::Beyond,
            MayNot::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<GuardError> for ChangeError {
    fn from(error: GuardError) -> Self {
        match error {
            GuardError::Fault(fault) => Self::Fault(fault),
            refused => Self::Guard(refused),
        }
    }
}

impl From<MayNot> for ChangeError {
    fn from(why: MayNot) -> Self {
        match why {
            MayNot::Denied(denied) => Self::Denied(denied),
            MayNot::OnlyAdministrators => Self::OnlyAdministrators,
            MayNot::Beyond => Self::Beyond,
            MayNot::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// Invites somebody. Whoever is here already gets it at once instead.
pub async fn create(work: &mut Work, changing: &Changing, new: &NewInvitation, letters: &Letters<'_>) -> Result<Outcome, InviteError> {
    judge(work, &new.offers).await?;
    let (user, _) = user::find_or_invite(work, changing, &new.email, &new.locale).await?;
    if user.status == Status::Inactive {
        return Err(InviteError::Inactive);
    }
    if user.counts() {
        return grant_now(work, changing, &user, new, letters).await;
    }
    let open = store::open_of(&mut work.tx, user.id).await?;
    let before = match &open {
        Some(open) => offer::of(&mut work.tx, open.id).await?,
        None => Vec::new(),
    };
    let adds = open.as_ref().is_some_and(|open| work.now < open.expires_at);
    let (mut kept, mut corrected, mut lost) = (Vec::new(), Vec::new(), Vec::new());
    for (row, offered) in before {
        if is_corrected(&work.actor, &row, &offered, new) {
            corrected.push(row);
        } else if adds {
            kept.push(offered);
        } else {
            // What had expired does not come back because somebody else offers something else.
            lost.push(row);
        }
    }
    // Before anything is written: whoever may not see the invitation is not told, and nothing is half done then.
    if kept.len() + new.offers.len() > MOST_OFFERS {
        return Err(InviteError::TooMany);
    }
    let prolongs = may_prolong(work, &kept).await?;
    let row = sent_by_actor(work, &user, new, open.as_ref(), prolongs);
    withdraw::drop_offers(work, &lost).await?;
    for offer in corrected {
        store::delete_offer(&mut work.tx, offer.id).await?;
    }
    let fresh = Fresh::draw();
    let hashes = fresh.hashes(&work.sealer, row.id);
    match open {
        None => store::insert(&mut work.tx, &row, hashes).await?,
        Some(_) => store::renew(&mut work.tx, &row, hashes).await?,
    }
    for offered in &new.offers {
        let offer = offer::row(work, row.id, offered);
        store::insert_offer(work, &offer).await?;
    }
    send(work, &row, &user, &fresh, letters, Kind::InvitationSent).await?;
    Ok(if adds { Outcome::Added(row.id) } else { Outcome::Invited(row.id) })
}

async fn judge(work: &mut Work, offers: &[Offered]) -> Result<(), InviteError> {
    for Offered { offer, period, .. } in offers {
        offer::may_offer(work, offer, *period).await?;
        // A form may have stood open while it went.
        if offer::read(&mut work.tx, offer.target()).await?.is_none() {
            return Err(InviteError::Gone);
        }
        offer::check_home(&mut work.tx, offer).await?;
        check_period(*period, work.now)?;
    }
    check_count(offers.len())
}

/// Whether something may be offered for this time.
pub fn check_period(period: Period, now: Timestamp) -> Result<(), InviteError> {
    period.check(now).map_err(|error| match error {
        PeriodError::Order => InviteError::Period,
        PeriodError::Past => InviteError::Over,
    })
}

/// Whether one invitation may offer so much.
pub const fn check_count(offers: usize) -> Result<(), InviteError> {
    match offers {
        0 => Err(InviteError::Nothing),
        1..=MOST_OFFERS => Ok(()),
        _ => Err(InviteError::TooMany),
    }
}

async fn grant_now(work: &mut Work, changing: &Changing, user: &User, new: &NewInvitation, letters: &Letters<'_>) -> Result<Outcome, InviteError> {
    settle(work, changing, user).await?;
    let (mut given, mut fresh) = (Vec::new(), Vec::new());
    for offered in &new.offers {
        let outcome = offer::give(work, changing, user, offered).await?;
        if outcome == Given::Granted {
            fresh.push(offered.clone());
        }
        given.push(outcome);
    }
    if !fresh.is_empty() {
        letters::granted(work, letters, user, &new.locale, &fresh).await?;
    }
    Ok(Outcome::Granted(user.id, given))
}

/// Whether an offer is made anew by whoever made it: then the newer one counts.
fn is_corrected(actor: &Actor, row: &OfferRow, offered: &Offered, new: &NewInvitation) -> bool {
    let is_own = row.offered_by_kind == actor.kind() && row.offered_by_id == actor.id();
    is_own && new.offers.iter().any(|again| again.offer.target() == offered.offer.target())
}

/// Whether the actor may offer everything that stays in an open invitation. Only then it gets more time: otherwise somebody could keep alive,
/// without an end, what is not theirs to offer.
async fn may_prolong(work: &mut Work, kept: &[Offered]) -> Result<bool, Fault> {
    if kept.is_empty() || work.actor.authority().is_some_and(|own| own.holds_all_for(None)) {
        return Ok(true);
    }
    let catalogue = load::catalogue(&mut work.tx).await?;
    for Offered { offer, period, .. } in kept {
        match offer::could_offer(&work.actor, &catalogue, offer, *period, work.now) {
            Ok(()) => {}
            Err(MayNot::Fault(fault)) => return Err(fault),
            Err(MayNot::Denied(_) | MayNot::OnlyAdministrators | MayNot::Beyond) => return Ok(false),
        }
    }
    Ok(true)
}

/// The row as the actor sends it now.
fn sent_by_actor(work: &Work, user: &User, new: &NewInvitation, open: Option<&Row>, prolongs: bool) -> Row {
    let expires_at = work.now.plus(new.life);
    Row {
        id: open.map_or_else(InvitationId::fresh, |open| open.id),
        user_id: user.id,
        locale: open.map_or_else(|| new.locale.clone(), |open| open.locale.clone()),
        code_hash: Vec::new(),
        invited_by_kind: work.actor.kind().to_owned(),
        invited_by_id: work.actor.id(),
        invited_by_label: work.actor.label().to_owned(),
        created_at: open.map_or(work.now, |open| open.created_at),
        sent_at: work.now,
        // Nobody shortens what another promised.
        expires_at: open.map_or(expires_at, |open| if prolongs { open.expires_at.max(expires_at) } else { open.expires_at }),
        closed_at: None,
        outcome: None,
        version: open.map_or(1, |open| open.version + 1),
    }
}

/// Writes the event and the letter of an invitation as it stands now.
async fn send(work: &mut Work, row: &Row, user: &User, fresh: &Fresh, letters: &Letters<'_>, kind: Kind) -> Result<(), Fault> {
    let (rows, offers): (Vec<OfferRow>, Vec<Offered>) = offer::of(&mut work.tx, row.id).await?.into_iter().unzip();
    let written = Written { email: &user.email, invitation: row, offers: &rows };
    work.record(Event::new(kind, row.subject()).after(&written)?).await?;
    letters::invite(work, letters, row, &user.email, fresh, &offers).await
}

/// The open invitation of an address, expired or not: what `resend` and `revoke` want to know. The caller answers for the right to ask.
pub async fn open_for(tx: &mut Tx, email: &EmailAddress) -> Result<Option<InvitationId>, Fault> {
    Ok(store::open_at(tx, email).await?.map(|row| row.id))
}

/// How many invitations wait for an answer, up to `most`.
pub async fn count_open(tx: &mut Tx, now: Timestamp, most: i64) -> Result<i64, Fault> {
    let mut query = Query::new("SELECT 1 AS one FROM invitations WHERE closed_at IS NULL AND expires_at > ");
    query.bind(now);
    query.count(tx, most).await
}

/// How many invitations were not answered in time, up to `most`.
pub async fn count_expired(tx: &mut Tx, now: Timestamp, most: i64) -> Result<i64, Fault> {
    let mut query = Query::new("SELECT 1 AS one FROM invitations WHERE closed_at IS NULL AND expires_at <= ");
    query.bind(now);
    query.count(tx, most).await
}

/// An open invitation over which the actor may decide, with its user.
async fn decidable(work: &mut Work, id: InvitationId) -> Result<(Row, User), ChangeError> {
    let row = store::by_id(&mut work.tx, id).await?.filter(|row| row.closed_at.is_none());
    let offers = match &row {
        Some(row) => offer::of(&mut work.tx, row.id).await?,
        None => Vec::new(),
    };
    if offers.is_empty() {
        // Every role in it is gone (or it is not there): what is left is a user.
        work.require("users.manage", Reach::Organization)?;
    }
    for (_, offered) in &offers {
        offer::may_offer(work, &offered.offer, offered.period).await?;
    }
    let row = row.ok_or(ChangeError::NotOpen)?;
    let user = user::by_id(&mut work.tx, row.user_id).await?.ok_or_else(|| Fault::broken("an invitation has no user"))?;
    Ok((row, user))
}

/// Sends an invitation again: with a new link and code, good for `life` from now. The old ones are dead. Answers when it ends.
pub async fn resend(work: &mut Work, _: &Changing, id: InvitationId, life: Duration, letters: &Letters<'_>) -> Result<Timestamp, ChangeError> {
    let (before, user) = decidable(work, id).await?;
    let row = Row { sent_at: work.now, expires_at: work.now.plus(life).max(before.expires_at), version: before.version + 1, ..before };
    let fresh = Fresh::draw();
    let hashes = fresh.hashes(&work.sealer, row.id);
    store::renew(&mut work.tx, &row, hashes).await?;
    send(work, &row, &user, &fresh, letters, Kind::InvitationResent).await?;
    Ok(row.expires_at)
}

/// Takes an invitation back. Somebody who was only invited and never came is gone with it; whoever lets organization roles go by that must be
/// allowed to take them (rule 3c).
pub async fn revoke(work: &mut Work, changing: &Changing, id: InvitationId) -> Result<(), ChangeError> {
    let (row, user) = decidable(work, id).await?;
    if never_came(&user) && grant::holds_organization_role(&mut work.tx, user.id).await? {
        work.require("member_access.manage", Reach::Organization)?;
        guard::not_stronger(work, user.id).await?;
        guard::proved_lately(work)?;
    }
    Ok(end(work, changing, &row, &user, End::Revoked).await?)
}
