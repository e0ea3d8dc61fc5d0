//! What somebody with bad intentions tries. Each story was red before the product knew better.

use crate::story::{callback, party, sign_in, tokens};
use crate::support::browser::Browser;
use crate::support::house::{Backend, GOODBYE, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::page::Page;
use crate::support::relying_party::Method;
use gatehouse::access;
use gatehouse::access::stage;
use gatehouse::actor::Actor;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::Clock;
use gatehouse::identity::user;
use gatehouse::lifecycle::deactivate;
use gatehouse::login::session::{self, Context, StartError};
use gatehouse::oauth::client::{self, GrantType, Kind, Metadata, Party};
use gatehouse::work::{Origin, Work};
use gatehouse::{execute, one};
use serde_json::Value;
use std::collections::HashMap;

on_both! {
    a_suspended_client_comes_back_with_nothing
    a_suspended_client_is_no_place_to_go_after_a_sign_out
    whoever_is_shut_out_while_signing_in_gets_no_session
    a_form_of_another_browser_signs_nobody_out
    a_nul_character_is_no_fault
    neighbours_in_one_network_count_as_one
    a_waiting_request_keeps_only_what_means_something
    a_code_that_comes_again_and_again_leaves_one_trace
    a_refresh_keeps_to_what_the_client_may_ask_for_today
}

const SYSTEM: Actor = Actor::System { label: "test" };

async fn suspend(house: &House, id: &str, suspend: bool) {
    let rule = async |work: &mut Work| {
        let changing = access::begin_change(work).await?;
        let client = client::by_client_id(&mut work.tx, id).await?.expect("the client");
        if suspend { client::suspend(work, &changing, &client).await } else { client::resume(work, &changing, &client).await }
    };
    assert!(house.server.ground.work(&SYSTEM, &Origin::default(), rule).await.expect("done"), "{id} changed");
}

fn http() -> reqwest::Client {
    crate::support::http().redirect(reqwest::redirect::Policy::none()).build().expect("a client")
}

async fn ask(house: &House, client: &str, pairs: &[(&str, &str)]) -> (u16, Value) {
    let answer = http().post(format!("{}/oauth2/token", house.issuer)).basic_auth(client, Some(SECRET)).form(pairs).send().await.expect("an answer");
    (answer.status().as_u16(), answer.json().await.expect("JSON"))
}

async fn refresh(house: &House, token: &str, more: &[(&str, &str)]) -> (u16, Value) {
    let pairs: Vec<_> = [("grant_type", "refresh_token"), ("refresh_token", token)].iter().chain(more).copied().collect();
    ask(house, "sales-basic", &pairs).await
}

/// Rule 5: suspending ends what the client held; resuming gives nothing of it back.
async fn a_suspended_client_comes_back_with_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    for scopes in [&["profile"][..], &["profile", "offline_access"]] {
        let (party, tokens) = tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", scopes).await;
        let subject = tokens.id_claims["sub"].as_str().expect("a subject");
        let waiting = party.authorize_url(&[]);
        let code = browser.get(waiting.url.as_str()).await;
        // Another client of the same person, which nobody suspends.
        let (other, others) = self::tokens(&house, &mut browser, "sales-public", Method::Public, "ana@acme.example", scopes).await;

        suspend(&house, "sales-basic", true).await;
        let token = tokens.refresh_token.as_deref().expect("a refresh token");
        assert_eq!(refresh(&house, token, &[]).await.1["error"], "invalid_client");
        suspend(&house, "sales-basic", false).await;

        let (status, answer) = refresh(&house, token, &[]).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{answer}");
        assert!(party.userinfo(&tokens.access_token, subject).await.is_err(), "an access token came back to life");
        assert!(party.exchange(waiting, &callback(&code)).await.is_err(), "a code came back to life");
        assert!(other.userinfo(&others.access_token, subject).await.is_ok() && other.refresh(&others.refresh_token.expect("one")).await.is_ok());
        // The person is still signed in, and the client starts anew.
        let (party, fresh) = self::tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", scopes).await;
        assert_eq!(fresh.id_claims["sid"], tokens.id_claims["sid"]);
        assert!(party.userinfo(&fresh.access_token, subject).await.is_ok());
    }
    house.close().await;
}

async fn a_suspended_client_is_no_place_to_go_after_a_sign_out(backend: Backend) {
    let house = House::open(backend).await;
    let url = format!("{}/oauth2/logout?client_id=sales-basic&post_logout_redirect_uri={}", house.issuer, urlencode(GOODBYE));
    assert_eq!(Browser::new(&house.issuer).get(&url).await.url.path(), "/logout");
    suspend(&house, "sales-basic", true).await;
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&url).await;
    assert_eq!((page.status.as_u16(), page.element("error-page").is_some()), (400, true), "{}", page.text());
    // Whoever came from it can still sign out.
    let page = browser.get(&format!("{}/oauth2/logout?client_id=sales-basic", house.issuer)).await;
    assert!(page.element("logout-confirm").is_some(), "{}", page.text());
    house.close().await;
}

/// The password was right, and the person is shut out before the session is written.
async fn whoever_is_shut_out_while_signing_in_gets_no_session(backend: Backend) {
    let house = House::open(backend).await;
    let ground = &house.server.ground;
    let ana = EmailAddress::parse("ana@acme.example").expect("an address");
    let mut tx = ground.db.read().await.expect("a reader");
    let ana = user::by_email(&mut tx, &ana).await.expect("read").expect("Ana");
    let production = stage::by_key(&mut tx, &Slug::parse("production").expect("a key")).await.expect("read").expect("the stage");
    drop(tx);
    let start = async || {
        let rule = async |work: &mut Work| session::start(work, &Context::of(&production), &ana, None, "pwd").await;
        match ground.work(&Actor::Anonymous, &Origin::default(), rule).await {
            Ok(_) => true,
            Err(StartError::ShutOut) => false,
            Err(StartError::Fault(fault)) => panic!("{fault}"),
        }
    };
    assert!(start().await);
    let rule = async |work: &mut Work| {
        let changing = access::begin_change(work).await?;
        deactivate::deactivate(work, &changing, ana.id).await
    };
    ground.work(&SYSTEM, &Origin::default(), rule).await.expect("shut out");
    assert!(!start().await, "what was read before does not count any more");
    let mut tx = ground.db.read().await.expect("a reader");
    let alive = one!(tx, (i64,), "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").expect("a count").0;
    assert_eq!(alive, 0, "a session waits for the day on which Ana is activated");
    drop(tx);
    house.close().await;
}

/// The question about signing out is guarded by what only this browser has: not by what anybody is told who asks the same.
async fn a_form_of_another_browser_signs_nobody_out(backend: Backend) {
    let house = House::open(backend).await;
    let mut ana = Browser::new(&house.issuer);
    let (party, tokens) = tokens(&house, &mut ana, "sales-basic", Method::Basic, "ana@acme.example", &[]).await;
    for way in ["/logout", "/oauth2/logout?client_id=sales-basic"] {
        let page = Browser::new(&house.issuer).get(way).await;
        let (_, stolen) = page.form("/logout").press("logout-confirm");
        let csrf = &stolen.iter().find(|(name, _)| name == "csrf").expect("a token").1;
        let own = ana.get(way).await;
        // An old browser that says nothing about where a form began, and a page that hides it.
        let cookie: Vec<String> = ["s-production", "logout"].iter().filter_map(|name| ana.cookies.value(name).map(|value| format!("{name}={value}"))).collect();
        let forged = http().post(format!("{}/logout", house.issuer)).header("Cookie", cookie.join("; ")).header("Origin", "null").form(&[("csrf", csrf)]);
        assert_eq!(forged.send().await.expect("an answer").status(), 403, "{way}");
        let subject = tokens.id_claims["sub"].as_str().expect("a subject");
        assert!(party.userinfo(&tokens.access_token, subject).await.is_ok(), "{way}");
        assert!(own.element("logout-confirm").is_some());
    }
    let own = ana.get("/logout").await;
    let done = ana.submit(&own.form("/logout"), "logout-confirm").await;
    assert!(done.element("logged-out").is_some(), "{}", done.text());
    house.close().await;
}

fn urlencode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn authorize(client: &str, more: &[(&str, &str)]) -> String {
    let base = [("client_id", client), ("redirect_uri", REDIRECT), ("response_type", "code"), ("scope", "openid"), ("code_challenge_method", "S256")];
    let challenge = [("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")];
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(base).extend_pairs(challenge).extend_pairs(more).finish();
    format!("/oauth2/authorize?{query}")
}

/// PostgreSQL stores no NUL: a stranger must not make errors of ours out of that.
async fn a_nul_character_is_no_fault(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", &[]).await;
    let page = |url: String| {
        let mut browser = Browser::new(&house.issuer);
        async move { browser.get(&url).await.status.as_u16() }
    };
    assert_eq!(page(authorize("a\0b", &[])).await, 400);
    assert_eq!(page("/oauth2/logout?client_id=a%00b".into()).await, 400);
    for (name, code) in [("resource", "invalid_target"), ("nonce", "invalid_request")] {
        let answer: Page = browser.get(&authorize("sales-basic", &[(name, "a\0b")])).await;
        let to: HashMap<_, _> = callback(&answer).query_pairs().into_owned().collect();
        assert_eq!(to.get("error").map(String::as_str), Some(code), "{name}");
    }
    let (status, answer) = ask(&house, "a\0b", &[("grant_type", "client_credentials")]).await;
    assert_eq!((status, answer["error"].as_str()), (401, Some("invalid_client")));
    let (status, answer) = ask(&house, "sales-basic", &[("grant_type", "client_credentials"), ("resource", "a\0b")]).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_target")));
    // What is no address, no code and no state of ours stays that.
    let ok: HashMap<_, _> = callback(&browser.get(&authorize("sales-basic", &[("state", "a\0b")])).await).query_pairs().into_owned().collect();
    assert_eq!(ok.get("state").map(String::as_str), Some("a\0b"));
    house.close().await;
}

/// Whoever has one IPv6 address has 2^64 of them.
async fn neighbours_in_one_network_count_as_one(backend: Backend) {
    let house = House::open_with(backend, &[("server.trusted_proxies", "127.0.0.0/8,::1")], Clock::fixed(Clock::System.now())).await;
    let page = http().get(format!("{}{}", house.issuer, authorize("sales-basic", &[]))).send().await.expect("an answer");
    let cookie = page.headers()["set-cookie"].to_str().expect("text").split(';').next().expect("a cookie").to_owned();
    let form = http().get(format!("{}/login", house.issuer)).header("Cookie", &cookie).send().await.expect("a form").text().await.expect("text");
    let csrf = form.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let guess = async |from: String, password: &str| {
        let request = http().post(format!("{}/login", house.issuer)).header("Cookie", &cookie).header("X-Forwarded-For", from);
        let fields = [("csrf", csrf.as_str()), ("username", "ana@acme.example"), ("password", password), ("action", "sign-in")];
        request.form(&fields).send().await.expect("an answer").status().as_u16()
    };
    // Some proxies write the port as well.
    let neighbours = |n: u32| if n.is_multiple_of(2) { format!("2001:db8:1:2:{n}::{n}") } else { format!("[2001:db8:1:2:{n}::{n}]:4711") };
    let mut answers = Vec::new();
    for n in 1..=8 {
        answers.push(guess(neighbours(n), "wrong").await);
    }
    assert_eq!(answers[..6], [422; 6], "{answers:?}");
    assert_eq!(answers[6..], [429; 2], "a neighbour is no stranger: {answers:?}");
    // Another network is another place, and there the right password is right.
    assert_eq!(guess("2001:db8:1:3::1".into(), PASSWORD).await, 303);
    house.close().await;
}

/// Anybody can begin a sign-in, so little is kept of it.
async fn a_waiting_request_keeps_only_what_means_something(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let heap = "x".repeat(20_000);
    let page = browser.get(&authorize("sales-basic", &[("junk", &heap), ("state", "kept"), ("login_hint", "ana@acme.example"), ("ui_locales", &heap)])).await;
    assert_eq!(page.attribute("username", "value").as_deref(), Some("ana@acme.example"));
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let (kept,) = one!(tx, (String,), "SELECT parameters FROM authorization_requests").expect("one request");
    drop(tx);
    assert!(kept.len() < 1_000 && kept.contains("kept"), "{} bytes", kept.len());
    let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
    assert!(callback(&page).query_pairs().any(|(name, value)| name == "state" && value == "kept"));
    // What means something may be long, and not without end.
    let page = browser.get(&authorize("wiki-third", &[("state", &"s".repeat(8_000)), ("nonce", &"n".repeat(4_000))])).await;
    assert_eq!(page.url.path(), "/consent", "{}", page.text());
    let answer = browser.get(&authorize("wiki-third", &[("login_hint", &heap), ("state", "s")])).await;
    assert_eq!(answer.url.path(), "/consent", "a hint that is too long is no hint");
    house.close().await;
}

/// A public client's used code may lie about in a browser's history: whoever finds it must not fill the audit trail with it.
async fn a_code_that_comes_again_and_again_leaves_one_trace(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let party = party(&house, "sales-basic", Method::Basic).await;
    let journey = party.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
    let back = callback(&page);
    let code = back.query_pairs().find(|(name, _)| name == "code").expect("a code").1.into_owned();
    let tokens = party.exchange(journey, &back).await.expect("tokens");
    for _ in 0..3 {
        let (status, answer) = ask(&house, "sales-basic", &[("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT)]).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")));
    }
    assert_eq!(refresh(&house, &tokens.refresh_token.expect("a refresh token"), &[]).await.1["error"], "invalid_grant");
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let (count,) = one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events WHERE kind = 'code.replayed'").expect("a count");
    drop(tx);
    assert_eq!(count, 1);
    house.close().await;
}

/// What was taken from a client (a scope, a resource) is not handed out by its old refresh tokens.
async fn a_refresh_keeps_to_what_the_client_may_ask_for_today(backend: Backend) {
    let house = House::open(backend).await;
    let ground = &house.server.ground;
    let set = async |sql: &str| {
        let mut tx = ground.db.write().await.expect("a writer");
        let rows = match sql {
            "allow" => execute!(
                tx,
                "INSERT INTO client_resources (client_id, deployment_id) SELECT c.id, d.id FROM clients c, deployments d WHERE c.client_id = $1 AND d.resource = $2",
                "sales-basic",
                format!("{}/apps/wiki/production", house.issuer)
            ),
            _ => execute!(tx, "DELETE FROM client_resources"),
        };
        assert_eq!(rows.expect("written"), 1);
        tx.commit().await.expect("committed");
    };
    set("allow").await;
    let mut browser = Browser::new(&house.issuer);
    let party = party(&house, "sales-basic", Method::Basic).await;
    let mut journey = party.authorize_url(&["profile", "email"]);
    journey.url.query_pairs_mut().append_pair("resource", &format!("{}/apps/wiki/production", house.issuer));
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
    let tokens = party.exchange(journey, &callback(&page)).await.expect("tokens");
    let (status, answer) = refresh(&house, &tokens.refresh_token.expect("a refresh token"), &[]).await;
    assert_eq!(status, 200, "{answer}");
    set("forbid").await;
    let token = answer["refresh_token"].as_str().expect("a token").to_owned();
    let (status, answer) = refresh(&house, &token, &[]).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")), "{answer}");

    let (_, tokens) = self::tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", &["profile", "email"]).await;
    let narrower = Metadata {
        scope: "openid profile".into(),
        redirect_uris: vec![REDIRECT.to_owned()],
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..Metadata::default()
    };
    house.add_client("sales-basic", Kind::App, Party::First, Some(("sales", "production")), narrower).await;
    let (status, answer) = refresh(&house, &tokens.refresh_token.expect("a refresh token"), &[]).await;
    assert_eq!((status, answer["scope"].as_str()), (200, Some("openid profile")), "{answer}");
    let token = answer["refresh_token"].as_str().expect("a token").to_owned();
    let (status, answer) = refresh(&house, &token, &[("scope", "openid email")]).await;
    assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_scope")), "{answer}");
    house.close().await;
}
