//! The whole way once: an organization from a file, a person invited by mail, joining, signing in to an app through a real
//! OpenID Connect code flow, and the app verifying a token that says what this person may do in this app at this stage.

use crate::support::browser::Browser;
use crate::support::house::{Backend, GOODBYE, House, PASSWORD, REDIRECT, SECRET, link, on_both};
use crate::support::node;
use crate::support::page::Page;
use crate::support::relying_party::{Journey, Method, RelyingParty, Tokens};
use serde_json::{Value, json};
use url::Url;

on_both! {
    from_a_file_to_a_token
    every_way_to_be_a_client
    one_sign_in_for_every_app_of_a_stage
    a_third_party_asks_first
    signing_out_ends_everything
    a_program_for_itself
    a_strict_foreign_client_is_content
    a_code_stands_for_a_broken_link
    an_organization_role_shows_where_it_counts
}

/// Signs in on the page where the browser stands.
pub async fn sign_in(browser: &mut Browser, page: &Page, email: &str, password: &str) -> Page {
    assert_eq!(page.status, 200, "{}", page.text());
    let form = page.form("/login").fill("username", email).fill("password", password);
    browser.submit(&form, "login-submit").await
}

/// Where the app is called back.
pub fn callback(page: &Page) -> Url {
    let to = page.location().unwrap_or_else(|| panic!("no redirect, but {}: {}", page.status, page.text()));
    assert!(to.as_str().starts_with(REDIRECT), "{to}");
    to
}

pub async fn party(house: &House, client: &str, method: Method) -> RelyingParty {
    RelyingParty::discover(&house.issuer, client, Some(SECRET), method, REDIRECT).await.expect("discovery")
}

/// The whole flow of somebody who is not signed in yet.
pub async fn tokens(house: &House, browser: &mut Browser, client: &str, method: Method, email: &str, scopes: &[&str]) -> (RelyingParty, Tokens) {
    let party = party(house, client, method).await;
    let journey = party.authorize_url(scopes);
    let page = browser.get(journey.url.as_str()).await;
    let page = if page.location().is_some() { page } else { sign_in(browser, &page, email, PASSWORD).await };
    let tokens = exchange(&party, journey, &page).await;
    (party, tokens)
}

pub async fn exchange(party: &RelyingParty, journey: Journey, page: &Page) -> Tokens {
    party.exchange(journey, &callback(page)).await.expect("tokens")
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().expect("a list").iter().map(|one| one.as_str().expect("a text")).collect()
}

async fn from_a_file_to_a_token(backend: Backend) {
    let house = House::open(backend).await;
    // Twice the same file changes nothing.
    house.apply(include_str!("seed.toml")).await;
    house.invite("Bo@Acme.example --role sales/production/viewer --group production/emea --org-role developer --until 2099-01-01").await.expect("invited");
    let letter = &house.letters("Bo@Acme.example", 1).await[0];
    assert!(letter.subject.contains("Acme") && letter.html.contains("EMEA Sales"), "{}", letter.text);

    let mut browser = Browser::new(&house.issuer);
    // A scanner of mail opens the link first: nothing is used up.
    Browser::new(&house.issuer).get(&link(letter, &house.issuer)).await;
    let page = browser.get(&link(letter, &house.issuer)).await;
    assert_eq!(page.url.path(), "/invitations/accept", "the secret left the address");
    assert!(page.text_contains("Viewer") && page.text_contains("EMEA Sales") && page.text_contains("Developer") && page.text_contains("1 Jan 2099"));

    let weak = page.form("/invitations/accept").fill("name", " ").fill("password", "password1");
    let again = browser.submit(&weak, "invitation-accept").await;
    assert_eq!(again.status, 422);
    assert!(again.element("name-error").is_some() && again.element("password-error").is_some(), "{}", again.text());
    let form = again.form("/invitations/accept").fill("name", "Bo Lindqvist").fill("password", PASSWORD);
    let page = browser.submit(&form, "invitation-accept").await;
    assert!(page.text_contains("Welcome, Bo Lindqvist") && page.text_contains("Sales Desk"), "{}", page.text());
    assert!(house.letters("Bo@Acme.example", 2).await[1].subject.contains("Welcome"));

    // Joining signed Bo in at Production: no page on the way.
    let party = party(&house, "sales-basic", Method::Basic).await;
    let journey = party.authorize_url(&["profile", "email", "roles", "permissions", "groups"]);
    let page = browser.get(journey.url.as_str()).await;
    let tokens = exchange(&party, journey, &page).await;
    let subject = tokens.id_claims["sub"].as_str().expect("a subject").to_owned();
    assert_eq!(tokens.id_claims["roles"], json!(["viewer"]));
    assert_eq!(tokens.id_claims["groups"], json!(["emea"]));
    assert_eq!(tokens.id_claims.get("email"), None, "no personal data in the ID token");

    let audience = format!("{}/apps/sales/production", house.issuer);
    let claims = party.verify_access_token(&tokens.access_token, &audience).await.expect("an access token");
    assert_eq!(claims["roles"], json!(["viewer"]));
    assert_eq!(claims["org_roles"], json!(["developer"]));
    assert_eq!((claims["app"].as_str(), claims["stage"].as_str(), claims["ver"].as_i64()), (Some("sales"), Some("production"), Some(1)));
    let permissions = texts(&claims["permissions"]);
    assert!(permissions.contains(&"read") && permissions.contains(&"asset.release") && !permissions.contains(&"approve"), "{permissions:?}");
    assert!(!permissions.contains(&"asset.change"), "the developer's rights at Development stay there");
    assert_eq!((claims["org_name"].as_str(), claims["client_id"].as_str()), (Some("Acme"), Some("sales-basic")));
    for required in ["iss", "sub", "aud", "exp", "iat", "jti", "client_id", "scope", "auth_time", "acr", "amr", "sid", "azid", "org_id"] {
        assert!(claims.get(required).is_some_and(|claim| !claim.is_null()), "{required} is missing");
    }

    let about = party.userinfo(&tokens.access_token, &subject).await.expect("userinfo");
    assert_eq!(
        (about["email"].as_str(), about["email_verified"].as_bool(), about["name"].as_str()),
        (Some("Bo@Acme.example"), Some(true), Some("Bo Lindqvist"))
    );

    let fresh = party.refresh(tokens.refresh_token.as_deref().expect("a refresh token")).await.expect("refreshed");
    assert_ne!(fresh.refresh_token, tokens.refresh_token);
    assert_eq!(fresh.id_claims["sub"].as_str(), Some(subject.as_str()));
    assert_eq!(fresh.id_claims["auth_time"], tokens.id_claims["auth_time"]);
    house.close().await;
}

async fn every_way_to_be_a_client(backend: Backend) {
    let house = House::open(backend).await;
    for (client, method) in [("sales-basic", Method::Basic), ("sales-post", Method::Post), ("sales-public", Method::Public)] {
        let mut browser = Browser::new(&house.issuer);
        let (party, tokens) = tokens(&house, &mut browser, client, method, "ANA@acme.example", &["roles"]).await;
        assert_eq!(tokens.id_claims["aud"], json!(client));
        assert_eq!(tokens.id_claims["roles"], json!(["approver", "viewer"]));
        assert!(party.refresh(&tokens.refresh_token.expect("a refresh token")).await.is_ok());
    }
    // The wrong secret, and the right one in the wrong way.
    for (client, secret, method) in
        [("sales-basic", "x".repeat(40), Method::Basic), ("sales-post", SECRET.to_owned(), Method::Basic), ("sales-public", SECRET.to_owned(), Method::Post)]
    {
        let party = RelyingParty::discover(&house.issuer, client, Some(&secret), method, REDIRECT).await.expect("discovery");
        let journey = party.authorize_url(&[]);
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(journey.url.as_str()).await;
        let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
        let refused = party.exchange(journey, &callback(&page)).await.expect_err("refused");
        assert!(format!("{refused:?}").contains("invalid_client"), "{refused:?}");
    }
    house.close().await;
}

async fn one_sign_in_for_every_app_of_a_stage(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let (_, first) = tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", &["roles"]).await;
    // The same stage: no page. The public sid is the same.
    let public = party(&house, "sales-public", Method::Public).await;
    let journey = public.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    let second = exchange(&public, journey, &page).await;
    assert_eq!(first.id_claims["sid"], second.id_claims["sid"]);
    // And once more, when everything is in place: one statement.
    let journey = public.authorize_url(&[]);
    let page = browser.get(journey.url.as_str()).await;
    exchange(&public, journey, &page).await;
    // Another stage is another sign-in.
    let other = party(&house, "sales-dev", Method::Public).await;
    let journey = other.authorize_url(&["roles"]);
    let page = browser.get(journey.url.as_str()).await;
    assert!(page.text_contains("Development"), "{}", page.text());
    let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
    let third = exchange(&other, journey, &page).await;
    assert_ne!(first.id_claims["sid"], third.id_claims["sid"]);
    assert_eq!(third.id_claims["roles"], json!(["viewer"]));
    house.close().await;
}

async fn a_third_party_asks_first(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let wiki = party(&house, "wiki-third", Method::Basic).await;
    let journey = wiki.authorize_url(&["profile", "roles", "offline_access"]);
    let page = browser.get(journey.url.as_str()).await;
    let page = sign_in(&mut browser, &page, "ana@acme.example", PASSWORD).await;
    assert_eq!(page.url.path(), "/consent");
    assert!(page.text_contains("Client wiki-third") && page.text_contains("ana@acme.example") && page.text_contains("until you take it back"));
    // No is an answer too.
    let no = browser.submit_once(&page.form("/consent"), "consent-deny").await;
    assert!(callback(&no).as_str().contains("error=access_denied"));
    let journey = wiki.authorize_url(&["profile", "roles", "offline_access"]);
    let page = browser.get(journey.url.as_str()).await;
    let yes = browser.submit(&page.form("/consent"), "consent-allow").await;
    let tokens = exchange(&wiki, journey, &yes).await;
    assert_eq!(tokens.id_claims["roles"], json!(["sales:viewer"]), "a shared role of another app, by its full name");
    // Remembered; a wider scope is asked for again.
    let journey = wiki.authorize_url(&["profile"]);
    let page = browser.get(journey.url.as_str()).await;
    exchange(&wiki, journey, &page).await;
    let journey = wiki.authorize_url(&["email"]);
    assert_eq!(browser.get(journey.url.as_str()).await.url.path(), "/consent");
    house.close().await;
}

async fn signing_out_ends_everything(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let (party, tokens) = tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", &[]).await;
    let subject = tokens.id_claims["sub"].as_str().expect("a subject");
    assert!(party.userinfo(&tokens.access_token, subject).await.is_ok());
    let hint = tokens.id_token.as_deref().expect("an ID token");
    // Somebody else's browser is asked, and its person stays signed in elsewhere.
    let query = |pairs: &[(&str, &str)]| {
        let mut url = Url::parse(&format!("{}/oauth2/logout", house.issuer)).expect("a URL");
        url.query_pairs_mut().extend_pairs(pairs);
        url.to_string()
    };
    let mut stranger = Browser::new(&house.issuer);
    let page = stranger.get(&query(&[("id_token_hint", hint)])).await;
    assert_eq!(page.url.path(), "/logout");
    assert!(party.userinfo(&tokens.access_token, subject).await.is_ok());
    // Bad targets are pages, never redirects.
    for bad in [query(&[("post_logout_redirect_uri", GOODBYE)]), query(&[("id_token_hint", hint), ("post_logout_redirect_uri", "https://evil.example/")])] {
        let page = browser.get(&bad).await;
        assert_eq!(page.status, 400);
        assert!(page.element("error-page").is_some());
    }
    // Without a hint the person is asked, in a guarded form.
    let page = browser.get(&query(&[("client_id", "sales-basic"), ("post_logout_redirect_uri", GOODBYE), ("state", "a b&c")])).await;
    assert!(page.text_contains("ana@acme.example") && page.text_contains("Client sales-basic asks"), "{}", page.text());
    let forged = browser.post_from("https://evil.example/", "/logout", &[("csrf", "x")]).await;
    assert_eq!(forged.status, 403);
    let done = browser.submit(&page.form("/logout"), "logout-confirm").await;
    assert_eq!(done.location().expect("a redirect").as_str(), format!("{GOODBYE}?state=a+b%26c"));
    assert!(party.userinfo(&tokens.access_token, subject).await.is_err(), "the token ended with the session");
    assert!(party.refresh(&tokens.refresh_token.expect("a refresh token")).await.is_err());
    assert!(browser.get(party.authorize_url(&[]).url.as_str()).await.element("login-submit").is_some());

    // With the hint of this very browser's session there is no question.
    let (_, tokens) = self::tokens(&house, &mut browser, "sales-basic", Method::Basic, "ana@acme.example", &[]).await;
    let page = browser.get(&query(&[("id_token_hint", tokens.id_token.as_deref().expect("an ID token"))])).await;
    assert!(page.element("logged-out").is_some(), "{}", page.text());
    house.close().await;
}

async fn a_program_for_itself(backend: Backend) {
    let house = House::open(backend).await;
    let http = crate::support::http().build().expect("a client");
    let ask = async |client: &str, pairs: &[(&str, &str)]| {
        let form: Vec<_> = [("grant_type", "client_credentials")].iter().chain(pairs).copied().collect();
        let answer = http.post(format!("{}/oauth2/token", house.issuer)).basic_auth(client, Some(SECRET)).form(&form).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().await.expect("JSON"))
    };
    let party = party(&house, "sales-basic", Method::Basic).await;
    let (status, answer) = ask("robot", &[]).await;
    assert_eq!(status, 200, "{answer}");
    assert!(answer.get("refresh_token").is_none() && answer.get("id_token").is_none());
    let claims = party.verify_access_token(answer["access_token"].as_str().expect("a token"), &format!("{}/api", house.issuer)).await.expect("valid");
    assert_eq!((claims["sub"].as_str(), claims["client_id"].as_str()), (Some("robot"), Some("robot")));
    assert!(claims.get("sid").is_none() && claims["scoped_permissions"].is_object() && claims["permissions"] == json!([]));
    let (status, answer) = ask("sales-basic", &[]).await;
    assert_eq!(status, 200, "{answer}");
    for (client, pairs, error) in [
        ("robot", [("resource", "https://elsewhere.example/")], "invalid_target"),
        ("robot", [("scope", "openid")], "invalid_scope"),
        ("sales-post", [("x", "y")], "invalid_client"),
        ("wiki-third", [("x", "y")], "unauthorized_client"),
    ] {
        let (status, answer) = ask(client, &pairs).await;
        assert_eq!((status, answer["error"].as_str()), (if error == "invalid_client" { 401 } else { 400 }, Some(error)), "{client}");
    }
    house.close().await;
}

async fn a_strict_foreign_client_is_content(backend: Backend) {
    let house = House::open(backend).await;
    let config = json!({
        "issuer": house.issuer, "client_id": "sales-basic", "client_secret": SECRET, "auth_method": "client_secret_basic", "redirect_uri": REDIRECT,
        "username": "ana@acme.example", "password": PASSWORD, "scope": "openid profile email roles permissions groups offline_access",
        "audience": format!("{}/apps/sales/production", house.issuer), "client_credentials": {}, "post_logout_redirect_uri": GOODBYE,
    });
    if let Some(result) = node::relying_party(&config).await {
        let got = result.expect("content");
        assert!(got.to_string().contains("approver"), "{got}");
    }
    house.close().await;
}

async fn a_code_stands_for_a_broken_link(backend: Backend) {
    let house = House::open(backend).await;
    house.invite("cy@acme.example --role sales/production/viewer").await.expect("invited");
    let letter = &house.letters("cy@acme.example", 1).await[0];
    let code = letter.text.lines().map(str::trim).find(|line| line.len() == 6 && line.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    let code = code.unwrap_or_else(|| panic!("no code in {}", letter.text));
    let mut browser = Browser::new(&house.issuer);
    let page = browser.get("/invitations/code").await;
    let wrong = browser.submit(&page.form("/invitations/code").fill("email", "cy@acme.example").fill("code", "AAAAAA"), "invitation-open").await;
    assert_eq!(wrong.status, 422);
    let unknown = browser.submit(&wrong.form("/invitations/code").fill("email", "who@acme.example").fill("code", code), "invitation-open").await;
    assert_eq!((unknown.status.as_u16(), unknown.element("code-error")), (422, wrong.element("code-error")), "the same answer for an unknown address");
    let typed = format!(" {}-{} ", &code[..3], code[3..].to_lowercase());
    let right = browser.submit(&unknown.form("/invitations/code").fill("email", "CY@acme.example").fill("code", &typed), "invitation-open").await;
    assert_eq!(right.url.path(), "/invitations/accept", "{}", right.text());
    let form = right.form("/invitations/accept").fill("name", "Cy").fill("password", PASSWORD);
    assert!(browser.submit(&form, "invitation-accept").await.text_contains("Welcome, Cy"));
    house.close().await;
}

async fn an_organization_role_shows_where_it_counts(backend: Backend) {
    let house = House::open(backend).await;
    let mut browser = Browser::new(&house.issuer);
    let (dev, at_dev) = tokens(&house, &mut browser, "sales-dev", Method::Public, "ana@acme.example", &[]).await;
    let (prod, at_prod) = tokens(&house, &mut browser, "sales-public", Method::Public, "ana@acme.example", &[]).await;
    let at_dev = dev.verify_access_token(&at_dev.access_token, &format!("{}/apps/sales/development", house.issuer)).await.expect("valid");
    let at_prod = prod.verify_access_token(&at_prod.access_token, &format!("{}/apps/sales/production", house.issuer)).await.expect("valid");
    let four = ["asset.change", "asset.debug", "asset.deploy", "asset.open"];
    assert!(four.iter().all(|one| texts(&at_dev["permissions"]).contains(one)), "{at_dev}");
    assert!(!four.iter().any(|one| texts(&at_prod["permissions"]).contains(one)), "{at_prod}");
    assert_eq!((&at_dev["org_roles"], &at_prod["org_roles"]), (&json!(["tester"]), &json!([])));
    house.close().await;
}
