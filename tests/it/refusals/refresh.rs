//! Refresh tokens: whose they are, what they may ask for, and when they end.

use super::{ANA, Ask, Desk, OLGA, claims, proof};
use crate::support::house::{Backend, on_both};
use serde_json::json;
use std::time::Duration;

on_both! {
    only_its_own_client_refreshes_and_only_for_less
    a_refresh_token_ends_with_what_it_hangs_on
    offline_access_rests_and_lives_so_long
    every_refresh_asks_what_the_person_may_do_now
    a_refresh_moves_the_last_sign_in
}

const GRANT: (&str, &str) = ("grant_type", "refresh_token");

fn gone() -> (u16, String) {
    (400, "invalid_grant".to_owned())
}

async fn only_its_own_client_refreshes_and_only_for_less(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (_, answer) = desk.tokens("sales-public", "openid profile roles", ANA).await;
    let (refresh, access) = (answer.token("refresh_token"), answer.token("access_token"));
    let before = desk.kept().await;
    // The first characters name the family, the next its generation, the last are the proof.
    let altered = |at: usize| format!("{}{}{}", &refresh[..at], if refresh[at..].starts_with('A') { 'B' } else { 'A' }, &refresh[at + 1..]);
    let forged = [
        altered(0),
        altered(10),
        altered(31),
        altered(40),
        refresh[..refresh.len() - 2].to_owned(),
        format!("{refresh}AA"),
        format!(" {refresh}"),
        access.clone(),
        "A".repeat(74),
        "x".repeat(10_000),
        "' OR 1=1 --".to_owned(),
    ];
    for token in &forged {
        assert_ne!(token, &refresh);
        assert_eq!(desk.refresh("sales-public", token).await.refusal(), gone(), "{token}");
    }
    for client in ["sales-basic", "sales-post", "wiki-third", "sales-dev"] {
        assert_eq!(desk.refresh(client, &refresh).await.refusal(), gone(), "{client}");
    }
    let public = proof("sales-public");
    let elsewhere = format!("{}/apps/wiki/production", desk.house.issuer);
    for (more, expected) in [
        (("scope", "openid profile roles email"), "invalid_scope"),
        (("scope", "offline_access"), "invalid_scope"),
        (("scope", "a\"b"), "invalid_scope"),
        (("resource", elsewhere.as_str()), "invalid_target"),
    ] {
        assert_eq!(desk.token(public, &[GRANT, ("refresh_token", &refresh), more]).await.refusal(), (400, expected.to_owned()), "{more:?}");
    }
    let doubled = [GRANT, ("refresh_token", refresh.as_str()), ("scope", "openid"), ("scope", "openid")];
    assert_eq!(desk.token(public, &doubled).await.refusal(), (400, "invalid_request".to_owned()));
    // Nothing was turned, nothing ended.
    assert_eq!(desk.kept().await, before);
    assert_eq!(desk.userinfo(&access).await.status, 200);

    let narrow = desk.token(public, &[GRANT, ("refresh_token", &refresh), ("scope", "openid roles")]).await;
    assert_eq!(narrow.json()["scope"].as_str(), Some("openid roles"), "{}", narrow.body);
    assert_eq!(claims(&narrow.token("access_token"))["scope"].as_str(), Some("openid roles"));
    assert!(desk.userinfo(&narrow.token("access_token")).await.json().get("name").is_none(), "the narrower token tells less");
    // What was granted stays granted.
    let wide = desk.refresh("sales-public", &narrow.token("refresh_token")).await;
    assert_eq!(wide.json()["scope"].as_str(), Some("openid profile roles"), "{}", wide.body);
    // Without `openid` there is no ID token.
    let bare = desk.token(public, &[GRANT, ("refresh_token", &wide.token("refresh_token")), ("scope", "roles")]).await;
    assert!(bare.status == 200 && bare.json().get("id_token").is_none(), "{}", bare.body);
    assert_eq!(desk.kept().await.families, before.families);
    desk.close().await;
}

async fn a_refresh_token_ends_with_what_it_hangs_on(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    // The session's end by itself: twelve hours, however often it is used.
    let (mut ana, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let mut refresh = answer.token("refresh_token");
    for _ in 0..2 {
        clock.advance(Duration::from_hours(5));
        refresh = desk.refresh("sales-public", &refresh).await.token("refresh_token");
    }
    clock.advance(Duration::from_hours(2));
    let before = desk.kept().await;
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), gone());
    assert_eq!(desk.kept().await, before);

    // Signing out.
    let code = desk.code(&mut ana, &Ask::of("sales-public")).await;
    let refresh = desk.redeem("sales-public", &code).await.token("refresh_token");
    let page = ana.get("/logout").await;
    ana.submit(&page.form("/logout"), "logout-confirm").await;
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), gone());

    // The client's suspension: it comes back with nothing.
    let (_, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let refresh = answer.token("refresh_token");
    desk.suspend("sales-public", true).await;
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), (401, "invalid_client".to_owned()));
    desk.suspend("sales-public", false).await;
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), gone());
    let (_, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let refresh = answer.token("refresh_token");

    // The person's deactivation, which takes offline access with it and leaves others alone.
    let (_, offline) = desk.tokens("sales-basic", "openid offline_access", ANA).await;
    let mut olga = desk.browser();
    let page = olga.get(&Ask::of("wiki-third").path()).await;
    let page = crate::story::sign_in(&mut olga, &page, OLGA, crate::support::house::PASSWORD).await;
    let back = olga.submit(&page.form("/consent"), "consent-allow").await.location().expect("an answer");
    let others = desk.redeem("wiki-third", &super::said(&back, "code").expect("a code")).await.token("refresh_token");
    desk.deactivate(ANA).await;
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), gone());
    assert_eq!(desk.refresh("sales-basic", &offline.token("refresh_token")).await.refusal(), gone());
    assert_eq!(desk.refresh("wiki-third", &others).await.status, 200);
    assert_eq!(desk.kept().await.families, 1);
    desk.close().await;
}

async fn offline_access_rests_and_lives_so_long(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let day = Duration::from_hours(24);
    let (mut ana, resting) = desk.tokens("sales-basic", "openid offline_access", ANA).await;
    let (_, used) = desk.tokens("sales-public", "openid offline_access", ANA).await;
    // Signing out does not end it.
    let page = ana.get("/logout").await;
    ana.submit(&page.form("/logout"), "logout-confirm").await;
    let mut used = used.token("refresh_token");
    for _ in 0..3 {
        clock.advance(day * 29);
        used = desk.refresh("sales-public", &used).await.token("refresh_token");
    }
    assert_eq!(desk.refresh("sales-basic", &resting.token("refresh_token")).await.refusal(), gone(), "rested for 30 days");
    clock.advance(day * 3);
    assert_eq!(desk.refresh("sales-public", &used).await.refusal(), gone(), "90 days are over");
    desk.close().await;
}

async fn every_refresh_asks_what_the_person_may_do_now(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (_, prod) = desk.tokens("sales-public", "openid roles permissions", ANA).await;
    let (_, dev) = desk.tokens("sales-dev", "openid roles", ANA).await;
    let roles = |token: &str| claims(token)["roles"].clone();
    assert_eq!(roles(&prod.token("access_token")), json!(["approver", "viewer"]));
    desk.revoke(ANA, "production", "approver").await;
    desk.revoke(ANA, "development", "viewer").await;
    // The tokens that are out stay what they were: revoking a grant makes no token inactive.
    assert_eq!(desk.userinfo(&prod.token("access_token")).await.json()["roles"], json!(["viewer"]), "userinfo tells what holds now");
    let fresh = desk.refresh("sales-public", &prod.token("refresh_token")).await;
    for token in ["access_token", "id_token"] {
        assert_eq!(roles(&fresh.token(token)), json!(["viewer"]), "a group still gives this one");
        assert!(!claims(&fresh.token(token))["permissions"].as_array().expect("a list").contains(&json!("approve")));
    }
    // Where no role is left the door is shut, and what was issued before is not told apart from it.
    let before = desk.kept().await;
    assert_eq!(desk.refresh("sales-dev", &dev.token("refresh_token")).await.refusal(), gone());
    assert_eq!(desk.kept().await, before, "the door may open again");
    desk.close().await;
}

/// When Ana was last here.
async fn last_sign_in(desk: &Desk) -> i64 {
    let mut tx = desk.house.server.ground.db.read().await.expect("a reader");
    gatehouse::one!(tx, (i64,), "SELECT COALESCE(last_login_at, 0) FROM users WHERE email_key = $1", ANA).expect("a number").0
}

async fn a_refresh_moves_the_last_sign_in(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let (_, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let signed_in = clock.now().micros();
    assert_eq!(last_sign_in(&desk).await, signed_in);
    // Once a minute at most: a use is no reason to write each time.
    clock.advance(Duration::from_secs(59));
    let refresh = desk.refresh("sales-public", &answer.token("refresh_token")).await.token("refresh_token");
    assert_eq!(last_sign_in(&desk).await, signed_in);
    clock.advance(Duration::from_secs(1));
    let refresh = desk.refresh("sales-public", &refresh).await.token("refresh_token");
    assert_eq!(last_sign_in(&desk).await, signed_in + 60_000_000);
    clock.advance(Duration::from_hours(2));
    assert_eq!(desk.refresh("sales-public", &refresh).await.status, 200);
    let seen = clock.now().micros();
    assert_eq!(last_sign_in(&desk).await, seen);
    // A token that is refused moves nothing, nor does one that rests while nobody is there.
    let (_, offline) = desk.tokens("sales-basic", "openid offline_access", ANA).await;
    clock.advance(Duration::from_hours(1));
    assert_eq!(desk.refresh("sales-basic", &refresh).await.refusal(), gone());
    assert_eq!(desk.refresh("sales-basic", &offline.token("refresh_token")).await.status, 200);
    assert_eq!(last_sign_in(&desk).await, seen);
    desk.close().await;
}
