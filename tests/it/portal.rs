//! The portal from outside: signing in to it, the people in it, and what is taken away there.

use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use gatehouse::base::time::Clock;
use gatehouse::execute;
use std::io::Write;
use std::time::Instant;
use url::Url;

on_both! {
    somebody_signs_in_and_out
    people_are_found_filtered_and_exported
    filters_tell_nothing_that_the_reader_may_not_see
    what_a_person_holds_is_taken_away
    somebody_is_shut_out_and_let_in_again
    sessions_end_from_the_portal
    a_hundred_thousand_people_are_listed_quickly
}

const OLGA: &str = "olga@acme.example";
const ANA: &str = "ana@acme.example";

async fn somebody_signs_in_and_out(backend: Backend) {
    let house = House::open(backend).await;
    let (mut browser, page) = enter(&house, OLGA, "/portal/users?q=ana").await;
    assert_eq!((page.url.path(), page.url.query()), ("/portal/users", Some("q=ana")), "back to where she wanted to go");
    assert!(page.text_contains("Ana Ferreira") && !page.text_contains("Nora Nobody"));
    assert!(browser.refused_cookies.is_empty(), "{:?}", browser.refused_cookies);
    // Signed in, the form has nothing to ask.
    assert_eq!(browser.get("/sign-in").await.url.path(), "/portal");
    // It leads to our own pages and nowhere else.
    for astray in ["https://evil.example/portal", "//evil.example", "/login", "/portal/../login", "/portalx"] {
        let to = Url::parse_with_params(&format!("{}/sign-in", house.issuer), [("to", astray)]).expect("a URL");
        assert_eq!(browser.get(to.as_str()).await.url.as_str(), format!("{}/portal", house.issuer), "{astray}");
    }
    // A portal session opens no app, and the session of a stage no portal.
    let page = browser.get("/portal").await;
    let page = browser.submit(&page.form("/sign-out"), "sign-out").await;
    assert_eq!(page.url.path(), "/signed-out");
    let page = browser.get("/portal").await;
    assert_eq!(page.url.path(), "/sign-in");
    // A wrong password says so, keeps the address, and leads on afterwards.
    let form = page.form("/sign-in").fill("username", OLGA).fill("password", "wrong");
    let page = browser.submit(&form, "login-submit").await;
    assert_eq!(page.status, 422);
    assert!(page.text_contains("do not belong together"));
    assert_eq!(page.attribute("username", "value").as_deref(), Some(OLGA));
    let form = page.form("/sign-in").fill("password", PASSWORD);
    assert_eq!(browser.submit(&form, "login-submit").await.url.path(), "/portal");
    house.close().await;
}

async fn people_are_found_filtered_and_exported(backend: Backend) {
    let house = House::open(backend).await;
    let (mut browser, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.text_contains("3 people") && page.text_contains("Tester") && page.text_contains("and 2 more"), "{}", page.text());
    for (query, there, absent) in [
        ("q=FERREI", vec!["Ana Ferreira"], vec!["Nora", "Olga Owner"]),
        ("q=ana%40acme", vec!["Ana Ferreira"], vec!["Nora"]),
        ("q=%25", vec!["Nothing found"], vec!["Ana Ferreira"]),
        ("q=_", vec!["Nothing found"], vec![]),
        ("access=members", vec!["Ana Ferreira", "Olga Owner"], vec!["Nora"]),
        ("access=end_users", vec!["Ana Ferreira"], vec!["Nora", "Olga Owner"]),
        ("access=nothing", vec!["Nora Nobody"], vec!["Ana Ferreira"]),
        ("status=inactive", vec!["Nothing found"], vec!["Ana Ferreira"]),
        ("stage=development", vec!["Ana Ferreira"], vec!["Nora"]),
        ("stage=qa", vec!["Nothing found"], vec!["Ana Ferreira"]),
        ("page=-1&after=x&sort=nonsense&status=x&stage=y", vec!["Ana Ferreira", "Nora Nobody"], vec![]),
        ("page=1000000000", vec!["Ana Ferreira"], vec![]),
    ] {
        let page = browser.get(&format!("/portal/users?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        let list = page.text();
        assert!(there.iter().all(|text| list.contains(text)), "{query}: {list}");
        assert!(absent.iter().all(|text| !page.body.contains(&format!("<b><bdi>{text}"))), "{query}: {list}");
    }
    let csv = browser.get("/portal/users.csv?q=ferreira").await;
    assert_eq!(csv.header("content-type"), Some("text/csv; charset=utf-8"));
    let lines: Vec<&str> = csv.body.lines().collect();
    assert_eq!(lines.len(), 2, "{}", csv.body);
    assert!(lines[1].starts_with("\"Ana Ferreira\",\"ana@acme.example\",\"active\",\"Tester; "), "{}", lines[1]);
    house.close().await;
}

async fn filters_tell_nothing_that_the_reader_may_not_see(backend: Backend) {
    let house = House::open(backend).await;
    house
        .apply(
            "[[organization_role]]\nkey = \"watcher\"\nname = \"Watcher\"\npermissions = [{ permission = \"end_users.view\", at = [\"development\"] }]\n\
             [[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"watcher\"]\n",
        )
        .await;
    let (mut nora, page) = enter(&house, "nora@acme.example", "/portal/users").await;
    // At Development she sees Ana with her role there, and nothing else of what Ana holds.
    assert!(page.text_contains("Ana Ferreira") && page.text_contains("Viewer (Development)") && !page.text_contains("Olga Owner"), "{}", page.text());
    assert!(!page.text_contains("Tester") && !page.text_contains("Approver") && !page.text_contains("EMEA Sales"), "{}", page.text());
    for (query, seen) in
        [("access=end_users", true), ("stage=development", true), ("access=members", false), ("access=nothing", false), ("stage=production", false)]
    {
        let page = nora.get(&format!("/portal/users?{query}")).await;
        assert_eq!(page.body.contains("<b><bdi>Ana Ferreira"), seen, "{query}: {}", page.text());
        assert_eq!(nora.get(&format!("/portal/users.csv?{query}")).await.body.contains("Ana Ferreira"), seen, "{query}");
    }
    // Nor does the overview count what she may not list.
    assert!(!nora.get("/portal").await.text_contains("open invitation"));
    house.close().await;
}

/// The address of somebody's page, by the list.
async fn page_of(browser: &mut crate::support::browser::Browser, email: &str) -> String {
    let list = browser.get(&format!("/portal/users?q={email}")).await;
    let at = list.body.find("href=\"/portal/users/").expect("a person");
    list.body[at + 6..].split('"').next().expect("a link").to_owned()
}

async fn what_a_person_holds_is_taken_away(backend: Backend) {
    let house = House::open(backend).await;
    let (mut browser, _) = enter(&house, OLGA, "/portal").await;
    let ana = page_of(&mut browser, ANA).await;
    let page = browser.get(&ana).await;
    for text in ["Tester", "Whole organization", "Approver", "Sales Desk at Production", "through EMEA Sales", "EMEA Sales", "by apply"] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    // Each is taken away on a page of its own, which says what follows.
    for (text, follows) in [("Tester", "permissions of this role"), ("Approver", "next token"), ("EMEA Sales", "One role comes with this group")] {
        let page = browser.get(&ana).await;
        let row = page.body.split("<tr>").find(|row| row.contains(&format!("<b><bdi>{text}</bdi>")) && row.contains("/revoke?")).expect("a row with a link");
        let link = row.split("href=\"").find_map(|rest| rest.split('"').next().filter(|link| link.contains("/revoke?"))).expect("a link");
        let question = browser.get(&link.replace("&amp;", "&").replace("&#38;", "&")).await;
        assert!(question.text_contains(follows) && question.text_contains("Ana Ferreira loses"), "{}", question.text());
        let form = question.form(&format!("{ana}/revoke"));
        let done = browser.submit(&form, "revoke").await;
        assert!(done.text_contains("Taken away."), "{}", done.text());
        // The back button sends it again: it is gone, and that is all.
        let again = browser.submit(&form, "revoke").await;
        assert!(again.text_contains("Taken away."), "{}", again.text());
    }
    let page = browser.get(&ana).await;
    assert!(!page.text_contains("Tester") && !page.text_contains("Approver") && !page.text_contains("EMEA Sales"), "{}", page.text());
    // The last Administrator stays, whatever is asked.
    let olga = page_of(&mut browser, OLGA).await;
    let page = browser.get(&olga).await;
    let link = page.body.split("href=\"").find_map(|rest| rest.split('"').next().filter(|link| link.contains("/revoke?"))).expect("a link");
    let question = browser.get(&link.replace("&amp;", "&").replace("&#38;", "&")).await;
    let refused = browser.submit(&question.form(&format!("{olga}/revoke")), "revoke").await;
    assert_eq!(refused.status, 409);
    assert!(refused.text_contains("This is the last Administrator."));
    // What is not there is nothing to ask about.
    for odd in ["kind=role&of=x", "kind=nonsense&of=y", "kind=group&of=01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", ""] {
        assert_eq!(browser.get(&format!("{ana}/revoke?{odd}")).await.status, 404, "{odd}");
    }
    assert_eq!(browser.get("/portal/users/nonsense").await.status, 404);
    house.close().await;
}

async fn somebody_is_shut_out_and_let_in_again(backend: Backend) {
    let house = House::open(backend).await;
    let (mut ana, _) = enter(&house, ANA, "/portal").await;
    let (mut browser, _) = enter(&house, OLGA, "/portal").await;
    let link = page_of(&mut browser, ANA).await;
    let page = browser.get(&link).await;
    assert!(page.text_contains("ends every session and token"));
    let done = browser.submit(&page.form(&format!("{link}/status")), "deactivate").await;
    assert!(done.text_contains("Deactivated. Every session") && done.text_contains("This person is deactivated"), "{}", done.text());
    assert_eq!(ana.get("/portal").await.url.path(), "/sign-in", "her session is gone at once");
    let done = browser.submit(&done.form(&format!("{link}/status")), "activate").await;
    assert!(done.text_contains("Activated."), "{}", done.text());
    let (_, page) = enter(&house, ANA, "/portal").await;
    assert_eq!(page.url.path(), "/portal");
    // Nobody locks the door behind themselves.
    let link = page_of(&mut browser, OLGA).await;
    let page = browser.get(&link).await;
    assert!(page.text_contains("This is you"));
    let refused = browser.submit(&page.form(&format!("{link}/status")), "deactivate").await;
    assert_eq!(refused.status, 409);
    assert!(refused.text_contains("This is the last Administrator."));
    house.close().await;
}

async fn sessions_end_from_the_portal(backend: Backend) {
    let house = House::open(backend).await;
    let (mut one, _) = enter(&house, ANA, "/portal").await;
    let (mut two, _) = enter(&house, ANA, "/portal").await;
    let (mut browser, _) = enter(&house, OLGA, "/portal").await;
    let link = page_of(&mut browser, ANA).await;
    let page = browser.get(&link).await;
    assert_eq!(page.body.matches("name=\"session\"").count(), 2);
    let done = browser.submit(&page.form(&format!("{link}/sessions")), "end-sessions").await;
    assert!(done.text_contains("Signed in nowhere."), "{}", done.text());
    for ana in [&mut one, &mut two] {
        assert_eq!(ana.get("/portal").await.url.path(), "/sign-in");
    }
    house.close().await;
}

/// Writes many people as an import would: in one transaction.
async fn populate(house: &House, count: usize) {
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    for n in 0..count {
        let (name, email) = (format!("Person {n:06} Müller"), format!("person{n:06}@many.example"));
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, email_domain, name, status, phone_number_verified, access_version, sort_key, search_text,
             email_verified_at, created_at, updated_at, version) VALUES ($1, $2, $2, 'many.example', $3, 'active', FALSE, 1, $4, $5, 1, $6, $6, 1)",
            gatehouse::base::id::UserId::fresh(),
            email.as_str(),
            name.as_str(),
            format!("person {n:06} muller").into_bytes(),
            format!("person {n:06} muller {email}"),
            i64::try_from(n).expect("a number")
        )
        .expect("inserted");
    }
    execute!(tx, "INSERT INTO user_search (user_id, sort_key, search_text) SELECT id, sort_key, search_text FROM users WHERE email LIKE '%@many.example'")
        .expect("found by searches");
    tx.commit().await.expect("committed");
}

/// How long the page takes, and whether it does not tell that there are so many.
async fn timed(browser: &mut crate::support::browser::Browser, query: &str, people: &str, wrong: &mut Vec<String>) -> String {
    let began = Instant::now();
    let page = browser.get(&format!("/portal/users?{query}")).await;
    let took = began.elapsed();
    if page.status != 200 || !page.text_contains(people) {
        wrong.push(format!("{query}: {people}: {} {:.300}", page.status, page.text()));
    }
    format!("{query:?} {} ms", took.as_millis())
}

const MANY: &str = "10,000+ people";

async fn a_hundred_thousand_people_are_listed_quickly(backend: Backend) {
    let house = House::open(backend).await;
    populate(&house, 100_000).await;
    let (mut browser, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.text_contains("10,000+ people"), "{:.200}", page.text());
    let (mut times, mut wrong) = (Vec::new(), Vec::new());
    for (query, people) in [
        ("", MANY),
        ("q=muller", MANY),
        ("q=099999", "Users 1 person"),
        ("q=nobody-at-all", "Users 0 people"),
        ("access=members", "Users 2 people"),
        ("access=end_users", "Users 1 person"),
        ("access=nothing", MANY),
        ("access=nothing&sort=last_sign_in", MANY),
        ("access=nothing&q=09999", "Users 11 people"),
        ("sort=newest", MANY),
        ("sort=last_sign_in", MANY),
        ("sort=longest_ago", MANY),
        ("seen=never", MANY),
        ("seen=90", MANY),
        ("seen=90&sort=longest_ago", MANY),
        ("status=inactive", "Users 0 people"),
        ("status=active", MANY),
        ("sort=status", MANY),
        ("app=sales", "Users 1 person"),
        ("app=sales&seen=90", "Users 0 people"),
        ("stage=production", "Users 1 person"),
    ] {
        times.push(timed(&mut browser, query, people, &mut wrong).await);
    }
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    let given = execute!(
        tx,
        "INSERT INTO end_user_grants (id, user_id, role_id, stage_id, granted_by_kind, granted_by_label, granted_at, version)
         SELECT u.id, u.id, r.id, r.stage_id, 'system', 'test', 1, 1 FROM users u, end_user_roles r WHERE u.email LIKE '%@many.example' AND r.key = 'author'"
    );
    assert_eq!(given.expect("given"), 100_000);
    // PostgreSQL looks at its tables by itself a while later.
    execute!(tx, "ANALYZE").expect("analyzed");
    tx.commit().await.expect("committed");
    house.apply("[organization]\nname = \"Acme\"\ninternal_domains = [\"many.example\"]\n").await;
    for (query, people) in [
        ("app=wiki", MANY),
        ("app=wiki&sort=status", MANY),
        ("app=wiki&seen=never", MANY),
        ("app=wiki&stage=production", MANY),
        ("app=wiki&q=099999", "Users 1 person"),
        ("app=wiki&status=inactive", "Users 0 people"),
        ("app=sales", "Users 1 person"),
        ("stage=production", MANY),
        ("access=end_users", MANY),
        ("access=nothing", "Users 1 person"),
        ("access=nothing&q=person", "Users 0 people"),
        ("domain=internal", MANY),
        ("domain=internal&sort=last_sign_in", MANY),
        ("domain=external", "Users 3 people"),
    ] {
        times.push(timed(&mut browser, query, people, &mut wrong).await);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let page = browser.get("/portal/users?app=wiki").await;
    // Ana by a shared role that the app lists, through a group; then the others.
    assert!(page.text_contains("10,000+ people") && page.text_contains("Ana Ferreira") && page.text_contains("Person 000048"), "{}", page.text());
    assert!(!page.text_contains("Person 000049"));
    // Numbers for whoever reads them; machines differ, so nothing is asserted about them here.
    let line = format!("{backend:?}, 100,000 people: {}\n", times.join(", "));
    // The harness captures what is printed; this line is for whoever runs the tests.
    let _ = std::io::stderr().write_all(line.as_bytes());
    // Paging goes on from row to row, forwards and backwards, to the very end.
    let link = |page: &crate::support::page::Page, rel: &str| {
        let at = page.body.find(&format!("rel=\"{rel}\""))?;
        page.body[at..].split("href=\"").nth(1)?.split('"').next().map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
    };
    let first = browser.get("/portal/users?q=person").await;
    let second = browser.get(&link(&first, "next").expect("more")).await;
    assert!(second.text_contains("Person 000050") && second.text_contains("Person 000099") && !second.text_contains("Person 000100"));
    let back = browser.get(&link(&second, "prev").expect("before")).await;
    assert!(back.text_contains("Person 000000") && back.text_contains("Person 000049") && !back.text_contains("Person 000050"));
    assert_eq!(link(&back, "prev"), None);
    house.close().await;
}

#[actix_web::test]
async fn the_portal_in_every_look() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open_with(Backend::Sqlite, &[], Clock::System).await;
    let at = |path: &str| format!("{}{path}", house.issuer);
    eyes.chromium.goto(&at("/portal")).await;
    eyes.look("sign-in-own", 200).await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["Overview", "Needs attention"]).await;
    eyes.look("portal-overview", 200).await;
    eyes.chromium.goto(&at("/portal/users")).await;
    eyes.reads(&["Ana Ferreira"]).await;
    eyes.look("portal-users", 200).await;
    eyes.chromium.goto(&at("/portal/users?q=nobody")).await;
    eyes.look("portal-users-none", 200).await;
    populate(&house, 120).await;
    eyes.chromium.goto(&at("/portal/users?q=person")).await;
    eyes.look("portal-users-many", 200).await;
    eyes.chromium.goto(&at("/portal/users?q=ana")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["Organization roles", "through EMEA Sales"]).await;
    eyes.look("portal-user", 200).await;
    eyes.click_on("td.end a[href*=revoke]").await;
    eyes.reads(&["Take away?"]).await;
    eyes.look("portal-revoke", 200).await;
    // Somebody who may not: it says which permission is missing, where there is one that would do.
    eyes.chromium.client.delete_all_cookies().await.expect("signed out");
    eyes.chromium.goto(&at("/sign-in?to=/portal/settings")).await;
    eyes.fill("username", ANA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    for (path, name) in [("/portal/settings", "portal-denied"), ("/portal/settings/mail", "portal-denied-to-all-but-administrators")] {
        eyes.chromium.goto(&at(path)).await;
        assert_eq!(eyes.chromium.evaluate("document.getElementById('denied') !== null").await, true, "{path}");
        eyes.look(name, 403).await;
    }
    eyes.close().await;
    house.close().await;
}

#[actix_web::test]
async fn no_page_asks_another_site() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = House::open_with(Backend::Sqlite, &[], Clock::System).await;
    crate::demo::enable(&house, "sales", "production").await;
    let at = |path: &str| format!("{}{path}", house.issuer);
    // Everything that the page asked for, once all of it is there.
    let asks_only_us = async |page: &str| {
        let loaded = "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', () => done()))";
        let entries = "['navigation', 'resource'].flatMap(type => performance.getEntriesByType(type)).map(entry => entry.name)";
        let asked = eyes.chromium.evaluate(&format!("{loaded}.then(() => {entries})")).await;
        let asked: Vec<&str> = asked.as_array().expect("a list").iter().map(|name| name.as_str().expect("an address")).collect();
        assert!(asked.iter().any(|name| name.ends_with("/gatehouse.css")), "{page}: {asked:?}");
        for name in asked {
            assert!(name.starts_with(&at("/")), "{page} asks for {name}");
        }
    };
    eyes.chromium.goto(&at("/sign-in")).await;
    asks_only_us("the sign-in page").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["Overview"]).await;
    asks_only_us("the overview").await;
    eyes.chromium.goto(&at("/portal/users?q=ana")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["through EMEA Sales"]).await;
    asks_only_us("the page of a user").await;
    eyes.chromium.goto(&at("/try/sales/production")).await;
    eyes.submit("try-begin").await;
    eyes.fill("username", ANA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    eyes.reads(&["What Sales Desk was told"]).await;
    asks_only_us("the result of the demo").await;
    // What the content security policy kept from another site would stand in the console.
    eyes.close().await;
    house.close().await;
}
