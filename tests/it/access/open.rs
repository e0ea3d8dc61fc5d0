//! Who can sign in to an app at a stage, where everybody may and where organization roles give something too; and what each way gives.

use super::{ANA, HASH, NORA, OLGA, PIA, house, id, reads};
use crate::support::house::{Backend, House, on_both};
use crate::support::insider::enter;
use crate::support::page::Page;
use gatehouse::db::execute;

on_both! {
    organization_roles_stand_among_the_ways
    where_everybody_may_sign_in_everybody_is_listed
    whoever_does_not_see_everybody_sees_no_more_there
    a_long_list_of_everybody_goes_page_by_page
}

/// May see the end-users of the wiki, and is one.
const WIM: &str = "wim@acme.example";
const WIKI: &str = "/portal/apps/wiki/production/people";
/// A page has 50 rows, a page of an export 500.
const MORE: usize = 520;

async fn execute_all(house: &House, statements: &[&'static str]) {
    let mut tx = house.server.ground.db.write().await.expect("a write");
    for statement in statements {
        execute!(tx, *statement).expect("written");
    }
    tx.commit().await.expect("committed");
}

/// The rows of a page, without the head of the table.
fn rows(page: &Page) -> impl Iterator<Item = &str> {
    page.body.split("<tr>").skip(2)
}

/// The row of somebody on a page.
fn row(page: &Page, who: &str) -> String {
    let row = rows(page).find(|row| row.contains(&format!("<bdi>{who}</bdi>")));
    row.unwrap_or_else(|| panic!("no row of {who}: {}", page.text())).to_owned()
}

/// The lines of a file about somebody, from the role to the permissions.
fn ways(csv: &Page, who: &str) -> Vec<String> {
    let lines = csv.body.lines().filter_map(|line| line.strip_prefix(&format!("\"{who}\",")));
    lines.map(|line| line.split(',').skip(2).take(4).collect::<Vec<_>>().join(",")).collect()
}

async fn organization_roles_stand_among_the_ways(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let people = "/portal/apps/sales/development/people";
    let page = olga.get(people).await;
    // Whoever holds an organization role and no other cannot sign in, whatever it gives here.
    reads(&page, &["1 person", "Ana Ferreira", "Role of Sales Desk Viewer", "Organization role Tester", "6 permissions"]);
    assert!(!page.text_contains("Everybody may sign in") && page.text().matches("Olga Owner").count() == 1, "{}", page.text());
    let csv = olga.get(&format!("{people}.csv")).await;
    let both = [
        r#""Viewer","Sales Desk","","read""#.to_owned(),
        r#""Tester","Whole organization","","asset.change asset.debug asset.deploy asset.open stage.view""#.to_owned(),
    ];
    assert_eq!((ways(&csv, "Ana Ferreira"), csv.body.lines().count()), (both.to_vec(), 3), "{}", csv.body);
    // There it gives nothing, and is no way to anything.
    let page = olga.get("/portal/apps/sales/production/people").await;
    assert!(page.text_contains("Ana Ferreira") && !page.text_contains("Tester"), "{}", page.text());
    assert!(!olga.get("/portal/apps/sales/production/people.csv").await.body.contains("Tester"));
    // Whoever may not see organization roles sees neither them nor what they give.
    let (mut pia, _) = enter(&house, PIA, "/portal").await;
    let page = pia.get(people).await;
    assert!(page.text_contains("Role of Sales Desk Viewer") && page.text_contains("1 permission") && !page.text_contains("Tester"), "{}", page.text());
    let csv = pia.get(&format!("{people}.csv")).await;
    assert_eq!((ways(&csv, "Ana Ferreira"), csv.body.lines().count()), (both[..1].to_vec(), 2), "{}", csv.body);
    house.close().await;
}

async fn where_everybody_may_sign_in_everybody_is_listed(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let page = olga.get(WIKI).await;
    reads(&page, &["5 people", "Everybody who is active may sign in here, also without a role."]);
    assert!(!page.text_contains("Below are"), "{}", page.text());
    for (who, open, role) in [
        ("Ana Ferreira", false, "Viewer"),
        ("Nora Soon", false, "Viewer"),
        ("Nora Nobody", true, ""),
        ("Pia Peek", true, ""),
        // Organization roles give something here, and open no door.
        ("Olga Owner", true, "Administrator"),
    ] {
        let row = row(&page, who);
        assert!(row.contains("Everybody may sign in") == open && row.contains(role), "{who}: {row}");
    }
    // The role of another app counts here as a role, and gives no permission.
    let csv = olga.get(&format!("{WIKI}.csv")).await;
    assert_eq!(ways(&csv, "Ana Ferreira"), [r#""Viewer","Sales Desk","EMEA Sales","""#]);
    assert_eq!(ways(&csv, "Nora Nobody"), [r#""","Wiki","","""#]);
    let line = csv.body.lines().find(|line| line.starts_with("\"Nora Nobody\"")).expect("a line");
    assert_eq!(line.trim_end(), r#""Nora Nobody","nora@acme.example","active","","Wiki","","","","","","","Everybody may sign in","""#);
    let of_olga = ways(&csv, "Olga Owner");
    assert!(of_olga.len() == 2 && of_olga[0].starts_with(r#""Administrator","Whole organization","","#) && of_olga[0].contains("users.manage"), "{of_olga:?}");
    assert_eq!((of_olga[1].as_str(), csv.body.lines().count()), (r#""","Wiki","","""#, 7), "{}", csv.body);

    // By a role, and by a text anywhere in name or address.
    let page = olga.get(&format!("{WIKI}?role=sales:viewer")).await;
    assert!(page.text_contains("2 people") && !page.text_contains("Nora Nobody") && !page.text_contains("Everybody may sign in"), "{}", page.text());
    assert_eq!(olga.get(&format!("{WIKI}.csv?role=sales:viewer")).await.body.lines().count(), 3);
    reads(&olga.get(&format!("{WIKI}?role=author")).await, &["Nothing found"]);
    let page = olga.get(&format!("{WIKI}?q=ORA%20n")).await;
    assert!(page.text_contains("1 person") && page.text_contains("Nora Nobody") && !page.text_contains("Nora Soon"), "{}", page.text());
    assert_eq!(olga.get(&format!("{WIKI}.csv?q=ORA%20n")).await.body.lines().count(), 2);
    reads(&olga.get(&format!("{WIKI}?q=zzz")).await, &["Nothing found"]);

    // Whoever is not active, or never proved the address, cannot sign in.
    execute_all(
        &house,
        &[
            "UPDATE users SET status = 'inactive' WHERE email_key = 'nora@acme.example'",
            "UPDATE users SET email_verified_at = NULL WHERE email_key = 'pia@acme.example'",
        ],
    )
    .await;
    let page = olga.get(WIKI).await;
    assert!(page.text_contains("3 people") && !page.text_contains("Nora Nobody") && !page.text_contains("Pia Peek"), "{}", page.text());
    let csv = olga.get(&format!("{WIKI}.csv")).await;
    assert!(!csv.body.contains("Nora Nobody") && !csv.body.contains("Pia Peek"), "{}", csv.body);
    house.close().await;
}

/// Rule 8.
async fn whoever_does_not_see_everybody_sees_no_more_there(backend: Backend) {
    let house = house(backend).await;
    house
        .apply(&format!(
            "[[user]]\nemail = \"{WIM}\"\nname = \"Wim Wiki\"\npassword_hash = \"{HASH}\"\norg_roles = [{{ role = \"looker\", app = \"wiki\" }}]\n\
             roles = [\"wiki/production/author\"]\n"
        ))
        .await;
    let (mut wim, _) = enter(&house, WIM, "/portal").await;
    let page = wim.get(WIKI).await;
    reads(&page, &["1 person", "Wim Wiki", "Role of Wiki Author", "Below are those whom you may see."]);
    let csv = wim.get(&format!("{WIKI}.csv")).await;
    assert_eq!((ways(&csv, "Wim Wiki"), csv.body.lines().count()), (vec![r#""Author","Wiki","","write""#.to_owned()], 2), "{}", csv.body);
    // Nor by a search for those who are there, too.
    for who in ["nora", "ana", "olga"] {
        reads(&wim.get(&format!("{WIKI}?q={who}")).await, &["Nothing found"]);
        assert_eq!(wim.get(&format!("{WIKI}.csv?q={who}")).await.body.lines().count(), 1, "{who}");
    }
    for who in [ANA, NORA] {
        assert_eq!(wim.get(&format!("/portal/users/{}/access", id(&house, who).await)).await.status, 404, "{who}");
    }
    house.close().await;
}

async fn a_long_list_of_everybody_goes_page_by_page(backend: Backend) {
    let house = house(backend).await;
    let one = |at| format!("[[user]]\nemail = \"m{at:03}@acme.example\"\nname = \"Member {at:03}\"\npassword_hash = \"{HASH}\"\n");
    house.apply(&(0..MORE).map(one).collect::<Vec<_>>().concat()).await;
    let (mut olga, _) = enter(&house, OLGA, "/portal").await;
    let all = MORE + 5;
    let mut page = olga.get(WIKI).await;
    reads(&page, &[&format!("{all} people")]);
    let (mut seen, mut pages) = (Vec::new(), 1);
    loop {
        seen.extend(rows(&page).filter_map(|row| row.split("<small><bdi>").nth(1)?.split('<').next()).map(str::to_owned));
        let Some(next) = page.attribute("next-page", "href") else { break };
        page = olga.get(&next).await;
        pages += 1;
    }
    let listed = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!((listed, seen.len(), pages), (all, all, all.div_ceil(50)));
    let csv = olga.get(&format!("{WIKI}.csv")).await;
    let lines: std::collections::BTreeSet<&str> = csv.body.lines().collect();
    // The head, and Olga's second way.
    assert_eq!((csv.body.lines().count(), lines.len()), (all + 2, all + 2));
    reads(&olga.get(&format!("{WIKI}?q=member%200")).await, &["100 people"]);
    house.close().await;
}
