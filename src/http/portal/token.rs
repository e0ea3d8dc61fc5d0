//! `/portal/users/{id}/token`: what an app would be told of somebody who signed in to it now: every claim, what it means, where it comes
//! from, and how large it is.

use super::Portal;
use super::shell::{Section, Shell};
use super::user::subject;
use super::users::{Choice, NEEDS};
use crate::access::people::Sight;
use crate::base::fault::Fault;
use crate::base::reach::Reach;
use crate::http::claims::meaning::Token;
use crate::http::claims::{Claim, Part, Reasons, Step, list, size};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::identity::user::{Status, User};
use crate::oauth::claims::{Claims, Size, bytes};
use crate::oauth::client::{self, Client};
use crate::oauth::preview::{self, Closed, Desk, MADE_AT_ISSUE, Preview};
use crate::oauth::scope::{KNOWN, Scope};
use crate::word;
use crate::words::{Marked, Words};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Path, ServiceConfig, get, resource};
use askama::Template;

/// The routes of this module.
pub fn routes(config: &mut ServiceConfig) {
    config.service(resource(paths::USER_TOKEN).route(get().to(show)));
}

/// The permission that shows apps with their clients.
const VIEW: &str = "app.view";

/// What apps would be told of one person.
#[derive(Template)]
#[template(path = "portal/token.html")]
pub struct TokenPage {
    /// The layout.
    pub shell: Shell,
    /// The page of the person.
    pub person: String,
    /// Their name, or address.
    pub label: String,
    /// The clients that can be chosen, by where they sign people in.
    pub places: Vec<ClientsOf>,
    /// The scopes of the chosen client; none before one is chosen.
    pub scopes: Vec<Choice>,
    /// Why the person could not sign in there.
    pub closed: Option<Marked>,
    /// The form that gives access, when a role is all that lacks.
    pub give: Option<String>,
    /// What there is to say about the whole.
    pub facts: Vec<String>,
    /// What did not fit.
    pub over: Option<String>,
    /// Both tokens and userinfo.
    pub parts: Vec<Part>,
}

/// The clients of one place.
pub struct ClientsOf {
    /// The app at its stage, or the tools for many apps.
    pub place: String,
    /// Its clients.
    pub clients: Vec<Choice>,
}

/// `GET /portal/users/{id}/token`: `client`, and any number of `scope`.
pub async fn show(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match Portal::enter(visit, NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    if !portal.person.may_somewhere(VIEW) {
        return portal.denied(Some(VIEW)).await;
    }
    let (user, _, sight) = match subject(&portal, &id).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match page(&portal, &user, &sight).await {
        Ok(Some(page)) => Portal::page(StatusCode::OK, &page),
        Ok(None) => portal.missing().await,
        Err(fault) => portal.fault(&fault).await,
    }
}

/// Whether the reader may know what a client is told: the app, and the people who use it there (rule 8).
fn sees(portal: &Portal, sight: &Sight, client: &Client) -> bool {
    match client.deployment.and_then(|id| portal.person.snapshot.placed(id)) {
        Some((deployment, app, stage)) => portal.may(VIEW, Reach::AppAtStage(app.id, stage.id)) && sight.sees(deployment.id),
        None => client.deployment.is_none() && portal.may(VIEW, Reach::Organization) && sight.everybody,
    }
}

/// `None`: there is no such client, or none that the reader sees.
async fn page(portal: &Portal, user: &User, sight: &Sight) -> Result<Option<TokenPage>, Fault> {
    let query = portal.visit.query();
    let asked = query.one("client").ok().flatten();
    let mut tx = portal.visit.server.ground.db.read().await?;
    let clients: Vec<Client> = client::of_people(&mut tx).await?.into_iter().filter(|client| sees(portal, sight, client)).collect();
    let chosen = clients.iter().find(|client| Some(client.client_id.as_str()) == asked);
    if asked.is_some() && chosen.is_none() {
        return Ok(None);
    }
    let mut page = TokenPage {
        shell: portal.shell(Section::Users).await,
        person: paths::user(user.id),
        label: user.label().to_owned(),
        places: places(portal, &clients, asked),
        scopes: Vec::new(),
        closed: None,
        give: None,
        facts: Vec::new(),
        over: None,
        parts: Vec::new(),
    };
    let Some(chosen) = chosen else { return Ok(Some(page)) };
    // Unless the form says otherwise an app asks for all that it is registered for.
    let registered = chosen.metadata.scopes();
    let picked = Scope::parse(&query.every("scope").join(" ")).unwrap_or_default();
    let scope = if query.one("asked").ok().flatten().is_some() { picked.within(&registered) } else { registered.clone() };
    page.scopes = scopes(&registered, &scope);
    let server = &portal.visit.server;
    let desk = Desk { provider: &server.provider, snapshot: &portal.person.snapshot, sealer: &server.ground.sealer, now: portal.person.now };
    match preview::preview(&mut tx, &desk, chosen, user, &scope).await? {
        Err(why) => {
            page.closed = Some(closed(portal.words, why, user, &names(portal, chosen)));
            let may_give = why == Closed::NoRole && user.status != Status::Inactive && portal.person.may_somewhere("end_user_access.manage");
            page.give = may_give.then(|| paths::invite_to(&user.email));
        }
        Ok(preview) => {
            drop(tx);
            let reasons = Reasons::read(&portal.visit, chosen.home(), user.id, portal.words).await?;
            let Some(reasons) = reasons else { return Ok(None) };
            page.parts = parts(portal.words, sight, &reasons, &preview);
            // How much there is says something about what the reader may not see.
            if sight.everybody {
                page.facts = facts(portal.words, &preview);
                page.over = over(portal.words, &preview.size);
            }
        }
    }
    Ok(Some(page))
}

/// Where a client signs people in, as people read it.
fn names(portal: &Portal, client: &Client) -> String {
    match client.deployment.and_then(|id| portal.person.snapshot.placed(id)) {
        Some((_, app, stage)) => portal.words.with("at-stage", &[("app", app.name.as_str()), ("stage", stage.name.as_str())]),
        None => client.name.to_string(),
    }
}

fn places(portal: &Portal, clients: &[Client], asked: Option<&str>) -> Vec<ClientsOf> {
    let mut places: Vec<(Option<(String, i64)>, ClientsOf)> = Vec::new();
    for client in clients {
        let placed = client.deployment.and_then(|id| portal.person.snapshot.placed(id));
        let order = placed.map(|(_, app, stage)| (app.name.to_string().to_lowercase(), stage.position));
        let text = format!("{} · {}", client.name, client.client_id);
        let choice = Choice { value: client.client_id.clone(), text, chosen: asked == Some(client.client_id.as_str()) };
        if let Some((_, place)) = places.iter_mut().find(|(there, _)| *there == order) {
            place.clients.push(choice);
            continue;
        }
        let place = if order.is_some() { names(portal, client) } else { portal.words.say("token-tools") };
        places.push((order, ClientsOf { place, clients: vec![choice] }));
    }
    // Tools for many apps come last.
    places.sort_by(|(one, _), (other, _)| one.is_none().cmp(&other.is_none()).then_with(|| one.cmp(other)));
    places.into_iter().map(|(_, place)| place).collect()
}

/// Offline access changes no claim.
fn scopes(registered: &Scope, chosen: &Scope) -> Vec<Choice> {
    let known = KNOWN.iter().filter(|scope| registered.has(scope) && **scope != "offline_access");
    known.map(|scope| Choice { value: (*scope).to_owned(), text: (*scope).to_owned(), chosen: chosen.has(scope) }).collect()
}

fn closed(words: Words, why: Closed, user: &User, place: &str) -> Marked {
    let key = match why {
        Closed::Inactive => word!("token-closed-inactive"),
        Closed::Unproved => word!("token-closed-unproved"),
        Closed::Suspended => word!("token-closed-suspended"),
        Closed::NoPeople => word!("token-closed-no-people"),
        Closed::NoRole => word!("token-closed-no-role"),
    };
    words.marked(key, &[("who", user.label()), ("place", place)])
}

fn facts(words: Words, preview: &Preview) -> Vec<String> {
    let Size { carried, budget, .. } = preview.size;
    let seconds = preview.life.as_secs();
    vec![
        words.with("token-size", &[("bytes", carried.to_string()), ("budget", budget.to_string())]),
        if seconds.is_multiple_of(60) && seconds > 0 {
            words.counted("token-life-minutes", "count", seconds / 60)
        } else {
            words.counted("token-life-seconds", "count", seconds)
        },
    ]
}

fn over(words: Words, size: &Size) -> Option<String> {
    if size.carried > size.budget {
        return Some(words.with("token-over-roles", &[("bytes", size.carried.to_string()), ("budget", size.budget.to_string())]));
    }
    let lists = size.gave_way.join(", ");
    size.is_over().then(|| words.with("token-over", &[("lists", lists), ("bytes", size.complete.to_string()), ("budget", size.budget.to_string())]))
}

fn parts(words: Words, sight: &Sight, reasons: &Reasons, preview: &Preview) -> Vec<Part> {
    let part = |key, title: &str, text: &str, token, claims: &Claims| Part {
        key,
        title: words.say(title),
        text: words.say(text),
        size: sight.everybody.then(|| counted(words, bytes(claims))),
        claims: list(words, reasons, token, claims).into_iter().map(|claim| shown(words, sight, reasons, claims, claim)).collect(),
        raw: None,
    };
    let id = preview.id_token.as_ref().map(|claims| part("id", word!("demo-id-token"), word!("demo-id-token-text"), Token::Id, claims));
    let about = preview.userinfo.as_ref().map(|claims| part("userinfo", word!("demo-userinfo"), word!("demo-userinfo-text"), Token::Userinfo, claims));
    let access = part("access", word!("demo-access-token"), word!("demo-access-token-text"), Token::Access, &preview.access_token);
    [Some(access), id, about].into_iter().flatten().collect()
}

fn counted(words: Words, count: usize) -> String {
    words.counted("demo-bytes", "count", u64::try_from(count).unwrap_or(u64::MAX))
}

/// A claim as this reader may see it.
fn shown(words: Words, sight: &Sight, reasons: &Reasons, claims: &Claims, mut claim: Claim) -> Claim {
    claim.made_at_issue = MADE_AT_ISSUE.contains(&claim.name.as_str());
    if claim.made_at_issue {
        claim.readable = None;
    }
    if sight.everybody {
        claim.size = claims.get(&claim.name).map(|value| counted(words, size(&claim.name, value)));
        return claim;
    }
    let name = claim.name.clone();
    let seen = |key: &String| match name.as_str() {
        "org_roles" => sight.members,
        "permissions" => sight.members || !key.contains('.'),
        "roles" | "groups" => reasons.homes(&name, key).iter().any(|home| sight.sees(*home)),
        _ => true,
    };
    claim.values.retain(seen);
    for reason in &mut claim.reasons {
        reason.what.retain(seen);
    }
    claim.reasons.retain(|reason| !reason.what.is_empty());
    // The same sentence whether or not something was left out: it must not tell.
    claim.hidden = match name.as_str() {
        "org_roles" | "permissions" if !sight.members => Some(words.say("token-hidden-members")),
        "roles" | "groups" => Some(words.say("token-hidden-end-users")),
        _ => None,
    };
    claim
}
