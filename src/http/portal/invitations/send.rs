//! From the form to the letters: first a page that says what would happen, then it happens, then a page that says what did.

use super::draft::{Draft, Judge, Plan, Wrong, refused};
use super::{GIVES, NEEDS, form};
use crate::access::begin_change;
use crate::access::effective::Holdings;
use crate::access::grant::Given;
use crate::access::people::{self, Sight};
use crate::base::fault::Fault;
use crate::base::id::{InvitationId, UserId};
use crate::base::reach::Reach;
use crate::base::secret::equal;
use crate::base::text::EmailAddress;
use crate::base::time::Timestamp;
use crate::http::claims::texts;
use crate::http::error::ErrorWords;
use crate::http::journey::see_other;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::change::{ASK, BACK, Changed, LABEL, asks};
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::identity::user::{self, Status, User};
use crate::lifecycle::invitation::{self, InviteError, Letters, NewInvitation, Offered, Outcome, Recipient, list};
use crate::mail::messages::OfferLine;
use crate::oauth::claims;
use crate::oauth::parameters::Parameters;
use crate::work::Work;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// What would happen. It posts the whole form again: `step=send` does it, `step=change` goes back.
#[derive(Template)]
#[template(path = "portal/invitations/preview.html")]
pub struct PreviewPage {
    /// The layout.
    pub shell: Shell,
    /// The form.
    pub fields: Vec<(&'static str, String)>,
    /// Each address with what would happen to it.
    pub people: Vec<Line>,
    /// What each of them gets.
    pub offers: Vec<OfferLine>,
    /// Why.
    pub reason: String,
    /// The letters as they would look.
    pub letters: Vec<Letter>,
    /// What apps would be told about somebody who gets this and nothing else.
    pub told: Vec<ToldAt>,
    /// From which day on, when all of it begins later.
    pub told_from: Option<String>,
    /// Whether some of them are here already, so that it changes their access at once.
    pub has_access: bool,
}

/// What an app would be told at a stage.
pub struct ToldAt {
    /// The app and the stage.
    pub place: String,
    /// Each list of ours that is not empty: its name, and what it says.
    pub lists: Vec<(&'static str, Vec<String>)>,
}

/// A person, and what happens or happened.
pub struct Line {
    /// The address.
    pub email: String,
    /// What.
    pub text: String,
    /// The class of its badge.
    pub class: &'static str,
    /// Where there is more about it.
    pub link: Option<String>,
}

/// A letter as it would look.
pub struct Letter {
    /// Who would get it.
    pub about: String,
    /// Its subject.
    pub subject: String,
    /// Its text, without any secret.
    pub text: String,
}

/// What became of the form.
#[derive(Template)]
#[template(path = "portal/invitations/sent.html")]
pub struct SentPage {
    /// The layout.
    pub shell: Shell,
    /// Each address with what happened.
    pub people: Vec<Line>,
}

impl PreviewPage {
    /// How many addresses there are.
    pub fn count(&self) -> u64 {
        self.people.len() as u64
    }
}

impl SentPage {
    /// How many addresses there are.
    pub fn count(&self) -> u64 {
        self.people.len() as u64
    }
}

/// What the reader may know of an address before anything happens.
enum Known {
    /// Nothing: whoever it is, the answer is the same.
    Nothing,
    /// They are here.
    Here(Box<User>),
    /// They were invited already, by this.
    Invited(InvitationId),
    /// They are deactivated.
    ShutOut,
}

/// What happened with an address, as far as the reader may know it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Happened {
    /// A letter is on its way.
    Sent,
    /// They were invited already: it was added.
    Added(InvitationId),
    /// They are here, and got it: so much is new, was there, was there for another time.
    Here(UserId, [usize; 3]),
}

/// Why nothing happened.
#[derive(Debug, thiserror::Error)]
enum SendError {
    #[error("{0}: {1}")]
    At(EmailAddress, #[source] InviteError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// `POST /portal/invitations/new`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let portal = match Portal::enter(visit, GIVES).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let fields = match portal.form(payload).await {
        Ok(fields) => fields,
        Err(answer) => return answer,
    };
    let draft = Draft::read(&fields);
    let step = fields.one("step").ok().flatten().unwrap_or("preview");
    if step == "change" {
        return form::answer(&portal, draft, StatusCode::OK, Vec::new()).await;
    }
    let choices = match form::read(&portal).await {
        Ok(choices) => choices,
        Err(fault) => return portal.fault(&fault).await,
    };
    let person = &portal.person;
    let judge = Judge::of(&portal, &choices, Recipient::Person);
    let plan = match draft.judge(judge) {
        Ok(plan) => plan,
        Err(wrong) => return again(&portal, draft, wrong).await,
    };
    let known = match look(&portal, &plan).await {
        Ok(known) => known,
        Err(fault) => return portal.fault(&fault).await,
    };
    let shut_out = plan.emails.iter().zip(&known).filter(|(_, known)| matches!(known, Known::ShutOut)).map(|(email, _)| email);
    let mut wrong = Wrong::default();
    for email in shut_out {
        if let Ok(mut more) = refused(portal.words, &person.snapshot, email, InviteError::Inactive) {
            wrong.errors.append(&mut more.errors);
        }
    }
    if !wrong.errors.is_empty() {
        return again(&portal, draft, wrong).await;
    }
    match step {
        // A preview that found no seat asks the same once more, from a form that says already what comes after it.
        _ if asks(&fields) => access(&portal, &draft, &plan, &known).await,
        "send" => send(&portal, draft, &plan, &known).await,
        "access" => access(&portal, &draft, &plan, &known).await,
        _ => preview(&portal, &draft, &plan, &known).await,
    }
}

/// What would change at once for those who are here already, and whom the reader may see. Nobody else is rehearsed: whether there is anybody
/// else is nothing to be told.
async fn access(portal: &Portal, draft: &Draft, plan: &Plan, known: &[Known]) -> HttpResponse {
    let organization = portal.visit.frame().await.organization;
    let letters = Letters { issuer: portal.visit.server.issuer(), organization: &organization };
    let label = portal.words.counted("invite-send", "count", plan.emails.len() as u64);
    let more = [("step", "send".to_owned()), (ASK, "yes".to_owned()), (LABEL, label), (BACK, paths::NEW_INVITATION.to_owned())];
    let fields = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(draft.fields().into_iter().chain(more)).finish();
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        for (email, _) in plan.emails.iter().zip(known).filter(|(_, known)| matches!(known, Known::Here(_))) {
            let made = invitation::create(work, &changing, &meant(portal, plan, email), &letters).await;
            made.map_err(|error| SendError::At(email.clone(), error))?;
        }
        Ok::<_, SendError>(())
    };
    match portal.change(Section::Invitations, &Parameters::parse(fields.as_bytes()), rule).await {
        Ok(Changed::Shown(page)) => page,
        // It was asked, not done.
        Ok(Changed::Made(())) => see_other(paths::NEW_INVITATION),
        Err(SendError::At(email, error)) => match refused(portal.words, &portal.person.snapshot, &email, error) {
            Ok(wrong) => again(portal, draft.clone(), wrong).await,
            Err(fault) => portal.fault(&fault).await,
        },
        Err(SendError::Fault(fault)) => portal.fault(&fault).await,
    }
}

async fn again(portal: &Portal, draft: Draft, wrong: Wrong) -> HttpResponse {
    let status = if wrong.denied { StatusCode::FORBIDDEN } else { StatusCode::UNPROCESSABLE_ENTITY };
    form::answer(portal, draft, status, wrong.errors).await
}

/// What the reader may know of each address.
async fn look(portal: &Portal, plan: &Plan) -> Result<Vec<Known>, Fault> {
    let sight = Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue);
    let invitations = super::sight(portal);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let mut known = Vec::with_capacity(plan.emails.len());
    for email in &plan.emails {
        known.push(match user::by_email(&mut tx, email).await? {
            None => Known::Nothing,
            Some(user) if user.counts() || user.status == Status::Inactive => {
                let held = people::held(&mut tx, &[user.id]).await?;
                match user.status {
                    _ if !sight.sees_person(&held) => Known::Nothing,
                    Status::Inactive => Known::ShutOut,
                    _ => Known::Here(Box::new(user)),
                }
            }
            Some(user) => {
                let open = list::open_at(&mut tx, &invitations, user.id).await?;
                let waits = open.filter(|open| open.state(portal.person.now) == list::State::Pending);
                waits.map_or(Known::Nothing, |open| Known::Invited(open.id))
            }
        });
    }
    Ok(known)
}

async fn preview(portal: &Portal, draft: &Draft, plan: &Plan, known: &[Known]) -> HttpResponse {
    match previewed(portal, draft, plan, known).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn previewed(portal: &Portal, draft: &Draft, plan: &Plan, known: &[Known]) -> Result<PreviewPage, Fault> {
    let words = portal.words;
    let shell = portal.shell(Section::Invitations).await;
    let letters = Letters { issuer: portal.visit.server.issuer(), organization: &shell.organization };
    let mut tx = portal.visit.server.ground.db.read().await?;
    let offers = invitation::offer_lines(&mut tx, words, &shell.organization, &plan.offers).await?;
    let inviter = portal.person.user.label();
    let mut drafts = Vec::new();
    // That of somebody who is new, if there is one: what is added to an invitation may end sooner.
    let invited = plan.emails.iter().zip(known).filter(|(_, known)| !matches!(known, Known::Here(_)));
    if let Some((email, known)) = invited.min_by_key(|(_, known)| matches!(known, Known::Invited(_))) {
        let mut new = meant(portal, plan, email);
        if let Known::Invited(open) = known {
            let (actor, catalogue, now) = (portal.person.actor(), &portal.person.snapshot.catalogue, portal.person.now);
            new.life = invitation::would_end(&mut tx, &actor, catalogue, *open, &new, now).await?.since(now);
        }
        let stand_in = words.say("invite-stand-in");
        let draft = invitation::preview(&mut tx, &letters, inviter, &new, portal.person.now, &stand_in).await?;
        drafts.push(Letter { about: words.say("invite-letter-new"), subject: draft.subject, text: draft.text });
    }
    let here = plan.emails.iter().zip(known).find_map(|(email, known)| if let Known::Here(user) = known { Some((email, user)) } else { None });
    if let Some((email, user)) = here {
        let draft = invitation::preview_granted(&mut tx, &letters, inviter, user, &meant(portal, plan, email)).await?;
        drafts.push(Letter { about: words.say("invite-letter-here"), subject: draft.subject, text: draft.text });
    }
    let holdings = invitation::would_hold(&mut tx, &plan.offers).await?;
    let has_access = known.iter().any(|known| matches!(known, Known::Here(_)));
    let people = plan.emails.iter().zip(known).map(|(email, known)| {
        let (key, class, link) = match known {
            Known::Nothing | Known::ShutOut => (crate::word!("invite-would-invite"), "", None),
            Known::Invited(_) => (crate::word!("invite-would-add"), "warn", None),
            Known::Here(user) => (crate::word!("invite-would-give"), "good", Some(paths::user(user.id))),
        };
        Line { email: email.to_string(), text: words.say(key), class, link }
    });
    // What begins later is told from then on, as previews say it.
    let later = begins(&plan.offers).filter(|start| *start > portal.person.now);
    let told = told_at(portal, &holdings, later.unwrap_or(portal.person.now));
    let (people, reason, told_from) = (people.collect(), draft.reason.trim().to_owned(), later.map(|start| words.day(start)));
    Ok(PreviewPage { people, fields: draft.fields(), offers, reason, letters: drafts, told, told_from, has_access, shell })
}

/// When everything that is offered has begun.
fn begins(offers: &[Offered]) -> Option<Timestamp> {
    offers.iter().filter_map(|offered| offered.period.starts_at).max()
}

/// What apps would be told at an instant, by app and stage.
fn told_at(portal: &Portal, holdings: &Holdings, when: Timestamp) -> Vec<ToldAt> {
    let (snapshot, endpoint) = (&portal.person.snapshot, portal.visit.server.provider.claims_endpoint());
    let mut told = Vec::new();
    for (id, said) in claims::told(snapshot, holdings, when, &endpoint) {
        let Some((_, app, stage)) = snapshot.placed(id) else { continue };
        // Another app that lists a role is told of it, too; whoever may neither see that app nor give anything there does not learn of it here.
        let at = Reach::AppAtStage(app.id, stage.id);
        if !portal.may("app.view", at) && !portal.may("end_user_access.manage", at) {
            continue;
        }
        let lists = ["roles", "org_roles", "permissions", "groups"].map(|name| (name, texts(said.get(name))));
        let lists: Vec<_> = lists.into_iter().filter(|(_, values)| !values.is_empty()).collect();
        // An app that lets everybody in is told nothing about most of them.
        if lists.is_empty() {
            continue;
        }
        let place = portal.words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage.name.as_str())]);
        let order = (app.name.to_string().to_lowercase(), stage.position);
        told.push((order, ToldAt { place, lists }));
    }
    told.sort_by(|(one, _), (other, _)| one.cmp(other));
    told.into_iter().map(|(_, told)| told).collect()
}

fn meant(portal: &Portal, plan: &Plan, email: &EmailAddress) -> NewInvitation {
    let life = portal.visit.server.config.invitations.life_days;
    NewInvitation { email: email.clone(), locale: plan.locale.clone(), offers: plan.offers.clone(), life }
}

async fn send(portal: &Portal, draft: Draft, plan: &Plan, known: &[Known]) -> HttpResponse {
    let organization = portal.visit.frame().await.organization;
    let letters = Letters { issuer: portal.visit.server.issuer(), organization: &organization };
    let sent = portal
        .work(async |work| {
            let changing = begin_change(work).await?;
            let mut happened = Vec::with_capacity(plan.emails.len());
            for (email, known) in plan.emails.iter().zip(known) {
                let outcome = match invitation::create(work, &changing, &meant(portal, plan, email), &letters).await {
                    Ok(outcome) => told(known, outcome),
                    // The reader may not learn that there is such a person, or such an invitation: to them it is an address like any other.
                    Err(InviteError::Inactive | InviteError::TooMany) if matches!(known, Known::Nothing) => Happened::Sent,
                    Err(error) => return Err(SendError::At(email.clone(), error)),
                };
                happened.push((email.to_string(), outcome));
            }
            Ok(happened)
        })
        .await;
    let outcome = match sent {
        Ok(happened) => written(portal, &happened),
        Err(SendError::At(email, error)) => match refused(portal.words, &portal.person.snapshot, &email, error) {
            Ok(wrong) => return again(portal, draft, wrong).await,
            Err(fault) => Err(fault),
        },
        Err(SendError::Fault(fault)) => Err(fault),
    };
    match outcome {
        Ok(outcome) => see_other(&paths::invitations_sent(&outcome)),
        Err(fault) => portal.fault(&fault).await,
    }
}

/// What the reader is told of an outcome.
fn told(known: &Known, outcome: Outcome) -> Happened {
    match (known, outcome) {
        (Known::Invited(_), Outcome::Added(id)) => Happened::Added(id),
        (Known::Here(_), Outcome::Granted(user, given)) => {
            let count = |wanted: Given| given.iter().filter(|given| **given == wanted).count();
            Happened::Here(user, [count(Given::Granted), count(Given::Unchanged), count(Given::PeriodDiffers)])
        }
        _ => Happened::Sent,
    }
}

fn mac(portal: &Portal, json: &[u8]) -> String {
    let user = portal.person.user.id.uuid();
    URL_SAFE_NO_PAD.encode(portal.visit.server.ground.sealer.mac("sent invitations", &[user.as_bytes(), json]))
}

/// What happened, as the address of the next page carries it: with a MAC, so that nobody can make that page say anything else.
fn written(portal: &Portal, happened: &[(String, Happened)]) -> Result<String, Fault> {
    let json = serde_json::to_vec(happened)?;
    Ok(format!("{}.{}", URL_SAFE_NO_PAD.encode(&json), mac(portal, &json)))
}

fn read(portal: &Portal, outcome: &str) -> Option<Vec<(String, Happened)>> {
    let (json, given) = outcome.split_once('.')?;
    let json = URL_SAFE_NO_PAD.decode(json).ok()?;
    if !equal(mac(portal, &json).as_bytes(), given.as_bytes()) {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

/// `GET /portal/invitations/sent`.
pub async fn sent(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let query = portal.visit.query();
    let Some(happened) = query.one("of").ok().flatten().and_then(|outcome| read(&portal, outcome)) else {
        return portal.visit.error_page(StatusCode::NOT_FOUND, ErrorWords::NotFound).await;
    };
    let words = portal.words;
    let people = happened.into_iter().map(|(email, happened)| match happened {
        Happened::Sent => Line { email, text: words.say("invite-sent"), class: "good", link: None },
        Happened::Added(id) => Line { email, text: words.say("invite-added"), class: "warn", link: Some(paths::sent_invitation(id)) },
        Happened::Here(user, [granted, unchanged, differs]) => {
            let part = |key: &'static str, count: usize| (count > 0).then(|| words.counted(key, "count", count as u64));
            let parts = [
                part(crate::word!("invite-here-given"), granted),
                part(crate::word!("invite-here-had"), unchanged),
                part(crate::word!("invite-here-differs"), differs),
            ];
            let text = std::iter::once(words.say("invite-here")).chain(parts.into_iter().flatten()).collect::<Vec<_>>().join(" ");
            Line { email, text, class: "good", link: Some(paths::user(user)) }
        }
    });
    let page = SentPage { people: people.collect(), shell: portal.shell(Section::Invitations).await };
    Portal::page(StatusCode::OK, &page)
}
