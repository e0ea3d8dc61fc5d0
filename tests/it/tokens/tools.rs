//! Tools for many apps: people sign in to them with the session of our own pages, and their tokens speak of the whole organization.

use super::{ANA, OLGA, credentials, introspect, own};
use crate::story::{exchange, party, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, GOODBYE, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::relying_party::Method;
use gatehouse::access::stage::SessionPolicy;
use gatehouse::access::{begin_change, effective, load};
use gatehouse::actor::Actor;
use gatehouse::base::authority::Authority;
use gatehouse::base::text::{DisplayName, EmailAddress};
use gatehouse::execute;
use gatehouse::identity::{organization, user};
use gatehouse::oauth::client::{self, ClientError, Kind, Metadata, Party, Spec};
use gatehouse::work::{Origin, Work};
use serde_json::json;
use std::time::Duration;
use url::Url;

on_both! {
    people_sign_in_to_a_tool
    only_administrators_make_one
    a_shorter_policy_of_our_own_pages_ends_their_tokens
}

async fn house(backend: Backend) -> House {
    let house = House::open(backend).await;
    let grants = "[\"authorization_code\", \"refresh_token\", \"client_credentials\"]";
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"keeper\"\nname = \"Keeper\"\npermissions = [\"app.view\", \"client.manage\"]\n\
             [[client]]\nclient_id = \"console\"\nname = \"Console\"\nkind = \"platform\"\nsecrets = [\"{SECRET}\"]\norg_roles = [\"keeper\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], post_logout_redirect_uris = [\"{GOODBYE}\"], grant_types = {grants} }}\n\
             [[user]]\nemail = \"{ANA}\"\norg_roles = [\"keeper\", {{ role = \"developer\", app = \"sales\" }}]\n"
        ))
        .await;
    house
}

async fn people_sign_in_to_a_tool(backend: Backend) {
    let house = house(backend).await;
    let api = format!("{}/api", house.issuer);
    let console = party(&house, "console", Method::Basic).await;
    let mut browser = Browser::new(&house.issuer);
    let journey = console.authorize_url(&["email", "roles", "permissions", "groups"]);
    let page = browser.get(journey.url.as_str()).await;
    assert!(page.url.path() == "/login" && page.text_contains("Console"), "{}", page.text());
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let got = exchange(&console, journey, &page).await;
    let access = console.verify_access_token(&got.access_token, &api).await.expect("valid");
    // Only what holds at the organization at every stage; the rest by where it counts.
    assert_eq!((&access["roles"], &access["groups"], access.get("app"), access.get("stage")), (&json!([]), &json!([]), None, None));
    let permissions = access["permissions"].to_string();
    assert!(permissions.contains("client.manage") && permissions.contains("app.view") && !permissions.contains("asset."), "{permissions}");
    assert_eq!(access["org_roles"], json!(["keeper"]), "nothing of the others holds everywhere");
    let scoped = &access["scoped_permissions"];
    assert_eq!(scoped["everywhere"], access["permissions"]);
    assert!(scoped["stages"]["development"].to_string().contains("asset.change") && !scoped["stages"].to_string().contains("client.manage"), "{scoped}");
    assert!(scoped["apps"]["sales"]["stages"]["development"].to_string().contains("asset.debug") || scoped["apps"]["sales"].is_object(), "{scoped}");
    assert_eq!((&got.id_claims["permissions"], got.id_claims.get("scoped_permissions")), (&access["permissions"], None));
    let subject = got.id_claims["sub"].as_str().expect("a subject");
    assert_eq!(console.userinfo(&got.access_token, subject).await.expect("userinfo")["email"].as_str(), Some(ANA));
    let told = introspect(&house, own("console"), &got.access_token).await;
    assert_eq!((&told["active"], &told["scoped_permissions"]), (&json!(true), scoped));
    assert_eq!(introspect(&house, own("sales-basic"), &got.access_token).await, json!({ "active": false }));
    let fresh = console.refresh(got.refresh_token.as_deref().expect("a refresh token")).await.expect("refreshed");
    assert_eq!(fresh.id_claims["sid"], got.id_claims["sid"]);

    // It is the session of our own pages, and no stage's.
    assert_eq!(browser.get("/portal").await.url.path(), "/portal");
    assert_eq!(browser.get(party(&house, "sales-basic", Method::Basic).await.authorize_url(&[]).url.as_str()).await.url.path(), "/login");
    let journey = console.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    assert_eq!(exchange(&console, journey, &page).await.id_claims["sid"], got.id_claims["sid"], "no page on the way");
    // It opens no app: no token for one.
    let mut url = console.authorize_url(&[]).url;
    url.query_pairs_mut().append_pair("resource", &format!("{}/apps/sales/production", house.issuer));
    assert!(browser.get_once(url.as_str()).await.location().expect("an answer").as_str().contains("error=invalid_target"));

    // For itself it is told what it holds, at our own API.
    for more in [&[][..], &[("resource", api.as_str())]] {
        let token = credentials(&house, "console", more).await;
        let access = console.verify_access_token(token.as_str().expect("a token"), &api).await.expect("valid");
        assert_eq!((access["sub"].as_str(), &access["org_roles"], access.get("sid")), (Some("console"), &json!(["keeper"]), None));
    }
    // Signing out with the hint of this browser's session asks nothing.
    let mut out = Url::parse(&format!("{}/oauth2/logout", house.issuer)).expect("a URL");
    out.query_pairs_mut().append_pair("id_token_hint", got.id_token.as_deref().expect("an ID token")).append_pair("post_logout_redirect_uri", GOODBYE);
    assert_eq!(browser.get_once(out.as_str()).await.location().expect("a redirect").as_str(), GOODBYE);
    assert!(console.userinfo(&got.access_token, subject).await.is_err());
    assert!(console.refresh(fresh.refresh_token.as_deref().expect("a refresh token")).await.is_err());
    assert_eq!(browser.get("/portal").await.url.path(), "/sign-in");
    house.close().await;
}

async fn only_administrators_make_one(backend: Backend) {
    let house = house(backend).await;
    let ground = &house.server.ground;
    for (who, allowed) in [(ANA, false), (OLGA, true)] {
        let mut tx = ground.db.read().await.expect("a reader");
        let person = user::by_email(&mut tx, &EmailAddress::parse(who).expect("an address")).await.expect("read").expect("a person");
        let holdings = load::user(&mut tx, person.id).await.expect("read");
        let snapshot = house.server.provider.known.snapshot(&mut tx).await.expect("read");
        let now = ground.clock.now();
        let authority: Authority = effective::authority(&snapshot.catalogue, &holdings, now);
        drop(tx);
        let actor = Actor::User { id: person.id, label: who.into(), authority, proved_at: now };
        let spec = Spec {
            client_id: "another-tool".into(),
            kind: Kind::Platform,
            deployment: None,
            party: Party::First,
            name: DisplayName::parse("Another").expect("a name"),
            metadata: Metadata { redirect_uris: vec![REDIRECT.into()], token_endpoint_auth_method: client::AuthMethod::None, ..Metadata::default() },
            secrets: Vec::new(),
        };
        let made = ground
            .work(&actor, &Origin::default(), async |work| {
                let changing = begin_change(work).await?;
                client::create(work, &changing, &spec).await
            })
            .await;
        assert_eq!(made.is_ok(), allowed, "{who}: {made:?}");
        assert!(allowed || matches!(made, Err(ClientError::Denied(_))), "client.manage is not enough (rule 3d)");
    }
    house.close().await;
}

async fn a_shorter_policy_of_our_own_pages_ends_their_tokens(backend: Backend) {
    let house = house(backend).await;
    let console = party(&house, "console", Method::Basic).await;
    let mut browser = Browser::new(&house.issuer);
    let journey = console.authorize_url(&["email"]);
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let got = exchange(&console, journey, &page).await;
    let refresh = got.refresh_token.as_deref().expect("a refresh token");
    // As if she had signed in two hours ago.
    let ground = &house.server.ground;
    let mut tx = ground.db.write().await.expect("the database answers");
    execute!(tx, "UPDATE sessions SET authenticated_at = authenticated_at - 7200000000 WHERE context = 'portal'").expect("written");
    tx.commit().await.expect("written");
    for token in [got.access_token.as_str(), refresh] {
        assert_eq!(introspect(&house, own("console"), token).await["active"], json!(true));
    }
    let change = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let now = organization::load(&mut work.tx).await?.expect("an organization");
        let hour = Duration::from_hours(1);
        organization::edit_portal_sessions(work, &changing, now.version, SessionPolicy { maximum: hour, idle: hour }).await
    };
    ground.work(&Actor::System { label: "test" }, &Origin::default(), change).await.expect("changed");
    for token in [got.access_token.as_str(), refresh] {
        assert_eq!(introspect(&house, own("console"), token).await, json!({ "active": false }));
    }
    let subject = got.id_claims["sub"].as_str().expect("a subject");
    assert!(console.userinfo(&got.access_token, subject).await.is_err() && console.refresh(refresh).await.is_err());
    assert_eq!(browser.get("/portal").await.url.path(), "/sign-in");
    // Who asks to sign in to the tool again is asked who they are.
    assert_eq!(browser.get(console.authorize_url(&[]).url.as_str()).await.url.path(), "/login");
    house.close().await;
}
