//! "Try it": the demo app signs people in as any app does, and shows what it was told.

mod raw;

use crate::support::browser::Browser;
use crate::support::cookies::Context;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::page::Page;
use gatehouse::access;
use gatehouse::access::app::deployment;
use gatehouse::actor::Actor;
use gatehouse::base::text::Slug;
use gatehouse::base::time::Clock;
use gatehouse::lifecycle::try_it;
use gatehouse::oauth::client;
use gatehouse::work::Origin;
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

on_both! {
    the_page_shows_what_the_app_was_told_and_why
    an_answer_is_shown_once
    every_other_end_has_its_page
    it_is_switched_on_by_whoever_may
    the_client_is_made_once
    it_reaches_itself_behind_a_proxy
}

/// Switches the demo app on.
pub async fn enable(house: &House, app: &str, stage: &str) {
    let (actor, origin) = (Actor::System { label: "test" }, Origin::default());
    let made = house.server.ground.work(&actor, &origin, async |work| {
        let changing = access::begin_change(work).await?;
        let app = access::app::by_key(&mut work.tx, &Slug::parse(app).expect("a key")).await?.expect("the app");
        let stage = access::stage::by_key(&mut work.tx, &Slug::parse(stage).expect("a key")).await?.expect("the stage");
        let here = deployment::find(&mut work.tx, app.id, stage.id).await?.expect("deployed");
        try_it::ensure(work, &changing, &app, &stage, &here, house.server.issuer()).await
    });
    made.await.expect("a client");
}

/// Presses the button of the demo app; answers the page that follows.
pub async fn begin(browser: &mut Browser, path: &str) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{}", page.text());
    browser.submit(&page.form(path.split('?').next().expect("a path")), "try-begin").await
}

/// Signs in where the browser stands.
pub async fn sign_in(browser: &mut Browser, page: &Page, email: &str) -> Page {
    let form = page.form("/login").fill("username", email).fill("password", PASSWORD);
    browser.submit(&form, "login-submit").await
}

/// The whole way to the page that shows the tokens.
pub async fn tried(house: &House, app: &str, email: &str) -> Page {
    let mut browser = Browser::new(&house.issuer);
    let page = begin(&mut browser, &format!("/try/{app}/production")).await;
    let page = sign_in(&mut browser, &page, email).await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/try/callback"), "{}", page.text());
    page
}

/// The rows of a table of claims: by name, the value and what stands beside it.
fn claims(page: &Page, table: &str) -> BTreeMap<String, (String, String)> {
    let document = Html::parse_document(&page.body);
    let (rows, cells) = (Selector::parse(&format!("#{table} tbody tr")).expect("a selector"), Selector::parse("th, td").expect("a selector"));
    let text = |element: scraper::ElementRef| element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ");
    let row = |row: scraper::ElementRef| {
        let mut cells = row.select(&cells).map(text);
        let mut next = || cells.next().expect("three cells");
        (next(), (next(), next()))
    };
    document.select(&rows).map(row).collect()
}

/// The form of the portal's sign-in, filled in and sent; answers where it led.
async fn sign_in_at_home(browser: &mut Browser, path: &str, email: &str) -> Page {
    let page = browser.get(path).await;
    let form = page.form("/sign-in").fill("username", email).fill("password", PASSWORD);
    browser.submit(&form, "login-submit").await
}

async fn the_page_shows_what_the_app_was_told_and_why(backend: Backend) {
    let house = House::open(backend).await;
    enable(&house, "sales", "production").await;
    let mut browser = Browser::new(&house.issuer);
    let start = browser.get("/try/sales/production").await;
    assert!(start.text_contains("Try Sales Desk") && start.text_contains("Production"), "{}", start.text());
    let page = begin(&mut browser, "/try/sales/production").await;
    assert_eq!(page.url.path(), "/login", "{}", page.text());
    let page = sign_in(&mut browser, &page, "ana@acme.example").await;
    // The organization's own app on its own address asks for no consent.
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/try/callback"), "{}", page.text());
    assert!(browser.refused_cookies.is_empty() && page.text_contains("What Sales Desk was told") && page.text_contains("Ana Ferreira"));

    let access = claims(&page, "access-claims");
    let value = |name: &str| access.get(name).unwrap_or_else(|| panic!("no {name}: {access:?}")).0.as_str();
    assert_eq!((value("roles"), value("permissions"), value("groups"), value("org_roles")), ("approver viewer", "approve read", "emea", "none"));
    assert_eq!((value("iss"), value("aud")), (house.issuer.as_str(), format!("{}/apps/sales/production", house.issuer).as_str()));
    assert_eq!(
        (value("client_id"), value("app"), value("stage"), value("org_name"), value("ver")),
        ("try-sales-production", "sales", "production", "Acme", "1")
    );
    for name in ["sub", "exp", "iat", "jti", "scope", "azid", "sid", "auth_time", "acr", "amr", "org_id"] {
        assert!(!value(name).is_empty() && access[name].1.len() > 10, "{name}");
    }
    assert!(value("exp").ends_with(" UTC") && access["exp"].1.contains("Until when"), "{:?}", access["exp"]);
    // Why, by name: the role, the group, what brings what, who gave it.
    let why = |name: &str| access[name].1.as_str();
    assert!(why("roles").contains("approver Role Approver by apply, "), "{}", why("roles"));
    assert!(why("roles").contains("viewer Group EMEA Sales Role Viewer member by apply, "), "{}", why("roles"));
    assert!(why("roles").contains("given to the group by apply, "), "{}", why("roles"));
    assert!(why("permissions").contains("approve Role Approver by apply"), "{}", why("permissions"));
    assert!(why("permissions").contains("Role Approver approve by apply"), "approve implies read: {}", why("permissions"));
    assert!(why("groups").contains("emea Group EMEA Sales member by apply, "), "{}", why("groups"));
    assert!(!why("org_roles").contains("Where it comes from"));

    let id = claims(&page, "id-claims");
    assert_eq!((id["aud"].0.as_str(), id["roles"].0.as_str(), id["sub"].0.as_str()), ("try-sales-production", "approver viewer", value("sub")));
    assert!(id.contains_key("nonce") && id.contains_key("at_hash") && !id.contains_key("email") && id["aud"].1.contains("the client that asked"));
    let about = claims(&page, "userinfo-claims");
    assert_eq!((about["email"].0.as_str(), about["email_verified"].0.as_str(), about["name"].0.as_str()), ("ana@acme.example", "true", "Ana Ferreira"));
    assert_eq!(about["groups"].0, "emea");

    // The raw token is the one in the curl, and it works there.
    let token = page.element("access-raw").expect("a token");
    assert_eq!(page.element("access-size").as_deref(), Some(format!("{} bytes", token.len()).as_str()));
    let curl = page.element("curl").expect("a command");
    assert_eq!(curl, format!("curl -H \"Authorization: Bearer {token}\" {}/oauth2/userinfo", house.issuer));
    let answer: Value =
        reqwest::Client::new().get(format!("{}/oauth2/userinfo", house.issuer)).bearer_auth(&token).send().await.expect("asked").json().await.expect("JSON");
    assert_eq!(answer["sub"].as_str(), Some(value("sub")));
    // Ana may invite nobody; Olga holds everything, and everything is explained.
    assert!(page.attribute("invite-colleague", "href").is_none() && page.attribute("your-account", "href").as_deref() == Some("/account"));
    assert!(page.attribute("try-again", "href").as_deref() == Some("/try/sales/production"));
    enable(&house, "wiki", "production").await;
    let page = tried(&house, "wiki", "olga@acme.example").await;
    let access = claims(&page, "access-claims");
    assert_eq!((access["org_roles"].0.as_str(), access["roles"].0.as_str(), access["groups"].0.as_str()), ("administrator", "none", "none"));
    assert!(access["org_roles"].1.contains("Organization role Administrator by apply"), "{}", access["org_roles"].1);
    assert!(
        access["permissions"].0.contains("users.manage") && access["permissions"].1.contains("All of them Organization role Administrator"),
        "{:?}",
        access["permissions"]
    );
    assert_eq!(page.attribute("invite-colleague", "href").as_deref(), Some("/portal/invitations/new"));
    // Ana's shared role counts in the wiki, and says whose it is.
    let page = tried(&house, "wiki", "ana@acme.example").await;
    let access = claims(&page, "access-claims");
    assert!(access["roles"].0 == "sales:viewer" && access["roles"].1.contains("Role of Sales Desk Viewer"), "{:?}", access["roles"]);
    house.close().await;
}

async fn an_answer_is_shown_once(backend: Backend) {
    let house = House::open(backend).await;
    enable(&house, "sales", "production").await;
    let mut browser = Browser::new(&house.issuer);
    let page = begin(&mut browser, "/try/sales/production").await;
    let page = sign_in(&mut browser, &page, "ana@acme.example").await;
    let token = page.element("access-raw").expect("a token");
    for _ in 0..2 {
        let again = browser.get(page.url.as_str()).await;
        assert_eq!(again.status, 400);
        assert!(again.text_contains("This sign-in is over") && again.element("access-raw").is_none(), "{}", again.text());
        assert_eq!(again.attribute("try-again", "href").as_deref(), Some("/try/sales/production"));
    }
    // The code was not sent again, so nothing ended.
    let alive = reqwest::Client::new().get(format!("{}/oauth2/userinfo", house.issuer)).bearer_auth(&token).send().await.expect("asked");
    assert_eq!(alive.status(), 200);
    // Two requests bring the same code at once: it is redeemed once, and nothing ends.
    let start = browser.get("/try/sales/production").await;
    let asked = browser.submit_once(&start.form("/try/sales/production"), "try-begin").await;
    let back = browser.get_once(asked.location().expect("a redirect").as_str()).await.location().expect("signed in already");
    assert_eq!(back.path(), "/try/callback");
    let cookies = browser.cookies.header(&back, Context { cross_site: false, safe_method: true }).expect("cookies");
    let ask = async || reqwest::Client::new().get(back.as_str()).header("Cookie", &cookies).send().await.expect("asked").text().await.expect("a page");
    let (one, two, three) = tokio::join!(ask(), ask(), ask());
    let pages = [one, two, three];
    assert_eq!(pages.iter().filter(|page| page.contains("This sign-in is over")).count(), 2);
    let token = pages.iter().find_map(|page| page.split("id=\"access-raw\" dir=\"ltr\">").nth(1)?.split('<').next()).expect("a token");
    let alive = reqwest::Client::new().get(format!("{}/oauth2/userinfo", house.issuer)).bearer_auth(token).send().await.expect("asked");
    assert_eq!(alive.status(), 200);
    // The one who is signed in comes through without a page, unless they want to be asked anew.
    let page = begin(&mut browser, "/try/sales/production").await;
    assert_eq!(page.url.path(), "/try/callback");
    let page = begin(&mut browser, "/try/sales/production?again=1").await;
    assert_eq!(page.url.path(), "/login", "{}", page.text());
    house.close().await;
}

async fn every_other_end_has_its_page(backend: Backend) {
    let house = House::open(backend).await;
    enable(&house, "sales", "production").await;
    let mut browser = Browser::new(&house.issuer);
    // A stranger hears the same of what is switched off and of what there is not.
    for path in ["/try/sales/qa", "/try/nothing/production", "/try/sales/nowhere"] {
        assert_eq!(browser.get(path).await.url.path(), "/sign-in", "{path}");
    }
    for path in ["/try/sales", "/try/%00/production", "/try/Sales/production"] {
        assert_eq!(browser.get(path).await.status, 404, "{path}");
    }
    // Nobody began anything; whatever stands in the address leads nowhere else.
    for query in ["", "?state=x", "?code=x&state=x.//evil.example", "?error=access_denied", "?state=x.sales.production&state=y"] {
        let page = browser.get(&format!("/try/callback{query}")).await;
        assert!(page.status == 400 && page.text_contains("This sign-in is over") && !page.body.contains("evil"), "{query}: {}", page.text());
    }
    // Going back.
    let page = begin(&mut browser, "/try/sales/production").await;
    let page = browser.submit(&page.form("/login"), "login-cancel").await;
    assert!(page.status == 200 && page.text_contains("You went back") && page.url.path() == "/try/callback", "{}", page.text());
    assert_eq!(page.attribute("try-again", "href").as_deref(), Some("/try/sales/production"));

    // Another answer than the one that is waited for changes nothing: the right one still arrives.
    let page = begin(&mut browser, "/try/sales/production").await;
    let other = browser.get("/try/callback?code=x&state=x.sales.production").await;
    assert!(other.status == 400 && other.text_contains("This answer belongs to another sign-in"), "{}", other.text());
    let other = browser.get("/try/callback?error=access_denied").await;
    assert!(other.status == 400 && other.text_contains("This answer belongs to another sign-in"), "{}", other.text());
    let page = sign_in(&mut browser, &page, "ana@acme.example").await;
    assert!(page.element("access-raw").is_some(), "{}", page.text());

    // A code that is wrong, and an answer that does not name its issuer (a mix-up).
    for (code, issuer, said) in
        [("wrong", house.issuer.as_str(), "invalid_grant"), ("wrong", "https://evil.example", "invalid_response"), ("", "", "invalid_response")]
    {
        let start = browser.get("/try/sales/production").await;
        let redirect = browser.submit_once(&start.form("/try/sales/production"), "try-begin").await;
        let request: BTreeMap<_, _> = redirect.location().expect("a redirect").query_pairs().into_owned().collect();
        assert_eq!((request["code_challenge_method"].as_str(), request["response_type"].as_str()), ("S256", "code"));
        assert!(request["nonce"].len() > 15 && request["scope"] == "openid profile email roles permissions groups" && !request.contains_key("prompt"));
        let mut answer = Url::parse(&format!("{}/try/callback", house.issuer)).expect("a URL");
        answer.query_pairs_mut().append_pair("state", &request["state"]);
        if !code.is_empty() {
            answer.query_pairs_mut().append_pair("code", code).append_pair("iss", issuer);
        }
        let page = browser.get(answer.as_str()).await;
        assert!(page.status == 400 && page.text_contains("came to no good end") && page.text_contains(said), "{said}: {}", page.text());
        // And it is over.
        assert!(browser.get(answer.as_str()).await.text_contains("This sign-in is over"));
    }
    // Somebody without a role is told so, and by name, and may let somebody else in.
    let mut nora = Browser::new(&house.issuer);
    let page = begin(&mut nora, "/try/sales/production").await;
    let page = sign_in(&mut nora, &page, "nora@acme.example").await;
    assert!(page.status == 403 && page.text_contains("Nora Nobody has no role here") && page.text_contains("Sales Desk at Production"), "{}", page.text());
    let other = page.attribute("try-other", "href").expect("a link");
    let page = begin(&mut nora, &other).await;
    let page = sign_in(&mut nora, &page, "ana@acme.example").await;
    assert!(page.element("access-raw").is_some() && page.text_contains("ana@acme.example"), "{}", page.text());

    // A form of another site, or of another browser, begins nothing.
    let page = browser.get("/try/sales/production").await;
    let (_, fields) = page.form("/try/sales/production").press("try-begin");
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(browser.post_from("https://evil.example/", "/try/sales/production", &fields).await.status, 403);
    assert_eq!(Browser::new(&house.issuer).submit_once(&page.form("/try/sales/production"), "try-begin").await.status, 403);
    assert_eq!(browser.post_from(&house.issuer, "/try/sales/production", &[("csrf", "x")]).await.status, 403);
    house.close().await;
}

async fn it_is_switched_on_by_whoever_may(backend: Backend) {
    let house = House::open(backend).await;
    let path = "/try/sales/production";
    let mut nobody = Browser::new(&house.issuer);
    // A stranger learns of no app: what is switched off and what does not exist lead to the same sign-in.
    for there in [path, "/try/nothing/production", "/try/sales/nowhere"] {
        let page = nobody.get_once(there).await;
        let to = page.location().expect("a redirect");
        assert_eq!((page.status.as_u16(), to.path(), to.query()), (303, "/sign-in", Some(format!("to={}", there.replace('/', "%2F")).as_str())), "{there}");
        assert_eq!(nobody.post_from(&house.issuer, there, &[("csrf", "x")]).await.status, 403);
        assert_eq!(nobody.post_from(&house.issuer, &format!("{there}/enable"), &[("csrf", "x")]).await.status, 403);
    }
    assert_eq!(nobody.get("/try/NOTHING/production").await.status, 404);
    let link = format!("/sign-in?to={}", path.replace('/', "%2F"));

    let mut ana = Browser::new(&house.issuer);
    let page = sign_in_at_home(&mut ana, &link, "ana@acme.example").await;
    assert!(page.url.path() == path && page.text_contains("Whoever manages the clients") && page.attribute("try-enable", "class").is_none(), "{}", page.text());
    // Whoever takes the form from somewhere is refused by the rule, and so is a form that is nobody's.
    let csrf = ana.get("/account").await;
    let csrf = csrf.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).map(ToOwned::to_owned);
    if let Some(csrf) = csrf {
        assert_eq!(ana.post_from(&format!("{}{path}", house.issuer), "/try/sales/production/enable", &[("csrf", &csrf)]).await.status, 403);
    }
    assert_eq!(ana.post_from(&house.issuer, "/try/sales/production/enable", &[("csrf", "x")]).await.status, 403);
    assert_eq!(ana.get("/try/nothing/production").await.status, 404);

    let mut olga = Browser::new(&house.issuer);
    let page = sign_in_at_home(&mut olga, &link, "olga@acme.example").await;
    let form = page.form("/try/sales/production/enable");
    let page = olga.submit(&form, "try-enable").await;
    assert!(page.status == 200 && page.url.path() == path && page.attribute("try-begin", "class").is_some(), "{}", page.text());
    // Twice is once.
    assert_eq!(olga.submit(&form, "try-enable").await.status, 200);
    let page = begin(&mut nobody, path).await;
    let page = sign_in(&mut nobody, &page, "ana@acme.example").await;
    assert!(page.element("access-raw").is_some(), "{}", page.text());

    // Suspended, it is off again: also for a page that was open. Olga may resume it.
    let open = nobody.get(path).await;
    let (actor, origin) = (Actor::System { label: "test" }, Origin::default());
    let suspended = house.server.ground.work(&actor, &origin, async |work| {
        let changing = access::begin_change(work).await?;
        let client = client::by_client_id(&mut work.tx, "try-sales-production").await?.expect("the client");
        client::suspend(work, &changing, &client).await
    });
    assert!(suspended.await.expect("suspended"));
    let page = nobody.submit(&open.form(path), "try-begin").await;
    assert_eq!((page.status.as_u16(), page.url.path()), (200, "/sign-in"), "{}", page.text());
    let open = olga.get(path).await;
    assert!(open.text_contains("switched off here"), "{}", open.text());
    let page = olga.get(path).await;
    let page = olga.submit(&page.form("/try/sales/production/enable"), "try-enable").await;
    assert!(page.attribute("try-begin", "class").is_some(), "{}", page.text());
    assert!(nobody.get(path).await.attribute("try-begin", "class").is_some());
    house.close().await;
}

async fn the_client_is_made_once(backend: Backend) {
    let house = House::open(backend).await;
    // Another app's client has the name that would be ours: it is left alone.
    let metadata =
        client::Metadata { redirect_uris: vec!["https://x.example/".into()], token_endpoint_auth_method: client::AuthMethod::None, ..Default::default() };
    house.add_client("try-wiki-production", client::Kind::App, client::Party::First, Some(("sales", "production")), metadata).await;
    let (one, two) = tokio::join!(enable(&house, "wiki", "production"), enable(&house, "wiki", "production"));
    assert_eq!((one, two), ((), ()));
    let page = tried(&house, "wiki", "ana@acme.example").await;
    let access = claims(&page, "access-claims");
    assert!(access["client_id"].0.starts_with("try-") && access["client_id"].0 != "try-wiki-production", "{:?}", access["client_id"]);
    house.close().await;
}

async fn it_reaches_itself_behind_a_proxy(backend: Backend) {
    // Nobody answers at the public address, as seen from the server; the process listens elsewhere, on plain http.
    let house = House::open_with(backend, &[("server.public_url", "https://id.acme.example")], Clock::System).await;
    assert_eq!(house.server.issuer(), "https://id.acme.example");
    let port = Url::parse(&house.issuer).expect("a URL").port().expect("a port");
    enable(&house, "wiki", "production").await;
    // A person behind the proxy: what goes to the public name arrives at the process.
    let http = crate::support::http().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
    let mut cookies: BTreeMap<String, String> = BTreeMap::new();
    let mut url = String::from("/try/wiki/production");
    let mut form: Option<Vec<(String, String)>> = None;
    for _ in 0..20 {
        let address = format!("http://127.0.0.1:{port}{}", url.trim_start_matches("https://id.acme.example"));
        let request = if let Some(fields) = form.take() { http.post(&address).form(&fields) } else { http.get(&address) };
        let jar = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("; ");
        let answer = request.header("Host", "id.acme.example").header("Cookie", jar).send().await.expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let (name, rest) = cookie.to_str().expect("text").split_once('=').expect("a cookie");
            assert!(name.starts_with("__Host-"), "{name}");
            cookies.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
        }
        if let Some(next) = answer.headers().get("location") {
            next.to_str().expect("text").clone_into(&mut url);
            continue;
        }
        let (status, body) = (answer.status(), answer.text().await.expect("a page"));
        assert_eq!(status, 200, "{url}: {body}");
        if body.contains("id=\"access-raw\"") {
            assert!(body.contains("https://id.acme.example/apps/wiki/production"));
            house.close().await;
            return;
        }
        let csrf = body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a form").to_owned();
        let mut fields = vec![("csrf".to_owned(), csrf)];
        if url.starts_with("/login") {
            let typed = [("username", "ana@acme.example"), ("password", PASSWORD), ("action", "sign-in")];
            fields.extend(typed.map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
        form = Some(fields);
    }
    panic!("no tokens, but {url}");
}

#[actix_web::test]
async fn the_pages_are_good_to_look_at() {
    for scripts in [true, false] {
        let Some(eyes) = Eyes::open(scripts).await else { return };
        let house = House::open_with(Backend::Sqlite, &[], Clock::System).await;
        let at = |path: &str| format!("{}{path}", house.issuer);
        eyes.chromium.goto(&at("/try/sales/production")).await;
        eyes.arrive(&at("/sign-in")).await;
        eyes.fill("username", "olga@acme.example").await;
        eyes.fill("password", PASSWORD).await;
        eyes.click("login-submit").await;
        eyes.arrive(&at("/try/sales/production")).await;
        eyes.look("try-enable", 200).await;
        eyes.click("try-enable").await;
        eyes.reads(&["Try Sales Desk", "Sign in to Sales Desk"]).await;
        eyes.look("try-start", 200).await;
        eyes.click("try-begin").await;
        eyes.fill("username", "nora@acme.example").await;
        eyes.fill("password", PASSWORD).await;
        eyes.click("login-submit").await;
        eyes.reads(&["Nora Nobody has no role here"]).await;
        eyes.look("try-no-role", 403).await;
        eyes.click("try-other").await;
        eyes.click("try-begin").await;
        eyes.arrive(&at("/login")).await;
        eyes.click("login-cancel").await;
        eyes.arrive(&at("/try/callback")).await;
        eyes.chromium.goto(&at("/try/sales/production?again=1")).await;
        eyes.click("try-begin").await;
        eyes.arrive(&at("/login")).await;
        eyes.fill("username", "ana@acme.example").await;
        eyes.fill("password", PASSWORD).await;
        eyes.click("login-submit").await;
        eyes.reads(&["What Sales Desk was told", "Where it comes from", "EMEA Sales", "use jsonwebtoken"]).await;
        eyes.look("try-result", 200).await;
        // The languages are tabs, with scripts and without.
        let shown = "[...document.querySelectorAll('.pane')].filter(pane => pane.offsetHeight > 0).map(pane => pane.ariaLabel).join()";
        assert_eq!(eyes.chromium.evaluate(shown).await, "Rust");
        eyes.click_on("label:has([value=go])").await;
        assert_eq!(eyes.chromium.evaluate(shown).await, "Go");
        let copies = eyes.chromium.evaluate("document.querySelectorAll('.copy').length").await;
        assert_eq!(copies, if scripts { 11 } else { 0 });
        eyes.chromium.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })").await;
        eyes.look("try-result-go", 200).await;
        eyes.chromium.goto(&at("/try/callback?state=x.sales.production")).await;
        eyes.reads(&["This sign-in is over"]).await;
        eyes.look("try-over", 400).await;
        eyes.click("try-again").await;
        eyes.arrive(&at("/try/sales/production")).await;
        eyes.close().await;
        house.close().await;
    }
}

#[actix_web::test]
async fn a_person_with_everything_is_readable_too() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open(Backend::Sqlite).await;
    enable(&house, "wiki", "production").await;
    eyes.chromium.goto(&format!("{}/try/wiki/production", house.issuer)).await;
    eyes.click("try-begin").await;
    eyes.fill("username", "olga@acme.example").await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("login-submit").await;
    eyes.reads(&["Organization role Administrator", "Invite a colleague"]).await;
    eyes.look("try-result-administrator", 200).await;
    eyes.close().await;
    house.close().await;
}
