//! Access for a time, what those hold who are shut out, and the end of an account.

use super::*;
use crate::access::administrators::RemainError;
use crate::access::grant::{Given, GrantError, Holder};
use crate::access::guard::GuardError;
use crate::audit::{self, EraseError};
use crate::base::id::UserId;
use crate::base::time::PeriodError;
use crate::identity::group::{GroupError, JoinError, Obstacle};
use crate::identity::user::Status;
use crate::lifecycle::deactivate::deactivate;
use crate::lifecycle::delete_user::{DeleteError, Going, delete, going};
use crate::lifecycle::give_access::{GiveError, Outcome, give_access};
use crate::login::session::{self, Context};

fn until(day: &str) -> Period {
    Period::until(Timestamp::parse(day))
}

fn from(start: &str, end: &str) -> Period {
    Period { starts_at: Timestamp::parse(start), ends_at: Timestamp::parse(end) }
}

/// One rule as the operator, under the access lock.
macro_rules! change {
    ($world:expr, $actor:expr, |$work:ident, $changing:ident| $rule:expr) => {
        $world
            .act($actor, async |$work: &mut Work| {
                let $changing = begin_change($work).await?;
                $rule.await
            })
            .await
    };
}

async fn shut_out(world: &World, user: UserId) {
    change!(world, &system(), |work, changing| deactivate(work, &changing, user)).unwrap();
}

async fn give(world: &World, actor: &Actor, user: UserId, offers: &[Offered], again: bool) -> Result<Vec<Outcome>, GiveError> {
    change!(world, actor, |work, changing| give_access(work, &changing, Who::User(user), offers, again))
}

fn with(offered: &Offered, period: Period) -> Offered {
    Offered { period, ..offered.clone() }
}

#[tokio::test]
async fn a_period_is_in_order_and_not_over() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let all = [world.as_developer(), world.as_approver(), world.at_desk()];
    for offered in &all {
        // 23 November 2026 is today.
        for (period, error) in
            [(from("2027-01-02", "2027-01-01"), PeriodError::Order), (until("2026-11-22"), PeriodError::Past), (until("2026-11-23"), PeriodError::Past)]
        {
            let refused = give(&world, &system(), bo.id, &[with(offered, period)], false).await;
            assert!(matches!(refused, Err(GiveError::Period(said)) if said == error), "{offered:?} {period:?}");
        }
    }
    assert_eq!(world.held(&bo).await, (0, 0, 0));
    let early: Vec<_> = all.iter().map(|offered| with(offered, from("2026-12-01", "2026-12-31"))).collect();
    assert_eq!(give(&world, &system(), bo.id, &early, false).await.unwrap(), [Outcome::Given; 3]);
    assert_eq!(give(&world, &system(), bo.id, &early, false).await.unwrap(), [Outcome::Had; 3]);
    // Another period is another act, of which nothing is half done.
    let refused = give(&world, &system(), bo.id, &[world.as_administrator(), all[1].clone(), all[2].clone()], false).await;
    assert!(matches!(refused, Err(GiveError::Differ(which)) if which == [1, 2]));
    assert_eq!(world.held(&bo).await, (1, 1, 1));
    assert_eq!(give(&world, &system(), bo.id, &all, true).await.unwrap(), [Outcome::Changed; 3]);
    assert_eq!((world.events("grant.changed").await, world.events("membership.changed").await), (2, 1));
    assert_eq!(give(&world, &system(), bo.id, &all, true).await.unwrap(), [Outcome::Had; 3]);
}

#[tokio::test]
async fn a_period_is_changed_and_ended_now() {
    let world = World::new().await;
    let bo = world.holder("bo@acme.example", &world.developer.clone()).await;
    let given = [world.as_approver(), world.at_desk()];
    give(&world, &system(), bo.id, &given, false).await.unwrap();
    let version = async || world.user("bo@acme.example").await.unwrap().access_version;
    let before = version().await;
    let now = world.ground.clock.now();
    for period in [until("2027-01-01"), Period::until(Some(now)), from("2026-12-01", "2027-01-01"), Period::ALWAYS] {
        let (developer, approver, sales) = (&world.developer, &world.approver, world.sales.id);
        assert!(
            change!(world, &system(), |work, changing| grant::set_organization_period(work, &changing, Who::User(bo.id), developer, None, period)).unwrap()
        );
        for holder in [Holder::User(bo.id), Holder::Group(world.desk.id)] {
            assert!(change!(world, &system(), |work, changing| grant::set_end_user_period(work, &changing, holder, sales, approver, period)).unwrap());
        }
        assert!(change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &bo, period)).unwrap());
    }
    assert!(version().await > before + 9);
    let (changed, moved) = (world.events("grant.changed").await, world.events("membership.changed").await);
    assert_eq!((changed, moved), (12, 4));
    // What is over already cannot be set; what is not held cannot be changed; who may not, may not.
    let past = until("2026-11-01");
    let role = &world.approver;
    let refused = change!(world, &system(), |work, changing| grant::set_end_user_period(work, &changing, Holder::User(bo.id), world.sales.id, role, past));
    assert!(matches!(refused, Err(GrantError::Past)));
    let refused = change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &bo, past));
    assert!(matches!(refused, Err(GroupError::Past)));
    let wrong = from("2027-01-02", "2027-01-01");
    let refused = change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &bo, wrong));
    assert!(matches!(refused, Err(GroupError::Period)));
    let developer = &world.developer;
    let refused = change!(world, &system(), |work, changing| grant::set_organization_period(work, &changing, Who::User(bo.id), developer, None, wrong));
    assert!(matches!(refused, Err(GrantError::Period)));
    let ana = Holder::User(world.ana.id);
    assert!(!change!(world, &system(), |work, changing| grant::set_end_user_period(work, &changing, ana, world.sales.id, role, Period::ALWAYS)).unwrap());
    assert!(!change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &world.ana, Period::ALWAYS)).unwrap());
    let me = person(&bo);
    let refused = change!(world, &me, |work, changing| grant::set_end_user_period(work, &changing, ana, world.sales.id, role, Period::ALWAYS));
    assert!(matches!(refused, Err(GrantError::Denied(_))));
    let refused = change!(world, &me, |work, changing| group::set_member_period(work, &changing, &world.desk, &world.ana, Period::ALWAYS));
    assert!(matches!(refused, Err(GroupError::Denied(_))));
}

#[tokio::test]
async fn a_shorter_period_gives_nobody_anything() {
    let world = World::new().await;
    let manager = world.role_with("manager", "member_access.manage").await;
    let auditor = world.role_with("auditor", "audit.view").await;
    let max = world.holder("max@acme.example", &manager).await;
    let bo = world.join("bo@acme.example").await;
    // Max holds it for a while himself, so Bo will not be stronger once it begins; but he may not give it for longer.
    let until = Period::until(Timestamp::parse("2027-01-20"));
    change!(world, &system(), |work, changing| grant::give_organization(work, &changing, Who::User(max.id), &auditor, None, until, None)).unwrap();
    change!(world, &system(), |work, changing| grant::give_organization(
        work,
        &changing,
        Who::User(bo.id),
        &auditor,
        None,
        from("2027-01-01", "2027-02-01"),
        None
    ))
    .unwrap();
    let max = person(&max);
    let set = async |period| change!(world, &max, |work, changing| grant::set_organization_period(work, &changing, Who::User(bo.id), &auditor, None, period));
    assert!(set(from("2027-01-01", "2027-01-25")).await.unwrap());
    assert!(matches!(set(from("2027-01-01", "2027-02-01")).await, Err(GrantError::Guard(GuardError::Beyond))));
    assert!(matches!(set(from("2026-12-01", "2027-01-25")).await, Err(GrantError::Guard(GuardError::Beyond))));
    // Somebody who does not hold it at all leaves it alone, though it has not begun yet.
    let eva = world.holder("eva@acme.example", &manager).await;
    let eva = person(&eva);
    let period = from("2027-01-01", "2027-01-02");
    let refused = change!(world, &eva, |work, changing| grant::set_organization_period(work, &changing, Who::User(bo.id), &auditor, None, period));
    assert!(matches!(refused, Err(GrantError::Guard(GuardError::Stronger))));
}

#[tokio::test]
async fn nothing_is_given_to_those_who_are_shut_out() {
    let world = World::new().await;
    let bo = world.holder("bo@acme.example", &world.developer.clone()).await;
    let limited = with(&world.as_approver(), until("2027-01-01"));
    give(&world, &system(), bo.id, &[limited, world.at_desk()], false).await.unwrap();
    shut_out(&world, bo.id).await;
    let gone = world.user("bo@acme.example").await.unwrap();
    assert!(matches!(give(&world, &system(), bo.id, &[world.as_administrator()], false).await, Err(GiveError::Inactive)));
    assert!(matches!(give(&world, &system(), UserId::fresh(), &[world.as_administrator()], false).await, Err(GiveError::Unknown)));
    assert!(matches!(world.invite(&system(), "bo@acme.example", vec![world.at_desk()]).await, Err(InviteError::Inactive)));
    let (administrator, developer, approver) = (&world.administrator, &world.developer, &world.approver);
    let who = Who::User(bo.id);
    let organization =
        async |role| change!(world, &system(), |work, changing| grant::give_organization(work, &changing, who, role, None, Period::ALWAYS, None));
    assert!(matches!(organization(administrator).await, Err(GrantError::Inactive)));
    assert_eq!(organization(developer).await.unwrap(), Given::Unchanged, "what they hold, they hold");
    let nobody = Who::User(UserId::fresh());
    let refused = change!(world, &system(), |work, changing| grant::give_organization(work, &changing, nobody, developer, None, Period::ALWAYS, None));
    assert!(matches!(refused, Err(GrantError::NoUser)));
    // Longer is more; shorter is less.
    let sales = world.sales.id;
    let set =
        async |period| change!(world, &system(), |work, changing| grant::set_end_user_period(work, &changing, Holder::User(bo.id), sales, approver, period));
    assert!(matches!(set(until("2027-01-02")).await, Err(GrantError::Inactive)));
    assert!(set(until("2026-12-31")).await.unwrap());
    let shorter = change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &gone, until("2027-01-01")));
    assert!(shorter.unwrap());
    let longer = change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &gone, Period::ALWAYS));
    assert!(matches!(longer, Err(GroupError::Inactive)));
    let cy = world.join("cy@acme.example").await;
    shut_out(&world, cy.id).await;
    let ids = [cy.id, bo.id, cy.id, UserId::fresh()];
    let refused = change!(world, &system(), |work, changing| group::add_members(work, &changing, world.desk.id, &ids, Period::ALWAYS, None));
    let Err(JoinError::Obstacles(obstacles)) = refused else { panic!("{refused:?}") };
    assert!(matches!(&obstacles[..], [Obstacle::Inactive(_), Obstacle::PeriodDiffers(_, _), Obstacle::Unknown(_)]), "{obstacles:?}");
    let refused = change!(world, &system(), |work, changing| group::add_members(work, &changing, world.desk.id, &ids, until("2020-01-01"), None));
    assert!(matches!(refused, Err(JoinError::Period(PeriodError::Past))));
}

#[tokio::test]
async fn several_leave_a_group_at_once() {
    let world = World::new().await;
    let (bo, cy) = (world.join("bo@acme.example").await, world.join("cy@acme.example").await);
    let ids = [bo.id, cy.id];
    assert_eq!(change!(world, &system(), |work, changing| group::add_members(work, &changing, world.desk.id, &ids, Period::ALWAYS, None)).unwrap(), 2);
    let me = person(&bo);
    let refused = change!(world, &me, |work, changing| group::remove_members(work, &changing, &world.desk, &ids));
    assert!(matches!(refused, Err(GroupError::Denied(_))));
    for left in [2, 0] {
        assert_eq!(change!(world, &system(), |work, changing| group::remove_members(work, &changing, &world.desk, &ids)).unwrap(), left);
    }
    assert_eq!(world.events("membership.removed").await, 2);
}

#[tokio::test]
async fn events_of_what_was_given_say_by_whom_when_and_why() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let reason = Description::parse("Ticket 7").unwrap();
    let offers = [world.as_developer(), world.as_approver(), world.at_desk()].map(|offered| Offered { reason: Some(reason.clone()), ..offered });
    give(&world, &person(&world.ana), bo.id, &offers, false).await.unwrap();
    change!(world, &system(), |work, changing| group::set_member_period(work, &changing, &world.desk, &bo, until("2027-01-01"))).unwrap();
    world.ground.clock.advance(Duration::from_hours(1));
    end(&world, &system(), bo.id).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let sql = "SELECT kind, payload FROM audit_events WHERE subject_id = $1 AND (kind LIKE 'grant.%' OR kind LIKE 'membership.%')";
    let events = crate::all!(tx, (String, String), sql, bo.id.to_string()).unwrap();
    assert_eq!(events.len(), 7, "given, changed and taken");
    for (kind, payload) in events {
        let payload: serde_json::Value = serde_json::from_str(&payload).unwrap();
        let rows: Vec<&serde_json::Value> = ["before", "after"].iter().filter_map(|name| payload.get(name)).collect();
        assert_eq!(rows.len(), if kind == "membership.changed" { 2 } else { 1 }, "{kind}");
        for row in rows {
            let by = (row["granted_by_kind"].as_str(), row["granted_by_id"].as_str(), row["granted_by_label"].as_str());
            assert_eq!(by, (Some("user"), Some(world.ana.id.to_string().as_str()), Some("ana@acme.example")), "{kind}: {row}");
            assert_eq!((row["reason"].as_str(), row["granted_at"].as_i64()), (Some("Ticket 7"), Some(today().micros())), "{kind}: {row}");
        }
    }
}

async fn end(world: &World, actor: &Actor, user: UserId) -> Result<(), DeleteError> {
    change!(world, actor, |work, changing| delete(work, &changing, user, None))
}

async fn number(world: &World, sql: &'static str) -> i64 {
    let mut tx = world.ground.db.read().await.unwrap();
    crate::one!(tx, (i64,), sql).unwrap().0
}

#[tokio::test]
async fn somebody_is_deleted_with_everything_of_theirs() {
    let world = World::new().await;
    let bo = world.holder("bo@acme.example", &world.administrator.clone()).await;
    give(&world, &system(), bo.id, &[world.as_approver(), world.at_desk()], false).await.unwrap();
    // What Bo gave stays, what Bo offered goes.
    let cy = world.join("cy@acme.example").await;
    give(&world, &person(&bo), cy.id, &[world.as_developer()], false).await.unwrap();
    world.invite(&person(&bo), "di@acme.example", vec![world.as_approver()]).await.unwrap();
    let start = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        Ok::<_, Fault>(session::start(work, &Context::of(&qa), &bo, None, "pwd").await.expect("a session"))
    };
    world.act(&system(), start).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let counted = going(&mut tx, bo.id).await.unwrap();
    assert_eq!(counted, Going { sessions: 1, apps: 0, organization_roles: 1, app_roles: 1, groups: 1, invitations: 1 });
    drop(tx);
    end(&world, &person(&world.ana), bo.id).await.unwrap();
    assert!(world.user("bo@acme.example").await.is_none() && world.user("di@acme.example").await.is_none());
    assert_eq!((world.events("user.deleted").await, world.events("grant.revoked").await, world.events("membership.removed").await), (2, 2, 1));
    assert_eq!((world.held(&cy).await, number(&world, "SELECT COUNT(*) FROM sessions").await), ((1, 0, 0), 0));
    assert_eq!(number(&world, "SELECT COUNT(*) FROM organization_grants WHERE granted_by_label = 'bo@acme.example'").await, 1);
    assert_eq!(number(&world, "SELECT COUNT(*) FROM audit_events WHERE kind = 'user.deleted' AND payload LIKE '%\"email\":\"bo@acme.example\"%'").await, 1);
    assert!(matches!(end(&world, &system(), bo.id).await, Err(DeleteError::Unknown)));
    // Somebody who was only invited goes with the invitation, written down once.
    world.invite(&system(), "eve@acme.example", vec![world.as_approver()]).await.unwrap();
    let eve = world.user("eve@acme.example").await.unwrap();
    end(&world, &system(), eve.id).await.unwrap();
    assert_eq!((world.events("user.deleted").await, number(&world, "SELECT COUNT(*) FROM invitations").await), (3, 0));
}

#[tokio::test]
async fn deleting_needs_the_right_and_strength_and_leaves_an_administrator() {
    let world = World::new().await;
    let manager = world.role_with("manager", "users.manage").await;
    let max = world.holder("max@acme.example", &manager).await;
    let bo = world.join("bo@acme.example").await;
    assert!(matches!(end(&world, &person(&bo), max.id).await, Err(DeleteError::Denied(_))));
    assert!(matches!(end(&world, &person(&max), world.ana.id).await, Err(DeleteError::Guard(GuardError::Stronger))));
    for actor in [person(&world.ana), system()] {
        assert!(matches!(end(&world, &actor, world.ana.id).await, Err(DeleteError::Remain(RemainError::LastAdministrator))));
    }
    end(&world, &person(&max), bo.id).await.unwrap();
    world.holder("cy@acme.example", &world.administrator.clone()).await;
    end(&world, &person(&world.ana), world.ana.id).await.unwrap();
    assert!(world.user("ana@acme.example").await.is_none());
}

#[tokio::test]
async fn what_the_trail_holds_about_somebody_is_erased_and_the_chain_stays_whole() {
    let world = World::new().await;
    let bo = world.holder("Bo@acme.example", &world.administrator.clone()).await;
    let cy = world.join("cybo@acme.example").await;
    give(&world, &person(&bo), cy.id, &[world.as_developer()], false).await.unwrap();
    world.invite(&person(&bo), "di@acme.example", vec![world.as_approver()]).await.unwrap();
    world.invite(&person(&world.ana), "di@acme.example", vec![world.at_desk()]).await.unwrap();
    let seal = async || audit::seal_pending(&world.ground.db, &world.ground.sealer, Timestamp::from_seconds(0), world.ground.clock.now()).await.unwrap();
    seal().await;
    let look = async |user: UserId, address| {
        let mut tx = world.ground.db.read().await.unwrap();
        audit::traces(&mut tx, user, address, world.ground.clock.now()).await.unwrap()
    };
    let traces = look(bo.id, Some("Bo@acme.example")).await;
    // Only those who hold everything, and nobody their own.
    let manager = world.role_with("manager", "users.manage").await;
    let max = world.holder("max@acme.example", &manager).await;
    assert!(matches!(
        change!(world, &person(&max), |work, changing| {
            let _ = &changing;
            audit::erase(work, &traces)
        }),
        Err(EraseError::OnlyAdministrators)
    ));
    assert!(matches!(
        change!(world, &person(&bo), |work, changing| {
            let _ = &changing;
            audit::erase(work, &traces)
        }),
        Err(EraseError::Own)
    ));
    change!(world, &person(&world.ana), |work, changing| delete(work, &changing, bo.id, Some(&traces))).unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let left = "SELECT COUNT(*) FROM audit_events WHERE LOWER(payload) LIKE '%\"bo@acme.example\"%'";
    assert_eq!(crate::one!(tx, (i64,), left).unwrap().0, 0, "not in what was written in the same work either");
    assert_eq!(crate::one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events WHERE payload LIKE '%cybo@acme.example%'").unwrap().0, 1, "others stay");
    let (who, said) = crate::one!(tx, (String, String), "SELECT subject_id, payload FROM audit_events WHERE kind = 'audit.erased'").unwrap();
    assert!(who == bo.id.to_string() && said.contains("\"events\":") && !said.contains("Bo@"), "{said}");
    drop(tx);
    seal().await;
    let mut tx = world.ground.db.read().await.unwrap();
    let report = audit::verify(&mut tx, None).await.unwrap();
    assert!(report.problems.is_empty() && report.erased > 5, "{report:?}");
    assert!(audit::who_had(&mut tx, "bo@acme.example").await.unwrap().is_empty());
    assert_eq!(audit::who_had(&mut tx, "CYBO@acme.example").await.unwrap(), [cy.id]);
    drop(tx);
    // A second time there is nothing but the erasure itself.
    let again = look(bo.id, None).await;
    let erased = change!(world, &system(), |work, changing| {
        let _ = &changing;
        audit::erase(work, &again)
    })
    .unwrap();
    assert!(erased <= 1, "{erased}");
    assert_eq!(world.user("ana@acme.example").await.unwrap().status, Status::Active);
}
