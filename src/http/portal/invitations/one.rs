//! `/portal/invitations/{id}`: one invitation: what it offers, by whom and until when; sending it again, taking it back.

use super::{NEEDS, badge, in_words, inviter, sight};
use crate::access::{begin_change, people};
use crate::base::fault::Fault;
use crate::base::id::InvitationId;
use crate::base::time::Timestamp;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::portal::terms::when;
use crate::http::portal::users::StatusBadge;
use crate::http::visit::Visit;
use crate::lifecycle::invitation::list::{self, Listed, Sent, State};
use crate::lifecycle::invitation::{self, ChangeError, Letters};
use crate::oauth::parameters::Parameters;
use crate::{word, words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

/// One invitation.
#[derive(Template)]
#[template(path = "portal/invitations/one.html")]
pub struct InvitationPage {
    /// The layout.
    pub shell: Shell,
    /// The path of this page.
    pub link: String,
    /// The address.
    pub email: String,
    /// The page of the person, for those who may see it.
    pub person: Option<String>,
    /// Where it stands.
    pub state: StatusBadge,
    /// Its facts, by name.
    pub facts: Vec<(String, String)>,
    /// What it offers.
    pub offers: Vec<OfferRow>,
    /// Whether the reader may send it again or take it back.
    pub may_decide: bool,
    /// Whether it waits for an answer, or did so until its time was up.
    pub is_open: bool,
    /// What sending it again does.
    pub resend_follows: String,
    /// What taking it back does.
    pub revoke_follows: String,
    /// When it was sent last: the form that sends it again is good for this once.
    pub sent: i64,
    /// What went wrong with the last change.
    pub problem: Option<String>,
}

/// One thing that is offered.
pub struct OfferRow {
    /// What.
    pub what: String,
    /// Where it counts.
    pub place: String,
    /// Who offers it, and when.
    pub by: String,
    /// Why.
    pub reason: Option<String>,
    /// From when or until when.
    pub until: Option<String>,
}

/// `GET /portal/invitations/{id}`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    answer(&portal, &id, StatusCode::OK, None).await
}

async fn answer(portal: &Portal, id: &str, status: StatusCode, problem: Option<String>) -> HttpResponse {
    let Ok(id) = id.parse::<InvitationId>() else { return portal.missing().await };
    let found = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        let Some(sent) = list::one(&mut tx, &sight(portal), id).await? else { return Ok(None) };
        let offers = list::offers(&mut tx, &[id]).await?;
        Ok::<_, Fault>(Some((sent, offers)))
    };
    match found.await {
        Ok(Some((sent, offers))) => Portal::page(status, &page(portal, &sent, &offers, problem).await),
        Ok(None) => portal.missing().await,
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal, sent: &Sent, offers: &[Listed], problem: Option<String>) -> InvitationPage {
    let shell = portal.shell(Section::Invitations).await;
    let (words, now) = (portal.words, portal.person.now);
    let state = sent.state(now);
    let language = words::languages().find(|(lang, _)| *lang == sent.locale.as_str()).map_or(sent.locale.as_str(), |(_, name)| name);
    let fact = |key: &str, value: String| (words.say(key), value);
    let mut facts = vec![
        fact(word!("invitation-by"), inviter(sent, &shell.organization)),
        fact(word!("invitation-sent"), words.minute(sent.sent_at)),
        fact(word!("invitation-language"), language.to_owned()),
    ];
    if sent.created_at != sent.sent_at {
        facts.insert(1, fact(word!("invitation-first-sent"), words.minute(sent.created_at)));
    }
    facts.push(match (state, sent.closed_at) {
        (State::Expired, _) => fact(word!("invitation-expired-on"), words.minute(sent.expires_at)),
        (_, Some(closed)) => fact(word!("invitation-ended"), words.minute(closed)),
        _ => fact(word!("invitation-until"), words.minute(sent.expires_at)),
    });
    let rows = offers.iter().map(|offer| {
        let (what, place) = in_words(words, offer);
        let by = words.with("granted-by", &[("who", offer.offered_by_label.clone()), ("date", words.day(offer.offered_at))]);
        OfferRow { what, place, by, reason: offer.reason.clone(), until: when(words, offer.period.period(), now).map(|ends| ends.text) }
    });
    let days = portal.visit.server.config.invitations.life_days.as_secs() / 86_400;
    let revoke = if sent.takes_the_person_along() { word!("invitation-revoke-follows-person") } else { word!("invitation-revoke-follows") };
    let sees = people::Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue).everybody;
    InvitationPage {
        link: paths::sent_invitation(sent.id),
        email: sent.email.clone(),
        person: sees.then(|| paths::user(sent.user_id)),
        state: badge(words, state),
        facts,
        offers: rows.collect(),
        may_decide: list::may_decide(&portal.person.authority, &offers.iter().collect::<Vec<_>>()),
        is_open: sent.is_open(),
        resend_follows: words.counted("invitation-resend-follows", "count", days),
        revoke_follows: words.say(revoke),
        sent: sent.sent_at.micros(),
        problem,
        shell,
    }
}

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
enum NotChanged {
    #[error(transparent)]
    Change(#[from] ChangeError),
    #[error("it was sent again meanwhile")]
    Overtaken,
    #[error("there is no such invitation, or none that the reader may see")]
    Missing,
    #[error(transparent)]
    Fault(#[from] Fault),
}

async fn entered(visit: Visit, payload: Payload, id: &str) -> Result<(Portal, InvitationId, Parameters), HttpResponse> {
    let portal = Portal::enter(visit, NEEDS).await?;
    let fields = portal.form(payload).await?;
    let Ok(id) = id.parse::<InvitationId>() else { return Err(portal.missing().await) };
    Ok((portal, id, fields))
}

/// `POST /portal/invitations/{id}/resend`: once for each page that was looked at, so that a form sent twice mails once.
pub async fn resend(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, invitation, fields) = match entered(visit, payload, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let seen: Option<i64> = fields.one("sent").ok().flatten().and_then(|sent| sent.parse().ok());
    let organization = portal.visit.frame().await.organization;
    let letters = Letters { issuer: portal.visit.server.issuer(), organization: &organization };
    let life = portal.visit.server.config.invitations.life_days;
    let done = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            let sent = list::one(&mut work.tx, &sight(&portal), invitation).await?.ok_or(NotChanged::Missing)?;
            if seen.map(Timestamp::from_micros) != Some(sent.sent_at) {
                return Err(NotChanged::Overtaken);
            }
            Ok(invitation::resend(work, &changing, invitation, life, &letters).await?)
        })
        .await;
    match done {
        Ok(_) => Portal::done(&paths::sent_invitation(invitation), "invitation-resent"),
        Err(why) => refuse(&portal, &id, why).await,
    }
}

/// `POST /portal/invitations/{id}/revoke`. What is gone already is gone: sending the form twice is no mistake. Whoever takes organization
/// roles away by it proves first who they are.
pub async fn revoke(visit: Visit, id: Path<String>, payload: Payload) -> HttpResponse {
    let (portal, invitation, fields) = match entered(visit, payload, &id).await {
        Ok(entered) => entered,
        Err(answer) => return answer,
    };
    let done = portal
        .prove(&fields, async |work| {
            let changing = begin_change(work).await?;
            list::one(&mut work.tx, &sight(&portal), invitation).await?.ok_or(NotChanged::Missing)?;
            Ok::<_, NotChanged>(invitation::revoke(work, &changing, invitation).await?)
        })
        .await;
    match done {
        Ok(Changed::Made(())) => Portal::done(paths::INVITATIONS, "invitation-revoked"),
        Ok(Changed::Shown(page)) => page,
        Err(NotChanged::Missing) => Portal::done(paths::INVITATIONS, "invitation-gone"),
        Err(why) => refuse(&portal, &id, why).await,
    }
}

async fn refuse(portal: &Portal, id: &str, why: NotChanged) -> HttpResponse {
    let words = portal.words;
    match why {
        NotChanged::Change(ChangeError::Denied(denied)) => portal.refused(&denied).await,
        NotChanged::Change(ChangeError::OnlyAdministrators) => portal.denied(None).await,
        NotChanged::Change(ChangeError::Beyond) => answer(portal, id, StatusCode::FORBIDDEN, Some(words.say("invite-beyond"))).await,
        NotChanged::Change(ChangeError::NotOpen) => answer(portal, id, StatusCode::CONFLICT, Some(words.say("invitation-not-open"))).await,
        NotChanged::Change(ChangeError::Guard(_)) => answer(portal, id, StatusCode::FORBIDDEN, Some(words.say("stronger-person"))).await,
        NotChanged::Overtaken => answer(portal, id, StatusCode::CONFLICT, Some(words.say("invitation-sent-meanwhile"))).await,
        NotChanged::Missing => portal.missing().await,
        NotChanged::Change(ChangeError::Fault(fault)) | NotChanged::Fault(fault) => portal.fault(&fault).await,
    }
}
