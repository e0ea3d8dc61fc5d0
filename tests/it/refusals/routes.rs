//! A walk over every route: what it answers without credentials, with wrong methods and bodies, and to scripts of other sites.

use super::{Answer, Desk, assert_page};
use crate::support::house::{Backend, on_both};
use gatehouse::http::paths;
use reqwest::Method;
use std::collections::BTreeSet;

on_both! {
    every_route_answers_strangers_as_it_should
    wrong_methods_are_refused_with_the_right_ones
    bodies_are_read_as_far_as_they_should_be
    scripts_of_other_sites_reach_what_they_need_and_nothing_else
    answers_carry_their_request_id_and_no_secret_stays
}

/// What a stranger gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gets {
    /// A page.
    Page(u16),
    /// JSON: an error code, or `None` for a document.
    Json(u16, Option<&'static str>),
    /// To this path.
    Redirect(&'static str),
    /// Nothing but its status.
    Bare(u16),
    /// Plain text.
    Text(u16),
    /// A file of ours.
    File(u16),
}

struct Route {
    /// As `src/http/mod.rs` names it.
    constant: &'static str,
    path: &'static str,
    get: Option<Gets>,
    /// With an empty form.
    post: Option<Gets>,
    /// Whether scripts of other sites may call it.
    open: bool,
}

const fn route(constant: &'static str, path: &'static str, get: Option<Gets>, post: Option<Gets>, open: bool) -> Route {
    Route { constant, path, get, post, open }
}

const DOCUMENT: Option<Gets> = Some(Gets::Json(200, None));

#[allow(clippy::unnecessary_wraps)] // the table says for each method whether there is an answer
const fn page(status: u16) -> Option<Gets> {
    Some(Gets::Page(status))
}

/// Every route. Whoever adds one is told by `the_table_is_whole`.
const ROUTES: &[Route] = &[
    route("paths::DISCOVERY", paths::DISCOVERY, DOCUMENT, None, true),
    route("paths::SERVER_METADATA", paths::SERVER_METADATA, DOCUMENT, None, true),
    route("paths::KEYS", paths::KEYS, DOCUMENT, None, true),
    route("paths::AUTHORIZE", paths::AUTHORIZE, page(400), page(400), false),
    route("paths::TOKEN", paths::TOKEN, None, Some(Gets::Json(401, Some("invalid_client"))), true),
    route("paths::USERINFO", paths::USERINFO, Some(Gets::Bare(401)), Some(Gets::Bare(401)), true),
    route("paths::CLAIMS", paths::CLAIMS, Some(Gets::Bare(401)), Some(Gets::Bare(401)), true),
    route("paths::INTROSPECT", paths::INTROSPECT, None, Some(Gets::Json(401, Some("invalid_client"))), false),
    route("paths::REVOKE_TOKEN", paths::REVOKE_TOKEN, None, Some(Gets::Json(401, Some("invalid_client"))), true),
    route("paths::LOGOUT_ENDPOINT", paths::LOGOUT_ENDPOINT, Some(Gets::Redirect("/logout")), Some(Gets::Redirect("/logout")), false),
    route("paths::LOGIN", paths::LOGIN, page(400), page(400), false),
    route("paths::SIGN_IN", paths::SIGN_IN, page(200), page(403), false),
    route("paths::SIGN_OUT", paths::SIGN_OUT, None, Some(Gets::Redirect("/signed-out")), false),
    route("paths::CONSENT", paths::CONSENT, page(400), page(400), false),
    route("paths::LOGOUT", paths::LOGOUT, page(200), page(403), false),
    route("paths::SIGNED_OUT", paths::SIGNED_OUT, page(200), None, false),
    route("paths::INVITATION", paths::INVITATION, page(404), page(404), false),
    route("paths::DECLINE", paths::DECLINE, None, page(404), false),
    route("paths::INVITATION_CODE", paths::INVITATION_CODE, page(200), page(403), false),
    route("paths::INVITATION_LINK", "/invitations/unknown", page(404), None, false),
    route("paths::HOME", paths::HOME, page(200), None, false),
    route("brand::ACCENT", "/brand/0000000000000000/accent.css", page(404), None, false),
    route("brand::LOGO", "/brand/0000000000000000/logo", page(404), None, false),
    route("statics::ROUTE", "/static/0000000000000000/gatehouse.css", Some(Gets::File(404)), None, false),
    route("paths::HEALTHZ", paths::HEALTHZ, Some(Gets::Text(200)), None, false),
    route("paths::READYZ", paths::READYZ, Some(Gets::Text(200)), None, false),
];

/// The routes of setup: nobody without a claim link sees any of them.
const SETUP: &[Route] = &[
    route("paths::SETUP", paths::SETUP, page(404), None, false),
    route("paths::SETUP_ORGANIZATION", paths::SETUP_ORGANIZATION, page(404), page(404), false),
    route("paths::SETUP_OWNER", paths::SETUP_OWNER, page(404), page(404), false),
    route("paths::SETUP_MAIL", paths::SETUP_MAIL, page(404), page(404), false),
    route("paths::SETUP_APP", paths::SETUP_APP, page(404), page(404), false),
    route("paths::SETUP_LINK", "/setup/unknown", page(404), None, false),
];

fn every() -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().chain(SETUP)
}

/// `GET /invitations/decline` is caught by the route of links, whose token it is not.
const FORM_ONLY: &str = paths::DECLINE;

#[test]
fn the_table_is_whole() {
    is_whole(include_str!("../../../src/http/mod.rs"), ROUTES);
    is_whole(include_str!("../../../src/http/setup/mod.rs"), SETUP);
}

fn is_whole(source: &str, routes: &[Route]) {
    let registered: Vec<(&str, bool, bool, bool)> = source
        .split(".service(resource(")
        .skip(1)
        .map(|text| {
            let (constant, rest) = text.split_once(')').expect("a route");
            let rest = rest.split_once('\n').map_or(rest, |(line, _)| line);
            (constant, rest.contains("route(get()"), rest.contains("route(post()"), rest.contains("open_to_scripts()"))
        })
        .collect();
    let told: Vec<_> = routes.iter().map(|route| (route.constant, route.get.is_some(), route.post.is_some(), route.open)).collect();
    assert_eq!(registered, told);
    assert_eq!(source.matches("resource(").count(), routes.len(), "a route stands where this test does not look");
}

fn assert_gets(what: &str, answer: &Answer, expected: Gets) {
    let kind = answer.header("content-type").unwrap_or_default();
    match expected {
        Gets::Page(status) => {
            assert_eq!(answer.status, status, "{what}: {}", answer.body);
            assert_page(what, &answer.headers, &answer.body);
        }
        Gets::Json(status, Some(code)) => assert_eq!(answer.refusal(), (status, code.to_owned()), "{what}"),
        Gets::Json(status, None) => {
            assert_eq!((answer.status, kind), (status, "application/json"), "{what}");
            assert!(answer.json().is_object());
        }
        Gets::Redirect(to) => {
            assert_eq!((answer.status, answer.header("location")), (303, Some(to)), "{what}");
            assert_eq!((answer.header("cache-control"), answer.header("referrer-policy")), (Some("no-store"), Some("no-referrer")), "{what}");
        }
        Gets::Bare(status) => {
            assert_eq!((answer.status, answer.body.as_str(), answer.header("cache-control")), (status, "", Some("no-store")), "{what}");
            assert_eq!(answer.header("www-authenticate"), Some("Bearer realm=\"gatehouse\""));
        }
        Gets::Text(status) => {
            assert_eq!((answer.status, kind, answer.header("cache-control")), (status, "text/plain; charset=utf-8", Some("no-store")), "{what}");
        }
        Gets::File(status) => assert_eq!((answer.status, answer.header("x-content-type-options")), (status, Some("nosniff")), "{what}"),
    }
}

async fn every_route_answers_strangers_as_it_should(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    for route in every() {
        if let Some(expected) = route.get {
            assert_gets(route.path, &desk.get(route.path).await, expected);
        }
        if let Some(expected) = route.post {
            assert_gets(route.path, &desk.post(route.path, &[]).await, expected);
        }
    }
    // Addresses that are none of ours, in every method.
    for path in [
        "/nothing",
        "/login/",
        "/LOGIN",
        "/oauth2",
        "/oauth2/token/x",
        "/.well-known/",
        "/invitations/a/b",
        "/static/x",
        "//login",
        "/%2e%2e/etc/passwd",
        "/%00",
    ] {
        assert_gets(path, &desk.get(path).await, Gets::Page(404));
        assert_gets(path, &desk.post(path, &[]).await, Gets::Page(404));
    }
    for path in ["/invitations/%00", "/invitations/%FF", "/invitations/%3Cscript%3E", &format!("/invitations/{}", "A".repeat(20_000))] {
        let answer = desk.get(path).await;
        assert_gets(path, &answer, Gets::Page(404));
        assert!(!answer.body.contains("<script>"));
    }
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn wrong_methods_are_refused_with_the_right_ones(backend: Backend) {
    let desk = Desk::open(backend).await;
    for route in every() {
        let right: BTreeSet<&str> = [route.get.map(|_| "GET"), route.post.map(|_| "POST")].into_iter().flatten().collect();
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            if right.contains(method) || method == "GET" && route.path == FORM_ONLY {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).expect("a method");
            let answer = desk.send(desk.http.request(method.clone(), desk.url(route.path))).await;
            assert_eq!(answer.status, 405, "{method} {}: {}", route.path, answer.body);
            let allowed: BTreeSet<&str> = answer.header("allow").unwrap_or_default().split(',').map(str::trim).collect();
            assert_eq!(allowed, right, "{method} {}", route.path);
        }
    }
    desk.close().await;
}

async fn bodies_are_read_as_far_as_they_should_be(backend: Backend) {
    let desk = Desk::open(backend).await;
    let before = desk.kept().await;
    let form = "application/x-www-form-urlencoded";
    let (much, most) = (format!("x={}", "y".repeat(64 * 1024)), format!("x={}", "y".repeat(64 * 1024 - 2)));
    for route in every() {
        let Some(usual) = route.post else { continue };
        let json = matches!(route.path, paths::TOKEN | paths::USERINFO | paths::CLAIMS | paths::INTROSPECT | paths::REVOKE_TOKEN);
        let send = async |kind: Option<&str>, body: &str| {
            let request = desk.http.post(desk.url(route.path)).body(body.to_owned());
            desk.send(if let Some(kind) = kind { request.header("Content-Type", kind) } else { request }).await
        };
        let refused = |answer: &Answer, status: u16| {
            if json {
                assert_eq!(answer.refusal(), (status, "invalid_request".to_owned()), "{}", route.path);
            } else {
                assert_eq!(answer.status, status, "{}: {}", route.path, answer.body);
                assert_page(route.path, &answer.headers, &answer.body);
                assert!(answer.body.contains("id=\"error-page\"") && answer.header("set-cookie").is_none());
            }
        };
        refused(&send(Some(form), &much).await, 413);
        for kind in ["application/json", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx", ""] {
            refused(&send(Some(kind), "x=y").await, 415);
        }
        // Where a token stands in the header, no body is needed at all.
        if !matches!(route.path, paths::USERINFO | paths::CLAIMS) {
            refused(&send(None, "x=y").await, 415);
        }
        // The most that is read, a charset beside the type, any case, nonsense within.
        assert_gets(route.path, &send(Some(form), &most).await, usual);
        assert_gets(route.path, &send(Some("Application/X-WWW-Form-URLEncoded; charset=UTF-8"), "%&%ff=%00&&=").await, usual);
    }
    // Without a length the body is counted as it comes.
    let host = desk.house.issuer.trim_start_matches("http://");
    let head = format!("POST {} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {form}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n", paths::TOKEN);
    let chunk = format!("400\r\n{}\r\n", "x".repeat(1024));
    let answer = desk.raw(&format!("{head}{}", chunk.repeat(65))).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("invalid_request"), "{answer}");
    assert_eq!(desk.kept().await, before);
    desk.close().await;
}

async fn scripts_of_other_sites_reach_what_they_need_and_nothing_else(backend: Backend) {
    let desk = Desk::open(backend).await;
    let origin = "https://app.acme.example";
    for route in every() {
        for method in [route.get.map(|_| Method::GET), route.post.map(|_| Method::POST)].into_iter().flatten() {
            let request = desk.http.request(method.clone(), desk.url(route.path)).header("Origin", origin).header("Cookie", "s-production=x");
            let request = if method == Method::POST { request.form(&[("a", "b")]) } else { request };
            let answer = desk.send(request).await;
            assert_eq!(answer.header("access-control-allow-origin"), route.open.then_some("*"), "{method} {}", route.path);
            assert_eq!(answer.header("access-control-allow-credentials"), None, "{method} {}", route.path);
            let exposed: BTreeSet<String> =
                answer.header("access-control-expose-headers").unwrap_or_default().split(',').map(|name| name.trim().to_ascii_lowercase()).collect();
            let expected: BTreeSet<String> = if route.open { ["dpop-nonce", "www-authenticate"].map(String::from).into() } else { [String::new()].into() };
            assert_eq!(exposed, expected, "{method} {}", route.path);
        }
        let preflight = async |method: &str, headers: &str| {
            let request = desk.http.request(Method::OPTIONS, desk.url(route.path)).header("Origin", origin);
            desk.send(request.header("Access-Control-Request-Method", method).header("Access-Control-Request-Headers", headers)).await
        };
        let answer = preflight("POST", "authorization,content-type,dpop").await;
        assert_eq!(answer.header("access-control-allow-origin"), route.open.then_some("*"), "{}", route.path);
        assert_eq!(answer.header("access-control-allow-credentials"), None, "{}", route.path);
        if route.open {
            assert_eq!(answer.status, 200);
            let list =
                |name: &str| -> BTreeSet<String> { answer.header(name).unwrap_or_default().split(',').map(|one| one.trim().to_ascii_lowercase()).collect() };
            assert_eq!(list("access-control-allow-headers"), ["authorization", "content-type", "dpop"].map(String::from).into());
            assert_eq!(list("access-control-allow-methods"), ["get", "post"].map(String::from).into());
        } else {
            assert_eq!(answer.status, 405, "{}", route.path);
        }
        for (method, headers) in [("DELETE", "authorization"), ("POST", "x-evil"), ("POST", "cookie")] {
            let answer = preflight(method, headers).await;
            assert!(answer.status >= 400 && answer.header("access-control-allow-headers").is_none(), "{method} {headers} {}", route.path);
        }
    }
    let elsewhere = desk.send(desk.http.get(desk.url("/nothing")).header("Origin", origin)).await;
    assert_eq!((elsewhere.status, elsewhere.header("access-control-allow-origin")), (404, None));
    desk.close().await;
}

async fn answers_carry_their_request_id_and_no_secret_stays(backend: Backend) {
    let desk = Desk::open(backend).await;
    let mut seen = BTreeSet::new();
    for route in every() {
        let answer = if route.get.is_some() { desk.get(route.path).await } else { desk.post(route.path, &[]).await };
        let id = answer.header("x-request-id").unwrap_or_else(|| panic!("{} has no id", route.path)).to_owned();
        assert!(id.len() >= 22 && seen.insert(id.clone()), "{}: {id}", route.path);
        if answer.body.contains("id=\"error-page\"") {
            assert!(answer.body.contains(&format!("<code>{id}</code>")), "the page shows the id that the log knows");
        }
        let public = matches!(route.path, paths::DISCOVERY | paths::SERVER_METADATA | paths::KEYS);
        if !matches!(route.get, Some(Gets::File(_))) {
            assert_eq!(answer.header("cache-control"), Some(if public { "public, max-age=300" } else { "no-store" }), "{}", route.path);
        }
        assert!(answer.header("server").is_none() && answer.header("x-powered-by").is_none());
    }
    // A caller's own id is not believed.
    let answer = desk.send(desk.http.get(desk.url("/")).header("X-Request-Id", "mine")).await;
    assert_ne!(answer.header("x-request-id"), Some("mine"));
    desk.close().await;
}
