//! The token preview is what is issued, and shows nobody more than they may see.

use super::{ANA, OLGA, crowded, sales};
use crate::story::tokens;
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, REDIRECT, SECRET, on_both};
use crate::support::insider;
use crate::support::relying_party::Method;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::{Clock, Timestamp};
use gatehouse::identity::user;
use gatehouse::oauth::client;
use gatehouse::oauth::preview::{self, Desk, MADE_AT_ISSUE, Preview};
use gatehouse::oauth::scope::Scope;
use serde_json::{Map, Value};

on_both! {
    the_preview_is_what_is_issued
    a_tool_and_a_grant_that_ends_are_previewed_as_issued
    the_page_says_all_of_it_and_why_not
    nobody_sees_more_than_they_may
}

const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";

async fn preview(house: &House, client: &str, scope: &str) -> Preview {
    let server = &house.server;
    let mut tx = server.ground.db.read().await.expect("a reader");
    let snapshot = server.provider.known.snapshot(&mut tx).await.expect("read");
    let client = client::by_client_id(&mut tx, client).await.expect("read").expect("the client");
    let ana = user::by_email(&mut tx, &EmailAddress::parse(ANA).expect("an address")).await.expect("read").expect("Ana");
    let desk = Desk { provider: &server.provider, snapshot: &snapshot, sealer: &server.ground.sealer, now: server.ground.clock.now() };
    let made = preview::preview(&mut tx, &desk, &client, &ana, &Scope::parse(scope).expect("a scope")).await;
    made.expect("read").expect("they could sign in")
}

/// Without what only a sign-in makes.
fn lasting(claims: &Value) -> Map<String, Value> {
    let mut claims = claims.as_object().expect("claims").clone();
    claims.retain(|name, _| name != "nonce" && !MADE_AT_ISSUE.contains(&name.as_str()));
    claims
}

pub(super) async fn page_of(house: &House) -> String {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let ana = user::by_email(&mut tx, &EmailAddress::parse(ANA).expect("an address")).await.expect("read").expect("Ana");
    format!("/portal/users/{}/token", ana.id)
}

async fn the_preview_is_what_is_issued(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    for (client, method, scopes) in [
        ("sales-basic", Method::Basic, &["profile", "email", "roles", "permissions", "groups"][..]),
        ("sales-public", Method::Public, &["roles"]),
        ("sales-public", Method::Public, &[]),
    ] {
        let (party, got) = tokens(&house, &mut browser, client, method, ANA, scopes).await;
        let made = preview(&house, client, &format!("openid {}", scopes.join(" "))).await;
        let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
        assert_eq!(lasting(&Value::Object(made.access_token.clone())), lasting(&access));
        let keys = |claims: &Value| claims.as_object().expect("claims").keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&Value::Object(made.access_token.clone())), keys(&access), "what only a sign-in makes is there, too");
        let id = Value::Object(made.id_token.expect("an ID token"));
        assert_eq!(lasting(&id), lasting(&got.id_claims));
        assert_eq!(id.as_object().map(Map::len), got.id_claims.as_object().map(|claims| claims.len() - 1), "all but the nonce");
        let about = party.userinfo(&got.access_token, got.id_claims["sub"].as_str().expect("a subject")).await.expect("userinfo");
        assert_eq!(Value::Object(made.userinfo.expect("an answer")), about);
        assert_eq!((made.life.as_secs(), made.size.is_over()), (300, scopes.contains(&"groups")));
        let bytes = gatehouse::oauth::claims::bytes(&made.access_token);
        assert_eq!(bytes, serde_json::to_string(&access).expect("JSON").len(), "the size is the real one");
    }
    // Without `openid` there is neither ID token nor userinfo.
    let made = preview(&house, "sales-basic", "roles").await;
    assert!(made.id_token.is_none() && made.userinfo.is_none());
    house.close().await;
}

async fn a_tool_and_a_grant_that_ends_are_previewed_as_issued(backend: Backend) {
    let house = House::open(backend).await;
    // One of Ana's roles ends within the life of a token, and gives something everywhere.
    let end = Timestamp::from_seconds(house.server.ground.clock.now().seconds() + 200);
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"keeper\"\nname = \"Keeper\"\npermissions = [\"app.view\", \"client.manage\"]\n\
             [[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], grant_types = [\"authorization_code\", \"refresh_token\"] }}\n\
             [[user]]\nemail = \"{ANA}\"\norg_roles = [{{ role = \"keeper\", ends_at = \"{}\" }}, {{ role = \"developer\", app = \"sales\" }}]\n",
            end.rfc3339()
        ))
        .await;
    let mut browser = Browser::new(&house.issuer);
    for (client, resource) in [("sales-basic", sales(&house)), ("console", format!("{}/api", house.issuer))] {
        let scopes = ["email", "roles", "permissions", "groups"];
        let (party, got) = tokens(&house, &mut browser, client, Method::Basic, ANA, &scopes).await;
        let made = preview(&house, client, &format!("openid {}", scopes.join(" "))).await;
        let access = party.verify_access_token(&got.access_token, &resource).await.expect("valid");
        assert_eq!(lasting(&Value::Object(made.access_token.clone())), lasting(&access), "{client}");
        let id = made.id_token.expect("an ID token");
        assert_eq!(lasting(&Value::Object(id.clone())), lasting(&got.id_claims), "{client}");
        // No token lives past what it carries, and the preview says so.
        for (told, issued) in [(&made.access_token["exp"], &access["exp"]), (&id["exp"], &got.id_claims["exp"])] {
            assert_eq!((told, told.as_i64()), (issued, Some(end.seconds())), "{client}");
        }
        assert!((1..=200).contains(&made.life.as_secs()) && !made.size.is_over(), "{client}: {:?}", made.life);
        let scoped = access.get("scoped_permissions");
        assert_eq!(scoped.is_some(), client == "console", "{access}");
        if let Some(scoped) = scoped {
            assert!(scoped["everywhere"].to_string().contains("client.manage") && scoped["apps"]["sales"].to_string().contains("asset.delete"), "{scoped}");
        }
        let about = party.userinfo(&got.access_token, got.id_claims["sub"].as_str().expect("a subject")).await.expect("userinfo");
        assert_eq!(Value::Object(made.userinfo.expect("an answer")), about, "{client}");
    }
    house.close().await;
}

async fn the_page_says_all_of_it_and_why_not(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    let path = page_of(&house).await;
    let (mut olga, page) = insider::enter(&house, OLGA, path.trim_end_matches("/token")).await;
    assert_eq!(page.attribute("token", "href").as_deref(), Some(path.as_str()), "{}", page.text());
    let page = olga.get(&path).await;
    assert!(page.status == 200 && page.body.contains("Sales Desk at Production") && page.element("access-title").is_none(), "{}", page.text());
    let page = olga.get(&format!("{path}?client=sales-basic")).await;
    let cell = |id: &str| page.element(id).unwrap_or_else(|| panic!("no {id}: {}", page.text()));
    assert!(cell("over").contains("Left out: groups") && cell("facts").contains("512 bytes") && cell("facts").contains("5 minutes"), "{}", cell("facts"));
    assert!(cell("access-roles").contains("approver") && cell("access-roles").contains("Role Approver by apply"), "{}", cell("access-roles"));
    assert!(cell("access-jti").contains("made at the sign-in") && cell("access-_claim_names").contains("groups"));
    assert!(cell("userinfo-email").contains(ANA) && cell("userinfo-email").contains("bytes") && cell("id-at_hash").contains("made at the sign-in"));
    // Other scopes, other claims; none at all is a choice as well.
    let page = olga.get(&format!("{path}?client=sales-basic&asked=1&scope=openid&scope=offline_access")).await;
    assert!(page.element("id-sub").is_some() && page.element("id-roles").is_none() && page.element("over").is_none());
    assert!(olga.get(&format!("{path}?client=sales-basic&asked=1")).await.element("id-sub").is_none());
    // Where they could not sign in, the page says why.
    let nora = path.replace(&path[14..50], &nora(&house).await);
    let page = olga.get(&format!("{nora}?client=sales-basic")).await;
    assert!(page.element("closed").is_some_and(|text| text.contains("Sales Desk at Production lets in only people who hold a role there")), "{}", page.text());
    assert!(page.attribute("give-access", "href").is_some_and(|link| link.contains("nora")) && page.element("access-title").is_none());
    let none = olga.get(&format!("{nora}?client=wiki-third")).await;
    assert!(none.element("access-title").is_some(), "the wiki lets everybody in");
    // An API client signs nobody in; what does not exist is not there.
    for missing in ["robot", "nothing", ""] {
        let found = olga.get(&format!("{path}?client={missing}")).await;
        assert_eq!(found.status.as_u16(), if missing.is_empty() { 200 } else { 404 }, "{missing}");
    }
    // The organization may allow more.
    let settings = olga.get("/portal/settings").await;
    for bad in ["", "100", "many", "99999"] {
        let page = olga.submit(&settings.form("/portal/settings").fill("budget", bad), "save").await;
        assert!(page.status == 422 && page.element("budget-error").is_some_and(|text| text.contains("512")), "{bad}: {}", page.text());
    }
    let saved = olga.submit(&settings.form("/portal/settings").fill("budget", "8192"), "save").await;
    assert_eq!((saved.status.as_u16(), saved.attribute("budget", "value").as_deref()), (200, Some("8192")), "{}", saved.text());
    let page = olga.get(&format!("{path}?client=sales-basic")).await;
    assert!(page.element("over").is_none() && page.element("access-groups").is_some_and(|text| text.contains("a-group-of-many-07")));
    house.close().await;
}

async fn nora(house: &House) -> String {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let nora = user::by_email(&mut tx, &EmailAddress::parse("nora@acme.example").expect("an address")).await.expect("read").expect("Nora");
    nora.id.to_string()
}

async fn nobody_sees_more_than_they_may(backend: Backend) {
    let house = House::open(backend).await;
    let role = |key: &str, permissions: &str| format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [{permissions}]\n");
    let person =
        |name: &str, roles: &str| format!("[[user]]\nemail = \"{name}@acme.example\"\nname = \"{name}\"\npassword_hash = \"{HASH}\"\norg_roles = [{roles}]\n");
    house
        .apply(
            &[
                role("looker", "{ permission = \"end_users.view\", at = [\"production\"] }"),
                role("viewer", "\"app.view\""),
                role("everywhere", "\"asset.release\""),
                person("pia", "{ role = \"looker\", app = \"sales\" }, \"viewer\""),
                person("kim", "\"looker\""),
                person("vic", "\"viewer\""),
                format!("[[group]]\nstage = \"production\"\nkey = \"secret-club\"\nname = \"Secret\"\nroles = [\"wiki:author\"]\n[[user]]\nemail = \"{ANA}\"\norg_roles = [\"everywhere\"]\ngroups = [\"production/secret-club\"]\n"),
            ]
            .concat(),
        )
        .await;
    let path = page_of(&house).await;
    // End-users of Sales Desk: not members, not other apps, and no sizes that would tell.
    let (mut pia, page) = insider::enter(&house, "pia@acme.example", &path).await;
    assert!(page.text_contains("sales-basic") && !page.text_contains("wiki-third") && !page.text_contains("sales-dev"), "{}", page.text());
    let page = pia.get(&format!("{path}?client=sales-basic")).await;
    let cell = |id: &str| page.element(id).unwrap_or_else(|| panic!("no {id}: {}", page.text()));
    assert!(cell("access-permissions").contains("approve") && !page.text_contains("asset.release") && !page.text_contains("everywhere"), "{}", page.text());
    assert!(
        cell("access-org_roles").contains("not shown to you") && cell("access-groups").contains("emea") && !page.text_contains("secret-club"),
        "{}",
        page.text()
    );
    assert!(page.element("access-size").is_none() && page.element("facts").is_none() && !cell("access-iss").contains("bytes"));
    for unseen in ["wiki-third", "sales-dev", "nothing"] {
        assert_eq!(pia.get(&format!("{path}?client={unseen}")).await.status, 404, "{unseen}");
    }
    assert_eq!(pia.get(&path.replace(&path[14..50], &nora(&house).await)).await.status, 404, "whoever may not be seen is not there");
    // One of the two permissions alone opens nothing.
    for (who, status) in [("kim@acme.example", 403), ("vic@acme.example", 403), ("nora@acme.example", 403)] {
        let (_, page) = insider::enter(&house, who, &path).await;
        assert_eq!(page.status.as_u16(), status, "{who}: {}", page.text());
    }
    house.close().await;
}
