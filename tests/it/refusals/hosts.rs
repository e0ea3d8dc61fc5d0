//! What requests say about where they go and where they come from, and what of it is believed.

use super::{ANA, Ask, Desk};
use crate::support::house::{Backend, PASSWORD, link, on_both};

on_both! {
    another_host_is_told_which_one_answers
    no_header_changes_an_address
    cookies_keep_to_their_scheme
}

async fn another_host_is_told_which_one_answers(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    let own = desk.house.issuer.trim_start_matches("http://").to_owned();
    let port = own.rsplit(':').next().expect("a port");
    for host in ["evil.example", &format!("evil.example:{port}"), &format!("127.0.0.1:{port}"), "localhost", "localhost:1", &format!("{own}.evil.example"), ""]
    {
        for path in ["/", "/login", "/oauth2/authorize", "/.well-known/openid-configuration", "/static/x/y", "/nothing"] {
            let answer = desk.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 421 "), "{host}{path}: {answer}");
            assert!(answer.contains(&format!("This server answers for {own}")) && answer.contains(&format!("{host:?}")), "{answer}");
            let lower = answer.to_ascii_lowercase();
            assert!(!lower.contains("set-cookie") && !lower.contains("location:") && lower.contains("cache-control: no-store"), "{answer}");
            assert!(lower.contains("content-type: text/plain") && lower.contains("x-request-id: "), "{answer}");
        }
        let post = format!("POST /oauth2/token HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
        assert!(desk.raw(&post).await.starts_with("HTTP/1.1 421 "), "{host}");
        // Probes come by address.
        for path in ["/healthz", "/readyz"] {
            let answer = desk.raw(&format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")).await;
            assert!(answer.starts_with("HTTP/1.1 200 "), "{host}{path}: {answer}");
        }
    }
    let none = desk.raw("GET /login HTTP/1.0\r\n\r\n").await;
    assert!(none.starts_with("HTTP/1.0 421 "), "{none}");
    let script = desk.raw("GET / HTTP/1.1\r\nHost: <script>alert(1)</script>\r\nConnection: close\r\n\r\n").await;
    assert!(script.starts_with("HTTP/1.1 4") && !script.to_ascii_lowercase().contains("text/html"), "{script}");
    // Names have no case.
    let upper = desk.raw(&format!("GET / HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", own.to_uppercase())).await;
    assert!(upper.starts_with("HTTP/1.1 200 "), "{upper}");
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn no_header_changes_an_address(backend: Backend) {
    // Even a proxy that is trusted says only who the caller is.
    let desk = Desk::open_with(backend, &[("server.trusted_proxies", "127.0.0.1")], gatehouse::base::time::Clock::System).await;
    let strange = [
        ("Forwarded", "for=192.0.2.1;host=evil.example;proto=https"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "https"),
        ("X-Forwarded-Port", "444"),
        ("X-Forwarded-Prefix", "/evil"),
        ("X-Forwarded-Server", "evil.example"),
        ("X-Host", "evil.example"),
        ("X-Original-URL", "/evil"),
        ("X-Rewrite-URL", "/evil"),
        ("X-HTTP-Method-Override", "DELETE"),
        ("Origin", "https://evil.example"),
        ("Referer", "https://evil.example/"),
    ];
    let authorize = Ask::of("sales-public").and("prompt", "none").path();
    for path in ["/.well-known/openid-configuration", "/.well-known/jwks.json", "/", "/login", "/oauth2/logout", &authorize] {
        let plain = desk.get(path).await;
        let request = strange.iter().fold(desk.http.get(desk.url(path)), |request, (name, value)| request.header(*name, *value));
        let answer = desk.send(request).await;
        assert_eq!((answer.status, answer.header("location")), (plain.status, plain.header("location")), "{path}");
        let without_id = |answer: &super::Answer| answer.body.replace(answer.header("x-request-id").expect("an id"), "");
        assert_eq!(without_id(&answer), without_id(&plain), "{path}");
        assert!(!answer.body.contains("evil"));
    }
    // A letter that a request causes: the link is ours.
    desk.house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let invitation = link(&desk.house.letters("bo@acme.example", 1).await[0], &desk.house.issuer);
    let mut browser = desk.browser();
    let page = browser.get(&invitation).await;
    let csrf = page.form("/invitations/accept").press("invitation-accept").1;
    let csrf = csrf.iter().find(|(name, _)| name == "csrf").map(|(_, value)| value.clone()).expect("a token");
    let cookie = format!("invitation={}", browser.cookies.value("invitation").expect("a cookie"));
    let request = strange
        .iter()
        .filter(|(name, _)| *name != "Origin")
        .fold(desk.http.post(desk.url("/invitations/accept")), |request, (name, value)| request.header(*name, *value));
    let answer = desk.send(request.header("Cookie", cookie).form(&[("csrf", csrf.as_str()), ("name", "Bo"), ("password", PASSWORD)])).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let welcome = &desk.house.letters("bo@acme.example", 2).await[1];
    assert!(welcome.text.contains(&desk.house.issuer) && !welcome.text.contains("evil") && !welcome.html.contains("evil"), "{}", welcome.text);
    desk.close().await;
}

async fn cookies_keep_to_their_scheme(backend: Backend) {
    // On this machine without TLS: browsers that keep no secure cookie there can sign in, too.
    let desk = Desk::open(backend).await;
    let mut browser = desk.browser();
    let first = browser.get_once(&Ask::of("sales-public").path()).await;
    let attempt = first.header("set-cookie").expect("a cookie").to_owned();
    assert!(attempt.starts_with("attempt=") && attempt.contains("HttpOnly") && attempt.contains("SameSite=Lax") && attempt.contains("Path=/"), "{attempt}");
    assert!(!attempt.contains("Secure") && !attempt.contains("Domain"), "{attempt}");
    let page = browser.follow(first).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    let signed_in = browser.submit_once(&form, "login-submit").await;
    let session = signed_in.header("set-cookie").expect("a cookie").to_owned();
    assert!(
        session.starts_with("s-production=") && session.contains("HttpOnly") && session.contains("SameSite=Lax") && session.contains("Path=/"),
        "{session}"
    );
    assert!(session.contains(&format!("Max-Age={}", 12 * 3_600)) && !session.contains("Secure") && !session.contains("Domain"), "{session}");
    let value = session.split(['=', ';']).nth(1).expect("a value");
    assert_eq!(value.len(), 43, "256 random bits");
    assert!(browser.refused_cookies.is_empty(), "{:?}", browser.refused_cookies);
    desk.close().await;

    // Behind TLS the names carry the prefix that browsers hold to.
    let desk = Desk::open_public(backend, "https://id.acme.example").await;
    let send = async |request: reqwest::RequestBuilder| desk.send(request.header("Host", "id.acme.example")).await;
    let answer = send(desk.http.get(desk.url(&Ask::of("sales-public").path()))).await;
    let attempt = answer.header("set-cookie").unwrap_or_else(|| panic!("{} {}", answer.status, answer.body)).to_owned();
    assert!(attempt.starts_with("__Host-attempt="), "{attempt}");
    let cookie = attempt.split(';').next().expect("a pair").to_owned();
    let page = send(desk.http.get(desk.url("/login")).header("Cookie", &cookie)).await;
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let form = [("csrf", csrf.as_str()), ("username", ANA), ("password", PASSWORD), ("action", "sign-in")];
    // A cookie without the prefix could have been set by a neighbour: it is not ours.
    let neighbour = send(desk.http.post(desk.url("/login")).header("Cookie", cookie.trim_start_matches("__Host-")).form(&form)).await;
    assert_eq!(neighbour.status, 400);
    let signed_in = send(desk.http.post(desk.url("/login")).header("Cookie", &cookie).form(&form)).await;
    let session = signed_in.header("set-cookie").unwrap_or_else(|| panic!("{}", signed_in.body)).to_owned();
    assert!(session.starts_with("__Host-s-production="), "{session}");
    for cookie in [&attempt, &session] {
        for part in ["; Secure", "; HttpOnly", "; SameSite=Lax", "; Path=/"] {
            assert!(cookie.contains(part), "{part}: {cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    desk.close().await;
}
