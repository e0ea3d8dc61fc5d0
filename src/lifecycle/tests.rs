//! A small organization in a database of its own, and the gestures of its people.

mod deactivation;
mod doors;
mod foreseen;
mod guard;
mod invitations;
mod joining;
mod lives;
mod queries;
mod stages;

use super::invitation::{self, AcceptError, Accepted, InviteError, Letters, NewInvitation, Offer, Offered, Outcome, Proof};
use crate::access::app::{App, SignIn, deployment};
use crate::access::load::Who;
use crate::access::role::end_user::EndUserRole;
use crate::access::role::organization::OrganizationRole;
use crate::access::{app, begin_change, grant, load, role, stage};
use crate::actor::Actor;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::InvitationId;
use crate::base::text::{Description, DisplayName, EmailAddress, Locale, Slug};
use crate::base::time::{Clock, Period, Timestamp};
use crate::crypto::password::PasswordHash;
use crate::crypto::seal::{SealKey, Sealer};
use crate::db::{Db, Place, Settings};
use crate::identity::group::{self, Group};
use crate::identity::organization;
use crate::identity::user::{self, Profile, User, Vouched};
use crate::outbox::{self, Job, Mail};
use crate::work::{Ground, Origin, Work};
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

pub(crate) const LETTERS: Letters<'static> = Letters { issuer: "https://id.acme.example", organization: "Acme" };
pub(crate) const WEEK: Duration = Duration::from_hours(168);
const OLD_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const NEW_HASH: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAE";

/// Acme: the stages Development, QA, Production; the app Sales, deployed to QA with the role Approver; the group Desk at QA, which
/// holds that role; and Ana, Administrator.
pub(crate) struct World {
    pub(crate) ground: Ground,
    pub(crate) sales: App,
    pub(crate) approver: EndUserRole,
    pub(crate) desk: Group,
    pub(crate) administrator: OrganizationRole,
    pub(crate) developer: OrganizationRole,
    pub(crate) ana: User,
    _folder: tempfile::TempDir,
}

pub(crate) fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).unwrap()
}

pub(crate) fn name(text: &str) -> DisplayName {
    DisplayName::parse(text).unwrap()
}

pub(crate) fn old_hash() -> PasswordHash {
    PasswordHash::parse(OLD_HASH).unwrap()
}

pub(crate) fn new_hash() -> PasswordHash {
    PasswordHash::parse(NEW_HASH).unwrap()
}

pub(crate) const fn system() -> Actor {
    Actor::System { label: "test" }
}

/// The moment at which everything happens.
pub(crate) fn today() -> Timestamp {
    Timestamp::parse("2026-11-23").unwrap()
}

/// A person at the door, who just signed in; what they may do is read when the work begins.
pub(crate) fn person(user: &User) -> Actor {
    person_since(user, Duration::ZERO)
}

/// A person who signed in so long ago.
pub(crate) fn person_since(user: &User, age: Duration) -> Actor {
    Actor::User { id: user.id, label: user.email.to_string(), authority: Authority::default(), proved_at: today().minus(age) }
}

impl World {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = Db::open(&Settings { place: Place::Sqlite(folder.path().join("gatehouse.db")), connections: 4 }).await.unwrap();
        db.migrate().await.unwrap();
        let ground = Ground {
            db,
            clock: Clock::fixed(today()),
            sealer: Arc::new(Sealer::new(vec![SealKey::generate()]).unwrap()),
            jobs: Arc::default(),
            events: Arc::default(),
        };
        let made = ground.work(&system(), &Origin::default(), async |work| Ok::<_, Fault>(furnish(work).await)).await;
        let (sales, approver, desk, administrator, developer, ana) = made.unwrap();
        Self { ground, sales, approver, desk, administrator, developer, ana, _folder: folder }
    }

    /// Runs a rule in a work of its own.
    pub(crate) async fn act<T, E: Error + From<Fault> + 'static>(&self, actor: &Actor, rule: impl AsyncFn(&mut Work) -> Result<T, E>) -> Result<T, E> {
        self.ground.work(actor, &Origin::default(), rule).await
    }

    pub(crate) async fn join(&self, address: &str) -> User {
        self.act(&system(), async |work| Ok::<_, Fault>(vouch(work, address).await)).await.unwrap()
    }

    /// Somebody active with an organization role.
    pub(crate) async fn holder(&self, address: &str, role: &OrganizationRole) -> User {
        let user = self.join(address).await;
        self.grant(&user, role).await;
        user
    }

    pub(crate) async fn grant(&self, user: &User, role: &OrganizationRole) {
        let change = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            grant::give_organization(work, &changing, Who::User(user.id), role, None, Period::ALWAYS, None).await
        };
        self.act(&system(), change).await.unwrap();
    }

    pub(crate) async fn revoke_role(&self, user: &User, role: &OrganizationRole) {
        let change = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            grant::revoke_organization(work, &changing, Who::User(user.id), role, None).await
        };
        assert!(self.act(&system(), change).await.unwrap());
    }

    /// A role with this platform permission at every stage.
    pub(crate) async fn role_with(&self, key: &str, permission: &str) -> OrganizationRole {
        let spec = role::organization::Spec {
            key: slug(key),
            name: name(key),
            description: Description::default(),
            entries: vec![(permission.to_owned().try_into().unwrap(), crate::access::catalogue::Counts::EveryStage)],
        };
        let change = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            role::organization::put(work, &changing, &spec).await
        };
        self.act(&system(), change).await.unwrap()
    }

    pub(crate) fn as_developer(&self) -> Offered {
        always(Offer::OrganizationRole { role: self.developer.clone(), app: None })
    }

    pub(crate) fn as_administrator(&self) -> Offered {
        always(Offer::OrganizationRole { role: self.administrator.clone(), app: None })
    }

    pub(crate) fn as_approver(&self) -> Offered {
        always(Offer::EndUserRole { app: self.sales.clone(), role: self.approver.clone() })
    }

    pub(crate) fn at_desk(&self) -> Offered {
        always(Offer::Group { group: self.desk.clone() })
    }

    pub(crate) async fn invite(&self, actor: &Actor, address: &str, offers: Vec<Offered>) -> Result<Outcome, InviteError> {
        let new = NewInvitation { email: email(address), locale: Locale::english(), offers, life: WEEK };
        let change = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            invitation::create(work, &changing, &new, &LETTERS).await
        };
        self.act(actor, change).await
    }

    pub(crate) async fn accept(&self, proof: &Proof) -> Result<Accepted, AcceptError> {
        let change = async |work: &mut Work| invitation::accept(work, proof, &name("Bo"), &new_hash(), &LETTERS).await;
        self.act(&Actor::Anonymous, change).await
    }

    pub(crate) async fn resend(&self, id: InvitationId) {
        let change = async |work: &mut Work| {
            let changing = begin_change(work).await?;
            invitation::resend(work, &changing, id, WEEK, &LETTERS).await
        };
        self.act(&system(), change).await.unwrap();
    }

    /// The letters that wait; they count as sent.
    pub(crate) async fn letters(&self) -> Vec<Mail> {
        let mut letters = Vec::new();
        loop {
            let now = self.ground.clock.now();
            let mut tx = self.ground.db.write().await.unwrap();
            let Some(claimed) = outbox::claim(&mut tx, &self.ground.sealer, now).await.unwrap() else { return letters };
            assert!(outbox::end(&mut tx, &claimed, &outbox::Ended::Done, now).await.unwrap());
            tx.commit().await.unwrap();
            let Job::Mail(mail) = claimed.job.unwrap();
            letters.push(mail);
        }
    }

    /// The link and the code of the only letter that waits.
    pub(crate) async fn secrets(&self) -> (Proof, String) {
        let letters = self.letters().await;
        assert_eq!(letters.len(), 1, "one letter waits");
        secrets_in(&letters[0])
    }

    pub(crate) async fn user(&self, address: &str) -> Option<User> {
        let mut tx = self.ground.db.read().await.unwrap();
        user::by_email(&mut tx, &email(address)).await.unwrap()
    }

    /// How many organization grants, end-user grants and memberships somebody holds.
    pub(crate) async fn held(&self, user: &User) -> (usize, usize, usize) {
        let mut tx = self.ground.db.read().await.unwrap();
        let holdings = load::user(&mut tx, user.id).await.unwrap();
        let own = holdings.end_user_grants.iter().filter(|grant| grant.group.is_none()).count();
        (holdings.organization_grants.len(), own, holdings.memberships.len())
    }

    /// How many events of a kind were written.
    pub(crate) async fn events(&self, kind: &str) -> i64 {
        let mut tx = self.ground.db.read().await.unwrap();
        crate::one!(tx, (i64,), "SELECT COUNT(*) FROM audit_events WHERE kind = $1", kind).unwrap().0
    }
}

pub(crate) const fn always(offer: Offer) -> Offered {
    Offered { offer, period: Period::ALWAYS, reason: None }
}

/// What stands in an invitation's letter.
pub(crate) fn secrets_in(letter: &Mail) -> (Proof, String) {
    let lines: Vec<&str> = letter.text.lines().collect();
    let token = lines.iter().find_map(|line| line.strip_prefix("https://id.acme.example/invitations/")).expect("the letter has a link");
    let code = lines.iter().find(|line| line.len() == 6 && line.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()));
    (Proof::parse(token).expect("the link carries a token"), (*code.expect("the letter has a code")).to_owned())
}

async fn vouch(work: &mut Work, address: &str) -> User {
    let changing = begin_change(work).await.unwrap();
    let profile = Profile { name: Some(name(address.split('@').next().unwrap())), ..Profile::default() };
    user::vouch(work, &changing, &Vouched { email: email(address), profile, password: Some(old_hash()) }).await.unwrap()
}

async fn furnish(work: &mut Work) -> (App, EndUserRole, Group, OrganizationRole, OrganizationRole, User) {
    let changing = begin_change(work).await.unwrap();
    let none = Description::default();
    organization::put(work, &changing, &name("Acme"), &[]).await.unwrap();
    role::organization::ensure_built_in(work, &changing).await.unwrap();
    for spec in stage::first_stages() {
        stage::put(work, &changing, &spec).await.unwrap();
    }
    let qa = stage::by_key(&mut work.tx, &slug("qa")).await.unwrap().unwrap();
    let sales = app::put(work, &changing, &slug("sales"), &name("Sales"), &none).await.unwrap();
    let spec = deployment::Spec { home_page: None, sign_in: SignIn::Assigned, resource: None };
    let home = deployment::put(work, &changing, &sales, &qa, &spec, LETTERS.issuer).await.unwrap();
    let spec = role::end_user::Spec { key: slug("approver"), name: name("Approver"), description: none.clone(), shared: false, permissions: vec![] };
    let approver = role::end_user::put(work, &changing, &sales, &home, &spec).await.unwrap();
    let desk = group::put(work, &changing, qa.id, &slug("desk"), &name("Desk"), &none).await.unwrap();
    grant::give_end_user(work, &changing, grant::Holder::Group(desk.id), sales.id, &approver, Period::ALWAYS, None).await.unwrap();
    let administrator = role::organization::by_key(&mut work.tx, &slug("administrator")).await.unwrap().unwrap();
    let developer = role::organization::by_key(&mut work.tx, &slug("developer")).await.unwrap().unwrap();
    let ana = vouch(work, "ana@acme.example").await;
    grant::give_organization(work, &changing, Who::User(ana.id), &administrator, None, Period::ALWAYS, None).await.unwrap();
    (sales, approver, desk, administrator, developer, ana)
}
