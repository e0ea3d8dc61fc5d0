//! The page of a preview as people see it.

use super::{OLGA, ROLF, house};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, PASSWORD};

#[actix_web::test]
async fn previews_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    let sign_in = async |who: &str| {
        go("/sign-in?to=/portal/groups").await;
        eyes.fill("username", who).await;
        eyes.fill("password", PASSWORD).await;
        eyes.submit("login-submit").await;
    };
    sign_in(OLGA).await;
    let emea = super::group(&house, "emea").await;
    go(&emea).await;
    eyes.click_on("#role-app-2").await;
    eyes.click_on("#role-choices details:last-of-type .check").await;
    eyes.submit("give-role-preview").await;
    eyes.reads(&["Nothing has been changed yet.", "gains access"]).await;
    eyes.look("preview-gains", 200).await;
    // Others ask at the same moment: it says so, and the same question is asked again by one button.
    let seats: Vec<_> = std::iter::from_fn(|| house.server.previews.seat()).collect();
    assert!(!seats.is_empty(), "nobody else asks");
    eyes.submit("back").await;
    eyes.click_on("#role-app-2").await;
    eyes.click_on("#role-choices details:last-of-type .check").await;
    eyes.submit("give-role-preview").await;
    eyes.look("preview-busy", 503).await;
    drop(seats);
    eyes.submit("ask-again").await;
    eyes.reads(&["Nothing has been changed yet.", "gains access"]).await;
    go(&super::person(&house, "ana@acme.example").await).await;
    eyes.submit("deactivate-preview").await;
    eyes.reads(&["1 person loses access."]).await;
    eyes.look("preview-losses", 200).await;
    let builders = super::group(&house, "builders").await;
    go(&builders).await;
    eyes.click_on("#role-choices .check").await;
    eyes.submit("give-role-preview").await;
    eyes.reads(&["access changes."]).await;
    eyes.look("preview-nothing", 200).await;
    eyes.chromium.devtools("Network.clearBrowserCookies", serde_json::json!({})).await;
    sign_in(ROLF).await;
    go("/portal/apps/sales/production/permissions/read/remove").await;
    eyes.submit("remove-preview").await;
    eyes.reads(&["somebody whom you may not see"]).await;
    eyes.look("preview-hidden", 200).await;
    eyes.close().await;
    house.close().await;
}
