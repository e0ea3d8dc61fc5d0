//! API clients in the portal: found, read, given roles, and taken apart: a role taken away, suspended and resumed, secrets ended, removed;
//! by those who may, and by nobody else.

mod given;
mod list;

use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::insider::enter;
use crate::support::page::{Form, Page};
use crate::support::until;
use gatehouse::base::time::Clock;
use gatehouse::db::one;
use serde_json::{Value, json};
use std::time::Duration;

on_both! {
    clients_are_listed_and_found
    a_role_is_taken_away_from_a_client
    an_api_client_is_suspended_resumed_and_removed
    secrets_of_an_api_client_follow_each_other
    only_some_may_change_a_client
    a_session_left_open_takes_nothing_from_a_client
}

const OLGA: &str = "olga@acme.example";
const NORA: &str = "nora@acme.example";
/// May manage API clients, and nothing else.
const KIM: &str = "kim@acme.example";
/// May see members, and nothing else.
const MEL: &str = "mel@acme.example";
/// May see the end-users of Sales, and nothing else.
const PIA: &str = "pia@acme.example";
const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
const LIST: &str = "/portal/clients";
const EXPORTER: &str = "/portal/clients/exporter";

/// The exporter holds a role at the organization and one at an app; the asker may ask about every token; the console is a tool for many apps.
async fn house(backend: Backend, clock: Clock) -> House {
    let house = House::open_with(backend, &[], clock).await;
    let role =
        |key: &str, name: &str, permission: &str| format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{name}\"\npermissions = [\"{permission}\"]\n");
    let user =
        |email: &str, role: &str| format!("[[user]]\nemail = \"{email}\"\nname = \"{email}\"\npassword_hash = \"{HASH}\"\norg_roles = [{{ role = {role} }}]\n");
    let parts = [
        role("watcher", "Watcher", "audit.view"),
        role("looker", "Looker", "app.view"),
        role("asker", "Asker", "token.introspect"),
        role("keeper", "Client keeper", "api_clients.manage"),
        role("member-viewer", "Member viewer", "members.view"),
        role("peeker", "Peeker", "end_users.view"),
        user(KIM, "\"keeper\""),
        user(MEL, "\"member-viewer\""),
        user(PIA, "\"peeker\", app = \"sales\""),
        format!(
            "[[client]]\nclient_id = \"exporter\"\nname = \"Nightly export\"\nsecrets = [\"{SECRET}\"]\n\
             org_roles = [\"watcher\", {{ role = \"looker\", app = \"sales\" }}]\n\
             [[client]]\nclient_id = \"asker\"\nname = \"Asker\"\nsecrets = [\"{SECRET}\"]\norg_roles = [\"asker\"]\n\
             [[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], grant_types = [\"authorization_code\", \"refresh_token\"] }}\n"
        ),
    ];
    house.apply(&parts.concat()).await;
    house
}

fn reads(page: &Page, texts: &[&str]) {
    for text in texts {
        assert!(page.text_contains(text), "{text:?} does not stand on {} ({}):\n{}", page.url, page.status, page.text());
    }
}

/// Posts a form as a client does; answers status and JSON.
async fn post(house: &House, path: &str, client: (&str, &str), form: &[(&str, &str)]) -> (u16, Value) {
    let http = crate::support::http().build().expect("an HTTP client");
    let answer = http.post(format!("{}{path}", house.issuer)).basic_auth(client.0, Some(client.1)).form(form).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

/// A token of the exporter for itself.
async fn token(house: &House, secret: &str) -> Result<String, u16> {
    let (status, answer) = post(house, "/oauth2/token", ("exporter", secret), &[("grant_type", "client_credentials")]).await;
    if status == 200 { Ok(answer["access_token"].as_str().expect("a token").to_owned()) } else { Err(status) }
}

/// What the asker is told of a token.
async fn told(house: &House, token: &str) -> Value {
    let (status, answer) = post(house, "/oauth2/introspect", ("asker", SECRET), &[("token", token)]).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// Waits until a token that the exporter gets counts: after a suspension that is in the next second at the latest.
async fn counts_again(house: &House) {
    until("no token of the exporter counts", async || {
        let fresh = token(house, SECRET).await.expect("a token");
        told(house, &fresh).await["active"] == json!(true)
    })
    .await;
}

/// How many events of a kind there are.
async fn events(house: &House, kind: &str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events WHERE kind = $1", kind).expect("a number").0
}

/// The links that take something away from the exporter: of the role at the organization, and of the one at the app.
fn takes(page: &Page) -> (String, String) {
    let all: Vec<String> = page.links().into_iter().filter(|link| link.starts_with("/portal/clients/exporter/revoke?")).collect();
    assert_eq!(all.len(), 2, "{all:?}");
    let of = |app: bool| all.iter().find(|link| link.contains("app=") == app).expect("a link").clone();
    (of(false), of(true))
}

/// The forms that end a secret, that of the newest first.
fn endings(page: &Page) -> Vec<Form> {
    page.forms().into_iter().filter(|form| form.action.path().ends_with("/end-secret")).collect()
}

async fn end(browser: &mut Browser, form: &Form) -> Page {
    let button = form.buttons().first().copied().expect("a button").to_owned();
    browser.submit(form, &button).await
}

async fn clients_are_listed_and_found(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal").await;
    assert!(page.links().contains(&LIST.to_owned()), "it stands in the menu");
    let page = olga.get(LIST).await;
    reads(&page, &["API clients", "4 clients", "Nightly export exporter API client Works", "Console console Tool for many apps Works", "Client robot robot"]);
    assert!(!page.text_contains("sales-basic"), "the clients of apps stand there: {}", page.text());
    for search in ["nightly", "EXPORT"] {
        let found = olga.get(&format!("{LIST}?q={search}")).await;
        assert!(found.text_contains("1 client") && found.links().contains(&EXPORTER.to_owned()) && !found.text_contains("Console"), "{}", found.text());
    }
    reads(&olga.get(&format!("{LIST}?q=nothing-like-it")).await, &["Nothing found"]);
    let page = olga.get(EXPORTER).await;
    reads(&page, &["Nightly export", "exporter", "API client", "Watcher", "Whole organization", "Looker", "Sales Desk", "Secrets"]);
    // The page that explains is one click away, and leads back.
    let access = format!("{EXPORTER}/access");
    assert_eq!(page.attribute("access", "href"), Some(access.clone()));
    assert!(olga.get(&access).await.links().contains(&EXPORTER.to_owned()));
    reads(&olga.get("/portal/clients/console").await, &["Tool for many apps", "Nobody is signed in through it now.", "None: this client may do nothing"]);
    for gone in ["/portal/clients/sales-basic", "/portal/clients/nothing", "/portal/clients/%C3%A4"] {
        assert_eq!(olga.get(gone).await.status, 404, "{gone}");
    }
    house.close().await;
}

async fn a_role_is_taken_away_from_a_client(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let before = token(&house, SECRET).await.expect("a token");
    let all = told(&house, &before).await;
    assert_eq!((&all["org_roles"], &all["permissions"]), (&json!(["watcher"]), &json!(["audit.view"])));
    let (whole, at_app) = takes(&olga.get(EXPORTER).await);
    let ask = olga.get(&whole).await;
    reads(&ask, &["Nightly export loses Watcher ( Whole organization ).", "Take away"]);
    let form = ask.form(&format!("{EXPORTER}/revoke"));
    // The preview names the client and what it loses, and changes nothing.
    let preview = olga.submit(&form, "revoke-preview").await;
    reads(&preview, &["Nothing has been changed yet.", "Nightly export", "API client", "role Watcher", "audit.view"]);
    assert_eq!((told(&house, &before).await, events(&house, "grant.revoked").await), (all, 0));
    let done = olga.submit(&preview.form("do-form"), "do").await;
    assert_eq!((done.status.as_u16(), done.url.path()), (200, EXPORTER), "{}", done.text());
    assert!(done.text_contains("Taken away.") && !done.text_contains("Watcher"), "{}", done.text());
    // The old token works on, and says what is true now; so does a new one.
    let after = token(&house, SECRET).await.expect("a token");
    for token in [&before, &after] {
        let now = told(&house, token).await;
        assert_eq!((&now["active"], &now["org_roles"], &now["permissions"]), (&json!(true), &json!([]), &json!([])));
    }
    // What is gone is gone: the form of another window changes nothing more, and its page is no more.
    assert!(olga.submit(&form, "revoke").await.text_contains("Taken away."));
    assert_eq!((events(&house, "grant.revoked").await, olga.get(&whole).await.status.as_u16()), (1, 404));
    // The role at the app, without a preview.
    let ask = olga.get(&at_app).await;
    reads(&ask, &["Nightly export loses Looker ( Sales Desk )."]);
    let done = olga.submit(&ask.form(&format!("{EXPORTER}/revoke")), "revoke").await;
    reads(&done, &["Taken away.", "None: this client may do nothing by itself."]);
    assert_eq!(events(&house, "grant.revoked").await, 2);
    for odd in ["", "?of=x", "?of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "?of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa&app=x"] {
        assert_eq!(olga.get(&format!("{EXPORTER}/revoke{odd}")).await.status, 404, "{odd}");
    }
    house.close().await;
}

async fn an_api_client_is_suspended_resumed_and_removed(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let held = token(&house, SECRET).await.expect("a token");
    let status = format!("{EXPORTER}/status");
    let suspend = olga.get(EXPORTER).await.form(&status);
    let preview = olga.submit(&suspend, "suspend-preview").await;
    reads(&preview, &["Nothing has been changed yet.", "Nightly export", "gets tokens"]);
    assert_eq!(told(&house, &held).await["active"], json!(true));
    let page = olga.submit(&preview.form("do-form"), "do").await;
    assert!(page.element("suspended").is_some() && page.text_contains("Suspended. Its tokens do not work any more."), "{}", page.text());
    assert_eq!((told(&house, &held).await["active"].clone(), token(&house, SECRET).await), (json!(false), Err(401)));
    reads(&olga.get(LIST).await, &["Nightly export exporter API client Suspended"]);
    // Sent once more from another window it is no mistake, and no second event.
    assert_eq!(olga.submit(&suspend, "suspend").await.status, 200);
    assert_eq!(events(&house, "client.suspended").await, 1);
    let page = olga.submit(&page.form(&status), "resume").await;
    assert!(page.element("suspended").is_none() && page.text_contains("Resumed. It gets tokens again."), "{}", page.text());
    counts_again(&house).await;
    assert_eq!(told(&house, &held).await["active"], json!(false), "what ended does not come back");
    assert_eq!(events(&house, "client.resumed").await, 1);

    let ask = olga.get(&format!("{EXPORTER}/remove")).await;
    assert!(ask.element("follows").is_some_and(|text| text.contains("The 2 roles that it holds go with it.")), "{}", ask.text());
    let form = ask.form(ask.url.path());
    reads(&olga.submit(&form, "remove-preview").await, &["Nothing has been changed yet."]);
    assert!(token(&house, SECRET).await.is_ok(), "it is still there");
    let list = olga.submit(&form, "remove").await;
    assert_eq!((list.status.as_u16(), list.url.path()), (200, LIST), "{}", list.text());
    assert!(list.text_contains("Removed.") && !list.text_contains("exporter"), "{}", list.text());
    assert_eq!((events(&house, "client.removed").await, events(&house, "grant.revoked").await), (1, 2));
    assert_eq!((token(&house, SECRET).await, told(&house, &held).await["active"].clone()), (Err(401), json!(false)));
    // Gone is gone; and what was read of it before leads nowhere.
    assert_eq!((olga.submit(&form, "remove").await.status.as_u16(), olga.get(EXPORTER).await.status.as_u16()), (200, 404));
    assert_eq!(olga.submit(&suspend, "suspend").await.status, 404);
    assert_eq!(events(&house, "client.removed").await, 1);
    // Another one of that name: tokens of the first are not its tokens.
    house.apply(&format!("[[client]]\nclient_id = \"exporter\"\nname = \"Another\"\nsecrets = [\"{SECRET}\"]\n")).await;
    counts_again(&house).await;
    assert_eq!(told(&house, &held).await["active"], json!(false));
    house.close().await;
}

async fn secrets_of_an_api_client_follow_each_other(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let page = olga.get(EXPORTER).await;
    assert!(endings(&page).is_empty(), "the only one does not end");
    let form = page.form(&format!("{EXPORTER}/new-secret"));
    let made = olga.submit_once(&form, "new-secret").await;
    assert_eq!((made.status.as_u16(), made.header("cache-control")), (200, Some("no-store")));
    let second = made.element("secret").expect("a secret");
    // Sent again by the back button it shows nothing, and makes none.
    let again = olga.submit_once(&form, "new-secret").await;
    assert_eq!((again.status.as_u16(), again.element("secret")), (409, None));
    assert!(token(&house, SECRET).await.is_ok() && token(&house, &second).await.is_ok(), "both work");
    let page = olga.get(EXPORTER).await;
    assert!(!page.body.contains(&second) && page.element("new-secret").is_none(), "two are enough");
    let both = endings(&page);
    assert_eq!(both.len(), 2, "{}", page.text());
    // The older one stands below. When it is gone, the other one stays, also for a form that was open.
    let page = end(&mut olga, &both[1]).await;
    assert!(page.text_contains("The secret does not work any more.") && endings(&page).is_empty(), "{}", page.text());
    assert_eq!((token(&house, SECRET).await, token(&house, &second).await.is_ok()), (Err(401), true));
    let last = end(&mut olga, &both[0]).await;
    assert!(last.status == 409 && last.element("problem").is_some_and(|text| text.starts_with("This is the only secret that works.")), "{}", last.text());
    assert!(token(&house, &second).await.is_ok());
    assert_eq!(end(&mut olga, &both[1]).await.status, 200, "what has ended stays so");
    assert_eq!(events(&house, "client.secret_ended").await, 1);
    house.close().await;
}

/// Sends each form that changes a client, as its page would; answers what came.
async fn try_all(browser: &mut Browser, client: &str, role: &str) -> Vec<(&'static str, u16)> {
    let page = browser.get("/account/profile").await;
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let secret = "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa";
    let mut all = Vec::new();
    for (what, fields) in [
        ("status", vec![("action", "suspend")]),
        ("revoke", vec![("of", role)]),
        ("give", vec![("role", role)]),
        ("period", vec![("of", role)]),
        ("new-secret", vec![("version", "1")]),
        ("end-secret", vec![("secret", secret)]),
        ("remove", Vec::new()),
    ] {
        let fields: Vec<_> = [("csrf", csrf.as_str())].into_iter().chain(fields).chain([("whole", "1")]).collect();
        all.push((what, browser.post_from(page.url.as_str(), &format!("{LIST}/{client}/{what}"), &fields).await.status.as_u16()));
    }
    all
}

async fn only_some_may_change_a_client(backend: Backend) {
    let house = house(backend, Clock::System).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (whole, _) = takes(&olga.get(EXPORTER).await);
    let role = whole.rsplit("of=").next().expect("a role").to_owned();
    let every = |status: u16| ["status", "revoke", "give", "period", "new-secret", "end-secret", "remove"].map(|what| (what, status)).to_vec();
    // Who sees members reads what a client holds, and changes nothing.
    let (mut mel, page) = enter(&house, MEL, "/portal").await;
    assert!(page.links().contains(&LIST.to_owned()));
    let page = mel.get(EXPORTER).await;
    reads(&page, &["Watcher", "Looker"]);
    assert!(page.element("suspend").is_none() && page.element("new-secret").is_none() && !page.links().iter().any(|link| link.contains("/revoke")));
    for refused in [whole.clone(), whole.replace("/revoke?", "/period?"), format!("{EXPORTER}/give"), format!("{EXPORTER}/remove")] {
        assert_eq!(mel.get(&refused).await.status, 403, "{refused}");
    }
    assert_eq!(try_all(&mut mel, "exporter", &role).await, every(403));
    // Whoever manages API clients acts on none that may do more (rule 3c), and on no tool for many apps (rule 3d).
    let (mut kim, _) = enter(&house, KIM, "/portal").await;
    let ask = kim.get(&whole).await;
    for button in ["revoke", "revoke-preview"] {
        let page = kim.submit(&ask.form(&format!("{EXPORTER}/revoke")), button).await;
        assert!(page.status == 403 && page.element("problem").is_some_and(|text| text.starts_with("This client may do more than you.")), "{}", page.text());
    }
    let page = kim.get(EXPORTER).await;
    let page = kim.submit(&page.form(&format!("{EXPORTER}/status")), "suspend").await;
    assert!(page.status == 403 && page.element("problem").is_some_and(|text| text.starts_with("This client may do more than you.")), "{}", page.text());
    let page = kim.get("/portal/clients/console").await;
    assert!(page.status == 200 && page.element("suspend").is_none() && page.element("new-secret").is_none(), "{}", page.text());
    let at_console = try_all(&mut kim, "console", &role).await;
    assert_eq!(at_console, every(403), "nor is a role taken from what sees everybody (rule 3d)");
    let page = kim.get("/portal/clients/robot").await;
    let page = kim.submit(&page.form("/portal/clients/robot/status"), "suspend").await;
    assert!(page.status == 200 && page.element("suspended").is_some(), "one that may do nothing: {}", page.text());
    // To whoever sees end-users only there is no such client; who has no business there at all reads what is missing.
    let (mut pia, page) = enter(&house, PIA, "/portal").await;
    assert!(!page.links().contains(&LIST.to_owned()));
    let (mut nora, _) = enter(&house, NORA, "/account").await;
    for path in [LIST.to_owned(), EXPORTER.to_owned(), whole, format!("{EXPORTER}/give"), format!("{EXPORTER}/remove")] {
        assert_eq!((pia.get(&path).await.status.as_u16(), nora.get(&path).await.status.as_u16()), (404, 403), "{path}");
    }
    assert_eq!((try_all(&mut pia, "exporter", &role).await, try_all(&mut nora, "exporter", &role).await), (every(404), every(403)));
    assert!(token(&house, SECRET).await.is_ok(), "nothing has happened to it");
    assert_eq!(events(&house, "grant.revoked").await, 0);
    house.close().await;
}

async fn a_session_left_open_takes_nothing_from_a_client(backend: Backend) {
    let house = house(backend, Clock::fixed(Clock::System.now())).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (whole, _) = takes(&olga.get(EXPORTER).await);
    let form = olga.get(&whole).await.form(&format!("{EXPORTER}/revoke"));
    house.server.ground.clock.advance(Duration::from_mins(16));
    let page = olga.get(EXPORTER).await;
    let asked = olga.submit(&page.form(&format!("{EXPORTER}/new-secret")), "new-secret").await;
    assert!(asked.status == 403 && asked.text_contains("Is it still you?") && asked.element("secret").is_none(), "{}", asked.text());
    let asked = olga.submit(&page.form(&format!("{EXPORTER}/status")), "suspend").await;
    assert!(asked.status == 403 && asked.text_contains("Is it still you?"), "{}", asked.text());
    // A preview is never asked; what it leads to is.
    let preview = olga.submit(&form, "revoke-preview").await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let asked = olga.submit(&preview.form("do-form"), "do").await;
    assert!(asked.status == 403 && asked.element("proof").is_some(), "{}", asked.text());
    assert_eq!((events(&house, "grant.revoked").await, events(&house, "client.suspended").await), (0, 0));
    let done = olga.submit(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(done.status == 200 && done.url.path() == EXPORTER && done.text_contains("Taken away."), "{}", done.text());
    assert_eq!(events(&house, "grant.revoked").await, 1);
    house.close().await;
}

#[actix_web::test]
async fn api_clients_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::empty(Backend::Sqlite, &[], Clock::System).await;
    house.apply(&format!("[organization]\nname = \"Acme\"\n[owner]\nemail = \"{OLGA}\"\nname = \"Olga Owner\"\npassword_hash = \"{HASH}\"\n")).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    go(LIST).await;
    eyes.reads(&["No API client yet"]).await;
    eyes.look("api-clients-none", 200).await;
    let soon = house.server.ground.clock.now().plus(Duration::from_hours(3 * 24 + 5)).rfc3339();
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"watcher\"\nname = \"Watcher\"\npermissions = [\"audit.view\"]\n\
             [[client]]\nclient_id = \"exporter\"\nname = \"Nightly export\"\nsecrets = [\"{SECRET}\", \"another-{SECRET}\"]\n\
             org_roles = [\"developer\", {{ role = \"watcher\", ends_at = \"{soon}\" }}]\n"
        ))
        .await;
    go(LIST).await;
    eyes.look("api-clients", 200).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["Nightly export", "ends in 3 days", "Secrets"]).await;
    eyes.look("api-client", 200).await;
    eyes.submit("give-access").await;
    eyes.reads(&["From when, until when, and why"]).await;
    eyes.look("api-client-give", 200).await;
    eyes.click_on("#give-form [name=role]").await;
    eyes.chromium.evaluate("document.getElementById('starts').value = '2099-01-02'").await;
    eyes.chromium.evaluate("document.getElementById('until').value = '2099-01-01'").await;
    eyes.submit("give").await;
    eyes.reads(&["The end must come after the start."]).await;
    eyes.look("api-client-give-errors", 422).await;
    eyes.chromium.evaluate("document.getElementById('starts').value = ''").await;
    eyes.submit("give-preview").await;
    eyes.look("api-client-give-preview", 200).await;
    eyes.submit("do").await;
    eyes.reads(&["Administrator: given"]).await;
    eyes.look("api-client-given", 200).await;
    eyes.click_on("td.end a[href*='/period']").await;
    eyes.reads(&["From when, until when"]).await;
    eyes.look("api-client-period", 200).await;
    go(EXPORTER).await;
    eyes.click_on("td.end a[href*='revoke']").await;
    eyes.reads(&["Take away?"]).await;
    eyes.look("api-client-revoke", 200).await;
    eyes.submit("revoke-preview").await;
    eyes.look("api-client-revoke-preview", 200).await;
    go(&format!("{EXPORTER}/remove")).await;
    eyes.look("api-client-remove", 200).await;
    go(EXPORTER).await;
    eyes.submit("suspend").await;
    eyes.reads(&["Suspended since"]).await;
    eyes.look("api-client-suspended", 200).await;
    eyes.close().await;
    house.close().await;
}
