//! Changing the password: what it ends, what it refuses, and that of many windows one does it.

use super::{ANA, at_stage, elsewhere, windows};
use crate::invitations::Office;
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, REDIRECT, on_both};
use crate::support::page::Page;
use crate::support::relying_party::{Method, RelyingParty};
use futures_util::future::join_all;
use std::time::Duration;

on_both! {
    a_new_password_ends_the_other_sessions
    what_will_not_do_is_said
    wrong_ones_are_slowed_down
    of_many_windows_one_changes_it
    a_new_password_ends_access_for_when_nobody_is_there
    a_session_of_a_stage_changes_it_too
}

const NEW: &str = "quite another horse 27";

async fn change(browser: &mut Browser, page: &Page, current: &str, new: &str) -> Page {
    browser.submit(&page.form("/account/password").fill("current", current).fill("new", new), "change").await
}

/// Whether somebody can sign in with it, in a new browser.
async fn is_password(office: &Office, password: &str) -> bool {
    let mut browser = Browser::new(&office.house.issuer);
    let page = browser.get("/sign-in?to=/account").await;
    let page = browser.submit(&page.form("/sign-in").fill("username", ANA).fill("password", password), "login-submit").await;
    page.url.path() == "/account"
}

async fn a_new_password_ends_the_other_sessions(backend: Backend) {
    let office = Office::open(backend).await;
    let (mut ana, mut other) = (elsewhere(&office, ANA).await, elsewhere(&office, ANA).await);
    at_stage(&office, &mut other, "sales-public", ANA).await;
    let before = ana.cookies.value("portal").expect("a session").to_owned();
    let page = ana.get("/account/password").await;
    assert!(page.text_contains("signs you out everywhere else"));
    let done = change(&mut ana, &page, PASSWORD, NEW).await;
    assert!(done.status == 200 && done.text_contains("Changed. Everywhere else you are signed out."), "{}", done.text());
    // This session goes on with a new cookie; the old one is good for nothing.
    assert_eq!(ana.get("/account").await.url.path(), "/account");
    assert_ne!(ana.cookies.value("portal"), Some(&*before));
    let mut thief = Browser::new(&office.house.issuer);
    thief.cookies.take(&page.url, &format!("portal={before}; Path=/")).expect("a cookie");
    assert_eq!(thief.get("/account").await.url.path(), "/sign-in");
    assert_eq!(other.get("/account").await.url.path(), "/sign-in");
    assert_eq!(
        office.count("SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE u.email_key = 'ana@acme.example' AND s.ended_at IS NULL").await,
        1
    );
    assert!(!is_password(&office, PASSWORD).await && is_password(&office, NEW).await);
    let letter = office.house.letters(ANA, 1).await.remove(0);
    assert!(letter.subject.contains("password") && letter.text.contains("Ana Ferreira") && !letter.text.contains(NEW), "{}", letter.text);
    // The form from before, by the back button: it is of this session still, and knows the old password.
    let again = change(&mut ana, &page, PASSWORD, "something else 99 entirely").await;
    assert!(again.status == 422 && again.element("current-error").is_some(), "{}", again.text());
    assert!(is_password(&office, NEW).await);
    office.close().await;
}

async fn a_new_password_ends_access_for_when_nobody_is_there(backend: Backend) {
    let office = Office::open(backend).await;
    // Somebody who knew the old password gave an app access that outlives sessions.
    let party = RelyingParty::discover(&office.house.issuer, "sales-public", None, Method::Public, REDIRECT).await.expect("discovery");
    let journey = party.authorize_url(&["offline_access"]);
    let mut thief = Browser::new(&office.house.issuer);
    let page = thief.get(journey.url.as_str()).await;
    let page = thief.submit(&page.form("/login").fill("username", ANA).fill("password", PASSWORD), "login-submit").await;
    let tokens = party.exchange(journey, &page.location().expect("a code")).await.expect("tokens");
    let refreshed = party.refresh(&tokens.refresh_token.expect("a refresh token")).await.expect("still good");
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/password").await;
    assert_eq!(change(&mut ana, &page, PASSWORD, NEW).await.status, 200);
    assert!(party.refresh(&refreshed.refresh_token.expect("a refresh token")).await.is_err(), "it ends with the password");
    assert!(party.userinfo(&refreshed.access_token, refreshed.id_claims["sub"].as_str().expect("a subject")).await.is_err(), "and so do its tokens");
    office.close().await;
}

async fn what_will_not_do_is_said(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/password").await;
    for (current, new, field, message) in [
        (PASSWORD, "short", "new", "at least 8"),
        (PASSWORD, "password1234", "new", "easy to guess"),
        (PASSWORD, "ana@acme.example", "new", "name or address"),
        (PASSWORD, &*"x7 ".repeat(400), "new", "at most 256"),
        (PASSWORD, "with\u{7}bell and more", "new", "not every keyboard"),
        (PASSWORD, PASSWORD, "new", "the password that you have"),
        ("wrong", NEW, "current", "not your current password"),
        ("", NEW, "current", "not your current password"),
    ] {
        let wrong = change(&mut ana, &page, current, new).await;
        let error = wrong.element(&format!("{field}-error")).unwrap_or_else(|| panic!("no message at {field}: {}", wrong.text()));
        assert!(wrong.status == 422 && error.contains(message), "{error}");
        assert_eq!(wrong.attribute(field, "aria-invalid").as_deref(), Some("true"));
        assert!(wrong.attribute("current", "value").is_none() && wrong.attribute("new", "value").is_none(), "no password comes back");
    }
    assert_eq!(ana.submit(&page.form("/account/password").fill("csrf", "x").fill("current", PASSWORD).fill("new", NEW), "change").await.status, 403);
    assert!(is_password(&office, PASSWORD).await);
    assert_eq!(office.count("SELECT COUNT(*) FROM audit_events WHERE kind = 'sign_in.failed'").await, 2);
    // Shut out while the form was open.
    let id = office.id("SELECT id FROM users WHERE email_key = 'ana@acme.example'").await;
    let mut olga = elsewhere(&office, crate::invitations::OLGA).await;
    let user = olga.get(&format!("/portal/users/{id}")).await;
    olga.submit(&user.form(&format!("/portal/users/{id}/status")), "deactivate").await;
    assert_eq!(change(&mut ana, &page, PASSWORD, NEW).await.status, 403);
    office.close().await;
}

async fn wrong_ones_are_slowed_down(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/password").await;
    let mut last = page.clone();
    for _ in 0..7 {
        last = change(&mut ana, &page, "wrong", NEW).await;
    }
    assert!(last.status == 429 && last.header("retry-after").is_some(), "{}", last.text());
    assert!(last.element("current-error").is_some_and(|error| error.contains("Too many tries")));
    // The brake is that of the sign-in: not even the right one helps until the wait is over.
    assert_eq!(change(&mut ana, &page, PASSWORD, NEW).await.status, 429);
    assert!(!is_password(&office, PASSWORD).await);
    office.clock.advance(Duration::from_mins(6));
    assert_eq!(change(&mut ana, &page, PASSWORD, NEW).await.status, 200);
    assert!(is_password(&office, NEW).await);
    office.close().await;
}

async fn of_many_windows_one_changes_it(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = elsewhere(&office, ANA).await;
    let page = ana.get("/account/password").await;
    let mut windows = windows(&office, &ana);
    let set = "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.password_set'";
    let before = office.count(set).await;
    let new = |n: usize| format!("{NEW} window {n}");
    let pages = join_all(windows.iter_mut().enumerate().map(|(n, window)| {
        let (page, new) = (page.clone(), new(n));
        async move { change(window, &page, PASSWORD, &new).await }
    }))
    .await;
    let statuses: Vec<u16> = pages.iter().map(|page| page.status.as_u16()).collect();
    let done: Vec<usize> = (0..16).filter(|n| pages[*n].text_contains("Changed.")).collect();
    assert_eq!(done.len(), 1, "{statuses:?}");
    // The others were too late, had an old cookie by then, or were slowed down; none is a fault.
    assert!(statuses.iter().all(|status| [200, 403, 409, 422, 429].contains(status)), "{statuses:?}");
    office.clock.advance(Duration::from_mins(6));
    assert!(is_password(&office, &new(done[0])).await);
    assert_eq!(windows[done[0]].get("/account").await.url.path(), "/account");
    assert_eq!(office.count(set).await - before, 1);
    assert_eq!(office.count("SELECT COUNT(*) FROM jobs").await, 1);
    office.close().await;
}

async fn a_session_of_a_stage_changes_it_too(backend: Backend) {
    let office = Office::open(backend).await;
    let mut ana = Browser::new(&office.house.issuer);
    at_stage(&office, &mut ana, "sales-public", ANA).await;
    let mut other = elsewhere(&office, ANA).await;
    let page = ana.get("/account/password").await;
    let done = change(&mut ana, &page, PASSWORD, NEW).await;
    assert!(done.text_contains("Changed."), "{}", done.text());
    assert_eq!((ana.get("/account").await.url.path(), other.get("/account").await.url.path()), ("/account", "/sign-in"));
    // The app goes on from this session without asking again.
    let url = format!(
        "{}/oauth2/authorize?response_type=code&client_id=sales-public&redirect_uri={}&scope=openid&state=s&nonce=n&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&prompt=none",
        office.house.issuer,
        crate::support::house::REDIRECT
    );
    assert!(story::callback(&ana.get(&url).await).query().is_some_and(|query| query.contains("code=")));
    office.close().await;
}
