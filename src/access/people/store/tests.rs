//! What the list of users is led by: no page of it may gather everybody and sort them.

use super::*;
use crate::db::{Db, Place, Settings};

const SIGHT: Sight = Sight { everybody: true, members: true, end_users: Vec::new() };

/// How SQLite means to find a page.
async fn plan(db: &Db, filter: &Filter, sort: Sort, from: &From) -> String {
    let mut query = Query::new("EXPLAIN QUERY PLAN ");
    query.append(&page(&SIGHT, filter, sort, from, 51, false));
    let rows: Vec<(i64, i64, i64, String)> = query.all(&mut db.read().await.unwrap()).await.unwrap();
    rows.into_iter().map(|(.., detail)| detail).collect::<Vec<_>>().join("; ")
}

#[tokio::test]
async fn every_order_is_led_by_an_index_also_among_those_whom_a_filter_leaves() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&Settings { place: Place::Sqlite(dir.path().join("gatehouse.db")), connections: 4 }).await.unwrap();
    db.migrate().await.unwrap();
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
