//! The orders of the list of invitations: each goes on from row to row, forwards and backwards, also where many rows are equal in it.

use super::{OLGA, Office, many};
use crate::support::browser::Browser;
use crate::support::house::{Backend, on_both};
use crate::support::page::Page;
use gatehouse::{all, execute};
use std::time::Duration;
use uuid::Uuid;

on_both! { invitations_are_listed_in_an_order }

/// Invitations of one person that were taken back, all sent at one moment.
async fn again(office: &Office, email: &str, count: usize) {
    let ground = &office.house.server.ground;
    let mut tx = ground.db.write().await.expect("a writer");
    let sent = ground.clock.now().minus(Duration::from_secs(10));
    for _ in 0..count {
        let id = Uuid::now_v7();
        execute!(
            tx,
            "INSERT INTO invitations (id, user_id, locale, token_hash, code_hash, invited_by_kind, invited_by_label, created_at, sent_at, expires_at,
             closed_at, outcome, version)
             SELECT $1, u.id, 'en', $2, $2, 'system', 'test', $3, $3, $3, $3, 'revoked', 1 FROM users u WHERE u.email = $4",
            id,
            id.as_bytes().to_vec(),
            sent,
            email
        )
        .expect("an invitation");
    }
    tx.commit().await.expect("committed");
}

/// When each was sent, to whom, and its id.
async fn rows(office: &Office) -> Vec<(i64, String, Uuid)> {
    let mut tx = office.house.server.ground.db.read().await.expect("a reader");
    all!(tx, (i64, String, Uuid), "SELECT i.sent_at, u.email, i.id FROM invitations i JOIN users u ON u.id = i.user_id").expect("rows")
}

fn ids(page: &Page) -> Vec<String> {
    let of = |link: String| link.strip_prefix("/portal/invitations/").filter(|id| id.len() == 36).map(str::to_owned);
    page.links().into_iter().filter_map(of).collect()
}

/// All pages of a list; from the last one they lead back to the first.
async fn walk(browser: &mut Browser, query: &str) -> Vec<Vec<String>> {
    let mut page = browser.get(&format!("/portal/invitations?{query}")).await;
    let mut pages = vec![ids(&page)];
    while let Some(next) = page.attribute("next-page", "href") {
        page = browser.get(&next).await;
        pages.push(ids(&page));
    }
    for earlier in pages.iter().rev().skip(1) {
        let back = page.body.split("rel=\"prev\" href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a link").replace("&#38;", "&");
        page = browser.get(&back).await;
        assert_eq!(&ids(&page), earlier, "{query}");
    }
    assert!(!page.body.contains("rel=\"prev\""), "{query}: before the first page");
    pages
}

async fn invitations_are_listed_in_an_order(backend: Backend) {
    let office = Office::open(backend).await;
    many(&office, 90).await;
    again(&office, "p000010@many.example", 60).await;
    let mut olga = office.browser(OLGA).await;
    let mut rows = rows(&office).await;
    let ids_of = |rows: &[(i64, String, Uuid)]| rows.iter().map(|(_, _, id)| id.to_string()).collect::<Vec<_>>();
    rows.sort_by_key(|(sent, _, id)| (*sent, *id));
    let oldest = ids_of(&rows);
    let newest: Vec<String> = oldest.iter().rev().cloned().collect();
    rows.sort_by_cached_key(|(_, email, id)| (email.clone(), *id));
    let by_name = ids_of(&rows);
    for (query, expected) in [("", &newest), ("sort=newest", &newest), ("sort=nonsense", &newest), ("sort=oldest", &oldest), ("sort=name", &by_name)] {
        let pages = walk(&mut olga, query).await;
        assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [50, 50, 50], "{query}");
        assert_eq!(&pages.concat(), expected, "{query}");
    }
    // The same person on every row: only the ids say what comes next.
    let equal: Vec<String> = rows.iter().filter(|row| row.1.starts_with("p000010")).map(|row| row.2.to_string()).collect();
    let pages = walk(&mut olga, "q=p000010&sort=name").await;
    assert_eq!((pages.iter().map(Vec::len).collect::<Vec<_>>(), &pages.concat()), (vec![50, 11], &equal));

    // On the page itself, and in the export of what it shows.
    let page = olga.get("/portal/invitations?sort=name&state=pending").await;
    assert!(page.body.contains("<option value=\"name\" selected>"), "{}", page.body);
    let export = page.links().into_iter().find(|link| link.starts_with("/portal/invitations.csv")).expect("an export");
    assert!(export.contains("sort=name") && export.contains("state=pending"), "{export}");
    let csv = olga.get(&export).await;
    let emails: Vec<String> = csv.body.lines().skip(1).map(|line| line.split(',').next().expect("an address").to_owned()).collect();
    assert_eq!(emails, (0..90).map(|n| format!("\"p{n:06}@many.example\"")).collect::<Vec<_>>());
    // Another order begins at its beginning; a place of one means nothing in the other, and breaks nothing.
    let next = page.attribute("next-page", "href").expect("more");
    let after = next.split("after=").nth(1).and_then(|rest| rest.split('&').next()).expect("a place").to_owned();
    for query in [format!("sort=oldest&after={after}"), format!("sort=newest&before={after}"), format!("after={after}")] {
        assert_eq!(olga.get(&format!("/portal/invitations?{query}")).await.status, 200, "{query}");
    }
    office.close().await;
}
