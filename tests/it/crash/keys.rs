//! The sealing key: a wrong or missing one refuses to start, and changes nothing.

use super::person::Person;
use super::place::Place;
use crate::support::house::{Backend, on_both};
use crate::support::smtp::{Mode, Smtp};
use gatehouse::crypto::seal::SealKey;
use gatehouse::db::Db;
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;

on_both! { without_its_sealing_key_nothing_starts_and_nothing_changes }

/// All that is stored: the file of SQLite, or every row of every table as text.
async fn everything(place: &Place, backend: Backend) -> BTreeMap<String, Vec<u8>> {
    if backend == Backend::Sqlite {
        return BTreeMap::from([("file".to_owned(), std::fs::read(place.data().join("gatehouse.db")).expect("the database"))]);
    }
    let db = place.database().await;
    let Db::Postgres(pool) = &db else { panic!("PostgreSQL was asked for") };
    let mut all = BTreeMap::new();
    let names = "SELECT CAST(tablename AS TEXT) FROM pg_tables WHERE schemaname = 'public'";
    let tables: Vec<(String,)> = sqlx::query_as(names).fetch_all(pool).await.expect("tables");
    for (table,) in tables {
        let rows = AssertSqlSafe(format!("SELECT CAST(t AS TEXT) FROM \"{table}\" t ORDER BY 1"));
        let rows: Vec<(String,)> = sqlx::query_as(rows).fetch_all(pool).await.expect("rows");
        all.insert(table, rows.into_iter().flat_map(|(row,)| row.into_bytes()).collect());
    }
    db.close().await;
    assert!(all.len() > 30, "the schema is there");
    all
}

/// The names in the data directory.
fn files(place: &Place) -> Vec<String> {
    let names = std::fs::read_dir(place.data()).into_iter().flatten().map(|entry| entry.expect("a file").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

async fn refuses(place: &Place, backend: Backend, why: &str) {
    let (files_before, before) = (files(place), everything(place, backend).await);
    for command in [&["serve"][..], &["apply", "seed.toml"], &["invite", "bo@acme.example", "--role", "sales/production/viewer"], &["keys", "rotate"]] {
        let (status, said) = place.run(command).await;
        assert!(status.code() == Some(1) && said.contains(why), "{command:?} ends with {status}: {said}");
    }
    assert!(everything(place, backend).await == before, "something was changed, although {why}");
    assert_eq!(files(place), files_before, "{why}");
}

async fn without_its_sealing_key_nothing_starts_and_nothing_changes(backend: Backend) {
    let smtp = Smtp::start(Mode::StartTls).await;
    let place = Place::open(backend, &smtp).await;
    place.start().await;
    let mut person = Person::new(&place.issuer);
    let code = person.sign_in("ana@acme.example").await.expect("signed in");
    person.redeem(&code).await.expect("a token");
    let keys = person.get("/.well-known/jwks.json").await.expect("keys").body;
    place.stop().await;

    let other = SealKey::generate().to_text();
    place.configure(&smtp.url(), Some(smtp.ca_file()), Some(other.expose()));
    refuses(&place, backend, "is not the one of this database").await;
    place.configure(&smtp.url(), Some(smtp.ca_file()), None);
    if backend == Backend::Sqlite {
        // The file of the key is lost: no new one is made up.
        let (key, aside) = (place.data().join("seal.key"), place.data().join("../seal.key.aside"));
        std::fs::rename(&key, &aside).expect("moved");
        refuses(&place, backend, "the sealing key is missing").await;
        assert!(!key.exists());
        std::fs::rename(&aside, &key).expect("moved");
    }

    // With the right key everything is as it was.
    place.start().await;
    assert_eq!(person.get("/.well-known/jwks.json").await.expect("keys").body, keys);
    person.refresh().await.expect("a token");
    assert!(person.is_signed_in().await.expect("an answer"));
    assert!(smtp.mails().is_empty());
    place.stop().await;
}
