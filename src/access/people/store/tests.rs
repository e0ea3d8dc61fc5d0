//! What the list of users is led by: no page of it may gather everybody and sort them.

use super::super::{Away, Side};
use super::*;
use crate::base::time::Timestamp;
use crate::db::{Db, Place, Settings};
use crate::execute;
use crate::identity::user::Status;

const SIGHT: Sight = Sight { everybody: true, members: true, end_users: Vec::new() };

/// How SQLite means to find a page.
async fn plan(db: &Db, filter: &Filter, sort: Sort, from: &From) -> String {
    let mut query = Query::new("EXPLAIN QUERY PLAN ");
    let mut tx = db.read().await.unwrap();
    let narrowed = conditions(&mut tx, &SIGHT, filter, For::Page).await.unwrap();
    query.append(&page(&narrowed, filter, sort, from, 51));
    let rows: Vec<(i64, i64, i64, String)> = query.all(&mut tx).await.unwrap();
    rows.into_iter().map(|(.., detail)| detail).collect::<Vec<_>>().join("; ")
}

/// So many that no filter of the test leaves few: half of them at each domain, and half of those never signed in.
async fn populate(db: &Db) {
    let mut tx = db.write().await.unwrap();
    for n in 0..10_000_i64 {
        let domain = if n % 2 == 0 { "acme.example" } else { "elsewhere.example" };
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, email_domain, status, phone_number_verified, access_version, sort_key, search_text, email_verified_at,
             last_login_at, created_at, updated_at, version) VALUES ($1, $2, $2, $3, 'active', FALSE, 1, $4, $2, 1, $5, 1, 1, 1)",
            UserId::fresh(),
            format!("p{n}@{domain}"),
            domain,
            format!("p{}", n * 7_919 % 10_000).into_bytes(),
            (n % 4 < 2).then_some(1)
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn every_order_is_led_by_an_index_also_among_those_whom_a_filter_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&Settings { place: Place::Sqlite(dir.path().join("gatehouse.db")), connections: 4 }).await.unwrap();
    db.migrate().await.unwrap();
    populate(&db).await;
    let everybody = || Filter::at(Timestamp::from_seconds(1_800_000_000));
    let domains = || vec!["acme.example".to_owned(), "acme-tests.example".to_owned()];
    for (sort, index) in [
        (Sort::Name, "users_sort"),
        (Sort::LastSignIn, "users_last_login"),
        (Sort::LongestAgo, "users_last_login"),
        (Sort::Newest, "sqlite_autoindex_users_1"),
        (Sort::Status, "users_standing"),
    ] {
        for filter in [
            everybody(),
            Filter { status: Some(Status::Active), ..everybody() },
            Filter { counts: true, ..everybody() },
            Filter { side: Some((Side::External, domains())), ..everybody() },
            Filter { side: Some((Side::Internal, domains())), ..everybody() },
            Filter { away: Some(Away::Never), ..everybody() },
            Filter { away: Some(Away::Quarter), ..everybody() },
        ] {
            let row = PersonRow {
                id: UserId::fresh(),
                email: "ana@acme.example".to_owned(),
                name: None,
                status: Status::Active,
                last_login_at: None,
                created_at: Timestamp::from_seconds(0),
                sort_key: b"ana".to_vec(),
            };
            let cursor = || Cursor::at(&row, sort);
            for from in [From::Start, From::After(cursor()), From::Before(cursor())] {
                let plan = plan(&db, &filter, sort, &from).await;
                assert!(plan.contains(index) && !plan.contains("TEMP B-TREE"), "{sort} {filter:?} {from:?}: {plan}");
            }
        }
    }
    db.close().await;
}
