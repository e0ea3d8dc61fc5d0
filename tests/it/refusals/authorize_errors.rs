//! The authorization endpoint, where the app is told: by a redirect that says so and nothing else.

use super::{ANA, Ask, Desk, NORA, OLGA, claims, said};
use crate::support::house::{Backend, REDIRECT, on_both};
use gatehouse::oauth::client::{AuthMethod, GrantType, Kind, Metadata, Party};
use std::collections::BTreeMap;
use std::time::Duration;
use url::{Url, form_urlencoded};

on_both! {
    what_is_wrong_is_told_to_the_app_and_nothing_else_happens
    a_doubled_parameter_is_refused
    a_silent_request_shows_no_page
    what_is_merely_strange_is_let_through
    a_hint_names_who_it_must_be
}

/// Everything that an error says, in the query or the fragment.
fn spoken(encoded: &str) -> BTreeMap<String, String> {
    form_urlencoded::parse(encoded.as_bytes()).into_owned().collect()
}

fn assert_error(desk: &Desk, back: &Url, code: &str, state: Option<&str>) {
    assert!(back.as_str().starts_with(&format!("{REDIRECT}?")), "{back}");
    let said = spoken(back.query().unwrap_or_default());
    assert_eq!(said.get("error").map(String::as_str), Some(code), "{back}");
    assert_eq!(said.get("state").map(String::as_str), state, "{back}");
    assert_eq!(said.get("iss"), Some(&desk.house.issuer), "RFC 9207: {back}");
    let more: Vec<_> = said.keys().filter(|name| !["error", "error_description", "state", "iss"].contains(&name.as_str())).collect();
    assert!(more.is_empty() && back.fragment().is_none(), "{more:?} in {back}");
    assert!(said["error_description"].bytes().all(|b| (0x20..0x7f).contains(&b) && b != b'"' && b != b'\\'), "RFC 6749 section 4.1.2.1: {back}");
}

async fn what_is_wrong_is_told_to_the_app_and_nothing_else_happens(backend: Backend) {
    let desk = Desk::open(backend).await;
    let plain = Metadata {
        redirect_uris: vec![REDIRECT.to_owned()],
        scope: "openid".to_owned(),
        require_pkce: false,
        token_endpoint_auth_method: AuthMethod::ClientSecretBasic,
        ..Metadata::default()
    };
    let machine = Metadata { grant_types: vec![GrantType::ClientCredentials], ..plain.clone() };
    desk.house.add_client("lenient", Kind::App, Party::First, Some(("sales", "production")), plain).await;
    desk.house.add_client("machine", Kind::App, Party::First, Some(("sales", "production")), machine).await;
    let before = desk.kept().await;
    let good = || Ask::of("sales-public");
    let bare = |client: &str| Ask::of(client).without("code_challenge").without("code_challenge_method");
    let challenge = |text: &str| good().with("code_challenge", text);
    let cases = [
        ("invalid_request", good().without("response_type")),
        ("invalid_request", good().with("response_type", "")),
        ("unsupported_response_type", good().with("response_type", "token")),
        ("unsupported_response_type", good().with("response_type", "id_token")),
        ("unsupported_response_type", good().with("response_type", "code token")),
        ("unsupported_response_type", good().with("response_type", "CODE")),
        ("invalid_request", good().and("response_mode", "form_post")),
        ("invalid_request", good().and("response_mode", "query.jwt")),
        ("invalid_request", good().and("response_mode", "nonsense")),
        ("invalid_scope", Ask::of("lenient").with("scope", "email phone")),
        ("invalid_scope", good().with("scope", "unheard-of")),
        ("invalid_scope", good().with("scope", "a\"b")),
        ("invalid_scope", good().with("scope", "open\u{ef}d")),
        // PKCE.
        ("invalid_request", bare("sales-public")),
        ("invalid_request", bare("sales-basic")),
        ("invalid_request", bare("sales-post")),
        ("invalid_request", good().with("code_challenge_method", "plain")),
        ("invalid_request", good().with("code_challenge_method", "s256")),
        ("invalid_request", good().without("code_challenge_method")),
        ("invalid_request", good().without("code_challenge")),
        ("invalid_request", Ask::of("lenient").with("code_challenge_method", "plain")),
        ("invalid_request", Ask::of("lenient").without("code_challenge_method")),
        ("invalid_request", Ask::of("lenient").without("code_challenge")),
        ("invalid_request", challenge("short")),
        ("invalid_request", challenge(&"A".repeat(44))),
        ("invalid_request", challenge(&"A".repeat(5_000))),
        ("invalid_request", challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM=")),
        ("invalid_request", challenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw+cM")),
        // Prompts and ages.
        ("login_required", good().and("prompt", "none")),
        ("invalid_request", good().and("prompt", "none login")),
        ("invalid_request", good().and("prompt", "consent none")),
        ("invalid_request", good().and("max_age", "soon")),
        ("invalid_request", good().and("max_age", "-1")),
        ("invalid_request", good().and("max_age", "1.5")),
        ("invalid_request", good().and("max_age", "99999999999999999999999")),
        // What we do not have.
        ("request_not_supported", good().and("request", "eyJhbGciOiJub25lIn0.e30.")),
        ("request_uri_not_supported", good().and("request_uri", "https://sales.acme.example/request")),
        ("request_uri_not_supported", good().and("request_uri", "urn:ietf:params:oauth:request_uri:x")),
        ("invalid_request", good().and("claims", "{")),
        ("invalid_request", good().and("claims", "[]")),
        ("invalid_request", good().and("claims", r#"{"id_token":true}"#)),
        ("invalid_request", good().and("claims", r#"{"userinfo":{"email":"yes"}}"#)),
        ("invalid_request", good().and("claims", &format!(r#"{{"x":"{}"}}"#, "y".repeat(8_200)))),
        ("unmet_authentication_requirements", good().and("claims", r#"{"id_token":{"acr":{"essential":true,"values":["phr"]}}}"#)),
        ("invalid_request", good().and("id_token_hint", "forged")),
        ("invalid_request", good().and("id_token_hint", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbmEifQ.")),
        ("invalid_target", good().and("resource", "https://elsewhere.example/")),
        ("invalid_target", good().and("resource", &format!("{}/apps/sales/development", desk.house.issuer))),
        ("invalid_target", good().and("resource", &format!("{}/apps/wiki/production", desk.house.issuer))),
        ("invalid_target", good().and("resource", &format!("{}/api", desk.house.issuer))),
        ("unauthorized_client", Ask::of("machine")),
    ];
    for (code, ask) in &cases {
        for post in [false, true] {
            let mut browser = desk.browser();
            let page = if post { browser.post_from(&desk.url("/"), "/oauth2/authorize", &ask.pairs()).await } else { browser.get_once(&ask.path()).await };
            assert_eq!(page.status, 303, "{code} of {}: {}", ask.encoded(), page.text());
            assert!(page.header("set-cookie").is_none() && page.header("cache-control") == Some("no-store"));
            assert_error(&desk, &page.location().expect("a redirect"), code, Some("as it was"));
        }
    }
    // In the fragment, when that was asked for.
    let back = desk.browser().get_once(&good().and("response_mode", "fragment").and("prompt", "none").path()).await.location().expect("a redirect");
    assert_eq!(back.query(), None);
    let said = spoken(back.fragment().expect("a fragment"));
    assert_eq!(said.get("error").map(String::as_str), Some("login_required"));
    assert_eq!((said.get("state").map(String::as_str), said.get("iss")), (Some("as it was"), Some(&desk.house.issuer)));
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn a_doubled_parameter_is_refused(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (before, good) = (desk.kept().await, || Ask::of("sales-public"));
    // With the same value too. A doubled state has no right one to return.
    for (name, value) in good()
        .and("response_mode", "query")
        .and("prompt", "login")
        .and("max_age", "1")
        .and("login_hint", "x")
        .and("claims", "{}")
        .and("id_token_hint", "x")
        .and("unheard-of", "x")
        .0
    {
        if matches!(name.as_str(), "client_id" | "redirect_uri") {
            continue;
        }
        let ask = good().with(&name, &value).and(&name, &value);
        let back = desk.browser().get_once(&ask.path()).await.location().unwrap_or_else(|| panic!("{name}"));
        assert_error(&desk, &back, "invalid_request", (name != "state").then_some("as it was"));
    }
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn a_silent_request_shows_no_page(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let silent = |client: &str| Ask::of(client).and("prompt", "none");
    let mut ana = desk.browser();
    assert_eq!(said(&ana.get(&silent("sales-public").path()).await.location().expect("an answer"), "error").as_deref(), Some("login_required"));
    desk.code(&mut ana, &Ask::of("sales-public")).await;
    let before = desk.kept().await;
    for (code, ask) in
        [("consent_required", silent("wiki-third")), ("login_required", silent("sales-dev")), ("login_required", silent("sales-public").and("max_age", "0"))]
    {
        // Later, so that the sign-in is older than nothing.
        clock.advance(Duration::from_secs(1));
        let page = ana.get_once(&ask.path()).await;
        assert_error(&desk, &page.location().unwrap_or_else(|| panic!("{code}: {}", page.text())), code, Some("as it was"));
        assert!(page.header("set-cookie").is_none());
    }
    assert_eq!(desk.kept().await, before);
    assert!(said(&ana.get(&silent("sales-public").path()).await.location().expect("an answer"), "code").is_some());

    // Somebody without a role in the app: told after the sign-in, and silently.
    let mut nora = desk.browser();
    let back = desk.visit(&mut nora, &Ask::of("sales-public"), NORA).await;
    assert_error(&desk, &back, "access_denied", Some("as it was"));
    let back = nora.get(&silent("sales-public").path()).await.location().expect("an answer");
    assert_error(&desk, &back, "access_denied", Some("as it was"));
    // An organization role opens no door either.
    let back = desk.visit(&mut desk.browser(), &Ask::of("sales-public"), OLGA).await;
    assert_error(&desk, &back, "access_denied", Some("as it was"));
    desk.close().await;
}

async fn what_is_merely_strange_is_let_through(backend: Backend) {
    let desk = Desk::open(backend).await;
    let mut ana = desk.browser();
    desk.code(&mut ana, &Ask::of("sales-public")).await;
    let good = || Ask::of("sales-public");
    let mut answered = async |ask: &Ask| {
        let page = ana.get_once(&ask.path()).await;
        let back = page.location().unwrap_or_else(|| panic!("{}: {}", ask.encoded(), page.text()));
        assert!(said(&back, "code").is_some(), "{}: {back}", ask.encoded());
        assert_eq!(said(&back, "iss").as_deref(), Some(desk.house.issuer.as_str()), "{back}");
        assert!(said(&back, "error").is_none());
        back
    };
    // Unknown, empty, tolerated, unheard of.
    for ask in [
        good().and("unheard-of", "x").and("X-Y", "<>"),
        good().and("prompt", "").and("request", "").and("max_age", "").and("response_mode", "").and("resource", "").and("claims_locales", ""),
        good().and("display", "popup").and("ui_locales", "xx yy").and("claims_locales", "de").and("login_hint", "who@ever.example").and("acr_values", "x"),
        good().and("prompt", "hop"),
        good().with("scope", "openid openid unheard-of"),
        good().and("max_age", "100000"),
        good().and("resource", &format!("{}/apps/sales/production", desk.house.issuer)),
        good().without("redirect_uri"),
        good().without("scope"),
        good().without("nonce"),
        Ask(good().0.into_iter().rev().collect()),
    ] {
        assert_eq!(said(&answered(&ask).await, "state").as_deref(), Some("as it was"));
    }
    assert_eq!(said(&answered(&good().without("state")).await, "state"), None);
    assert_eq!(said(&answered(&good().with("state", "")).await, "state"), None);
    // State and nonce come back byte by byte.
    let strange = "a b+c&d=e?f#g%20%41/\\\"'<h>\u{e4}\u{1f511}\u{202e}\t\r\n~".to_owned();
    for state in [strange.clone(), "x".repeat(512), strange.repeat(80), "\u{1f511}".repeat(2_000)] {
        assert_eq!(said(&answered(&good().with("state", &state)).await, "state").as_deref(), Some(state.as_str()));
        let refused = desk.browser().get_once(&good().with("state", &state).and("prompt", "none").path()).await.location().expect("a redirect");
        assert_eq!(said(&refused, "state"), Some(state));
    }
    for nonce in ["n".repeat(512), strange] {
        let back = answered(&good().with("nonce", &nonce)).await;
        let answer = desk.redeem("sales-public", &said(&back, "code").expect("a code")).await;
        assert_eq!(claims(&answer.token("id_token"))["nonce"].as_str(), Some(nonce.as_str()));
    }
    desk.close().await;

    // A registered query stays, before everything else.
    let desk = Desk::open(backend).await;
    let uri = "https://app.acme.example/cb?tenant=1&state=theirs";
    let metadata = Metadata { redirect_uris: vec![uri.to_owned()], token_endpoint_auth_method: AuthMethod::None, ..Metadata::default() };
    desk.house.add_client("with-query", Kind::App, Party::First, Some(("sales", "production")), metadata).await;
    let back = desk.browser().get_once(&Ask::of("with-query").with("redirect_uri", uri).and("prompt", "none").path()).await.location().expect("a redirect");
    assert!(back.as_str().starts_with(&format!("{uri}&error=login_required&")), "{back}");
    desk.close().await;
}

async fn a_hint_names_who_it_must_be(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (mut ana, tokens) = desk.tokens("sales-public", "openid", ANA).await;
    let hint = tokens.token("id_token");
    let hinted = |hint: &str| Ask::of("wiki-third").and("id_token_hint", hint);
    let silent = Ask::of("sales-public").and("prompt", "none");
    assert!(said(&ana.get(&silent.clone().and("id_token_hint", &hint).path()).await.location().expect("an answer"), "code").is_some());
    // Altered, or no ID token: an access token says who it is, too, and yet proves nothing here.
    let altered = format!("{}A", &hint[..hint.len() - 2]);
    let payload = hint.replacen('.', ".e30", 1);
    for bad in [altered.as_str(), payload.as_str(), &tokens.token("access_token")] {
        let back = ana.get(&silent.clone().and("id_token_hint", bad).path()).await.location().expect("an answer");
        assert_error(&desk, &back, "invalid_request", Some("as it was"));
    }
    // Another browser, where somebody else is signed in.
    let mut nora = desk.browser();
    desk.visit(&mut nora, &Ask::of("sales-public"), NORA).await;
    let back = nora.get(&silent.and("id_token_hint", &hint).path()).await.location().expect("an answer");
    assert_error(&desk, &back, "login_required", Some("as it was"));
    let page = nora.get(&hinted(&hint).path()).await;
    assert!(page.element("login-submit").is_some(), "{}", page.text());
    let back = crate::story::sign_in(&mut nora, &page, NORA, crate::support::house::PASSWORD).await.location().expect("an answer");
    assert_error(&desk, &back, "login_required", Some("as it was"));
    assert_eq!(desk.kept().await.codes, 1, "only the first silent one got a code that waits");
    desk.close().await;
}
