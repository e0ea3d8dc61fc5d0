//! Setup: from the claim link to the first app; links that open nothing; several who claim at once; and who may not come in.

mod german;
mod look;
mod mail;
mod terminal;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::page::Page;
use crate::support::until;
use gatehouse::access::app::{self, deployment};
use gatehouse::access::{role, stage};
use gatehouse::actor::Actor;
use gatehouse::base::text::Slug;
use gatehouse::base::time::Clock;
use gatehouse::lifecycle::setup;
use gatehouse::oauth::client;
use gatehouse::work::Origin;
use std::time::Duration;

on_both! {
    from_the_claim_link_to_the_first_app
    every_step_says_what_is_wrong
    what_is_not_wanted_now_is_left_out
    links_that_open_nothing_say_why
    sixteen_claim_at_once_and_one_is_owner
    after_setup_there_is_no_setup
}

/// A claim link, made as the operator makes one.
async fn claim_link(house: &House) -> String {
    let actor = Actor::System { label: "test" };
    let token = house.server.ground.work(&actor, &Origin::default(), async |work| setup::make_link(work).await).await.expect("a link");
    house.server.claim_link(&token)
}

/// Names the organization and makes the owner.
async fn claim(house: &House, browser: &mut Browser) -> Page {
    let page = browser.get(&claim_link(house).await).await;
    let page = browser.submit(&page.form("/setup/organization").fill("name", "Acme"), "organization-next").await;
    let form = page.form("/setup/owner").fill("name", "Olga Owner").fill("username", "olga@acme.example").fill("password", PASSWORD);
    browser.submit(&form, "owner-next").await
}

async fn counts(house: &House) -> (i64, i64, i64) {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let counted = "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM organization_grants), (SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL)";
    gatehouse::one!(tx, (i64, i64, i64), counted).expect("counts")
}

fn key(text: &str) -> Slug {
    Slug::parse(text).expect("a key")
}

/// Where this page is, without its origin.
fn place(page: &Page) -> (u16, &str) {
    (page.status.as_u16(), page.url.path())
}

async fn from_the_claim_link_to_the_first_app(backend: Backend) {
    let house = House::empty(backend, &[], Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    assert!(browser.get("/").await.text_contains("setup-link"));
    // The start itself has left a link in the data directory, beside the listener.
    let file = house.server.setup_link_file();
    until("the link is written", async || std::fs::read_to_string(&file).is_ok_and(|link| link.ends_with('\n'))).await;
    let link = std::fs::read_to_string(&file).expect("the file with the link").trim_end().to_owned();
    assert!(link.starts_with(&format!("{}/setup/", house.issuer)), "{link}");
    // Opening uses nothing up, and leaves no secret in the address.
    let scanner = Browser::new(&house.issuer).get(&link).await;
    assert_eq!(place(&scanner), (200, "/setup/organization"));
    let page = browser.get(&link).await;
    assert_eq!(place(&page), (200, "/setup/organization"));
    assert!(browser.refused_cookies.is_empty(), "{:?}", browser.refused_cookies);

    // The first step may be repeated.
    let form = page.form("/setup/organization").fill("name", "Acne").fill("qa", "Try out");
    let page = browser.submit(&form, "organization-next").await;
    assert_eq!(place(&page), (200, "/setup/owner"));
    let page = browser.get("/setup/organization").await;
    assert_eq!((page.attribute("name", "value"), page.attribute("qa", "value")), (Some("Acne".into()), Some("Try out".into())));
    let form = page.form("/setup/organization").fill("name", "Acme <Ltd>").fill("production", "Live").clear("with_qa", "1");
    let page = browser.submit(&form, "organization-next").await;
    assert!(page.text_contains("Who looks after Acme <Ltd> ?"), "{}", page.text());
    assert!(browser.get("/").await.text_contains("Nobody can sign in yet."), "an organization without owner is not set up");
    assert_eq!(place(&browser.get("/setup").await), (200, "/setup/owner"));

    let owner = page.form("/setup/owner").fill("name", "Olga Owner").fill("username", "olga@acme.example").fill("password", PASSWORD);
    let page = browser.submit(&owner, "owner-next").await;
    assert_eq!(place(&page), (200, "/setup/mail"));
    assert!(!file.exists(), "the link opens nothing any more");
    assert_eq!(counts(&house).await, (1, 1, 3), "sessions on our own pages and at both stages");
    // Back and forth, and the same form again: onward, and still one owner.
    assert_eq!(place(&browser.submit(&owner, "owner-next").await), (200, "/setup/mail"));
    assert_eq!(place(&browser.get("/setup/owner").await), (200, "/setup/mail"));
    assert_eq!(counts(&house).await, (1, 1, 3));

    let page = browser.submit(&page.form("/setup/mail"), "mail-use").await;
    assert_eq!(page.status, 422);
    let keep = page.body.rfind("action=\"/setup/mail\"").is_some();
    assert!(keep && page.element("mail-keep").is_some());
    let page = browser.get("/setup/app").await;
    assert_eq!(place(&page), (200, "/setup/app"));
    let form = page.form("/setup/app").fill("name", "Sales Desk");
    let made = browser.submit_once(&form, "app-create").await;
    assert_eq!(made.header("location"), Some("/try/sales-desk/live"));
    what_was_made(&house).await;
    // Setup is over: the same form again leads to the portal, as everything else does.
    let again = browser.submit(&form, "app-create").await;
    assert_eq!(place(&again), (200, "/portal"));
    assert_eq!(place(&browser.get("/setup").await), (200, "/portal"));
    house.close().await;
}

async fn what_was_made(house: &House) {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let stages = stage::all(&mut tx).await.expect("stages");
    assert_eq!(stages.iter().map(|stage| stage.key.as_str()).collect::<Vec<_>>(), ["development", "live"]);
    let app = app::by_key(&mut tx, &key("sales-desk")).await.expect("an answer").expect("the app");
    let at = deployment::find(&mut tx, app.id, stages[1].id).await.expect("an answer").expect("the deployment");
    assert_eq!(at.home_page.as_deref(), Some(format!("{}/try/sales-desk/live", house.issuer).as_str()));
    let verbs: Vec<String> = deployment::permissions(&mut tx, at.id).await.expect("permissions").into_iter().map(|held| held.verb.to_string()).collect();
    assert_eq!(verbs.len(), 3, "{verbs:?}");
    let (implications,) = gatehouse::one!(tx, (i64,), "SELECT COUNT(*) FROM app_implications").expect("a count");
    assert_eq!(implications, 2);
    for name in ["viewer", "editor", "administrator"] {
        assert!(role::end_user::by_key(&mut tx, at.id, &key(name)).await.expect("an answer").is_some(), "{name}");
    }
    let client = client::by_client_id(&mut tx, "try-sales-desk-live").await.expect("an answer").expect("the client");
    assert!(client.is_public() && client.metadata.require_pkce && client.metadata.scope == "openid profile email roles permissions groups");
    assert_eq!(client.metadata.redirect_uris, [format!("{}/try/callback", house.issuer)]);
    let (held,) = gatehouse::one!(
        tx,
        (String,),
        "SELECT r.key FROM end_user_grants g JOIN end_user_roles r ON r.id = g.role_id JOIN users u ON u.id = g.user_id WHERE u.email = 'olga@acme.example'"
    )
    .expect("the grant");
    assert_eq!(held, "administrator");
}

async fn every_step_says_what_is_wrong(backend: Backend) {
    let house = House::empty(backend, &[], Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&claim_link(&house).await).await;
    // The owner comes after the organization.
    assert_eq!(place(&browser.get("/setup/owner").await), (200, "/setup/organization"));
    let form = page.form("/setup/organization").fill("name", "a\u{202e}b").fill("development", "Same").fill("production", " same! ").fill("qa", "");
    let page = browser.submit(&form, "organization-next").await;
    assert_eq!(page.status, 422);
    for field in ["name-error", "qa-error", "production-error"] {
        assert!(page.element(field).is_some(), "{field}: {}", page.text());
    }
    assert_eq!(page.attribute("development", "value").as_deref(), Some("Same"), "what was typed is still there");
    let page = browser.submit(&page.form("/setup/organization").fill("name", "Acme").fill("qa", "QA").fill("production", "Live"), "organization-next").await;

    for (name, email, password, wrong) in [
        ("", "olga", "short", vec!["name-error", "username-error", "password-error"]),
        ("Olga", "olga@acme.example", "olga@acme.example", vec!["password-error"]),
        ("Olga", "a@b", PASSWORD, vec!["username-error"]),
    ] {
        let form = page.form("/setup/owner").fill("name", name).fill("username", email).fill("password", password);
        let refused = browser.submit(&form, "owner-next").await;
        assert_eq!(refused.status, 422);
        for field in wrong {
            assert!(refused.element(field).is_some(), "{field}: {}", refused.text());
        }
        assert!(refused.attribute("password", "value").is_none());
    }
    assert_eq!(counts(&house).await, (0, 0, 0));
    // A form from another site, and one without its token.
    let fields = [("name", "Eve"), ("username", "eve@evil.example"), ("password", PASSWORD)];
    assert_eq!(browser.post_from("https://evil.example/", "/setup/owner", &fields).await.status, 404, "no cookie comes along");
    assert_eq!(browser.post_from(&format!("{}/x", house.issuer), "/setup/owner", &fields).await.status, 403);
    assert_eq!(counts(&house).await, (0, 0, 0));

    let owner = page.form("/setup/owner").fill("name", "Olga").fill("username", "olga@acme.example").fill("password", PASSWORD);
    browser.submit(&owner, "owner-next").await;
    let page = browser.get("/setup/app").await;
    for (name, own, home, wrong) in [
        ("", "", "", "name-error"),
        ("\u{6771}\u{4eac}", "", "", "key-error"),
        ("Sales", "Not a Key", "", "key-error"),
        ("Sales", "sales", "javascript:alert(1)", "home-page-error"),
        ("Sales", "sales", "sales.example", "home-page-error"),
    ] {
        let refused = browser.submit(&page.form("/setup/app").fill("name", name).fill("key", own).fill("home_page", home), "app-create").await;
        assert!(refused.status == 422 && refused.element(wrong).is_some(), "{name} {own} {home}: {}", refused.text());
    }
    // A stage that is none.
    let (_, mut pairs) = page.form("/setup/app").fill("name", "Sales").press("app-create");
    pairs.iter_mut().filter(|(name, _)| name == "stage").for_each(|(_, value)| "moon".clone_into(value));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let refused = browser.post_from(&format!("{}/setup/app", house.issuer), "/setup/app", &pairs).await;
    assert!(refused.status == 422 && refused.element("stage-error").is_some());
    // The key of another app, made meanwhile.
    house.apply("[[app]]\nkey = \"sales\"\nname = \"Sales\"\n").await;
    let refused = browser.submit(&page.form("/setup/app").fill("name", "Sales"), "app-create").await;
    assert!(refused.status == 422 && refused.element("key-error").is_some(), "{}", refused.text());
    let made =
        browser.submit_once(&page.form("/setup/app").fill("name", "Sales").fill("key", "s2").fill("home_page", "https://s.example/"), "app-create").await;
    assert_eq!(made.header("location"), Some("/try/s2/live"));
    house.close().await;
}

async fn what_is_not_wanted_now_is_left_out(backend: Backend) {
    let house = House::empty(backend, &[], Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    let page = claim(&house, &mut browser).await;
    assert_eq!(place(&page), (200, "/setup/mail"));
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let here = format!("{}/setup/mail", house.issuer);
    let kept = browser.post_from(&here, "/setup/mail", &[("csrf", &csrf), ("action", "keep")]).await;
    assert_eq!(kept.header("location"), Some("/setup/app"));
    let page = browser.get("/setup/app").await;
    let page = browser.submit(&page.form("/setup/app"), "app-skip").await;
    assert_eq!(place(&page), (200, "/portal"));
    assert!(page.text_contains("There is no app yet"));
    for path in ["/setup", "/setup/mail", "/setup/app", "/setup/owner"] {
        assert_eq!(place(&browser.get(path).await), (200, "/portal"), "{path}");
    }
    let late = browser.post_from(&here, "/setup/mail", &[("csrf", &csrf), ("action", "keep")]).await;
    assert_eq!(late.header("location"), Some("/portal"));
    house.close().await;
}

async fn links_that_open_nothing_say_why(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::empty(backend, &[], clock.clone()).await;
    let old = claim_link(&house).await;
    let mut late = Browser::new(&house.issuer);
    let page = late.get(&old).await;
    assert_eq!(place(&page), (200, "/setup/organization"));
    clock.advance(Duration::from_hours(24));
    // Too late: at the door, and with the form already open.
    let refused = late.submit(&page.form("/setup/organization").fill("name", "Acme"), "organization-next").await;
    assert!(refused.status == 410 && refused.text_contains("gatehouse admin claim-link"), "{}", refused.text());
    assert_eq!(late.get("/setup").await.status, 404, "the cookie went with it");
    let page = Browser::new(&house.issuer).get(&old).await;
    assert!(page.status == 410 && page.text_contains("This link has expired"));
    for nothing in ["x".to_owned(), "A".repeat(43), "%00".to_owned(), "A".repeat(5_000), "..%2f..".to_owned()] {
        let page = Browser::new(&house.issuer).get(&format!("/setup/{nothing}")).await;
        assert!(page.status == 404 && page.text_contains("There is nothing here"), "{nothing}");
    }
    // Two links live side by side; one of them is used.
    let (first, second) = (claim_link(&house).await, claim_link(&house).await);
    let mut other = Browser::new(&house.issuer);
    other.get(&second).await;
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&first).await;
    let page = browser.submit(&page.form("/setup/organization").fill("name", "Acme"), "organization-next").await;
    let open = other.get("/setup/owner").await;
    let fill =
        |page: &Page, name: &str| page.form("/setup/owner").fill("name", name).fill("username", &format!("{name}@acme.example")).fill("password", PASSWORD);
    assert_eq!(place(&browser.submit(&fill(&page, "olga"), "owner-next").await), (200, "/setup/mail"));
    let lost = other.submit(&fill(&open, "otto"), "owner-next").await;
    assert!(lost.status == 410 && lost.text_contains("Setup is done") && lost.element("over-sign-in").is_some(), "{}", lost.text());
    let page = Browser::new(&house.issuer).get(&first).await;
    assert!(page.status == 410 && page.text_contains("This link has been used") && page.attribute("over-sign-in", "href").as_deref() == Some("/sign-in"));
    let page = Browser::new(&house.issuer).get(&second).await;
    assert!(page.status == 410 && page.text_contains("Setup is done"));
    // No new one is made from now on.
    let actor = Actor::System { label: "test" };
    let refused = house.server.ground.work(&actor, &Origin::default(), async |work| setup::make_link(work).await).await;
    assert!(matches!(refused, Err(setup::LinkError::SetUp)));
    let nobody = house.server.ground.work(&Actor::Anonymous, &Origin::default(), async |work| setup::make_link(work).await).await;
    assert!(matches!(nobody, Err(setup::LinkError::Denied(_))));
    assert_eq!(counts(&house).await.0, 1);
    house.close().await;
}

async fn sixteen_claim_at_once_and_one_is_owner(backend: Backend) {
    let house = House::empty(backend, &[], Clock::System).await;
    let links = [claim_link(&house).await, claim_link(&house).await];
    let mut everybody = Vec::new();
    for number in 0..16 {
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(&links[number % 2]).await;
        if number == 0 {
            browser.submit(&page.form("/setup/organization").fill("name", "Acme"), "organization-next").await;
        }
        let page = browser.get("/setup/owner").await;
        let address = format!("owner{number}@acme.example");
        let form = page.form("/setup/owner").fill("name", &format!("Owner {number}")).fill("username", &address).fill("password", PASSWORD);
        everybody.push((browser, form));
    }
    let tries = everybody.iter_mut().map(|(browser, form)| browser.submit_once(form, "owner-next"));
    let answers = futures_util::future::join_all(tries).await;
    let won = answers.iter().filter(|page| page.header("location") == Some("/setup/mail")).count();
    assert_eq!(won, 1, "{:?}", answers.iter().map(|page| page.status).collect::<Vec<_>>());
    for lost in answers.iter().filter(|page| page.header("location").is_none()) {
        // Whoever came a moment later finds the link used before the password was looked at.
        assert!(matches!(lost.status.as_u16(), 409 | 410) && lost.element("over-sign-in").is_some(), "{}: {}", lost.status, lost.text());
    }
    assert!(answers.iter().any(|page| page.text_contains("Setup was completed in another browser")));
    assert_eq!(counts(&house).await, (1, 1, 4));
    for ((browser, _), answer) in everybody.iter_mut().zip(&answers) {
        let inside = place(&browser.get("/portal").await) == (200, "/portal");
        assert_eq!(inside, answer.header("location").is_some(), "only the owner is signed in");
    }
    house.close().await;
}

async fn after_setup_there_is_no_setup(backend: Backend) {
    let house = House::open(backend).await;
    let paths = ["/setup", "/setup/organization", "/setup/owner", "/setup/mail", "/setup/app"];
    let mut nora = signed_in(&house, "nora@acme.example").await;
    for path in paths {
        let stranger = Browser::new(&house.issuer).get(path).await;
        assert!(stranger.status == 404 && stranger.text_contains("There is nothing here"), "{path}");
        assert_eq!(nora.get(path).await.status, 404, "{path}");
    }
    let mut olga = signed_in(&house, "olga@acme.example").await;
    for path in paths {
        assert_eq!(place(&olga.get(path).await), (200, "/portal"), "{path}");
    }
    let home = olga.get("/").await;
    assert_eq!((home.attribute("home-sign-in", "href"), home.attribute("home-account", "href")), (Some("/portal".into()), Some("/account".into())));
    house.close().await;
}

/// A browser of somebody who signed in to the portal.
async fn signed_in(house: &House, email: &str) -> Browser {
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get("/sign-in").await;
    let form = page.form("/sign-in").fill("username", email).fill("password", PASSWORD);
    let answer = browser.submit_once(&form, "login-submit").await;
    assert_eq!(answer.header("location"), Some("/portal"), "{}", answer.text());
    browser
}
