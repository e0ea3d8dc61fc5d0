//! `/portal/clients`: the clients that belong to no app.

use super::super::{either, good};
use super::{enter, kind};
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::apps::client::{found, status_word};
use crate::http::portal::apps::parts::{Cell, Head, Line, ListPage};
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;

/// `GET /portal/clients`.
pub async fn show(visit: Visit) -> HttpResponse {
    either(async {
        let (portal, _) = enter(visit).await?;
        let clients = {
            let mut tx = portal.read().await?;
            good(&portal, client::of_no_app(&mut tx).await).await?
        };
        Ok(Portal::page(StatusCode::OK, &page(&portal, &clients).await))
    })
    .await
}

async fn page(portal: &Portal, clients: &[Client]) -> ListPage {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let found = found(clients, &list);
    let total = words.counted("app-clients-count", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let line = |client: &Client| Line {
        link: Some(paths::client(&client.client_id)),
        name: client.name.to_string(),
        code: false,
        below: client.client_id.clone(),
        cells: vec![Cell::Text(kind(words, client)), Cell::Badge(words.say(status_word(client)), if client.suspended_at.is_some() { "bad" } else { "good" })],
        remove: None,
    };
    ListPage {
        shell: portal.shell(Section::Clients).await,
        head: Head {
            crumbs: Vec::new(),
            title: words.say("who-clients"),
            badge: None,
            lead: Some(words.say("api-clients-lead")),
            actions: Vec::new(),
            tabs: Vec::new(),
        },
        filters: Vec::new(),
        total,
        columns: vec![words.say("client"), words.say("api-client-kind"), words.say("status")],
        lines: rows.into_iter().map(line).collect(),
        pager,
        empty: (words.say("api-clients-empty"), words.say("api-clients-empty-hint")),
        list,
    }
}
