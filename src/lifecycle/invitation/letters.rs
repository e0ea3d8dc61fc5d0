//! What the letters around an invitation say. They are rendered inside the work, since the outbox takes them with the change; nothing is awaited for it.

use super::offer::{Offer, Offered};
use super::secrets::Fresh;
use super::{NewInvitation, Row};
use crate::access::stage;
use crate::base::fault::Fault;
use crate::base::id::{StageId, UserId};
use crate::base::text::{EmailAddress, Locale};
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::identity::user::{self, User};
use crate::mail::messages::{AccessGranted, InvitationMail, OfferLine, Welcome};
use crate::outbox::{Job, Mail};
use crate::words::Words;
use crate::work::Work;
use uuid::Uuid;

/// What every letter needs to know of us.
#[derive(Clone, Copy, Debug)]
pub struct Letters<'a> {
    /// Our own address, without a slash at its end.
    pub issuer: &'a str,
    /// The name of the organization.
    pub organization: &'a str,
}

/// The name of whoever did something: people by the name they have now, the operator as the organization itself.
pub(super) async fn name_of(tx: &mut Tx, kind: &str, id: Option<Uuid>, label: &str, organization: &str) -> Result<String, Fault> {
    match (kind, id) {
        ("user", Some(id)) => Ok(user::by_id(tx, UserId::from_uuid(id)).await?.map_or_else(|| label.to_owned(), |user| user.label().to_owned())),
        ("system", _) => Ok(organization.to_owned()),
        _ => Ok(label.to_owned()),
    }
}

async fn name_of_actor(work: &mut Work, organization: &str) -> Result<String, Fault> {
    let (kind, id, label) = (work.actor.kind(), work.actor.id(), work.actor.label().to_owned());
    name_of(&mut work.tx, kind, id, &label, organization).await
}

/// Offers as a reader sees them; what two inviters offer alike is one line.
pub(super) async fn lines<'a>(tx: &mut Tx, words: Words, organization: &str, offers: impl IntoIterator<Item = &'a Offered>) -> Result<Vec<OfferLine>, Fault> {
    let stages = stage::all(tx).await?;
    let stage_name = |id: StageId| stages.iter().find(|stage| stage.id == id).map_or("", |stage| stage.name.as_str());
    let mut lines = Vec::new();
    for Offered { offer, period, .. } in offers {
        let (what, place) = match offer {
            Offer::OrganizationRole { role, app } => (&role.name, app.as_ref().map_or(organization, |app| app.name.as_str()).to_owned()),
            Offer::EndUserRole { app, role } => (&role.name, words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage_name(role.stage_id))])),
            Offer::Group { group } => (&group.name, words.with("group-at-stage", &[("stage", stage_name(group.stage_id))])),
        };
        let day = |at: Timestamp| words.day(at);
        let line = OfferLine { what: what.to_string(), place, starts: period.starts_at.map(day), until: period.ends_at.map(day) };
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    Ok(lines)
}

/// Offers as a reader of `words` sees them.
pub async fn offer_lines(tx: &mut Tx, words: Words, organization: &str, offers: &[Offered]) -> Result<Vec<OfferLine>, Fault> {
    lines(tx, words, organization, offers).await
}

/// A letter as it will look, before anybody gets it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The subject.
    pub subject: String,
    /// The text.
    pub text: String,
}

/// What an invitation from `inviter` would say. Link and code are drawn only when it is sent: here stands what the caller puts in their place.
pub async fn preview(tx: &mut Tx, letters: &Letters<'_>, inviter: &str, new: &NewInvitation, now: Timestamp, stand_in: &str) -> Result<Draft, Fault> {
    let words = Words::of(&new.locale);
    let mail = InvitationMail {
        words,
        organization: letters.organization.to_owned(),
        inviter: inviter.to_owned(),
        link: format!("{}/invitations/{stand_in}", letters.issuer),
        code: stand_in.to_owned(),
        code_page: format!("{}/invitations/code", letters.issuer),
        offers: lines(tx, words, letters.organization, &new.offers).await?,
        expires: words.day(now.plus(new.life)),
    };
    Ok(Draft { subject: mail.subject(), text: mail.text().map_err(unwritten)? })
}

/// What somebody who is here already would be told.
pub async fn preview_granted(tx: &mut Tx, letters: &Letters<'_>, giver: &str, user: &User, new: &NewInvitation) -> Result<Draft, Fault> {
    let words = Words::of(user.profile.locale.as_ref().unwrap_or(&new.locale));
    let mail = AccessGranted {
        words,
        organization: letters.organization.to_owned(),
        name: user.label().to_owned(),
        giver: giver.to_owned(),
        offers: lines(tx, words, letters.organization, &new.offers).await?,
        link: letters.issuer.to_owned(),
    };
    Ok(Draft { subject: mail.subject(), text: mail.text().map_err(unwritten)? })
}

fn unwritten(error: askama::Error) -> Fault {
    Fault::new("write a letter", error)
}

async fn post(work: &mut Work, to: &EmailAddress, subject: String, text: String, html: String) -> Result<(), Fault> {
    work.enqueue(&Job::Mail(Mail { to: to.clone(), subject, text, html })).await?;
    Ok(())
}

/// Mails link and code to the invitee.
pub(super) async fn invite(work: &mut Work, letters: &Letters<'_>, row: &Row, to: &EmailAddress, fresh: &Fresh, offers: &[Offered]) -> Result<(), Fault> {
    let words = Words::of(&row.locale);
    let mail = InvitationMail {
        words,
        organization: letters.organization.to_owned(),
        inviter: name_of_actor(work, letters.organization).await?,
        link: format!("{}/invitations/{}", letters.issuer, fresh.token.expose()),
        code: fresh.code.expose().clone(),
        code_page: format!("{}/invitations/code", letters.issuer),
        offers: lines(&mut work.tx, words, letters.organization, offers).await?,
        expires: words.day(row.expires_at),
    };
    post(work, to, mail.subject(), mail.text().map_err(unwritten)?, mail.html().map_err(unwritten)?).await
}

/// Tells somebody who is here already what they were given.
pub(super) async fn granted(work: &mut Work, letters: &Letters<'_>, user: &User, locale: &Locale, offers: &[Offered]) -> Result<(), Fault> {
    let words = Words::of(user.profile.locale.as_ref().unwrap_or(locale));
    let mail = AccessGranted {
        words,
        organization: letters.organization.to_owned(),
        name: user.label().to_owned(),
        giver: name_of_actor(work, letters.organization).await?,
        offers: lines(&mut work.tx, words, letters.organization, offers).await?,
        link: letters.issuer.to_owned(),
    };
    post(work, &user.email, mail.subject(), mail.text().map_err(unwritten)?, mail.html().map_err(unwritten)?).await
}

/// Greets somebody who has joined.
pub(super) async fn welcome(work: &mut Work, letters: &Letters<'_>, user: &User, locale: &Locale) -> Result<(), Fault> {
    let mail = Welcome {
        words: Words::of(locale),
        organization: letters.organization.to_owned(),
        name: user.label().to_owned(),
        email: user.email.to_string(),
        link: letters.issuer.to_owned(),
    };
    post(work, &user.email, mail.subject(), mail.text().map_err(unwritten)?, mail.html().map_err(unwritten)?).await
}
