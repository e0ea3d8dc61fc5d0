//! The clients of an app at a stage: a list, the page of one, and what can be done to it.

pub mod edit;
pub mod new;
pub mod secret;
mod snippets;

pub use snippets::Snippet;

use super::form::Typed;
use super::parts::{Action, Cell, Head, Line, ListPage, RemovePage};
use super::place::{Part, Place};
use super::{Answer, Portal, either, enter};
use crate::access::begin_change;
use crate::base::fault::Fault;
use crate::base::text::fold;
use crate::http::listing::Listing;
use crate::http::page::FieldError;
use crate::http::portal::change::Changed;
use crate::http::portal::shell::{Section, Shell};
use crate::http::visit::Visit;
use crate::oauth::client::metadata::ApplicationType;
use crate::oauth::client::{self, AuthMethod, Client, ClientError, Metadata, MetadataError, StoredSecret};
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, Payload};
use askama::Template;

const NEEDS: &str = "client.manage";

type At = Path<(String, String)>;
type One = Path<(String, String, String)>;

/// One client.
#[derive(Template)]
#[template(path = "portal/apps/client.html")]
pub struct ClientPage {
    /// The layout.
    pub shell: Shell,
    /// The head.
    pub head: Head,
    /// The path of this page.
    pub link: String,
    /// Its public identifier.
    pub client_id: String,
    /// What kind of app it is.
    pub kind: String,
    /// Whether a code must be bound to whoever asked for it.
    pub pkce: String,
    /// Where answers go.
    pub redirect_uris: Vec<String>,
    /// Where people go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// What it may ask for.
    pub scopes: Vec<String>,
    /// The version, for forms.
    pub version: i64,
    /// Its secrets; `None`: it has none, being public.
    pub secrets: Option<Vec<SecretRow>>,
    /// Whether another secret may be made: one is not yet on its way out.
    pub may_add_secret: bool,
    /// Since when it is suspended.
    pub suspended: Option<String>,
    /// Whether the reader may change it.
    pub may_manage: bool,
    /// How many people would notice.
    pub people: String,
    /// How to configure an app with it.
    pub snippets: Vec<Snippet>,
    /// What went wrong with the last change.
    pub problem: Option<String>,
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

/// The words for what a client is.
pub(super) fn kind_word(client: &Client) -> &'static str {
    match (client.metadata.token_endpoint_auth_method, client.metadata.application_type) {
        (AuthMethod::None, ApplicationType::Native) => word!("client-kind-native"),
        (AuthMethod::None, ApplicationType::Web) => word!("client-kind-spa"),
        _ => word!("client-kind-web"),
    }
}

/// The words for whether it works.
pub(in crate::http::portal) const fn status_word(client: &Client) -> &'static str {
    if client.suspended_at.is_some() { word!("client-suspended") } else { word!("client-live") }
}

/// The clients of a place.
pub(super) async fn of_place(portal: &Portal, place: &Place) -> Result<Vec<Client>, HttpResponse> {
    let mut tx = portal.read().await?;
    portal.good(client::of_deployment(&mut tx, place.deployment.id).await).await
}

/// Those of the clients that an address asks for.
pub(in crate::http::portal) fn found<'c>(clients: &'c [Client], list: &Listing) -> Vec<&'c Client> {
    let search = list.search();
    clients.iter().filter(|client| [client.name.as_str(), &client.client_id].iter().any(|text| fold(text).contains(&search))).collect()
}

/// A client of a place, by its identifier.
async fn find(portal: &Portal, place: &Place, id: &str) -> Result<Client, HttpResponse> {
    let found = {
        let mut tx = portal.read().await?;
        portal.good(client::by_client_id(&mut tx, id).await).await?
    };
    match found.filter(|client| client.deployment == Some(place.deployment.id)) {
        Some(client) => Ok(client),
        None => Err(portal.missing().await),
    }
}

fn link(place: &Place, client: &Client) -> String {
    format!("{}/{}", place.path(Part::Clients), client.client_id)
}

/// `GET /portal/apps/{app}/{stage}/clients`.
pub async fn list(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let clients = of_place(&portal, &place).await?;
        Ok(Portal::page(StatusCode::OK, &list_page(&portal, &place, &clients).await))
    })
    .await
}

async fn list_page(portal: &Portal, place: &Place, clients: &[Client]) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let may = portal.may(NEEDS, place.reach());
    let found = found(clients, &list);
    let total = words.counted("app-clients-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let line = |client: &Client| Line {
        name: client.name.to_string(),
        code: false,
        below: client.client_id.clone(),
        cells: vec![
            Cell::Text(words.say(kind_word(client))),
            Cell::Badge(words.say(status_word(client)), if client.suspended_at.is_some() { "bad" } else { "good" }),
        ],
        remove: may.then(|| format!("{}/remove", link(place, client))),
        link: Some(link(place, client)),
    };
    let new = format!("{}/new-client", place.path(Part::Settings));
    let export = Action::export(words, list.at(&format!("{}.csv", place.path(Part::Clients))));
    let add = may.then(|| Action { id: "new-client", link: new, text: words.say("client-new"), primary: true });
    ListPage {
        shell: portal.shell(Section::Apps).await,
        head: place.head(portal, Part::Clients, std::iter::once(export).chain(add).collect()),
        filters: Vec::new(),
        total,
        columns: vec![words.say("client"), words.say("client-kind"), words.say("status")],
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("clients-empty"), words.say(if may { word!("clients-empty-hint") } else { word!("app-empty-ask") })),
        list,
    }
}

/// `GET /portal/apps/{app}/{stage}/clients/{client}`.
pub async fn show(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &one.0, &one.1).await?;
        let client = find(&portal, &place, &one.2).await?;
        answer(&portal, &place, &client, StatusCode::OK, None).await
    })
    .await
}

/// The page of a client, with what went wrong.
async fn answer(portal: &Portal, place: &Place, client: &Client, status: StatusCode, problem: Option<String>) -> Answer {
    let read = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        Ok::<_, Fault>((client::stored_secrets(&mut tx, client.id).await?, client::count_people(&mut tx, client.id).await?))
    };
    let (secrets, people) = portal.good(read.await).await?;
    Ok(Portal::page(status, &page(portal, place, client, &secrets, people, problem).await))
}

/// The secrets of a client as its page shows them, and whether another one may be made: two work at most.
pub(in crate::http::portal) fn secret_rows(portal: &Portal, secrets: &[StoredSecret], may_manage: bool) -> (Vec<SecretRow>, bool) {
    let (words, now) = (portal.words, portal.person.now);
    let live = secrets.iter().filter(|secret| secret.is_live(now)).count();
    let row = |secret: &StoredSecret| SecretRow {
        id: secret.id.to_string(),
        made: words.minute(secret.created_at),
        ends: secret.expires_at.map_or_else(|| words.say("no-end"), |end| words.ends(end, now)),
        live: secret.is_live(now),
        may_end: may_manage && live > 1 && secret.is_live(now),
    };
    (secrets.iter().map(row).collect(), may_manage && live < 2)
}

async fn page(portal: &Portal, place: &Place, client: &Client, secrets: &[StoredSecret], people: u64, problem: Option<String>) -> ClientPage {
    let words = portal.words;
    let may_manage = portal.may(NEEDS, place.reach());
    let (rows, may_add_secret) = secret_rows(portal, secrets, may_manage);
    let metadata = &client.metadata;
    let edit = Action { id: "edit", link: format!("{}/edit", link(place, client)), text: words.say("client-edit"), primary: false };
    ClientPage {
        shell: portal.shell(Section::Apps).await,
        head: Head {
            crumbs: place.crumbs(portal, Part::Clients),
            title: client.name.to_string(),
            badge: client.suspended_at.map(|_| words.say("client-suspended")),
            lead: None,
            actions: may_manage.then_some(edit).into_iter().collect(),
            tabs: Vec::new(),
        },
        link: link(place, client),
        client_id: client.client_id.clone(),
        kind: words.say(kind_word(client)),
        pkce: words.say(if metadata.require_pkce || client.is_public() { word!("client-pkce-on") } else { word!("client-pkce-off") }),
        redirect_uris: metadata.redirect_uris.clone(),
        post_logout_redirect_uris: metadata.post_logout_redirect_uris.clone(),
        scopes: metadata.scope.split(' ').filter(|scope| !scope.is_empty()).map(str::to_owned).collect(),
        version: client.version,
        may_add_secret,
        secrets: (!client.is_public()).then_some(rows),
        suspended: client.suspended_at.map(|at| words.minute(at)),
        may_manage,
        people: words.counted("client-people", "count", people),
        snippets: snippets::of(portal.visit.server.issuer(), client, words),
        problem,
    }
}

/// What a refusal means for a form: something is wrong with one of its fields, or there is another answer altogether.
pub(in crate::http::portal) async fn client_error(portal: &Portal, error: ClientError, metadata: &Metadata) -> Result<FieldError, HttpResponse> {
    let words = portal.words;
    let native = metadata.application_type == ApplicationType::Native;
    let at = |field, message| FieldError { field, message };
    match error {
        ClientError::Denied(denied) => Err(portal.refused(&denied).await),
        ClientError::Overtaken => Err(portal.overtaken().await),
        ClientError::Fault(fault) => Err(portal.fault(&fault).await),
        ClientError::Identifier(_) => Ok(at("client_id", words.say("client-id-bad"))),
        ClientError::Exists(id) | ClientError::Other(id) => Ok(at("client_id", words.with("client-exists", &[("id", id)]))),
        ClientError::Metadata(_, MetadataError::Uri(uri)) => {
            let field = if metadata.redirect_uris.contains(&uri) { "redirect_uris" } else { "post_logout_redirect_uris" };
            Ok(at(field, uri_problem(words, &uri, native)))
        }
        ClientError::Metadata(_, MetadataError::NoRedirect) => Ok(at("redirect_uris", words.say("client-redirect-needed"))),
        ClientError::Metadata(_, MetadataError::TooMany) => Ok(at("redirect_uris", words.say("client-uris-too-many"))),
        ClientError::Secrets(_) => Ok(at("form", words.say("client-secrets-two"))),
        ClientError::LastSecret(_) => Ok(at("form", words.say("client-secret-last"))),
        ClientError::Guard(_) => Ok(at("form", words.say("stronger-client"))),
        other @ (ClientError::Deployment(_) | ClientError::Metadata(..) | ClientError::SecretLife(_) | ClientError::SecretMissing(_)) => {
            Err(portal.fault(&Fault::new("make or change a client", other)).await)
        }
    }
}

/// What is wrong with a redirect URI, and what it should be.
fn uri_problem(words: Words, uri: &str, native: bool) -> String {
    let key = if uri.contains('*') {
        word!("client-uri-wildcard")
    } else if uri.contains('#') {
        word!("client-uri-fragment")
    } else if uri.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http:")) {
        word!("client-uri-http")
    } else if native {
        word!("client-uri-native")
    } else {
        word!("client-uri-other")
    };
    words.with(key, &[("uri", uri.chars().take(100).collect::<String>())])
}

/// The addresses of a field, one on each line; each counts once.
fn uris(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !found.iter().any(|has| has == line) {
            found.push(line.to_owned());
        }
    }
    found
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/status`: `action` is `suspend` or `resume`.
pub async fn set_status(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let typed = Typed::read(&portal, payload).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let client = find(&portal, &place, &one.2).await?;
        let suspend = typed.raw("action") == "suspend";
        let done = portal
            .prove(typed.fields(), async |work| {
                let changing = begin_change(work).await?;
                if suspend { client::suspend(work, &changing, &client).await } else { client::resume(work, &changing, &client).await }
            })
            .await;
        match done {
            Ok(Changed::Made(_)) => Ok(Portal::done(&link(&place, &client), if suspend { "client-suspended" } else { "client-resumed" })),
            Ok(Changed::Shown(page)) => Ok(page),
            Err(error) => Err(refusal(&portal, error).await),
        }
    })
    .await
}

async fn refusal(portal: &Portal, error: ClientError) -> HttpResponse {
    match client_error(portal, error, &Metadata::default()).await {
        Err(answer) => answer,
        Ok(_) => portal.overtaken().await,
    }
}

/// `GET /portal/apps/{app}/{stage}/clients/{client}/remove`: what would follow.
pub async fn ask(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let client = find(&portal, &place, &one.2).await?;
        let people = {
            let mut tx = portal.read().await?;
            portal.good(client::count_people(&mut tx, client.id).await).await?
        };
        let words = portal.words;
        let page = RemovePage {
            shell: portal.shell(Section::Apps).await,
            crumbs: place.crumbs(&portal, Part::Clients),
            title: words.say("client-remove"),
            what: words
                .marked("client-remove-what", &[("client", client.name.as_str()), ("app", place.app.name.as_str()), ("stage", place.stage.name.as_str())]),
            follows: vec![
                words.marked_count::<&str>(word!("client-remove-people"), "count", people, &[]),
                words.marked::<&str>(word!("client-remove-secrets"), &[]),
                words.marked::<&str>(word!("client-remove-id"), &[]),
            ],
            action: format!("{}/remove", link(&place, &client)),
            back: link(&place, &client),
            button: words.say("app-remove"),
            hidden: Vec::new(),
            problem: None,
            previews: true,
        };
        Ok(Portal::page(StatusCode::OK, &page))
    })
    .await
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/remove`. What was gone already is gone: sending the form twice is no mistake.
pub async fn remove(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    either(Box::pin(async {
        let portal = enter(visit).await?;
        let typed = Typed::read(&portal, payload).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let found = {
            let mut tx = portal.read().await?;
            portal.good(client::by_client_id(&mut tx, &one.2).await).await?
        };
        if let Some(client) = found.filter(|client| client.deployment == Some(place.deployment.id)) {
            let done = portal
                .change(Section::Apps, typed.fields(), async |work| {
                    let changing = begin_change(work).await?;
                    client::remove(work, &changing, &client).await
                })
                .await;
            match done {
                Ok(Changed::Made(_)) => {}
                Ok(Changed::Shown(page)) => return Ok(page),
                Err(error) => return Err(refusal(&portal, error).await),
            }
        }
        Ok(Portal::done(&place.path(Part::Clients), "app-removed"))
    }))
    .await
}
