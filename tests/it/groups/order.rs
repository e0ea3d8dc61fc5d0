//! The orders of the list of groups: each goes on from page to page, stands in the address, and counts for the export.

use super::{OLGA, house, make, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, on_both};
use crate::support::page::Page;

on_both! { groups_are_listed_in_an_order }

/// The keys of the groups on a page.
fn keys(page: &Page) -> Vec<String> {
    let rows = page.body.split("</bdi></b><small><bdi>").skip(1);
    rows.map(|rest| rest.split('<').next().expect("a key").to_owned()).collect()
}

/// All pages of a list.
async fn walk(browser: &mut Browser, query: &str) -> Vec<Vec<String>> {
    let mut page = browser.get(&format!("/portal/groups?{query}")).await;
    let mut pages = vec![keys(&page)];
    while let Some(next) = page.attribute("next-page", "href") {
        page = browser.get(&next).await;
        pages.push(keys(&page));
    }
    pages
}

async fn groups_are_listed_in_an_order(backend: Backend) {
    let house = house(backend).await;
    // Their names run against their keys.
    let sixty = (0..60).map(|n| format!("[[group]]\nstage = \"qa\"\nkey = \"g-{n:02}\"\nname = \"Group {:02}\"\n", 59 - n)).collect::<Vec<_>>();
    house.apply(&sixty.concat()).await;
    let mut olga = sign_in(&house, OLGA).await;
    make(&mut olga, "Zebra", "", "QA").await;
    make(&mut olga, "aardvark", "", "Production").await;

    // Capitals do not come before everything else, whatever the database thinks of them.
    let middle: Vec<String> = (0..60).rev().map(|n| format!("g-{n:02}")).collect();
    let by_name = [vec!["aardvark".to_owned(), "emea".to_owned()], middle, vec!["zebra".to_owned()]].concat();
    for query in ["", "sort=name", "sort=nonsense", "sort=newest&sort=name"] {
        let pages = walk(&mut olga, query).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 13], "{query}");
        assert_eq!(pages.concat(), by_name, "{query}");
    }
    let newest = walk(&mut olga, "sort=newest").await;
    assert_eq!(newest.iter().map(Vec::len).collect::<Vec<_>>(), [50, 13]);
    let newest = newest.concat();
    assert_eq!((newest[..2].to_vec(), newest.last().map(String::as_str)), (vec!["aardvark".to_owned(), "zebra".to_owned()], Some("emea")));
    let (mut all, mut each) = (by_name.clone(), newest.clone());
    all.sort();
    each.sort();
    assert_eq!(all, each, "each stands there once");

    // With a filter, on the page itself, and in the export of what it shows.
    let page = olga.get("/portal/groups?stage=production&sort=newest").await;
    assert_eq!(keys(&page), ["aardvark", "emea"]);
    assert!(page.body.contains("<option value=\"newest\" selected>"), "{}", page.body);
    let export = page.links().into_iter().find(|link| link.starts_with("/portal/groups.csv")).expect("an export");
    assert!(export.contains("sort=newest") && export.contains("stage=production"), "{export}");
    let csv = olga.get("/portal/groups.csv?sort=newest").await;
    let first: Vec<&str> = csv.body.lines().skip(1).take(2).map(|line| line.split(',').next().expect("a name")).collect();
    assert_eq!(first, ["\"aardvark\"", "\"Zebra\""], "{}", csv.body);
    house.close().await;
}
