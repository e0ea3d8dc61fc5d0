//! Shutting people out.

use super::invitations::over;
use super::*;
use crate::access::administrators::RemainError;
use crate::base::authority::{Coverage, Stages};
use crate::base::id::UserId;
use crate::identity::user::{ProfileError, Status};
use crate::lifecycle::deactivate::{DeactivateError, activate, deactivate};
use crate::lifecycle::invitation::Over;
use crate::login::session::{self, Context};
use crate::mail::settings::{self, ChangeError};
use crate::oauth::authorization::{self, EndError};

async fn shut_out(world: &World, actor: &Actor, user: UserId) -> Result<User, DeactivateError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, user).await
    };
    world.act(actor, rule).await
}

async fn let_in(world: &World, user: UserId) -> User {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        activate(work, &changing, user).await
    };
    world.act(&system(), rule).await.unwrap()
}

/// Signs somebody in at QA, with an authorization, a code, a refresh family and an attempt that hang on the session.
async fn sign_in(work: &mut Work, user: &User) -> Result<String, Fault> {
    let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
    let sid = session::start(work, &Context::of(&qa), user, None, "pwd").await.expect("a session").session.id;
    let (client, authorization) = (crate::base::id::ClientId::fresh(), crate::base::id::AuthorizationId::fresh());
    crate::execute!(
        work.tx,
        "INSERT INTO clients (id, client_id, kind, party, name, metadata, claims_version, access_version, created_at, version)
         VALUES ($1, 'sales-qa', 'app', 'first', 'Sales', '{}', 1, 1, 0, 1)",
        client
    )?;
    crate::execute!(
        work.tx,
        "INSERT INTO authorizations (id, user_id, client_id, session_id, scope, created_at) VALUES ($1, $2, $3, $4, 'openid', 0)",
        authorization,
        user.id,
        client,
        sid.as_str()
    )?;
    crate::execute!(
        work.tx,
        "INSERT INTO codes (hash, authorization_id, client_id, user_id, session_id, redirect_uri, redirect_uri_given, scope, resource, auth_time, acr, amr,
         created_at, expires_at) VALUES ($1, $2, $3, $4, $5, 'https://a.example', TRUE, 'openid', 'r', 0, '1', 'pwd', 0, 1)",
        vec![1_u8; 32],
        authorization,
        client,
        user.id,
        sid.as_str()
    )?;
    crate::execute!(
        work.tx,
        "INSERT INTO refresh_families (id, authorization_id, client_id, user_id, session_id, offline, scope, resource, auth_time, acr, amr, generation,
         created_at, rotated_at, expires_at) VALUES ($1, $2, $3, $4, $5, TRUE, 'openid', 'r', 0, '1', 'pwd', 1, 0, 0, 1)",
        crate::base::id::RefreshFamilyId::fresh(),
        authorization,
        client,
        user.id,
        sid.as_str()
    )?;
    crate::execute!(
        work.tx,
        "INSERT INTO attempts (secret_hash, context, user_id, session_id, state, created_at, expires_at) VALUES ($1, 'stage:qa', $2, $3, '{}', 0, 1)",
        vec![2_u8; 32],
        user.id,
        sid.as_str()
    )?;
    Ok(sid)
}

/// Sessions, authorizations and families that live, codes and attempts that are there.
async fn alive(world: &World, user: &User) -> (i64, i64, i64, i64, i64) {
    let mut tx = world.ground.db.read().await.unwrap();
    crate::one!(
        tx,
        (i64, i64, i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM sessions WHERE user_id = $1 AND ended_at IS NULL), (SELECT COUNT(*) FROM authorizations WHERE user_id = $1 AND ended_at IS NULL),
         (SELECT COUNT(*) FROM refresh_families WHERE user_id = $1 AND ended_at IS NULL), (SELECT COUNT(*) FROM codes WHERE user_id = $1),
         (SELECT COUNT(*) FROM attempts WHERE user_id = $1)",
        user.id
    )
    .unwrap()
}

#[tokio::test]
async fn everything_ends_in_the_same_transaction() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    world.act(&system(), async |work| sign_in(work, &bo).await).await.unwrap();
    assert_eq!(alive(&world, &bo).await, (1, 1, 1, 1, 1));
    // A change that is undone ends nothing.
    let mut work = world.ground.begin(system(), Origin::default()).await.unwrap();
    let changing = begin_change(&mut work).await.unwrap();
    assert_eq!(deactivate(&mut work, &changing, bo.id).await.unwrap().status, Status::Inactive);
    drop(work);
    assert_eq!((alive(&world, &bo).await, world.user("bo@acme.example").await.unwrap().status), ((1, 1, 1, 1, 1), Status::Active));

    let after = shut_out(&world, &person(&world.ana), bo.id).await.unwrap();
    assert_eq!((alive(&world, &bo).await, after.counts(), world.events("user.deactivated").await), ((0, 0, 0, 0, 0), false, 1));
    assert_eq!(shut_out(&world, &system(), bo.id).await.unwrap().version, after.version, "twice is once");
    let back = let_in(&world, bo.id).await;
    assert_eq!((back.counts(), alive(&world, &bo).await, world.events("user.activated").await), (true, (0, 0, 0, 0, 0), 1));
}

#[tokio::test]
async fn shutting_out_needs_its_permission_and_a_person() {
    let world = World::new().await;
    let (bo, dev) = (world.join("bo@acme.example").await, world.holder("dev@acme.example", &world.developer.clone()).await);
    assert!(matches!(shut_out(&world, &person(&dev), bo.id).await, Err(DeactivateError::Denied(_))));
    assert!(matches!(shut_out(&world, &system(), UserId::fresh()).await, Err(DeactivateError::Unknown)));
    let manager = world.role_with("manager", "users.manage").await;
    world.grant(&dev, &manager).await;
    assert!(shut_out(&world, &person(&dev), bo.id).await.is_ok());
    assert!(matches!(shut_out(&world, &person(&bo), dev.id).await, Err(DeactivateError::Denied(_))), "who is shut out may nothing");
}

#[tokio::test]
async fn the_last_administrator_stays_also_against_themselves() {
    let world = World::new().await;
    for actor in [person(&world.ana), system()] {
        let refused = shut_out(&world, &actor, world.ana.id).await;
        assert!(matches!(refused, Err(DeactivateError::Remain(RemainError::LastAdministrator))));
    }
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    assert!(shut_out(&world, &person(&world.ana), world.ana.id).await.is_ok(), "with another one, Ana may go");
    assert!(matches!(shut_out(&world, &system(), cy.id).await, Err(DeactivateError::Remain(_))));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_administrators_remove_each_other_and_one_remains() {
    let world = World::new().await;
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    let remove = |who: &User, whom: &User| {
        let (ground, actor, whom) = (world.ground.clone(), person(who), whom.id);
        tokio::spawn(async move {
            let mut work = ground.begin(actor, Origin::default()).await.unwrap();
            let changing = begin_change(&mut work).await.unwrap();
            match deactivate(&mut work, &changing, whom).await {
                Ok(_) => work.commit().await.map(|()| true).unwrap(),
                Err(DeactivateError::Denied(_)) => false,
                Err(other) => panic!("{other}"),
            }
        })
    };
    for round in 0..200 {
        let (a, b) = (remove(&world.ana, &cy), remove(&cy, &world.ana));
        let gone = [a.await.unwrap(), b.await.unwrap()];
        assert_eq!(gone.iter().filter(|gone| **gone).count(), 1, "round {round}");
        let_in(&world, if gone[0] { cy.id } else { world.ana.id }).await;
    }
}

#[tokio::test]
async fn what_a_deactivated_inviter_offered_vanishes() {
    let world = World::new().await;
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    world.invite(&person(&cy), "only@acme.example", vec![world.as_approver()]).await.unwrap();
    let (only, _) = world.secrets().await;
    world.invite(&person(&cy), "both@acme.example", vec![world.as_developer(), world.as_approver()]).await.unwrap();
    world.letters().await;
    world.invite(&person(&world.ana), "both@acme.example", vec![world.at_desk()]).await.unwrap();
    let (both, _) = world.secrets().await;

    shut_out(&world, &person(&world.ana), cy.id).await.unwrap();
    assert_eq!(over(&world, &only).await, Some(Over::Unknown));
    assert!(world.user("only@acme.example").await.is_none(), "nobody else invited them");
    assert_eq!((world.events("invitation.offer_fell_away").await, world.events("invitation.revoked").await), (3, 1));
    // Not even when the inviter is back: it was taken back.
    let_in(&world, cy.id).await;
    let joined = world.accept(&both).await.unwrap();
    assert_eq!((world.held(&joined.user).await, joined.fell_away.len()), ((0, 0, 1), 0));
}

#[tokio::test]
async fn a_deactivated_invitee_cannot_accept_nor_be_invited() {
    let world = World::new().await;
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let bo = world.user("bo@acme.example").await.unwrap();
    shut_out(&world, &system(), bo.id).await.unwrap();
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Revoked))));
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await, Err(InviteError::Inactive)));
    assert_eq!(let_in(&world, bo.id).await.status, Status::Invited, "the address was never proved");
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await, Ok(Outcome::Invited(_))));
    assert!(world.accept(&world.secrets().await.0).await.is_ok());
}

/// Each of these is asked by somebody who was everything when their form began to come.
#[tokio::test]
async fn nobody_goes_on_with_what_they_were_before_they_were_shut_out() {
    let world = World::new().await;
    let max = world.holder("max@acme.example", &world.administrator.clone()).await;
    let bo = world.join("bo@acme.example").await;
    world.act(&system(), async |work: &mut Work| sign_in(work, &bo).await).await.unwrap();
    let authority = Authority { all: vec![Coverage { app: None, stages: Stages::Every, ends_at: None }], ..Authority::default() };
    let before = Actor::User { id: max.id, label: max.email.to_string(), authority, proved_at: today() };
    let end = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        authorization::end_sessions(work, &changing, bo.id, None).await
    };
    let again = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        settings::send_again(work, &changing).await
    };
    let named = Profile { nickname: Some(name("Maxim")), ..max.profile.clone() };
    let tell = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        user::set_profile(work, &changing, max.id, max.version, &named).await
    };
    assert_eq!(world.act(&before, again).await.unwrap(), 0, "as long as he counts");
    shut_out(&world, &system(), max.id).await.unwrap();
    assert!(matches!(world.act(&before, end).await, Err(EndError::Denied(_))));
    assert!(matches!(world.act(&before, again).await, Err(ChangeError::Denied(_))));
    assert!(matches!(world.act(&before, tell).await, Err(ProfileError::Denied(_))));
    let open = world.act(&system(), async |work: &mut Work| session::open_of(&mut work.tx, bo.id).await).await.unwrap();
    assert_eq!(open.len(), 1);
}
