//! Permissions and roles: exactly what the form says, and what follows when one goes.

use super::{ANA, OLGA, SALES, at_portal, error, events, fill, send};
use crate::support::house::{Backend, House, on_both};
use gatehouse::all;

on_both! {
    permissions_say_exactly_what_they_bring
    roles_hold_exactly_what_is_ticked
    a_role_goes_with_everything_that_gave_it
    who_comes_second_is_told
}

async fn permissions_say_exactly_what_they_bring(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let new = format!("{SALES}/new-permission");
    let page = fill(&mut olga, &new, &[("verb", "cancel"), ("description", "Cancel orders"), ("implies", "approve")]).await;
    assert!(page.text_contains("cancel Cancel orders approve None"), "{}", page.text());
    assert_eq!(events(&house, 1).await, ["app_permissions.changed"]);
    assert_eq!(error(&fill(&mut olga, &new, &[("verb", "cancel")]).await, "verb"), "There is a permission cancel already.");

    // What is unticked goes; a circle is refused, and named.
    let one = format!("{SALES}/permissions/read");
    let circle = fill(&mut olga, &one, &[("implies", "cancel"), ("description", "See orders")]).await;
    assert!(error(&circle, "implies").contains("read \u{2192} cancel \u{2192} approve \u{2192} read"), "{}", circle.text());
    let form = olga.get(&one).await.form(&one).fill("description", "See orders");
    assert!(olga.submit(&form, "save").await.text_contains("read See orders None Viewer"));
    // Sent again by the back button: somebody (oneself) was faster, and nothing was done.
    assert_eq!(olga.submit(&form, "save").await.status, 409);

    // approve is held by Ana, and brought by cancel.
    let ask = olga.get(&format!("{SALES}/permissions/approve/remove")).await;
    let text = ask.element("follows").expect("what follows");
    assert!(text.contains("One person has it now") && text.contains("One role holds it, and goes on without it: Approver."), "{text}");
    assert!(text.contains("One permission brings it, and will not any more: cancel."), "{text}");
    let form = ask.form(ask.url.path());
    let page = olga.submit(&form, "remove").await;
    assert!(page.text_contains("Removed.") && !page.text_contains("approve"), "{}", page.text());
    assert_eq!(events(&house, 2).await, ["end_user_role.changed", "app_permissions.changed"]);
    // Gone is gone, whoever sends the form again.
    assert_eq!(olga.submit(&form, "remove").await.status, 200);
    assert_eq!(olga.get(&format!("{SALES}/permissions/approve")).await.status, 404);
    house.close().await;
}

async fn roles_hold_exactly_what_is_ticked(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let new = format!("{SALES}/new-role");
    let page = olga.get(&new).await;
    assert!(page.text_contains("Approve orders \u{b7} brings read"), "{}", page.text());
    let page = send(&mut olga, &page, &[("name", "Chief Approver"), ("permissions", "approve"), ("shared", "yes")]).await;
    assert!(page.text_contains("Chief Approver chief-approver None approve Shared"), "{}", page.text());
    let again = fill(&mut olga, &new, &[("name", "Chief Approver")]).await;
    assert_eq!(error(&again, "key"), "There is a role with the key chief-approver already.");

    let one = format!("{SALES}/roles/chief-approver");
    let form = olga.get(&one).await.form(&one).clear("permissions", "approve").fill("permissions", "read").clear("shared", "yes");
    let page = olga.submit(&form, "save").await;
    assert!(page.text_contains("Chief Approver chief-approver None read This app"), "{}", page.text());
    assert_eq!(events(&house, 1).await, ["end_user_role.changed"]);
    // Nothing changed: no event.
    let form = olga.get(&one).await.form(&one);
    olga.submit(&form, "save").await;
    assert_eq!(events(&house, 2).await.concat().matches("end_user_role.changed").count(), 2);
    house.close().await;
}

async fn versions(house: &House) -> Vec<(String, i64)> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    all!(tx, (String, i64), "SELECT email, access_version FROM users ORDER BY email").expect("rows")
}

async fn a_role_goes_with_everything_that_gave_it(backend: Backend) {
    let house = House::open(backend).await;
    house.apply("[organization]\nname = \"Acme\"\n[[user]]\nemail = \"nora@acme.example\"\nroles = [\"sales/production/viewer\"]\n").await;
    house.invite("cy@acme.example --role sales/production/viewer").await.expect("invited");
    house.invite("di@acme.example --role sales/production/viewer --role sales/production/approver").await.expect("invited");
    let mut olga = at_portal(&house, OLGA).await;
    let ask = olga.get(&format!("{SALES}/roles/viewer/remove")).await;
    let text = ask.element("follows").expect("what follows");
    for part in [
        "2 people lose it.",
        "One person holds it directly.",
        "One group holds it; people in it: 1.",
        "Another app counts it, and will not any more: Wiki.",
        "2 open invitations offer it",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    let before = versions(&house).await;
    let form = ask.form(ask.url.path());
    let page = olga.submit(&form, "remove").await;
    assert!(page.text_contains("Removed.") && !page.text_contains("viewer"), "{}", page.text());
    let told = events(&house, 9).await;
    for (kind, times) in [("invitation.offer_fell_away", 2), ("invitation.revoked", 1), ("grant.revoked", 2), ("end_user_role.removed", 1)] {
        assert_eq!(told.iter().filter(|told| *told == kind).count(), times, "{kind}: {told:?}");
    }
    assert_eq!(told.last().map(String::as_str), Some("end_user_role.removed"));
    let after = versions(&house).await;
    for who in [ANA, "nora@acme.example"] {
        let version = |all: &[(String, i64)]| all.iter().find(|(email, _)| email == who).map(|(_, version)| *version);
        assert!(version(&after) > version(&before), "{who}: what they may do is read anew");
    }
    assert!(!after.iter().any(|(email, _)| email == "cy@acme.example"), "whoever was invited for this alone is gone");
    assert!(after.iter().any(|(email, _)| email == "di@acme.example"));
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    assert_eq!(all!(tx, (i64,), "SELECT COUNT(*) FROM listed_shared_roles").expect("rows"), [(0,)]);
    drop(tx);
    assert_eq!(olga.submit(&form, "remove").await.status, 200, "gone is gone");
    house.close().await;
}

async fn who_comes_second_is_told(backend: Backend) {
    let house = House::open(backend).await;
    let (mut one, mut two) = (at_portal(&house, OLGA).await, at_portal(&house, OLGA).await);
    for (path, field) in [
        ("/portal/apps/sales?edit=1".to_owned(), "name"),
        (format!("{SALES}/settings"), "home_page"),
        (format!("{SALES}/permissions/read"), "description"),
        (format!("{SALES}/roles/viewer"), "name"),
        (format!("{SALES}/clients/sales-basic/edit"), "name"),
    ] {
        let (here, there) = (one.get(&path).await, two.get(&path).await);
        let first = send(&mut one, &here, &[(field, "https://first.example/")]).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text());
        let second = send(&mut two, &there, &[(field, "https://second.example/")]).await;
        assert_eq!(second.status, 409, "{path}");
        assert!(second.text_contains("Somebody was faster"), "{}", second.text());
        let now = two.get(&path).await;
        assert!(now.body.contains("https://first.example/") && !now.body.contains("https://second.example/"), "{path}: the first one's change stands");
    }
    // Removed while somebody had it open.
    let open = two.get(&format!("{SALES}/roles/approver")).await;
    let ask = one.get(&format!("{SALES}/roles/approver/remove")).await;
    one.submit(&ask.form(ask.url.path()), "remove").await;
    assert_eq!(send(&mut two, &open, &[("name", "Back again")]).await.status, 409);
    // A permission that goes while a role with it is open is said at the boxes.
    let open = two.get(&format!("{SALES}/new-role")).await;
    let ask = one.get(&format!("{SALES}/permissions/approve/remove")).await;
    one.submit(&ask.form(ask.url.path()), "remove").await;
    let page = send(&mut two, &open, &[("name", "Late"), ("permissions", "approve"), ("permissions", "read")]).await;
    assert_eq!(error(&page, "permissions"), "approve is not there any more. Load the page again.");
    assert_eq!(page.attribute("permissions-read", "checked"), Some(String::new()), "what was ticked stays so");

    // Two at the same moment: one app.
    let form = |page: &crate::support::page::Page| page.form("/portal/apps/new").fill("name", "Twins");
    let (here, there) = (one.get("/portal/apps/new").await, two.get("/portal/apps/new").await);
    let (here, there) = (form(&here), form(&there));
    let (first, second) = tokio::join!(one.submit(&here, "save"), two.submit(&there, "save"));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
    house.close().await;
}
