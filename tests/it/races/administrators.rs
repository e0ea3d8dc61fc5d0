//! Rule 2 under concurrency: whatever two Administrators do to each other at the same moment, one always remains.

use super::house;
use crate::support::house::{Backend, House, on_both};
use gatehouse::access::administrators::RemainError;
use gatehouse::access::begin_change;
use gatehouse::access::grant::{self, Given, GrantError};
use gatehouse::access::load::Who;
use gatehouse::access::role::organization::{self, OrganizationRole};
use gatehouse::actor::Actor;
use gatehouse::all;
use gatehouse::base::authority::Authority;
use gatehouse::base::fault::Fault;
use gatehouse::base::text::{EmailAddress, Slug};
use gatehouse::base::time::Period;
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::deactivate::{DeactivateError, activate, deactivate};
use gatehouse::work::{Origin, Work};
use std::time::Duration;

on_both! { one_administrator_always_remains }

const OLGA: &str = "olga@acme.example";
const ANA: &str = super::ANA;

/// What one Administrator does to another, or to themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Takes the role away.
    Revoke,
    /// Shuts them out.
    Deactivate,
    /// Lets the role end one day.
    Limit,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Came {
    Done,
    Denied,
    Last,
}

#[derive(Debug, thiserror::Error)]
enum ActError {
    #[error(transparent)]
    Grant(#[from] GrantError),
    #[error(transparent)]
    Deactivate(#[from] DeactivateError),
    #[error(transparent)]
    Fault(#[from] Fault),
}

struct Pair {
    house: House,
    role: OrganizationRole,
    olga: User,
    ana: User,
}

impl Pair {
    async fn open(backend: Backend) -> Self {
        let (house, _) = house(backend, &[]).await;
        let mut tx = house.server.ground.db.read().await.expect("the database answers");
        let role = organization::by_key(&mut tx, &Slug::parse("administrator").expect("a key")).await.expect("read").expect("built in");
        let olga = find(&mut tx, OLGA).await;
        let ana = find(&mut tx, ANA).await;
        drop(tx);
        let pair = Self { house, role, olga, ana };
        pair.restore().await;
        pair
    }

    /// One act in a work of its own, by the person.
    async fn act(&self, act: Act, who: &User, whom: &User) -> Came {
        // What they may do is read when the change begins.
        let actor = Actor::User { id: who.id, label: who.email.to_string(), authority: Authority::default(), proved_at: self.house.server.ground.clock.now() };
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            let holder = Who::User(whom.id);
            let done = match act {
                Act::Revoke => grant::revoke_organization(work, &changing, holder, &self.role, None).await?,
                Act::Limit => {
                    let period = Period::until(Some(work.now.plus(Duration::from_hours(24))));
                    grant::set_organization_period(work, &changing, holder, &self.role, None, period).await?
                }
                Act::Deactivate => !deactivate(work, &changing, whom.id).await?.counts(),
            };
            assert!(done, "there was something to take");
            Ok::<_, ActError>(())
        };
        match self.house.server.ground.work(&actor, &Origin::default(), rule).await {
            Ok(()) => Came::Done,
            Err(ActError::Grant(GrantError::Denied(_)) | ActError::Deactivate(DeactivateError::Denied(_))) => Came::Denied,
            Err(
                ActError::Grant(GrantError::Remain(RemainError::LastAdministrator))
                | ActError::Deactivate(DeactivateError::Remain(RemainError::LastAdministrator)),
            ) => Came::Last,
            Err(other) => panic!("{act:?}: {other}"),
        }
    }

    /// Who is Administrator for good, in words of its own: active, proved, with a password and a grant without end.
    async fn remaining(&self) -> Vec<String> {
        let mut tx = self.house.server.ground.db.read().await.expect("the database answers");
        let sql = "SELECT u.email_key FROM users u, organization_grants g, organization_roles r, identities i
                   WHERE g.user_id = u.id AND g.role_id = r.id AND i.user_id = u.id AND r.key = 'administrator' AND g.app_id IS NULL AND g.ends_at IS NULL
                   AND u.status = 'active' AND u.email_verified_at IS NOT NULL AND i.password_hash IS NOT NULL ORDER BY u.email_key";
        all!(tx, (String,), sql).expect("rows").into_iter().map(|(email,)| email).collect()
    }

    /// Makes both Administrators again.
    async fn restore(&self) {
        let rule = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            for user in [&self.olga, &self.ana] {
                activate(work, &changing, user.id).await?;
                let holder = Who::User(user.id);
                if grant::give_organization(work, &changing, holder, &self.role, None, Period::ALWAYS, None).await? == Given::PeriodDiffers {
                    grant::set_organization_period(work, &changing, holder, &self.role, None, Period::ALWAYS).await?;
                }
            }
            Ok::<_, ActError>(())
        };
        self.house.server.ground.work(&Actor::System { label: "test" }, &Origin::default(), rule).await.expect("restored");
        assert_eq!(self.remaining().await, [ANA, OLGA]);
    }
}

async fn find(tx: &mut gatehouse::db::Tx, address: &str) -> User {
    user::by_email(tx, &EmailAddress::parse(address).expect("an address")).await.expect("read").expect("in the seed")
}

async fn one_administrator_always_remains(backend: Backend) {
    let pair = Pair::open(backend).await;
    let (olga, ana) = (&pair.olga, &pair.ana);
    // They remove each other; shut each other out; one limits the other, who removes them; and each steps down.
    for (rounds, each_other, first, second) in [
        (200, true, Act::Revoke, Act::Revoke),
        (20, true, Act::Deactivate, Act::Deactivate),
        (20, true, Act::Limit, Act::Revoke),
        (20, true, Act::Deactivate, Act::Limit),
        (20, false, Act::Revoke, Act::Revoke),
        (20, false, Act::Limit, Act::Deactivate),
    ] {
        let (of_olga, of_ana) = if each_other { (ana, olga) } else { (olga, ana) };
        for round in 0..rounds {
            // Who comes first takes turns.
            let (olgas, anas) = if round % 2 == 0 {
                tokio::join!(pair.act(first, olga, of_olga), pair.act(second, ana, of_ana))
            } else {
                let (anas, olgas) = tokio::join!(pair.act(second, ana, of_ana), pair.act(first, olga, of_olga));
                (olgas, anas)
            };
            let what = format!("round {round} of {first:?} and {second:?}, each other: {each_other}: {olgas:?} {anas:?}");
            let (remains, came) = match (olgas, anas) {
                (Came::Done, came) => (if each_other { OLGA } else { ANA }, came),
                (came, Came::Done) => (if each_other { ANA } else { OLGA }, came),
                _ => panic!("nobody did anything: {what}"),
            };
            assert_eq!(pair.remaining().await, [remains], "{what}");
            // Somebody whose role is gone may nothing any more; somebody whose role only ends one day would leave nobody.
            let limited = each_other && if remains == OLGA { first } else { second } == Act::Limit;
            assert_eq!(came, if each_other && !limited { Came::Denied } else { Came::Last }, "{what}");
            pair.restore().await;
        }
    }
    pair.house.close().await;
}
