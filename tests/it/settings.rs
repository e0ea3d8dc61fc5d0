//! Stages, the settings of the organization, and its look: who may, what is refused, and what everybody sees afterwards.

mod deletion;
mod looks;
mod order;
mod sessions;

use crate::groups::{OLGA, house, path, sign_in};
use crate::support::browser::Browser;
use crate::support::cookies::Context;
use crate::support::house::{Backend, House, on_both};
use crate::support::page::Page;
use gatehouse::one;
use reqwest::StatusCode;
use url::Url;

on_both! {
    stages_come_and_go
    two_people_edit_a_stage_or_the_settings_at_once
    the_organization_has_a_name
    the_accent_can_be_read
    a_logo_is_a_picture
    only_those_who_may
}

const LOGO: &[u8] = include_bytes!("logo.png");

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

async fn make_stage(browser: &mut Browser, name: &str, key: &str, purpose: &str, maximum: &str, idle: &str) -> Page {
    let form = browser.get("/portal/stages/new").await.form("/portal/stages/new");
    let form = form.fill("name", name).fill("key", key).fill("purpose", purpose).fill("maximum", maximum).fill("idle", idle).fill("idle-unit", "minutes");
    browser.submit(&form, "make-stage").await
}

async fn stages_come_and_go(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let page = make_stage(&mut olga, "Staging", "", "non_production", "8", "30").await;
    assert!(page.text_contains("The stage is there.") && page.text_contains("staging"), "{}", page.text());
    let stage = path(&page);
    assert_eq!((page.attribute("maximum", "value").as_deref(), page.attribute("idle", "value").as_deref()), (Some("8"), Some("30")));

    // The order: by purpose, then by age.
    make_stage(&mut olga, "Sandbox", "sandbox", "development", "1", "5").await;
    let text = olga.get("/portal/stages").await.text();
    let places: Vec<usize> =
        ["Development", "Sandbox", "QA", "Staging", "Production"].iter().map(|name| text.rfind(&format!(" {name} ")).unwrap_or(0)).collect();
    let list = text.split("Without use").last().unwrap_or_default();
    let order: Vec<usize> =
        ["development", "sandbox", "qa", "staging", "production"].iter().map(|key| list.find(&format!(" {key} ")).expect("listed")).collect();
    assert!(order.is_sorted(), "{order:?} {places:?} {list}");
    assert!(list.contains("8 hours") && list.contains("30 minutes") && list.contains("2 apps") && list.contains("none"), "{list}");
    assert!(
        !olga.get("/portal/stages?q=STAG").await.text_contains("sandbox")
            && olga.get("/portal/stages?q=zzz&page=1000000000").await.text_contains("Nothing found")
    );

    // What is refused stands at its field.
    for (name, key, purpose, maximum, idle, field) in [
        (" ", "x", "production", "8", "30", "name"),
        (&*"x".repeat(51), "x", "production", "8", "30", "name"),
        ("Staging", "staging", "production", "8", "30", "key"),
        ("Ok", "NO KEY", "production", "8", "30", "key"),
        ("Ok", "ok", "production", "0", "30", "maximum"),
        ("Ok", "ok", "production", "1081", "30", "maximum"),
        ("Ok", "ok", "production", "x", "30", "maximum"),
        ("Ok", "ok", "production", "-5", "30", "maximum"),
        ("Ok", "ok", "production", "1", "61", "idle"),
        ("Ok", "ok", "production", "1", "4", "idle"),
        ("Ok", "ok", "production", "99999999999999999999", "30", "maximum"),
    ] {
        let page = make_stage(&mut olga, name, key, purpose, maximum, idle).await;
        assert!(page.status == 422 && page.element(&format!("{field}-error")).is_some(), "{name} {key} {maximum} {idle}: {}", page.text());
        assert_eq!(page.attribute("idle", "value").as_deref(), Some(idle));
    }

    // Edited, in minutes too.
    let form = olga.get(&stage).await.form(&stage).fill("name", "Staging 2").fill("maximum", "90").fill("maximum-unit", "minutes").fill("idle", "90");
    let page = olga.submit(&form, "save-stage").await;
    assert!(page.text_contains("Saved.") && page.text_contains("Staging 2"), "{}", page.text());
    let form = olga.get(&stage).await.form(&stage).fill("idle", "100");
    let page = olga.submit(&form, "save-stage").await;
    assert!(page.status == 422 && page.element("idle-error").is_some() && page.attribute("idle", "value").as_deref() == Some("100"));

    // In use it stays, and says why; empty it goes, once.
    let production = olga
        .get("/portal/stages?q=production")
        .await
        .body
        .split("href=\"/portal/stages/")
        .find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36).map(str::to_owned))
        .expect("a link");
    let ask = olga.get(&format!("/portal/stages/{production}/delete")).await;
    assert!(ask.text_contains("2 apps are deployed here") && ask.text_contains("1 group belongs to it") && !ask.body.contains("confirm"), "{}", ask.text());
    let csrf = ask.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let page = olga.post_from(&house.issuer, &format!("/portal/stages/{production}/delete"), &[("csrf", &csrf)]).await;
    assert!(page.status == 409 && page.element("in-the-way").is_some(), "{}", page.text());
    let ask = olga.get(&format!("{stage}/delete")).await;
    assert!(ask.text_contains("Nobody is signed in here."), "{}", ask.text());
    let page = olga.submit(&ask.form(&format!("{stage}/delete")), "confirm").await;
    assert!(page.text_contains("The stage is deleted.") && !page.text_contains("Staging 2"), "{}", page.text());
    assert_eq!(olga.submit(&ask.form(&format!("{stage}/delete")), "confirm").await.status, 404);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'stage.deleted'").await, 1);

    // A role that holds nothing but what counts there is in the way.
    let qa = olga
        .get("/portal/stages?q=qa")
        .await
        .body
        .split("href=\"/portal/stages/")
        .find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36).map(str::to_owned))
        .expect("a link");
    let ask = olga.get(&format!("/portal/stages/{qa}/delete")).await;
    assert!(ask.text_contains("The organization role qa-stage would have no permission left.") && !ask.body.contains("confirm"), "{}", ask.text());
    house.close().await;
}

async fn two_people_edit_a_stage_or_the_settings_at_once(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, mut other) = (sign_in(&house, OLGA).await, sign_in(&house, OLGA).await);
    let stage = path(&make_stage(&mut olga, "Staging", "", "non_production", "8", "30").await);
    let (first, second) = (olga.get(&stage).await, other.get(&stage).await);
    assert!(olga.submit(&first.form(&stage).fill("name", "One"), "save-stage").await.text_contains("Saved."));
    let page = other.submit(&second.form(&stage).fill("name", "Two"), "save-stage").await;
    assert!(page.status == 409 && page.text_contains("it is called One now") && page.attribute("name", "value").as_deref() == Some("Two"), "{}", page.text());
    assert!(other.submit(&page.form(&stage), "save-stage").await.text_contains("Saved."));

    let settings = "/portal/settings";
    let (first, second) = (olga.get(settings).await, other.get(settings).await);
    assert!(olga.submit(&first.form(settings).fill("name", "Acme One"), "save").await.text_contains("Saved."));
    let page = other.submit(&second.form(settings).fill("name", "Acme Two"), "save").await;
    assert!(page.status == 409 && page.text_contains("Acme One now") && page.attribute("name", "value").as_deref() == Some("Acme Two"), "{}", page.text());
    assert!(other.submit(&page.form(settings), "save").await.text_contains("Acme Two"));

    let look = "/portal/settings/appearance";
    let (first, second) = (olga.get(look).await, other.get(look).await);
    assert!(olga.submit(&first.form("accent-form").fill("accent", "#00529b"), "save-accent").await.text_contains("Saved."));
    let page = other.submit(&second.form("accent-form").fill("accent", "#800000"), "save-accent").await;
    assert!(
        page.status == 409 && page.text_contains("Somebody changed the look meanwhile") && page.attribute("accent", "value").as_deref() == Some("#800000"),
        "{}",
        page.text()
    );
    let upload = send(&house, &olga, &[("csrf", &token(&first)), ("version", "0")], Some(("logo.png", LOGO))).await;
    assert_eq!(upload.0, 409);
    house.close().await;
}

async fn the_organization_has_a_name(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let settings = "/portal/settings";
    let page = olga.get(settings).await;
    assert_eq!((page.attribute("name", "value").as_deref(), page.element("domains").as_deref()), (Some("Acme"), Some("acme.example")));
    let form = page.form(settings).fill("name", "<b>Acme & Söhne</b>").fill("domains", "acme.example\r\n @M\u{fc}nchen.example\r\nacme.example");
    let page = olga.submit(&form, "save").await;
    assert!(
        page.text_contains("Saved.") && page.body.contains("&#60;b&#62;Acme &#38; S\u{f6}hne&#60;/b&#62;") && !page.body.contains("<b>Acme"),
        "{}",
        page.body
    );
    assert_eq!(page.element("domains").as_deref(), Some("acme.example m\u{fc}nchen.example"));
    // Everybody sees the name.
    assert!(Browser::new(&house.issuer).get("/sign-in").await.text_contains("<b>Acme & S\u{f6}hne</b>"));
    for (name, domains, field) in [
        ("", "acme.example", "name"),
        ("evil\u{202e}gnp", "acme.example", "name"),
        ("Acme", "acme.example\nno domain!", "domains"),
        ("Acme", "localhost", "domains"),
        ("Acme", &*format!("{}.example", "x".repeat(300)), "domains"),
        ("Acme", &*(0..101).fold(String::new(), |domains, number| domains + &format!("d{number}.example\n")), "domains"),
    ] {
        let form = olga.get(settings).await.form(settings).fill("name", name).fill("domains", domains);
        let page = olga.submit(&form, "save").await;
        assert!(page.status == 422 && page.element(&format!("{field}-error")).is_some(), "{name} {domains}: {}", page.text());
    }
    assert!(olga.get(settings).await.text_contains("S\u{f6}hne"));
    house.close().await;
}

async fn the_accent_can_be_read(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let look = "/portal/settings/appearance";
    assert!(!olga.get("/portal").await.body.contains("/brand/"), "the standard look has no sheet of its own");

    // A colour without contrast comes back with its ratio and one that has it.
    let form = olga.get(look).await.form("accent-form").fill("accent", "#FFCC00");
    let page = olga.submit(&form, "save-accent").await;
    let says = page.element("accent-error").expect("refused");
    assert!(page.status == 422 && says.contains("a contrast of 1.") && says.contains("4.5 to 1 is needed"), "{says}");
    assert_eq!(page.attribute("accent", "value").as_deref(), Some("#FFCC00"));
    let nearest = page.form("accent-form").press("take-nearest").1.into_iter().find(|(name, _)| name == "nearest").expect("offered").1;
    assert!(says.contains(&nearest), "{says}");
    let page = olga.submit(&page.form("accent-form"), "take-nearest").await;
    assert!(page.text_contains("Every page has this colour") && page.attribute("accent", "value") == Some(nearest.clone()), "{}", page.text());

    // Every page links it; browsers keep it under its own address.
    let sign_in = Browser::new(&house.issuer).get("/sign-in").await;
    let sheet = sign_in.body.split("href=\"").find_map(|rest| rest.split('"').next().filter(|link| link.starts_with("/brand/"))).expect("a link").to_owned();
    let ours = sign_in.body.find("gatehouse.css").expect("our own");
    assert!(ours < sign_in.body.find(&sheet).expect("linked"), "after our own");
    assert!(sign_in.body.len() + include_str!("../../static/gatehouse.css").len() < 30_000);
    let css = olga.get(&sheet).await;
    assert_eq!(css.body, format!(":root {{ --accent: {nearest} }}\n"));
    assert_eq!(css.header("content-type"), Some("text/css; charset=utf-8"));
    assert_eq!(css.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!((css.header("x-content-type-options"), css.header("content-security-policy")), (Some("nosniff"), Some("default-src 'none'")));
    for gone in ["/brand//accent.css", "/brand/0000000000000000/accent.css", "/brand/x/logo", &sheet.replace("accent.css", "logo")] {
        let page = olga.get(gone).await;
        assert!(page.status == 404 && page.header("cache-control") == Some("no-store"), "{gone}: {}", page.status);
    }

    // What is no colour; what wants to be a sheet.
    for bad in ["teal", "#12345", "", "#0d6e66 } body { display: none", "url(https://evil.example)"] {
        let (url, mut pairs) = olga.get(look).await.form("accent-form").press("save-accent");
        pairs.retain(|(name, _)| name != "accent");
        pairs.push(("accent".into(), bad.into()));
        let fields: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let page = olga.post_from(&house.issuer, url.as_str(), &fields).await;
        assert!(page.status == 422 && page.element("accent-error").is_some(), "{bad}: {}", page.text());
    }
    // The picker alone, as without scripts; then a new address, and the old one is gone.
    let form = olga.get(look).await.form("accent-form").fill("picked", "#00529b");
    let page = olga.submit(&form, "save-accent").await;
    assert_eq!(page.attribute("accent", "value").as_deref(), Some("#00529b"), "{}", page.text());
    assert_eq!(olga.get(&sheet).await.status, 404);
    // Back to the standard.
    let form = olga.get(look).await.form("reset-form");
    let page = olga.submit(&form, "reset").await;
    assert!(page.text_contains("standard look again") && !page.body.contains("/brand/") && !page.body.contains("id=\"reset\""), "{}", page.text());
    house.close().await;
}

fn token(page: &Page) -> String {
    page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned()
}

/// Uploads as a browser does. Answers the status and what came.
async fn send(house: &House, browser: &Browser, fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> (StatusCode, String) {
    let url = Url::parse(&format!("{}/portal/settings/logo", house.issuer)).expect("a URL");
    let cookies = browser.cookies.header(&url, Context { cross_site: false, safe_method: false }).unwrap_or_default();
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend_from_slice(format!("--b0undary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
    }
    if let Some((name, bytes)) = file {
        body.extend_from_slice(
            format!("--b0undary\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"{name}\"\r\nContent-Type: image/png\r\n\r\n").as_bytes(),
        );
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--b0undary--\r\n");
    let client = crate::support::http().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let request = client.post(url).header("Content-Type", "multipart/form-data; boundary=b0undary").header("Cookie", cookies);
    let answer = request.header("Sec-Fetch-Site", "same-origin").header("Origin", "null").body(body).send().await.expect("an answer");
    (answer.status(), answer.text().await.expect("a body"))
}

async fn a_logo_is_a_picture(backend: Backend) {
    let house = house(backend).await;
    let mut olga = sign_in(&house, OLGA).await;
    let look = "/portal/settings/appearance";
    let page = olga.get(look).await;
    let csrf = token(&page);
    let first = [("csrf", csrf.as_str()), ("version", "0")];
    let (status, body) = send(&house, &olga, &first, Some(("logo.png", LOGO))).await;
    assert_eq!(status, 303, "{body}");

    // Everybody sees it; it is served as what it is and nothing else.
    let sign_in_page = Browser::new(&house.issuer).get("/sign-in").await;
    let link = sign_in_page.body.split("<img src=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a logo").to_owned();
    let answer = reqwest::get(format!("{}{link}", house.issuer)).await.expect("an answer");
    let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    assert_eq!(
        ["content-type", "cache-control", "x-content-type-options", "content-security-policy"].map(header),
        ["image/png", "public, max-age=31536000, immutable", "nosniff", "default-src 'none'"]
    );
    assert_eq!(answer.bytes().await.expect("bytes"), LOGO);

    // What is no picture, or too much of one, changes nothing.
    let version = [("csrf", csrf.as_str()), ("version", "1")];
    let svg = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let mut wide = LOGO.to_vec();
    wide[16..20].copy_from_slice(&2_001_u32.to_be_bytes());
    let mut fat = LOGO.to_vec();
    fat.resize(256 * 1024 + 1, 0);
    let mut huge = LOGO.to_vec();
    huge.resize(20 * 1024 * 1024, 0);
    for (name, bytes, says) in [
        ("logo.svg", svg.as_slice(), "This is an SVG, which can carry scripts."),
        ("logo.png", svg.as_slice(), "This is an SVG, which can carry scripts."),
        ("logo.png", b"hello, I am a text", "This is no PNG, JPEG or WebP picture"),
        ("logo.png", b"<!doctype html><script>alert(1)</script>", "This is no PNG, JPEG or WebP picture"),
        ("logo.gif", b"GIF89a\x01\0\x01\0\0\0\0;", "This is no PNG, JPEG or WebP picture"),
        ("../../etc/passwd", b"root:x:0:0", "This is no PNG, JPEG or WebP picture"),
        ("logo.png", &wide, "2001 by 32 pixels"),
        ("logo.png", &fat, "This file is too large"),
        ("logo.png", &huge, "This file is too large"),
        ("", b"", "Please choose a file."),
    ] {
        let (status, body) = send(&house, &olga, &version, Some((name, bytes))).await;
        assert!(status == 422 && body.contains(says), "{name}, {} bytes: {status} {says}\n{body}", bytes.len());
        assert!(body.contains(&link), "the logo that was there still is");
    }
    assert_eq!(send(&house, &olga, &version, None).await.0, 422);
    // Forms of nobody, of another session, and none at all.
    assert_eq!(send(&house, &olga, &[("version", "1")], Some(("logo.png", LOGO))).await.0, 403);
    assert_eq!(send(&house, &olga, &[("csrf", "x"), ("version", "1")], Some(("logo.png", LOGO))).await.0, 403);
    assert_eq!(send(&house, &Browser::new(&house.issuer), &version, Some(("logo.png", LOGO))).await.0, 403);
    assert_eq!(olga.post_from(&house.issuer, "/portal/settings/logo", &version).await.status, 415);
    let many: Vec<(&str, &str)> = std::iter::repeat_n(("x", "y"), 20).collect();
    assert_eq!(send(&house, &olga, &many, None).await.0, 422);
    assert_eq!(olga.get(&link).await.status, 200);

    // Removed, and the address with it. Each button says what it does.
    let page = olga.get(look).await;
    for (sentence, says) in [("remove-logo-follows", "the colour stays"), ("reset-follows", "Back to the standard colour, without a logo")] {
        assert!(page.element(sentence).is_some_and(|said| said.contains(says)), "{sentence}: {}", page.text());
    }
    let form = page.form("reset-form");
    let page = olga.submit(&form, "remove-logo").await;
    assert!(page.text_contains("The logo is removed.") && page.text_contains("No logo yet"), "{}", page.text());
    assert_eq!(olga.get(&link).await.status, 404);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'brand.changed'").await, 2);
    house.close().await;
}

async fn only_those_who_may(backend: Backend) {
    let house = house(backend).await;
    let mut dora = sign_in(&house, "dora@acme.example").await;
    for hidden in ["/portal/settings", "/portal/settings/sessions", "/portal/settings/appearance", "/portal/stages/new"] {
        assert_eq!(dora.get(hidden).await.status, 403, "{hidden}");
    }
    let page = dora.get("/portal/groups").await;
    assert!(!page.body.contains("href=\"/portal/settings\""));
    let csrf = token(&page);
    for (path, fields) in [
        ("/portal/settings", vec![("name", "Mine"), ("version", "1")]),
        ("/portal/settings/sessions", vec![("maximum", "1"), ("idle", "1"), ("version", "1")]),
        ("/portal/settings/appearance", vec![("accent", "#000000"), ("version", "0")]),
        ("/portal/stages/new", vec![("name", "Mine"), ("purpose", "production"), ("maximum", "1"), ("idle", "1")]),
    ] {
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
        assert_eq!(dora.post_from(&house.issuer, path, &fields).await.status, 403, "{path}");
    }
    assert_eq!(send(&house, &dora, &[("csrf", &csrf), ("version", "0")], Some(("logo.png", LOGO))).await.0, 403);
    // She sees the stage of her groups, and may not change it.
    let page = dora.get("/portal/stages").await;
    assert!(page.text_contains("development") && !page.text_contains("production"), "{}", page.text());
    let stage = page.body.split("href=\"/portal/stages/").find_map(|rest| rest.split('"').next().filter(|id| id.len() == 36)).expect("a link");
    let page = dora.get(&format!("/portal/stages/{stage}")).await;
    assert!(page.text_contains("12 hours") && !page.body.contains("save-stage"), "{}", page.text());
    let fields = [("csrf", csrf.as_str()), ("name", "Mine"), ("maximum", "2"), ("idle", "2"), ("version", "1")];
    assert_eq!(dora.post_from(&house.issuer, &format!("/portal/stages/{stage}"), &fields).await.status, 403);
    assert_eq!(dora.get(&format!("/portal/stages/{stage}/delete")).await.status, 403);
    for (action, fields) in [("delete", vec![]), ("move", vec![("to", "down"), ("version", "1")])] {
        let fields: Vec<(&str, &str)> = fields.into_iter().chain([("csrf", csrf.as_str())]).collect();
        assert_eq!(dora.post_from(&house.issuer, &format!("/portal/stages/{stage}/{action}"), &fields).await.status, 403, "{action}");
    }
    // Whoever manages the organization, and holds nothing else, finds no tab of mail: it would not open.
    let mia = "[[organization_role]]\nkey = \"host\"\nname = \"Host\"\npermissions = [\"organization.manage\"]
        [[user]]\nemail = \"mia@acme.example\"\nname = \"Mia Manages\"\norg_roles = [\"host\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n";
    house.apply(mia).await;
    let mut mia = sign_in(&house, "mia@acme.example").await;
    for path in ["/portal/settings", "/portal/settings/sessions", "/portal/settings/appearance"] {
        let page = mia.get(path).await;
        assert!(page.status == 200 && !page.body.contains("/portal/settings/mail"), "{path}: {}", page.text());
    }
    assert_eq!(mia.get("/portal/settings/mail").await.status, 403);
    assert!(sign_in(&house, OLGA).await.get("/portal/settings").await.body.contains("href=\"/portal/settings/mail\""));
    house.close().await;
}
