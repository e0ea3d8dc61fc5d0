//! API clients that two administrators change at once, or that are changed while they ask for tokens: what was answered holds from then on.

use super::{ANA, App, count, house, text};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, SECRET, on_both};
use crate::support::insider::enter;
use crate::support::page::Form;
use crate::support::until;
use futures_util::future::join_all;
use serde_json::Value;
use std::cell::Cell;

on_both! {
    a_role_is_taken_from_a_client_once
    no_secret_of_a_removed_client_works
    no_token_comes_after_a_client_was_suspended
}

const OLGA: &str = "olga@acme.example";
const LIST: &str = "/portal/clients";

/// Clients, one for each round, and whether Ana comes first.
const CLIENTS: [(&str, bool); 4] = [("export-a", false), ("export-b", true), ("export-c", false), ("export-d", true)];

const BEFORE: &str = r#"
[[organization_role]]
key = "watcher"
name = "Watcher"
permissions = ["audit.view"]

[[organization_role]]
key = "looker"
name = "Looker"
permissions = ["app.view"]

[[organization_role]]
key = "asker"
name = "Asker"
permissions = ["token.introspect"]

[[user]]
email = "ana@acme.example"
org_roles = ["administrator"]
"#;

fn path(client: &str) -> String {
    format!("{LIST}/{client}")
}

/// Clients that hold a role at the organization and one at an app, and one that may ask about every token; and two Administrators, signed in.
async fn scene(backend: Backend) -> (House, Browser, Browser) {
    let (house, _) = house(backend, &[]).await;
    let client = |id: &str, roles: &str| format!("[[client]]\nclient_id = \"{id}\"\nname = \"Client {id}\"\nsecrets = [\"{SECRET}\"]\norg_roles = [{roles}]\n");
    let mut clients = vec![client("asker", "\"asker\"")];
    clients.extend(CLIENTS.iter().map(|(id, _)| client(id, "\"watcher\", { role = \"looker\", app = \"sales\" }")));
    house.apply(&format!("{BEFORE}{}", clients.concat())).await;
    house.keys_made().await;
    let (olga, _) = enter(&house, OLGA, "/portal").await;
    let (ana, _) = enter(&house, ANA, "/portal").await;
    (house, olga, ana)
}

/// What Olga does and what Ana does, at once.
async fn both<T>(anas_first: bool, olgas: impl Future<Output = T>, anas: impl Future<Output = T>) -> (T, T) {
    if anas_first {
        let (anas, olgas) = tokio::join!(anas, olgas);
        (olgas, anas)
    } else {
        tokio::join!(olgas, anas)
    }
}

/// What a client is told that asks for a token for itself.
async fn itself(app: &App, secret: &str) -> (u16, Value) {
    let form = [("grant_type", "client_credentials")];
    let request = app.http.post(format!("{}/oauth2/token", app.issuer)).basic_auth(app.client, Some(secret)).form(&form);
    let answer = request.send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

/// Whether an answer says that there is no such client, or not with this secret.
fn is_no_client((status, answer): &(u16, Value)) -> bool {
    *status == 401 && answer["error"] == "invalid_client" && answer.get("access_token").is_none()
}

/// Whether introspection calls the token of an answer active, and the status of userinfo: there is no person, whom it could tell of.
async fn works(house: &House, app: &App, answer: &Value) -> (bool, u16) {
    let asker = App::of(house, "asker");
    let form = [("token", text(answer, "access_token"))];
    let request = asker.http.post(format!("{}/oauth2/introspect", asker.issuer)).basic_auth(asker.client, Some(SECRET)).form(&form);
    let told = request.send().await.expect("an answer");
    assert_eq!(told.status().as_u16(), 200);
    let told: Value = told.json().await.expect("JSON");
    (told["active"].as_bool().expect("yes or no"), app.userinfo(answer).await.0)
}

/// The form that takes away the role at the organization, or the one at the app: read before anybody sends one.
async fn taking(browser: &mut Browser, client: &str, at_app: bool) -> Form {
    let revoke = format!("{}/revoke", path(client));
    let links = browser.get(&path(client)).await.links();
    let link = links.into_iter().find(|link| link.starts_with(&format!("{revoke}?")) && link.contains("app=") == at_app);
    browser.get(&link.expect("a role to take away")).await.form(&revoke)
}

async fn a_role_is_taken_from_a_client_once(backend: Backend) {
    const HELD: &str = "SELECT COUNT(*) FROM organization_grants WHERE client_id IS NOT NULL";
    const TAKEN: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'grant.revoked'";
    let (house, mut olga, mut ana) = scene(backend).await;
    assert_eq!((count(&house, HELD).await, count(&house, TAKEN).await), (9, 0));
    for (round, &(client, anas_first)) in (1..).zip(&CLIENTS[1..]) {
        let (olgas, anas) = (taking(&mut olga, client, false).await, taking(&mut ana, client, false).await);
        let (one, other) = both(anas_first, Box::pin(olga.submit(&olgas, "revoke")), Box::pin(ana.submit(&anas, "revoke"))).await;
        // Who came second wanted it gone, and it is gone: that is no mistake, and no second event.
        for page in [one, other] {
            assert!(page.status == 200 && page.url.path() == path(client), "{client}: {} {}", page.status, page.text());
            assert!(page.text_contains("Taken away.") && !page.text_contains("Watcher") && page.text_contains("Looker"), "{client}: {}", page.text());
        }
        assert_eq!((count(&house, HELD).await, count(&house, TAKEN).await), (9 - round, round), "{client}");
    }
    // Two different roles: both go, and neither change undoes the other.
    let (client, anas_first) = CLIENTS[0];
    let (olgas, anas) = (taking(&mut olga, client, false).await, taking(&mut ana, client, true).await);
    let (one, other) = both(anas_first, Box::pin(olga.submit(&olgas, "revoke")), Box::pin(ana.submit(&anas, "revoke"))).await;
    for page in [one, other] {
        assert!(page.status == 200 && page.text_contains("Taken away."), "{}: {}", page.status, page.text());
    }
    assert_eq!((count(&house, HELD).await, count(&house, TAKEN).await), (4, 5));
    let page = olga.get(&path(client)).await;
    assert!(page.text_contains("None: this client may do nothing by itself."), "{}", page.text());
    house.close().await;
}

async fn no_secret_of_a_removed_client_works(backend: Backend) {
    let (house, mut olga, mut ana) = scene(backend).await;
    for (client, anas_first) in CLIENTS {
        let app = App::of(&house, client);
        let (status, held) = itself(&app, SECRET).await;
        assert_eq!((status, works(&house, &app, &held).await), (200, (true, 403)), "{client}: {held}");
        let remove = format!("{}/remove", path(client));
        let removing = olga.get(&remove).await.form(&remove);
        let making = ana.get(&path(client)).await.form(&format!("{}/new-secret", path(client)));
        let (removed, made) = both(anas_first, Box::pin(olga.submit(&removing, "remove")), Box::pin(ana.submit(&making, "new-secret"))).await;
        assert!(removed.status == 200 && removed.url.path() == LIST && removed.text_contains("Removed."), "{client}: {} {}", removed.status, removed.text());
        // It was made before the client went, or Ana hears that somebody was faster, or that there is no such client.
        let secret = made.element("secret");
        assert!(matches!((made.status.as_u16(), &secret), (200, Some(_)) | (404 | 409, None)), "{client}: {} {}", made.status, made.text());
        for secret in std::iter::once(SECRET.to_owned()).chain(secret) {
            let answer = itself(&app, &secret).await;
            assert!(is_no_client(&answer), "{client}: {answer:?}");
        }
        assert_eq!(works(&house, &app, &held).await, (false, 401), "{client}");
        assert_eq!(ana.get(&path(client)).await.status, 404, "{client}");
    }
    for (sql, there) in [
        ("SELECT COUNT(*) FROM clients WHERE client_id LIKE 'export-%'", 0),
        ("SELECT COUNT(*) FROM client_secrets WHERE client_id NOT IN (SELECT id FROM clients)", 0),
        ("SELECT COUNT(*) FROM audit_events WHERE kind = 'client.removed'", 4),
    ] {
        assert_eq!(count(&house, sql).await, there, "{sql}");
    }
    house.close().await;
}

/// Asks for one token after the other, until one is refused that was asked for after the suspension had been answered. Answers what came.
async fn ask_on(app: &App, given: &Cell<usize>, suspended: &Cell<bool>) -> Vec<Value> {
    let mut mine = Vec::new();
    loop {
        let late = suspended.get();
        let answer = itself(app, SECRET).await;
        if answer.0 == 200 {
            assert!(!late, "{}: a token was given after the suspension had been answered", app.client);
            given.set(given.get() + 1);
            mine.push(answer.1);
        } else {
            assert!(is_no_client(&answer), "{}: {answer:?}", app.client);
            if late {
                return mine;
            }
        }
    }
}

async fn no_token_comes_after_a_client_was_suspended(backend: Backend) {
    let (house, mut olga, _) = scene(backend).await;
    for (round, &(client, _)) in (1..).zip(&CLIENTS[..2]) {
        let app = App::of(&house, client);
        let (status, held) = itself(&app, SECRET).await;
        assert_eq!((status, works(&house, &app, &held).await), (200, (true, 403)), "{client}: {held}");
        let form = olga.get(&path(client)).await.form(&format!("{}/status", path(client)));
        let (given, suspended) = (Cell::new(0), Cell::new(false));
        let suspend = async {
            until("no tokens are given", async || given.get() >= 6).await;
            let page = olga.submit_once(&form, "suspend").await;
            suspended.set(true);
            page
        };
        let (tokens, page) = tokio::join!(join_all((0..3).map(|_| ask_on(&app, &given, &suspended))), suspend);
        assert!(page.location().is_some_and(|to| to.path() == path(client)), "{client}: {} {}", page.status, page.text());
        // Whatever was given stops, also what was asked for before and came after.
        for answer in tokens.iter().flatten().chain([&held]) {
            assert_eq!(works(&house, &app, answer).await, (false, 401), "{client}");
        }
        assert!(olga.get(&path(client)).await.element("suspended").is_some(), "{client}");
        assert_eq!(count(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'client.suspended'").await, round, "{client}");
    }
    house.close().await;
}
