//! API clients hold organization roles, too: a preview counts and names them like people.

use super::*;
use crate::access::role::organization::{Edited, OrganizationRole};
use crate::base::secret::TokenHash;
use crate::base::text::PermissionKey;
use crate::oauth::client::{self, Client, GrantType, Kind, Metadata, Party, SecretSpec, Spec};

/// An API client that holds a role.
async fn robot(world: &World, role: &OrganizationRole) -> Client {
    let spec = Spec {
        client_id: "robot".to_owned(),
        kind: Kind::Api,
        deployment: None,
        party: Party::First,
        name: name("Robot"),
        metadata: Metadata { grant_types: vec![GrantType::ClientCredentials], ..Metadata::default() },
        secrets: vec![SecretSpec { hash: TokenHash::of("robot"), expires_at: None }],
    };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let client = client::put(work, &changing, &spec).await.map_err(|error| Fault::new("make a client", error))?;
        grant::give_organization(work, &changing, Who::Client(client.id), role, None, Period::ALWAYS, None).await?;
        Ok::<_, GrantError>(client)
    };
    world.act(&system(), make).await.unwrap()
}

#[tokio::test]
async fn an_api_client_is_counted_and_named_like_a_person() {
    let world = World::new().await;
    let watcher = world.role_with("watcher", "audit.view").await;
    let client = robot(&world, &watcher).await;
    let entry = |key: &str| (PermissionKey::parse(key).unwrap(), Counts::EveryStage);
    let edited =
        Edited { name: watcher.name.clone(), description: watcher.description.clone(), entries: vec![entry("audit.view"), entry("organization.manage")] };

    // The role brings more: nobody but the client holds it.
    let widen = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        organization::edit(work, &changing, watcher.id, watcher.version, &edited).await
    };
    let told = ask(&world, widen).await.unwrap();
    let [only] = told.people.as_slice() else { panic!("one client: {told:?}") };
    assert_eq!((told.gain, told.lose, told.hidden, told.compared, told.stopped), (1, 0, 0, 1, None));
    assert_eq!((only.who, only.label.as_str(), &only.email, only.sessions), (Who::Client(client.id), "Robot", &None, 0));
    let gains: Vec<_> = only.changes.iter().flat_map(|change| words(&change.stretch.gains.permissions)).collect();
    assert!(gains.contains(&"organization.manage") && !gains.contains(&"audit.view"), "{gains:?}");

    // Its grant is taken away: it loses what it had, and no session of anybody feels it.
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::revoke_organization(work, &changing, Who::Client(client.id), &watcher, None).await
    };
    let told = ask(&world, revoke).await.unwrap();
    assert_eq!((told.gain, told.lose, told.people.len(), told.sessions), (0, 1, 1, 0));
    assert!(told.people[0].changes.iter().any(|change| words(&change.stretch.loses.org_roles) == ["watcher"]), "{told:?}");

    // Whoever manages API clients reads its name; to whoever sees end-users only it is a number.
    let previews = Previews::default();
    let told = seen(ask_as(&world, &previews, &["api_clients.manage"], widen).await.unwrap());
    assert_eq!((told.gain, told.hidden, told.people.len(), told.partly), (1, 0, 1, 0));
    let told = seen(ask_as(&world, &previews, &["end_users.view"], widen).await.unwrap());
    assert_eq!((told.gain, told.hidden, told.people.len()), (1, 1, 0));
}

#[tokio::test]
async fn a_client_that_is_suspended_gets_no_tokens_and_is_turned_away_at_no_door() {
    let world = World::new().await;
    let watcher = world.role_with("watcher", "audit.view").await;
    let client = robot(&world, &watcher).await;
    let open = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        let spec = deployment::Spec { home_page: None, sign_in: SignIn::Everyone, resource: None };
        Ok::<_, Fault>(deployment::put(work, &changing, &world.sales, &qa, &spec, LETTERS.issuer).await.unwrap())
    };
    world.act(&system(), open).await.unwrap();
    let suspend = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        client::suspend(work, &changing, &client).await
    };
    let told = ask(&world, suspend).await.unwrap();
    let [only] = told.people.as_slice() else { panic!("one client: {told:?}") };
    let none: Vec<&Spot> = only.changes.iter().filter(|change| change.stretch.loses.sign_in).flat_map(|change| &change.spots).collect();
    assert_eq!((told.gain, told.lose, none), (0, 1, vec![&Spot::Organization]), "{only:?}");
    assert!(only.changes.iter().all(|change| !change.stretch.is_silent()), "{only:?}");
}
