//! A walk over every route of our own pages: what strangers get, what people without any right get, what forged forms get. The routes are
//! read from the source, so that a new one cannot be forgotten.

use super::{NORA, OLGA, assert_page};
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use std::collections::BTreeMap;

on_both! {
    strangers_are_asked_to_sign_in
    people_without_a_right_see_nothing
    forged_forms_change_nothing
}

/// A route as the source has it.
#[derive(Debug)]
struct Route {
    path: String,
    get: bool,
    post: bool,
}

/// The values of the constants in `paths.rs`.
fn constants() -> BTreeMap<String, String> {
    let source = include_str!("../../../src/http/paths.rs");
    let lines = source.lines().filter_map(|line| line.strip_prefix("pub const ")?.split_once(": &str = \""));
    lines.map(|(name, rest)| (name.to_owned(), rest.split('"').next().expect("a value").to_owned())).collect()
}

/// The routes of a folder of `http`, with something in the place of each part that varies.
fn routes(source: &str) -> Vec<Route> {
    let constants = constants();
    let routes: Vec<Route> = source
        .split("resource(paths::")
        .skip(1)
        .map(|text| {
            let (name, rest) = text.split_once(')').expect("a route");
            let line = rest.split("resource(").next().unwrap_or_default();
            let mut path = constants.get(name).unwrap_or_else(|| panic!("paths::{name} is no text")).clone();
            while let (Some(open), Some(close)) = (path.find('{'), path.find('}')) {
                path.replace_range(open..=close, "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa");
            }
            Route { path, get: line.contains("route(get()"), post: line.contains("route(post()") }
        })
        .collect();
    assert_eq!(routes.len(), source.matches("resource(").count(), "a route stands where this test does not look");
    routes
}

/// The portal's routes, wherever its folder declares them.
fn portal() -> Vec<Route> {
    fn read(folder: &std::path::Path, all: &mut Vec<Route>) {
        for entry in std::fs::read_dir(folder).expect("the source") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                read(&path, all);
            } else {
                all.extend(routes(&std::fs::read_to_string(&path).expect("a source")));
            }
        }
    }
    let mut all = Vec::new();
    read(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/http/portal")), &mut all);
    assert!(all.len() > 50, "only {} routes were found", all.len());
    all
}

fn account() -> Vec<Route> {
    routes(include_str!("../../../src/http/account/mod.rs"))
}

async fn strangers_are_asked_to_sign_in(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = crate::support::browser::Browser::new(&house.issuer);
    for route in portal().iter().chain(&account()) {
        if route.get {
            let page = browser.get_once(&format!("{}?a=b%26", route.path)).await;
            let to = page.location().unwrap_or_else(|| panic!("{route:?}: {}", page.status));
            assert_eq!(to.path(), "/sign-in", "{route:?}");
            let back = to.query_pairs().find(|(name, _)| name == "to").map(|(_, to)| to.into_owned());
            assert_eq!(back, Some(format!("{}?a=b%26", route.path)), "{route:?}");
        }
        if route.post {
            let page = browser.post_from(&house.issuer, &route.path, &[("csrf", "x")]).await;
            assert_eq!(page.status, 403, "{route:?}");
            assert_page(&route.path, &page.headers, &page.body);
            assert!(page.text_contains("You were signed out"), "{route:?}: {}", page.text());
        }
    }
    house.close().await;
}

async fn people_without_a_right_see_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let (mut browser, page) = enter(&house, NORA, "/portal").await;
    assert_eq!(page.url.path(), "/account", "the portal has nothing for her");
    for route in portal().iter().filter(|route| route.path != "/portal") {
        if route.get {
            let page = browser.get_once(&route.path).await;
            assert_eq!(page.status, 403, "{route:?}: {}", page.text());
            assert!(page.text_contains("You may not see this"), "{route:?}: {}", page.text());
        }
        if route.post {
            let page = browser.post_from(&house.issuer, &route.path, &[("csrf", "x")]).await;
            assert_eq!(page.status, 403, "{route:?}: {}", page.text());
        }
    }
    house.close().await;
}

async fn forged_forms_change_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let (mut browser, page) = enter(&house, OLGA, "/portal").await;
    assert_eq!(page.status, 200);
    for route in portal().iter().chain(&account()).filter(|route| route.post) {
        for (from, csrf) in [(house.issuer.as_str(), "x"), (house.issuer.as_str(), ""), ("https://evil.example", "x")] {
            let page = browser.post_from(from, &route.path, &[("csrf", csrf)]).await;
            let refused = matches!(page.status.as_u16(), 403 | 415);
            assert!(refused, "{route:?} from {from}: {} {}", page.status, page.text());
        }
    }
    house.close().await;
}
