//! What the demo app was told: both tokens and userinfo, each claim with its meaning, and where access comes from.

use super::Place;
use super::meaning::{self, Token};
use super::reasons::Reasons;
pub use super::reasons::{Reason, Step, Way};
use super::relying_party::{Claims, Told};
use super::snippets;
pub use super::snippets::Snippet;
use crate::access::effective::authority;
use crate::access::load::Who;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::time::Timestamp;
use crate::http::error::ErrorWords;
use crate::http::page::{Forms, Frame, render};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::word;
use crate::words::Words;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;
use serde_json::Value;

/// The permissions of which each opens the form that invites people.
const INVITES: [&str; 4] = ["member_access.manage", "end_user_access.manage", "end_user_groups.manage", "users.manage"];

/// The page.
#[derive(Template)]
#[template(path = "demo/result.html")]
pub struct ResultPage {
    /// The layout.
    pub frame: Frame,
    /// The name of the app.
    pub app: String,
    /// The name of the stage.
    pub stage: String,
    /// The person who signed in.
    pub person: String,
    /// Their address.
    pub email: String,
    /// The access token, the ID token, and what userinfo says.
    pub parts: Vec<Part>,
    /// Asks for userinfo with this very token.
    pub curl: String,
    /// The permission that the snippets ask for.
    pub permission: String,
    /// What checks the access token.
    pub snippets: Vec<Snippet>,
    /// Where to begin again.
    pub begin: String,
    /// The form that invites people; `None`: the person may not.
    pub invite: Option<&'static str>,
}

/// A token, or the answer of userinfo.
pub struct Part {
    /// For ids.
    pub key: &'static str,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub text: String,
    /// How large it is.
    pub size: String,
    /// What it says.
    pub claims: Vec<Claim>,
    /// As sent; `None`: it was an answer, no token.
    pub raw: Option<String>,
}

/// A claim.
pub struct Claim {
    /// Its name.
    pub name: String,
    /// Its values: one, or those of a list.
    pub values: Vec<String>,
    /// Whether it is a list.
    pub list: bool,
    /// The value as people read it.
    pub readable: Option<String>,
    /// What it means.
    pub meaning: String,
    /// Where it comes from.
    pub reasons: Vec<Reason>,
}

/// Answers with the page.
pub(super) async fn answer(visit: &Visit, place: &Place, told: &Told) -> HttpResponse {
    let page = async {
        let frame = visit.frame().await;
        let Some(reasons) = Reasons::read(visit, place, &told.subject, frame.words).await? else { return Ok(None) };
        page(visit, place, told, frame, &reasons).await.map(Some)
    };
    match page.await {
        Ok(Some(page)) => render(StatusCode::OK, &page, Forms::Stay),
        // Gone between the token and this page.
        Ok(None) => visit.error_page(StatusCode::CONFLICT, ErrorWords::Overtaken).await,
        Err(fault) => visit.fault_page(&fault).await,
    }
}

async fn page(visit: &Visit, place: &Place, told: &Told, frame: Frame, reasons: &Reasons) -> Result<ResultPage, Fault> {
    let server = &visit.server;
    let words = frame.words;
    let authority = {
        let mut tx = server.ground.db.read().await?;
        let known = &server.provider.known;
        let snapshot = known.snapshot(&mut tx).await?;
        let holdings = known.holdings(&mut tx, Who::User(reasons.user.id), reasons.user.access_version).await?;
        authority(&snapshot.catalogue, &holdings, server.ground.clock.now())
    };
    let part = |key, title: &str, text: &str, token, claims: &Claims, raw: Option<&String>| {
        let bytes = raw.map_or_else(|| serde_json::to_string(claims).map(|json| json.len()).unwrap_or_default(), String::len);
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        Part {
            key,
            title: words.say(title),
            text: words.say(text),
            size: words.counted("demo-bytes", "count", bytes),
            claims: list(words, reasons, token, claims),
            raw: raw.cloned(),
        }
    };
    let parts = vec![
        part("access", word!("demo-access-token"), word!("demo-access-token-text"), Token::Access, &told.access_claims, Some(&told.access_token)),
        part("id", word!("demo-id-token"), word!("demo-id-token-text"), Token::Id, &told.id_claims, Some(&told.id_token)),
        part("userinfo", word!("demo-userinfo"), word!("demo-userinfo-text"), Token::Userinfo, &told.userinfo, None),
    ];
    let permission = permission(place, &told.access_claims);
    Ok(ResultPage {
        app: place.app.name.to_string(),
        stage: place.stage.name.to_string(),
        person: reasons.user.label().to_owned(),
        email: reasons.user.email.to_string(),
        parts,
        curl: format!("curl -H \"Authorization: Bearer {}\" {}{}", told.access_token, server.issuer(), paths::USERINFO),
        snippets: snippets::all(server.issuer(), &place.deployment.resource, &permission),
        permission,
        begin: place.path(),
        invite: may_invite(&authority).then_some(paths::NEW_INVITATION),
        frame,
    })
}

fn may_invite(authority: &Authority) -> bool {
    !authority.all.is_empty() || INVITES.iter().any(|key| authority.permissions.get(*key).is_some_and(|ways| !ways.is_empty()))
}

/// What the snippets ask for: the first of the app's own permissions that the person holds, else the app's first, else whatever the token
/// carries.
fn permission(place: &Place, claims: &Claims) -> String {
    let held = texts(claims.get("permissions"));
    let own = held.iter().find(|key| !key.contains('.')).cloned();
    let first = || place.snapshot.catalogue.verbs_of(place.deployment.id).first().map(ToString::to_string);
    own.or_else(first).or_else(|| held.first().cloned()).unwrap_or_else(|| "read".to_owned())
}

fn texts(value: Option<&Value>) -> Vec<String> {
    value.and_then(Value::as_array).into_iter().flatten().map(plain).collect()
}

/// A text as it is, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)
}

fn list(words: Words, reasons: &Reasons, token: Token, claims: &Claims) -> Vec<Claim> {
    let mut sorted: Vec<_> = claims.iter().collect();
    sorted.sort_by_key(|(name, _)| (meaning::of(name, token).0, name.as_str()));
    let claim = |(name, value): (&String, &Value)| {
        let list = value.is_array();
        let values = if list { texts(Some(value)) } else { vec![plain(value)] };
        let access = matches!(name.as_str(), "roles" | "org_roles" | "permissions" | "groups");
        let readable = value.as_i64().filter(|_| meaning::is_time(name)).map(|seconds| words.minute(Timestamp::from_seconds(seconds)));
        let reasons = if access { reasons.of(name, &values) } else { Vec::new() };
        Claim { name: name.clone(), list, readable, meaning: words.say(meaning::of(name, token).1), reasons, values }
    };
    sorted.into_iter().map(claim).collect()
}
