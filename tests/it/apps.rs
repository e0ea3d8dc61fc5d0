//! Apps in the portal: made, deployed, given permissions, roles and clients, and taken apart again; by those who may, and by nobody else.

mod clients;
mod looks;
mod refusals;
mod rights;
mod roles;
mod snippets;

use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::page::Page;
use gatehouse::all;

on_both! { an_app_is_made_with_its_first_roles }

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";
/// What the seed deploys to Production.
const SALES: &str = "/portal/apps/sales/production";

/// Somebody's browser, signed in to the portal.
async fn at_portal(house: &House, email: &str) -> Browser {
    let mut browser = Browser::new(&house.issuer);
    let form = browser.get("/sign-in").await.form("/sign-in").fill("username", email).fill("password", PASSWORD);
    let page = browser.submit(&form, "login-submit").await;
    assert!(page.url.path() == "/portal" || page.url.path() == "/account", "{}: {}", page.url, page.text());
    browser
}

/// Opens a form, fills it in and sends it.
async fn fill(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.text());
    send(browser, &page, fields).await
}

/// Fills in the form of a page and sends it.
async fn send(browser: &mut Browser, page: &Page, fields: &[(&str, &str)]) -> Page {
    let action = page.url.path().to_owned();
    let form = fields.iter().fold(page.form(&action), |form, (name, value)| form.fill(name, value));
    browser.submit(&form, "save").await
}

/// The text that is the error of a field.
fn error(page: &Page, field: &str) -> String {
    assert_eq!(page.status, 422, "{}", page.text());
    page.element(&format!("{field}-error")).unwrap_or_else(|| panic!("no error at {field}: {}", page.text()))
}

/// The kinds of the newest audit events, oldest first.
async fn events(house: &House, count: usize) -> Vec<String> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    // The first signing keys are made beside the listener, at a moment of their own.
    let all = all!(tx, (String,), "SELECT kind FROM audit_events WHERE kind <> 'key.created' ORDER BY id").expect("rows");
    all.into_iter().rev().take(count).rev().map(|(kind,)| kind).collect()
}

async fn an_app_is_made_with_its_first_roles(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let list = olga.get("/portal/apps").await;
    assert!(list.text_contains("Sales Desk sales None Development Production") && list.text_contains("2 apps"), "{}", list.text());

    let page = fill(&mut olga, "/portal/apps/new", &[("name", "  Orders & Co  "), ("description", "Two\r\nlines")]).await;
    assert_eq!((page.status.as_u16(), page.url.path(), page.url.query()), (200, "/portal/apps/orders-co", Some("done=app-created")));
    assert!(page.text_contains("Orders & Co") && page.text_contains("3 permissions") && page.text_contains("The app is here."), "{}", page.text());
    let roles = olga.get("/portal/apps/orders-co/qa/roles").await;
    assert!(roles.text_contains("Viewer viewer Looks at things read This app"), "{}", roles.text());
    let permissions = olga.get("/portal/apps/orders-co/qa/permissions?q=MAN").await;
    assert!(permissions.text_contains("manage Change settings and delete things write Administrator") && permissions.text_contains("1 permission"));

    // Only where it was ticked, and without roles.
    let page = olga.get("/portal/apps/new").await;
    let form = page.form("/portal/apps/new").fill("name", "Plain").fill("template", "none").clear("stages", "qa").clear("stages", "production");
    let page = olga.submit(&form, "save").await;
    assert!(page.text_contains("Deploy to QA") && page.text_contains("0 permissions"), "{}", page.text());
    // The back button, and the same form once more.
    let again = olga.submit(&form, "save").await;
    assert_eq!(error(&again, "key"), "There is an app with the key plain already. Choose another key, or go back to the list to find it.");

    // Deployed to QA, with a home page; a second time it is there already.
    let deploy = olga.get("/portal/apps/plain/qa").await;
    assert_eq!(deploy.url.path(), "/portal/apps/plain/qa/settings");
    let page = send(&mut olga, &deploy, &[("home_page", "https://plain.acme.example/"), ("sign_in", "everyone")]).await;
    assert!(page.text_contains("Deployed.") && page.text_contains("https://plain.acme.example/"), "{}", page.text());
    assert_eq!(page.element("resource"), Some(format!("{}/apps/plain/qa", house.issuer)));
    let again = send(&mut olga, &deploy, &[("home_page", "https://other.acme.example/")]).await;
    assert_eq!((again.status.as_u16(), again.element("problem").is_some()), (422, true));
    let page = fill(&mut olga, "/portal/apps/plain/qa/settings", &[("home_page", ""), ("sign_in", "assigned")]).await;
    assert!(page.text_contains("Saved.") && page.text_contains("There is no role that anybody could hold."), "{}", page.text());

    let page = fill(&mut olga, "/portal/apps/plain?edit=1", &[("name", "Plainer"), ("description", "For everyone")]).await;
    assert!(page.url.path() == "/portal/apps/plain" && page.text_contains("Plainer For everyone"), "{}", page.text());

    let csv = olga.get("/portal/apps.csv?q=plain").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    assert_eq!(csv.body, "\"Name\",\"Key\",\"Description\",\"Deployed to\"\r\n\"Plainer\",\"plain\",\"For everyone\",\"development; qa\"\r\n");
    house.close().await;
}
