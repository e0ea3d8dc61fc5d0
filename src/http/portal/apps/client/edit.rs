//! `/portal/apps/{app}/{stage}/clients/{client}/edit`: name and addresses. What else its metadata says stays.

use super::super::form::{FormPage, Text, Typed};
use super::super::place::Place;
use super::super::{Answer, Portal, either, enter};
use super::new::uri_fields;
use super::{NEEDS, One, client_error, find, link, sent, uris, whereabouts};
use crate::access::begin_change;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::oauth::client::{self, Client, Metadata};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;

/// `GET /portal/apps/{app}/{stage}/clients/{client}/edit`.
pub async fn show(visit: Visit, one: One) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &one.0, &one.1, NEEDS).await?;
        let client = find(&portal, &place, &one.2).await?;
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, &client, None).await))
    })
    .await
}

async fn form(portal: &Portal, place: &Place, client: &Client, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let value = |field: &str, has: String| typed.map_or(has, |typed| typed.raw(field));
    let metadata = &client.metadata;
    let redirect = value("redirect_uris", metadata.redirect_uris.join("\n"));
    let after = value("post_logout_redirect_uris", metadata.post_logout_redirect_uris.join("\n"));
    let mut fields = vec![
        Text::new("name", words.say("name"), value("name", client.name.to_string())).required().hint(words.say("client-name-hint")).field(errors),
        Text::new("client_id", words.say("client-id"), client.client_id.as_str()).code(100).fixed(true).field(errors),
    ];
    fields.extend(uri_fields(words, redirect, after, errors));
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: whereabouts(portal, place, client).below(client),
        title: words.say("client-edit"),
        lead: None,
        action: format!("{}/edit", link(place, client)),
        version: Some(typed.map_or(client.version, Typed::version)),
        fields,
        submit: words.say("app-save"),
        previews: false,
        cancel: link(place, client),
        problem: typed.and_then(Typed::problem),
    }
}

/// `POST /portal/apps/{app}/{stage}/clients/{client}/edit`.
pub async fn save(visit: Visit, one: One, payload: Payload) -> HttpResponse {
    Box::pin(either(saved(visit, &one, payload))).await
}

async fn saved(visit: Visit, one: &(String, String, String), payload: Payload) -> Answer {
    let (portal, mut typed, place, client) = sent(visit, one, payload).await?;
    if let Some(name) = typed.name("name") {
        let metadata = Metadata {
            redirect_uris: uris(&typed.raw("redirect_uris")),
            post_logout_redirect_uris: uris(&typed.raw("post_logout_redirect_uris")),
            ..client.metadata.clone()
        };
        let version = typed.version();
        let done = portal
            .work(async |work| {
                let changing = begin_change(work).await?;
                client::change(work, &changing, &client, version, &name, &metadata).await
            })
            .await;
        match done {
            Ok(client) => return Ok(Portal::done(&link(&place, &client), "saved")),
            Err(error) => typed.errors.push(client_error(&portal, error, &metadata).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &place, &client, Some(&typed)).await))
}
