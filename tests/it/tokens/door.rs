//! The door: what is confirmed, who is slowed down, and that an old password opens nothing.

use super::ANA;
use crate::story::{party, sign_in};
use crate::support::browser::Browser;
use crate::support::house::{Backend, House, PASSWORD, on_both};
use crate::support::relying_party::{Method, RelyingParty};
use gatehouse::access::stage::SessionPolicy;
use gatehouse::actor::Actor;
use gatehouse::base::authority::Authority;
use gatehouse::base::secret::Secret;
use gatehouse::base::text::EmailAddress;
use gatehouse::base::time::Clock;
use gatehouse::identity::user::{self, User};
use gatehouse::lifecycle::invitation::Letters;
use gatehouse::lifecycle::password::{self as passwords};
use gatehouse::login::password::{self, Again, Proved, SignIn};
use gatehouse::login::session::{self, Context, StartError, Started};
use gatehouse::oauth::client::{AuthMethod, Kind, Metadata, Party};
use gatehouse::work::Origin;
use std::time::Duration;

on_both! {
    an_old_password_starts_nothing
    nobody_fills_the_waiting_room
    what_has_no_secret_on_loopback_is_confirmed_every_time
}

const OWN_PAGES: Context = Context::Portal { policy: SessionPolicy::STANDARD };

async fn ana(house: &House) -> User {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    user::by_email(&mut tx, &EmailAddress::parse(ANA).expect("an address")).await.expect("read").expect("Ana")
}

async fn proved(house: &House, password: &str) -> Box<Proved> {
    let (server, email) = (&house.server, EmailAddress::parse(ANA).expect("an address"));
    let tried = password::check(&server.ground, &server.passwords, &Origin::default(), &email, &Secret::new(password.to_owned())).await;
    match tried.expect("tried") {
        SignIn::Proved(proved) => proved,
        other => panic!("{other:?}"),
    }
}

async fn start(house: &House, proved: &Proved) -> Result<Started, StartError> {
    house.server.ground.work(&Actor::Anonymous, &Origin::default(), async |work| session::start_proved(work, &OWN_PAGES, proved, None).await).await
}

/// Changes Ana's password in the session that stays.
async fn change(house: &House, stays: &Started, old: &str, new: &str) {
    let (server, ana) = (&house.server, ana(house).await);
    let again = password::prove_again(&server.ground, &server.passwords, &Origin::default(), &ana, &Secret::new(old.to_owned())).await.expect("tried");
    let Again::Proved(old) = again else { panic!("{again:?}") };
    let new = server.passwords.hash(&Secret::new(new.to_owned())).await.expect("hashed");
    let actor = Actor::User { id: ana.id, label: ANA.into(), authority: Authority::default(), proved_at: server.ground.clock.now() };
    let letters = Letters { issuer: &house.issuer, organization: "Acme" };
    let stays = (&stays.session, &OWN_PAGES);
    let done = server.ground.work(&actor, &Origin::default(), async |work| passwords::change(work, &ana, stays, &old, &new, &letters).await).await;
    done.expect("changed");
}

async fn ended(house: &House, sid: &str) -> bool {
    let mut tx = house.server.ground.db.read().await.expect("a reader");
    session::by_id(&mut tx, sid, SessionPolicy::STANDARD).await.expect("read").is_none_or(|(session, _)| session.ended_at.is_some())
}

async fn an_old_password_starts_nothing(backend: Backend) {
    let house = House::open(backend).await;
    let mut password = PASSWORD.to_owned();
    // Verified before the change, started after it.
    let stays = start(&house, &*proved(&house, &password).await).await.expect("a session");
    let before = proved(&house, &password).await;
    change(&house, &stays, &password, "another horse, number 0").await;
    assert!(matches!(start(&house, &before).await, Err(StartError::ShutOut)));
    "another horse, number 0".clone_into(&mut password);
    // Both at the same moment: whoever comes first, nothing that the old one opened stays open.
    for round in 1..6 {
        let before = proved(&house, &password).await;
        let new = format!("another horse, number {round}");
        let ((), started) = tokio::join!(change(&house, &stays, &password, &new), async {
            tokio::time::sleep(Duration::from_millis(round * 7)).await;
            start(&house, &before).await
        });
        match started {
            Ok(started) => assert!(ended(&house, &started.session.id).await, "round {round}"),
            Err(error) => assert!(matches!(error, StartError::ShutOut), "{error:?}"),
        }
        assert!(!ended(&house, &stays.session.id).await);
        password = new;
    }
    assert!(start(&house, &*proved(&house, &password).await).await.is_ok());
    house.close().await;
}

async fn nobody_fills_the_waiting_room(backend: Backend) {
    let clock = Clock::fixed(Clock::System.now());
    let house = House::open_with(backend, &[("limits.open_sign_ins", "3")], clock.clone()).await;
    let party = party(&house, "sales-basic", Method::Basic).await;
    let mut browser = Browser::new(&house.issuer);
    let mut knock = async || browser.get_once(party.authorize_url(&[]).url.as_str()).await;
    // The brake counts anew every ten minutes: not in the middle of this.
    clock.advance(Duration::from_secs(600 - clock.now().seconds().rem_euclid(600).unsigned_abs()));
    for _ in 0..4 {
        assert_eq!(knock().await.status, 303);
    }
    let slow = knock().await;
    assert_eq!((slow.status.as_u16(), slow.header("retry-after")), (429, Some("1")), "{}", slow.text());
    assert!(slow.element("error-page").is_some() && slow.text_contains("Very many people"));
    clock.advance(Duration::from_secs(1));
    assert_eq!((knock().await.status, knock().await.status.as_u16()), (303.try_into().expect("a status"), 429));
    // Ten minutes later it is as if nothing had been.
    clock.advance(Duration::from_mins(10));
    assert_eq!(knock().await.status, 303);
    house.close().await;
}

async fn what_has_no_secret_on_loopback_is_confirmed_every_time(backend: Backend) {
    const HERE: &str = "http://localhost:9/callback";
    let house = House::open(backend).await;
    let web = |auth| Metadata { redirect_uris: vec![HERE.into()], token_endpoint_auth_method: auth, ..Metadata::default() };
    let place = Some(("sales", "production"));
    house.add_client("spa", Kind::App, Party::First, place, web(AuthMethod::None)).await;
    house.add_client("server", Kind::App, Party::First, place, web(AuthMethod::ClientSecretBasic)).await;
    let at = async |client, method| RelyingParty::discover(&house.issuer, client, Some(crate::support::house::SECRET), method, HERE).await.expect("discovery");
    let (spa, server) = (at("spa", Method::Public).await, at("server", Method::Basic).await);
    let mut browser = Browser::new(&house.issuer);
    for round in 0..2 {
        let journey = spa.authorize_url(&[]);
        let mut page = browser.get(journey.url.as_str()).await;
        if round == 0 {
            page = sign_in(&mut browser, &page, ANA, PASSWORD).await;
        }
        assert_eq!((page.status.as_u16(), page.url.path()), (200, "/consent"), "{}", page.text());
        let back = browser.submit(&page.form("/consent"), "consent-allow").await.location().expect("an answer");
        assert!(spa.exchange(journey, &back).await.is_ok());
    }
    let silent = browser.get_once(&format!("{}&prompt=none", spa.authorize_url(&[]).url)).await;
    assert!(silent.location().expect("an answer").as_str().contains("error=interaction_required"));
    let back = browser.get(server.authorize_url(&[]).url.as_str()).await.location().expect("an answer");
    assert!(back.as_str().starts_with(HERE) && back.as_str().contains("code="), "whoever listens there lacks the secret: {back}");
    house.close().await;
}
