//! Past the budget lists give way, and are to be had elsewhere.

use super::{ANA, credentials, crowded, elsewhere, introspect, own, sales};
use crate::story::{party, tokens};
use crate::support::browser::Browser;
use crate::support::house::{Backend, GOODBYE, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::node;
use crate::support::relying_party::Method;
use gatehouse::base::time::Clock;
use serde_json::{Value, json};

on_both! {
    what_does_not_fit_is_elsewhere
    a_client_for_itself_gets_the_rest_as_well
    the_claims_endpoint_refuses_what_is_no_live_access_token
    a_token_never_outlives_what_it_carries
}

const SCOPES: &[&str] = &["profile", "roles", "permissions", "groups"];

fn names(claims: &Value) -> Vec<&str> {
    claims["_claim_names"].as_object().map(|names| names.keys().map(String::as_str).collect()).unwrap_or_default()
}

async fn what_does_not_fit_is_elsewhere(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, SCOPES).await;
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((names(&access), &access["permissions"], &access["roles"]), (vec!["groups"], &json!(["approve", "read"]), &json!(["approver", "viewer"])));
    assert!(access.get("groups").is_none(), "absent, never empty");
    assert_eq!(access["_claim_sources"], json!({ "gatehouse": { "endpoint": format!("{}/oauth2/claims", house.issuer) } }));
    // The ID token stays within it, too; userinfo is an answer, and complete; introspection as well.
    assert_eq!((names(&got.id_claims), got.id_claims.get("groups")), (vec!["groups"], None));
    let subject = got.id_claims["sub"].as_str().expect("a subject");
    let about = party.userinfo(&got.access_token, subject).await.expect("userinfo");
    assert_eq!(about["groups"].as_array().map(Vec::len), Some(31));
    let told = introspect(&house, own("sales-basic"), &got.access_token).await;
    assert_eq!((&told["groups"], &told["active"], told.get("_claim_names")), (&about["groups"], &json!(true), None));
    assert_eq!(party.introspect(&got.access_token).await.expect("understood")["active"], json!(true));

    let answer = elsewhere(&house, &got.access_token).await;
    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().ok()), (200, Some("application/jwt")));
    assert_eq!((answer.headers()["access-control-allow-origin"].to_str().ok(), answer.headers()["cache-control"].to_str().ok()), (Some("*"), Some("no-store")));
    let jwt = answer.text().await.expect("a text");
    let rest = party.verify(&jwt, "claims+jwt", &sales(&house)).await.expect("valid");
    let keys: Vec<_> = rest.as_object().expect("claims").keys().map(String::as_str).collect();
    assert_eq!((keys, &rest["groups"], rest["sub"].as_str()), (vec!["aud", "exp", "groups", "iat", "iss", "sub"], &about["groups"], Some(subject)));
    assert!(party.verify_access_token(&jwt, &sales(&house)).await.is_err(), "it is no access token");
    // Computed now.
    house.apply("[[group]]\nstage = \"production\"\nkey = \"the-newest\"\nname = \"New\"\n[[user]]\nemail = \"ana@acme.example\"\ngroups = [\"production/the-newest\"]\n").await;
    let http = crate::support::http().build().expect("a client");
    let posted = http.post(format!("{}/oauth2/claims", house.issuer)).form(&[("access_token", &got.access_token)]).send().await.expect("an answer");
    let rest = party.verify(&posted.text().await.expect("a text"), "claims+jwt", &sales(&house)).await.expect("valid");
    assert_eq!(rest["groups"].as_array().map(Vec::len), Some(32));
    // Whoever is told everything has nothing to ask for.
    let (party, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, &["roles"]).await;
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((names(&access), access.get("groups")), (vec![], None));
    let rest = elsewhere(&house, &got.access_token).await.text().await.expect("a text");
    assert!(party.verify(&rest, "claims+jwt", &sales(&house)).await.expect("valid").get("roles").is_none());
    // A strict stranger understands all of it.
    let config = json!({
        "issuer": house.issuer, "client_id": "sales-post", "client_secret": SECRET, "auth_method": "client_secret_post", "redirect_uri": REDIRECT,
        "username": ANA, "password": PASSWORD, "scope": "openid roles permissions groups", "audience": sales(&house), "introspect": true, "revoke": true,
        "post_logout_redirect_uri": GOODBYE,
    });
    if let Some(result) = node::relying_party(&config).await {
        let got = result.expect("content");
        assert_eq!((&got["elsewhere"]["groups"], got["introspection"]["groups"].as_array().map(Vec::len)), (&got["introspection"]["groups"], Some(32)));
        let metadata = &got["metadata"];
        assert_eq!(metadata["claim_types_supported"], json!(["normal", "distributed"]));
        for (name, path) in [("introspection_endpoint", "introspect"), ("revocation_endpoint", "revoke")] {
            assert_eq!(metadata[name].as_str(), Some(format!("{}/oauth2/{path}", house.issuer).as_str()));
            assert!(metadata[format!("{name}_auth_methods_supported")].to_string().contains("client_secret_basic"), "{metadata}");
        }
    }
    house.close().await;
}

async fn a_client_for_itself_gets_the_rest_as_well(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    let party = party(&house, "sales-basic", Method::Basic).await;
    let api = format!("{}/api", house.issuer);
    let token = credentials(&house, "robot", &[]).await;
    let token = token.as_str().expect("a token");
    let access = party.verify_access_token(token, &api).await.expect("valid");
    assert_eq!((names(&access), &access["org_roles"]), (vec!["permissions", "scoped_permissions"], &json!(["administrator"])));
    let rest = elsewhere(&house, token).await.text().await.expect("a text");
    let rest = party.verify(&rest, "claims+jwt", &api).await.expect("valid");
    assert_eq!(rest["sub"].as_str(), Some("robot"));
    assert!(rest["permissions"].to_string().contains("users.manage") && rest["scoped_permissions"]["everywhere"].to_string().contains("users.manage"));
    let told = introspect(&house, own("robot"), token).await;
    assert_eq!((&told["permissions"], &told["scoped_permissions"], told.get("sid")), (&rest["permissions"], &rest["scoped_permissions"], None));
    // With room for it nothing gives way.
    house.apply("[organization]\nname = \"Acme\"\nclaims_budget = 10240\n").await;
    let token = credentials(&house, "robot", &[]).await;
    let access = party.verify_access_token(token.as_str().expect("a token"), &api).await.expect("valid");
    assert_eq!((names(&access), &access["permissions"]), (vec![], &rest["permissions"]));
    house.close().await;
}

async fn the_claims_endpoint_refuses_what_is_no_live_access_token(backend: Backend) {
    let house = crowded(backend, Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    let (_, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, ANA, SCOPES).await;
    let http = crate::support::http().build().expect("a client");
    let url = format!("{}/oauth2/claims", house.issuer);
    let bare = http.get(&url).send().await.expect("an answer");
    assert_eq!((bare.status().as_u16(), bare.headers()["www-authenticate"].to_str().ok()), (401, Some("Bearer realm=\"gatehouse\"")));
    let twice = http.post(&url).bearer_auth(&got.access_token).form(&[("access_token", &got.access_token)]).send().await.expect("an answer");
    assert_eq!(twice.status().as_u16(), 400);
    let json = http.post(&url).header("content-type", "application/json").body("{}").send().await.expect("an answer");
    assert_eq!(json.status().as_u16(), 415);
    assert_eq!(http.put(&url).bearer_auth(&got.access_token).send().await.expect("an answer").status().as_u16(), 405);
    let id_token = got.id_token.expect("an ID token");
    for bad in [id_token.as_str(), got.refresh_token.as_deref().expect("a refresh token"), "x", "a.b.c", &got.access_token[1..]] {
        let answer = elsewhere(&house, bad).await;
        let challenge = answer.headers()["www-authenticate"].to_str().expect("text").to_owned();
        assert!(answer.status().as_u16() == 401 && challenge.contains("error=\"invalid_token\""), "{bad}: {challenge}");
    }
    // With its session it ends.
    assert_eq!(elsewhere(&house, &got.access_token).await.status().as_u16(), 200);
    browser.get(&format!("{}/oauth2/logout?id_token_hint={id_token}", house.issuer)).await;
    assert_eq!(elsewhere(&house, &got.access_token).await.status().as_u16(), 401);
    house.close().await;
}

async fn a_token_never_outlives_what_it_carries(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[], clock.clone()).await;
    let ends = clock.now().plus(std::time::Duration::from_secs(90));
    let role = format!("{{ app = \"sales\", stage = \"production\", role = \"viewer\", ends_at = \"{}\" }}", ends.rfc3339());
    let developer = format!("{{ role = \"developer\", ends_at = \"{}\" }}", ends.rfc3339());
    house
        .apply(&format!(
            "[[user]]\nemail = \"nora@acme.example\"\nroles = [{role}]\n[[client]]\nclient_id = \"robot\"\nname = \"Robot\"\norg_roles = [{developer}]\n"
        ))
        .await;
    let mut browser = Browser::new(&house.issuer);
    let (party, got) = tokens(&house, &mut browser, "sales-basic", Method::Basic, "nora@acme.example", &["roles"]).await;
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((access["exp"].as_i64(), got.id_claims["exp"].as_i64()), (Some(ends.seconds()), Some(ends.seconds())));
    assert!(got.expires_in.is_some_and(|life| (89..=90).contains(&life.as_secs())), "{:?}", got.expires_in);
    // An ID token that promises no access is as good as any.
    let (_, plain) = tokens(&house, &mut browser, "sales-basic", Method::Basic, "nora@acme.example", &[]).await;
    assert_eq!(plain.id_claims["exp"].as_i64(), Some(clock.now().seconds() + 300));
    // What counts at some stages only ends a token as well: it stands in `scoped_permissions`.
    let token = credentials(&house, "robot", &[]).await;
    let access = party.verify_access_token(token.as_str().expect("a token"), &format!("{}/api", house.issuer)).await.expect("valid");
    assert_eq!(access["exp"].as_i64(), Some(ends.seconds()), "{access}");
    assert!(access["scoped_permissions"]["stages"]["development"].to_string().contains("asset.change"), "{access}");
    house.close().await;
}
