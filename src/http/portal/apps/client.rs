//! The clients of an app at a stage: a list, the page of one, and what can be done to it.

pub mod any;
pub mod edit;
pub mod new;
pub mod secret;
mod snippets;

pub use snippets::Snippet;

use self::any::{AnyClient, Whereabouts, found, line};
use super::form::Typed;
use super::parts::{Action, Head, ListPage, RemovePage};
use super::place::{Part, Place};
use super::{Answer, Portal, either, enter};
use crate::access::begin_change;
use crate::base::fault::Fault;
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
    /// What every client says.
    pub client: AnyClient,
    /// What kind of app it is.
    pub kind: String,
    /// Whether a code must be bound to whoever asked for it.
    pub pkce: String,
    /// Where answers go.
    pub redirect_uris: Vec<String>,
    /// Where people go after signing out.
    pub post_logout_redirect_uris: Vec<String>,
    /// Since when it is suspended, in words.
    pub suspended: Option<String>,
    /// How many people would notice.
    pub people: String,
    /// How to configure an app with it.
    pub snippets: Vec<Snippet>,
    /// What went wrong with the last change.
    pub problem: Option<String>,
}

/// The words for what a client is.
pub(super) fn kind_word(client: &Client) -> &'static str {
    match (client.metadata.token_endpoint_auth_method, client.metadata.application_type) {
        (AuthMethod::None, ApplicationType::Native) => word!("client-kind-native"),
        (AuthMethod::None, ApplicationType::Web) => word!("client-kind-spa"),
        _ => word!("client-kind-web"),
    }
}

/// The clients of a place.
pub(super) async fn of_place(portal: &Portal, place: &Place) -> Result<Vec<Client>, HttpResponse> {
    let mut tx = portal.read().await?;
    portal.good(client::of_deployment(&mut tx, place.deployment.id).await).await
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

/// Where its page stands.
fn whereabouts(portal: &Portal, place: &Place, client: &Client) -> Whereabouts {
    Whereabouts { section: Section::Apps, crumbs: place.crumbs(portal, Part::Clients), link: link(place, client) }
}

/// A form about a client, from somebody who may change it.
async fn sent(visit: Visit, (app, stage, id): &(String, String, String), payload: Payload) -> Result<(Portal, Typed, Place, Client), HttpResponse> {
    let portal = enter(visit).await?;
    let typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let client = find(&portal, &place, id).await?;
    Ok((portal, typed, place, client))
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
    let line = |client: &Client| {
        let link = link(place, client);
        let remove = may.then(|| format!("{link}/remove"));
        line(words, client, link, words.say(kind_word(client)), remove)
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

async fn page(portal: &Portal, place: &Place, client: &Client, secrets: &[StoredSecret], people: u64, problem: Option<String>) -> ClientPage {
    let words = portal.words;
    let may_manage = portal.may(NEEDS, place.reach());
    let metadata = &client.metadata;
    let at = whereabouts(portal, place, client);
    let edit = Action { id: "edit", link: format!("{}/edit", at.link), text: words.say("client-edit"), primary: false };
    ClientPage {
        shell: portal.shell(at.section).await,
        client: AnyClient::of(portal, client, at.link.clone(), secrets, may_manage),
        head: at.head(words, client, may_manage.then_some(edit).into_iter().collect()),
        kind: words.say(kind_word(client)),
        pkce: words.say(if metadata.require_pkce || client.is_public() { word!("client-pkce-on") } else { word!("client-pkce-off") }),
        redirect_uris: metadata.redirect_uris.clone(),
        post_logout_redirect_uris: metadata.post_logout_redirect_uris.clone(),
        suspended: client.suspended_at.map(|at| words.with("client-suspended-since", &[("since", words.minute(at))])),
        people: words.counted("client-people", "count", people),
        snippets: snippets::of(portal.visit.server.issuer(), client, words),
        problem,
    }
}

/// What a refusal means for the page: what is wrong stands on it, or there is another answer altogether.
async fn refused(portal: &Portal, place: &Place, client: &Client, error: ClientError) -> Answer {
    let (status, problem) = any::problem(portal, client, error).await?;
    answer(portal, place, client, status, Some(problem)).await
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
        ClientError::SecretBeyond(_) => Ok(at("form", words.say("client-secret-beyond"))),
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
    either(Box::pin(async {
        let (portal, typed, place, client) = sent(visit, &one, payload).await?;
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
            Err(error) => refused(&portal, &place, &client, error).await,
        }
    }))
    .await
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
                Err(error) => return refused(&portal, &place, &client, error).await,
            }
        }
        Ok(Portal::done(&place.path(Part::Clients), "app-removed"))
    }))
    .await
}
