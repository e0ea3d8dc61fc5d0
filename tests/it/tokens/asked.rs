//! Introspection and revocation: each token concerns some, and nobody else learns that it exists.

use super::{ANA, credentials, introspect, own, post, sales};
use crate::story::{exchange, tokens};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, SECRET, on_both};
use crate::support::relying_party::Method;
use gatehouse::access::app::{self, deployment};
use gatehouse::access::grant::{self, Holder};
use gatehouse::access::role::end_user;
use gatehouse::access::{begin_change, stage};
use gatehouse::actor::Actor;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::db::all;
use gatehouse::identity::user;
use gatehouse::lifecycle::deactivate;
use gatehouse::work::Origin;
use serde_json::{Value, json};

on_both! {
    whoever_it_concerns_hears_what_a_token_stands_for
    access_is_what_it_is_now
    apps_give_tokens_back
}

fn inactive() -> Value {
    json!({ "active": false })
}

async fn whoever_it_concerns_hears_what_a_token_stands_for(backend: Backend) {
    let house = House::open(backend).await;
    let role = |key: &str, more: &str| {
        format!(
            "[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [\"token.introspect\"]\n[[client]]\nclient_id = \"{key}\"\nname = \"{key}\"\nsecrets = [\"{SECRET}\"]\norg_roles = [{{ role = \"{key}\"{more} }}]\n"
        )
    };
    house.apply(&[role("asks-sales", ", app = \"sales\""), role("asks-wiki", ", app = \"wiki\""), role("asks-all", "")].concat()).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, got) = tokens(&house, &mut browser, "sales-public", Method::Public, ANA, &["roles", "groups", "offline_access"]).await;
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    let told = introspect(&house, ("sales-public", None), &got.access_token).await;
    // The same claims, with nothing changed meanwhile.
    for (name, value) in access.as_object().expect("claims") {
        assert_eq!(told.get(name), Some(value), "{name}");
    }
    assert_eq!(
        (&told["active"], &told["token_type"], told.as_object().map(serde_json::Map::len)),
        (&json!(true), &json!("Bearer"), access.as_object().map(|all| all.len() + 2))
    );
    for asker in ["sales-basic", "asks-sales", "asks-all"] {
        assert_eq!(introspect(&house, own(asker), &got.access_token).await, told, "{asker}");
    }
    // Another app, another public client of the same app, and whoever lacks the permission there.
    let (_, basic) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &[]).await;
    assert_eq!(introspect(&house, ("sales-public", None), &basic.access_token).await, inactive());
    for asker in ["wiki-third", "robot", "asks-wiki"] {
        assert_eq!(introspect(&house, own(asker), &got.access_token).await, inactive(), "{asker}");
    }
    // A token for our own API concerns no app.
    let token = credentials(&house, "robot", &[]).await;
    let token = token.as_str().expect("a token");
    assert_eq!(introspect(&house, own("robot"), token).await["sub"], json!("robot"));
    assert_eq!(
        (introspect(&house, own("asks-all"), token).await["active"].clone(), introspect(&house, own("asks-sales"), token).await),
        (json!(true), inactive())
    );
    assert_eq!(introspect(&house, own("sales-basic"), token).await, inactive());

    // A refresh token concerns its client alone, and its latest one only.
    let first = got.refresh_token.expect("a refresh token");
    let told = introspect(&house, ("sales-public", None), &first).await;
    assert_eq!(
        (&told["active"], &told["client_id"], &told["aud"], told["scope"].as_str()),
        (&json!(true), &json!("sales-public"), &json!(sales(&house)), Some("groups offline_access openid roles"))
    );
    for asker in ["sales-basic", "asks-all"] {
        assert_eq!(introspect(&house, own(asker), &first).await, inactive(), "{asker}");
    }
    let second = party.refresh(&first).await.expect("refreshed").refresh_token.expect("another");
    assert_eq!(
        (introspect(&house, ("sales-public", None), &first).await, &introspect(&house, ("sales-public", None), &second).await["active"]),
        (inactive(), &json!(true))
    );
    // Nothing, nonsense, an ID token; and requests that are none.
    for nothing in ["x", "a.b.c", got.id_token.as_deref().expect("an ID token")] {
        assert_eq!(introspect(&house, own("sales-basic"), nothing).await, inactive(), "{nothing}");
    }
    for (client, form, expected) in [
        (own("sales-basic"), &[][..], (400, "invalid_request")),
        (own("sales-basic"), &[("token", "a"), ("token", "b")], (400, "invalid_request")),
        (("sales-basic", Some("wrong")), &[("token", "a")], (401, "invalid_client")),
        (("sales-basic", None), &[("token", "a")], (401, "invalid_client")),
        (("nobody", None), &[("token", "a")], (401, "invalid_client")),
    ] {
        for path in ["/oauth2/introspect", "/oauth2/revoke"] {
            let (status, answer) = post(&house, path, client, form).await;
            assert_eq!((status, answer["error"].as_str()), (expected.0, Some(expected.1)), "{path}: {client:?} {form:?}");
        }
    }
    for path in ["/oauth2/introspect", "/oauth2/revoke"] {
        assert_eq!(browser.get(path).await.status, 405);
    }
    house.close().await;
}

const OPERATOR: Actor = Actor::System { label: "test" };

/// Ana is no approver any more.
async fn take_away(house: &House) {
    let key = |text| Slug::parse(text).expect("a key");
    let origin = Origin::default();
    let taken = house.server.ground.work(&OPERATOR, &origin, async |work| {
        let changing = begin_change(work).await?;
        let ana = user::by_email(&mut work.tx, &EmailAddress::parse(ANA).expect("an address")).await?.expect("Ana");
        let sales = app::by_key(&mut work.tx, &key("sales")).await?.expect("the app");
        let production = stage::by_key(&mut work.tx, &key("production")).await?.expect("the stage");
        let here = deployment::find(&mut work.tx, sales.id, production.id).await?.expect("deployed");
        let role = end_user::by_key(&mut work.tx, here.id, &key("approver")).await?.expect("the role");
        grant::revoke_end_user(work, &changing, Holder::User(ana.id), sales.id, &role).await
    });
    assert!(taken.await.expect("taken"));
}

async fn shut_out(house: &House) {
    let origin = Origin::default();
    let done = house.server.ground.work(&OPERATOR, &origin, async |work| {
        let changing = begin_change(work).await?;
        let ana = user::by_email(&mut work.tx, &EmailAddress::parse(ANA).expect("an address")).await?.expect("Ana");
        deactivate::deactivate(work, &changing, ana.id).await
    });
    done.await.expect("shut out");
}

async fn access_is_what_it_is_now(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &["roles", "offline_access"]).await;
    assert_eq!(introspect(&house, own("sales-basic"), &got.access_token).await["roles"], json!(["approver", "viewer"]));
    // A revoked grant makes no token inactive; it changes the next answer, and what a refresh gives.
    take_away(&house).await;
    let told = introspect(&house, own("sales-basic"), &got.access_token).await;
    assert_eq!((&told["active"], &told["roles"], &told["permissions"]), (&json!(true), &json!(["viewer"]), &json!(["read"])));
    let fresh = party.refresh(got.refresh_token.as_deref().expect("a refresh token")).await.expect("refreshed");
    let access = party.verify_access_token(&fresh.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((&access["roles"], &fresh.id_claims["roles"]), (&json!(["viewer"]), &json!(["viewer"])));
    // Shut out, everything says so at once.
    shut_out(&house).await;
    let refresh = fresh.refresh_token.expect("a refresh token");
    for token in [&got.access_token, &fresh.access_token, &refresh] {
        assert_eq!(introspect(&house, own("sales-basic"), token).await, inactive());
    }
    let refused = party.refresh(&refresh).await.expect_err("shut out");
    assert!(format!("{refused:?}").contains("invalid_grant"), "{refused:?}");
    house.close().await;
}

async fn apps_give_tokens_back(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &["roles"]).await;
    let subject = got.id_claims["sub"].as_str().expect("a subject");
    let revoke = async |client, token: &str| post(&house, "/oauth2/revoke", client, &[("token", token)]).await;
    let refresh = got.refresh_token.as_deref().expect("a refresh token");
    // Another client's token is refused, and stays as it is.
    for token in [got.access_token.as_str(), refresh] {
        let (status, answer) = revoke(own("robot"), token).await;
        assert_eq!((status, answer["error"].as_str()), (400, Some("invalid_grant")));
    }
    assert!(party.userinfo(&got.access_token, subject).await.is_ok());
    // One access token alone; and what is unknown is as good as revoked.
    for _ in 0..2 {
        assert_eq!(revoke(own("sales-basic"), &got.access_token).await, (200, Value::Null));
    }
    for unknown in ["x", "a.b.c", got.id_token.as_deref().expect("an ID token")] {
        assert_eq!(revoke(own("sales-basic"), unknown).await, (200, Value::Null));
    }
    assert!(party.userinfo(&got.access_token, subject).await.is_err());
    assert_eq!(introspect(&house, own("sales-basic"), &got.access_token).await, inactive());
    let fresh = party.refresh(refresh).await.expect("the rest lives on");
    assert!(party.userinfo(&fresh.access_token, subject).await.is_ok());
    // A refresh token with all that hangs on its authorization, also one that was used before.
    for _ in 0..2 {
        assert_eq!(revoke(own("sales-basic"), refresh).await, (200, Value::Null));
    }
    assert!(party.userinfo(&fresh.access_token, subject).await.is_err());
    assert!(party.refresh(fresh.refresh_token.as_deref().expect("a refresh token")).await.is_err());
    // A client's own token.
    let token = credentials(&house, "robot", &[]).await;
    let token = token.as_str().expect("a token");
    assert_eq!(revoke(own("robot"), token).await, (200, Value::Null));
    assert_eq!(introspect(&house, own("robot"), token).await, inactive());
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    let events = all!(tx, (String,), "SELECT kind FROM audit_events WHERE kind = 'token.revoked'").expect("events");
    assert_eq!(events.len(), 3, "each once");
    drop(tx);
    // The person signs in again as if nothing had been.
    let journey = party.authorize_url(&["roles"]);
    let page = browser.get(journey.url.as_str()).await;
    assert!(party.userinfo(&exchange(&party, journey, &page).await.access_token, subject).await.is_ok());
    assert!(
        crate::story::party(&house, "sales-basic", Method::Basic).await.introspect(&got.access_token).await.is_ok_and(|told| told["active"] == json!(false))
    );
    house.close().await;
}
