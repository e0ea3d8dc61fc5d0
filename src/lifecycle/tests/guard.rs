//! Rule 3: nobody hands out more than they hold, and nobody acts on somebody stronger, whichever rule they try.

use super::{World, person, person_since};
use crate::access::begin_change;
use crate::access::catalogue::Counts;
use crate::access::grant::{self, GrantError};
use crate::access::guard::{self, GuardError};
use crate::access::load::Who;
use crate::access::permission::{Enforced, Implication, ImpliedAt, PlatformPermission, ReachKind};
use crate::access::role::organization::{self, EditError, Edited, OrganizationRole, OwnPermissionError, RemoveOwnError, RoleError};
use crate::actor::Actor;
use crate::base::secret::TokenHash;
use crate::base::text::{Description, DisplayName, PermissionKey};
use crate::base::time::{Period, Timestamp};
use crate::lifecycle::deactivate::{self, DeactivateError};
use crate::lifecycle::delete_user;
use crate::oauth::authorization::{self, EndError};
use crate::oauth::client::{self, Client, ClientError, GrantType, Kind, Metadata, Party, SecretSpec, Spec};
use crate::work::{Origin, Work};
use std::time::Duration;

#[tokio::test]
async fn nobody_grants_more_than_they_hold_nor_for_longer() {
    let world = World::new().await;
    let manager = world.role_with("manager", "member_access.manage").await;
    let auditor = world.role_with("auditor", "audit.view").await;
    let max = world.holder("max@acme.example", &manager).await;
    let bo = world.join("bo@acme.example").await;
    let give = async |role, period: Period| {
        let grant = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            grant::give_organization(work, &changing, Who::User(bo.id), role, None, period, None).await
        };
        world.act(&person(&max), grant).await
    };
    assert!(matches!(give(&auditor, Period::ALWAYS).await, Err(GrantError::Guard(GuardError::Beyond))));
    assert!(give(&manager, Period::ALWAYS).await.is_ok(), "what he holds himself");
    // Held until a day, given until that day and not beyond, also by changing the period afterwards.
    let end = Period::until(Timestamp::parse("2026-12-01"));
    let limited = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(max.id), &auditor, None, end, None).await
    };
    world.act(&super::system(), limited).await.unwrap();
    assert!(matches!(give(&auditor, Period::ALWAYS).await, Err(GrantError::Guard(GuardError::Beyond))));
    assert!(matches!(give(&auditor, Period::until(Timestamp::parse("2026-12-02"))).await, Err(GrantError::Guard(GuardError::Beyond))));
    assert!(give(&auditor, end).await.is_ok());
    let longer = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::set_organization_period(work, &changing, Who::User(bo.id), &auditor, None, Period::ALWAYS).await
    };
    assert!(matches!(world.act(&person(&max), longer).await, Err(GrantError::Guard(GuardError::Beyond))));
    // Rule 3e: not for themselves either.
    let own = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::set_organization_period(work, &changing, Who::User(max.id), &auditor, None, Period::ALWAYS).await
    };
    assert!(matches!(world.act(&person(&max), own).await, Err(GrantError::Guard(GuardError::Beyond))));
}

#[tokio::test]
async fn whoever_takes_something_away_proved_lately_who_they_are() {
    let world = World::new().await;
    let max = world.holder("max@acme.example", &world.administrator.clone()).await;
    let other = world.holder("other@acme.example", &world.developer.clone()).await;
    let stale = person_since(&max, Duration::from_secs(15 * 60 + 1));
    let deactivate = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate::deactivate(work, &changing, other.id).await.map(|_| ())
    };
    let delete = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete_user::delete(work, &changing, other.id, None).await
    };
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::User(other.id), &world.developer, None).await
    };
    let shorten = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let soon = Period::until(Timestamp::parse("2027-01-01"));
        grant::set_organization_period(work, &changing, Who::User(other.id), &world.developer, None, soon).await
    };
    let refused = world.act(&stale, deactivate).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    let refused = world.act(&stale, delete).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    for refused in [world.act(&stale, revoke).await.unwrap_err(), world.act(&stale, shorten).await.unwrap_err()] {
        assert!(guard::lacks_proof(&refused), "{refused:?}");
    }
    // Another refusal is another thing.
    let nobody = world.holder("nobody@acme.example", &world.developer.clone()).await;
    assert!(!guard::lacks_proof(&world.act(&person_since(&nobody, Duration::from_hours(1)), deactivate).await.unwrap_err()));
    // A rehearsal takes nothing from anybody; giving needs no proof; and a quarter of an hour is not too long.
    world.ground.rehearse(&stale, &Origin::default(), deactivate, async |_| Ok(())).await.unwrap();
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(nobody.id), &world.administrator, None, Period::ALWAYS, None).await
    };
    assert!(world.act(&stale, give).await.is_ok());
    let fresh = person_since(&max, Duration::from_mins(15));
    assert!(world.act(&fresh, shorten).await.unwrap() && world.act(&fresh, revoke).await.unwrap());
    world.act(&fresh, deactivate).await.unwrap();
    world.act(&fresh, delete).await.unwrap();
}

#[tokio::test]
async fn making_a_role_smaller_takes_something_from_its_holders() {
    let world = World::new().await;
    let keeper = world.role_with("keeper", "organization_roles.manage").await;
    let (kim, boss) = (world.holder("kim@acme.example", &keeper).await, world.holder("boss@acme.example", &world.administrator.clone()).await);
    let entry = |key: &str| (PermissionKey::try_from(key.to_owned()).unwrap(), Counts::EveryStage);
    let (both, one) = (vec![entry("audit.view"), entry("organization_roles.manage")], vec![entry("organization_roles.manage")]);
    let edit = async |actor: &Actor, role: &OrganizationRole, entries: &[(PermissionKey, Counts)]| {
        let edited = Edited { name: role.name.clone(), description: role.description.clone(), entries: entries.to_vec() };
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let now = organization::by_id(&mut work.tx, role.id).await?.ok_or(EditError::Unknown)?;
            organization::edit(work, &changing, role.id, now.version, &edited).await
        };
        world.act(actor, rule).await
    };
    let watcher = world.role_with("watcher", "audit.view").await;
    let stale = person_since(&boss, Duration::from_hours(1));
    // Nobody holds it: nothing is taken, and nobody is asked. Making it larger takes nothing either.
    edit(&stale, &watcher, &both).await.unwrap();
    edit(&stale, &watcher, &one).await.unwrap();
    edit(&stale, &watcher, &both).await.unwrap();
    // An Administrator holds it as well: whoever only keeps roles must not make it smaller.
    world.grant(&boss, &watcher).await;
    let refused = edit(&person(&kim), &watcher, &one).await.unwrap_err();
    assert!(matches!(refused, EditError::Role(RoleError::Guard(GuardError::Stronger))), "{refused:?}");
    // The Administrator may, and proves first who they are.
    let refused = edit(&stale, &watcher, &one).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    edit(&person(&boss), &watcher, &one).await.unwrap();
    edit(&stale, &watcher, &both).await.unwrap();
}

async fn put_own(world: &World, actor: &Actor, definition: &PlatformPermission) -> Result<(), OwnPermissionError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        organization::put_own_permission(work, &changing, definition).await
    };
    world.act(actor, rule).await
}

async fn remove_own(world: &World, actor: &Actor, definition: &PlatformPermission) -> Result<bool, RemoveOwnError> {
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        organization::remove_own_permission(work, &changing, &definition.key).await
    };
    world.act(actor, rule).await
}

#[tokio::test]
async fn an_own_permission_that_gives_less_takes_something_from_its_holders() {
    let world = World::new().await;
    let keeper = world.role_with("keeper", "organization_roles.manage").await;
    let (kim, boss) = (world.holder("kim@acme.example", &keeper).await, world.holder("boss@acme.example", &world.administrator.clone()).await);
    let name = |text: &str| DisplayName::parse(text).unwrap();
    let whole = PlatformPermission {
        key: PermissionKey::parse("x-billing.run").unwrap(),
        name: name("Run"),
        category: name("Billing"),
        purpose: Description::default(),
        reaches: [ReachKind::Organization, ReachKind::App].into(),
        by_stage: true,
        implies: vec![Implication { permission: PermissionKey::parse("audit.view").unwrap(), at: ImpliedAt::EveryStage }],
        enforced: Enforced::Tools,
    };
    let alone = PlatformPermission { implies: Vec::new(), ..whole.clone() };
    let nowhere_near_apps = PlatformPermission { reaches: [ReachKind::Organization].into(), ..whole.clone() };
    let (idle, stale) = (person_since(&kim, Duration::from_hours(1)), person_since(&boss, Duration::from_hours(1)));
    let stronger = |error: &OwnPermissionError| matches!(error, OwnPermissionError::Guard(GuardError::Stronger));
    // In a role that nobody holds, nothing is taken from anybody; Administrators hold all there is, before and after.
    put_own(&world, &super::system(), &whole).await.unwrap();
    let runner = world.role_with("runner", "x-billing.run").await;
    put_own(&world, &idle, &alone).await.unwrap();
    put_own(&world, &super::system(), &whole).await.unwrap();
    let other = PlatformPermission { key: PermissionKey::parse("x-other.run").unwrap(), ..alone.clone() };
    put_own(&world, &super::system(), &other).await.unwrap();
    assert!(remove_own(&world, &idle, &other).await.unwrap());
    // A client holds it, and then an Administrator as well, in the same role.
    program(&world, Kind::Api, "biller", &runner).await;
    assert!(stronger(&put_own(&world, &person(&kim), &alone).await.unwrap_err()));
    world.grant(&boss, &runner).await;
    for less in [&alone, &nowhere_near_apps] {
        let refused = put_own(&world, &person(&kim), less).await.unwrap_err();
        assert!(stronger(&refused), "{refused:?}");
        let refused = put_own(&world, &stale, less).await.unwrap_err();
        assert!(guard::lacks_proof(&refused), "{refused:?}");
    }
    // The role holds nothing else: that is said before anybody is asked who they are. With one more permission it can lose this one.
    let refused = remove_own(&world, &stale, &whole).await.unwrap_err();
    assert!(matches!(&refused, RemoveOwnError::Emptied(roles) if roles.len() == 1 && roles[0].id == runner.id), "{refused:?}");
    assert!(refused.to_string().ends_with("change or remove them first: runner"), "{refused}");
    world.role_with("runner", "app.view").await;
    let refused = remove_own(&world, &person(&kim), &whole).await.unwrap_err();
    assert!(matches!(refused, RemoveOwnError::Guard(GuardError::Stronger)), "{refused:?}");
    let refused = remove_own(&world, &stale, &whole).await.unwrap_err();
    assert!(guard::lacks_proof(&refused), "{refused:?}");
    // Another name takes nothing. Whoever holds as much and proved it takes the rest.
    put_own(&world, &idle, &PlatformPermission { name: name("Run billing"), ..whole.clone() }).await.unwrap();
    put_own(&world, &person(&boss), &alone).await.unwrap();
    assert!(remove_own(&world, &person(&boss), &alone).await.unwrap());
}

#[tokio::test]
async fn nobody_acts_on_somebody_stronger() {
    let world = World::new().await;
    let manager = world.role_with("manager", "users.manage").await;
    let granter = world.role_with("granter", "member_access.manage").await;
    let max = world.holder("max@acme.example", &manager).await;
    world.grant(&max, &granter).await;
    let peer = world.holder("peer@acme.example", &manager).await;
    let deactivate = async |user| {
        world
            .act(&person(&max), async |work: &mut Work| {
                let changing = begin_change(work).await?;
                deactivate::deactivate(work, &changing, user).await
            })
            .await
    };
    assert!(matches!(deactivate(world.ana.id).await, Err(DeactivateError::Guard(GuardError::Stronger))), "ana is Administrator");
    // Taking the access lock reads his rights.
    let end = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        authorization::end_sessions(work, &changing, world.ana.id, None).await
    };
    assert!(matches!(world.act(&person(&max), end).await, Err(EndError::Guard(GuardError::Stronger))));
    let second = world.holder("second@acme.example", &world.developer.clone()).await;
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::User(second.id), &world.developer, None).await
    };
    assert!(matches!(world.act(&person(&max), revoke).await, Err(GrantError::Guard(GuardError::Stronger))));
    // Equals may, and so may Administrators; whoever was shut out is as strong as before for those who let people in.
    assert!(deactivate(peer.id).await.is_ok());
    world
        .act(&person(&world.ana), async |work: &mut Work| {
            let changing = begin_change(work).await?;
            deactivate::deactivate(work, &changing, second.id).await
        })
        .await
        .unwrap();
    let activate = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate::activate(work, &changing, second.id).await
    };
    assert!(matches!(world.act(&person(&max), activate).await, Err(DeactivateError::Guard(GuardError::Stronger))));
}

/// A client of no app, that holds a role.
pub(super) async fn program(world: &World, kind: Kind, id: &str, role: &OrganizationRole) -> Client {
    let spec = Spec {
        client_id: id.to_owned(),
        kind,
        deployment: None,
        party: Party::First,
        name: DisplayName::parse(id).unwrap(),
        metadata: Metadata { grant_types: vec![GrantType::ClientCredentials], ..Metadata::default() },
        secrets: vec![SecretSpec { hash: TokenHash::of(id), expires_at: None }],
    };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let client = client::put(work, &changing, &spec).await.map_err(|error| crate::base::fault::Fault::new("make a client", error))?;
        grant::give_organization(work, &changing, Who::Client(client.id), role, None, Period::ALWAYS, None).await?;
        Ok::<_, GrantError>(client)
    };
    world.act(&super::system(), make).await.unwrap()
}

/// What somebody may try with a client that is not theirs, one after another, as it is in the database at that time.
async fn tries(world: &World, actor: &Actor, client: &Client) -> Vec<(&'static str, Option<ClientError>)> {
    let mut tries = Vec::new();
    for what in ["change", "add a secret", "end a secret", "suspend", "remove"] {
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let Some(now) = client::by_client_id(&mut work.tx, &client.client_id).await? else { return Ok(()) };
            match what {
                "change" => client::change(work, &changing, &now, now.version, &DisplayName::parse("Ours").unwrap(), &now.metadata).await.map(|_| ()),
                "add a secret" => client::add_secret(work, &changing, &now, now.version, SecretSpec { hash: TokenHash::of("mine"), expires_at: None }).await,
                "end a secret" => {
                    let first = client::stored_secrets(&mut work.tx, now.id).await?.remove(0);
                    client::end_secret(work, &changing, &now, first.id).await.map(|_| ())
                }
                "suspend" => client::suspend(work, &changing, &now).await.map(|_| ()),
                _ => client::remove(work, &changing, &now).await.map(|_| ()),
            }
        };
        tries.push((what, world.act(actor, rule).await.err()));
    }
    tries
}

#[tokio::test]
async fn nobody_becomes_a_stronger_client() {
    let world = World::new().await;
    let keeper = world.role_with("keeper", "api_clients.manage").await;
    let auditor = world.role_with("auditor", "audit.view").await;
    let kim = world.holder("kim@acme.example", &keeper).await;
    let (watcher, peer) = (program(&world, Kind::Api, "watcher", &auditor).await, program(&world, Kind::Api, "peer", &keeper).await);
    // With its secret Kim would see the audit trail, which Kim must not see.
    for (what, refused) in tries(&world, &person(&kim), &watcher).await {
        assert!(matches!(refused, Some(ClientError::Guard(GuardError::Stronger))), "{what}: {refused:?}");
    }
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::Client(watcher.id), &auditor, None).await
    };
    assert!(matches!(world.act(&person(&kim), revoke).await, Err(GrantError::Guard(GuardError::Stronger))));
    // An old proof is enough to name it anew, and for nothing that ends it or lets somebody act as it.
    for (actor, client) in [(person_since(&world.ana, Duration::from_hours(1)), &watcher), (person_since(&kim, Duration::from_hours(1)), &peer)] {
        for (what, refused) in tries(&world, &actor, client).await {
            assert_eq!(refused.as_ref().is_some_and(|error| guard::lacks_proof(error)), what != "change", "{what}: {refused:?}");
        }
    }
    for (actor, client) in [(person(&world.ana), &watcher), (person(&kim), &peer)] {
        for (what, refused) in tries(&world, &actor, client).await {
            assert!(refused.is_none(), "{what}: {refused:?}");
        }
    }
}

/// Whoever makes a secret acts as the client for as long as it works.
#[tokio::test]
async fn no_secret_outlives_the_authority_of_whoever_makes_it() {
    let world = World::new().await;
    let keeper = world.role_with("keeper", "api_clients.manage").await;
    let (kim, tim) = (world.join("kim@acme.example").await, world.join("tim@acme.example").await);
    let after = |life: Duration| Some(super::today().plus(life));
    for (who, role) in [(&kim, &keeper), (&tim, &world.administrator)] {
        let give = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let day = Period::until(after(Duration::from_hours(24)));
            grant::give_organization(work, &changing, Who::User(who.id), role, None, day, None).await
        };
        world.act(&super::system(), give).await.unwrap();
    }
    let add = async |actor: &Actor, client: &Client, expires_at: Option<Timestamp>| {
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let now = client::by_client_id(&mut work.tx, &client.client_id).await?.expect("it is there");
            let secret = SecretSpec { hash: TokenHash::of("mine"), expires_at };
            client::add_secret(work, &changing, &now, now.version, secret).await
        };
        world.act(actor, rule).await
    };
    // Both hold as much as the client, until tomorrow. Without a word, the secret of an API client works for 90 days, and that of a tool for ever.
    let (peer, tool) = (program(&world, Kind::Api, "peer", &keeper).await, program(&world, Kind::Platform, "tool", &keeper).await);
    let other = program(&world, Kind::Api, "other", &keeper).await;
    for (who, client) in [(&kim, &peer), (&tim, &other), (&tim, &tool)] {
        for end in [after(client::SECRET_LIFE), after(Duration::from_hours(25)), None] {
            let refused = add(&person(who), client, end).await;
            assert!(matches!(refused, Err(ClientError::SecretBeyond(_))), "{}, {end:?}: {refused:?}", client.client_id);
        }
        add(&person(who), client, after(Duration::from_hours(12))).await.unwrap();
    }
    // A client that may do something for no longer than they may is another matter: the secret gives nothing by itself.
    let brief = program(&world, Kind::Api, "brief", &keeper).await;
    let shorten = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::set_organization_period(work, &changing, Who::Client(brief.id), &keeper, None, Period::until(after(Duration::from_hours(24)))).await
    };
    assert!(world.act(&super::system(), shorten).await.unwrap());
    add(&person(&kim), &brief, None).await.unwrap();
}

/// Rule 3d: what a tool for many apps holds is the business of whoever holds everything, also when it is little.
#[tokio::test]
async fn only_administrators_change_what_a_tool_for_many_apps_holds() {
    let world = World::new().await;
    let keeper = world.role_with("keeper", "api_clients.manage").await;
    let kim = world.holder("kim@acme.example", &keeper).await;
    let tool = program(&world, Kind::Platform, "tool", &keeper).await;
    let who = Who::Client(tool.id);
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, who, &keeper, None, Period::ALWAYS, None).await.map(|_| true)
    };
    let end = async |work: &mut Work| {
        let (changing, now) = (begin_change(work).await?, work.now);
        grant::set_organization_period(work, &changing, who, &keeper, None, Period::until(Some(now))).await
    };
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, who, &keeper, None).await
    };
    let by_kim = [world.act(&person(&kim), give).await, world.act(&person(&kim), end).await, world.act(&person(&kim), revoke).await];
    assert!(by_kim.iter().all(|refused| matches!(refused, Err(GrantError::Denied(_)))), "{by_kim:?}");
    assert!(world.act(&person(&world.ana), revoke).await.unwrap());
}
