//! `/portal/apps/{app}/{stage}/new-client`: three kinds of app, all of them with PKCE.

use super::super::form::{Field, FormPage, Pick, Picked, Text, Typed, suggested};
use super::super::place::{Part, Place};
use super::super::{Answer, Portal, either, enter};
use super::{At, NEEDS, client_error, link, secret, uris, whereabouts};
use crate::access::begin_change;
use crate::base::secret::{TokenHash, random_token};
use crate::base::text::DisplayName;
use crate::http::page::FieldError;
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::oauth::client::metadata::ApplicationType;
use crate::oauth::client::{self, AuthMethod, Metadata, Party, SecretSpec, Spec};
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Payload;

/// The kinds: the value in the form, the keys of what it is called and what it is, how it proves itself and where it runs.
const KINDS: [(&str, &str, &str, AuthMethod, ApplicationType); 3] = [
    ("web", word!("client-kind-web"), word!("client-kind-web-is"), AuthMethod::ClientSecretBasic, ApplicationType::Web),
    ("spa", word!("client-kind-spa"), word!("client-kind-spa-is"), AuthMethod::None, ApplicationType::Web),
    ("native", word!("client-kind-native"), word!("client-kind-native-is"), AuthMethod::None, ApplicationType::Native),
];

/// `GET /portal/apps/{app}/{stage}/new-client`.
pub async fn show(visit: Visit, at: At) -> HttpResponse {
    either(async {
        let portal = enter(visit).await?;
        let place = Place::find_for(&portal, &at.0, &at.1, NEEDS).await?;
        Ok(Portal::page(StatusCode::OK, &form(&portal, &place, None).await))
    })
    .await
}

/// The two fields for addresses, which the form that changes a client has too.
pub(super) fn uri_fields(words: Words, redirect: String, after: String, errors: &[FieldError]) -> [Field; 2] {
    [
        Text::new("redirect_uris", words.say("client-redirect-uris"), redirect)
            .code(100_000)
            .area(100_000)
            .required()
            .hint(words.say("client-redirect-uris-hint"))
            .field(errors),
        Text::new("post_logout_redirect_uris", words.say("client-post-logout-uris"), after)
            .code(100_000)
            .area(100_000)
            .hint(words.say("client-post-logout-uris-hint"))
            .field(errors),
    ]
}

async fn form(portal: &Portal, place: &Place, typed: Option<&Typed>) -> FormPage {
    let words = portal.words;
    let raw = |field| typed.map(|typed| typed.raw(field)).unwrap_or_default();
    let errors = typed.map(|typed| typed.errors.as_slice()).unwrap_or_default();
    let chosen = if typed.is_some() { raw("kind") } else { "web".to_owned() };
    let pick = |(value, label, note, ..): &(&str, &'static str, &'static str, AuthMethod, ApplicationType)| Picked {
        value: (*value).to_owned(),
        label: words.say(label),
        note: Some(words.say(note)),
        chosen: chosen == *value,
        ..Picked::default()
    };
    let suggestion = suggested_id(place, "\u{2026}");
    let mut fields = vec![
        Text::new("name", words.say("name"), raw("name")).required().hint(words.say("client-name-hint")).field(errors),
        Pick::one("kind", words.say("client-kind"), KINDS.iter().map(pick).collect()).field(errors),
    ];
    fields.extend(uri_fields(words, raw("redirect_uris"), raw("post_logout_redirect_uris"), errors));
    let id = Text::new("client_id", words.say("client-id"), raw("client_id")).code(100);
    fields.push(id.hint(words.with("client-id-hint", &[("suggestion", suggestion)])).field(errors));
    FormPage {
        shell: portal.shell(Section::Apps).await,
        crumbs: place.crumbs(portal, Part::Clients),
        title: words.say("client-new"),
        lead: Some(words.say("client-new-lead")),
        action: format!("{}/new-client", place.path(Part::Settings)),
        version: None,
        fields,
        submit: words.say("client-create"),
        previews: false,
        cancel: place.path(Part::Clients),
        problem: typed.and_then(Typed::problem),
    }
}

/// The identifier of a client that nobody chose one for: the keys of app and stage, and what it is.
fn suggested_id(place: &Place, what: &str) -> String {
    let cut = |key: &str, longest: usize| key.chars().take(longest).collect::<String>();
    format!("{}-{}-{what}", cut(place.app.key.as_str(), 36), cut(place.stage.key.as_str(), 20))
}

/// `POST /portal/apps/{app}/{stage}/new-client`. The secret of one that can keep it stands on the page that this answers, and nowhere after.
pub async fn create(visit: Visit, at: At, payload: Payload) -> HttpResponse {
    Box::pin(either(made(visit, &at.0, &at.1, payload))).await
}

fn identifier(typed: &Typed, place: &Place, name: &DisplayName, kind: &str) -> String {
    let chosen = typed.raw("client_id");
    if !chosen.trim().is_empty() {
        return chosen.trim().to_owned();
    }
    let what = suggested(name.as_str(), 40);
    suggested_id(place, if what.is_empty() { kind } else { &what })
}

async fn made(visit: Visit, app: &str, stage: &str, payload: Payload) -> Answer {
    let portal = enter(visit).await?;
    let mut typed = Typed::read(&portal, payload).await?;
    let place = Place::find_for(&portal, app, stage, NEEDS).await?;
    let name = typed.name("name");
    let chosen = typed.raw("kind");
    let kind = KINDS.iter().find(|(value, ..)| *value == chosen);
    if kind.is_none() {
        typed.wrong("kind", portal.words.say("client-kind-choose"));
    }
    if let (Some(name), Some((value, _, _, auth, application_type))) = (name, kind) {
        let metadata = Metadata {
            redirect_uris: uris(&typed.raw("redirect_uris")),
            post_logout_redirect_uris: uris(&typed.raw("post_logout_redirect_uris")),
            token_endpoint_auth_method: *auth,
            application_type: *application_type,
            require_pkce: true,
            ..Metadata::default()
        };
        let fresh = (*auth != AuthMethod::None).then(random_token::<32>);
        let secret = |token: &String| SecretSpec { hash: TokenHash::of(token), expires_at: None };
        let spec = Spec {
            client_id: identifier(&typed, &place, &name, value),
            kind: client::Kind::App,
            deployment: Some(place.deployment.clone()),
            party: Party::First,
            name,
            metadata,
            secrets: fresh.iter().map(secret).collect(),
        };
        let done = portal
            .work(async |work| {
                let changing = begin_change(work).await?;
                client::create(work, &changing, &spec).await
            })
            .await;
        match (done, fresh) {
            (Ok(client), Some(fresh)) => {
                let page = secret::page(&portal, &client, whereabouts(&portal, &place, &client), fresh, true).await;
                return Ok(Portal::page(StatusCode::OK, &page));
            }
            (Ok(client), None) => return Ok(Portal::done(&link(&place, &client), "client-created")),
            (Err(error), _) => typed.errors.push(client_error(&portal, error, &spec.metadata).await?),
        }
    }
    Ok(Portal::page(StatusCode::UNPROCESSABLE_ENTITY, &form(&portal, &place, Some(&typed)).await))
}
