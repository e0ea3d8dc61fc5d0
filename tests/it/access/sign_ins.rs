//! When somebody was last here: at this app and stage, not anywhere.

use super::{ANA, OLGA, house};
use crate::story::tokens;
use crate::support::browser::Browser;
use crate::support::house::{Backend, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use crate::support::relying_party::Method;
use gatehouse::base::time::Timestamp;
use std::time::Duration;

on_both! { a_list_says_when_somebody_last_signed_in_to_the_app }

/// The last column of the row about somebody.
fn last_sign_in(page: &Page, who: &str) -> String {
    let row = page.body.split("<tr>").find(|row| row.contains(&format!("<bdi>{who}</bdi>"))).unwrap_or_else(|| panic!("no row of {who}: {}", page.text()));
    let cell = row.rsplit("<td").next().and_then(|cell| cell.split_once('>')).expect("a cell").1;
    cell.split('<').next().expect("a text").to_owned()
}

/// The last column of the line about somebody.
fn exported(page: &Page, who: &str) -> String {
    let line = page.body.lines().find(|line| line.starts_with(&format!("\"{who}\""))).unwrap_or_else(|| panic!("no line of {who}: {}", page.body));
    line.trim_end().rsplit(',').next().expect("a column").trim_matches('"').to_owned()
}

async fn a_list_says_when_somebody_last_signed_in_to_the_app(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (sales, wiki) = ("/portal/apps/sales/production/people", "/portal/apps/wiki/production/people");
    // Our own pages are no app.
    enter(&house, ANA, "/account").await;
    let page = olga.get(sales).await;
    assert_eq!((last_sign_in(&page, "Ana Ferreira").as_str(), last_sign_in(&page, "Nora Soon").as_str()), ("Never", "Never"));
    assert_eq!(exported(&olga.get(&format!("{sales}.csv")).await, "Ana Ferreira"), "");

    let before = house.server.ground.clock.now();
    tokens(&house, &mut Browser::new(&house.issuer), "sales-basic", Method::Basic, ANA, &[]).await;
    let page = olga.get(sales).await;
    let said = last_sign_in(&page, "Ana Ferreira");
    assert!(said == "just now" || said.ends_with(" ago"), "{said}: {}", page.text());
    assert_eq!(last_sign_in(&page, "Nora Soon"), "Never");
    let csv = olga.get(&format!("{sales}.csv")).await;
    let at = Timestamp::parse(&exported(&csv, "Ana Ferreira")).unwrap_or_else(|| panic!("no instant: {}", csv.body));
    // An export says seconds.
    assert!(at >= before.minus(Duration::from_secs(1)) && at <= house.server.ground.clock.now(), "{at:?}");
    assert_eq!(exported(&csv, "Nora Soon"), "");
    // The same role counts in another app, where she never was.
    assert_eq!(last_sign_in(&olga.get(wiki).await, "Ana Ferreira"), "Never");
    house.close().await;
}
