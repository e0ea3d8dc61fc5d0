//! Roles and the organization's own permissions, as people see them.

use super::{OLGA, house};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, PASSWORD};

#[actix_web::test]
async fn roles_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal/roles").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.look("roles", 200).await;
    eyes.click_on("tbody tr:first-child a.person").await;
    eyes.reads(&["This role holds everything"]).await;
    eyes.look("role-administrator", 200).await;
    go("/portal/roles").await;
    eyes.click_on("tbody tr:nth-child(2) a.person").await;
    eyes.reads(&["Duplicate it"]).await;
    eyes.submit("duplicate").await;
    eyes.look("role-new", 200).await;
    eyes.fill("name", "Release manager").await;
    // What a tick brings along is locked at once.
    eyes.click_on("input[value='asset.change|production']").await;
    let locked = eyes
        .chromium
        .evaluate("(b => b.checked && b.disabled)(document.querySelector(\"input[value='asset.deploy|production'],input[value='asset.debug|production']\"))")
        .await;
    assert_eq!(locked, true, "asset.change brings it");
    // Arrow keys go from cell to cell.
    eyes.press("\u{E013}").await;
    let focus = eyes.chromium.evaluate("document.activeElement.value").await;
    assert!(focus.as_str().is_some_and(|value| value.ends_with("|production") && value != "asset.change|production"), "{focus}");
    eyes.submit("make-role").await;
    eyes.reads(&["The role is there"]).await;
    eyes.look("role", 200).await;
    eyes.submit("remove-role").await;
    eyes.look("role-remove", 200).await;
    go("/portal/roles/permissions").await;
    eyes.look("own-permissions-none", 200).await;
    eyes.submit("new-permission").await;
    eyes.look("own-permission-new", 200).await;
    eyes.fill("key", "billing.run").await;
    eyes.fill("name", "Run billing").await;
    eyes.fill("category", "Billing").await;
    eyes.submit("save-permission").await;
    eyes.reads(&["Please use a key like"]).await;
    eyes.look("own-permission-errors", 422).await;
    eyes.fill("key", "x-billing.run").await;
    eyes.click_on("#implies-0 option[value='app.view']").await;
    eyes.submit("save-permission").await;
    eyes.reads(&["Saved", "Run billing", "app.view"]).await;
    eyes.look("own-permissions", 200).await;
    eyes.click_on("tbody a.person").await;
    eyes.reads(&["x-billing.run", "Category"]).await;
    eyes.look("own-permission", 200).await;
    eyes.submit("remove-permission").await;
    eyes.look("own-permission-remove", 200).await;
    // A role that holds nothing else is in the way, with a link to it.
    go("/portal/roles/new").await;
    eyes.fill("name", "Biller").await;
    eyes.click_on("input[value='x-billing.run|every_stage']").await;
    eyes.submit("make-role").await;
    eyes.reads(&["The role is there"]).await;
    go("/portal/roles/permissions/x-billing.run/remove").await;
    eyes.reads(&["cannot be removed yet", "Biller would have no permission left"]).await;
    eyes.look("own-permission-in-the-way", 200).await;
    eyes.click_on("#in-the-way a").await;
    eyes.reads(&["Biller", "A tick says where a permission counts."]).await;
    eyes.close().await;
    house.close().await;
}
