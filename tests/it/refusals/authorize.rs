//! The authorization endpoint, where no redirect may be: whose address it would be is unknown or unproved.

use super::{ANA, Ask, Desk, PAGE_POLICY, assert_error_page, assert_page, said};
use crate::support::house::{Backend, REDIRECT, on_both};
use crate::support::page::Page;
use gatehouse::oauth::client::metadata::ApplicationType;
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use url::Url;

on_both! {
    a_request_that_cannot_go_back_is_a_page
    hostile_bytes_are_answered_and_harm_nothing
    a_post_from_another_site_decides_nothing
    an_app_on_a_device_may_change_its_port_and_is_confirmed_every_time
}

const OTHER: &str = "https://two.acme.example/cb";

fn web(redirects: &[&str]) -> Metadata {
    Metadata {
        redirect_uris: redirects.iter().map(ToString::to_string).collect(),
        token_endpoint_auth_method: AuthMethod::None,
        scope: "openid profile email roles".to_owned(),
        ..Metadata::default()
    }
}

async fn a_request_that_cannot_go_back_is_a_page(backend: Backend) {
    let desk = Desk::open(backend).await;
    let sales = Some(("sales", "production"));
    desk.house.add_client("twice", Kind::App, Party::First, sales, web(&[REDIRECT, OTHER])).await;
    desk.house.add_client("asleep", Kind::App, Party::First, sales, web(&[REDIRECT])).await;
    desk.suspend("asleep", true).await;
    let before = desk.kept().await;
    let good = || Ask::of("sales-public");
    let redirect = |uri: &str| ("redirect_uri", good().with("redirect_uri", uri));
    let long = "x".repeat(10_000);
    let cases = [
        ("client_id", good().without("client_id")),
        ("client_id", good().with("client_id", "")),
        ("client_id", good().with("client_id", "nobody")),
        ("client_id", good().with("client_id", "SALES-PUBLIC")),
        ("client_id", good().with("client_id", "' OR '1'='1")),
        ("client_id", good().with("client_id", &long)),
        ("client_id", good().with("client_id", "asleep")),
        ("client_id", good().and("client_id", "sales-public")),
        ("client_id", good().and("client_id", "wiki-third")),
        ("redirect_uri", Ask::of("twice").without("redirect_uri")),
        ("redirect_uri", Ask::of("twice").with("redirect_uri", "")),
        ("redirect_uri", good().and("redirect_uri", REDIRECT)),
        ("redirect_uri", good().and("redirect_uri", "https://evil.example/")),
        redirect("https://evil.example/"),
        redirect("//evil.example/callback"),
        redirect("javascript:alert(1)"),
        redirect("data:text/html,<script>alert(1)</script>"),
        redirect("\"><script>alert(1)</script>"),
        redirect(&long),
        redirect(OTHER),
        redirect(&format!("{REDIRECT}/")),
        redirect(&format!("{REDIRECT}?x=1")),
        redirect(&format!("{REDIRECT}#x")),
        redirect(&format!("{REDIRECT}%00")),
        redirect(&format!(" {REDIRECT}")),
        redirect("https://app.acme.example/a/../callback"),
        redirect("https://app.acme.example/callbac%6b"),
        redirect("https://app.acme.example:10/callback"),
        redirect("https://app.acme.example@evil.example/callback"),
        redirect("HTTPS://app.acme.example/callback"),
        redirect("https://APP.acme.example/callback"),
    ];
    for (parameter, ask) in cases {
        let what = format!("{parameter} of {:.300}", ask.encoded());
        for post in [false, true] {
            let mut browser = desk.browser();
            let page = if post { browser.post_from(&desk.url("/"), "/oauth2/authorize", &ask.pairs()).await } else { browser.get_once(&ask.path()).await };
            assert_error_page(&what, &page, 400);
            let named = page.element("error-page").expect("the page");
            assert!(named.contains(&format!("{parameter}: ")), "{what}: {named}");
            assert!(page.header("set-cookie").is_none() && !page.body.contains("<script>alert"), "{what}: {}", page.body);
            assert!(page.body.len() < 5_000, "what was sent is not repeated at length");
        }
    }
    // Whoever is signed in is answered no differently.
    let mut browser = desk.browser();
    desk.code(&mut browser, &good()).await;
    assert_eq!(browser.get(&good().with("redirect_uri", OTHER).path()).await.status, 400);
    assert_eq!(browser.get(&Ask::of("asleep").path()).await.status, 400);
    desk.suspend("asleep", false).await;
    assert!(browser.get(&Ask::of("asleep").path()).await.location().is_some(), "it was the suspension");
    let after = desk.kept().await;
    assert_eq!((after.users, after.codes), (before.users, before.codes + 2));
    desk.close().await;
}

async fn hostile_bytes_are_answered_and_harm_nothing(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    let good = Ask::of("sales-public");
    // What is no text would come back as something else, so the app is told; NUL is text, which not every database can keep.
    for bytes in ["%FF", "x%C3%28", "%ED%A0%80", "%00", "x%00y"] {
        let is_text = bytes.contains("%00");
        for name in good.0.iter().map(|(name, _)| name.as_str()).chain(["resource", "prompt", "max_age", "login_hint", "id_token_hint", "response_mode"]) {
            let query = format!("{}&{name}={bytes}", good.clone().without(name).encoded());
            let page = desk.browser().get_once(&format!("/oauth2/authorize?{query}")).await;
            if matches!(name, "client_id" | "redirect_uri") {
                assert_error_page(&query, &page, 400);
                assert!(page.element("error-page").is_some_and(|text| text.contains(name)));
                continue;
            }
            let back = page.location().unwrap_or_else(|| panic!("{query}: {} {}", page.status, page.text()));
            let told = said(&back, "error");
            match name {
                _ if !is_text && name != "resource" => assert_eq!(told.as_deref(), Some("invalid_request"), "{query}: {back}"),
                "state" | "login_hint" | "prompt" => assert_eq!((told, back.path()), (None, "/login"), "{query}: {back}"),
                _ => assert!(told.is_some(), "{query}: {back}"),
            }
        }
        // What nobody asks for is ignored, whatever it is.
        let page = desk.browser().get_once(&format!("{}&unknown={bytes}&{bytes}=1", good.path())).await;
        assert_eq!(page.location().map(|to| to.path().to_owned()).as_deref(), Some("/login"));
    }
    let back = desk.browser().get_once(&format!("{}&prompt=none&state=x%00y", good.clone().without("state").path())).await.location().expect("an answer");
    assert_eq!(said(&back, "state").as_deref(), Some("x\0y"));
    let broken = desk.browser().get_once("/oauth2/authorize?%&%zz=%&=&&client_id=%&%20").await;
    assert_error_page("broken escapes", &broken, 400);
    // Much: of one value, and of many.
    let many = (0..5_000).fold(String::new(), |many, n| many + &format!("&x{n}=y"));
    let page = desk.browser().get_once(&format!("{}{many}", good.path())).await;
    assert_eq!(page.location().map(|to| to.path().to_owned()).as_deref(), Some("/login"), "{}", page.text());
    for (name, size, code) in [("nonce", 4_097, "invalid_request"), ("state", 8_193, "invalid_request"), ("scope", 60_000, "invalid_scope")] {
        let page = desk.browser().get_once(&good.clone().with(name, &"x".repeat(size)).path()).await;
        let back = page.location().unwrap_or_else(|| panic!("{name}: {}", page.status));
        assert_eq!(said(&back, "error").as_deref(), Some(code), "{name}");
    }
    let host = desk.house.issuer.trim_start_matches("http://");
    let path = good.with("state", &"x".repeat(100_000)).path();
    let huge = desk.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
    assert!(huge.starts_with("HTTP/1.1 4") && !huge.to_ascii_lowercase().contains("location:"), "{huge:.300}");
    assert_eq!(desk.get("/healthz").await.status, 200);
    let after = desk.kept().await;
    assert_eq!((after.sessions, after.codes, after.users), (before.sessions, before.codes, before.users));
    desk.close().await;
}

async fn a_post_from_another_site_decides_nothing(backend: Backend) {
    let desk = Desk::open(backend).await;
    let state = "a b&c=\"<d>\u{fc}";
    let ask = Ask::of("sales-public").with("state", state).and("prompt", "login").and("resource", "a").and("resource", "b");
    let mut browser = desk.browser();
    desk.code(&mut browser, &Ask::of("sales-public")).await;
    let before = desk.kept().await;
    let evil = "https://evil.example/";
    let page = browser.post_from(evil, "/oauth2/authorize", &ask.pairs()).await;
    assert_eq!(page.status, 200);
    assert_page("continue", &page.headers, &page.body);
    assert_eq!(page.header("content-security-policy"), Some(PAGE_POLICY), "the submission may end at the app");
    assert!(page.header("set-cookie").is_none());
    // Even where a browser would send the cookies they are not looked at, and what is wrong is not judged yet.
    let session = browser.cookies.value("s-production").expect("a session").to_owned();
    for ask in [Ask::of("sales-public"), Ask::of("nobody")] {
        let request = desk.http.post(desk.url("/oauth2/authorize")).header("Sec-Fetch-Site", "cross-site").header("Cookie", format!("s-production={session}"));
        let answer = desk.send(request.form(&ask.pairs())).await;
        assert_eq!((answer.status, answer.header("set-cookie"), answer.header("location")), (200, None, None));
    }
    assert_eq!(desk.kept().await, before);
    // The page posts every field again, from here, and that counts.
    let form = page.form("/oauth2/authorize");
    let (_, mut pairs) = form.press("continue");
    let mut expected = ask.0.clone();
    pairs.sort();
    expected.sort();
    assert_eq!(pairs, expected);
    let back = browser.submit(&form, "continue").await.location().expect("an answer");
    assert_eq!((said(&back, "error").as_deref(), said(&back, "state").as_deref()), (Some("invalid_target"), Some(state)));
    let page = browser.post_from(evil, "/oauth2/authorize", &Ask::of("sales-public").pairs()).await;
    let back = browser.submit(&page.form("/oauth2/authorize"), "continue").await.location().expect("an answer");
    assert!(said(&back, "code").is_some(), "{back}");
    // The same at the logout endpoint.
    let page = browser.post_from(evil, "/oauth2/logout", &[("client_id", "sales-public"), ("state", state)]).await;
    assert_eq!((page.status.as_u16(), page.header("set-cookie")), (200, None));
    assert_page("logout", &page.headers, &page.body);
    let page = browser.submit(&page.form("/oauth2/logout"), "continue").await;
    assert!(page.url.path() == "/logout" && page.text_contains(ANA), "{}", page.text());
    assert_eq!(desk.kept().await.sessions, before.sessions);
    desk.close().await;
}

async fn an_app_on_a_device_may_change_its_port_and_is_confirmed_every_time(backend: Backend) {
    let desk = Desk::open(backend).await;
    let metadata = |uri: &str| Metadata { application_type: ApplicationType::Native, ..web(&[uri, "com.acme.sales:/cb"]) };
    desk.house.add_client("native", Kind::App, Party::First, Some(("sales", "production")), metadata("http://127.0.0.1/cb")).await;
    let ask = |uri: &str| Ask::of("native").with("redirect_uri", uri);
    for bad in ["http://127.0.0.1:4711/other", "http://localhost:4711/cb", "http://[::1]:4711/cb", "http://127.0.0.1:80@evil.example/cb", "com.acme.sales:/cb2"]
    {
        let page = desk.browser().get_once(&ask(bad).path()).await;
        assert_error_page(bad, &page, 400);
    }
    let mut browser = desk.browser();
    let page = browser.get(&ask("http://127.0.0.1:4711/cb").path()).await;
    let mut page: Page = crate::story::sign_in(&mut browser, &page, ANA, crate::support::house::PASSWORD).await;
    for uri in ["http://127.0.0.1:4711/cb", "http://127.0.0.1:4712/cb", "com.acme.sales:/cb"] {
        if page.location().is_some() {
            page = browser.get(&ask(uri).path()).await;
        }
        assert!(page.url.path() == "/consent" && page.text_contains("another program can use its name"), "{uri}: {}", page.text());
        let codes = desk.kept().await.codes;
        let silent = browser.get(&ask(uri).with("prompt", "none").path()).await.location().expect("an answer");
        assert_eq!(said(&silent, "error").as_deref(), Some("interaction_required"));
        assert_eq!(desk.kept().await.codes, codes);
        // The question of the other window stands.
        page = browser.submit(&page.form("/consent"), "consent-allow").await;
        let back: Url = page.location().unwrap_or_else(|| panic!("{uri}: {}", page.text()));
        assert!(back.as_str().starts_with(&format!("{uri}?")) && said(&back, "code").is_some(), "{back}");
    }
    desk.close().await;
}
