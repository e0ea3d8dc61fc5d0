//! The token endpoint: who may ask, and what a code is good for.

use super::{ANA, Ask, Desk, Proof, VERIFIER, assert_page, claims, proof, said};
use crate::support::house::{Backend, REDIRECT, SECRET, on_both};
use base64::Engine;
use gatehouse::oauth::client::{AuthMethod, GrantType, Kind, Metadata, Party};
use std::time::Duration;

type Fields<'a> = Vec<(&'a str, &'a str)>;

on_both! {
    a_client_proves_itself_in_its_one_way
    a_request_that_makes_no_sense_is_refused
    a_code_is_bound_to_everything_it_was_issued_for
    a_code_may_be_bound_to_less
    a_code_ends_with_its_time_its_session_and_its_person
    a_code_that_comes_twice_ends_everything
    client_credentials_speak_of_no_person
}

fn code_grant(code: &str) -> Vec<(&str, &str)> {
    vec![("grant_type", "authorization_code"), ("code", code), ("redirect_uri", REDIRECT), ("code_verifier", VERIFIER)]
}

async fn a_client_proves_itself_in_its_one_way(backend: Backend) {
    let desk = Desk::open(backend).await;
    let code = desk.code(&mut desk.browser(), &Ask::of("sales-basic")).await;
    desk.suspend("sales-post", true).await;
    let before = desk.kept().await;
    let form = code_grant(&code);
    let wrong = "x".repeat(42);
    let cases = [
        Proof::Nothing,
        Proof::Basic("sales-basic", &wrong),
        Proof::Basic("sales-basic", ""),
        Proof::Basic("nobody", SECRET),
        Proof::Basic("", ""),
        Proof::Basic("sales-basic\0", SECRET),
        Proof::Post("sales-basic", SECRET),
        Proof::Public("sales-basic"),
        Proof::Public("nobody"),
        Proof::Public("' OR 1=1 --"),
        Proof::Post("sales-post", SECRET),
        Proof::Basic("sales-post", SECRET),
        Proof::Post("sales-public", SECRET),
        Proof::Basic("sales-public", SECRET),
    ];
    for proof in cases {
        let answer = desk.token(proof, &form).await;
        assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()), "{proof:?}");
        assert!(answer.header("www-authenticate").is_some_and(|challenge| challenge.starts_with("Basic realm=")), "{proof:?}");
    }
    // An unknown client and a wrong secret hear the same.
    let (unknown, known) = (desk.token(cases[3], &form).await, desk.token(cases[1], &form).await);
    assert_eq!(unknown.body, known.body);
    for header in ["Basic", "Basic !!!", "Basic bm8tY29sb24=", "Basic /w==", "Bearer abc", "Negotiate x", "basic", "\u{e4}"] {
        let request = desk.http.post(desk.url("/oauth2/token")).header("Authorization", header.as_bytes());
        let answer = desk.send(request.form(&form)).await;
        assert_eq!(answer.refusal(), (401, "invalid_client".to_owned()), "{header}");
    }
    let with = |more: &[(&'static str, &'static str)]| -> Vec<(&str, &str)> { form.iter().copied().chain(more.iter().copied()).collect() };
    let basic = Proof::Basic("sales-basic", SECRET);
    for (more, status, code) in [
        (vec![("client_secret", SECRET)], 400, "invalid_request"),
        (vec![("client_id", "sales-basic"), ("client_secret", SECRET)], 400, "invalid_request"),
        (vec![("client_id", "sales-public")], 401, "invalid_client"),
        (vec![("client_id", "sales-basic"), ("client_id", "sales-basic")], 400, "invalid_request"),
    ] {
        let answer = desk.token(basic, &with(&more)).await;
        assert_eq!(answer.refusal(), (status, code.to_owned()), "{more:?}");
        assert_eq!(answer.header("www-authenticate").is_some(), code == "invalid_client");
    }
    // Credentials in the address are not looked at (RFC 6749 section 2.3.1).
    let query = format!("/oauth2/token?client_id=sales-basic&client_secret={SECRET}");
    assert_eq!(desk.post(&query, &form).await.refusal(), (401, "invalid_client".to_owned()));
    assert_eq!(desk.kept().await, before);
    // None of that used the code up; and the scheme is read in any case.
    let encoded = base64::engine::general_purpose::STANDARD.encode(format!("sales-basic:{SECRET}"));
    let request = desk.http.post(desk.url("/oauth2/token")).header("Authorization", format!("bAsIc {encoded}"));
    assert_eq!(desk.send(request.form(&with(&[("client_id", "sales-basic")]))).await.status, 200);
    desk.close().await;
}

async fn a_request_that_makes_no_sense_is_refused(backend: Backend) {
    let desk = Desk::open(backend).await;
    let code_only = Metadata {
        redirect_uris: vec![REDIRECT.to_owned()],
        grant_types: vec![GrantType::AuthorizationCode],
        token_endpoint_auth_method: AuthMethod::None,
        ..Metadata::default()
    };
    desk.house.add_client("plain", Kind::App, Party::First, Some(("sales", "production")), code_only).await;
    let before = desk.kept().await;
    let public = Proof::Public("sales-public");
    let long = "x".repeat(10_000);
    let code = [("grant_type", "authorization_code")];
    let cases: Vec<(Proof<'_>, Fields<'_>, &str)> = vec![
        (public, vec![], "invalid_request"),
        (public, vec![("grant_type", "")], "invalid_request"),
        (public, vec![("grant_type", "password"), ("username", ANA)], "unsupported_grant_type"),
        (public, vec![("grant_type", "implicit")], "unsupported_grant_type"),
        (public, vec![("grant_type", "urn:ietf:params:oauth:grant-type:device_code")], "unsupported_grant_type"),
        (public, vec![("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")], "unsupported_grant_type"),
        (public, vec![("grant_type", "AUTHORIZATION_CODE")], "unsupported_grant_type"),
        (public, vec![code[0], code[0]], "invalid_request"),
        (public, vec![code[0]], "invalid_request"),
        (public, vec![code[0], ("code", "")], "invalid_request"),
        (public, vec![code[0], ("code", "a"), ("code", "b")], "invalid_request"),
        (public, vec![code[0], ("code", "a"), ("redirect_uri", REDIRECT), ("redirect_uri", REDIRECT)], "invalid_request"),
        (public, vec![code[0], ("code", "a"), ("code_verifier", VERIFIER), ("code_verifier", VERIFIER)], "invalid_request"),
        (public, vec![code[0], ("code", "a"), ("unheard-of", "1"), ("unheard-of", "2")], "invalid_request"),
        (public, vec![code[0], ("code", "unknown")], "invalid_grant"),
        (public, vec![code[0], ("code", &long)], "invalid_grant"),
        (public, vec![code[0], ("code", "'; DROP TABLE codes; --")], "invalid_grant"),
        (public, vec![code[0], ("code", "a\0b")], "invalid_grant"),
        (public, vec![("grant_type", "authorization_code\0")], "unsupported_grant_type"),
        (public, vec![("grant_type", "refresh_token")], "invalid_request"),
        (public, vec![("grant_type", "refresh_token"), ("refresh_token", "a"), ("refresh_token", "a")], "invalid_request"),
        (public, vec![("grant_type", "client_credentials")], "unauthorized_client"),
        (Proof::Public("plain"), vec![("grant_type", "refresh_token"), ("refresh_token", "a")], "unauthorized_client"),
        (proof("robot"), vec![code[0], ("code", "a")], "unauthorized_client"),
        (proof("robot"), vec![("grant_type", "refresh_token"), ("refresh_token", "a")], "unauthorized_client"),
    ];
    for (proof, pairs, expected) in cases {
        let answer = desk.token(proof, &pairs).await;
        assert_eq!(answer.refusal(), (400, expected.to_owned()), "{proof:?} {pairs:.200?}");
        assert!(answer.header("www-authenticate").is_none() && answer.body.len() < 500);
    }
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn a_code_is_bound_to_everything_it_was_issued_for(backend: Backend) {
    let desk = Desk::open(backend).await;
    let mut ana = desk.browser();
    let code = desk.code(&mut ana, &Ask::of("sales-basic")).await;
    let before = desk.kept().await;
    let elsewhere = format!("{}/apps/wiki/production", desk.house.issuer);
    let wrong_verifier = "A".repeat(43);
    let long_verifier = VERIFIER.repeat(3);
    let change = |name: &'static str, value: Option<String>| {
        let mut pairs: Vec<(String, String)> =
            code_grant(&code).into_iter().filter(|(has, _)| *has != name).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        pairs.extend(value.map(|value| (name.to_owned(), value)));
        pairs
    };
    let own = proof("sales-basic");
    for (proof, pairs, expected) in [
        (proof("wiki-third"), change("x", None), "invalid_grant"),
        (proof("sales-post"), change("x", None), "invalid_grant"),
        (proof("sales-public"), change("x", None), "invalid_grant"),
        (proof("sales-dev"), change("x", None), "invalid_grant"),
        (own, change("code", Some(format!("{code}A"))), "invalid_grant"),
        (own, change("code", Some(code[1..].to_owned())), "invalid_grant"),
        (own, change("redirect_uri", None), "invalid_grant"),
        (own, change("redirect_uri", Some(String::new())), "invalid_grant"),
        (own, change("redirect_uri", Some(format!("{REDIRECT}/"))), "invalid_grant"),
        (own, change("redirect_uri", Some("https://evil.example/".into())), "invalid_grant"),
        (own, change("code_verifier", None), "invalid_grant"),
        (own, change("code_verifier", Some(wrong_verifier)), "invalid_grant"),
        (own, change("code_verifier", Some(super::CHALLENGE.into())), "invalid_grant"),
        (own, change("code_verifier", Some(VERIFIER.to_lowercase())), "invalid_grant"),
        (own, change("code_verifier", Some("short".into())), "invalid_grant"),
        (own, change("code_verifier", Some(long_verifier)), "invalid_grant"),
        (own, change("resource", Some(elsewhere.clone())), "invalid_target"),
        (own, change("resource", Some("nonsense".into())), "invalid_target"),
    ] {
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(desk.token(proof, &pairs).await.refusal(), (400, expected.to_owned()), "{proof:?} {pairs:?}");
    }
    let mut two = code_grant(&code);
    two.extend([("resource", elsewhere.as_str()), ("resource", elsewhere.as_str())]);
    assert_eq!(desk.token(own, &two).await.refusal(), (400, "invalid_target".to_owned()));
    // All that used nothing up: whoever owns the code still gets what it stands for.
    assert_eq!(desk.kept().await, before);
    let answer = desk.redeem("sales-basic", &code).await;
    let access = answer.token("access_token");
    assert_eq!((answer.header("pragma"), answer.json()["token_type"].as_str()), (Some("no-cache"), Some("Bearer")));
    assert_eq!(desk.userinfo(&access).await.status, 200);
    desk.close().await;
}

async fn a_code_may_be_bound_to_less(backend: Backend) {
    let desk = Desk::open(backend).await;
    let lenient = Metadata { redirect_uris: vec![REDIRECT.to_owned()], require_pkce: false, ..Metadata::default() };
    desk.house.add_client("lenient", Kind::App, Party::First, Some(("sales", "production")), lenient).await;
    let ask = Ask::of("lenient").without("code_challenge").without("code_challenge_method").without("redirect_uri");
    let code = desk.code(&mut desk.browser(), &ask).await;
    let code_only = [("grant_type", "authorization_code"), ("code", code.as_str())];
    // A verifier without challenge means that somebody took the challenge out of the request.
    let refused = desk.token(proof("lenient"), &[code_only[0], code_only[1], ("code_verifier", VERIFIER)]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".to_owned()));
    let refused = desk.token(proof("lenient"), &[code_only[0], code_only[1], ("redirect_uri", "https://evil.example/")]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.token(proof("lenient"), &code_only).await.status, 200);
    // What such a client sends is verified all the same.
    let code = desk.code(&mut desk.browser(), &Ask::of("lenient")).await;
    let refused = desk.token(proof("lenient"), &[("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", REDIRECT)]).await;
    assert_eq!(refused.refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.redeem("lenient", &code).await.status, 200);
    desk.close().await;
}

async fn a_code_ends_with_its_time_its_session_and_its_person(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let refused = async |code: &str| assert_eq!(desk.redeem("sales-public", code).await.refusal(), (400, "invalid_grant".to_owned()));
    let ask = Ask::of("sales-public");
    let mut ana = desk.browser();
    let (late, in_time) = (desk.code(&mut ana, &ask).await, desk.code(&mut ana, &ask).await);
    clock.advance(Duration::from_secs(59));
    assert_eq!(desk.redeem("sales-public", &in_time).await.status, 200);
    clock.advance(Duration::from_secs(1));
    refused(&late).await;

    // Signed out meanwhile.
    let code = desk.code(&mut ana, &ask).await;
    let page = ana.get("/logout").await;
    assert!(ana.submit(&page.form("/logout"), "logout-confirm").await.element("logged-out").is_some());
    refused(&code).await;

    // The client suspended: it is not even heard, and comes back with nothing.
    let code = desk.code(&mut ana, &ask).await;
    desk.suspend("sales-public", true).await;
    assert_eq!(desk.redeem("sales-public", &code).await.refusal(), (401, "invalid_client".to_owned()));
    desk.suspend("sales-public", false).await;
    refused(&code).await;

    // The role taken away, at the stage where it was the only one.
    let code = desk.code(&mut desk.browser(), &Ask::of("sales-dev")).await;
    desk.revoke(ANA, "development", "viewer").await;
    assert_eq!(desk.redeem("sales-dev", &code).await.refusal(), (400, "invalid_grant".to_owned()));

    let code = desk.code(&mut ana, &ask).await;
    desk.deactivate(ANA).await;
    refused(&code).await;
    assert_eq!(desk.kept().await.codes, 0, "none is left that could be tried");
    desk.close().await;
}

async fn a_code_that_comes_twice_ends_everything(backend: Backend) {
    let desk = Desk::open(backend).await;
    let mut ana = desk.browser();
    let code = desk.code(&mut ana, &Ask::of("sales-public")).await;
    let answer = desk.redeem("sales-public", &code).await;
    let (access, refresh) = (answer.token("access_token"), answer.token("refresh_token"));
    let other = desk.code(&mut ana, &Ask::of("sales-basic")).await;
    let other = desk.redeem("sales-basic", &other).await.token("access_token");
    // Somebody else's second try is no replay of ours.
    assert_eq!(desk.redeem("sales-basic", &code).await.refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.userinfo(&access).await.status, 200);
    assert_eq!(desk.redeem("sales-public", &code).await.refusal(), (400, "invalid_grant".to_owned()));
    assert_eq!(desk.userinfo(&access).await.refusal(), (401, "invalid_token".to_owned()));
    assert_eq!(desk.refresh("sales-public", &refresh).await.refusal(), (400, "invalid_grant".to_owned()));
    // The other app, and the session, had no part in it.
    assert_eq!(desk.userinfo(&other).await.status, 200);
    let code = desk.code(&mut ana, &Ask::of("sales-public")).await;
    assert_eq!(desk.redeem("sales-public", &code).await.status, 200);
    desk.close().await;
}

async fn client_credentials_speak_of_no_person(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    let grant = ("grant_type", "client_credentials");
    for scope in ["openid", "profile", "email roles", "offline_access", "groups"] {
        assert_eq!(desk.token(proof("robot"), &[grant, ("scope", scope)]).await.refusal(), (400, "invalid_scope".to_owned()), "{scope}");
    }
    for resource in ["https://elsewhere.example/", "x\0", &format!("{}/apps/sales/production", desk.house.issuer)] {
        assert_eq!(desk.token(proof("robot"), &[grant, ("resource", resource)]).await.refusal(), (400, "invalid_target".to_owned()), "{resource}");
    }
    let two = [grant, ("resource", "a"), ("resource", "b")];
    assert_eq!(desk.token(proof("robot"), &two).await.refusal(), (400, "invalid_target".to_owned()));
    let token = desk.token(proof("robot"), &[grant]).await.token("access_token");
    assert_eq!(claims(&token)["sub"].as_str(), Some("robot"));
    // A machine never gets in where people sign in.
    let page = desk.browser().get_once(&Ask::of("robot").path()).await;
    assert_eq!(page.status, 400);
    assert_page("an API client", &page.headers, &page.body);
    assert!(said(&page.url, "code").is_none());
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}
