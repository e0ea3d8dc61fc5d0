//! Stages, settings and the look, as people see them.

use super::{LOGO, send, token};
use crate::groups::{OLGA, house, sign_in, sign_in_eyes};
use crate::support::eyes::Eyes;
use crate::support::house::Backend;

#[actix_web::test]
async fn settings_look_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    sign_in_eyes(&eyes, &house).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/portal/stages").await;
    eyes.look("stages", 200).await;
    eyes.submit("new-stage").await;
    eyes.look("stage-new", 200).await;
    eyes.fill("name", "Staging").await;
    eyes.fill("idle", "2000").await;
    eyes.submit("make-stage").await;
    eyes.look("stage-new-errors", 422).await;
    eyes.fill("idle", "2").await;
    eyes.submit("make-stage").await;
    eyes.look("stage", 200).await;
    eyes.submit("delete-stage").await;
    eyes.look("stage-delete", 200).await;
    // Beside QA stands another one now: the two can change places.
    go("/portal/stages").await;
    eyes.look("stages-order", 200).await;
    eyes.submit("up-staging").await;
    eyes.reads(&["The stage stands in its new place."]).await;
    // QA has a role that holds nothing else.
    go("/portal/stages?q=qa").await;
    eyes.click_on("tbody a").await;
    eyes.submit("delete-stage").await;
    eyes.reads(&["would have no permission left"]).await;
    eyes.look("stage-role-in-the-way", 200).await;
    go("/portal/stages?q=production").await;
    eyes.click_on("tbody a").await;
    eyes.reads(&["Name and sessions"]).await;
    eyes.submit("delete-stage").await;
    eyes.look("stage-in-use", 200).await;
    go("/portal/settings").await;
    eyes.look("settings", 200).await;
    go("/portal/settings/sessions").await;
    eyes.look("settings-sessions", 200).await;
    eyes.fill("idle", "13").await;
    eyes.submit("save-sessions").await;
    eyes.look("settings-sessions-errors", 422).await;
    go("/portal/settings/appearance").await;
    eyes.look("settings-appearance", 200).await;
    eyes.fill("accent", "#ffcc00").await;
    eyes.submit("save-accent").await;
    eyes.look("settings-appearance-errors", 422).await;
    eyes.submit("take-nearest").await;
    eyes.reads(&["Every page has this colour"]).await;
    let mut olga = sign_in(&house, OLGA).await;
    let csrf = token(&olga.get("/portal/settings/appearance").await);
    assert_eq!(send(&house, &olga, &[("csrf", &csrf), ("version", "1")], Some(("logo.png", LOGO))).await.0, 303);
    // The darkest and the brightest accents that are taken, with a logo: axe sees every page.
    for (name, accent) in [("ochre", None), ("black", Some("#000000")), ("red", Some("#d00000")), ("violet", Some("#7a3cff"))] {
        if let Some(accent) = accent {
            go("/portal/settings/appearance").await;
            eyes.fill("accent", accent).await;
            eyes.submit("save-accent").await;
            if eyes.chromium.evaluate("document.getElementById('take-nearest') !== null").await == true {
                eyes.submit("take-nearest").await;
            }
            eyes.reads(&["Every page has this colour"]).await;
        }
        eyes.look(&format!("brand-{name}-settings"), 200).await;
        go("/portal/users").await;
        eyes.look(&format!("brand-{name}-users"), 200).await;
    }
    go("/portal/design").await;
    eyes.look("brand-design", 200).await;
    eyes.chromium.client.delete_all_cookies().await.expect("signed out");
    go("/sign-in").await;
    assert_eq!(eyes.chromium.evaluate("document.querySelector('.brand img').naturalWidth").await, 96);
    assert_eq!(eyes.chromium.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--accent').trim() !== '#0d6e66'").await, true);
    eyes.look("brand-sign-in", 200).await;
    eyes.close().await;
    house.close().await;
}
