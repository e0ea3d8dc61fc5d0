//! Signing in, many at once: one attempt ends once, and every guess is counted.

use super::{ANA, App, MANY, authorize_url, code_in, count, house};
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, on_both};
use crate::support::page::Page;
use futures_util::future::join_all;
use gatehouse::all;
use std::time::Duration;

on_both! {
    one_attempt_gives_one_code
    wrong_passwords_at_once_are_all_counted
}

/// Another window of the same browser, as it is now.
fn window(home: &str, browser: &Browser) -> Browser {
    let mut window = Browser::new(home);
    window.cookies = browser.cookies.clone();
    window
}

async fn one_attempt_gives_one_code(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    // Both windows sign in at once, then both go on at once.
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&authorize_url(&house, "sales-basic")).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    let mut windows: Vec<Browser> = (0..4).map(|_| window(&house.issuer, &browser)).collect();
    let proved = join_all(windows.iter_mut().map(|window| window.submit_once(&form, "login-submit"))).await;
    assert!(proved.iter().all(|page| page.status == 303), "the password is right in each of them");
    let ended = join_all(windows.iter_mut().zip(proved).map(|(window, page)| window.follow(page))).await;
    only_one(&house, &ended, 1).await;

    // One window signed in; many completions of its attempt come at once.
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(&authorize_url(&house, "sales-basic")).await;
    let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
    assert_eq!(browser.submit_once(&form, "login-submit").await.status, 303);
    let mut windows: Vec<Browser> = (0..MANY).map(|_| window(&house.issuer, &browser)).collect();
    let ended = join_all(windows.iter_mut().map(|window| window.get("/login"))).await;
    only_one(&house, &ended, 2).await;
    house.close().await;
}

/// One of these pages leads back to the app with a code that works, the others say that there is nothing to go on with.
async fn only_one(house: &crate::support::house::House, pages: &[Page], codes: i64) {
    let (won, lost): (Vec<_>, Vec<_>) = pages.iter().partition(|page| page.location().is_some());
    assert_eq!((won.len(), lost.len()), (1, pages.len() - 1), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    for page in lost {
        // Too late for the guarded statement, or too late to find the attempt at all.
        assert!(matches!(page.status.as_u16(), 400 | 409) && page.element("error-page").is_some(), "{}: {}", page.status, page.text());
    }
    assert_eq!(count(house, "SELECT COUNT(*) FROM codes").await, codes);
    assert_eq!(count(house, "SELECT COUNT(*) FROM attempts WHERE completed_at IS NOT NULL").await, codes);
    let app = App::of(house, "sales-basic");
    let (status, answer) = app.redeem(&code_in(won[0])).await;
    assert_eq!((status, app.userinfo(&answer).await.0), (200, 200), "{answer}");
}

async fn wrong_passwords_at_once_are_all_counted(backend: Backend) {
    let (house, clock) = house(backend, &[]).await;
    let mut forms = Vec::new();
    for _ in 0..MANY {
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(&authorize_url(&house, "sales-basic")).await;
        forms.push((browser, page.form("/login")));
    }
    // Five are free; the sixth is looked at and blocks; the others are not even looked at, whatever they bring.
    let guesses = forms.iter_mut().enumerate().map(|(n, (browser, form))| {
        let form = form.clone().fill("username", ANA).fill("password", &format!("a wrong guess, number {n}"));
        async move { browser.submit(&form, "login-submit").await }
    });
    let pages = join_all(guesses).await;
    let with = |status: u16| pages.iter().filter(|page| page.status == status).count();
    assert_eq!((with(422), with(429)), (6, MANY - 6), "{:?}", pages.iter().map(|page| page.status).collect::<Vec<_>>());
    for page in &pages {
        let slow = page.status == 429;
        assert_eq!((page.header("retry-after"), page.element("login-error").is_some()), (slow.then_some("1"), true));
    }
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let counted = all!(tx, (i64,), "SELECT failures FROM throttles ORDER BY failures").expect("rows");
    drop(tx);
    // The last one: how many sign-ins were begun from here.
    assert_eq!(counted, [(6,), (6,), (6,), (16,)], "of this address from here, of this address, from here");
    assert_eq!(count(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'sign_in.failed'").await, 6);
    assert_eq!(count(&house, "SELECT COUNT(*) FROM sessions").await, 0);

    // The right one waits like any other, and works after the wait.
    let mut right = async || {
        let (browser, form) = &mut forms[0];
        browser.submit(&form.clone().fill("username", ANA).fill("password", PASSWORD), "login-submit").await
    };
    assert_eq!(right().await.status, 429);
    clock.advance(Duration::from_secs(1));
    code_in(&right().await);
    assert_eq!(count(&house, "SELECT COUNT(*) FROM throttles").await, 2, "only the counts of the place are left");
    house.close().await;
}
