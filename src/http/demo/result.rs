//! What the demo app was told: both tokens and userinfo, each claim with its meaning, and where access comes from.

use super::Place;
use super::relying_party::{Claims, Told};
use super::snippets;
pub use super::snippets::Snippet;
use crate::access::effective::{Place as Where, authority};
use crate::access::load::Who;
use crate::base::fault::Fault;
use crate::http::claims::meaning::Token;
pub use crate::http::claims::{Part, Raw, Signed, Step};
use crate::http::claims::{Reasons, indented, list, texts};
use crate::http::error::ErrorWords;
use crate::http::page::{Forms, Frame, render};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::lifecycle::invitation::gives_anything;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use askama::Template;

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

/// Answers with the page.
pub(super) async fn answer(visit: &Visit, place: &Place, told: &Told) -> HttpResponse {
    let page = async {
        let frame = visit.frame().await;
        let Ok(subject) = told.subject.parse() else { return Ok(None) };
        let Some(reasons) = Reasons::read(visit, Where::Deployment(place.deployment.id), subject, frame.words).await? else { return Ok(None) };
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
    let part = |key, title: &str, text: &str, token, claims: &Claims, signed: Option<(&Claims, &str)>| {
        let bytes = signed.map_or_else(|| serde_json::to_string(claims).map(|json| json.len()).unwrap_or_default(), |(_, sent)| sent.len());
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        Part {
            key,
            title: words.say(title),
            text: words.say(text),
            size: Some(words.counted("demo-bytes", "count", bytes)),
            claims: list(words, reasons, token, claims),
            raw: Some(Raw { payload: indented(claims), signed: signed.map(|(header, sent)| Signed { header: indented(header), sent: sent.to_owned() }) }),
        }
    };
    let (access, id) = (Some((&told.access_header, told.access_token.as_str())), Some((&told.id_header, told.id_token.as_str())));
    let parts = vec![
        part("access", word!("demo-access-token"), word!("demo-access-token-text"), Token::Access, &told.access_claims, access),
        part("id", word!("demo-id-token"), word!("demo-id-token-text"), Token::Id, &told.id_claims, id),
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
        invite: gives_anything(&authority).then_some(paths::NEW_INVITATION),
        frame,
    })
}

/// What the snippets ask for: the first of the app's own permissions that the person holds, else the app's first, else whatever the token
/// carries.
fn permission(place: &Place, claims: &Claims) -> String {
    let held = texts(claims.get("permissions"));
    let own = held.iter().find(|key| !key.contains('.')).cloned();
    let first = || place.snapshot.catalogue.verbs_of(place.deployment.id).first().map(ToString::to_string);
    own.or_else(first).or_else(|| held.first().cloned()).unwrap_or_else(|| "read".to_owned())
}
