//! Both ways of asking find the same people, and they are the right ones: what the rows say is counted here once more, by hand.

use super::*;
use crate::base::id::{AppId, EndUserGrantId, GroupId, MembershipId, OrganizationGrantId, OrganizationRoleId, UserId};
use crate::db::{Db, Place, Settings};
use crate::execute;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const PEOPLE: usize = 12;
const GROUPS: usize = 4;
const ROLES: usize = 4;

/// Before, until, since and after the instant, and always.
#[derive(Clone, Copy, Debug)]
enum When {
    Over,
    Ending,
    Always,
    Begun,
    Later,
}

impl When {
    fn any() -> impl Strategy<Value = Self> {
        prop_oneof![Just(Self::Over), Just(Self::Ending), Just(Self::Always), Just(Self::Begun), Just(Self::Later)]
    }

    const fn period(self) -> (Option<i64>, Option<i64>) {
        let now = NOW.micros();
        match self {
            // An end is the first instant at which nothing counts any more, a start the first at which it does.
            Self::Over => (None, Some(now)),
            Self::Ending => (Some(1), Some(now + 1)),
            Self::Always => (None, None),
            Self::Begun => (Some(now), None),
            Self::Later => (Some(now + 1), None),
        }
    }

    const fn counts(self, at: Option<Timestamp>) -> bool {
        at.is_none() || matches!(self, Self::Ending | Self::Always | Self::Begun)
    }
}

/// Who holds what. Roles 0 and 1 are of one app, 2 and 3 of another; even groups and roles are of one stage, odd ones of another.
#[derive(Clone, Debug)]
struct Rows {
    direct: Vec<(usize, usize, When)>,
    of_groups: Vec<(usize, usize, When)>,
    memberships: Vec<(usize, usize, When)>,
    members: Vec<(usize, When)>,
}

fn rows() -> impl Strategy<Value = Rows> {
    use proptest::collection::vec;
    (
        vec((0..PEOPLE, 0..ROLES, When::any()), 0..10),
        vec((0..GROUPS, 0..ROLES / 2, When::any()), 0..5),
        vec((0..PEOPLE, 0..GROUPS, When::any()), 0..12),
        vec((0..PEOPLE, When::any()), 0..3),
    )
        .prop_map(|(mut direct, of_groups, mut memberships, mut members)| {
            // A group holds roles of its own stage.
            let mut of_groups: Vec<_> = of_groups.into_iter().map(|(group, role, when)| (group, role * 2 + group % 2, when)).collect();
            for held in [&mut direct, &mut of_groups, &mut memberships] {
                held.sort_by_key(|(who, what, _)| (*who, *what));
                held.dedup_by_key(|(who, what, _)| (*who, *what));
            }
            members.sort_by_key(|(who, _)| *who);
            members.dedup_by_key(|(who, _)| *who);
            Rows { direct, of_groups, memberships, members }
        })
}

struct Ids {
    stages: [StageId; 2],
    deployments: Vec<DeploymentId>,
    roles: Vec<EndUserRoleId>,
    groups: Vec<GroupId>,
    people: Vec<UserId>,
    member: OrganizationRoleId,
}

/// What does not change: stages, an app and a deployment for each role, groups, people.
async fn populate(db: &Db) -> Ids {
    let mut tx = db.write().await.unwrap();
    let stages = [StageId::fresh(), StageId::fresh()];
    for (n, stage) in (1_i64..).zip(stages) {
        execute!(
            tx,
            "INSERT INTO stages (id, key, name, purpose, position, session_maximum, session_idle, created_at, version)
             VALUES ($1, $2, $2, 'production', $3, 1000, 1000, 1, 1)",
            stage,
            format!("stage{n}"),
            n
        )
        .unwrap();
    }
    let mut ids = Ids { stages, deployments: vec![], roles: vec![], groups: vec![], people: vec![], member: OrganizationRoleId::fresh() };
    for n in 0..ROLES {
        let (app, deployment, role, stage) = (AppId::fresh(), DeploymentId::fresh(), EndUserRoleId::fresh(), stages[n % 2]);
        execute!(tx, "INSERT INTO apps (id, key, name, description, created_at, version) VALUES ($1, $2, $2, '', 1, 1)", app, format!("app{n}")).unwrap();
        execute!(
            tx,
            "INSERT INTO deployments (id, app_id, stage_id, sign_in, resource, created_at, version) VALUES ($1, $2, $3, 'assigned', $4, 1, 1)",
            deployment,
            app,
            stage,
            format!("app{n}")
        )
        .unwrap();
        execute!(
            tx,
            "INSERT INTO end_user_roles (id, deployment_id, stage_id, key, name, description, shared, version) VALUES ($1, $2, $3, 'r', 'R', '', FALSE, 1)",
            role,
            deployment,
            stage
        )
        .unwrap();
        ids.deployments.push(deployment);
        ids.roles.push(role);
    }
    for n in 0..GROUPS {
        let group = GroupId::fresh();
        let key = format!("group{n}");
        execute!(tx, "INSERT INTO groups (id, stage_id, key, name, description, version) VALUES ($1, $2, $3, $3, '', 1)", group, stages[n % 2], key).unwrap();
        ids.groups.push(group);
    }
    execute!(tx, "INSERT INTO organization_roles (id, key, name, description, built_in, version) VALUES ($1, 'member', 'M', '', FALSE, 1)", ids.member)
        .unwrap();
    for n in 0..PEOPLE {
        let (id, email) = (UserId::fresh(), format!("p{n}@many.example"));
        execute!(
            tx,
            "INSERT INTO users (id, email, email_key, email_domain, status, phone_number_verified, access_version, sort_key, search_text, created_at,
             updated_at, version) VALUES ($1, $2, $2, 'many.example', 'active', FALSE, 1, $3, $2, 1, 1, 1)",
            id,
            email.as_str(),
            email.clone().into_bytes()
        )
        .unwrap();
        ids.people.push(id);
    }
    tx.commit().await.unwrap();
    ids
}

async fn write(db: &Db, ids: &Ids, rows: &Rows) {
    let mut tx = db.write().await.unwrap();
    for table in ["DELETE FROM end_user_grants", "DELETE FROM memberships", "DELETE FROM organization_grants"] {
        execute!(tx, table).unwrap();
    }
    let holders = rows.direct.iter().map(|(who, role, when)| (Some(ids.people[*who]), None, *role, *when));
    let groups = rows.of_groups.iter().map(|(group, role, when)| (None, Some(ids.groups[*group]), *role, *when));
    for (user, group, role, when) in holders.chain(groups) {
        let (start, end) = when.period();
        execute!(
            tx,
            "INSERT INTO end_user_grants (id, user_id, group_id, role_id, stage_id, starts_at, ends_at, granted_by_kind, granted_by_label, granted_at, version)
             VALUES ($1, $2, $3, $4, $5, $6, $7, 'system', 'test', 1, 1)",
            EndUserGrantId::fresh(),
            user,
            group,
            ids.roles[role],
            ids.stages[role % 2],
            start,
            end
        )
        .unwrap();
    }
    for (who, group, when) in &rows.memberships {
        let (start, end) = when.period();
        execute!(
            tx,
            "INSERT INTO memberships (id, group_id, user_id, source, starts_at, ends_at, granted_by_kind, granted_by_label, granted_at, version)
             VALUES ($1, $2, $3, 'assigned', $4, $5, 'system', 'test', 1, 1)",
            MembershipId::fresh(),
            ids.groups[*group],
            ids.people[*who],
            start,
            end
        )
        .unwrap();
    }
    for (who, when) in &rows.members {
        let (start, end) = when.period();
        execute!(
            tx,
            "INSERT INTO organization_grants (id, user_id, role_id, starts_at, ends_at, granted_by_kind, granted_by_label, granted_at, version)
             VALUES ($1, $2, $3, $4, $5, 'system', 'test', 1, 1)",
            OrganizationGrantId::fresh(),
            ids.people[*who],
            ids.member,
            start,
            end
        )
        .unwrap();
    }
    tx.commit().await.unwrap();
}

/// Who holds one of the roles, as the rows say; `stage`: who is in a group of it, too.
fn expected(rows: &Rows, now: Option<Timestamp>, role: impl Fn(usize) -> bool, stage: Option<usize>) -> BTreeSet<usize> {
    let passes = |group: usize| match stage {
        Some(stage) => group % 2 == stage,
        None => rows.of_groups.iter().any(|(of, what, when)| *of == group && role(*what) && when.counts(now)),
    };
    let direct = rows.direct.iter().filter(|(_, what, when)| role(*what) && when.counts(now)).map(|(who, ..)| *who);
    direct.chain(rows.memberships.iter().filter(|(_, group, when)| when.counts(now) && passes(*group)).map(|(who, ..)| *who)).collect()
}

async fn found(db: &Db, ids: &Ids, condition: impl FnOnce(&mut Query)) -> BTreeSet<usize> {
    let mut query = Query::new("SELECT u.id FROM users u WHERE ");
    condition(&mut query);
    let rows: Vec<(UserId,)> = query.all(&mut db.read().await.unwrap()).await.unwrap();
    rows.into_iter().map(|(id,)| ids.people.iter().position(|person| *person == id).unwrap()).collect()
}

async fn check(db: &Db, ids: &Ids, rows: &Rows) {
    write(db, ids, rows).await;
    let these: BTreeSet<EndUserRoleId> = [ids.roles[0], ids.roles[3]].into();
    let of = [ids.deployments[1], ids.deployments[2]];
    let now = Some(NOW);
    let people = |now, role: fn(usize) -> bool, stage| expected(rows, now, role, stage);
    let mut members = people(None, |role| role == 1 || role == 2, None);
    members.extend(rows.members.iter().map(|(who, _)| *who));
    for (ways, right) in [
        (Ways::by(Roles::Any, now), people(now, |_| true, None)),
        (Ways::by(Roles::Any, None), people(None, |_| true, None)),
        (Ways::by(Roles::These(&these), now), people(now, |role| role == 0 || role == 3, None)),
        (Ways::by(Roles::These(&BTreeSet::new()), now), BTreeSet::new()),
        (Ways::by(Roles::Of(&of), now), people(now, |role| role == 1 || role == 2, None)),
        (Ways::by(Roles::Of(&[]), None), BTreeSet::new()),
        (Ways::by(Roles::At(ids.stages[1]), now), people(now, |role| role % 2 == 1, None)),
        (Ways { groups_at: Some(ids.stages[1]), ..Ways::by(Roles::At(ids.stages[1]), now) }, people(now, |role| role % 2 == 1, Some(1))),
        (Ways { members: true, ..Ways::by(Roles::Of(&of), None) }, members),
    ] {
        assert_eq!(found(db, ids, |query| ways.each(query, "u.id")).await, right, "each: {ways:?} {rows:?}");
        assert_eq!(found(db, ids, |query| ways.gathered(query, "u.id")).await, right, "gathered: {ways:?} {rows:?}");
        let many = i64::try_from(right.len()).unwrap();
        let count = async |most| ways.count(&mut db.read().await.unwrap(), most, None).await.unwrap();
        assert_eq!(count(100).await, Some(many), "counted: {ways:?} {rows:?}");
        // As many as are asked for; who holds it more than once may hide that there are no more.
        for most in 1..=many {
            let counted = count(most).await;
            assert!(counted.is_none_or(|counted| counted == most), "{most} counted as {counted:?}: {ways:?} {rows:?}");
        }
        assert!(count(many + 1).await.is_none_or(|counted| counted == many), "{ways:?} {rows:?}");
    }
    let mut holding = people(now, |_| true, None);
    holding.extend(rows.members.iter().filter(|(_, when)| when.counts(now)).map(|(who, _)| *who));
    let nothing: BTreeSet<usize> = (0..PEOPLE).filter(|who| !holding.contains(who)).collect();
    assert_eq!(found(db, ids, |query| holds_nothing(query, "u.id", NOW)).await, nothing, "nothing: {rows:?}");
    let listed = |query: &mut Query| {
        query.push("u.id IN (").append(&without(NOW)).push(")");
    };
    assert_eq!(found(db, ids, listed).await, nothing, "without: {rows:?}");
}

#[test]
fn whichever_way_is_asked_the_same_people_are_found() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let (db, ids) = runtime.block_on(async {
        let db = Db::open(&Settings { place: Place::Sqlite(dir.path().join("gatehouse.db")), connections: 2 }).await.unwrap();
        db.migrate().await.unwrap();
        let ids = populate(&db).await;
        (db, ids)
    });
    let mut runner = TestRunner::new(Config { cases: 150, failure_persistence: None, ..Config::default() });
    runner
        .run(&rows(), |rows| {
            runtime.block_on(check(&db, &ids, &rows));
            Ok(())
        })
        .unwrap();
    runtime.block_on(db.close());
}
