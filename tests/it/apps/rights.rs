//! Who sees and does what: nobody without a right, and everybody only where they hold one.

use super::{ANA, NORA, OLGA, SALES, at_portal, fill};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};

on_both! {
    whoever_holds_nothing_sees_nothing
    rights_at_one_stage_are_rights_there
    whoever_may_only_look_changes_nothing
}

const PATHS: [&str; 9] = ["", "/settings", "/permissions", "/new-permission", "/roles", "/new-role", "/roles/viewer", "/clients", "/new-client"];

async fn whoever_holds_nothing_sees_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let mut stranger = Browser::new(&house.issuer);
    let page = stranger.get("/portal/apps").await;
    assert_eq!((page.url.path(), page.url.query()), ("/sign-in", Some("to=%2Fportal%2Fapps")));
    // Ana may do something, but nothing about apps; Nora may nothing at all.
    for who in [ANA, NORA] {
        let mut browser = at_portal(&house, who).await;
        for path in ["/portal/apps", "/portal/apps.csv", "/portal/apps/new", "/portal/apps/sales"] {
            assert_eq!(browser.get(path).await.status, 403, "{who} {path}");
        }
        for path in PATHS {
            assert_eq!(browser.get(&format!("{SALES}{path}")).await.status, 403, "{who} {path}");
        }
    }
    house.close().await;
}

fn holder(permissions: &str, stage: &str) -> String {
    format!(
        "[organization]\nname = \"Acme\"\n[[organization_role]]\nkey = \"limited\"\nname = \"Limited\"\npermissions = [{permissions}]\n\
         [[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"limited\"]\n"
    )
    .replace("STAGE", stage)
}

async fn rights_at_one_stage_are_rights_there(backend: Backend) {
    let house = House::open(backend).await;
    let at = |key: &str| format!("{{ permission = \"{key}\", at = [\"stage:STAGE\"] }}");
    house.apply(&holder(&["app.manage", "app_roles.manage", "client.manage"].map(at).join(", "), "development")).await;
    let mut nora = at_portal(&house, NORA).await;
    let list = nora.get("/portal/apps").await;
    assert!(list.text_contains("Sales Desk sales None Development") && !list.text_contains("Production"), "{}", list.text());
    assert!(list.element("new-app").is_none());
    assert_eq!(nora.get("/portal/apps/new").await.status, 403);
    let app = nora.get("/portal/apps/sales").await;
    assert!(app.element("stage-development").is_some() && app.element("stage-production").is_none() && app.element("edit").is_none());
    assert_eq!(nora.get("/portal/apps/sales?edit=1").await.status, 403);
    for path in PATHS {
        assert_eq!(nora.get(&format!("{SALES}{path}")).await.status, 404, "production is not there for her: {path}");
        assert_eq!(nora.get(&format!("/portal/apps/sales/development{path}")).await.status, 200, "{path}");
    }
    let csv = nora.get("/portal/apps.csv").await;
    assert!(csv.body.contains("\"sales\",\"\",\"development\"\r\n"), "{}", csv.body);
    // She does there what she may.
    let dev = "/portal/apps/sales/development";
    assert!(fill(&mut nora, &format!("{dev}/new-permission"), &[("verb", "approve"), ("implies", "read")]).await.text_contains("Saved."));
    assert!(fill(&mut nora, &format!("{dev}/new-role"), &[("name", "Tester"), ("permissions", "approve")]).await.text_contains("Tester"));
    let page = fill(&mut nora, &format!("{dev}/new-client"), &[("name", "Dev"), ("redirect_uris", "http://localhost:3000/")]).await;
    assert!(page.element("secret").is_some(), "{}", page.text());
    let client = nora.get(&format!("{dev}/clients/sales-development-dev")).await;
    let page = nora.submit(&client.form(&format!("{dev}/clients/sales-development-dev/status")), "suspend").await;
    assert!(page.element("suspended").is_some(), "{}", page.text());
    // An app that is not at her stage can be put there by her, and by nobody who may not.
    let page = nora.get("/portal/apps/wiki").await;
    assert!(page.element("deploy-development").is_some(), "{}", page.text());
    house.close().await;
}

async fn whoever_may_only_look_changes_nothing(backend: Backend) {
    let house = House::open(backend).await;
    house.apply(&holder("{ permission = \"app.view\", at = [\"every_stage\"] }", "")).await;
    let mut nora = at_portal(&house, NORA).await;
    for (path, forbidden) in [
        ("/portal/apps", "new-app"),
        ("/portal/apps/sales", "edit"),
        (SALES, "edit"),
        ("/portal/apps/sales/production/permissions", "new-permission"),
        ("/portal/apps/sales/production/roles", "new-role"),
        ("/portal/apps/sales/production/clients", "new-client"),
        ("/portal/apps/sales/production/clients/sales-basic", "suspend"),
    ] {
        let page = nora.get(path).await;
        assert!(page.status == 200 && page.element(forbidden).is_none() && !page.body.contains("/remove\""), "{path}");
    }
    for path in ["/settings", "/new-permission", "/new-role", "/new-client", "/roles/viewer", "/roles/viewer/remove", "/clients/sales-basic/edit"] {
        let page = nora.get(&format!("{SALES}{path}")).await;
        assert_eq!(page.status, 403, "{path}");
        assert!(page.element("denied").is_some());
    }
    assert_eq!(nora.get("/portal/apps/wiki/qa").await.status, 404, "not deployed, and not hers to deploy");
    // A form that was opened while she might, sent when she no longer may: the rule asks again.
    let mut olga = at_portal(&house, OLGA).await;
    let page = olga.get(&format!("{SALES}/roles/viewer/remove")).await;
    let csrf = nora.get("/portal/apps").await.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let fields = [("csrf", csrf.as_str()), ("whole", "1"), ("name", "X"), ("key", "x"), ("version", "1"), ("action", "suspend")];
    for path in [
        "/portal/apps/new".to_owned(),
        "/portal/apps/sales".to_owned(),
        format!("{SALES}/settings"),
        format!("{SALES}/new-role"),
        format!("{SALES}/roles/viewer"),
        page.url.path().to_owned(),
        format!("{SALES}/permissions/read/remove"),
        format!("{SALES}/new-client"),
        format!("{SALES}/clients/sales-basic/edit"),
        format!("{SALES}/clients/sales-basic/new-secret"),
        format!("{SALES}/clients/sales-basic/status"),
        format!("{SALES}/clients/sales-basic/remove"),
    ] {
        let answer = nora.post_from(&format!("{}/portal/apps", house.issuer), &path, &fields).await;
        assert_eq!(answer.status, 403, "{path}: {}", answer.text());
    }
    assert!(olga.get(&format!("{SALES}/roles")).await.text_contains("Viewer"), "nothing happened");
    house.close().await;
}
