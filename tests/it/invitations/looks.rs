//! The pages of invitations as people see them, and the whole way with the keyboard alone.

use super::{OLGA, Office, many};
use crate::support::eyes::{ENTER, Eyes, TAB};
use crate::support::house::{Backend, House, PASSWORD};

/// Signs in to our own pages.
pub(crate) async fn sign_in(eyes: &Eyes, house: &House, email: &str, to: &str) {
    eyes.chromium.goto(&format!("{}/sign-in?to={to}", house.issuer)).await;
    eyes.fill("username", email).await;
    eyes.fill("password", PASSWORD).await;
    eyes.click("login-submit").await;
    eyes.arrive(&format!("{}{to}", house.issuer)).await;
}

/// Apps with three stages, each with four roles.
fn apps(count: usize) -> String {
    let stage = |stage: &str| {
        let role = |key: &str, name: &str| format!("{{ key = \"{key}\", name = \"{name}\", description = \"What somebody does who is {name}.\" }}");
        let roles = [role("a", "Administrator of the app"), role("b", "Editor"), role("c", "Reviewer of everything that others wrote"), role("d", "Viewer")];
        format!("[[app.deployment]]\nstage = \"{stage}\"\nroles = [{}]\n", roles.join(", "))
    };
    let app = |n: usize| format!("[[app]]\nkey = \"tool-{n}\"\nname = \"Tool {n:03} of the department\"\n{}{}", stage("production"), stage("development"));
    let groups = (0..3).map(|n| format!("[[group]]\nstage = \"development\"\nkey = \"team-{n}\"\nname = \"Team {n}\"\n"));
    (0..count).map(app).chain(groups).collect()
}

#[actix_web::test]
async fn every_page_is_right_to_look_at() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    let at = |path: &str| format!("{}{path}", office.house.issuer);
    sign_in(&eyes, &office.house, OLGA, "/portal/invitations").await;
    eyes.reads(&["No invitations", "Invite people"]).await;
    eyes.look("invitations-0", 200).await;

    office.house.apply(&apps(100)).await;
    eyes.chromium.goto(&at("/portal/invitations/new")).await;
    eyes.focus_on("email").await;
    eyes.look("invite", 200).await;
    // A hundred apps are found by a few letters.
    eyes.fill("find-app", "tool 04").await;
    assert_eq!(eyes.chromium.evaluate("document.querySelectorAll('#app-shelves > .shelf:not([hidden])').length").await, 10);
    eyes.fill("find-app", "tool 042").await;
    eyes.click_on("#app-shelves > .shelf:not([hidden]) > summary").await;
    eyes.click_on("#app-shelves > .shelf:not([hidden]) input").await;
    eyes.fill("find-app", "sales").await;
    eyes.click_on("#app-shelves > .shelf:not([hidden]) > summary").await;
    eyes.click(&format!("app-role-{}", office.approver().await)).await;
    eyes.look("invite-filtered", 200).await;
    eyes.fill("email", "bo@acme.example\nnot an address\nBO@acme.example").await;
    eyes.chromium.evaluate("document.getElementById('until').value = '2001-01-01'").await;
    eyes.click("preview").await;
    eyes.reads(&["Line 2", "same address as line 1", "begun already", "1 chosen"]).await;
    eyes.look("invite-errors", 422).await;
    eyes.fill("email", "bo@acme.example\nnora@acme.example\nsomebody.with.a.very.long.address.that.hardly.fits@sub-domain.of-a-company.example").await;
    eyes.chromium.evaluate("document.getElementById('until').value = '2099-01-01'").await;
    eyes.fill("reason", "Covers for Ana while she is away").await;
    eyes.click("preview").await;
    eyes.reads(&["Nothing has been sent yet", "Is here already", "Covers for Ana", "The invitation as it will look", "Tool 042 of the department"]).await;
    eyes.look("invite-preview", 200).await;
    eyes.click("send").await;
    eyes.reads(&["A mail is on its way", "2 roles and groups were given at once"]).await;
    eyes.look("invite-sent", 200).await;
    eyes.click("all").await;
    eyes.reads(&["bo@acme.example", "Pending", "2 invitations"]).await;
    eyes.look("invitations-2", 200).await;
    eyes.click_on("a.person[href*='/portal/invitations/']").await;
    eyes.reads(&["Send again or revoke", "Covers for Ana"]).await;
    eyes.look("invitation-one", 200).await;
    eyes.chromium.evaluate("document.querySelector('[name=sent]').value = '1'").await;
    eyes.click("resend").await;
    eyes.reads(&["sent again since you opened this page"]).await;
    eyes.look("invitation-problem", 409).await;
    eyes.click("revoke").await;
    eyes.reads(&["Revoked. Its link"]).await;
    many(&office, 120).await;
    eyes.chromium.goto(&at("/portal/invitations")).await;
    eyes.reads(&["121 invitations", "Next"]).await;
    eyes.look("invitations-50", 200).await;
    eyes.chromium.goto(&at("/portal/invitations?q=nobody&state=declined")).await;
    eyes.reads(&["Nothing found"]).await;
    eyes.look("invitations-found-none", 200).await;
    eyes.close().await;
    office.close().await;
}

#[actix_web::test]
async fn the_keyboard_is_enough() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    sign_in(&eyes, &office.house, OLGA, "/portal/invitations").await;
    eyes.tab_to("invite").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.focus_on("email").await;
    eyes.press("kim@acme.example").await;
    eyes.tab_to("locale").await;
    eyes.press("d").await; // Deutsch
    // The shelf opens by the space bar, and so does its box.
    eyes.tab_to("app-shelf-1").await;
    eyes.press(" ").await;
    eyes.tab_to(&format!("app-role-{}", office.approver().await)).await;
    eyes.press(" ").await;
    eyes.tab_to("group-shelf-1").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.tab_to(&format!("group-{}", office.emea().await)).await;
    eyes.press(" ").await;
    eyes.tab_to(&format!("role-{}", office.developer().await)).await;
    eyes.press(" ").await;
    for stop in ["role_app", "until", "other-ends", "reason", "preview"] {
        eyes.tab_to(stop).await;
    }
    eyes.press(&ENTER.to_string()).await;
    eyes.reads(&["Nothing has been sent yet", "lädt Sie ein", "Approver", "EMEA Sales", "Developer"]).await;
    eyes.tab_to("send").await;
    eyes.press(" ").await;
    eyes.reads(&["A mail is on its way"]).await;
    eyes.tab_to("all").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.reads(&["kim@acme.example", "Pending"]).await;
    // Taken back again, without a mouse.
    eyes.press(&TAB.to_string()).await;
    eyes.chromium.evaluate("document.querySelector('a.person').id = 'first-row'").await;
    eyes.tab_to("first-row").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.tab_to("revoke").await;
    eyes.press(&ENTER.to_string()).await;
    eyes.reads(&["Revoked. Its link", "No invitations"]).await;
    eyes.close().await;
    office.close().await;
}

#[actix_web::test]
async fn without_scripts_it_is_the_same() {
    let Some(eyes) = Eyes::open(false).await else { return };
    let office = Office::open(Backend::Sqlite).await;
    sign_in(&eyes, &office.house, OLGA, "/portal/invitations/new").await;
    eyes.fill("email", "kim@acme.example").await;
    eyes.click("app-shelf-1").await;
    eyes.click(&format!("app-role-{}", office.approver().await)).await;
    eyes.click("preview").await;
    eyes.reads(&["Nothing has been sent yet", "kim@acme.example"]).await;
    eyes.click("send").await;
    eyes.reads(&["A mail is on its way"]).await;
    eyes.close().await;
    office.close().await;
}
