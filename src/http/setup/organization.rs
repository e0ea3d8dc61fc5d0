//! Step one: the name of the organization, and its stages.

use super::{Claimant, Step, claimant, claimed_form, page};
use crate::access::stage::{self, Purpose, Spec, Stage};
use crate::actor::Actor;
use crate::base::text::{DisplayName, Slug, TextError};
use crate::http::journey::see_other;
use crate::http::page::{FieldError, Frame};
use crate::http::paths;
use crate::http::typed::name_error;
use crate::http::visit::Visit;
use crate::lifecycle::setup::{self, ClaimError};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;
use askama::Template;
use std::collections::BTreeSet;

/// The longest name of a stage.
const STAGE_NAME: usize = 50;

/// The form.
#[derive(Template)]
#[template(path = "setup/organization.html")]
pub struct OrganizationPage {
    /// The layout.
    pub frame: Frame,
    /// The four steps.
    pub steps: Vec<Step>,
    /// The token that guards the form.
    pub csrf: String,
    /// The name of the organization, as typed.
    pub name: String,
    /// The stages, in their order.
    pub stages: Vec<StageField>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// One stage of the form.
pub struct StageField {
    /// The name of its field.
    pub field: &'static str,
    /// The name of the box that leaves it out, where that may be.
    pub optional: Option<&'static str>,
    /// Whether the box is ticked.
    pub wanted: bool,
    /// What it is for.
    pub label: String,
    /// The name of the stage, as typed.
    pub name: String,
}

/// Field, purpose, what it is for.
const SLOTS: [(&str, Purpose, &str); 3] = [
    ("development", Purpose::Development, word!("setup-stage-development")),
    ("qa", Purpose::NonProduction, word!("setup-stage-qa")),
    ("production", Purpose::Production, word!("setup-stage-production")),
];

fn slot(at: usize, words: Words, name: String, wanted: bool) -> StageField {
    let (field, purpose, label) = SLOTS[at];
    StageField { field, optional: (purpose == Purpose::NonProduction).then_some("with_qa"), wanted, label: words.say(label), name }
}

/// The stages as they stand, or as a new organization has them.
fn first_seen(words: Words, stages: &[Stage]) -> Vec<StageField> {
    let first = stage::first_stages();
    let field = |(at, (_, purpose, _)): (usize, &(&str, Purpose, &str))| {
        let has = stages.iter().find(|stage| stage.purpose == *purpose).map(|stage| stage.name.to_string());
        let usual = first.iter().find(|stage| stage.purpose == *purpose).map(|stage| stage.name.to_string());
        slot(at, words, has.clone().or(usual).unwrap_or_default(), stages.is_empty() || has.is_some())
    };
    SLOTS.iter().enumerate().map(field).collect()
}

/// `GET /setup/organization`.
pub async fn show(visit: Visit) -> HttpResponse {
    let claimant = match claimant(&visit).await {
        Ok(claimant) => claimant,
        Err(answer) => return answer,
    };
    let known = async {
        let mut tx = visit.server.ground.db.read().await?;
        visit.server.provider.known.snapshot(&mut tx).await
    };
    match known.await {
        Ok(known) => {
            let name = known.organization.as_ref().map(|organization| organization.name.to_string()).unwrap_or_default();
            form(&visit, &claimant, StatusCode::OK, name, first_seen(visit.words(), &known.stages), Vec::new()).await
        }
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn form(visit: &Visit, claimant: &Claimant, status: StatusCode, name: String, stages: Vec<StageField>, errors: Vec<FieldError>) -> HttpResponse {
    let frame = visit.frame().await;
    page(status, &OrganizationPage { steps: Step::seen_from(frame.words, 0), frame, csrf: claimant.csrf.clone(), name, stages, errors })
}

/// What was typed, read: the name and the stages.
type Read = Result<(DisplayName, Vec<Spec>), Vec<FieldError>>;

/// What was typed, and what is wrong with it.
fn read(words: Words, fields: &Parameters) -> (String, Vec<StageField>, Read) {
    let field = |name: &str| fields.one(name).ok().flatten().unwrap_or_default().to_owned();
    let typed = field("name");
    let mut errors = Vec::new();
    let name = DisplayName::parse(&typed).map_err(|error| errors.push(FieldError { field: "name", message: organization_error(words, &error) }));
    let (mut slots, mut specs, mut keys) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (at, first) in stage::first_stages().into_iter().enumerate().take(SLOTS.len()) {
        let (field_name, purpose, _) = SLOTS[at];
        let wanted = purpose != Purpose::NonProduction || fields.one("with_qa").ok().flatten().is_some();
        let typed = field(field_name);
        slots.push(slot(at, words, typed.clone(), wanted));
        if !wanted {
            continue;
        }
        let parsed =
            DisplayName::parse(&typed).and_then(|name| if name.as_str().chars().count() > STAGE_NAME { Err(TextError::TooLong(STAGE_NAME)) } else { Ok(name) });
        match parsed {
            Err(error) => errors.push(FieldError { field: field_name, message: stage_error(words, &error) }),
            Ok(name) => {
                // A name without a letter that keys know keeps the usual key of its place.
                let key = Slug::derived(name.as_str()).unwrap_or_else(|| first.key.clone());
                if keys.insert(key.clone()) {
                    specs.push(Spec { key, name, ..first });
                } else {
                    errors.push(FieldError { field: field_name, message: words.say("setup-stage-twice") });
                }
            }
        }
    }
    let read = match name {
        Ok(name) if errors.is_empty() => Ok((name, specs)),
        _ => Err(errors),
    };
    (typed, slots, read)
}

fn organization_error(words: Words, error: &TextError) -> String {
    if *error == TextError::Empty { words.say("setup-name-missing") } else { name_error(words, error) }
}

fn stage_error(words: Words, error: &TextError) -> String {
    if *error == TextError::Empty { words.say("setup-stage-missing") } else { name_error(words, error) }
}

/// `POST /setup/organization`.
pub async fn submit(visit: Visit, payload: Payload) -> HttpResponse {
    let (claimant, fields) = match claimed_form(&visit, payload).await {
        Ok(form) => form,
        Err(answer) => return answer,
    };
    let (typed, slots, read) = read(visit.words(), &fields);
    let (name, specs) = match read {
        Ok(read) => read,
        Err(errors) => return form(&visit, &claimant, StatusCode::UNPROCESSABLE_ENTITY, typed, slots, errors).await,
    };
    let actor = Actor::System { label: "setup" };
    match visit.server.ground.work(&actor, &visit.origin, async |work| setup::describe(work, &claimant.token, &name, &specs).await).await {
        Ok(()) => see_other(paths::SETUP_OWNER),
        Err(ClaimError::Over(why)) => super::claim::over(&visit, why).await,
        Err(ClaimError::Fault(fault)) => visit.fault_page(&fault).await,
        Err(error) => visit.fault_page(&crate::base::fault::Fault::new("describe the organization", error)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    fn keys(form: &str) -> Result<Vec<String>, Vec<&'static str>> {
        let (.., read) = read(Words::of(&Locale::english()), &Parameters::parse(form.as_bytes()));
        read.map(|(_, specs)| specs.into_iter().map(|spec| spec.key.into()).collect()).map_err(|errors| errors.iter().map(|error| error.field).collect())
    }

    #[test]
    fn stages_get_their_keys_from_their_names() {
        assert_eq!(keys("name=Acme&development=Development&with_qa=1&qa=QA&production=Production").unwrap(), ["development", "qa", "production"]);
        assert_eq!(keys("name=Acme&development=Play+ground&qa=ignored&production=Live!").unwrap(), ["play-ground", "live"]);
        assert_eq!(keys("name=Acme&development=%E6%9D%B1&production=%E4%BA%AC").unwrap(), ["development", "production"]);
        assert_eq!(keys("name=+&development=A&production=a").unwrap_err(), ["name", "production"]);
        assert_eq!(keys(&format!("name=x&development=&with_qa=1&production={}", "p".repeat(51))).unwrap_err(), ["development", "qa", "production"]);
    }
}
