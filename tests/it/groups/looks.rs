//! The pages of groups as people see them.

use super::{house, sign_in_eyes};
use crate::support::eyes::Eyes;
use crate::support::house::Backend;

#[actix_web::test]
async fn groups_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    sign_in_eyes(&eyes, &house).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/portal/groups").await;
    eyes.look("groups", 200).await;
    go("/portal/groups?q=nothing-like-this").await;
    eyes.look("groups-found-none", 200).await;
    go("/portal/groups/new").await;
    eyes.look("group-new", 200).await;
    eyes.fill("name", "\u{634}\u{631}\u{643}\u{629} \u{627}\u{644}\u{646}\u{648}\u{631}").await;
    eyes.click_on("#stage option:last-child").await;
    eyes.submit("make-group").await;
    eyes.reads(&["No key can be made from this name."]).await;
    eyes.look("group-new-errors", 422).await;
    eyes.fill("key", "nour").await;
    eyes.submit("make-group").await;
    eyes.reads(&["The group is there."]).await;
    eyes.look("group-empty", 200).await;
    eyes.submit("add-members").await;
    eyes.look("group-members", 200).await;
    eyes.fill("find", "a").await;
    eyes.submit("search").await;
    eyes.click_on("#found label").await;
    eyes.fill("emails", "nobody@acme.example\nnora@acme.example").await;
    eyes.submit("add").await;
    eyes.reads(&["Nobody was added, because of these"]).await;
    eyes.look("group-members-errors", 422).await;
    eyes.fill("emails", "nora@acme.example\npia@acme.example").await;
    eyes.submit("add").await;
    eyes.reads(&["3 members"]).await;
    eyes.click_on("#role-app-1").await;
    eyes.click_on("#role-choices .check").await;
    eyes.submit("give-role").await;
    eyes.reads(&["Every member has this role"]).await;
    eyes.look("group", 200).await;
    let group = eyes.chromium.client.current_url().await.expect("an address").path().to_owned();
    eyes.click_on("td.end a[href*='remove?person=']").await;
    eyes.reads(&["Remove from the group?"]).await;
    eyes.look("group-remove-member", 200).await;
    go(&group).await;
    eyes.click_on("tr:nth-child(1) td.tick input").await;
    eyes.click_on("tr:nth-child(2) td.tick input").await;
    eyes.submit("remove-ticked").await;
    eyes.look("group-remove-members", 200).await;
    go(&group).await;
    eyes.click_on("td.end a[href*='remove?role=']").await;
    eyes.reads(&["Take the role away?"]).await;
    eyes.look("group-remove-role", 200).await;
    go(&group).await;
    eyes.submit("delete-group").await;
    eyes.look("group-delete", 200).await;
    go("/portal/design").await;
    eyes.look("design", 200).await;
    go("/portal/design?dir=rtl").await;
    eyes.look("design-rtl", 200).await;
    eyes.close().await;
    house.close().await;
}
