//! The pages in Chromium, where their states differ.

use super::{DEVELOPMENT, OLGA, PRODUCTION};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD};

const MORE: &str = r#"
[organization]
name = "Acme"
[[app]]
key = "sales"
name = "Sales Desk"
[[app.deployment]]
stage = "development"
permissions = [{ verb = "debug", description = "See why an order of any size, whoever made it, did not go where somebody wanted it to go", implies = ["read"] }]
roles = [
    { key = "debugger", name = "Debugger", permissions = ["debug"] },
    { key = "viewer", name = "Viewer", description = "Sees everything that there is to see, and changes nothing", permissions = ["read", "debug"], shared = true },
]
"#;

/// One more that the wiki can list.
const SHARED: &str = r#"
[organization]
name = "Acme"
[[app]]
key = "sales"
name = "Sales Desk"
[[app.deployment]]
stage = "production"
roles = [{ key = "auditor", name = "Auditor", description = "Looks at everything", permissions = ["read"], shared = true }]
"#;

#[actix_web::test]
async fn every_page_of_an_apps_life_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open(Backend::Sqlite).await;
    house.apply(MORE).await;
    eyes.chromium.goto(&format!("{}/sign-in", house.issuer)).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;

    go(&format!("{PRODUCTION}/promote?to=development")).await;
    eyes.reads(&["New there", "Only there", "Changes"]).await;
    eyes.look("life-promote", 200).await;
    eyes.click("line-0").await;
    eyes.submit("promote").await;
    eyes.reads(&["needs approve"]).await;
    eyes.look("life-promote-refused", 422).await;
    go(&format!("{DEVELOPMENT}/promote")).await;
    eyes.submit("promote").await;
    eyes.reads(&["Taken over."]).await;
    go(&format!("{DEVELOPMENT}/promote")).await;
    eyes.reads(&["There is nothing to do."]).await;
    eyes.look("life-promote-nothing", 200).await;

    // What is picked brings others along, at once.
    go(&format!("{PRODUCTION}/new-role")).await;
    let read =
        "(box => `${box.checked} ${box.disabled} ${box.closest('label').querySelector('.with').textContent}`)(document.getElementById('permissions-read'))";
    assert_eq!(eyes.chromium.evaluate(read).await, "false false ");
    eyes.click("permissions-approve").await;
    assert_eq!(eyes.chromium.evaluate(read).await, "true true Comes with approve");
    eyes.look("life-role-locked", 200).await;
    eyes.click("permissions-approve").await;
    assert_eq!(eyes.chromium.evaluate(read).await, "false false ");

    go("/portal/apps/wiki/production/shared-roles").await;
    eyes.look("life-shared", 200).await;
    eyes.click_on("td.end a[href$='/remove']").await;
    eyes.reads(&["Viewer", "Cancel"]).await;
    eyes.look("life-shared-remove", 200).await;
    go(&format!("{PRODUCTION}/list-roles")).await;
    eyes.look("life-shared-none", 200).await;
    house.apply(SHARED).await;
    go("/portal/apps/wiki/production/list-roles").await;
    eyes.reads(&["Auditor"]).await;
    eyes.look("life-shared-add", 200).await;
    go(&format!("{PRODUCTION}/undeploy")).await;
    eyes.fill("confirm", "sale").await;
    eyes.submit("end").await;
    eyes.reads(&["This is not the key of the app."]).await;
    eyes.look("life-undeploy", 422).await;
    go("/portal/apps/sales/-/delete").await;
    eyes.look("life-delete-first", 200).await;
    go("/portal/apps/wiki/production/undeploy").await;
    eyes.fill("confirm", "wiki").await;
    eyes.submit("end").await;
    eyes.submit("delete").await;
    eyes.reads(&["Delete app?"]).await;
    eyes.look("life-delete", 200).await;
    eyes.close().await;
    house.close().await;
}
