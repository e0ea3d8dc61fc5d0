//! Rule 3a and stages that come later: an entry at the stages of a purpose counts at later ones too, so whoever hands it out must hold it so.

use super::{World, name, person, slug, system};
use crate::access::catalogue::Counts;
use crate::access::grant::{self, GrantError};
use crate::access::guard::GuardError;
use crate::access::load::Who;
use crate::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind};
use crate::access::role::organization::{self, OrganizationRole, OwnPermissionError, RoleError, Spec};
use crate::access::stage::{self, Purpose, SessionPolicy, Stage};
use crate::access::{begin_change, load};
use crate::actor::Actor;
use crate::base::reach::Reach;
use crate::base::text::{Description, PermissionKey};
use crate::base::time::Period;
use crate::identity::user::User;
use crate::lifecycle::delete_stage::delete_stage;
use crate::work::Work;

fn key(text: &str) -> PermissionKey {
    PermissionKey::parse(text).unwrap()
}

async fn put(world: &World, actor: &Actor, key_of: &str, entries: &[(&str, Counts)]) -> Result<OrganizationRole, RoleError> {
    let entries = entries.iter().map(|(permission, counts)| (key(permission), *counts)).collect();
    let spec = Spec { key: slug(key_of), name: name(key_of), description: Description::default(), entries };
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        organization::put(work, &changing, &spec).await
    };
    world.act(actor, rule).await
}

async fn give(world: &World, actor: &Actor, user: &User, role: &OrganizationRole) -> Result<(), GrantError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(user.id), role, None, Period::ALWAYS, None).await
    };
    world.act(actor, rule).await.map(drop)
}

async fn stage(world: &World, key: &str) -> Stage {
    let mut tx = world.ground.db.read().await.unwrap();
    stage::by_key(&mut tx, &slug(key)).await.unwrap().unwrap()
}

async fn another(world: &World, key: &str, purpose: Purpose) -> Stage {
    let spec = stage::Spec { key: slug(key), name: name(key), purpose, sessions: SessionPolicy::STANDARD };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        stage::create(work, &changing, &spec).await
    };
    world.act(&system(), make).await.unwrap()
}

/// Whether somebody may manage apps at a stage now.
async fn manages(world: &World, user: &User, stage: &Stage) -> bool {
    let mut tx = world.ground.db.read().await.unwrap();
    let (catalogue, holdings) = (load::catalogue(&mut tx).await.unwrap(), load::user(&mut tx, user.id).await.unwrap());
    crate::access::effective::authority(&catalogue, &holdings, world.ground.clock.now()).allows("app.manage", Reach::Stage(stage.id))
}

/// Somebody who keeps roles and gives them, and manages apps where this entry counts.
async fn keeper(world: &World, who: &str, counts: Counts) -> User {
    let always = Counts::EveryStage;
    let entries = [("organization_roles.manage", always), ("member_access.manage", always), ("app.manage", counts)];
    let role = put(world, &system(), who, &entries).await.unwrap();
    world.holder(&format!("{who}@acme.example"), &role).await
}

fn beyond<T>(outcome: Result<T, RoleError>) -> bool {
    matches!(outcome, Err(RoleError::Guard(GuardError::BeyondPermission(permission))) if permission.as_str() == "app.manage")
}

#[tokio::test]
async fn what_is_held_at_one_stage_is_not_handed_out_for_later_ones() {
    let world = World::new().await;
    let production = stage(&world, "production").await;
    let (here, purpose) = (Counts::Stage(production.id), Counts::Purpose(Purpose::Production));
    let (kim, lia) = (keeper(&world, "kim", here).await, keeper(&world, "lia", purpose).await);
    let bo = world.join("bo@acme.example").await;
    assert!(beyond(put(&world, &person(&kim), "wide", &[("app.manage", purpose)]).await));
    let narrow = put(&world, &person(&kim), "narrow", &[("app.manage", here)]).await.unwrap();
    let wide = put(&world, &person(&lia), "wide", &[("app.manage", purpose)]).await.unwrap();
    assert!(matches!(give(&world, &person(&kim), &kim, &wide).await, Err(GrantError::Guard(GuardError::Beyond))));
    give(&world, &person(&kim), &bo, &narrow).await.unwrap();
    give(&world, &person(&lia), &bo, &wide).await.unwrap();
    // What is held for a purpose covers a stage of it, and not the other way round: Lia is stronger than Kim (rule 3c).
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::User(bo.id), &wide, None).await
    };
    assert!(matches!(world.act(&person(&kim), revoke).await, Err(GrantError::Guard(GuardError::Stronger))));
    assert!(world.act(&person(&lia), revoke).await.is_ok());
    // A stage comes: Lia manages apps there, and Kim does not.
    let second = another(&world, "production-2", Purpose::Production).await;
    assert_eq!((manages(&world, &lia, &second).await, manages(&world, &kim, &second).await, manages(&world, &bo, &second).await), (true, false, false));
}

#[tokio::test]
async fn what_counts_nowhere_yet_is_not_handed_out_by_those_who_have_nothing() {
    let world = World::new().await;
    let development = stage(&world, "development").await;
    let delete = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_stage(work, &changing, development.id).await
    };
    world.act(&system(), delete).await.unwrap();
    let purpose = Counts::Purpose(Purpose::Development);
    let kim = keeper(&world, "kim", Counts::Purpose(Purpose::Production)).await;
    // Kim's own role is one that she may change.
    let always = Counts::EveryStage;
    let more = [("organization_roles.manage", always), ("member_access.manage", always), ("app.manage", purpose)];
    assert!(beyond(put(&world, &person(&kim), "kim", &more).await));
    assert!(beyond(put(&world, &person(&kim), "waiting", &[("app.manage", purpose)]).await));
    let waiting = put(&world, &system(), "waiting", &[("app.manage", purpose)]).await.unwrap();
    assert!(matches!(give(&world, &person(&kim), &kim, &waiting).await, Err(GrantError::Guard(GuardError::Beyond))));
    let again = another(&world, "development", Purpose::Development).await;
    assert!(!manages(&world, &kim, &again).await);
}

#[tokio::test]
async fn no_implication_reaches_further_than_its_maker() {
    let world = World::new().await;
    let production = stage(&world, "production").await;
    let (kim, lia) = (keeper(&world, "kim", Counts::Stage(production.id)).await, keeper(&world, "lia", Counts::Purpose(Purpose::Production)).await);
    let alone = PlatformPermission {
        key: key("x-billing.run"),
        name: name("Run"),
        category: name("Billing"),
        purpose: Description::default(),
        reaches: [ReachKind::Organization].into(),
        by_stage: true,
        implies: Vec::new(),
        enforced: Enforced::Tools,
    };
    let bringing =
        PlatformPermission { implies: vec![Implication { permission: key("app.manage"), at: ImpliedAt::Purpose(Purpose::Production) }], ..alone.clone() };
    let put_own = async |actor: &Actor, definition: &PlatformPermission| {
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            organization::put_own_permission(work, &changing, definition).await
        };
        world.act(actor, rule).await
    };
    put_own(&system(), &alone).await.unwrap();
    put(&world, &system(), "runner", &[("x-billing.run", Counts::EveryStage)]).await.unwrap();
    let refused = put_own(&person(&kim), &bringing).await.unwrap_err();
    assert!(matches!(&refused, OwnPermissionError::Guard(GuardError::BeyondPermission(permission)) if permission.as_str() == "app.manage"), "{refused:?}");
    put_own(&person(&lia), &bringing).await.unwrap();
}
