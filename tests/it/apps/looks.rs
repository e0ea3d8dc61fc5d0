//! The pages in Chromium, with nothing in them, a little, and 50 rows.

use super::{OLGA, SALES};
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD};
use gatehouse::base::time::Clock;
use std::fmt::Write;

const EMPTY: &str = "[organization]\nname = \"Acme\"\n[owner]\nemail = \"olga@acme.example\"\nname = \"Olga Owner\"\n\
    password_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n";

async fn sign_in(eyes: &Eyes, house: &House) {
    eyes.chromium.goto(&format!("{}/sign-in", house.issuer)).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
}

/// Fifty of everything, with names as long as they come.
fn crowd() -> String {
    let mut toml = String::from(EMPTY);
    for app in 0..50 {
        let name = if app % 7 == 0 {
            "An app with a very long name that somebody had a lot of time to think about and nobody".to_owned()
        } else {
            format!("App {app}")
        };
        writeln!(toml, "[[app]]\nkey = \"app-{app}\"\nname = \"{name}\"\ndescription = \"What app number {app} is for, in a sentence\"")
            .expect("a string grows");
        if app > 1 {
            continue;
        }
        for stage in ["development", "qa", "production"] {
            writeln!(toml, "[[app.deployment]]\nstage = \"{stage}\"\nhome_page = \"https://app-{app}.acme.example/\"\npermissions = [")
                .expect("a string grows");
            for at in 0..50 {
                let implies = if at > 0 { format!("\"do-{}\"", at - 1) } else { String::new() };
                writeln!(toml, "{{ verb = \"do-{at}\", description = \"Does number {at}\", implies = [{implies}] }},").expect("a string grows");
            }
            writeln!(toml, "]\nroles = [").expect("a string grows");
            for at in 0..50 {
                writeln!(toml, "{{ key = \"role-{at}\", name = \"Role number {at}\", permissions = [\"do-{at}\", \"do-1\", \"do-2\", \"do-3\", \"do-4\"] }},")
                    .expect("a string grows");
            }
            writeln!(toml, "]").expect("a string grows");
        }
    }
    toml
}

#[actix_web::test]
async fn every_page_of_the_apps_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::empty(Backend::Sqlite, &[], Clock::System).await;
    house.apply(EMPTY).await;
    sign_in(&eyes, &house).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;

    // Nothing.
    go("/portal/apps").await;
    eyes.reads(&["No app yet"]).await;
    eyes.look("apps-empty", 200).await;
    eyes.click("new-app").await;
    eyes.reads(&["New app"]).await;
    eyes.look("apps-new", 200).await;
    eyes.fill("name", "Sales Desk").await;
    eyes.fill("key", "Sales Desk").await;
    eyes.submit("save").await;
    eyes.reads(&["Use 1 to 50 of the characters"]).await;
    eyes.look("apps-new-wrong", 422).await;
    eyes.fill("key", "").await;
    eyes.click("template-none").await;
    eyes.click("stages-qa").await;
    eyes.submit("save").await;
    eyes.reads(&["Deploy to QA"]).await;
    eyes.look("apps-app", 200).await;
    for (path, says, name) in [("?edit=1", "Edit app", "apps-app-edit"), ("/qa/settings", "once it has a client", "apps-deploy")] {
        go(&format!("/portal/apps/sales-desk{path}")).await;
        eyes.reads(&[says]).await;
        eyes.look(name, 200).await;
    }
    go("/portal/apps/sales-desk/production").await;
    eyes.reads(&["There is no client with which the app could ask."]).await;
    eyes.look("apps-stage-empty", 200).await;
    for (part, says) in [("permissions", "No permission yet"), ("roles", "No role yet"), ("clients", "No client yet")] {
        go(&format!("/portal/apps/sales-desk/production/{part}")).await;
        eyes.reads(&[says]).await;
        eyes.look(&format!("apps-{part}-empty"), 200).await;
    }
    eyes.click("new-client").await;
    eyes.reads(&["Redirect URIs"]).await;
    eyes.look("apps-client-new", 200).await;
    eyes.fill("name", "Sales Web").await;
    eyes.fill("redirect_uris", "http://sales.acme.example/callback").await;
    eyes.submit("save").await;
    eyes.reads(&["is not encrypted"]).await;
    eyes.look("apps-client-new-wrong", 422).await;
    eyes.fill("redirect_uris", "https://sales.acme.example/callback").await;
    eyes.submit("save").await;
    eyes.reads(&["Keep this secret now"]).await;
    eyes.look("apps-secret", 200).await;
    eyes.submit("go-on").await;
    eyes.reads(&["Environment variables"]).await;
    // Every snippet open, so that all of them are looked at.
    eyes.chromium.evaluate("document.querySelectorAll('main details').forEach(part => part.open = true)").await;
    eyes.look("apps-client", 200).await;
    eyes.submit("edit").await;
    eyes.reads(&["Edit client"]).await;
    eyes.look("apps-client-edit", 200).await;
    go("/portal/apps/sales-desk/production/clients").await;
    eyes.reads(&["Sales Web"]).await;
    eyes.look("apps-clients", 200).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["Environment variables"]).await;
    eyes.submit("new-secret").await;
    eyes.submit("go-on").await;
    eyes.submit("suspend").await;
    eyes.reads(&["Suspended since"]).await;
    eyes.look("apps-client-suspended", 200).await;
    eyes.submit("remove").await;
    eyes.look("apps-client-remove", 200).await;

    fifty(&eyes, &house).await;
    eyes.close().await;
    house.close().await;
}

/// The same with fifty of everything.
async fn fifty(eyes: &Eyes, house: &House) {
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    house.apply(&crowd()).await;
    go("/portal/apps").await;
    eyes.reads(&["51 apps"]).await;
    eyes.look("apps-many", 200).await;
    go("/portal/apps?q=nothing-like-it").await;
    eyes.reads(&["Nothing found"]).await;
    eyes.look("apps-found-none", 200).await;
    let place = "/portal/apps/app-0/production";
    for (path, name) in [
        ("", "apps-stage"),
        ("/settings", "apps-settings"),
        ("/permissions", "apps-permissions"),
        ("/new-permission", "apps-permission-new"),
        ("/permissions/do-7", "apps-permission"),
        ("/permissions/do-7/remove", "apps-permission-remove"),
        ("/roles", "apps-roles"),
        ("/new-role", "apps-role-new"),
        ("/roles/role-7", "apps-role"),
        ("/roles/role-7/remove", "apps-role-remove"),
    ] {
        go(&format!("{place}{path}")).await;
        eyes.look(name, 200).await;
    }
    go("/portal/apps/app-0").await;
    eyes.look("apps-app-full", 200).await;
    go(SALES).await;
    eyes.look("apps-not-found", 404).await;
}
