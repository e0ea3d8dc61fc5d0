//! Setup, the settings of mail and the mailbox as people see them, in Chromium.

use super::claim_link;
use super::mail::letters;
use crate::support::eyes::{ENTER, Eyes};
use crate::support::house::{Backend, House, PASSWORD};
use crate::support::smtp::{Mode, Smtp, USER};
use crate::support::until;
use gatehouse::base::time::Clock;
use std::time::Duration;

#[actix_web::test]
async fn every_page_of_setup() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let smtp = Smtp::start(Mode::StartTls).await;
    let house = House::with_mailbox(Backend::Sqlite, &[("mail.ca_file", &smtp.ca_file().display().to_string())]).await;
    let at = |path: &str| format!("{}{path}", house.issuer);
    eyes.chromium.goto(&at("/")).await;
    eyes.reads(&["data/setup-link"]).await;
    eyes.look("home-new", 200).await;
    eyes.chromium.goto(&claim_link(&house).await).await;
    eyes.arrive(&at("/setup/organization")).await;
    eyes.focus_on("name").await;
    eyes.look("setup-organization", 200).await;
    eyes.fill("production", "Development").await;
    eyes.fill("name", "Acme").await;
    eyes.submit("organization-next").await;
    eyes.reads(&["Two stages need two names."]).await;
    eyes.focus_on("production").await;
    eyes.look("setup-organization-wrong", 422).await;
    eyes.fill("production", "Production").await;
    eyes.submit("organization-next").await;
    eyes.arrive(&at("/setup/owner")).await;
    eyes.look("setup-owner", 200).await;
    eyes.fill("name", "Olga Owner").await;
    eyes.fill("username", "olga@acme.example").await;
    eyes.fill("password", "password1234").await;
    eyes.submit("owner-next").await;
    eyes.focus_on("password").await;
    eyes.look("setup-owner-wrong", 422).await;
    eyes.press(&format!("{PASSWORD}{ENTER}")).await;
    eyes.arrive(&at("/setup/mail")).await;
    eyes.look("setup-mail", 200).await;
    server(&eyes, &smtp, "not this one").await;
    eyes.submit("mail-test").await;
    eyes.reads(&["wrong user or password"]).await;
    eyes.look("setup-mail-wrong", 422).await;
    eyes.fill("mail-password", crate::support::smtp::PASSWORD).await;
    eyes.submit("mail-test").await;
    eyes.reads(&["The server took the test."]).await;
    eyes.look("setup-mail-tested", 200).await;
    eyes.submit("mail-keep").await;
    eyes.arrive(&at("/setup/app")).await;
    eyes.look("setup-app", 200).await;
    eyes.fill("name", "\u{6771}\u{4eac}").await;
    eyes.submit("app-create").await;
    eyes.reads(&["No key can be made from this name."]).await;
    eyes.focus_on("key").await;
    eyes.look("setup-app-wrong", 422).await;
    eyes.submit("app-skip").await;
    eyes.arrive(&at("/portal")).await;
    in_the_portal(&eyes, &house, &smtp).await;
    eyes.close().await;
    house.close().await;
}

async fn server(eyes: &Eyes, smtp: &Smtp, password: &str) {
    eyes.fill("host", "localhost").await;
    eyes.fill("port", &smtp.port().to_string()).await;
    eyes.fill("user", USER).await;
    eyes.fill("mail-password", password).await;
    eyes.fill("sender-address", "no-reply@acme.example").await;
}

async fn in_the_portal(eyes: &Eyes, house: &House, smtp: &Smtp) {
    let at = |path: &str| format!("{}{path}", house.issuer);
    eyes.chromium.goto(&at("/portal/mailbox")).await;
    eyes.reads(&["No letters yet"]).await;
    eyes.look("mailbox-none", 200).await;
    house.invite("bo.with.quite.a.long.name@subsidiary.acme.example --org-role developer").await.expect("invited");
    house.invite("cy@acme.example --org-role developer").await.expect("invited");
    until("both letters come", async || letters(house).await == 2).await;
    eyes.chromium.goto(&at("/portal/mailbox")).await;
    eyes.reads(&["2 letters"]).await;
    eyes.look("mailbox", 200).await;
    eyes.click_on("tbody a").await;
    eyes.reads(&["See the invitation"]).await;
    eyes.look("letter", 200).await;
    eyes.chromium.goto(&at("/portal/settings/mail")).await;
    eyes.reads(&["the 2 letters in it are erased"]).await;
    eyes.look("settings-mail", 200).await;
    server(eyes, smtp, crate::support::smtp::PASSWORD).await;
    eyes.submit("mail-use").await;
    eyes.reads(&["The mailbox is closed and empty."]).await;
    eyes.look("settings-mail-server", 200).await;
}

#[actix_web::test]
async fn every_claim_link_that_opens_nothing() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let clock = Clock::fixed(Clock::System.now());
    let house = House::empty(Backend::Sqlite, &[], clock.clone()).await;
    let old = claim_link(&house).await;
    clock.advance(Duration::from_hours(25));
    eyes.chromium.goto(&old).await;
    eyes.reads(&["This link has expired", "gatehouse admin claim-link"]).await;
    eyes.look("setup-expired", 410).await;
    let other = claim_link(&house).await;
    house.apply(include_str!("../seed.toml")).await;
    eyes.chromium.goto(&other).await;
    eyes.reads(&["Setup is done"]).await;
    eyes.look("setup-done", 410).await;
    eyes.submit("over-sign-in").await;
    eyes.arrive(&format!("{}/sign-in", house.issuer)).await;
    eyes.close().await;
    house.close().await;
}
