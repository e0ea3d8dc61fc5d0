//! What clients of apps and those of no app have in common: the line in a list, where the page of one stands and what it says.

use super::super::Portal;
use super::super::parts::{Action, Cell, Crumb, Head, Line};
use super::client_error;
use crate::base::text::fold;
use crate::http::listing::Listing;
use crate::http::portal::shell::Section;
use crate::oauth::client::{Client, ClientError, StoredSecret};
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// Where the page of a client stands.
pub(in crate::http::portal) struct Whereabouts {
    /// The section of the menu.
    pub section: Section,
    /// The way there.
    pub crumbs: Vec<Crumb>,
    /// Its path.
    pub link: String,
}

impl Whereabouts {
    /// The head of the page.
    pub fn head(self, words: Words, client: &Client, actions: Vec<Action>) -> Head {
        Head {
            crumbs: self.crumbs,
            title: client.name.to_string(),
            badge: client.suspended_at.map(|_| words.say(status_word(client))),
            lead: None,
            actions,
            tabs: Vec::new(),
        }
    }

    /// The way to a page below it.
    pub fn below(self, client: &Client) -> Vec<Crumb> {
        let mut crumbs = self.crumbs;
        crumbs.push(Crumb { link: self.link, name: client.name.to_string() });
        crumbs
    }
}

/// What the page of every client says (`templates/portal/apps/any_client.html`).
pub struct AnyClient {
    /// The path of the page.
    pub link: String,
    /// Its public identifier.
    pub id: String,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// The version, for forms.
    pub version: i64,
    /// Its secrets; `None`: it has none, being public.
    pub secrets: Option<Vec<SecretRow>>,
    /// Whether another secret may be made: two work at most.
    pub may_add_secret: bool,
    /// Whether the reader may change it.
    pub may_manage: bool,
}

/// A secret, but for itself.
pub struct SecretRow {
    /// Which, for the form that ends it.
    pub id: String,
    /// When it was made.
    pub made: String,
    /// Until when it works, or worked.
    pub ends: String,
    /// Whether it works.
    pub live: bool,
    /// Whether it may be ended: another one remains.
    pub may_end: bool,
}

impl AnyClient {
    /// A client with its secrets, as a reader sees them who may change it or may not.
    pub(in crate::http::portal) fn of(portal: &Portal, client: &Client, link: String, secrets: &[StoredSecret], may_manage: bool) -> Self {
        let (words, now) = (portal.words, portal.person.now);
        let live = secrets.iter().filter(|secret| secret.is_live(now)).count();
        let row = |secret: &StoredSecret| SecretRow {
            id: secret.id.to_string(),
            made: words.minute(secret.created_at),
            ends: secret.expires_at.map_or_else(|| words.say("no-end"), |end| words.ends(end, now)),
            live: secret.is_live(now),
            may_end: may_manage && live > 1 && secret.is_live(now),
        };
        Self {
            link,
            id: client.client_id.clone(),
            scopes: client.metadata.scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
            version: client.version,
            secrets: (!client.is_public()).then(|| secrets.iter().map(row).collect()),
            may_add_secret: may_manage && live < 2,
            may_manage,
        }
    }
}

/// The words for whether it works.
pub(in crate::http::portal) const fn status_word(client: &Client) -> &'static str {
    if client.suspended_at.is_some() { word!("client-suspended") } else { word!("client-live") }
}

/// Those of the clients that an address asks for.
pub(in crate::http::portal) fn found<'c>(clients: &'c [Client], list: &Listing) -> Vec<&'c Client> {
    let search = list.search();
    clients.iter().filter(|client| [client.name.as_str(), &client.client_id].iter().any(|text| fold(text).contains(&search))).collect()
}

/// A client in a list: its page, what it is, and the page that asks whether to remove it.
pub(in crate::http::portal) fn line(words: Words, client: &Client, link: String, kind: String, remove: Option<String>) -> Line {
    Line {
        link: Some(link),
        name: client.name.to_string(),
        code: false,
        below: client.client_id.clone(),
        cells: vec![Cell::Text(kind), Cell::Badge(words.say(status_word(client)), if client.suspended_at.is_some() { "bad" } else { "good" })],
        remove,
    }
}

/// What the page of a client says of a refusal, and its status; or there is another answer altogether.
pub(in crate::http::portal) async fn problem(portal: &Portal, client: &Client, error: ClientError) -> Result<(StatusCode, String), HttpResponse> {
    let status = if matches!(error, ClientError::Guard(_) | ClientError::SecretBeyond(_)) { StatusCode::FORBIDDEN } else { StatusCode::CONFLICT };
    Ok((status, client_error(portal, error, &client.metadata).await?.message))
}
