//! What is typed wrongly, resent or meant badly: said at its field, with what was typed, and nothing done.

use super::{OLGA, SALES, at_portal, error, fill, send};
use crate::support::house::{Backend, House, on_both};

on_both! {
    bad_texts_are_said_at_their_fields
    bad_addresses_are_said_with_the_reason
    names_that_want_to_be_markup_stay_names
    forged_and_cut_forms_do_nothing
    odd_addresses_have_right_answers
}

async fn bad_texts_are_said_at_their_fields(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let long = "x".repeat(10_000);
    for (fields, field, message) in [
        (vec![("name", " ")], "name", "Fill this in."),
        (vec![("name", long.as_str())], "name", "Use 100 characters at most."),
        (vec![("name", "gnp\u{202e}.exe")], "name", "This contains characters that cannot be seen"),
        (vec![("name", "\u{634}\u{631}\u{643}\u{629}")], "key", "No key can be made from this name."),
        (vec![("name", "A"), ("key", "Sales Desk")], "key", "Use 1 to 50 of the characters a-z"),
        (vec![("name", "A"), ("key", "sales")], "key", "There is an app with the key sales already."),
        (vec![("name", "A"), ("description", long.as_str())], "description", "Use 1000 characters at most."),
    ] {
        let page = fill(&mut olga, "/portal/apps/new", &fields).await;
        let said = error(&page, field);
        assert!(said.starts_with(message), "{said}");
        assert_eq!(page.attribute(field, "aria-invalid").as_deref(), Some("true"));
        assert!(page.attribute(field, "aria-describedby").is_some_and(|ids| ids.contains(&format!("{field}-error"))));
        assert!(page.body.contains(fields.last().expect("a field").1), "what was typed is still there");
    }
    let new = format!("{SALES}/new-permission");
    for verb in ["a.b", "a:b", "Read", "", &"x".repeat(81)] {
        let page = fill(&mut olga, &new, &[("verb", verb)]).await;
        assert!(error(&page, "verb").starts_with("Use 1 to 80 of the characters"), "{verb:?}");
    }
    let page = olga.get(&new).await;
    let csrf = page.form(&new).press("save").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let fields = [("csrf", csrf.as_str()), ("verb", "jump"), ("implies", "fly"), ("whole", "1")];
    let page = olga.post_from(page.url.as_str(), &new, &fields).await;
    assert_eq!(error(&page, "implies"), "fly is not there any more. Load the page again.");
    let page = fill(&mut olga, &format!("{SALES}/settings"), &[("home_page", "javascript:alert(1)")]).await;
    assert!(error(&page, "home_page").starts_with("Enter an address that begins with https://"));
    house.close().await;
}

async fn bad_addresses_are_said_with_the_reason(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let new = format!("{SALES}/new-client");
    let many = (0..51).map(|at| format!("https://x.example/{at}")).collect::<Vec<_>>().join("\r\n");
    for (uri, kind, message) in [
        ("javascript:alert(1)", "web", "javascript:alert(1) is no address to come back to. Use one that begins"),
        ("http://sales.acme.example/cb", "web", "http://sales.acme.example/cb is not encrypted."),
        ("https://sales.acme.example/#x", "spa", "https://sales.acme.example/#x has a fragment"),
        ("https://*.acme.example/", "web", "https://*.acme.example/ has a wildcard."),
        ("com.example.app:/cb", "web", "com.example.app:/cb is no address"),
        ("myapp:/cb", "native", "myapp:/cb is no address to come back to. Use https, http on 127.0.0.1"),
        ("not an address", "web", "not an address is no address"),
        ("", "web", "Enter at least one redirect URI."),
        (many.as_str(), "web", "Enter 50 URIs at most"),
    ] {
        let page = fill(&mut olga, &new, &[("name", "Odd"), ("kind", kind), ("redirect_uris", uri)]).await;
        let said = error(&page, "redirect_uris");
        assert!(said.starts_with(message), "{said}");
        assert!(page.element("secret").is_none());
    }
    let fields = [("name", "Odd"), ("redirect_uris", "https://a.example/"), ("post_logout_redirect_uris", "http://b.example/")];
    assert!(error(&fill(&mut olga, &new, &fields).await, "post_logout_redirect_uris").starts_with("http://b.example/ is not encrypted."));
    for id in ["ab", "with space", "01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "<b>"] {
        let page = fill(&mut olga, &new, &[("name", "Odd"), ("redirect_uris", "https://a.example/"), ("client_id", id)]).await;
        assert!(error(&page, "client_id").starts_with("Use 3 to 100 of the characters"), "{id}");
    }
    let page = fill(&mut olga, &new, &[("name", "Odd"), ("redirect_uris", "https://a.example/"), ("client_id", "robot")]).await;
    assert!(error(&page, "client_id").starts_with("There is a client robot already."));
    assert!(olga.get(&format!("{SALES}/clients?q=odd")).await.text_contains("Nothing found"), "none of them was made");
    house.close().await;
}

async fn names_that_want_to_be_markup_stay_names(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let name = "<img src=x onerror=alert(1)>\"'";
    let page = fill(&mut olga, "/portal/apps/new", &[("name", name), ("description", name)]).await;
    assert!(page.text_contains(name) && !page.body.contains("<img"), "{}", page.body);
    let app = page.url.path().to_owned();
    assert_eq!(app, "/portal/apps/img-src-x-onerror-alert-1");
    let page = fill(&mut olga, &format!("{app}/qa/new-role"), &[("name", name), ("permissions", "read")]).await;
    assert!(page.text_contains(name) && !page.body.contains("<img"));
    let key = page.body.split("/roles/img").nth(1).and_then(|rest| rest.split('"').next()).expect("its page");
    let page = olga.get(&format!("{app}/qa/roles/img{}/remove", key.trim_end_matches("/remove"))).await;
    assert!(page.status == 200 && page.text_contains(name) && !page.body.contains("<img"), "{}", page.text());
    let page = fill(&mut olga, &format!("{app}/qa/new-client"), &[("name", name), ("redirect_uris", "https://a.example/'\"</pre>")]).await;
    assert!(page.element("secret").is_some(), "odd, and an address all the same: {}", page.text());
    let page = olga.get(page.attribute("go-on", "href").expect("a link").as_str()).await;
    assert!(page.element("snippet-env").is_some_and(|text| text.ends_with("'https://a.example/'\\''\"</pre>'")), "{:?}", page.element("snippet-env"));
    let csv = olga.get("/portal/apps.csv").await;
    assert!(csv.body.contains("\"<img src=x onerror=alert(1)>\"\"'\""));
    house.close().await;
}

async fn forged_and_cut_forms_do_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let mut olga = at_portal(&house, OLGA).await;
    let fields = [("name", "Forged"), ("key", "forged"), ("whole", "1")];
    for from in ["https://evil.example/", &format!("{}/portal/apps/new", house.issuer)] {
        let page = olga.post_from(from, "/portal/apps/new", &fields).await;
        assert!(page.status == 403 || page.status == 303, "{from}: {}", page.status);
    }
    let remove = format!("{SALES}/roles/viewer/remove");
    assert_eq!(olga.post_from(&format!("{}/portal", house.issuer), &remove, &[("whole", "1"), ("csrf", "x")]).await.status, 403);
    // A form of more boxes than we read: what is missing must not count as not ticked.
    let page = olga.get(&format!("{SALES}/new-role")).await;
    let csrf = page.form(page.url.path()).press("save").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let boxes: Vec<String> = (0..5_000).map(|at| format!("verb-{at}")).collect();
    let mut fields = vec![("csrf", csrf.as_str()), ("name", "Cut")];
    fields.extend(boxes.iter().map(|verb| ("permissions", verb.as_str())));
    fields.push(("whole", "1"));
    assert_eq!(olga.post_from(page.url.as_str(), page.url.path(), &fields).await.status, 413);
    let list = olga.get("/portal/apps").await;
    assert!(!list.text_contains("Forged") && olga.get(&format!("{SALES}/roles")).await.text_contains("Viewer"));
    house.close().await;
}

async fn odd_addresses_have_right_answers(backend: Backend) {
    let house = House::open(backend).await;
    house.apply("[organization]\nname = \"Acme\"\n[[app]]\nkey = \"new\"\nname = \"New\"\n[[app.deployment]]\nstage = \"qa\"\n").await;
    let mut olga = at_portal(&house, OLGA).await;
    for path in ["/portal/apps/none", "/portal/apps/none/qa", "/portal/apps/sales/none", "/portal/apps/sales/production/roles/none", "/portal/apps/%00/qa"] {
        assert_eq!(olga.get(path).await.status, 404, "{path}");
    }
    assert_eq!(olga.get(&format!("{SALES}/permissions/none/remove")).await.status, 404);
    for query in ["page=-1", "page=1000000000", "page=x", "stage=none", "sort=none", "q=%00%FF", &format!("q={}", "x".repeat(5_000))] {
        assert_eq!(olga.get(&format!("/portal/apps?{query}")).await.status, 200, "{query}");
        assert_eq!(olga.get(&format!("{SALES}/permissions?{query}")).await.status, 200, "{query}");
    }
    // An app may be called as the form is: its id leads to it.
    let list = olga.get("/portal/apps?q=new").await;
    let link = list.body.split("class=\"person\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").to_owned();
    assert_ne!(link, "/portal/apps/new");
    let page = olga.get(&format!("{link}/qa/new-permission")).await;
    let page = send(&mut olga, &page, &[("verb", "new")]).await;
    assert!(page.status == 200 && page.text_contains("new"), "{}", page.text());
    assert_eq!(olga.get(&format!("{link}/qa/permissions/new")).await.status, 200);
    house.close().await;
}
