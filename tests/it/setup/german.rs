//! Setup in German, as people see it: the four steps, and the links and forms that come too late.

use super::claim_link;
use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD};
use gatehouse::base::time::Clock;
use std::time::Duration;

/// Waits for a page, sees that it is German, and looks at it.
async fn look(eyes: &Eyes, name: &str, status: u16, texts: &[&str]) {
    eyes.reads(texts).await;
    assert_eq!(eyes.chromium.evaluate("document.documentElement.lang").await, "de", "{name}");
    eyes.look(&format!("de-{name}"), status).await;
}

#[actix_web::test]
async fn every_step_in_german() {
    let Some(eyes) = Eyes::open(true).await else { return };
    eyes.speak("de").await;
    let house = House::with_mailbox(Backend::Sqlite, &[]).await;
    let at = |path: &str| format!("{}{path}", house.issuer);
    eyes.chromium.goto(&at("/")).await;
    look(&eyes, "home-new", 200, &["data/setup-link"]).await;
    let (link, other) = (claim_link(&house).await, claim_link(&house).await);
    eyes.chromium.goto(&link).await;
    look(&eyes, "setup-organization", 200, &["Richten Sie Ihre Organisation ein"]).await;
    eyes.fill("name", "Acme Gesellschaft").await;
    eyes.submit("organization-next").await;
    look(&eyes, "setup-owner", 200, &["Das Inhaberkonto", "Acme Gesellschaft"]).await;
    eyes.fill("name", "Olga Owner").await;
    eyes.fill("username", "olga@acme.example").await;
    eyes.fill("password", "password1234").await;
    eyes.submit("owner-next").await;
    look(&eyes, "setup-owner-wrong", 422, &["Das Inhaberkonto"]).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("owner-next").await;
    look(&eyes, "setup-mail", 200, &["Welcher Server verschickt sie?"]).await;
    eyes.submit("mail-keep").await;
    look(&eyes, "setup-app", 200, &["Ihre erste App"]).await;
    eyes.submit("app-skip").await;
    eyes.arrive(&at("/portal")).await;
    look(&eyes, "overview-new", 200, &["Olga Owner"]).await;
    // Setup after setup: whoever did it is led on; nobody else finds anything, and the links say why.
    eyes.chromium.goto(&at("/setup")).await;
    eyes.arrive(&at("/portal")).await;
    eyes.chromium.client.delete_all_cookies().await.expect("signed out");
    eyes.chromium.goto(&at("/setup")).await;
    look(&eyes, "setup-nothing", 404, &["Hier ist nichts"]).await;
    eyes.chromium.goto(&link).await;
    look(&eyes, "setup-used", 410, &["Dieser Link wurde verwendet"]).await;
    eyes.chromium.goto(&other).await;
    look(&eyes, "setup-done", 410, &["Die Einrichtung ist abgeschlossen"]).await;
    eyes.close().await;
    house.close().await;
}

#[actix_web::test]
async fn too_late_in_german() {
    let Some(eyes) = Eyes::open(true).await else { return };
    eyes.speak("de").await;
    let clock = Clock::fixed(Clock::System.now());
    let house = House::empty(Backend::Sqlite, &[], clock.clone()).await;
    let old = claim_link(&house).await;
    clock.advance(Duration::from_hours(25));
    eyes.chromium.goto(&old).await;
    look(&eyes, "setup-expired", 410, &["Dieser Link ist abgelaufen", "gatehouse admin claim-link"]).await;
    // The form of the owner is open; somebody in another browser sends theirs first.
    eyes.chromium.goto(&claim_link(&house).await).await;
    eyes.fill("name", "Acme").await;
    eyes.submit("organization-next").await;
    eyes.fill("name", "Otto Owner").await;
    eyes.fill("username", "otto@acme.example").await;
    eyes.fill("password", PASSWORD).await;
    let mut other = Browser::new(&house.issuer);
    let page = other.get(&claim_link(&house).await).await;
    let form = page.form("/setup/owner").fill("name", "Olga Owner").fill("username", "olga@acme.example").fill("password", PASSWORD);
    assert_eq!(other.submit(&form, "owner-next").await.status, 200);
    eyes.submit("owner-next").await;
    look(&eyes, "setup-overtaken", 410, &["Die Einrichtung ist abgeschlossen"]).await;
    eyes.submit("over-sign-in").await;
    look(&eyes, "setup-over-sign-in", 200, &["Acme"]).await;
    eyes.close().await;
    house.close().await;
}
