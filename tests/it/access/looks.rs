//! The pages of access as people see them.

use super::{ANA, NORA, OLGA, house, id};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, PASSWORD};

#[actix_web::test]
async fn access_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    let (ana, nora) = (id(&house, ANA).await, id(&house, NORA).await);
    go(&format!("/portal/users/{ana}/access?at=sales/development")).await;
    eyes.look("access", 200).await;
    go(&format!("/portal/users/{ana}/access?at=sales/production&permission=read")).await;
    eyes.look("access-held", 200).await;
    go(&format!("/portal/users/{ana}/access?at=sales/production&permission=asset.deploy")).await;
    eyes.look("access-missing", 200).await;
    go(&format!("/portal/users/{nora}/access?at=sales/production")).await;
    eyes.look("access-nothing", 200).await;
    // Of what somebody may do one thing is found by a few letters.
    let olga = id(&house, OLGA).await;
    go(&format!("/portal/users/{olga}/access?at=organization")).await;
    let rows = "document.querySelectorAll('#held-permissions > tbody > tr:not([hidden])').length";
    eyes.fill("find-held-permissions", "members.view").await;
    assert_eq!(eyes.chromium.evaluate(rows).await, 1);
    eyes.look("access-filtered", 200).await;
    eyes.fill("find-held-permissions", "nothing like this").await;
    eyes.reads(&["Nothing found"]).await;
    assert_eq!(eyes.chromium.evaluate(rows).await, 0);
    super::clients::robot(&house).await;
    go("/portal/clients/robot/access?at=sales/development&permission=asset.deploy").await;
    eyes.look("access-client", 200).await;
    go("/portal/apps/sales/production/people").await;
    eyes.look("holders-app", 200).await;
    go("/portal/apps/wiki/production/people").await;
    eyes.reads(&["Nora Nobody", "Everybody may sign in"]).await;
    eyes.look("holders-everybody", 200).await;
    go("/portal/apps/sales/production/roles").await;
    eyes.click_on("a[href^='/portal/access/role']").await;
    eyes.reads(&["Who holds"]).await;
    eyes.look("holders-role", 200).await;
    go("/portal/access/permission?key=approve&app=sales&stage=production").await;
    eyes.reads(&["Ana Ferreira", "Approver"]).await;
    eyes.look("holders-permission", 200).await;
    go("/portal/access/permission?key=asset.deploy").await;
    eyes.reads(&["Olga Owner"]).await;
    eyes.look("holders-platform-permission", 200).await;
    go("/portal/access/permission?key=aprove&app=sales&stage=production").await;
    eyes.look("holders-permission-error", 422).await;
    eyes.close().await;
    house.close().await;
}
