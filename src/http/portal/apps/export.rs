//! What an app owns at a stage, as files: the same lists as on the pages, whole.

use super::permission::{self, Owned};
use super::place::Place;
use super::{client, either, enter, role, shared};
use crate::access::app::listed::SharedRole;
use crate::access::app::permission::Whole;
use crate::access::role::end_user::EndUserRole;
use crate::http::csv;
use crate::http::listing::Listing;
use crate::http::visit::Visit;
use crate::oauth::client::Client;
use crate::word;
use actix_web::HttpResponse;
use actix_web::web::Path;

type At = Path<(String, String)>;

fn name(place: &Place, list: &str) -> String {
    format!("{}-{}-{list}", place.app.key, place.stage.key)
}

fn joined<T: ToString>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// `GET /portal/apps/{app}/{stage}/permissions.csv`.
pub async fn permissions(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let owned = Owned::read(&portal, &place).await?;
        let head = [word!("permission"), word!("app-description"), word!("permission-implies"), word!("permission-in-roles")];
        let row = |whole: &Whole| {
            let verb = &whole.permission.verb;
            let roles: Vec<&str> = owned.roles.iter().filter(|role| owned.of_role(role.id).contains(verb)).map(|role| role.key.as_str()).collect();
            [verb.to_string(), whole.permission.description.to_string(), joined(&whole.implies), joined(&roles)]
        };
        let found = permission::found(&owned, &Listing::of(&portal.visit));
        Ok(csv::file(portal.words, &name(&place, "permissions"), head, found.into_iter().map(row)))
    })
    .await
}

/// `GET /portal/apps/{app}/{stage}/roles.csv`.
pub async fn roles(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let owned = Owned::read(&portal, &place).await?;
        let words = portal.words;
        let head = [word!("name"), word!("app-key"), word!("app-description"), word!("app-tab-permissions"), word!("role-counts")];
        let row = |role: &EndUserRole| {
            let counts = words.say(if role.shared { word!("role-is-shared") } else { word!("role-is-own") });
            [role.name.to_string(), role.key.to_string(), role.description.to_string(), joined(owned.of_role(role.id)), counts]
        };
        let found = role::found(&owned, &Listing::of(&portal.visit));
        Ok(csv::file(words, &name(&place, "roles"), head, found.into_iter().map(row)))
    })
    .await
}

/// `GET /portal/apps/{app}/{stage}/shared-roles.csv`.
pub async fn shared_roles(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let roles = shared::listed_at(&portal, &place).await?;
        let head = [word!("role"), word!("app"), word!("shared-role-claim"), word!("app-description")];
        let row = |role: SharedRole| [role.name.to_string(), role.app_name.to_string(), role.claim(), role.description.to_string()];
        let found = shared::found(roles, &Listing::of(&portal.visit));
        Ok(csv::file(portal.words, &name(&place, "shared-roles"), head, found.into_iter().map(row)))
    })
    .await
}

/// `GET /portal/apps/{app}/{stage}/clients.csv`.
pub async fn clients(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find(&portal, &at.0, &at.1).await?;
        let clients = client::of_place(&portal, &place).await?;
        let words = portal.words;
        let head = [word!("name"), word!("client-id"), word!("client-kind"), word!("status"), word!("client-redirect-uris")];
        let row = |client: &Client| {
            let status = words.say(client::any::status_word(client));
            let kind = words.say(client::kind_word(client));
            [client.name.to_string(), client.client_id.clone(), kind, status, joined(&client.metadata.redirect_uris)]
        };
        let found = client::any::found(&clients, &Listing::of(&portal.visit));
        Ok(csv::file(words, &name(&place, "clients"), head, found.into_iter().map(row)))
    })
    .await
}
