//! What a change would do, as a page: below it the same form again, to do it.

use super::Portal;
use super::change::{ASK, BACK, LABEL};
use super::shell::{Section, Shell, initials};
use crate::access::load::Who;
use crate::access::preview::{Spot, Stretch, What};
use crate::base::id::DeploymentId;
use crate::http::paths;
use crate::lifecycle::preview::{Person, Preview, Stopped, Told};
use crate::oauth::parameters::Parameters;
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use askama::Template;

/// So many places, roles or permissions stand in a cell before the rest is folded.
const SHOWN: usize = 6;

/// What a change would do, and the form that does it.
#[derive(Template)]
#[template(path = "portal/preview.html")]
pub struct PreviewPage {
    /// The layout.
    pub shell: Shell,
    /// Where the form is posted to.
    pub action: String,
    /// The page of the form.
    pub back: String,
    /// What the form said, to be said again.
    pub fields: Vec<(String, String)>,
    /// What the form's own button says; `None`: the preview did not run, and is to be asked for again.
    pub label: Option<String>,
    /// How many people gain and lose, each with whether it is a loss.
    pub summary: Vec<(Marked, bool)>,
    /// What else is to be said, a sentence each.
    pub notes: Vec<Marked>,
    /// What the reader must know about what is not here.
    pub warnings: Vec<Marked>,
    /// Who, where and what.
    pub rows: Vec<Row>,
}

/// One difference for one person.
pub struct Row {
    /// Who: name, address, two letters, and the page.
    pub who: Named,
    /// Where.
    pub places: List,
    /// From when or until when; `None`: at once and for good.
    pub when: Option<String>,
    /// What they gain.
    pub gains: List,
    /// What they lose.
    pub loses: List,
    /// The live sessions that feel a loss; told once for each person.
    pub sessions: Option<String>,
    /// By how much their token grows.
    pub bytes: String,
}

/// Somebody with a name.
#[derive(Clone)]
pub struct Named {
    /// Name, or address of somebody without one.
    pub label: String,
    /// Address.
    pub email: String,
    /// Two letters.
    pub initials: String,
    /// The page.
    pub link: Option<String>,
}

/// Some words; the rest is folded.
#[derive(Default)]
pub struct List {
    /// Those that show.
    pub shown: Vec<Word>,
    /// Those that are folded.
    pub folded: Vec<Word>,
    /// What stands for these.
    pub more: String,
}

/// A word in a list.
pub struct Word {
    /// What it says.
    pub text: String,
    /// Whether machines read it.
    pub code: bool,
}

impl List {
    /// The first few show.
    pub fn of(words: Words, mut all: Vec<Word>) -> Self {
        let folded = if all.len() > SHOWN + 1 { all.split_off(SHOWN) } else { Vec::new() };
        let more = words.counted("access-more", "count", folded.len() as u64);
        Self { shown: all, folded, more }
    }
}

pub(super) async fn answer(portal: &Portal, section: Section, fields: &Parameters, told: Told) -> HttpResponse {
    let shell = portal.shell(section).await;
    let one = |name| fields.one(name).ok().flatten();
    let action = portal.visit.request.uri().path_and_query().map_or_else(|| paths::PORTAL.to_owned(), ToString::to_string);
    let mut page = PreviewPage {
        action,
        back: one(BACK).filter(|path| is_ours(path)).unwrap_or(&shell.here).to_owned(),
        fields: fields.pairs().filter(|(name, _)| !["csrf", ASK, LABEL].contains(name)).map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        label: None,
        summary: Vec::new(),
        notes: Vec::new(),
        warnings: Vec::new(),
        rows: Vec::new(),
        shell,
    };
    match told {
        Told::Busy => {
            // The same question again, as it was asked.
            page.fields.extend(one(LABEL).map(|label| (LABEL.to_owned(), label.to_owned())));
            let mut answer = Portal::page(StatusCode::SERVICE_UNAVAILABLE, &page);
            answer.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("5"));
            answer
        }
        Told::Preview(preview) => {
            let label = one(LABEL).map(|label| label.chars().take(100).collect());
            page.label = Some(label.unwrap_or_else(|| portal.words.say("preview-do")));
            fill(&mut page, portal, &preview);
            Portal::page(StatusCode::OK, &page)
        }
    }
}

/// Whether a link leads to a page of the portal and nowhere else, whatever a browser makes of it.
pub(super) fn is_ours(path: &str) -> bool {
    let inside = path.strip_prefix(paths::PORTAL).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    inside && !path.contains(['\\', '#']) && !path.contains("//") && path.chars().all(|c| c.is_ascii_graphic())
}

fn fill(page: &mut PreviewPage, portal: &Portal, preview: &Preview) {
    let words = portal.words;
    let counted = |key: &str, count: u64| words.marked_count::<&str>(key, "count", count, &[]);
    for (key, count, loss) in
        [(word!("preview-gain"), preview.gain, false), (word!("preview-lose"), preview.lose, true), (word!("preview-later"), preview.later, false)]
    {
        if count > 0 {
            page.summary.push((counted(key, count), loss));
        }
    }
    for door in &preview.doors {
        let key = if door.opens { word!("preview-door-opens") } else { word!("preview-door-closes") };
        let (app, stage) = place(portal, preview, door.deployment);
        page.notes.push(words.marked(key, &[("app", app.as_str()), ("stage", stage.as_str())]));
    }
    if preview.sessions > 0 {
        page.notes.push(counted(word!("preview-sessions"), preview.sessions));
    }
    if let Some((least, most)) = preview.bytes.filter(|bytes| *bytes != (0, 0)) {
        let key = if least == most { word!("preview-bytes") } else { word!("preview-bytes-range") };
        page.notes.push(words.marked(key, &[("least", signed(least)), ("most", signed(most))]));
    }
    if preview.overflowing > 0 {
        page.warnings.push(counted(word!("preview-overflows"), preview.overflowing));
    }
    for (key, count) in [(word!("preview-hidden"), preview.hidden), (word!("preview-partly"), preview.partly), (word!("preview-unnamed"), preview.unnamed)] {
        if count > 0 {
            page.warnings.push(counted(key, count));
        }
    }
    let of = [("compared", preview.compared.to_string()), ("concerned", preview.concerned.to_string())];
    match preview.stopped {
        Some(Stopped::Time) => page.warnings.push(words.marked("preview-stopped", &of)),
        Some(Stopped::Many) => page.warnings.push(words.marked("preview-many", &of)),
        None => {}
    }
    page.rows = preview.people.iter().flat_map(|person| rows(portal, preview, person)).collect();
}

/// The names of an app and its stage.
fn place(portal: &Portal, preview: &Preview, id: DeploymentId) -> (String, String) {
    let snapshot = &portal.person.snapshot;
    let Some((app, stage)) = preview.places.get(&id) else { return Default::default() };
    let app = snapshot.apps.get(app).map(|app| app.name.to_string());
    let stage = snapshot.stages.iter().find(|known| known.id == *stage).map(|stage| stage.name.to_string());
    (app.unwrap_or_default(), stage.unwrap_or_default())
}

fn rows(portal: &Portal, preview: &Preview, person: &Person) -> Vec<Row> {
    let words = portal.words;
    let email = match &person.email {
        Some(email) => email.clone(),
        None => words.say("preview-client"),
    };
    let link = if let Who::User(id) = person.who { Some(paths::user(id)) } else { None };
    let who = Named { initials: initials(&person.label), label: person.label.clone(), email, link };
    let row = |(at, change): (usize, &crate::lifecycle::preview::Change)| {
        let name = |spot: &Spot| match spot {
            Spot::Organization => words.say("preview-organization"),
            Spot::Stage(id) => portal.person.snapshot.stages.iter().find(|stage| stage.id == *id).map(|stage| stage.name.to_string()).unwrap_or_default(),
            Spot::Deployment(id) => {
                let (app, stage) = place(portal, preview, *id);
                words.with("at-stage", &[("app", app), ("stage", stage)])
            }
        };
        let plain = |text: String| Word { text, code: false };
        let first = change.spots.first().copied().unwrap_or(Spot::Organization);
        Row {
            who: who.clone(),
            places: List::of(words, change.spots.iter().map(name).map(plain).collect()),
            when: when(words, &change.stretch),
            gains: List::of(words, said(words, preview, (person.who, first), &change.stretch.gains)),
            loses: List::of(words, said(words, preview, (person.who, first), &change.stretch.loses)),
            sessions: (at == 0 && person.sessions > 0).then(|| person.sessions.to_string()),
            bytes: signed(change.stretch.bytes),
        }
    };
    person.changes.iter().enumerate().map(row).collect()
}

fn when(words: Words, stretch: &Stretch) -> Option<String> {
    let day = |at| words.day(at);
    match (stretch.from, stretch.until) {
        (None, None) => None,
        (Some(from), None) => Some(words.with("preview-from", &[("date", day(from))])),
        (None, Some(until)) => Some(words.with("preview-until", &[("date", day(until))])),
        (Some(from), Some(until)) => Some(words.with("preview-from-until", &[("from", day(from)), ("until", day(until))])),
    }
}

fn said(words: Words, preview: &Preview, (who, spot): (Who, Spot), what: &What) -> Vec<Word> {
    let (names, mut said) = (&preview.names, Vec::new());
    let mut say = |text: String, code: bool| said.push(Word { text, code });
    if what.sign_in {
        // Nobody signs in with a client: it gets tokens for itself.
        let key = if matches!(who, Who::Client(_)) { word!("preview-gets-tokens") } else { word!("preview-sign-in") };
        say(words.say(key), false);
    }
    for key in &what.groups {
        let name = if let Spot::Stage(stage) = spot { names.group(stage, key) } else { key };
        say(words.with("preview-group", &[("group", name)]), false);
    }
    for key in &what.org_roles {
        say(words.with("preview-role", &[("role", names.organization_role(key))]), false);
    }
    for claim in &what.roles {
        let name = if let Spot::Deployment(id) = spot { names.role(id, claim) } else { claim };
        say(words.with("preview-role", &[("role", name)]), false);
    }
    for key in what.verbs.iter().chain(&what.permissions) {
        say(key.clone(), true);
    }
    said
}

/// A number with its sign.
fn signed(number: i64) -> String {
    if number > 0 { format!("+{number}") } else { number.to_string().replace('-', "\u{2212}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ClientId, UserId};
    use crate::base::text::Locale;

    #[test]
    fn back_leads_into_the_portal_only() {
        for ours in ["/portal", "/portal/groups/x", "/portal/users/1/revoke?kind=role&of=2"] {
            assert!(is_ours(ours), "{ours}");
        }
        for other in ["", "//evil.example", "/portal//evil.example", "https://evil.example/portal", "/portalx", "/portal/\\evil", "/portal/\u{a0}", "/account"]
        {
            assert!(!is_ours(other), "{other}");
        }
    }

    #[test]
    fn a_person_may_sign_in_and_a_client_gets_tokens() {
        let what = What { sign_in: true, ..What::default() };
        let says = |tag: &str, who: Who| {
            let words = Words::of(&Locale::parse(tag).unwrap());
            said(words, &Preview::default(), (who, Spot::Organization), &what).into_iter().map(|word| word.text).collect::<Vec<_>>()
        };
        let (person, client) = (Who::User(UserId::fresh()), Who::Client(ClientId::fresh()));
        assert_eq!([says("en", person), says("en", client)], [["may sign in"], ["gets tokens"]]);
        assert_eq!([says("de", person), says("de", client)], [["darf sich anmelden"], ["bekommt Tokens"]]);
    }

    #[test]
    fn numbers_carry_their_sign() {
        assert_eq!([signed(12), signed(0), signed(-3)], ["+12", "0", "\u{2212}3"]);
    }
}
