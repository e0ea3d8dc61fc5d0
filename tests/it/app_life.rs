//! The life of an app: taken over from stage to stage, taken from a stage, deleted; shared roles; and permissions that bring others.

mod circles;
mod ends;
mod looks;
mod promote;
mod shared;

use crate::support::browser::Browser;
use crate::support::house::{House, PASSWORD};
use crate::support::page::Page;
use gatehouse::access::grant;
use gatehouse::access::load::Who;
use gatehouse::access::role::organization;
use gatehouse::access::{app, begin_change};
use gatehouse::actor::Actor;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::Period;
use gatehouse::identity::user;
use gatehouse::work::Origin;
use gatehouse::{all, one};

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";
const NORA: &str = "nora@acme.example";
const DEVELOPMENT: &str = "/portal/apps/sales/development";
const PRODUCTION: &str = "/portal/apps/sales/production";

/// Somebody's browser, signed in to the portal.
async fn at_portal(house: &House, email: &str) -> Browser {
    let mut browser = Browser::new(&house.issuer);
    let form = browser.get("/sign-in").await.form("/sign-in").fill("username", email).fill("password", PASSWORD);
    let page = browser.submit(&form, "login-submit").await;
    assert!(page.status.is_success(), "{}: {}", page.status, page.text());
    browser
}

/// The form of a page as it stands, sent by this button.
async fn press(browser: &mut Browser, page: &Page, button: &str) -> Page {
    let form = page.form(page.url.path());
    browser.submit(&form, button).await
}

/// The kinds of the newest audit events, oldest first.
async fn events(house: &House, count: usize) -> Vec<String> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let all = all!(tx, (String,), "SELECT kind FROM audit_events WHERE kind <> 'key.created' ORDER BY id").expect("rows");
    all.into_iter().rev().take(count).rev().map(|(kind,)| kind).collect()
}

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

/// Gives somebody the role `limited` with these permissions everywhere, or where the app is.
async fn give(house: &House, who: &str, permissions: &str, at: Option<&str>) {
    let role = format!(
        "[organization]\nname = \"Acme\"\n[[organization_role]]\nkey = \"limited\"\nname = \"Limited\"\ndescription = \"For a story\"\npermissions = [{permissions}]\n"
    );
    house.apply(&role).await;
    let actor = Actor::System { label: "test" };
    let rule = async |work: &mut gatehouse::work::Work| {
        let changing = begin_change(work).await?;
        let role = organization::by_key(&mut work.tx, &Slug::parse("limited").expect("a key")).await?.expect("the role");
        let user = user::by_email(&mut work.tx, &EmailAddress::parse(who).expect("an address")).await?.expect("the user");
        let app = match at {
            Some(key) => app::by_key(&mut work.tx, &Slug::parse(key).expect("a key")).await?.map(|app| app.id),
            None => None,
        };
        grant::give_organization(work, &changing, Who::User(user.id), &role, app, Period::ALWAYS, None).await
    };
    house.server.ground.work(&actor, &Origin::default(), rule).await.expect("given");
}
