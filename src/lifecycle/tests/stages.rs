//! Deleting a stage: what organization roles hold there alone, whom that takes something from, and who is signed in there.

use super::{World, name, person, person_since, slug, system};
use crate::access::begin_change;
use crate::access::catalogue::Counts;
use crate::access::guard::{self, GuardError};
use crate::access::role::organization::{self, OrganizationRole, RoleError, Spec};
use crate::access::stage::{self, ChangeError, Purpose, SessionPolicy, Stage};
use crate::actor::Actor;
use crate::base::fault::Fault;
use crate::base::text::{Description, PermissionKey};
use crate::lifecycle::delete_stage::{delete_stage, signed_in};
use crate::login::session::{self, Context};
use crate::work::{Origin, Work};
use std::time::Duration;

/// A stage where nothing is deployed.
async fn staging(world: &World) -> Stage {
    let spec = stage::Spec { key: slug("staging"), name: name("Staging"), purpose: Purpose::NonProduction, sessions: SessionPolicy::STANDARD };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        stage::create(work, &changing, &spec).await
    };
    world.act(&system(), make).await.unwrap()
}

async fn role(world: &World, key: &str, entries: &[(&str, Counts)]) -> Result<OrganizationRole, RoleError> {
    let entry = |(permission, counts): &(&str, Counts)| (PermissionKey::parse(permission).unwrap(), *counts);
    let spec = Spec { key: slug(key), name: name(key), description: Description::default(), entries: entries.iter().map(entry).collect() };
    let put = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        organization::put(work, &changing, &spec).await
    };
    world.act(&system(), put).await
}

async fn delete(world: &World, actor: &Actor, stage: &Stage) -> Result<Stage, ChangeError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_stage(work, &changing, stage.id).await
    };
    world.act(actor, rule).await
}

/// The version of a role, and the permissions that it holds.
async fn held(world: &World, role: &OrganizationRole) -> (i64, Vec<String>) {
    let mut tx = world.ground.db.read().await.unwrap();
    let now = organization::by_id(&mut tx, role.id).await.unwrap().unwrap();
    let entries = organization::entries_of(&mut tx, role.id).await.unwrap();
    (now.version, entries.into_iter().map(|(permission, _)| permission.to_string()).collect())
}

#[tokio::test]
async fn roles_leave_a_stage_as_by_an_edit_and_none_is_left_empty() {
    let world = World::new().await;
    let staging = staging(&world).await;
    let here = Counts::Stage(staging.id);
    let only = role(&world, "only", &[("stage.manage", here), ("app.view", here)]).await.unwrap();
    let both = role(&world, "both", &[("stage.manage", here), ("app.view", here), ("app.view", Counts::Purpose(Purpose::Production))]).await.unwrap();
    let elsewhere = role(&world, "elsewhere", &[("stage.manage", Counts::EveryStage)]).await.unwrap();
    let before = world.events("organization_role.changed").await;
    let refused = delete(&world, &system(), &staging).await.unwrap_err();
    assert!(matches!(&refused, ChangeError::Emptied(roles) if roles.len() == 1 && roles[0].id == only.id), "{refused:?}");
    assert!(refused.to_string().ends_with("change or remove them first: only"), "{refused}");
    assert_eq!((held(&world, &both).await.1.len(), world.events("organization_role.changed").await), (3, before));
    // One more permission that counts elsewhere, and the role stays.
    role(&world, "only", &[("app.view", Counts::EveryStage)]).await.unwrap();
    let versions = [held(&world, &only).await.0, held(&world, &both).await.0, held(&world, &elsewhere).await.0];
    delete(&world, &system(), &staging).await.unwrap();
    assert_eq!(held(&world, &only).await, (versions[0] + 1, vec!["app.view".to_owned()]));
    assert_eq!(held(&world, &both).await, (versions[1] + 1, vec!["app.view".to_owned()]));
    assert_eq!(held(&world, &elsewhere).await, (versions[2], vec!["stage.manage".to_owned()]));
    // One event for the permission that was added, and one for each role that lost something.
    assert_eq!((world.events("organization_role.changed").await, world.events("stage.deleted").await), (before + 3, 1));
    // It is no stage any more: not to be deleted again, and for no role.
    assert!(matches!(delete(&world, &system(), &staging).await, Err(ChangeError::Unknown)));
    let refused = role(&world, "both", &[("stage.manage", here)]).await.unwrap_err();
    assert!(matches!(&refused, RoleError::StageGone(key) if key.as_str() == "both"), "{refused:?}");
}

#[tokio::test]
async fn nobody_deletes_a_stage_to_take_something_from_somebody_stronger() {
    let world = World::new().await;
    let staging = staging(&world).await;
    let keeper = world.role_with("keeper", "stage.manage").await;
    let both = role(&world, "both", &[("stage.manage", Counts::Stage(staging.id)), ("audit.view", Counts::EveryStage)]).await.unwrap();
    let (kim, boss) = (world.holder("kim@acme.example", &keeper).await, world.holder("boss@acme.example", &world.administrator.clone()).await);
    world.grant(&boss, &both).await;
    let refused = delete(&world, &person(&kim), &staging).await.unwrap_err();
    assert!(matches!(refused, ChangeError::Guard(GuardError::Stronger)), "{refused:?}");
    // The Administrator may, and proves first who they are; asking what it would do needs no proof.
    let stale = person_since(&boss, Duration::from_hours(1));
    let refused = delete(&world, &stale, &staging).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_stage(work, &changing, staging.id).await
    };
    world.ground.rehearse(&stale, &Origin::default(), rule, async |_| Ok(())).await.unwrap();
    assert_eq!((held(&world, &both).await.1.len(), world.events("stage.deleted").await), (2, 0));
    // Where nobody holds the role, nothing is taken from anybody.
    world.revoke_role(&boss, &both).await;
    delete(&world, &person(&kim), &staging).await.unwrap();
    assert_eq!(held(&world, &both).await.1, ["audit.view"]);
}

#[tokio::test]
async fn a_stage_in_use_keeps_its_sessions_and_one_that_goes_ends_them() {
    let world = World::new().await;
    let staging = staging(&world).await;
    let (bo, cy) = (world.join("bo@acme.example").await, world.join("cy@acme.example").await);
    let start = async |work: &mut Work| {
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        for (user, stage) in [(&bo, &staging), (&bo, &staging), (&cy, &staging), (&bo, &qa)] {
            session::start(work, &Context::of(stage), user, None, "pwd").await.unwrap();
        }
        // Ana signed out there already.
        let out = session::start(work, &Context::of(&staging), &world.ana, None, "pwd").await.unwrap();
        session::end(work, &out.session, "signed out").await?;
        Ok::<_, Fault>(qa)
    };
    let qa = world.act(&system(), start).await.unwrap();
    assert!(matches!(delete(&world, &system(), &qa).await, Err(ChangeError::InUse(standing)) if (standing.deployments, standing.groups) == (1, 1)));
    assert_eq!(world.events("sessions.ended").await, 0);
    // People are counted, not devices, and only where they are.
    let mut tx = world.ground.db.read().await.unwrap();
    let now = world.ground.clock.now();
    assert_eq!((signed_in(&mut tx, &staging, now).await.unwrap(), signed_in(&mut tx, &qa, now).await.unwrap()), (2, 1));
    drop(tx);
    delete(&world, &system(), &staging).await.unwrap();
    let mut tx = world.ground.db.read().await.unwrap();
    let ended = crate::all!(tx, (String, String), "SELECT subject_id, payload FROM audit_events WHERE kind = 'sessions.ended' ORDER BY subject_id").unwrap();
    let of = |id: &str| ended.iter().find(|(subject, _)| subject == id).map(|(_, payload)| serde_json::from_str::<serde_json::Value>(payload).unwrap());
    let told = [&bo, &cy].map(|user| of(&user.id.to_string()).unwrap()["after"]["sessions"].as_i64());
    assert_eq!((ended.len(), told), (2, [Some(2), Some(1)]));
    let left = crate::all!(tx, (String,), "SELECT context FROM sessions").unwrap();
    assert_eq!(left, [("stage:qa".to_owned(),)]);
}
