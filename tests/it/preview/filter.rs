//! Many people in a preview: one of them is found by typing, with the keyboard alone.

use super::{OLGA, house, traces};
use crate::support::eyes::{ENTER, Eyes, TAB};
use crate::support::house::{Backend, PASSWORD};
use crate::support::until;
use gatehouse::base::id::OrganizationRoleId;
use gatehouse::one;
use std::collections::BTreeSet;

const BACKSPACE: char = '\u{E003}';
const ESCAPE: char = '\u{E00C}';

const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";

/// The addresses are crew-00, crew-01, and so on.
const CREW: [&str; 12] = [
    "Aylin Aksoy",
    "Bj\u{f6}rn \u{c5}str\u{f6}m",
    "Chiara Conti",
    "Dmitri Danilov",
    "\u{c9}mile \u{c9}tienne",
    "Farah Farouk",
    "Grace Githinji",
    "Hana Hor\u{e1}kov\u{e1}",
    "Ines Ibarra",
    "Jonas Jansen",
    "Kenji Kimura",
    "L\u{e9}a Lambert",
];

/// The names in the rows that can be seen.
const SEEN: &str = "[...document.querySelectorAll('#changes tbody tr')].filter(row => row.checkVisibility()).map(row => row.querySelector('b').innerText)";
/// Whether it says that nothing was found.
const NONE: &str = "document.querySelector('[data-none]').checkVisibility()";
/// Whose row has the focus.
const FOCUSED: &str = "document.activeElement.closest('tr')?.querySelector('b').innerText ?? ''";

async fn seen(eyes: &Eyes) -> Vec<String> {
    serde_json::from_value(eyes.chromium.evaluate(SEEN).await).expect("names")
}

/// Waits until the rows that can be seen are those of these people; where nobody is left, it says so, and nowhere else.
async fn shows(eyes: &Eyes, people: &[&str]) {
    let wanted: BTreeSet<String> = people.iter().map(|name| (*name).to_owned()).collect();
    until(&format!("the rows are not those of {people:?}"), async || seen(eyes).await.into_iter().collect::<BTreeSet<_>>() == wanted).await;
    assert_eq!(eyes.chromium.evaluate(NONE).await, people.is_empty(), "{people:?}");
}

/// Presses a key some times.
async fn press(eyes: &Eyes, key: char, times: usize) {
    eyes.press(&key.to_string().repeat(times)).await;
}

#[actix_web::test]
async fn people_are_found_in_a_preview() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    let user = |(at, name): (usize, &&str)| {
        format!("[[user]]\nemail = \"crew-{at:02}@acme.example\"\nname = \"{name}\"\npassword_hash = \"{HASH}\"\norg_roles = [\"crew\"]\n")
    };
    let people: Vec<String> = CREW.iter().enumerate().map(user).collect();
    let role = "[[organization_role]]\nkey = \"crew\"\nname = \"Crew\"\npermissions = [{ permission = \"asset.change\", at = [\"development\"] }]\n";
    house.apply(&format!("{role}{}", people.concat())).await;
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let (id,) = one!(tx, (OrganizationRoleId,), "SELECT id FROM organization_roles WHERE key = 'crew'").expect("a role");
    drop(tx);

    // Everybody loses something at Development, and gains something at Production.
    eyes.chromium.goto(&format!("{}/sign-in?to=/portal/roles/{id}", house.issuer)).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.click_on("input[value='asset.change|development']").await;
    eyes.click_on("input[value='app.view|production']").await;
    eyes.submit("save-role-preview").await;
    eyes.reads(&["12 people gain access.", "12 people lose access."]).await;
    shows(&eyes, &CREW).await;
    let all = seen(&eyes).await.len();
    assert!(all >= 2 * CREW.len(), "{all} rows for {} people", CREW.len());
    eyes.look("preview-many", 200).await;
    let before = traces(&house).await;

    // Marks and capitals do not matter. Both rows stay, and what is told above them is still told of all.
    eyes.chromium.evaluate("document.getElementById('do').focus()").await;
    eyes.tab_to("find").await;
    eyes.press("astrom").await;
    shows(&eyes, &CREW[1..2]).await;
    assert!(seen(&eyes).await.len() >= 2, "both rows");
    eyes.reads(&["12 people gain access.", "12 people lose access."]).await;
    eyes.reads(&["Sales Desk at Production", "app.view", "Sales Desk at Development", "asset.change"]).await;
    // Enter sends nothing; Tab goes on to what can be seen.
    press(&eyes, ENTER, 1).await;
    shows(&eyes, &CREW[1..2]).await;
    press(&eyes, TAB, 1).await;
    until("the focus is not in the row that stays", async || eyes.chromium.evaluate(FOCUSED).await == CREW[1]).await;
    eyes.look("preview-found", 200).await;

    // Cleared by Escape or letter by letter, everybody is there again.
    eyes.click("find").await;
    press(&eyes, ESCAPE, 1).await;
    shows(&eyes, &CREW).await;
    assert_eq!(seen(&eyes).await.len(), all);
    eyes.press("CREW-07@").await;
    shows(&eyes, &CREW[7..8]).await;
    press(&eyes, BACKSPACE, 8).await;
    shows(&eyes, &CREW).await;
    assert_eq!(seen(&eyes).await.len(), all);
    eyes.press("somebody else").await;
    shows(&eyes, &[]).await;
    eyes.reads(&["Nothing found", "12 people gain access."]).await;
    eyes.look("preview-found-none", 200).await;
    eyes.click("find").await;
    press(&eyes, ESCAPE, 1).await;
    shows(&eyes, &CREW).await;
    assert_eq!(traces(&house).await, before, "nothing was done by looking");

    // What is filtered away is done all the same.
    eyes.press("conti").await;
    shows(&eyes, &CREW[2..3]).await;
    eyes.submit("do").await;
    eyes.reads(&["Saved."]).await;
    assert_ne!(traces(&house).await, before);
    eyes.close().await;
    house.close().await;
}
