//! What goes is noted, and not done: what many hold keeps the writer no longer than what one holds.

use super::*;
use crate::access::app::{self, App};
use crate::access::role::organization::OrganizationRole;
use crate::access::stage::Stage;
use crate::base::id::AuthorizationId;
use crate::base::secret::TokenHash;
use crate::db::{execute, one, statements};
use crate::identity::user::{self, Profile, Vouched};
use crate::lifecycle::deactivate::deactivate;
use crate::lifecycle::delete_stage::delete_stage;
use crate::lifecycle::delete_user;
use crate::lifecycle::remove_role::{remove_organization_role, remove_role};
use crate::lifecycle::tests::email;
use crate::lifecycle::undeploy::{delete_app, undeploy};
use crate::oauth::client::{self, Client, GrantType, Kind, Metadata, Party, SecretSpec, Spec};
use std::cell::Cell;
use std::ops::Range;

const MANY: usize = 300;

/// What may go: the client of Sales, a stage and an app where nothing is deployed, and a role of the organization.
struct Scene {
    client: Client,
    trial: Stage,
    old: App,
    watcher: OrganizationRole,
}

async fn scene(world: &World) -> Scene {
    let watcher = world.role_with("watcher", "audit.view").await;
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let spec = Spec {
            client_id: "sales-web".to_owned(),
            kind: Kind::App,
            deployment: deployment::by_id(&mut work.tx, world.approver.deployment_id).await?,
            party: Party::First,
            name: name("Sales"),
            metadata: Metadata {
                redirect_uris: vec!["https://sales.acme.example/back".to_owned()],
                grant_types: vec![GrantType::AuthorizationCode],
                ..Metadata::default()
            },
            secrets: vec![SecretSpec { hash: TokenHash::of("sales-web"), expires_at: None }],
        };
        let client = client::put(work, &changing, &spec).await.unwrap();
        let spec = stage::Spec { key: slug("trial"), name: name("Trial"), purpose: Purpose::NonProduction, sessions: SessionPolicy::STANDARD };
        let trial = stage::create(work, &changing, &spec).await.unwrap();
        let old = app::put(work, &changing, &slug("old"), &name("Old"), &Description::default()).await.unwrap();
        Ok::<_, Fault>((client, trial, old))
    };
    let (client, trial, old) = world.act(&system(), make).await.unwrap();
    Scene { client, trial, old, watcher }
}

/// People who hold all that may go, are signed in at each stage, and have tokens of the client.
async fn people(world: &World, scene: &Scene, numbers: Range<usize>) {
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        for number in numbers.clone() {
            let vouched = Vouched { email: email(&format!("holder{number}@acme.example")), profile: Profile::default(), password: None };
            let who = user::vouch(work, &changing, &vouched).await.unwrap();
            grant::give_end_user(work, &changing, Holder::User(who.id), world.sales.id, &world.approver, Period::ALWAYS, None).await.unwrap();
            for (role, app) in [(&scene.watcher, None), (&world.developer, Some(scene.old.id))] {
                grant::give_organization(work, &changing, Who::User(who.id), role, app, Period::ALWAYS, None).await.unwrap();
            }
            session::start(work, &Context::of(&scene.trial), &who, None, "pwd").await.unwrap();
            let session = session::start(work, &Context::of(&qa), &who, None, "pwd").await.unwrap().session;
            execute!(work.tx, "INSERT INTO session_clients (session_id, client_id, first_at) VALUES ($1, $2, 0)", session.id.as_str(), scene.client.id)?;
            execute!(work.tx, "INSERT INTO sign_ins (user_id, deployment_id, last_at) VALUES ($1, $2, 0)", who.id, world.approver.deployment_id)?;
            execute!(
                work.tx,
                "INSERT INTO authorizations (id, user_id, client_id, session_id, scope, created_at) VALUES ($1, $2, $3, $4, 'openid', 0)",
                AuthorizationId::fresh(),
                who.id,
                scene.client.id,
                session.id.as_str()
            )?;
        }
        Ok::<_, Fault>(())
    };
    world.act(&system(), make).await.unwrap();
}

/// So many rows were written on this connection so far, with those that went along with others.
async fn written(work: &mut Work) -> Result<i64, Fault> {
    Ok(one!(work.tx, (i64,), "SELECT total_changes()")?.0)
}

/// How many statements the first phase of a preview runs, and how many rows it writes.
async fn cost<T, E: Error + From<Fault> + 'static>(world: &World, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> (u64, i64) {
    let rows = Cell::new(0);
    let counted = async |work: &mut Work| -> Result<T, E> {
        let first = written(work).await?;
        let done = rule(work).await?;
        rows.set(written(work).await? - first);
        Ok(done)
    };
    let before = statements();
    Box::pin(rehearse(&world.ground, &system(), &Origin::default(), 0, counted)).await.unwrap();
    (statements() - before, rows.get())
}

async fn role_goes(work: &mut Work, world: &World) -> Result<bool, app::AppError> {
    let changing = begin_change(work).await?;
    Box::pin(remove_role(work, &changing, &world.sales, &world.approver)).await
}

async fn deployment_goes(work: &mut Work, world: &World) -> Result<bool, app::AppError> {
    let changing = begin_change(work).await?;
    let home = deployment::by_id(&mut work.tx, world.approver.deployment_id).await?.unwrap();
    Box::pin(undeploy(work, &changing, &world.sales, &home)).await
}

async fn organization_role_goes(work: &mut Work, scene: &Scene) -> Result<OrganizationRole, organization::EditError> {
    let changing = begin_change(work).await?;
    Box::pin(remove_organization_role(work, &changing, scene.watcher.id, scene.watcher.version, true)).await
}

async fn app_goes(work: &mut Work, scene: &Scene) -> Result<bool, app::AppError> {
    let changing = begin_change(work).await?;
    Box::pin(delete_app(work, &changing, scene.old.id)).await
}

/// What each of these takes.
async fn costs(world: &World, scene: &Scene) -> Vec<(&'static str, (u64, i64))> {
    let suspend = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        Box::pin(client::suspend(work, &changing, &scene.client)).await
    };
    let remove = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        Box::pin(client::remove(work, &changing, &scene.client)).await
    };
    let delete = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        Box::pin(delete_stage(work, &changing, scene.trial.id)).await
    };
    vec![
        ("an end-user role", cost(world, async |work| role_goes(work, world).await).await),
        ("a deployment", cost(world, async |work| deployment_goes(work, world).await).await),
        ("a client is suspended", cost(world, suspend).await),
        ("a client", cost(world, remove).await),
        ("an organization role", cost(world, async |work| organization_role_goes(work, scene).await).await),
        ("an app", cost(world, async |work| app_goes(work, scene).await).await),
        ("a stage", cost(world, delete).await),
    ]
}

/// How many lose the role Approver, and with it the right to sign in.
fn shut_out(told: &Preview) -> usize {
    let changes = told.people.iter().flat_map(|person| &person.changes);
    changes.filter(|change| change.stretch.loses.sign_in && words(&change.stretch.loses.roles) == ["approver"]).count()
}

#[tokio::test]
async fn what_many_hold_takes_a_rehearsal_no_longer_than_what_one_holds() {
    let world = World::new().await;
    let scene = scene(&world).await;
    people(&world, &scene, 0..1).await;
    let one = costs(&world, &scene).await;
    people(&world, &scene, 1..MANY).await;
    assert_eq!(costs(&world, &scene).await, one);
}

#[tokio::test]
async fn what_is_only_noted_is_told_all_the_same() {
    let world = World::new().await;
    let scene = scene(&world).await;
    people(&world, &scene, 0..3).await;
    let before = traces(&world).await;
    // Who loses the role cannot sign in any more, and each was there in one session.
    let told = ask(&world, async |work| role_goes(work, &world).await).await.unwrap();
    assert_eq!((told.gain, told.lose, told.later, told.sessions, told.compared, told.stopped), (0, 3, 0, 3, 3, None));
    assert_eq!(shut_out(&told), 3);
    // Where the app goes, so does what organization roles give there.
    let told = ask(&world, async |work| deployment_goes(work, &world).await).await.unwrap();
    assert_eq!((told.gain, told.later, told.sessions, told.stopped), (0, 0, 3, None));
    assert_eq!(shut_out(&told), 3);
    let told = ask(&world, async |work| organization_role_goes(work, &scene).await).await.unwrap();
    assert_eq!((told.gain, told.lose, told.people.len()), (0, 3, 3));
    let loses: Vec<_> = told.people.iter().flat_map(|person| &person.changes).flat_map(|change| words(&change.stretch.loses.permissions)).collect();
    assert!(loses.contains(&"audit.view"), "{loses:?}");
    // At an app that is nowhere a role gives nothing; whoever holds one there is asked about all the same.
    let told = ask(&world, async |work| app_goes(work, &scene).await).await.unwrap();
    assert_eq!((told.gain, told.lose, told.compared), (0, 0, 3));
    assert_eq!(traces(&world).await, before, "everything is where it was");

    // What goes is gone then, with what hangs on it.
    world.act(&system(), async |work| role_goes(work, &world).await).await.unwrap();
    world.act(&system(), async |work| organization_role_goes(work, &scene).await).await.unwrap();
    world.act(&system(), async |work| app_goes(work, &scene).await).await.unwrap();
    let holder = world.user("holder0@acme.example").await.unwrap();
    assert_eq!(world.held(&holder).await, (0, 0, 0));
}

#[tokio::test]
async fn whoever_may_not_take_it_from_everybody_hears_so_in_the_rehearsal() {
    let world = World::new().await;
    let scene = scene(&world).await;
    let kim = world.join("kim@acme.example").await;
    for (key, permission) in [("roles", "organization_roles.manage"), ("access", "member_access.manage"), ("apps", "app.manage")] {
        let role = world.role_with(key, permission).await;
        world.grant(&kim, &role).await;
    }
    let rehearsed = async || {
        let (actor, origin) = (person(&kim), Origin::default());
        let role = world.ground.rehearse(&actor, &origin, async |work| organization_role_goes(work, &scene).await, async |_| Ok(())).await;
        let app = world.ground.rehearse(&actor, &origin, async |work| app_goes(work, &scene).await, async |_| Ok(())).await;
        (role.map_err(|error| error.to_string()), app.map_err(|error| error.to_string()))
    };
    assert_eq!(rehearsed().await, (Ok(()), Ok(())), "nobody holds them");
    world.grant(&world.ana, &scene.watcher).await;
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(world.ana.id), &world.developer, Some(scene.old.id), Period::ALWAYS, None).await
    };
    world.act(&system(), give).await.unwrap();
    let stronger = || Err(crate::access::guard::GuardError::Stronger.to_string());
    assert_eq!(rehearsed().await, (stronger(), stronger()));
}

#[tokio::test]
async fn whoever_invited_many_goes_as_quickly_as_whoever_invited_one() {
    let world = World::new().await;
    let max = world.holder("max@acme.example", &world.administrator.clone()).await;
    let costs = async || {
        let shut = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            Box::pin(deactivate(work, &changing, max.id)).await
        };
        let delete = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            Box::pin(delete_user::delete(work, &changing, max.id, None)).await
        };
        (cost(&world, shut).await, cost(&world, delete).await)
    };
    world.invite(&person(&max), "first@acme.example", vec![world.as_approver()]).await.unwrap();
    let one = costs().await;
    for number in 0..20 {
        world.invite(&person(&max), &format!("more{number}@acme.example"), vec![world.as_approver()]).await.unwrap();
    }
    assert_eq!(costs().await, one);
    // Done and not rehearsed, the offers go with him.
    let shut = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        Box::pin(deactivate(work, &changing, max.id)).await
    };
    world.act(&person(&world.ana), shut).await.unwrap();
    assert!(world.user("more7@acme.example").await.is_none() && world.user("first@acme.example").await.is_none());
}
