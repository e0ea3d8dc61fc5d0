//! `/portal/clients`: the clients that belong to no app.

use super::super::{either, good};
use super::{enter, kind, kind_word};
use crate::access::people::count_held_by_clients;
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::time::Timestamp;
use crate::http::csv::Csv;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::any::{found, line, status_word};
use crate::http::portal::apps::parts::{Action, Head, ListPage};
use crate::http::portal::export::{Pages, STEP};
use crate::http::portal::shell::Section;
use crate::http::portal::users::Choices;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, Kind};
use crate::server::Server;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;

/// How the address names a client that works, and one that is suspended.
const LIVE: &str = "live";
const SUSPENDED: &str = "suspended";

/// `GET /portal/clients`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(async {
        let (portal, _) = enter(visit).await?;
        let clients = all(&portal).await?;
        Ok(Portal::page(StatusCode::OK, &page(&portal, &clients).await))
    })
    .await
}

/// `GET /portal/clients.csv`: the same list, whole.
pub async fn csv(visit: Visit) -> HttpResponse {
    either(async {
        let (portal, _) = enter(visit).await?;
        let clients = all(&portal).await?;
        let clients = asked(&clients, &Listing::of(&portal.visit)).into_iter().cloned().collect();
        let words = portal.words;
        let head = [word!("name"), word!("client-id"), word!("api-client-kind"), word!("status"), word!("api-client-roles"), word!("api-client-secret-ends")]
            .map(|key| words.say(key));
        let export = Export { server: portal.visit.server.clone(), words, now: portal.person.now, clients };
        // On the heap, as everything that several handlers await: their futures stay small.
        Ok(Box::pin(portal.export("clients", "clients", head.into(), export)).await)
    })
    .await
}

/// Every client that belongs to no app.
async fn all(portal: &Portal) -> Result<Vec<Client>, HttpResponse> {
    let mut tx = portal.read().await?;
    let clients = client::of_no_app(&mut tx).await;
    drop(tx);
    good(portal, clients).await
}

/// Those that the address asks for.
fn asked<'c>(clients: &'c [Client], list: &Listing) -> Vec<&'c Client> {
    let kind = Kind::parse(list.text("kind"));
    let suspended = match list.text("status") {
        LIVE => Some(false),
        SUSPENDED => Some(true),
        _ => None,
    };
    let mut clients = found(clients, list);
    clients.retain(|client| kind.is_none_or(|kind| client.kind == kind) && suspended.is_none_or(|suspended| client.suspended_at.is_some() == suspended));
    clients
}

fn filters(words: Words, list: &Listing) -> Vec<Choices> {
    let option = |value: &str, key: &str| (value.to_owned(), words.say(key));
    let kinds = [Kind::Api, Kind::Platform].map(|kind| option(kind.as_str(), kind_word(kind)));
    vec![
        Choices::new(list, "kind", words.say("api-client-kind"), std::iter::once(option("", word!("filter-kind-all"))).chain(kinds)),
        Choices::new(
            list,
            "status",
            words.say("filter-status"),
            [option("", word!("filter-status-all")), option(LIVE, word!("client-live")), option(SUSPENDED, word!("client-suspended"))],
        ),
    ]
}

async fn page(portal: &Portal, clients: &[Client]) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let found = asked(clients, &list);
    let total = words.counted("app-clients-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let line = |client: &Client| line(words, client, paths::client(&client.client_id), kind(words, client), None);
    ListPage {
        shell: portal.shell(Section::Clients).await,
        head: Head {
            crumbs: Vec::new(),
            title: words.say("who-clients"),
            badge: None,
            lead: Some(words.say("api-clients-lead")),
            actions: vec![Action::export(words, list.at(paths::CLIENTS_CSV))],
            tabs: Vec::new(),
        },
        filters: filters(words, &list),
        total,
        columns: vec![words.say("client"), words.say("api-client-kind"), words.say("status")],
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("api-clients-empty"), words.say("api-clients-empty-hint")),
        list,
    }
}

/// The list as an export.
struct Export {
    server: Data<Server>,
    words: Words,
    now: Timestamp,
    clients: Vec<Client>,
}

impl Pages for Export {
    type Place = usize;
    const START: usize = 0;

    async fn page(&mut self, at: usize, csv: &mut Csv) -> Result<Option<usize>, Fault> {
        let rows = self.clients.iter().skip(at).take(STEP);
        let ids: Vec<ClientId> = rows.clone().map(|client| client.id).collect();
        let mut tx = self.server.ground.db.read().await?;
        let roles = count_held_by_clients(&mut tx, &ids, self.now).await?;
        let endings = client::next_endings(&mut tx, &ids, self.now).await?;
        drop(tx);
        for client in rows {
            let (kind, status) = (kind(self.words, client), self.words.say(status_word(client)));
            let roles = roles.get(&client.id).copied().unwrap_or_default().to_string();
            let ends = endings.get(&client.id).map(|end| end.rfc3339()).unwrap_or_default();
            csv.row([client.name.as_str(), &client.client_id, &kind, &status, &roles, &ends]);
        }
        let next = at + STEP;
        Ok((next < self.clients.len()).then_some(next))
    }
}
