//! Previews in a small organization: what they say, what they leave unsaid, and that they leave nothing behind.

mod clients;
mod gone;
mod shared;
mod tokens;
mod writer;

use super::*;
use crate::access::administrators::RemainError;
use crate::access::app::{SignIn, deployment};
use crate::access::catalogue::{Catalogue, Counts};
use crate::access::grant::{self, GrantError, Holder};
use crate::access::role::organization;
use crate::access::stage::{self, Purpose, SessionPolicy};
use crate::access::{begin_change, load};
use crate::base::authority::{Authority, Coverage, Stages};
use crate::base::text::{Description, Slug};
use crate::base::time::{Period, Timestamp};
use crate::identity::group;
use crate::identity::user::User;
use crate::lifecycle::deactivate::{DeactivateError, deactivate};
use crate::lifecycle::tests::{LETTERS, World, name, person, system};
use crate::login::session::{self, Context};

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

fn holding(permissions: &[&str]) -> Authority {
    let way = || Coverage { app: None, stages: Stages::Every, ends_at: None };
    let all = if permissions.is_empty() { vec![way()] } else { Vec::new() };
    Authority {
        all,
        foreseen: [].into(),
        permissions: permissions.iter().filter(|key| !key.is_empty()).map(|key| ((*key).to_owned().try_into().unwrap(), vec![way()])).collect(),
    }
}

async fn catalogue(world: &World) -> Catalogue {
    load::catalogue(&mut world.ground.db.read().await.unwrap()).await.unwrap()
}

/// Asks as somebody who may see what these permissions show; none: everything.
async fn ask_as<T, E>(world: &World, previews: &Previews, seeing: &[&str], rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Told, E>
where
    E: Error + From<Fault> + 'static,
{
    let viewer = Viewer::of(None, &holding(seeing), &catalogue(world).await);
    preview(Desk { ground: &world.ground, known: &Known::default(), previews }, &system(), &Origin::default(), viewer, rule).await
}

async fn ask<T, E: Error + From<Fault> + 'static>(world: &World, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<Preview, E> {
    match ask_as(world, &Previews::default(), &[], rule).await? {
        Told::Preview(preview) => Ok(*preview),
        Told::Busy => panic!("nobody else asks"),
    }
}

fn seen(told: Told) -> Preview {
    match told {
        Told::Preview(preview) => *preview,
        Told::Busy => panic!("nobody else asks"),
    }
}

async fn joins(work: &mut Work, world: &World, who: &User, period: Period) -> Result<group::Given, Fault> {
    let changing = begin_change(work).await?;
    Ok(group::add_member(work, &changing, &world.desk, who, period, None).await.unwrap())
}

async fn loses_role(work: &mut Work, world: &World) -> Result<bool, GrantError> {
    let changing = begin_change(work).await?;
    grant::revoke_end_user(work, &changing, Holder::Group(world.desk.id), world.sales.id, &world.approver).await
}

async fn members(world: &World, count: usize) -> Vec<User> {
    let mut people = Vec::new();
    for number in 0..count {
        let who = world.join(&format!("member{number}@acme.example")).await;
        world.act(&system(), async |work| joins(work, world, &who, Period::ALWAYS).await).await.unwrap();
        people.push(who);
    }
    people
}

/// Everything that a rehearsal might leave behind.
async fn traces(world: &World) -> (i64, i64, i64, i64, i64) {
    let mut tx = world.ground.db.read().await.unwrap();
    crate::one!(
        tx,
        (i64, i64, i64, i64, i64),
        "SELECT (SELECT COUNT(*) FROM audit_events), (SELECT COUNT(*) FROM jobs), (SELECT counter FROM configuration WHERE id = 1),
         (SELECT CAST(SUM(access_version) AS BIGINT) FROM users), (SELECT COUNT(*) FROM memberships) + (SELECT COUNT(*) FROM end_user_grants)"
    )
    .unwrap()
}

fn words(set: &std::collections::BTreeSet<String>) -> Vec<&str> {
    set.iter().map(String::as_str).collect()
}

#[tokio::test]
async fn what_a_role_limited_to_development_gives_shows_there_and_nowhere_else() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let spec = organization::Spec {
        key: slug("tester"),
        name: name("Tester"),
        description: Description::default(),
        entries: vec![("asset.change".to_owned().try_into().unwrap(), Counts::Purpose(Purpose::Development))],
    };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let mut homes = Vec::new();
        for key in ["development", "production"] {
            let stage = stage::by_key(&mut work.tx, &slug(key)).await?.unwrap();
            let spec = deployment::Spec { home_page: None, sign_in: SignIn::Assigned, resource: None };
            homes.push(deployment::put(work, &changing, &world.sales, &stage, &spec, LETTERS.issuer).await.unwrap().id);
        }
        Ok::<_, Fault>((organization::put(work, &changing, &spec).await.unwrap(), homes))
    };
    let (tester, homes) = world.act(&system(), make).await.unwrap();
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(bo.id), &tester, None, Period::ALWAYS, None).await
    };
    let told = ask(&world, give).await.unwrap();
    assert_eq!((told.gain, told.lose, told.later, told.hidden, told.stopped), (1, 0, 0, 0, None));
    let [only] = told.people.as_slice() else { panic!("one person: {told:?}") };
    let [change] = only.changes.as_slice() else { panic!("one place: {only:?}") };
    assert_eq!((only.label.as_str(), change.spots.as_slice()), ("bo", &[Spot::Deployment(homes[0])][..]));
    let gains = &change.stretch.gains;
    assert_eq!(words(&gains.permissions), ["asset.change", "asset.debug", "asset.deploy", "asset.open", "stage.view"]);
    assert_eq!((words(&gains.org_roles), told.names.organization_role("tester")), (vec!["tester"], "Tester"));
    assert!(change.stretch.loses.is_empty() && change.stretch.bytes > 60, "{change:?}");
    assert_eq!((change.stretch.from, change.stretch.until), (None, None));
}

#[tokio::test]
async fn a_preview_leaves_nothing_behind_and_refuses_what_the_rule_refuses() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let before = traces(&world).await;
    let told = ask(&world, async |work| joins(work, &world, &bo, Period::ALWAYS).await).await.unwrap();
    let [only] = told.people.as_slice() else { panic!("one person: {told:?}") };
    assert_eq!((told.gain, told.lose, told.compared), (1, 0, 1));
    let gains: Vec<_> =
        only.changes.iter().map(|change| (words(&change.stretch.gains.roles), words(&change.stretch.gains.groups), change.stretch.gains.sign_in)).collect();
    assert!(gains.contains(&(vec!["approver"], vec![], true)) && gains.contains(&(vec![], vec!["desk"], false)), "{gains:?}");
    assert_eq!(traces(&world).await, before, "nothing was recorded, sent or counted");
    assert_eq!(world.held(&bo).await, (0, 0, 0));

    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::User(world.ana.id), &world.administrator, None).await
    };
    assert!(matches!(ask(&world, revoke).await, Err(GrantError::Remain(RemainError::LastAdministrator))));
    let (known, previews, actor, origin) = (Known::default(), Previews::default(), person(&bo), Origin::default());
    let (desk, viewer) = (Desk { ground: &world.ground, known: &known, previews: &previews }, Viewer::of(None, &holding(&[]), &catalogue(&world).await));
    let denied = preview(desk, &actor, &origin, viewer, async |work| loses_role(work, &world).await);
    assert!(matches!(denied.await, Err(GrantError::Denied(_))), "the actor's rights count");
    assert_eq!(traces(&world).await, before);
}

#[tokio::test]
async fn what_begins_or_ends_later_is_told_with_its_day() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let day = |text: &str| Timestamp::parse(text).unwrap();
    let (start, end) = (day("2026-12-01"), day("2027-01-01"));
    let period = Period { starts_at: Some(start), ends_at: Some(end) };
    let told = ask(&world, async |work| joins(work, &world, &bo, period).await).await.unwrap();
    assert_eq!((told.gain, told.lose, told.later), (0, 0, 1));
    for change in &told.people[0].changes {
        assert_eq!((change.stretch.from, change.stretch.until), (Some(start), Some(end)), "{change:?}");
    }

    // What lasts until the day on which something longer takes over is gained on that day, and not before.
    world.act(&system(), async |work| joins(work, &world, &bo, Period::until(Some(end))).await).await.unwrap();
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_end_user(work, &changing, Holder::User(bo.id), world.sales.id, &world.approver, Period::ALWAYS, None).await
    };
    let told = ask(&world, give).await.unwrap();
    let [change] = told.people[0].changes.as_slice() else { panic!("one place: {told:?}") };
    assert_eq!((told.gain, told.later, change.stretch.from, change.stretch.until), (0, 1, Some(end), None));
}

#[tokio::test]
async fn it_stops_in_time_and_names_so_many() {
    let world = World::new().await;
    members(&world, 3).await;
    let limits = Limits { batch: 1, ..Limits::STANDARD };
    let ask =
        async |seats: usize, limits: Limits| ask_as(&world, &Previews::new(seats, limits), &[], async |work| loses_role(work, &world).await).await.unwrap();

    let told = seen(ask(1, Limits { named: 1, ..limits }).await);
    assert_eq!((told.people.len(), told.unnamed, told.lose, told.compared, told.stopped), (1, 2, 3, 3, None));
    let told = seen(ask(1, Limits { most: 2, ..limits }).await);
    assert_eq!((told.people.len(), told.lose, told.compared, told.stopped), (2, 2, 2, Some(Stopped::Many)));
    let told = seen(ask(1, Limits { time: Duration::ZERO, ..limits }).await);
    assert_eq!((told.people.len(), told.compared, told.concerned, told.stopped), (0, 0, 3, Some(Stopped::Time)));
    assert!(matches!(ask(0, limits).await, Told::Busy));
}

#[tokio::test]
async fn whom_the_reader_may_not_see_is_a_number() {
    let world = World::new().await;
    let people = members(&world, 2).await;
    world.grant(&people[0], &world.developer).await;
    let previews = Previews::default();
    let revoke = async |seeing: &[&str]| seen(ask_as(&world, &previews, seeing, async |work| loses_role(work, &world).await).await.unwrap());
    let told = revoke(&["stage.view"]).await;
    assert_eq!((told.lose, told.hidden, told.people.len()), (2, 2, 0));
    for sees in ["end_users.view", "end_user_groups.manage"] {
        let told = revoke(&[sees]).await;
        assert_eq!((told.lose, told.hidden, told.people.len(), told.partly), (2, 0, 2, 0), "{sees}");
    }
    // Who sees members only learns who they are, and nothing of apps.
    let told = revoke(&["members.view"]).await;
    assert_eq!((told.hidden, told.people.len()), (2, 0));

    // Somebody who sees end-users only does not learn what else is lost.
    let out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, people[0].id).await.map_err(|error: DeactivateError| error)
    };
    let told = seen(ask_as(&world, &previews, &["end_users.view"], out).await.unwrap());
    assert_eq!((told.lose, told.people.len(), told.partly), (1, 1, 1));
    assert!(told.people[0].changes.iter().all(|change| change.stretch.loses.org_roles.is_empty() && change.stretch.loses.permissions.is_empty()));
    let told = seen(ask_as(&world, &previews, &[], out).await.unwrap());
    assert!(told.people[0].changes.iter().any(|change| words(&change.stretch.loses.org_roles) == ["developer"]) && told.partly == 0);
}

#[tokio::test]
async fn live_sessions_of_those_who_lose_are_counted() {
    let world = World::new().await;
    let bo = members(&world, 1).await.remove(0);
    let sign_in = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        session::start(work, &Context::of(&qa), &bo, None, "pwd").await.expect("a session");
        session::start(work, &Context::Portal { policy: SessionPolicy::STANDARD }, &bo, None, "pwd").await.expect("a session");
        Ok::<_, Fault>(())
    };
    world.act(&system(), sign_in).await.unwrap();
    let out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, bo.id).await
    };
    let told = ask(&world, out).await.unwrap();
    assert_eq!((told.lose, told.sessions, told.people[0].sessions), (1, 2, 2), "whoever is shut out loses every session");
    // The app was used in none of them.
    assert_eq!(ask(&world, async |work| loses_role(work, &world).await).await.unwrap().sessions, 0);
}

#[tokio::test]
async fn who_may_come_in_is_a_sentence_and_no_list() {
    let world = World::new().await;
    members(&world, 2).await;
    let open = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        let spec = deployment::Spec { home_page: None, sign_in: SignIn::Everyone, resource: None };
        Ok::<_, Fault>(deployment::put(work, &changing, &world.sales, &qa, &spec, LETTERS.issuer).await.unwrap().id)
    };
    let told = ask(&world, open).await.unwrap();
    assert_eq!((told.gain, told.lose, told.people.len(), told.doors.len()), (0, 0, 0, 1));
    let home = world.act(&system(), open).await.unwrap();
    assert_eq!(told.doors, [Door { deployment: home, opens: true }]);
    assert_eq!(told.places.get(&home).map(|(app, _)| *app), Some(world.sales.id));
}
