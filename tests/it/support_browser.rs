//! The scripted browser behaves as browsers do.

use crate::support::browser::Browser;
use crate::support::cookies::{Context, Jar};
use crate::support::practice::Site;
use actix_web::{HttpRequest, HttpResponse, web};
use url::Url;

const PAGE: &str = r#"<!doctype html><title>Practice</title><body><h1 id="top">Hello   <b>there</b></h1>
<form id="sign-in" method="post" action="/echo"><input type="hidden" name="csrf" value="t0ken"><input id="username" name="username">
<input type="checkbox" name="keep" value="yes"><input type="checkbox" name="news" value="a" checked><input type="radio" name="size" value="s" checked><input type="radio" name="size" value="l">
<select name="stage"><option value="dev">Dev<option value="prod" selected>Prod</select><textarea name="note">hi</textarea><input name="off" disabled value="x">
<button id="go" name="do" value="go">Go</button><button id="leave" formaction="/away">Leave</button></form>
<form action="/search"><input name="q" value="a b"><input type="submit" id="find"></form><input name="outside" form="sign-in" value="joined"></body>"#;

fn routes(config: &mut web::ServiceConfig, _: &str) {
    let html = || HttpResponse::Ok().content_type("text/html; charset=utf-8").insert_header(("Set-Cookie", "s=1; HttpOnly; SameSite=Lax; Path=/")).body(PAGE);
    let quiet = || HttpResponse::Ok().insert_header(("Referrer-Policy", "no-referrer")).content_type("text/html").body(PAGE);
    let echo = |request: HttpRequest, body: String| async move {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
        let seen = format!(
            "{} origin={} site={} mode={} cookie={} query={} body={body}",
            request.method(),
            header("origin"),
            header("sec-fetch-site"),
            header("sec-fetch-mode"),
            header("cookie"),
            request.query_string()
        );
        HttpResponse::Ok().content_type("text/html").body(format!("<body>{}</body>", seen.replace('&', " ")))
    };
    config
        .route("/", web::get().to(move || async move { html() }))
        .route("/quiet", web::get().to(move || async move { quiet() }))
        .route("/echo", web::to(echo))
        .route("/search", web::to(echo))
        .route(
            "/hop",
            web::get().to(|| async {
                HttpResponse::SeeOther().insert_header(("Location", "/echo?hopped")).insert_header(("Set-Cookie", "__Host-a=1; Path=/")).finish()
            }),
        )
        .route("/away", web::to(|| async { HttpResponse::SeeOther().insert_header(("Location", "https://app.example.org/cb?code=1")).finish() }));
}

#[tokio::test]
async fn forms_are_filled_and_sent_as_chromium_sends_them() {
    let site = Site::start(routes);
    let mut browser = Browser::new(&site.origin());
    let page = browser.get("/").await;
    assert!(page.text_contains("Hello there") && !page.text_contains("t0ken"));
    assert_eq!(page.element("top").as_deref(), Some("Hello there"));
    assert_eq!(page.element("bottom"), None);
    assert_eq!(page.attribute("username", "name").as_deref(), Some("username"));

    let form = page.form("sign-in").fill("username", "ana").fill("keep", "yes").fill("size", "l").fill("stage", "dev").clear("news", "a");
    let answer = browser.submit(&form, "go").await;
    let origin = site.origin();
    let expected = format!(
        "POST origin={origin} site=same-origin mode=navigate cookie=s=1 query= body=csrf=t0ken username=ana keep=yes size=l stage=dev note=hi outside=joined do=go"
    );
    assert_eq!(answer.text(), expected);

    let found = browser.submit(&page.form("/search"), "find").await;
    assert_eq!(found.text(), "GET origin=- site=same-origin mode=navigate cookie=s=1 query=q=a+b body=");

    let quiet = browser.get("/quiet").await;
    let answer = browser.submit_once(&quiet.form("sign-in").fill("username", "ana"), "go").await;
    assert!(answer.text_contains("origin=null site=same-origin"), "{}", answer.text());
}

#[tokio::test]
async fn redirects_stop_at_the_border() {
    let site = Site::start(routes);
    let mut browser = Browser::new(&site.origin());
    let page = browser.get("/hop").await;
    assert_eq!((page.url.path(), page.status.as_u16()), ("/echo", 200));
    assert_eq!(browser.refused_cookies, ["__Host- needs Secure, Path=/ and no Domain: __Host-a=1; Path=/"]);
    let form = browser.get("/").await.form("sign-in");
    let away = browser.submit(&form, "leave").await;
    assert_eq!(away.location().expect("a redirect").as_str(), "https://app.example.org/cb?code=1");
    assert_eq!(away.header("location"), Some("https://app.example.org/cb?code=1"));
    assert!(browser.get_once("/hop").await.location().is_some());
}

#[tokio::test]
async fn other_sites_get_lax_cookies_by_link_only() {
    let site = Site::start(routes);
    let mut browser = Browser::new(&site.origin());
    browser.get("/").await;
    assert_eq!(browser.cookies.value("s"), Some("1"));
    let foreign = site.foreign_origin();
    let posted = browser.post_from(&foreign, "/echo", &[("a", "b")]).await;
    assert_eq!(posted.text(), format!("POST origin={foreign} site=cross-site mode=navigate cookie=- query= body=a=b"));
    let clicked = browser.click(&foreign, "/echo").await;
    assert_eq!(clicked.text(), "GET origin=- site=cross-site mode=navigate cookie=s=1 query= body=");
    browser.cookies.remove("s");
    assert!(browser.get("/echo").await.text_contains("site=none mode=navigate cookie=-"));
}

#[test]
fn the_jar_keeps_the_rules() {
    let own = Context { cross_site: false, safe_method: true };
    let url = |text: &str| Url::parse(text).expect("a URL");
    let (https, local, plain) = (url("https://id.example.org/a/b"), url("http://localhost:8080/"), url("http://id.example.org/"));
    let mut jar = Jar::default();
    for (at, header, reason) in [
        (&plain, "a=1; Secure", "Secure over plain http"),
        (&https, "__Host-a=1; Secure; Path=/x", "__Host- needs Secure, Path=/ and no Domain"),
        (&https, "__host-a=1; Secure; Path=/; Domain=example.org", "__Host- needs Secure, Path=/ and no Domain"),
        (&https, "__Secure-a=1", "__Secure- without Secure"),
        (&https, "a=1; Domain=other.org", "a foreign Domain"),
        (&https, "a=1; SameSite=None", "SameSite=None without Secure"),
    ] {
        assert_eq!(jar.take(at, header), Err(reason), "{header}");
    }
    jar.take(&local, "__Host-l=1; Secure; Path=/").expect("loopback is trustworthy");
    assert_eq!(jar.header(&local, own).as_deref(), Some("__Host-l=1"));

    jar.take(&https, "short=1").expect("kept under /a");
    jar.take(&https, "deep=1; Path=/a/b").expect("kept");
    jar.take(&https, "wide=1; Path=/; Domain=example.org").expect("kept");
    jar.take(&https, "strict=1; Path=/; SameSite=Strict").expect("kept");
    jar.take(&https, "none=1; Path=/; SameSite=None; Secure").expect("kept");
    assert_eq!(jar.header(&https, own).as_deref(), Some("deep=1; short=1; wide=1; strict=1; none=1"));
    assert_eq!(jar.header(&url("https://id.example.org/ab"), own).as_deref(), Some("wide=1; strict=1; none=1"));
    assert_eq!(jar.header(&url("https://www.example.org/"), own).as_deref(), Some("wide=1"));
    assert_eq!(jar.header(&plain, own).as_deref(), Some("wide=1; strict=1"));
    let foreign = |safe_method| Context { cross_site: true, safe_method };
    assert_eq!(jar.header(&url("https://id.example.org/"), foreign(true)).as_deref(), Some("wide=1; none=1"));
    assert_eq!(jar.header(&url("https://id.example.org/"), foreign(false)).as_deref(), Some("none=1"));

    jar.take(&https, "none=; Path=/; Max-Age=0").expect("deleted");
    jar.take(&https, "deep=1; Path=/a/b; Expires=Thu, 01 Jan 1970 00:00:00 GMT").expect("deleted");
    jar.take(&https, "short=2; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT").expect("Max-Age wins");
    assert_eq!(jar.header(&https, own).as_deref(), Some("short=2; wide=1; strict=1"));
    assert_eq!((jar.value("none"), jar.value("short")), (None, Some("2")));
}
