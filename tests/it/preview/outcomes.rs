//! What a preview says is what happens: many changes of every kind, each asked about, made, and compared for everybody, everywhere, now
//! and later. And what a rehearsal reads is what the rows become.

use crate::support::house::{Backend, House};
use gatehouse::access::app::deployment::{self, PermissionSpec};
use gatehouse::access::app::{self, SignIn, permission};
use gatehouse::access::catalogue::{Catalogue, Counts};
use gatehouse::access::effective::{Effective, Holdings, Place, effective};
use gatehouse::access::grant::{self, Holder};
use gatehouse::access::load::{self, Who};
use gatehouse::access::preview::{Door, Sides, Spot, What, rehearse};
use gatehouse::access::role::{end_user, organization};
use gatehouse::access::stage::{self, Purpose};
use gatehouse::access::{begin_change, preview};
use gatehouse::actor::Actor;
use gatehouse::base::authority::{Authority, Coverage, Stages};
use gatehouse::base::fault::Fault;
use gatehouse::base::id::UserId;
use gatehouse::base::text::{EmailAddress, Slug, Verb};
use gatehouse::base::time::{Clock, Period, Timestamp};
use gatehouse::identity::{group, user};
use gatehouse::lifecycle::deactivate::{activate, deactivate};
use gatehouse::lifecycle::delete_group::delete_group;
use gatehouse::lifecycle::preview::{Desk, Preview, Told, Viewer};
use gatehouse::lifecycle::remove_role::remove_role;
use gatehouse::work::{Origin, Work};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

const PEOPLE: [&str; 3] = ["olga@acme.example", "ana@acme.example", "nora@acme.example"];
const HOMES: [(&str, &str); 3] = [("sales", "production"), ("sales", "development"), ("wiki", "production")];
const ROLES: [(usize, &str); 4] = [(0, "viewer"), (0, "approver"), (1, "viewer"), (2, "author")];
const GROUPS: [(&str, &str); 2] = [("production", "emea"), ("development", "builders")];
const DAY: Duration = Duration::from_hours(24);
const CHANGES: usize = 90;

const SYSTEM: Actor = Actor::System { label: "test" };

/// Numbers that look random, the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).expect("small")
    }
}

/// A change; the numbers choose whom, what and where.
#[derive(Clone, Copy, Debug)]
struct Change {
    kind: usize,
    one: usize,
    other: usize,
    period: Period,
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("a key")
}

fn refused<T>(done: Result<T, impl std::error::Error>) -> Result<(), Fault> {
    done.map(drop).map_err(|error| Fault::broken(Box::leak(error.to_string().into_boxed_str())))
}

async fn make(work: &mut Work, change: Change) -> Result<(), Fault> {
    let changing = begin_change(work).await?;
    let Change { kind, one, other, period } = change;
    let person = PEOPLE[one % PEOPLE.len()];
    let person = user::by_email(&mut work.tx, &EmailAddress::parse(person).expect("an address")).await?.expect("there");
    let (stage_key, group_key) = GROUPS[one % GROUPS.len()];
    let group_stage = stage::by_key(&mut work.tx, &slug(stage_key)).await?.expect("a stage");
    let group = group::by_key(&mut work.tx, group_stage.id, &slug(group_key)).await?;
    let (home, role_key) = ROLES[other % ROLES.len()];
    let (app_key, home_stage) = HOMES[home];
    let app = app::by_key(&mut work.tx, &slug(app_key)).await?.expect("an app");
    let home_stage = stage::by_key(&mut work.tx, &slug(home_stage)).await?.expect("a stage");
    let home = deployment::find(&mut work.tx, app.id, home_stage.id).await?.expect("a deployment");
    let role = end_user::by_key(&mut work.tx, home.id, &slug(role_key)).await?;
    let own_role = organization::by_key(&mut work.tx, &slug(["tester", "developer"][other % 2])).await?.expect("a role");
    let limit = (one % 2 == 0).then_some(app.id);
    match (kind, role, group) {
        (0, Some(role), _) => refused(grant::give_end_user(work, &changing, Holder::User(person.id), app.id, &role, period, None).await),
        (1, Some(role), Some(group)) => refused(grant::give_end_user(work, &changing, Holder::Group(group.id), app.id, &role, period, None).await),
        (2, Some(role), _) => refused(grant::revoke_end_user(work, &changing, Holder::User(person.id), app.id, &role).await),
        (3, Some(role), Some(group)) => refused(grant::revoke_end_user(work, &changing, Holder::Group(group.id), app.id, &role).await),
        (4, _, Some(group)) => refused(group::add_member(work, &changing, &group, &person, period, None).await),
        (5, _, Some(group)) => refused(group::remove_member(work, &changing, &group, &person).await),
        (6, ..) => refused(grant::give_organization(work, &changing, Who::User(person.id), &own_role, limit, period, None).await),
        (7, ..) => refused(grant::revoke_organization(work, &changing, Who::User(person.id), &own_role, limit).await),
        // Seldom: who is shut out is given nothing.
        (8, ..) if one % 6 == 0 => refused(deactivate(work, &changing, person.id).await),
        (8, ..) => refused(activate(work, &changing, person.id).await),
        (9, ..) => {
            let counts = [Counts::EveryStage, Counts::Purpose(Purpose::Production)][one % 2];
            let keys = ["app.view", "asset.open", "asset.change"];
            let entries = vec![(keys[other % 3].to_owned().try_into().expect("a key"), counts)];
            let has = organization::by_key(&mut work.tx, &slug("tester")).await?.expect("a role");
            refused(organization::put(work, &changing, &organization::Spec { key: has.key, name: has.name, description: has.description, entries }).await)
        }
        (10, Some(role), _) => {
            let verbs = deployment::permissions(&mut work.tx, home.id).await?.into_iter().map(|has| has.verb).take(one % 3).collect();
            let spec = end_user::Spec { key: role.key, name: role.name, description: role.description, shared: one % 2 == 0, permissions: verbs };
            refused(end_user::change(work, &changing, &app, &home, role.version, &spec, true).await)
        }
        (11, ..) => {
            let all = permission::of_deployment(&mut work.tx, home.id).await?;
            let Some(whole) = all.get(one % all.len().max(1)) else { return Ok(()) };
            let implies = all.iter().map(|has| has.permission.verb.clone()).filter(|verb| *verb != whole.permission.verb).take(other % 2).collect();
            let spec = PermissionSpec { verb: whole.permission.verb.clone(), description: whole.permission.description.clone(), implies };
            refused(permission::change(work, &changing, &app, &home, whole.version, &spec).await)
        }
        (12, ..) => {
            let sign_in = [SignIn::Assigned, SignIn::Everyone][one % 2];
            refused(deployment::change(work, &changing, (&app, &home_stage), home.version, None, sign_in, "https://id.acme.example").await)
        }
        (13, None, _) => {
            let texts = deployment::permissions(&mut work.tx, home.id).await?;
            let name = gatehouse::base::text::DisplayName::parse(role_key).expect("a name");
            let permissions: Vec<Verb> = texts.into_iter().map(|has| has.verb).take(2).collect();
            let spec = end_user::Spec { key: slug(role_key), name, description: gatehouse::base::text::Description::default(), shared: true, permissions };
            refused(end_user::create(work, &changing, &app, &home, &spec).await)
        }
        (13, Some(role), _) if one % 2 == 0 => refused(remove_role(work, &changing, &app, &role).await),
        (14, _, Some(group)) => refused(delete_group(work, &changing, group.id, group.version).await),
        (14, _, None) => {
            let name = gatehouse::base::text::DisplayName::parse(group_key).expect("a name");
            refused(group::put(work, &changing, group_stage.id, &slug(group_key), &name, &gatehouse::base::text::Description::default()).await)
        }
        (15, ..) => {
            let wiki = app::by_key(&mut work.tx, &slug("wiki")).await?.expect("an app");
            let production = stage::by_key(&mut work.tx, &slug("production")).await?.expect("a stage");
            let place = deployment::find(&mut work.tx, wiki.id, production.id).await?.expect("a deployment");
            refused(deployment::list_shared_roles(work, &changing, &wiki, &place, &["sales:viewer".to_owned()]).await)
        }
        _ => Ok(()),
    }
}

/// What access is computed from, as it stands.
struct Standing {
    catalogue: Catalogue,
    people: BTreeMap<UserId, Holdings>,
    traces: (i64, i64, i64),
}

async fn standing(house: &House) -> Standing {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let (catalogue, mut people) = (load::catalogue(&mut tx).await.expect("rows"), BTreeMap::new());
    for email in PEOPLE {
        let id = user::by_email(&mut tx, &EmailAddress::parse(email).expect("an address")).await.expect("rows").expect("there").id;
        people.insert(id, load::user(&mut tx, id).await.expect("rows"));
    }
    let traces = gatehouse::one!(
        tx,
        (i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM audit_events), (SELECT counter FROM configuration WHERE id = 1), (SELECT CAST(SUM(access_version) AS BIGINT) FROM users)"
    );
    Standing { catalogue, people, traces: traces.expect("a row") }
}

fn texts<'t>(all: impl IntoIterator<Item = &'t str>) -> BTreeSet<String> {
    all.into_iter().map(str::to_owned).collect()
}

/// What somebody has there at that moment, found without the module that is tested.
fn what(standing: &Standing, who: UserId, spot: Spot, at: Timestamp, doors: &[Door]) -> What {
    let holdings = &standing.people[&who];
    let of = |has: &Effective, door: bool| What {
        sign_in: has.may_sign_in() && !door,
        roles: texts(has.role_keys()),
        org_roles: texts(has.org_role_keys()),
        verbs: texts(has.verbs()),
        permissions: texts(has.platform_keys()),
        groups: BTreeSet::new(),
    };
    match spot {
        Spot::Organization => of(&effective(&standing.catalogue, holdings, Place::Organization, at), false),
        Spot::Deployment(id) => of(&effective(&standing.catalogue, holdings, Place::Deployment(id), at), doors.iter().any(|door| door.deployment == id)),
        Spot::Stage(stage) => {
            let here = holdings.memberships.iter().filter(|membership| holdings.counts && membership.stage == stage && membership.period.contains(at));
            What { groups: here.map(|membership| membership.group_key.to_string()).collect(), ..What::default() }
        }
    }
}

/// What the preview says of that.
fn said(preview: &Preview, who: UserId, spot: Spot, at: Timestamp) -> (What, What) {
    let changes = preview.people.iter().filter(|person| person.who == Who::User(who)).flat_map(|person| &person.changes);
    let mut here = changes.filter(|change| change.spots.contains(&spot)).map(|change| &change.stretch);
    let now = here.find(|stretch| stretch.from.is_none_or(|from| from <= at) && stretch.until.is_none_or(|until| at < until));
    now.map(|stretch| (stretch.gains.clone(), stretch.loses.clone())).unwrap_or_default()
}

/// Holdings without what is fresh each time: the ids of grants and memberships.
fn plain(holdings: &Holdings) -> (bool, BTreeSet<String>) {
    let organization = holdings.organization_grants.iter().map(|row| format!("{:?} {:?} {:?}", row.role, row.app, row.period));
    let end_user = holdings.end_user_grants.iter().map(|row| format!("{:?} {:?} {:?}", row.role, row.group, row.period));
    let memberships = holdings.memberships.iter().map(|row| format!("{:?} {:?} {:?}", row.group, row.stage, row.period));
    (holdings.counts, organization.chain(end_user).chain(memberships).collect())
}

fn everything() -> Authority {
    Authority { all: vec![Coverage { app: None, stages: Stages::Every, ends_at: None }], permissions: BTreeMap::new() }
}

pub async fn what_is_told_is_what_happens(backend: Backend) {
    let clock = Clock::fixed(Timestamp::parse("2026-11-23").expect("a day"));
    let house = House::open_with(backend, &[], clock.clone()).await;
    house.apply("[[group]]\nstage = \"development\"\nkey = \"builders\"\nname = \"Builders\"\n").await;
    house.keys_made().await;
    let server = &house.server;
    let (ground, origin, now) = (&server.ground, Origin::default(), clock.now());
    let desk = Desk { ground, known: &server.provider.known, previews: &server.previews };
    let mut dice = Dice(0x5eed_cafe_f00d_0001);
    let later = |dice: &mut Dice| [None, Some(now.plus(DAY * 10)), Some(now.plus(DAY * 20))][dice.below(3)];
    let (mut told_of, mut made) = (0, 0);
    for number in 0..CHANGES {
        let (kind, one, other) = (dice.below(16), dice.below(12), dice.below(12));
        let (starts_at, length) = (later(&mut dice), u32::try_from(dice.below(3)).expect("small"));
        let period = Period { starts_at, ends_at: (length > 0).then(|| starts_at.unwrap_or(now).plus(DAY * 5 * length)) };
        let change = Change { kind, one, other, period };
        let before = standing(&house).await;
        let viewer = Viewer::of(None, &everything(), &before.catalogue);
        let told = gatehouse::lifecycle::preview::preview(desk, &SYSTEM, &origin, viewer, async |work| make(work, change).await).await;
        let counter = load::configuration_counter(&mut ground.db.read().await.expect("a reader")).await.expect("a counter");
        let changes = rehearse(ground, &SYSTEM, &origin, counter, async |work| make(work, change).await).await;
        assert_eq!(standing(&house).await.traces, before.traces, "{number} {change:?}: nothing is left behind");
        let done = ground.work(&SYSTEM, &origin, async |work| make(work, change).await).await;
        let after = standing(&house).await;
        let (Ok(Told::Preview(told)), Ok(changes), Ok(())) = (&told, &changes, &done) else {
            assert!(told.is_err() && changes.is_err() && done.is_err(), "{number} {change:?}: refused alike: {told:?} {done:?}");
            continue;
        };
        made += usize::from(after.traces != before.traces);
        told_of += usize::from(!told.people.is_empty());
        // What the rehearsal read is what the rows have become.
        for (who, held) in &before.people {
            // What a role that goes takes along is told by the role's own end.
            let mut told = changes.applied(Who::User(*who), held).into_owned();
            told.end_user_grants.retain(|grant| after.catalogue.end_user_role(grant.role).is_some());
            assert_eq!(plain(&told), plain(&after.people[who]), "{number} {change:?}");
        }
        let sides = Sides::of(&before.catalogue, changes);
        assert!(preview::Differences::between(&sides.after, &after.catalogue).is_empty() || kind == 13, "{number} {change:?}: the configuration");
        let spots: BTreeSet<Spot> = [&before, &after]
            .into_iter()
            .flat_map(|standing| {
                standing.catalogue.deployments().map(|row| Spot::Deployment(row.id)).chain(standing.catalogue.stages().iter().map(|row| Spot::Stage(row.id)))
            })
            .chain([Spot::Organization])
            .collect();
        for who in before.people.keys() {
            for spot in &spots {
                for day in [0, 3, 7, 12, 17, 22, 27, 40] {
                    let at = now.plus(DAY * day);
                    let (one, other) = (what(&before, *who, *spot, at, &told.doors), what(&after, *who, *spot, at, &told.doors));
                    assert_eq!(said(told, *who, *spot, at), (other.without(&one), one.without(&other)), "{number} {change:?}: {who} at {spot:?} on day {day}");
                }
            }
        }
    }
    assert!(made > CHANGES / 3 && told_of > CHANGES / 5, "the changes are worth asking about: {made} made, {told_of} told of");
    house.close().await;
}
