//! Rule 3c as people meet it: a session that was left open takes nothing from anybody.

use super::{ANA, NORA, OLGA, number, page_of, tick};
use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::base::time::Clock;
use std::time::Duration;

on_both! {
    a_session_left_open_takes_nothing_away
    a_session_left_open_gets_no_secret
    a_session_left_open_ends_no_invitation_that_takes_roles_along
}

const ACTIVE: &str = "SELECT COUNT(*) FROM users WHERE status = 'active'";

/// Deactivates somebody on their page; answers what came.
async fn deactivate(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    browser.submit(&page.form(&format!("{path}/status")), "deactivate").await
}

async fn a_session_left_open_takes_nothing_away(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[], clock).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (ana, nora) = (page_of(&mut olga, ANA).await, page_of(&mut olga, NORA).await);
    let before = number(&house, ACTIVE).await;
    let (open, copied) = (olga.get("/account/profile").await, olga.cookies.value("portal").expect("a session").to_owned());
    // After a quarter of an hour it is asked, and nothing has happened.
    house.server.ground.clock.advance(Duration::from_mins(16));
    let asked = deactivate(&mut olga, &nora).await;
    assert_eq!(asked.status, 403);
    assert!(asked.text_contains("Is it still you?") && asked.text_contains("Nothing has changed yet"), "{}", asked.text());
    assert_eq!(number(&house, ACTIVE).await, before);
    // The wrong password is told, and what was wanted is still there.
    let again = olga.submit(&asked.form("proof-form").fill("proof", "not the password"), "prove").await;
    assert!(again.status == 422 && again.element("proof-error").is_some(), "{}", again.text());
    assert_eq!(number(&house, ACTIVE).await, before);
    let done = olga.submit(&again.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(done.status == 200 && done.url.path() == nora && done.text_contains("deactivated"), "{}", done.text());
    assert_eq!(number(&house, ACTIVE).await, before - 1);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'sign_in.proved_again'").await, 1);
    // Whoever had a copy of the cookie proved nothing: it opens nothing any more.
    assert!(olga.cookies.value("portal").is_some_and(|now| now != copied), "the cookie is another one");
    let mut thief = Browser::new(&house.issuer);
    thief.cookies.take(&done.url, &format!("portal={copied}; Path=/")).expect("a cookie");
    assert_eq!(thief.get("/portal").await.url.path(), "/sign-in");
    // A form that was open in another window is still good.
    let saved = olga.submit(&open.form("/account/profile"), "save").await;
    assert!(saved.status == 200 && saved.text_contains("Saved"), "{}", saved.text());
    // It is fresh for another quarter of an hour, in this session: no question for Ana's role.
    let page = olga.get(&ana).await;
    let link = page
        .body
        .split("href=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|link| link.contains("revoke?kind=role"))
        .expect("a link")
        .replace("&#38;", "&");
    let page = olga.get(&link.replace("&amp;", "&")).await;
    let form = page.form(&format!("{ana}/revoke"));
    house.server.ground.clock.advance(Duration::from_mins(14));
    let preview = olga.submit(&form, "revoke-preview").await;
    assert!(preview.status == 200 && preview.text_contains("Nothing has been changed yet"), "{}", preview.text());
    // Looking at what it would do asks for nothing, however late; doing it does.
    house.server.ground.clock.advance(Duration::from_mins(2));
    let preview = olga.submit(&form, "revoke-preview").await;
    assert_eq!(preview.status, 200, "{}", preview.text());
    let asked = olga.submit(&preview.form("do-form"), "do").await;
    assert!(asked.status == 403 && asked.element("proof").is_some(), "{}", asked.text());
    // Another browser's form token opens nothing, also not with the right password.
    let (mut other, _) = enter(&house, OLGA, "/portal").await;
    let foreign = other.submit(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(foreign.status == 403 && foreign.element("proof").is_none(), "{}", foreign.text());
    let done = olga.submit(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(done.status == 200 && done.url.path() == ana, "{}", done.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'ana@acme.example'").await, 0);
    // Guessing is slowed down as it is at the door.
    house.server.ground.clock.advance(Duration::from_mins(16));
    let mut asked = deactivate(&mut olga, &ana).await;
    for _ in 0..7 {
        asked = olga.submit(&asked.form("proof-form").fill("proof", "guess"), "prove").await;
    }
    assert!(asked.status == 429 && asked.header("retry-after").is_some(), "{} {}", asked.status, asked.text());
    house.close().await;
}

#[actix_web::test]
async fn the_question_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open_with(Backend::Sqlite, &[], Clock::fixed(Clock::System.now())).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    house.server.ground.clock.advance(Duration::from_mins(16));
    go(&format!("/portal/users?q={NORA}")).await;
    eyes.click_on("a.person").await;
    eyes.submit("deactivate").await;
    eyes.reads(&["Is it still you?"]).await;
    eyes.look("proof", 403).await;
    eyes.fill("proof", "wrong").await;
    eyes.submit("prove").await;
    eyes.look("proof-wrong", 422).await;
    // Pressed twice it is sent once: the second answer would come to a session whose cookie has changed.
    eyes.fill("proof", PASSWORD).await;
    eyes.chromium.evaluate("document.getElementById('prove').click(); document.getElementById('prove').click()").await;
    eyes.reads(&["deactivated"]).await;
    eyes.close().await;
    house.close().await;
}

const SECRETS: &str = "SELECT COUNT(*) FROM client_secrets s JOIN clients c ON c.id = s.client_id WHERE c.client_id = 'sales-basic'";
const CLIENTS: &str = "SELECT COUNT(*) FROM clients WHERE client_id = 'sales-basic'";
const SUSPENDED: &str = "SELECT COUNT(*) FROM clients WHERE suspended_at IS NOT NULL";

async fn a_session_left_open_gets_no_secret(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[], clock).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let path = "/portal/apps/sales/production/clients/sales-basic";
    let had = number(&house, SECRETS).await;
    // A new secret is asked for: the form waits, and the secret is shown once whoever asks has proved it.
    house.server.ground.clock.advance(Duration::from_mins(16));
    let asked = {
        let page = olga.get(path).await;
        olga.submit(&page.form(&format!("{path}/new-secret")), "new-secret").await
    };
    assert!(asked.status == 403 && asked.text_contains("Is it still you?"), "{}", asked.text());
    assert!(asked.body.contains(&format!("href=\"{path}\"")), "the way back");
    assert_eq!(number(&house, SECRETS).await, had);
    let shown = olga.submit_once(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(shown.status == 200 && shown.element("secret").is_some(), "{}", shown.text());
    assert_eq!(number(&house, SECRETS).await, had + 1);
    // So it is with the end of one, with suspending, removing and undeploying.
    house.server.ground.clock.advance(Duration::from_mins(16));
    let page = olga.get(path).await;
    let ending = page.form(&format!("{path}/end-secret"));
    let button = page.body.split("id=\"end-").nth(1).and_then(|rest| rest.split('"').next()).map(|id| format!("end-{id}")).expect("a button");
    let undeploying = olga.get("/portal/apps/sales/production/undeploy").await;
    let removing = olga.get(&format!("{path}/remove")).await;
    for (form, button) in [
        (ending, button.as_str()),
        (page.form(&format!("{path}/status")), "suspend"),
        (removing.form(&format!("{path}/remove")), "remove"),
        (undeploying.form("/portal/apps/sales/production/undeploy").fill("confirm", "sales"), "end"),
    ] {
        let asked = olga.submit(&form, button).await;
        assert!(asked.status == 403 && asked.element("proof").is_some(), "{button}: {}", asked.text());
    }
    assert_eq!((number(&house, SUSPENDED).await, number(&house, CLIENTS).await), (0, 1));
    house.close().await;
}

async fn a_session_left_open_ends_no_invitation_that_takes_roles_along(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[], clock).await;
    house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let bo = page_of(&mut olga, "bo@acme.example").await;
    let page = olga.get(&format!("{bo}/give")).await;
    let form = page.form("give-form").fill("role", &tick(&page, "Developer", 0));
    assert!(olga.submit(&form, "give").await.element("given").is_some());
    house.server.ground.clock.advance(Duration::from_mins(16));
    let list = olga.get("/portal/invitations?q=bo").await;
    let rest = list.body.split("href=\"/portal/invitations/0").nth(1).unwrap_or_else(|| panic!("no invitation: {}", list.text()));
    let path = format!("/portal/invitations/0{}", rest.split('"').next().expect("a link"));
    let page = olga.get(&path).await;
    let asked = olga.submit(&page.form(&format!("{path}/revoke")), "revoke").await;
    assert!(asked.status == 403 && asked.text_contains("Is it still you?") && asked.body.contains(&format!("href=\"{path}\"")), "{}", asked.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL").await, 1);
    let done = olga.submit(&asked.form("proof-form").fill("proof", PASSWORD), "prove").await;
    assert!(done.status == 200 && done.url.path() == "/portal/invitations", "{} {}", done.status, done.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE email_key = 'bo@acme.example'").await, 0);
    house.close().await;
}
