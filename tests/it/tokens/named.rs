//! The `claims` parameter: single claims by name, each where it was asked for.

use super::{ANA, OLGA, elsewhere, own, post, sales};
use crate::story::{callback, exchange, party, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::node;
use crate::support::relying_party::{Journey, Method, RelyingParty};
use gatehouse::base::time::Clock;
use serde_json::{Value, json};

on_both! {
    claims_are_told_where_they_are_asked_for
    a_third_party_is_told_what_the_person_agreed_to
    a_subject_by_value_is_enforced
    what_only_the_id_token_was_asked_for_is_elsewhere_as_well
}

fn asking(party: &RelyingParty, scopes: &[&str], claims: &Value) -> Journey {
    let mut journey = party.authorize_url(scopes);
    journey.url.query_pairs_mut().append_pair("claims", &claims.to_string());
    journey
}

async fn claims_are_told_where_they_are_asked_for(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let party = party(&house, "sales-basic", Method::Basic).await;
    let claims = json!({
        "id_token": { "email": { "essential": true }, "roles": null, "shoe_size": null },
        "userinfo": { "name": null, "groups": null, "permissions": { "essential": true } },
    });
    let journey = asking(&party, &["offline_access"], &claims);
    // The request waits while the person signs in.
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let got = exchange(&party, journey, &page).await;
    let subject = got.id_claims["sub"].as_str().expect("a subject").to_owned();
    assert_eq!((&got.id_claims["email"], &got.id_claims["roles"]), (&json!(ANA), &json!(["approver", "viewer"])));
    for absent in ["name", "email_verified", "org_roles", "groups", "permissions", "shoe_size"] {
        assert_eq!(got.id_claims.get(absent), None, "{absent}");
    }
    let told = party.userinfo(&got.access_token, &subject).await.expect("userinfo");
    assert_eq!((&told["groups"], &told["permissions"]), (&json!(["emea"]), &json!(["approve", "read"])));
    assert!(told["name"].is_string(), "{told}");
    for absent in ["email", "roles", "given_name"] {
        assert_eq!(told.get(absent), None, "{absent}");
    }
    // Apps read the access token as ever: the parameter speaks of the other two.
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((access.get("groups"), access.get("email"), &access["roles"]), (None, None, &json!(["approver", "viewer"])));
    // A refresh asks for the same.
    let fresh = party.refresh(got.refresh_token.as_deref().expect("a refresh token")).await.expect("refreshed");
    assert_eq!((&fresh.id_claims["email"], &fresh.id_claims["roles"]), (&got.id_claims["email"], &got.id_claims["roles"]));
    assert_eq!(party.userinfo(&fresh.access_token, &subject).await.expect("userinfo"), told);
    // Fewer scopes than were granted: what they had brought goes, also where it was asked for by name; the rest stays.
    let journey = asking(&party, &["email", "offline_access"], &json!({ "userinfo": { "email": null, "name": null } }));
    let page = browser.get(journey.url.as_str()).await;
    let wide = exchange(&party, journey, &page).await;
    assert_eq!(party.userinfo(&wide.access_token, &subject).await.expect("userinfo")["email"], json!(ANA));
    let refresh = wide.refresh_token.expect("a refresh token");
    let less = [("grant_type", "refresh_token"), ("refresh_token", refresh.as_str()), ("scope", "openid offline_access")];
    let (status, answer) = post(&house, "/oauth2/token", own("sales-basic"), &less).await;
    assert_eq!(status, 200, "{answer}");
    let narrow = party.userinfo(answer["access_token"].as_str().expect("a token"), &subject).await.expect("userinfo");
    assert!(narrow["name"].is_string() && narrow.get("email").is_none(), "{narrow}");
    // The next request without the parameter is told nothing of it.
    let journey = party.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    let got = exchange(&party, journey, &page).await;
    assert_eq!(got.id_claims.get("email"), None);
    assert_eq!(party.userinfo(&got.access_token, &subject).await.expect("userinfo"), json!({ "sub": subject }));

    // A strict stranger, who reads first that the parameter is understood.
    let config = json!({
        "issuer": house.issuer, "client_id": "sales-post", "client_secret": SECRET, "auth_method": "client_secret_post", "redirect_uri": REDIRECT,
        "username": ANA, "password": PASSWORD, "scope": "openid", "audience": sales(&house), "claims": claims,
    });
    if let Some(result) = node::relying_party(&config).await {
        let got = result.expect("content");
        assert_eq!((&got["metadata"]["claims_parameter_supported"], &got["id_token"]["email"]), (&json!(true), &json!(ANA)));
        assert_eq!((&got["userinfo"]["groups"], got["userinfo"].get("email")), (&json!(["emea"]), None));
    }
    house.close().await;
}

async fn a_third_party_is_told_what_the_person_agreed_to(backend: Backend) {
    let house = House::open(backend).await;
    house
        .apply(&format!(
            "[[app]]\nkey = \"wiki\"\nname = \"Wiki\"\n[[app.deployment]]\nstage = \"production\"\nsign_in = \"everyone\"\n\
             [[app.deployment.clients]]\nclient_id = \"modest\"\nname = \"Modest\"\nparty = \"third\"\nsecrets = [\"{SECRET}\"]\n\
             metadata = {{ redirect_uris = [\"{REDIRECT}\"], scope = \"openid email\" }}\n"
        ))
        .await;
    let mut browser = Browser::new(&house.issuer);
    let wiki = party(&house, "wiki-third", Method::Basic).await;
    let journey = wiki.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let yes = browser.submit(&page.form("/consent"), "consent-allow").await;
    exchange(&wiki, journey, &yes).await;
    // A claim by name is a wider wish: the person is asked, and reads what for.
    let claims = json!({ "userinfo": { "name": null, "email": null, "phone_number": null } });
    let page = browser.get(asking(&wiki, &[], &claims).url.as_str()).await;
    assert_eq!(page.url.path(), "/consent");
    // The app is not registered for the scope `phone`.
    assert!(page.text_contains("e-mail address") && page.text_contains("name and profile"), "{}", page.text());
    assert!(!page.text_contains("your groups") && !page.text_contains("phone"), "{}", page.text());
    let no = browser.submit_once(&page.form("/consent"), "consent-deny").await;
    assert!(callback(&no).as_str().contains("error=access_denied"));
    let journey = asking(&wiki, &[], &claims);
    let page = browser.get(journey.url.as_str()).await;
    let yes = browser.submit(&page.form("/consent"), "consent-allow").await;
    let got = exchange(&wiki, journey, &yes).await;
    let subject = got.id_claims["sub"].as_str().expect("a subject").to_owned();
    assert_eq!(wiki.userinfo(&got.access_token, &subject).await.expect("userinfo")["email"], json!(ANA));
    // Agreed once is remembered.
    let journey = asking(&wiki, &[], &claims);
    let page = browser.get(journey.url.as_str()).await;
    exchange(&wiki, journey, &page).await;
    // By name a client gets no more than by scope: this one may not ask for profiles or roles.
    let modest = party(&house, "modest", Method::Basic).await;
    let journey = asking(&modest, &[], &json!({ "userinfo": { "name": null, "roles": null, "email": null }, "id_token": { "name": null, "groups": null } }));
    let page = browser.get(journey.url.as_str()).await;
    assert_eq!(page.url.path(), "/consent");
    let yes = browser.submit(&page.form("/consent"), "consent-allow").await;
    let got = exchange(&modest, journey, &yes).await;
    assert_eq!((got.id_claims.get("name"), got.id_claims.get("groups")), (None, None));
    let told = modest.userinfo(&got.access_token, &subject).await.expect("userinfo");
    assert_eq!((&told["email"], told.get("name"), told.get("roles")), (&json!(ANA), None, None));
    house.close().await;
}

async fn a_subject_by_value_is_enforced(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let party = party(&house, "sales-basic", Method::Basic).await;
    let journey = party.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let ana = exchange(&party, journey, &page).await.id_claims["sub"].as_str().expect("a subject").to_owned();
    let wanted = |subject: &str| json!({ "id_token": { "sub": { "value": subject } } });
    // Ana is signed in: no page.
    let journey = asking(&party, &[], &wanted(&ana));
    let page = browser.get(journey.url.as_str()).await;
    assert_eq!(exchange(&party, journey, &page).await.id_claims["sub"], json!(ana));
    // Somebody else is wanted: Ana hears it on the sign-in page, and signing in as Ana again does not help.
    let somebody = "01890000-0000-7000-8000-000000000000";
    let mut journey = asking(&party, &[], &wanted(somebody));
    let page = browser.get(journey.url.as_str()).await;
    assert_eq!(page.url.path(), "/login");
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    assert!(callback(&page).as_str().contains("error=login_required"), "{}", callback(&page));
    journey.url.query_pairs_mut().append_pair("prompt", "none");
    assert!(callback(&browser.get(journey.url.as_str()).await).as_str().contains("error=login_required"));
    // In another browser the wanted one gets in, and nobody else: the next who signs in there is another person.
    let mut other = Browser::new(&house.issuer);
    let journey = asking(&party, &[], &wanted(&ana));
    let page = other.get(journey.url.as_str()).await;
    let page = sign_in(&mut other, &page, OLGA, PASSWORD).await;
    assert!(callback(&page).as_str().contains("error=login_required"), "{}", callback(&page));
    let mut other = Browser::new(&house.issuer);
    let journey = asking(&party, &[], &wanted(&ana));
    let page = other.get(journey.url.as_str()).await;
    let page = sign_in(&mut other, &page, ANA, PASSWORD).await;
    assert_eq!(exchange(&party, journey, &page).await.id_claims["sub"], json!(ana));
    house.close().await;
}

async fn what_only_the_id_token_was_asked_for_is_elsewhere_as_well(backend: Backend) {
    let house = super::crowded(backend, Clock::System).await;
    let mut browser = Browser::new(&house.issuer);
    let party = party(&house, "sales-basic", Method::Basic).await;
    let journey = asking(&party, &[], &json!({ "id_token": { "groups": null } }));
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
    let got = exchange(&party, journey, &page).await;
    assert_eq!((got.id_claims.get("groups"), got.id_claims["_claim_names"].get("groups")), (None, Some(&json!("gatehouse"))));
    let access = party.verify_access_token(&got.access_token, &sales(&house)).await.expect("valid");
    assert_eq!((access.get("groups"), access.get("_claim_names")), (None, None), "the access token was not asked for groups");
    let rest = elsewhere(&house, &got.access_token).await.text().await.expect("a text");
    let rest = party.verify(&rest, "claims+jwt", &sales(&house)).await.expect("valid");
    assert_eq!(rest["groups"].as_array().map(Vec::len), Some(31));
    let told = super::introspect(&house, own("sales-basic"), &got.access_token).await;
    assert_eq!(told.get("groups"), None);
    house.close().await;
}
