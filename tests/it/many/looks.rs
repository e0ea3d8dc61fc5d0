//! The pages of inviting many at once as people see them.

use super::{carry_out, hold, let_go};
use crate::invitations::{OLGA, Office, sign_in};
use crate::support::eyes::Eyes;
use crate::support::house::Backend;
use crate::support::until;

#[actix_web::test]
async fn many_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    let many = format!("{}/portal/invitations/many", office.house.issuer);
    sign_in(&eyes, &office.house, OLGA, "/portal/invitations/many").await;
    eyes.click("columns").await;
    eyes.look("many-empty", 200).await;
    eyes.click("paste").await;
    eyes.fill("text", "email,rolle\nbo@acme.example,viewer").await;
    eyes.submit("check").await;
    eyes.reads(&["These columns are not known: rolle"]).await;
    eyes.look("many-wrong", 422).await;
    let good = (0..150).fold(String::new(), |text, n| text + &format!("person{n:02}@acme.example,Person {n},sales,production,viewer,,\n"));
    let text = format!(
        "email,name,app,stage,role,group,ends\n{good}somebody.with.a.very.long.address.that.hardly.fits@sub-domain.of-a-company.example,,sales,production,viewr,,\n\
         not an address,Bo,sales,moon,viewer,,2001-01-01\nnora@acme.example,Nora,sales,production,viewer,emea,\n,Nobody,sales,,,,\n"
    );
    let text = serde_json::to_string(&text).expect("a text");
    eyes.chromium.evaluate(&format!("document.getElementById('text').value = {text}")).await;
    eyes.submit("check").await;
    eyes.reads(&["151", "will be invited", "Row 152, role", "Row 155, email"]).await;
    eyes.look("many-checked", 200).await;
    // Some of them are invited, not more, however long a browser takes to press a button.
    hold(&office).await;
    eyes.submit("start").await;
    eyes.reads(&["Sending"]).await;
    Box::pin(carry_out(&office, 40)).await;
    eyes.submit("pause").await;
    eyes.reads(&["Paused", "still to come"]).await;
    let_go(&office).await;
    eyes.look("many-paused", 200).await;
    let here = eyes.chromium.client.current_url().await.expect("an address").path().to_owned();
    eyes.submit("cancel").await;
    eyes.look("many-cancel", 200).await;
    let here = format!("{}{here}", office.house.issuer);
    eyes.chromium.goto(&here).await;
    eyes.submit("proceed").await;
    until("everybody is invited", async || office.count("SELECT COUNT(*) FROM bulk_invitations WHERE state = 'ended'").await == 1).await;
    eyes.chromium.goto(&format!("{here}?state=done&q=n")).await;
    eyes.reads(&["Finished", "151 of 151 people"]).await;
    eyes.look("many-ended", 200).await;
    eyes.chromium.goto(&many).await;
    eyes.reads(&["Pasted rows"]).await;
    eyes.look("many-files", 200).await;
    eyes.close().await;
    office.close().await;
}
