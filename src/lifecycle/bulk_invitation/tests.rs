//! Files of invitations on a real database: judged, kept, started, carried out, stopped.

mod origin;

use super::*;
use crate::access::load::{self, Known as Memory};
use crate::access::role::organization::OrganizationRole;
use crate::access::{begin_change, effective, stage};
use crate::base::text::{Description, DisplayName, Locale, Slug};
use crate::identity::group;
use crate::identity::user::User;
use crate::lifecycle::deactivate;
use crate::lifecycle::invitation::choices;
use crate::lifecycle::tests::{LETTERS, WEEK, World, person, system};
use crate::work::Work;
use std::time::{Duration, Instant};

async fn lookup(world: &World, user: &User) -> Lookup {
    let mut tx = world.ground.db.read().await.unwrap();
    let snapshot = Memory::default().snapshot(&mut tx).await.unwrap();
    let holdings = load::user(&mut tx, user.id).await.unwrap();
    let authority = effective::authority(&snapshot.catalogue, &holdings, world.ground.clock.now());
    let choices = choices::choices(&mut tx).await.unwrap();
    let Actor::User { id, label, proved_at, .. } = person(user) else { unreachable!() };
    Lookup::new(Actor::User { id, label, authority, proved_at }, &snapshot, &choices)
}

async fn judged(world: &World, user: &User, text: &str) -> Vec<Judged> {
    let lookup = lookup(world, user).await;
    judge(parse(text.as_bytes()).unwrap(), &lookup, &Locale::english(), world.ground.clock.now())
}

async fn uploaded(world: &World, user: &User, text: &str) -> BulkInvitationId {
    let people = judged(world, user, text).await;
    let lookup = lookup(world, user).await;
    let upload = Upload {
        file_name: "people.csv".into(),
        line_count: people.len(),
        user_id: user.id,
        user_label: user.email.to_string(),
        proved_at: Timestamp::from_seconds(0),
    };
    keep(&world.ground.db, &lookup.actor, &lookup.snapshot, &upload, people, world.ground.clock.now()).await.unwrap()
}

async fn rows(world: &World, id: BulkInvitationId) -> Vec<Row> {
    let mut tx = world.ground.db.read().await.unwrap();
    one_page(&mut tx, id, &Wanted::default(), 1_000).await.unwrap()
}

async fn standing(world: &World, id: BulkInvitationId) -> (BatchState, [i64; 4]) {
    let mut tx = world.ground.db.read().await.unwrap();
    let batch = by_id(&mut tx, id).await.unwrap().unwrap();
    let counts = counts(&mut tx, &[id]).await.unwrap().remove(&id).unwrap_or_default();
    (batch.state, [counts.refused, counts.failed, counts.waiting, counts.done])
}

async fn claimed(world: &World) -> Option<Claimed> {
    let mut tx = world.ground.db.write().await.unwrap();
    let claimed = claim(&mut tx, world.ground.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    claimed
}

async fn step(world: &World, claimed: &Claimed) -> Step {
    let mut tx = world.ground.db.read().await.unwrap();
    let snapshot = Memory::default().snapshot(&mut tx).await.unwrap();
    drop(tx);
    carry_out(&world.ground, claimed, &Terms { letters: LETTERS, life: WEEK, snapshot: &snapshot }).await.unwrap()
}

/// Works as a worker does, until nothing is left.
async fn work_off(world: &World) {
    while let Some(claimed) = claimed(world).await {
        while step(world, &claimed).await == Step::Went {}
    }
}

async fn begun(world: &World, user: &User, text: &str) -> BulkInvitationId {
    let id = uploaded(world, user, text).await;
    world.act(&person(user), async |work: &mut Work| start(work, id).await).await.unwrap();
    id
}

async fn shut_out(world: &World, user: &User) {
    let change = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate::deactivate(work, &changing, user.id).await
    };
    world.act(&person(&world.ana), change).await.unwrap();
}

fn approvers(count: usize) -> String {
    (0..count).fold("email,app,stage,role\n".to_owned(), |text, n| text + &format!("p{n}@acme.example,sales,qa,approver\n"))
}

async fn open_invitations(world: &World) -> i64 {
    let mut tx = world.ground.db.read().await.unwrap();
    crate::one!(tx, (i64,), "SELECT COUNT(*) FROM invitations WHERE closed_at IS NULL").unwrap().0
}

#[tokio::test]
async fn everything_that_is_wrong_is_named() {
    use Column::{App, Email, Ends, Group, Name, OrganizationRole, Reason, Role, Stage, Starts};
    let world = World::new().await;
    let other = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let production = stage::by_key(&mut work.tx, &Slug::parse("production").unwrap()).await?.unwrap();
        for key in ["night", "twin-a", "twin-b"] {
            let name = DisplayName::parse(if key == "night" { "Night" } else { "Twin" }).unwrap();
            group::put(work, &changing, production.id, &Slug::parse(key).unwrap(), &name, &Description::default()).await.unwrap();
        }
        Ok::<_, Fault>(())
    };
    world.act(&system(), other).await.unwrap();
    let header = "email,name,organization_role,app,stage,role,group,starts,ends,reason,locale\n";
    let cases: &[(&str, &[(Column, Trouble)])] = &[
        ("a@acme.example,Ana,,Sales,QA,Approver,Desk,2027-01-01,2027-12-31,why,DE", &[]),
        ("a@acme.example,,developer,,,,,,,,", &[]),
        ("a@acme.example,,developer;Developer,sales,qa,,desk,,,,", &[]),
        (",,,sales,qa,approver,,,,,", &[(Email, Trouble::EmailMissing)]),
        ("bo@,,,sales,qa,approver,,,,,", &[(Email, Trouble::EmailBad)]),
        ("a@acme.example,,,,,,,,,,", &[(Role, Trouble::Nothing)]),
        ("a@acme.example,,,sales,qa,approver,,,,,,x", &[(Email, Trouble::Surplus)]),
        ("a@acme.example,,,nope,qa,approver,,,,,", &[(App, Trouble::AppUnknown)]),
        ("a@acme.example,,,,qa,approver,,,,,", &[(App, Trouble::AppMissing)]),
        ("a@acme.example,,,sales,,,,,,,", &[(App, Trouble::AppIdle)]),
        ("a@acme.example,,,sales,,approver,,,,,", &[(Stage, Trouble::StageMissing)]),
        ("a@acme.example,,,sales,moon,approver,,,,,", &[(Stage, Trouble::StageUnknown)]),
        ("a@acme.example,,developer,,qa,,,,,,", &[(Stage, Trouble::StageIdle)]),
        ("a@acme.example,,,sales,qa,boss,,,,,", &[(Role, Trouble::RoleUnknown)]),
        ("a@acme.example,,,sales,production,approver,,,,,", &[(Role, Trouble::RoleElsewhere)]),
        ("a@acme.example,,,,qa,,nobody,,,,", &[(Group, Trouble::GroupUnknown)]),
        ("a@acme.example,,,,production,,desk,,,,", &[(Group, Trouble::GroupElsewhere)]),
        ("a@acme.example,,,,production,,twin,,,,", &[(Group, Trouble::Several)]),
        ("a@acme.example,,king,,,,,,,,", &[(OrganizationRole, Trouble::OrganizationRoleUnknown)]),
        ("a@acme.example,,developer,sales,qa,approver,,,,,", &[(OrganizationRole, Trouble::Mixed)]),
        ("a@acme.example,,developer,nope,,,,,,,", &[(App, Trouble::AppUnknown)]),
        ("a@acme.example,,developer,,,,,soon,31.12.2027,,", &[(Starts, Trouble::DayBad), (Ends, Trouble::DayBad)]),
        ("a@acme.example,,developer,,,,,2027-12-31,2027-01-01,,", &[(Ends, Trouble::Reversed)]),
        ("a@acme.example,,developer,,,,,,2020-01-01,,", &[(Ends, Trouble::Over)]),
        (
            "a@acme.example,\u{202e}anA,developer,,,,,,,\u{202e},xx",
            &[(Reason, Trouble::ReasonStrange), (Name, Trouble::NameStrange), (Column::Locale, Trouble::LocaleUnknown)],
        ),
        ("a@acme.example,<b>Ana</b>,developer,,,,,,,,", &[]),
        (
            "a@acme.example,A,developer,,,,,,,,en\nA@ACME.example,B,,,qa,,desk,,,,de",
            &[(Name, Trouble::NameDiffers), (Column::Locale, Trouble::LocaleDiffers), (Email, Trouble::Companion)],
        ),
        ("a@acme.example,,developer,,,,,,,,\na@acme.example,,developer,,,,,,2030-01-01,,", &[(Email, Trouble::Companion), (Email, Trouble::Same)]),
        ("a@acme.example,,developer,,,,,,,,\na@acme.example,,,,qa,,desk,,,,", &[]),
    ];
    for (text, expected) in cases {
        let people = judged(&world, &world.ana, &format!("{header}{text}\n")).await;
        assert_eq!(people.len(), 1, "{text}");
        let mut found: Vec<_> = people[0].problems.iter().map(|problem| (problem.column, problem.trouble)).collect();
        let mut expected = expected.to_vec();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{text}");
    }
    let people = judged(&world, &world.ana, &format!("{header}a@acme.example,,developer,sales,qa,,desk,,,,\n")).await;
    assert_eq!(people[0].content.offers.len(), 2, "the limit of the role, and the group beside it");
}

#[tokio::test]
async fn the_rule_itself_says_what_may_not_be_given() {
    let world = World::new().await;
    let members = world.role_with("members", "member_access.manage").await;
    let mira = world.holder("mira@acme.example", &members).await;
    let troubles = async |user: &User, text: &str| {
        let people = judged(&world, user, &format!("email,organization_role,app,stage,role\n{text}\n")).await;
        people[0].problems.iter().map(|problem| problem.trouble).collect::<Vec<_>>()
    };
    assert_eq!(troubles(&mira, "a@acme.example,administrator,,,").await, [Trouble::OnlyAdministrators]);
    assert_eq!(troubles(&mira, "a@acme.example,developer,,,").await, [Trouble::Beyond]);
    assert_eq!(troubles(&mira, "a@acme.example,members,,,").await, []);
    // What she may not give is not there for her, whether it is or not.
    assert_eq!(troubles(&mira, "a@acme.example,,sales,qa,approver").await, troubles(&mira, "a@acme.example,,nope,moon,king").await);
    let nobody = world.join("nora@acme.example").await;
    assert_eq!(troubles(&nobody, "a@acme.example,members,,,").await, [Trouble::OrganizationRoleUnknown]);
    assert_eq!(troubles(&world.ana, "a@acme.example,administrator,,,").await, []);
}

#[tokio::test]
async fn what_would_happen_is_said_only_of_those_whom_the_reader_sees() {
    let world = World::new().await;
    let (here, gone) = (world.join("here@acme.example").await, world.join("gone@acme.example").await);
    shut_out(&world, &gone).await;
    world.invite(&person(&world.ana), "asked@acme.example", vec![world.as_developer()]).await.unwrap();
    let giver: OrganizationRole = world.role_with("giver", "end_user_access.manage").await;
    let lena = world.holder("lena@acme.example", &giver).await;
    let text = ["new", "here", "gone", "asked"]
        .iter()
        .fold("email,app,stage,role\n".to_owned(), |text, who| text + &format!("{who}@acme.example,sales,qa,approver\n"));
    let foreseen = async |user: &User| {
        let id = uploaded(&world, user, &text).await;
        rows(&world, id).await.iter().map(|row| (row.foresight, row.state)).collect::<Vec<_>>()
    };
    let waits = |foresight| (Some(foresight), RowState::Waiting);
    assert_eq!(foreseen(&world.ana).await, [waits(Foresight::Invite), waits(Foresight::Give), (None, RowState::Refused), waits(Foresight::Add)]);
    assert_eq!(foreseen(&lena).await, [waits(Foresight::Invite); 4]);
    // Nor does the result tell: whoever is shut out gets nothing, and the answer is the same.
    let id = begun(&world, &lena, &text).await;
    work_off(&world).await;
    assert_eq!(standing(&world, id).await, (BatchState::Ended, [0, 0, 0, 4]));
    assert!(rows(&world, id).await.iter().all(|row| row.outcome == Some(Did::Sent) && row.outcome_id.is_none()));
    assert_eq!((world.held(&here).await.1, world.held(&gone).await.1), (1, 0));
    let id = begun(&world, &world.ana, &text).await;
    work_off(&world).await;
    let outcomes: Vec<_> = rows(&world, id).await.iter().map(|row| row.outcome).collect();
    assert_eq!(outcomes, [Some(Did::Added), Some(Did::Unchanged), None, Some(Did::Added)]);
}

#[tokio::test]
async fn everybody_is_invited_once_whoever_works_and_whatever_breaks() {
    let world = World::new().await;
    let id = begun(&world, &world.ana, &approvers(9)).await;
    // Two workers at the same moment, and one that believes it still holds the file.
    let first = claimed(&world).await.unwrap();
    assert!(claimed(&world).await.is_none(), "the lease holds");
    assert_eq!(step(&world, &first).await, Step::Went);
    world.ground.clock.advance(LEASE + Duration::from_secs(1));
    let second = claimed(&world).await.unwrap();
    let (stale, fresh) = tokio::join!(step(&world, &first), step(&world, &second));
    assert_eq!((stale, fresh), (Step::Lost, Step::Went));
    // Two hands of one lease.
    let (a, b) = tokio::join!(step(&world, &second), step(&world, &second));
    assert_eq!((a, b), (Step::Went, Step::Went));
    assert_eq!(standing(&world, id).await, (BatchState::Running, [0, 0, 5, 4]));
    // The process ends without a word, and another one goes on.
    let mut tx = world.ground.db.write().await.unwrap();
    assert_eq!(free_leases(&mut tx).await.unwrap(), 1);
    tx.commit().await.unwrap();
    work_off(&world).await;
    assert_eq!(standing(&world, id).await, (BatchState::Ended, [0, 0, 0, 9]));
    assert_eq!((open_invitations(&world).await, world.letters().await.len(), world.events("invitation.sent").await), (9, 9, 9));
    assert_eq!((world.events("bulk_invitation.started").await, world.events("bulk_invitation.ended").await), (1, 1));
}

#[tokio::test]
async fn a_row_that_fails_stops_nobody_and_can_be_tried_again() {
    let world = World::new().await;
    let (roles, members) = (world.role_with("roles", "end_user_access.manage").await, world.role_with("members", "member_access.manage").await);
    let lena = world.holder("lena@acme.example", &roles).await;
    world.grant(&lena, &members).await;
    let text = "email,organization_role,app,stage,role\na@acme.example,,sales,qa,approver\nb@acme.example,members\nc@acme.example,,sales,qa,approver\n";
    let id = begun(&world, &lena, text).await;
    let claimed = claimed(&world).await.unwrap();
    assert_eq!(step(&world, &claimed).await, Step::Went);
    world.revoke_role(&lena, &roles).await;
    while step(&world, &claimed).await == Step::Went {}
    assert_eq!(standing(&world, id).await, (BatchState::Ended, [0, 1, 0, 2]));
    let failed = rows(&world, id).await.remove(2);
    assert_eq!((failed.state, failed.problems[0].trouble, failed.problems[0].value.as_str()), (RowState::Failed, Trouble::MayNot, "end_user_access.manage"));
    assert!(world.user("c@acme.example").await.is_none(), "nothing of it stays");
    world.grant(&lena, &roles).await;
    world.act(&person(&lena), async |work: &mut Work| retry(work, id).await).await.unwrap();
    work_off(&world).await;
    assert_eq!(standing(&world, id).await, (BatchState::Ended, [0, 0, 0, 3]));
    let late = world.act(&person(&lena), async |work: &mut Work| retry(work, id).await).await;
    assert!(matches!(late, Err(HandleError::Late)));
}

#[tokio::test]
async fn whoever_may_invite_nobody_any_more_stops_at_once() {
    for deactivated in [true, false] {
        let world = World::new().await;
        let giver = world.role_with("giver", "end_user_access.manage").await;
        let lena = world.holder("lena@acme.example", &giver).await;
        let id = begun(&world, &lena, &approvers(5)).await;
        let claimed = claimed(&world).await.unwrap();
        for _ in 0..2 {
            assert_eq!(step(&world, &claimed).await, Step::Went);
        }
        if deactivated {
            shut_out(&world, &lena).await;
        } else {
            world.revoke_role(&lena, &giver).await;
        }
        assert_eq!(step(&world, &claimed).await, Step::Ended);
        assert_eq!(standing(&world, id).await, (BatchState::Ended, [0, 3, 0, 2]));
        assert!(rows(&world, id).await[2..].iter().all(|row| row.problems[0].trouble == Trouble::Stopped));
        let denied = world.act(&person(&lena), async |work: &mut Work| retry(work, id).await).await;
        assert!(matches!(denied, Err(HandleError::Denied(_))), "{denied:?}");
    }
}

#[tokio::test]
async fn a_file_is_paused_goes_on_and_ends() {
    let world = World::new().await;
    let (giver, keeper) = (world.role_with("giver", "end_user_access.manage").await, world.role_with("keeper", "users.manage").await);
    let (lena, uma) = (world.holder("lena@acme.example", &giver).await, world.holder("uma@acme.example", &keeper).await);
    let mo = world.holder("mo@acme.example", &giver).await;
    let nora = world.join("nora@acme.example").await;
    let id = uploaded(&world, &lena, &approvers(4)).await;
    let (lena, uma, mo, nora) = (person(&lena), person(&uma), person(&mo), person(&nora));
    // In whose name it invites, only she decides; who manages users may stop it; others do not hear that it is there.
    assert!(matches!(world.act(&uma, async |work: &mut Work| start(work, id).await).await, Err(HandleError::Denied(_))));
    assert!(matches!(world.act(&mo, async |work: &mut Work| start(work, id).await).await, Err(HandleError::Missing)));
    assert!(matches!(world.act(&nora, async |work: &mut Work| start(work, id).await).await, Err(HandleError::Denied(_))));
    assert!(claimed(&world).await.is_none(), "what was only checked is not carried out");
    world.act(&lena, async |work: &mut Work| start(work, id).await).await.unwrap();
    assert!(matches!(world.act(&lena, async |work: &mut Work| start(work, id).await).await, Err(HandleError::Late)));
    let first = claimed(&world).await.unwrap();
    assert_eq!(step(&world, &first).await, Step::Went);
    world.act(&uma, async |work: &mut Work| pause(work, id).await).await.unwrap();
    assert_eq!(step(&world, &first).await, Step::Lost);
    assert!(claimed(&world).await.is_none());
    assert!(matches!(world.act(&uma, async |work: &mut Work| proceed(work, id).await).await, Err(HandleError::Denied(_))));
    world.act(&lena, async |work: &mut Work| proceed(work, id).await).await.unwrap();
    let second = claimed(&world).await.unwrap();
    assert_eq!((step(&world, &first).await, step(&world, &second).await), (Step::Lost, Step::Went));
    assert!(matches!(world.act(&mo, async |work: &mut Work| cancel(work, id).await).await, Err(HandleError::Missing)));
    world.act(&uma, async |work: &mut Work| cancel(work, id).await).await.unwrap();
    assert_eq!(step(&world, &second).await, Step::Lost);
    assert_eq!(standing(&world, id).await, (BatchState::Cancelled, [0, 0, 2, 2]));
    assert!(matches!(world.act(&lena, async |work: &mut Work| proceed(work, id).await).await, Err(HandleError::Late)));
    assert_eq!((world.events("bulk_invitation.paused").await, world.events("bulk_invitation.cancelled").await), (1, 1));
    assert!(matches!(world.act(&lena, async |work: &mut Work| discard(work, id).await).await, Err(HandleError::Late)));
}

#[tokio::test]
async fn a_name_is_suggested_and_never_taken_away() {
    let world = World::new().await;
    let text = "email,name,app,stage,role\nbo@acme.example,Bo Lind,sales,qa,approver\nana@acme.example,Somebody Else,sales,qa,approver\n";
    begun(&world, &world.ana, text).await;
    work_off(&world).await;
    let name = async |email: &str| world.user(email).await.unwrap().profile.name.map(String::from);
    assert_eq!((name("bo@acme.example").await.as_deref(), name("ana@acme.example").await.as_deref()), (Some("Bo Lind"), Some("ana")));
    begun(&world, &world.ana, &text.replace("Bo Lind", "Another")).await;
    work_off(&world).await;
    assert_eq!(name("bo@acme.example").await.as_deref(), Some("Bo Lind"));
}

#[tokio::test]
async fn what_went_away_meanwhile_fails_and_is_not_given_in_part() {
    let world = World::new().await;
    let id = begun(&world, &world.ana, "email,organization_role,stage,group\na@acme.example,developer,qa,desk\n").await;
    let remove = async |work: &mut Work| {
        begin_change(work).await?;
        crate::db::execute!(work.tx, "DELETE FROM groups WHERE id = $1", world.desk.id)?;
        Ok::<_, Fault>(())
    };
    world.act(&system(), remove).await.unwrap();
    work_off(&world).await;
    let row = rows(&world, id).await.remove(0);
    assert_eq!((row.state, row.problems[0].trouble), (RowState::Failed, Trouble::Gone));
    assert_eq!(open_invitations(&world).await, 0);
}

#[tokio::test]
async fn files_go_thirty_days_after_their_end_and_checks_after_one() {
    let world = World::new().await;
    let ended = begun(&world, &world.ana, &approvers(1)).await;
    work_off(&world).await;
    let checked = uploaded(&world, &world.ana, &approvers(2)).await;
    let running = begun(&world, &world.ana, &approvers(3)).await;
    let now = world.ground.clock.now();
    let forgotten = async |days: u64| {
        let later = now.plus(Duration::from_hours(24 * days) + Duration::from_secs(1));
        let (ended, checked) = (later.minus(Duration::from_hours(24 * 30)), later.minus(Duration::from_hours(24)));
        let mut tx = world.ground.db.write().await.unwrap();
        let rows = forget(&mut tx, ended, checked).await.unwrap();
        tx.commit().await.unwrap();
        rows
    };
    let there = async |id| by_id(&mut world.ground.db.read().await.unwrap(), id).await.unwrap().is_some();
    assert_eq!((forgotten(0).await, forgotten(1).await, forgotten(1).await), (0, 1, 0));
    assert_eq!((there(checked).await, there(ended).await), (false, true));
    assert_eq!((forgotten(30).await, forgotten(90).await), (1, 0));
    assert_eq!((there(ended).await, there(running).await), (false, true));
    // Somebody who only ever checks keeps the newest few.
    for _ in 0..7 {
        uploaded(&world, &world.ana, &approvers(1)).await;
    }
    let kept = list(&mut world.ground.db.read().await.unwrap(), Some(world.ana.id), "", 100).await.unwrap();
    assert_eq!(kept.iter().filter(|batch| batch.state == BatchState::Checked).count(), 5);
}

/// `cargo test --release --lib a_large_file -- --ignored --nocapture` measures.
#[tokio::test]
#[ignore = "it measures"]
async fn a_large_file_is_judged_and_kept_in_reasonable_time() {
    let world = World::new().await;
    let text = (0..MOST_LINES).fold("email,name,app,stage,role,group\n".to_owned(), |text, n| {
        let role = if n % 25 == 0 { "viewr" } else { "approver" };
        text + &format!("person{n}@acme.example,Person {n},sales,qa,{role},desk\n")
    });
    let lookup = lookup(&world, &world.ana).await;
    let began = Instant::now();
    let sheet = parse(text.as_bytes()).unwrap();
    let parsed = began.elapsed();
    let people = judge(sheet, &lookup, &Locale::english(), world.ground.clock.now());
    let judged = began.elapsed();
    let upload = Upload {
        file_name: "many.csv".into(),
        line_count: people.len(),
        user_id: world.ana.id,
        user_label: world.ana.email.to_string(),
        proved_at: Timestamp::from_seconds(0),
    };
    let id = keep(&world.ground.db, &lookup.actor, &lookup.snapshot, &upload, people, world.ground.clock.now()).await.unwrap();
    let kept = began.elapsed();
    assert_eq!(standing(&world, id).await, (BatchState::Checked, [2_000, 0, 48_000, 0]));
    let memory = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{} KB: parsed after {parsed:?}, judged after {judged:?}, kept after {kept:?}; {peak}", text.len() / 1_000);
    world.act(&person(&world.ana), async |work: &mut Work| start(work, id).await).await.unwrap();
    let claimed = claimed(&world).await.unwrap();
    let began = Instant::now();
    for _ in 0..500 {
        assert_eq!(step(&world, &claimed).await, Step::Went);
    }
    println!("500 people invited in {:?}", began.elapsed());
}
