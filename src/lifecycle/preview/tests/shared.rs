//! Shared roles of other apps: a preview names who holds them to nobody who sees the people of the listing app alone.

use super::*;
use crate::access::app::deployment::Deployment;
use crate::access::app::{self, listed};
use crate::access::role::end_user;
use crate::base::text::PermissionKey;
use crate::work::Changing;

const CLAIM: &str = "books:auditor";

/// Sales at QA lists the role Auditor of the app Books: Bo holds it and is an Approver of Sales, Cy is an Approver only.
struct Shared {
    world: World,
    home: Deployment,
    books: AppId,
    bo: User,
    cy: User,
}

impl Shared {
    async fn new() -> Self {
        let world = World::new().await;
        let (bo, cy) = (world.join("bo@acme.example").await, world.join("cy@acme.example").await);
        let furnish = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let none = Description::default();
            let qa = stage::by_key(&mut work.tx, &slug("qa")).await?.unwrap();
            let books = app::put(work, &changing, &slug("books"), &name("Books"), &none).await.unwrap();
            let at = deployment::Spec { home_page: None, sign_in: SignIn::Assigned, resource: None };
            let shelf = deployment::put(work, &changing, &books, &qa, &at, LETTERS.issuer).await.unwrap();
            let home = deployment::put(work, &changing, &world.sales, &qa, &at, LETTERS.issuer).await.unwrap();
            let spec = end_user::Spec { key: slug("auditor"), name: name("Auditor"), description: none, shared: true, permissions: vec![] };
            let auditor = end_user::put(work, &changing, &books, &shelf, &spec).await.unwrap();
            listed::change(work, &changing, &world.sales, &home, &[CLAIM.to_owned()], &[]).await.unwrap();
            for (app, role, who) in [(&world.sales, &world.approver, &bo), (&world.sales, &world.approver, &cy), (&books, &auditor, &bo)] {
                grant::give_end_user(work, &changing, Holder::User(who.id), app.id, role, Period::ALWAYS, None).await.unwrap();
            }
            Ok::<_, Fault>((home, books.id))
        };
        let (home, books) = world.act(&system(), furnish).await.unwrap();
        Self { world, home, books, bo, cy }
    }

    /// Asks as somebody who sees the end-users of these apps, wherever they are.
    async fn ask(&self, apps: &[AppId], rule: impl AsyncFn(&mut Work) -> Result<(), Fault>) -> Preview {
        let ways: Vec<Coverage> = apps.iter().map(|app| Coverage { app: Some(*app), stages: Stages::Every, ends_at: None }).collect();
        let seeing = Authority { permissions: [(PermissionKey::parse("end_users.view").unwrap(), ways)].into(), ..Authority::default() };
        let viewer = Viewer::of(None, &seeing, &catalogue(&self.world).await);
        let (known, previews) = (Known::default(), Previews::default());
        let desk = Desk { ground: &self.world.ground, known: &known, previews: &previews };
        seen(preview(desk, &system(), &Origin::default(), viewer, rule).await.unwrap())
    }

    async fn unlist(&self, work: &mut Work, changing: &Changing) {
        listed::change(work, changing, &self.world.sales, &self.home, &[], &[CLAIM.to_owned()]).await.unwrap();
    }

    async fn revoke(&self, work: &mut Work, changing: &Changing, who: &User) {
        assert!(grant::revoke_end_user(work, changing, Holder::User(who.id), self.world.sales.id, &self.world.approver).await.unwrap());
    }
}

/// What the only person loses at the only place: roles, and whether they may sign in.
fn lost(told: &Preview) -> (Vec<&str>, bool) {
    let [only] = told.people.as_slice() else { panic!("one person: {told:?}") };
    let [change] = only.changes.as_slice() else { panic!("one place: {only:?}") };
    (words(&change.stretch.loses.roles), change.stretch.loses.sign_in)
}

#[tokio::test]
async fn who_holds_a_role_of_another_app_is_told_to_those_who_see_its_people() {
    let shared = Shared::new().await;
    let (sales, books) = (shared.world.sales.id, shared.books);

    // The role counts at Sales no more: who loses it is a number to whoever sees Sales alone.
    let unlist = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        shared.unlist(work, &changing).await;
        Ok::<_, Fault>(())
    };
    let told = shared.ask(&[sales], unlist).await;
    assert_eq!((told.lose, told.hidden, told.partly, told.people.len()), (1, 1, 0, 0), "{told:?}");
    let told = shared.ask(&[sales, books], unlist).await;
    assert_eq!((told.lose, told.hidden, told.partly, lost(&told)), (1, 0, 0, (vec![CLAIM], false)));

    // Bo loses everything there, and so the way in: that would tell of the other role, too.
    let both = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        shared.unlist(work, &changing).await;
        shared.revoke(work, &changing, &shared.bo).await;
        Ok::<_, Fault>(())
    };
    let told = shared.ask(&[sales], both).await;
    assert_eq!((told.lose, told.hidden, told.partly, lost(&told)), (1, 0, 1, (vec!["approver"], false)));
    let told = shared.ask(&[sales, books], both).await;
    assert_eq!((told.hidden, told.partly, lost(&told)), (0, 0, (vec!["approver", CLAIM], true)));
}

#[tokio::test]
async fn whether_somebody_may_sign_in_is_told_where_no_hidden_role_decides_it() {
    let shared = Shared::new().await;
    let sales = shared.world.sales.id;
    let revoke = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        shared.revoke(work, &changing, &shared.cy).await;
        Ok::<_, Fault>(())
    };
    let told = shared.ask(&[sales], revoke).await;
    assert_eq!((told.partly, lost(&told)), (1, (vec!["approver"], false)), "Cy could be an Auditor");
    let unlist = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        shared.unlist(work, &changing).await;
        Ok::<_, Fault>(())
    };
    shared.world.act(&system(), unlist).await.unwrap();
    let told = shared.ask(&[sales], revoke).await;
    assert_eq!((told.partly, lost(&told)), (0, (vec!["approver"], true)));
}
