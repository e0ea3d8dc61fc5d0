//! The people of the portal: their profiles edited, what their pages tell, and the list in every order and through every filter.

mod narrowed;

use crate::lives::{ANA, MAX, NORA, OLGA, house, page_of};
use crate::support::browser::Browser;
use crate::support::eyes::Eyes;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::base::id::UserId;
use gatehouse::base::time::{Clock, Timestamp};
use gatehouse::identity::user;
use gatehouse::{execute, one};

on_both! {
    a_profile_is_edited_by_whoever_manages_users
    nobody_else_edits_a_profile
    what_somebody_else_wrote_is_not_replaced_unseen
    a_page_tells_what_is_known_of_a_person
    every_order_is_kept_from_page_to_page
    who_stays_away_is_found
    what_ended_or_has_not_begun_does_not_count
    people_are_found_by_their_usernames
}

const GIL: &str = "gil@acme.example";

async fn number(house: &House, sql: &'static str) -> i64 {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    one!(tx, (i64,), sql).expect("a number").0
}

/// Writes past the rules what no page can bring about at once.
async fn write(house: &House, sql: &'static str) {
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    execute!(tx, sql).expect("written");
    tx.commit().await.expect("committed");
}

/// Who stands in a list, in its order.
fn names(page: &Page) -> Vec<String> {
    let rows = page.body.split("class=\"person\"").skip(1);
    rows.filter_map(|row| Some(row.split_once("<b><bdi>")?.1.split_once("</bdi>")?.0.to_owned())).collect()
}

async fn listed(browser: &mut Browser, query: &str) -> Vec<String> {
    let page = browser.get(&format!("/portal/users?{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    names(&page)
}

/// The same from the export.
async fn exported(browser: &mut Browser, query: &str) -> Vec<String> {
    let csv = browser.get(&format!("/portal/users.csv?{query}")).await;
    csv.body.lines().skip(1).filter_map(|line| line.split('"').nth(1).map(str::to_owned)).collect()
}

const CHANGES: &str = "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.changed'";

async fn a_profile_is_edited_by_whoever_manages_users(backend: Backend) {
    let house = house(backend).await;
    write(&house, "UPDATE users SET gender = 'f', preferred_username = 'aferreira' WHERE email_key = 'ana@acme.example'").await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let ana = page_of(&mut max, ANA).await;
    assert_eq!(max.get(&ana).await.attribute("edit-user", "href"), Some(format!("{ana}/edit")));
    let page = max.get(&format!("{ana}/edit")).await;
    assert!(page.text_contains("The profile of Ana Ferreira ( ana@acme.example )."), "{}", page.text());
    // It is not Max of whom his browser knows name and telephone number.
    assert_eq!((page.attribute("name", "value").as_deref(), page.attribute("name", "autocomplete").as_deref()), (Some("Ana Ferreira"), Some("off")));
    let form = page.form("edit-form");
    let before = number(&house, CHANGES).await;
    for (field, value, message) in [
        ("name", "  ", "fill this in"),
        ("name", "a\u{202e}b", "cannot be shown"),
        ("family_name", &*"x".repeat(101), "at most 100"),
        ("zoneinfo", "Berlin, Germany", "Europe/Berlin"),
        ("phone_number", "call me", "no telephone number"),
        ("website", "javascript:alert(1)", "no address on the web"),
        ("picture", "data:image/png;base64,AAAA", "no address on the web"),
    ] {
        let wrong = max.submit(&form.clone().fill("nickname", "Kept").fill(field, value), "save-user").await;
        let error = wrong.element(&format!("{field}-error")).unwrap_or_else(|| panic!("no message at {field}: {}", wrong.text()));
        assert!(wrong.status == 422 && error.contains(message), "{field}: {error}");
        assert_eq!(wrong.attribute(field, "aria-invalid").as_deref(), Some("true"));
        assert_eq!(wrong.attribute("nickname", "value").as_deref(), Some("Kept"), "what was typed stays");
        assert!(wrong.text_contains("Nothing was saved."), "{}", wrong.text());
    }
    assert_eq!(number(&house, CHANGES).await, before);
    let good = form.fill("name", " Ana <b>Lima</b> ").fill("nickname", "Annie").fill("locale", "de").fill("zoneinfo", "Europe/Lisbon");
    let saved = max.submit(&good.fill("website", "https://ana.example/?a=1&b=2"), "save-user").await;
    assert!(saved.url.path() == ana && saved.text_contains("Saved.") && saved.text_contains("Ana <b>Lima</b>"), "{} {}", saved.url, saved.text());
    assert!(!saved.body.contains("<b>Lima"));
    assert_eq!(number(&house, CHANGES).await, before + 1);
    let told = "SELECT COUNT(*) FROM audit_events e JOIN users m ON m.id = e.actor_id WHERE e.kind = 'user.changed' AND m.email_key = 'max@acme.example'
                AND e.payload LIKE '%Ferreira%' AND e.payload LIKE '%Lima%'";
    assert_eq!(number(&house, told).await, 1, "who, before and after");
    // What the form does not show stays.
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE gender = 'f' AND preferred_username = 'aferreira' AND nickname = 'Annie'").await, 1);
    // It is hers: her pages speak the language, and she may change it back.
    let (_, own) = enter(&house, ANA, "/account/profile").await;
    assert!(own.body.contains("<html lang=\"de\""), "{:.200}", own.body);
    assert_eq!(own.attribute("website", "value").as_deref(), Some("https://ana.example/?a=1&b=2"));
    // The same once more changes nothing and is no mistake.
    let page = max.get(&format!("{ana}/edit")).await;
    assert!(max.submit(&page.form("edit-form"), "save-user").await.text_contains("Saved."));
    assert_eq!(number(&house, CHANGES).await, before + 1);
    // A profile holds no credentials: nobody is too strong for it. Nor does it matter whether somebody came yet, or may come.
    house.invite("new@acme.example --org-role tester").await.expect("invited");
    write(&house, "UPDATE users SET status = 'inactive' WHERE email_key = 'nora@acme.example'").await;
    for email in [OLGA, NORA, "new@acme.example", MAX] {
        let page = page_of(&mut max, email).await;
        let form = max.get(&format!("{page}/edit")).await.form("edit-form").fill("nickname", "Nick");
        let saved = max.submit(&form, "save-user").await;
        assert!(saved.status == 200 && saved.text_contains("Saved."), "{email}: {} {}", saved.status, saved.text());
    }
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE nickname = 'Nick'").await, 4);
    house.close().await;
}

async fn nobody_else_edits_a_profile(backend: Backend) {
    let house = house(backend).await;
    house
        .apply(&format!(
            "[[organization_role]]\nkey = \"looker\"\nname = \"Looker\"\npermissions = [\"members.view\"]\n\
             [[user]]\nemail = \"{GIL}\"\nname = \"Gil\"\norg_roles = [\"looker\"]\npassword_hash = \"$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0\"\n"
        ))
        .await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let (ana, nora) = (page_of(&mut max, ANA).await, page_of(&mut max, NORA).await);
    let (mut gil, home) = enter(&house, GIL, "/portal").await;
    let csrf = home.form("/sign-out").press("sign-out").1.into_iter().find(|(name, _)| name == "csrf").expect("a token").1;
    let fields = [("csrf", csrf.as_str()), ("version", "1"), ("name", "Somebody Else"), ("whole", "1")];
    // He sees Ana, and may not change her.
    let page = gil.get(&ana).await;
    assert!(page.status == 200 && page.attribute("edit-user", "href").is_none(), "{}", page.text());
    let refused = gil.get(&format!("{ana}/edit")).await;
    assert!(refused.status == 403 && refused.element("edit-form").is_none(), "{}", refused.text());
    assert_eq!(gil.post_from(&house.issuer, &format!("{ana}/edit"), &fields).await.status, 403);
    // Whom he may not see he learns nothing about, and nobody else is there.
    for path in [nora.as_str(), "/portal/users/01939f6e-5a0c-7e3b-9d51-3f2a8c04b7aa", "/portal/users/nonsense"] {
        for page in [path.to_owned(), format!("{path}/edit")] {
            assert_eq!(gil.get(&page).await.status, 404, "{page}");
        }
        assert_eq!(gil.post_from(&house.issuer, &format!("{path}/edit"), &fields).await.status, 404, "{path}");
    }
    assert_eq!(Browser::new(&house.issuer).get(&format!("{ana}/edit")).await.url.path(), "/sign-in");
    // Max may, but not with a form that is not his, or that did not arrive whole.
    let form = max.get(&format!("{nora}/edit")).await.form("edit-form").fill("name", "Nora Else");
    assert_eq!(max.submit(&form.clone().fill("csrf", "x"), "save-user").await.status, 403);
    let (url, pairs) = form.press("save-user");
    for missing in ["whole", "version"] {
        let rest: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).filter(|(name, _)| *name != missing).collect();
        assert_eq!(max.post_from(&house.issuer, url.as_str(), &rest).await.status, 400, "{missing}");
    }
    // Somebody who was deleted meanwhile is not there.
    write(&house, "DELETE FROM users WHERE email_key = 'nora@acme.example'").await;
    assert_eq!(max.submit(&form, "save-user").await.status, 404);
    assert_eq!(max.get(&format!("{nora}/edit")).await.status, 404);
    assert_eq!(number(&house, CHANGES).await, 0);
    house.close().await;
}

async fn what_somebody_else_wrote_is_not_replaced_unseen(backend: Backend) {
    let house = house(backend).await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let ana = page_of(&mut max, ANA).await;
    let form = max.get(&format!("{ana}/edit")).await.form("edit-form");
    let (mut own, page) = enter(&house, ANA, "/account/profile").await;
    own.submit(&page.form("/account/profile").fill("name", "Ana Lima"), "save").await;
    let late = max.submit(&form.fill("nickname", "Annie"), "save-user").await;
    assert_eq!(late.status, 409);
    assert!(late.text_contains("Somebody changed this profile meanwhile: the person is called Ana Lima now."), "{}", late.text());
    assert_eq!((late.attribute("nickname", "value").as_deref(), late.attribute("name", "value").as_deref()), (Some("Annie"), Some("Ana Ferreira")));
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE name = 'Ana Lima' AND nickname IS NULL").await, 1);
    // Now he has seen it, and means it.
    let saved = max.submit(&late.form("edit-form"), "save-user").await;
    assert!(saved.text_contains("Saved."), "{}", saved.text());
    assert_eq!(number(&house, "SELECT COUNT(*) FROM users WHERE name = 'Ana Ferreira' AND nickname = 'Annie'").await, 1);
    // Her own window is late then, as any.
    let page = own.get("/account/profile").await;
    let form = max.get(&format!("{ana}/edit")).await.form("edit-form").fill("nickname", "Anna");
    assert_eq!(max.submit(&form, "save-user").await.status, 200);
    assert_eq!(own.submit(&page.form("/account/profile").fill("nickname", "A"), "save").await.status, 409);
    house.close().await;
}

async fn a_page_tells_what_is_known_of_a_person(backend: Backend) {
    let house = house(backend).await;
    let (mut max, _) = enter(&house, MAX, "/portal").await;
    let ana = page_of(&mut max, ANA).await;
    let page = max.get(&ana).await;
    assert!(page.text_contains("About this person E-mail address proved "), "{}", page.text());
    assert!(!page.text_contains("Username") && !page.text_contains("Terms accepted") && !page.text_contains("Not yet"), "{}", page.text());
    let at = Timestamp::parse("2026-05-01T12:00:00Z").expect("an instant");
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    let sql =
        "UPDATE users SET preferred_username = '<i>ana</i>', terms_version = '2026-04', terms_accepted_at = $1, email_verified_at = $1 WHERE email_key = $2";
    execute!(tx, sql, at, ANA).expect("written");
    tx.commit().await.expect("committed");
    let page = max.get(&ana).await;
    for text in ["Username <i>ana</i>", "E-mail address proved 1 May 2026, 12:00 UTC", "Terms accepted 2026-04, 1 May 2026, 12:00 UTC"] {
        assert!(page.text_contains(text), "{text}: {}", page.text());
    }
    house.invite("new@acme.example --org-role tester").await.expect("invited");
    let new = page_of(&mut max, "new@acme.example").await;
    assert!(max.get(&new).await.text_contains("E-mail address proved Not yet"));
    house.close().await;
}

/// Somebody who came so many days ago, and was last here so many.
async fn add(house: &House, name: &str, came: i64, last: Option<i64>) {
    let day = |days: i64| Clock::System.now().micros() - days * 86_400_000_000;
    let (email, folded) = (format!("{}@many.example", name.replace(' ', ".").to_lowercase()), name.to_lowercase());
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    let id = UserId::fresh();
    execute!(
        tx,
        "INSERT INTO users (id, email, email_key, email_domain, name, status, phone_number_verified, access_version, sort_key, search_text,
         email_verified_at, last_login_at, created_at, updated_at, version) VALUES ($1, $2, $2, 'many.example', $3, 'active', FALSE, 1, $4, $5, 1, $6, $7, $7, 1)",
        id,
        email.as_str(),
        name,
        folded.clone().into_bytes(),
        folded.as_str(),
        last.map(day),
        day(came)
    )
    .expect("inserted");
    execute!(tx, "INSERT INTO user_search (user_id, sort_key, search_text) SELECT id, sort_key, search_text FROM users WHERE id = $1", id)
        .expect("found by searches");
    tx.commit().await.expect("committed");
}

fn turn(page: &Page, rel: &str) -> Option<String> {
    let at = page.body.find(&format!("rel=\"{rel}\""))?;
    page.body[at..].split("href=\"").nth(1)?.split('"').next().map(|link| link.replace("&amp;", "&").replace("&#38;", "&"))
}

/// A list from its first page to its last, and back again: the same people both ways.
async fn walked(browser: &mut Browser, query: &str) -> Vec<String> {
    let mut page = browser.get(&format!("/portal/users?{query}")).await;
    let mut there = names(&page);
    while let Some(next) = turn(&page, "next") {
        page = browser.get(&next).await;
        there.extend(names(&page));
    }
    let mut back = names(&page);
    while let Some(previous) = turn(&page, "prev") {
        page = browser.get(&previous).await;
        back.splice(0..0, names(&page));
    }
    assert_eq!(there, back, "{query}");
    there
}

async fn every_order_is_kept_from_page_to_page(backend: Backend) {
    let house = house(backend).await;
    // A third never signed in; the others did so on days that follow neither their names nor the order in which they came.
    let last = |n: i64| (n % 3 != 0).then_some(1 + n * 37 % 121);
    let name = |n: i64| format!("Person {n:03}");
    for n in 0..120 {
        add(&house, &name(n), 200, last(n)).await;
    }
    let mut by_last: Vec<i64> = (0..120).collect();
    // The last one first; whoever never came at the end; of those the one who was made last.
    by_last.sort_by_key(|n| (last(*n).unwrap_or(i64::MAX), -n));
    let orders: [(&str, Vec<i64>); 4] = [
        ("", (0..120).collect()),
        ("newest", (0..120).rev().collect()),
        ("last_sign_in", by_last.clone()),
        // Exactly the other way round: whoever never came is found first.
        ("longest_ago", by_last.iter().rev().copied().collect()),
    ];
    let (mut olga, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.text_contains("Last sign-in, never first"), "{}", page.text());
    for (sort, order) in orders {
        let expected: Vec<String> = order.into_iter().map(name).collect();
        // With a search, without one, and among those whom a filter leaves.
        for query in [format!("q=person&sort={sort}"), format!("sort={sort}"), format!("access=nothing&sort={sort}")] {
            let found: Vec<String> = walked(&mut olga, &query).await.into_iter().filter(|name| name.starts_with("Person")).collect();
            assert_eq!(found, expected, "{query}");
        }
        assert_eq!(exported(&mut olga, &format!("q=person&sort={sort}")).await, expected, "{sort}");
    }
    house.close().await;
}

async fn who_stays_away_is_found(backend: Backend) {
    let house = house(backend).await;
    for (name, came, last) in [
        ("Person Fresh", 100, Some(1)),
        ("Person Month", 100, Some(40)),
        ("Person Never", 100, None),
        ("Person New", 1, None),
        ("Person Quarter", 200, Some(100)),
        ("Person Recent", 40, None),
    ] {
        add(&house, name, came, last).await;
    }
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    for (query, expected) in [
        ("seen=never", vec!["Never", "New", "Recent"]),
        // Whoever came yesterday is not missing yet.
        ("seen=30", vec!["Month", "Never", "Quarter", "Recent"]),
        ("seen=90", vec!["Never", "Quarter"]),
        ("seen=90&sort=longest_ago", vec!["Never", "Quarter"]),
        ("seen=90&sort=last_sign_in", vec!["Quarter", "Never"]),
        ("seen=never&sort=newest", vec!["Recent", "New", "Never"]),
        ("seen=30&status=inactive", vec![]),
        ("seen=31", vec!["Fresh", "Month", "Never", "New", "Quarter", "Recent"]),
    ] {
        let expected: Vec<String> = expected.into_iter().map(|name| format!("Person {name}")).collect();
        assert_eq!(listed(&mut olga, &format!("q=person&{query}")).await, expected, "{query}");
        assert_eq!(exported(&mut olga, &format!("q=person&{query}")).await, expected, "{query}");
        let all: Vec<String> = listed(&mut olga, query).await.into_iter().filter(|name| name.starts_with("Person")).collect();
        assert_eq!(all, expected, "{query}");
    }
    let page = olga.get("/portal/users?seen=90&q=person").await;
    assert!(page.text_contains("2 people") && page.body.contains("<option value=\"90\" selected>Not for 90 days</option>"), "{}", page.body);
    house.close().await;
}

/// Who holds what, and where.
const FILTERS: [&str; 5] = ["access=members", "access=end_users", "access=nothing", "stage=development", "stage=production"];

async fn check(browser: &mut Browser, when: &str, lists: [&[&str]; 5]) {
    for (query, names) in FILTERS.into_iter().zip(lists) {
        assert_eq!(listed(browser, query).await, names, "{when}: {query}");
        assert_eq!(exported(browser, query).await, names, "{when}: {query}");
    }
}

async fn what_ended_or_has_not_begun_does_not_count(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let (ana, nora, both) = (&["Ana Ferreira"] as &[&str], &["Nora Nobody"] as &[&str], &["Ana Ferreira", "Nora Nobody"] as &[&str]);
    let (members, owner, none) = (&["Ana Ferreira", "Olga Owner"] as &[&str], &["Olga Owner"] as &[&str], &[] as &[&str]);
    check(&mut olga, "everything is in force", [members, ana, nora, ana, ana]).await;
    write(&house, "UPDATE organization_grants SET ends_at = 1 WHERE user_id = (SELECT id FROM users WHERE email_key = 'ana@acme.example')").await;
    check(&mut olga, "the organization role ended", [owner, ana, nora, ana, ana]).await;
    assert!(!olga.get("/portal/users?q=ana").await.text_contains("Tester"), "what ended is not what she holds");
    write(&house, "UPDATE end_user_grants SET ends_at = 1 WHERE user_id IS NOT NULL").await;
    check(&mut olga, "the direct roles ended too", [owner, ana, nora, none, ana]).await;
    write(&house, "UPDATE memberships SET starts_at = 9000000000000000").await;
    check(&mut olga, "the membership has not begun", [owner, none, both, none, none]).await;
    assert!(olga.get("/portal/users?q=ana").await.text_contains("No access"));
    write(&house, "UPDATE memberships SET starts_at = NULL").await;
    write(&house, "UPDATE end_user_grants SET starts_at = 9000000000000000 WHERE group_id IS NOT NULL").await;
    check(&mut olga, "the role of the group has not begun; she belongs to it", [owner, none, both, none, ana]).await;
    write(&house, "UPDATE end_user_grants SET starts_at = 1, ends_at = 9000000000000000 WHERE group_id IS NOT NULL").await;
    check(&mut olga, "it is in force until a day", [owner, ana, nora, none, ana]).await;
    // What ended stands on her page all the same, for whoever wants to give it again.
    let page = page_of(&mut olga, ANA).await;
    let page = olga.get(&page).await;
    assert!(page.text_contains("Tester") && page.text_contains("ended on"), "{}", page.text());
    // Somebody who sees a stage only: who held something there is still seen, and not counted as holding it.
    house
        .apply(
            "[[organization_role]]\nkey = \"watcher\"\nname = \"Watcher\"\npermissions = [{ permission = \"end_users.view\", at = [\"development\"] }]\n\
             [[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"watcher\"]\n",
        )
        .await;
    let (mut watcher, _) = enter(&house, NORA, "/portal").await;
    for (query, expected) in [("", ana), ("access=end_users", none), ("stage=development", none)] {
        assert_eq!(listed(&mut watcher, query).await, expected, "{query}");
    }
    write(&house, "UPDATE end_user_grants SET ends_at = NULL WHERE user_id IS NOT NULL").await;
    for query in ["", "access=end_users", "stage=development"] {
        assert_eq!(listed(&mut watcher, query).await, ana, "{query}");
    }
    house.close().await;
}

async fn people_are_found_by_their_usernames(backend: Backend) {
    let house = House::open(backend).await;
    house.apply("[[user]]\nemail = \"ana@acme.example\"\nprofile = { preferred_username = \"Áfr-77\" }\n").await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    for (query, found) in [("q=afr-77", true), ("q=%C3%81FR", true), ("q=afr-78", false)] {
        assert_eq!(listed(&mut olga, query).await == ["Ana Ferreira"], found, "{query}");
    }
    // Who had a username before usernames were searched is found after the next start.
    write(&house, "UPDATE users SET preferred_username = 'Nörgel' WHERE email_key = 'nora@acme.example'").await;
    write(&house, "INSERT INTO user_search_stale (user_id) SELECT id FROM users WHERE preferred_username IS NOT NULL").await;
    assert!(listed(&mut olga, "q=norgel").await.is_empty());
    for _ in 0..2 {
        user::refold(&house.server.ground).await.expect("folded again");
        assert_eq!(listed(&mut olga, "q=norgel").await, ["Nora Nobody"]);
        assert_eq!(listed(&mut olga, "q=afr-77").await, ["Ana Ferreira"]);
        assert_eq!(number(&house, "SELECT COUNT(*) FROM user_search_stale").await, 0);
    }
    assert_eq!(listed(&mut olga, "").await, ["Ana Ferreira", "Nora Nobody", "Olga Owner"], "the order is that of names");
    house.close().await;
}

#[actix_web::test]
async fn editing_a_person_looks_right() {
    let Some(eyes) = Eyes::open(true).await else { return };
    let house = house(Backend::Sqlite).await;
    let go = async |path: &str| eyes.chromium.goto(&format!("{}{path}", house.issuer)).await;
    go("/sign-in?to=/portal").await;
    eyes.fill("username", OLGA).await;
    eyes.fill("password", PASSWORD).await;
    eyes.submit("login-submit").await;
    go(&format!("/portal/users?q={ANA}")).await;
    eyes.click_on("a.person").await;
    eyes.reads(&["About this person", "E-mail address proved"]).await;
    eyes.submit("edit-user").await;
    eyes.reads(&["Edit the profile", "Ana Ferreira"]).await;
    eyes.look("user-edit", 200).await;
    eyes.fill("zoneinfo", "somewhere else").await;
    eyes.submit("save-user").await;
    eyes.reads(&["Nothing was saved."]).await;
    eyes.look("user-edit-errors", 422).await;
    eyes.fill("zoneinfo", "Europe/Lisbon").await;
    eyes.submit("save-user").await;
    eyes.reads(&["Saved."]).await;
    eyes.close().await;
    house.close().await;
}
