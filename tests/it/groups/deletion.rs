//! A group that is deleted while others fill it.

use super::{NORA, OLGA, house, make, number, path, sign_in, tick};
use crate::support::house::{Backend, on_both};
use std::time::Duration;

on_both! { a_group_is_deleted_while_it_grows }

async fn a_group_is_deleted_while_it_grows(backend: Backend) {
    let house = house(backend).await;
    let (mut olga, mut giver, mut adder) = (sign_in(&house, OLGA).await, sign_in(&house, OLGA).await, sign_in(&house, OLGA).await);
    let mut ways = std::collections::BTreeSet::new();
    for round in 0..12 {
        let group = path(&make(&mut olga, &format!("Round {round}"), "", "Production").await);
        let delete = olga.get(&format!("{group}/delete")).await.form(&format!("{group}/delete"));
        let page = giver.get(&group).await;
        let give = page.form(&format!("{group}/roles")).fill("role", &tick(&page, "Approver"));
        let join = adder.get(&format!("{group}/members")).await.form("add-form").fill("emails", NORA);
        // Who comes first takes turns.
        let wait = |turn: u64| tokio::time::sleep(Duration::from_millis(if round % 3 == turn { 0 } else { 3 }));
        let (deleted, given, joined) = tokio::join!(
            async {
                wait(0).await;
                olga.submit_once(&delete, "confirm").await
            },
            async {
                wait(1).await;
                giver.submit_once(&give, "give-role").await
            },
            async {
                wait(2).await;
                adder.submit_once(&join, "add").await
            }
        );
        assert_eq!(deleted.status, 303, "{}", deleted.text());
        for other in [&given, &joined] {
            assert!(other.status == 303 || other.status == 404, "{}: {}", other.status, other.text());
            ways.insert(other.status.as_u16());
        }
    }
    // Whoever won: no membership, no role, no version that stood still is left behind.
    assert_eq!(number(&house, "SELECT COUNT(*) FROM groups WHERE key LIKE 'round-%'").await, 0);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM memberships WHERE group_id NOT IN (SELECT id FROM groups)").await, 0);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM end_user_grants WHERE group_id IS NOT NULL AND group_id NOT IN (SELECT id FROM groups)").await, 0);
    assert_eq!(number(&house, "SELECT COUNT(*) FROM audit_events WHERE kind = 'group.deleted'").await, 12);
    assert!(!ways.is_empty());
    house.close().await;
}
