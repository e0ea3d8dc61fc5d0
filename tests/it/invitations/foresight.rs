//! Before an invitation is sent: what apps would be told of whoever accepts it, and what changes for those who are here already.

use super::{LENA, OLGA, Office};
use crate::story::tokens;
use crate::support::browser::Browser;
use crate::support::house::{Backend, PASSWORD, link, on_both};
use crate::support::page::Page;
use crate::support::relying_party::Method;
use serde_json::{Map, Value, json};

on_both! {
    an_invitation_tells_before_what_apps_will_be_told
    whoever_is_here_shows_in_a_preview_before_it_is_sent
}

/// What stands in the row of an app and stage: each list with its values.
fn told(page: &Page, place: &str) -> Option<Map<String, Value>> {
    let row = page.body.split(&format!("<th scope=\"row\">{place}</th>")).nth(1)?.split("</tr>").next()?;
    let list = |part: &str| {
        let name = part.split('<').next().unwrap_or_default().to_owned();
        let values: Vec<&str> = part.split("<code class=\"chip\">").skip(1).filter_map(|value| value.split('<').next()).collect();
        (name, json!(values))
    };
    Some(row.split("<span class=\"quiet\">").skip(1).map(list).collect())
}

async fn an_invitation_tells_before_what_apps_will_be_told(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", "bo@acme.example").fill("app_role", &office.approver().await);
    // A role at Development of an app is no role of it at Production; the group brings one that another app lists, too.
    let form = form.fill("role", &office.id("SELECT id FROM organization_roles WHERE key = 'tester'").await).fill("group", &office.emea().await);
    let preview = olga.submit(&form, "preview").await;
    let sales = told(&preview, "Sales Desk at Production").expect("a row");
    let expected = json!({ "roles": ["approver", "viewer"], "permissions": ["approve", "read"], "groups": ["emea"] });
    assert_eq!(Value::Object(sales.clone()), expected, "{}", preview.body);
    let wiki = json!({ "roles": ["sales:viewer"], "groups": ["emea"] });
    assert_eq!(told(&preview, "Wiki at Production").map(Value::Object), Some(wiki));
    assert_eq!(told(&preview, "Sales Desk at Development"), None, "nobody signs in there with an organization role alone");
    assert!(preview.element("access").is_none(), "nobody is here yet");
    olga.submit(&preview.form("/portal/invitations/new"), "send").await;
    // What was told is what is issued.
    let mut bo = Browser::new(&office.house.issuer);
    let letter = office.house.letters("bo@acme.example", 1).await.remove(0);
    let page = bo.get(&link(&letter, &office.house.issuer)).await;
    bo.submit(&page.form("/invitations/accept").fill("name", "Bo").fill("password", PASSWORD), "invitation-accept").await;
    let scopes = ["roles", "permissions", "groups"];
    let (party, got) = tokens(&office.house, &mut bo, "sales-basic", Method::Basic, "bo@acme.example", &scopes).await;
    let audience = format!("{}/apps/sales/production", office.house.issuer);
    let claims = party.verify_access_token(&got.access_token, &audience).await.expect("valid");
    for name in scopes {
        assert_eq!(claims[name], sales[name], "{name}");
    }
    office.close().await;
}

async fn whoever_is_here_shows_in_a_preview_before_it_is_sent(backend: Backend) {
    let office = Office::open(backend).await;
    let mut olga = office.browser(OLGA).await;
    let emails = "bo@acme.example\r\nnora@acme.example";
    let page = olga.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", emails).fill("app_role", &office.approver().await).fill("reason", "Covers for Ana");
    let step = olga.submit(&form, "preview").await;
    // While others ask, the same question is asked again by one button.
    let seats: Vec<_> = std::iter::from_fn(|| office.house.server.previews.seat()).collect();
    let busy = olga.submit(&step.form("/portal/invitations/new"), "access").await;
    assert_eq!(busy.status, 503, "{}", busy.text());
    drop(seats);
    let access = olga.submit(&busy.form("do-form"), "ask-again").await;
    assert_eq!(access.status, 200, "{}", access.text());
    for text in ["Nothing has been changed yet", "Nora Nobody", "Sales Desk at Production", "role Approver"] {
        assert!(access.text_contains(text), "{text}: {}", access.text());
    }
    assert!(!access.text_contains("bo@acme.example"), "nothing changes for him before he accepts: {}", access.text());
    let rows = "SELECT (SELECT COUNT(*) FROM jobs) + (SELECT COUNT(*) FROM invitations)";
    assert_eq!(office.count(rows).await, 0, "nothing was sent");
    // From there it goes on with everything that was typed.
    let sent = olga.submit(&access.form("do-form"), "do").await;
    assert_eq!(sent.url.path(), "/portal/invitations/sent", "{}", sent.text());
    assert!(sent.text_contains("A mail is on its way") && sent.text_contains("One role or group was given at once"), "{}", sent.text());
    assert_eq!(office.count("SELECT COUNT(*) FROM end_user_grants WHERE reason = 'Covers for Ana'").await, 1);
    // Whoever may not see her gets no such button, and asked all the same they learn nothing.
    let mut lena = office.browser(LENA).await;
    let page = lena.get("/portal/invitations/new").await;
    let form = page.form("invite-form").fill("email", "uma@acme.example").fill("app_role", &office.approver().await);
    let step = lena.submit(&form, "preview").await;
    assert!(step.status == 200 && step.element("access").is_none(), "{}", step.text());
    // The wiki lists a role of Sales Desk: that it is told of it is for those who see the wiki.
    let viewer = "SELECT r.id FROM end_user_roles r JOIN stages s ON s.id = r.stage_id WHERE r.key = 'viewer' AND s.key = 'production'";
    let shared = lena.submit(&page.form("invite-form").fill("email", "cy@acme.example").fill("app_role", &office.id(viewer).await), "preview").await;
    assert!(told(&shared, "Sales Desk at Production").is_some() && told(&shared, "Wiki at Production").is_none(), "{}", shared.text());
    let (url, mut pairs) = step.form("/portal/invitations/new").press("send");
    pairs.iter_mut().filter(|(name, _)| name == "step").for_each(|(_, value)| "access".clone_into(value));
    let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let asked = lena.post_from(url.as_str(), url.path(), &pairs).await;
    assert!(asked.status == 200 && asked.text_contains("Nobody’s access changes") && !asked.text_contains("uma@"), "{}", asked.text());
    office.close().await;
}
