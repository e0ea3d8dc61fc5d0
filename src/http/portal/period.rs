//! Changing when something is in force: one form for grants and memberships, of people and of groups.

use super::Portal;
use super::shell::Shell;
use super::typed::Typed;
use crate::access::administrators::RemainError;
use crate::access::grant::GrantError;
use crate::access::guard::GuardError;
use crate::actor::Denied;
use crate::base::fault::Fault;
use crate::base::time::{Period, PeriodError, Timestamp};
use crate::http::page::FieldError;
use crate::identity::group::GroupError;
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Marked;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

/// What follows when something ends now, which happens at once.
pub struct Ending {
    /// Who loses what.
    pub what: Marked,
    /// What that means.
    pub follows: String,
}

/// The form. It posts `csrf`, `starts`, `ends` and `fields`; `action=end` ends it now.
#[derive(Template)]
#[template(path = "portal/period.html")]
pub struct PeriodPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The list that the page belongs to, and its name.
    pub list: (&'static str, String),
    /// The page of the person or group.
    pub back: String,
    /// Where one goes without changing anything.
    pub cancel: String,
    /// Who or what that is.
    pub label: String,
    /// What is changed.
    pub what: Marked,
    /// From when, as typed.
    pub starts: String,
    /// Until when, as typed.
    pub ends: String,
    /// What follows when it ends now; `None`: it is not in force.
    pub ending: Option<Ending>,
    /// What it is, for the form.
    pub fields: Vec<(&'static str, String)>,
    /// Why it was not changed.
    pub problem: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// A day as date fields have it.
pub fn day(at: Option<Timestamp>) -> String {
    at.map(|at| at.rfc3339().chars().take(10).collect()).unwrap_or_default()
}

/// What is to become of a period.
#[derive(Clone, Copy, Debug)]
pub enum To {
    /// This.
    Set(Period),
    /// The end, now.
    EndNow(Period),
}

impl To {
    /// What the form asks for; a day that was left as it was keeps its time of day. `None`: something is wrong with what was typed.
    pub fn read(typed: &mut Typed<'_>, before: Period) -> Option<Self> {
        if typed.text("action") == "end" {
            return Some(Self::EndNow(before));
        }
        let mut one = |field: &'static str, before: Option<Timestamp>| {
            let text = typed.text(field).trim();
            if text.is_empty() {
                return Some(None);
            }
            if text == day(before) {
                return Some(before);
            }
            let read = Timestamp::parse(text);
            if read.is_none() {
                typed.day_wrong(field);
            }
            read.map(Some)
        };
        let (starts_at, ends_at) = (one("starts", before.starts_at), one("ends", before.ends_at));
        Some(Self::Set(Period { starts_at: starts_at?, ends_at: ends_at? }))
    }

    /// The period, at the instant at which it is set.
    pub fn at(self, now: Timestamp) -> Period {
        match self {
            Self::Set(period) => period,
            Self::EndNow(before) => Period { ends_at: Some(now), ..before },
        }
    }
}

/// Why a period was not changed.
#[derive(Debug, thiserror::Error)]
pub enum PeriodRefused {
    /// The rule of grants.
    #[error(transparent)]
    Grant(#[from] GrantError),
    /// The rule of memberships.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// It is gone.
    #[error("there is no such thing")]
    Missing,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// How a refusal is told.
enum Told {
    /// By a page of its own.
    Answer(HttpResponse),
    /// On the form: the status, and the key of the message.
    Problem(StatusCode, &'static str),
    /// At the field of the end: the key of the message.
    AtEnd(&'static str),
}

/// The message for a period that cannot be.
pub const fn wrong(error: PeriodError) -> &'static str {
    match error {
        PeriodError::Order => word!("period-order"),
        PeriodError::Past => word!("period-past"),
    }
}

impl PeriodRefused {
    /// What the form says when it is shown again, and with which status; `Err`: an answer of its own.
    pub async fn again(self, portal: &Portal, fields: &Parameters, mut typed: Typed<'_>) -> Result<(StatusCode, Again), HttpResponse> {
        match self.told(portal).await {
            Told::Answer(answer) => Err(answer),
            Told::Problem(status, key) => Ok((status, Again { problem: Some(portal.words.say(key)), ..Again::of(fields, typed.errors) })),
            Told::AtEnd(key) => {
                typed.wrong("ends", portal.words.say(key));
                Ok((StatusCode::UNPROCESSABLE_ENTITY, Again::of(fields, typed.errors)))
            }
        }
    }

    /// How it is told.
    async fn told(self, portal: &Portal) -> Told {
        match self {
            Self::Missing | Self::Grant(GrantError::NoUser) => Told::Answer(portal.missing().await),
            Self::Grant(GrantError::Denied(denied)) | Self::Group(GroupError::Denied(denied)) => refused(portal, &denied).await,
            Self::Grant(GrantError::OnlyAdministrators) => Told::Answer(portal.denied(None).await),
            Self::Grant(GrantError::Period) | Self::Group(GroupError::Period) => Told::AtEnd(wrong(PeriodError::Order)),
            Self::Grant(GrantError::Past) | Self::Group(GroupError::Past) => Told::AtEnd(wrong(PeriodError::Past)),
            Self::Grant(GrantError::Inactive) | Self::Group(GroupError::Inactive) => Told::Problem(StatusCode::CONFLICT, word!("person-shut-out")),
            Self::Grant(GrantError::Guard(GuardError::Beyond)) => Told::Problem(StatusCode::FORBIDDEN, word!("period-beyond")),
            Self::Grant(GrantError::Guard(GuardError::Stronger)) => Told::Problem(StatusCode::FORBIDDEN, word!("stronger-person")),
            Self::Grant(GrantError::Remain(RemainError::LastAdministrator)) => Told::Problem(StatusCode::CONFLICT, word!("last-administrator")),
            Self::Fault(fault) | Self::Group(GroupError::Fault(fault)) | Self::Grant(GrantError::Fault(fault)) => Told::Answer(portal.fault(&fault).await),
            Self::Grant(other) => Told::Answer(portal.fault(&Fault::new("change a period", other)).await),
        }
    }
}

async fn refused(portal: &Portal, denied: &Denied) -> Told {
    Told::Answer(portal.refused(denied).await)
}

/// What stands on the form besides what it is about.
#[derive(Default)]
pub struct Again {
    /// From when, as typed; `None`: as it is.
    pub starts: Option<String>,
    /// Until when, as typed; `None`: as it is.
    pub ends: Option<String>,
    /// Why it was not changed.
    pub problem: Option<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

impl Again {
    /// What was typed.
    pub fn of(fields: &Parameters, errors: Vec<FieldError>) -> Self {
        let text = |name| Some(fields.one(name).ok().flatten().unwrap_or_default().to_owned());
        Self { starts: text("starts"), ends: text("ends"), problem: None, errors }
    }
}
