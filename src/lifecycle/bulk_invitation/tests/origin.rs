//! From where a file was started, as its works say it, and for how long that is known.

use super::*;
use crate::work::Origin;

fn from(number: u8) -> Origin {
    Origin { request_id: Some(format!("request-{number}")), address: Some(format!("192.0.2.{number}")), user_agent: Some("x".into()) }
}

/// How many events of this kind say that they come from there.
async fn told(world: &World, kind: &str, number: u8) -> i64 {
    let mut tx = world.ground.db.read().await.unwrap();
    let address = format!("%\"address\":\"192.0.2.{number}\"%");
    let sql = "SELECT COUNT(*) FROM audit_events WHERE kind = $1 AND request_id = $2 AND payload LIKE $3";
    crate::one!(tx, (i64,), sql, kind, format!("request-{number}"), address).unwrap().0
}

/// What the file knows of it.
async fn kept(world: &World, id: BulkInvitationId) -> (Option<String>, Option<String>) {
    let mut tx = world.ground.db.read().await.unwrap();
    let sql = "SELECT origin_address, origin_request_id FROM bulk_invitations WHERE id = $1";
    crate::one!(tx, (Option<String>, Option<String>), sql, id).unwrap()
}

#[tokio::test]
async fn what_a_file_does_comes_from_where_it_was_started() {
    let world = World::new().await;
    let ana = person(&world.ana);
    let id = uploaded(&world, &world.ana, &approvers(3)).await;
    let knows = |number: u8| (from(number).address, from(number).request_id);
    assert_eq!(kept(&world, id).await, (None, None), "whoever only checks does nothing yet");
    world.ground.work(&ana, &from(1), async |work: &mut Work| start(work, id).await).await.unwrap();
    assert_eq!(kept(&world, id).await, knows(1));
    let first = claimed(&world).await.unwrap();
    assert_eq!(step(&world, &first).await, Step::Went);
    assert_eq!((told(&world, "bulk_invitation.started", 1).await, told(&world, "invitation.sent", 1).await), (1, 1));
    // While it rests nothing is kept; whoever lets it go on does so from somewhere else.
    world.ground.work(&ana, &from(2), async |work: &mut Work| pause(work, id).await).await.unwrap();
    assert_eq!(kept(&world, id).await, (None, None));
    world.ground.work(&ana, &from(3), async |work: &mut Work| proceed(work, id).await).await.unwrap();
    assert_eq!(kept(&world, id).await, knows(3));
    work_off(&world).await;
    assert_eq!((told(&world, "invitation.sent", 3).await, told(&world, "bulk_invitation.ended", 3).await), (2, 1));
    assert_eq!(kept(&world, id).await, (None, None), "it has ended");
    assert_eq!(told(&world, "bulk_invitation.paused", 2).await, 1);
}

#[tokio::test]
async fn a_file_that_is_ended_keeps_nothing_of_where_it_was_started() {
    let world = World::new().await;
    let ana = person(&world.ana);
    let id = uploaded(&world, &world.ana, &approvers(2)).await;
    world.ground.work(&ana, &from(1), async |work: &mut Work| start(work, id).await).await.unwrap();
    world.ground.work(&ana, &from(2), async |work: &mut Work| cancel(work, id).await).await.unwrap();
    assert_eq!(kept(&world, id).await, (None, None));
    assert_eq!((told(&world, "bulk_invitation.started", 1).await, told(&world, "bulk_invitation.cancelled", 2).await), (1, 1));
}
