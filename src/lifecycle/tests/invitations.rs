//! The inviter's side.

use super::*;
use crate::access::effective;
use crate::access::guard::{self, GuardError};
use crate::identity::user::Status;
use crate::lifecycle::delete_group::delete_group;
use crate::lifecycle::invitation::{ChangeError, Found, Over, list};
use grant::Given;

async fn found(world: &World, proof: &Proof) -> Found {
    let mut tx = world.ground.db.read().await.unwrap();
    invitation::find(&mut tx, &world.ground.sealer, proof, world.ground.clock.now(), &LETTERS).await.unwrap()
}

pub(super) async fn over(world: &World, proof: &Proof) -> Option<Over> {
    match found(world, proof).await {
        Found::Open(_) => None,
        Found::Over(over) => Some(over),
    }
}

async fn revoke(world: &World, actor: &Actor, id: InvitationId) -> Result<(), ChangeError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        invitation::revoke(work, &changing, id).await
    };
    world.act(actor, rule).await
}

fn open(outcome: &Outcome) -> InvitationId {
    match outcome {
        Outcome::Invited(id) | Outcome::Added(id) => *id,
        Outcome::Granted(..) => panic!("this was granted at once"),
    }
}

#[tokio::test]
async fn an_invitation_says_what_it_offers_and_gives_nothing_yet() {
    let world = World::new().await;
    let until = Offered { period: Period::until(Timestamp::parse("2026-12-31")), ..world.as_approver() };
    let outcome = world.invite(&person(&world.ana), "Bo@Acme.example", vec![until, world.as_developer(), world.at_desk()]).await.unwrap();
    assert!(matches!(outcome, Outcome::Invited(_)));
    let bo = world.user("bo@acme.example").await.unwrap();
    assert_eq!((bo.status, bo.counts(), world.held(&bo).await), (Status::Invited, false, (0, 0, 0)));

    let letters = world.letters().await;
    assert_eq!((letters.len(), letters[0].to.as_str(), letters[0].subject.as_str()), (1, "Bo@Acme.example", "ana invites you to Acme"));
    for line in [
        "- Approver, Sales at QA, until 31 Dec 2026",
        "- Developer, Acme, no end date",
        "- Desk, Group at QA, no end date",
        "The invitation is good until 30 Nov 2026.",
    ] {
        assert!(letters[0].text.contains(line), "{line} in {}", letters[0].text);
    }
    let (proof, _) = secrets_in(&letters[0]);
    let Found::Open(view) = found(&world, &proof).await else { panic!("it is open") };
    assert_eq!((view.inviter.as_str(), view.offers.len(), view.expires.as_str(), view.email.as_str()), ("ana", 3, "30 Nov 2026", "Bo@Acme.example"));
    assert_eq!((over(&world, &proof).await, world.events("invitation.sent").await), (None, 1), "looking twice changes nothing");

    let mut tx = world.ground.db.read().await.unwrap();
    let trail = crate::all!(tx, (String,), "SELECT payload FROM audit_events WHERE payload IS NOT NULL").unwrap();
    let Proof::Link(token) = &proof else { panic!("a letter holds a link") };
    assert!(trail.iter().all(|(payload,)| !payload.contains(token.expose()) && !payload.contains("code_hash")), "no secret is in the audit trail");
}

#[tokio::test]
async fn one_person_has_one_row_however_the_address_is_written() {
    let world = World::new().await;
    let first = world.invite(&system(), "mu\u{308}ller@m\u{fc}nchen.example", vec![world.as_developer()]).await.unwrap();
    let second = world.invite(&system(), "M\u{dc}LLER@XN--MNCHEN-3YA.example", vec![world.at_desk()]).await.unwrap();
    assert_eq!(second, Outcome::Added(open(&first)));
    let mut tx = world.ground.db.read().await.unwrap();
    let (users, invitations) = crate::one!(tx, (i64, i64), "SELECT (SELECT COUNT(*) FROM users), (SELECT COUNT(*) FROM invitations)").unwrap();
    assert_eq!((users, invitations), (2, 1), "Ana and one more");
}

#[tokio::test]
async fn what_somebody_got_beside_their_invitation_goes_with_it_and_leaves_its_traces() {
    let world = World::new().await;
    let id = open(&world.invite(&person(&world.ana), "guest@acme.example", vec![world.as_approver()]).await.unwrap());
    let guest = world.user("guest@acme.example").await.unwrap();
    world.grant(&guest, &world.developer).await;
    let join = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        group::add_member(work, &changing, &world.desk, &guest, Period::ALWAYS, None).await
    };
    world.act(&system(), join).await.unwrap();
    let before = (world.events("grant.revoked").await, world.events("membership.removed").await);
    revoke(&world, &person(&world.ana), id).await.unwrap();
    assert!(world.user("guest@acme.example").await.is_none(), "they never came");
    assert_eq!((world.events("grant.revoked").await, world.events("membership.removed").await), (before.0 + 1, before.1 + 1));
}

#[tokio::test]
async fn whoever_ends_an_invitation_takes_no_organization_role_from_somebody_stronger() {
    let world = World::new().await;
    let (giver, members) = (world.role_with("giver", "end_user_access.manage").await, world.role_with("members", "member_access.manage").await);
    let lena = world.holder("lena@acme.example", &giver).await;
    let id = open(&world.invite(&person(&lena), "guest@acme.example", vec![world.as_approver()]).await.unwrap());
    let guest = world.user("guest@acme.example").await.unwrap();
    world.grant(&guest, &world.developer).await;
    // It is her invitation, but the role beside it is not hers to take: neither by right nor by strength.
    let refused = revoke(&world, &person(&lena), id).await.unwrap_err();
    assert!(matches!(refused, ChangeError::Denied(_)), "{refused:?}");
    world.grant(&lena, &members).await;
    let refused = revoke(&world, &person(&lena), id).await.unwrap_err();
    assert!(matches!(refused, ChangeError::Guard(GuardError::Stronger)), "{refused:?}");
    let refused = revoke(&world, &person_since(&world.ana, Duration::from_hours(1)), id).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    assert_eq!((world.held(&guest).await, world.events("grant.revoked").await), ((1, 0, 0), 0));
    revoke(&world, &person(&world.ana), id).await.unwrap();
    assert!(world.user("guest@acme.example").await.is_none());
    // Where no organization role goes, nobody is asked for anything.
    let id = open(&world.invite(&person(&lena), "guest@acme.example", vec![world.as_approver()]).await.unwrap());
    revoke(&world, &person_since(&lena, Duration::from_hours(1)), id).await.unwrap();
}

#[tokio::test]
async fn an_offer_that_goes_takes_no_organization_role_along() {
    let world = World::new().await;
    let groups = world.role_with("groups", "end_user_groups.manage").await;
    let gus = world.holder("gus@acme.example", &groups).await;
    for address in ["guest@acme.example", "other@acme.example"] {
        world.invite(&person(&gus), address, vec![world.at_desk()]).await.unwrap();
    }
    let guest = world.user("guest@acme.example").await.unwrap();
    world.grant(&guest, &world.developer).await;
    let delete = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_group(work, &changing, world.desk.id, world.desk.version).await
    };
    world.act(&person_since(&gus, Duration::from_hours(1)), delete).await.unwrap();
    assert_eq!((world.events("invitation.revoked").await, world.held(&guest).await), (2, (1, 0, 0)));
    assert!(world.user("other@acme.example").await.is_none(), "nobody gave them more");
    // The guest is here still, invited to nothing, and can be invited again.
    assert_eq!(world.user("guest@acme.example").await.unwrap().status, Status::Invited);
    let again = world.invite(&person(&world.ana), "guest@acme.example", vec![world.as_approver()]).await.unwrap();
    assert!(matches!(again, Outcome::Invited(_)), "{again:?}");
}

#[tokio::test]
async fn a_list_shows_invitations_of_which_one_may_see_everything() {
    let world = World::new().await;
    for (address, offers) in [
        ("both@acme.example", vec![world.as_developer(), world.as_approver()]),
        ("end-user@acme.example", vec![world.as_approver()]),
        ("group@acme.example", vec![world.at_desk()]),
        ("member@acme.example", vec![world.as_developer()]),
    ] {
        world.invite(&system(), address, offers).await.unwrap();
    }
    let all = ["both@acme.example", "end-user@acme.example", "group@acme.example", "member@acme.example"];
    let (end_users, members, nothing) = (&all[1..3], &all[3..], &all[..0]);
    for (permission, expected) in [
        ("member_access.manage", members),
        ("members.view", members),
        ("end_users.view", end_users),
        ("end_user_access.manage", end_users),
        ("end_user_groups.manage", end_users),
        ("users.manage", &all[..]),
        ("audit.view", nothing),
    ] {
        let role = world.role_with(&permission.replace(['.', '_'], "-"), permission).await;
        let reader = world.holder(&format!("{}@acme.example", role.key), &role).await;
        let mut tx = world.ground.db.read().await.unwrap();
        let catalogue = load::catalogue(&mut tx).await.unwrap();
        let authority = effective::authority(&catalogue, &load::user(&mut tx, reader.id).await.unwrap(), today());
        let (sight, filter) = (list::Sight::of(&authority, &catalogue), list::Filter { search: String::new(), state: None, now: today() });
        let found = list::list(&mut tx, &sight, &filter, list::Sort::Newest, &crate::access::people::From::Start, 10).await.unwrap();
        let mut shown: Vec<&str> = found.iter().map(|sent| sent.email.as_str()).collect();
        shown.sort_unstable();
        assert_eq!(shown, expected, "{permission}");
        assert_eq!(list::count(&mut tx, &sight, &filter, 10).await.unwrap(), i64::try_from(expected.len()).unwrap(), "{permission}");
    }
}

#[tokio::test]
async fn a_second_inviter_adds_and_the_older_link_dies() {
    let world = World::new().await;
    let cy = world.holder("cy@acme.example", &world.administrator.clone()).await;
    let first = world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_developer()]).await.unwrap();
    let (old, _) = world.secrets().await;
    let second = world.invite(&person(&cy), "bo@acme.example", vec![world.at_desk(), world.as_developer()]).await.unwrap();
    assert_eq!(second, Outcome::Added(open(&first)));
    let letters = world.letters().await;
    assert!(letters[0].subject.starts_with("cy invites") && letters[0].text.contains("- Developer") && letters[0].text.contains("- Desk"));
    assert_eq!(letters[0].text.matches("- Developer").count(), 1, "what two offer alike is one line");
    assert_eq!(over(&world, &old).await, Some(Over::Unknown));
    let joined = world.accept(&secrets_in(&letters[0]).0).await.unwrap();
    assert_eq!((world.held(&joined.user).await, joined.fell_away.len()), ((1, 0, 1), 0));
}

#[tokio::test]
async fn the_same_inviter_corrects_an_offer_and_of_two_the_longer_counts() {
    let world = World::new().await;
    let until = |date| Offered { period: Period::until(Timestamp::parse(date)), ..world.as_approver() };
    world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_approver()]).await.unwrap();
    world.invite(&person(&world.ana), "bo@acme.example", vec![until("2027-01-01")]).await.unwrap();
    world.letters().await;
    world.invite(&system(), "bo@acme.example", vec![until("2028-01-01")]).await.unwrap();
    let joined = world.accept(&world.secrets().await.0).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let held = load::user(&mut tx, joined.user.id).await.unwrap();
    let ends: Vec<_> = held.end_user_grants.iter().filter(|grant| grant.group.is_none()).map(|grant| grant.period.ends_at).collect();
    assert_eq!(ends, [Timestamp::parse("2028-01-01")]);
}

#[tokio::test]
async fn sending_again_kills_the_old_link_code_and_ticket_and_extends() {
    let world = World::new().await;
    let id = open(&world.invite(&system(), "bo@acme.example", vec![world.at_desk()]).await.unwrap());
    let (old, old_code) = world.secrets().await;
    let by_code = async |code: &str| invitation::find_by_code(&world.ground, &Origin::default(), &email("bo@acme.example"), code).await.unwrap();
    let invitation::ByCode::Right(ticket) = by_code(&old_code).await else { panic!("the code is right") };
    let ticket = Proof::parse(ticket.expose()).unwrap();
    assert_eq!(over(&world, &ticket).await, None);

    world.ground.clock.advance(Duration::from_hours(169));
    assert_eq!(over(&world, &old).await, Some(Over::Expired));
    assert!(matches!(by_code(&old_code).await, invitation::ByCode::Expired));
    world.resend(id).await;
    let (new, new_code) = world.secrets().await;
    assert_eq!([over(&world, &old).await, over(&world, &ticket).await, over(&world, &new).await], [Some(Over::Unknown), Some(Over::Unknown), None]);
    assert!(matches!(by_code(&old_code).await, invitation::ByCode::Wrong));
    assert!(matches!(by_code(&new_code).await, invitation::ByCode::Right(_)));
    assert!(matches!(world.accept(&old).await, Err(AcceptError::Over(Over::Unknown))));
    assert!(world.accept(&new).await.is_ok());
}

#[tokio::test]
async fn what_expired_does_not_come_back_with_another_offer() {
    let world = World::new().await;
    let first = open(&world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_administrator()]).await.unwrap());
    world.letters().await;
    world.ground.clock.advance(WEEK);
    let second = world.invite(&system(), "bo@acme.example", vec![world.at_desk()]).await.unwrap();
    assert_eq!(second, Outcome::Invited(first), "the row is used again");
    let joined = world.accept(&world.secrets().await.0).await.unwrap();
    assert_eq!(world.held(&joined.user).await, (0, 0, 1));
}

#[tokio::test]
async fn a_revoked_invitation_takes_the_invited_user_along_and_leaves_others() {
    let world = World::new().await;
    let id = open(&world.invite(&system(), "bo@acme.example", vec![world.at_desk()]).await.unwrap());
    let (proof, _) = world.secrets().await;
    revoke(&world, &system(), id).await.unwrap();
    assert!(world.user("bo@acme.example").await.is_none());
    assert_eq!((over(&world, &proof).await, world.events("invitation.revoked").await), (Some(Over::Unknown), 1));
    assert!(matches!(revoke(&world, &system(), id).await, Err(ChangeError::NotOpen)));

    // Somebody who had signed in once, in whatever way, stays.
    let id = open(&world.invite(&system(), "cy@acme.example", vec![world.at_desk()]).await.unwrap());
    let (proof, _) = world.secrets().await;
    let cy = world.user("cy@acme.example").await.unwrap();
    world.act(&system(), async |work| user::touch_last_login(work, cy.id).await).await.unwrap();
    revoke(&world, &system(), id).await.unwrap();
    assert!(world.user("cy@acme.example").await.is_some());
    assert_eq!(over(&world, &proof).await, Some(Over::Revoked));
    assert!(matches!(world.accept(&proof).await, Err(AcceptError::Over(Over::Revoked))));
}

#[tokio::test]
async fn nobody_offers_what_they_may_not_give() {
    let world = World::new().await;
    let manager = world.role_with("inviter", "member_access.manage").await;
    let eve = world.join("eve@acme.example").await;
    let max = world.holder("max@acme.example", &manager).await;
    for offered in [world.as_developer(), world.as_approver(), world.at_desk()] {
        assert!(matches!(world.invite(&person(&eve), "bo@acme.example", vec![offered]).await, Err(InviteError::Denied(_))));
    }
    assert!(matches!(world.invite(&person(&max), "bo@acme.example", vec![world.as_approver()]).await, Err(InviteError::Denied(_))));
    assert!(matches!(world.invite(&person(&max), "bo@acme.example", vec![world.as_administrator()]).await, Err(InviteError::OnlyAdministrators)));
    // Rule 3a: whoever may hand out roles hands out no more than they hold, nor for longer.
    assert!(matches!(world.invite(&person(&max), "bo@acme.example", vec![world.as_developer()]).await, Err(InviteError::Beyond)));
    let own = Offered { offer: Offer::OrganizationRole { role: manager.clone(), app: None }, period: Period::ALWAYS, reason: None };
    assert!(matches!(world.invite(&person(&max), "bo@acme.example", vec![own, world.at_desk()]).await, Err(InviteError::Denied(_))));
    assert!(world.user("bo@acme.example").await.is_none() && world.letters().await.is_empty(), "a refusal leaves nothing behind");

    let id = open(&world.invite(&person(&world.ana), "bo@acme.example", vec![world.as_administrator()]).await.unwrap());
    assert!(matches!(revoke(&world, &person(&max), id).await, Err(ChangeError::OnlyAdministrators)));
    assert!(matches!(revoke(&world, &person(&eve), id).await, Err(ChangeError::Denied(_))));
    assert!(matches!(revoke(&world, &person(&eve), InvitationId::fresh()).await, Err(ChangeError::Denied(_))), "and nobody learns what there is");
    assert!(revoke(&world, &person(&world.ana), id).await.is_ok());
}

#[tokio::test]
async fn nobody_lifts_themselves_by_inviting_their_own_address() {
    let world = World::new().await;
    let manager = world.role_with("inviter", "member_access.manage").await;
    let max = world.join("max@acme.example").await;
    let until = |date| Period::until(Timestamp::parse(date));
    let grant = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(max.id), &manager, None, until("2026-12-31"), None).await
    };
    world.act(&system(), grant).await.unwrap();
    let own = |period| Offered { offer: Offer::OrganizationRole { role: manager.clone(), app: None }, period, reason: None };
    for address in ["max@acme.example", "MAX@Acme.example"] {
        // Rule 3e: what he does not hold, everything, and what he holds for longer.
        assert!(matches!(world.invite(&person(&max), address, vec![world.as_developer()]).await, Err(InviteError::Beyond)));
        assert!(matches!(world.invite(&person(&max), address, vec![world.as_administrator()]).await, Err(InviteError::OnlyAdministrators)));
        for longer in [Period::ALWAYS, until("2027-01-01")] {
            assert!(matches!(world.invite(&person(&max), address, vec![own(longer)]).await, Err(InviteError::Beyond)));
        }
        // What he may offer he has already, and it stays as it is.
        let outcome = world.invite(&person(&max), address, vec![own(until("2026-12-01"))]).await.unwrap();
        assert_eq!(outcome, Outcome::Granted(max.id, vec![Given::PeriodDiffers]));
    }
    let mut tx = world.ground.db.read().await.unwrap();
    let held = load::user(&mut tx, max.id).await.unwrap();
    let grants: Vec<_> = held.organization_grants.iter().map(|grant| (grant.role, grant.period)).collect();
    assert_eq!(grants, [(manager.id, until("2026-12-31"))]);
    drop(tx);
    assert!(world.held(&max).await == (1, 0, 0) && world.letters().await.is_empty());
}

#[tokio::test]
async fn an_offer_has_a_sensible_period_and_there_is_at_least_one() {
    let world = World::new().await;
    let at = |date| Timestamp::parse(date);
    let with = |period| vec![Offered { period, ..world.at_desk() }];
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![]).await, Err(InviteError::Nothing)));
    let reversed = Period { starts_at: at("2028-01-01"), ends_at: at("2027-01-01") };
    assert!(matches!(world.invite(&system(), "bo@acme.example", with(reversed)).await, Err(InviteError::Period)));
    assert!(matches!(world.invite(&system(), "bo@acme.example", with(Period::until(at("2026-11-22")))).await, Err(InviteError::Over)));
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![world.at_desk(); 101]).await, Err(InviteError::TooMany)));
    let mut other = world.as_approver();
    if let Offer::EndUserRole { app, .. } = &mut other.offer {
        app.id = crate::base::id::AppId::fresh();
    }
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![other]).await, Err(InviteError::Fault(_))));
    // What went while the form stood open.
    let (mut role, mut group) = (world.as_approver(), world.at_desk());
    if let (Offer::EndUserRole { role, .. }, Offer::Group { group }) = (&mut role.offer, &mut group.offer) {
        (role.id, group.id) = (crate::base::id::EndUserRoleId::fresh(), crate::base::id::GroupId::fresh());
    }
    for gone in [role, group] {
        assert!(matches!(world.invite(&system(), "bo@acme.example", vec![gone]).await, Err(InviteError::Gone)));
    }
}

#[tokio::test]
async fn whoever_is_here_already_gets_it_at_once_and_a_letter() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let both = vec![world.as_approver(), world.at_desk()];
    assert_eq!(world.invite(&person(&world.ana), "BO@acme.example", both.clone()).await.unwrap(), Outcome::Granted(bo.id, vec![Given::Granted; 2]));
    assert_eq!(world.held(&bo).await, (0, 1, 1));
    let letters = world.letters().await;
    assert_eq!((letters.len(), letters[0].subject.as_str()), (1, "New access at Acme"));
    assert!(letters[0].text.starts_with("Hello bo, ana has given you access:") && !letters[0].text.contains("invitations/"), "{}", letters[0].text);
    // Again: nothing is new, so there is nothing to tell.
    let longer = Offered { period: Period::until(Timestamp::parse("2030-01-01")), ..world.as_approver() };
    let again = world.invite(&system(), "bo@acme.example", vec![longer, world.at_desk()]).await.unwrap();
    assert_eq!(again, Outcome::Granted(bo.id, vec![Given::PeriodDiffers, Given::Unchanged]));
    assert!(world.letters().await.is_empty());
}
