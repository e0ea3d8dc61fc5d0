//! Properties that hold in every world.

use super::reference::{self, Where, answer};
use super::world::{TIMES, World, at, period, worlds};
use super::{Effective, GrantRef, Holdings, MembershipRow, Path, Place, RoleRef, authority, effective};
use crate::access::catalogue::{Counts, RoleEntryRow};
use crate::access::permission::ImpliedAt;
use crate::base::authority::{Coverage, Stages};
use crate::base::id::MembershipId;
use crate::base::reach::Reach;
use crate::base::time::{Period, Timestamp};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that an answer shows.
#[derive(Clone, Debug, PartialEq)]
struct Shown {
    access: Access,
    groups: Vec<MembershipRow>,
    paths: BTreeMap<String, Vec<Path>>,
    expires_at: Option<Timestamp>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Access {
    permissions: BTreeSet<String>,
    roles: BTreeSet<String>,
    org_roles: BTreeSet<String>,
    groups: BTreeSet<String>,
    may_sign_in: bool,
}

fn texts<'a>(keys: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    keys.into_iter().map(str::to_owned).collect()
}

fn access(found: &Effective) -> Access {
    Access {
        permissions: texts(found.permission_keys()),
        roles: texts(found.role_keys()),
        org_roles: texts(found.org_role_keys()),
        groups: texts(found.group_keys()),
        may_sign_in: found.may_sign_in(),
    }
}

fn shown(found: &Effective) -> Shown {
    let access = access(found);
    let mut paths = BTreeMap::new();
    paths.extend(access.permissions.iter().map(|key| (format!("permission {key}"), found.paths_of(key))));
    paths.extend(access.roles.iter().map(|key| (format!("role {key}"), found.paths_of_role(key))));
    paths.extend(access.org_roles.iter().map(|key| (format!("org_role {key}"), found.paths_of_org_role(key))));
    Shown { access, groups: found.groups().to_vec(), paths, expires_at: found.expires_at() }
}

fn look(world: &World, place: Place, now: Timestamp) -> Effective {
    effective(&world.catalogue(), &world.holdings, place, now)
}

/// Whether everything of `less` is in `more`.
fn within(less: &Access, more: &Access) -> bool {
    less.permissions.is_subset(&more.permissions)
        && less.roles.is_subset(&more.roles)
        && less.org_roles.is_subset(&more.org_roles)
        && less.groups.is_subset(&more.groups)
        && less.may_sign_in <= more.may_sign_in
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-1..=TIMES).prop_map(at)
}

/// The same world with every list of rows in another order.
fn shuffled(world: World) -> impl Strategy<Value = (World, World)> {
    let (rows, holdings) = (world.rows.clone(), world.holdings.clone());
    let model =
        (Just(rows.stages).prop_shuffle(), Just(rows.apps).prop_shuffle(), Just(rows.deployments).prop_shuffle(), Just(rows.app_permissions).prop_shuffle());
    let links = (
        Just(rows.app_implications).prop_shuffle(),
        Just(rows.end_user_roles).prop_shuffle(),
        Just(rows.end_user_role_permissions).prop_shuffle(),
        Just(rows.listed_roles).prop_shuffle(),
    );
    let roles = (Just(rows.own_permissions).prop_shuffle(), Just(rows.organization_roles).prop_shuffle(), Just(rows.organization_role_entries).prop_shuffle());
    let held = (Just(holdings.organization_grants).prop_shuffle(), Just(holdings.end_user_grants).prop_shuffle(), Just(holdings.memberships).prop_shuffle());
    (model, links, roles, held).prop_map(move |(model, links, roles, held)| {
        let mut other = world.clone();
        let rows = &mut other.rows;
        (rows.stages, rows.apps, rows.deployments, rows.app_permissions) = model;
        (rows.app_implications, rows.end_user_roles, rows.end_user_role_permissions, rows.listed_roles) = links;
        (rows.own_permissions, rows.organization_roles, rows.organization_role_entries) = roles;
        for own in &mut rows.own_permissions {
            own.implies.reverse();
        }
        let holdings = &mut other.holdings;
        (holdings.organization_grants, holdings.end_user_grants, holdings.memberships) = held;
        (world.clone(), other)
    })
}

/// A grant, a membership or a piece of a role more.
fn enrich(world: &mut World, choice: usize, number: usize, period: Period) {
    fn pick<T: Clone>(rows: &[T], number: usize) -> Option<T> {
        rows.get(number.checked_rem(rows.len())?).cloned()
    }
    let rows = world.rows.clone();
    match choice {
        0 => {
            let app = pick(&rows.apps, number).map(|app| app.id).filter(|_| number.is_multiple_of(2));
            if let Some(role) = pick(&rows.organization_roles, number) {
                world.grant_org(role.id, app, period);
            }
        }
        1 => {
            if let Some(role) = pick(&rows.end_user_roles, number) {
                world.grant(None, role.id, period);
            }
        }
        2 => {
            if let Some(stage) = pick(&rows.stages, number) {
                world.join(number % 4, stage.id, period);
            }
        }
        3 => {
            let (from, to) = (pick(&rows.app_permissions, number), pick(&rows.app_permissions, number / 3));
            world.rows.app_implications.extend(from.zip(to).map(|(from, to)| (from.id, to.id)));
        }
        4 => {
            let (here, role) = (pick(&rows.deployments, number), pick(&rows.end_user_roles, number / 3));
            world.rows.listed_roles.extend(here.zip(role).map(|(here, role)| (here.id, role.id)));
        }
        _ => {
            let (role, permission) = (pick(&rows.organization_roles, number), pick(&rows.own_permissions, number / 3));
            let entry = role.zip(permission).map(|(role, permission)| RoleEntryRow { role: role.id, permission: permission.key, counts: Counts::EveryStage });
            world.rows.organization_role_entries.extend(entry);
        }
    }
}

/// Every key that can be asked for in a world, and some that cannot be held.
fn all_keys(world: &World) -> BTreeSet<String> {
    let platform: Vec<String> = world.catalogue().platform_permissions().iter().map(|permission| permission.key.to_string()).collect();
    let verbs = world.rows.app_permissions.iter().map(|row| row.verb.to_string());
    platform.into_iter().chain(verbs).chain(["verb-9".to_owned(), "role-0".to_owned()]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]

    #[test]
    fn the_answer_is_the_one_of_the_slow_reference(world in worlds(), now in instant()) {
        let catalogue = world.catalogue();
        for place in world.places() {
            let found = effective(&catalogue, &world.holdings, place, now);
            let Access { permissions, roles, org_roles, groups, may_sign_in } = access(&found);
            prop_assert_eq!(reference::Answer { permissions, roles, org_roles, groups, may_sign_in }, answer(&world, place, now), "at {:?}", place);
            let listed: Vec<&str> = found.permission_keys().collect();
            prop_assert!(listed.is_sorted_by(|a, b| a < b), "sorted, each once: {:?}", listed);
        }
    }

    #[test]
    fn the_order_of_rows_never_matters((one, other) in worlds().prop_flat_map(shuffled), now in instant()) {
        for place in one.places() {
            let (one, other) = (look(&one, place, now), look(&other, place, now));
            prop_assert_eq!(shown(&one), shown(&other));
            prop_assert_eq!(one.valid_until(), other.valid_until());
        }
        let as_sets = |world: &World| {
            let authority = authority(&world.catalogue(), &world.holdings, now);
            (format!("{:?}", authority.all), format!("{:?}", authority.permissions))
        };
        prop_assert_eq!(as_sets(&one), as_sets(&other));
    }

    #[test]
    fn what_is_added_never_removes(world in worlds(), choice in 0usize..6, number in 0usize..64, period in period(), now in instant()) {
        let mut more = world.clone();
        enrich(&mut more, choice, number, period);
        for place in world.places() {
            let (less, more) = (access(&look(&world, place, now)), access(&look(&more, place, now)));
            prop_assert!(within(&less, &more), "{:?} is not within {:?}", less, more);
        }
    }

    #[test]
    fn closing_what_is_closed_adds_nothing(mut world in worlds(), number in 0usize..6) {
        // One role at the organization: in a grant at an app, what an ineffective permission would bring does not count.
        let role = world.rows.organization_roles[number].clone();
        world.holdings = Holdings { counts: true, ..Holdings::default() };
        world.grant_org(role.id, None, Period::ALWAYS);
        let copy = world.org_role("copy", false, &[]);
        let mut closed = world.clone();
        closed.holdings.organization_grants[0].role = copy;
        let places = world.places();
        for place in &places {
            let counts = match place {
                Place::Organization => Counts::EveryStage,
                Place::Deployment(id) => Counts::Stage(world.catalogue().deployment(*id).unwrap().stage),
            };
            let found = look(&world, *place, at(0));
            for permission in found.platform_keys() {
                closed.rows.organization_role_entries.push(RoleEntryRow { role: copy, permission: super::world::permission_key(permission), counts });
            }
        }
        for place in places {
            prop_assert_eq!(texts(look(&world, place, at(0)).platform_keys()), texts(look(&closed, place, at(0)).platform_keys()));
        }
    }

    #[test]
    fn only_every_stage_leaves_a_stage(mut world in worlds(), home in 0usize..4, now in instant()) {
        let Some(stage) = world.rows.stages.get(home).map(|stage| stage.id) else { return Ok(()) };
        let at_home = |world: &World, place| matches!(place, Place::Deployment(id) if world.catalogue().deployment(id).unwrap().stage == stage);
        // Platform permissions at one stage only, and no implication that leaves it.
        for own in &mut world.rows.own_permissions {
            own.implies.retain(|implied| implied.at != ImpliedAt::EveryStage);
        }
        for entry in &mut world.rows.organization_role_entries {
            entry.counts = Counts::Stage(stage);
        }
        let built_in: Vec<_> = world.rows.organization_roles.iter().filter(|role| role.built_in).map(|role| role.id).collect();
        world.holdings.organization_grants.retain(|grant| !built_in.contains(&grant.role));
        // End-user access at one stage only.
        let catalogue = world.catalogue();
        let home_of = |grant: &super::EndUserGrantRow| catalogue.deployment(catalogue.end_user_role(grant.role).unwrap().deployment).unwrap().stage;
        world.holdings.end_user_grants.retain(|grant| home_of(grant) == stage);
        for place in world.places() {
            let found = look(&world, place, now);
            if !at_home(&world, place) {
                prop_assert_eq!(found.permission_keys().count(), 0);
                prop_assert!(found.role_keys().is_empty() && found.org_role_keys().is_empty());
            }
        }
    }

    #[test]
    fn outside_its_period_a_grant_gives_nothing(world in worlds(), now in instant()) {
        let mut rest = world.clone();
        rest.holdings.organization_grants.retain(|grant| grant.period.contains(now));
        rest.holdings.end_user_grants.retain(|grant| grant.period.contains(now));
        rest.holdings.memberships.retain(|membership| membership.period.contains(now));
        let mut nobody = world.clone();
        nobody.holdings.counts = false;
        for place in world.places() {
            prop_assert_eq!(shown(&look(&world, place, now)), shown(&look(&rest, place, now)));
            let none = look(&nobody, place, now);
            prop_assert_eq!(access(&none), Access::default());
            prop_assert_eq!((none.valid_until(), none.expires_at(), none.groups().len()), (None, None, 0));
        }
    }

    #[test]
    fn the_answer_stands_until_valid_until_and_changes_then(world in worlds(), now in -1..=TIMES) {
        for place in world.places() {
            let found = look(&world, place, at(now));
            let end = found.valid_until().map_or(TIMES + 1, Timestamp::micros);
            prop_assert!(end > now);
            let before = shown(&found);
            for then in now..end {
                prop_assert_eq!(&before, &shown(&look(&world, place, at(then))), "at {}", then);
            }
            if found.valid_until().is_some() {
                prop_assert_ne!(before, shown(&look(&world, place, at(end))), "something changes at {}", end);
            }
        }
    }

    #[test]
    fn authority_and_effective_agree(world in worlds(), now in instant()) {
        let authority = authority(&world.catalogue(), &world.holdings, now);
        for place in world.places() {
            let found = look(&world, place, now);
            let reach = match place {
                Place::Organization => Reach::Organization,
                Place::Deployment(id) => world.catalogue().deployment(id).map(|row| Reach::AppAtStage(row.app, row.stage)).unwrap(),
            };
            for key in all_keys(&world).iter().filter(|key| key.contains('.')) {
                prop_assert_eq!(found.has(key), authority.allows(key, reach), "{} at {:?}", key, place);
                let ways = authority.permissions.get(key.as_str()).into_iter().flatten().chain(&authority.all).filter(|way| way.covers(reach));
                prop_assert_eq!(latest(found.paths_of(key).iter().map(|path| path.period.ends_at)), latest(ways.map(|way| way.ends_at)));
            }
        }
        // No way is left in that another one covers for as long.
        for ways in authority.permissions.values().chain([&authority.all]) {
            for (index, way) in ways.iter().enumerate() {
                prop_assert!(!ways.iter().enumerate().any(|(other, wide)| other != index && covers(wide, way)), "{:?}", ways);
            }
        }
    }

    #[test]
    fn each_role_gives_what_the_paths_lead_from_it_to(world in worlds(), now in instant()) {
        for place in world.places() {
            let found = look(&world, place, now);
            let way = |path: &Path, key: &str| (path.grant, path.membership.as_ref().map(|membership| membership.id), key.to_owned());
            let given: BTreeSet<_> = found.roles().iter().flat_map(|(path, gives)| gives.iter().map(|key| way(path, key)).collect::<Vec<_>>()).collect();
            let led: BTreeSet<_> = found.permission_keys().flat_map(|key| found.paths_of(key).iter().map(|path| way(path, key)).collect::<Vec<_>>()).collect();
            prop_assert_eq!(given, led, "at {:?}", place);
        }
    }

    #[test]
    fn every_path_is_real_and_short(world in worlds(), now in instant()) {
        for place in world.places() {
            let found = look(&world, place, now);
            let mut ends = Vec::new();
            for key in all_keys(&world) {
                let paths = found.paths_of(&key);
                prop_assert_eq!(found.has(&key), !paths.is_empty(), "{}", key);
                let mut seen = BTreeSet::new();
                for path in &paths {
                    check(&world, place, &key, path, now)?;
                    let membership: Option<MembershipId> = path.membership.as_ref().map(|membership| membership.id);
                    prop_assert!(seen.insert((path.grant, membership, path.chain[0].permission.clone(), path.counts)), "one path per grant and entry");
                }
                ends.extend(latest(paths.iter().map(|path| path.period.ends_at)));
            }
            let roles = found.role_keys().into_iter().map(|key| found.paths_of_role(key));
            let org_roles = found.org_role_keys().into_iter().map(|key| found.paths_of_org_role(key));
            ends.extend(roles.chain(org_roles).filter_map(|paths| latest(paths.iter().map(|path| path.period.ends_at))));
            prop_assert_eq!(found.expires_at().map_or(i64::MAX, Timestamp::micros), ends.into_iter().min().unwrap_or(i64::MAX));
        }
    }
}

/// Whether one way covers another, for as long.
fn covers(wide: &Coverage, way: &Coverage) -> bool {
    let stages = match (&wide.stages, &way.stages) {
        (Stages::Every, _) => true,
        (Stages::Only(wide), Stages::Only(way)) => way.is_subset(wide),
        (Stages::Only(_), Stages::Every) => false,
    };
    stages && (wide.app.is_none() || wide.app == way.app) && latest([wide.ends_at].into_iter()) >= latest([way.ends_at].into_iter())
}

/// The latest of some ends, the greatest number if one is without end; `None` if there are none.
fn latest(ends: impl Iterator<Item = Option<Timestamp>>) -> Option<i64> {
    ends.map(|end| end.map_or(i64::MAX, Timestamp::micros)).max()
}

fn check(world: &World, place: Place, key: &str, path: &Path, now: Timestamp) -> Result<(), TestCaseError> {
    let (first, last) = (&path.chain[0], path.chain.last().unwrap());
    prop_assert!(first.implied.is_none() && last.permission == key && path.period.contains(now));
    prop_assert!(path.chain[1..].iter().all(|step| step.implied.is_some()));
    match (path.grant, path.role) {
        (GrantRef::Organization(grant), RoleRef::Organization(role)) => {
            let row = world.holdings.organization_grants.iter().find(|row| row.id == grant).unwrap();
            prop_assert_eq!((row.role, row.app, row.period), (role, path.app, path.period));
            let spot = match place {
                Place::Organization => Where::Always,
                Place::Deployment(id) => Where::At(world.catalogue().deployment(id).unwrap().stage),
            };
            let (entry, counts) = (super::world::permission_key(&first.permission), path.counts.unwrap());
            // `None` is the marker `all`: every permission is its own.
            let own = reference::entries(&world.rows, role).map_or(path.chain.len() == 1, |entries| entries.contains(&(entry.clone(), counts)));
            prop_assert!(own, "{} starts with an entry of its role", key);
            let facts = reference::facts(&world.rows, &entry, counts, path.app.is_some());
            prop_assert_eq!(facts.get(&(super::world::permission_key(key), spot)), Some(&(path.chain.len() - 1)));
            for pair in path.chain.windows(2) {
                let before = reference::declared(&world.rows, &super::world::permission_key(&pair[0].permission)).unwrap();
                prop_assert!(before.implies.iter().any(|implied| implied.permission.as_str() == pair[1].permission && Some(implied.at) == pair[1].implied));
            }
        }
        (GrantRef::EndUser(grant), RoleRef::EndUser(role)) => {
            let row = world.holdings.end_user_grants.iter().find(|row| row.id == grant).unwrap();
            prop_assert_eq!((row.role, row.group), (role, path.membership.as_ref().map(|membership| membership.group)));
            let id_of = |verb: &str| {
                let home = world.rows.end_user_roles.iter().find(|row| row.id == role).unwrap().deployment;
                world.rows.app_permissions.iter().find(|row| row.deployment == home && row.verb.as_str() == verb).unwrap().id
            };
            prop_assert!(world.rows.end_user_role_permissions.contains(&(role, id_of(&first.permission))));
            for pair in path.chain.windows(2) {
                prop_assert!(world.rows.app_implications.contains(&(id_of(&pair[0].permission), id_of(&pair[1].permission))));
            }
        }
        other => return Err(TestCaseError::fail(format!("a grant of another kind than its role: {other:?}"))),
    }
    Ok(())
}
