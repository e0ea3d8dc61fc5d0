//! Side doors: whatever takes something along asks what its own door asks, and nobody keeps alive or drops unseen what others offered.

use super::guard::program;
use super::invitations::over;
use super::*;
use crate::access::app::AppError;
use crate::access::effective;
use crate::access::guard::GuardError;
use crate::access::role::organization::{EditError, RoleError};
use crate::lifecycle::invitation::{Over, would_end};
use crate::lifecycle::remove_role::remove_organization_role;
use crate::lifecycle::undeploy::delete_app;
use crate::oauth::client::{Client, Kind};

const DAY: Duration = Duration::from_hours(24);

/// Gives somebody a role of its own for each of these permissions.
async fn more(world: &World, user: &User, permissions: &[&str]) {
    for permission in permissions {
        let role = world.role_with(&permission.replace(['.', '_'], "-"), permission).await;
        world.grant(user, &role).await;
    }
}

/// Kim, who holds these permissions and nothing else.
async fn kim(world: &World, permissions: &[&str]) -> User {
    let kim = world.join("kim@acme.example").await;
    more(world, &kim, permissions).await;
    kim
}

async fn remove(world: &World, actor: &Actor, role: &OrganizationRole) -> Result<(), EditError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        remove_organization_role(work, &changing, role.id, role.version, true).await.map(drop)
    };
    world.act(actor, rule).await
}

/// An app that is at no stage.
async fn notes(world: &World) -> App {
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        app::put(work, &changing, &slug("notes"), &name("Notes"), &Description::default()).await
    };
    world.act(&system(), make).await.unwrap()
}

async fn delete(world: &World, actor: &Actor, app: &App) -> Result<bool, AppError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_app(work, &changing, app.id).await
    };
    world.act(actor, rule).await
}

async fn give_at(world: &World, client: &Client, role: &OrganizationRole, app: &App) {
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::Client(client.id), role, Some(app.id), Period::ALWAYS, None).await
    };
    world.act(&system(), give).await.unwrap();
}

async fn grants_of_clients(world: &World) -> i64 {
    let mut tx = world.ground.db.read().await.unwrap();
    crate::one!(tx, (i64,), "SELECT COUNT(*) FROM organization_grants WHERE client_id IS NOT NULL").unwrap().0
}

#[tokio::test]
async fn a_role_that_goes_is_taken_from_clients_by_those_who_manage_them() {
    let world = World::new().await;
    let kim = kim(&world, &["organization_roles.manage", "member_access.manage", "audit.view"]).await;
    let (watcher, reader) = (world.role_with("watcher", "audit.view").await, world.role_with("reader", "audit.view").await);
    program(&world, Kind::Api, "robot", &watcher).await;
    program(&world, Kind::Platform, "tool", &reader).await;
    // Kim holds what both hold, and would not be let in by the front door.
    for role in [&watcher, &reader] {
        let refused = remove(&world, &person(&kim), role).await.unwrap_err();
        assert!(matches!(&refused, EditError::Denied(denied) if denied.permission == "api_clients.manage"), "{refused:?}");
    }
    more(&world, &kim, &["api_clients.manage"]).await;
    let refused = remove(&world, &person(&kim), &reader).await.unwrap_err();
    assert!(matches!(&refused, EditError::Denied(denied) if denied.permission == "client.manage"), "{refused:?}");
    assert_eq!(grants_of_clients(&world).await, 2);
    remove(&world, &person(&kim), &watcher).await.unwrap();
    remove(&world, &person(&world.ana), &reader).await.unwrap();
    assert_eq!((grants_of_clients(&world).await, world.events("organization_role.removed").await), (0, 2));
}

#[tokio::test]
async fn an_app_that_goes_takes_nothing_from_tools_for_many_apps() {
    let world = World::new().await;
    let kim = kim(&world, &["app.manage"]).await;
    let viewer = world.role_with("viewer", "app.view").await;
    let (notes, tool) = (notes(&world).await, program(&world, Kind::Platform, "tool", &viewer).await);
    give_at(&world, &tool, &viewer, &notes).await;
    let refused = delete(&world, &person(&kim), &notes).await.unwrap_err();
    assert!(matches!(&refused, AppError::Denied(denied) if denied.permission == "api_clients.manage"), "{refused:?}");
    more(&world, &kim, &["api_clients.manage"]).await;
    let refused = delete(&world, &person(&kim), &notes).await.unwrap_err();
    assert!(matches!(&refused, AppError::Denied(denied) if denied.permission == "client.manage"), "{refused:?}");
    assert_eq!(grants_of_clients(&world).await, 2);
    assert!(delete(&world, &person(&world.ana), &notes).await.unwrap());
    assert_eq!(grants_of_clients(&world).await, 1, "what it holds at the organization stays");
}

#[tokio::test]
async fn a_role_that_is_only_offered_goes_by_those_who_may_offer_it() {
    let world = World::new().await;
    let kim = kim(&world, &["organization_roles.manage"]).await;
    let watcher = world.role_with("watcher", "audit.view").await;
    let offered = always(Offer::OrganizationRole { role: watcher.clone(), app: None });
    world.invite(&person(&world.ana), "bo@acme.example", vec![offered]).await.unwrap();
    let refused = remove(&world, &person(&kim), &watcher).await.unwrap_err();
    assert!(matches!(&refused, EditError::Denied(denied) if denied.permission == "member_access.manage"), "{refused:?}");
    more(&world, &kim, &["member_access.manage"]).await;
    let refused = remove(&world, &person(&kim), &watcher).await.unwrap_err();
    assert!(matches!(refused, EditError::Role(RoleError::Guard(GuardError::Beyond))), "{refused:?}");
    // Whether it is only tried makes no difference.
    let rehearsed = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        remove_organization_role(work, &changing, watcher.id, watcher.version, true).await.map(drop)
    };
    let refused = world.ground.rehearse(&person(&kim), &Origin::default(), rehearsed, async |_| Ok(())).await.err();
    assert!(matches!(refused, Some(EditError::Role(RoleError::Guard(GuardError::Beyond)))), "{refused:?}");
    assert!(world.user("bo@acme.example").await.is_some() && world.events("invitation.offer_fell_away").await == 0);
    more(&world, &kim, &["audit.view"]).await;
    remove(&world, &person(&kim), &watcher).await.unwrap();
    assert!(world.user("bo@acme.example").await.is_none(), "nothing is left to come for");
    assert_eq!((world.events("invitation.offer_fell_away").await, world.events("invitation.revoked").await), (1, 1));
    // What cannot go at all is said first.
    world.invite(&person(&world.ana), "cy@acme.example", vec![world.as_administrator()]).await.unwrap();
    let refused = remove(&world, &person(&kim), &world.administrator).await.unwrap_err();
    assert!(matches!(refused, EditError::Role(RoleError::BuiltIn(_))), "{refused:?}");
}

#[tokio::test]
async fn an_app_goes_with_what_is_offered_at_it_by_those_who_may_offer_that() {
    let world = World::new().await;
    let kim = kim(&world, &["app.manage"]).await;
    let (notes, keeper) = (notes(&world).await, world.role_with("keeper", "app_roles.manage").await);
    let offered = always(Offer::OrganizationRole { role: keeper, app: Some(notes.clone()) });
    world.invite(&person(&world.ana), "bo@acme.example", vec![offered]).await.unwrap();
    let refused = delete(&world, &person(&kim), &notes).await.unwrap_err();
    assert!(matches!(&refused, AppError::Denied(denied) if denied.permission == "member_access.manage"), "{refused:?}");
    more(&world, &kim, &["member_access.manage"]).await;
    let refused = delete(&world, &person(&kim), &notes).await.unwrap_err();
    assert!(matches!(refused, AppError::Guard(GuardError::Beyond)), "{refused:?}");
    more(&world, &kim, &["app_roles.manage"]).await;
    assert!(delete(&world, &person(&kim), &notes).await.unwrap());
    assert!(world.user("bo@acme.example").await.is_none());
}

/// When a page would say that the open invitation ends if somebody added this role of an app.
async fn foreseen_end(world: &World, user: &User, id: InvitationId) -> Timestamp {
    let mut tx = world.ground.db.read().await.unwrap();
    let now = world.ground.clock.now();
    let catalogue = load::catalogue(&mut tx).await.unwrap();
    let authority = effective::authority(&catalogue, &load::user(&mut tx, user.id).await.unwrap(), now);
    let actor = Actor::User { id: user.id, label: user.email.to_string(), authority, proved_at: now };
    let new = NewInvitation { email: email("bo@acme.example"), locale: Locale::english(), offers: vec![world.as_approver()], life: WEEK };
    would_end(&mut tx, &actor, &catalogue, id, &new, now).await.unwrap()
}

#[tokio::test]
async fn nobody_keeps_alive_what_is_not_theirs_to_offer() {
    let world = World::new().await;
    let giver = world.role_with("giver", "end_user_access.manage").await;
    let max = world.holder("max@acme.example", &giver).await;
    let Outcome::Invited(id) = world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_administrator()]).await.unwrap() else {
        panic!("nobody was there")
    };
    world.letters().await;
    let end = today().plus(WEEK);
    let mut newest = None;
    for day in [3, 6] {
        world.ground.clock.advance(DAY * 3);
        assert_eq!(foreseen_end(&world, &max, id).await, end, "day {day}");
        assert_eq!(world.invite(&person(&max), "bo@acme.example", vec![world.as_approver()]).await.unwrap(), Outcome::Added(id));
        let letters = world.letters().await;
        assert!(letters.len() == 1 && letters[0].text.contains("The invitation is good until 30 Nov 2026."), "day {day}: {}", letters[0].text);
        newest = Some(secrets_in(&letters[0]).0);
    }
    // The letter says when it ends, and then it does.
    let proof = newest.unwrap();
    assert_eq!(over(&world, &proof).await, None);
    world.ground.clock.advance(DAY);
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Expired))));
    // What Max offers then is his own, and that Ana's offer fell away is written down: his own he only makes anew.
    assert_eq!(world.events("invitation.offer_fell_away").await, 0);
    assert_eq!(world.invite(&person(&max), "bo@acme.example", vec![world.as_approver()]).await.unwrap(), Outcome::Invited(id));
    let mut tx = world.ground.db.read().await.unwrap();
    let sql = "SELECT subject_id, actor_kind, payload FROM audit_events WHERE kind = 'invitation.offer_fell_away'";
    let fallen = crate::all!(tx, (String, String, String), sql).unwrap();
    drop(tx);
    let [(subject, who, payload)] = &fallen[..] else { panic!("{fallen:?}") };
    let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
    let offer = &payload["before"];
    assert_eq!((subject.as_str(), who.as_str()), (id.to_string().as_str(), "user"));
    assert_eq!(offer["organization_role_id"].as_str(), Some(world.administrator.id.to_string().as_str()), "{offer}");
    assert_eq!(offer["offered_by_label"].as_str(), Some("ana@acme.example"), "{offer}");
    let joined = world.accept(&world.secrets().await.0).await.unwrap();
    assert_eq!(world.held(&joined.user).await, (0, 1, 0));
}

#[tokio::test]
async fn whoever_may_offer_everything_in_it_prolongs_an_invitation() {
    let world = World::new().await;
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    let Outcome::Invited(id) = world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_administrator()]).await.unwrap() else {
        panic!("nobody was there")
    };
    world.letters().await;
    world.ground.clock.advance(DAY * 6);
    assert_eq!(foreseen_end(&world, &cy, id).await, today().plus(DAY * 13));
    assert_eq!(world.invite(&person(&cy), "bo@acme.example", vec![world.as_approver()]).await.unwrap(), Outcome::Added(id));
    let (proof, _) = world.secrets().await;
    world.ground.clock.advance(DAY * 6);
    let joined = world.accept(&proof).await.unwrap();
    assert_eq!(world.held(&joined.user).await, (1, 1, 0));
    assert_eq!(world.events("invitation.offer_fell_away").await, 0);
}
