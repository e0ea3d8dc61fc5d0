//! Rule 3 under concurrency: rights that go, or that others get, while somebody uses them. One change is made and not committed yet; another
//! one begins, by somebody who read their rights before it, and waits. When its turn comes, it must see what is true then.

use super::{ANA, count, house};
use crate::support::house::{Backend, House, on_both};
use gatehouse::access::app::{self, deployment};
use gatehouse::access::grant::{self, Given, GrantError, Holder};
use gatehouse::access::guard::GuardError;
use gatehouse::access::load::{self, Who};
use gatehouse::access::role::end_user::{self, EndUserRole};
use gatehouse::access::role::organization::{self, OrganizationRole};
use gatehouse::access::{begin_change, effective, stage};
use gatehouse::actor::Actor;
use gatehouse::base::fault::Fault;
use gatehouse::base::id::{AppId, UserId};
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::Period;
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::deactivate::{DeactivateError, deactivate};
use gatehouse::lifecycle::delete_user::{DeleteError, delete};
use gatehouse::work::{Ground, Origin, Work};
use std::error::Error;
use std::time::Duration;

on_both! {
    nobody_makes_administrators_who_is_none_any_more
    nobody_gives_roles_of_an_app_whose_right_just_went
    nobody_acts_on_somebody_who_just_became_stronger
    nobody_changes_a_role_of_their_own_that_just_went
}

const NORA: &str = "nora@acme.example";
/// May manage users, and nothing else.
const MAX: &str = "max@acme.example";
/// May give end-user roles at Development.
const DORA: &str = "dora@acme.example";
/// May give organization roles, and looks at the audit trail until a day.
const GIL: &str = "gil@acme.example";
/// Hold nothing.
const BO: &str = "bo@acme.example";
const CY: &str = "cy@acme.example";

const PEOPLE: &str = r#"
[[organization_role]]
key = "manager"
name = "Manager"
permissions = ["users.manage"]

[[organization_role]]
key = "giver"
name = "Giver"
permissions = ["member_access.manage"]

[[organization_role]]
key = "watcher"
name = "Watcher"
permissions = ["audit.view"]

[[organization_role]]
key = "dev-giver"
name = "Dev giver"
permissions = [{ permission = "end_user_access.manage", at = ["development"] }]

[[user]]
email = "ana@acme.example"
org_roles = ["administrator"]

[[user]]
email = "max@acme.example"
name = "Max Manager"
org_roles = ["manager"]

[[user]]
email = "dora@acme.example"
name = "Dora Developer"
org_roles = ["dev-giver"]

[[user]]
email = "gil@acme.example"
name = "Gil Giver"
org_roles = ["giver", { role = "watcher", ends_at = 2098-01-01 }]

[[user]]
email = "bo@acme.example"
name = "Bo"

[[user]]
email = "cy@acme.example"
name = "Cy"
"#;

/// The operator, whom rule 3 does not bind.
const fn system() -> Actor {
    Actor::System { label: "test" }
}

fn slug(key: &str) -> Slug {
    Slug::parse(key).expect("a key")
}

/// A house with its people.
struct Scene {
    house: House,
}

impl Scene {
    async fn open(backend: Backend) -> Self {
        let (house, _) = house(backend, &[]).await;
        house.apply(PEOPLE).await;
        Self { house }
    }

    fn ground(&self) -> &Ground {
        &self.house.server.ground
    }

    async fn user(&self, address: &str) -> User {
        let mut tx = self.ground().db.read().await.expect("the database answers");
        user::by_email(&mut tx, &EmailAddress::parse(address).expect("an address")).await.expect("read").expect("here")
    }

    async fn role(&self, key: &str) -> OrganizationRole {
        let mut tx = self.ground().db.read().await.expect("the database answers");
        organization::by_key(&mut tx, &slug(key)).await.expect("read").expect("there")
    }

    /// The role Viewer of the app "sales" at Development.
    async fn viewer(&self) -> (AppId, EndUserRole) {
        let mut tx = self.ground().db.read().await.expect("the database answers");
        let app = app::by_key(&mut tx, &slug("sales")).await.expect("read").expect("there");
        let stage = stage::by_key(&mut tx, &slug("development")).await.expect("read").expect("there");
        let home = deployment::find(&mut tx, app.id, stage.id).await.expect("read").expect("deployed");
        let role = end_user::by_key(&mut tx, home.id, &slug("viewer")).await.expect("read").expect("there");
        (app.id, role)
    }

    /// Somebody who just proved who they are, with the rights that they have now.
    async fn person(&self, user: &User) -> Actor {
        let now = self.ground().clock.now();
        let mut tx = self.ground().db.read().await.expect("the database answers");
        let catalogue = load::catalogue(&mut tx).await.expect("read");
        let holdings = load::user(&mut tx, user.id).await.expect("read");
        Actor::User { id: user.id, label: user.email.to_string(), authority: effective::authority(&catalogue, &holdings, now), proved_at: now }
    }
}

/// Whether somebody could do this now: the proof that it is the other change that stops them.
async fn could<T, E: Error + From<Fault> + 'static>(ground: &Ground, actor: &Actor, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<(), E> {
    let origin = Origin::default();
    ground.rehearse(actor, &origin, rule, async |_| Ok(())).await
}

/// Makes the first change, and before it is committed begins the second one, which waits for it. Answers what came of the second.
async fn after_you<T, E: Error + From<Fault> + 'static>(
    ground: &Ground,
    first_actor: &Actor,
    first: impl AsyncFn(&mut Work) -> Result<bool, GrantError>,
    second_actor: &Actor,
    second: impl AsyncFn(&mut Work) -> Result<T, E>,
) -> Result<T, E> {
    let origin = Origin::default();
    let mut work = ground.begin(first_actor.clone(), origin.clone()).await.expect("begun");
    assert!(first(&mut work).await.expect("done"), "there was something to do");
    let commit = async {
        // Long enough for the second one to stand in the queue.
        tokio::time::sleep(Duration::from_millis(100)).await;
        work.commit().await.expect("committed");
    };
    let (came, ()) = tokio::join!(ground.work(second_actor, &origin, second), commit);
    came
}

/// Gives an organization role for good. Answers whether it is new.
async fn give(work: &mut Work, user: UserId, role: &OrganizationRole) -> Result<bool, GrantError> {
    let changing = begin_change(work).await?;
    let given = grant::give_organization(work, &changing, Who::User(user), role, None, Period::ALWAYS, None).await?;
    Ok(given == Given::Granted)
}

/// Takes an organization role away. Answers whether it was held.
async fn revoke(work: &mut Work, user: UserId, role: &OrganizationRole) -> Result<bool, GrantError> {
    let changing = begin_change(work).await?;
    grant::revoke_organization(work, &changing, Who::User(user), role, None).await
}

/// Changes when an organization role is in force. Answers whether it is held.
async fn set_period(work: &mut Work, user: UserId, role: &OrganizationRole, period: Period) -> Result<bool, GrantError> {
    let changing = begin_change(work).await?;
    grant::set_organization_period(work, &changing, Who::User(user), role, None, period).await
}

async fn nobody_makes_administrators_who_is_none_any_more(backend: Backend) {
    let scene = Scene::open(backend).await;
    let ground = scene.ground();
    let (ana, nora) = (scene.user(ANA).await, scene.user(NORA).await);
    let administrator = scene.role("administrator").await;
    let actor = scene.person(&ana).await;
    let make = async |work: &mut Work| give(work, nora.id, &administrator).await;
    could(ground, &actor, make).await.expect("as long as she is one");
    let take = async |work: &mut Work| revoke(work, ana.id, &administrator).await;
    let came = after_you(ground, &system(), take, &actor, make).await;
    assert!(matches!(came, Err(GrantError::Denied(_) | GrantError::OnlyAdministrators)), "{came:?}");
    let noras = "SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'nora@acme.example'";
    assert_eq!(count(&scene.house, noras).await, 0);
    scene.house.close().await;
}

async fn nobody_gives_roles_of_an_app_whose_right_just_went(backend: Backend) {
    let scene = Scene::open(backend).await;
    let ground = scene.ground();
    let (dora, nora) = (scene.user(DORA).await, scene.user(NORA).await);
    let giver = scene.role("dev-giver").await;
    let (app, viewer) = scene.viewer().await;
    let actor = scene.person(&dora).await;
    let hand_out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        grant::give_end_user(work, &changing, Holder::User(nora.id), app, &viewer, Period::ALWAYS, None).await
    };
    could(ground, &actor, hand_out).await.expect("as long as she may");
    let take = async |work: &mut Work| revoke(work, dora.id, &giver).await;
    let came = after_you(ground, &system(), take, &actor, hand_out).await;
    assert!(matches!(came, Err(GrantError::Denied(_))), "{came:?}");
    let noras = "SELECT COUNT(*) FROM end_user_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'nora@acme.example'";
    assert_eq!(count(&scene.house, noras).await, 0);
    scene.house.close().await;
}

async fn nobody_acts_on_somebody_who_just_became_stronger(backend: Backend) {
    let scene = Scene::open(backend).await;
    let ground = scene.ground();
    let (max, bo, cy) = (scene.user(MAX).await, scene.user(BO).await, scene.user(CY).await);
    let administrator = scene.role("administrator").await;
    let actor = scene.person(&max).await;
    let shut_out = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        deactivate(work, &changing, bo.id).await
    };
    could(ground, &actor, shut_out).await.expect("as long as Bo holds nothing");
    let came = after_you(ground, &system(), async |work: &mut Work| give(work, bo.id, &administrator).await, &actor, shut_out).await;
    assert!(matches!(came, Err(DeactivateError::Guard(GuardError::Stronger))), "{came:?}");
    let remove = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete(work, &changing, cy.id, None).await
    };
    could(ground, &actor, remove).await.expect("as long as Cy holds nothing");
    let came = after_you(ground, &system(), async |work: &mut Work| give(work, cy.id, &administrator).await, &actor, remove).await;
    assert!(matches!(came, Err(DeleteError::Guard(GuardError::Stronger))), "{came:?}");
    // Both are here, active, and hold what they were given.
    let here = "SELECT COUNT(*) FROM organization_grants g JOIN organization_roles r ON r.id = g.role_id JOIN users u ON u.id = g.user_id
                WHERE r.key = 'administrator' AND u.status = 'active' AND u.email_key IN ('bo@acme.example', 'cy@acme.example')";
    assert_eq!(count(&scene.house, here).await, 2);
    scene.house.close().await;
}

async fn nobody_changes_a_role_of_their_own_that_just_went(backend: Backend) {
    let scene = Scene::open(backend).await;
    let ground = scene.ground();
    let gil = scene.user(GIL).await;
    let (watcher, giver) = (scene.role("watcher").await, scene.role("giver").await);
    let actor = scene.person(&gil).await;
    let soon = Period::until(Some(ground.clock.now().plus(Duration::from_hours(24))));
    could(ground, &actor, async |work: &mut Work| set_period(work, gil.id, &watcher, soon).await).await.expect("shorter he may make it");
    let longer = async |work: &mut Work| set_period(work, gil.id, &watcher, Period::ALWAYS).await;
    let refused = could(ground, &actor, longer).await;
    assert!(matches!(refused, Err(GrantError::Guard(GuardError::Beyond))), "{refused:?}");
    // It is gone when he comes: nothing is done, and nothing comes back.
    let came = after_you(ground, &system(), async |work: &mut Work| revoke(work, gil.id, &watcher).await, &actor, longer).await;
    assert!(matches!(came, Ok(false)), "{came:?}");
    // With the right to give roles goes the right to give it back to himself.
    let again = async |work: &mut Work| give(work, gil.id, &giver).await;
    could(ground, &actor, again).await.expect("what he holds he may give");
    let came = after_you(ground, &system(), async |work: &mut Work| revoke(work, gil.id, &giver).await, &actor, again).await;
    assert!(matches!(came, Err(GrantError::Denied(_))), "{came:?}");
    let gils = "SELECT COUNT(*) FROM organization_grants g JOIN users u ON u.id = g.user_id WHERE u.email_key = 'gil@acme.example'";
    assert_eq!(count(&scene.house, gils).await, 0);
    scene.house.close().await;
}
