//! The token preview as people see it.

use super::preview::page_of;
use super::{OLGA, crowded};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, PASSWORD};
use gatehouse::base::time::Clock;

#[actix_web::test]
async fn tokens_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = crowded(Backend::Sqlite, Clock::System).await;
    let path = page_of(&house).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go(&path).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("login-submit").await;
    eyes.reads(&["Which app asks"]).await;
    eyes.look("token-choose", 200).await;
    go(&format!("{path}?client=sales-basic")).await;
    eyes.reads(&["more than fits into one token"]).await;
    eyes.look("token", 200).await;
    go("/portal/settings").await;
    eyes.fill("budget", "12").await;
    eyes.submit("save").await;
    eyes.look("settings-budget-error", 422).await;
    eyes.close().await;
    house.close().await;
}
