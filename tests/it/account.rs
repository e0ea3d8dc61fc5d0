//! The account: my apps, profile, password, sessions, and what I hold and why.

mod looks;
mod password;

use crate::invitations::{OLGA, Office};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, REDIRECT, on_both};
use crate::support::page::Page;
use gatehouse::execute;
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use std::time::Duration;

on_both! {
    apps_are_those_that_open
    a_profile_is_ones_own
    sessions_are_listed_and_ended
    only_the_newest_sessions_are_listed
    access_is_explained
    a_session_of_a_stage_counts_here
}

const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";

/// Signs in to an app at a stage, in this browser.
async fn at_stage(office: &Office, browser: &mut Browser, client: &str, email: &str) {
    let url = format!(
        "{}/oauth2/authorize?response_type=code&client_id={client}&redirect_uri={REDIRECT}&scope=openid&state=s&nonce=n&code_challenge={}&code_challenge_method=S256&prompt=login",
        office.house.issuer, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    );
    let page = browser.get(&url).await;
    story::callback(&story::sign_in(browser, &page, email, PASSWORD).await);
}

/// A browser that is signed in to our own pages, as another device.
async fn elsewhere(office: &Office, email: &str) -> Browser {
    office.browser(email).await
}

fn assert_sign_in(page: &Page, to: &str) {
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/sign-in"), "{}", page.text());
    assert!(page.body.contains(&format!("name=\"to\" value=\"{to}\"")), "{}", page.body);
}

async fn apps_are_those_that_open(backend: Backend) {
    let office = Office::open(backend).await;
    assert_sign_in(&Browser::new(&office.house.issuer).get("/account").await, "/account");
    assert_sign_in(&Browser::new(&office.house.issuer).get("/account/access?q=x").await, "/account/access?q=x");
    let ana = elsewhere(&office, ANA).await.get("/account").await;
    assert!(ana.text_contains("Sales Desk") && ana.text_contains("Development") && ana.text_contains("Wiki"), "{}", ana.text());
    assert!(ana.body.contains("href=\"https://sales.acme.example/\"") && !ana.body.contains("id=\"q\""));
    let nora = elsewhere(&office, NORA).await.get("/account").await;
    assert!(nora.text_contains("Wiki") && !nora.text_contains("Sales Desk"), "the wiki is open to everybody: {}", nora.text());
    // Only who has business there is shown the way to the portal.
    assert!(!nora.text_contains("Portal") && elsewhere(&office, OLGA).await.get("/account").await.text_contains("Portal"));
    // Many apps: searched and paged.
    let app = |n| format!("[[app]]\nkey = \"a{n}\"\nname = \"Tool {n:03}\"\n[[app.deployment]]\nstage = \"production\"\nsign_in = \"everyone\"\n");
    let apps = (0..120).fold(String::new(), |apps, n| apps + &app(n));
    office.house.apply(&apps).await;
    let mut nora = elsewhere(&office, NORA).await;
    let page = nora.get("/account").await;
    assert_eq!((page.body.matches("class=\"card app\"").count(), page.element("q").is_some()), (50, true));
    let last = nora.get("/account?page=1000000000").await;
    assert_eq!(last.body.matches("class=\"card app\"").count(), 21, "{}", last.text());
    assert!(nora.get("/account?q=TOOL+007").await.text_contains("Tool 007") && nora.get("/account?q=%3Cb%3E").await.text_contains("Nothing found"));
    for nonsense in ["page=-1", "page=x", "q=%00%FF", "done=nonsense"] {
        assert_eq!(nora.get(&format!("/account?{nonsense}")).await.status, 200);
    }
    office.close().await;
}

async fn a_profile_is_ones_own(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/profile").await;
    let form = page.form("/account/profile");
    let good = form
        .clone()
        .fill("name", " Ana  <b>Ferreira</b> ")
        .fill("given_name", "Ana")
        .fill("nickname", "\u{634}\u{631}\u{643}\u{629}")
        .fill("locale", "de")
        .fill("zoneinfo", "Europe/Lisbon")
        .fill("phone_number", "+351 21 000 00")
        .fill("website", "https://ana.example/?a=1&b=2")
        .fill("picture", "https://ana.example/me.png");
    // Everything that is wrong, at its field, and what was typed stays.
    for (field, value, message) in [
        ("name", "  ", "Bitte"),
        ("name", "a\u{202e}b", "cannot be shown"),
        ("family_name", &*"x".repeat(101), "at most 100"),
        ("nickname", "\u{200b}", "cannot be shown"),
        ("zoneinfo", "Berlin, Germany", "Europe/Berlin"),
        ("phone_number", "call me", "no telephone number"),
        ("website", "javascript:alert(1)", "no address on the web"),
        ("picture", "data:image/png;base64,AAAA", "no address on the web"),
    ] {
        let wrong = ana.submit(&form.clone().fill(field, value), "save").await;
        let error = wrong.element(&format!("{field}-error")).unwrap_or_else(|| panic!("no message at {field}: {}", wrong.text()));
        assert!(wrong.status == 422 && (error.contains(message) || message == "Bitte" && error.contains("your name")), "{field}: {error}");
        assert_eq!(wrong.attribute(field, "aria-invalid").as_deref(), Some("true"));
        assert!(!wrong.body.contains("href=\"javascript"));
    }
    let (url, pairs) = form.press("save");
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), if name == "locale" { "tlh" } else { value.as_str() })).collect();
    let strange: Vec<(&str, &str)> = pairs.iter().copied().filter(|(name, _)| *name != "locale").chain([("locale", "tlh")]).collect();
    assert!(ana.post_from(&office.house.issuer, url.as_str(), &strange).await.body.contains("locale-error"));
    let without: Vec<(&str, &str)> = pairs.iter().copied().filter(|(name, _)| *name != "version").collect();
    assert_eq!(ana.post_from(&office.house.issuer, url.as_str(), &without).await.status, 400);
    assert_eq!(ana.submit(&good.clone().fill("csrf", "x"), "save").await.status, 403);
    assert_eq!(office.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.changed'").await, 0);
    // The pages speak the language that was chosen, at once.
    let saved = ana.submit(&good, "save").await;
    assert!(
        saved.text_contains("Gespeichert.") && saved.body.contains("<html lang=\"de\"") && saved.text_contains("Ana  <b>Ferreira</b>".trim())
            || saved.text_contains("Ana <b>Ferreira</b>"),
        "{}",
        saved.text()
    );
    assert!(!saved.body.contains("<b>Ferreira</b>"));
    assert_eq!(office.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'user.changed'").await, 1);
    assert_eq!(saved.attribute("website", "value").as_deref(), Some("https://ana.example/?a=1&b=2"));
    // A window from before: what stands there now was somebody's change.
    let late = ana.submit(&form.clone().fill("name", "Old"), "save").await;
    assert_eq!(late.status, 409, "{}", late.text());
    // Sixteen windows at once: one is heard.
    let page = ana.get("/account/profile").await;
    let form = page.form("/account/profile");
    let mut windows = windows(&office, &ana);
    let pages = futures_util::future::join_all(windows.iter_mut().enumerate().map(|(n, window)| {
        let form = form.clone().fill("nickname", &format!("window {n}"));
        async move { window.submit(&form, "save").await.status.as_u16() }
    }))
    .await;
    assert_eq!((pages.iter().filter(|status| **status == 200).count(), pages.iter().filter(|status| **status == 409).count()), (1, 15), "{pages:?}");
    // The same once more changes nothing and is no mistake.
    office.house.keys_made().await;
    let page = ana.get("/account/profile").await;
    let events = office.count("SELECT COUNT(*) FROM audit_events").await;
    assert_eq!(ana.submit(&page.form("/account/profile"), "save").await.status, 200);
    assert_eq!(office.count("SELECT COUNT(*) FROM audit_events").await, events);
    office.close().await;
}

/// Sixteen windows of one browser.
fn windows(office: &Office, browser: &Browser) -> Vec<Browser> {
    let window = |_| {
        let mut window = Browser::new(&office.house.issuer);
        window.cookies = browser.cookies.clone();
        window
    };
    (0..16).map(window).collect()
}

async fn sessions_are_listed_and_ended(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let (mut second, mut third) = (elsewhere(&office, ANA).await, elsewhere(&office, ANA).await);
    at_stage(&office, &mut ana, "sales-public", ANA).await;
    let page = ana.get("/account/sessions").await;
    assert_eq!(
        (page.body.matches("name=\"session\"").count(), page.text().matches("This session").count(), page.text().matches("This browser").count()),
        (3, 1, 1)
    );
    assert!(page.text_contains("Production") && page.text_contains("Portal and account"), "{}", page.text());
    // One that is somebody else's ends by nobody's form but theirs.
    let mut nora = elsewhere(&office, NORA).await;
    let theirs = nora.get("/account/sessions").await;
    let (_, pairs) = page.form("/account/sessions").press("end-others");
    let csrf = pairs.iter().find(|(name, _)| name == "csrf").expect("a token").1.clone();
    for sid in [&*theirs_sid(&office).await, "x", "' OR 1=1 --"] {
        let ended = ana.post_from(&office.house.issuer, "/account/sessions", &[("csrf", &csrf), ("session", sid)]).await;
        assert_eq!(ended.status, 303);
    }
    assert_eq!(nora.get("/account").await.url.path(), "/account", "{}", theirs.text());
    assert_eq!(ana.post_from(&office.house.issuer, "/account/sessions", &[("csrf", "x")]).await.status, 403);
    // One of hers, then all others.
    let sid = page.body.split("name=\"session\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a session").to_owned();
    ana.post_from(&office.house.issuer, "/account/sessions", &[("csrf", &csrf), ("session", &sid)]).await;
    let page = ana.get("/account/sessions").await;
    assert_eq!(page.body.matches("name=\"session\"").count(), 2);
    let done = ana.submit(&page.form("/account/sessions"), "end-others").await;
    assert!(done.text_contains("Signed out everywhere else.") && done.element("end-others").is_none(), "{}", done.text());
    for other in [&mut second, &mut third] {
        assert_eq!(other.get("/account").await.url.path(), "/sign-in");
    }
    assert_eq!(ana.get("/account").await.url.path(), "/account");
    // Signing out of this one is what the menu is for.
    let gone = ana.submit(&done.form("/sign-out"), "sign-out").await;
    assert_eq!(gone.url.path(), "/signed-out");
    let late = ana.submit(&page.form("/account/sessions"), "end-others").await;
    assert!(late.status == 403 && late.text_contains("You were signed out"));
    office.close().await;
}

/// More sessions of Ana on her own pages, each used a second before the last one.
async fn older(office: &Office, seconds: std::ops::RangeInclusive<u64>) {
    let ground = &office.house.server.ground;
    let mut tx = ground.db.write().await.expect("a writer");
    for n in seconds {
        execute!(
            tx,
            "INSERT INTO sessions (id, secret_hash, context, user_id, authenticated_at, acr, amr, created_at, last_seen_at)
             SELECT $1, $2, 'portal', id, $3, 'urn:gatehouse:acr:1', 'pwd', $3, $3 FROM users WHERE email_key = 'ana@acme.example'",
            format!("session {n}"),
            vec![u8::try_from(n).expect("few"); 32],
            ground.clock.now().minus(Duration::from_secs(n))
        )
        .expect("a session");
    }
    tx.commit().await.expect("committed");
}

async fn only_the_newest_sessions_are_listed(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let mut olga = elsewhere(&office, OLGA).await;
    let person = format!("/portal/users/{}", office.id("SELECT id FROM users WHERE email_key = 'ana@acme.example'").await);
    let count = |page: &Page| page.body.matches("name=\"session\"").count();
    older(&office, 1..=199).await;
    let (own, theirs) = (ana.get("/account/sessions").await, olga.get(&person).await);
    assert_eq!((count(&own), own.element("newest")), (199, None), "all but this one can be ended");
    assert_eq!((count(&theirs), theirs.element("newest-sessions")), (200, None));

    older(&office, 200..=203).await;
    let (own, theirs) = (ana.get("/account/sessions").await, olga.get(&person).await);
    let says = Some("Only the 200 sessions that were used last stand here. There may be more: signing out everywhere ends them, too.".to_owned());
    assert_eq!((count(&own), own.element("newest")), (199, says.clone()));
    assert_eq!((count(&theirs), theirs.element("newest-sessions")), (200, says));
    assert!(own.body.contains("value=\"session 199\"") && !own.body.contains("value=\"session 200\""), "the newest ones");
    // As it says.
    ana.submit(&own.form("/account/sessions"), "end-others").await;
    let alive = "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = 'ana@acme.example' AND s.ended_at IS NULL";
    assert_eq!(office.count(alive).await, 1);
    office.close().await;
}

async fn theirs_sid(office: &Office) -> String {
    let mut tx = office.house.server.ground.db.read().await.expect("a reader");
    let sql = "SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = 'nora@acme.example' AND s.ended_at IS NULL";
    gatehouse::one!(tx, (String,), sql).expect("a session").0
}

async fn access_is_explained(backend: Backend) {
    let office = Office::open(backend).await;
    let web = Metadata { redirect_uris: vec![REDIRECT.to_owned()], token_endpoint_auth_method: AuthMethod::None, ..Metadata::default() };
    office.house.add_client("try-sales-production", Kind::App, Party::First, Some(("sales", "production")), web).await;
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/access").await;
    for text in [
        "Tester",           // her organization role,
        "Development",      // which counts at a stage,
        "Approver",         // a role of her own,
        "Group EMEA Sales", // one by a group,
        "Role Viewer",
        "by apply", // given by the operator,
        "approve",  // and what all that brings.
        "2 permissions",
    ] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    assert!(page.body.contains("href=\"/try/sales/production\"") && !page.body.contains("/try/sales/development") && !page.body.contains("/try/wiki/"));
    assert!(page.text_contains("See what the app is told"));
    let nora = elsewhere(&office, NORA).await.get("/account/access").await;
    assert!(nora.text_contains("Nothing yet"), "{}", nora.text());
    let olga = elsewhere(&office, OLGA).await.get("/account/access").await;
    assert!(
        olga.text_contains("Administrator") && olga.text_contains("Gives every permission") && olga.text_contains("You cannot sign in to this app"),
        "{}",
        olga.text()
    );
    for nonsense in ["q=%3Cscript%3E", "page=-1", "page=1000000000"] {
        let page = ana.get(&format!("/account/access?{nonsense}")).await;
        assert!(page.status == 200 && !page.body.contains("<script>"), "{nonsense}");
    }
    office.close().await;
}

async fn a_session_of_a_stage_counts_here(backend: Backend) {
    let office = Office::open(backend).await;
    let mut browser = Browser::new(&office.house.issuer);
    at_stage(&office, &mut browser, "sales-public", ANA).await;
    let page = browser.get("/account").await;
    assert!(page.url.path() == "/account" && page.text_contains("Ana Ferreira") && page.text_contains("Sales Desk"), "{}", page.text());
    // It opens the account and not the portal, and is signed out where that asks first.
    assert_eq!(browser.get("/portal").await.url.path(), "/sign-in");
    assert_eq!(page.attribute("sign-out", "href").as_deref(), Some("/logout"));
    let page = browser.get("/account/profile").await;
    assert!(browser.submit(&page.form("/account/profile").fill("nickname", "Annie"), "save").await.text_contains("Saved."));
    // The same person at another stage changes nothing; somebody else there is a question.
    at_stage(&office, &mut browser, "sales-dev", ANA).await;
    assert_eq!(browser.get("/account/sessions").await.text().matches("This browser").count(), 1);
    office.house.apply("[[user]]\nemail = \"nora@acme.example\"\nroles = [\"sales/development/viewer\"]\n").await;
    let stale = browser.get("/account/profile").await;
    let page = stale.form("/account/profile");
    at_stage_as_other(&office, &mut browser).await;
    let choose = browser.get("/account/sessions").await;
    assert!(choose.text_contains("Whose account?") && choose.text_contains(ANA) && choose.text_contains(NORA), "{}", choose.text());
    assert_eq!(browser.submit(&page, "save").await.status, 403);
    let link = choose.body.split("href=\"/sign-in").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").replace("&#38;", "&");
    let sign_in = browser.get(&format!("/sign-in{link}")).await;
    let typed = sign_in.attribute("username", "value").expect("who");
    assert!([ANA, NORA].contains(&typed.as_str()));
    let page = browser.submit(&sign_in.form("/sign-in").fill("password", PASSWORD), "login-submit").await;
    assert!(page.url.path() == "/account/sessions" && page.text_contains(&typed), "{}", page.text());
    office.close().await;
}

/// Nora signs in at Development in a browser where Ana is signed in: the app hears that it is somebody else.
async fn at_stage_as_other(office: &Office, browser: &mut Browser) {
    // A new browser signs in, and its cookie is that of the stage.
    let mut other = Browser::new(&office.house.issuer);
    at_stage(office, &mut other, "sales-dev", NORA).await;
    let value = other.cookies.value("s-development").expect("a session").to_owned();
    let home = url::Url::parse(&office.house.issuer).expect("a URL");
    browser.cookies.take(&home, &format!("s-development={value}; Path=/")).expect("a cookie");
}
