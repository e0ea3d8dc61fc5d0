//! Shared roles of other apps: counted, seen in tokens, and taken out again.

use super::{ANA, NORA, OLGA, PRODUCTION, at_portal, events, give, number, press};
use crate::story;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, REDIRECT, on_both};
use crate::support::relying_party::Method;
use gatehouse::oauth::client::{AuthMethod, GrantType, Kind, Metadata, Party};
use serde_json::json;

on_both! { shared_roles_count_where_they_are_listed }

const WIKI: &str = "/portal/apps/wiki/production";

async fn shared_roles_count_where_they_are_listed(backend: Backend) {
    let house = House::open(backend).await;
    let metadata = Metadata {
        redirect_uris: vec![REDIRECT.to_owned()],
        token_endpoint_auth_method: AuthMethod::None,
        grant_types: vec![GrantType::AuthorizationCode, GrantType::RefreshToken],
        ..Metadata::default()
    };
    house.add_client("wiki-web", Kind::App, Party::First, Some(("wiki", "production")), metadata).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, tokens) = story::tokens(&house, &mut browser, "wiki-web", Method::Public, ANA, &["roles"]).await;
    assert_eq!(tokens.id_claims["roles"], json!(["sales:viewer"]), "{}", tokens.id_claims);
    let mut refresh = tokens.refresh_token.expect("a refresh token");

    let mut olga = at_portal(&house, OLGA).await;
    let list = olga.get(&format!("{WIKI}/shared-roles")).await;
    assert!(list.text_contains("Viewer Sales Desk sales:viewer None Remove") && list.text_contains("1 shared role"), "{}", list.text());
    assert!(olga.get(&format!("{WIKI}/shared-roles?q=nothing")).await.text_contains("Nothing found"));
    let ask = olga.get(&format!("{WIKI}/shared-roles/sales:viewer/remove")).await;
    assert!(ask.element("follows").is_some_and(|text| text.contains("One person holds it")), "{}", ask.text());
    let gone = press(&mut olga, &ask, "remove").await;
    assert!(gone.text_contains("Removed.") && gone.text_contains("No shared role counts here"), "{}", gone.text());
    assert_eq!(events(&house, 1).await, ["app_permissions.changed"]);
    assert_eq!(press(&mut olga, &ask, "remove").await.status, 200, "gone is gone");
    assert_eq!(olga.get(ask.url.path()).await.status, 404);
    let tokens = party.refresh(&refresh).await.expect("refreshed");
    assert!(tokens.id_claims["roles"].as_array().is_none_or(Vec::is_empty), "{}", tokens.id_claims);
    refresh = tokens.refresh_token.expect("a refresh token");

    // And back. Only what is shared, of another app, at this stage.
    let form = olga.get(&format!("{WIKI}/list-roles")).await;
    assert!(form.text_contains("Sales Desk: Viewer") && !form.text_contains("Approver") && !form.text_contains("Author"), "{}", form.text());
    let nothing = press(&mut olga, &form, "save").await;
    assert_eq!((nothing.status.as_u16(), nothing.element("roles-error").as_deref()), (422, Some("Tick at least one role.")));
    let csrf = form.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    for bad in ["sales:approver", "wiki:author", "sales:none", "viewer", "sales:viewer:x"] {
        let fields = [("csrf", csrf.as_str()), ("whole", "1"), ("roles", bad)];
        let answer = olga.post_from(&format!("{}/portal", house.issuer), &format!("{WIKI}/list-roles"), &fields).await;
        assert_eq!(answer.status, 422, "{bad}");
    }
    let filled = form.form(form.url.path()).fill("roles", "sales:viewer");
    assert!(olga.submit(&filled, "save").await.text_contains("sales:viewer"));
    assert_eq!(olga.submit(&filled, "save").await.status, 200, "twice is no mistake");
    let tokens = party.refresh(&refresh).await.expect("refreshed");
    assert_eq!(tokens.id_claims["roles"], json!(["sales:viewer"]));

    // Whoever does not see the other app cannot find its roles, nor list them unseen.
    give(&house, NORA, "{ permission = \"app_roles.manage\", at = [\"every_stage\"] }", Some("wiki")).await;
    let ask = olga.get(&format!("{WIKI}/shared-roles/sales:viewer/remove")).await;
    press(&mut olga, &ask, "remove").await;
    let mut nora = at_portal(&house, NORA).await;
    let form = nora.get(&format!("{WIKI}/list-roles")).await;
    assert!(form.status == 200 && !form.text_contains("Viewer"), "{}", form.text());
    let csrf = form.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let fields = [("csrf", csrf.as_str()), ("whole", "1"), ("roles", "sales:viewer")];
    assert_eq!(nora.post_from(&format!("{}/portal", house.issuer), &format!("{WIKI}/list-roles"), &fields).await.status, 422);
    assert_eq!(olga.submit(&filled, "save").await.status, 200);

    // A role that others count says where, before it is shared no more.
    let one = format!("{PRODUCTION}/roles/viewer");
    let page = olga.get(&one).await;
    assert!(page.text_contains("Counted by Wiki."), "{}", page.text());
    let asked = olga.submit(&page.form(&one).clear("shared", "yes"), "save").await;
    assert_eq!(asked.status, 422);
    assert!(asked.element("unlist-error").is_some_and(|text| text.contains("Other apps count this role: Wiki.")), "{}", asked.text());
    let done = olga.submit(&asked.form(&one).fill("unlist", "yes"), "save").await;
    assert!(done.text_contains("Saved.") && done.text_contains("Viewer viewer None read This app"), "{}", done.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM listed_shared_roles").await, 0);
    let told = events(&house, 2).await;
    assert_eq!(told, ["app_permissions.changed", "end_user_role.changed"]);
    house.close().await;
}
