//! The invitee's side: find the invitation, see it, accept or decline it.

use super::offer::{self, FellAway, Inviters, Offered};
use super::secrets::{self, Proof};
use super::{End, Letters, Row, letters, store, withdraw};
use crate::access::app::{self, App, deployment, deployment::Deployment};
use crate::access::stage::{self, Stage};
use crate::access::{begin_change, grant};
use crate::actor::Actor;
use crate::audit::{Event, Kind, Sparing, Subject};
use crate::base::fault::Fault;
use crate::base::id::{DeploymentId, InvitationId};
use crate::base::secret::{Secret, TokenHash};
use crate::base::text::{DisplayName, EmailAddress, Locale};
use crate::base::time::{Period, Timestamp};
use crate::crypto::password::PasswordHash;
use crate::crypto::seal::Sealer;
use crate::db::Tx;
use crate::identity::user::{self, Status, User};
use crate::login::throttle::{self, Limit, Slow, TakeError, Taken};
use crate::mail::messages::OfferLine;
use crate::words::Words;
use crate::work::{Changing, Ground, Origin, Work};
use serde::Serialize;
use std::cmp::Reverse;
use std::time::Duration;

/// Why a link, ticket or code leads to no open invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Over {
    /// There is none, a newer letter replaced this link, or the ticket is too old.
    #[error("this leads to no open invitation")]
    Unknown,
    /// Its time is up.
    #[error("this invitation has expired")]
    Expired,
    /// It did its work, or its address was proved in another way meanwhile.
    #[error("this invitation has been accepted before")]
    AlreadyAccepted,
    /// The invitee said no.
    #[error("this invitation was declined")]
    Declined,
    /// It was taken back.
    #[error("this invitation was revoked")]
    Revoked,
}

/// What a proof leads to.
#[derive(Debug)]
pub enum Found {
    /// An invitation that waits for its answer.
    Open(Box<View>),
    /// None that does.
    Over(Over),
}

/// An open invitation as its invitee sees it.
#[derive(Debug)]
pub struct View {
    /// Which.
    pub id: InvitationId,
    /// The invited address.
    pub email: EmailAddress,
    /// What whoever invites calls them, if they said so.
    pub name: Option<DisplayName>,
    /// Who invites.
    pub inviter: String,
    /// What accepting gives.
    pub offers: Vec<OfferLine>,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// The same as a day, in the invitee's language.
    pub expires: String,
    /// The invitee's language.
    pub locale: Locale,
}

/// How a try with a code ended.
#[derive(Debug)]
pub enum ByCode {
    /// The code is right. The ticket stands for the link: `Proof::parse` reads it.
    Right(Secret<String>),
    /// Code and address do not belong to an open invitation: one answer for an unknown address and for a wrong code.
    Wrong,
    /// The code is right, and too late.
    Expired,
    /// Too many tries.
    Slow(Slow),
}

/// Why an invitation was neither accepted nor declined.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// It is not open.
    #[error(transparent)]
    Over(#[from] Over),
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// An app at a stage to which an offer opened the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Landing {
    /// The app.
    pub app: App,
    /// The stage.
    pub stage: Stage,
    /// The app at the stage.
    pub deployment: Deployment,
}

/// An offer that was not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// What it was, in the invitee's language.
    pub offer: OfferLine,
    /// Why.
    pub why: FellAway,
}

/// What accepting did.
#[derive(Debug)]
pub struct Accepted {
    /// The person, who counts from now on.
    pub user: User,
    /// The stages at which something was given that has begun, in their order: where a session is worth starting.
    pub stages: Vec<Stage>,
    /// The apps that opened, by stage and name: directly or through a group.
    pub apps: Vec<Landing>,
    /// What could not be given any more.
    pub fell_away: Vec<Fallen>,
    /// Whether they build or run things here now: an organization role was given that has begun.
    pub is_member: bool,
}

/// What declining did.
#[derive(Debug)]
pub struct Declined {
    /// Whom to ask for another invitation.
    pub inviter: String,
}

impl Row {
    /// Why it is not open, if it is not.
    fn over(&self, user: &User, now: Timestamp) -> Option<Over> {
        match self.outcome {
            Some(End::Accepted) => Some(Over::AlreadyAccepted),
            Some(End::Declined) => Some(Over::Declined),
            Some(End::Revoked) => Some(Over::Revoked),
            // Whoever is here already signs in: an old letter must not set a new password.
            None if user.counts() => Some(Over::AlreadyAccepted),
            None if user.status == Status::Inactive => Some(Over::Revoked),
            None if self.expires_at <= now => Some(Over::Expired),
            None => None,
        }
    }
}

/// The invitation that a proof belongs to, whatever became of it, and its user.
async fn locate(tx: &mut Tx, sealer: &Sealer, proof: &Proof, now: Timestamp) -> Result<Option<(Row, User)>, Fault> {
    let row = match proof {
        Proof::Link(token) => store::by_token(tx, &TokenHash::of(token.expose())).await?,
        Proof::Ticket(ticket) => store::by_id(tx, ticket.id).await?.filter(|row| ticket.is_for(sealer, row, now)),
    };
    let Some(row) = row else { return Ok(None) };
    Ok(user::by_id(tx, row.user_id).await?.map(|user| (row, user)))
}

/// What a proof leads to. Looking uses nothing up: scanners of mail open links, too.
pub async fn find(tx: &mut Tx, sealer: &Sealer, proof: &Proof, now: Timestamp, letters: &Letters<'_>) -> Result<Found, Fault> {
    let Some((row, user)) = locate(tx, sealer, proof, now).await? else { return Ok(Found::Over(Over::Unknown)) };
    if let Some(over) = row.over(&user, now) {
        return Ok(Found::Over(over));
    }
    let offers = offer::of(tx, row.id).await?;
    let organization = letters.organization;
    Ok(Found::Open(Box::new(View {
        id: row.id,
        email: user.email,
        name: user.profile.name,
        inviter: letters::name_of(tx, &row.invited_by_kind, row.invited_by_id, &row.invited_by_label, organization).await?,
        offers: letters::lines(tx, Words::of(&row.locale), organization, offers.iter().map(|(_, offered)| offered)).await?,
        expires_at: row.expires_at,
        expires: Words::of(&row.locale).day(row.expires_at),
        locale: row.locale,
    })))
}

/// What is counted: this address from this place, this address from anywhere, anything from this place, anything at all.
fn limits(email: &EmailAddress, origin: &Origin) -> [Limit; 4] {
    let from = &throttle::place(origin);
    [
        Limit::new("invitation code", &format!("{}\n{from}", email.key()), 5, Duration::from_mins(5)),
        Limit::new("invitation code of", email.key(), 30, Duration::from_mins(1)),
        Limit::new("invitation code from", from, 50, Duration::from_mins(1)).shared(),
        Limit::new("invitation code anywhere", "", 500, Duration::from_secs(5)).shared(),
    ]
}

/// Tries a code with the address it was mailed to. A wrong one slows down, and never destroys the invitation.
pub async fn find_by_code(ground: &Ground, origin: &Origin, email: &EmailAddress, code: &str) -> Result<ByCode, Fault> {
    let limits = limits(email, origin);
    let taken = match ground.work(&Actor::Anonymous, origin, async |work| throttle::take(work, &limits).await).await {
        Ok(taken) => taken,
        Err(TakeError::Slow(slow)) => return Ok(ByCode::Slow(slow)),
        Err(TakeError::Fault(fault)) => return Err(fault),
    };
    let now = ground.clock.now();
    let mut tx = ground.db.read().await?;
    let row = store::open_at(&mut tx, email).await?;
    drop(tx);
    let is_right = secrets::is_code_of(&ground.sealer, row.as_ref(), code);
    let subject = || row.as_ref().map_or_else(|| Subject::unknown("invitation"), Row::subject);
    if !is_right {
        ground.work(&Actor::Anonymous, origin, async |work| guessed(work, subject(), taken).await).await?;
    }
    let Some(row) = row.filter(|_| is_right) else { return Ok(ByCode::Wrong) };
    ground.work(&Actor::Anonymous, origin, async |work| throttle::forgive(work, &limits).await).await?;
    Ok(if row.expires_at <= now { ByCode::Expired } else { ByCode::Right(secrets::issue_ticket(&ground.sealer, &row, now)) })
}

/// A wrong code leaves a trace, and a storm of them only a few.
async fn guessed(work: &mut Work, subject: Subject, taken: Taken) -> Result<(), Fault> {
    let minute = Duration::from_mins(1);
    let here = Sparing::new("invitation code", &throttle::place(&work.origin), 3, minute);
    let event = Event::new(Kind::InvitationGuessed, subject.clone()).after(&serde_json::json!({ "reason": "wrong_code" }))?;
    work.record_sparingly(event, &[here, Sparing::everywhere("invitation codes", 60, minute)]).await?;
    throttle::note(work, taken, "invitation_code", subject).await
}

/// Consumes the invitation behind a proof; from here on the invitee acts.
async fn take(work: &mut Work, proof: &Proof, end: End) -> Result<(Row, User), AcceptError> {
    let sealer = work.sealer.clone();
    let (row, user) = locate(&mut work.tx, &sealer, proof, work.now).await?.ok_or(Over::Unknown)?;
    if let Some(over) = row.over(&user, work.now) {
        return Err(over.into());
    }
    if !store::take(&mut work.tx, &row, end, work.now).await? {
        return Err(Over::Unknown.into());
    }
    work.actor = Actor::Invitation { id: row.id, label: user.email.to_string() };
    Ok((row, user))
}

/// Accepts an invitation: takes the access lock, consumes the invitation, proves the address (rule 6), and gives what was offered as
/// far as whoever offered it may still give it. Begin the work as anybody; it goes on as the invitation. The password was judged
/// and hashed before.
pub async fn accept(work: &mut Work, proof: &Proof, name: &DisplayName, password: &PasswordHash, letters: &Letters<'_>) -> Result<Accepted, AcceptError> {
    let changing = begin_change(work).await?;
    let (row, user) = take(work, proof, End::Accepted).await?;
    let user = user::prove(work, &changing, &user, name, password).await?;
    let (mut given, fallen) = give(work, &changing, &row, &user).await?;
    // What begins later opens nothing yet.
    given.retain(|offered| offered.period.contains(work.now));
    letters::welcome(work, letters, &user, &row.locale).await?;
    let words = Words::of(&row.locale);
    let mut fell_away = Vec::new();
    for (offered, why) in &fallen {
        let lines = letters::lines(&mut work.tx, words, letters.organization, [offered]).await?;
        fell_away.extend(lines.into_iter().map(|offer| Fallen { offer, why: *why }));
    }
    let (stages, apps) = landings(&mut work.tx, &given).await?;
    let user = user::by_id(&mut work.tx, user.id).await?.ok_or_else(|| Fault::broken("a user is gone who has just joined"))?;
    let is_member = given.iter().any(|offered| matches!(offered.offer, offer::Offer::OrganizationRole { .. }));
    Ok(Accepted { user, stages, apps, fell_away, is_member })
}

/// What the audit trail keeps of an acceptance.
#[derive(Serialize)]
struct Joined<'a> {
    email: &'a EmailAddress,
    invitation: &'a Row,
    given: &'a [super::OfferRow],
}

#[derive(Serialize)]
struct Lost<'a> {
    offer: &'a super::OfferRow,
    why: FellAway,
}

type Given = Vec<Offered>;
type Fell = Vec<(Offered, FellAway)>;

/// Gives what an accepted invitation offers, and writes its events.
async fn give(work: &mut Work, changing: &Changing, row: &Row, user: &User) -> Result<(Given, Fell), Fault> {
    let mut offers = offer::of(&mut work.tx, row.id).await?;
    // Of two inviters who offer the same, the one is heard who offers it from now on, and for longer.
    let now = work.now;
    offers.sort_by_key(|(_, offered)| (offered.period.starts_at.filter(|start| *start > now), Reverse(latest(offered.period))));
    let mut inviters = Inviters::default();
    let (mut given, mut fell, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for (offer, offered) in offers {
        if let Some(why) = inviters.objection(work, &offer, &offered).await? {
            work.record(Event::new(Kind::OfferFellAway, row.subject()).before(&Lost { offer: &offer, why })?).await?;
            fell.push((offered, why));
        } else {
            work.granter = Some(offer.granter());
            let done = offer::give(work, changing, user, &offered).await?;
            work.granter = None;
            if done == grant::Given::PeriodDiffers {
                let why = FellAway::HeldOtherwise;
                work.record(Event::new(Kind::OfferFellAway, row.subject()).before(&Lost { offer: &offer, why })?).await?;
                fell.push((offered, why));
            } else {
                given.push(offered);
                rows.push(offer);
            }
        }
    }
    // What somebody else gives all the same did not fall away for the invitee.
    fell.retain(|(lost, _): &(Offered, _)| given.iter().all(|has: &Offered| has.offer.target() != lost.offer.target()));
    let joined = Joined { email: &user.email, invitation: row, given: &rows };
    work.record(Event::new(Kind::InvitationAccepted, row.subject()).after(&joined)?).await?;
    Ok((given, fell))
}

const fn latest(period: Period) -> Timestamp {
    match period.ends_at {
        Some(end) => end,
        None => Timestamp::from_micros(i64::MAX),
    }
}

/// Where the offers that were given lead to.
async fn landings(tx: &mut Tx, given: &[Offered]) -> Result<(Vec<Stage>, Vec<Landing>), Fault> {
    let (mut at, mut homes): (Vec<_>, Vec<DeploymentId>) = (Vec::new(), Vec::new());
    for Offered { offer, .. } in given {
        match offer {
            offer::Offer::OrganizationRole { .. } => {}
            offer::Offer::EndUserRole { role, .. } => {
                at.push(role.stage_id);
                homes.push(role.deployment_id);
            }
            offer::Offer::Group { group } => {
                at.push(group.stage_id);
                homes.extend(store::deployments_of_group(tx, group.id).await?);
            }
        }
    }
    homes.sort_unstable();
    homes.dedup();
    let stages: Vec<Stage> = stage::all(tx).await?;
    let mut apps = Vec::new();
    for home in homes {
        let Some(deployment) = deployment::by_id(tx, home).await? else { continue };
        let stage = stages.iter().find(|stage| stage.id == deployment.stage_id);
        if let (Some(stage), Some(app)) = (stage, app::by_id(tx, deployment.app_id).await?) {
            apps.push(Landing { app, stage: stage.clone(), deployment });
        }
    }
    apps.sort_by(|a, b| (a.stage.position, &a.app.name).cmp(&(b.stage.position, &b.app.name)));
    Ok((stages.into_iter().filter(|stage| at.contains(&stage.id)).collect(), apps))
}

/// Declines an invitation. Somebody who was only invited is gone with it.
pub async fn decline(work: &mut Work, proof: &Proof, letters: &Letters<'_>) -> Result<Declined, AcceptError> {
    let changing = begin_change(work).await?;
    let (row, user) = take(work, proof, End::Declined).await?;
    withdraw::tell(work, &row, &user, End::Declined).await?;
    withdraw::forget(work, &changing, &user).await?;
    let inviter = letters::name_of(&mut work.tx, &row.invited_by_kind, row.invited_by_id, &row.invited_by_label, letters.organization).await?;
    Ok(Declined { inviter })
}

/// Gives what the open invitation of somebody offers whose address was proved in another way (the operator vouched for it), and ends
/// it as accepted: its letter asks for nothing any more. One that has expired stays as it is. Answers whether there was one.
pub async fn settle(work: &mut Work, changing: &Changing, user: &User) -> Result<bool, Fault> {
    let Some(row) = store::open_of(&mut work.tx, user.id).await?.filter(|_| user.counts()) else { return Ok(false) };
    if !store::take(&mut work.tx, &row, End::Accepted, work.now).await? {
        return Ok(false);
    }
    give(work, changing, &row, user).await?;
    Ok(true)
}
