//! The pages of the account as people see them.

use super::{ANA, NORA, at_stage};
use crate::invitations::{OLGA, Office, sign_in};
use crate::support::browser::Browser;
use crate::support::eyes::{ENTER, Eyes};
use crate::support::house::{Backend, PASSWORD};
use gatehouse::base::time::Timestamp;
use gatehouse::execute;
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use serde_json::json;
use std::time::Duration;

/// As many sessions of one person as nobody should have.
async fn sessions(office: &Office, count: u64) {
    let ground = &office.house.server.ground;
    let now: Timestamp = ground.clock.now();
    let mut tx = ground.db.write().await.expect("a writer");
    let agents = [
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        "curl/8.5.0",
    ];
    for n in 0..count {
        execute!(
            tx,
            "INSERT INTO sessions (id, secret_hash, context, user_id, authenticated_at, acr, amr, user_agent, address, created_at, last_seen_at)
             SELECT $1, $2, 'portal', id, $3, 'urn:gatehouse:acr:1', 'pwd', $4, '2001:db8:1234:5678::9', $3, $3 FROM users WHERE email_key = 'ana@acme.example'",
            format!("session {n}"),
            vec![u8::try_from(n).expect("few"); 32],
            now.minus(Duration::from_secs(60 * n)),
            agents[usize::try_from(n).expect("few") % 3]
        )
        .expect("a session");
    }
    tx.commit().await.expect("committed");
}

#[actix_web::test]
async fn every_page_is_right_to_look_at() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    let at = |path: &str| format!("{}{path}", office.house.issuer);
    let open = async |path: &str, name: &str, texts: &[&str]| {
        eyes.chromium.goto(&at(path)).await;
        eyes.reads(texts).await;
        eyes.look(name, 200).await;
    };
    // Somebody who has nothing: not even the wiki, which is for those with a role now.
    office.house.apply("[[app]]\nkey = \"wiki\"\nname = \"Wiki\"\n[[app.deployment]]\nstage = \"production\"\nsign_in = \"assigned\"\n").await;
    sign_in(&eyes, &office.house, NORA, "/account").await;
    open("/account", "account-apps-0", &["No apps yet"]).await;
    open("/account/access", "account-access-0", &["Nothing yet"]).await;
    open("/account/sessions", "account-sessions-1", &["This session"]).await;

    let web = Metadata { redirect_uris: vec!["https://app.acme.example/callback".into()], token_endpoint_auth_method: AuthMethod::None, ..Metadata::default() };
    office.house.add_client("try-sales-production", Kind::App, Party::First, Some(("sales", "production")), web).await;
    sign_in_as(&eyes, &office, ANA).await;
    open("/account", "account-apps-2", &["Sales Desk"]).await;
    open("/account/access", "account-access", &["Approver", "See what the app is told"]).await;
    eyes.chromium.evaluate("document.querySelectorAll('details').forEach(part => { if (part.id !== 'account-menu') part.open = true })").await;
    eyes.look("account-access-open", 200).await;
    open("/account/profile", "account-profile", &["Time zone"]).await;
    eyes.fill("zoneinfo", "over there").await;
    eyes.fill("phone_number", "call me").await;
    eyes.click("save").await;
    eyes.reads(&["Nothing was saved", "no time zone"]).await;
    eyes.look("account-profile-errors", 422).await;
    open("/account/password", "account-password", &["Current password"]).await;
    eyes.fill("current", "wrong").await;
    eyes.fill("new", "quite another horse 27").await;
    eyes.click("change").await;
    eyes.reads(&["That is not your current password"]).await;
    eyes.focus_on("current").await;
    eyes.look("account-password-wrong", 422).await;
    // With the keyboard alone.
    eyes.press(PASSWORD).await;
    eyes.tab_to("new").await;
    eyes.press(&format!("quite another horse 27{ENTER}")).await;
    eyes.reads(&["Changed. Everywhere else you are signed out."]).await;
    eyes.look("account-password-changed", 200).await;
    sessions(&office, 50).await;
    open("/account/sessions", "account-sessions-50", &["Safari on iPhone", "curl/8.5.0", "Sign out everywhere else"]).await;
    let tools = (0..60).map(|n| {
        let key = format!("[[app]]\nkey = \"tool-{n}\"\nname = \"Tool {n:03} with a name that is rather long\"\ndescription = \"For everything that the department number {n} does.\"\n");
        format!("{key}[[app.deployment]]\nstage = \"production\"\nsign_in = \"everyone\"\nhome_page = \"https://tool-{n}.acme.example/\"\n")
    });
    office.house.apply(&tools.collect::<String>()).await;
    open("/account", "account-apps-50", &["Tool 003", "Next"]).await;
    eyes.chromium.evaluate("document.getElementById('account-menu').open = true").await;
    eyes.look("account-menu", 200).await;
    sign_in_as(&eyes, &office, OLGA).await;
    open("/account/access", "account-access-50", &["Administrator", "Gives every permission"]).await;
    whose(&eyes, &office).await;
    eyes.close().await;
    office.close().await;
}

/// Signed in as one person at one stage and as another at another: whose account is it?
async fn whose(eyes: &Eyes, office: &Office) {
    let role = |email: &str, stage: &str| format!("[[user]]\nemail = \"{email}\"\nroles = [\"sales/{stage}/viewer\"]\n");
    office.house.apply(&[role(NORA, "production"), role(OLGA, "development")].concat()).await;
    eyes.chromium.client.delete_all_cookies().await.expect("signed out");
    for (client, email, cookie) in [("sales-public", NORA, "s-production"), ("sales-dev", OLGA, "s-development")] {
        let mut browser = Browser::new(&office.house.issuer);
        at_stage(office, &mut browser, client, email).await;
        let value = browser.cookies.value(cookie).expect("a session");
        let kept = eyes.chromium.devtools("Network.setCookie", json!({ "name": cookie, "value": value, "url": office.house.issuer })).await;
        assert_eq!(kept["success"], true, "{kept}");
    }
    eyes.chromium.goto(&format!("{}/account/sessions", office.house.issuer)).await;
    eyes.reads(&["Whose account?", "Nora Nobody", OLGA]).await;
    eyes.look("account-choose", 200).await;
}

async fn sign_in_as(eyes: &Eyes, office: &Office, email: &str) {
    eyes.chromium.goto(&format!("{}/sign-in?again=1&to=/account&as={email}", office.house.issuer)).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.arrive(&format!("{}/account", office.house.issuer)).await;
}
