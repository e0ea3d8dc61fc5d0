//! An app is taken from a stage, and deleted: what goes is told first, and goes at once; nothing else does.

use super::{ANA, DEVELOPMENT, NORA, OLGA, PRODUCTION, at_portal, events, give, number, press};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::relying_party::Method;

on_both! {
    an_app_is_taken_from_a_stage
    an_app_is_deleted
    who_may_not_ends_nothing
}

async fn an_app_is_taken_from_a_stage(backend: Backend) {
    let house = House::open(backend).await;
    house.invite("cy@acme.example --role sales/production/viewer").await.expect("invited");
    let mut browser = Browser::new(&house.issuer);
    let scopes = ["offline_access", "roles"];
    let (dev, there) = story::tokens(&house, &mut browser, "sales-dev", Method::Public, ANA, &scopes).await;
    let (party, tokens) = story::tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &scopes).await;
    let subject = tokens.id_claims["sub"].as_str().expect("a subject").to_owned();
    assert!(party.userinfo(&tokens.access_token, &subject).await.is_ok());
    // A code that nobody has redeemed yet.
    let journey = party.authorize_url(&scopes);
    let page = browser.get(journey.url.as_str()).await;
    let code = story::callback(&page);
    let sessions = number(&house, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await;

    let mut olga = at_portal(&house, OLGA).await;
    let page = olga.get(PRODUCTION).await;
    assert_eq!(page.attribute("undeploy", "href"), Some(format!("{PRODUCTION}/undeploy")));
    let ask = olga.get(&format!("{PRODUCTION}/undeploy")).await;
    let text = ask.element("follows").expect("what follows");
    for part in [
        "What it has there: 2 permissions, 2 roles, 3 clients.",
        "One person loses what they may do there.",
        "One group loses its roles there; people in it: 1.",
        "At most one person is signed in to it now",
        "One person has signed in to it so far",
        "Other apps count its shared roles, and will not any more: Wiki.",
        "An open invitation offers a role there",
        "stays reserved for this app and stage for ever",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    for wrong in ["", "Sales Desk", "wiki"] {
        let form = ask.form(ask.url.path()).fill("confirm", wrong);
        let again = olga.submit(&form, "end").await;
        assert_eq!((again.status.as_u16(), again.attribute("confirm", "value").as_deref()), (422, Some(wrong)));
        assert_eq!(again.element("confirm-error").as_deref(), Some("This is not the key of the app. Type sales."));
    }
    let form = ask.form(ask.url.path()).fill("confirm", " sales ");
    let done = olga.submit(&form, "end").await;
    assert!(done.url.path() == "/portal/apps/sales" && done.text_contains("The app is gone from this stage."), "{}", done.text());
    assert!(done.element("deploy-production").is_some(), "it could come back: {}", done.text());

    // What hung on it says so from the next request on.
    let refused = party.userinfo(&tokens.access_token, &subject).await.expect_err("no answer any more");
    assert!(format!("{refused:?}").contains("401"), "{refused:?}");
    assert!(party.refresh(&tokens.refresh_token.expect("a refresh token")).await.is_err());
    assert!(party.exchange(journey, &code).await.is_err());
    assert_eq!(browser.get(party.authorize_url(&scopes).url.as_str()).await.status, 400, "no such client");
    for (what, sql) in [
        ("grants", "SELECT COUNT(*) FROM end_user_grants g JOIN stages s ON s.id = g.stage_id WHERE s.key = 'production'"),
        ("listings", "SELECT COUNT(*) FROM listed_shared_roles"),
        ("clients", "SELECT COUNT(*) FROM clients WHERE client_id IN ('sales-basic', 'sales-post', 'sales-public')"),
        ("the invited", "SELECT COUNT(*) FROM users WHERE email_key = 'cy@acme.example'"),
        ("codes", "SELECT COUNT(*) FROM codes WHERE used_at IS NULL"),
    ] {
        assert_eq!(number(&house, sql).await, 0, "{what}");
    }
    let told = events(&house, 14).await;
    for (kind, times) in [
        ("invitation.offer_fell_away", 1),
        ("invitation.revoked", 1),
        ("client.removed", 3),
        ("grant.revoked", 2),
        ("end_user_role.removed", 2),
        ("app_permissions.changed", 1),
        ("deployment.removed", 1),
    ] {
        assert_eq!(told.iter().filter(|told| *told == kind).count(), times, "{kind}: {told:?}");
    }
    // Nothing else.
    assert_eq!(number(&house, "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL").await, sessions + 1, "people stay signed in; Olga came");
    assert!(dev.userinfo(&there.access_token, &subject).await.is_ok());
    assert!(dev.refresh(&there.refresh_token.expect("a refresh token")).await.is_ok(), "another stage goes on");
    assert!(olga.get(&format!("{DEVELOPMENT}/roles")).await.text_contains("Viewer"));
    assert_eq!(number(&house, "SELECT COUNT(*) FROM resource_identifiers WHERE app_key = 'sales' AND stage_key = 'production'").await, 1);
    // Sent again it finds nothing; and the app may come back where it was.
    assert_eq!(olga.submit(&form, "end").await.status, 404);
    let deploy = olga.get(PRODUCTION).await;
    let back = press(&mut olga, &deploy, "save").await;
    assert!(back.text_contains("Deployed.") && back.text_contains("There is no role that anybody could hold."), "{}", back.text());
    house.close().await;
}

async fn an_app_is_deleted(backend: Backend) {
    let house = House::open(backend).await;
    give(&house, NORA, "{ permission = \"app.manage\", at = [\"every_stage\"] }", Some("sales")).await;
    give(&house, OLGA, "{ permission = \"app.manage\", at = [\"every_stage\"] }", Some("sales")).await;
    let (mut olga, mut nora) = (at_portal(&house, OLGA).await, at_portal(&house, NORA).await);
    let delete = "/portal/apps/sales/-/delete";
    let page = olga.get("/portal/apps/sales").await;
    assert_eq!(page.attribute("delete", "href").as_deref(), Some(delete));
    let ask = olga.get(delete).await;
    let first = ask.element("first").expect("what is in the way");
    assert!(first.contains("Take it from Development") && first.contains("Take it from Production") && ask.element("confirm").is_none(), "{}", ask.text());
    let csrf = ask.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let fields = [("csrf", csrf.as_str()), ("whole", "1"), ("confirm", "sales")];
    let refused = olga.post_from(&format!("{}/portal", house.issuer), delete, &fields).await;
    assert_eq!(refused.status, 409);
    for place in [DEVELOPMENT, PRODUCTION] {
        let ask = nora.get(&format!("{place}/undeploy")).await;
        let form = ask.form(ask.url.path()).fill("confirm", "sales");
        assert!(nora.submit(&form, "end").await.text_contains("The app is gone from this stage."));
    }
    let ask = nora.get(delete).await;
    assert!(ask.text_contains("2 people were given an organization role at this app, and lose it."), "{}", ask.text());
    let form = ask.form(ask.url.path()).fill("confirm", "sales");
    // Olga may do more than Nora: what she holds is not Nora's to take.
    let refused = nora.submit(&form, "end").await;
    assert_eq!(refused.status, 422);
    assert!(refused.element("problem").is_some_and(|problem| problem.contains("may do more than you")), "{}", refused.text());
    let ask = olga.get(delete).await;
    let form = ask.form(ask.url.path()).fill("confirm", "sale");
    assert_eq!(olga.submit(&form, "end").await.status, 422);
    let form = form.fill("confirm", "sales");
    let done = olga.submit(&form, "end").await;
    assert!(done.url.path() == "/portal/apps" && done.text_contains("The app is deleted.") && !done.text_contains("Sales Desk"), "{}", done.text());
    assert_eq!(events(&house, 3).await, ["grant.revoked", "grant.revoked", "app.deleted"]);
    assert_eq!(olga.submit(&form, "end").await.status, 404);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM organization_grants WHERE app_id IS NOT NULL").await, 0);
    assert_eq!(nora.get("/portal/apps").await.status, 403, "she holds nothing any more");
    assert_eq!(number(&house, "SELECT COUNT(*) FROM resource_identifiers WHERE app_key = 'sales'").await, 2);
    house.close().await;
}

async fn who_may_not_ends_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let rights = "{ permission = \"app.manage\", at = [\"stage:development\"] }, { permission = \"app_roles.manage\", at = [\"every_stage\"] }";
    give(&house, NORA, rights, None).await;
    let mut nora = at_portal(&house, NORA).await;
    let page = nora.get(DEVELOPMENT).await;
    assert!(page.element("undeploy").is_some());
    let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let fields = [("csrf", csrf.as_str()), ("whole", "1"), ("confirm", "sales")];
    for (path, status) in [
        (format!("{PRODUCTION}/undeploy"), 403),
        ("/portal/apps/sales/-/delete".to_owned(), 403),
        ("/portal/apps/wiki/development/undeploy".to_owned(), 404),
        ("/portal/apps/none/production/undeploy".to_owned(), 404),
        ("/portal/apps/none/-/delete".to_owned(), 404),
    ] {
        assert_eq!(nora.get(&path).await.status, status, "{path}");
        let answer = nora.post_from(&format!("{}/portal", house.issuer), &path, &fields).await;
        assert_eq!(answer.status, status, "{path}");
    }
    assert!(nora.get(PRODUCTION).await.element("undeploy").is_none() && nora.get("/portal/apps/sales").await.element("delete").is_none());
    // What is hers to end she ends: and then she is somewhere that she may see.
    let ask = nora.get(&format!("{DEVELOPMENT}/undeploy")).await;
    let form = ask.form(ask.url.path()).fill("confirm", "sales");
    assert_eq!(nora.submit(&form, "end").await.status, 200);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM deployments").await, 2);
    house.close().await;
}
