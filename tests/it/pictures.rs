//! The pictures of the README are pages as they are. They are taken here, as `target/screenshots/readme-NAME.png`; whoever changed what they
//! show copies each to `docs/pictures/NAME.png`.

use crate::demo::enable;
use crate::invitations::sign_in;
use crate::lives::day;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD};
use gatehouse::actor::Actor;
use gatehouse::lifecycle::setup;
use gatehouse::one;
use gatehouse::work::Origin;
use std::collections::BTreeSet;
use std::path::Path;

/// A small company. Everybody's password is that of the other stories.
const COMPANY: &str = r#"
[organization]
name = "Acme"
internal_domains = ["acme.example"]
[owner]
email = "olga@acme.example"
name = "Olga Owner"
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
[[app]]
key = "sales"
name = "Sales Desk"
description = "Orders and customers"
[[app.deployment]]
stage = "development"
permissions = ["read"]
roles = [{ key = "viewer", name = "Viewer", permissions = ["read"] }]
[[app.deployment]]
stage = "production"
home_page = "https://sales.acme.example/"
permissions = ["read", { verb = "approve", description = "Approve orders", implies = ["read"] }]
roles = [
    { key = "viewer", name = "Viewer", description = "Sees orders", permissions = ["read"], shared = true },
    { key = "approver", name = "Approver", description = "Approves orders", permissions = ["approve"] },
]
[[app]]
key = "wiki"
name = "Wiki"
description = "What everybody should know"
[[app.deployment]]
stage = "production"
home_page = "https://wiki.acme.example/"
permissions = ["write"]
roles = [{ key = "author", name = "Author", permissions = ["write"] }]
[[organization_role]]
key = "tester"
name = "Tester"
description = "Tries what is being built"
permissions = [{ permission = "asset.change", at = ["development"] }]
[[group]]
stage = "production"
key = "emea"
name = "EMEA Sales"
roles = ["sales:viewer"]
[[user]]
email = "ana@acme.example"
name = "Ana Ferreira"
password_hash = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0"
"#;

/// The pictures, by name.
const PICTURES: [&str; 4] = ["setup", "try-it", "invite", "person"];

async fn id(house: &House, sql: &'static str) -> String {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (uuid::Uuid,), sql).expect("an id").0.to_string()
}

/// Gives Ana roles and a group at once, with an end and a reason or without, as Olga does on the page.
async fn give(eyes: &Eyes, house: &House, ana: &str, boxes: &[String], until: &str, reason: &str) {
    eyes.chromium.goto(&format!("{}/portal/users/{ana}/give", house.issuer)).await;
    for tick in boxes {
        eyes.chromium.evaluate(&format!("document.getElementById('{tick}').checked = true")).await;
    }
    eyes.chromium.evaluate(&format!("document.getElementById('until').value = '{until}'")).await;
    eyes.fill("reason", reason).await;
    eyes.submit("give").await;
    eyes.arrive(&format!("{}/portal/users/{ana}?", house.issuer)).await;
}

/// The pages after setup: a person, an invitation, and what an app was told.
async fn company(eyes: &Eyes) {
    let house = House::with_mailbox(Backend::Sqlite, &[]).await;
    house.apply(COMPANY).await;
    enable(&house, "sales", "production").await;
    let at = |path: &str| format!("{}{path}", house.issuer);
    sign_in(eyes, &house, "olga@acme.example", "/portal").await;
    let ana = id(&house, "SELECT id FROM users WHERE email_key = 'ana@acme.example'").await;
    let approver = id(&house, "SELECT id FROM end_user_roles WHERE key = 'approver'").await;
    let author = id(&house, "SELECT id FROM end_user_roles WHERE key = 'author'").await;
    let tester = id(&house, "SELECT id FROM organization_roles WHERE key = 'tester'").await;
    let emea = id(&house, "SELECT id FROM groups WHERE key = 'emea'").await;
    give(eyes, &house, &ana, &[format!("app-role-{author}"), format!("group-{emea}"), format!("role-{tester}")], "", "Joins the sales team").await;
    give(eyes, &house, &ana, &[format!("app-role-{approver}")], &day(&house, 12), "Covers for Di").await;
    eyes.chromium.goto(&at(&format!("/portal/users/{ana}"))).await;
    eyes.reads(&["Ana Ferreira", "Approver", "through EMEA Sales", "Covers for Di"]).await;
    eyes.chromium.picture("readme-person").await;

    eyes.chromium.goto(&at("/portal/invitations/new")).await;
    eyes.fill("email", "bo@acme.example\nana@acme.example").await;
    for tick in [format!("app-role-{approver}"), format!("group-{emea}")] {
        eyes.chromium.evaluate(&format!("document.getElementById('{tick}').checked = true")).await;
    }
    eyes.chromium.evaluate(&format!("document.getElementById('until').value = '{}'", day(&house, 180))).await;
    eyes.fill("reason", "Joins the sales team").await;
    eyes.submit("preview").await;
    eyes.reads(&["Nothing has been sent yet", "Approver", "EMEA Sales"]).await;
    eyes.chromium.picture("readme-invite").await;

    eyes.chromium.goto(&at("/try/sales/production")).await;
    eyes.submit("try-begin").await;
    eyes.fill("username", "ana@acme.example").await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["What Sales Desk was told", "Where it comes from", "EMEA Sales"]).await;
    eyes.chromium.picture("readme-try-it").await;
    house.close().await;
}

#[actix_web::test]
async fn the_readme_shows_pages_as_they_are() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the README");
    let shown: BTreeSet<&str> = readme.split("(docs/pictures/").skip(1).filter_map(|rest| rest.split(".png)").next()).collect();
    assert_eq!(shown, BTreeSet::from(PICTURES), "the README shows other pictures than are taken here");
    for name in PICTURES {
        assert!(root.join(format!("docs/pictures/{name}.png")).is_file(), "{name}");
    }
    let Some(eyes) = Eyes::open(true).await else { return };
    let new = House::with_mailbox(Backend::Sqlite, &[]).await;
    let actor = Actor::System { label: "test" };
    let token = new.server.ground.work(&actor, &Origin::default(), async |work| setup::make_link(work).await).await.expect("a link");
    eyes.chromium.goto(&new.server.claim_link(&token)).await;
    eyes.arrive(&format!("{}/setup/organization", new.issuer)).await;
    eyes.fill("name", "Acme").await;
    eyes.chromium.picture("readme-setup").await;
    new.close().await;
    company(&eyes).await;
    eyes.close().await;
}
