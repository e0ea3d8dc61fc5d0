//! Giving, changing and deleting, as people see it.

use super::{ANA, NORA, OLGA, day, still_house};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, PASSWORD};

#[actix_web::test]
async fn lives_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = still_house(Backend::Sqlite).await;
    let more = format!(
        "[[user]]\nemail = \"{ANA}\"\norg_roles = [{{ role = \"tester\", ends_at = {} }}]\ngroups = [{{ stage = \"production\", group = \"emea\", ends_at = {} }}]\n",
        day(&house, 5),
        day(&house, 40)
    );
    house.apply(&more).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["ends in 4 days"]).await;
    eyes.look("overview-endings", 200).await;
    go(&format!("/portal/users?q={NORA}")).await;
    eyes.click_on("a.person").await;
    eyes.submit("give-access").await;
    eyes.look("give", 200).await;
    eyes.click_on("#give-form [name=role]").await;
    eyes.click("app-role-shelf-1").await;
    eyes.click_on("#give-form [name=app_role]").await;
    eyes.chromium.evaluate("document.getElementById('starts').value = '2099-01-02'").await;
    eyes.chromium.evaluate("document.getElementById('until').value = '2099-01-01'").await;
    eyes.submit("give").await;
    eyes.reads(&["The end must come after the start."]).await;
    eyes.look("give-errors", 422).await;
    eyes.chromium.evaluate("document.getElementById('starts').value = ''").await;
    eyes.submit("give").await;
    eyes.reads(&["given"]).await;
    eyes.look("user-given", 200).await;
    eyes.click_on("td.end a[href*=period]").await;
    eyes.reads(&["From when, until when"]).await;
    eyes.look("period", 200).await;
    eyes.submit("end-now").await;
    eyes.reads(&["ended on"]).await;
    eyes.look("user-ended", 200).await;
    eyes.submit("delete-user").await;
    eyes.look("delete-user", 200).await;
    super::holds::plenty(&house).await;
    go(&format!("/portal/users?q={NORA}")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["See all 65 groups"]).await;
    eyes.look("user-holds-much", 200).await;
    eyes.click_on("a[href$='/holds/app-roles']").await;
    eyes.reads(&["App roles", "Depot at Production"]).await;
    eyes.look("user-holds", 200).await;
    eyes.fill("q", "nothing like this").await;
    eyes.submit("search").await;
    eyes.reads(&["Nothing found"]).await;
    eyes.look("user-holds-found-none", 200).await;
    go("/portal/groups?q=everything").await;
    eyes.click_on("td a[href^='/portal/groups/0']").await;
    eyes.reads(&["See all 63 app roles"]).await;
    eyes.look("group-holds-much", 200).await;
    eyes.click_on("a[href$='/roles'].small").await;
    eyes.reads(&["63 roles"]).await;
    eyes.look("group-holds", 200).await;
    eyes.close().await;
    house.close().await;
}
