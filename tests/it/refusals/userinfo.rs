//! Userinfo: what opens it, and what no longer does.

use super::{ANA, Desk, proof};
use crate::support::house::{Backend, on_both};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::time::Duration;

on_both! {
    only_a_living_access_token_opens_userinfo
    the_token_travels_in_one_way
    a_token_ends_with_what_it_hangs_on
}

fn invalid() -> (u16, String) {
    (401, "invalid_token".to_owned())
}

/// The token with its header or payload exchanged.
fn forged(token: &str, part: usize, with: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[part] = URL_SAFE_NO_PAD.encode(with);
    parts.join(".")
}

fn read(token: &str, part: usize) -> String {
    String::from_utf8(URL_SAFE_NO_PAD.decode(token.split('.').nth(part).expect("a part")).expect("base64url")).expect("a text")
}

async fn only_a_living_access_token_opens_userinfo(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let (_, answer) = desk.tokens("sales-public", "openid profile", ANA).await;
    let (token, id_token) = (answer.token("access_token"), answer.token("id_token"));
    let bare = desk.get("/oauth2/userinfo").await;
    assert_eq!((bare.status, bare.header("www-authenticate"), bare.body.as_str()), (401, Some("Bearer realm=\"gatehouse\""), ""));
    let (header, payload) = (read(&token, 0), read(&token, 1));
    let nora = desk.user(super::NORA).await.to_string();
    let ana = desk.user(ANA).await.to_string();
    let bad = [
        "forged".to_owned(),
        "a.b.c".to_owned(),
        "x".repeat(20_000),
        id_token.clone(),
        answer.token("refresh_token"),
        forged(&token, 1, &payload.replace(&ana, &nora)),
        forged(&token, 1, &payload.replace("openid", "openid email")),
        forged(&token, 0, &header.replace("ES256", "none")),
        forged(&token, 0, &header.replace("ES256", "HS256")),
        forged(&token, 0, &header.replace("at+jwt", "JWT")),
        forged(&id_token, 0, &read(&id_token, 0).replace("JWT", "at+jwt")),
        token[..=token.rfind('.').expect("a dot")].to_owned(),
        format!("{token}A"),
    ];
    for bad in &bad {
        assert_ne!(bad, &token);
        let answer = desk.userinfo(bad).await;
        assert_eq!(answer.refusal(), invalid(), "{bad:.100}");
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\"")));
    }
    // A machine's token speaks of nobody; nor does a person's without `openid`.
    let robot = desk.token(proof("robot"), &[("grant_type", "client_credentials")]).await.token("access_token");
    let (_, quiet) = desk.tokens("sales-public", "profile", ANA).await;
    for token in [robot, quiet.token("access_token")] {
        let answer = desk.userinfo(&token).await;
        assert_eq!(answer.refusal(), (403, "insufficient_scope".to_owned()));
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.contains("error=\"insufficient_scope\"")));
    }
    clock.advance(Duration::from_secs(299));
    assert_eq!(desk.userinfo(&token).await.status, 200);
    clock.advance(Duration::from_secs(1));
    assert_eq!(desk.userinfo(&token).await.refusal(), invalid(), "to the second");
    desk.close().await;
}

async fn the_token_travels_in_one_way(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (_, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let token = answer.token("access_token");
    let in_body = desk.post("/oauth2/userinfo", &[("access_token", &token)]).await;
    assert_eq!((in_body.status, in_body.header("cache-control")), (200, Some("no-store")));
    let url = desk.url("/oauth2/userinfo");
    let both = desk.send(desk.http.post(&url).bearer_auth(&token).form(&[("access_token", &token)])).await;
    assert_eq!(both.refusal(), (400, "invalid_request".to_owned()));
    assert!(both.header("www-authenticate").is_none());
    let twice = desk.post("/oauth2/userinfo", &[("access_token", &token), ("access_token", &token)]).await;
    assert_eq!(twice.refusal(), (400, "invalid_request".to_owned()));
    // In the address it would stand in logs: it is not looked at (RFC 9700 section 4.3.2).
    let in_query = desk.get(&format!("/oauth2/userinfo?access_token={token}")).await;
    assert_eq!((in_query.status, in_query.body.as_str()), (401, ""));
    for header in ["Basic abc", "Bearer", "DPoP x", "bearer\u{e4}"] {
        let answer = desk.send(desk.http.get(&url).header("Authorization", header.as_bytes())).await;
        assert_eq!((answer.status, answer.header("www-authenticate")), (401, Some("Bearer realm=\"gatehouse\"")), "{header}");
    }
    let any_case = desk.send(desk.http.post(&url).header("Authorization", format!("bEaReR {token}"))).await;
    assert_eq!(any_case.status, 200);
    desk.close().await;
}

async fn a_token_ends_with_what_it_hangs_on(backend: Backend) {
    let desk = Desk::open(backend).await;
    // Signing out; offline access goes on.
    let (mut browser, answer) = desk.tokens("sales-public", "openid", ANA).await;
    let (_, offline) = desk.tokens("sales-basic", "openid offline_access", ANA).await;
    let (_, other) = desk.tokens("sales-post", "openid", ANA).await;
    let (token, offline, other) = (answer.token("access_token"), offline.token("access_token"), other.token("access_token"));
    let page = browser.get("/logout").await;
    browser.submit(&page.form("/logout"), "logout-confirm").await;
    assert_eq!(desk.userinfo(&token).await.refusal(), invalid());
    assert_eq!(desk.userinfo(&other).await.status, 200, "another browser's");
    // The client's suspension.
    desk.suspend("sales-post", true).await;
    assert_eq!(desk.userinfo(&other).await.refusal(), invalid());
    assert_eq!(desk.userinfo(&offline).await.status, 200);
    desk.suspend("sales-post", false).await;
    assert_eq!(desk.userinfo(&other).await.refusal(), invalid(), "it comes back with nothing");
    desk.deactivate(ANA).await;
    assert_eq!(desk.userinfo(&offline).await.refusal(), invalid());
    desk.close().await;
}
