//! Reading access takes as many queries for somebody with much as for somebody with nothing.

use super::{World, name, person, slug, system};
use crate::access::begin_change;
use crate::access::effective::Place;
use crate::access::explain::Subject;
use crate::access::grant::{self, Holder};
use crate::access::load::{self, Known, Who};
use crate::access::role::end_user;
use crate::base::fault::Fault;
use crate::base::text::Description;
use crate::base::time::Period;
use crate::db::statements;
use crate::identity::group;
use crate::identity::user::User;
use crate::work::Work;
use std::sync::Arc;

/// Puts somebody into many groups, and gives them and the groups many roles.
async fn burden(world: &World, user: &User) {
    let done = world
        .act(&system(), async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let none = Description::default();
            let home = crate::access::app::deployment::by_id(&mut work.tx, world.approver.deployment_id).await?.unwrap();
            for n in 0..50 {
                let stage = world.approver.stage_id;
                let group = group::put(work, &changing, stage, &slug(&format!("group-{n}")), &name("Many"), &none).await.unwrap();
                group::add_member(work, &changing, &group, user, Period::ALWAYS, None).await.unwrap();
                for m in 0..4 {
                    let spec = end_user::Spec {
                        key: slug(&format!("role-{n}-{m}")),
                        name: name("Role"),
                        description: none.clone(),
                        shared: false,
                        permissions: Vec::new(),
                    };
                    let role = end_user::put(work, &changing, &world.sales, &home, &spec).await.unwrap();
                    let holder = if m == 0 { Holder::User(user.id) } else { Holder::Group(group.id) };
                    grant::give_end_user(work, &changing, holder, world.sales.id, &role, Period::ALWAYS, None).await.unwrap();
                }
            }
            Ok::<_, Fault>(())
        })
        .await;
    done.unwrap();
}

#[tokio::test]
async fn reading_access_takes_a_constant_number_of_queries() {
    let world = World::new().await;
    let (much, little) = (world.holder("much@acme.example", &world.developer.clone()).await, world.join("little@acme.example").await);
    burden(&world, &much).await;
    let place = Place::Deployment(world.approver.deployment_id);
    let mut tx = world.ground.db.read().await.unwrap();
    let catalogue = load::catalogue(&mut tx).await.unwrap();
    let mut counted = Vec::new();
    for user in [&much, &little] {
        let known = Known::default();
        let before = statements();
        let holdings = load::user(&mut tx, user.id).await.unwrap();
        let held = statements() - before;
        load::users(&mut tx, &[user.id]).await.unwrap();
        let many = statements() - before - held;
        let explained = Subject::read(&mut tx, &catalogue, Who::User(user.id), place, world.ground.clock.now()).await.unwrap();
        let explain = statements() - before - held - many;
        assert!(explained.is_some());
        known.holdings(&mut tx, Who::User(user.id), 1).await.unwrap();
        let once = statements() - before;
        known.holdings(&mut tx, Who::User(user.id), 1).await.unwrap();
        assert_eq!(statements() - before, once, "what is kept is not read again");
        counted.push((held, many, explain, holdings.end_user_grants.len()));
    }
    drop(tx);
    assert_eq!((counted[0].3, counted[1].3), (200, 0));
    assert_eq!((counted[0].0, counted[0].1, counted[0].2), (counted[1].0, counted[1].1, counted[1].2));
    assert_eq!(counted[0].0, 4, "a user's holdings");
    // Many people take no more than one, and the rule about stronger people no more than that.
    let crowd: Vec<_> = vec![much.id, little.id, world.ana.id];
    let mut tx = world.ground.db.read().await.unwrap();
    let before = statements();
    load::users(&mut tx, &crowd).await.unwrap();
    assert_eq!(statements() - before, counted[0].1);
    drop(tx);
    let stronger = async |people: Vec<crate::base::id::UserId>| {
        let before = statements();
        let refused = world
            .act(&person(&much), async |work: &mut Work| {
                begin_change(work).await?;
                crate::access::guard::none_stronger(work, &people).await
            })
            .await;
        drop(refused);
        statements() - before
    };
    let few = stronger(vec![little.id]).await;
    let more = [world.join("one@acme.example").await.id, world.join("two@acme.example").await.id];
    assert_eq!(stronger(vec![little.id, more[0], more[1]]).await, few);
}

/// After a change many ask for the configuration at the same moment: each asks which one it is, and one of them reads it for all.
#[tokio::test]
async fn one_reads_the_configuration_for_all_who_wait() {
    let world = World::new().await;
    let known = Known::default();
    let ask = async || known.snapshot(&mut world.ground.db.read().await.unwrap()).await.unwrap();
    let before = statements();
    let first = ask().await;
    let alone = statements() - before;
    world.role_with("keeper", "users.manage").await;
    let before = statements();
    let all = futures_util::future::join_all((0..16).map(|_| ask())).await;
    assert_eq!(statements() - before, alone + 15);
    assert!(all.iter().all(|one| one.counter > first.counter && Arc::ptr_eq(one, &all[0])));
}
