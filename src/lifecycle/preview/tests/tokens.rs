//! What changes in tokens alone: groups that give no role, and roles that only a tool for many apps is told of.

use super::*;
use crate::base::secret::TokenHash;
use crate::oauth::client::{self, GrantType, Kind, Metadata, Party, SecretSpec, Spec};

/// Makes a tool for many apps.
async fn tool(world: &World) {
    let spec = Spec {
        client_id: "console".to_owned(),
        kind: Kind::Platform,
        deployment: None,
        party: Party::First,
        name: name("Console"),
        metadata: Metadata {
            redirect_uris: vec!["https://console.acme.example/back".to_owned()],
            grant_types: vec![GrantType::AuthorizationCode],
            ..Metadata::default()
        },
        secrets: vec![SecretSpec { hash: TokenHash::of("console"), expires_at: None }],
    };
    let make = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        client::put(work, &changing, &spec).await.map_err(|error| Fault::new("make a client", error))
    };
    world.act(&system(), make).await.unwrap();
}

#[tokio::test]
async fn a_group_without_roles_weighs_where_somebody_can_sign_in() {
    let world = World::new().await;
    let bo = world.join("bo@acme.example").await;
    let furnish = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        group::put(work, &changing, qa.id, &slug("quiet"), &name("Quiet"), &Description::default()).await.map_err(|error| Fault::new("make a group", error))
    };
    let quiet = world.act(&system(), furnish).await.unwrap();
    let join = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        group::add_member(work, &changing, &quiet, &bo, Period::ALWAYS, None).await
    };
    // Nobody can sign in who holds no role there: the group weighs something, but there is no token.
    let told = ask(&world, join).await.unwrap();
    let [change] = told.people[0].changes.as_slice() else { panic!("one place: {told:?}") };
    assert_eq!((told.gain, change.spots.as_slice(), change.stretch.bytes, told.bytes), (1, &[Spot::Stage(quiet.stage_id)][..], 7, None));

    // Where everybody may, the token names the group. It is told once, at the stage; the app gives nothing new.
    let open = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
        let spec = deployment::Spec { home_page: None, sign_in: SignIn::Everyone, resource: None };
        Ok::<_, Fault>(deployment::put(work, &changing, &world.sales, &qa, &spec, LETTERS.issuer).await.unwrap())
    };
    world.act(&system(), open).await.unwrap();
    let told = ask(&world, join).await.unwrap();
    let [change] = told.people[0].changes.as_slice() else { panic!("one place: {told:?}") };
    assert_eq!((told.gain, change.spots.as_slice(), change.stretch.bytes), (1, &[Spot::Stage(quiet.stage_id)][..], 7));
    assert_eq!((told.bytes, told.overflowing, told.hidden, told.partly), (Some((7, 7)), 0, 0, 0), "{told:?}");
}

#[tokio::test]
async fn what_only_a_tool_for_many_apps_is_told_of_is_nobodys_access() {
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
        Ok::<_, Fault>(organization::put(work, &changing, &spec).await.unwrap())
    };
    let tester = world.act(&system(), make).await.unwrap();
    // For an app that is not at Development.
    let give = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_organization(work, &changing, Who::User(bo.id), &tester, Some(world.sales.id), Period::ALWAYS, None).await
    };
    let none = |told: &Preview| (told.gain, told.lose, told.later, told.hidden, told.people.len());
    let told = ask(&world, give).await.unwrap();
    assert_eq!((none(&told), told.bytes), ((0, 0, 0, 0, 0), None), "nobody is given a token that would say it");
    tool(&world).await;
    let told = ask(&world, give).await.unwrap();
    assert_eq!(none(&told), (0, 0, 0, 0, 0));
    assert!(told.bytes.is_some_and(|(least, most)| least == most && least > 60), "{told:?}");
}
