//! The invitee's side.

use super::invitations::over;
use super::*;
use crate::access::stage::SessionPolicy;
use crate::identity::user::Status;
use crate::lifecycle::invitation::{ByCode, FellAway, Over};
use crate::login::session;

async fn decline(world: &World, proof: &Proof) -> Result<invitation::Declined, AcceptError> {
    world.act(&Actor::Anonymous, async |work| invitation::decline(work, proof, &LETTERS).await).await
}

#[tokio::test]
async fn accepting_gives_what_was_promised_and_says_where_to_go() {
    let world = World::new().await;
    world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_developer(), world.as_approver(), world.at_desk()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let joined = world.accept(&proof).await.unwrap();
    assert_eq!((joined.user.status, joined.user.counts(), joined.user.label()), (Status::Active, true, "Bo"));
    assert_eq!((world.held(&joined.user).await, joined.fell_away.len()), ((1, 1, 1), 0));
    assert_eq!(joined.stages.iter().map(|stage| stage.key.as_str()).collect::<Vec<_>>(), ["qa"]);
    assert_eq!(joined.apps.iter().map(|landing| (landing.app.key.as_str(), landing.stage.key.as_str())).collect::<Vec<_>>(), [("sales", "qa")]);
    assert_eq!(over(&world, &proof).await, Some(Over::AlreadyAccepted));
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::AlreadyAccepted))));
    let letters = world.letters().await;
    assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "Welcome to Acme"));
    let mut tx = world.ground.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_events WHERE actor_kind = 'invitation' AND kind IN ('invitation.accepted', 'grant.granted', 'membership.added')";
    assert_eq!(crate::one!(tx, (i64,), sql).unwrap(), (4,), "the invitation itself acted");
    let hash = user::password(&mut tx, joined.user.id).await.unwrap().unwrap();
    assert_eq!(hash.expose(), new_hash().expose());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_sixteen_who_accept_at_once_exactly_one_wins() {
    let world = Arc::new(World::new().await);
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let tries: Vec<_> = (0..16)
        .map(|_| {
            let (ground, proof) = (world.ground.clone(), proof.clone());
            tokio::spawn(async move {
                let mut work = ground.begin(Actor::Anonymous, Origin::default()).await.unwrap();
                match invitation::accept(&mut work, &proof, &name("Bo"), &new_hash(), &LETTERS).await {
                    Ok(_) => work.commit().await.is_ok(),
                    Err(AcceptError::Over(Over::AlreadyAccepted)) => false,
                    Err(other) => panic!("{other}"),
                }
            })
        })
        .collect();
    let mut won = 0;
    for one in tries {
        won += usize::from(one.await.unwrap());
    }
    assert_eq!((won, world.events("invitation.accepted").await, world.events("user.password_set").await), (1, 1, 2), "and Ana's own password");
}

#[tokio::test]
async fn the_end_comes_on_the_second_and_nothing_is_given_after_it() {
    let world = World::new().await;
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    world.ground.clock.advance(WEEK);
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Expired))));
    assert!(matches!(decline(&world, &proof).await, Err(AcceptError::Over(Over::Expired))));
    let bo = world.user("bo@acme.example").await.unwrap();
    assert_eq!((bo.status, world.held(&bo).await), (Status::Invited, (0, 0, 0)));
}

#[tokio::test]
async fn declining_ends_the_invitation_and_the_row() {
    let world = World::new().await;
    world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    assert_eq!(decline(&world, &proof).await.unwrap().inviter, "ana");
    assert!(world.user("bo@acme.example").await.is_none());
    assert_eq!((world.events("invitation.declined").await, world.events("user.deleted").await), (1, 1));
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Unknown))));
    // And the person can be invited again.
    assert!(matches!(world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_approver()]).await, Ok(Outcome::Invited(_))));
    assert!(world.accept(&world.secrets().await.0).await.is_ok());
}

#[tokio::test]
async fn wrong_codes_slow_down_and_never_destroy() {
    let world = World::new().await;
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, code) = world.secrets().await;
    let from = |address: &str| Origin { address: Some(address.to_owned()), ..Origin::default() };
    let attempt = async |address: &str, place: &str, code: &str| invitation::find_by_code(&world.ground, &from(place), &email(address), code).await.unwrap();
    // An unknown address and a wrong code get the same answers, the wait included.
    for _ in 0..6 {
        assert!(matches!(attempt("bo@acme.example", "192.0.2.1", "222222").await, ByCode::Wrong));
        assert!(matches!(attempt("nobody@acme.example", "192.0.2.2", "222222").await, ByCode::Wrong));
    }
    let (known, unknown) = (attempt("bo@acme.example", "192.0.2.1", &code).await, attempt("nobody@acme.example", "192.0.2.2", &code).await);
    assert!(matches!((known, unknown), (ByCode::Slow(a), ByCode::Slow(b)) if a == b), "even the right code waits now");
    // Elsewhere, or later, the right code works: blanks, dashes and case do not count.
    let typed = format!(" {}-{} ", code[..3].to_lowercase(), &code[3..]);
    assert!(matches!(attempt("BO@acme.example", "192.0.2.3", &typed).await, ByCode::Right(_)));
    world.ground.clock.advance(Duration::from_mins(10));
    let ByCode::Right(ticket) = attempt("bo@acme.example", "192.0.2.1", &code).await else { panic!("the invitation is as it was") };
    // A code belongs to one address.
    assert!(matches!(attempt("ana@acme.example", "192.0.2.4", &code).await, ByCode::Wrong));
    assert_eq!(over(&world, &proof).await, None);
    assert!(world.accept(&Proof::parse(ticket.expose()).unwrap()).await.is_ok());
    assert!(matches!(attempt("bo@acme.example", "192.0.2.1", &code).await, ByCode::Wrong), "it is used up");
}

#[tokio::test]
async fn a_ticket_lasts_an_hour_and_cannot_be_rewritten() {
    let world = World::new().await;
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    world.invite(&system(), "cy@acme.example", vec![world.as_approver()]).await.unwrap();
    let letters = world.letters().await;
    let letter = |address: &str| letters.iter().find(|letter| letter.to == email(address)).unwrap();
    let ticket = async |address: &str| {
        let code = secrets_in(letter(address)).1;
        let ByCode::Right(ticket) = invitation::find_by_code(&world.ground, &Origin::default(), &email(address), &code).await.unwrap() else {
            panic!("the code is right")
        };
        ticket.expose().clone()
    };
    let (bo, cy) = (ticket("bo@acme.example").await, ticket("cy@acme.example").await);
    let parts = |text: &str| text.split('.').map(str::to_owned).collect::<Vec<_>>();
    let (b, c) = (parts(&bo), parts(&cy));
    let late = format!("{}.{}.{}", b[0], b[1].parse::<i64>().unwrap() + 1, b[2]);
    let swapped = format!("{}.{}.{}", c[0], b[1], b[2]);
    for forged in [late, swapped] {
        assert_eq!(over(&world, &Proof::parse(&forged).unwrap()).await, Some(Over::Unknown), "{forged}");
    }
    let proof = Proof::parse(&bo).unwrap();
    world.ground.clock.advance(Duration::from_mins(59));
    assert_eq!(over(&world, &proof).await, None);
    world.ground.clock.advance(Duration::from_mins(1));
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Unknown))));
}

#[tokio::test]
async fn what_the_inviter_may_no_longer_give_falls_away_and_is_seen() {
    let world = World::new().await;
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    let inviter = world.role_with("inviter", "member_access.manage").await;
    world.grant(&cy, &inviter).await;
    world.grant(&cy, &world.developer.clone()).await;
    world.invite(&person(&cy), "bo@acme.example", vec![world.as_administrator(), world.as_developer(), world.as_approver()]).await.unwrap();
    world.letters().await;
    let brief = Offered { period: Period::until(Timestamp::parse("2026-11-24")), ..world.at_desk() };
    world.invite(&system(), "bo@acme.example", vec![brief]).await.unwrap();
    let (proof, _) = world.secrets().await;
    world.revoke_role(&cy, &world.administrator).await;
    world.ground.clock.advance(Duration::from_hours(25));

    let joined = world.accept(&proof).await.unwrap();
    assert_eq!(world.held(&joined.user).await, (1, 0, 0), "the role Developer only");
    let mut fell: Vec<_> = joined.fell_away.iter().map(|fallen| (fallen.offer.what.as_str(), fallen.why)).collect();
    fell.sort_unstable();
    assert_eq!(fell, [("Administrator", FellAway::InviterMayNot), ("Approver", FellAway::InviterMayNot), ("Desk", FellAway::Over)]);
    assert_eq!((world.events("invitation.offer_fell_away").await, joined.stages.len(), joined.apps.len()), (3, 0, 0));
}

/// Two offer the same: one from now on, the other from later on without end. Whoever joins has it now, and the other offer is seen to fall away.
#[tokio::test]
async fn what_counts_now_is_given_before_what_begins_later() {
    let world = World::new().await;
    let until = Offered { period: Period::until(Timestamp::parse("2026-12-31")), ..world.as_approver() };
    let later = Offered { period: Period { starts_at: Timestamp::parse("2027-01-01"), ends_at: None }, ..world.as_approver() };
    world.invite(&person(&world.ana), "bo@acme.example", vec![until]).await.unwrap();
    world.letters().await;
    world.invite(&system(), "bo@acme.example", vec![later]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let joined = world.accept(&proof).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let held = load::user(&mut tx, joined.user.id).await.unwrap();
    let periods: Vec<_> = held.end_user_grants.iter().map(|grant| (grant.period.starts_at.is_none(), grant.period.ends_at)).collect();
    assert_eq!(periods, [(true, Timestamp::parse("2026-12-31"))]);
    assert_eq!((joined.apps.len(), world.events("invitation.offer_fell_away").await), (1, 1), "the app opens now");
}

/// A proof that began before the session's cookie changed changes nothing: a new password outruns it.
#[tokio::test]
async fn a_proof_of_before_gets_no_cookie() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let start = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        let started = session::start(work, &session::Context::of(&qa), &bo, None, "pwd").await.unwrap();
        Ok::<_, Fault>(started.session)
    };
    let seen = world.act(&system(), start).await.unwrap();
    let prove = async || world.act(&person(&bo), async |work: &mut Work| session::note_proof(work, &seen).await).await.unwrap();
    world.ground.clock.advance(Duration::from_mins(1));
    assert!(prove().await.is_some());
    assert!(prove().await.is_none(), "it goes on with another cookie");
    assert_eq!(world.events("sign_in.proved_again").await, 1);
}

#[tokio::test]
async fn whatever_was_attached_before_the_proof_is_gone_with_it() {
    let world = World::new().await;
    world.invite(&system(), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let bo = world.user("bo@acme.example").await.unwrap();
    // An attacker got hold of the row before its owner came: a password of theirs, another provider's identity, a session.
    let plant = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        for (issuer, hash) in [(user::BUILT_IN, Some(OLD_HASH)), ("https://evil.example", None)] {
            crate::execute!(
                work.tx,
                "INSERT INTO identities (id, user_id, issuer, subject, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, 0)",
                crate::base::id::IdentityId::fresh(),
                bo.id,
                issuer,
                bo.id.to_string(),
                hash
            )?;
        }
        crate::execute!(work.tx, "UPDATE users SET pending_email = 'eve@evil.example' WHERE id = $1", bo.id)?;
        // No rule starts a session of somebody who proved nothing, so the row itself is planted.
        assert!(matches!(session::start(work, &session::Context::of(&qa), &bo, None, "pwd").await, Err(session::StartError::ShutOut)));
        crate::execute!(
            work.tx,
            "INSERT INTO sessions (id, secret_hash, context, stage_id, user_id, authenticated_at, acr, amr, created_at, last_seen_at)
             VALUES ('planted', $1, 'stage:qa', $2, $3, 0, '1', 'pwd', 0, 0)",
            vec![7_u8; 32],
            qa.id,
            bo.id
        )?;
        Ok::<_, Fault>(())
    };
    world.act(&system(), plant).await.unwrap();
    let joined = world.accept(&proof).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    assert!(session::by_id(&mut tx, "planted", SessionPolicy::STANDARD).await.unwrap().is_none());
    let identities = crate::all!(tx, (String, Option<String>), "SELECT issuer, password_hash FROM identities WHERE user_id = $1", joined.user.id).unwrap();
    assert_eq!(identities, [(user::BUILT_IN.to_owned(), Some(NEW_HASH.to_owned()))]);
    let pending = crate::one!(tx, (Option<String>,), "SELECT pending_email FROM users WHERE id = $1", joined.user.id).unwrap();
    assert_eq!(pending, (None,));
}

#[tokio::test]
async fn an_old_letter_sets_no_new_password_for_somebody_who_is_here() {
    let world = World::new().await;
    world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    let (proof, _) = world.secrets().await;
    let bo = world.join("bo@acme.example").await;
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::AlreadyAccepted))));
    let mut tx = world.ground.db.read().await.unwrap();
    assert_eq!(user::password(&mut tx, bo.id).await.unwrap().unwrap().expose(), OLD_HASH);
    drop(tx);
    // What was promised is kept all the same, once the operator says so.
    let settle = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        invitation::settle(work, &changing, &bo).await
    };
    assert!(world.act(&system(), settle).await.unwrap());
    assert!(!world.act(&system(), settle).await.unwrap());
    assert_eq!(world.held(&bo).await, (0, 1, 0));
}

#[tokio::test]
async fn a_password_set_meanwhile_is_not_undone_by_a_stronger_hash_of_the_old_one() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let rehash =
        async |old: PasswordHash, new: PasswordHash| world.act(&Actor::Anonymous, async |work| user::rehash(work, &bo, &old, &new).await).await.unwrap();
    assert!(rehash(old_hash(), new_hash()).await, "the typed password is still the one");
    assert!(!rehash(old_hash(), old_hash()).await, "somebody set another one");
    let mut tx = world.ground.db.read().await.unwrap();
    assert_eq!(user::password(&mut tx, bo.id).await.unwrap().unwrap().expose(), NEW_HASH);
}
