//! Deleting people while they, or others, do something: nothing of theirs survives, and one Administrator always remains.

use super::{ANA, authorize_url, count, house};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, link, on_both};
use crate::support::until;
use gatehouse::access::administrators::RemainError;
use gatehouse::access::begin_change;
use gatehouse::access::grant::{self, GrantError};
use gatehouse::access::load::Who;
use gatehouse::access::role::organization;
use gatehouse::actor::Actor;
use gatehouse::all;
use gatehouse::base::authority::Authority;
use gatehouse::base::fault::Fault;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::Period;
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::deactivate::{DeactivateError, deactivate};
use gatehouse::lifecycle::delete_user::{DeleteError, delete};
use gatehouse::work::{Origin, Work};
use std::time::Duration;

on_both! {
    one_administrator_remains_whoever_is_deleted
    nobody_joins_who_is_deleted
    nobody_is_signed_in_who_is_deleted
}

const OLGA: &str = "olga@acme.example";

/// What one Administrator does to another, or to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    Delete,
    Deactivate,
    Revoke,
    Limit,
}

#[derive(Debug, thiserror::Error)]
enum ActError {
    #[error(transparent)]
    Delete(#[from] DeleteError),
    #[error(transparent)]
    Deactivate(#[from] DeactivateError),
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

async fn find(house: &House, address: &str) -> Option<User> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    user::by_email(&mut tx, &EmailAddress::parse(address).expect("an address")).await.expect("read")
}

/// One act in a work of its own. Answers whether it was done; what stops it must be a rule.
async fn act(house: &House, act: Act, who: &User, whom: &User) -> bool {
    let actor = Actor::User { id: who.id, label: who.email.to_string(), authority: Authority::default(), proved_at: house.server.ground.clock.now() };
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        let role = organization::by_key(&mut work.tx, &Slug::parse("administrator").expect("a key")).await?.expect("built in");
        match act {
            Act::Delete => delete(work, &changing, whom.id, None).await?,
            Act::Deactivate => deactivate(work, &changing, whom.id).await.map(|_| ())?,
            Act::Revoke => grant::revoke_organization(work, &changing, Who::User(whom.id), &role, None).await.map(|_| ())?,
            Act::Limit => {
                let day = Period::until(Some(work.now.plus(Duration::from_hours(24))));
                grant::set_organization_period(work, &changing, Who::User(whom.id), &role, None, day).await.map(|_| ())?;
            }
        }
        Ok::<_, ActError>(())
    };
    match house.server.ground.work(&actor, &Origin::default(), rule).await {
        Ok(()) => true,
        Err(
            ActError::Delete(DeleteError::Denied(_) | DeleteError::Remain(RemainError::LastAdministrator) | DeleteError::Unknown)
            | ActError::Deactivate(DeactivateError::Denied(_) | DeactivateError::Remain(RemainError::LastAdministrator) | DeactivateError::Unknown)
            | ActError::Grant(GrantError::Denied(_) | GrantError::OnlyAdministrators | GrantError::Remain(RemainError::LastAdministrator)),
        ) => false,
        Err(other) => panic!("{act:?}: {other}"),
    }
}

/// Who is Administrator for good, in words of its own.
async fn remaining(house: &House) -> Vec<String> {
    let mut tx = house.server.ground.db.read().await.expect("the database answers");
    let sql = "SELECT u.email_key FROM users u, organization_grants g, organization_roles r, identities i
               WHERE g.user_id = u.id AND g.role_id = r.id AND i.user_id = u.id AND r.key = 'administrator' AND g.app_id IS NULL AND g.ends_at IS NULL
               AND u.status = 'active' AND u.email_verified_at IS NOT NULL AND i.password_hash IS NOT NULL ORDER BY u.email_key";
    all!(tx, (String,), sql).expect("rows").into_iter().map(|(email,)| email).collect()
}

/// Both are here, active, and Administrators without end.
async fn restore(house: &House) -> (User, User) {
    let mut tx = house.server.ground.db.write().await.expect("the database answers");
    gatehouse::execute!(tx, "UPDATE users SET status = 'active'").expect("written");
    tx.commit().await.expect("committed");
    let seed = include_str!("../seed.toml").replace("org_roles = [\"tester\"]", "org_roles = [\"administrator\"]");
    house.apply(&format!("{seed}\n")).await;
    assert_eq!(remaining(house).await, [ANA, OLGA]);
    (find(house, OLGA).await.expect("here"), find(house, ANA).await.expect("here"))
}

async fn one_administrator_remains_whoever_is_deleted(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    for (each_other, first, second) in [
        (true, Act::Delete, Act::Delete),
        (true, Act::Delete, Act::Limit),
        (true, Act::Delete, Act::Deactivate),
        (true, Act::Delete, Act::Revoke),
        (false, Act::Delete, Act::Delete),
        (false, Act::Delete, Act::Limit),
    ] {
        for round in 0..6 {
            let (olga, ana) = restore(&house).await;
            let (of_olga, of_ana) = if each_other { (&ana, &olga) } else { (&olga, &ana) };
            let (one, other) = if round % 2 == 0 {
                tokio::join!(act(&house, first, &olga, of_olga), act(&house, second, &ana, of_ana))
            } else {
                let (other, one) = tokio::join!(act(&house, second, &ana, of_ana), act(&house, first, &olga, of_olga));
                (one, other)
            };
            let what = format!("round {round} of {first:?} and {second:?}, each other: {each_other}: {one} {other}");
            assert!(one != other, "one of them, and only one: {what}");
            assert_eq!(remaining(&house).await.len(), 1, "{what}");
        }
    }
    house.close().await;
}

/// The operator deletes somebody, if they are here.
async fn remove(house: &House, address: &str) {
    let Some(user) = find(house, address).await else { return };
    let rule = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        delete(work, &changing, user.id, None).await
    };
    house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await.expect("deleted");
}

/// Waits a little, in turns.
async fn turn(round: u64, of: u64) {
    tokio::time::sleep(Duration::from_millis(if round % 2 == of { 0 } else { 4 + round })).await;
}

async fn nobody_joins_who_is_deleted(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    let mut ways = std::collections::BTreeSet::new();
    for round in 0..8 {
        let before = links(&house).len();
        house.invite("bo@acme.example --role sales/production/viewer --group production/emea --org-role developer").await.expect("invited");
        until("the invitation comes", async || links(&house).len() > before).await;
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(&links(&house).pop().expect("a link")).await;
        let form = page.form("/invitations/accept").fill("name", "Bo").fill("password", &format!("{PASSWORD} {round}"));
        let (joined, ()) = tokio::join!(
            async {
                turn(round, 0).await;
                browser.submit_once(&form, "invitation-accept").await
            },
            async {
                turn(round, 1).await;
                remove(&house, "bo@acme.example").await;
            }
        );
        assert!(joined.status.as_u16() < 500, "round {round}: {} {}", joined.status, joined.text());
        ways.insert(joined.status.as_u16());
        // Whoever came first: Bo is gone, with everything.
        for sql in [
            "SELECT COUNT(*) FROM users WHERE email_key = 'bo@acme.example'",
            "SELECT COUNT(*) FROM sessions",
            "SELECT COUNT(*) FROM invitations",
            "SELECT COUNT(*) FROM identities WHERE user_id NOT IN (SELECT id FROM users)",
        ] {
            assert_eq!(count(&house, sql).await, 0, "round {round}: {sql}");
        }
    }
    assert!(!ways.is_empty());
    house.close().await;
}

/// The links of the invitations that Bo was sent so far. Whoever joins gets another letter, which may come at any time.
fn links(house: &House) -> Vec<String> {
    let prefix = format!("{}/invitations/", house.issuer);
    let letters = house.memory.letters().into_iter().filter(|letter| letter.to.as_str() == "bo@acme.example" && letter.text.contains(&prefix));
    letters.map(|letter| link(&letter, &prefix)).collect()
}

async fn nobody_is_signed_in_who_is_deleted(backend: Backend) {
    let (house, _) = house(backend, &[]).await;
    for round in 0..8 {
        let mut browser = Browser::new(&house.issuer);
        let page = browser.get(&authorize_url(&house, "sales-basic")).await;
        let form = page.form("/login").fill("username", ANA).fill("password", PASSWORD);
        let (page, ()) = tokio::join!(
            async {
                turn(round, 0).await;
                let page = browser.submit_once(&form, "login-submit").await;
                browser.follow(page).await
            },
            async {
                turn(round, 1).await;
                remove(&house, ANA).await;
            }
        );
        assert!(page.status.as_u16() < 500, "round {round}: {} {}", page.status, page.text());
        for sql in ["SELECT COUNT(*) FROM users WHERE email_key = 'ana@acme.example'", "SELECT COUNT(*) FROM sessions", "SELECT COUNT(*) FROM codes"] {
            assert_eq!(count(&house, sql).await, 0, "round {round}: {sql}");
        }
        let again = browser.get(&authorize_url(&house, "sales-basic")).await;
        assert!(again.location().is_none(), "no session opens anything");
        house.apply(include_str!("../seed.toml")).await;
    }
    house.close().await;
}
