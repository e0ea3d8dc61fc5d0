//! Signing in: what an attacker learns (nothing), and what a form from elsewhere does (nothing).

use super::{ANA, Answer, Ask, Desk, NORA, assert_error_page, said};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, on_both};
use crate::support::page::Page;
use std::time::{Duration, Instant};

type Headers<'a> = Vec<(&'a str, &'a str)>;

on_both! {
    wrong_is_wrong_whoever_it_is
    nobody_is_told_apart_by_time
    only_our_own_form_counts
    what_was_begun_in_one_browser_is_not_finished_in_another
    an_attempt_is_completed_once_and_in_time
    whoever_goes_back_is_sent_back
    nobody_signs_in_who_is_not_here
}

/// The page with what a person typed and its own form taken out.
fn same_page(page: &Page) -> String {
    let (_, pairs) = page.form("/login").press("login-submit");
    let mut body = page.body.clone();
    for (name, value) in pairs.iter().filter(|(name, value)| name != "action" && !value.is_empty()) {
        let escaped = value.replace('&', "&#38;").replace('<', "&#60;").replace('>', "&#62;").replace('"', "&#34;").replace('\'', "&#39;");
        body = body.replace(&escaped, name);
    }
    body
}

async fn begin(desk: &Desk) -> (Browser, Page) {
    let mut browser = desk.browser();
    let page = browser.get(&Ask::of("sales-public").path()).await;
    assert!(page.element("login-submit").is_some(), "{}", page.text());
    (browser, page)
}

async fn wrong_is_wrong_whoever_it_is(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let (mut browser, page) = begin(&desk).await;
    let before = desk.kept().await;
    let long = "x".repeat(10_000);
    let long_address = format!("{long}@acme.example");
    let first = story::sign_in(&mut browser, &page, "who@acme.example", "something else").await;
    let expected = same_page(&first);
    assert_eq!(first.element("login-error").as_deref(), Some("That e-mail and password do not belong together."));
    for (email, password) in [
        (ANA, "wrong"),
        (ANA, ""),
        (ANA, "Correct horse battery staple"),
        (ANA, "correct horse battery staple "),
        (NORA, &long),
        ("bo@acme.example", PASSWORD),
        ("", PASSWORD),
        ("ana-without-domain", PASSWORD),
        ("ana@acme.example@acme.example", PASSWORD),
        ("ana@acme.example'; DROP TABLE users; --", PASSWORD),
        ("' OR '1'='1", "' OR '1'='1"),
        ("<script>alert(1)</script>@acme.example", PASSWORD),
        ("\"><img src=x onerror=alert(1)>", PASSWORD),
        ("ana@acme.example\u{202e}", PASSWORD),
        ("\u{430}na@acme.example", PASSWORD),
        (&long_address, PASSWORD),
        (&long_address, &long),
    ] {
        let answer = story::sign_in(&mut browser, &page, email, password).await;
        assert_eq!(answer.status, 422, "{email:.60}");
        super::assert_page(email, &answer.headers, &answer.body);
        assert_eq!(answer.header("set-cookie"), None);
        assert!(!answer.body.contains("<script>") && !answer.body.contains("<img"), "{}", answer.body);
        // What was typed stands there again for the person to mend; nothing else differs.
        let mut typed = same_page(&answer);
        if email.is_empty() {
            typed = typed.replace("value=\"\"", "value=\"username\"").replace(" autofocus", "");
        }
        assert_eq!(same(&typed), same(&expected), "{email:.60}");
    }
    // NUL is no text for a database, and no address.
    let answer = story::sign_in(&mut browser, &page, "ana\0@acme.example", PASSWORD).await;
    assert_eq!((answer.status.as_u16(), answer.element("login-error")), (422, first.element("login-error")));
    assert_eq!(desk.kept().await, before);
    // None of that stands in the way of the right ones, in another case of the address.
    let page = story::sign_in(&mut browser, &page, " ANA@Acme.Example ", PASSWORD).await;
    assert!(said(&story::callback(&page), "code").is_some());
    desk.close().await;
}

/// Where the cursor stands depends on what was typed.
fn same(page: &str) -> String {
    page.replace(" autofocus", "")
}

async fn nobody_is_told_apart_by_time(backend: Backend) {
    let desk = Desk::open(backend).await;
    // The passwords of the seed were hashed elsewhere at a lower cost; a sign-in hashes them anew.
    for email in [ANA, NORA] {
        desk.visit(&mut desk.browser(), &Ask::of("sales-public"), email).await;
    }
    let (mut browser, page) = begin(&desk).await;
    let mut fastest = [Duration::MAX; 2];
    for n in 0..8 {
        let known = if n % 2 == 0 { ANA } else { NORA };
        let unknown = format!("nobody-{n}@acme.example");
        for (which, email) in [known, &unknown].into_iter().enumerate() {
            let began = Instant::now();
            assert_eq!(story::sign_in(&mut browser, &page, email, "wrong").await.status, 422);
            fastest[which] = fastest[which].min(began.elapsed());
        }
    }
    let [known, unknown] = fastest;
    assert!(unknown * 3 > known && known * 3 > unknown, "known {known:?}, unknown {unknown:?}");
    desk.close().await;
}

async fn only_our_own_form_counts(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (browser, page) = begin(&desk).await;
    let before = desk.kept().await;
    let (_, pairs) = page.form("/login").fill("username", ANA).fill("password", PASSWORD).press("login-submit");
    let cookie = format!("attempt={}", browser.cookies.value("attempt").expect("a cookie"));
    let (_, theirs) = begin(&desk).await;
    let foreign = theirs.form("/login").press("login-submit").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let send = async |csrf: Option<&str>, headers: &[(&str, &str)]| -> Answer {
        let mut form: Vec<(String, String)> = pairs.iter().filter(|(name, _)| name != "csrf").cloned().collect();
        form.extend(csrf.map(|csrf| ("csrf".to_owned(), csrf.to_owned())));
        let request = desk.http.post(desk.url("/login")).header("Cookie", &cookie).form(&form);
        desk.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await
    };
    let own = &pairs.iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let issuer = desk.house.issuer.clone();
    let cases: Vec<(Option<&str>, Headers<'_>)> = vec![
        (None, vec![]),
        (Some(""), vec![]),
        (Some("x"), vec![]),
        (Some(&own[1..]), vec![]),
        (Some(&foreign), vec![]),
        (Some(own), vec![("Origin", "https://evil.example")]),
        (Some(own), vec![("Origin", "http://localhost:1")]),
        (Some(own), vec![("Origin", "https://evil.example"), ("Sec-Fetch-Site", "same-origin")]),
        (Some(own), vec![("Sec-Fetch-Site", "cross-site")]),
        (Some(own), vec![("Sec-Fetch-Site", "same-site")]),
        (Some(own), vec![("Sec-Fetch-Site", "cross-site"), ("Origin", "null")]),
        (Some(own), vec![("Sec-Fetch-Site", "cross-site"), ("Origin", &issuer)]),
    ];
    for (csrf, headers) in &cases {
        let answer = send(*csrf, headers).await;
        assert_eq!(answer.status, 403, "{csrf:?} {headers:?}: {}", answer.body);
        super::assert_page("stale", &answer.headers, &answer.body);
        assert!(answer.body.contains("This page is out of date") && answer.body.contains("id=\"error-page\""));
        assert!(answer.header("set-cookie").is_none());
    }
    // Twice the token is none.
    let mut twice = pairs.clone();
    twice.push(("csrf".into(), own.clone()));
    let answer = desk.send(desk.http.post(desk.url("/login")).header("Cookie", &cookie).form(&twice)).await;
    assert_eq!(answer.status, 403);
    // Cancelling needs the token as well.
    let cancel = [("action", "cancel"), ("csrf", "x")];
    assert_eq!(desk.send(desk.http.post(desk.url("/login")).header("Cookie", &cookie).form(&cancel)).await.status, 403);
    let kept = desk.kept().await;
    assert_eq!((kept.sessions, kept.attempts, kept.codes), (before.sessions, before.attempts + 1, before.codes));
    // The same form from our own page goes through, also where a browser says nothing of where it began.
    for headers in [vec![], vec![("Sec-Fetch-Site", "same-origin"), ("Origin", "null")], vec![("Origin", issuer.as_str())]] {
        let answer = send(Some(own), &headers).await;
        assert_eq!((answer.status, answer.header("location")), (303, Some("/login")), "{headers:?}");
    }
    desk.close().await;
}

async fn what_was_begun_in_one_browser_is_not_finished_in_another(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (mut victim, page) = begin(&desk).await;
    let before = desk.kept().await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    // Without any attempt.
    let mut other = desk.browser();
    for answer in [other.submit(&form, "login-submit").await, other.get("/login").await, other.get("/consent").await] {
        assert_error_page("no attempt", &answer, 400);
        assert!(answer.text_contains("Nothing to sign in to") && answer.header("set-cookie").is_none());
    }
    // With an attempt of its own.
    let (mut other, _) = begin(&desk).await;
    let answer = other.submit(&form, "login-submit").await;
    assert_error_page("another's form", &answer, 403);
    // With a made-up one.
    let mut third = desk.browser();
    for value in ["x", &"A".repeat(43), &"A".repeat(10_000), "' OR 1=1 --", "%00"] {
        third.cookies.take(&page.url, &format!("attempt={value}; Path=/")).expect("a cookie");
        assert_error_page(value, &third.submit(&form, "login-submit").await, 400);
    }
    let kept = desk.kept().await;
    assert_eq!((kept.sessions, kept.codes, kept.authorizations), (before.sessions, before.codes, before.authorizations));
    // The first browser goes on as if nothing had been.
    let page = victim.submit(&form, "login-submit").await;
    assert!(said(&story::callback(&page), "code").is_some());
    assert!(other.get(&Ask::of("sales-public").and("prompt", "none").path()).await.location().is_some_and(|to| said(&to, "code").is_none()));
    desk.close().await;
}

async fn an_attempt_is_completed_once_and_in_time(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let (mut browser, page) = begin(&desk).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    let signed_in = browser.submit_once(&form, "login-submit").await;
    // A second window of this browser: the same attempt, and now the same session.
    let copy = browser.cookies.clone();
    let page = browser.follow(signed_in).await;
    assert!(said(&story::callback(&page), "code").is_some());
    assert!(page.header("set-cookie").is_some_and(|cookie| cookie.starts_with("attempt=;")), "the cookie goes with the attempt");
    let codes = desk.kept().await.codes;
    let mut second = desk.browser();
    second.cookies = copy;
    for answer in [second.get("/login").await, second.submit(&form, "login-submit").await, second.get("/consent").await] {
        assert_error_page("completed", &answer, 400);
        assert!(answer.text_contains("is already complete"));
    }
    assert_eq!(desk.kept().await.codes, codes);

    // Two windows at the very same moment: one code.
    let (mut one, page) = begin(&desk).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    one.submit_once(&form, "login-submit").await;
    let mut two = desk.browser();
    two.cookies = one.cookies.clone();
    let before = desk.kept().await.codes;
    let (one, two) = futures_util::join!(one.get_once("/login"), two.get_once("/login"));
    let mut statuses = [one.status.as_u16(), two.status.as_u16()];
    statuses.sort_unstable();
    assert!(statuses == [303, 400] || statuses == [303, 409], "{statuses:?}");
    assert_eq!(desk.kept().await.codes, before + 1);

    // An hour later.
    let (mut late, page) = begin(&desk).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    clock.advance(Duration::from_secs(3_599));
    assert_eq!(late.get_once("/login").await.status, 200);
    clock.advance(Duration::from_secs(1));
    let sessions = desk.kept().await.sessions;
    assert_error_page("expired", &late.submit(&form, "login-submit").await, 400);
    assert_eq!(desk.kept().await.sessions, sessions);
    desk.close().await;
}

async fn whoever_goes_back_is_sent_back(backend: Backend) {
    let desk = Desk::open(backend).await;
    let (mut browser, page) = begin(&desk).await;
    let before = desk.kept().await;
    let back = browser.submit_once(&page.form("/login"), "login-cancel").await;
    assert!(back.header("set-cookie").is_some_and(|cookie| cookie.starts_with("attempt=;")));
    let back = story::callback(&back);
    assert_eq!(said(&back, "error").as_deref(), Some("access_denied"));
    assert_eq!((said(&back, "state").as_deref(), said(&back, "iss").as_deref()), (Some("as it was"), Some(desk.house.issuer.as_str())));
    assert_error_page("cancelled", &browser.get("/login").await, 400);
    let kept = desk.kept().await;
    assert_eq!((kept.attempts, kept.sessions, kept.codes), (before.attempts - 1, before.sessions, before.codes));
    desk.close().await;
}

async fn nobody_signs_in_who_is_not_here(backend: Backend) {
    let desk = Desk::open(backend).await;
    desk.house.invite("bo@acme.example --role sales/production/viewer").await.expect("invited");
    let (mut ana, _) = desk.tokens("sales-public", "openid", ANA).await;
    let (mut waiting, page) = begin(&desk).await;
    desk.deactivate(ANA).await;
    let before = desk.kept().await;
    let wrong = story::sign_in(&mut waiting, &page, "who@acme.example", PASSWORD).await;
    for email in [ANA, "bo@acme.example"] {
        let answer = story::sign_in(&mut waiting, &page, email, PASSWORD).await;
        assert_eq!((answer.status, same(&same_page(&answer))), (wrong.status, same(&same_page(&wrong))), "{email}");
    }
    // The session that was there is none any more, without a word about why.
    let page = ana.get(&Ask::of("sales-public").path()).await;
    assert!(page.element("login-submit").is_some(), "{}", page.text());
    let kept = desk.kept().await;
    assert_eq!((kept.sessions, kept.codes, kept.attempts), (0, before.codes, before.attempts + 1));
    desk.close().await;
}
