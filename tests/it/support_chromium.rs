//! Chromium under test control, on pages as strict as the product's.

use crate::support::chromium::Chromium;
use crate::support::practice::Site;
use actix_web::{HttpRequest, HttpResponse, web};

const CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; base-uri 'none'; frame-ancestors 'none'";
const PAGE: &str = r#"<!doctype html><html lang="en"><title>Practice</title><meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="/style.css"><script src="/script.js"></script><main><h1>Practice</h1><p id="script">off</p>
<form method="post" action="/echo"><button id="go">Go</button></form>NICKNAME</main></html>"#;

fn routes(config: &mut web::ServiceConfig, _: &str) {
    let html = |nickname: &'static str| {
        move || async move {
            let headers = [("Content-Security-Policy", CSP), ("Referrer-Policy", "no-referrer"), ("Content-Type", "text/html; charset=utf-8")];
            let mut answer = HttpResponse::Ok();
            for header in headers {
                answer.insert_header(header);
            }
            answer.body(PAGE.replace("NICKNAME", nickname))
        }
    };
    let echo = |request: HttpRequest| async move {
        let header = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
        HttpResponse::Ok().content_type("text/html").body(format!("origin={} site={}", header("origin"), header("sec-fetch-site")))
    };
    config
        .route("/", web::get().to(html("")))
        .route("/faulty", web::get().to(html("<input name=\"nickname\"><p id=\"pale\">Pale</p>")))
        .route("/inline", web::get().to(html("<script>document.title = 'inline'</script>")))
        .route("/echo", web::post().to(echo))
        .route(
            "/style.css",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .content_type("text/css")
                    .body("body{background:#fff;color:#111}#pale{color:#666}@media(prefers-color-scheme:dark){body{background:#000;color:#eee}}")
            }),
        )
        .route(
            "/script.js",
            web::get().to(|| async {
                HttpResponse::Ok()
                    .content_type("text/javascript")
                    .body("addEventListener('DOMContentLoaded',()=>document.getElementById('script').textContent='on')")
            }),
        );
}

#[tokio::test]
async fn chromium_shows_and_checks_pages() {
    let Some(chromium) = Chromium::open().await else { return };
    let site = Site::start(routes);
    chromium.goto(&site.origin()).await;
    assert_eq!(chromium.evaluate("innerWidth").await, 1280);
    assert_eq!(chromium.evaluate("document.getElementById('script').textContent").await, "on");

    let background = "getComputedStyle(document.body).backgroundColor";
    for (dark, colour) in [(true, "rgb(0, 0, 0)"), (false, "rgb(255, 255, 255)")] {
        chromium.dark(dark).await;
        assert_eq!(chromium.evaluate(background).await, colour);
    }
    if let Some(faults) = chromium.accessibility(false).await {
        assert_eq!(faults, Vec::<String>::new());
        chromium.goto(&format!("{}/faulty", site.origin())).await;
        let faults = chromium.accessibility(false).await.expect("axe ran before");
        assert!(faults.iter().any(|fault| fault.starts_with("label: ") && fault.contains("nickname")), "{faults:?}");
        // Grey on black is what nobody can read; on white it was at its limit.
        chromium.dark(true).await;
        let faults = chromium.accessibility(true).await.expect("axe ran before");
        assert!(faults.len() == 1 && faults[0].starts_with("color-contrast: ") && faults[0].contains("pale"), "{faults:?}");
        chromium.dark(false).await;
    }

    assert_eq!(chromium.console().await.iter().filter(|line| line.contains("Content Security Policy")).count(), 0);
    chromium.goto(&format!("{}/inline", site.origin())).await;
    let refused = chromium.console().await;
    assert!(refused.iter().any(|line| line.contains("Content Security Policy")), "{refused:?}");

    chromium.width(390).await;
    chromium.javascript(false).await;
    chromium.goto(&site.origin()).await;
    assert_eq!(chromium.evaluate("innerWidth").await, 390);
    assert_eq!(chromium.evaluate("document.getElementById('script').textContent").await, "off");
    let picture = chromium.screenshot("practice-390").await;
    assert!(std::fs::read(&picture).expect("a picture").starts_with(b"\x89PNG"));

    // What the scripted browser imitates: a page that hides its address posts without its origin.
    chromium.client.find(fantoccini::Locator::Id("go")).await.expect("the button").click().await.expect("clicked");
    // A click answers before the page has come.
    chromium.client.wait().for_url(&format!("{}/echo", site.origin()).parse().expect("an address")).await.expect("the next page");
    let body = chromium.client.wait().for_element(fantoccini::Locator::Css("body")).await.expect("a page");
    assert_eq!(body.text().await.expect("its text"), "origin=null site=same-origin");
    chromium.close().await;
}
