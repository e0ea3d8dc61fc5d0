//! What an app owns at one stage is taken over to another: exactly what was reviewed, by those who may.

use super::{ANA, DEVELOPMENT, NORA, OLGA, PRODUCTION, at_portal, events, give, number, press};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::relying_party::Method;
use serde_json::json;

on_both! {
    a_stage_gets_what_was_picked
    an_app_comes_to_a_stage_by_promotion
    nobody_promotes_past_their_rights
}

/// What only Development has, and somebody who holds it; what Production gives to viewers.
const EXTRA: &str = r#"
[organization]
name = "Acme"
[[app]]
key = "sales"
name = "Sales Desk"
[[app.deployment]]
stage = "development"
permissions = ["debug"]
roles = [{ key = "debugger", name = "Debugger", permissions = ["debug"], shared = true }]
[[app.deployment]]
stage = "production"
roles = [{ key = "viewer", name = "Viewer", description = "Sees and approves", permissions = ["approve"], shared = true }]
[[app]]
key = "wiki"
name = "Wiki"
[[app.deployment]]
stage = "development"
listed_roles = ["sales:debugger"]
[[user]]
email = "nora@acme.example"
roles = ["sales/development/debugger"]
"#;

async fn a_stage_gets_what_was_picked(backend: Backend) {
    let house = House::open(backend).await;
    house.apply(EXTRA).await;
    let mut ana = Browser::new(&house.issuer);
    let (party, tokens) = story::tokens(&house, &mut ana, "sales-dev", Method::Public, ANA, &["roles", "permissions"]).await;
    let audience = format!("{}/apps/sales/development", house.issuer);
    let claims = party.verify_access_token(&tokens.access_token, &audience).await.expect("an access token");
    assert_eq!(claims["roles"], json!(["viewer"]));
    assert!(!claims["permissions"].to_string().contains("\"approve\""), "{claims}");

    let mut olga = at_portal(&house, OLGA).await;
    let from = format!("{PRODUCTION}/promote?to=development");
    let page = olga.get(&from).await;
    for text in [
        "approve New there Description Approve orders Brings read",
        "Approver approver New there",
        "Viewer viewer Changes Description None \u{2192} Sees and approves Permissions read \u{2192} approve, read Where it counts This app \u{2192} Shared",
        "One person has it there now.",
        "Remove debug Only there One person has it, and keeps it unless you tick it.",
        "Remove Debugger debugger Only there",
        "Other apps count this role, and would not any more: Wiki.",
    ] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    let form = page.form(page.url.path());
    // Nothing, and what does not fit together.
    let none = form.clone().clear("take", "permission:approve").clear("take", "role:approver").clear("take", "role:viewer");
    let refused = olga.submit(&none, "promote").await;
    assert_eq!((refused.status.as_u16(), refused.element("problem").as_deref()), (422, Some("Nothing is ticked. Tick at least one line.")));
    let half = form.clone().clear("take", "permission:approve").fill("remove", "permission:debug");
    let refused = olga.submit(&half, "promote").await;
    let problem = "approver needs approve, which would not be there. Tick approve as well, or take the tick out of approver.";
    assert_eq!((refused.status.as_u16(), refused.element("problem").as_deref()), (422, Some(problem)));
    assert_eq!(refused.form(refused.url.path()).press("promote").1.iter().filter(|(name, _)| name == "take" || name == "remove").count(), 3, "ticks stay");
    // Somebody changes one side meanwhile.
    house.apply("[organization]\nname = \"Acme\"\n[[app]]\nkey = \"sales\"\nname = \"Sales Desk\"\n[[app.deployment]]\nstage = \"development\"\npermissions = [{ verb = \"debug\", description = \"Find bugs\" }]\n").await;
    let before = number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'deployment.promoted'").await;
    let stale = olga.submit(&form, "promote").await;
    assert_eq!(stale.status, 409);
    assert!(stale.text_contains("Something changed since you looked") && stale.text_contains("Find bugs"), "{}", stale.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'deployment.promoted'").await, before);

    // One line stays as it is; two go.
    let form = stale.form(stale.url.path()).clear("take", "role:approver").fill("remove", "role:debugger").fill("remove", "permission:debug");
    let done = olga.submit(&form, "promote").await;
    assert_eq!((done.status.as_u16(), done.url.path(), done.text_contains("Taken over.")), (200, DEVELOPMENT, true), "{}", done.text());
    let told = events(&house, 12).await;
    assert_eq!(told.last().map(String::as_str), Some("deployment.promoted"));
    for kind in ["grant.revoked", "end_user_role.removed", "end_user_role.changed", "app_permissions.changed"] {
        assert!(told.iter().any(|told| told == kind), "{kind}: {told:?}");
    }
    let roles = olga.get(&format!("{DEVELOPMENT}/roles")).await;
    assert!(roles.text_contains("Viewer viewer Sees and approves approve read Shared") && !roles.text_contains("Debugger") && !roles.text_contains("Approver"));
    assert!(!olga.get(&format!("{DEVELOPMENT}/permissions")).await.text_contains("debug"));
    // What people have follows: the same role says more now.
    let tokens = party.refresh(&tokens.refresh_token.expect("a refresh token")).await.expect("refreshed");
    let claims = party.verify_access_token(&tokens.access_token, &audience).await.expect("an access token");
    assert!(claims["permissions"].to_string().contains("\"approve\""), "{claims}");

    // The rest, and then there is nothing to do. Sent once more by the back button, the form is stale.
    let page = olga.get(&from).await;
    assert_eq!(press(&mut olga, &page, "promote").await.status, 200);
    assert_eq!(press(&mut olga, &page, "promote").await.status, 409);
    let page = olga.get(&from).await;
    assert!(page.text_contains("There is nothing to do.") && page.element("promote").is_none(), "{}", page.text());
    house.close().await;
}

async fn an_app_comes_to_a_stage_by_promotion(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    // Nothing shares the role there that Wiki lists at Production; from the last stage it goes back to the one before.
    let page = olga.get("/portal/apps/wiki/production/promote").await;
    assert!(page.text_contains("Wiki is not at QA yet.") && page.text_contains("sales:viewer Not there"), "{}", page.text());
    // From stage to stage: first Sales, then what lists its role.
    let page = olga.get(&format!("{PRODUCTION}/promote?to=qa")).await;
    let done = press(&mut olga, &page, "promote").await;
    assert_eq!((done.url.path(), done.status.as_u16()), ("/portal/apps/sales/qa", 200), "{}", done.text());
    assert_eq!(done.element("resource"), Some(format!("{}/apps/sales/qa", house.issuer)));
    let roles = olga.get("/portal/apps/sales/qa/roles").await;
    assert!(roles.text_contains("Approver approver None approve This app"), "{}", roles.text());
    let permissions = olga.get("/portal/apps/sales/qa/permissions").await;
    assert!(permissions.text_contains("approve Approve orders read Approver"), "{}", permissions.text());
    let page = olga.get("/portal/apps/wiki/production/promote").await;
    assert!(page.text_contains("sales:viewer New there"), "{}", page.text());
    let done = press(&mut olga, &page, "promote").await;
    assert!(done.text_contains("Everyone") && done.text_contains("sales:viewer"), "{}", done.text());
    let told = events(&house, 20).await;
    assert!(told.contains(&"deployment.changed".to_owned()) && told.last().is_some_and(|last| last == "deployment.promoted"), "{told:?}");
    house.close().await;
}

async fn nobody_promotes_past_their_rights(backend: Backend) {
    let house = House::open(backend).await;
    let roles_at = "{ permission = \"app_roles.manage\", at = [\"stage:development\", \"stage:qa\"] }";
    give(&house, NORA, roles_at, None).await;
    let mut nora = at_portal(&house, NORA).await;
    // She may change roles at QA, but put no app there.
    let page = nora.get(&format!("{DEVELOPMENT}/promote")).await;
    assert!(page.status == 200 && page.text_contains("you may not put it there") && page.element("promote").is_none(), "{}", page.text());
    let mut olga = at_portal(&house, OLGA).await;
    let hers = olga.get(&format!("{DEVELOPMENT}/promote")).await;
    let (_, pairs) = hers.form(hers.url.path()).press("promote");
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let forged: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), if name == "csrf" { csrf.as_str() } else { value.as_str() })).collect();
    let refused = nora.post_from(&format!("{}/portal", house.issuer), &format!("{DEVELOPMENT}/promote"), &forged).await;
    assert_eq!(refused.status, 403, "{}", refused.text());
    // Production is none of her business: neither as where it comes from, nor as where it goes.
    assert_eq!(nora.get(&format!("{DEVELOPMENT}/promote?to=production")).await.status, 404);
    assert_eq!(nora.get(&format!("{PRODUCTION}/promote?to=qa")).await.status, 404);
    // Who sees it without a right at the target is told what is missing.
    give(&house, NORA, &format!("{roles_at}, {{ permission = \"app.view\", at = [\"every_stage\"] }}"), None).await;
    assert_eq!(nora.get(&format!("{DEVELOPMENT}/promote?to=production")).await.status, 403);
    assert_eq!(nora.get(&format!("{PRODUCTION}/promote?to=development")).await.status, 200);
    let production: Vec<(&str, &str)> = forged.iter().map(|(name, value)| (*name, if *name == "to" { "production" } else { *value })).collect();
    let refused = nora.post_from(&format!("{}/portal", house.issuer), &format!("{DEVELOPMENT}/promote"), &production).await;
    assert_eq!(refused.status, 403);
    for odd in ["?to=development", "?to=nowhere", "?to=%00"] {
        assert_eq!(nora.get(&format!("{DEVELOPMENT}/promote{odd}")).await.status, 404, "{odd}");
    }
    assert_eq!(number(&house, "SELECT COUNT(*) FROM deployments").await, 3, "nothing happened");
    house.close().await;
}
