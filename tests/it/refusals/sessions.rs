//! Sessions: whose they are, where they count, and when they end.

use super::{ANA, Ask, Desk, NORA, claims, said};
use crate::story;
use crate::support::house::{Backend, PASSWORD, REDIRECT, link, on_both};
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use std::time::Duration;

on_both! {
    one_browser_has_one_person_at_a_stage
    a_session_ends_by_itself
    a_session_of_one_stage_is_none_at_another
    asked_to_prove_it_again_a_person_does
    what_lasts_too_long_for_the_app_is_proved_again
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(60 * count)
}

async fn one_browser_has_one_person_at_a_stage(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (mut browser, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let (_, elsewhere) = desk.tokens("sales-public", "openid", ANA).await;
    let (_, dev) = desk.tokens("sales-dev", "openid", ANA).await;
    let old = browser.cookies.value("s-production").expect("a session").to_owned();
    let page = browser.get(&Ask::of("sales-public").and("prompt", "login").path()).await;
    // Until somebody has proved who they are nothing ends.
    let wrong = story::sign_in(&mut browser, &page, NORA, "wrong").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.status, 200);
    let back = story::callback(&story::sign_in(&mut browser, &page, NORA, PASSWORD).await);
    assert_eq!(said(&back, "error").as_deref(), Some("access_denied"), "{back}");
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.refusal(), (401, "invalid_token".to_owned()));
    assert_eq!(desk.refresh("sales-public", &answer.token("refresh_token")).await.refusal(), (400, "invalid_grant".to_owned()));
    // Her other browser, and the other stage, had no part in it.
    for (client, other) in [("sales-public", elsewhere), ("sales-dev", dev)] {
        assert_eq!(desk.userinfo(&other.token("access_token")).await.status, 200);
        assert_eq!(desk.refresh(client, &other.token("refresh_token")).await.status, 200);
    }
    // The old cookie opens nothing any more.
    let mut thief = desk.browser();
    thief.cookies.take(&page.url, &format!("s-production={old}; Path=/")).expect("a cookie");
    assert!(thief.get(&Ask::of("sales-public").path()).await.element("login-submit").is_some());

    // Joining signs in, too.
    let (mut browser, answer) = desk.tokens("sales-public", "openid", ANA).await;
    desk.house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let page = browser.get(&link(&desk.house.letters("bo@acme.example", 1).await[0], &desk.house.issuer)).await;
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.status, 200, "looking ends nothing");
    browser.submit(&page.form("/invitations/accept").fill("name", "Bo").fill("password", PASSWORD), "invitation-accept").await;
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.refusal(), (401, "invalid_token".to_owned()));
    let bo = desk.visit(&mut browser, &Ask::of("sales-public").and("prompt", "none"), ANA).await;
    let bo = desk.redeem("sales-public", &said(&bo, "code").expect("a code")).await;
    assert_eq!(claims(&bo.token("id_token"))["sub"].as_str(), Some(desk.user("bo@acme.example").await.to_string().as_str()));
    desk.close().await;
}

async fn a_session_ends_by_itself(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[("tokens.access_life", "86400")]).await;
    let policy = |hours: u32, idle: u32| {
        format!("[[stage]]\nkey = \"production\"\nname = \"Production\"\npurpose = \"production\"\nsession_hours = {hours}\nsession_idle_minutes = {idle}\n")
    };
    desk.house.apply(&policy(2, 30)).await;
    let silent = Ask::of("sales-public").and("prompt", "none");
    let gone = (401, "invalid_token".to_owned());
    let (mut browser, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let access = answer.token("access_token");
    // Used, it goes on; a refresh is a use, userinfo is none.
    clock.advance(minutes(29));
    assert!(said(&desk.visit(&mut browser, &silent, ANA).await, "code").is_some());
    clock.advance(minutes(29));
    let refresh = desk.refresh("sales-public", &answer.token("refresh_token")).await.token("refresh_token");
    clock.advance(minutes(29));
    assert_eq!(desk.userinfo(&access).await.status, 200);
    clock.advance(minutes(1));
    assert_eq!(desk.userinfo(&access).await.refusal(), gone);
    assert_eq!(said(&desk.visit(&mut browser, &silent, ANA).await, "error").as_deref(), Some("login_required"));
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), (400, "invalid_grant".to_owned()));

    // However often it is used, it ends.
    let page = browser.get(&Ask::of("sales-public").path()).await;
    let back = story::callback(&story::sign_in(&mut browser, &page, ANA, PASSWORD).await);
    let answer = desk.redeem("sales-public", &said(&back, "code").expect("a code")).await;
    for _ in 0..5 {
        clock.advance(minutes(20));
        assert!(said(&desk.visit(&mut browser, &silent, ANA).await, "code").is_some());
    }
    clock.advance(minutes(20));
    assert_eq!(said(&desk.visit(&mut browser, &silent, ANA).await, "error").as_deref(), Some("login_required"));
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.refusal(), gone);
    let page = browser.get(&Ask::of("sales-public").path()).await;
    assert!(page.element("login-submit").is_some(), "{}", page.text());

    // Today's policy decides, also for sessions that are alive.
    let (_, answer) = desk.tokens("sales-public", "openid", ANA).await;
    clock.advance(minutes(10));
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.status, 200);
    desk.house.apply(&policy(2, 10)).await;
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.refusal(), gone);
    desk.close().await;
}

async fn a_session_of_one_stage_is_none_at_another(backend: Backend) {
    let desk = Desk::open(backend).await;
    let mut browser = desk.browser();
    desk.code(&mut browser, &Ask::of("sales-public")).await;
    let before = desk.kept().await;
    let session = browser.cookies.value("s-production").expect("a session").to_owned();
    let url = url::Url::parse(&desk.house.issuer).expect("a URL");
    let mut thief = desk.browser();
    for name in ["s-development", "s-qa", "portal", "attempt", "invitation", "logout", "S-PRODUCTION", "__Host-s-production"] {
        let secure = if name.starts_with("__") { "; Secure" } else { "" };
        thief.cookies.take(&url, &format!("{name}={session}; Path=/{secure}")).expect("a cookie");
    }
    for client in ["sales-dev", "sales-public"] {
        let back = desk.visit(&mut thief, &Ask::of(client).and("prompt", "none"), ANA).await;
        assert_eq!(said(&back, "error").as_deref(), Some("login_required"), "{client}");
    }
    // The public `sid` is no key either.
    let code = desk.code(&mut browser, &Ask::of("sales-public")).await;
    let sid = claims(&desk.redeem("sales-public", &code).await.token("id_token"))["sid"].as_str().expect("a sid").to_owned();
    assert_ne!(sid, session);
    for value in [sid.as_str(), "", "x", &format!("{session}A")] {
        thief.cookies.take(&url, &format!("s-production={value}; Path=/")).expect("a cookie");
        let back = desk.visit(&mut thief, &Ask::of("sales-public").and("prompt", "none"), ANA).await;
        assert_eq!(said(&back, "error").as_deref(), Some("login_required"), "{value}");
    }
    let page = thief.get("/logout").await;
    assert!(!page.text_contains(ANA), "{}", page.text());
    let after = desk.kept().await;
    assert_eq!((after.sessions, after.codes), (before.sessions, before.codes));
    // The same value under the right name is the session: what was refused was its place.
    thief.cookies.take(&url, &format!("s-production={session}; Path=/")).expect("a cookie");
    assert!(said(&desk.visit(&mut thief, &Ask::of("sales-public").and("prompt", "none"), ANA).await, "code").is_some());
    desk.close().await;
}

async fn asked_to_prove_it_again_a_person_does(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let (mut browser, first) = desk.tokens("sales-public", "openid", ANA).await;
    let first_claims = claims(&first.token("id_token"));
    let old = browser.cookies.value("s-production").expect("a session").to_owned();
    clock.advance(Duration::from_secs(10));
    for prompt in ["login", "select_account", "login consent"] {
        let page = browser.get(&Ask::of("sales-public").and("prompt", prompt).path()).await;
        assert!(page.element("login-submit").is_some(), "{prompt}: {}", page.text());
    }
    // The question alone changes nothing: the session goes on where no proof is asked for.
    assert_eq!(claims(&first.token("id_token"))["auth_time"], first_claims["auth_time"]);
    assert!(said(&desk.visit(&mut browser, &Ask::of("sales-public").and("prompt", "none"), ANA).await, "code").is_some());
    let page = browser.get(&Ask::of("sales-public").and("prompt", "login").path()).await;
    // Neither asking for the page again nor a wrong password is a proof.
    assert!(browser.get("/login").await.element("login-submit").is_some());
    assert_eq!(story::sign_in(&mut browser, &page, ANA, "wrong").await.status, 422);
    assert!(browser.get("/login").await.element("login-submit").is_some());
    let back = story::callback(&story::sign_in(&mut browser, &page, ANA, PASSWORD).await);
    let again = claims(&desk.redeem("sales-public", &said(&back, "code").expect("a code")).await.token("id_token"));
    let auth_time = |claims: &serde_json::Value| claims["auth_time"].as_i64().expect("a time");
    assert_eq!(auth_time(&again), auth_time(&first_claims) + 10);
    assert_eq!(again["sid"], first_claims["sid"], "the same session");
    // Its cookie is another, and the old one is dead.
    assert_ne!(browser.cookies.value("s-production"), Some(old.as_str()));
    let mut thief = desk.browser();
    thief.cookies.take(&page.url, &format!("s-production={old}; Path=/")).expect("a cookie");
    let back = desk.visit(&mut thief, &Ask::of("sales-public").and("prompt", "none"), ANA).await;
    assert_eq!(said(&back, "error").as_deref(), Some("login_required"));
    assert_eq!(desk.userinfo(&first.token("access_token")).await.status, 200, "what the session gave before stays");
    // A proof counts for the request that asked for it, and for no other.
    let page = browser.get(&Ask::of("sales-public").and("prompt", "login").path()).await;
    assert!(page.element("login-submit").is_some());
    // A fresh consent can be asked for as well.
    let page = browser.get(&Ask::of("sales-public").and("prompt", "consent").path()).await;
    assert_eq!(page.url.path(), "/consent");
    let back = browser.submit_once(&page.form("/consent"), "consent-deny").await.location().expect("an answer");
    assert_eq!(said(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!(desk.kept().await.consents, 0);
    desk.close().await;
}

async fn what_lasts_too_long_for_the_app_is_proved_again(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let strict =
        Metadata { redirect_uris: vec![REDIRECT.to_owned()], token_endpoint_auth_method: AuthMethod::None, default_max_age: Some(60), ..Metadata::default() };
    desk.house.add_client("plain", Kind::App, Party::First, Some(("sales", "production")), strict).await;
    let mut browser = desk.browser();
    desk.code(&mut browser, &Ask::of("sales-public")).await;
    clock.advance(Duration::from_secs(61));
    let of = |client: &str, max_age: &str| Ask::of(client).and("max_age", max_age);
    for (ask, is_asked) in [
        (of("sales-public", "61"), false),
        (of("sales-public", "60"), true),
        (of("sales-public", "0"), true),
        (Ask::of("sales-public"), false),
        (Ask::of("plain"), true),
        (of("plain", "100"), false),
    ] {
        let page = browser.get(&ask.path()).await;
        assert_eq!(page.element("login-submit").is_some(), is_asked, "{}: {}", ask.encoded(), page.text());
    }
    let page = browser.get(&of("sales-public", "0").path()).await;
    let back = story::callback(&story::sign_in(&mut browser, &page, ANA, PASSWORD).await);
    let answer = desk.redeem("sales-public", &said(&back, "code").expect("a code, and not the question again")).await;
    assert_eq!(claims(&answer.token("id_token"))["auth_time"].as_i64(), Some(clock.now().seconds()));
    assert!(said(&desk.visit(&mut browser, &Ask::of("plain").and("prompt", "none"), ANA).await, "code").is_some());
    desk.close().await;
}
