//! Clients: made, with a secret that is shown once; secrets that follow each other; suspended, resumed and removed.

use super::{OLGA, SALES, at_portal, error, events, fill, send};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, REDIRECT, SECRET, on_both};
use crate::support::relying_party::{Method, RelyingParty};

on_both! {
    a_secret_is_shown_once_and_followed_by_another
    clients_of_every_kind_are_made
    a_client_is_suspended_resumed_and_removed
    of_two_secrets_one_remains
}

/// What the token endpoint says to a client with this secret and a code that is none.
async fn knock(house: &House, id: &str, secret: &str) -> String {
    let answer = reqwest::Client::new()
        .post(format!("{}/oauth2/token", house.issuer))
        .basic_auth(id, Some(secret))
        .form(&[("grant_type", "authorization_code"), ("code", "none"), ("redirect_uri", REDIRECT)])
        .send()
        .await
        .expect("an answer");
    answer.json::<serde_json::Value>().await.expect("JSON")["error"].as_str().unwrap_or_default().to_owned()
}

async fn a_secret_is_shown_once_and_followed_by_another(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let new = olga.get(&format!("{SALES}/new-client")).await;
    let fields = [
        ("name", "Sales Web"),
        ("redirect_uris", "https://sales.acme.example/callback\r\n\r\n https://sales.acme.example/callback \r\nhttp://localhost:3000/cb"),
    ];
    let form = fields.iter().fold(new.form(new.url.path()), |form, (name, value)| form.fill(name, value));
    let page = olga.submit_once(&form, "save").await;
    assert_eq!((page.status.as_u16(), page.header("cache-control")), (200, Some("no-store")), "the page itself, no redirect that carries the secret");
    let secret = page.element("secret").expect("the secret");
    assert_eq!((secret.len(), page.body.matches(&secret).count()), (43, 1));
    let id = "sales-production-sales-web";
    assert!(page.text_contains(id));
    assert_eq!(events(&house, 2).await, ["client.changed", "client.secret_added"]);
    assert_eq!(knock(&house, id, &secret).await, "invalid_grant", "the secret is good");
    // Loaded again, the form is sent again: no second client, and no secret.
    let again = olga.submit_once(&form, "save").await;
    assert_eq!(error(&again, "client_id"), format!("There is a client {id} already. Choose another client ID."));
    assert!(!again.body.contains(&secret));

    let path = format!("{SALES}/clients/{id}");
    let client = olga.get(&path).await;
    assert!(!client.body.contains(&secret) && client.text_contains("https://sales.acme.example/callback http://localhost:3000/cb"), "{}", client.text());
    let environment = client.element("snippet-env").expect("a snippet");
    assert!(environment.contains(&format!("OIDC_ISSUER='{}' OIDC_CLIENT_ID='{id}' OIDC_CLIENT_SECRET='put-the-secret-here'", house.issuer)), "{environment}");
    assert_eq!(client.attribute("end-none", "id"), None);

    // One secret follows the other.
    let form = client.form(&format!("{path}/new-secret"));
    let page = olga.submit_once(&form, "new-secret").await;
    let second = page.element("secret").expect("another secret");
    assert_ne!(second, secret);
    assert_eq!((knock(&house, id, &secret).await, knock(&house, id, &second).await), ("invalid_grant".into(), "invalid_grant".into()));
    let again = olga.submit_once(&form, "new-secret").await;
    assert_eq!((again.status.as_u16(), again.element("secret")), (409, None), "loaded again it shows nothing");
    let client = olga.get(&path).await;
    assert!(client.element("new-secret").is_none(), "two are enough");
    // The older one stands below.
    let ends: Vec<&str> = client.body.split("name=\"secret\" value=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(ends.len(), 2);
    let csrf = client.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
    let end = async |browser: &mut Browser, which: &str| {
        let fields = [("csrf", csrf.as_str()), ("secret", which), ("whole", "1")];
        let page = browser.post_from(client.url.as_str(), &format!("{path}/end-secret"), &fields).await;
        browser.follow(page).await
    };
    let page = end(&mut olga, ends[1]).await;
    assert!(page.text_contains("The secret does not work any more.") && page.text_contains("Ended"), "{}", page.text());
    assert_eq!(events(&house, 1).await, ["client.secret_ended"]);
    assert_eq!((knock(&house, id, &secret).await, knock(&house, id, &second).await), ("invalid_client".into(), "invalid_grant".into()));
    let page = end(&mut olga, ends[0]).await;
    assert_eq!(page.status, 409);
    assert!(page.element("problem").is_some_and(|problem| problem.starts_with("This is the only secret that works.")));
    assert_eq!(knock(&house, id, &second).await, "invalid_grant");
    // What has ended stays so: no error, no event.
    assert_eq!(end(&mut olga, ends[1]).await.status, 200);
    assert_eq!(end(&mut olga, "no-id").await.status, 404);
    house.close().await;
}

async fn clients_of_every_kind_are_made(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let new = format!("{SALES}/new-client");
    let page = fill(&mut olga, &new, &[("name", "\u{634}\u{631}\u{643}\u{629}"), ("kind", "spa"), ("redirect_uris", "http://localhost:5173/")]).await;
    assert_eq!(page.url.path(), format!("{SALES}/clients/sales-production-spa"), "{}", page.text());
    assert!(page.text_contains("Single-page app") && page.text_contains("PKCE Always on") && page.element("secrets").is_none(), "{}", page.text());
    assert_eq!(page.attribute("new-secret", "id"), None);
    let fields = [("name", "Phone"), ("kind", "native"), ("redirect_uris", "com.example.app:/cb"), ("client_id", "phone")];
    let page = fill(&mut olga, &new, &fields).await;
    assert_eq!(page.url.path(), format!("{SALES}/clients/phone"));
    let fields = [("redirect_uris", "com.example.app:/cb\nhttp://127.0.0.1/cb"), ("post_logout_redirect_uris", "com.example.app:/bye"), ("name", "Phone 2")];
    let page = fill(&mut olga, &format!("{SALES}/clients/phone/edit"), &fields).await;
    assert!(page.text_contains("com.example.app:/cb http://127.0.0.1/cb") && page.text_contains("Phone 2"), "{}", page.text());
    let list = olga.get(&format!("{SALES}/clients?q=phone")).await;
    assert!(list.text_contains("1 client") && list.text_contains("App on a device Works"), "{}", list.text());
    house.close().await;
}

async fn a_client_is_suspended_resumed_and_removed(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    // Ana signs in through it, so that one person is there to notice.
    let party = RelyingParty::discover(&house.issuer, "sales-basic", Some(SECRET), Method::Basic, REDIRECT).await.expect("discovery");
    let journey = party.authorize_url(&[]);
    let mut ana = Browser::new(&house.issuer);
    let form = ana.get(journey.url.as_str()).await.form("/login").fill("username", super::ANA).fill("password", PASSWORD);
    let page = ana.submit(&form, "login-submit").await;
    let location = page.location().expect("back to the app");
    party.exchange(journey, &location).await.expect("tokens");

    let path = format!("{SALES}/clients/sales-basic");
    let page = olga.get(&path).await;
    assert!(page.text_contains("At most one person is signed in through it now."), "{}", page.text());
    let page = olga.submit(&page.form(&format!("{path}/status")), "suspend").await;
    assert!(page.element("suspended").is_some() && page.text_contains("Suspended. Its tokens"), "{}", page.text());
    assert_eq!(knock(&house, "sales-basic", SECRET).await, "invalid_client");
    let page = olga.submit(&page.form(&format!("{path}/status")), "resume").await;
    assert!(page.text_contains("Resumed.") && page.text_contains("Nobody is signed in through it now."), "{}", page.text());
    assert_eq!(knock(&house, "sales-basic", SECRET).await, "invalid_grant");
    assert_eq!(events(&house, 3).await, ["client.suspended", "client.refused", "client.resumed"]);

    let ask = olga.get(&format!("{path}/remove")).await;
    assert!(ask.element("follows").is_some_and(|text| text.contains("Nobody is signed in through it now.")));
    let form = ask.form(ask.url.path());
    let page = olga.submit(&form, "remove").await;
    assert!(page.text_contains("Removed.") && !page.text_contains("sales-basic"), "{}", page.text());
    assert_eq!(events(&house, 1).await, ["client.removed"]);
    assert_eq!((knock(&house, "sales-basic", SECRET).await, olga.get(&path).await.status.as_u16()), ("invalid_client".into(), 404));
    assert_eq!(olga.submit(&form, "remove").await.status, 200, "gone is gone");
    // A client of another app is none of this one's.
    assert_eq!(olga.get(&format!("{SALES}/clients/wiki-third")).await.status, 404);
    assert_eq!(olga.get(&format!("{SALES}/clients/robot")).await.status, 404);
    house.close().await;
}

async fn of_two_secrets_one_remains(backend: Backend) {
    let house = House::open(backend).await;
    let (mut one, mut two) = (at_portal(&house, OLGA).await, at_portal(&house, OLGA).await);
    let path = format!("{SALES}/clients/sales-basic");
    for round in 0..10 {
        let client = one.get(&path).await;
        if client.element("new-secret").is_some() {
            let made = one.submit_once(&client.form(&format!("{path}/new-secret")), "new-secret").await;
            assert!(made.element("secret").is_some(), "round {round}");
        }
        let here = one.get(&path).await;
        let there = two.get(&path).await;
        let fields = |page: &crate::support::page::Page, at: usize| {
            let secret = page.body.split("name=\"secret\" value=\"").nth(at).and_then(|rest| rest.split('"').next()).expect("a live secret").to_owned();
            let csrf = page.body.split("name=\"csrf\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token").to_owned();
            (csrf, secret)
        };
        let ((csrf_one, first), (csrf_two, second)) = (fields(&here, 1), fields(&there, 2));
        let to = format!("{path}/end-secret");
        let (form_one, form_two) = (
            [("csrf", csrf_one.as_str()), ("secret", first.as_str()), ("whole", "1")],
            [("csrf", csrf_two.as_str()), ("secret", second.as_str()), ("whole", "1")],
        );
        let (a, b) = tokio::join!(one.post_from(here.url.as_str(), &to, &form_one), two.post_from(there.url.as_str(), &to, &form_two));
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409], "round {round}: one of them is the last");
    }
    // And of two who make one at once, one does.
    let (here, there) = (one.get(&path).await, two.get(&path).await);
    let (here, there) = (here.form(&format!("{path}/new-secret")), there.form(&format!("{path}/new-secret")));
    let (a, b) = tokio::join!(one.submit_once(&here, "new-secret"), two.submit_once(&there, "new-secret"));
    assert_eq!([&a, &b].iter().filter(|page| page.element("secret").is_some()).count(), 1, "{} {}", a.status, b.status);
    // The edit form of one who did not see it is overtaken.
    let edit = one.get(&format!("{path}/edit")).await;
    assert_eq!(send(&mut one, &edit, &[("name", "Desk")]).await.status, 200);
    assert_eq!(send(&mut one, &edit, &[("name", "Desk two")]).await.status, 409);
    house.close().await;
}
