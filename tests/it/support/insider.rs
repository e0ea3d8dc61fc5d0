//! Somebody who is signed in on our own pages: the portal and the account.

use super::browser::Browser;
use super::house::{House, PASSWORD};
use super::page::Page;

/// A browser in which somebody of the seed is signed in at `to`, with the page that came first.
pub async fn enter(house: &House, email: &str, to: &str) -> (Browser, Page) {
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get(to).await;
    let form = page.form("/sign-in").fill("username", email).fill("password", PASSWORD);
    let page = browser.submit(&form, "login-submit").await;
    (browser, page)
}
