//! Sixteen people change the same things in the portal at random, for a minute: they follow links, fill in whatever form they find and
//! press its buttons. Whatever they do, the rules that always hold still hold afterwards, and the audit trail tells the whole story.

mod history;
mod monkey;

use crate::support::house::{Backend, House, on_both};
use gatehouse::access::effective::{Place, effective};
use gatehouse::access::load::{self, Who};
use gatehouse::audit;
use gatehouse::base::id::UserId;
use gatehouse::base::time::Clock;
use gatehouse::db::query::Query;
use gatehouse::{all, one};
use monkey::{Monkey, Tally};
use std::time::{Duration, Instant};

on_both! { sixteen_sessions_at_random }

const SESSIONS: usize = 16;
/// Each session also stops after so many steps: what is tried is the rules, not the machine.
const STEPS: usize = 400;

fn minute() -> Duration {
    Duration::from_secs(std::env::var("GATEHOUSE_MODEL_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60))
}

/// Administrators, and people who may do some things at some places.
fn people() -> String {
    const HASH: &str = "$argon2id$v=19$m=256,t=1,p=1$zdnAvmxshaduAlaV1M06MQ$hPTf9YbAjn8SNpdqqGdVXyMBJr8wi+1S2lGLqzue1K0";
    let role = |key: &str, permissions: &str| format!("[[organization_role]]\nkey = \"{key}\"\nname = \"{key}\"\npermissions = [{permissions}]\n");
    let mut file = vec![
        include_str!("../seed.toml").to_owned(),
        role("people", "\"users.manage\", \"member_access.manage\""),
        role("groups", "{ permission = \"end_user_groups.manage\", at = [\"production\"] }"),
        role("roles", "\"organization_roles.manage\", \"app.view\", \"member_access.manage\""),
    ];
    for number in 0..SESSIONS {
        let role = ["administrator", "administrator", "administrator", "people", "groups", "roles"][number % 6];
        file.push(format!(
            "[[user]]\nemail = \"p{number}@acme.example\"\nname = \"Person {number}\"\norg_roles = [\"{role}\"]\npassword_hash = \"{HASH}\"\ngroups = [\"production/emea\"]\n"
        ));
    }
    file.join("\n")
}

async fn sixteen_sessions_at_random(backend: Backend) {
    // What broke stands in the output of a run that fails. Another story of this process may have asked for it before.
    let _ = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_test_writer().try_init();
    let house = House::open_with(backend, &[("server.workers", "2")], Clock::System).await;
    house.apply(&people()).await;
    let seed = std::env::var("GATEHOUSE_MODEL_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock");
        now.as_secs()
    });
    let end = Instant::now() + minute();
    let sessions = (0..SESSIONS).map(|number| Monkey::new(&house, seed, number).run(end, STEPS));
    let mut tally = Tally::default();
    for one in futures_util::future::join_all(sessions).await {
        tally.join(one);
    }
    println!("{backend:?}, seed {seed}: {tally}");
    assert_eq!(tally.broken, Vec::<String>::new(), "seed {seed}");
    assert!(tally.made > 50, "seed {seed}: hardly anything was changed: {tally}");
    rules_hold(&house, seed).await;
    nothing_stale_is_believed(&house, seed).await;
    history::tells_everything(&house, seed).await;
    chain_is_whole(&house, seed).await;
    house.close().await;
}

/// What no sequence of changes may bring about (access-model.md, "Rules that always hold"). Rule 3 is about who gave what when, which the rows
/// do not say any more: `history` asks the trail, as far as that decides it (`history::giving`). Rule 7 is what `history` is about; 8 and 9
/// are of what is shown and taken in, and leave nothing behind to look at.
async fn rules_hold(house: &House, seed: u64) {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let (administrators,) = one!(
        tx,
        (i64,),
        "SELECT COUNT(DISTINCT u.id) FROM users u JOIN organization_grants g ON g.user_id = u.id AND g.app_id IS NULL AND g.ends_at IS NULL AND g.starts_at IS NULL
         JOIN organization_roles r ON r.id = g.role_id AND r.key = 'administrator' AND r.built_in
         JOIN identities i ON i.user_id = u.id AND i.password_hash IS NOT NULL WHERE u.status = 'active' AND u.email_verified_at IS NOT NULL"
    )
    .expect("a number");
    assert!(administrators >= 1, "seed {seed}: rule 2: nobody administers the organization");
    for (rule, sql) in [
        ("1: one user per address", "SELECT COUNT(*) - COUNT(DISTINCT email_key) FROM users"),
        (
            "4: a group holds roles of its own stage",
            "SELECT COUNT(*) FROM end_user_grants e JOIN groups g ON g.id = e.group_id JOIN end_user_roles r ON r.id = e.role_id WHERE g.stage_id <> r.stage_id",
        ),
        (
            "5: whoever is shut out has no session",
            "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL AND u.status = 'inactive'",
        ),
        (
            "6: no session before the address is proved",
            "SELECT COUNT(*) FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL AND u.email_verified_at IS NULL",
        ),
        (
            "an end comes after its start",
            "SELECT (SELECT COUNT(*) FROM organization_grants WHERE ends_at <= starts_at) + (SELECT COUNT(*) FROM end_user_grants WHERE ends_at <= starts_at)
             + (SELECT COUNT(*) FROM memberships WHERE ends_at <= starts_at)",
        ),
    ] {
        let counts = Query::new(sql).all::<(i64,)>(&mut tx).await.expect("a number");
        assert_eq!(counts, [(0,)], "seed {seed}: rule {rule}");
    }
}

/// What is kept in memory under its counters equals what stands in the database.
async fn nothing_stale_is_believed(house: &House, seed: u64) {
    let known = &house.server.provider.known;
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let now = house.server.ground.clock.now();
    let kept = known.snapshot(&mut tx).await.expect("a snapshot");
    let fresh = load::catalogue(&mut tx).await.expect("a catalogue");
    let people = all!(tx, (UserId, i64), "SELECT id, access_version FROM users").expect("people");
    let places: Vec<Place> = fresh.deployments().map(|deployment| Place::Deployment(deployment.id)).chain([Place::Organization]).collect();
    for (user, version) in people {
        let believed = known.holdings(&mut tx, Who::User(user), version).await.expect("holdings");
        let read = load::user(&mut tx, user).await.expect("holdings");
        for place in &places {
            let (believed, read) = (effective(&kept.catalogue, &believed, *place, now), effective(&fresh, &read, *place, now));
            let told = |access: &gatehouse::access::effective::Effective| {
                let texts = |list: Vec<&str>| list.into_iter().map(String::from).collect::<Vec<_>>();
                (
                    texts(access.permission_keys().collect()),
                    texts(access.role_keys()),
                    texts(access.org_role_keys()),
                    texts(access.group_keys()),
                    access.may_sign_in(),
                )
            };
            assert_eq!(told(&believed), told(&read), "seed {seed}: what is believed of {user} at {place:?} is not true any more");
        }
    }
}

/// Every event is sealed within a moment, and the chain verifies.
async fn chain_is_whole(house: &House, seed: u64) {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let report = audit::verify(&mut tx, None).await.expect("the chain is read");
        let (events,) = one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events").expect("a number");
        drop(tx);
        assert!(report.problems.is_empty(), "seed {seed}: {:?}", report.problems);
        if report.unsealed == 0 && report.sealed == events {
            return;
        }
        assert!(Instant::now() < deadline, "seed {seed}: {} of {events} events are sealed", report.sealed);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
