//! Permissions never bring each other in a circle, whichever door somebody comes through; and what is removed while it is in use is asked.

use super::{OLGA, PRODUCTION, at_portal, events, number, press};
use crate::support::house::{Backend, House, on_both};
use crate::support::page::Page;
use gatehouse::access::app::deployment::{self, PermissionSpec};
use gatehouse::access::app::{self, AppError, permission};
use gatehouse::access::{begin_change, stage};
use gatehouse::actor::Actor;
use gatehouse::base::text::{Description, Slug, Verb};
use gatehouse::cli::apply;
use gatehouse::work::{Origin, Work};

on_both! {
    no_door_lets_a_circle_in
    what_is_in_use_is_asked_again
}

async fn no_door_lets_a_circle_in(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    // The page: approve brings read already.
    let one = format!("{PRODUCTION}/permissions/read");
    let page = olga.get(&one).await;
    let refused = olga.submit(&page.form(&one).fill("implies", "approve").fill("description", "Typed by hand"), "save").await;
    assert_eq!(refused.status, 422);
    let told = "Permissions cannot bring each other in a circle: read \u{2192} approve \u{2192} read. Take out one of these steps.";
    assert_eq!(refused.element("implies-error").as_deref(), Some(told));
    assert!(refused.text_contains("Typed by hand"), "what was typed stays");
    // The file.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("circle.toml");
    let toml = "[organization]\nname = \"Acme\"\n[[app]]\nkey = \"sales\"\nname = \"Sales Desk\"\n[[app.deployment]]\nstage = \"production\"\n\
                permissions = [{ verb = \"read\", implies = [\"watch\"] }, { verb = \"watch\", implies = [\"approve\"] }]\n";
    std::fs::write(&path, toml).expect("a file");
    let error = apply::apply(&house.server, &apply::read(&path).expect("a good file")).await.expect_err("a circle").to_string();
    assert!(error.contains("in a circle: read \u{2192} watch \u{2192} approve \u{2192} read"), "{error}");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM app_permissions WHERE verb = 'watch'").await, 0, "nothing of the file was done");
    // Promotion: each stage for itself has no circle, but the lines that were picked would close one.
    let other_way = "[organization]\nname = \"Acme\"\n[[app]]\nkey = \"sales\"\nname = \"Sales Desk\"\n[[app.deployment]]\nstage = \"development\"\n\
                     permissions = [\"approve\", { verb = \"read\", implies = [\"approve\"] }]\n";
    house.apply(other_way).await;
    let page = olga.get("/portal/apps/sales/development/promote?to=production").await;
    let form = page.form(page.url.path()).clear("take", "permission:approve").clear("take", "role:viewer");
    let refused = olga.submit(&form, "promote").await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.element("problem").as_deref(), Some(told));
    both_halves_at_once(&house).await;
    house.close().await;
}

/// Sixteen people make one half or the other at the same moment: whichever comes first stays, and its other half never does.
async fn both_halves_at_once(house: &House) {
    let toml = "[organization]\nname = \"Acme\"\n[[app]]\nkey = \"sales\"\nname = \"Sales Desk\"\n[[app.deployment]]\nstage = \"production\"\n\
                permissions = [\"left\", \"right\"]\n";
    house.apply(toml).await;
    let verb = |text: &str| Verb::parse(text).expect("a verb");
    let half = |at: usize| {
        let (from, to) = if at.is_multiple_of(2) { ("left", "right") } else { ("right", "left") };
        let spec = PermissionSpec { verb: verb(from), description: Description::default(), implies: vec![verb(to)] };
        async move {
            let rule = async |work: &mut Work| {
                let changing = begin_change(work).await?;
                let app = app::by_key(&mut work.tx, &Slug::parse("sales").expect("a key")).await?.expect("the app");
                let stage = stage::by_key(&mut work.tx, &Slug::parse("production").expect("a key")).await?.expect("the stage");
                let home = deployment::find(&mut work.tx, app.id, stage.id).await?.expect("deployed");
                let all = permission::of_deployment(&mut work.tx, home.id).await?;
                let version = all.iter().find(|whole| whole.permission.verb == spec.verb).expect("there").version;
                permission::change(work, &changing, &app, &home, version, &spec).await
            };
            house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await
        }
    };
    let answers = futures_util::future::join_all((0..16).map(half)).await;
    let won: Vec<usize> = answers.iter().enumerate().filter(|(_, answer)| answer.is_ok()).map(|(at, _)| at % 2).collect();
    assert_eq!(won.len(), 8, "one half stays, however often it is made: {answers:?}");
    assert!(won.iter().all(|side| *side == won[0]));
    assert!(answers.iter().all(|answer| matches!(answer, Ok(()) | Err(AppError::Circle { .. }))), "{answers:?}");
    let halves = "SELECT COUNT(*) FROM app_implications i JOIN app_permissions p ON p.id = i.permission_id WHERE p.verb IN ('left', 'right')";
    assert_eq!(number(house, halves).await, 1);
}

async fn what_is_in_use_is_asked_again(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, mut other) = (at_portal(&house, OLGA).await, at_portal(&house, OLGA).await);
    let ask = olga.get(&format!("{PRODUCTION}/permissions/approve/remove")).await;
    let follows = |page: &Page| page.element("follows").unwrap_or_default();
    assert!(follows(&ask).contains("One role holds it, and goes on without it: Approver."), "{}", ask.text());
    // Meanwhile another role holds it, and another permission brings it.
    let page = other.get(&format!("{PRODUCTION}/new-role")).await;
    other.submit(&page.form(page.url.path()).fill("name", "Chief").fill("permissions", "approve"), "save").await;
    let page = other.get(&format!("{PRODUCTION}/new-permission")).await;
    other.submit(&page.form(page.url.path()).fill("verb", "cancel").fill("implies", "approve"), "save").await;
    let before = events(&house, 4).await;
    let again = press(&mut olga, &ask, "remove").await;
    assert_eq!(again.status, 409, "{}", again.text());
    assert!(again.text_contains("Something changed since you looked") && follows(&again).contains("Approver, Chief."), "{}", again.text());
    assert!(follows(&again).contains("One permission brings it, and will not any more: cancel."), "{}", again.text());
    assert_eq!(events(&house, 4).await, before, "nothing was done");
    assert!(press(&mut olga, &again, "remove").await.text_contains("Removed."));

    // What is ticked and comes with something else is not kept by itself; what was held by itself stays so.
    let roles = format!("{PRODUCTION}/roles/viewer");
    let page = olga.get(&format!("{PRODUCTION}/permissions/cancel")).await;
    olga.submit(&page.form(page.url.path()).fill("implies", "read"), "save").await;
    let page = olga.get(&roles).await;
    assert!(page.attribute("permissions-read", "data-brought").is_none());
    let page = olga.submit(&page.form(&roles).fill("permissions", "cancel"), "save").await;
    assert!(page.text_contains("Viewer viewer None cancel read Shared"), "{}", page.text());
    let page = olga.get(&roles).await;
    assert_eq!(page.attribute("permissions-read", "data-brought").as_deref(), Some("own"));
    assert!(page.text_contains("Comes with cancel"), "{}", page.text());
    let page = olga.get(&format!("{PRODUCTION}/new-role")).await;
    let form = page.form(page.url.path()).fill("name", "Both").fill("permissions", "cancel").fill("permissions", "read");
    let page = olga.submit(&form, "save").await;
    assert!(page.text_contains("Both both None cancel This app"), "{}", page.text());
    let page = olga.get(&format!("{PRODUCTION}/roles/both")).await;
    let read = |name| page.attribute("permissions-read", name);
    assert_eq!((read("data-brought").as_deref(), read("checked").is_some()), (Some(""), true), "ticked, because cancel brings it");
    house.close().await;
}
