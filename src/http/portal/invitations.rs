//! `/portal/invitations`: who was invited, to what, by whom, and what became of it.

pub mod draft;
mod export;
pub mod form;
pub mod many;
pub mod one;
pub mod send;

use super::Portal;
use super::shell::{Section, Shell};
use super::users::{Choices, StatusBadge};
use crate::access::people::Cursor;
use crate::base::fault::Fault;
use crate::base::id::InvitationId;
use crate::db::Tx;
use crate::http::listing::{Listing, Pager, ROWS};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::lifecycle::invitation::list::{self, Filter, Listed, Sent, Sight, Sort, State};
use crate::lifecycle::invitation::{GIVES, gives_anything};
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{ServiceConfig, get, post, resource};
use askama::Template;

/// Whoever may offer anything, or manages users, may see this page; which invitations, their sight says.
const NEEDS: &[&str] = &["member_access.manage", "end_user_access.manage", "end_user_groups.manage", "users.manage"];
/// More are not counted: nobody needs the number, and counting takes time.
const MOST: i64 = 10_000;

/// Every route of the invitations.
pub fn routes(config: &mut ServiceConfig) {
    config
        // Before the page of one invitation, whose address would take them in.
        .configure(many::routes)
        .service(resource(paths::INVITATIONS).route(get().to(show)))
        .service(resource(paths::INVITATIONS_CSV).route(get().to(export::csv)))
        .service(resource(paths::NEW_INVITATION).route(get().to(form::show)).route(post().to(send::submit)))
        .service(resource(paths::INVITATIONS_SENT).route(get().to(send::sent)))
        .service(resource(paths::RESEND_INVITATION).route(post().to(one::resend)))
        .service(resource(paths::REVOKE_INVITATION).route(post().to(one::revoke)))
        .service(resource(paths::SENT_INVITATION).route(get().to(one::show)));
}

/// The list.
#[derive(Template)]
#[template(path = "portal/invitations/list.html")]
pub struct InvitationsPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// How many there are.
    pub total: String,
    /// The rows of this page.
    pub rows: Vec<Row>,
    /// The choices of the filters.
    pub filters: Vec<Choices>,
    /// The other pages.
    pub pager: Pager,
    /// Whether the reader may invite people.
    pub may_invite: bool,
}

/// One invitation.
pub struct Row {
    /// Its page.
    pub link: String,
    /// The address.
    pub email: String,
    /// The name of somebody who is here.
    pub name: Option<String>,
    /// What it offers, the first few.
    pub offers: Vec<String>,
    /// How much more it offers.
    pub more: u64,
    /// Where it stands.
    pub state: StatusBadge,
    /// Who sent it.
    pub inviter: String,
    /// When.
    pub sent: String,
    /// Until when it can be answered; `None`: it has ended.
    pub until: Option<String>,
}

/// The badge of a state.
fn badge(words: Words, state: State) -> StatusBadge {
    let (key, class) = match state {
        State::Pending => (word!("invitation-state-pending"), "warn"),
        State::Accepted => (word!("invitation-state-accepted"), "good"),
        State::Declined => (word!("invitation-state-declined"), "bad"),
        State::Expired => (word!("invitation-state-expired"), "bad"),
        State::Revoked => (word!("invitation-state-revoked"), "bad"),
    };
    StatusBadge { text: words.say(key), class }
}

/// An offer: what, and where it counts.
fn in_words(words: Words, offer: &Listed) -> (String, String) {
    let name = |name: &Option<crate::base::text::DisplayName>| name.as_ref().map(ToString::to_string).unwrap_or_default();
    if offer.app_role_name.is_some() {
        let place = words.with("at-stage", &[("app", name(&offer.app_name)), ("stage", name(&offer.stage_name))]);
        (name(&offer.app_role_name), place)
    } else if offer.group_name.is_some() {
        (name(&offer.group_name), words.with("group-at-stage", &[("stage", name(&offer.stage_name))]))
    } else {
        let place = offer.role_app_name.as_ref().map_or_else(|| words.say("at-organization"), ToString::to_string);
        (name(&offer.role_name), place)
    }
}

/// The same in one line.
fn in_short(words: Words, offer: &Listed) -> String {
    let (what, place) = in_words(words, offer);
    words.with("invitation-offer", &[("what", what), ("where", place)])
}

/// Whoever sent it: people by name, the operator as the organization itself.
fn inviter(sent: &Sent, organization: &str) -> String {
    if sent.by_operator { organization.to_owned() } else { sent.inviter.clone() }
}

fn sight(portal: &Portal) -> Sight {
    Sight::of(&portal.person.authority, &portal.person.snapshot.catalogue)
}

fn may_invite(portal: &Portal) -> bool {
    gives_anything(&portal.person.authority)
}

/// What the address asks for.
fn asked(portal: &Portal, list: &Listing) -> (Filter, Sort) {
    let filter = Filter { search: list.search(), state: State::parse(list.text("state")), now: portal.person.now };
    (filter, Sort::parse(list.text("sort")).unwrap_or(Sort::Newest))
}

/// `GET /portal/invitations`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal) -> Result<InvitationsPage, Fault> {
    let list = Listing::of(&portal.visit);
    let ((filter, sort), sight) = (asked(portal, &list), sight(portal));
    let mut tx = portal.visit.server.ground.db.read().await?;
    let (rows, pager) = one_page(&mut tx, &sight, &filter, sort, &list).await?;
    let total = list::count(&mut tx, &sight, &filter, MOST + 1).await?;
    let offers = list::offers(&mut tx, &rows.iter().map(|row| row.id).collect::<Vec<InvitationId>>()).await?;
    drop(tx);
    let shell = portal.shell(Section::Invitations).await;
    let words = portal.words;
    let rows = rows.iter().map(|row| show_row(portal, row, &offers, &shell.organization)).collect();
    let total = if total > MOST { words.say("invitations-very-many") } else { words.counted("invitations-count", "count", total.unsigned_abs()) };
    let states = State::ALL.iter().map(|state| (state.as_str().to_owned(), badge(words, *state).text));
    let states = std::iter::once((String::new(), words.say("invitation-state-any"))).chain(states);
    let orders = [("", word!("sort-newest")), ("oldest", word!("sort-oldest")), ("name", word!("sort-name"))];
    let filters = vec![
        Choices::new(&list, "state", words.say("invitation-state"), states),
        Choices::new(&list, "sort", words.say("sort"), orders.map(|(value, key)| (value.to_owned(), words.say(key)))),
    ];
    Ok(InvitationsPage { filters, shell, list, total, rows, pager, may_invite: may_invite(portal) })
}

async fn one_page(tx: &mut Tx, sight: &Sight, filter: &Filter, sort: Sort, list: &Listing) -> Result<(Vec<Sent>, Pager), Fault> {
    let from = list.asked_from(Cursor::read);
    let rows = list::list(tx, sight, filter, sort, &from, ROWS + 1).await?;
    Ok(list.page_from(&from, rows, |row| list::place(row, sort).write()))
}

fn show_row(portal: &Portal, row: &Sent, offers: &[Listed], organization: &str) -> Row {
    let (words, now) = (portal.words, portal.person.now);
    let mine = offers.iter().filter(|offer| offer.invitation_id == row.id);
    let mut short: Vec<String> = mine.map(|offer| in_short(words, offer)).collect();
    short.dedup();
    let more = short.len().saturating_sub(2) as u64;
    short.truncate(2);
    Row {
        link: paths::sent_invitation(row.id),
        email: row.email.clone(),
        name: row.name.as_ref().map(ToString::to_string),
        offers: short,
        more,
        state: badge(words, row.state(now)),
        inviter: inviter(row, organization),
        sent: words.ago(row.sent_at, now),
        until: row.is_open().then(|| words.ends(row.expires_at, now)),
    }
}
