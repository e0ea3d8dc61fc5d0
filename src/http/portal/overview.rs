//! `/portal`: how things stand, and what needs attention.

use super::Portal;
use super::shell::{Section, Shell};
use crate::access::people::{self, Filter, Sight};
use crate::access::stage::Purpose;
use crate::audit;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::user::Status;
use crate::lifecycle::invitation;
use crate::mail::transport::Transport;
use crate::outbox;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use std::time::Duration;

/// More are not counted.
const MOST: i64 = 10_000;
/// The ends that are shown.
const ENDINGS: usize = 20;
/// How near an end is that is shown.
const SOON: Duration = Duration::from_hours(14 * 24);
/// The sign-ins that are shown.
const SIGN_INS: u32 = 8;

/// The overview.
#[derive(Template)]
#[template(path = "portal/overview.html")]
pub struct OverviewPage {
    /// The layout.
    pub shell: Shell,
    /// The numbers at the top.
    pub numbers: Vec<Number>,
    /// What needs attention, each with a link to where it is seen to.
    pub attention: Vec<Attention>,
    /// Access that ends soon; `None`: the reader may see nobody's.
    pub endings: Option<Vec<EndingRow>>,
    /// Whether more ends than is shown.
    pub more_endings: bool,
    /// The last sign-ins; `None`: the reader may not see them.
    pub sign_ins: Option<Vec<SignInRow>>,
}

/// One number with what it counts.
pub struct Number {
    /// The number, as it is written.
    pub value: String,
    /// What it counts.
    pub name: String,
    /// Where they are listed.
    pub link: &'static str,
}

/// Something to see to.
pub struct Attention {
    /// What it is.
    pub text: String,
    /// What to do about it.
    pub action: String,
    /// Where.
    pub link: String,
}

/// Something that ends soon.
pub struct EndingRow {
    /// Who, or which group.
    pub who: String,
    /// Their page.
    pub link: String,
    /// What.
    pub what: String,
    /// When, in words.
    pub when: String,
}

/// One sign-in, good or bad.
pub struct SignInRow {
    /// Who; `None`: nobody known.
    pub who: Option<(String, String)>,
    /// Whether it succeeded.
    pub good: bool,
    /// Where; empty: it is not told.
    pub place: String,
    /// From where.
    pub address: String,
    /// When.
    pub when: String,
}

/// `GET /portal`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, &[]).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

fn written(words: Words, count: i64) -> String {
    if count > MOST { words.say("overview-very-many") } else { count.to_string() }
}

async fn page(portal: &Portal) -> Result<OverviewPage, Fault> {
    let (words, person) = (portal.words, &portal.person);
    let shell = portal.shell(Section::Overview).await;
    let mut tx = portal.visit.server.ground.db.read().await?;
    let mut numbers = Vec::new();
    let sight = Sight::of(&person.authority, &person.snapshot.catalogue);
    if super::users::NEEDS.iter().any(|permission| person.may_somewhere(permission)) {
        let active = Filter { status: Some(Status::Active), ..Filter::at(person.now) };
        let count = people::count(&mut tx, &sight, &active, MOST + 1).await?;
        numbers.push(Number { value: written(words, count), name: words.counted("overview-people", "count", count.unsigned_abs()), link: paths::USERS });
    }
    // Numbers of everything are for those who see everything.
    if sight.everybody && ["users.manage", "member_access.manage"].iter().any(|permission| person.may(permission, Reach::Organization)) {
        let count = invitation::count_open(&mut tx, person.now, MOST + 1).await?;
        numbers.push(Number {
            value: written(words, count),
            name: words.counted("overview-invitations", "count", count.unsigned_abs()),
            link: paths::INVITATIONS,
        });
    }
    if person.may("app.view", Reach::Organization) {
        let count = person.snapshot.apps.len() as u64;
        numbers.push(Number { value: count.to_string(), name: words.counted("overview-apps", "count", count), link: paths::APPS });
    }
    let endings = endings(portal, &mut tx, &sight).await?;
    let more_endings = endings.as_ref().is_some_and(|endings| endings.len() > ENDINGS);
    let endings = endings.map(|mut endings| {
        endings.truncate(ENDINGS);
        endings
    });
    let attention = attention(portal, &mut tx).await?;
    let sign_ins = if person.may("audit.view", Reach::Organization) || person.may("users.manage", Reach::Organization) {
        let entries = audit::recent(&mut tx, &[audit::Kind::SignedIn, audit::Kind::SignInFailed], None, SIGN_INS).await?;
        let mut rows = Vec::with_capacity(entries.len());
        for entry in entries {
            let who = match entry.subject_id.as_deref().and_then(|id| id.parse().ok()) {
                Some(id) => crate::identity::user::by_id(&mut tx, id).await?.map(|user| (user.label().to_owned(), paths::user(user.id))),
                None => None,
            };
            rows.push(SignInRow {
                who,
                good: entry.kind == audit::Kind::SignedIn,
                place: super::sign_ins::place(words, &person.snapshot, &entry),
                address: entry.address.unwrap_or_default(),
                when: words.ago(entry.at, person.now),
            });
        }
        Some(rows)
    } else {
        None
    };
    Ok(OverviewPage { shell, numbers, attention, endings, more_endings, sign_ins })
}

/// One row more than is shown says whether there are more.
async fn endings(portal: &Portal, tx: &mut crate::db::Tx, sight: &Sight) -> Result<Option<Vec<EndingRow>>, Fault> {
    let (words, now) = (portal.words, portal.person.now);
    if !super::users::NEEDS.iter().chain(super::groups::NEEDS).any(|permission| portal.person.may_somewhere(permission)) {
        return Ok(None);
    }
    let stages = portal.person.snapshot.stages.iter().map(|stage| stage.id);
    let groups_at: Vec<_> = stages.filter(|stage| super::groups::sees(portal, *stage)).collect();
    let found = people::endings(tx, sight, &groups_at, now, now.plus(SOON), i64::try_from(ENDINGS + 1).unwrap_or(i64::MAX)).await?;
    let row = |ending: people::Ending| {
        let part = |name: &Option<crate::base::text::DisplayName>| name.as_ref().map(ToString::to_string).unwrap_or_default();
        let (what, app, stage) = (ending.what.to_string(), part(&ending.app), part(&ending.stage));
        let what = match (app.is_empty(), stage.is_empty()) {
            (true, true) => what,
            (false, true) => words.with("access-role-app", &[("role", what), ("app", app)]),
            (false, false) => words.with("access-app-role", &[("app", app), ("role", what), ("stage", stage)]),
            (true, false) => words.with("given-group", &[("group", what), ("stage", stage)]),
        };
        let (who, link) = match (ending.user_id, ending.group_id) {
            (Some(user), _) => (ending.label().to_owned(), paths::user(user)),
            (None, Some(group)) => (words.with("endings-group", &[("group", ending.label())]), paths::group(group)),
            (None, None) => return None,
        };
        Some(EndingRow { who, link, what, when: words.ends(ending.ends_at, now) })
    };
    Ok(Some(found.into_iter().filter_map(row).collect()))
}

async fn attention(portal: &Portal, tx: &mut crate::db::Tx) -> Result<Vec<Attention>, Fault> {
    let (words, person) = (portal.words, &portal.person);
    let mut found = Vec::new();
    let mut see = |text: String, action: &str, link: &str| found.push(Attention { text, action: words.say(action), link: link.to_owned() });
    if person.snapshot.apps.is_empty() && person.may("app.manage", Reach::Organization) {
        see(words.say("attention-no-apps"), crate::word!("attention-add-app"), paths::NEW_APP);
    }
    if person.authority.holds_all() {
        let (waiting, dead) = outbox::counts(tx).await?;
        if dead > 0 {
            see(words.counted("attention-mail-failed", "count", dead.unsigned_abs()), crate::word!("attention-see-mail"), paths::SETTINGS_MAIL);
        } else if waiting > 20 {
            see(words.counted("attention-mail-waits", "count", waiting.unsigned_abs()), crate::word!("attention-see-mail"), paths::SETTINGS_MAIL);
        }
        let server = &portal.visit.server;
        if matches!(server.post.transport(tx, &server.ground.sealer).await?, Transport::Mailbox) {
            see(words.say("attention-mailbox"), crate::word!("attention-set-mail"), paths::SETTINGS_MAIL);
        }
    }
    let expired = invitation::count_expired(tx, person.now, MOST + 1).await?;
    if expired > 0 && person.may("users.manage", Reach::Organization) {
        see(words.counted("attention-expired", "count", expired.unsigned_abs()), crate::word!("attention-see-invitations"), paths::INVITATIONS_EXPIRED);
    }
    let undeployed = person
        .snapshot
        .stages
        .iter()
        .filter(|stage| stage.purpose == Purpose::Production)
        .all(|stage| person.snapshot.deployments.values().all(|deployment| deployment.stage_id != stage.id));
    if undeployed && !person.snapshot.apps.is_empty() && person.may("app.manage", Reach::Organization) {
        see(words.say("attention-no-production"), crate::word!("attention-see-apps"), paths::APPS);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::Locale;

    #[test]
    fn more_than_is_counted_is_written_as_the_language_writes_it() {
        let written = |tag: &str, count| written(Words::of(&Locale::parse(tag).unwrap()), count);
        assert_eq!([written("en", MOST + 1), written("de", MOST + 1)], ["10,000+", "10.000+"]);
        assert_eq!([written("en", 0), written("en", 12), written("de", MOST)], ["0", "12", "10000"]);
    }
}
