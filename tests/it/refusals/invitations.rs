//! Invitations: links that are over, forms that are stale, names and passwords that will not do, addresses that are one.

use super::{ANA, Ask, Desk, assert_error_page, assert_page, said};
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, link, on_both};
use crate::support::page::Page;
use gatehouse::identity::user;
use std::time::Duration;

on_both! {
    a_link_that_is_over_says_so_and_goes
    an_invitation_is_accepted_once
    names_and_passwords_that_will_not_do
    only_our_own_form_decides
    one_address_is_one_person
    a_name_is_shown_as_a_name
}

const BO: &str = "bo@acme.example";
const ROLE: &str = "--role sales/production/viewer";

/// Invites somebody; answers the link of the newest letter.
async fn invite(desk: &Desk, line: &str, to: &str, letters: usize) -> String {
    desk.house.invite(line).await.expect("invited");
    link(desk.house.letters(to, letters).await.last().expect("a letter"), &desk.house.issuer)
}

fn assert_notice(page: &Page, status: u16, title: &str) {
    assert_eq!(page.status.as_u16(), status, "{}", page.text());
    assert_page(title, &page.headers, &page.body);
    assert!(page.text_contains(title), "{}", page.text());
    assert!(page.header("set-cookie").is_some_and(|cookie| cookie.starts_with("invitation=;")), "the cookie goes");
}

async fn accept(browser: &mut Browser, page: &Page, name: &str, password: &str) -> Page {
    browser.submit_once(&page.form("/invitations/accept").fill("name", name).fill("password", password), "invitation-accept").await
}

async fn a_link_that_is_over_says_so_and_goes(backend: Backend) {
    let (desk, clock) = Desk::with_clock(backend, &[]).await;
    let before = desk.kept().await;
    // Never there.
    let never = format!("{}/invitations/{}", desk.house.issuer, "A".repeat(43));
    let mut browser = desk.browser();
    assert_notice(&browser.get(&never).await, 404, "Invitation not found");
    assert_eq!(browser.cookies.value("invitation"), None);
    for malformed in ["x".repeat(42), "x".repeat(44), "x".repeat(5_000), "..%2f..".to_owned(), "%2527".to_owned()] {
        assert_notice(&browser.get(&format!("/invitations/{malformed}")).await, 404, "Invitation not found");
    }
    // Replaced by a newer letter.
    let old = invite(&desk, &format!("{BO} {ROLE}"), BO, 1).await;
    let page = browser.get(&old).await;
    assert_eq!(page.url.path(), "/invitations/accept");
    let new = invite(&desk, &format!("{BO} --resend"), BO, 2).await;
    assert_ne!(old, new);
    // The form that was open meanwhile does nothing either.
    assert_notice(&accept(&mut browser, &page, "Bo", PASSWORD).await, 404, "Invitation not found");
    assert_notice(&browser.get(&old).await, 404, "Invitation not found");
    assert!(browser.get(&new).await.text_contains("Viewer"));
    // Taken back.
    let page = browser.get(&new).await;
    desk.house.invite(&format!("{BO} --revoke")).await.expect("revoked");
    assert_notice(&accept(&mut browser, &page, "Bo", PASSWORD).await, 404, "Invitation not found");
    assert_notice(&browser.get(&new).await, 404, "Invitation not found");
    // Declined: by a form, then nobody is there any more.
    let declined = invite(&desk, &format!("{BO} {ROLE}"), BO, 3).await;
    let page = browser.get(&declined).await;
    let form = page.form("/invitations/decline");
    assert_notice(&browser.submit_once(&form, "invitation-decline").await, 200, "Invitation declined");
    let again = browser.get(&declined).await;
    assert_notice(&again, 404, "Invitation not found");
    assert_notice(&browser.submit_once(&form, "invitation-decline").await, 404, "Invitation not found");
    assert_eq!(desk.kept().await, before, "whoever never came left nothing behind");
    // Expired, while its form was open.
    let expired = invite(&desk, &format!("{BO} {ROLE}"), BO, 4).await;
    let page = browser.get(&expired).await;
    clock.advance(Duration::from_secs(7 * 86_400 - 1));
    assert!(desk.browser().get(&expired).await.text_contains("Viewer"));
    clock.advance(Duration::from_secs(1));
    let open = desk.kept().await;
    assert_notice(&accept(&mut browser, &page, "Bo", PASSWORD).await, 410, "Invitation expired");
    assert_notice(&browser.get(&expired).await, 410, "Invitation expired");
    assert_eq!(desk.kept().await, open);
    assert_eq!((open.sessions, open.identities), (before.sessions, before.identities));
    // It can be sent again, and then it is good.
    let again = invite(&desk, &format!("{BO} --resend"), BO, 5).await;
    let page = browser.get(&again).await;
    assert_eq!(accept(&mut browser, &page, "Bo", PASSWORD).await.status, 200);
    desk.close().await;
}

async fn an_invitation_is_accepted_once(backend: Backend) {
    let desk = Desk::open(backend).await;
    let letter = invite(&desk, &format!("{BO} {ROLE}"), BO, 1).await;
    let (mut one, mut two) = (desk.browser(), desk.browser());
    let (first, second) = (one.get(&letter).await, two.get(&letter).await);
    assert_eq!(accept(&mut one, &first, "Bo", PASSWORD).await.status, 200);
    let after = desk.kept().await;
    let other = "another battery staple horse";
    assert_notice(&accept(&mut two, &second, "Eve", other).await, 410, "Already accepted");
    assert_notice(&two.get(&letter).await, 410, "Already accepted");
    let form = second.form("/invitations/decline");
    let mut three = desk.browser();
    three.get_once(&letter).await;
    assert_notice(&three.submit_once(&form, "invitation-decline").await, 410, "Already accepted");
    assert_eq!(desk.kept().await, after);
    // The first password and the first name stand.
    let mut browser = desk.browser();
    let page = browser.get(&Ask::of("sales-public").path()).await;
    assert_eq!(crate::story::sign_in(&mut browser, &page, BO, other).await.status, 422);
    let back = crate::story::sign_in(&mut browser, &page, BO, PASSWORD).await;
    let answer = desk.redeem("sales-public", &said(&crate::story::callback(&back), "code").expect("a code")).await;
    assert_eq!(desk.userinfo(&answer.token("access_token")).await.json()["name"].as_str(), Some("Bo"));
    desk.close().await;
}

async fn names_and_passwords_that_will_not_do(backend: Backend) {
    let desk = Desk::open(backend).await;
    let letter = invite(&desk, &format!("bo.lindqvist@acme.example {ROLE}"), "bo.lindqvist@acme.example", 1).await;
    let mut browser = desk.browser();
    let page = browser.get(&letter).await;
    let before = desk.kept().await;
    let long = "x".repeat(10_000);
    let good_name = "Bo Lindqvist";
    for (name, password, name_is_wrong, password_is_wrong) in [
        (long.as_str(), PASSWORD, true, false),
        ("\u{1f600}\u{301}", "", false, true),
        (&"n".repeat(101), PASSWORD, true, false),
        ("", PASSWORD, true, false),
        (" \u{a0}\t ", PASSWORD, true, false),
        ("Bo\u{202e}tsivqdniL", PASSWORD, true, false),
        ("Bo\u{200b}", PASSWORD, true, false),
        ("Bo\nLindqvist", PASSWORD, true, false),
        ("Bo\0", PASSWORD, true, false),
        (good_name, "", false, true),
        (good_name, "short", false, true),
        (good_name, "password", false, true),
        (good_name, "12345678", false, true),
        (good_name, "qwertyuiop", false, true),
        (good_name, "aaaaaaaaaaaaaaaa", false, true),
        (good_name, "bo.lindqvist@acme.example", false, true),
        (good_name, "Lindqvist1", false, true),
        (good_name, &"correct horse battery staple ".repeat(9), false, true),
        (good_name, &long, false, true),
        (good_name, "correct\u{7}horse battery", false, true),
        ("", "", true, true),
    ] {
        let answer = accept(&mut browser, &page, name, password).await;
        assert_eq!(answer.status, 422, "{name:.20} {password:.20}: {}", answer.text());
        assert_page(name, &answer.headers, &answer.body);
        let errors = (answer.element("name-error").is_some(), answer.element("password-error").is_some());
        assert_eq!(errors, (name_is_wrong, password_is_wrong), "{name:.20} {password:.20}: {}", answer.text());
        assert!(answer.header("set-cookie").is_none() && answer.attribute("password", "value").is_none());
        // The form stands there again, with what was offered.
        assert!(answer.text_contains("Viewer"));
    }
    // A second name or password beside the first is none.
    let (url, mut pairs) = page.form("/invitations/accept").fill("name", "Bo").fill("password", PASSWORD).press("invitation-accept");
    pairs.push(("password".into(), "another battery staple".into()));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post_from(page.url.as_str(), url.as_str(), &pairs).await.status, 422);
    assert_eq!(desk.kept().await, before);
    let welcome = accept(&mut browser, &page, &format!("  {} ", "\u{e5}".repeat(100)), PASSWORD).await;
    assert_eq!(welcome.status, 200, "{}", welcome.text());
    desk.close().await;
}

async fn only_our_own_form_decides(backend: Backend) {
    let desk = Desk::open(backend).await;
    let letter = invite(&desk, &format!("{BO} {ROLE}"), BO, 1).await;
    let others = invite(&desk, &format!("cy@acme.example {ROLE}"), "cy@acme.example", 1).await;
    let mut browser = desk.browser();
    let page = browser.get(&letter).await;
    let before = desk.kept().await;
    let token = |page: &Page| page.form("/invitations/accept").press("invitation-accept").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let (own, foreign) = (token(&page), token(&desk.browser().get(&others).await));
    let cookie = format!("invitation={}", browser.cookies.value("invitation").expect("a cookie"));
    for path in ["/invitations/accept", "/invitations/decline"] {
        for (csrf, headers) in [
            ("", vec![]),
            ("x", vec![]),
            (foreign.as_str(), vec![]),
            (own.as_str(), vec![("Origin", "https://evil.example")]),
            (own.as_str(), vec![("Sec-Fetch-Site", "cross-site")]),
            (own.as_str(), vec![("Sec-Fetch-Site", "same-site"), ("Origin", "null")]),
        ] {
            let request = desk.http.post(desk.url(path)).header("Cookie", &cookie).form(&[("csrf", csrf), ("name", "Bo"), ("password", PASSWORD)]);
            let answer = desk.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))).await;
            assert_eq!(answer.status, 403, "{path} {csrf} {headers:?}");
            assert_page(path, &answer.headers, &answer.body);
            assert!(answer.body.contains("This page is out of date") && answer.header("set-cookie").is_none());
        }
    }
    // A form that waits while another invitation was opened in the same browser.
    browser.get(&others).await;
    assert_error_page("another invitation", &accept(&mut browser, &page, "Bo", PASSWORD).await, 403);
    // A page of another site cannot even bring the cookie along.
    let forged = browser.post_from("https://evil.example/", "/invitations/decline", &[("csrf", &own)]).await;
    assert_notice(&forged, 404, "Invitation not found");
    // The form for codes.
    for (csrf, cookie) in [("x", "code-form=abc"), ("", ""), (own.as_str(), cookie.as_str())] {
        let request = desk.http.post(desk.url("/invitations/code")).header("Cookie", cookie);
        assert_eq!(desk.send(request.form(&[("csrf", csrf), ("email", BO), ("code", "ABCDEF")])).await.status, 403);
    }
    assert_eq!(desk.kept().await, before);
    let page = browser.get(&letter).await;
    assert_eq!(accept(&mut browser, &page, "Bo", PASSWORD).await.status, 200);
    desk.close().await;
}

async fn one_address_is_one_person(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    // Case, composed and decomposed, a domain in either of its two spellings.
    let spellings = [
        "j\u{f6}rg@b\u{fc}cher.example",
        "J\u{d6}RG@B\u{dc}CHER.example",
        "jo\u{308}rg@bu\u{308}cher.example",
        "j\u{f6}rg@xn--bcher-kva.example",
        "j\u{f6}rg@XN--BCHER-KVA.EXAMPLE",
    ];
    for (n, spelling) in spellings.iter().enumerate() {
        let told = desk.house.invite(&format!("{spelling} {ROLE}")).await.expect("invited");
        assert!(told.contains(if n == 0 { "is invited" } else { "was invited already" }), "{told}");
        let kept = desk.kept().await;
        assert_eq!((kept.users, kept.invitations), (before.users + 1, before.invitations + 1), "{spelling}");
    }
    // Somebody who is here is not invited anew, and keeps the password.
    for spelling in ["ANA@ACME.EXAMPLE", "ana@Acme.Example"] {
        let told = desk.house.invite(&format!("{spelling} --role wiki/production/author")).await.expect("invited");
        assert!(told.contains("is here already"), "{told}");
    }
    let kept = desk.kept().await;
    assert_eq!((kept.users, kept.invitations, kept.grants), (before.users + 1, before.invitations + 1, before.grants + 1));
    assert!(said(&desk.visit(&mut desk.browser(), &Ask::of("sales-public"), ANA).await, "code").is_some());
    // What only looks alike is somebody else.
    desk.house.invite(&format!("j\u{f6}rg@bucher.example {ROLE}")).await.expect("invited");
    desk.house.invite(&format!("\u{430}na@acme.example {ROLE}")).await.expect("invited");
    assert_eq!(desk.kept().await.users, before.users + 3);
    for bad in [
        "bo",
        "bo@",
        "@acme.example",
        "bo@acme",
        "bo..bo@acme.example",
        "\"bo\"@acme.example",
        "bo@acme.example\u{202e}",
        "bo\0@acme.example",
        &format!("{}@acme.example", "x".repeat(300)),
    ] {
        desk.house.invite(&format!("{bad} {ROLE}")).await.expect_err(bad);
    }
    assert_eq!(desk.kept().await.users, before.users + 3);
    desk.close().await;
}

async fn a_name_is_shown_as_a_name(backend: Backend) {
    let desk = Desk::open(backend).await;
    let letter = invite(&desk, &format!("{BO} {ROLE}"), BO, 1).await;
    let mut browser = desk.browser();
    let page = browser.get(&letter).await;
    let name = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{7*7}}";
    // In the form that comes back, on the page that welcomes, in the letter.
    let again = accept(&mut browser, &page, name, "short").await;
    assert_eq!(again.status, 422);
    let welcome = accept(&mut browser, &page, name, PASSWORD).await;
    assert_eq!(welcome.status, 200, "{}", welcome.text());
    assert!(welcome.text_contains(name), "{}", welcome.text());
    let letter = &desk.house.letters(BO, 2).await[1];
    assert!(letter.text.contains(name), "{}", letter.text);
    for html in [&again.body, &welcome.body, &letter.html] {
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{html}");
    }
    let mut tx = desk.house.server.ground.db.read().await.expect("a reader");
    let user = user::by_id(&mut tx, desk.user(BO).await).await.expect("an answer").expect("a user");
    assert_eq!(user.label(), name, "kept as it was typed");
    drop(tx);
    desk.close().await;
}
