//! The list of users by app, by whose domain an address is at, by standing, and by the sign-ins at a place.

use super::{add, exported, listed, walked, write};
use crate::lives::{ANA, NORA, OLGA, page_of};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use gatehouse::base::time::Clock;
use gatehouse::execute;

on_both! {
    people_are_found_by_what_counts_in_an_app
    a_reader_finds_apps_only_where_people_are_seen
    those_who_stand_alike_stand_together
    addresses_are_told_apart_by_the_domains_of_the_organization
    usernames_stand_beside_addresses
    who_stays_away_from_a_place_is_found_there
    the_search_in_the_head_leads_to_the_list
}

const NONE: &[&str] = &[];

/// The list and its export tell the same people.
async fn finds(browser: &mut Browser, query: &str, names: &[&str]) {
    assert_eq!(listed(browser, query).await, names, "{query}");
    assert_eq!(exported(browser, query).await, names, "the export of {query}");
}

async fn people_are_found_by_what_counts_in_an_app(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.body.contains("<option value=\"wiki\">Wiki</option>"), "{}", page.body);
    let ana: &[&str] = &["Ana Ferreira"];
    let everybody: &[&str] = &["Ana Ferreira", "Nora Nobody", "Olga Owner"];
    for (query, found) in [
        ("app=sales", ana),
        ("app=sales&stage=production", ana),
        ("app=sales&stage=development", ana),
        ("app=sales&stage=qa", NONE),
        // A role of Sales Desk that she has through a group counts in the Wiki, which lists it.
        ("app=wiki", ana),
        ("app=wiki&stage=development", NONE),
        ("app=wiki&q=ana&sort=last_sign_in&access=members&status=active", ana),
        ("app=wiki&q=nora", NONE),
        ("app=nonsense", everybody),
    ] {
        finds(&mut olga, query, found).await;
    }
    write(&house, "UPDATE memberships SET starts_at = 9000000000000000").await;
    finds(&mut olga, "app=wiki", NONE).await;
    finds(&mut olga, "app=sales&stage=production", ana).await;
    write(&house, "UPDATE end_user_grants SET ends_at = 1 WHERE user_id IS NOT NULL").await;
    finds(&mut olga, "app=sales", NONE).await;
    write(&house, "UPDATE memberships SET starts_at = NULL").await;
    for query in ["app=wiki", "app=sales", "app=sales&stage=production"] {
        finds(&mut olga, query, ana).await;
    }
    // She belongs to the group at Production, and that gives nothing at Development.
    finds(&mut olga, "app=sales&stage=development", NONE).await;
    house.close().await;
}

async fn a_reader_finds_apps_only_where_people_are_seen(backend: Backend) {
    let house = House::open(backend).await;
    house
        .apply(
            "[[organization_role]]\nkey = \"watcher\"\nname = \"Watcher\"\npermissions = [{ permission = \"end_users.view\", at = [\"development\"] }]\n\
             [[user]]\nemail = \"nora@acme.example\"\norg_roles = [\"watcher\"]\n",
        )
        .await;
    let (mut nora, page) = enter(&house, NORA, "/portal/users").await;
    assert!(page.body.contains("<option value=\"sales\">") && !page.body.contains("<option value=\"wiki\">"), "{}", page.body);
    // The Wiki is only at Production: for her it is not there, and narrows nothing.
    let ana: &[&str] = &["Ana Ferreira"];
    for (query, found) in [("app=sales", ana), ("app=sales&stage=production", NONE), ("app=wiki", ana), ("app=x", ana)] {
        finds(&mut nora, query, found).await;
    }
    // Nor do the sign-ins tell what she may not see.
    signed_in(&house, "production", 0).await;
    finds(&mut nora, "app=sales&seen=never", ana).await;
    signed_in(&house, "development", 0).await;
    finds(&mut nora, "app=sales&seen=never", NONE).await;
    write(&house, "UPDATE end_user_grants SET ends_at = 1 WHERE user_id IS NOT NULL").await;
    finds(&mut nora, "app=sales", NONE).await;
    house.close().await;
}

async fn those_who_stand_alike_stand_together(backend: Backend) {
    let house = House::open(backend).await;
    let place = |n: i64| match n % 10 {
        1 | 2 => 0,
        3 => 1,
        4 => 3,
        _ => 2,
    };
    for n in 0..120 {
        add(&house, &format!("Person {n:03}"), 1, None).await;
    }
    let standing = "UPDATE users SET status = CASE substr(name, 10, 1) WHEN '1' THEN 'invited' WHEN '2' THEN 'invited' WHEN '3' THEN 'pending_registration'
                    WHEN '4' THEN 'inactive' ELSE 'active' END WHERE name LIKE 'Person %'";
    write(&house, standing).await;
    let mut order: Vec<i64> = (0..120).collect();
    order.sort_by_key(|n| (place(*n), *n));
    let expected: Vec<String> = order.into_iter().map(|n| format!("Person {n:03}")).collect();
    let (mut olga, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.text_contains("By status"), "{}", page.text());
    for query in ["sort=status", "q=person&sort=status", "access=nothing&sort=status"] {
        let found: Vec<String> = walked(&mut olga, query).await.into_iter().filter(|name| name.starts_with("Person")).collect();
        assert_eq!(found, expected, "{query}");
    }
    assert_eq!(exported(&mut olga, "q=person&sort=status").await, expected);
    let active = walked(&mut olga, "q=person&status=active&sort=status").await;
    assert_eq!(active.len(), 72, "{active:?}");
    assert!(active.is_sorted());
    house.close().await;
}

async fn addresses_are_told_apart_by_the_domains_of_the_organization(backend: Backend) {
    let house = House::open(backend).await;
    for name in ["Person Far", "Person Like", "Person Under"] {
        add(&house, name, 1, None).await;
    }
    write(
        &house,
        "UPDATE users SET email = 'like@notacme.example', email_key = 'like@notacme.example', email_domain = 'notacme.example' WHERE name = 'Person Like'",
    )
    .await;
    write(&house, "UPDATE users SET email = 'Under@Sub.Acme.Example', email_key = 'under@sub.acme.example', email_domain = 'sub.acme.example' WHERE name = 'Person Under'").await;
    // Its own people write their addresses as they like.
    write(&house, "UPDATE users SET email = 'Nora@ACME.example' WHERE name = 'Nora Nobody'").await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/users").await;
    assert_eq!(page.attribute("filter-domain", "name").as_deref(), Some("domain"));
    assert_eq!(page.text().matches("· external").count(), 3, "{}", page.text());
    let own: &[&str] = &["Ana Ferreira", "Nora Nobody", "Olga Owner"];
    let others: &[&str] = &["Person Far", "Person Like", "Person Under"];
    for (query, found) in [("domain=internal", own), ("domain=external", others), ("domain=external&q=person", others), ("domain=internal&q=person", NONE)] {
        finds(&mut olga, query, found).await;
    }
    assert_eq!(listed(&mut olga, "domain=nonsense").await.len(), 6);
    let csv = olga.get("/portal/users.csv?domain=external&q=like").await;
    assert!(csv.body.lines().nth(1).is_some_and(|line| line.ends_with("\"external\"")), "{}", csv.body);
    for (who, says) in [("like", "E-mail domain external"), (ANA, "E-mail domain internal")] {
        let page = page_of(&mut olga, who).await;
        let page = olga.get(&page).await;
        assert!(page.text_contains(says), "{who}: {}", page.text());
    }
    // Several domains; the first one is none of them any more.
    house.apply("[organization]\nname = \"Acme\"\ninternal_domains = [\"sub.acme.example\", \"many.example\"]\n").await;
    finds(&mut olga, "domain=internal", &["Person Far", "Person Under"]).await;
    // An organization that names none has nobody to tell apart.
    house.apply("[organization]\nname = \"Acme\"\ninternal_domains = []\n").await;
    let page = olga.get("/portal/users").await;
    assert!(page.attribute("filter-domain", "name").is_none() && !page.text_contains("external"), "{}", page.text());
    assert_eq!(listed(&mut olga, "domain=external").await.len(), 6);
    let page = page_of(&mut olga, ANA).await;
    assert!(!olga.get(&page).await.text_contains("E-mail domain"));
    house.close().await;
}

async fn usernames_stand_beside_addresses(backend: Backend) {
    let house = House::open(backend).await;
    write(&house, "UPDATE users SET preferred_username = 'a<i>fr' WHERE email_key = 'ana@acme.example'").await;
    write(&house, "UPDATE users SET preferred_username = 'Nora@acme.example' WHERE email_key = 'nora@acme.example'").await;
    let (mut olga, page) = enter(&house, OLGA, "/portal/users").await;
    assert!(page.text_contains("ana@acme.example · a<i>fr") && !page.body.contains("a<i>fr"), "{}", page.text());
    assert!(!page.text_contains("Nora@acme.example") && !page.text_contains("nora@acme.example ·"), "{}", page.text());
    let csv = olga.get("/portal/users.csv").await;
    let lines: Vec<&str> = csv.body.lines().collect();
    assert!(lines[0].ends_with("\"Last sign-in\",\"Username\",\"E-mail domain\""), "{}", lines[0]);
    assert!(lines[1].ends_with(",\"a<i>fr\",\"internal\"") && lines[2].ends_with(",\"\",\"internal\""), "{}", csv.body);
    house.close().await;
}

/// Ana was at Sales Desk there so many days ago.
async fn signed_in(house: &House, stage: &str, days: i64) {
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    let rows = execute!(
        tx,
        "INSERT INTO sign_ins (user_id, deployment_id, last_at) SELECT u.id, d.id, $1 FROM users u, deployments d JOIN apps a ON a.id = d.app_id
         JOIN stages s ON s.id = d.stage_id WHERE u.email_key = $2 AND a.key = 'sales' AND s.key = $3",
        Clock::System.now().micros() - days * 86_400_000_000,
        ANA,
        stage
    );
    assert_eq!(rows.expect("written"), 1);
    tx.commit().await.expect("committed");
}

async fn who_stays_away_from_a_place_is_found_there(backend: Backend) {
    let house = House::open(backend).await;
    let mut tx = house.server.ground.db.write().await.expect("a transaction");
    let day = |days: i64| Clock::System.now().micros() - days * 86_400_000_000;
    execute!(tx, "UPDATE users SET created_at = $1, last_login_at = $2 WHERE email_key = $3", day(200), day(1), ANA).expect("written");
    tx.commit().await.expect("committed");
    signed_in(&house, "production", 40).await;
    signed_in(&house, "development", 1).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let ana: &[&str] = &["Ana Ferreira"];
    for (query, found) in [
        ("q=ana&seen=30", NONE),
        ("app=sales&stage=production&seen=30", ana),
        ("app=sales&stage=production&seen=90", NONE),
        ("app=sales&stage=production&seen=never", NONE),
        ("app=sales&stage=development&seen=30", NONE),
        // At one of its stages she was there yesterday.
        ("app=sales&seen=30", NONE),
        ("stage=production&seen=30", ana),
        ("stage=production&seen=30&sort=longest_ago", ana),
        ("stage=production&seen=90", NONE),
        ("stage=development&seen=30", NONE),
        ("app=wiki&seen=never", ana),
        ("app=wiki&seen=90", ana),
    ] {
        finds(&mut olga, query, found).await;
    }
    // The row tells both, and so does the export.
    for (query, says) in [("stage=production", "there: "), ("app=wiki", "there: never")] {
        let page = olga.get(&format!("/portal/users?{query}")).await;
        assert!(page.text_contains(says), "{query}: {}", page.text());
    }
    assert!(!olga.get("/portal/users").await.text_contains("there: "));
    let csv = olga.get("/portal/users.csv?app=wiki").await;
    let lines: Vec<&str> = csv.body.lines().collect();
    assert!(lines[0].ends_with("\"Last sign-in there\"") && lines[1].ends_with("\"internal\",\"\""), "{}", csv.body);
    let csv = olga.get("/portal/users.csv?stage=production").await;
    assert!(csv.body.lines().nth(1).is_some_and(|line| line.ends_with("Z\"")), "{}", csv.body);
    // Whoever came a week ago and was never at the Wiki is not missing there yet.
    write(&house, "UPDATE users SET created_at = 9000000000000000 WHERE email_key = 'ana@acme.example'").await;
    finds(&mut olga, "app=wiki&seen=90", NONE).await;
    finds(&mut olga, "app=wiki&seen=never", ana).await;
    house.close().await;
}

async fn the_search_in_the_head_leads_to_the_list(backend: Backend) {
    let house = House::open(backend).await;
    let (mut olga, overview) = enter(&house, OLGA, "/portal").await;
    assert!(overview.element("top-q").is_some() && overview.body.contains("aria-label=\"Search users\""), "{}", overview.body);
    let page = olga.submit(&overview.form("/portal/users").fill("q", "ferrei"), "top-search").await;
    assert_eq!((page.url.path(), page.url.query()), ("/portal/users", Some("q=ferrei")));
    assert!(page.text_contains("1 person") && page.text_contains("Ana Ferreira") && !page.text_contains("Nora Nobody"), "{}", page.text());
    // The list's own search has the words; the one above it asks anew, and among everybody.
    assert_eq!((page.attribute("q", "value").as_deref(), page.attribute("top-q", "value")), (Some("ferrei"), None));
    let page = olga.get("/portal/users?status=inactive&q=ana").await;
    assert!(page.text_contains("Nothing found"), "{}", page.text());
    let page = olga.submit(&page.form("/portal/users").fill("q", "nora"), "top-search").await;
    assert_eq!(page.url.query(), Some("q=nora"));
    assert!(page.text_contains("Nora Nobody") && !page.text_contains("Ana Ferreira"), "{}", page.text());
    // The account is no part of the portal.
    assert!(olga.get("/account").await.element("top-q").is_none());

    // Whoever sees no users has nothing to search; whoever sees some finds those.
    let reader = |permission: &str| {
        format!(
            "[[organization_role]]\nkey = \"reader\"\nname = \"Reader\"\npermissions = [{permission}]\n[[user]]\nemail = \"{NORA}\"\norg_roles = [\"reader\"]\n"
        )
    };
    house.apply(&reader("\"audit.view\"")).await;
    let (mut nora, overview) = enter(&house, NORA, "/portal").await;
    let refused = nora.get("/portal/users").await;
    assert_eq!((overview.status.as_u16(), refused.status.as_u16()), (200, 403));
    for page in [overview, refused, nora.get("/portal/audit").await] {
        assert!(page.element("account-menu").is_some() && page.element("top-q").is_none(), "{}: {}", page.url, page.body);
    }
    house.apply(&reader("{ permission = \"end_users.view\", at = [\"development\"] }")).await;
    for (typed, found) in [("olga", false), ("ana", true)] {
        let page = nora.get("/portal").await;
        let page = nora.submit(&page.form("/portal/users").fill("q", typed), "top-search").await;
        assert_eq!((page.text_contains("Nothing found"), page.text_contains("Ana Ferreira")), (!found, found), "{typed}: {}", page.text());
    }
    house.close().await;
}
